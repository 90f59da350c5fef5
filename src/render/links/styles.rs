//! Addresses in the site's own style sheets: `url(…)` and `@import`.

use crate::config::LinkClass;
use crate::model::diagnostics::{Lines, Place};
use crate::model::html::css_urls;
use crate::model::url::UrlPath;
use crate::render::Renderer;
use crate::render::aim::Lead;
use crate::storage::file;

use super::is_excused;

impl Renderer<'_> {
    /// The dead addresses of the site's own style sheets, each with its place, its class and the path that it means.
    pub(super) fn dead_in_styles(&self) -> Vec<(String, Place, LinkClass, String)> {
        let mut found = Vec::new();
        for (path, name) in self.files.with_ending(".css") {
            // A sheet that can't be read is reported where it is copied.
            let Ok(text) = file::read_text(name, file::DATA) else { continue };
            let Ok(page) = UrlPath::parse(path) else { continue };
            let shown = name.strip_prefix(self.root).unwrap_or(name).to_string_lossy().replace('\\', "/");
            let lines = Lines::new(shown, &text);
            for range in css_urls(&text) {
                let written = text[range.clone()].trim();
                if let Lead::Nowhere(class, path) = self.lead(&page, written)
                    && !is_excused(&text, range.start)
                {
                    found.push((written.to_owned(), lines.place(range), class, path));
                }
            }
        }
        found
    }
}

//! Addresses in the site's own style sheets: `url(…)` and `@import`.

use crate::config::LinkClass;
use crate::model::diagnostics::{Lines, Place};
use crate::model::html::css_urls;
use crate::model::url::UrlPath;
use crate::render::Renderer;
use crate::render::aim::Lead;
use crate::site::plan::Shows;
use crate::storage::file;

use super::is_excused;

/// True if an address behind `before` is that of an import.
fn is_import(before: &str) -> bool {
    let bare = before.trim_end_matches(|letter: char| letter.is_whitespace() || "\"'(".contains(letter));
    let bare = bare.strip_suffix("url").unwrap_or(bare).trim_end();
    bare.get(bare.len().saturating_sub(7)..).is_some_and(|word| word.eq_ignore_ascii_case("@import"))
}

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
            // The bundler resolves the imports of a sheet that the theme is made of, and reports them.
            let is_copied =
                self.planned(path).is_some_and(|planned| matches!(planned.shows, Shows::Copy(..)));
            for range in css_urls(&text) {
                let written = text[range.clone()].trim();
                if !is_copied && is_import(&text[..range.start]) {
                    continue;
                }
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

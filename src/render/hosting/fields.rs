//! The header fields of single files, for places that keep them with the file.

use super::{FOR_EVER, Facts, OPML, OPML_FILE, PAGES, media_type};
use crate::model::url::UrlPath;

impl Facts {
    /// The header fields to serve the file at `path` below the output folder with.
    pub fn fields_of(&self, path: &str) -> Vec<(&'static str, String)> {
        vec![("Content-Type", self.type_of(path)), ("Cache-Control", self.cache_of(path))]
    }

    /// True for a feed or a sitemap, which lead readers to the other files.
    pub fn leads(&self, path: &str) -> bool {
        let path = [".gz", ".br", ".zst"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        self.is_feed(name)
            || name == OPML_FILE
            || name.contains("sitemap") && (name.ends_with(".xml") || name.ends_with(".txt"))
    }

    fn is_feed(&self, name: &str) -> bool {
        self.formats.iter().any(|(_, feed)| feed == name)
    }

    fn type_of(&self, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some((format, _)) = self.formats.iter().find(|(_, feed)| feed == name) {
            return media_type(*format);
        }
        if name == OPML_FILE {
            return OPML.to_owned();
        }
        let is_output = |(before, after, _): &&(String, Option<String>, String)| match after {
            None => before == path,
            Some(after) => {
                let rest = path.strip_prefix(before.as_str());
                !after.is_empty()
                    && rest.is_some_and(|rest| rest.len() > after.len() && rest.ends_with(after.as_str()))
            }
        };
        if let Some((.., media)) = self.outputs.iter().find(is_output) {
            return media.clone();
        }
        let guessed = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
        let is_text = guessed.starts_with("text/")
            || matches!(guessed, "application/javascript" | "application/xml" | "image/svg+xml");
        if is_text { format!("{guessed}; charset=utf-8") } else { guessed.to_owned() }
    }

    fn cache_of(&self, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        if self.is_feed(name) || name == OPML_FILE {
            return self.feed_cache();
        }
        let root = self.folder();
        let own = UrlPath::parse(&format!("/{path}")).map(|path| format!("{root}{}", &path.encoded()[1..]));
        let is_hashed = |own: &str| {
            self.hashed.iter().any(|hashed| match hashed.strip_suffix('*') {
                Some(folder) => own.starts_with(folder),
                None => own == hashed,
            })
        };
        let is_hashed = own.is_ok_and(|own| is_hashed(&own));
        if is_hashed { FOR_EVER.to_owned() } else { PAGES.to_owned() }
    }
}

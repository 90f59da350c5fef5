//! A picture as HTML.

use crate::model::html::{escape, escape_url};

/// Files of one format in several widths, for browsers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The media type.
    pub media_type: &'static str,
    /// URL and width in pixels of each, narrowest first.
    pub files: Vec<(String, u32)>,
}

impl Source {
    /// The value of a `srcset` attribute, before it is escaped. URLs are percent-encoded: a comma in one would end it.
    pub fn srcset(&self) -> String {
        let files: Vec<String> = self.files.iter().map(|(url, width)| format!("{url} {width}w")).collect();
        files.join(", ")
    }
}

/// How soon a picture of a page is likely to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Before all others: browsers fetch it first.
    First,
    /// At once.
    Soon,
    /// When somebody scrolls there: browsers fetch it when it is near.
    Later,
}

/// What a page needs to show a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup {
    /// The URL of what is shown by browsers that can't choose.
    pub src: String,
    /// Pixels; 0 if it is not known.
    pub width: u32,
    /// Pixels; 0 if it is not known.
    pub height: u32,
    /// In other formats, the best first.
    pub sources: Vec<Source>,
    /// In the original's own format; `None` if there is but one file.
    pub own: Option<Source>,
    /// The value of `sizes`.
    pub sizes: String,
}

impl Markup {
    /// The element, with `attributes` of its own (each with a space before it, escaped) and those of `given` left
    /// out, which stand there already.
    pub fn html(&self, attributes: &str, seen: Seen, given: &dyn Fn(&str) -> bool) -> String {
        let sizes = || format!(" sizes=\"{}\"", escape(&self.sizes));
        let mut image = format!("<img src=\"{}\"", escape_url(&self.src));
        if let Some(own) = &self.own {
            image.push_str(&format!(" srcset=\"{}\"{}", escape(&own.srcset()), sizes()));
        }
        image.push_str(attributes);
        if self.width > 0 && !given("width") && !given("height") {
            image.push_str(&format!(" width=\"{}\" height=\"{}\"", self.width, self.height));
        }
        match seen {
            Seen::First if !given("fetchpriority") && !given("loading") => {
                image.push_str(" fetchpriority=\"high\"");
            }
            Seen::Later if !given("loading") => image.push_str(" loading=\"lazy\""),
            _ => {}
        }
        if !given("decoding") {
            image.push_str(" decoding=\"async\"");
        }
        image.push('>');
        if self.sources.is_empty() {
            return image;
        }
        let sources: String = self
            .sources
            .iter()
            .map(|source| {
                let srcset = source.srcset();
                format!("<source type=\"{}\" srcset=\"{}\"{}>", source.media_type, escape(&srcset), sizes())
            })
            .collect();
        format!("<picture>{sources}{image}</picture>")
    }
}

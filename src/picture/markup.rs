//! HTML of a picture.

use crate::model::html::{escape, escape_url};

/// Files of one format in several widths, from which browsers choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The media type.
    pub media_type: &'static str,
    /// The URL and the width in pixels of each file, narrowest first.
    pub files: Vec<(String, u32)>,
}

impl Source {
    /// The value of a `srcset` attribute, not yet escaped for HTML. URLs are percent-encoded, since a comma would end
    /// one.
    pub fn srcset(&self) -> String {
        let files: Vec<String> = self.files.iter().map(|(url, width)| format!("{url} {width}w")).collect();
        files.join(", ")
    }
}

/// How soon a reader is likely to see a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Before all others: browsers fetch it first.
    First,
    /// At once.
    Soon,
    /// After scrolling: browsers fetch it when it is near.
    Later,
}

/// The data that a page needs to show a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup {
    /// The URL of the file for browsers that can't choose.
    pub src: String,
    /// Width in pixels; 0 if it is not known.
    pub width: u32,
    /// Height in pixels; 0 if it is not known.
    pub height: u32,
    /// Files in other formats, the best format first.
    pub sources: Vec<Source>,
    /// Files in the original's own format; `None` if there is only one.
    pub own: Option<Source>,
    /// The value of the `sizes` attribute.
    pub sizes: String,
}

impl Markup {
    /// The HTML element. `attributes` are added to it (each escaped, with a space before it). Attributes named by
    /// `given` are left out, since they are there already.
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
        format!("<picture>{}{image}</picture>", self.sources("", &self.sources))
    }

    /// The HTML of the element inside a `<picture>` that others of its sources come before: like [`html`](Self::html),
    /// without a `<picture>` of its own.
    pub fn last_choice(&self, attributes: &str, seen: Seen, given: &dyn Fn(&str) -> bool) -> String {
        let image = Markup { sources: Vec::new(), ..self.clone() }.html(attributes, seen, given);
        self.sources("", &self.sources) + &image
    }

    /// The HTML of `<source>` elements of all its files, for browsers to which the media query `media` applies.
    pub fn choices(&self, media: &str) -> String {
        let media = format!(" media=\"{}\"", escape(media));
        let size = match self.width {
            0 => String::new(),
            width => format!(" width=\"{width}\" height=\"{}\"", self.height),
        };
        let own = match &self.own {
            Some(own) => self.sources(&(media.clone() + &size), std::slice::from_ref(own)),
            None => format!("<source{media} srcset=\"{}\"{size}>", escape_url(&self.src.replace(',', "%2C"))),
        };
        self.sources(&(media + &size), &self.sources) + &own
    }

    /// `<source>` elements for `sources`, with `attributes` (each with a space before it).
    fn sources(&self, attributes: &str, sources: &[Source]) -> String {
        let element = |source: &Source| {
            let (srcset, sizes) = (source.srcset(), escape(&self.sizes));
            let media_type = source.media_type;
            format!(
                "<source{attributes} type=\"{media_type}\" srcset=\"{}\" sizes=\"{sizes}\">",
                escape(&srcset)
            )
        };
        sources.iter().map(element).collect()
    }
}

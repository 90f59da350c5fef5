//! The views of an article's picture.

use tera::Value;

use crate::model::html::escape;
use crate::picture::{Markup, Seen};
use crate::site::identity::Row;
use crate::site::library::LeafId;
use crate::source::Legend;

/// A picture with its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The data for its markup.
    pub markup: Markup,
    /// Its alternative text, caption and credit.
    pub legend: Legend,
}

/// A picture for link previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Social {
    /// The whole URL.
    pub url: String,
    /// Width and height in pixels, if known.
    pub size: Option<(u32, u32)>,
    /// The alternative text.
    pub alt: String,
}

/// Finds the picture of a source by its address as written and the legend beside it.
pub type WrittenPicture<'a> = dyn Fn(&str, &str, Option<&Legend>) -> Option<Shown> + Sync + 'a;

/// Finds the pictures of articles and pages.
pub struct Lookup<'a> {
    /// The URL of the image.
    pub image: &'a (dyn Fn(&Row) -> Option<String> + Sync),
    /// The image for the article's page.
    pub picture: &'a (dyn Fn(&Row) -> Option<Shown> + Sync),
    /// The image for link previews, or the card instead.
    pub social: &'a (dyn Fn(LeafId) -> Option<Social> + Sync),
    /// The image that the front matter of a source names, with its texts: name of the source, image, texts.
    pub written: &'a WrittenPicture<'a>,
    /// The URL of an address in the front matter of a source: name of the source, address.
    pub url: &'a (dyn Fn(&str, &str) -> String + Sync),
}

/// The view of a picture: `src`, `width`, `height`, `alt`, `caption`, `credit`, `sources`, `srcset`, `html`, and
/// `first`, the HTML for a picture above all others.
pub(super) fn picture(shown: &Shown, seen: Seen) -> Value {
    let Shown { markup, legend } = shown;
    let known = |length: u32| (length > 0).then_some(length);
    let sources: Vec<Value> = markup
        .sources
        .iter()
        .map(|source| map! { "type" => source.media_type, "srcset" => source.srcset() })
        .collect();
    let alt = format!(" alt=\"{}\"", escape(&legend.alt));
    map! {
        "src" => markup.src.as_str(),
        "width" => known(markup.width),
        "height" => known(markup.height),
        "alt" => legend.alt.as_str(),
        "caption" => legend.caption.as_deref(),
        "credit" => legend.credit.as_deref(),
        "sources" => sources,
        "srcset" => markup.own.as_ref().map(crate::picture::Source::srcset),
        "sizes" => markup.sizes.as_str(),
        "html" => Value::safe_string(&markup.html(&alt, seen, &|_| false)),
        "first" => Value::safe_string(&markup.html(&alt, Seen::First, &|_| false)),
    }
}

/// The view of a picture for link previews: `url`, `width`, `height` and `alt`.
pub(super) fn social(social: &Social) -> Value {
    map! {
        "url" => social.url.as_str(),
        "width" => social.size.map(|(width, _)| width),
        "height" => social.size.map(|(_, height)| height),
        "alt" => social.alt.as_str(),
    }
}

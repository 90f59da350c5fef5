//! The picture of an article or page as templates see it.

use tera::value::Key;
use tera::{Map, Value};

use crate::model::html::escape;
use crate::picture::{Markup, Seen};
use crate::site::identity::Row;
use crate::site::library::LeafId;
use crate::source::Legend;

/// A picture with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What pages need to show it.
    pub markup: Markup,
    /// Its texts.
    pub legend: Legend,
}

/// A picture for those who show a link to an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Social {
    /// The whole URL.
    pub url: String,
    /// Width and height in pixels, where they are known.
    pub size: Option<(u32, u32)>,
    /// What it shows.
    pub alt: String,
}

/// Finds the pictures of articles and pages.
pub struct Lookup<'a> {
    /// The URL of the image.
    pub image: &'a (dyn Fn(&Row) -> Option<String> + Sync),
    /// The image as pages show it.
    pub picture: &'a (dyn Fn(&Row) -> Option<Shown> + Sync),
    /// The image, or the card that stands for one, as others show it.
    pub social: &'a (dyn Fn(LeafId) -> Option<Social> + Sync),
}

/// A picture: `src`, `width`, `height`, `alt`, `caption`, `credit`, `sources`, `srcset`, `html`, and `first`, which is the
/// same for the picture that stands above all others.
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

/// A picture for others: `url`, `width`, `height` and `alt`.
pub(super) fn social(social: &Social) -> Value {
    map! {
        "url" => social.url.as_str(),
        "width" => social.size.map(|(width, _)| width),
        "height" => social.size.map(|(_, height)| height),
        "alt" => social.alt.as_str(),
    }
}

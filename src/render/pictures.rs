//! Pictures in bodies and of articles, in several widths.

use super::inputs::Lookup;
use crate::config::Config;
use crate::model::html::{Piece, decode, walk};
use crate::model::url::{UrlPath, is_elsewhere, percent_decode};
use crate::picture::{CARD_HEIGHT, CARD_WIDTH, Markup, Seen};
use crate::render::template::views::{Shown, Social};
use crate::site::identity::{LinkMap, Row, Target};
use crate::site::library::LeafId;
use crate::site::plan::{Plan, PlannedPicture, Roots};
use crate::source::{Legend, below};

/// The pictures of articles and pages.
#[derive(Clone, Copy)]
pub struct Illustrations<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The paths of all sources.
    pub links: &'a LinkMap,
    /// The files of the output.
    pub plan: &'a Plan,
}

impl<'a> Illustrations<'a> {
    /// The URL of the image of an article or page: a path from the server's root, or a whole URL.
    pub fn image(&self, leaf: &Row) -> Option<String> {
        let written = leaf.listing.image.as_ref()?;
        Some(image_url(self.config, &self.plan.roots, self.links, leaf.name(), written))
    }

    /// The image for the article's page.
    pub fn picture(&self, leaf: &Row) -> Option<Shown> {
        let written = leaf.listing.image.as_ref()?;
        self.written(leaf.name(), written, leaf.document.load().front.legend.as_deref())
    }

    /// The URL of the address `written` in the front matter of the source `name`.
    pub fn url(&self, name: &str, written: &str) -> String {
        match self.links.follow(below(name), written) {
            Target::Live(path, rest) => self.plan.roots.link(&self.config.base_url, &path) + &rest,
            _ => self.plan.roots.url(&self.config.base_url, written),
        }
    }

    /// The image `written` in the front matter of the source `name`, with its texts.
    pub fn written(&self, name: &str, written: &str, legend: Option<&Legend>) -> Option<Shown> {
        let src = image_url(self.config, &self.plan.roots, self.links, name, written);
        let sizes = self.config.images.sizes.as_str();
        let markup = match planned(self.config, self.plan, &src) {
            Some(picture) => picture.markup(&self.config.base_url, sizes),
            None => {
                let (sources, sizes) = (Vec::new(), sizes.to_owned());
                Markup { src, width: 0, height: 0, sources, own: None, sizes }
            }
        };
        Some(Shown { markup, legend: legend.cloned().unwrap_or_default() })
    }

    /// The image for link previews, else the card.
    pub fn social(&self, id: LeafId, leaf: &Row) -> Option<Social> {
        let Some(src) = self.image(leaf) else {
            let card = self.plan.cards.of(id)?;
            let url = self.config.base_url.absolute(&card.path);
            return Some(Social { url, size: Some((CARD_WIDTH, CARD_HEIGHT)), alt: card.card.title.clone() });
        };
        let legend = leaf.document.load().front.legend.as_deref();
        let alt = legend.map(|legend| legend.alt.clone()).unwrap_or_default();
        Some(match planned(self.config, self.plan, &src) {
            Some(picture) => {
                let (path, width, height) = picture.largest();
                let size = Some((width, height)).filter(|(width, _)| *width > 0);
                let url = self.plan.roots.link(&self.config.base_url, path);
                let url =
                    if is_elsewhere(&url) { url } else { [self.config.base_url.origin(), &url].concat() };
                Social { url, size, alt }
            }
            None if is_elsewhere(&src) => Social { url: src, size: None, alt },
            None => Social { url: format!("{}{src}", self.config.base_url.origin()), size: None, alt },
        })
    }
}

/// The picture at `url`, a path from the server's root, if it is one of this site.
pub(super) fn planned<'p>(config: &Config, plan: &'p Plan, url: &str) -> Option<&'p PlannedPicture> {
    plan.pictures.get(&site_path(config, &plan.roots, url)?)
}

/// The path on the site of `url`, a path from the server's root. That of a copy is the path of its original.
pub fn site_path(config: &Config, roots: &Roots, url: &str) -> Option<UrlPath> {
    if config.base_url.has_hosts() {
        return roots.path(&config.base_url, url);
    }
    let url = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let path = url.strip_prefix(&config.base_url.relative_root())?;
    UrlPath::parse(&format!("/{}", percent_decode(path))).ok()
}

/// The URL of the image `written` in the front matter of the source `name`: an asset of the source, a path of the site,
/// or a whole URL.
pub fn image_url(config: &Config, roots: &Roots, links: &LinkMap, name: &str, written: &str) -> String {
    match links.follow(below(name), written) {
        Target::Live(path, _) => roots.link(&config.base_url, &path),
        _ => roots.url(&config.base_url, written),
    }
}

/// The `<picture>` that is being read.
#[derive(Default)]
struct Choice {
    /// The elements that are open: `<picture>` in `<picture>` is nonsense, and counted all the same.
    depth: usize,
    /// It has a source for light or dark colours.
    by_colours: bool,
    /// It has another source, which its author chose by something else.
    by_author: bool,
}

impl Choice {
    /// Goes into or out of a `<picture>`.
    fn step(&mut self, closing: bool) {
        let depth = if closing { self.depth.saturating_sub(1) } else { self.depth + 1 };
        *self = Choice { depth, ..Choice::default() };
    }

    /// True if the choice between the files of an element is left to us.
    fn is_ours(&self) -> bool {
        self.depth == 0 || self.by_colours && !self.by_author
    }
}

/// True if the media query `media` asks for light or dark colours.
fn asks_for_colours(media: Option<&str>) -> bool {
    media.is_some_and(|media| media.contains("prefers-color-scheme"))
}

/// `html`, the body of the source of `lookup`, with its local pictures in several widths. The first picture is probably
/// visible at once, so only the others are loaded lazily. A choice of files that the author wrote is kept, unless it is only
/// one for light colours and one for dark: then both are in several widths.
pub(super) fn with_pictures(lookup: &Lookup<'_>, html: String) -> String {
    let settings = lookup.settings();
    if !settings.images().responsive || !html.contains("<img") {
        return html;
    }
    let (mut out, mut done) = (String::with_capacity(html.len() * 2), 0);
    let (mut is_first, mut choice) = (true, Choice::default());
    let legend = lookup.document.front.legend.as_deref();
    let has_opening = legend.is_some_and(Legend::says_something);
    walk(&html, &mut |piece, range| {
        let Piece::Tag { name, closing, attributes } = piece else { return };
        let value = |name: &str| attributes.iter().find(|one| one.name.eq_ignore_ascii_case(name));
        let has = |name: &str| value(name).is_some();
        let markup = |url: &str| {
            let picture = lookup.picture(&decode(url))?;
            Some(picture.markup(settings.base_url(), &settings.images().sizes))
        };
        if name.eq_ignore_ascii_case("picture") {
            choice.step(closing);
        }
        let replacement = if closing {
            None
        } else if name.eq_ignore_ascii_case("source") && choice.depth > 0 {
            let media = value("media").map(|media| decode(media.value));
            let (is_by_colours, srcset) = (asks_for_colours(media.as_deref()), value("srcset"));
            choice.by_colours |= is_by_colours;
            choice.by_author |= !is_by_colours;
            let dark = srcset.filter(|_| is_by_colours).and_then(|srcset| markup(srcset.value.trim()));
            dark.map(|dark| dark.choices(&media.unwrap_or_default()))
        } else if name.eq_ignore_ascii_case("img") {
            let seen = match std::mem::take(&mut is_first) {
                // If the article opens with a picture, that one is above all others.
                true if has_opening => Seen::Soon,
                true => Seen::First,
                false => Seen::Later,
            };
            let kept = attributes
                .iter()
                .filter(|one| !["src", "sizes"].iter().any(|name| one.name.eq_ignore_ascii_case(name)));
            let kept: String = kept.map(|one| format!(" {}", &html[one.whole.clone()])).collect();
            let src = value("src").filter(|_| choice.is_ours() && !has("srcset"));
            src.and_then(|src| markup(src.value)).map(|picture| match choice.depth {
                0 => picture.html(&kept, seen, &has),
                _ => picture.last_choice(&kept, seen, &has),
            })
        } else {
            None
        };
        if let Some(replacement) = replacement {
            out.push_str(&html[done..range.start]);
            out.push_str(&replacement);
            done = range.end;
        }
    });
    out.push_str(&html[done..]);
    out
}

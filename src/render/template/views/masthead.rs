//! The views of the head and the foot of pages.

use tera::Value;

use super::Views;
use crate::config::{EMAIL, FooterGroup, Link, NavigationLink, SharePlace, sign};

/// The link to the site's style sheet in pages.
#[derive(Debug, Clone, Copy)]
pub struct SheetLink<'a> {
    /// The name of its file.
    pub name: &'a str,
    /// The value of `integrity` for it.
    pub integrity: Option<&'a str>,
}

/// The theme's files that every page refers to.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The style sheet.
    pub sheet: SheetLink<'a>,
    /// The icon of a site that names none.
    pub icon: &'a str,
}

impl Views<'_> {
    /// `[[navigation]]`.
    pub(super) fn navigation(&self) -> Vec<Value> {
        let link = |link: &NavigationLink| {
            map! {
                "title" => link.title.as_str(),
                "url" => (!link.url.is_empty()).then(|| self.site_url(&link.url)),
                "lang" => self.config.language.as_str(),
                "children" => self.links(&link.children),
            }
        };
        self.config.navigation.iter().map(link).collect()
    }

    /// `[[footer]]`.
    pub(super) fn footer(&self) -> Vec<Value> {
        let group = |group: &FooterGroup| {
            map! { "title" => group.title.as_deref(), "links" => self.links(&group.links) }
        };
        self.config.footer.iter().map(group).collect()
    }

    /// `[announcement]`.
    pub(super) fn announcement(&self) -> Option<Value> {
        let announcement = self.config.announcement.as_ref()?;
        Some(map! {
            "text" => announcement.text.as_str(),
            "url" => announcement.url.as_deref().map(|url| self.site_url(url)),
            "dismiss" => announcement.dismiss,
        })
    }

    /// Links to other places of a person or of the site, each with the sign of the place.
    pub(super) fn social_links(&self, links: &[Link]) -> Vec<Value> {
        let link = |link: &Link| {
            map! {
                "title" => link.title.as_str(),
                "url" => self.site_url(&link.url),
                "sign" => sign(&link.url),
            }
        };
        links.iter().map(link).collect()
    }

    /// `theme.share` for the article with this `title` and canonical `url`, in the language of `lang`.
    pub(super) fn share_links(&self, title: &str, url: &str, lang: Option<&str>) -> Vec<Value> {
        let link = |place: &SharePlace| {
            let words = || self.config.words.of(lang.unwrap_or(&self.config.language)).word(EMAIL);
            let name = if place.key == EMAIL { words() } else { None };
            map! {
                "title" => name.unwrap_or_else(|| place.title.clone()),
                "url" => place.of(title, url),
                "sign" => place.sign(),
            }
        };
        self.config.theme.share.iter().map(link).collect()
    }

    /// Links that the settings have.
    pub(super) fn links(&self, links: &[Link]) -> Vec<Value> {
        let link = |link: &Link| map! { "title" => link.title.as_str(), "url" => self.site_url(&link.url) };
        links.iter().map(link).collect()
    }
}

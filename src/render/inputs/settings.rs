//! The settings that every document may depend on.

use std::sync::Arc;

use super::Shared;
use crate::config::{Config, ImageRules, MarkdownRules, RawHtml};
use crate::language::Language;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::{BaseUrl, UrlPath, is_elsewhere, scheme};
use crate::site::plan::Roots;
use crate::source::Document;

/// The settings that filters, bodies and URLs depend on; [`environment`] digests all of them.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    config: &'a Config,
    roots: &'a Roots,
    digest: &'a Digest,
}

/// Digest of these settings and of the program's version.
pub fn environment(config: &Config, roots: &Roots) -> Digest {
    let mut hasher = Fingerprinter::default();
    hasher.value(env!("CARGO_PKG_VERSION"));
    hasher.value(format!("{:?}", config.base_url)).value(&config.language);
    hasher.value(format!("{:?}", roots.repeated()));
    hasher.value(format!("{:?} {:?} {:?}", config.locale, config.timezone, config.slugs));
    hasher.value(format!("{:?} {:?} {:?}", config.markdown, config.hosting.compress, config.images));
    hasher.value(format!("{} {}", cfg!(feature = "highlight"), cfg!(feature = "math")));
    hasher.value(format!("{:?} {:?}", config.dates.format, config.dates.time_format));
    hasher.value(format!("{:?} {:?}", config.source_urls, config.theme.share));
    hasher.bytes(config.words.digest().bytes()).value(format!("{:?}", config.encodings));
    hasher.finish()
}

impl<'a> Settings<'a> {
    /// The settings of `config`; `digest` is the [`environment`] of both.
    pub(super) fn new(config: &'a Config, roots: &'a Roots, digest: &'a Digest) -> Self {
        Settings { config, roots, digest }
    }

    /// `base_url`.
    pub fn base_url(&self) -> &'a BaseUrl {
        &self.config.base_url
    }

    /// `language`.
    pub fn language(&self) -> &'a str {
        &self.config.language
    }

    /// The site's language.
    pub fn spoken(&self) -> &'a Language {
        self.config.words.site()
    }

    /// The language of `tag`; without one the site's.
    pub fn spoken_in(&self, tag: Option<&str>) -> Arc<Language> {
        tag.map_or_else(|| self.config.words.site().clone(), |tag| self.config.words.of(tag))
    }

    /// `[markdown]`.
    pub fn markdown(&self) -> &'a MarkdownRules {
        &self.config.markdown
    }

    /// The HTML that the text of `document` may have: what `site.toml` says of its section, or less by front matter.
    pub fn raw_html(&self, document: &Document) -> RawHtml {
        let folder = document.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let of_site = self.config.markdown.raw_html.of(self.config.without_language(folder));
        of_site.max(document.front.raw_html.unwrap_or_default())
    }

    /// `[images]`.
    pub fn images(&self) -> &'a ImageRules {
        &self.config.images
    }

    /// The theme's word for `key`.
    pub fn word(&self, key: &str) -> String {
        self.spoken().word(key).unwrap_or_default()
    }

    /// The whole URL of `path`.
    pub fn absolute(&self, path: &UrlPath) -> String {
        self.config.base_url.absolute(path)
    }

    /// A path that an author wrote from the site's root, as one from the server's root; a whole URL stays unchanged.
    pub fn rooted(&self, written: &str) -> String {
        self.roots.url(&self.config.base_url, written)
    }

    /// The address of the page or file at `path`, from the server's root; a whole URL of what another host has.
    pub fn link(&self, path: &UrlPath) -> String {
        self.roots.link(&self.config.base_url, path)
    }

    /// The whole URL of the file at `path`, or of its copy on the present host.
    pub fn whole_file(&self, path: &UrlPath) -> String {
        self.whole(&self.link(path))
    }

    /// True if an address on the site that counts from the site's root is another one on the server.
    pub fn moves_paths(&self) -> bool {
        !self.config.base_url.is_at_root() || self.config.base_url.has_hosts()
    }

    /// True if a link to `path` leads to another host than the present one.
    pub fn is_on_other_host(&self, path: &UrlPath) -> bool {
        !self.config.base_url.is_here(path) && !self.roots.is_copied(&self.config.base_url, path)
    }

    /// An address in `site.toml` or front matter, which may be a path of the site, as a whole URL.
    pub fn address(&self, written: &str) -> String {
        match written.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None if scheme(written).is_some() => written.to_owned(),
            None => self.whole(&self.rooted(written)),
        }
    }

    /// True for a whole URL of this site.
    pub fn is_own(&self, url: &str) -> bool {
        self.config.base_url.inside(url).is_some()
    }

    /// A whole URL of this site as a path from the server's root; any other address stays unchanged.
    pub fn from_root(&self, url: &str) -> String {
        match url.strip_prefix(self.config.base_url.origin()) {
            Some(rest) if rest.starts_with('/') => rest.to_owned(),
            _ => url.to_owned(),
        }
    }

    /// A path from the server's root as a whole URL; a whole URL stays unchanged.
    pub fn whole(&self, url: &str) -> String {
        if is_elsewhere(url) { url.to_owned() } else { format!("{}{url}", self.config.base_url.origin()) }
    }
}

impl Shared for Settings<'_> {
    fn digest(&self) -> Option<Digest> {
        Some(*self.digest)
    }

    fn template(&self) -> Option<&str> {
        None
    }
}

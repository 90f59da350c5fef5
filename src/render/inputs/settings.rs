//! The settings that every document may depend on.

use super::Shared;
use crate::config::{Config, ImageRules, MarkdownRules};
use crate::model::date::Locale;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::{BaseUrl, UrlPath, scheme};

/// The settings that filters, bodies and URLs depend on; [`environment`] digests all of them.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    config: &'a Config,
    digest: &'a Digest,
}

/// Digest of these settings and of the program's version.
pub fn environment(config: &Config) -> Digest {
    let mut hasher = Fingerprinter::default();
    hasher.value(env!("CARGO_PKG_VERSION"));
    hasher.value(format!("{:?}", config.base_url)).value(&config.language);
    hasher.value(format!("{:?} {:?} {:?}", config.locale, config.timezone, config.slugs));
    hasher.value(format!("{:?} {:?} {:?}", config.markdown, config.hosting.compress, config.images));
    hasher.value(format!("{} {}", cfg!(feature = "highlight"), cfg!(feature = "math")));
    hasher.value(format!("{:?} {:?}", config.dates.format, config.dates.time_format));
    hasher.value(format!("{:?} {:?}", config.theme.words, config.encodings));
    hasher.finish()
}

impl<'a> Settings<'a> {
    /// The settings of `config`; `digest` is its [`environment`].
    pub(super) fn new(config: &'a Config, digest: &'a Digest) -> Self {
        Settings { config, digest }
    }

    /// `base_url`.
    pub fn base_url(&self) -> &'a BaseUrl {
        &self.config.base_url
    }

    /// `language`.
    pub fn language(&self) -> &'a str {
        &self.config.language
    }

    /// `locale`.
    pub fn locale(&self) -> Locale {
        self.config.locale
    }

    /// `[markdown]`.
    pub fn markdown(&self) -> MarkdownRules {
        self.config.markdown
    }

    /// `[images]`.
    pub fn images(&self) -> &'a ImageRules {
        &self.config.images
    }

    /// The theme's word for `key`.
    pub fn word(&self, key: &str) -> String {
        let words = &self.config.theme.words;
        words.iter().find(|(known, _)| *known == key).map(|(_, word)| word.clone()).unwrap_or_default()
    }

    /// The whole URL of `path`.
    pub fn absolute(&self, path: &UrlPath) -> String {
        self.config.base_url.absolute(path)
    }

    /// A path written in `site.toml`, as one from the server's root; a whole URL stays unchanged.
    pub fn rooted(&self, written: &str) -> String {
        rooted(self.config, written)
    }

    /// An address in `site.toml` or front matter, which may be a path of the site, as a whole URL.
    pub fn address(&self, written: &str) -> String {
        match written.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None if scheme(written).is_some() => written.to_owned(),
            None => self.whole(&self.rooted(written)),
        }
    }

    /// A path from the server's root as a whole URL; a whole URL stays unchanged.
    pub fn whole(&self, url: &str) -> String {
        if url.contains("://") { url.to_owned() } else { format!("{}{url}", self.config.base_url.origin()) }
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

/// A path written in `site.toml` or in front matter, as one from the server's root; a whole URL stays unchanged.
pub fn rooted(config: &Config, written: &str) -> String {
    let written = in_url(written);
    if written.contains("://") {
        return written;
    }
    format!("{}{}", config.base_url.relative_root(), written.trim_start_matches('/'))
}

/// `written` with all characters percent-encoded that a URL can't have (RFC 3986, section 2). What is encoded already
/// stays.
fn in_url(written: &str) -> String {
    let mut url = String::with_capacity(written.len());
    for byte in written.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

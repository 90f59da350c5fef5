//! The addresses of pages: those of the site, and those elsewhere.

use url::Url;

use crate::model::url::{BaseUrl, UrlPath, percent_decode};

/// The longest address that is followed, in bytes. Servers answer none that is longer.
const LONGEST: usize = 8000;

/// An address, as a browser understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file of the site, in the form in which paths are compared.
    Own(String),
    /// A URL of another site, without its fragment.
    Elsewhere(String),
    /// An address of the web that is no valid URL; the reason.
    Invalid(String),
    /// Any other: mail, telephone, data, a script.
    Other,
}

/// The addresses of one page.
pub struct Addresses<'a> {
    site: &'a BaseUrl,
    /// The URL from which relative addresses count.
    base: Option<Url>,
}

impl<'a> Addresses<'a> {
    /// The addresses of the page at `path`; `base` is what it says itself that they are relative to.
    pub fn of(site: &'a BaseUrl, path: &UrlPath, base: Option<&str>) -> Addresses<'a> {
        let own = Url::parse(&site.absolute(path)).ok();
        let named = base.and_then(|base| own.as_ref()?.join(base).ok());
        Addresses { site, base: named.or(own) }
    }

    /// The address that a page has as `written`.
    pub fn read(&self, written: &str) -> Address {
        let written = written.trim();
        let is_web = {
            let start = written.get(..8).unwrap_or(written).to_ascii_lowercase();
            start.starts_with("http:") || start.starts_with("https:") || start.starts_with("//")
        };
        if written.len() > LONGEST {
            return if is_web { Address::Invalid("it is too long".to_owned()) } else { Address::Other };
        }
        let parsed = match &self.base {
            Some(base) => base.join(written),
            None => Url::parse(written),
        };
        let mut url = match parsed {
            Ok(url) => url,
            Err(error) if is_web => return Address::Invalid(error.to_string()),
            Err(_) => return Address::Other,
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Address::Other;
        }
        url.set_fragment(None);
        match self.own(&url) {
            Some(path) => Address::Own(path),
            None => Address::Elsewhere(url.into()),
        }
    }

    /// The path of `url` in the site, if it is there. Other ports and schemes of the same host are the same site.
    fn own(&self, url: &Url) -> Option<String> {
        let path = self.site.path_at(url.host_str()?, url.path())?;
        let path = UrlPath::parse(&percent_decode(&path)).ok()?;
        Some(path.folded().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood_as_a_browser_does() {
        let site = BaseUrl::parse("https://example.org/blog/").unwrap();
        let path = UrlPath::parse("/news/a/").unwrap();
        let addresses = Addresses::of(&site, &path, None);
        let own = |path: &str| Address::Own(path.to_owned());
        let away = |url: &str| Address::Elsewhere(url.to_owned());
        for (written, expected) in [
            ("../b/", own("/news/b/")),
            ("", own("/news/a/")),
            ("#x", own("/news/a/")),
            ("index.html?q#x", own("/news/a/")),
            ("/blog", own("/")),
            ("/blog/caf%C3%A9/", own("/caf\u{e9}/")),
            ("HTTPS://EXAMPLE.org/blog/B/", own("/b/")),
            ("/other/", away("https://example.org/other/")),
            ("//example.net/x#y", away("https://example.net/x")),
            ("http://example.net", away("http://example.net/")),
            (" https://example.net/a b\n", away("https://example.net/a%20b")),
            ("https://exa\tmple.net/", away("https://example.net/")),
            ("mailto:a@example.org", Address::Other),
            ("javascript:alert(1)", Address::Other),
            ("data:text/html,x", Address::Other),
        ] {
            assert_eq!(addresses.read(written), expected, "{written:?}");
        }
        assert!(matches!(addresses.read("https://"), Address::Invalid(_)));
        assert!(matches!(addresses.read("https://exa mple.net/"), Address::Invalid(_)));
        assert!(matches!(addresses.read("http://[::1/"), Address::Invalid(_)));
        let long = format!("https://example.net/{}", "a".repeat(10_000));
        assert!(matches!(addresses.read(&long), Address::Invalid(_)));
    }

    #[test]
    fn a_page_may_name_the_base_of_its_addresses() {
        let site = BaseUrl::parse("https://example.org/").unwrap();
        let path = UrlPath::parse("/a/").unwrap();
        let addresses = Addresses::of(&site, &path, Some("/b/"));
        assert_eq!(addresses.read("c"), Address::Own("/b/c".to_owned()));
    }
}

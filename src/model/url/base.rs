//! The base URL: the address of a site, and those of its parts that have one of their own.

use std::borrow::Cow;
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::{UrlPath, is_unseen, percent_decode, percent_encode};

/// The addresses of a site. Every URL of the site is made here: what is below a path with an address of its own is at that
/// address, and everything else is at the site's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    site: Address,
    hosts: Arc<[Host]>,
    /// The number of the host on which URLs from the server's root are read; none for the site's own.
    here: Option<usize>,
}

/// An address: an `http` or `https` URL, with or without a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    origin: String,
    host: String,
    /// The folder, with a `/` at both ends.
    folder: String,
}

/// A part of a site that has an address of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    /// The path on the site, with a `/` at both ends, of what is at the root of the address.
    home: UrlPath,
    address: Address,
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("\u{201c}{text}\u{201d} is no base URL: {reason}")]
#[diagnostic(
    code(config::base_url),
    help("write the whole address of the front page, such as `https://example.org/`")
)]
pub struct UrlError {
    text: String,
    reason: String,
}

impl BaseUrl {
    /// Reads a base URL. A slash at its end makes no difference.
    ///
    /// # Errors
    /// [`UrlError`] for anything but an absolute `http` or `https` URL without query and fragment.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let refuse = |reason: String| UrlError { text: text.to_owned(), reason };
        let url = url::Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("it is neither http nor https".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it has a query or a fragment".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it has a user name or a password".to_owned()));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let folder = format!("{}/", url.path().trim_end_matches('/'));
        let decoded = percent_decode(&folder);
        if let Some(odd) =
            host.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"-._[]:".contains(*letter))
        {
            return Err(refuse(format!("its host has a {}", shown(odd))));
        }
        // Configurations of servers give these characters a meaning of their own.
        if let Some(odd) = text.trim_end().chars().chain(decoded.chars()).find(|letter| is_odd(*letter)) {
            return Err(refuse(format!("it has a {}", shown(odd))));
        }
        UrlPath::parse(&decoded).map_err(|error| refuse(error.to_string()))?;
        let site = Address { origin: url.origin().ascii_serialization(), host, folder };
        Ok(BaseUrl { site, hosts: Vec::new().into(), here: None })
    }

    /// The same site, with addresses of their own for what is below these paths.
    #[must_use]
    pub fn with_hosts(self, hosts: Vec<(UrlPath, BaseUrl)>) -> BaseUrl {
        let host = |(home, base): (UrlPath, BaseUrl)| Host { home, address: base.site };
        BaseUrl { hosts: hosts.into_iter().map(host).collect(), ..self }
    }

    /// The same site with everything at one address.
    #[must_use]
    pub fn without_hosts(self) -> BaseUrl {
        BaseUrl { site: self.site, hosts: Vec::new().into(), here: None }
    }

    /// The same addresses, read on the host that has `path`.
    #[must_use]
    pub fn seen_from(&self, path: &UrlPath) -> BaseUrl {
        BaseUrl { here: self.host_of(path.as_str()), ..self.clone() }
    }

    /// True if some part of the site has an address of its own.
    pub fn has_hosts(&self) -> bool {
        !self.hosts.is_empty()
    }

    /// The site's own address.
    pub fn site(&self) -> &Address {
        &self.site
    }

    /// The address of the present host.
    fn here(&self) -> &Address {
        self.here.and_then(|at| self.hosts.get(at)).map_or(&self.site, |host| &host.address)
    }

    /// The path on the site of what is at the root of the present host, if that is another than the site's own.
    pub fn home(&self) -> Option<&UrlPath> {
        self.here.and_then(|at| self.hosts.get(at)).map(|host| &host.home)
    }

    /// The same for the host that has `path`.
    pub fn home_of(&self, path: &UrlPath) -> Option<&UrlPath> {
        self.host_of(path.as_str()).and_then(|at| self.hosts.get(at)).map(|host| &host.home)
    }

    /// The paths on the site that have an address of their own.
    pub fn homes(&self) -> impl Iterator<Item = &UrlPath> {
        self.hosts.iter().map(|host| &host.home)
    }

    /// True if the present host has `path`.
    pub fn is_here(&self, path: &UrlPath) -> bool {
        self.host_of(path.as_str()) == self.here
    }

    /// The number of the host that has `path`, by the longest path.
    fn host_of(&self, path: &str) -> Option<usize> {
        let has = |host: &&Host| {
            let home = host.home.as_str();
            path.starts_with(home) || home.strip_suffix('/') == Some(path)
        };
        let hosts = self.hosts.iter().enumerate().filter(|(_, host)| has(host));
        hosts.max_by_key(|(_, host)| host.home.as_str().len()).map(|(at, _)| at)
    }

    /// The address that has `path`, and the rest of the path there.
    fn place<'p>(&self, path: &'p UrlPath) -> (&Address, &'p str) {
        match self.host_of(path.as_str()).and_then(|at| self.hosts.get(at)) {
            Some(host) => (&host.address, path.as_str().get(host.home.as_str().len()..).unwrap_or_default()),
            None => (&self.site, path.as_str().get(1..).unwrap_or_default()),
        }
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.here().host
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.here().origin
    }

    /// The site's folder on its server, with a `/` at both ends.
    pub fn relative_root(&self) -> String {
        self.here().folder.clone()
    }

    /// True if the site has its server for itself.
    pub fn is_at_root(&self) -> bool {
        self.here().is_at_root()
    }

    /// The rest of `path`, which is written from the server's root, after the site's folder; `None` if it is outside of
    /// the folder, and for a site without one.
    pub fn without_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.here().without_folder(path)
    }

    /// The address of what is at `path` for the pages of the present host: from the server's root, percent-encoded; the
    /// whole URL of what another host has.
    pub fn root_relative(&self, path: &UrlPath) -> String {
        match self.is_here(path) {
            true => [&*self.here().folder, &percent_encode(self.place(path).1)].concat(),
            false => self.absolute(path),
        }
    }

    /// The same for a file at `path` that each host has a copy of.
    pub fn copied(&self, path: &UrlPath) -> String {
        match self.host_of(path.as_str()) {
            None => [&*self.here().folder, &path.encoded()[1..]].concat(),
            Some(_) => self.root_relative(path),
        }
    }

    /// The whole URL of what is at `path`.
    pub fn absolute(&self, path: &UrlPath) -> String {
        let (address, rest) = self.place(path);
        [&*address.origin, &*address.folder, &percent_encode(rest)].concat()
    }

    /// The path on the site that the whole `url` means, with its query and fragment; `None` for a URL of another site.
    pub fn inside(&self, url: &str) -> Option<String> {
        let hosts = self.hosts.iter().map(|host| (&host.address, host.home.as_str()));
        hosts.chain([(&self.site, "/")]).find_map(|(address, home)| {
            let rest = address.behind(url)?;
            let below = if address.is_at_root() {
                rest.strip_prefix('/').or(Some(rest))
            } else {
                address.without_folder(rest)
            };
            Some(format!("{home}{}", below?))
        })
    }

    /// `written`, an address as a browser reads it on the present host, as it would be if everything were at the site's own
    /// address.
    pub fn at_one_address<'w>(&self, written: &'w str) -> Cow<'w, str> {
        self.below_host(self.here, written)
    }

    /// The same for an address on the page at `page`.
    pub fn at_one_address_on<'w>(&self, page: &UrlPath, written: &'w str) -> Cow<'w, str> {
        self.below_host(self.host_of(page.as_str()), written)
    }

    fn below_host<'w>(&self, host: Option<usize>, written: &'w str) -> Cow<'w, str> {
        if self.hosts.is_empty() {
            return Cow::Borrowed(written);
        }
        let of_site =
            |path: &str| format!("{}{}{}", self.site.origin, self.site.folder, path.trim_start_matches('/'));
        if is_elsewhere(written) {
            return self.inside(written).map_or(Cow::Borrowed(written), |path| Cow::Owned(of_site(&path)));
        }
        let Some(host) = host.and_then(|at| self.hosts.get(at)).filter(|_| written.starts_with('/')) else {
            return Cow::Borrowed(written);
        };
        let below = match host.address.is_at_root() {
            true => written.strip_prefix('/'),
            false => host.address.without_folder(written),
        };
        below.map_or(Cow::Borrowed(written), |below| {
            Cow::Owned(of_site(&format!("{}{below}", host.home.as_str())))
        })
    }

    /// The path on the site of `url` as it is read: its host, and the path on that server. `None` for another site.
    pub fn path_at(&self, host: &str, path: &str) -> Option<String> {
        let hosts = self.hosts.iter().map(|one| (&one.address, one.home.as_str()));
        hosts.chain([(&self.site, "/")]).filter(|(address, _)| address.host == host).find_map(
            |(address, home)| {
                let inside = match path {
                    path if path == address.folder.trim_end_matches('/') => "",
                    path => path.strip_prefix(&*address.folder)?,
                };
                Some(format!("{home}{inside}"))
            },
        )
    }
}

impl Address {
    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The folder on the server, with a `/` at both ends.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// True if it has no folder.
    pub fn is_at_root(&self) -> bool {
        self.folder == "/"
    }

    /// The rest of the URL `written` behind the host, if that is this one. Upper and lower case of scheme and host make no
    /// difference, nor does the usual port, and the scheme may be missing.
    pub fn behind<'w>(&self, written: &'w str) -> Option<&'w str> {
        let (scheme, host) = self.origin.split_once("://")?;
        let without = |text: &'w str, start: &str| {
            let is_it = text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
            is_it.then(|| &text[start.len()..])
        };
        let after = without(written, scheme).and_then(|rest| rest.strip_prefix(':')).unwrap_or(written);
        let rest = without(after.strip_prefix("//")?, host)?;
        let port = if scheme == "https" { ":443" } else { ":80" };
        let rest = rest.strip_prefix(port).unwrap_or(rest);
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// The rest of `path`, which is written from the server's root, after the folder; `None` if it is outside of the folder,
    /// and without one.
    pub fn without_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.folder == "/" {
            return None;
        }
        let decoded = percent_decode(&self.folder);
        [self.folder.as_str(), decoded.as_str()].into_iter().find_map(|folder| {
            let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
            match rest.strip_prefix('/') {
                None if rest.is_empty() || rest.starts_with(['?', '#']) => Some(rest),
                inside => inside,
            }
        })
    }
}

/// True for a reference that names its own scheme or host, such as `mailto:ada@example.org` or `//example.org/`.
pub fn is_elsewhere(written: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let end = written.bytes().position(|byte| !is_part(&byte));
    written.starts_with("//")
        || (end.is_some_and(|end| written.as_bytes()[end] == b':')
            && written.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// `written` with all characters percent-encoded that a URL can't have (RFC 3986, section 2). What is encoded already
/// stays.
pub fn encode_written(written: &str) -> String {
    let bytes = written.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut url = String::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().copied().enumerate() {
        let is_stray = byte == b'%' && !(is_hex(at + 1) && is_hex(at + 2));
        if byte.is_ascii_graphic() && !is_stray && !b"<>\"{}|\\^`".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// True for a character that the address of a site can't have.
fn is_odd(letter: char) -> bool {
    letter.is_whitespace()
        || is_unseen(letter)
        || matches!(
            letter,
            ';' | '{' | '}' | '$' | '"' | '\'' | '`' | '\\' | '<' | '>' | '|' | '^' | '*' | '?' | '#'
        )
}

/// A character for a message.
fn shown(letter: char) -> String {
    match letter {
        ' ' => "blank".to_owned(),
        letter if letter.is_whitespace() || is_unseen(letter) => format!("U+{:04X}", u32::from(letter)),
        letter => format!("`{letter}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_before_every_path() {
        for text in ["https://example.org/blog", "https://example.org/blog/"] {
            let base = BaseUrl::parse(text).unwrap();
            let path = UrlPath::parse("/caf\u{e9}/").unwrap();
            assert_eq!(base.absolute(&path), "https://example.org/blog/caf%C3%A9/");
            assert_eq!(base.root_relative(&UrlPath::root()), "/blog/");
        }
        for (text, root) in [
            ("https://example.org/caf\u{e9}/", "/caf%C3%A9/"),
            ("https://example.org/50%25/", "/50%25/"),
            ("https://example.org/~ada/a_b-c.d+e/", "/~ada/a_b-c.d+e/"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().relative_root(), root, "{text}");
        }
        for host in ["https://[::1]:4000/", "https://b\u{fc}cher.example/", "http://my_host/"] {
            assert!(BaseUrl::parse(host).is_ok(), "{host}");
        }
        assert_eq!(
            BaseUrl::parse("http://localhost:8000").unwrap().absolute(&UrlPath::root()),
            "http://localhost:8000/"
        );
    }

    #[test]
    fn a_part_with_an_address_of_its_own_is_there_and_everything_else_at_the_sites() {
        let path = |text: &str| UrlPath::parse(text).unwrap();
        let host = |home: &str, url: &str| (path(home), BaseUrl::parse(url).unwrap());
        let site = BaseUrl::parse("https://example.org/blog/").unwrap();
        let site = site.with_hosts(vec![
            host("/de/", "https://de.example.org/"),
            host("/de/ch/", "https://example.ch/de/"),
        ]);
        let german = site.seen_from(&path("/de/x/"));
        for (one, url, of_site, of_german) in [
            ("/", "https://example.org/blog/", "/blog/", "https://example.org/blog/"),
            (
                "/deutsch/",
                "https://example.org/blog/deutsch/",
                "/blog/deutsch/",
                "https://example.org/blog/deutsch/",
            ),
            ("/de/", "https://de.example.org/", "https://de.example.org/", "/"),
            (
                "/de/\u{e4}/b.html",
                "https://de.example.org/%C3%A4/b.html",
                "https://de.example.org/%C3%A4/b.html",
                "/%C3%A4/b.html",
            ),
            ("/de/ch/a/", "https://example.ch/de/a/", "https://example.ch/de/a/", "https://example.ch/de/a/"),
        ] {
            assert_eq!(site.absolute(&path(one)), url, "{one}");
            assert_eq!(german.absolute(&path(one)), url, "{one}");
            assert_eq!(site.root_relative(&path(one)), of_site, "{one}");
            assert_eq!(german.root_relative(&path(one)), of_german, "{one}");
            // And back.
            assert_eq!(percent_decode(&site.inside(url).unwrap()), one);
            let (host, rest) = url.strip_prefix("https://").unwrap().split_once('/').unwrap();
            assert_eq!(percent_decode(&german.path_at(host, &format!("/{rest}")).unwrap()), one);
        }
        assert_eq!(german.copied(&path("/style.css")), "/style.css");
        assert_eq!(site.copied(&path("/style.css")), "/blog/style.css");
        assert_eq!(german.at_one_address("/a/?q#f"), "https://example.org/blog/de/a/?q#f");
        assert_eq!(site.at_one_address("//DE.example.org:443/a/"), "https://example.org/blog/de/a/");
        for written in
            ["https://example.net/a/", "a/", "#x", "https://example.org/other/", "mailto:a@de.example.org"]
        {
            assert_eq!(german.at_one_address(written), written);
        }
        assert_eq!(site.inside("https://de.example.org.evil.example/"), None);
    }

    #[test]
    fn what_is_no_address_of_a_site_is_refused() {
        for text in [
            "example.org",
            "ftp://example.org",
            "/blog",
            "https://example.org/?a",
            "https://example.org/#a",
            "https://example.org/a b/",
            "https://example.org/a%20b/",
            "https://example.org/%3Breturn/",
            "https://example.org/a;b/",
            "https://example.org/{a}/",
            "https://example.org/$a/",
            "https://example.org/%24a/",
            "https://example.org/%22/",
            "https://example.org/it's/",
            "https://example.org/%0Aa/",
            "https://example.org/a\nb/",
            "https://example.org/%E2%80%AE/",
            "https://example.org/%5C/",
            "https://example.org/a//b/",
            "https://example.org/*/",
            "https://exa;mple.org/",
            "https://exa$mple.org/",
            "https://me:secret@example.org/",
            "https:// example.org/",
            "",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }
}

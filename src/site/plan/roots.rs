//! Paths that authors write from the root: `/img/quay.png` is counted from the root of the site, wherever that is on its
//! server. In a text of a language with an address of its own it is counted from the root there, and where nothing is at
//! that path, from the site's.

use std::collections::{BTreeSet, HashSet};

use foldhash::fast::RandomState;

use super::Planned;
use crate::model::url::{BaseUrl, UrlPath, encode_written, is_elsewhere, percent_decode};

/// Resolves paths that are written from the root.
///
/// A path that begins with the folder of the base URL, such as `/repo/img/quay.png` at `https://example.org/repo/`, was
/// written from the server's root, unless the site has something at that path below its own root.
#[derive(Debug, Default)]
pub struct Roots {
    /// All paths of the site that begin with the folder of the base URL. Few sites have any.
    repeated: BTreeSet<UrlPath>,
    /// All paths of hosts other than the site's own, but for those of copies.
    of_hosts: HashSet<UrlPath, RandomState>,
    /// The paths of the copies that hosts have of files of the site.
    copies: HashSet<UrlPath, RandomState>,
}

impl Roots {
    /// Resolves paths among those of `documents`; `copies` are those of files that hosts have copies of.
    pub(super) fn new(base: &BaseUrl, documents: &[Planned], copies: HashSet<UrlPath, RandomState>) -> Roots {
        let folder = percent_decode(base.site().folder());
        let mut repeated = BTreeSet::new();
        if folder != "/" {
            let inside = documents.iter().filter(|planned| planned.path.as_str().starts_with(&folder));
            repeated.extend(inside.map(|planned| planned.path.clone()));
        }
        let is_of_host = |path: &&UrlPath| base.home_of(path).is_some() && !copies.contains(*path);
        let paths = documents.iter().map(|planned| &planned.path).filter(|_| base.has_hosts());
        let of_hosts = paths.filter(is_of_host).cloned().collect();
        Roots { repeated, of_hosts, copies }
    }

    /// All paths of the site that begin with the folder of the base URL.
    pub fn repeated(&self) -> &BTreeSet<UrlPath> {
        &self.repeated
    }

    /// The path of the site that `written` means on the present host of `base`. It may be percent-encoded; its query and
    /// fragment don't count. `None` for a URL with a scheme or host.
    pub fn path(&self, base: &BaseUrl, written: &str) -> Option<UrlPath> {
        if is_elsewhere(written) {
            return None;
        }
        let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
        let path = percent_decode(self.below(base, path));
        let here = base.home().and_then(|home| UrlPath::parse(&format!("{}{path}", home.as_str())).ok());
        here.filter(|path| self.is_of_host(path)).or_else(|| UrlPath::parse(&format!("/{path}")).ok())
    }

    /// True if a host other than the site's own has something at `path`, with a slash behind it or without.
    fn is_of_host(&self, path: &UrlPath) -> bool {
        let has = |text: &str| UrlPath::parse(text).is_ok_and(|path| self.of_hosts.contains(&path));
        let text = path.as_str();
        self.of_hosts.contains(path)
            || !text.ends_with('/') && has(&format!("{text}/"))
            || text.strip_suffix("index.html").is_some_and(has)
    }

    /// `written` as a URL from the server's root, or a whole one if another host has it; a URL with a scheme or host stays
    /// unchanged. Characters that a URL can't have are percent-encoded.
    pub fn url(&self, base: &BaseUrl, written: &str) -> String {
        if is_elsewhere(written) || written.starts_with(['#', '?']) {
            return encode_written(written);
        }
        if base.has_hosts()
            && let Some(path) = self.path(base, written)
        {
            let rest = &written[written.find(['?', '#']).unwrap_or(written.len())..];
            return self.link(base, &path) + &encode_written(rest);
        }
        base.relative_root() + &encode_written(self.below(base, written))
    }

    /// The address of the page or file at `path` for the pages of the present host of `base`.
    pub fn link(&self, base: &BaseUrl, path: &UrlPath) -> String {
        if self.is_copied(base, path) { base.copied(path) } else { base.root_relative(path) }
    }

    /// True if the present host of `base` has a copy of the file of the site at `path`.
    pub fn is_copied(&self, base: &BaseUrl, path: &UrlPath) -> bool {
        let copy = |home: &UrlPath| UrlPath::parse(&format!("{}{}", home.as_str(), &path.as_str()[1..]));
        base.home().and_then(|home| copy(home).ok()).is_some_and(|copy| self.copies.contains(&copy))
    }

    /// The address `written` without its leading slash, or without the folder of the base URL if it was written from the
    /// server's root.
    fn below<'w>(&self, base: &BaseUrl, written: &'w str) -> &'w str {
        let is_repeated = || {
            let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
            UrlPath::parse(&percent_decode(path)).is_ok_and(|path| self.repeated.contains(&path))
        };
        match base.without_folder(written) {
            Some(rest) if !is_repeated() => rest,
            _ => written.trim_start_matches('/'),
        }
    }
}

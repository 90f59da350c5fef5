//! Paths that authors write from the root: `/img/quay.png` is counted from the site's root, wherever the site is on its
//! server.

use std::collections::BTreeSet;

use super::Planned;
use crate::model::url::{BaseUrl, UrlPath, encode_written, is_elsewhere, percent_decode};

/// Resolves paths that are written from the root.
///
/// A path that begins with the folder of the base URL, such as `/repo/img/quay.png` at `https://example.org/repo/`, was
/// written from the server's root, unless the site has something at that path below its own root.
#[derive(Debug)]
pub struct Roots {
    base: BaseUrl,
    /// All paths of the site that begin with the folder of the base URL. Few sites have any.
    repeated: BTreeSet<UrlPath>,
}

impl Roots {
    pub(super) fn new(base: &BaseUrl, documents: &[Planned]) -> Roots {
        let folder = percent_decode(&base.relative_root());
        let mut repeated = BTreeSet::new();
        if folder != "/" {
            let inside = documents.iter().filter(|planned| planned.path.as_str().starts_with(&folder));
            repeated.extend(inside.map(|planned| planned.path.clone()));
        }
        Roots { base: base.clone(), repeated }
    }

    /// The base URL.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// All paths of the site that begin with the folder of the base URL.
    pub fn repeated(&self) -> &BTreeSet<UrlPath> {
        &self.repeated
    }

    /// The path of the site that `written` means. It may be percent-encoded; its query and fragment don't count. `None`
    /// for a URL with a scheme or host.
    pub fn path(&self, written: &str) -> Option<UrlPath> {
        if is_elsewhere(written) {
            return None;
        }
        let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
        UrlPath::parse(&format!("/{}", percent_decode(self.below(path)))).ok()
    }

    /// `written` as a URL from the server's root; a URL with a scheme or host stays unchanged. Characters that a URL
    /// can't have are percent-encoded.
    pub fn url(&self, written: &str) -> String {
        if is_elsewhere(written) || written.starts_with(['#', '?']) {
            return encode_written(written);
        }
        self.base.relative_root() + &encode_written(self.below(written))
    }

    /// The address `written` without its leading slash, or without the folder of the base URL if it was written from the
    /// server's root.
    fn below<'w>(&self, written: &'w str) -> &'w str {
        let is_repeated = || {
            let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
            UrlPath::parse(&percent_decode(path)).is_ok_and(|path| self.repeated.contains(&path))
        };
        match self.base.without_folder(written) {
            Some(rest) if !is_repeated() => rest,
            _ => written.trim_start_matches('/'),
        }
    }
}

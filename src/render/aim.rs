//! Where addresses lead: each address that an author writes is looked up among the sources and in the plan.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;

use super::Renderer;
use super::inputs::id_of;
use super::pictures::site_path;
use crate::config::LinkClass;
use crate::model::url::{UrlPath, is_elsewhere, percent_decode, scheme, walk};
use crate::site::identity::{Target, names_a_source};
use crate::site::plan::{Plan, Planned};

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aim {
    /// To something that exists, to another site, or to something that is held back.
    Sound,
    /// To the part with this id of the page at a path, which is looked up after rendering.
    Part(UrlPath, String),
    /// Nowhere; the path that it means, on the site or below `content/`.
    Dead(LinkClass, String),
}

/// The state of the addresses of a text, the worst last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Links {
    /// All lead to something.
    #[default]
    Sound,
    /// Some lead to parts of pages, which are looked up after rendering.
    WithParts,
    /// Some lead nowhere.
    Dead,
}

impl Aim {
    /// The state of a text with an address that leads there.
    pub fn state(&self) -> Links {
        match self {
            Aim::Sound => Links::Sound,
            Aim::Part(..) => Links::WithParts,
            Aim::Dead(..) => Links::Dead,
        }
    }
}

/// The target of an address of a rendered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    /// Another site, or a part of the page itself.
    Away,
    /// Something of the site, with the digest of its path.
    Own(u32),
    /// Nothing; the path that it means.
    Nowhere(LinkClass, String),
}

/// The paths of a site.
pub(super) struct Paths<'a> {
    /// The indices of the planned documents.
    documents: HashMap<&'a str, usize, RandomState>,
    /// The digests of their paths, in their order.
    ids: Vec<u32>,
    /// The paths of redirects, some of which no file makes.
    rules: HashSet<&'a str, RandomState>,
    /// All digests of paths.
    all: OnceLock<HashSet<u32, RandomState>>,
}

/// The paths of all documents and redirects of `plan`.
pub(super) fn paths(plan: &Plan) -> Paths<'_> {
    let documents =
        plan.documents.iter().enumerate().map(|(at, planned)| (planned.path.as_str(), at)).collect();
    // A rule for a query says nothing of the path without it.
    let rules =
        plan.rules.iter().filter(|rule| rule.query.is_none()).map(|rule| rule.path.as_str()).collect();
    let ids = plan.documents.iter().map(|planned| id_of(planned.path.as_str())).collect();
    Paths { documents, ids, rules, all: OnceLock::new() }
}

impl Paths<'_> {
    /// True if the site has paths with all these digests.
    pub fn have_all(&self, ids: &[u32]) -> bool {
        let all = || self.ids.iter().copied().chain(self.rules.iter().map(|rule| id_of(rule))).collect();
        ids.is_empty() || {
            let all = self.all.get_or_init(all);
            ids.iter().all(|id| all.contains(id))
        }
    }

    /// The digest of the path `path`, if a document has exactly that.
    pub fn exact(&self, path: &str) -> Option<u32> {
        self.documents.get(path).and_then(|at| self.ids.get(*at)).copied()
    }
}

impl<'a> Renderer<'a> {
    /// The planned document at `path`, readable, as a host finds it: with a slash behind it, or by the name of its file.
    pub(super) fn planned(&self, path: &str) -> Option<&'a Planned> {
        self.planned_at(path).and_then(|at| self.plan.documents.get(at))
    }

    /// The index of the planned document at `path`.
    fn planned_at(&self, path: &str) -> Option<usize> {
        let paths = &self.paths.documents;
        let at = paths.get(path).or_else(|| match path.strip_suffix("index.html") {
            Some(folder) if folder.ends_with('/') => paths.get(folder),
            _ if path.ends_with('/') => paths.get(&*format!("{path}index.html")),
            _ => paths.get(&*format!("{path}/")),
        });
        at.copied()
    }

    /// The digest of the path of what is at `path`: a document, or a redirect that no file makes.
    fn id_at(&self, path: &str) -> Option<u32> {
        let of_document = self.planned_at(path).and_then(|at| self.paths.ids.get(at)).copied();
        of_document.or_else(|| self.paths.rules.get(path).map(|rule| id_of(rule)))
    }

    /// The source of the document that has exactly the path `path`, for people.
    pub fn source_at(&self, path: &str) -> Option<&'a Arc<str>> {
        let at = self.paths.documents.get(path)?;
        self.plan.documents.get(*at).map(|planned| &planned.source)
    }

    /// True if a document has exactly the path `path`.
    pub(super) fn has_exactly(&self, path: &str) -> bool {
        self.paths.documents.contains_key(path)
    }

    /// True if there is something at `path`: a document, or a redirect that no file makes.
    pub(super) fn has(&self, path: &str) -> bool {
        self.planned(path).is_some() || self.paths.rules.contains(path)
    }

    /// The target of the address `written` in the source at `from` below `content/`, and where it leads.
    pub(super) fn aim(&self, from: &str, written: &str) -> (Target, Aim) {
        // Fast path: most addresses are paths as they are in the plan.
        let base = &self.config.base_url;
        let is_plain = base.is_at_root() && !base.has_hosts();
        if written.starts_with('/') && is_plain && self.has_exactly(written) {
            return (Target::Elsewhere, Aim::Sound);
        }
        let target = self.target(from, written);
        let aim = self.aim_at(from, written, &target);
        (target, aim)
    }

    /// The target of the link `written` in the source at `from`.
    pub(super) fn target(&self, from: &str, written: &str) -> Target {
        match self.links.follow(from, written) {
            Target::Elsewhere if self.links.has_held_files() => {
                let path = self.path_of(written).filter(|path| self.files.get(path).is_none());
                let held = path.and_then(|path| self.links.held_file(&path));
                held.map_or(Target::Elsewhere, |name| Target::HeldBackFile(name.to_string()))
            }
            target => target,
        }
    }

    /// The path on the site of the fixed link `written`: a path from the server's root, or a whole URL.
    fn path_of(&self, written: &str) -> Option<UrlPath> {
        if written.starts_with('/') && self.config.base_url.has_hosts() {
            return self.plan.roots.path(&self.config.base_url, written);
        }
        let written = self.config.base_url.at_one_address(written);
        let written = written.strip_prefix(self.config.base_url.site().origin()).unwrap_or(&written);
        if !written.starts_with('/') {
            return None;
        }
        let root = || UrlPath::parse(&percent_decode(written.split(['?', '#']).next()?)).ok();
        site_path(self.config, &self.plan.roots, written).or_else(root)
    }

    /// Where the address `written` with this `target` leads.
    fn aim_at(&self, from: &str, written: &str, target: &Target) -> Aim {
        match target {
            Target::Live(path, rest) => return part(path.clone(), rest),
            Target::HeldBack(_) | Target::HeldBackFile(_) | Target::Broken => return Aim::Sound,
            Target::Dead(name) => {
                let is_source = names_a_source(name) || written.starts_with("@/") || name.starts_with("[[");
                let class = if is_source { LinkClass::Sources } else { class_of(name) };
                return Aim::Dead(class, name.clone());
            }
            Target::Elsewhere => {}
        }
        // A path in a text may be one of its host; a whole URL says its host.
        let is_whole = is_elsewhere(written);
        let one =
            if is_whole { self.config.base_url.at_one_address(written) } else { Cow::Borrowed(written) };
        let written = &*one;
        let Some(local) = self.local(written) else { return Aim::Sound };
        let (path, rest) = local.split_at(local.find(['?', '#']).unwrap_or(local.len()));
        if path.is_empty() {
            let own = if local.len() == written.len() { self.page_of(from) } else { Some(UrlPath::root()) };
            return own.map_or(Aim::Sound, |own| part(own, rest));
        }
        let path = if path.starts_with('/') {
            let base = &self.config.base_url;
            let path = match is_whole && base.home().is_some() {
                true => self.plan.roots.path(&base.seen_from(&UrlPath::root()), &plain(path)),
                false => self.plan.roots.path(base, &plain(path)),
            };
            path.map(|path| path.as_str().to_owned())
        } else {
            let Some(page) = self.page_of(from) else { return Aim::Sound };
            beside(page.folder(), &percent_decode(path))
        };
        let Some(path) = path else { return Aim::Dead(class_of(written), written.to_owned()) };
        if !self.has(&path) {
            return Aim::Dead(class_of(&path), path);
        }
        if !rest.contains('#') {
            return Aim::Sound;
        }
        match UrlPath::parse(&path) {
            Ok(path) => part(path, rest),
            Err(_) => Aim::Sound,
        }
    }

    /// The target of the address `written` that the page at `page` has as it goes out: a path in it counts from the
    /// server's root.
    pub(super) fn lead(&self, page: &UrlPath, written: &str) -> Lead {
        let one = self.config.base_url.at_one_address_on(page, written.trim_ascii());
        let written = &*one;
        let base = self.config.base_url.site();
        // Fast path: most addresses are paths or URLs as they are in the plan.
        if base.is_at_root()
            && let Some(id) = self.paths.exact(written.strip_prefix(base.origin()).unwrap_or(written))
        {
            return Lead::Own(id);
        }
        let Some(local) = self.local(written) else { return Lead::Away };
        let path = &local[..local.find(['?', '#']).unwrap_or(local.len())];
        if path.is_empty() {
            return Lead::Away;
        }
        let below = match base.is_at_root() {
            true => path.strip_prefix('/'),
            false => base.without_folder(path),
        };
        let path = match below {
            Some(below) => beside("/", &percent_decode(below)),
            // Another site may be there, on the same server; a path of this one was meant for it.
            None if path.starts_with('/') => {
                let meant = percent_decode(path);
                let is_own = self.has(&meant);
                return if is_own { Lead::Nowhere(class_of(&meant), meant) } else { Lead::Away };
            }
            None => beside(page.folder(), &percent_decode(path)),
        };
        match path {
            Some(path) => match self.id_at(&path) {
                Some(id) => Lead::Own(id),
                None => Lead::Nowhere(class_of(&path), path),
            },
            None => Lead::Nowhere(class_of(written), written.to_owned()),
        }
    }

    /// The address `written`, as it is at the site's one address, without that; `None` for one of another site.
    pub(super) fn local<'w>(&self, written: &'w str) -> Option<&'w str> {
        let base = self.config.base_url.site();
        if let Some(rest) = base.behind(written) {
            let is_inside = base.is_at_root() || base.without_folder(rest).is_some();
            return is_inside.then_some(rest);
        }
        // A browser leaves out line breaks and tabs before it looks for a scheme.
        let has_scheme = || written.contains(char::is_control) && scheme(written).is_some();
        (!is_elsewhere(written) && !has_scheme()).then_some(written)
    }

    /// The path of the page of the source at `from` below `content/`.
    fn page_of(&self, from: &str) -> Option<UrlPath> {
        match self.links.follow("", &format!("@/{}", from.replace('%', "%25"))) {
            Target::Live(path, _) => Some(path),
            _ => None,
        }
    }
}

/// `path` without `.`, `..` and doubled slashes, as a browser reads it.
fn plain(path: &str) -> String {
    if path.contains("/.") || path.contains("//") {
        beside("/", path).unwrap_or_else(|| path.to_owned())
    } else {
        path.to_owned()
    }
}

/// The path of the site that `relative` means, seen from `folder`; `None` if it climbs out of the site.
fn beside(folder: &str, relative: &str) -> Option<String> {
    let path = walk(folder, relative)?;
    let is_folder = matches!(relative.rsplit('/').next(), Some("" | "." | ".."));
    let end = if is_folder && !path.is_empty() { "/" } else { "" };
    Some(format!("/{path}{end}"))
}

/// The aim of an address that leads to `path` with `rest` behind it.
fn part(path: UrlPath, rest: &str) -> Aim {
    let Some((_, fragment)) = rest.split_once('#') else { return Aim::Sound };
    // A browser looks for the text behind `:~:` itself.
    let id = percent_decode(fragment.split(":~:").next().unwrap_or_default());
    // Programs in pages read fragments such as `#/settings` and `#!settings`.
    if id.is_empty() || id.eq_ignore_ascii_case("top") || id.starts_with(['/', '!']) {
        return Aim::Sound;
    }
    Aim::Part(path, id)
}

/// The class of the address of a file or page.
pub(super) fn class_of(path: &str) -> LinkClass {
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some(
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "bmp" | "ico" | "tif" | "tiff"
            | "heic" | "jxl",
        ) => LinkClass::Pictures,
        None | Some("" | "html" | "htm" | "xhtml") => LinkClass::Paths,
        Some(other) if other.bytes().all(|byte| byte.is_ascii_digit()) => LinkClass::Paths,
        Some(_) if names_a_source(path) => LinkClass::Sources,
        Some(_) => LinkClass::Files,
    }
}

//! Links between sources, and the output path of every source and asset.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;

use super::owners::Owners;
use super::wiki::{self, Names};
use super::{Row, SectionRow, State};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::Stamp;
use crate::model::url::{SlugStyle, UrlPath, is_elsewhere, percent_decode, slugify, walk};
use crate::source::{FOLDER, Format, Found, SourceFile, below};

/// An asset with its place in the output.
#[derive(Debug, Clone)]
pub struct PlacedAsset {
    /// Its path on the site.
    pub path: UrlPath,
    /// The file, from the site's root: `content/news/ferry.png`.
    pub name: Arc<str>,
    /// The stamp of the file.
    pub stamp: Stamp,
    /// False if it belongs to a withheld article.
    pub live: bool,
}

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// No source; the link stays as written.
    Elsewhere,
    /// A public page or asset, and the rest of the link: a fragment with its `#`, or a query.
    Live(UrlPath, String),
    /// A withheld article.
    HeldBack(String),
    /// A file of a withheld article or section.
    HeldBackFile(String),
    /// A source that has errors of its own, which are reported anyway.
    Broken,
    /// A source that does not exist.
    Dead(String),
}

/// Problems with links.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LinkError {
    /// The link leads to a withheld article.
    #[error("this links to {target}, which is held back; the link's text stands without it")]
    #[diagnostic(
        severity(warning),
        code(link::held_back),
        help("nothing to do if that is meant: the link appears when the article does")
    )]
    HeldBack {
        /// The source that the link names.
        target: String,
    },
    /// The link leads to a file of a withheld article.
    #[error("this leads to {target}, a file of something that is held back and in no output")]
    #[diagnostic(
        code(link::held_back_file),
        help(
            "copy the file beside this article or into `static/`, or wait with the link until that article is public"
        )
    )]
    HeldBackFile {
        /// The file that the link names.
        target: String,
    },
}

/// The output paths of all sources and assets.
#[derive(Debug, Default)]
pub struct LinkMap {
    /// Places by name, in order.
    places: Vec<(Arc<str>, Whereabouts)>,
    /// Names of files that are held back, by the paths that they would have.
    held_files: HashMap<UrlPath, Arc<str>>,
    /// The keys of the languages of a site in several, its own first.
    languages: Vec<String>,
    /// Names for links between double brackets, made with the first of them.
    names: OnceLock<Names>,
}

#[derive(Debug, Clone)]
enum Whereabouts {
    Live(UrlPath),
    HeldBack,
    HeldBackFile,
    Broken,
}

impl LinkMap {
    /// Maps everything that was settled; `broken` are the names of the sources with errors.
    pub fn new(
        settled: &[Box<Row>],
        sections: &BTreeMap<String, SectionRow>,
        assets: &[PlacedAsset],
        broken: impl IntoIterator<Item = Arc<str>>,
        config: &Config,
    ) -> Self {
        let place = |one: &Row| (one.name().clone(), one.has_page().then(|| one.path.clone()));
        let leaves = settled.par_iter().map(|one| place(one)).collect();
        let keys = config.languages.iter().filter(|_| config.is_multilingual());
        let languages = keys.map(|one| one.key.clone()).collect();
        LinkMap { languages, ..LinkMap::of(leaves, sections, assets, broken) }
    }

    /// Maps articles and pages by their `names`, each with its path if it has one.
    fn of(
        leaves: Vec<(Arc<str>, Option<UrlPath>)>,
        sections: &BTreeMap<String, SectionRow>,
        assets: &[PlacedAsset],
        broken: impl IntoIterator<Item = Arc<str>>,
    ) -> Self {
        let place = |live: bool, path: &UrlPath| match live {
            true => Whereabouts::Live(path.clone()),
            false => Whereabouts::HeldBack,
        };
        let leaf = |path: Option<UrlPath>| path.map_or(Whereabouts::HeldBack, Whereabouts::Live);
        let mut places: Vec<(Arc<str>, Whereabouts)> =
            leaves.into_par_iter().map(|(name, path)| (name, leaf(path))).collect();
        for section in sections.values() {
            if let Some(document) = &section.document {
                places.push((document.name.clone(), place(!section.is_held(), &section.path)));
            }
        }
        places.extend(assets.iter().map(|asset| {
            let place =
                if asset.live { Whereabouts::Live(asset.path.clone()) } else { Whereabouts::HeldBackFile };
            (asset.name.clone(), place)
        }));
        places.extend(broken.into_iter().map(|name| (name, Whereabouts::Broken)));
        places.par_sort_by(|a, b| a.0.cmp(&b.0));
        let held = assets.iter().filter(|asset| !asset.live);
        let held_files = held.map(|asset| (asset.path.clone(), asset.name.clone())).collect();
        LinkMap { places, held_files, ..LinkMap::default() }
    }

    /// The name of the file that is held back and would have the path `path` on the site.
    pub fn held_file(&self, path: &UrlPath) -> Option<&Arc<str>> {
        self.held_files.get(path)
    }

    /// True if files are held back.
    pub fn has_held_files(&self) -> bool {
        !self.held_files.is_empty()
    }

    /// The names of all sources and assets, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|(name, _)| &**name)
    }

    /// True if `written` has the same target with any sources: a path from the root, another site, or a part of its own
    /// page.
    pub fn is_fixed(written: &str) -> bool {
        let path = &written[..end_of_path(written)];
        path.is_empty() || (!path.starts_with("@/") && (path.starts_with('/') || is_elsewhere(path)))
    }

    /// The target of the destination `written` in the source at `from` below `content/`.
    pub fn follow(&self, from: &str, written: &str) -> Target {
        if let Some((name, fragment)) = wiki::parts(written) {
            return self.follow_name(from, name, fragment);
        }
        let (path, rest) = written.split_at(end_of_path(written));
        let from_root = path.strip_prefix("@/");
        if LinkMap::is_fixed(written) {
            return Target::Elsewhere;
        }
        let folder =
            if from_root.is_some() { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
        let decoded = percent_decode(from_root.unwrap_or(path));
        let Some(full) = walk(folder, &decoded) else {
            // Seen from the page, the same path may be on the site: `../../about/` of `news/ferry.md`.
            return match from_root.is_none() && !names_a_source(&decoded) {
                true => Target::Elsewhere,
                false => Target::Dead(format!("{FOLDER}/{decoded}")),
            };
        };
        let name = format!("{FOLDER}/{full}");
        let find = |name: &str| self.find(name);
        // The name of a file, as front matter has it, may have `%`, `?` and `#` that belong to it.
        let literal = || {
            let whole = walk(folder, written.strip_prefix("@/").unwrap_or(written))?;
            find(&format!("{FOLDER}/{whole}"))
        };
        let (found, rest) = match self.in_language_of(from, &full).or_else(|| find(&name)) {
            None => (literal(), ""),
            found => (found, rest),
        };
        match found.map(|at| &self.places[at].1) {
            Some(Whereabouts::Live(path)) => Target::Live(path.clone(), rest.to_owned()),
            Some(Whereabouts::HeldBack) => Target::HeldBack(name),
            Some(Whereabouts::HeldBackFile) => Target::HeldBackFile(name),
            Some(Whereabouts::Broken) => Target::Broken,
            // A relative link to a page's folder or to an unknown file is left to the author. A link that names a
            // source file is checked.
            None if from_root.is_none() && !names_a_source(&full) => Target::Elsewhere,
            None => Target::Dead(name),
        }
    }

    /// The place with this name, as an index.
    fn find(&self, name: &str) -> Option<usize> {
        self.places.binary_search_by(|(known, _)| (**known).cmp(name)).ok()
    }

    /// The key of the language of the source at `path` below `content/`, as far as its path tells.
    fn language_of(&self, path: &str) -> Option<&String> {
        let name = path.rsplit('/').next()?;
        let by_name = name.rsplit_once('.').and_then(|(stem, _)| Some(stem.rsplit_once('.')?.1));
        let by_folder = path.split_once('/').map(|(folder, _)| folder);
        let find = |tag: &str| self.languages.iter().find(|key| key.eq_ignore_ascii_case(tag));
        by_name.and_then(find).or_else(|| by_folder.and_then(find)).or(self.languages.first())
    }

    /// The public translation of the source at `to` into the language of the source at `from`, as an index; both are
    /// paths below `content/`.
    fn in_language_of(&self, from: &str, to: &str) -> Option<usize> {
        let own = self.languages.first()?;
        Format::of(to)?;
        let key = self.language_of(from).filter(|key| *key != own)?;
        let (stem, extension) = to.rsplit_once('.')?;
        let names_a_language = |tag: &str| self.languages.iter().any(|key| key.eq_ignore_ascii_case(tag));
        if stem.rsplit('/').next()?.rsplit_once('.').is_some_and(|(_, tag)| names_a_language(tag)) {
            return None;
        }
        let below = |folder: &str| stem.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        let plain = below(key).or_else(|| below(own)).unwrap_or(stem);
        let names = [
            format!("{FOLDER}/{plain}.{key}.{extension}"),
            format!("{FOLDER}/{key}/{plain}.{extension}"),
            // An article without a translation is there in the site's own language.
            format!("{FOLDER}/{plain}.{extension}"),
            format!("{FOLDER}/{own}/{plain}.{extension}"),
        ];
        let mut found = names.iter().filter_map(|name| self.find(name));
        found.find(|at| matches!(self.places[*at].1, Whereabouts::Live(_)))
    }

    /// The target of the link to the source `name` between double brackets, in the source at `from`. Of several with one
    /// name, it is the one in the same folder.
    fn follow_name(&self, from: &str, name: &str, fragment: &str) -> Target {
        let rest = match fragment {
            "" => String::new(),
            fragment => format!("#{}", slugify(fragment, SlugStyle::Unicode)),
        };
        let here = format!("{FOLDER}/{from}");
        let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut found = self.wiki_names().find(name);
        // Translations have one name: the one in the language of the text is meant, else the site's own.
        for wanted in [self.language_of(from), self.languages.first()] {
            let of = |at: &usize| self.language_of(below(self.name_at(*at)));
            if wanted.is_some() && found.iter().any(|at| of(at) == wanted) {
                found.retain(|at| of(at) == wanted);
                break;
            }
        }
        let is_beside =
            |at: &&usize| self.name_at(**at).rsplit_once('/').is_some_and(|(other, _)| other == folder);
        let beside: Vec<usize> = found.iter().filter(is_beside).copied().collect();
        let chosen = match (found.as_slice(), beside.as_slice()) {
            ([one], _) | (_, [one]) => Some(*one),
            _ => None,
        };
        match chosen.map(|at| &self.places[at]) {
            _ if name.is_empty() && !rest.is_empty() => Target::Elsewhere,
            Some((_, Whereabouts::Live(path))) => Target::Live(path.clone(), rest),
            Some((name, Whereabouts::HeldBack | Whereabouts::HeldBackFile)) => {
                Target::HeldBack(name.to_string())
            }
            Some((_, Whereabouts::Broken)) => Target::Broken,
            None => Target::Dead(format!("[[{name}]]")),
        }
    }

    /// The names of sources.
    pub(super) fn wiki_names(&self) -> &Names {
        self.names.get_or_init(|| {
            Names::of(self.places.iter().enumerate().map(|(at, (name, place))| {
                let slug = match place {
                    Whereabouts::Live(path) => path.as_str().trim_end_matches('/').rsplit('/').next(),
                    _ => None,
                };
                (at, &**name, slug)
            }))
        })
    }

    /// The name of the source or file with this index.
    pub(super) fn name_at(&self, at: usize) -> &str {
        self.places.get(at).map_or("", |(name, _)| name)
    }
}

/// The byte at which the path of the reference `written` ends.
fn end_of_path(written: &str) -> usize {
    memchr::memchr2(b'#', b'?', written.as_bytes()).unwrap_or(written.len())
}

/// True if a link to `path` must be intended for a source.
pub fn names_a_source(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".markdown")
}

/// True if the file at `path` below `content/` can't be anything but a source.
fn is_source(path: &str) -> bool {
    Format::of(path) == Some(Format::Markdown)
}

/// The path below `content/` of the file that the symbolic link `found` leads to.
fn real_path(found: &Found) -> Option<&str> {
    found.real.as_deref().and_then(|real| real.strip_prefix(FOLDER)?.strip_prefix('/'))
}

/// Holds back the articles and pages whose sources are symbolic links to files that are held back where they are.
pub fn hold_links(
    sources: &[SourceFile],
    left_out: &HashSet<&str>,
    settled: &mut [Box<Row>],
    sections: &BTreeMap<String, SectionRow>,
) {
    let links: Vec<(&Arc<str>, &str)> =
        sources.iter().filter_map(|one| Some((&one.found.name, real_path(&one.found)?))).collect();
    if links.is_empty() {
        return;
    }
    let owners = Owners::new(settled, sections, left_out);
    let held: HashSet<&Arc<str>> =
        links.into_iter().filter(|(_, real)| !owners.is_public(real)).map(|(name, _)| name).collect();
    for row in settled.iter_mut().filter(|row| held.contains(row.name())) {
        row.state = State::Draft;
    }
}

/// Places every asset: beside its article if it is in a bundle, else in its section's folder. Assets in the folders
/// `left_out`, below `content/`, are dropped: nobody knows whether their article is public.
pub fn place_assets(
    assets: Vec<Found>,
    left_out: &HashSet<&str>,
    settled: &[Box<Row>],
    sections: &BTreeMap<String, SectionRow>,
    problems: &mut Vec<Problem>,
) -> Vec<PlacedAsset> {
    let owners = Owners::new(settled, sections, left_out);
    let mut placed = Vec::with_capacity(assets.len());
    for asset in assets {
        let path = asset.path();
        let Some((length, base, is_public)) = owners.of(path) else { continue };
        let rest = path[length..].trim_start_matches('/');
        // A symbolic link to a file of another article, or to a source, publishes nothing that is held back there.
        let live =
            is_public && real_path(&asset).is_none_or(|real| owners.is_public(real) && !is_source(real));
        match UrlPath::parse(&format!("{base}{rest}")) {
            Ok(path) => placed.push(PlacedAsset { path, name: asset.name, stamp: asset.stamp, live }),
            Err(error) => problems.push(Problem::new(error, Place::file(asset.name))),
        }
    }
    placed
}

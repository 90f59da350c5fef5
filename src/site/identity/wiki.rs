//! Links between double brackets: `[[harbour-opens]]` names a source by its file, its folder or the last part of its path.

use std::collections::BTreeMap;

use super::links::LinkMap;
use crate::model::suggest::nearest;
use crate::model::url::{SlugStyle, slugify};
use crate::source::{FOLDER, Format};

/// The name and the fragment of the link `written`, if it stands between double brackets.
pub(super) fn parts(written: &str) -> Option<(&str, &str)> {
    let inner = written.strip_prefix("[[")?.strip_suffix("]]")?;
    let (name, fragment) = inner.split_once('#').unwrap_or((inner, ""));
    Some((name.trim(), fragment.trim()))
}

/// The indices of sources by the names that they can be called.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, Vec<usize>>);

impl Names {
    /// The names of `sources`: the index of each, its name, and the last part of its path.
    pub fn of<'a>(sources: impl Iterator<Item = (usize, &'a str, Option<&'a str>)>) -> Names {
        let mut names = Names::default();
        for (at, source, slug) in sources {
            let Some(inside) = source.strip_prefix(FOLDER).filter(|_| Format::of(source).is_some()) else {
                continue;
            };
            let inside = inside.trim_start_matches('/');
            let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
            let stem = ["/index", "/_index"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
            let mut own = vec![key(stem), key(stem.rsplit('/').next().unwrap_or_default())];
            own.extend(slug.map(key));
            own.sort_unstable();
            own.dedup();
            for name in own.into_iter().filter(|name| !name.is_empty()) {
                names.0.entry(name).or_default().push(at);
            }
        }
        names
    }

    /// The sources called `name`. A path may begin anywhere.
    pub fn find(&self, name: &str) -> Vec<usize> {
        let wanted = key(name);
        if let Some(found) = self.0.get(&wanted) {
            return found.clone();
        }
        let end = format!("/{wanted}");
        let by_path = self.0.iter().filter(|(known, _)| wanted.contains('/') && known.ends_with(&end));
        let mut found: Vec<usize> = by_path.flat_map(|(_, found)| found.iter().copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The name most similar to `name`.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(&key(name), self.0.keys().map(String::as_str))
    }
}

/// A name or a path as it is compared.
fn key(name: &str) -> String {
    let name = name.trim_matches('/');
    let name = [".md", ".markdown", ".html"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    name.split('/').map(|part| slugify(part, SlugStyle::Unicode)).collect::<Vec<_>>().join("/")
}

impl LinkMap {
    /// A remedy for the link `written` that leads nowhere, or to several sources, if it stands between double brackets.
    pub fn wiki_remedy(&self, written: &str) -> Option<String> {
        let (name, _) = parts(written)?;
        let found = self.wiki_names().find(name);
        let path = |at: &usize| {
            let source = self.name_at(*at);
            let inside = source.strip_prefix(FOLDER).unwrap_or(source).trim_start_matches('/');
            inside.rsplit_once('.').map_or(inside, |(stem, _)| stem).trim_end_matches("/index").to_owned()
        };
        if found.len() > 1 {
            let all: Vec<String> = found.iter().take(4).map(|at| format!("`[[{}]]`", path(at))).collect();
            return Some(format!("several sources have this name; write {}", all.join(" or ")));
        }
        Some(match self.wiki_names().nearest(name) {
            Some(near) => format!("did you mean `[[{near}]]`?"),
            None => "write the name of a source, such as `[[harbour-opens]]`, or its path below `content/`"
                .to_owned(),
        })
    }
}

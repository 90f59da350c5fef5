//! Remedies for addresses that lead nowhere: the nearest name that exists.

use std::collections::{BTreeMap, HashMap};

use unicode_normalization::UnicodeNormalization;

use super::Finding;
use crate::config::LinkClass;
use crate::model::suggest::nearest;
use crate::render::aim::class_of;
use crate::render::inputs::Site;
use crate::site::plan::Shows;
use crate::source::FOLDER;

/// The most names that are compared with misspelt ones in one build: each comparison takes about a microsecond.
const MOST_COMPARED: usize = 1_000_000;

/// The names of all that addresses can lead to, for remedies. They are gathered only if there is something to mend.
pub(super) struct Names<'a> {
    /// Paths of the site, in order, by their last parts in small letters.
    paths: BTreeMap<String, Vec<&'a str>>,
    /// Names of sources, by their last parts in small letters.
    sources: BTreeMap<String, Vec<&'a str>>,
    /// Names that may still be compared.
    left: usize,
    /// The nearest of the names that were looked for, by class.
    compared: HashMap<(LinkClass, String), Option<String>>,
}

impl<'a> Names<'a> {
    pub fn new(site: Site<'a>) -> Names<'a> {
        let all = site.all;
        let mut names = Names {
            paths: BTreeMap::new(),
            sources: BTreeMap::new(),
            left: MOST_COMPARED,
            compared: HashMap::new(),
        };
        for planned in &all.plan.documents {
            // Generated pictures have names that nobody writes.
            if !matches!(planned.shows, Shows::Picture(..) | Shows::Card(_)) {
                let path = planned.path.as_str();
                names.paths.entry(last(path)).or_default().push(path);
            }
        }
        for name in all.links.names() {
            names.sources.entry(last(name)).or_default().push(name);
        }
        names.paths.values_mut().chain(names.sources.values_mut()).for_each(|same| same.sort_unstable());
        names
    }

    /// A remedy for an address of `class` that means `path`, which does not exist.
    pub fn remedy(&mut self, class: LinkClass, path: &str, finding: &Finding) -> String {
        let written = &finding.written;
        let is_source = class == LinkClass::Sources;
        if !is_source && written.starts_with("www.") {
            return format!("did you mean `https://{written}`?");
        }
        if let Some(name) = self.near(is_source, class, path) {
            let near = as_written(name, path, written, finding);
            if name != path && name.nfc().eq(path.nfc()) {
                return format!(
                    "`{near}` looks like it but is made of other characters, letters and accents apart, as some disks keep names; rename the file as it is written here"
                );
            }
            return format!("did you mean `{near}`?");
        }
        let remedy = match class {
            LinkClass::Sources => {
                "correct the path; it counts from this file's folder, or from `content/` after `@/`"
            }
            LinkClass::Pictures | LinkClass::Files => {
                "put the file beside the source or under `static/`, or correct the name; capital letters count"
            }
            _ => {
                "correct the path, or link the source itself, as in `[text](ferry.md)`; `ignore` of `[check]` names addresses that something else answers"
            }
        };
        remedy.to_owned()
    }

    /// A remedy for an address in a template or in the settings.
    pub fn remedy_in_template(&mut self, class: LinkClass, path: &str, finding: &Finding) -> String {
        if self.has(path) {
            let written = &finding.written;
            // A style sheet has no filters, but its addresses count from its folder.
            if let Some(sheet) = finding.place.file.strip_suffix(".css") {
                let up = "../".repeat(sheet.split('/').count().saturating_sub(2));
                let from_sheet = format!("{up}{}", written.trim_start_matches('/'));
                return format!(
                    "the site is below a path, so write it from the folder of the style sheet: `{from_sheet}`"
                );
            }
            return format!("the site is below a path, so write `{{{{ \"{written}\" | relative_url }}}}`");
        }
        match self.near(false, class, path) {
            Some(name) => format!("did you mean `{}`?", as_written(name, path, &finding.written, finding)),
            None => "correct the path; `ignore` of `[check]` names addresses that something else answers"
                .to_owned(),
        }
    }

    fn has(&self, path: &str) -> bool {
        self.paths.get(&last(path)).is_some_and(|same| same.contains(&path))
    }

    /// The name that is nearest to `path`.
    fn near(&mut self, is_source: bool, class: LinkClass, path: &str) -> Option<&'a str> {
        let wanted = last(path);
        let names = if is_source { &self.sources } else { &self.paths };
        let in_class = |name: &&&str| is_source || class_of(name) == class;
        // Of several with one name, the one in the same folder, else the one in the folder that looks most alike.
        let choose = |same: &Vec<&'a str>| {
            let alike = |name: &&&str| {
                let (own, other) = (folder(path), folder(name));
                let pairs = own.bytes().rev().zip(other.bytes().rev());
                (own == other, pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count())
            };
            same.iter().filter(in_class).max_by_key(alike).copied()
        };
        if let Some(name) = names.get(&wanted).and_then(choose) {
            return Some(name);
        }
        let key = (class, wanted);
        if let Some(known) = self.compared.get(&key) {
            return known.as_ref().and_then(|near| names.get(near)).and_then(choose);
        }
        self.left = self.left.checked_sub(names.len())?;
        let (_, wanted) = &key;
        // At most a third of the letters may differ, so the lengths are near, too.
        let length = wanted.len();
        let is_near = |name: &&String| name.len().abs_diff(length) <= name.len().max(length) / 3;
        let of_class =
            names.iter().filter(|(name, same)| is_near(name) && same.iter().any(|one| in_class(&one)));
        let near = nearest(wanted, of_class.map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()));
        let found = near.and_then(|near| names.get(near)).and_then(choose);
        self.compared.insert(key, near.map(str::to_owned));
        found
    }
}

/// The last part of a path, in small letters and composed (NFC), without a slash at its end.
fn last(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    if name.is_ascii() { name } else { name.nfc().collect() }
}

/// The folder of `path`, with its slash.
fn folder(path: &str) -> &str {
    &path[..path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1)]
}

/// `name` as the author of a dead address would write it: without its folder where that was right.
fn as_written(name: &str, path: &str, written: &str, finding: &Finding) -> String {
    let rest = &written[written.find(['?', '#']).unwrap_or(written.len())..];
    if folder(name) == folder(path) && !written.contains("://") {
        let bare = &written[..written.len() - rest.len()];
        return format!("{}{}{rest}", folder(bare), &name[folder(name).len()..]);
    }
    match name.strip_prefix(FOLDER) {
        Some(below) => {
            let own = finding.source.rsplit_once('/').map_or("", |(folder, _)| folder);
            match name.strip_prefix(own).and_then(|rest| rest.strip_prefix('/')) {
                Some(beside) if !beside.contains('/') => format!("{beside}{rest}"),
                _ => format!("@{below}{rest}"),
            }
        }
        None => format!("{name}{rest}"),
    }
}

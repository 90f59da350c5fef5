//! The texts of all templates, in layers: the site's own, those of its theme, those of the built-in theme.
//!
//! A template of the site has a plain name; one of the theme has the prefix `theme/`. If the site lacks a plain name,
//! Tera takes the theme's template (`fallback_prefixes`). So a file replaces the theme's by having its name, and can
//! still extend it. The theme is the folder named by `theme.folder`, completed by the built-in theme. The prefix
//! `built-in/` names the built-in theme's own version.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::reads::{Parts, Reference};
use super::{TemplateError, theme};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::suggest::nearest;
use crate::source::Found;
use crate::storage;

/// Prefix of the theme's templates.
pub(super) const THEME: &str = "theme/";

/// Prefix of the built-in theme's templates.
pub(super) const BUILT_IN: &str = "built-in/";

/// A template as written.
#[derive(Clone)]
pub(super) struct Source {
    pub text: String,
    /// Its file name, for people.
    pub file: String,
    /// True for a file of the publisher: in the site's `templates/` or in its theme's folder.
    pub own: bool,
}

/// Templates as written, by the names under which Tera knows them.
///
/// Templates of the theme are loaded only if the site does not replace them, if a template names them with `theme/`, or
/// if they have components. A theme's template that nobody uses need not fit the site's own.
#[derive(Clone)]
pub(super) struct Sources {
    loaded: BTreeMap<String, Source>,
    /// The names of the theme's templates that are not loaded.
    left: BTreeSet<String>,
}

impl Sources {
    /// Reads the `own` templates of the site at `root`, including those of the theme's folder. A file is a template by
    /// its ending, or because an output of `config` names it.
    pub fn load(root: &Path, own: &[Found], config: &Config, problems: &mut Vec<Problem>) -> Sources {
        let theme_folder = config.theme.folder.as_deref();
        let is_named = |name: &str| config.outputs.iter().any(|output| output.template == name);
        let (mut site, mut folder) = (BTreeMap::new(), BTreeMap::new());
        for file in own.iter().filter(|file| is_template(file.path()) || is_named(file.path())) {
            let name = file.path();
            if let Some(prefix) = prefix(name) {
                problems
                    .push(Problem::new(TemplateError::Reserved { prefix }, Place::file(file.name.clone())));
                continue;
            }
            match read(root, file) {
                Ok(text) => {
                    let layer = if is_in(theme_folder, &file.name) { &mut folder } else { &mut site };
                    layer.insert(name.to_owned(), Source { text, file: file.name.to_string(), own: true });
                }
                Err(problem) => problems.push(problem),
            }
        }
        Sources::layered(site, folder, theme_folder.is_some())
    }

    /// Adds the theme below the site's own templates. `folder` is the layer between them and the built-in theme, if
    /// there is one (`has_folder`).
    fn layered(
        site: BTreeMap<String, Source>,
        folder: BTreeMap<String, Source>,
        has_folder: bool,
    ) -> Sources {
        let mut theme: BTreeMap<String, Source> = BTreeMap::new();
        for (name, text) in theme::TEMPLATES {
            let source = || Source { text: (*text).to_owned(), file: format!("theme/{name}"), own: false };
            theme.insert(format!("{THEME}{name}"), source());
            if has_folder {
                theme.insert(format!("{BUILT_IN}{name}"), source());
            }
        }
        let replaced: BTreeSet<String> = folder.keys().cloned().collect();
        theme.extend(folder.into_iter().map(|(name, source)| (format!("{THEME}{name}"), source)));
        // A component stays available even if the file around it is replaced.
        let is_needed = |full: &str, source: &Source| match full.strip_prefix(THEME) {
            Some(name) => !site.contains_key(name) || has_components(&source.text),
            None => replaced.contains(plain(full)) && has_components(&source.text),
        };
        let (mut loaded, mut left): (BTreeMap<String, Source>, BTreeMap<String, Source>) =
            theme.into_iter().partition(|(full, source)| is_needed(full, source));
        loaded.extend(site);
        let mut waiting: Vec<String> = loaded.keys().cloned().collect();
        while let Some(name) = waiting.pop() {
            let text = &loaded[&name].text;
            if !text.contains(THEME) && !text.contains(BUILT_IN) {
                continue;
            }
            for named in Parts::of(text).texts {
                if let Some(source) = left.remove(&named) {
                    waiting.push(named.clone());
                    loaded.insert(named, source);
                }
            }
        }
        Sources { loaded, left: left.into_keys().collect() }
    }

    /// The name under which Tera finds `name`, and the template.
    pub fn resolve(&self, name: &str) -> Option<(&str, &Source)> {
        let found = self.loaded.get_key_value(name);
        let found = found.or_else(|| self.loaded.get_key_value(&format!("{THEME}{name}")));
        found.map(|(name, source)| (name.as_str(), source))
    }

    /// All templates with their full names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.loaded.iter().map(|(name, source)| (name.as_str(), source))
    }

    /// The names of the site's own templates.
    pub fn of_site(&self) -> impl Iterator<Item = &str> {
        self.loaded.keys().map(String::as_str).filter(|name| prefix(name).is_none())
    }

    /// Every name that finds a template; names of the theme with and without `theme/`.
    pub fn names(&self) -> BTreeSet<&str> {
        let full = self.loaded.keys().map(String::as_str);
        full.flat_map(|name| [Some(name), name.strip_prefix(THEME)]).flatten().collect()
    }

    /// An error for each missing template that another one extends or includes.
    pub fn missing(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (_, source) in self.iter().filter(|(_, source)| source.own) {
            for Reference { name, range } in Parts::of(&source.text).references {
                if self.resolve(&name).is_none() {
                    let place = Place::in_text(source.file.clone(), &source.text, range);
                    problems.push(Problem::new(self.no_such(&name), place));
                }
            }
        }
        problems
    }

    /// The error for a missing template `name`.
    pub fn no_such(&self, name: &str) -> TemplateError {
        TemplateError::Missing { name: name.to_owned(), remedy: self.remedy(name) }
    }

    /// A remedy for a missing template `name`.
    pub fn remedy(&self, name: &str) -> String {
        let mut known = self.names();
        known.extend(self.left.iter().map(String::as_str));
        // For a name without a prefix, only names without one are suggested.
        let known = known.into_iter().filter(|one| prefix(one) == prefix(name));
        match (nearest_name(name, known), prefix(name)) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(_)) => "`dateline theme eject` lists the theme's templates".to_owned(),
            (None, None) => format!("add `templates/{name}`, or correct the name"),
        }
    }

    /// The error for templates that extend or include each other in a circle. `chain` are the names that Tera followed;
    /// the last one closes the circle.
    pub fn circle(&self, chain: &[String]) -> Problem {
        let last = chain.last().map_or("", String::as_str);
        let start = chain.iter().position(|name| name == last).unwrap_or_default();
        let circle = &chain[start..];
        let next = circle.get(1).map_or(last, String::as_str);
        let is_known = |full: &str| self.loaded.contains_key(full) || self.left.contains(full);
        let replaced = format!("{}{}", if last.starts_with(THEME) { BUILT_IN } else { THEME }, plain(last));
        let remedy = if circle.len() == 2 && is_known(&replaced) {
            format!("`{replaced}` is the version that yours replaces")
        } else {
            "take one of their tags out".to_owned()
        };
        let cause = TemplateError::Circle { chain: circle.join("` → `"), remedy };
        let place = self.loaded.get(last).map(|source| {
            let references = Parts::of(&source.text).references;
            let leads_on = |one: &&Reference| self.resolve(&one.name).is_some_and(|(name, _)| name == next);
            let range = references.iter().find(leads_on).map_or(0..0, |one| one.range.clone());
            Place::in_text(source.file.clone(), &source.text, range)
        });
        Problem::new(cause, place.unwrap_or_else(|| Place::file(last)))
    }
}

#[cfg(test)]
impl Sources {
    /// The site's own templates without a theme.
    pub fn of(templates: &[(&str, &str)]) -> Sources {
        let one = |(name, text): &(&str, &str)| {
            let source = Source { text: (*text).to_owned(), file: (*name).to_owned(), own: true };
            ((*name).to_owned(), source)
        };
        Sources { loaded: templates.iter().map(one).collect(), left: BTreeSet::new() }
    }
}

fn read(root: &Path, file: &Found) -> Result<String, Problem> {
    storage::file::read_text(&file.file(root), storage::file::TEMPLATE).map_err(|error| {
        let reason = error.to_string();
        Problem::new(TemplateError::Unreadable { reason }, Place::file(file.name.clone()))
    })
}

/// True if the file `name` is in `folder`.
fn is_in(folder: Option<&str>, name: &str) -> bool {
    folder.and_then(|folder| name.strip_prefix(folder)).is_some_and(|rest| rest.starts_with('/'))
}

/// `theme/` or `built-in/`, if `name` begins with it.
pub(super) fn prefix(name: &str) -> Option<&'static str> {
    [THEME, BUILT_IN].into_iter().find(|prefix| name.starts_with(prefix))
}

/// `name` without the theme's prefix.
pub(super) fn plain(name: &str) -> &str {
    prefix(name).and_then(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// The most similar name to `name` among the templates `known`. Prefixes and extensions such as `.html` are not
/// compared.
pub(super) fn nearest_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    fn proper(name: &str) -> &str {
        let name = plain(name);
        name.rsplit_once('.').map_or(name, |(proper, _)| proper)
    }
    let by_proper: BTreeMap<&str, &str> = known.map(|name| (proper(name), name)).collect();
    nearest(proper(name), by_proper.keys().copied()).and_then(|near| by_proper.get(near).copied())
}

/// True if the template `text` defines components.
pub(super) fn has_components(text: &str) -> bool {
    Parts::of(text).names.contains("component")
}

/// True for the names of files that are templates.
fn is_template(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "html" | "htm" | "xml" | "txt" | "json" | "svg")
}

//! The paths of an article or page: its own, its former ones, and its aliases.

use chrono::NaiveDate;

use super::IdentityError;
use super::settle::bare_name;
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::{PathError, UrlPath, percent_decode, slugify};
use crate::site::ledger::Record;
use crate::source::{Document, Placed};

/// The earlier paths of a published article, except its present `path`.
pub(super) fn former_paths(recorded: Option<&Record>, path: &UrlPath) -> Vec<UrlPath> {
    let all = recorded.map_or(&[][..], |record| &record.paths).iter();
    all.filter(|one| **one != path.as_str()).filter_map(|one| UrlPath::parse(one).ok()).collect()
}

pub(super) fn path(
    document: &Document,
    section: &str,
    section_path: &str,
    day: Option<NaiveDate>,
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Option<UrlPath> {
    let front = &document.front;
    let here = || Place::file(document.name.clone());
    let mut parsed = |path: Result<UrlPath, PathError>, place: Place| {
        path.map_err(|error| problems.push(Problem::new(error, place))).ok()
    };
    if let Some(path) = &front.path {
        let path = parsed(UrlPath::from_address(&rooted(&path.value)), path.place.clone())?;
        return Some(config.on_host(section, path));
    }
    let (slug, place) = match &front.slug {
        // Other generators take such a slug as a whole path.
        Some(slug) if slug.value.starts_with('/') => {
            let path = parsed(UrlPath::from_address(&rooted(&slug.value)), slug.place.clone())?;
            problems.push(slash_in_slug(slug, &path));
            return Some(config.on_host(section, path));
        }
        Some(slug) => (percent_decode(slug.value.trim_end_matches('/')), slug.place.clone()),
        // The site's front page is the root's own `index.md`.
        None if document.stem().is_empty() || config.is_language_folder(document.stem()) => {
            return Some(config.home_of(document.stem()).clone());
        }
        None => (slugify(bare_name(document), config.slugs), here()),
    };
    if slug.is_empty() {
        problems.push(Problem::new(IdentityError::NoSlug, place));
        return None;
    }
    let wanted = match day {
        Some(day) => {
            // A pattern without `{section}` is for the paths below the front page of a language.
            let home = config.home_of(section).as_str().trim_matches('/');
            let inside = section_path.strip_prefix(home).unwrap_or(section_path).trim_start_matches('/');
            let path = config.permalinks.of(config.without_language(section)).fill(inside, &slug, day);
            match home {
                "" => path,
                home if section_path == home || section_path.starts_with(&format!("{home}/")) => {
                    format!("/{home}{path}")
                }
                _ => config.permalinks.of(config.without_language(section)).fill(section_path, &slug, day),
            }
        }
        None if section_path.is_empty() => format!("/{slug}/"),
        None => format!("/{section_path}/{slug}/"),
    };
    let path = parsed(UrlPath::parse(&wanted), place)?;
    if let Some(slug) = front.slug.as_ref().filter(|_| slug.contains('/')) {
        problems.push(slash_in_slug(slug, &path));
    }
    Some(path)
}

fn slash_in_slug(slug: &Placed<String>, path: &UrlPath) -> Problem {
    let cause = IdentityError::SlashInSlug { slug: slug.value.clone(), path: path.to_string() };
    Problem::new(cause, slug.place.clone())
}

/// A written path as an absolute one. A last part without an extension is a folder.
pub fn rooted(written: &str) -> String {
    let path = format!("/{}", written.trim_start_matches('/'));
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.is_empty() || last.contains('.') { path } else { format!("{path}/") }
}

/// Old paths that redirect here, each with its place, and old addresses with a query.
type Aliases = (Vec<(UrlPath, Place)>, Vec<(UrlPath, String)>);

pub(super) fn aliases(document: &Document, problems: &mut Vec<Problem>) -> Aliases {
    let (mut aliases, mut queries) = (Vec::new(), Vec::new());
    for alias in &document.front.aliases {
        let written = || alias.value.clone();
        let (path, rest) = alias.value.split_at(alias.value.find(['?', '#']).unwrap_or(alias.value.len()));
        let path = match UrlPath::from_address(&rooted(path)) {
            Ok(path) => path,
            Err(error) => {
                problems.push(Problem::new(error, alias.place.clone()));
                continue;
            }
        };
        let query = rest.strip_prefix('?').map(|rest| rest.split('#').next().unwrap_or_default());
        let warning = match query {
            None if rest.is_empty() => {
                aliases.push((path, alias.place.clone()));
                continue;
            }
            None => IdentityError::AliasFragment { alias: written() },
            Some(query) => {
                queries.push((path, query_encode(query)));
                IdentityError::AliasQuery { alias: written() }
            }
        };
        problems.push(Problem::new(warning, alias.place.clone()));
    }
    (aliases, queries)
}

/// A query with all characters percent-encoded that mean something to the configuration of a server.
fn query_encode(query: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~=&%+,:@/".contains(byte);
    let encoded = query.bytes().map(|byte| match is_plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    encoded.collect()
}

//! The lists of `[[lists]]`: selections of articles for templates.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::order::{pinned_first, problem_with, sorted};
use super::{LeafId, Library, LibraryError, spelling};
use crate::config::{Condition, Config, ListField, ListRules, Order, Same, Test};
use crate::model::diagnostics::Problem;
use crate::model::metadata::Plain;
use crate::model::suggest::nearest;
use crate::model::url::slugify_term;
use crate::site::identity::{Row, SectionRow};
use crate::source::LAST_FEATURED;

/// A list of `[[lists]]` with its articles.
#[derive(Debug, Default)]
pub struct NamedList {
    /// Its articles, in order. Those of a list that depends on the page are not cut to its limit.
    ids: Vec<LeafId>,
    /// Of a list that depends on the page: the places of its articles, by the section or term that they share.
    groups: Option<HashMap<u32, Vec<u32>>>,
    /// The next instant at which an article becomes too old for it, and the article.
    pub due: Option<(DateTime<Utc>, LeafId)>,
}

impl NamedList {
    /// Its articles on all pages; none if it depends on the page.
    pub fn everywhere(&self) -> &[LeafId] {
        if self.groups.is_some() { &[] } else { &self.ids }
    }

    /// True if its articles depend on the page that shows it.
    pub fn is_of_page(&self) -> bool {
        self.groups.is_some()
    }
}

/// The lists of `site.toml`, as of `now`.
pub(super) fn make(
    library: &Library,
    config: &Config,
    now: DateTime<Utc>,
    problems: &mut Vec<Problem>,
) -> Vec<NamedList> {
    let languages = 0..config.languages.len();
    let all = languages.flat_map(|language| config.lists.iter().map(move |rules| (language, rules)));
    all.map(|(language, rules)| one(library, config, (language, rules), now, problems)).collect()
}

/// A warning for each section in `[[lists]]` that is no folder.
pub(super) fn unknown_sections(
    config: &Config,
    sections: &BTreeMap<String, SectionRow>,
    problems: &mut Vec<Problem>,
) {
    for list in &config.lists {
        for folder in list.selection.sections.iter().chain(&list.selection.except) {
            if !sections.contains_key(folder) {
                let remedy = match nearest(folder, sections.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a folder below `content/`, such as `news`".to_owned(),
                };
                let cause = LibraryError::NoSuchSection { folder: folder.clone(), remedy };
                problems.push(Problem::new(cause, list.place.clone()));
            }
        }
    }
}

fn one(
    library: &Library,
    config: &Config,
    (language, rules): (usize, &ListRules),
    now: DateTime<Utc>,
    problems: &mut Vec<Problem>,
) -> NamedList {
    let chooser = Chooser { language, ..Chooser::new(library, config, rules) };
    let mut ids: Vec<LeafId> = library.article_ids().filter(|id| chooser.has(*id)).collect();
    let mut due = None;
    if let Some(days) = rules.within_days {
        let end = |id: &LeafId| {
            let published = library.published_at(*id)?;
            Some(published.instant() + TimeDelta::days(i64::from(days)))
        };
        ids.retain(|id| end(id).is_some_and(|end| end > now));
        // The oldest one is the next to leave.
        due = ids.last().and_then(|id| Some((end(id)?, *id)));
    }
    if let Some((order, place)) = &rules.sort {
        problems.extend(problem_with(order, &ids, &library.leaves, place));
    }
    let order = rules.sort.as_ref().map(|(order, _)| order);
    if let Some(order) = order.filter(|order| **order != Order::newest_first()) {
        ids = sorted(&ids, order, &library.leaves);
    }
    ids = pinned_first(&ids, &library.leaves).unwrap_or(ids);
    let groups = rules.same.map(|same| groups(library, &ids, same));
    if groups.is_none() {
        ids.truncate(rules.limit);
    }
    NamedList { ids, groups, due }
}

/// The places in `ids` of those that have the `same`, by the section or term.
fn groups(library: &Library, ids: &[LeafId], same: Same) -> HashMap<u32, Vec<u32>> {
    let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
    for (place, id) in (0..).zip(ids) {
        for group in groups_of(library, *id, same) {
            groups.entry(group).or_default().push(place);
        }
    }
    groups
}

/// The section, or the terms, by which the article or page `id` has something in common with others.
fn groups_of(library: &Library, id: LeafId, same: Same) -> Vec<u32> {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    match same {
        Same::Section => vec![number(library.section_of(id))],
        Same::Term(taxonomy) => {
            let terms = library.term_numbers(id).filter(|(own, _)| library.kind_of(*own) == taxonomy);
            terms.map(|(_, term)| number(term)).collect()
        }
    }
}

impl Library {
    /// The instant at which each article of a list with `within_days` becomes too old for it, past ones among them.
    pub fn ends_in_lists(&self, config: &Config) -> Vec<(DateTime<Utc>, LeafId)> {
        let mut ends = Vec::new();
        for (language, rules) in
            (0..config.languages.len()).flat_map(|at| config.lists.iter().map(move |one| (at, one)))
        {
            let Some(days) = rules.within_days else { continue };
            let chooser = Chooser { language, ..Chooser::new(self, config, rules) };
            let ids = self.article_ids().filter(|id| chooser.has(*id));
            let end =
                |id: LeafId| Some((self.published_at(id)?.instant() + TimeDelta::days(i64::from(days)), id));
            ends.extend(ids.filter_map(end));
        }
        ends
    }

    /// The articles of the list with the index `list`, counted through all languages, on the page of the article or page `id`, for a list that depends
    /// on it.
    pub fn list_on(&self, list: usize, rules: &ListRules, id: LeafId) -> Vec<LeafId> {
        let Some((list, same)) = self.lists.get(list).zip(rules.same) else { return Vec::new() };
        let Some(groups) = &list.groups else { return Vec::new() };
        let places = groups_of(self, id, same).into_iter().filter_map(|group| groups.get(&group)).flatten();
        let mut places: Vec<u32> = places.copied().collect();
        places.sort_unstable();
        places.dedup();
        let ids = places.into_iter().filter_map(|place| list.ids.get(place as usize).copied());
        ids.filter(|other| *other != id).take(rules.limit).collect()
    }
}

/// Chooses the articles of one list.
struct Chooser<'a> {
    library: &'a Library,
    config: &'a Config,
    rules: &'a ListRules,
    /// The number of the language of its articles.
    language: usize,
    /// The terms of which articles need one of each taxonomy: the index of a taxonomy, and slugs.
    terms: Vec<(usize, HashSet<String>)>,
    /// The conditions, with slugs for terms.
    conditions: Vec<Condition>,
}

impl<'a> Chooser<'a> {
    fn new(library: &'a Library, config: &'a Config, rules: &'a ListRules) -> Chooser<'a> {
        let slug = |taxonomy: usize, term: &str| match config.taxonomies.get(taxonomy) {
            Some(rules) => spelling::slug_of(term, rules, config),
            None => slugify_term(term, config.slugs),
        };
        let wanted = rules.selection.terms.iter().filter_map(|(name, terms)| {
            let taxonomy = config.taxonomies.iter().position(|rules| rules.name == *name)?;
            Some((taxonomy, terms.iter().map(|term| slug(taxonomy, term)).collect()))
        });
        let mut conditions = rules.conditions.clone();
        for condition in &mut conditions {
            let ListField::Terms(taxonomy) = condition.field else { continue };
            let of_value = |value: &mut Plain| {
                if let Plain::Text(text) = value {
                    *text = slug(taxonomy, text);
                }
            };
            condition.test.values().for_each(of_value);
        }
        Chooser { library, config, rules, language: 0, terms: wanted.collect(), conditions }
    }

    fn has(&self, id: LeafId) -> bool {
        let (library, selection) = (self.library, &self.rules.selection);
        let row = library.leaf(id);
        self.config.language_of(&row.section) == self.language
            && selection.has_section(self.config.without_language(&row.section))
            && library.published_at(id).is_some_and(|published| selection.has_time(&published))
            && self.terms.iter().all(|(at, slugs)| {
                library.term_numbers(id).any(|(taxonomy, term)| {
                    library.kind_of(taxonomy) == *at
                        && slugs.contains(&library.taxonomies[taxonomy].terms[term].slug)
                })
            })
            && self.conditions.iter().all(|one| holds(&one.test, self.value(&one.field, id, row).as_ref()))
    }

    /// The value of `field`.
    fn value(&self, field: &ListField, id: LeafId, row: &Row) -> Option<Plain> {
        match field {
            ListField::Title => (!row.listing.is_untitled).then(|| Plain::Text(row.title.to_string())),
            ListField::Weight => Some(Plain::Number(row.listing.weight.into())),
            ListField::Featured => Some(match row.rare.featured {
                None => Plain::Flag(false),
                Some(LAST_FEATURED) => Plain::Flag(true),
                Some(place) => Plain::List(vec![Plain::Flag(true), Plain::Number(place.into())]),
            }),
            ListField::Pinned => Some(Plain::Flag(row.rare.pinned.is_some())),
            ListField::Lang => {
                let lang = row.rare.lang.as_deref().unwrap_or(&self.config.language);
                Some(Plain::Text(lang.to_owned()))
            }
            ListField::Section => Some(Plain::Text(self.config.without_language(&row.section).to_owned())),
            ListField::Terms(wanted) => {
                let terms = self.library.term_numbers(id);
                let terms = terms.filter(|(taxonomy, _)| self.library.kind_of(*taxonomy) == *wanted);
                let slug = |(taxonomy, term): (usize, usize)| {
                    Plain::Text(self.library.taxonomies[taxonomy].terms[term].slug.clone())
                };
                let slugs: Vec<Plain> = terms.map(slug).collect();
                (!slugs.is_empty()).then_some(Plain::List(slugs))
            }
            ListField::Extra(name) => row.extra(name).cloned(),
        }
    }
}

/// True if `value` passes the `test`.
fn holds(test: &Test, value: Option<&Plain>) -> bool {
    let Some(value) = value else { return matches!(test, Test::Not(_) | Test::Exists(false)) };
    let is = |wanted: &Plain| match value {
        Plain::List(items) => items.contains(wanted),
        value => value == wanted,
    };
    // A list passes if one of its items does.
    let any = |wanted: &Plain, fits: fn(std::cmp::Ordering) -> bool| {
        let fits = |own: &Plain| own.is_like(wanted) && fits(own.compare(wanted));
        match value {
            Plain::List(items) => items.iter().any(fits),
            value => fits(value),
        }
    };
    match test {
        Test::Equals(wanted) => is(wanted),
        Test::Not(wanted) => !is(wanted),
        Test::In(wanted) => wanted.iter().any(is),
        Test::Contains(wanted) => match (value, wanted) {
            (Plain::Text(text), Plain::Text(part)) => text.contains(part.as_str()),
            _ => is(wanted),
        },
        Test::Less(wanted) => any(wanted, std::cmp::Ordering::is_lt),
        Test::Greater(wanted) => any(wanted, std::cmp::Ordering::is_gt),
        Test::AtMost(wanted) => any(wanted, std::cmp::Ordering::is_le),
        Test::AtLeast(wanted) => any(wanted, std::cmp::Ordering::is_ge),
        Test::Exists(is_wanted) => *is_wanted,
    }
}

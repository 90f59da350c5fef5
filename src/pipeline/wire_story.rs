//! Stories of news agencies as sources: their names and texts.
//!
//! 1. [`names`] gives each story the name of a source. All stages know it by that name.
//! 2. [`Settled::row`] writes its text: front matter and Markdown.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use toml::Table;

use super::wire::WireFault;
use crate::config::{WireField, WireRules};
use crate::import::name_of;
use crate::import::news::{LONGEST_BYLINE, Standing, State, Stated, Story, Take};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::site::ledger::Record;
use crate::source::{DataRow, FOLDER, Format, Scan, WireStory, WireTake};

/// A warning about a story that is usable by its status and is held.
pub(super) fn held(story: &Story) -> Option<Problem> {
    let Standing::Held(reason) = &story.outcome else { return None };
    let (title, reason) = (story.take.headline.clone(), reason.clone());
    let place = Place::file(story.take.file.as_str());
    (story.take.state == State::Usable).then(|| Problem::new(WireFault::Held { title, reason }, place))
}

/// The names of the sources that `stories` become. A published story keeps its name by its id; a new one has that of its slug
/// line, and none that another story has or had.
pub(super) fn names(
    stories: &[(String, Story)],
    rules: &WireRules,
    zone: Tz,
    scan: &Scan,
    records: &[Record],
) -> Vec<Arc<str>> {
    let by_id: BTreeMap<&str, &str> = records.iter().map(|one| (&*one.id, &*one.source)).collect();
    let name = |stem: &str| format!("{FOLDER}/{}/{stem}.md", rules.section);
    let mut taken: HashSet<String> = scan.sources.iter().map(|one| one.found.name.to_lowercase()).collect();
    let mut claim = |stem: &str, key: &str| {
        let wanted = name(stem);
        if taken.insert(wanted.to_lowercase()) {
            return wanted;
        }
        let other = name(&format!("{stem}-{}", &Digest::of(key.as_bytes()).to_string()[..8]));
        taken.insert(other.to_lowercase());
        other
    };
    let stem_of = |source: &str| {
        let file = source.rsplit('/').next().unwrap_or(source);
        file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
    };
    let mut found: Vec<Option<String>> = vec![None; stories.len()];
    for ((key, story), found) in stories.iter().zip(&mut found) {
        if let Some(source) = by_id.get(&*story.take.id).filter(|_| !story.take.id.is_empty()) {
            *found = Some(claim(&stem_of(source), key));
        }
    }
    let mut others: Vec<usize> = (0..stories.len()).filter(|at| found[*at].is_none()).collect();
    // A story without an id is known by its name alone.
    others.sort_by_cached_key(|at| {
        let (key, Story { take, published, .. }) = &stories[*at];
        let first = published.as_ref().and_then(|stated| stated.instant(zone));
        (!take.id.is_empty(), first.filter(|_| !take.id.is_empty()), key.clone())
    });
    let of_records: HashSet<String> =
        records.iter().map(|one| format!("{FOLDER}/{}", one.source).to_lowercase()).collect();
    for at in others {
        let (key, Story { take, .. }) = &stories[at];
        let slug = if take.slugline.is_empty() { &take.headline } else { &take.slugline };
        let stem = name_of(slug, &take.headline, &Digest::of(key.as_bytes()).to_string()[..8]);
        let is_of_another = !take.id.is_empty() && of_records.contains(&name(&stem).to_lowercase());
        let stem = match is_of_another {
            true => format!("{stem}-{}", &Digest::of(key.as_bytes()).to_string()[..8]),
            false => stem,
        };
        found[at] = Some(claim(&stem, key));
    }
    found.into_iter().map(|name| name.unwrap_or_default().into()).collect()
}

/// The rules by which stories of a folder are settled.
pub(super) struct Settled<'a> {
    pub rules: &'a WireRules,
    pub zone: Tz,
    pub now: DateTime<Utc>,
    /// It is known what was public: by the ledger, or because nothing was.
    pub is_kept: bool,
    pub records: &'a [Record],
}

impl Settled<'_> {
    /// The source that `story` becomes.
    pub fn row(&self, key: String, story: &Story, name: Arc<str>) -> DataRow {
        let takes = story.takes.iter().map(|take| WireTake {
            file: take.file.clone(),
            about: match take.version {
                Some(version) => format!("version {version}, {}", take.state.word()),
                None => take.state.word().to_owned(),
            },
        });
        let takes = takes.collect();
        let was_public = self.was_public(story, &name);
        let text = format!("+++\n{}+++\n{}", self.fields(story, was_public), story.take.text);
        let section = self.rules.section.clone();
        DataRow::of_story(WireStory { name, section, key, text, format: Format::Markdown, takes })
    }

    /// True if readers may have seen the story: by the ledger, or, without one, by its earlier takes.
    fn was_public(&self, story: &Story, name: &str) -> bool {
        let is_its = |record: &Record| match story.take.id.as_str() {
            "" => name.strip_prefix(FOLDER).map(|path| path.trim_start_matches('/')) == Some(&*record.source),
            id => record.id == id,
        };
        match (&story.outcome, self.is_kept) {
            (Standing::Killed { was_usable, .. }, false) => *was_usable,
            _ => self.records.iter().any(is_its),
        }
    }

    /// The front matter of `story`.
    fn fields(&self, story: &Story, was_public: bool) -> String {
        let Story { take, published, updated, expires, outcome, .. } = story;
        let mut fields = Table::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                fields.insert(name.to_owned(), value.into());
            }
        };
        let date = |stated: Option<&Stated>| stated.and_then(Stated::written).unwrap_or_default();
        let updated = updated.as_ref().filter(|stated| stated.instant(self.zone) <= Some(self.now));
        add("title", &take.headline);
        add("id", &take.id);
        add("date", &date(published.as_ref()));
        add("updated", &date(updated));
        add("expires", &date(expires.as_ref()));
        add("summary", &take.summary);
        add("lang", &take.language);
        add("rights", &take.copyright);
        add("timezone", self.rules.timezone.map(Tz::name).unwrap_or_default());
        add("template", self.rules.template.as_deref().unwrap_or_default());
        match outcome {
            Standing::Public => {}
            Standing::Killed { why, .. } if was_public && published.is_some() => add("withdrawn", why),
            // A story that nobody saw leaves no notice.
            Standing::Killed { .. } | Standing::Held(_) => {
                fields.insert("draft".to_owned(), true.into());
            }
        }
        for (taxonomy, parts) in &self.rules.fields {
            let mut terms: Vec<String> = Vec::new();
            for term in parts.iter().flat_map(|part| terms_of(*part, take)) {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
            if !terms.is_empty() {
                fields.insert(taxonomy.clone(), terms.into());
            }
        }
        // Text in a table is always valid TOML.
        toml::to_string(&fields).unwrap_or_default()
    }
}

/// The terms in one part of `take`.
fn terms_of(part: WireField, take: &Take) -> Vec<String> {
    let one = |text: &String| Some(text.clone()).filter(|text| !text.is_empty()).into_iter().collect();
    match part {
        WireField::Byline => Some(take.byline.clone())
            .filter(|name| !name.is_empty() && name.len() <= LONGEST_BYLINE)
            .into_iter()
            .collect(),
        WireField::Credit => one(&take.credit),
        WireField::Slugline => one(&take.slugline),
        WireField::Subject => take.subjects.clone(),
        WireField::Keyword => take.keywords.clone(),
        WireField::Genre => take.genres.clone(),
        WireField::Place => take.places.clone(),
    }
}

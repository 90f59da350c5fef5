//! `[[wire]]`: stories of news agencies, which become sources before anything is parsed.
//!
//! 1. [`list`] lists the files of a folder; [`Session::takes_of`] reads those that have changed.
//! 2. All takes of one story are one [`Story`].
//! 3. [`names`] gives each story the name of a source, and [`text_of`] its text. All stages know it by that name.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;
use toml::Table;
use walkdir::WalkDir;

use super::Blame;
use super::files::Files;
use super::session::Session;
use super::stage::stage;
use super::wire_memory::{WireFile, WireMemory};
use crate::config::{Config, WireField, WireKind, WireRules};
use crate::import::name_of;
use crate::import::news::{self, LONGEST_BYLINE, Standing, State, Story, Take};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::site::ledger::{self, Record};
use crate::source::{self, DataRow, FOLDER, Format, Found, Scan, WireStory, WireTake};
use crate::storage::file;

/// Problems with files of news agencies.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum WireFault {
    /// The folder can't be read.
    #[error("the folder {folder} of the wire can't be read: {reason}")]
    #[diagnostic(
        code(wire::folder),
        help("check that the folder is there and may be read; a path begins at the site's root")
    )]
    Folder {
        /// The folder.
        folder: String,
        /// The reason.
        reason: String,
    },
    /// A file can't be read.
    #[error("this file of the wire can't be read: {reason}")]
    #[diagnostic(
        code(wire::file),
        help(
            "if it is still being written, the next run reads it; if not, have the agency send it again, or remove it"
        )
    )]
    File {
        /// The reason.
        reason: String,
    },
    /// It is no file of an agency.
    #[error("this is neither NewsML-G2 nor NITF nor ninjs, and was passed over")]
    #[diagnostic(severity(warning), code(wire::unknown), help("move it out of the folder of the wire"))]
    Unknown,
    /// A story is held for a reason that its agency may not know of.
    #[error("the story \u{201c}{title}\u{201d} is not public: {reason}")]
    #[diagnostic(severity(warning), code(wire::held), help("ask its agency for another take"))]
    Held {
        /// Its title.
        title: String,
        /// The reason.
        reason: String,
    },
}

/// The files in the folder of `rules`, by name; links in it are not followed.
pub(super) fn list(root: &Path, rules: &WireRules) -> Result<Vec<Found>, Problem> {
    let refuse = |reason: String| {
        let folder = rules.folder.clone();
        Problem::new(WireFault::Folder { folder, reason }, rules.place.clone())
    };
    let top = root.join(&rules.folder);
    let mut found = Vec::new();
    let is_hidden = |name: &str| name.starts_with('.');
    let walk = WalkDir::new(&top).into_iter();
    let walk =
        walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(&entry.file_name().to_string_lossy()));
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            // A daemon moved the file away.
            Err(error) if error.depth() > 0 && is_gone(&error) => continue,
            Err(error) => {
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                return Err(refuse(reason));
            }
        };
        if entry.depth() == 0 && !entry.path().is_dir() {
            return Err(refuse("it is no folder".to_owned()));
        }
        let Some(below) = entry.path().strip_prefix(&top).ok().and_then(Path::to_str) else { continue };
        let below = below.replace(std::path::MAIN_SEPARATOR, "/");
        if !entry.file_type().is_file() || !rules.kinds.iter().any(|kind| kind.has(&below)) {
            continue;
        }
        let Ok(metadata) = entry.metadata() else { continue };
        if found.len() == rules.most_files {
            let most = rules.most_files;
            return Err(refuse(format!("it has more than {most} files, and `max_files` allows no more")));
        }
        let name = format!("{}/{below}", rules.folder);
        found.push(Found::new(name.into(), &rules.folder, Stamp::of(&metadata)));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn is_gone(error: &walkdir::Error) -> bool {
    error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// The files of one folder, as read.
#[derive(Default)]
struct FolderTakes {
    takes: Vec<Take>,
    /// Plain texts.
    texts: Vec<(Found, String)>,
    /// Some files can't be read, and never could: nobody knows which stories they have.
    is_missing_some: bool,
}

/// A file that was looked at: as it is now or was before, and what is wrong with it.
struct Looked {
    file: Option<WireFile>,
    is_new: bool,
    problem: Option<Problem>,
}

impl Session<'_> {
    /// The stories of all `[[wire]]` as sources, which `files` do not have yet.
    ///
    /// # Errors
    /// Errors of the disk.
    pub(super) fn stories(&mut self, config: &Config, files: &Files) -> Result<Vec<Arc<DataRow>>, Blame> {
        let mut memory = self.wire_memory();
        let found: HashSet<&str> = files.wire.iter().flatten().flatten().map(|found| &*found.name).collect();
        let loaded = ledger::load(self.request.root, self.request.state, &mut Vec::new(), &mut Vec::new());
        let loaded = loaded.flatten();
        let is_kept = config.ledger && loaded.is_some();
        let records = loaded.map(|loaded| loaded.ledger.records().to_vec()).unwrap_or_default();
        let (mut rows, mut read) = (Vec::new(), Vec::new());
        for (rules, listed) in config.wire.iter().zip(&files.wire) {
            let folder = stage("wire", |tally| {
                let (folder, new) = self.takes_of(rules, listed, &memory);
                (tally.count, tally.bytes) = (new.len(), new.iter().map(|file| file.stamp.size).sum());
                read.extend(new);
                folder
            });
            let zone = rules.timezone.or(config.timezone).unwrap_or(Tz::UTC);
            let mut stories: BTreeMap<String, Vec<Take>> = BTreeMap::new();
            for take in folder.takes {
                stories.entry(take.key()).or_default().push(take);
            }
            let stories: Vec<(String, Story)> =
                stories.into_iter().filter_map(|(key, takes)| Some((key, Story::of(takes, zone)?))).collect();
            let names = names(&stories, rules, zone, &files.scan, &records);
            let settled = Settled { rules, zone, now: self.request.now, is_kept, records: &records };
            for ((key, story), name) in stories.into_iter().zip(names) {
                self.diagnostics.report_all(held(&story));
                rows.push(Arc::new(settled.row(key, &story, name)));
            }
            rows.extend(folder.texts.into_iter().map(|(found, text)| Arc::new(of_text(rules, &found, text))));
            if folder.is_missing_some && self.sets_aside {
                rows.extend(self.kept_rows(rules, &files.scan, &rows));
            }
        }
        let state = self.memory.is_none().then_some(self.request.state);
        memory.add(read, &|name| found.contains(name), state).map_err(|error| self.machine(error))?;
        if let Some(in_memory) = &mut self.memory {
            in_memory.wire = memory;
        }
        Ok(rows)
    }

    fn wire_memory(&mut self) -> WireMemory {
        if let Some(in_memory) = &mut self.memory {
            return std::mem::take(&mut in_memory.wire);
        }
        WireMemory::load(self.request.state).unwrap_or_else(|error| {
            self.diagnostics.note(format!("{error}; all files of the wire are read again"));
            WireMemory::forget(self.request.state);
            WireMemory::default()
        })
    }

    /// Sources without a text for the published stories of a folder some of whose files can't be read.
    fn kept_rows(&mut self, rules: &WireRules, scan: &Scan, rows: &[Arc<DataRow>]) -> Vec<Arc<DataRow>> {
        let mut kept = Vec::new();
        for name in self.keep_missing_of(&rules.section, scan) {
            if rows.iter().any(|row| row.name() == &name) {
                self.skipped.forget(&name);
                continue;
            }
            let takes = vec![WireTake { file: rules.folder.clone(), about: String::new() }];
            let story = WireStory {
                format: Format::of(&name).unwrap_or(Format::Markdown),
                name,
                section: rules.section.clone(),
                key: String::new(),
                text: String::new(),
                takes,
            };
            kept.push(Arc::new(DataRow::of_story(story)));
        }
        kept
    }

    /// The takes of the files `listed`, and those files that were read now.
    fn takes_of(
        &mut self,
        rules: &WireRules,
        listed: &Result<Vec<Found>, Problem>,
        memory: &WireMemory,
    ) -> (FolderTakes, Vec<WireFile>) {
        let mut folder = FolderTakes::default();
        let listed = match listed {
            Ok(listed) => listed,
            Err(problem) => {
                self.set_file_aside(problem.clone());
                folder.is_missing_some = true;
                return (folder, Vec::new());
            }
        };
        let (root, moment) = (self.request.root, self.lock.moment());
        let (texts, stories): (Vec<&Found>, Vec<&Found>) =
            listed.iter().partition(|found| WireKind::Text.has(&found.name));
        let looked: Vec<Looked> =
            stories.par_iter().map(|found| look(root, moment, rules, found, memory)).collect();
        let mut new = Vec::new();
        for Looked { file, is_new, problem } in looked {
            folder.is_missing_some |= file.is_none();
            if let Some(problem) = problem {
                self.set_file_aside(problem);
            }
            let Some(file) = file else { continue };
            let wanted = file.takes.iter().filter(|take| rules.kinds.contains(&take.kind));
            folder.takes.extend(wanted.cloned());
            if is_new {
                new.push(file);
            }
        }
        for found in texts {
            match text(root, rules, found) {
                Ok(text) => folder.texts.push((found.clone(), text)),
                Err(problem) => {
                    self.set_file_aside(problem);
                    folder.is_missing_some = true;
                }
            }
        }
        (folder, new)
    }

    /// Reports the `problem` of a file. A publication goes on without that file.
    fn set_file_aside(&mut self, problem: Problem) {
        match self.sets_aside && problem.is_error() {
            true => self.skipped.add_error(problem),
            false => self.diagnostics.report(problem),
        }
    }
}

/// Looks at the file `found`: as it was remembered, or reads it.
fn look(root: &Path, moment: i64, rules: &WireRules, found: &Found, memory: &WireMemory) -> Looked {
    let name = &*found.name;
    let known = memory.get(name);
    let warning =
        |file: &WireFile| (!file.is_known).then(|| Problem::new(WireFault::Unknown, Place::file(name)));
    if let Some(known) = known.filter(|known| known.is_settled && known.stamp == found.stamp) {
        return Looked { file: Some(known.clone()), is_new: false, problem: warning(known) };
    }
    let read = read(root, rules, found).and_then(|bytes| {
        let digest = Digest::of(&bytes);
        let (stamp, is_settled) = (found.stamp, found.stamp.is_settled(moment));
        let takes = match known.filter(|known| known.digest == digest) {
            Some(known) => known.clone(),
            None => {
                let news::Takes { takes, is_known } = news::takes(bytes, name)?;
                WireFile { name: name.to_owned(), stamp, is_settled, digest, is_known, takes }
            }
        };
        Ok(WireFile { stamp, is_settled, ..takes })
    });
    match read {
        Ok(file) => Looked { problem: warning(&file), file: Some(file), is_new: true },
        // The takes that it had are still known.
        Err(reason) => Looked {
            file: known.cloned(),
            is_new: false,
            problem: Some(Problem::new(WireFault::File { reason }, Place::file(name))),
        },
    }
}

fn read(root: &Path, rules: &WireRules, found: &Found) -> Result<Vec<u8>, String> {
    file::read(&found.file(root), file::wire(rules.most)).map_err(|error| error.to_string())
}

/// The text of a plain wire article.
fn text(root: &Path, rules: &WireRules, found: &Found) -> Result<String, Problem> {
    let refuse = |reason: String| Problem::new(WireFault::File { reason }, Place::file(found.name.clone()));
    let bytes = read(root, rules, found).map_err(refuse)?;
    source::encoding::decode(bytes, rules.encoding).map_err(|error| refuse(error.to_string()))
}

/// The source of a plain text, which is an article as it is.
fn of_text(rules: &WireRules, found: &Found, text: String) -> DataRow {
    let takes = vec![WireTake { file: found.name.to_string(), about: "plain text".to_owned() }];
    let name = format!("{FOLDER}/{}/{}", rules.section, found.path());
    let (section, key) = (rules.section.clone(), found.path().to_owned());
    DataRow::of_story(WireStory { name: name.into(), section, key, text, format: Format::Wire, takes })
}

/// A warning about a story that is usable by its status and is held.
fn held(story: &Story) -> Option<Problem> {
    let Standing::Held(reason) = &story.outcome else { return None };
    let (title, reason) = (story.take.headline.clone(), reason.clone());
    let place = Place::file(story.take.file.as_str());
    (story.take.state == State::Usable).then(|| Problem::new(WireFault::Held { title, reason }, place))
}

/// The names of the sources that `stories` become. A published story keeps its name by its id; a new one has that of its slug
/// line, and none that another story has or had.
fn names(
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
struct Settled<'a> {
    rules: &'a WireRules,
    zone: Tz,
    now: DateTime<Utc>,
    /// The site has a ledger, which knows what was public.
    is_kept: bool,
    records: &'a [Record],
}

impl Settled<'_> {
    /// The source that `story` becomes.
    fn row(&self, key: String, story: &Story, name: Arc<str>) -> DataRow {
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
        let date = |stated: Option<&news::Stated>| stated.and_then(news::Stated::written).unwrap_or_default();
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

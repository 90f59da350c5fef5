//! `[[wire]]`: stories of news agencies, which become sources before anything is parsed.
//!
//! 1. [`list`] lists the files of a folder; [`Session::takes_of`] reads those that have changed.
//! 2. All takes of one story are one [`Story`].
//! 3. [`names`] gives each story the name of a source, and [`Settled`] its text.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;
use walkdir::WalkDir;

use super::files::Files;
use super::session::Session;
use super::stage::stage;
use super::wire_memory::{WireFile, WireMemory};
use super::wire_story::{Settled, held, names};
use super::{Blame, Request, manifest_of};
use crate::config::{Config, WireKind, WireRules};
use crate::import::news::{self, Story, Take};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::site::ledger;
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
        let Some(below) = source::relative(&top, entry.path()) else { continue };
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
        let is_kept = config.ledger && loaded.is_some() || self.is_first();
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
                let kept = self.kept_rows(Some(&rules.section), &rules.folder, &files.scan);
                for row in kept {
                    match rows.iter().any(|known: &Arc<DataRow>| known.name() == row.name()) {
                        true => self.skipped.forget(row.name()),
                        false => rows.push(row),
                    }
                }
            }
        }
        let state = self.memory.is_none().then_some(self.request.state);
        memory.add(read, &|name| found.contains(name), state).map_err(|error| self.machine(error))?;
        if let Some(in_memory) = &mut self.memory {
            in_memory.wire = memory;
        }
        Ok(rows)
    }

    /// True if nothing of the site is in its output folder yet.
    fn is_first(&self) -> bool {
        let Request { root, state, out, .. } = *self.request;
        manifest_of(root, state, out).is_ok_and(|manifest| manifest.files.is_empty())
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

    /// Sources without a text for the published ones that `scan` lacks, in the section `folder` if it is given: one of them may
    /// be in `file`, which can't be read.
    pub(super) fn kept_rows(&mut self, folder: Option<&str>, file: &str, scan: &Scan) -> Vec<Arc<DataRow>> {
        let missing = self.keep_missing_of(folder, scan).into_iter().map(|name| {
            let format = Format::of(&name).unwrap_or(Format::Markdown);
            Arc::new(DataRow::foreign(name, file, String::new(), format))
        });
        missing.collect()
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
    pub(super) fn set_file_aside(&mut self, problem: Problem) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FILE;

    const SITE: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n[[wire]]\nfolder = \"in\"\n";

    #[test]
    fn a_file_at_rest_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let (root, state) = (folder.path(), folder.path().join(".dateline"));
        std::fs::create_dir_all(root.join("in")).unwrap();
        std::fs::write(root.join(FILE), SITE).unwrap();
        for name in ["a", "b"] {
            let text = format!("{{\"uri\": \"urn:{name}\", \"headline\": \"{name}\"}}");
            std::fs::write(root.join(format!("in/{name}.json")), text).unwrap();
        }
        let config = Config::read(SITE, &mut Vec::new()).unwrap();
        let rules = &config.wire[0];
        // One instant long after the files were written, and one long before.
        let run = |moment: i64| {
            let mut memory = WireMemory::load(&state).unwrap();
            let found = list(root, rules).unwrap();
            let looked: Vec<Looked> =
                found.iter().map(|found| look(root, moment, rules, found, &memory)).collect();
            let takes: usize = looked.iter().flat_map(|one| &one.file).map(|file| file.takes.len()).sum();
            let new: Vec<WireFile> =
                looked.into_iter().filter(|one| one.is_new).filter_map(|one| one.file).collect();
            let read = new.len();
            memory.add(new, &|_| true, Some(&state)).unwrap();
            (read, takes)
        };
        assert_eq!(run(0), (2, 2), "too new to be believed");
        assert_eq!(run(i64::MAX), (2, 2), "read once more");
        assert_eq!(run(i64::MAX), (0, 2));
        std::fs::write(root.join("in/c.json"), "{\"uri\": \"urn:c\"}").unwrap();
        assert_eq!(run(i64::MAX), (1, 3), "one new take");
        std::fs::remove_file(root.join("in/a.json")).unwrap();
        assert_eq!(run(i64::MAX), (0, 2));
        std::fs::write(state.join("wire"), "cut").unwrap();
        assert!(WireMemory::load(&state).is_err());
        WireMemory::forget(&state);
        assert_eq!(run(i64::MAX), (2, 2), "after damage");
    }
}

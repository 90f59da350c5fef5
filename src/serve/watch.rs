//! Watching for changes: by the system's notifications, or by polling every second where there are none.
//!
//! A notification means only that something may have changed: every build looks at all files itself. Once no more
//! notifications come, the files are compared with what the last build found.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use chrono::{DateTime, Utc};
use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Options;
use crate::pipeline::STATIC;
use crate::render::template;
use crate::site::ledger;
use crate::{config, language, source};

/// A possible reason for another build.
pub(super) enum Message {
    /// These files or folders may have changed.
    Touched(Vec<PathBuf>),
    /// Show the site as of this time, or of the present.
    AsOf(Option<DateTime<Utc>>),
}

/// The folders that a site is made from.
const FOLDERS: [&str; 6] =
    [source::FOLDER, STATIC, template::FOLDER, source::data::FOLDER, language::FOLDER, config::THEMES];

/// How long it must be quiet before a build begins: an editor saves in several steps, within a millisecond or two.
const PAUSE: Duration = Duration::from_millis(8);
/// The same pause after more than [`FLOOD`] changed files, as when somebody checks out a branch.
const LONG_PAUSE: Duration = Duration::from_millis(150);
const FLOOD: usize = 40;
/// The most pauses to wait for if it never gets quiet.
const MOST_PAUSES: usize = 4000;
/// The interval of polling where the system does not report changes.
const POLL: Duration = Duration::from_secs(1);
/// The quiet time after which the files are compared with what the last build found.
const QUIET: Duration = Duration::from_millis(400);

/// The watcher of the site's folders.
pub(super) struct Watching {
    root: PathBuf,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<&'static str>,
    /// The reason why watching failed, until it is reported.
    pub trouble: Option<String>,
}

impl Watching {
    /// Makes the system report changes of the site to `sender`.
    pub fn begin(options: &Options, sender: Sender<Message>) -> Watching {
        let root = options.root.clone();
        let mut watching =
            Watching { root: root.clone(), watcher: None, watched: BTreeSet::new(), trouble: None };
        if options.poll {
            return watching;
        }
        let heard = move |event: notify::Result<Event>| {
            let touched = match event {
                Ok(event) => touched(&root, event),
                // The watcher lost events: anything may have changed.
                Err(_) => vec![root.clone()],
            };
            if !touched.is_empty() {
                // Fails only when the process ends.
                let _ = sender.send(Message::Touched(touched));
            }
        };
        match notify::recommended_watcher(heard) {
            Ok(watcher) => watching.watcher = Some(watcher),
            Err(error) => watching.give_up(&error),
        }
        let root = watching.root.clone();
        watching.watch(&root, RecursiveMode::NonRecursive);
        watching.renew();
        watching
    }

    /// Watches all existing folders of the site.
    pub fn renew(&mut self) {
        for folder in FOLDERS {
            let at = self.root.join(folder);
            if !at.is_dir() {
                self.watched.remove(folder);
            } else if self.watched.insert(folder) {
                self.watch(&at, RecursiveMode::Recursive);
            }
        }
    }

    /// Forgets watched folders named by `touched`: another folder may have their names now.
    pub fn forget(&mut self, touched: &[PathBuf]) {
        let folders = touched.iter().filter_map(|path| path.strip_prefix(&self.root).ok());
        for folder in folders {
            match folder.to_str() {
                Some("") => self.watched.clear(),
                Some(name) => self.watched.retain(|watched| *watched != name),
                None => {}
            }
        }
    }

    fn watch(&mut self, at: &Path, how: RecursiveMode) {
        if let Some(Err(error)) = self.watcher.as_mut().map(|watcher| watcher.watch(at, how)) {
            // The parent folder reports a folder that was removed meanwhile.
            if at.exists() {
                self.give_up(&error);
            }
        }
    }

    fn give_up(&mut self, error: &notify::Error) {
        self.watcher = None;
        let no_space = matches!(&error.kind, ErrorKind::Io(error) if error.raw_os_error() == Some(28));
        let too_many = matches!(&error.kind, ErrorKind::Io(error) if error.raw_os_error() == Some(24));
        let reason = match error.kind {
            ErrorKind::MaxFilesWatch => WATCHES.to_owned(),
            _ if no_space => WATCHES.to_owned(),
            _ if too_many => INSTANCES.to_owned(),
            _ => error.to_string(),
        };
        self.trouble = Some(reason);
    }

    /// True if the system reports no changes, so that polling is needed.
    pub fn polls(&self) -> bool {
        self.watcher.is_none()
    }
}

const WATCHES: &str =
    "this system watches no more folders; `sudo sysctl fs.inotify.max_user_watches=524288` raises the limit";
const INSTANCES: &str =
    "too many programs watch folders; `sudo sysctl fs.inotify.max_user_instances=512` raises the limit";

/// The reason why a wait ended.
pub(super) enum Heard {
    /// These files may have changed.
    Touched(Vec<PathBuf>),
    /// The site is to be shown as of this time, or of the present, and these files may have changed.
    AsOf(Option<DateTime<Utc>>, Vec<PathBuf>),
    /// Nothing happened in the given time.
    Nothing,
    /// The channel is closed.
    End,
}

/// Waits until changes have come and ended, but no longer than `most` for the first one.
pub(super) fn wait(inbox: &Receiver<Message>, most: Duration) -> Heard {
    let mut touched = match inbox.recv_timeout(most) {
        Ok(Message::Touched(touched)) => touched,
        Ok(Message::AsOf(moment)) => return Heard::AsOf(moment, Vec::new()),
        Err(RecvTimeoutError::Timeout) => return Heard::Nothing,
        Err(RecvTimeoutError::Disconnected) => return Heard::End,
    };
    for _ in 0..MOST_PAUSES {
        let pause = if touched.len() > FLOOD { LONG_PAUSE } else { PAUSE };
        match inbox.recv_timeout(pause) {
            Ok(Message::Touched(more)) => touched.extend(more),
            Ok(Message::AsOf(moment)) => return Heard::AsOf(moment, touched),
            Err(_) => break,
        }
    }
    touched.sort();
    touched.dedup();
    Heard::Touched(touched)
}

/// The time to wait while nothing is due.
pub(super) fn patience(watching: &Watching, is_checked: bool, has_links: bool) -> Duration {
    match (watching.polls() || has_links && is_checked, is_checked) {
        (true, _) => POLL,
        (false, false) => QUIET,
        // The clock may be set, or the machine may sleep.
        (false, true) => Duration::from_secs(30),
    }
}

/// The paths of an event that belong to the site at `root`.
fn touched(root: &Path, event: Event) -> Vec<PathBuf> {
    if event.need_rescan() {
        return vec![root.to_owned()];
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
        EventKind::Access(_) => return Vec::new(),
        _ => {}
    }
    event.paths.into_iter().filter(|path| is_of_site(root, path)).collect()
}

/// True for paths that a build reads, but not for the output folder, `.dateline/` or editors' temporary files.
fn is_of_site(root: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else { return false };
    let mut parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
    let Some(first) = parts.next() else { return false };
    let is_known = FOLDERS.contains(&&*first) || [config::FILE, ledger::FILE].contains(&&*first);
    is_known && !parts.any(|part| is_passing(&part))
}

/// True for names of files that are not part of a site, or exist only while an editor saves.
fn is_passing(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#')
        || name == "4913"
        || name.ends_with("___jb_tmp___")
        || name.ends_with("___jb_old___")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_build_reads_is_heard_of() {
        let root = Path::new("/s");
        for path in [
            "site.toml",
            "ledger.jsonl",
            "content",
            "content/a.md",
            "static/x/y.css",
            "templates/a.html",
            "data/a.csv",
        ] {
            assert!(is_of_site(root, &root.join(path)), "{path}");
        }
        for path in [
            "public/index.html",
            ".dateline/state",
            ".git/index",
            "site.toml~",
            "content/.a.md.swp",
            "content/a.md~",
            "content/4913",
            "content/.#a.md",
            "content/#a.md#",
            "content/a.md___jb_tmp___",
            "content/.obsidian/workspace.json",
            "node_modules/x.js",
            "",
        ] {
            assert!(!is_of_site(root, &root.join(path)), "{path}");
        }
        assert!(!is_of_site(root, Path::new("/elsewhere/content/a.md")));
    }

    #[test]
    fn reading_is_no_change() {
        let path = PathBuf::from("/s/content/a.md");
        let event = |kind| Event { kind, paths: vec![path.clone()], attrs: Default::default() };
        let heard = |kind| touched(Path::new("/s"), event(kind)).len();
        assert_eq!(heard(EventKind::Access(AccessKind::Open(AccessMode::Any))), 0);
        assert_eq!(heard(EventKind::Access(AccessKind::Close(AccessMode::Read))), 0);
        assert_eq!(heard(EventKind::Access(AccessKind::Close(AccessMode::Write))), 1);
        assert_eq!(heard(EventKind::Any), 1);
    }
}

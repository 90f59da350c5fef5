//! What builds remember of the sources: each as it was parsed, with what the file system said of its
//! file; what was decided of it, as far as that stands; and what its body needed.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::aside::Aside;
use super::pairing::{PIECE, Piece, pieces};
use super::reasons::SharedParts;
use super::record::{Record, Recorded, Remembered, RememberedRef, newest};
use crate::config::Config;
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Hasher};
use crate::pipeline::cache::{self, Cache};
use crate::render::{Need, Needs};
use crate::site::identity::{Settled, Source};
use crate::source::{self, Folded, Reckoner, Scan, SourceFile};
use crate::storage::StoreError;

/// Name and digest of a source, and what its body needs.
pub(super) type Needed = (Arc<str>, Digest, Vec<Need>);

/// What was parsed.
pub(super) struct Parsed {
    /// The documents, in the order of their names.
    pub sources: Vec<Source>,
    /// Names of the sources that have errors.
    pub broken: Vec<Arc<str>>,
    /// What the bodies need, as far as it is known.
    pub needs: Needs,
    /// Names of the sources that are new or have another text than before.
    pub changed: HashSet<Arc<str>>,
    /// How many files were read.
    pub read: usize,
    /// Bytes of those.
    pub bytes: u64,
}

impl Parsed {
    fn take(&mut self, look: Look, source: &SourceFile, problems: &mut Vec<Problem>) {
        if look.read {
            self.read += 1;
            self.bytes += source.found.stamp.size;
        }
        if look.changed {
            self.changed.insert(source.found.name.clone());
        }
        problems.extend(look.problems);
        match look.document {
            Some(document) => self.sources.push(document),
            None => self.broken.push(source.found.name.clone()),
        }
    }
}

/// What is remembered of the sources of one site.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Stands for what that depends on beside their texts.
    key: Option<Digest>,
    sources: Vec<Box<Remembered>>,
    settled: Vec<Box<Settled>>,
    needs: Needs,
    /// What documents shared in the last build.
    shared: SharedParts,
}

impl Known {
    /// The document of the source `name` as it was parsed.
    pub fn document(&self, name: &str) -> Option<Folded> {
        let found = self.sources.iter().find(|one| *one.document.name == *name)?;
        Some(found.document.outline().with(found.rest.clone()))
    }

    fn of(key: Digest, batches: Vec<Vec<Record>>) -> Known {
        let mut known = Known { key: Some(key), ..Known::default() };
        for record in batches.into_iter().flatten() {
            match record {
                Record::Source(remembered) => known.sources.push(remembered),
                Record::Needs(name, digest, needs) => {
                    known.needs.0.insert(name, (digest, needs));
                }
                Record::Shared(parts) => known.shared = parts,
                Record::Settled(settled) => known.settled.push(settled),
            }
        }
        // Stable, so that of several records of one name the last stays last.
        known.sources.par_sort_by(|a, b| a.document.name.cmp(&b.document.name));
        known.settled.par_sort_by(|a, b| a.document.name.cmp(&b.document.name));
        known
    }
}

/// The memory of one site.
pub(super) struct Memory {
    /// The file that what is new is written to; `None` where the next build is handed it.
    cache: Option<Cache>,
    /// When this build began, by the file system's clock.
    moment: i64,
    known: Known,
    /// Records that are of use now.
    live: usize,
    /// Bytes of text that documents hold.
    held: AtomicUsize,
}

/// The most bytes of text that are held from parsing to rendering, so that a small site's sources are
/// read once, and a large one's texts don't fill the memory.
const MOST_HELD: usize = 32 << 20;

/// Sources that are parsed before their records are written: enough for all threads, and few enough
/// not to be noticed in memory.
const BATCH: usize = 16 * 1024;

/// A memory on disk, read and not yet looked into.
pub(super) struct Recalled(cache::Read<Record>);

impl Recalled {
    /// Reads the memory at `path`.
    pub fn read(path: &Path) -> Self {
        Recalled(cache::read(path))
    }
}

impl Memory {
    /// The memory that was `recalled` from `path`, for a build that began at `moment` and wants to know the
    /// `substance` of what it reads, or not. The error says why a damaged one was dropped.
    pub fn of(
        path: &Path,
        recalled: Recalled,
        config: &Config,
        substance: bool,
        moment: i64,
    ) -> (Self, Option<StoreError>) {
        let key = key(config, substance);
        let (cache, batches, dropped) = Cache::of(path, key, recalled.0);
        (Memory::new(Some(cache), moment, Known::of(key, batches)), dropped)
    }

    /// The same of what the last build of this process left, or, where that is of no use, of what is at `path`. The
    /// file stays as it is.
    pub fn resume(known: Known, path: &Path, config: &Config, substance: bool, moment: i64) -> Self {
        if known.key == Some(key(config, substance)) {
            return Memory::new(None, moment, known);
        }
        let (memory, _) = Memory::of(path, Recalled::read(path), config, substance, moment);
        Memory { cache: None, ..memory }
    }

    fn new(cache: Option<Cache>, moment: i64, known: Known) -> Self {
        Memory { cache, moment, known, live: 0, held: AtomicUsize::new(0) }
    }

    /// Parses the sources of the site at `root`: those that the memory has and that did not change are
    /// taken from there.
    pub fn parse(
        &mut self,
        root: &Path,
        scan: &Scan,
        config: &Config,
        reckoner: &Reckoner<'_>,
        aside: &Aside,
        problems: &mut Vec<Problem>,
    ) -> Result<Parsed, StoreError> {
        let known = std::mem::take(&mut self.known.sources);
        let settled = std::mem::take(&mut self.known.settled);
        self.live = scan.sources.len() + self.known.needs.0.len();
        let needs = std::mem::take(&mut self.known.needs);
        let mut parsed = Parsed {
            sources: Vec::with_capacity(scan.sources.len()),
            broken: Vec::new(),
            needs,
            changed: HashSet::new(),
            read: 0,
            bytes: 0,
        };
        let mut pieces = pieces(&scan.sources, known, settled).into_iter();
        loop {
            let batch: Vec<Piece<'_>> = pieces.by_ref().take(BATCH / PIECE).collect();
            if batch.is_empty() {
                return Ok(parsed);
            }
            let look = |(source, known, settled): (&SourceFile, _, _)| {
                let look = match aside.get(&source.found.name) {
                    Some(text) => instead(source, text, config, reckoner),
                    None => self.look(root, source, known, config, reckoner),
                };
                look.with(settled)
            };
            let looked: Vec<(&[SourceFile], Vec<Look>)> = batch
                .into_par_iter()
                .map(|piece| (piece.sources, piece.pairs().map(look).collect()))
                .collect();
            let looks = || looked.iter().flat_map(|(sources, looks)| looks.iter().zip(*sources));
            let news = looks().filter_map(|(look, source)| self.record(look, source));
            let news: Vec<RememberedRef<'_>> = news.collect();
            match &mut self.cache {
                Some(cache) => {
                    let news: Vec<Recorded<'_>> = news.into_iter().map(Recorded::Source).collect();
                    cache.add(&news)?;
                }
                None => self.known.sources.par_extend(news.par_iter().filter_map(RememberedRef::copy)),
            }
            for (look, source) in
                looked.into_iter().flat_map(|(sources, looks)| looks.into_iter().zip(sources))
            {
                parsed.take(look, source, problems);
            }
        }
    }

    /// Takes a source from memory, or reads it.
    fn look(
        &self,
        root: &Path,
        source: &SourceFile,
        known: Option<Box<Remembered>>,
        config: &Config,
        reckoner: &Reckoner<'_>,
    ) -> Look {
        let file = &source.found;
        let known = known.filter(|known| known.document.format == source.format);
        let kept = |known: Box<Remembered>, read| Look {
            document: Some(Source::New(Box::new(known.document.with(known.rest)))),
            problems: Vec::new(),
            read,
            new: read,
            changed: false,
            instead: false,
        };
        match known {
            Some(known) if known.settled && known.stamp == file.stamp => return kept(known, false),
            Some(known) if known.stamp.size == file.stamp.size && known.document.is_in(&file.file(root)) => {
                return kept(known, true);
            }
            _ => {}
        }
        let (mut document, problems) = source::parse(root, source, config, reckoner);
        if let Some(document) = &mut document
            && self.held.fetch_add(document.held(), Ordering::Relaxed) + document.held() > MOST_HELD
        {
            document.let_go();
        }
        let document = document.map(Source::from);
        Look { document, problems, read: true, new: true, changed: true, instead: false }
    }

    /// The record of a source that was read. One with problems is read again by the next build, which
    /// has to tell of them too.
    fn record<'a>(&self, look: &'a Look, source: &SourceFile) -> Option<RememberedRef<'a>> {
        // The next build of this process is handed what stayed as it was, too.
        let is_wanted =
            look.problems.is_empty() && if self.cache.is_some() { look.new } else { !look.instead };
        let document = look.document.as_ref().filter(|_| is_wanted)?.document();
        let stamp = source.found.stamp;
        let settled = stamp.is_settled(self.moment);
        Some(RememberedRef { stamp, settled, document, rest: document })
    }

    /// Remembers what was decided, as far as it stands.
    pub fn add_settled(&mut self, settled: &[Box<Settled>]) -> Result<(), StoreError> {
        match &mut self.cache {
            Some(cache) => {
                self.live += settled.iter().filter(|one| one.standing.is_some()).count();
                let is_new = |one: &Settled| one.standing.as_ref().is_some_and(|one| !one.is_remembered);
                let news = settled.iter().filter(|one| is_new(one)).map(|one| Recorded::Settled(one));
                let news: Vec<Recorded<'_>> = news.collect();
                cache.add(&news)
            }
            None => {
                let stand = settled.par_iter().filter(|one| one.standing.is_some());
                self.known.settled = stand.cloned().collect();
                Ok(())
            }
        }
    }

    /// What documents shared in the last build.
    pub fn shared(&self) -> &SharedParts {
        &self.known.shared
    }

    /// Remembers what bodies needed (name and digest of each source, and its needs), and what documents shared, in a
    /// build that succeeded.
    pub fn add(&mut self, needs: &[Needed], shared: &SharedParts) -> Result<(), StoreError> {
        if let Some(cache) = &mut self.cache {
            let records: Vec<Recorded<'_>> =
                needs.iter().map(|(name, digest, needs)| Recorded::Needs(name, *digest, needs)).collect();
            if *shared != self.known.shared {
                cache.add(&[Recorded::Shared(shared)])?;
            }
            return cache.add(&records);
        }
        self.known.shared = shared.clone();
        self.known.needs.add(needs);
        Ok(())
    }

    /// Puts what is new into the file.
    pub fn save(self) -> Result<(), StoreError> {
        self.cache.map_or(Ok(()), |cache| cache.finish(self.live, newest))
    }

    /// What the next build of this process is handed; `needs` are those that [`parse`](Memory::parse) returned.
    pub fn hand_over(&mut self, mut needs: Needs) -> Known {
        let known = std::mem::take(&mut self.known);
        needs.0.extend(known.needs.0);
        Known { needs, ..known }
    }
}

/// What stands for a source that is set aside: what `text` says, or nothing.
fn instead(source: &SourceFile, text: Option<&[u8]>, config: &Config, reckoner: &Reckoner<'_>) -> Look {
    let document = text.and_then(|text| source::parse_bytes(text.to_vec(), source, config, reckoner).0);
    let document = document.map(Source::from);
    // Its text is nowhere else, so it is held; what is wrong with it was told before.
    Look { document, problems: Vec::new(), read: true, new: false, changed: false, instead: true }
}

/// A source, read or remembered.
struct Look {
    document: Option<Source>,
    problems: Vec<Problem>,
    read: bool,
    /// What is known of it has to be recorded.
    new: bool,
    /// It is new, or has another text than before.
    changed: bool,
    /// Another text stands for it.
    instead: bool,
}

impl Look {
    /// The same with what was decided of the source as long as it had the same bytes.
    fn with(mut self, settled: Option<Box<Settled>>) -> Look {
        if let (Some(Source::New(document)), Some(mut settled)) = (&self.document, settled)
            && settled.document.digest == document.digest
        {
            let document = self.document.take().map(Source::into_document);
            settled.document = document.unwrap_or(settled.document);
            self.document = Some(Source::Known(settled));
        }
        self
    }
}

/// What a parsed source depends on beside its text.
fn key(config: &Config, substance: bool) -> Digest {
    let mut hasher = Hasher::default();
    hasher.value(env!("CARGO_PKG_VERSION")).value([u8::from(substance)]);
    for rules in &config.taxonomies {
        hasher.value(&rules.name);
    }
    for (folder, encoding) in &config.encodings {
        hasher.value(folder).value(encoding.name());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SITE: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";

    /// Parses the sources at `root` in a build that begins at `moment`; says how many were read, and the
    /// titles.
    fn parse(root: &Path, moment: i64) -> (usize, Vec<String>, usize) {
        let config = Config::read(SITE, &mut Vec::new()).unwrap();
        let mut problems = Vec::new();
        let scan = source::scan(root, &mut problems);
        let (mut memory, dropped) =
            Memory::of(&root.join("cache"), Recalled::read(&root.join("cache")), &config, false, moment);
        let gist = |_: source::Format, _: &str, _: bool| source::Gist::default();
        let reckoner = Reckoner { gist: &gist, substance: None };
        let parsed = memory.parse(root, &scan, &config, &reckoner, &Aside::default(), &mut problems).unwrap();
        let titles: Vec<String> =
            parsed.sources.iter().map(|source| source.document().front.title.clone().unwrap()).collect();
        memory.save().unwrap();
        (parsed.read, titles, problems.len() + usize::from(dropped.is_some()))
    }

    fn write(root: &Path, name: &str, text: &str) {
        fs::create_dir_all(root.join("content")).unwrap();
        fs::write(root.join("content").join(name), text).unwrap();
    }

    #[test]
    fn what_is_at_rest_and_unchanged_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "a.md", "+++\ntitle = \"A\"\n+++\n");
        write(root, "b.md", "+++\ntitle = \"B\"\n+++\n");
        // Long after the files were written, and long before.
        let (late, early) = (i64::MAX, 0);
        assert_eq!(parse(root, early), (2, vec!["A".into(), "B".into()], 0));
        // They may have changed again without a trace, so they are looked at once more.
        assert_eq!(parse(root, late), (2, vec!["A".into(), "B".into()], 0));
        assert_eq!(parse(root, late), (0, vec!["A".into(), "B".into()], 0));
        write(root, "b.md", "+++\ntitle = \"C\"\n+++\n");
        write(root, "c.md", "+++\ntitle = \"D\"\n+++\n");
        fs::remove_file(root.join("content/a.md")).unwrap();
        assert_eq!(parse(root, late), (2, vec!["C".into(), "D".into()], 0));
        assert_eq!(parse(root, late), (0, vec!["C".into(), "D".into()], 0));
    }

    #[test]
    fn a_source_with_warnings_is_read_each_time_and_a_damaged_memory_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "a.md", "+++\ntitle = \"A\"\ntilte = 1\n+++\n");
        write(root, "b.md", "+++\ntitle = \"B\"\n+++\n");
        for read in [2, 1, 1] {
            assert_eq!(parse(root, i64::MAX), (read, vec!["A".into(), "B".into()], 1));
        }
        fs::write(root.join("cache"), "cut").unwrap();
        assert_eq!(parse(root, i64::MAX), (2, vec!["A".into(), "B".into()], 2));
        assert_eq!(parse(root, i64::MAX), (1, vec!["A".into(), "B".into()], 1));
    }
}

//! The memory of builds about sources: each as parsed with the stamp of its file, its row as long as it is valid, and
//! the needs of its body.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::last::LastBuild;
use super::pairing::{PIECE, Piece, pieces};
use super::reasons::SharedParts;
use super::record::{Record, Recorded, Remembered, RememberedRef};
use super::rendered::Rendered;
use super::session::Session;
use super::state::{self, State};
use crate::config::Config;
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Hasher};
use crate::render::{Need, Needs, code};
use crate::site::identity::{Row, Source};
use crate::source::{self, LazyDocument, Reckoner, Scan, SourceFile};
use crate::storage::StoreError;

/// Name and digest of a source, and the needs of its body.
pub(super) type Needed = (Arc<str>, Digest, Vec<Need>);

/// The outcome of parsing.
pub(super) struct Parsed {
    /// The documents, in the order of their names.
    pub sources: Vec<Source>,
    /// Names of the sources that have errors.
    pub broken: Vec<Arc<str>>,
    /// Known needs of bodies.
    pub needs: Needs,
    /// Names of the sources that are new or have another text than before.
    pub changed: HashSet<Arc<str>>,
    /// Ids that articles among them had in the last build, by name.
    pub former: HashMap<Arc<str>, Box<str>>,
    /// Number of files read.
    pub read: usize,
    /// Their size in bytes.
    pub bytes: u64,
}

impl Parsed {
    /// Adds a source; returns its problems.
    fn take(&mut self, look: Look, source: &SourceFile) -> Vec<Problem> {
        if look.read {
            self.read += 1;
            self.bytes += source.found.stamp.size;
        }
        if look.changed {
            self.changed.insert(source.found.name.clone());
        }
        if let Some(id) = look.former {
            self.former.insert(source.found.name.clone(), id);
        }
        match look.document {
            Some(document) => self.sources.push(document),
            None => self.broken.push(source.found.name.clone()),
        }
        look.problems
    }
}

/// The records of a site's sources that earlier builds left.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Digest of everything beside their texts that the records depend on.
    key: Option<Digest>,
    sources: Vec<Box<Remembered>>,
    settled: Vec<Box<Row>>,
    needs: Needs,
    /// Parts that documents shared in the last build.
    shared: SharedParts,
}

impl Known {
    /// The document of the source `name`, as parsed.
    pub fn document(&self, name: &str) -> Option<LazyDocument> {
        let found = self.sources.iter().find(|one| *one.document.name == *name)?;
        Some(found.document.outline().with(found.rest.clone(), found.searched.clone()))
    }

    fn of(key: Digest, batches: Vec<Vec<Record>>) -> Known {
        let mut known = Known { key: Some(key), ..Known::default() };
        for record in batches.into_iter().flatten() {
            match record {
                Record::Source(remembered) => known.sources.push(remembered),
                Record::Needs(name, digest, needs) => {
                    known.needs.bodies.insert(name, (digest, needs));
                }
                Record::Shared(parts) => known.shared = parts,
                Record::Row(settled) => known.settled.push(settled),
                Record::Page(path, links) => {
                    known.needs.pages.insert(path, links);
                }
                Record::Places(name, digest, places) => {
                    known.needs.places.insert(name, (digest, places));
                }
            }
        }
        // The sort is stable, so the last of several records of one name stays last.
        known.sources.par_sort_by(|a, b| a.document.name.cmp(&b.document.name));
        known.settled.par_sort_by(|a, b| a.document.name.cmp(&b.document.name));
        known
    }
}

/// The memory of one site.
pub(super) struct Memory {
    /// The file for new records; `None` if the next build in this process gets them directly.
    state: Option<State>,
    /// Start of this build, by the file system's clock.
    moment: i64,
    known: Known,
    /// Number of records that are valid now.
    live: usize,
    /// Bytes of text held by documents.
    held: AtomicUsize,
}

/// Most bytes of text held from parsing to rendering. The sources of a small site are thus read once, and the texts of
/// a large site do not fill the memory.
const MOST_HELD: usize = 32 << 20;

/// Sources that are parsed before their records are written: enough for all threads, and too few to take much memory.
const BATCH: usize = 16 * 1024;

impl Memory {
    /// Opens the memory of the session's site: the records of the last build in this process, or else the `rows` of the
    /// state file. With `substance`, the text that readers see is digested too.
    pub fn open(
        session: &mut Session<'_>,
        rows: Option<state::Rows>,
        config: &Config,
        substance: bool,
    ) -> Memory {
        let (folder, key, moment) = (session.request.state, key(config, substance), session.lock.moment());
        let is_in_memory = session.memory.is_some();
        let known = session.memory.as_mut().map(|memory| std::mem::take(&mut memory.known));
        if let Some(known) = known.filter(|known| known.key == Some(key)) {
            return Memory { state: None, moment, known, live: 0, held: AtomicUsize::new(0) };
        }
        let (state, batches, dropped) = State::of(folder, key, rows.unwrap_or_else(|| state::rows(folder)));
        if let Some(error) = dropped.filter(|_| !is_in_memory) {
            session.diagnostics.note(format!("{error}; everything is read again"));
        }
        code::remember(state.endless().iter().copied());
        let state = (!is_in_memory).then_some(state);
        Memory { state, moment, known: Known::of(key, batches), live: 0, held: AtomicUsize::new(0) }
    }

    /// Parses the sources of the session's site. Unchanged sources come from memory.
    pub fn parse(
        &mut self,
        session: &Session<'_>,
        scan: &Scan,
        config: &Config,
        reckoner: &Reckoner<'_>,
    ) -> Result<Parsed, StoreError> {
        let root = session.request.root;
        let known = std::mem::take(&mut self.known.sources);
        let settled = std::mem::take(&mut self.known.settled);
        self.live = scan.sources.len() + self.known.needs.number();
        let needs = std::mem::take(&mut self.known.needs);
        let mut parsed = Parsed {
            sources: Vec::with_capacity(scan.sources.len()),
            broken: Vec::new(),
            needs,
            changed: HashSet::new(),
            former: HashMap::new(),
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
                let look = match session.skipped.get(&source.found.name) {
                    Some(text) => instead(source, text, config, reckoner),
                    None => self.look(root, source, known, config, reckoner),
                };
                look.with(settled)
            };
            let mut looked: Vec<(&[SourceFile], Vec<Look>)> = batch
                .into_par_iter()
                .map(|piece| (piece.sources, piece.pairs().map(look).collect()))
                .collect();
            self.add_sources(&mut looked, config.search.enabled)?;
            for (look, source) in
                looked.into_iter().flat_map(|(sources, looks)| looks.into_iter().zip(sources))
            {
                session.diagnostics.report_all(parsed.take(look, source));
            }
        }
    }

    /// Saves the records of sources that were read. Terms for the search, if the site `is_searched`, are in memory no
    /// longer than until they are in the file.
    fn add_sources(
        &mut self,
        looked: &mut [(&[SourceFile], Vec<Look>)],
        is_searched: bool,
    ) -> Result<(), StoreError> {
        let looks = looked.iter().flat_map(|(sources, looks)| looks.iter().zip(*sources));
        let news = looks.filter_map(|(look, source)| self.record(look, source));
        let news: Vec<RememberedRef<'_>> = news.collect();
        let Some(state) = &mut self.state else {
            self.known.sources.par_extend(news.par_iter().filter_map(RememberedRef::copy));
            return Ok(());
        };
        let news: Vec<Recorded<'_>> = news.into_iter().map(Recorded::Source).collect();
        if !is_searched {
            return state.add(&news);
        }
        let mut written = state.add_and_read(&news)?.into_iter();
        drop(news);
        for look in looked.iter_mut().flat_map(|(_, looks)| looks).filter(|look| self.is_recorded(look)) {
            if let (Some(document), Some(Record::Source(one))) = (&mut look.document, written.next()) {
                document.document_mut().move_searched(one.searched);
            }
        }
        Ok(())
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
            document: Some(Source::New(Box::new(known.document.with(known.rest, known.searched)))),
            problems: Vec::new(),
            read,
            new: read,
            changed: false,
            instead: false,
            former: None,
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
        Look { document, problems, read: true, new: true, changed: true, instead: false, former: None }
    }

    /// True if a source gets a record. One with problems gets none, so the next build reads it again and reports them.
    fn is_recorded(&self, look: &Look) -> bool {
        // The next build of this process needs the unchanged records, too.
        let is_wanted = if self.state.is_some() { look.new } else { !look.instead };
        look.document.is_some() && look.problems.is_empty() && is_wanted
    }

    /// The record of a source that was read.
    fn record<'a>(&self, look: &'a Look, source: &SourceFile) -> Option<RememberedRef<'a>> {
        let document = look.document.as_ref().filter(|_| self.is_recorded(look))?.document();
        let stamp = source.found.stamp;
        let settled = stamp.is_settled(self.moment);
        Some(RememberedRef { stamp, settled, document, rest: document, searched: document.searched() })
    }

    /// Saves the rows that stay valid.
    pub fn add_settled(&mut self, settled: &[Box<Row>]) -> Result<(), StoreError> {
        match &mut self.state {
            Some(state) => {
                self.live += settled.iter().filter(|one| one.validity.is_some()).count();
                let is_new = |one: &Row| one.validity.as_ref().is_some_and(|one| !one.is_remembered);
                let news = settled.iter().filter(|one| is_new(one)).map(|one| Recorded::Row(one));
                let news: Vec<Recorded<'_>> = news.collect();
                state.add(&news)
            }
            None => {
                let stand = settled.par_iter().filter(|one| one.validity.is_some());
                self.known.settled = stand.cloned().collect();
                Ok(())
            }
        }
    }

    /// The last build of the output folder `output`, where the state file has it.
    pub fn last_build(&self, output: &str) -> Option<&LastBuild> {
        self.state.as_ref()?.last_build(output)
    }

    /// Parts that documents shared in the last build.
    pub fn shared(&self) -> &SharedParts {
        &self.known.shared
    }

    /// Saves the needs of bodies (name and digest of each source, and its needs), the links of pages, the places
    /// of dead addresses, and the shared parts of documents, after a build that succeeded.
    pub fn add(&mut self, rendered: &Rendered<'_>) -> Result<(), StoreError> {
        let Rendered { needs, pages, places, shared, .. } = rendered;
        if let Some(state) = &mut self.state {
            let needs = needs.iter().map(|(name, digest, needs)| Recorded::Needs(name, *digest, needs));
            let pages = pages.iter().map(|(path, links)| Recorded::Page(path, links));
            let places = places.iter().map(|(name, digest, one)| Recorded::Places(name, *digest, one));
            let records: Vec<Recorded<'_>> = needs.chain(pages).chain(places).collect();
            if *shared != self.known.shared {
                state.add(&[Recorded::Shared(shared)])?;
            }
            return state.add(&records);
        }
        self.known.shared = shared.clone();
        self.known.needs.add(needs);
        self.known.needs.pages.extend(pages.iter().cloned());
        let places = places.iter().map(|(name, digest, places)| (name.clone(), (*digest, places.clone())));
        self.known.needs.places.extend(places);
        Ok(())
    }

    /// Start of this build, by the file system's clock: nanoseconds since 1970.
    pub fn moment(&self) -> i64 {
        self.moment
    }

    /// Writes new records to the file, and the endless code that was found.
    pub fn save(&mut self) -> Result<(), StoreError> {
        let Some(state) = &mut self.state else { return Ok(()) };
        state.add_endless(&code::endless())?;
        state.save()
    }

    /// Finishes the file with the `build` of the output folder `output`.
    pub fn finish(self, output: &str, build: &LastBuild) -> Result<(), StoreError> {
        let Some(mut state) = self.state else { return Ok(()) };
        state.add_build(output, build)?;
        state.finish(self.live)
    }

    /// The memory for the next build of this process. `needs` are those that [`parse`](Memory::parse) returned.
    pub fn hand_over(&mut self, mut needs: Needs) -> Known {
        let known = std::mem::take(&mut self.known);
        needs.take(known.needs);
        Known { needs, ..known }
    }
}

/// Parses the `text` shown instead of a skipped source; without a text there is no document.
fn instead(source: &SourceFile, text: Option<&[u8]>, config: &Config, reckoner: &Reckoner<'_>) -> Look {
    let document = text.and_then(|text| source::parse_bytes(text.to_vec(), source, config, reckoner).0);
    let document = document.map(Source::from);
    // This text is stored nowhere else, so it is held. Its problems were reported earlier.
    Look {
        document,
        problems: Vec::new(),
        read: true,
        new: false,
        changed: false,
        instead: true,
        former: None,
    }
}

/// A source, read or remembered.
struct Look {
    document: Option<Source>,
    problems: Vec<Problem>,
    read: bool,
    /// Its record must be written.
    new: bool,
    /// It is new, or has another text than before.
    changed: bool,
    /// Its last published text replaces it.
    instead: bool,
    /// The id that an article with another text had in the last build.
    former: Option<Box<str>>,
}

impl Look {
    /// Adds the remembered row of the source if its bytes are still the same, else the id that it had.
    fn with(mut self, settled: Option<Box<Row>>) -> Look {
        if let (Some(Source::New(document)), Some(mut settled)) = (&self.document, settled) {
            if settled.document.digest != document.digest {
                self.former = settled.public_id().map(Into::into);
                return self;
            }
            let document = self.document.take().map(Source::into_document);
            settled.document = document.unwrap_or(settled.document);
            self.document = Some(Source::Known(settled));
        }
        self
    }
}

/// Digest of everything but its text that a parsed source depends on.
fn key(config: &Config, substance: bool) -> Digest {
    let mut hasher = Hasher::default();
    hasher.value(env!("CARGO_PKG_VERSION")).value([u8::from(substance)]);
    for rules in &config.taxonomies {
        hasher.value(&rules.name);
    }
    for field in &config.ignored_fields {
        hasher.value(field);
    }
    for one in &config.languages {
        hasher.value(&one.key).value([u8::from(one.is_declared)]).value(&one.tag);
    }
    hasher.value([u8::from(config.search.enabled)]).value(format!("{:?}", config.markdown));
    for (folder, encoding) in &config.encodings {
        hasher.value(folder).value(encoding.name());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::DateTime;

    use super::*;
    use crate::output::Lock;
    use crate::pipeline::Request;

    const SITE: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";

    /// Parses the sources at `root` in a build that begins at `moment`; returns the number of files read, the titles,
    /// and the number of problems and notes.
    fn parse(root: &Path, moment: i64) -> (usize, Vec<String>, usize) {
        let config = Config::read(SITE, &mut Vec::new()).unwrap();
        let state = root.join("state");
        let lock = Lock::take(&state).unwrap();
        let request = Request::new(root, &state, root, DateTime::UNIX_EPOCH);
        let mut session = Session::new(&request, &lock);
        let site = source::Site::new(root, &config.files);
        let scan = source::scan(&site, &config, &mut source::Findings::default());
        let mut memory = Memory::open(&mut session, None, &config, false);
        memory.moment = moment;
        let body_summary = |_: source::Format, _: &str, _: Option<&str>| source::BodySummary::default();
        let reckoner = Reckoner { body_summary: &body_summary, substance: None, searched: None };
        let parsed = memory.parse(&session, &scan, &config, &reckoner).unwrap();
        let titles: Vec<String> = parsed
            .sources
            .iter()
            .map(|source| source.document().load().front.title.clone().unwrap())
            .collect();
        memory.save().unwrap();
        let told = session.diagnostics.take().len() + session.diagnostics.take_notes().len();
        (parsed.read, titles, told)
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
        // One instant long after the files were written, and one long before.
        let (late, early) = (i64::MAX, 0);
        assert_eq!(parse(root, early), (2, vec!["A".into(), "B".into()], 0));
        // A file written this recently may have changed again with the same stamp, so it is read once more.
        assert_eq!(parse(root, late), (2, vec!["A".into(), "B".into()], 0));
        assert_eq!(parse(root, late), (0, vec!["A".into(), "B".into()], 0));
        write(root, "b.md", "+++\ntitle = \"C\"\n+++\n");
        write(root, "c.md", "+++\ntitle = \"D\"\n+++\n");
        fs::remove_file(root.join("content/a.md")).unwrap();
        assert_eq!(parse(root, late), (2, vec!["C".into(), "D".into()], 0));
        assert_eq!(parse(root, late), (0, vec!["C".into(), "D".into()], 0));
    }

    #[test]
    fn terms_of_the_search_are_in_the_file_once_they_were_parsed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "a.md", "+++\ntitle = \"A\"\n+++\nThe harbour.\n");
        let state = root.join("state");
        let parse = || {
            let searching = format!("{SITE}[search]\nenabled = true\n");
            let config = Config::read(&searching, &mut Vec::new()).unwrap();
            let lock = Lock::take(&state).unwrap();
            let request = Request::new(root, &state, root, DateTime::UNIX_EPOCH);
            let mut session = Session::new(&request, &lock);
            let scan = source::scan(
                &source::Site::new(root, &config.files),
                &config,
                &mut source::Findings::default(),
            );
            let mut memory = Memory::open(&mut session, None, &config, false);
            memory.moment = i64::MAX;
            let body_summary = |_: source::Format, _: &str, _: Option<&str>| source::BodySummary::default();
            let searched = |_: source::Format, body: &str| body.as_bytes().into();
            let reckoner =
                Reckoner { body_summary: &body_summary, substance: None, searched: Some(&searched) };
            let parsed = memory.parse(&session, &scan, &config, &reckoner).unwrap();
            let terms = parsed.sources[0].document().searched();
            assert!(matches!(terms, crate::storage::StoredSlice::There(..)), "{terms:?}");
            assert_eq!(&*terms.read().unwrap(), b"The harbour.\n");
            memory.save().unwrap();
            parsed.read
        };
        assert_eq!((parse(), parse()), (1, 0));
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
        fs::write(root.join("state/state"), "cut").unwrap();
        assert_eq!(parse(root, i64::MAX), (2, vec!["A".into(), "B".into()], 2));
        assert_eq!(parse(root, i64::MAX), (1, vec!["A".into(), "B".into()], 1));
    }
}

//! One source, parsed.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dates::WireDate;
use super::fence;
use super::front_matter::{self, FrontMatter, Known, Owner};
use super::holds::is_held_name;
use super::language::{Stem, is_bundle, stem_in_language, stem_of_source};
use super::scan::folder_of;
use super::{ContentError, FOLDER, SourceFile, encoding, wire};
use crate::config::{Config, within};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::model::metadata;
use crate::storage::{StoredSlice, file};

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// CommonMark with front matter.
    Markdown,
    /// HTML with front matter.
    Html,
    /// A plain-text wire article.
    Wire,
}

impl Format {
    /// The format for a file's extension.
    pub fn of(path: &str) -> Option<Format> {
        let (_, extension) = path.rsplit_once('.')?;
        let is = |names: &[&str]| names.iter().any(|name| extension.eq_ignore_ascii_case(name));
        match () {
            () if is(&["md", "markdown"]) => Some(Format::Markdown),
            () if is(&["html", "htm"]) => Some(Format::Html),
            () if is(&["txt"]) => Some(Format::Wire),
            () => None,
        }
    }
}

/// The role of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// An article or, without a date, a page.
    Leaf,
    /// The section of its folder.
    Section,
}

impl Role {
    /// The role of the source `name`: a file whose name without extension is `_index`, in any case, describes a section.
    pub fn of(name: &str) -> Role {
        let base = name.rsplit('/').next().unwrap_or(name).as_bytes();
        let is_section = base.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"_index."));
        if is_section { Role::Section } else { Role::Leaf }
    }
}

/// Callback that returns the text of a body that its readers see, as normalised HTML.
pub type Substance<'a> = &'a (dyn Fn(Format, &str) -> String + Sync);

/// Callback that returns the terms by which a search finds a body, packed.
pub type Searched<'a> = &'a (dyn Fn(Format, &str) -> Box<[u8]> + Sync);

/// Callbacks that summarize bodies.
pub struct Reckoner<'a> {
    /// Returns the summary of a body (for a wire article: of its paragraphs as plain text), with an excerpt if the language
    /// of one is given.
    pub body_summary: &'a (dyn Fn(Format, &str, Option<&str>) -> BodySummary + Sync),
    /// Returns the text that readers see; `None` if its digest is not needed.
    pub substance: Option<Substance<'a>>,
    /// Returns the terms of a body; `None` if the site has no search.
    pub searched: Option<Searched<'a>>,
}

/// The text whose digest a document has that could not be read again.
const LOST: &[u8] = b"lost";

/// The summary of a body that is not kept in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodySummary {
    /// An excerpt, plain text; empty if the author wrote a summary.
    pub excerpt: Box<str>,
    /// Its length in words, for scripts with words.
    pub words: u32,
    /// Its number of Chinese and Japanese characters.
    pub characters: u32,
    /// Names in it that may be pictures, as written: every word with the ending of a picture file.
    pub pictures: Box<[String]>,
}

/// A source as its author wrote it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// The file, from the site's root: `content/news/2014-02-14-ferry.md`.
    #[serde(deserialize_with = "crate::model::intern::shared")]
    pub name: Arc<str>,
    /// Its format.
    pub format: Format,
    /// Article, page or section.
    pub role: Role,
    /// True for `slug/index.md`, whose neighbours in the folder are its assets.
    pub bundle: bool,
    /// Its stem where it is in another language than the site's own: `de/news/ferry` for `news/ferry.de.md`.
    pub(super) in_language: Option<Box<Stem>>,
    /// Front matter; for a wire article, the fields of its head.
    pub front: FrontMatter,
    /// A wire article's `PUBLISHED :` line.
    pub wire_published: Option<Box<WireDate>>,
    /// A wire article's `UPDATED :` line.
    pub wire_updated: Option<Box<WireDate>>,
    /// The summary of the body.
    pub body_summary: BodySummary,
    /// Digest of the file's bytes.
    pub digest: Digest,
    /// Digest of everything here except the body: while it stays the same, lists show the same.
    pub shown: Digest,
    /// Digest of everything that a reader sees: title, standfirst, summary and text, as words and structure. `None` if
    /// it is not needed.
    pub substance: Option<Digest>,
    /// The byte of the decoded text at which the body starts.
    body: usize,
    /// Its text, as far as it is kept.
    kept: Box<Kept>,
}

/// The parts of a document's text that are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// The decoded text, until it is dropped.
    #[serde(skip)]
    text: Option<Box<str>>,
    /// The text of a row of a data file, which no file of its own has.
    row: Option<Box<str>>,
    /// The terms of the body for the search, packed, unless a lazy document has them; `None` if the site has no search.
    #[serde(skip)]
    searched: Option<StoredSlice>,
}

impl Document {
    /// The path below `content/`: `news/2014-02-14-ferry.md`.
    pub fn path(&self) -> &str {
        below(&self.name)
    }

    /// The path without extension, `/index` or `/_index`. A date in the path, the slug and the id are taken from it. It
    /// is empty for the root section. In another language than the site's own it begins with the folder of the language:
    /// `de/news/ferry` for `news/ferry.de.md`.
    pub fn stem(&self) -> &str {
        self.in_language
            .as_ref()
            .map(|stem| stem.0.as_str())
            .unwrap_or_else(|| stem_of(self.path(), self.role, self.bundle))
    }

    /// A placeholder for a document that can't be read. No file has its digest.
    pub fn lost(name: Arc<str>) -> Document {
        let digest = Digest::of(LOST);
        Document {
            name,
            format: Format::Markdown,
            role: Role::Leaf,
            bundle: false,
            in_language: None,
            front: FrontMatter::default(),
            wire_published: None,
            wire_updated: None,
            body_summary: BodySummary::default(),
            digest,
            shown: digest,
            substance: None,
            body: 0,
            kept: Box::default(),
        }
    }

    /// True for a row of a data file.
    pub fn is_row(&self) -> bool {
        self.kept.row.is_some()
    }

    /// Fills missing fields from `above`. A row always has values of its own, so it gets those of `above` that it lacks one
    /// by one.
    pub fn inherit(&mut self, above: &FrontMatter) {
        self.front.under(above);
        if let (true, Some(own), Some(above)) = (self.is_row(), &mut self.front.extra, &above.extra) {
            own.add_missing(above);
        }
    }

    /// True for the placeholder made by [`lost`](Document::lost).
    pub(super) fn is_lost(&self) -> bool {
        self.digest == Digest::of(LOST)
    }

    /// True if the two documents differ only in their bodies, and in values derived from those.
    pub fn has_head_of(&self, other: &Document) -> bool {
        let head = |one: &Document| {
            let what = (one.format, one.role, one.bundle, &one.in_language);
            postcard::to_allocvec(&(what, &one.front, &one.wire_published, &one.wire_updated)).ok()
        };
        head(self).is_some_and(|own| head(other) == Some(own))
    }

    /// The place of the terms of its body for the search.
    pub(super) fn searched_mut(&mut self) -> &mut Option<StoredSlice> {
        &mut self.kept.searched
    }

    /// Bytes of text that it holds.
    pub fn held(&self) -> usize {
        self.kept.text.as_ref().map_or(0, |text| text.len())
    }

    /// The bytes that were parsed, if the held text equals the file.
    pub fn bytes(&self) -> Option<&[u8]> {
        if let Some(row) = &self.kept.row {
            return Some(row.as_bytes());
        }
        self.kept.text.as_ref().map(|text| text.as_bytes()).filter(|bytes| Digest::of(bytes) == self.digest)
    }

    /// Drops the text, which can be read again.
    pub fn let_go(&mut self) {
        self.kept.text = None;
    }

    /// Its whole text, and the byte at which the body starts. If the text was dropped, the file is read again, in the
    /// site at `root`.
    ///
    /// # Errors
    /// [`ContentError::Changed`] if the file has changed since it was parsed; [`ContentError::Unreadable`].
    pub fn read_body(&self, root: &Path, config: &Config) -> Result<(Cow<'_, str>, usize), Problem> {
        if let Some(text) = self.kept.row.as_ref().or(self.kept.text.as_ref()) {
            return Ok((Cow::Borrowed(text), self.body));
        }
        let refuse = |cause| Problem::new(cause, Place::file(self.name.clone()));
        let bytes = file::read(&root.join(&*self.name), file::SOURCE)
            .map_err(|error| refuse(ContentError::Unreadable { reason: error.to_string() }))?;
        if Digest::of(&bytes) != self.digest {
            return Err(refuse(ContentError::Changed));
        }
        let text = encoding::decode(bytes, named_encoding(self.path(), config))
            .map_err(|error| Problem::new(error, Place::file(self.name.clone())))?;
        Ok((Cow::Owned(text), self.body))
    }
}

/// The encoding set in `site.toml` for the file at `path` below `content/`.
pub fn named_encoding(path: &str, config: &Config) -> Option<&'static encoding_rs::Encoding> {
    let named = config.encodings.iter().find(|(folder, _)| within(folder_of(path), folder));
    named.map(|(_, encoding)| *encoding)
}

/// The path below `content/` of the file `name`.
pub fn below(name: &str) -> &str {
    name.strip_prefix(FOLDER).map_or(name, |path| path.trim_start_matches('/'))
}

/// [`Document::stem`] of the source at `path` below `content/`.
pub(super) fn stem_of(path: &str, role: Role, bundle: bool) -> &str {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    match role {
        Role::Section => folder_of(stem),
        Role::Leaf if bundle => folder_of(stem),
        Role::Leaf => stem,
    }
}

/// Reads and parses `source` of the site at `root`. The document is `None` if one of the problems is an error.
pub fn parse(
    root: &Path,
    source: &SourceFile,
    config: &Config,
    reckoner: &Reckoner<'_>,
) -> (Option<Box<Document>>, Vec<Problem>) {
    // The errors of such a row are known.
    if source.row.as_ref().is_some_and(|row| row.is_lost()) {
        return (None, Vec::new());
    }
    match source.read(root) {
        Ok(bytes) => parse_bytes(bytes, source, config, reckoner),
        Err(error) => {
            let cause = ContentError::Unreadable { reason: error.to_string() };
            (None, vec![Problem::new(cause, Place::file(source.found.name.clone()))])
        }
    }
}

/// Parses `source` from `bytes`, the present or an earlier content of its file.
pub fn parse_bytes(
    bytes: Vec<u8>,
    source: &SourceFile,
    config: &Config,
    reckoner: &Reckoner<'_>,
) -> (Option<Box<Document>>, Vec<Problem>) {
    let mut problems = Vec::new();
    let document = read(bytes, source, config, reckoner, &mut problems);
    let failed = problems.iter().any(Problem::is_error);
    (document.filter(|_| !failed).map(Box::new), problems)
}

fn read(
    bytes: Vec<u8>,
    source: &SourceFile,
    config: &Config,
    reckoner: &Reckoner<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    let name = source.found.name.clone();
    let path = below(&name);
    let digest = Digest::of(&bytes);
    // The text of a row is no file of its folder.
    let encoding = named_encoding(path, config).filter(|_| source.row.is_none());
    let text = match encoding::decode(bytes, encoding) {
        Ok(text) => text,
        Err(error) => {
            problems.push(Problem::new(error, Place::file(name.clone())));
            return None;
        }
    };
    let role = Role::of(&name);
    // A disk that was full, or a machine that stopped, leaves files of no bytes or of zeros.
    if role == Role::Leaf && source.row.is_none() && text.chars().all(|c| c == '\0' || c.is_whitespace()) {
        problems.push(Problem::new(ContentError::Empty, Place::file(name)));
        return None;
    }
    let mut document = Document {
        name: name.clone(),
        format: source.format,
        role,
        bundle: is_bundle(path, config),
        in_language: None,
        front: FrontMatter::default(),
        wire_published: None,
        wire_updated: None,
        body_summary: BodySummary::default(),
        digest,
        shown: digest,
        substance: None,
        body: 0,
        kept: Box::default(),
    };
    if source.format == Format::Wire {
        wire::read(&mut document, &text, reckoner.body_summary, problems);
    } else {
        let owner = match role {
            Role::Section => Owner::Section,
            Role::Leaf if source.row.is_some() => Owner::Row,
            Role::Leaf => Owner::Article,
        };
        read_front_matter(&mut document, &text, owner, config, reckoner.body_summary, problems);
    }
    let stated = document.front.lang.as_deref().filter(|_| document.front.translation_of().is_some());
    document.in_language = stem_in_language(document.path(), role, document.bundle, stated, config);
    if role == Role::Leaf && document.front.draft.is_none() && is_held_name(document.stem()) {
        document.front.draft = Some(true);
    }
    document.shown = shown(&document);
    document.substance = reckoner.substance.map(|seen| {
        let front = &document.front;
        let mut hasher = Hasher::default();
        for part in [&front.title, &front.standfirst, &front.summary] {
            // A missing part counts as empty, because readers see neither.
            let words: Vec<&str> = part.as_deref().unwrap_or_default().split_whitespace().collect();
            hasher.value(words.join(" "));
        }
        if let Some(reason) = &front.withdrawn {
            hasher.value("withdrawn").value(&reason.value);
        }
        for correction in front.corrections() {
            hasher.value("correction").value(&correction.text);
        }
        hasher.value(seen(document.format, &text[document.body..])).finish()
    });
    if let Some(searched) = reckoner.searched.filter(|_| role == Role::Leaf) {
        let packed = searched(document.format, &text[document.body..]);
        document.kept.searched = Some(StoredSlice::Here(packed.into()));
    }
    match source.row {
        Some(_) => document.kept.row = Some(text.into()),
        None => document.kept.text = Some(text.into()),
    }
    Some(document)
}

fn shown(document: &Document) -> Digest {
    let parts = (
        &document.format,
        &document.front,
        &document.wire_published,
        &document.wire_updated,
        &document.body_summary,
    );
    // Serialization never fails here; if it did, the digest of the whole file would be a safe choice.
    postcard::to_allocvec(&parts).map_or(document.digest, |bytes| Digest::quick(&bytes))
}

fn read_front_matter(
    document: &mut Document,
    text: &str,
    owner: Owner,
    config: &Config,
    body_summary: &dyn Fn(Format, &str, Option<&str>) -> BodySummary,
    problems: &mut Vec<Problem>,
) {
    let name = &document.name;
    let (block, body) = match fence::split(text) {
        Ok(parts) => parts,
        Err((error, span)) => {
            problems.push(Problem::new(error, Place::in_text(name.clone(), text, span)));
            return;
        }
    };
    document.body = body;
    let whole_gist = |front: &FrontMatter| {
        let has_summary = front.summary.is_some() || front.standfirst.is_some();
        let language = || match &front.lang {
            Some(lang) => lang.clone(),
            None => {
                config.languages[config.language_of(&stem_of_source(document.path(), config))].tag.clone()
            }
        };
        let language = (!has_summary).then(language);
        body_summary(document.format, &text[body..], language.as_deref())
    };
    let Some((language, range)) = block else {
        document.body_summary = whole_gist(&document.front);
        return;
    };
    match metadata::parse(language, &text[range.clone()], range.start) {
        Ok(node) => {
            let taxonomies: Vec<String> = config.taxonomies.iter().map(|rules| rules.name.clone()).collect();
            let known = Known { taxonomies: &taxonomies, ignored: &config.ignored_fields };
            let front = front_matter::read(&node, owner, known, name, text, problems);
            document.body_summary = whole_gist(&front);
            document.front = front;
        }
        Err((error, span)) => problems.push(Problem::new(error, Place::in_text(name.clone(), text, span))),
    }
}

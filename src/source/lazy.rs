//! A lazy document: the fields that every build reads are in memory, and the rest is stored as bytes until somebody
//! asks for it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::document::{below, stem_of};
use super::language::Stem;
use super::scan::folder_of;
use super::{Document, Format, FrontMatter, Role};
use crate::model::digest::Digest;
use crate::storage::{self, StoredSlice};

/// A document that is loaded when asked for. A build of an unchanged site shows few articles; decoding the remembered
/// data of all others would be most of its work. (Its serialized form has only the fields in memory.)
#[derive(Debug, Serialize, Deserialize)]
pub struct LazyDocument {
    /// The file, from the site's root: `content/news/2014-02-14-ferry.md`.
    #[serde(deserialize_with = "crate::model::intern::shared")]
    pub name: Arc<str>,
    /// Its format.
    pub format: Format,
    /// Article, page or section.
    pub role: Role,
    /// True for `slug/index.md`, whose neighbours in the folder are its assets.
    pub bundle: bool,
    /// Fields that few documents have.
    seldom: Option<Box<Seldom>>,
    /// Digest of the file's bytes.
    #[serde(with = "crate::model::digest::packed")]
    pub digest: Digest,
    /// Digest of what a reader sees; `None` if it is not needed.
    pub substance: Option<Digest>,
    /// True if the author gave it an id.
    pub has_id: bool,
    /// True for a row of a data file.
    pub is_row: bool,
    #[serde(skip)]
    whole: OnceLock<Box<Document>>,
    /// The whole document, once it is loaded.
    #[serde(skip)]
    rest: Option<StoredSlice>,
    /// Fields that the whole document inherits.
    #[serde(skip)]
    cascade: Option<Arc<FrontMatter>>,
}

/// Fields that few documents have.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Seldom {
    /// Its stem where it is in another language than the site's own; see [`Document::stem`].
    in_language: Option<Stem>,
    /// The terms of its body for the search, packed, on a site that has one.
    #[serde(skip)]
    searched: Option<StoredSlice>,
}

impl Seldom {
    /// Those fields, if there is one.
    fn of(in_language: Option<Stem>, searched: Option<StoredSlice>) -> Option<Box<Self>> {
        let is_there = in_language.is_some() || searched.is_some();
        is_there.then(|| Box::new(Seldom { in_language, searched }))
    }
}

impl Clone for LazyDocument {
    /// A copy that is not loaded, if the document can be loaded again.
    fn clone(&self) -> Self {
        LazyDocument {
            whole: if self.rest.is_some() { OnceLock::new() } else { self.whole.clone() },
            rest: self.rest.clone(),
            seldom: self.seldom.clone(),
            cascade: self.cascade.clone(),
            ..self.outline()
        }
    }
}

impl From<Box<Document>> for LazyDocument {
    fn from(mut document: Box<Document>) -> Self {
        LazyDocument {
            seldom: Seldom::of(document.in_language.as_deref().cloned(), document.searched_mut().take()),
            name: document.name.clone(),
            format: document.format,
            role: document.role,
            bundle: document.bundle,
            digest: document.digest,
            substance: document.substance,
            has_id: document.front.id.is_some(),
            is_row: document.is_row(),
            whole: document.into(),
            rest: None,
            cascade: None,
        }
    }
}

impl LazyDocument {
    /// The path below `content/`: `news/2014-02-14-ferry.md`.
    pub fn path(&self) -> &str {
        below(&self.name)
    }

    /// The path without extension, `/index` or `/_index`; see [`Document::stem`].
    pub fn stem(&self) -> &str {
        let in_language = self.seldom.as_ref().and_then(|seldom| seldom.in_language.as_ref());
        in_language
            .map(|stem| stem.0.as_str())
            .unwrap_or_else(|| stem_of(self.path(), self.role, self.bundle))
    }

    /// The folder of its file, below `content/`.
    pub fn folder(&self) -> &str {
        folder_of(self.path())
    }

    /// Adds the stored rest, and the stored terms for the search.
    pub fn with(self, rest: StoredSlice, searched: StoredSlice) -> LazyDocument {
        let mut document = LazyDocument { rest: Some(rest), ..self };
        if !searched.is_empty() {
            document.move_searched(searched);
        }
        document
    }

    /// The terms of its body for the search, packed; empty if the site has none.
    pub fn searched(&self) -> StoredSlice {
        let searched = self.seldom.as_ref().and_then(|seldom| seldom.searched.clone());
        searched.unwrap_or_default()
    }

    /// Takes `searched` for its terms, which are the same in another place.
    pub fn move_searched(&mut self, searched: StoredSlice) {
        self.seldom.get_or_insert_default().searched = Some(searched);
    }

    /// The stored form of the whole document as parsed.
    ///
    /// # Errors
    /// The document can't be serialized.
    pub fn rest(&self) -> Result<StoredSlice, postcard::Error> {
        match &self.rest {
            Some(rest) => Ok(rest.clone()),
            None => postcard::to_allocvec(self.load()).map(|bytes| StoredSlice::Here(bytes.into())),
        }
    }

    /// A copy without what [`with`](LazyDocument::with) adds.
    pub fn outline(&self) -> LazyDocument {
        LazyDocument {
            name: self.name.clone(),
            whole: OnceLock::new(),
            rest: None,
            seldom: Seldom::of(self.seldom.as_ref().and_then(|seldom| seldom.in_language.clone()), None),
            cascade: None,
            format: self.format,
            role: self.role,
            bundle: self.bundle,
            digest: self.digest,
            substance: self.substance,
            has_id: self.has_id,
            is_row: self.is_row,
        }
    }

    /// `document` with the same inherited fields as this one.
    pub fn rewritten(&self, document: Box<Document>) -> LazyDocument {
        let mut folded = LazyDocument::from(document);
        if let Some(cascade) = &self.cascade {
            folded.inherit(cascade.clone());
        }
        folded
    }

    /// True if `file` still has the bytes that were parsed.
    pub fn is_in(&self, file: &Path) -> bool {
        !self.is_row
            && storage::file::read(file, storage::file::SOURCE)
                .is_ok_and(|bytes| Digest::of(&bytes) == self.digest)
    }

    /// Makes it inherit `cascade`, now or when it is loaded.
    pub fn inherit(&mut self, cascade: Arc<FrontMatter>) {
        if let Some(whole) = self.whole.get_mut() {
            whole.inherit(&cascade);
        }
        self.cascade = Some(cascade);
    }

    /// Drops the text, if it is held.
    pub fn let_go(&mut self) {
        if let Some(whole) = self.whole.get_mut() {
            whole.let_go();
        }
    }

    /// Bytes of text that it holds.
    pub fn held(&self) -> usize {
        self.whole.get().map_or(0, |whole| whole.held())
    }

    /// The bytes that were parsed, if the held text equals the file. Those of a row are loaded with it.
    pub fn bytes_held(&self) -> Option<&[u8]> {
        if self.is_row { self.load().bytes() } else { self.whole.get()?.bytes() }
    }

    /// Passes on the whole document without keeping what is not in memory yet.
    pub fn pass(&self, read: &mut dyn FnMut(&Document)) {
        match self.rest.is_some() && self.whole.get().is_none() {
            true => read(self.clone().load()),
            false => read(self.load()),
        }
    }

    /// The whole document, for changes.
    pub fn into_whole(mut self) -> Box<Document> {
        let mut whole = self.whole.take().unwrap_or_else(|| self.unfold());
        *whole.searched_mut() = self.seldom.take().and_then(|seldom| seldom.searched);
        whole
    }

    /// True if the whole document was needed and could not be read: then its pages must not be shown.
    pub fn is_lost(&self) -> bool {
        self.whole.get().is_some_and(|whole| whole.is_lost())
    }

    /// The whole document; loads it if necessary. It is then in memory until the build ends, so an increment must not ask
    /// for those of articles that it does not render.
    pub fn load(&self) -> &Document {
        self.whole.get_or_init(|| self.unfold())
    }

    fn unfold(&self) -> Box<Document> {
        let read = self.rest.as_ref().and_then(|rest| rest.read().ok());
        let read = read.and_then(|bytes| postcard::from_bytes::<Box<Document>>(&bytes).ok());
        // The stored bytes were checked when they were read, but the file may have changed since.
        let read = read.filter(|document| document.digest == self.digest);
        let mut whole: Box<Document> = read.unwrap_or_else(|| Box::new(Document::lost(self.name.clone())));
        if let Some(cascade) = &self.cascade {
            whole.inherit(cascade);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::stamp::Stamp;
    use crate::source::{BodySummary, Found, Reckoner, SourceFile, parse_bytes};

    fn document(text: &str) -> Box<Document> {
        let name = "content/a.md".into();
        let source = SourceFile::new(Found::new(name, "content", Stamp::default()), Format::Markdown);
        let reckoner =
            Reckoner { body_summary: &|_, _, _| BodySummary::default(), substance: None, searched: None };
        let config = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";
        let config = Config::read(config, &mut Vec::new()).unwrap();
        parse_bytes(text.into(), &source, &config, &reckoner).0.unwrap()
    }

    #[test]
    fn terms_of_the_search_stay_when_a_document_is_changed() {
        let mut folded = LazyDocument::from(document("+++\ntitle = \"Ferry\"\n+++\nText.\n"));
        folded.move_searched(StoredSlice::Here(b"ferry".as_slice().into()));
        let kept = folded.outline().with(folded.rest().unwrap(), folded.searched());
        for one in [folded, kept] {
            let again = LazyDocument::from(one.into_whole());
            assert_eq!(&*again.searched().read().unwrap(), b"ferry");
        }
    }

    #[test]
    fn what_was_folded_is_there_again_and_what_another_put_there_is_not_taken_for_it() {
        let folded = LazyDocument::from(document("+++\ntitle = \"Ferry\"\n+++\nText.\n"));
        let kept = folded.outline().with(folded.rest().unwrap(), folded.searched());
        assert!(!kept.is_lost());
        assert_eq!(kept.load().front.title.as_deref(), Some("Ferry"));
        assert!(!kept.is_lost());
        let other = LazyDocument::from(document("+++\ntitle = \"Quay\"\n+++\nText.\n"));
        for rest in [other.rest().unwrap(), StoredSlice::Here([7; 3].into())] {
            let wrong = folded.outline().with(rest, folded.searched());
            assert_eq!(wrong.load().front.title, None);
            assert!(wrong.is_lost());
            assert!(LazyDocument::from(wrong.into_whole()).is_lost(), "also when it goes on");
        }
    }
}

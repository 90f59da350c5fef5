//! Matches sources with the articles of the ledger: by the author's id, else by text, else by path.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{IdentityError, Source};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::site::ledger::{Ledger, Record};
use crate::source::{LazyDocument, Role};

/// Finds the article of `ledger` for each of `sources`, as an index; indexed like the sources. An ambiguous match is an
/// error at each source that it concerns.
pub(super) fn matching(sources: &[Source], ledger: &Ledger, problems: &mut Vec<Problem>) -> Vec<Option<u32>> {
    let documents: Vec<&LazyDocument> = sources.iter().map(Source::document).collect();
    let mut matching = Matching {
        records: vec![None; documents.len()],
        documents,
        ledger,
        taken: vec![false; ledger.records().len()],
    };
    // An article with unchanged text and path can't be claimed by another source: those are two articles with one id.
    matching.by_text_and_path();
    matching.by_id();
    matching.by_text(problems);
    matching.by_path();
    matching.tell_of_other_ids(problems);
    matching.records
}

struct Matching<'a> {
    documents: Vec<&'a LazyDocument>,
    ledger: &'a Ledger,
    records: Vec<Option<u32>>,
    taken: Vec<bool>,
}

impl<'a> Matching<'a> {
    fn take(&mut self, document: usize, record: usize) {
        if !self.taken[record] && self.records[document].is_none() {
            self.taken[record] = true;
            self.records[document] = u32::try_from(record).ok();
        }
    }

    fn by_id(&mut self) {
        for at in 0..self.documents.len() {
            let document = self.documents[at];
            if !document.has_id {
                continue;
            }
            let id = document.load().front.id.as_ref();
            if let Some(record) = id.and_then(|id| self.ledger.find(&id.value)) {
                self.take(at, record);
            }
        }
    }

    /// Matches sources with unchanged text and path, which nearly all are.
    fn by_text_and_path(&mut self) {
        let index: HashMap<&str, usize, RandomState> =
            self.ledger.records().iter().enumerate().map(|(at, one)| (one.source.as_str(), at)).collect();
        for at in 0..self.documents.len() {
            let document = self.documents[at];
            if let Some(record) = index.get(document.path())
                && self.ledger.records()[*record].has_substance(document.substance)
                && self.may_be(at)
            {
                self.take(at, *record);
            }
        }
    }

    /// True if a source can still match an article. A source with an id of its own that the ledger lacks is a new
    /// article.
    fn may_be(&self, document: usize) -> bool {
        let one = &self.documents[document];
        one.role == Role::Leaf && !one.has_id && self.records[document].is_none()
    }

    fn open_documents(&self) -> impl Iterator<Item = usize> + use<'_, 'a> {
        (0..self.documents.len()).filter(|at| self.may_be(*at))
    }

    fn open_records(&self) -> impl Iterator<Item = (usize, &'a Record)> + use<'_, 'a> {
        self.ledger.records().iter().enumerate().filter(|(at, _)| !self.taken[*at])
    }

    fn by_text(&mut self, problems: &mut Vec<Problem>) {
        let mut sources: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
        for at in self.open_documents() {
            if let Some(substance) = self.documents[at].substance {
                sources.entry(substance).or_default().push(at);
            }
        }
        if sources.is_empty() {
            return;
        }
        let mut published: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
        for (at, record) in self.open_records() {
            if let Some(substance) = record.substance.filter(|substance| sources.contains_key(substance)) {
                published.entry(substance).or_default().push(at);
            }
        }
        // A source with the text of an article is that article, wherever the source is.
        let has_another_text =
            |at: &usize| self.documents[*at].substance.is_none_or(|own| !published.contains_key(&own));
        let at_path: HashMap<String, usize> = self
            .open_documents()
            .filter(has_another_text)
            .map(|at| (self.documents[at].path().to_owned(), at))
            .collect();
        for (substance, records) in published {
            self.one_text(&sources[&substance], &records, &at_path, problems);
        }
    }

    /// Matches `sources` with `records` that all have one text.
    fn one_text(
        &mut self,
        sources: &[usize],
        records: &[usize],
        at_path: &HashMap<String, usize>,
        problems: &mut Vec<Problem>,
    ) {
        // The article's path now has another text. Either the source was replaced and moved away, or it was copied and
        // edited. Only the author knows.
        for record in records {
            let one = &self.ledger.records()[*record];
            if let Some(rival) = at_path.get(&one.source) {
                let mut all = sources.to_vec();
                all.push(*rival);
                self.refuse(&all, &[*record], problems);
                return;
            }
        }
        let (mut sources, mut records) = (sources.to_vec(), records.to_vec());
        // Among several with one text, sources match by file name.
        if sources.len() > 1 || records.len() > 1 {
            let documents = &self.documents;
            let name_of = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let pairs: Vec<(usize, usize)> = records
                .iter()
                .filter_map(|record| {
                    let name = name_of(&self.ledger.records()[*record].source);
                    let mut same = sources.iter().filter(|at| name_of(documents[**at].path()) == name);
                    let also = |other: &&usize| name_of(&self.ledger.records()[**other].source) == name;
                    let only = records.iter().filter(also).count() == 1;
                    same.next().filter(|_| only && same.next().is_none()).map(|at| (*at, *record))
                })
                .collect();
            for (at, record) in pairs {
                self.take(at, record);
            }
            sources.retain(|at| self.records[*at].is_none());
            records.retain(|record| !self.taken[*record]);
        }
        match (&sources[..], &records[..]) {
            ([at], [record]) => self.take(*at, *record),
            ([], _) | (_, []) => {}
            _ => self.refuse(&sources, &records, problems),
        }
    }

    fn refuse(&self, sources: &[usize], records: &[usize], problems: &mut Vec<Problem>) {
        let names: Vec<Arc<str>> = sources.iter().map(|at| self.documents[*at].name.clone()).collect();
        let published: Vec<String> = records
            .iter()
            .map(|at| &self.ledger.records()[*at])
            .map(|one| format!("{} (`id = \"{}\"`)", one.source, one.id))
            .collect();
        for name in &names {
            let others = names.iter().filter(|other| *other != name).map(|other| other.to_string());
            let cause = IdentityError::WhichArticle {
                published: published.join(" or "),
                others: match others.collect::<Vec<_>>() {
                    others if others.is_empty() => String::new(),
                    others => format!(", and so could {}", others.join(", ")),
                },
            };
            problems.push(Problem::new(cause, Place::file(name.clone())));
        }
    }

    /// Matches remaining sources by path: such a source is the article with an edited text, even if its format changed.
    fn by_path(&mut self) {
        let open: Vec<usize> = self.open_documents().collect();
        if open.is_empty() {
            return;
        }
        let (mut at_path, mut at_stem) = (HashMap::new(), HashMap::new());
        for (at, record) in self.open_records() {
            at_path.insert(record.source.as_str(), at);
            at_stem.entry(stem(&record.source)).or_insert(at);
        }
        let mut rest = Vec::new();
        for at in open {
            match at_path.get(self.documents[at].path()) {
                Some(record) => self.take(at, *record),
                None => rest.push(at),
            }
        }
        let there: HashSet<&str> = self.documents.iter().map(|document| document.path()).collect();
        for at in rest {
            if let Some(record) = at_stem.get(self.documents[at].stem())
                && !there.contains(self.ledger.records()[*record].source.as_str())
            {
                self.take(at, *record);
            }
        }
    }
}

impl Matching<'_> {
    /// Reports published articles that now have an id unknown to the ledger.
    fn tell_of_other_ids(&self, problems: &mut Vec<Problem>) {
        let mut strangers = self.documents.iter().zip(&self.records);
        if strangers.all(|(document, record)| !document.has_id || record.is_some()) {
            return;
        }
        let at_path: HashMap<&str, &Record> =
            self.open_records().map(|(_, record)| (record.source.as_str(), record)).collect();
        let with_id = self.documents.iter().zip(&self.records).filter(|(document, _)| document.has_id);
        for (document, record) in with_id {
            if let (Some(id), None, Some(record)) =
                (&document.load().front.id, record, at_path.get(document.path()))
            {
                let cause = IdentityError::OtherId { published: record.id.clone() };
                problems.push(Problem::new(cause, id.place.clone()));
            }
        }
    }
}

/// The path of a source without its extension and without the `index` of a bundle.
fn stem(source: &str) -> &str {
    let stem = source.rsplit_once('.').map_or(source, |(stem, _)| stem);
    stem.strip_suffix("/index").unwrap_or(stem)
}

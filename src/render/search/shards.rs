//! Terms with the articles that have them, by file.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::language::search::{bucket, terms};

/// A part of an article, by its weight. A term counts in the weightiest part that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The title.
    Title,
    /// Standfirst and summary.
    Lead,
    /// Tags and other terms, authors, section, kicker, headings.
    Terms,
    /// The text.
    Text,
}

const FIELDS: usize = 4;

/// The fewest articles of a part of the index in which a word can be too common to say anything.
const FEW: usize = 512;

/// A term that more articles than this have in their texts is too common to say anything, however many there are.
const MANY: usize = 16 * 1024;

/// The list of articles that have a common term in their texts.
const COMMON: &str = "*";

/// The terms of some articles in some files. Articles are added in the order of their numbers, and what is kept of each
/// is a few bytes for each of its terms.
pub struct Terms {
    files: Range<usize>,
    /// The number of all files.
    count: usize,
    /// The number of letters of a term that choose its file.
    head: usize,
    /// Where among the postings those of a term are.
    numbers: HashMap<Box<str>, u32, foldhash::fast::FixedState>,
    postings: Vec<Postings>,
}

/// The articles that have a term, packed: for each the distance from the one before and the part that has the term.
#[derive(Default)]
struct Postings {
    packed: Vec<u8>,
    last: u64,
}

impl Terms {
    /// No terms yet of those in the files `files` among `count`, a power of two, that `head` letters choose.
    pub fn of(files: Range<usize>, count: usize, head: usize) -> Terms {
        Terms { files, count, head, numbers: HashMap::default(), postings: Vec::new() }
    }

    /// Adds the terms of `text`, which is in the part `field` of the article with this number. The weightiest part comes
    /// first.
    pub fn add_text(&mut self, number: u64, field: Field, text: &str) {
        terms(text, &mut |term| self.add(number, field, term));
    }

    /// Adds a term of these files, unless a part that was added before has it.
    pub fn add(&mut self, number: u64, field: Field, term: &str) {
        if self.files.len() < self.count && !self.files.contains(&bucket(term, self.count, self.head)) {
            return;
        }
        let at = match self.numbers.get(term) {
            Some(at) => *at as usize,
            None => {
                let at = self.postings.len();
                self.numbers.insert(term.into(), u32::try_from(at).unwrap_or(u32::MAX));
                self.postings.push(Postings::default());
                at
            }
        };
        if let Some(postings) = self.postings.get_mut(at) {
            postings.add(field, number);
        }
    }

    /// The terms by file.
    fn by_file(mut self) -> Vec<TermsOfFile> {
        let mut files: Vec<TermsOfFile> = self.files.clone().map(|_| Vec::new()).collect();
        for (term, at) in self.numbers {
            let file = files.get_mut(bucket(&term, self.count, self.head) - self.files.start);
            if let (Some(file), Some(postings)) = (file, self.postings.get_mut(at as usize)) {
                file.push((term, std::mem::take(postings)));
            }
        }
        files
    }
}

/// The terms of one file, with the articles that have them.
type TermsOfFile = Vec<(Box<str>, Postings)>;

/// Terms by file.
pub struct Shards {
    /// The number of the first file.
    first: usize,
    /// For some articles after the other, the terms of each file.
    parts: Vec<Vec<TermsOfFile>>,
    /// A term that more articles than this have in their texts is too common to say anything.
    common: usize,
}

impl Shards {
    /// Those of `terms`, whose articles follow one another and are in the same files; `articles` is the number of articles
    /// in the part of the index.
    pub fn of(terms: Vec<Terms>, articles: usize) -> Shards {
        let first = terms.first().map_or(0, |terms| terms.files.start);
        let parts = terms.into_iter().map(Terms::by_file).collect();
        let common = if articles < FEW { usize::MAX } else { MANY.min(articles / 4) };
        Shards { first, parts, common }
    }

    /// The terms of the file number `shard`, in order, each with its four lists of articles: those that have it in the
    /// title, in the standfirst, among their terms, and in the text.
    pub fn terms(&self, shard: usize) -> impl Iterator<Item = (&str, String)> {
        let mut terms: BTreeMap<&str, Vec<&Postings>> = BTreeMap::new();
        let own = self.parts.iter().filter_map(|files| files.get(shard.checked_sub(self.first)?));
        for (term, postings) in own.flatten() {
            terms.entry(term).or_default().push(postings);
        }
        terms.into_iter().map(|(term, postings)| (term, lists(&postings, self.common)))
    }
}

impl Postings {
    fn add(&mut self, field: Field, number: u64) {
        if self.last == number && !self.packed.is_empty() {
            return;
        }
        // Seven bits a byte, the lowest first; the highest bit says that another byte follows.
        let mut rest = ((number - self.last) << 2) | field as u64;
        while rest >= 128 {
            self.packed.push((rest % 128) as u8 | 128);
            rest >>= 7;
        }
        self.packed.push(rest as u8);
        self.last = number;
    }
}

/// The lists of a term as they are written, made of its postings in one part of the articles after the other.
fn lists(postings: &[&Postings], common: usize) -> String {
    let mut lists: [String; FIELDS] = Default::default();
    let (mut last, mut in_text) = ([0; FIELDS], 0);
    for part in postings {
        let (mut number, mut value, mut shift) = (0, 0u64, 0);
        for byte in &part.packed {
            value |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte & 128 == 0 {
                let field = (value & 3) as usize;
                number += value >> 2;
                in_text += usize::from(field == Field::Text as usize);
                write(number - last[field], &mut lists[field]);
                last[field] = number;
                (value, shift) = (0, 0);
            }
        }
    }
    if in_text > common {
        COMMON.clone_into(&mut lists[Field::Text as usize]);
    }
    lists.join(",").trim_end_matches(',').to_owned()
}

/// The digits of numbers; the upper half of them say that another digit follows.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes `number` with five bits a digit, the lowest first.
fn write(number: u64, list: &mut String) {
    let mut rest = number;
    loop {
        let more = if rest >= 32 { 32 } else { 0 };
        list.push(char::from(DIGITS[(rest % 32 + more) as usize]));
        rest /= 32;
        if rest == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms in all files with their lists, if two parts of `count` articles are told in turn.
    fn shard(count: u64, tell: impl Fn(&mut Terms, u64)) -> Vec<(String, String)> {
        let part = |numbers: Range<u64>| {
            let mut terms = Terms::of(0..1, 1, 3);
            numbers.for_each(|number| tell(&mut terms, number));
            terms
        };
        let shards = Shards::of(vec![part(1..count / 2), part(count / 2..count + 1)], count as usize);
        shards.terms(0).map(|(term, lists)| (term.to_owned(), lists)).collect()
    }

    #[test]
    fn a_term_is_listed_once_an_article_in_its_weightiest_part() {
        let found = shard(34, |terms, number| match number {
            1 => {
                terms.add_text(1, Field::Title, "The ferry");
                terms.add_text(1, Field::Text, "ferry harbour ferry");
            }
            34 => {
                terms.add_text(34, Field::Title, "Ferry");
                terms.add(34, Field::Text, "harbour");
            }
            _ => {}
        });
        let expected = [("ferry", "BhB"), ("harbour", ",,,BhB"), ("the", "B")];
        assert_eq!(found, expected.map(|(term, list)| (term.to_owned(), list.to_owned())));
    }

    #[test]
    fn terms_are_those_of_the_files_asked_for() {
        let words: Vec<String> = (0..200).map(|number| format!("w{number:03}")).collect();
        let of = |files: Range<usize>| {
            let mut terms = Terms::of(files.clone(), 8, 3);
            words.iter().for_each(|word| terms.add(7, Field::Text, word));
            let shards = Shards::of(vec![terms], 1);
            let found = files.map(|file| shards.terms(file).map(|(term, _)| term.to_owned()).collect());
            found.collect::<Vec<Vec<String>>>()
        };
        let all = of(0..8);
        assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 200);
        assert_eq!([of(0..2), of(2..4), of(4..8)].concat(), all);
    }

    #[test]
    fn texts_with_a_term_that_many_have_are_not_listed() {
        for (articles, expected) in [(511, false), (512, true)] {
            let found = shard(articles, |terms, number| {
                terms.add(number, if number == 5 { Field::Title } else { Field::Text }, "most");
                terms.add(number, Field::Text, if number % 5 == 0 { "some" } else { "others" });
            });
            let list = |term: &str| found.iter().find(|one| one.0 == term).unwrap().1.clone();
            assert_eq!(list("most") == "F,,,*", expected, "{articles}");
            assert_eq!(list("others") == ",,,*", expected, "{articles}");
            assert!(list("some").len() > 100, "{articles}");
        }
    }
}

//! Terms with the articles that have them, by file.

use std::collections::HashMap;

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

/// The terms of some articles. Articles are added in the order of their numbers, and what is kept of each is a few
/// bytes for each of its terms.
#[derive(Default)]
pub struct Terms {
    numbers: HashMap<Box<str>, u32, foldhash::fast::FixedState>,
    postings: Vec<Postings>,
    articles: usize,
    newest: Option<u64>,
}

/// The articles that have a term, packed: for each the distance from the one before and the part that has the term.
#[derive(Default)]
struct Postings {
    packed: Vec<u8>,
    last: u64,
}

impl Terms {
    /// Adds the terms of `text`, which is in the part `field` of the article with this number. The weightiest part comes
    /// first.
    pub fn add_text(&mut self, number: u64, field: Field, text: &str) {
        terms(text, &mut |term| self.add(number, field, term));
    }

    /// Adds a term, unless a part that was added before has it.
    pub fn add(&mut self, number: u64, field: Field, term: &str) {
        if self.newest != Some(number) {
            self.newest = Some(number);
            self.articles += 1;
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

    /// The terms in `count` files, a power of two.
    pub fn in_files(self, count: usize) -> Shards {
        let mut shards: Vec<Vec<(Box<str>, Postings)>> = (0..count.max(1)).map(|_| Vec::new()).collect();
        let mut postings: Vec<Option<Postings>> = self.postings.into_iter().map(Some).collect();
        for (term, at) in self.numbers {
            if let Some(postings) = postings.get_mut(at as usize).and_then(Option::take) {
                shards[bucket(&term, count)].push((term, postings));
            }
        }
        shards.iter_mut().for_each(|shard| shard.sort_unstable_by(|a, b| a.0.cmp(&b.0)));
        let common = if self.articles < FEW { usize::MAX } else { MANY.min(self.articles / 4) };
        Shards { shards, common }
    }
}

/// Terms by file.
pub struct Shards {
    shards: Vec<Vec<(Box<str>, Postings)>>,
    /// A term that more articles than this have in their texts is too common to say anything.
    common: usize,
}

impl Shards {
    /// The terms of the file number `shard`, in order, each with its four lists of articles: those that have it in the
    /// title, in the standfirst, among their terms, and in the text.
    pub fn terms(&self, shard: usize) -> impl Iterator<Item = (&str, String)> {
        let terms = self.shards.get(shard).into_iter().flatten();
        terms.map(|(term, postings)| (&**term, postings.lists(self.common)))
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

    /// The lists as they are written.
    fn lists(&self, common: usize) -> String {
        let mut lists: [String; FIELDS] = Default::default();
        let (mut last, mut number, mut in_text) = ([0; FIELDS], 0, 0);
        let (mut value, mut shift) = (0u64, 0);
        for byte in &self.packed {
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
        if in_text > common {
            COMMON.clone_into(&mut lists[Field::Text as usize]);
        }
        lists.join(",").trim_end_matches(',').to_owned()
    }
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

    fn shard(terms: Terms) -> Vec<(String, String)> {
        terms.in_files(1).terms(0).map(|(term, lists)| (term.to_owned(), lists)).collect()
    }

    #[test]
    fn a_term_is_listed_once_an_article_in_its_weightiest_part() {
        let mut terms = Terms::default();
        terms.add_text(1, Field::Title, "The ferry");
        terms.add_text(1, Field::Text, "ferry harbour ferry");
        terms.add_text(34, Field::Title, "Ferry");
        terms.add(34, Field::Text, "harbour");
        let expected = [("ferry", "BhB"), ("harbour", ",,,BhB"), ("the", "B")];
        assert_eq!(shard(terms), expected.map(|(term, list)| (term.to_owned(), list.to_owned())));
    }

    #[test]
    fn texts_with_a_term_that_many_have_are_not_listed() {
        for (articles, expected) in [(511, false), (512, true)] {
            let mut terms = Terms::default();
            for number in 1..=articles {
                terms.add(number, if number == 5 { Field::Title } else { Field::Text }, "most");
                terms.add(number, Field::Text, if number % 5 == 0 { "some" } else { "others" });
            }
            let found = shard(terms);
            let list = |term: &str| found.iter().find(|one| one.0 == term).unwrap().1.clone();
            assert_eq!(list("most") == "F,,,*", expected, "{articles}");
            assert_eq!(list("others") == ",,,*", expected, "{articles}");
            assert!(list("some").len() > 100, "{articles}");
        }
    }
}

//! Terms with the articles that have them, by file.

use std::collections::{BTreeMap, HashMap};

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

/// The terms of some articles, by file. Articles are added in the order of their numbers, and the numbers that a term
/// has are kept in the form in which they are written: a number of bytes like that of the files is all that it takes.
pub struct Shards {
    shards: Vec<HashMap<Box<str>, Postings, foldhash::fast::RandomState>>,
    /// The terms of the article that is being added.
    article: HashMap<String, Field, foldhash::fast::RandomState>,
    number: u64,
}

/// The articles that have a term, by the part that has it.
#[derive(Default)]
struct Postings {
    lists: [String; FIELDS],
    last: [u64; FIELDS],
}

impl Shards {
    /// An empty index of `count` files, a power of two.
    pub fn new(count: usize) -> Shards {
        let shards = (0..count.max(1)).map(|_| HashMap::default()).collect();
        Shards { shards, article: HashMap::default(), number: 0 }
    }

    /// Adds the terms of `text`, which is in the part `field` of the article with this number.
    pub fn add_text(&mut self, number: u64, field: Field, text: &str) {
        terms(text, &mut |term| self.add(number, field, term));
    }

    /// Adds a term.
    pub fn add(&mut self, number: u64, field: Field, term: &str) {
        self.number = number;
        match self.article.get_mut(term) {
            Some(known) => *known = field.min(*known),
            None => {
                self.article.insert(term.to_owned(), field);
            }
        }
    }

    /// Ends the article whose terms were added.
    pub fn finish_article(&mut self) {
        let count = self.shards.len();
        for (term, field) in self.article.drain() {
            let shard = &mut self.shards[bucket(&term, count)];
            match shard.get_mut(&*term) {
                Some(postings) => postings.add(field, self.number),
                None => {
                    let mut postings = Postings::default();
                    postings.add(field, self.number);
                    shard.insert(term.into(), postings);
                }
            }
        }
    }

    /// The terms of the file number `shard`, each with its four lists of articles: those that have it in the title, in
    /// the standfirst, among their terms, and in the text.
    pub fn terms(&self, shard: usize) -> BTreeMap<&str, String> {
        let terms = self.shards.get(shard).into_iter().flatten();
        let joined = |postings: &Postings| postings.lists.join(",").trim_end_matches(',').to_owned();
        terms.map(|(term, postings)| (&**term, joined(postings))).collect()
    }
}

impl Postings {
    fn add(&mut self, field: Field, number: u64) {
        let at = field as usize;
        write(number - self.last[at], &mut self.lists[at]);
        self.last[at] = number;
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

    #[test]
    fn a_term_is_listed_once_an_article_in_its_weightiest_part() {
        let mut shards = Shards::new(1);
        shards.add_text(1, Field::Text, "ferry harbour ferry");
        shards.add_text(1, Field::Title, "The ferry");
        shards.finish_article();
        shards.add_text(34, Field::Title, "Ferry");
        shards.add(34, Field::Text, "harbour");
        shards.finish_article();
        let expected = [("ferry", "BhB"), ("harbour", ",,,BhB"), ("the", "B")];
        let expected = BTreeMap::from(expected.map(|(term, list)| (term, list.to_owned())));
        assert_eq!(shards.terms(0), expected);
    }
}

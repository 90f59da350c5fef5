//! Terms of search: the forms of words that the index of a site has, and that a reader's words are turned into.
//!
//! `static/search.js` does the same to what a reader types. Both must agree in every step.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a term; longer words are cut.
const LONGEST: usize = 32;

/// The characters of a term that choose its bucket, so that all continuations of a beginning are in one.
const HEAD: usize = 3;

/// The sign with which a term of the index begins that is no word: it stands for a section or an author.
pub const FACET: char = ':';

/// The terms of `text`, in order. A word is one term, without case and accents. Scripts without spaces between words
/// have a term for each two neighbouring letters.
pub fn terms(text: &str, each: &mut dyn FnMut(&str)) {
    let folded = folded(text);
    let mut word = String::new();
    let mut is_dense = false;
    for letter in folded.chars().chain([' ']) {
        let is_letter = letter.is_alphanumeric() || is_combining_mark(letter);
        let is_dense_letter = is_letter && dense(letter);
        if is_letter && (word.is_empty() || is_dense == is_dense_letter) {
            is_dense = is_dense_letter;
            word.push(letter);
            continue;
        }
        tell(&word, is_dense, each);
        word.clear();
        if is_letter {
            is_dense = is_dense_letter;
            word.push(letter);
        }
    }
}

/// Passes on the terms of a run of letters of one kind.
fn tell(word: &str, is_dense: bool, each: &mut dyn FnMut(&str)) {
    let mut ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
    match (is_dense, ends.clone().count()) {
        (_, 0) | (false, 1) => {}
        (true, 1) => each(word),
        (true, _) => {
            let starts = word.char_indices().map(|(at, _)| at);
            starts.zip(ends.skip(1)).for_each(|(start, end)| each(&word[start..end]));
        }
        (false, _) => each(&word[..ends.nth(LONGEST - 1).unwrap_or(word.len())]),
    }
}

/// `text` in lower case, without accents, its letters in their plainest form.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.to_lowercase().nfkd().filter(|letter| !is_accent(*letter)).nfc() {
        match letter {
            '\u{df}' => plain.push_str("ss"),
            '\u{e6}' => plain.push_str("ae"),
            '\u{153}' => plain.push_str("oe"),
            '\u{fe}' => plain.push_str("th"),
            '\u{f8}' => plain.push('o'),
            '\u{111}' | '\u{f0}' => plain.push('d'),
            '\u{142}' => plain.push('l'),
            '\u{131}' => plain.push('i'),
            '\u{3c2}' => plain.push('\u{3c3}'),
            other => plain.push(other),
        }
    }
    plain
}

/// True for a mark that readers leave out when they type: accents, and the vowel signs of Hebrew and Arabic.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// True for a letter of a script without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
fn dense(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30ff}')
        || is_han(letter)
}

/// True for a Chinese character. There are so many that one is enough to choose a bucket.
fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// The number of the bucket of `term` among `buckets`, a power of two.
pub fn bucket(term: &str, buckets: usize) -> usize {
    let head = match term.chars().next() {
        Some(FACET) => term.len(),
        Some(first) if is_han(first) => 1,
        _ => HEAD,
    };
    // FNV-1a over code points, mixed once more because only its low bits count.
    let step = |hash: u32, letter: char| (hash ^ u32::from(letter)).wrapping_mul(16_777_619);
    let hash = term.chars().take(head).fold(2_166_136_261, step);
    (hash ^ (hash >> 15)) as usize & (buckets - 1)
}

/// The terms of a text with its headings, packed: each once, in order, without what it shares with the one before.
pub fn packed(text: &str, headings: &str) -> Box<[u8]> {
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    let mut add = |text: &str, is_heading: bool| {
        terms(text, &mut |term| match found.get_mut(term) {
            Some(known) => *known |= is_heading,
            None => {
                found.insert(term.to_owned(), is_heading);
            }
        });
    };
    add(text, false);
    add(headings, true);
    let (mut packed, mut before) = (Vec::new(), "");
    for (term, is_heading) in &found {
        let same = before.bytes().zip(term.bytes()).take_while(|(a, b)| a == b).count();
        // A term has at most 128 bytes, and seven bits tell how many it shares.
        let same = same.min(127);
        let rest = &term.as_bytes()[same..];
        packed.push(same as u8 | if *is_heading { 128 } else { 0 });
        packed.push(u8::try_from(rest.len()).unwrap_or(u8::MAX));
        packed.extend_from_slice(rest);
        before = term;
    }
    packed.into()
}

/// Passes on the `packed` terms, each with true if a heading has it.
pub fn unpack(packed: &[u8], each: &mut dyn FnMut(&str, bool)) {
    let (mut rest, mut term) = (packed, Vec::new());
    while let [head, length, after @ ..] = rest {
        let Some((own, next)) = after.split_at_checked(usize::from(*length)) else { return };
        term.truncate(usize::from(head & 127));
        term.extend_from_slice(own);
        let Ok(text) = std::str::from_utf8(&term) else { return };
        each(text, head & 128 != 0);
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        terms(text, &mut |term| found.push(term.to_owned()));
        found
    }

    #[test]
    fn words_lose_case_and_accents() {
        for (text, expected) in [
            ("The Night-Ferry sails", vec!["the", "night", "ferry", "sails"]),
            ("Stra\u{df}e, \u{c4}rger & \u{152}uvre", vec!["strasse", "arger", "oeuvre"]),
            ("na\u{ef}ve nai\u{308}ve", vec!["naive", "naive"]),
            ("\u{141}\u{f3}d\u{17a} \u{130}stanbul I\u{15f}\u{131}k", vec!["lodz", "istanbul", "isik"]),
            (
                "\u{39f}\u{394}\u{39f}\u{3a3} \u{3bf}\u{3b4}\u{3cc}\u{3c2}",
                vec!["\u{3bf}\u{3b4}\u{3bf}\u{3c3}"; 2],
            ),
            ("\u{ff26}\u{ff45}\u{ff52}\u{ff52}\u{ff59} \u{fb01}sh", vec!["ferry", "fish"]),
            ("Hollin's l'avion 1976 7", vec!["hollin", "avion", "1976"]),
            ("\u{5e9}\u{5b8}\u{5c1}\u{5dc}\u{5d5}\u{5b9}\u{5dd}", vec!["\u{5e9}\u{5dc}\u{5d5}\u{5dd}"]),
            ("\u{d55c}\u{ad6d}\u{c5b4}", vec!["\u{d55c}\u{ad6d}\u{c5b4}"]),
        ] {
            assert_eq!(all(text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_without_spaces_have_terms_of_two_letters() {
        for (text, expected) in [
            (
                "\u{6e21}\u{8f2a}\u{7968}\u{3002}\u{6c34}",
                vec!["\u{6e21}\u{8f2a}", "\u{8f2a}\u{7968}", "\u{6c34}"],
            ),
            (
                "NHK\u{30cb}\u{30e5}\u{30fc}\u{30b9}7",
                vec!["nhk", "\u{30cb}\u{30e5}", "\u{30e5}\u{30fc}", "\u{30fc}\u{30b9}"],
            ),
            ("\u{e40}\u{e23}\u{e37}\u{e2d}", vec!["\u{e40}\u{e23}", "\u{e23}\u{e37}", "\u{e37}\u{e2d}"]),
            ("\u{ff8a}\u{ff9f}\u{ff9d}", vec!["\u{30d1}\u{30f3}"]),
        ] {
            assert_eq!(all(text), expected, "{text}");
        }
    }

    #[test]
    fn packed_terms_are_the_terms_that_were_packed() {
        let long = "\u{10348}".repeat(40);
        let packed = packed(&format!("Harbour harbours Harb {long} \u{10348}{long}"), "The harbours");
        let mut found = Vec::new();
        unpack(&packed, &mut |term, is_heading| found.push((term.to_owned(), is_heading)));
        let plain = [("harb", false), ("harbour", false), ("harbours", true), ("the", true)];
        let plain: Vec<_> = plain.map(|(term, is_heading)| (term.to_owned(), is_heading)).into();
        assert_eq!(found[..4], plain);
        assert_eq!(found[4..], [("\u{10348}".repeat(32), false)]);
        // Damage ends the list.
        unpack(&packed[..packed.len() - 1], &mut |_, _| {});
        unpack(&[255, 255, 1], &mut |_, _| panic!());
    }

    #[test]
    fn a_bucket_has_all_continuations_of_a_beginning() {
        assert_eq!(bucket("fer", 256), bucket("ferries", 256));
        assert_eq!(bucket("\u{6e21}", 256), bucket("\u{6e21}\u{8f2a}", 256));
        assert_eq!(bucket("anything", 1), 0);
        let used: std::collections::BTreeSet<usize> =
            (0..2000).map(|number| bucket(&format!("{number:03x}"), 64)).collect();
        assert!(used.len() > 60, "{}", used.len());
    }
}

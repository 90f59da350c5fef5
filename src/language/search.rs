//! Terms of search: the forms of words that the index of a site has, and that a reader's words are turned into.
//!
//! `static/search.js` does the same to what a reader types. Both must agree in every step.

use std::hash::BuildHasher;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a term; longer words are cut.
const LONGEST: usize = 32;

/// The sign with which a term of the index begins that is no word: it stands for a section or an author.
pub const FACET: char = ':';

/// The terms of `text`, in order. A word is one term, without case and accents. Scripts without spaces between words
/// have a term for each two neighbouring letters.
pub fn terms(text: &str, each: &mut dyn FnMut(&str)) {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut is_ascii = true;
        while at < bytes.len() && gap(bytes, at) == 0 {
            is_ascii &= bytes[at].is_ascii();
            at += 1;
        }
        match is_ascii {
            true if at - start < 2 => {}
            true => each(&lower[start..at.min(start + LONGEST)]),
            false => of_piece(&lower[start..at], each),
        }
        at += if at < bytes.len() { gap(bytes, at) } else { 0 };
    }
}

/// The number of bytes of the character at `at` if it is certainly no letter: one of ASCII, or a usual mark between
/// words, which need not be examined as letters are.
fn gap(bytes: &[u8], at: usize) -> usize {
    match bytes[at..] {
        [byte, ..] if byte.is_ascii() => usize::from(!byte.is_ascii_alphanumeric()),
        // No-break space and angle quotes; dashes, quotes and other general punctuation.
        [0xc2, 0xa0 | 0xab | 0xbb, ..] => 2,
        [0xe2, 0x80, 0x90..=0xba, ..] => 3,
        _ => 0,
    }
}

/// The terms of a text without spaces that has letters beyond ASCII.
fn of_piece(text: &str, each: &mut dyn FnMut(&str)) {
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

/// True for a Chinese character.
fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// True for a letter of a script with so many that one chooses a bucket: Chinese characters and Korean syllables.
fn is_rich(letter: char) -> bool {
    is_han(letter) || matches!(letter, '\u{ac00}'..='\u{d7a3}')
}

/// The number of the bucket of `term` among `buckets`, a power of two. Its first `head` letters choose it, so that all
/// continuations of a beginning of that length are in one.
pub fn bucket(term: &str, buckets: usize, head: usize) -> usize {
    let head = match term.chars().next() {
        Some(FACET) => term.len(),
        Some(first) if is_rich(first) => 1,
        _ => head,
    };
    // FNV-1a over code points, mixed once more because only its low bits count.
    let step = |hash: u32, letter: char| (hash ^ u32::from(letter)).wrapping_mul(16_777_619);
    let hash = term.chars().take(head).fold(2_166_136_261, step);
    (hash ^ (hash >> 15)) as usize & (buckets - 1)
}

/// The terms of a text and of its headings, packed: each once, in the order in which they come.
pub fn packed(text: &str, headings: &str) -> Box<[u8]> {
    let mut packing = Packing::for_text(text.len());
    terms(headings, &mut |term| packing.add(term, IN_HEADING));
    terms(text, &mut |term| packing.add(term, 0));
    packing.terms.into()
}

/// The bit, in the length of a packed term, that says that a heading has it.
const IN_HEADING: u8 = 128;

/// Terms that are being packed.
struct Packing {
    /// Their lengths, less one, each followed by the term, which has at most 128 bytes.
    terms: Vec<u8>,
    /// Where in `terms` each of them begins, plus one, at the place that its hash chooses or behind that; 0 is free.
    places: Vec<u32>,
    count: usize,
    hashing: foldhash::fast::FixedState,
}

impl Packing {
    /// Room for the terms of a text of this length.
    fn for_text(length: usize) -> Packing {
        let places = (length / 4).next_power_of_two().clamp(64, 4096);
        Packing {
            terms: Vec::with_capacity(length / 2),
            places: vec![0; places],
            count: 0,
            hashing: Default::default(),
        }
    }

    fn add(&mut self, term: &str, mark: u8) {
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let (place, known) = self.place(term.as_bytes());
        if known.is_none() {
            self.places[place] = u32::try_from(self.terms.len() + 1).unwrap_or(u32::MAX);
            self.count += 1;
            self.terms.push((term.len() - 1) as u8 | mark);
            self.terms.extend_from_slice(term.as_bytes());
        }
    }

    /// The place of `term`, and where it begins if it is there.
    fn place(&self, term: &[u8]) -> (usize, Option<usize>) {
        let last = self.places.len() - 1;
        let mut place = self.hashing.hash_one(term) as usize & last;
        loop {
            let Some(start) = (self.places[place] as usize).checked_sub(1) else { return (place, None) };
            let rest = &self.terms[start..];
            if usize::from(rest[0] & !IN_HEADING) + 1 == term.len() && rest[1..].starts_with(term) {
                return (place, Some(start));
            }
            place = (place + 1) & last;
        }
    }

    fn grow(&mut self) {
        self.places = vec![0; self.places.len() * 2];
        let mut start = 0;
        while let Some(length) = self.terms.get(start) {
            let end = start + 2 + usize::from(length & !IN_HEADING);
            let (place, _) = self.place(&self.terms[start + 1..end]);
            self.places[place] = u32::try_from(start + 1).unwrap_or(u32::MAX);
            start = end;
        }
    }
}

/// Passes on the `packed` terms, each with true if a heading has it.
pub fn unpack(packed: &[u8], each: &mut dyn FnMut(&str, bool)) {
    let mut rest = packed;
    while let [head, after @ ..] = rest {
        let length = usize::from(head & !IN_HEADING) + 1;
        let Some((term, next)) = after.split_at_checked(length) else { return };
        let Ok(term) = std::str::from_utf8(term) else { return };
        each(term, head & IN_HEADING != 0);
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
            (
                "\u{201c}We\u{2019}re\u{201d}\u{2014}so\u{2026} \u{ab}\u{a0}ni\u{f1}o\u{a0}\u{bb}x\u{202f}12",
                vec!["we", "re", "so", "nino", "12"],
            ),
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
        let plain = [("the", true), ("harbours", true), ("harbour", false), ("harb", false)];
        let plain: Vec<_> = plain.map(|(term, is_heading)| (term.to_owned(), is_heading)).into();
        assert_eq!(found[..4], plain);
        assert_eq!(found[4..], [("\u{10348}".repeat(32), false)]);
        // Damage ends the list.
        unpack(&packed[..packed.len() - 1], &mut |_, _| {});
        unpack(&[255, 255, 1], &mut |_, _| panic!());
    }

    #[test]
    fn a_text_of_many_terms_has_each_once() {
        let text: Vec<String> = (0..9000).map(|number| format!("w{}", number % 6000)).collect();
        let mut found = Vec::new();
        unpack(&packed(&text.join(" "), "w7"), &mut |term, is_heading| {
            found.push((term.to_owned(), is_heading))
        });
        assert_eq!(
            (found.len(), &found[0], &found[1]),
            (6000, &("w7".to_owned(), true), &("w0".to_owned(), false))
        );
        found.sort();
        found.dedup_by(|a, b| a.0 == b.0);
        assert_eq!(found.len(), 6000);
    }

    #[test]
    fn a_bucket_has_all_continuations_of_a_beginning() {
        assert_eq!(bucket("fer", 256, 3), bucket("ferries", 256, 3));
        assert_eq!(bucket("ferr", 256, 4), bucket("ferries", 256, 4));
        assert_ne!(bucket("ferr", 256, 4), bucket("ferment", 256, 4));
        assert_eq!(bucket("\u{6e21}", 256, 4), bucket("\u{6e21}\u{8f2a}", 256, 4));
        assert_eq!(bucket("\u{bd80}\u{c0b0}", 256, 3), bucket("\u{bd80}\u{c0b0}\u{c740}", 256, 3));
        assert_eq!(bucket("anything", 1, 3), 0);
        let used: std::collections::BTreeSet<usize> =
            (0..2000).map(|number| bucket(&format!("{number:03x}"), 64, 3)).collect();
        assert!(used.len() > 60, "{}", used.len());
    }
}

//! Plain text of articles: its length and its beginning.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::html::{bits, suspects};

/// The length of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Length {
    /// Words. In scripts with spaces, a word is between spaces; in scripts without (Thai, Lao, Khmer, Burmese), four
    /// letters count as one.
    pub words: usize,
    /// Chinese and Japanese characters.
    pub characters: usize,
}

impl Length {
    /// Words that people read in a minute.
    const WORDS_A_MINUTE: usize = 230;
    /// Chinese and Japanese characters that people read in a minute.
    const CHARACTERS_A_MINUTE: usize = 500;

    /// Words and characters together, as word processors count them.
    pub fn total(self) -> usize {
        self.words + self.characters
    }

    /// Reading time in minutes, rounded up, at least 1.
    pub fn minutes(self) -> usize {
        let (words, characters) = (Self::WORDS_A_MINUTE, Self::CHARACTERS_A_MINUTE);
        let product =
            self.words.saturating_mul(characters).saturating_add(self.characters.saturating_mul(words));
        product.div_ceil(words * characters).max(1)
    }
}

/// The length of `text`.
pub fn length(text: &str) -> Length {
    let (mut count, mut characters, mut letters) = (0usize, 0usize, 0usize);
    let mut inside = false;
    let mut rest = text;
    loop {
        let plain = suspects(rest.as_bytes(), |byte| !byte.is_ascii()).next().unwrap_or(rest.len());
        let (ascii, after) = rest.split_at(plain);
        count += words_begun(ascii.as_bytes(), &mut inside);
        // A letter of another script is usually followed by more of them.
        let mut near = after.chars();
        for letter in near.by_ref().take(NEAR) {
            if letter.is_ascii() {
                count += usize::from(word_begins(letter as u8, &mut inside));
            } else if is_character(letter) {
                characters += 1;
                inside = false;
            } else if is_spaceless(letter) {
                letters += usize::from(letter.is_alphanumeric() && !is_combining_mark(letter));
                inside = false;
            } else if letter.is_whitespace() || is_cjk_mark(letter) {
                inside = false;
            } else if !inside && letter.is_alphanumeric() {
                count += 1;
                inside = true;
            }
        }
        rest = near.as_str();
        if rest.is_empty() {
            return Length { words: count + letters.div_ceil(4), characters };
        }
    }
}

/// Number of letters that are examined one by one before the next stretch of ASCII is searched.
const NEAR: usize = 64;

/// Number of words that begin in `text`, which is ASCII. Before and after it, `inside` is true within a word whose
/// beginning was counted. White space ends a word, punctuation does not.
fn words_begun(text: &[u8], inside: &mut bool) -> usize {
    let (blocks, rest) = text.as_chunks::<64>();
    let mut count = 0;
    for block in blocks {
        let letters = bits(block, is_letter);
        let spaces = bits(block, is_space);
        let others = !(letters | spaces);
        // Positions where a word may begin: after white space. Punctuation defers the beginning, so the position is
        // carried over it. An addition does that for all positions at once, as it carries ones.
        let free = (spaces << 1) | u64::from(!*inside);
        let (carried, beyond) = others.overflowing_add(free & others);
        count += ((free | carried) & letters).count_ones() as usize;
        *inside = !beyond && spaces >> 63 == 0;
    }
    count + rest.iter().map(|byte| usize::from(word_begins(*byte, inside))).sum::<usize>()
}

/// Processes one byte: true if a word begins with it.
fn word_begins(byte: u8, inside: &mut bool) -> bool {
    let letter = is_letter(byte) != 0;
    let begins = letter & !*inside;
    *inside = (*inside | letter) & (is_space(byte) == 0);
    begins
}

// Numbers without branches let the processor examine many bytes at once.
fn is_letter(byte: u8) -> u8 {
    u8::from((byte | 0x20).wrapping_sub(b'a') < 26) | u8::from(byte.wrapping_sub(b'0') < 10)
}

fn is_space(byte: u8) -> u8 {
    u8::from(byte == b' ') | u8::from(byte.wrapping_sub(b'\t') < 5)
}

/// Han, kana, bopomofo.
fn is_character(letter: char) -> bool {
    matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{323af}')
}

/// Thai, Lao, Burmese, Khmer.
fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Punctuation between Chinese and Japanese words.
fn is_cjk_mark(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{303f}' | '\u{30fb}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

/// Marks that end a sentence.
const ENDS: [char; 8] = ['.', '!', '?', '\u{2026}', '\u{3002}', '\u{ff01}', '\u{ff1f}', '\u{ff61}'];

/// The beginning of `text`, at most `length` characters. It ends between words. In scripts without spaces it ends with
/// a sentence, if one ends in the second half. It never splits what a reader sees as one character. If it ends within a
/// sentence, an ellipsis is added.
pub fn excerpt(text: &str, length: usize) -> String {
    let text = text.trim();
    let Some((cut, _)) = text.char_indices().nth(length) else { return text.to_owned() };
    let before = &text[..cut];
    let at_gap = text[cut..].starts_with(char::is_whitespace);
    let gap = before.rfind(char::is_whitespace).filter(|gap| *gap * 2 > cut);
    let end = match before.chars().next_back() {
        Some(last) if is_character(last) || is_cjk_mark(last) => {
            let sentence = before.rfind(&ENDS[4..]).filter(|at| *at * 2 >= cut);
            let sentence = sentence.and_then(|at| Some(at + text[at..].chars().next()?.len_utf8()));
            // Closing quotes after the sentence belong to it.
            let closing = |c: char| "\u{300d}\u{300f}\u{201d}\u{2019}\u{ff09}".contains(c);
            let with_quotes = |at: usize| {
                let quotes = text[at..cut].chars().take_while(|c| closing(*c));
                at + quotes.map(char::len_utf8).sum::<usize>()
            };
            sentence.map_or_else(|| boundary(text, cut), with_quotes)
        }
        _ if at_gap => cut,
        _ => gap.unwrap_or_else(|| boundary(text, cut)),
    };
    let trimmed = text[..end].trim_end_matches(|c: char| {
        c.is_whitespace() || ",;:\u{2014}\u{2013}-\u{3001}\u{ff0c}\u{ff1b}\u{ff1a}".contains(c)
    });
    let bare = trimmed
        .trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}', '\u{300d}', '\u{300f}', '\u{ff09}']);
    let ellipsis = if bare.ends_with(ENDS) { "" } else { "\u{2026}" };
    format!("{trimmed}{ellipsis}")
}

/// The last end of a word at or before byte `cut` of `text`, if it is in the second half; else the last end of what a
/// reader sees as one character.
fn boundary(text: &str, cut: usize) -> usize {
    // The examined text must continue after the cut, or the cut itself would look like a boundary.
    let some = text[cut..].char_indices().nth(64).map_or(text.len(), |(at, _)| cut + at);
    let ends = |pieces: &mut dyn Iterator<Item = (usize, &str)>| {
        pieces.map(|(at, piece)| at + piece.len()).take_while(|end| *end <= cut).last().unwrap_or(0)
    };
    let word = ends(&mut text[..some].split_word_bound_indices());
    if word * 2 > cut { word } else { ends(&mut text[..some].grapheme_indices(true)) }
}

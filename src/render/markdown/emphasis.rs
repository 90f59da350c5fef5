//! Emphasis in Chinese, Japanese and Korean text.
//!
//! CommonMark (section 6.2) decides by white space and punctuation on both sides of asterisks whether they begin or end
//! emphasis. These scripts have no spaces between words, so `**\u{6ce8}\u{610f}\u{ff1a}**\u{5728}` would stay as written.
//! The amendment that many parsers follow: punctuation of these scripts counts as letters, and any of their
//! characters counts as white space on the other side of punctuation. A mark, which is no punctuation, between the
//! asterisks and the punctuation gives the same result; it is taken out of the HTML again.

use super::steps::Steps;

/// A text with marks.
pub(super) struct Marked {
    pub text: String,
    /// The mark, which the text does not contain.
    pub mark: char,
    pub steps: Steps,
}

/// `text` with the marks that its emphasis needs. `None` if it needs none.
pub(super) fn mark(text: &str) -> Option<Marked> {
    let mut marked: Option<Marked> = None;
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'*', b'~', text.as_bytes().get(at..)?) {
        let start = at + found;
        let run = text.as_bytes()[start];
        let length = text.as_bytes()[start..].iter().take_while(|byte| **byte == run).count();
        at = start + length;
        let (before, after) = (text[..start].chars().next_back(), text[at..].chars().next());
        // A longer run of tildes is a fence.
        if before == Some('\\') || (run == b'~' && length > 2) {
            continue;
        }
        let (own_before, own_after) = sides(before, after);
        if !own_before && !own_after {
            continue;
        }
        if marked.is_none() {
            let mark = ('\u{e002}'..='\u{e0ff}').find(|mark| !text.contains(*mark))?;
            marked =
                Some(Marked { text: String::with_capacity(text.len() + 64), mark, steps: Steps::default() });
        }
        let Some(marked) = &mut marked else { continue };
        for (place, wanted) in [(start, own_before), (at, own_after)] {
            if wanted {
                marked.text.push_str(&text[done..place]);
                marked.text.push(marked.mark);
                marked.steps.add(marked.text.len(), place);
                done = place;
            }
        }
    }
    if let Some(marked) = &mut marked {
        marked.text.push_str(&text[done..]);
    }
    marked
}

/// True for each side of a run of asterisks that needs a mark.
fn sides(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let is_cjk = |letter: Option<char>| letter.is_some_and(is_cjk);
    if !is_cjk(before) && !is_cjk(after) {
        return (false, false);
    }
    let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
    let is_mark = |letter: Option<char>| letter.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    // With white space or with punctuation on both sides, both rules agree.
    let before_needs = is_mark(before) && !is_space(after) && !is_mark(after);
    let after_needs = is_mark(after) && !is_space(before) && !is_mark(before);
    (before_needs, after_needs)
}

/// True for a character of East Asian width W, F or H (Unicode Annex 11) that is no emoji, and for Hangul.
fn is_cjk(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{20a9}' | '\u{2329}'..='\u{232a}' | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{4dbf}' | '\u{4e00}'..='\u{a4cf}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ffee}'
        | '\u{16fe0}'..='\u{18dff}' | '\u{1aff0}'..='\u{1b2ff}' | '\u{1f200}' | '\u{20000}'..='\u{3fffd}')
}

//! Pull quotes: paragraphs that an editor repeated from the text for display.

/// Longest pull quote, in bytes.
const LONGEST: usize = 600;
/// Fewest words of a pull quote.
const FEWEST: usize = 3;

/// For each paragraph, true if all its fragments (the parts between ellipses) are in one other, longer paragraph.
pub(super) fn find(paragraphs: &[String]) -> Vec<bool> {
    let plain: Vec<String> = paragraphs.iter().map(|text| even(text)).collect();
    // All texts are joined, so that a search passes each byte once, regardless of the number of paragraphs.
    let mut whole = String::new();
    let mut starts = Vec::with_capacity(plain.len());
    for text in &plain {
        starts.push(whole.len());
        whole.push_str(text);
        whole.push('\u{0}');
    }
    // Each search is linear. A text with thousands of short paragraphs is a list, not an article, so the work is
    // limited.
    let mut budget = 64_000_000usize;
    let mut quotes = Vec::with_capacity(plain.len());
    for (at, text) in plain.iter().enumerate() {
        let cost = whole.len();
        let candidate = text.len() <= LONGEST && budget >= cost;
        if candidate {
            budget -= cost;
        }
        quotes.push(candidate && stands_elsewhere(at, text, &plain, &whole, &starts));
    }
    quotes
}

fn stands_elsewhere(at: usize, text: &str, plain: &[String], whole: &str, starts: &[usize]) -> bool {
    let fragments: Vec<&str> =
        text.split('\u{2026}').map(trim).filter(|fragment| !fragment.is_empty()).collect();
    let words: usize = fragments.iter().map(|fragment| fragment.split(' ').count()).sum();
    let Some(longest) = fragments.iter().max_by_key(|fragment| fragment.len()) else { return false };
    if words < FEWEST {
        return false;
    }
    whole.match_indices(*longest).take(64).any(|(found, _)| {
        let home = starts.partition_point(|start| *start <= found).saturating_sub(1);
        home != at
            && plain[home].len() > text.len()
            && fragments.iter().all(|fragment| plain[home].contains(fragment))
    })
}

fn trim(fragment: &str) -> &str {
    fragment.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'' || ".,;:!?".contains(c))
}

/// The text with one kind of quotation marks, ellipses and spaces.
fn even(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2018}' | '\u{2019}' => '\'',
            c if c.is_whitespace() || c == '\0' => ' ',
            c => c,
        })
        .collect();
    let text = text.replace(". . .", "\u{2026}").replace("...", "\u{2026}");
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

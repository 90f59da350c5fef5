//! Pull quotes: paragraphs that an editor lifted out of the text.

/// A paragraph longer than this, in bytes, was not lifted out for show.
const LONGEST: usize = 600;
/// Fewer words than this don't make a quote.
const FEWEST: usize = 3;

/// For each paragraph, whether its fragments (what stands between ellipses) all stand in one other,
/// longer paragraph.
pub(super) fn find(paragraphs: &[String]) -> Vec<bool> {
    let plain: Vec<String> = paragraphs.iter().map(|text| even(text)).collect();
    // All texts in one, so that a search passes over each byte once, whatever the number of paragraphs.
    let mut whole = String::new();
    let mut starts = Vec::with_capacity(plain.len());
    for text in &plain {
        starts.push(whole.len());
        whole.push_str(text);
        whole.push('\u{0}');
    }
    // Each search is linear; a text with thousands of short paragraphs is a list, not an article.
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

/// The text with one kind of quotation mark, ellipsis and space.
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

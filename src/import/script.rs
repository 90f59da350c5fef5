//! Values in JavaScript: texts that are there as they are. Nothing is run.

/// The text of the property or constant `name`: `name: "…"`, `name = '…'`.
pub fn property(script: &str, name: &str) -> Option<String> {
    properties(script, name).next()
}

/// The first address of the web under `name`.
pub fn url_of(script: &str, name: &str) -> Option<String> {
    properties(script, name).find(|text| text.starts_with("http://") || text.starts_with("https://"))
}

fn properties<'a>(script: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    script.match_indices(name).filter_map(move |(at, _)| {
        let before = script[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
            return None;
        }
        let rest = script[at + name.len()..].trim_start_matches(['"', '\'']).trim_start();
        // `: string` may be between a constant and its value.
        let rest = match rest.strip_prefix(':') {
            Some(rest) => match rest.trim_start().strip_prefix("string") {
                Some(rest) => rest.trim_start().strip_prefix('=')?,
                None => rest,
            },
            None => rest.strip_prefix('=')?,
        };
        text(rest.trim_start()).map(|(text, _)| text)
    })
}

/// The text in quotes with which `rest` begins, and its length with the quotes.
pub fn text(rest: &str) -> Option<(String, usize)> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut found = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => found.extend(letters.next().map(|(_, letter)| letter)),
            letter if letter == quote => return Some((found, at + 1)),
            '\n' if quote != '`' => return None,
            letter => found.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_name() {
        let script = "export const SITE_TITLE: string = 'It\\'s';\nexport default { site: \"https://a.example\", \"base\": '/x', mysite: 'no' };";
        assert_eq!(property(script, "SITE_TITLE").as_deref(), Some("It's"));
        assert_eq!(url_of(script, "site").as_deref(), Some("https://a.example"));
        assert_eq!(property(script, "base").as_deref(), Some("/x"));
        assert_eq!(property(script, "else"), None);
    }
}

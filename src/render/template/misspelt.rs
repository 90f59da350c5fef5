//! Finds fields that a template names and that do not exist.
//!
//! Tera reports such a field only when rendering reaches it, and not where a missing value counts as false. So each
//! template of the site is checked beforehand: chains like `article.published.rfc3339` are looked up in the
//! [`reference`](super::reference). A name that the template binds itself is checked only if it is an item of a known
//! list.

use std::collections::BTreeMap;
use std::ops::Range;

use super::reference::{self, Kind};

/// A field that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misspelt {
    /// Its bytes in the template.
    pub range: Range<usize>,
    /// The field as written.
    pub field: String,
    /// The value whose field it would be.
    pub of: String,
    /// The existing fields.
    pub known: Vec<&'static str>,
}

/// A token of a tag.
enum Token<'a> {
    /// `article.tags[0].name`: the root and the steps.
    Chain(&'a str, Vec<Step<'a>>),
    /// Any other byte outside of quotes.
    Mark(u8),
}

enum Step<'a> {
    Field(&'a str, usize),
    Index,
}

/// The fields in the template `text` that do not exist.
pub(super) fn misspelt(text: &str) -> Vec<Misspelt> {
    let tags: Vec<Vec<Token<'_>>> = tags(text);
    let mut bound: BTreeMap<&str, Vec<Option<Kind>>> = BTreeMap::new();
    for tokens in &tags {
        bind(tokens, &mut bound);
    }
    let mut found = Vec::new();
    for token in tags.iter().flatten() {
        let Token::Chain(root, steps) = token else { continue };
        if steps.is_empty() {
            continue;
        }
        match bound.get(root) {
            // A name may be bound to items of several lists. Then a field that one of the items has is accepted.
            Some(kinds) => {
                let wrong: Option<Vec<Misspelt>> =
                    kinds.iter().map(|kind| kind.and_then(|kind| wrong_step(root, kind, steps))).collect();
                found.extend(wrong.and_then(|wrong| wrong.into_iter().next()));
            }
            None => found.extend(value(root).and_then(|kind| wrong_step(root, kind, steps))),
        }
    }
    found
}

fn value(name: &str) -> Option<Kind> {
    reference::VALUES.iter().find(|value| value.name == name).map(|value| value.kind)
}

/// The first of `steps` that does not exist in a value of the kind `kind`.
fn wrong_step(root: &str, kind: Kind, steps: &[Step<'_>]) -> Option<Misspelt> {
    let mut kind = kind;
    let mut of = root.to_owned();
    for step in steps {
        match step {
            Step::Index => kind = kind.item()?,
            Step::Field(name, at) => {
                if let Kind::ByName(each) = kind {
                    kind = match each.strip_prefix("list of ") {
                        Some(item) => Kind::List(item_name(item)?),
                        None => Kind::Map(each),
                    };
                } else {
                    let map = kind.map()?;
                    match reference::fields(map).find(|(field, ..)| field == name) {
                        Some((_, next, ..)) => kind = *next,
                        None => {
                            let known = reference::fields(map).map(|(field, ..)| *field).collect();
                            let range = *at..at + name.len();
                            return Some(Misspelt { range, field: (*name).to_owned(), of, known });
                        }
                    }
                }
                of = format!("{of}.{name}");
            }
        }
    }
    None
}

/// The static name of the map `name` in the reference.
fn item_name(name: &str) -> Option<&'static str> {
    reference::MAPS.iter().map(|map| map.name).find(|known| *known == name)
}

/// The kind of the value at the end of the chain `root` and `steps`.
fn kind_of(root: &str, steps: &[Step<'_>], bound: &BTreeMap<&str, Vec<Option<Kind>>>) -> Option<Kind> {
    let mut kind = match bound.get(root).map(Vec::as_slice) {
        Some([one]) => (*one)?,
        Some(_) => return None,
        None => value(root)?,
    };
    for step in steps {
        kind = match (step, kind) {
            (Step::Index, kind) => kind.item()?,
            (Step::Field(..), Kind::ByName(each)) => match each.strip_prefix("list of ") {
                Some(item) => Kind::List(item_name(item)?),
                None => Kind::Map(each),
            },
            (Step::Field(name, _), kind) => {
                reference::fields(kind.map()?).find(|(field, ..)| field == name).map(|(_, next, ..)| *next)?
            }
        };
    }
    Some(kind)
}

/// Records the names that a tag binds.
fn bind<'a>(tokens: &[Token<'a>], bound: &mut BTreeMap<&'a str, Vec<Option<Kind>>>) {
    let chain = |at: usize| match tokens.get(at) {
        Some(Token::Chain(root, steps)) => Some((*root, steps.as_slice())),
        _ => None,
    };
    for at in 0..tokens.len() {
        match chain(at) {
            Some(("set" | "set_global", [])) => {
                if let Some((name, _)) = chain(at + 1) {
                    bound.entry(name).or_default().push(None);
                }
            }
            Some(("for", [])) => {
                let Some((name, [])) = chain(at + 1) else { continue };
                let is_single = chain(at + 2).is_some_and(|(word, _)| word == "in");
                let is_plain = !matches!(tokens.get(at + 4), Some(Token::Mark(b'|' | b'(')));
                let list = chain(at + 3).filter(|_| is_single && is_plain);
                let item = list.and_then(|(root, steps)| kind_of(root, steps, bound)?.item());
                bound.entry(name).or_default().push(item);
                if let (false, Some((second, _))) = (is_single, chain(at + 3)) {
                    bound.entry(second).or_default().push(None);
                }
            }
            Some(("component", [])) => {
                let is_first = |at: usize| matches!(tokens.get(at), Some(Token::Mark(b'(' | b',' | b'.')));
                for parameter in at + 2..tokens.len() {
                    if let (Some((name, _)), true) = (chain(parameter), is_first(parameter - 1)) {
                        bound.entry(name).or_default().push(None);
                    }
                }
                bound.entry("body").or_default().push(None);
            }
            _ => {}
        }
    }
}

/// The tags of a template, each as its tokens.
fn tags(text: &str) -> Vec<Vec<Token<'_>>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        at = open + 1;
        let close = match text.as_bytes().get(at) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at = text[at..].find("#}").map_or(text.len(), |end| at + end);
                continue;
            }
            _ => continue,
        };
        let (tokens, end) = tag(text, at + 1, close);
        let is_raw = matches!(tokens.as_slice(), [.., Token::Chain("raw", _)] | [Token::Chain("raw", _), ..]);
        tags.push(tokens);
        at = end;
        if is_raw && close == "%}" {
            at = text[at..].find("endraw").map_or(text.len(), |end| at + end);
        }
    }
    tags
}

/// The tokens from `at` to `close`, and the position after it.
fn tag<'a>(text: &'a str, mut at: usize, close: &str) -> (Vec<Token<'a>>, usize) {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    while at < bytes.len() {
        if bytes[at..].starts_with(close.as_bytes()) {
            // A map in an expression may also end with two braces.
            return (tokens, at + close.len());
        }
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => {
                at = text[at + 1..].find(char::from(quote)).map_or(text.len(), |end| at + end + 2);
                tokens.push(Token::Mark(quote));
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let (token, end) = chain(text, at);
                tokens.push(token);
                at = end;
            }
            byte => {
                if !byte.is_ascii_whitespace() {
                    tokens.push(Token::Mark(byte));
                }
                at += 1;
            }
        }
    }
    (tokens, text.len())
}

/// The chain that begins at `at`, and its end.
fn chain(text: &str, at: usize) -> (Token<'_>, usize) {
    let bytes = text.as_bytes();
    let word = |at: usize| {
        let length = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        length.map_or(text.len(), |length| at + length)
    };
    let mut end = word(at);
    let root = &text[at..end];
    let mut steps = Vec::new();
    loop {
        let is_optional = bytes[end..].starts_with(b"?.");
        let dot = end + usize::from(is_optional);
        match bytes.get(dot) {
            Some(b'.') if bytes.get(dot + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_') => {
                let next = word(dot + 1);
                steps.push(Step::Field(&text[dot + 1..next], dot + 1));
                end = next;
            }
            Some(b'[') if !is_optional => {
                let Some(length) = text[end..].find(']') else { break };
                let inner = &text[end + 1..end + length];
                if !inner.trim().bytes().all(|b| b.is_ascii_digit()) {
                    break;
                }
                steps.push(Step::Index);
                end += length + 1;
            }
            _ => break,
        }
    }
    (Token::Chain(root, steps), end)
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    fn found(text: &str) -> Vec<String> {
        misspelt(text).into_iter().map(|one| format!("{} of {}", one.field, one.of)).collect()
    }

    #[test]
    fn fields_that_nothing_has_are_found() {
        assert_eq!(
            found("{% if article.sumary %}{{ article.titel }}{% endif %}"),
            ["sumary of article", "titel of article"]
        );
        assert_eq!(found("{{ article.published.rfc }}"), ["rfc of article.published"]);
        assert_eq!(found("{{ article.authors[0].nam }}"), ["nam of article.authors"]);
        assert_eq!(found("{% for one in pager.articles %}{{ one.ttle }}{% endfor %}"), ["ttle of one"]);
        assert_eq!(
            found("{% for one in taxonomies.tags.terms %}{{ one.cout }}{% endfor %}"),
            ["cout of one"]
        );
        assert_eq!(found("{% for one in lists.opinion %}{{ one.ulr }}{% endfor %}"), ["ulr of one"]);
    }

    #[test]
    fn what_may_be_there_is_let_be() {
        let fine = [
            "{{ article.extra.anything.at_all }} {{ site.words.by }} {{ site.extra.x }}",
            "{# article.titel #}{% raw %}{{ article.titel }}{% endraw %} article.titel",
            "{% set article = 1 %}{{ article.titel }}",
            "{% component card(article) %}{{ article.titel }}{% endcomponent card %}",
            "{{ \"article.titel\" }} {{ unknown.titel }}",
            "{% for one in recent %}{{ one.title }}{% endfor %}{% for one in sections %}{{ one.title }}{% endfor %}",
            "{% for key, one in site.words %}{{ one.x }}{% endfor %}",
            "{{ article.title | upper }} {{ article.older.title or \"\" }}",
        ];
        for text in fine {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}

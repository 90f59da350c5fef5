//! Values in JavaScript: texts and objects that are there as they are. Nothing is run.

use crate::model::metadata::{Entry, Node, Value};

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

/// Objects and lists inside of one another.
const DEEPEST: usize = 32;

/// The fields of the object with which `script` begins, as far as their values are literals; true if all are.
pub fn object(script: &str) -> Option<(Vec<Entry>, bool)> {
    let mut reader = Reader { text: script, at: 0, is_whole: true };
    reader.blanks();
    match reader.value(0)? {
        Value::Table(fields) => Some((fields, reader.is_whole)),
        _ => None,
    }
}

/// The object that the module `script` is, and true if all of its values are literals.
pub fn exported(script: &str) -> Option<(Vec<Entry>, bool)> {
    ["export default", "module.exports"].iter().find_map(|mark| {
        let rest = script.split_once(mark)?.1.trim_start();
        object(rest.strip_prefix('=').unwrap_or(rest).trim_start())
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// False once a value was passed over.
    is_whole: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over blanks and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            let behind = &rest[blank..];
            let comment = match () {
                () if behind.starts_with("//") => behind.find('\n').unwrap_or(behind.len()),
                () if behind.starts_with("/*") => behind.find("*/").map_or(behind.len(), |end| end + 2),
                () => 0,
            };
            if blank + comment == 0 {
                return;
            }
            self.at += blank + comment;
        }
    }

    fn take(&mut self, mark: &str) -> bool {
        let is_there = self.rest().starts_with(mark);
        if is_there {
            self.at += mark.len();
            self.blanks();
        }
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.at;
        let value = match self.rest().chars().next()? {
            '{' => self.table(depth),
            '[' => self.list(depth),
            '"' | '\'' | '`' => {
                let (found, length) = text(self.rest())?;
                let is_made = self.rest().starts_with('`') && found.contains("${");
                self.at += length;
                (!is_made).then_some(Value::String(found))
            }
            _ => {
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
                let word = rest[..end.unwrap_or(rest.len())].to_owned();
                self.at += word.len();
                match word.as_str() {
                    "true" => Some(Value::Bool(true)),
                    "false" => Some(Value::Bool(false)),
                    "null" | "undefined" => Some(Value::Null),
                    word => word.parse().map(Value::Integer).or_else(|_| word.parse().map(Value::Float)).ok(),
                }
            }
        };
        self.blanks();
        // A value with something behind it, such as `"a" + b`, is no literal.
        let is_end =
            self.rest().is_empty() || self.rest().starts_with([',', '}', ']', ')', ';']) || depth == 0;
        if value.is_none() || !is_end {
            self.at = start;
            return None;
        }
        value
    }

    fn table(&mut self, depth: usize) -> Option<Value> {
        self.take("{");
        let mut fields = Vec::new();
        while !self.take("}") {
            let start = self.at;
            let key = match text(self.rest()) {
                Some((key, length)) => {
                    self.at += length;
                    key
                }
                None => {
                    let rest = self.rest();
                    let end = rest.find(|c: char| !c.is_alphanumeric() && !"_$".contains(c))?;
                    let key = rest[..end].to_owned();
                    self.at += end;
                    key
                }
            };
            let span = start..self.at;
            self.blanks();
            let value = if !key.is_empty() && self.take(":") { self.value(depth + 1) } else { None };
            match value {
                Some(value) => {
                    let node = Node { value, span: span.end..self.at };
                    fields.push(Entry { key, key_span: span, node });
                }
                None => self.pass()?,
            }
            self.blanks();
            if !self.take(",") && !self.rest().starts_with('}') {
                return None;
            }
        }
        Some(Value::Table(fields))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.take("[");
        let mut items = Vec::new();
        while !self.take("]") {
            let start = self.at;
            match self.value(depth + 1) {
                Some(value) => items.push(Node { value, span: start..self.at }),
                None => self.pass()?,
            }
            if !self.take(",") && !self.rest().starts_with(']') {
                return None;
            }
        }
        Some(Value::List(items))
    }

    /// Passes over a value that is no literal, up to the comma or bracket behind it.
    fn pass(&mut self) -> Option<()> {
        self.is_whole = false;
        let mut open = 0_usize;
        loop {
            self.blanks();
            let letter = self.rest().chars().next()?;
            match letter {
                '"' | '\'' | '`' => {
                    self.at += text(self.rest())?.1;
                    continue;
                }
                ',' | '}' | ']' | ')' if open == 0 => return Some(()),
                '{' | '[' | '(' => open += 1,
                '}' | ']' | ')' => open -= 1,
                _ => {}
            }
            self.at += letter.len_utf8();
        }
    }
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
    #[test]
    fn objects_are_read_as_far_as_they_are_literals() {
        let table = |script: &str| {
            let (fields, is_whole) = exported(script)?;
            Some((crate::import::front::table(&fields).to_string().trim().to_owned(), is_whole))
        };
        for (script, expected, is_whole) in [
            (
                "export default { tags: ['a', \"b\",], \"layout\": `x.njk` };",
                "layout = \"x.njk\"\ntags = [\"a\", \"b\"]",
                true,
            ),
            (
                "module.exports = {\n// why\n a: 1, b: -2.5, /* c */ d: { e: true } }",
                "a = 1\nb = -2.5\n\n[d]\ne = true",
                true,
            ),
            (
                "export default { a: \"1\", b: (x) => { return x, '}'; }, c() { return 1 }, ...d, e, f: \"x\" + y, g: `${z}`, h: 2 }",
                "a = \"1\"\nh = 2",
                false,
            ),
            ("export default {}", "", true),
        ] {
            assert_eq!(table(script), Some((expected.to_owned(), is_whole)), "{script}");
        }
        for script in ["export default async function() { return { a: 1 } }", "export default {", "{ a: 1 }"]
        {
            assert_eq!(table(script), None, "{script}");
        }
    }
}

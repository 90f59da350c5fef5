//! Settings that are Python: `NAME = value` at the beginning of lines, with values that are literals. Nothing is run.

use crate::model::metadata::{Entry, Node, Value};

/// Lists inside of one another.
const DEEPEST: usize = 32;

/// The settings in `text`. Values that are no literals are left out; the line of each is in `skipped`.
pub fn settings(text: &str, skipped: &mut Vec<(u32, String)>) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = &text[at..line_end];
        let length = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
        let is_name = length > 0 && line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let value =
            line[length..].trim_start().strip_prefix('=').filter(|rest| is_name && !rest.starts_with('='));
        let Some(value) = value else {
            at = line_end + 1;
            continue;
        };
        let start = line_end - value.len();
        let mut reader = Reader { text, at: start };
        let number = u32::try_from(text[..at].matches('\n').count() + 1).unwrap_or(u32::MAX);
        let read = reader.value(0).filter(|_| reader.is_at_end());
        let name = &line[..length];
        match read {
            Some(value) => {
                found.retain(|entry| entry.key != name);
                let node = Node { value, span: start..reader.at };
                found.push(Entry { key: name.to_owned(), key_span: at..at + length, node });
                at = text[reader.at..].find('\n').map_or(text.len(), |end| reader.at + end + 1);
            }
            None => {
                if name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
                    skipped.push((number, name.to_owned()));
                }
                at = line_end + 1;
            }
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over blanks and comments; in brackets, over line ends too.
    fn blanks(&mut self, lines: bool) {
        loop {
            let rest = self.rest();
            let blank = rest.len()
                - rest
                    .trim_start_matches(|c: char| c == ' ' || c == '\t' || lines && c.is_whitespace())
                    .len();
            let comment = if rest[blank..].starts_with('#') && lines {
                rest[blank..].find('\n').unwrap_or(rest.len() - blank)
            } else {
                0
            };
            if blank + comment == 0 {
                return;
            }
            self.at += blank + comment;
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.blanks(false);
        self.rest().is_empty() || self.rest().starts_with(['\n', '#', ';', '\r'])
    }

    fn take(&mut self, word: &str) -> bool {
        let is_there = self.rest().starts_with(word);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks(depth > 0);
        if depth > DEEPEST {
            return None;
        }
        for (word, value) in
            [("True", Value::Bool(true)), ("False", Value::Bool(false)), ("None", Value::Null)]
        {
            if self.take(word) {
                return Some(value);
            }
        }
        match self.rest().chars().next()? {
            '(' => self.list(')', depth),
            '[' => self.list(']', depth),
            '{' => self.table(depth),
            c if c.is_ascii_digit() || c == '-' => {
                let rest = self.rest();
                let length = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c))
                    .unwrap_or(rest.len());
                let number = rest[..length].replace('_', "");
                self.at += length;
                number.parse().map(Value::Integer).or_else(|_| number.parse().map(Value::Float)).ok()
            }
            _ => {
                let mut text = self.string()?;
                // Texts beside one another are one.
                loop {
                    let before = self.at;
                    self.blanks(depth > 0);
                    match self.string() {
                        Some(more) => text.push_str(&more),
                        None => {
                            self.at = before;
                            return Some(Value::String(text));
                        }
                    }
                }
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut is_raw = false;
        if let Some(prefix) = self.rest().chars().next().filter(|c| "rRuUbB".contains(*c))
            && self.rest()[1..].starts_with(['"', '\''])
        {
            is_raw = matches!(prefix, 'r' | 'R');
            self.at += 1;
        }
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| self.rest().starts_with(quote));
        let Some(quote) = quote else {
            self.at = start;
            return None;
        };
        self.at += quote.len();
        let mut text = String::new();
        loop {
            if self.take(quote) {
                return Some(text);
            }
            let letter = self.rest().chars().next()?;
            self.at += letter.len_utf8();
            match letter {
                '\n' if quote.len() == 1 => return None,
                '\\' if !is_raw => {
                    let next = self.rest().chars().next()?;
                    self.at += next.len_utf8();
                    match next {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        '\n' => {}
                        next => text.push(next),
                    }
                }
                letter => text.push(letter),
            }
        }
    }

    fn list(&mut self, close: char, depth: usize) -> Option<Value> {
        self.at += 1;
        let (mut items, mut has_comma) = (Vec::new(), false);
        loop {
            self.blanks(true);
            if self.rest().starts_with(close) {
                self.at += 1;
                // A value in parentheses is no tuple.
                let is_alone = close == ')' && items.len() == 1 && !has_comma;
                let only = if is_alone { items.pop().map(|node: Node| node.value) } else { None };
                return Some(only.unwrap_or(Value::List(items)));
            }
            let start = self.at;
            let value = self.value(depth + 1)?;
            items.push(Node { value, span: start..self.at });
            self.blanks(true);
            if self.take(",") {
                has_comma = true;
            } else if !self.rest().starts_with(close) {
                return None;
            }
        }
    }

    fn table(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            self.blanks(true);
            if self.take("}") {
                return Some(Value::Table(entries));
            }
            let start = self.at;
            let key = match self.value(depth + 1)? {
                Value::String(text) => text,
                Value::Integer(number) => number.to_string(),
                _ => return None,
            };
            let key_span = start..self.at;
            self.blanks(true);
            if !self.take(":") {
                return None;
            }
            let start = self.at;
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, key_span, node: Node { value, span: start..self.at } });
            self.blanks(true);
            if !self.take(",") && !self.rest().starts_with('}') {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::front::toml;

    #[test]
    fn literals_are_read_and_nothing_is_run() {
        let text = "#!/usr/bin/env python\nimport os\nSITENAME = 'Pier \\'n\\' quay'  # a comment\nSITEURL = \"\"\nN = 10\nOFF = None\nLINKS = (\n    ('A', 'https://a.example'),  # one\n    ('B', r'\\d'),\n)\nURL = os.environ['X']\nD = {'a': {'b': True}, 'c': [1, 2,]}\nLONG = ('one '\n  'two')\ndef f():\n    X = 1\nSITENAME = 'Later'\n";
        let mut skipped = Vec::new();
        let found = settings(text, &mut skipped);
        let get = |name: &str| found.iter().find(|one| one.key == name).map(|one| toml(&one.node.value));
        assert_eq!(get("SITENAME").unwrap().unwrap().as_str(), Some("Later"));
        assert_eq!(get("N").unwrap().unwrap().as_integer(), Some(10));
        assert_eq!(get("OFF"), Some(None));
        assert_eq!(
            get("LINKS").unwrap().unwrap().to_string(),
            "[[\"A\", \"https://a.example\"], [\"B\", '\\d']]"
        );
        assert_eq!(get("D").unwrap().unwrap()["a"]["b"].as_bool(), Some(true));
        assert_eq!(get("LONG").unwrap().unwrap().as_str(), Some("one two"));
        assert_eq!(get("X"), None);
        assert_eq!(skipped, [(11, "URL".to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(A = )?[\\[\\](){}'\"rx1,:#\\\\ \n=]{0,60}") {
            settings(&text, &mut Vec::new());
        }
    }
}

//! Front matter and settings of other generators: fields by name, with their lines. Fields that nobody takes are left for
//! `extra`.

use toml::{Table, Value as Toml};

use crate::model::metadata::{self, Entry, Language, Node, Value, is_same};

/// The front matter of a text: the fields that were not taken yet.
#[derive(Debug, Clone)]
pub struct Front {
    fields: Vec<Entry>,
    /// The byte at which each line of the text starts.
    lines: Vec<usize>,
    /// The byte at which the body starts.
    pub body: usize,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name, as it was written.
    pub key: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its value.
    pub value: Value,
}

/// Front matter that can't be read: the message and the line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The parser's message.
    pub reason: String,
    /// The line.
    pub line: u32,
}

impl Front {
    /// Splits `text` into front matter and body: YAML between `---`, TOML between `+++`, or a JSON object. A text without
    /// front matter has no fields.
    ///
    /// # Errors
    /// The front matter is not in its language.
    pub fn of(text: &str) -> Result<Front, Unreadable> {
        let lines = lines_of(text);
        match block(text) {
            None => Ok(Front { fields: Vec::new(), lines, body: 0 }),
            Some((language, range, body)) => {
                let fields = fields(language, &text[range.clone()], range.start, &lines)?;
                Ok(Front { fields, lines, body })
            }
        }
    }

    /// The fields of a whole file in `language`.
    ///
    /// # Errors
    /// It is not in that language.
    pub fn of_file(language: Language, text: &str) -> Result<Front, Unreadable> {
        let lines = lines_of(text);
        let fields = fields(language, text, 0, &lines)?;
        Ok(Front { fields, body: text.len(), lines })
    }

    /// The fields of the table `node` of a text that was read.
    pub fn inner(&self, value: Value) -> Front {
        let fields = if let Value::Table(fields) = value { fields } else { Vec::new() };
        Front { fields, lines: self.lines.clone(), body: self.body }
    }

    /// Fields that are not there yet are added from `other`.
    pub fn add_missing(&mut self, other: &[Entry]) {
        for entry in other {
            if !self.fields.iter().any(|own| is_same(&own.key, &entry.key)) {
                self.fields.push(entry.clone());
            }
        }
    }

    /// All fields that were not taken.
    pub fn fields(&self) -> &[Entry] {
        &self.fields
    }

    /// The line of the byte `at`, from 1.
    pub fn line_of(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= at)).unwrap_or(u32::MAX).max(1)
    }

    /// Takes the field `name`, in any case.
    pub fn take(&mut self, name: &str) -> Option<Field> {
        let at = self.fields.iter().position(|entry| entry.key.eq_ignore_ascii_case(name))?;
        let entry = self.fields.remove(at);
        let line = self.line_of(entry.key_span.start);
        Some(Field { line, key: entry.key, value: entry.node.value })
    }

    /// Takes the first of the fields `names` that is there and not empty; the others stay.
    pub fn take_first(&mut self, names: &[&str]) -> Option<Field> {
        let name = names.iter().find(|name| {
            let found = self.fields.iter().find(|entry| entry.key.eq_ignore_ascii_case(name));
            found.is_some_and(|entry| !is_empty(&entry.node.value))
        })?;
        self.take(name)
    }

    /// Takes the field `name` as text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).and_then(|field| text(&field.value)).filter(|text| !text.trim().is_empty())
    }

    /// Takes the field `name` as a list of texts; one text is a list of one.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        self.take(name).map(|field| texts(&field.value)).unwrap_or_default()
    }

    /// Takes the field `name` as a table.
    pub fn table(&mut self, name: &str) -> Front {
        let value = self.take(name).map_or(Value::Null, |field| field.value);
        self.inner(value)
    }

    /// Everything that was not taken, as TOML.
    pub fn rest(&self) -> Table {
        table(&self.fields)
    }
}

fn lines_of(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The language and the range of the front matter, and the start of the body.
fn block(text: &str) -> Option<(Language, std::ops::Range<usize>, usize)> {
    for (fence, language) in [("---", Language::Yaml), ("+++", Language::Toml)] {
        let first = text.split_inclusive('\n').next()?;
        if first.trim_end() != fence {
            continue;
        }
        let mut at = first.len();
        for line in text[first.len()..].split_inclusive('\n') {
            let is_end = line.trim_end() == fence || language == Language::Yaml && line.trim_end() == "...";
            if is_end {
                return Some((language, first.len()..at, at + line.len()));
            }
            at += line.len();
        }
        return None;
    }
    if !text.starts_with('{') || text.starts_with("{{") || text.starts_with("{%") {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    let end = values.byte_offset();
    let body = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    Some((Language::Json, 0..end, body))
}

fn fields(language: Language, text: &str, start: usize, lines: &[usize]) -> Result<Vec<Entry>, Unreadable> {
    match metadata::parse(language, text, start) {
        Ok(Node { value: Value::Table(fields), .. }) => Ok(fields),
        Ok(Node { value: Value::Null, .. }) => Ok(Vec::new()),
        Ok(_) => Err(Unreadable { reason: "it has no fields".to_owned(), line: 1 }),
        Err((error, span)) => {
            let line = lines.partition_point(|at| *at <= span.start);
            Err(Unreadable { reason: error.to_string(), line: u32::try_from(line).unwrap_or(1).max(1) })
        }
    }
}

/// True for nothing, an empty text or an empty list.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Table(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The value as text; `None` for nothing, lists and tables.
pub fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) | Value::Date(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Null | Value::List(_) | Value::Table(_) => return None,
    })
}

/// The value as texts, without empty ones.
pub fn texts(value: &Value) -> Vec<String> {
    let all = match value {
        Value::List(items) => items.iter().filter_map(|item| text(&item.value)).collect(),
        other => text(other).into_iter().collect::<Vec<_>>(),
    };
    all.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// The value as TOML; `None` for nothing.
pub fn toml(value: &Value) -> Option<Toml> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => Toml::Boolean(*flag),
        Value::Integer(number) => Toml::Integer(*number),
        Value::Float(number) => Toml::Float(*number),
        Value::String(text) => Toml::String(text.clone()),
        Value::Date(text) => match text.parse() {
            Ok(date) => Toml::Datetime(date),
            Err(_) => Toml::String(text.clone()),
        },
        Value::List(items) => Toml::Array(items.iter().filter_map(|item| toml(&item.value)).collect()),
        Value::Table(fields) => Toml::Table(table(fields)),
    })
}

/// The fields as a table of TOML.
pub fn table(fields: &[Entry]) -> Table {
    fields.iter().filter_map(|entry| Some((entry.key.clone(), toml(&entry.node.value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_languages_give_fields_with_their_lines() {
        for text in [
            "---\ntitle: Tide\ndate: 2020-01-02\n---\nText\n",
            "+++\ntitle = \"Tide\"\ndate = 2020-01-02\n+++\nText\n",
            "{\n\"title\": \"Tide\", \"x\":\n 1, \"date\": \"2020-01-02\"}\nText\n",
        ] {
            let mut front = Front::of(text).unwrap();
            assert_eq!(front.text("Title").as_deref(), Some("Tide"), "{text}");
            let date = front.take("date").unwrap();
            assert_eq!((date.line, super::text(&date.value).as_deref()), (3, Some("2020-01-02")), "{text}");
            assert_eq!(&text[front.body..], "Text\n");
        }
    }

    #[test]
    fn a_text_without_front_matter_is_all_body() {
        for text in ["Text", "", "---\nno end", "{{< figure >}}\n", "{% raw %}"] {
            let front = Front::of(text).unwrap();
            assert_eq!((front.body, front.fields().len()), (0, 0), "{text}");
        }
    }

    #[test]
    fn front_matter_that_cannot_be_read_names_its_line() {
        let error = Front::of("---\na: 1\nb: [2\n---\n").unwrap_err();
        assert!(error.line >= 3, "{error:?}");
    }
}

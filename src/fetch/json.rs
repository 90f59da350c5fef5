//! JSON in one form, so that a file differs only where its values do.

use std::collections::HashSet;
use std::ops::Range;

use serde_json::Value;

/// The longest list of plain values that is written in one line.
const LINE: usize = 100;

/// Writes the JSON `text` in one form: two spaces for each level, one line for each value, a short list of plain values in
/// one line. Keys stay in their order, and numbers stay as they are written. The second value is what it says.
///
/// # Errors
/// The fault, with its line and column.
pub(super) fn canonical(text: &str) -> Result<(String, Value), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut writer = Writer { text, at: 0, made: String::with_capacity(text.len()) };
    writer.value(0)?;
    writer.made.push('\n');
    Ok((writer.made, value))
}

/// Walks through a text that is JSON and writes it. Its depth is bounded by the parser that has read the text.
struct Writer<'a> {
    text: &'a str,
    at: usize,
    made: String,
}

impl Writer<'_> {
    /// The next byte that is no white space.
    fn next(&mut self) -> u8 {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied().unwrap_or(b'\0')
    }

    fn line(&mut self, depth: usize) {
        self.made.push('\n');
        self.made.extend(std::iter::repeat_n("  ", depth));
    }

    /// Writes the next value; true if it is plain: no list and no object.
    fn value(&mut self, depth: usize) -> Result<bool, String> {
        match self.next() {
            b'{' => self.object(depth)?,
            b'[' => self.list(depth)?,
            b'"' => {
                let text = self.string()?;
                self.made.push_str(&quoted(&text));
                return Ok(true);
            }
            _ => {
                let rest = &self.text[self.at..];
                let is_end = |c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace();
                let length = rest.find(is_end).unwrap_or(rest.len());
                self.made.push_str(&rest[..length]);
                self.at += length;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn object(&mut self, depth: usize) -> Result<(), String> {
        self.at += 1;
        self.made.push('{');
        let mut names = HashSet::new();
        while self.next() == b'"' {
            let start = self.at;
            let name = self.string()?;
            self.line(depth + 1);
            self.made.extend([quoted(&name).as_str(), ": "]);
            if names.contains(&name) {
                let line = self.text[..start].matches('\n').count() + 1;
                return Err(format!("line {line} has the key `{name}`, which its object has already"));
            }
            names.insert(name);
            // The colon.
            self.next();
            self.at += 1;
            self.value(depth + 1)?;
            if self.next() == b',' {
                self.at += 1;
                self.made.push(',');
            }
        }
        self.at += 1;
        if !names.is_empty() {
            self.line(depth);
        }
        self.made.push('}');
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<(), String> {
        self.at += 1;
        let start = self.made.len();
        self.made.push('[');
        let mut items: Vec<Range<usize>> = Vec::new();
        let mut are_plain = true;
        while self.next() != b']' {
            self.line(depth + 1);
            let from = self.made.len();
            are_plain &= self.value(depth + 1)?;
            items.push(from..self.made.len());
            if self.next() == b',' {
                self.at += 1;
                self.made.push(',');
            }
        }
        self.at += 1;
        let length: usize = items.iter().map(|item| item.len() + 2).sum();
        if are_plain && length <= LINE {
            let texts: Vec<&str> = items.iter().map(|item| &self.made[item.clone()]).collect();
            let line = format!("[{}]", texts.join(", "));
            self.made.truncate(start);
            self.made.push_str(&line);
        } else {
            self.line(depth);
            self.made.push(']');
        }
        Ok(())
    }

    /// The next string, decoded.
    fn string(&mut self) -> Result<String, String> {
        let rest = &self.text[self.at..];
        let mut is_escaped = false;
        let end = rest.bytes().skip(1).position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        });
        let raw = &rest[..end.map_or(rest.len(), |end| end + 2)];
        self.at += raw.len();
        serde_json::from_str(raw).map_err(|error| error.to_string())
    }
}

/// `text` as a JSON string.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_makes_no_difference_and_order_and_numbers_stay() {
        let one = r#"{"b":[1,2.50,  1e3 ],"a":"caf\u00e9\/","c":{"x":[]  ,"y":{}},"big":123456789012345678901234567890}"#;
        let expected = "{\n  \"b\": [1, 2.50, 1e3],\n  \"a\": \"café/\",\n  \"c\": {\n    \"x\": [],\n    \"y\": {}\n  },\n  \"big\": 123456789012345678901234567890\n}\n";
        assert_eq!(canonical(one).unwrap().0, expected);
        assert_eq!(canonical(expected).unwrap().0, expected);
        assert_eq!(
            canonical("[[1],\"\\\\\", \"\\\"]\"]").unwrap().0,
            "[\n  [1],\n  \"\\\\\",\n  \"\\\"]\"\n]\n"
        );
        assert_eq!(canonical(" true ").unwrap().0, "true\n");
    }

    #[test]
    fn faults_have_their_places() {
        assert!(canonical("{\"a\": 1,\n  }").unwrap_err().contains("line 2 column 3"));
        let twice = canonical("{\"a\": {\"a\": 1},\n\"a\": 2}").unwrap_err();
        assert_eq!(twice, "line 2 has the key `a`, which its object has already");
        assert!(canonical(&"[".repeat(100_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_says_the_same(text in "[\\[\\]{}:,\"\\\\ \n0-2eant.u-]*") {
            if let Ok((made, value)) = canonical(&text) {
                let (again, same) = canonical(&made).unwrap();
                proptest::prop_assert_eq!(&again, &made);
                proptest::prop_assert_eq!(same, value);
            }
        }
    }
}

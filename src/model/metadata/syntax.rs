//! Examples of fields in the syntax of a file: remedies are written for TOML, and a YAML file gets YAML.

use super::Language;

impl Language {
    /// The language of the front matter with which `text` begins.
    pub fn of_front_matter(text: &str) -> Language {
        let text = text.trim_start_matches('\u{feff}');
        match text.as_bytes().first() {
            Some(b'-') => Language::Yaml,
            Some(b'{' | b';') => Language::Json,
            _ => Language::Toml,
        }
    }

    /// `remedy` with its examples of fields in this language. The examples are code in TOML: `` `weight = 3` ``.
    pub fn translated(self, remedy: &str) -> String {
        let marks = remedy.matches('`').count();
        let parts = remedy.split('`').enumerate().map(|(at, part)| match at % 2 {
            // A mark without another begins no code.
            _ if at == marks => part.to_owned(),
            0 => part.to_owned(),
            _ => self.example(part).unwrap_or_else(|| part.to_owned()),
        });
        parts.collect::<Vec<_>>().join("`")
    }

    /// The field `name = value` of TOML in this language; `None` if `code` is no field.
    fn example(self, code: &str) -> Option<String> {
        let (name, value) = code.split_once(" = ")?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let is_table = value.starts_with('{');
        match self {
            Language::Toml => None,
            Language::Yaml if is_table => Some(format!("{name}: {}", value.replace(" = ", ": "))),
            Language::Yaml => Some(format!("{name}: {value}")),
            Language::Json if is_table => None,
            Language::Json => {
                // JSON has no dates.
                let is_bare = value == "true"
                    || value == "false"
                    || value.starts_with(['"', '['])
                    || value.parse::<f64>().is_ok();
                Some(if is_bare {
                    format!("\"{name}\": {value}")
                } else {
                    format!("\"{name}\": \"{value}\"")
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Json, Toml, Yaml};

    #[test]
    fn an_example_is_in_the_syntax_of_its_file() {
        let remedy =
            "add `date = 2014-02-14T09:00:00Z` or `slug = \"a\"`, and `weight = 3`; see `[extra]` and a = b";
        assert_eq!(Toml.translated(remedy), remedy);
        assert_eq!(
            Yaml.translated(remedy),
            "add `date: 2014-02-14T09:00:00Z` or `slug: \"a\"`, and `weight: 3`; see `[extra]` and a = b"
        );
        assert_eq!(
            Json.translated(remedy),
            "add `\"date\": \"2014-02-14T09:00:00Z\"` or `\"slug\": \"a\"`, and `\"weight\": 3`; see `[extra]` and a = b"
        );
        assert_eq!(
            Yaml.translated("`image = { src = \"a\", alt = \"b\" }`"),
            "`image: { src: \"a\", alt: \"b\" }`"
        );
        for text in ["", "`", "``", "` = `", "`a = ", "a ` = b` c"] {
            for language in [Toml, Yaml, Json] {
                assert_eq!(language.translated(text), text, "{text}");
            }
        }
    }

    #[test]
    fn front_matter_says_its_language_itself() {
        for (text, language) in [
            ("+++\n", Toml),
            ("---\n", Yaml),
            ("\u{feff}---\n", Yaml),
            ("{\n", Json),
            (";;;\n", Json),
            ("", Toml),
            ("Text", Toml),
        ] {
            assert_eq!(Language::of_front_matter(text), language, "{text}");
        }
    }
}

//! Chapters of a recording: JSON chapters of the podcast namespace.

use serde_json::Value;

/// A chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chapter {
    /// Its beginning.
    pub seconds: u64,
    /// Its title, plain text.
    pub title: String,
    /// An address that it is about.
    pub url: Option<String>,
}

/// The chapters in the JSON `text` that have a title and are in the table of contents, in order.
pub(super) fn read(text: &str) -> Vec<Chapter> {
    let Ok(file) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let all = file["chapters"].as_array().into_iter().flatten();
    let mut chapters: Vec<Chapter> =
        all.filter(|one| one["toc"] != Value::Bool(false)).filter_map(chapter).collect();
    chapters.sort_by_key(|one| one.seconds);
    chapters
}

fn chapter(one: &Value) -> Option<Chapter> {
    let title = one["title"].as_str()?.trim();
    let seconds = super::whole_seconds(&one["startTime"])?;
    let url = one["url"].as_str().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    (!title.is_empty()).then(|| Chapter { seconds, title: title.to_owned(), url: url.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_are_read_in_their_order() {
        let text = r#"{"version": "1.2.0", "chapters": [
            {"startTime": 61.9, "title": " Tide tables ", "url": "https://tides.example/"},
            {"startTime": 0, "title": "Hello", "url": "javascript:alert(1)"},
            {"startTime": 90, "title": "A picture", "toc": false},
            {"startTime": -1, "title": "Before"}, {"startTime": "5", "title": "Text"}, {"startTime": 7}
        ]}"#;
        let expected = [
            Chapter { seconds: 0, title: "Hello".into(), url: None },
            Chapter { seconds: 61, title: "Tide tables".into(), url: Some("https://tides.example/".into()) },
        ];
        assert_eq!(read(text), expected);
        for other in ["", "[]", "{\"chapters\": 1}", "{\"chapters\": [1, {}]}"] {
            assert_eq!(read(other), [], "{other}");
        }
    }
}

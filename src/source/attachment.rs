//! Files that go with an article: `enclosure` of the front matter, `transcript` and `chapters` of an episode. Each is a
//! file of the site, or lives elsewhere.

use serde::{Deserialize, Serialize};

use super::Placed;
use crate::feed::lint::{is_language, is_media_type};
use crate::model::metadata::{Elsewhere, Fields, MetadataError, Node, Value};
use crate::model::podcast::duration;

/// A file that feeds carry: `enclosure = "…"`, or a table of `url`, `length`, `type` and `duration`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enclosure {
    /// `url`: the path of a file, or a URL.
    pub file: Placed<String>,
    /// `length` in bytes. The length of a file of the site is read from the file.
    pub length: Option<u64>,
    /// `type`: the media type, if the extension does not say it.
    pub media_type: Option<String>,
    /// `duration` in seconds, if the file does not have it or is elsewhere.
    pub seconds: Option<u32>,
}

/// A transcript or chapters: a path or URL, or a table of `url`, `type`, `language` and `rel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Companion {
    /// `url`: the path of a file, or a URL.
    pub file: Placed<String>,
    /// `type`: the media type, if the extension does not say it.
    pub media_type: Option<String>,
    /// `language`, if it is not that of the article.
    pub language: Option<String>,
    /// `rel`: `captions` for a transcript with time codes.
    pub rel: Option<String>,
}

/// The path of `address`, which ends before a query and a fragment. A whole URL has its path after its host.
pub fn path_of(address: &str) -> &str {
    let (start, ends): (usize, &[char]) = match address.find("://") {
        Some(at) => (at + 3, &['?', '#']),
        None => return address,
    };
    let rest = &address[start..];
    let rest = &rest[..rest.find(ends).unwrap_or(rest.len())];
    rest.find('/').map_or("", |slash| &rest[slash..])
}

/// The extension of the file at `address`, in lower case.
pub fn extension_of(address: &str) -> Option<String> {
    let name = path_of(address).rsplit('/').next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// Names that the fields of these tables have in other programs.
const ELSEWHERE: &[Elsewhere] = &[
    (&["href", "src", "file", "path", "link", "uri"], "use `url`"),
    (
        &["size", "bytes", "filesize", "sizeinbytes", "lengthinbytes", "contentlength"],
        "use `length`, a number of bytes",
    ),
    (&["mime", "mimetype", "mediatype", "contenttype", "format"], "use `type`, such as `audio/mpeg`"),
    (&["seconds", "durationinseconds", "time", "playtime"], "use `duration`, such as `1:02:30`"),
    (&["lang", "hreflang"], "use `language`"),
];

/// Reads `enclosure`: one, or a list of them.
pub(super) fn enclosures(fields: &mut Fields<'_, '_>) -> Box<[Enclosure]> {
    let mut found = Vec::new();
    for node in items(fields, "enclosure") {
        if matches!(node.value, Value::Table(_)) {
            let mut table = fields.inner("`enclosure`", node);
            let file = url(&mut table, node);
            let (length, media_type) = (length(&mut table), media_type(&mut table));
            let seconds = seconds(&mut table, "duration");
            table.finish_beside(ELSEWHERE, None);
            found.extend(file.map(|file| Enclosure { file, length, media_type, seconds }));
            continue;
        }
        let Some(written) = fields.as_text("enclosure", node) else { continue };
        let (address, length, media_type) = in_one_text(&written);
        let Some(value) = fields.as_address("enclosure", node, address) else { continue };
        let file = Placed { value, place: fields.place(&node.span) };
        found.push(Enclosure { file, length, media_type, seconds: None });
    }
    found.into()
}

/// Reads `transcript` or `chapters`: one, or a list of them.
pub(super) fn companions(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Companion> {
    let mut found = Vec::new();
    for node in items(fields, key) {
        if matches!(node.value, Value::Table(_)) {
            let mut table = fields.inner(format!("`{key}`"), node);
            let file = url(&mut table, node);
            let (media_type, language, rel) =
                (media_type(&mut table), language(&mut table), table.filled("rel"));
            table.finish_beside(ELSEWHERE, None);
            found.extend(file.map(|file| Companion { file, media_type, language, rel }));
            continue;
        }
        let Some(written) = fields.as_text(key, node) else { continue };
        let Some(value) = fields.as_address(key, node, &written) else { continue };
        let file = Placed { value, place: fields.place(&node.span) };
        found.push(Companion { file, media_type: None, language: None, rel: None });
    }
    found
}

/// Reads a duration: seconds, or hours, minutes and seconds with `:` between them.
pub(super) fn seconds(table: &mut Fields<'_, '_>, key: &'static str) -> Option<u32> {
    let node = table.node(key)?;
    let text = table.as_number(key, node)?;
    let read = duration(&text);
    if read.is_none() {
        table.refuse(key, node, "it is no duration", format!("write seconds, or `{key} = \"1:02:30\"`"));
    }
    read
}

/// An address with its length and media type after it, as some programs write an enclosure into one text.
fn in_one_text(written: &str) -> (&str, Option<u64>, Option<String>) {
    let mut words = written.split_whitespace();
    let (first, second, third, rest) = (words.next(), words.next(), words.next(), words.next());
    let length = second.and_then(|second| second.parse::<u64>().ok());
    match (first, length, rest) {
        (Some(first), Some(length), None) if first.contains("://") && third.is_none_or(is_media_type) => {
            (first, (length > 0).then_some(length), third.map(str::to_owned))
        }
        _ => (written, None, None),
    }
}

/// The items of the list `key`; a single value is a list of one.
fn items<'a>(fields: &mut Fields<'a, '_>, key: &'static str) -> &'a [Node] {
    match fields.node(key) {
        None => &[],
        Some(Node { value: Value::List(items), .. }) => items,
        Some(node) => std::slice::from_ref(node),
    }
}

fn url(table: &mut Fields<'_, '_>, node: &Node) -> Option<Placed<String>> {
    let Some(written) = table.filled("url").and_then(|_| table.node("url")) else {
        let (key, owner) = ("url", table.owner().to_owned());
        let example = "`url = \"https://cdn.example.org/episode.mp3\"`";
        table.report(MetadataError::Missing { key, owner, example }, &node.span);
        return None;
    };
    let text = table.as_text("url", written)?;
    let value = table.as_address("url", written, &text)?;
    Some(Placed { value, place: table.place(&written.span) })
}

/// A number of bytes; 0 stands for an unknown one.
fn length(table: &mut Fields<'_, '_>) -> Option<u64> {
    let node = table.node("length")?;
    match table.as_number("length", node)?.parse::<u64>() {
        Ok(length) => (length > 0).then_some(length),
        Err(_) => {
            table.refuse(
                "length",
                node,
                "it is no number of bytes",
                "write digits, such as `length = 24986239`",
            );
            None
        }
    }
}

fn media_type(table: &mut Fields<'_, '_>) -> Option<String> {
    let node = table.node("type")?;
    let text = table.as_text("type", node)?.trim().to_owned();
    if is_media_type(&text) {
        return Some(text);
    }
    let meant = mime_guess::from_ext(text.trim_start_matches('.')).first();
    let meant = meant.map_or_else(|| "audio/mpeg".to_owned(), |meant| meant.to_string());
    table.refuse("type", node, "it is no media type", format!("write `type = \"{meant}\"`"));
    None
}

fn language(table: &mut Fields<'_, '_>) -> Option<String> {
    let node = table.node("language")?;
    let text = table.as_text("language", node)?.trim().to_owned();
    if is_language(&text) {
        return Some(text);
    }
    table.refuse("language", node, "it is no language tag", "write one such as `en` or `pt-BR`");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_that_of_the_path() {
        for (address, expected) in [
            ("https://e.org/a.srt?v=1", Some("srt")),
            ("https://e.org/a.MP3#t=1", Some("mp3")),
            ("https://e.org/a?file=b.vtt", None),
            ("https://example.mp3", None),
            ("https://example.mp3/", None),
            ("https://e.org/v1.2/episode", None),
            ("https://e.org/.mp3", None),
            ("talk.vtt", Some("vtt")),
            ("a?b.vtt", Some("vtt")),
            ("/shows/1.5/talk", None),
            ("", None),
        ] {
            assert_eq!(extension_of(address).as_deref(), expected, "{address}");
        }
    }
}

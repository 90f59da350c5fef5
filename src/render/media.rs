//! Recordings of an article for its page: its enclosures, and the chapters and the transcript of its episode.

use tera::Value;

use super::inputs::{Article, Settings};
use super::podcast;
use crate::feed::{Enclosure, Episode};
use crate::render::template::views::view;
use crate::source::{Companion, extension_of};
use crate::storage::file;

mod chapters;
mod transcript;

/// The fields `enclosures` and `episode` of the view of `article`.
pub(super) fn fields(article: Article<'_>, settings: Settings<'_>) -> [(&'static str, Value); 2] {
    let front = article.front();
    if front.enclosures.is_empty() && front.episode.is_none() {
        return [("enclosures", Value::from(Vec::<Value>::new())), ("episode", Value::none())];
    }
    // The entry in feeds reports the same problems.
    let mut ignored = Vec::new();
    let mut enclosures = podcast::enclosures(article, None, settings, &mut ignored);
    let episode = podcast::episode(article, false, &mut enclosures, settings, &mut ignored);
    let enclosures: Vec<Value> = enclosures.iter().map(|one| enclosure(one, settings)).collect();
    let episode = episode.map(|one| self::episode(&one, article, settings));
    [("enclosures", Value::from(enclosures)), ("episode", Value::from(episode))]
}

fn enclosure(one: &Enclosure, settings: Settings<'_>) -> Value {
    let kind = one.media_type.split('/').next();
    let kind = kind.filter(|kind| matches!(*kind, "audio" | "video" | "image")).unwrap_or("file");
    view([
        ("url", Value::from(settings.from_root(&one.url))),
        ("media_type", Value::from(one.media_type.as_str())),
        ("kind", Value::from(kind)),
        ("length", Value::from(one.length)),
        ("seconds", Value::from(one.seconds)),
        ("duration", Value::from(one.seconds.map(clock))),
    ])
}

fn episode(one: &Episode, article: Article<'_>, settings: Settings<'_>) -> Value {
    let own = article.front().episode.as_deref();
    let transcripts = one.transcripts.iter().map(|one| {
        view([
            ("url", Value::from(settings.from_root(&one.url))),
            ("media_type", Value::from(one.media_type.as_str())),
            ("language", Value::from(one.language.clone())),
        ])
    });
    let chapters = own.and_then(|own| own.chapters.as_ref()).and_then(|one| text(article, one));
    let chapters = chapters.map(|text| chapters::read(&text)).unwrap_or_default().into_iter().map(|one| {
        view([
            ("seconds", Value::from(one.seconds)),
            ("time", Value::from(clock(one.seconds))),
            ("title", Value::from(one.title)),
            ("url", Value::from(one.url.map(|url| settings.from_root(&settings.address(&url))))),
        ])
    });
    let said = own.into_iter().flat_map(|own| &own.transcripts).find_map(|one| {
        let said = transcript::read(&text(article, one)?, &extension_of(&one.file.value)?);
        (!said.is_empty()).then_some(said)
    });
    let said = said.unwrap_or_default().into_iter().map(|one| {
        view([
            ("seconds", Value::from(one.seconds)),
            ("time", Value::from(one.seconds.map(clock))),
            ("speaker", Value::from(one.speaker)),
            ("text", Value::from(one.text)),
        ])
    });
    view([
        ("title", Value::from(one.title.clone())),
        ("number", Value::from(one.number.clone())),
        ("season", Value::from(one.season)),
        ("kind", Value::from(one.kind)),
        ("seconds", Value::from(one.seconds)),
        ("duration", Value::from(one.seconds.map(clock))),
        ("image", Value::from(one.image.as_deref().map(|url| settings.from_root(url)))),
        ("transcripts", Value::from(transcripts.collect::<Vec<_>>())),
        ("transcript", Value::from(said.collect::<Vec<_>>())),
        ("chapters", Value::from(chapters.collect::<Vec<_>>())),
        ("chapters_url", Value::from(one.chapters.as_ref().map(|(url, _)| settings.from_root(url)))),
    ])
}

/// The text of a file of the site that goes with an episode.
fn text(article: Article<'_>, one: &Companion) -> Option<String> {
    let bytes = file::read(article.file(&one.file.value)?.name(), file::DATA).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.trim_start_matches('\u{feff}').to_owned())
}

/// The whole seconds of a number in JSON.
fn whole_seconds(number: &serde_json::Value) -> Option<u64> {
    let number = number.as_number()?.to_string();
    number.split('.').next()?.parse().ok()
}

/// `seconds` as hours, minutes and seconds.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_shown_where_there_are_some() {
        let shown = [0, 59, 60, 3599, 3600, 3723, 360_000].map(clock);
        assert_eq!(shown, ["0:00", "0:59", "1:00", "59:59", "1:00:00", "1:02:03", "100:00:00"]);
    }
}

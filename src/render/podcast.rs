//! Shows and episodes: data from front matter, with URLs, and facts from their files.

use super::RenderError;
use super::inputs::{Article, Settings, Show};
use crate::config::Author;
use crate::feed::{Credit, Enclosure, Episode, Podcast, Transcript};
use crate::model::diagnostics::{Place, Problem};
use crate::model::podcast::guid;
use crate::model::url::scheme;
use crate::source::{self, Companion, EpisodeKind, Placed, extension_of};

/// Least and greatest width of a cover, in pixels.
const COVER: std::ops::RangeInclusive<u32> = 1400..=3000;

/// Media types of recordings that all directories accept.
const PLAYABLE: [&str; 6] =
    ["audio/mpeg", "audio/x-m4a", "audio/mp4", "video/mp4", "video/x-m4v", "video/quicktime"];

/// The media type of a file of which nothing is known.
const UNKNOWN: &str = "application/octet-stream";

/// The media type of chapters.
const CHAPTERS: &str = "application/json+chapters";

/// The enclosures of `article`. The URL of a service that counts downloads goes before those of recordings.
pub(super) fn enclosures(
    article: Article<'_>,
    prefix: Option<&str>,
    settings: Settings<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Enclosure> {
    let mut enclosures = Vec::new();
    for one in &article.front().enclosures {
        let written = &one.file;
        let mut report = |cause| problems.push(Problem::new(cause, written.place.clone()));
        let file = article.file(&written.value);
        let facts = match &file {
            Some(file) => file.length().map(|length| (file.url(), Some(length), file.seconds())),
            None => {
                // Something else may serve a file at an address of this site: who gives its length knows it.
                let is_known = !settings.is_own(&written.value) || one.length.is_some();
                let is_there = is_elsewhere(&written.value) && is_known;
                is_there.then(|| (settings.address(&written.value), one.length, None))
            }
        };
        let Some((url, length, seconds)) = facts else {
            report(RenderError::NoEnclosure { file: written.value.clone() });
            continue;
        };
        if length.is_none() {
            report(RenderError::NoLength { file: written.value.clone() });
        }
        let media_type = one.media_type.clone().or_else(|| media_type(&written.value));
        if media_type.is_none() {
            let (what, file) = ("enclosure", written.value.clone());
            let effect = ", so players may pass it over";
            report(RenderError::NoMediaType { what, file, effect, example: "audio/mpeg" });
        }
        let media_type = media_type.unwrap_or_else(|| UNKNOWN.to_owned());
        let url =
            prefix.filter(|_| is_recording(&media_type)).map_or(url.clone(), |prefix| prefixed(prefix, &url));
        let seconds = one.seconds.map(u64::from).or(seconds);
        enclosures.push(Enclosure { url, length, media_type, seconds });
    }
    enclosures
}

/// `url` with the URL of a service before it. Services leave out `https://`, and want the scheme of any other URL.
fn prefixed(prefix: &str, url: &str) -> String {
    if url.starts_with(prefix) {
        return url.to_owned();
    }
    format!("{prefix}{}", url.strip_prefix("https://").unwrap_or(url))
}

/// True for audio and video, and for a type that is not known.
fn is_recording(media_type: &str) -> bool {
    media_type.starts_with("audio/") || media_type.starts_with("video/") || media_type == UNKNOWN
}

/// The media type of the file at `address` by its extension. Podcast directories expect `audio/x-m4a` for M4A.
fn media_type(address: &str) -> Option<String> {
    let extension = extension_of(address)?;
    match extension.as_str() {
        "m4a" => Some("audio/x-m4a".to_owned()),
        extension => mime_guess::from_ext(extension).first().map(|found| found.to_string()),
    }
}

/// True for a URL, also one without a scheme.
fn is_elsewhere(written: &str) -> bool {
    written.starts_with("//") || scheme(written).is_some()
}

/// The episode of `article`, if its front matter has one or the article is `in_podcast`. The recording among the
/// `enclosures` gets the duration that the author wrote.
pub(super) fn episode(
    article: Article<'_>,
    in_podcast: bool,
    enclosures: &mut [Enclosure],
    settings: Settings<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Episode> {
    let own = article.front().episode.as_deref();
    if own.is_none() && !in_podcast {
        return None;
    }
    let standard = source::Episode::default();
    let own = own.unwrap_or(&standard);
    let recording = enclosures.iter_mut().find(|one| is_recording(&one.media_type));
    let wrong = match &recording {
        None => Some(RenderError::NoRecording),
        Some(one) if one.media_type != UNKNOWN && !PLAYABLE.contains(&one.media_type.as_str()) => {
            Some(RenderError::Unplayable { media_type: one.media_type.clone() })
        }
        Some(_) => None,
    };
    problems.extend(wrong.map(|cause| Problem::new(cause, Place::file(article.name().clone()))));
    let mut seconds = own.duration.map(u64::from);
    if let Some(recording) = recording {
        seconds = seconds.or(recording.seconds);
        recording.seconds = seconds;
    }
    let mut files = Files { article, settings, problems };
    Some(Episode {
        title: own.title.clone(),
        number: own.number.as_ref().map(|number| number.as_str().to_owned()),
        counted: own.number.as_ref().and_then(source::EpisodeNumber::counted),
        season: own.season,
        kind: match own.kind {
            EpisodeKind::Full => "full",
            EpisodeKind::Trailer => "trailer",
            EpisodeKind::Bonus => "bonus",
        },
        explicit: own.explicit,
        seconds,
        image: own.image.as_ref().and_then(|image| files.url("picture of the episode", image)),
        transcripts: own.transcripts.iter().filter_map(|one| files.transcript(one)).collect(),
        chapters: own.chapters.as_ref().and_then(|one| files.companion("chapters", CHAPTERS, one)),
        block: own.block,
        people: own.people.iter().map(|one| credit(one, settings)).collect(),
    })
}

/// The files that an episode names.
struct Files<'a, 'p> {
    article: Article<'a>,
    settings: Settings<'a>,
    problems: &'p mut Vec<Problem>,
}

impl Files<'_, '_> {
    /// The URL of a file beside the article, of the site or elsewhere. A missing file is an error.
    fn url(&mut self, what: &'static str, written: &Placed<String>) -> Option<String> {
        if let Some(file) = self.article.file(&written.value) {
            return Some(file.url());
        }
        if is_elsewhere(&written.value) {
            return Some(self.settings.address(&written.value));
        }
        let cause = RenderError::NoFile { what, file: written.value.clone() };
        self.problems.push(Problem::new(cause, written.place.clone()));
        None
    }

    /// The URL and the media type of a transcript or of chapters. One without a type is reported and left out, because
    /// players choose by it.
    fn companion(
        &mut self,
        what: &'static str,
        example: &'static str,
        one: &Companion,
    ) -> Option<(String, String)> {
        let url = self.url(what, &one.file)?;
        let media_type = one.media_type.clone().or_else(|| companion_type(example, &one.file.value));
        if media_type.is_none() {
            let (file, effect) = (one.file.value.clone(), ", so it is left out");
            let cause = RenderError::NoMediaType { what, file, effect, example };
            self.problems.push(Problem::new(cause, one.file.place.clone()));
        }
        Some((url, media_type?))
    }

    fn transcript(&mut self, one: &Companion) -> Option<Transcript> {
        let (url, media_type) = self.companion("transcript", "text/vtt", one)?;
        let language = one.language.clone().or_else(|| self.article.front().lang.clone());
        Some(Transcript { url, media_type, language, rel: one.rel.clone() })
    }
}

/// The media type of the transcript or of the chapters at `address` by its extension; `usual` is that of chapters.
fn companion_type(usual: &str, address: &str) -> Option<String> {
    let known = match extension_of(address)?.as_str() {
        "vtt" => "text/vtt",
        "srt" => "application/x-subrip",
        "json" if usual == CHAPTERS => CHAPTERS,
        "json" => "application/json",
        "html" | "htm" => "text/html",
        "txt" | "text" => "text/plain",
        _ => return media_type(address),
    };
    Some(known.to_owned())
}

/// The podcast of the feed with the lasting `id`. `author` is the site's author, and `title` the site's title.
pub(super) fn podcast(
    show: &Show<'_>,
    id: &str,
    (author, title): (Option<&Author>, &str),
    settings: Settings<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Podcast> {
    let (cover, said) = (show.cover()?, show.said());
    let written = cover.written;
    if cover.path.is_none() && !is_elsewhere(&written.value) {
        let cause = RenderError::NoFile { what: "cover", file: written.value.clone() };
        problems.push(Problem::new(cause, written.place.clone()));
    }
    if let Some((width, height)) = cover.size
        && (width != height || !COVER.contains(&width))
    {
        problems.push(Problem::new(RenderError::Cover { width, height }, written.place.clone()));
    }
    let author = said.author.clone().or_else(|| author.map(|author| author.name.clone()));
    let funding = said.funding.iter().map(|(url, text)| (settings.address(url), text.clone()));
    Some(Podcast {
        guid: said.guid.clone().unwrap_or_else(|| guid(id).to_string()),
        author: author.unwrap_or_else(|| title.to_owned()),
        owner: said.owner.clone(),
        image: match cover.path {
            Some(path) => settings.whole_file(&path),
            None => settings.address(&written.value),
        },
        categories: said.categories.clone(),
        explicit: said.explicit,
        serial: said.serial,
        locked: said.locked,
        medium: said.medium.clone(),
        funding: funding.collect(),
        complete: said.complete,
        block: said.block,
        new_feed_url: said.new_feed_url.clone(),
        people: said.people.iter().map(|one| credit(one, settings)).collect(),
    })
}

fn credit(one: &source::Credit, settings: Settings<'_>) -> Credit {
    let address = |url: &Option<String>| url.as_deref().map(|url| settings.address(url));
    Credit {
        name: one.name.clone(),
        role: one.role.clone(),
        group: one.group.clone(),
        url: address(&one.url),
        image: address(&one.image),
    }
}

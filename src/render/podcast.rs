//! Shows and episodes: data from front matter, with URLs, and facts from their files.

use super::RenderError;
use super::inputs::{Article, Settings, Show};
use crate::config::Author;
use crate::feed::{Credit, Enclosure, Episode, Podcast};
use crate::model::diagnostics::{Place, Problem};
use crate::source::{self, EpisodeKind, Placed};

/// The namespace of the UUIDs in `podcast:guid` (the podcast namespace, `guid`).
const GUIDS: uuid::Uuid = uuid::Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// Least and greatest width of a cover, in pixels.
const COVER: std::ops::RangeInclusive<u32> = 1400..=3000;

/// Media types of recordings that all directories accept.
const PLAYABLE: [&str; 6] =
    ["audio/mpeg", "audio/x-m4a", "audio/mp4", "video/mp4", "video/x-m4v", "video/quicktime"];

/// The episode of `article`, if its front matter has one or the article is `in_podcast`.
pub(super) fn episode(
    article: &Article<'_>,
    in_podcast: bool,
    enclosures: &[Enclosure],
    problems: &mut Vec<Problem>,
) -> Option<Episode> {
    let front = article.front();
    let own = front.episode.as_deref();
    if own.is_none() && !in_podcast {
        return None;
    }
    let is_recording =
        |one: &&Enclosure| one.media_type.starts_with("audio/") || one.media_type.starts_with("video/");
    let recording = enclosures.iter().find(is_recording);
    let wrong = match recording {
        None => Some(RenderError::NoRecording),
        Some(one) if !PLAYABLE.contains(&one.media_type.as_str()) => {
            Some(RenderError::Unplayable { media_type: one.media_type.clone() })
        }
        Some(_) => None,
    };
    problems.extend(wrong.map(|cause| Problem::new(cause, Place::file(article.name().clone()))));
    let standard = source::Episode::default();
    let own = own.unwrap_or(&standard);
    let mut url = |written: &Placed<String>| file_url(article, written, problems);
    let transcripts = own.transcripts.iter().filter_map(|written| {
        let media_type = match written.value.rsplit_once('.').map(|(_, extension)| extension) {
            Some("vtt") => "text/vtt",
            Some("srt") => "application/x-subrip",
            Some("json") => "application/json",
            Some("html" | "htm") => "text/html",
            _ => "text/plain",
        };
        Some((url(written)?, media_type.to_owned(), front.lang.clone()))
    });
    let transcripts = transcripts.collect();
    Some(Episode {
        title: own.title.clone(),
        number: own.number,
        season: own.season,
        kind: match own.kind {
            EpisodeKind::Full => "full",
            EpisodeKind::Trailer => "trailer",
            EpisodeKind::Bonus => "bonus",
        },
        explicit: own.explicit,
        seconds: own.duration.map(u64::from).or(recording.and_then(|one| one.seconds)),
        image: own.image.as_ref().and_then(&mut url),
        transcripts,
        chapters: own.chapters.as_ref().and_then(&mut url),
        block: own.block,
        people: own.people.iter().map(credit).collect(),
    })
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
    if cover.path.is_none() && !written.value.contains("://") {
        let cause = RenderError::NoEnclosure { file: written.value.clone() };
        problems.push(Problem::new(cause, written.place.clone()));
    }
    if let Some((width, height)) = cover.size
        && (width != height || !COVER.contains(&width))
    {
        problems.push(Problem::new(RenderError::Cover { width, height }, written.place.clone()));
    }
    let author = said.author.clone().or_else(|| author.map(|author| author.name.clone()));
    let guid = || uuid::Uuid::new_v5(&GUIDS, id.as_bytes()).to_string();
    Some(Podcast {
        guid: said.guid.clone().unwrap_or_else(guid),
        author: author.unwrap_or_else(|| title.to_owned()),
        owner: said.owner.clone(),
        image: cover.path.map_or_else(|| written.value.clone(), |path| settings.absolute(&path)),
        categories: said.categories.clone(),
        explicit: said.explicit,
        serial: said.serial,
        locked: said.locked,
        funding: said.funding.clone(),
        complete: said.complete,
        block: said.block,
        new_feed_url: said.new_feed_url.clone(),
        people: said.people.iter().map(credit).collect(),
    })
}

/// The URL of a file beside `article`, of the site or elsewhere. A missing file is an error.
fn file_url(article: &Article<'_>, written: &Placed<String>, problems: &mut Vec<Problem>) -> Option<String> {
    if written.value.contains("://") {
        return Some(written.value.clone());
    }
    let file = article.file(&written.value);
    if file.is_none() {
        let cause = RenderError::NoEnclosure { file: written.value.clone() };
        problems.push(Problem::new(cause, written.place.clone()));
    }
    file.map(|file| file.url())
}

fn credit(one: &source::Credit) -> Credit {
    Credit {
        name: one.name.clone(),
        role: one.role.as_ref().map(|role| role.to_lowercase()),
        url: one.url.clone(),
        image: one.image.clone(),
    }
}

//! Shows and episodes: what front matter says of them, with URLs, and what their files say.

use super::{RenderError, Renderer};
use crate::feed::{Credit, Enclosure, Episode, Podcast};
use crate::model::diagnostics::Problem;
use crate::model::url::UrlPath;
use crate::site::identity::{Settled, Target};
use crate::site::library::LeafId;
use crate::site::plan::{FeedOf, PlannedFeed};
use crate::source::{self, EpisodeKind, Placed};

/// The namespace in which `podcast:guid` is made (the podcast namespace, `guid`).
const GUIDS: uuid::Uuid = uuid::Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// The least and the most width of a cover in pixels.
const COVER: std::ops::RangeInclusive<u32> = 1400..=3000;

/// Media types of recordings that all directories take.
const PLAYABLE: [&str; 6] =
    ["audio/mpeg", "audio/x-m4a", "audio/mp4", "video/mp4", "video/x-m4v", "video/quicktime"];

impl Renderer<'_> {
    /// What the section of an article, or one around that, says of the podcast that it is.
    pub(super) fn show_of(&self, id: LeafId) -> Option<&source::Show> {
        let mut at = Some(self.library.section_of(id));
        while let Some(section) = at.and_then(|at| self.library.sections.get(at)) {
            let document = section.settled.document.as_ref();
            if let Some(show) = document.and_then(|document| document.front.podcast.as_deref()) {
                return Some(show);
            }
            at = section.parent;
        }
        None
    }

    /// What makes an article an episode, if anything does.
    pub(super) fn episode(
        &self,
        id: LeafId,
        enclosures: &[Enclosure],
        problems: &mut Vec<Problem>,
    ) -> Option<Episode> {
        let leaf = self.library.leaf(id);
        let (front, show) = (&leaf.document.front, self.show_of(id));
        let own = front.episode.as_deref();
        if own.is_none() && show.is_none() {
            return None;
        }
        let is_recording =
            |one: &&Enclosure| one.media_type.starts_with("audio/") || one.media_type.starts_with("video/");
        let recording = enclosures.iter().find(is_recording);
        match recording {
            None => problems.push(self.at_source(leaf, RenderError::NoRecording)),
            Some(one) if !PLAYABLE.contains(&one.media_type.as_str()) => {
                let cause = RenderError::Unplayable { media_type: one.media_type.clone() };
                problems.push(self.at_source(leaf, cause));
            }
            Some(_) => {}
        }
        let standard = source::Episode::default();
        let own = own.unwrap_or(&standard);
        let mut url = |written: &Placed<String>| self.file_url(leaf, written, problems);
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

    /// What makes a feed a podcast: a section says that of its own.
    pub(super) fn podcast(&self, planned: &PlannedFeed, problems: &mut Vec<Problem>) -> Option<Podcast> {
        let FeedOf::Section(at) = planned.of else { return None };
        let document = self.library.sections[at].settled.document.as_deref()?;
        let show = document.front.podcast.as_deref()?;
        let config = self.config;
        let written = show.image.as_ref()?;
        let image = match self.links.follow(document.path(), &written.value) {
            Target::Live(path, _) => Some(path),
            _ => UrlPath::parse(&format!("/{}", written.value.trim_start_matches('/'))).ok(),
        };
        let is_known = image.as_ref().is_some_and(|path| self.files.get(path).is_some());
        if !is_known && !written.value.contains("://") {
            let cause = RenderError::NoEnclosure { file: written.value.clone() };
            problems.push(Problem::new(cause, written.place.clone()));
        }
        let path = image.filter(|_| is_known);
        let size = path.as_ref().and_then(|path| self.files.picture_size(path.as_str()));
        if let Some((width, height)) = size
            && (width != height || !COVER.contains(&width))
        {
            problems.push(Problem::new(RenderError::Cover { width, height }, written.place.clone()));
        }
        let author = config.author.as_ref().map(|author| author.name.clone());
        let author = show.author.clone().or(author).unwrap_or_else(|| config.title.clone());
        let guid = || uuid::Uuid::new_v5(&GUIDS, planned.id.as_bytes()).to_string();
        Some(Podcast {
            guid: show.guid.clone().unwrap_or_else(guid),
            author,
            owner: show.owner.clone(),
            image: path.map_or_else(|| written.value.clone(), |path| config.base_url.absolute(&path)),
            categories: show.categories.clone(),
            explicit: show.explicit,
            serial: show.serial,
            locked: show.locked,
            funding: show.funding.clone(),
            complete: show.complete,
            block: show.block,
            new_feed_url: show.new_feed_url.clone(),
            people: show.people.iter().map(credit).collect(),
        })
    }

    /// The URL of a file beside `leaf`, of the site or elsewhere. One that is not there is an error.
    fn file_url(
        &self,
        leaf: &Settled,
        written: &Placed<String>,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        if written.value.contains("://") {
            return Some(written.value.clone());
        }
        let path = self.enclosure_path(leaf, &written.value).filter(|path| self.files.get(path).is_some());
        if path.is_none() {
            let cause = RenderError::NoEnclosure { file: written.value.clone() };
            problems.push(Problem::new(cause, written.place.clone()));
        }
        path.map(|path| self.config.base_url.absolute(&path))
    }

    fn at_source(&self, leaf: &Settled, cause: RenderError) -> Problem {
        Problem::new(cause, crate::model::diagnostics::Place::file(leaf.name().clone()))
    }
}

fn credit(one: &source::Credit) -> Credit {
    Credit {
        name: one.name.clone(),
        role: one.role.as_ref().map(|role| role.to_lowercase()),
        url: one.url.clone(),
        image: one.image.clone(),
    }
}

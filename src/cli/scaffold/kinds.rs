//! The files of each kind of new site.

use super::NewFile;
use crate::cli::arguments::SiteKind;

/// Names the files of `scaffold/KIND/`, each with its path in the new site.
macro_rules! texts {
    ($kind:literal, [$($path:literal = $file:literal),* $(,)?]) => {
        &[$(($path, include_str!(concat!($kind, "/", $file)))),*]
    };
}

/// The texts of a kind, with placeholders.
pub fn texts(kind: SiteKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        SiteKind::Paper => PAPER,
        SiteKind::Blog => BLOG,
        SiteKind::Docs => DOCS,
        SiteKind::Podcast => PODCAST,
        SiteKind::Releases => RELEASES,
    }
}

/// The other files of a kind.
pub fn others(kind: SiteKind) -> Vec<NewFile> {
    match kind {
        SiteKind::Podcast => vec![
            ("content/episodes/cover.png", include_bytes!("podcast/cover.png").to_vec()),
            ("content/episodes/net-menders/episode.mp3", silence()),
            ("content/episodes/pilot/episode.mp3", silence()),
        ],
        _ => Vec::new(),
    }
}

/// Three seconds of silence (MPEG-1 Layer III, one channel, 44.1 kHz, 32 kbit/s): frames with a header and nothing else.
fn silence() -> Vec<u8> {
    /// Bytes of a frame: 144 × 32000 / 44100.
    const LENGTH: usize = 104;
    /// Frames in three seconds, each of 1152 samples.
    const COUNT: usize = 115;
    let mut frame = [0; LENGTH];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x10, 0xc0]);
    frame.repeat(COUNT)
}

type Texts = &'static [(&'static str, &'static str)];

const PAPER: Texts = texts!(
    "paper",
    [
        "site.toml" = "site.toml",
        "content/_index.md" = "index.md",
        "content/about.md" = "about.md",
        "content/news/_index.md" = "news.md",
        "content/news/pier/index.md" = "pier.md",
        "content/news/pier/pier.svg" = "pier.svg",
        "content/news/ferry-returns.txt" = "ferry.txt",
        "content/news/gulls.md" = "gulls.md",
        "content/culture/_index.md" = "culture.md",
        "content/culture/cinema.md" = "cinema.md",
        "content/culture/choir.md" = "choir.md",
    ]
);

const BLOG: Texts = texts!(
    "blog",
    [
        "site.toml" = "site.toml",
        "content/_index.md" = "index.md",
        "content/about.md" = "about.md",
        "content/posts/_index.md" = "posts.md",
        "content/posts/tide-clock/index.md" = "tide.md",
        "content/posts/tide-clock/clock.svg" = "clock.svg",
        "content/posts/the-standard.md" = "link.md",
        "content/posts/eleven-miles.md" = "walk.md",
        "content/posts/why-no-newsletter.md" = "hello.md",
    ]
);

const DOCS: Texts = texts!(
    "docs",
    [
        "site.toml" = "site.toml",
        "content/_index.md" = "index.md",
        "content/docs/_index.md" = "docs.md",
        "content/docs/getting-started.md" = "getting-started.md",
        "content/docs/guide/_index.md" = "guide.md",
        "content/docs/guide/scripts.md" = "scripts.md",
        "content/docs/reference/_index.md" = "reference.md",
        "content/docs/reference/options.md" = "options.md",
        "content/news/_index.md" = "news.md",
        "content/news/tidewatch-2-1.md" = "release.md",
    ]
);

const PODCAST: Texts = texts!(
    "podcast",
    [
        "site.toml" = "site.toml",
        "content/_index.md" = "index.md",
        "content/about.md" = "about.md",
        "content/episodes/_index.md" = "episodes.md",
        "content/episodes/net-menders/index.md" = "net-menders.md",
        "content/episodes/net-menders/transcript.vtt" = "transcript.vtt",
        "content/episodes/net-menders/chapters.json" = "chapters.json",
        "content/episodes/pilot/index.md" = "pilot.md",
        "content/episodes/pilot/transcript.vtt" = "transcript.vtt",
    ]
);

const RELEASES: Texts = texts!(
    "releases",
    [
        "site.toml" = "site.toml",
        "content/_index.md" = "index.md",
        "content/upgrading.md" = "upgrading.md",
        "content/releases/_index.md" = "releases.md",
        "content/releases/2.1.0.md" = "2.1.0.md",
        "content/releases/2.0.1.md" = "2.0.1.md",
        "content/releases/2.0.0.md" = "2.0.0.md",
    ]
);

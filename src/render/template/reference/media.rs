//! The fields of the maps of recordings.

use super::Field;
use super::Kind::{List, MaybeText, Number, Own, Text};

pub(super) const ENCLOSURE: &[Field] = &[
    ("url", Text, "where it is, from the server's root", "/shows/tides/one.mp3"),
    ("media_type", Text, "its media type", "audio/mpeg"),
    ("kind", Text, "`audio`, `video`, `image` or `file`", "audio"),
    ("length", Own, "bytes; none if that is not known", "24986239"),
    ("seconds", Own, "how long it takes; none if that is not known", "1723"),
    ("duration", MaybeText, "the same as hours, minutes and seconds", "28:43"),
];

pub(super) const TRANSCRIPT: &[Field] = &[
    ("url", Text, "where it is, from the server's root", "/shows/tides/one.vtt"),
    ("media_type", Text, "its media type", "text/vtt"),
    ("language", MaybeText, "its language (BCP 47)", "en"),
];

pub(super) const SPEECH: &[Field] = &[
    ("seconds", Own, "where it begins; none if the file has no times", "61"),
    ("time", MaybeText, "the same as hours, minutes and seconds", "1:01"),
    ("speaker", MaybeText, "who speaks, if that is another than before", "Ada Merriweather"),
    ("text", Text, "what is said", "The late boat is back."),
];

pub(super) const CHAPTER: &[Field] = &[
    ("seconds", Number, "where it begins", "61"),
    ("time", Text, "the same as hours, minutes and seconds", "1:01"),
    ("title", Text, "its title", "Tide tables"),
    ("url", MaybeText, "an address that it is about", "https://tides.example/"),
];

pub(super) const EPISODE: &[Field] = &[
    ("title", MaybeText, "`episode.title`", "Tides"),
    ("number", MaybeText, "its number", "7"),
    ("season", Own, "its season; none if it has none", "2"),
    ("kind", Text, "`full`, `trailer` or `bonus`", "full"),
    ("seconds", Own, "how long its recording is; none if that is not known", "1723"),
    ("duration", MaybeText, "the same as hours, minutes and seconds", "28:43"),
    ("image", MaybeText, "its own picture", "/shows/tides/one.jpg"),
    ("transcripts", List("transcript"), "the files of `episode.transcript`", ""),
    (
        "transcript",
        List("speech"),
        "the first of them that is a file of the site in VTT, SRT, JSON or plain text",
        "",
    ),
    (
        "chapters",
        List("chapter"),
        "the chapters in the file of `episode.chapters`, if it is one of the site",
        "",
    ),
    ("chapters_url", MaybeText, "that file", "/shows/tides/one.json"),
];

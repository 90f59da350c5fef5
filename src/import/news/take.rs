//! A take: one version of a story, as a file has it.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::{dom, newsml, ninjs, nitf};
use crate::config::WireKind;
use crate::import::html::{markdown, one_line};
use crate::model::date::{Moment, Precision};

/// The most terms of one kind that a take has.
const MOST_TERMS: usize = 50;

/// The state of a story, as its provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum State {
    /// It may be shown.
    Usable,
    /// It may not be shown now, or nobody knows.
    #[default]
    Withheld,
    /// It was killed: whoever showed it has to withdraw it.
    Killed,
}

impl State {
    /// Its name for people.
    pub fn word(self) -> &'static str {
        match self {
            State::Usable => "usable",
            State::Withheld => "withheld",
            State::Killed => "killed",
        }
    }
}

/// One version of a story. Its texts are plain, in one line, except `text`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// Its file.
    pub file: String,
    /// The kind of its file.
    pub kind: WireKind,
    /// Its number among the takes in the file, from 1.
    pub number: usize,
    /// The lasting id of the story; empty if it has none.
    pub id: String,
    /// Its version, if that is a number.
    pub version: Option<u64>,
    /// Its state.
    pub state: State,
    /// The headline.
    pub headline: String,
    /// The slug line, by which newsrooms know the story.
    pub slugline: String,
    /// A summary.
    pub summary: String,
    /// The names of its authors.
    pub byline: String,
    /// Who provides it.
    pub credit: String,
    /// BCP 47.
    pub language: String,
    /// The notice of copyright.
    pub copyright: String,
    /// Subjects.
    pub subjects: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Genres.
    pub genres: Vec<String>,
    /// Places that it is about.
    pub places: Vec<String>,
    /// Its text: HTML as it was read, then Markdown.
    pub text: String,
    /// True if only the words of the text could be taken.
    pub is_flat: bool,
    /// When the story was first made.
    pub first: Option<Stated>,
    /// When this version was made.
    pub changed: Option<Stated>,
    /// The time before which it is not public.
    pub embargo: Option<Stated>,
    /// The time from which on it is not public.
    pub expires: Option<Stated>,
    /// A note to editors: the reason of a kill.
    pub note: String,
}

/// A date as a file states it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The name of the field.
    pub field: String,
    /// Its text.
    pub raw: String,
    /// The time that it says; `None` if it can't be read.
    read: Option<Local>,
}

/// A time of the clock of some place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Local {
    time: NaiveDateTime,
    /// Seconds east of UTC, if it is written.
    offset: Option<i32>,
    precision: Precision,
}

impl Stated {
    /// The field `field`, which is there: ISO 8601, in its basic form too.
    pub(super) fn of(field: &str, raw: &str) -> Stated {
        let raw = raw.trim();
        Stated { field: field.to_owned(), raw: raw.to_owned(), read: read(raw) }
    }

    /// The field `field`; `None` if it is empty.
    pub(super) fn filled(field: &str, raw: &str) -> Option<Stated> {
        (!raw.trim().is_empty()).then(|| Stated::of(field, raw))
    }

    /// True if nobody knows which time it means.
    pub fn is_unclear(&self) -> bool {
        self.read.is_none()
    }

    /// The latest instant that it may mean; without an offset it is in `zone`.
    pub fn instant(&self, zone: Tz) -> Option<DateTime<Utc>> {
        let Local { time, offset, .. } = self.read?;
        match offset {
            Some(offset) => {
                Some(FixedOffset::east_opt(offset)?.from_local_datetime(&time).single()?.to_utc())
            }
            None => match zone.from_local_datetime(&time).latest() {
                Some(found) => Some(found.to_utc()),
                // The clock skipped that time.
                None => Some(time.and_utc()),
            },
        }
    }

    /// Its moment; without an offset it is in UTC.
    pub fn moment(&self) -> Option<Moment> {
        let offset = FixedOffset::east_opt(self.read?.offset.unwrap_or(0))?;
        Some(Moment::new(self.instant(Tz::UTC)?, offset, self.read?.precision))
    }

    /// The rule by which [`moment`](Stated::moment) reads it.
    pub fn rule(&self) -> String {
        let how = match self.read {
            Some(Local { offset: Some(_), .. }) => "with its own offset",
            Some(Local { precision: Precision::Day, .. }) => "a day in UTC",
            _ => "without an offset, read as UTC",
        };
        format!("`{}`, {how}", self.field)
    }

    /// It as a date of front matter.
    pub fn written(&self) -> Option<String> {
        let Local { time, offset, precision } = self.read?;
        if precision == Precision::Day && offset.is_none() {
            return Some(time.format("%Y-%m-%d").to_string());
        }
        let form = if precision == Precision::Second { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M" };
        let offset = offset.map(FixedOffset::east_opt).map(|offset| Some(offset?.to_string()));
        Some(format!("{}{}", time.format(form), offset.unwrap_or_else(|| Some(String::new()))?))
    }
}

fn read(text: &str) -> Option<Local> {
    let zoned = text.strip_suffix(['Z', 'z']).map_or_else(|| text.to_owned(), |rest| format!("{rest}+00:00"));
    for (form, precision) in [
        ("%Y-%m-%dT%H:%M:%S%.f", Precision::Second),
        ("%Y%m%dT%H%M%S", Precision::Second),
        ("%Y-%m-%d %H:%M:%S", Precision::Second),
        ("%Y-%m-%dT%H:%M", Precision::Minute),
        ("%Y%m%dT%H%M", Precision::Minute),
    ] {
        if let Ok(found) = DateTime::parse_from_str(&zoned, &format!("{form}%#z")) {
            let offset = Some(found.offset().local_minus_utc());
            return Some(Local { time: found.naive_local(), offset, precision });
        }
        if let Ok(time) = NaiveDateTime::parse_from_str(text, form) {
            return Some(Local { time, offset: None, precision });
        }
    }
    let (day, offset) = match zoned.get(10..) {
        Some("") | None => (text, None),
        Some(rest) => (zoned.get(..10)?, Some(rest.parse::<FixedOffset>().ok()?.local_minus_utc())),
    };
    let forms = ["%Y-%m-%d", "%Y%m%d"];
    let day = forms.iter().find_map(|form| NaiveDate::parse_from_str(day, form).ok())?;
    Some(Local { time: day.and_hms_opt(0, 0, 0)?, offset, precision: Precision::Day })
}

impl Take {
    /// The text by which takes of one story are known: its id, else its slug line, else the file.
    pub fn key(&self) -> String {
        match (self.id.as_str(), self.slugline.as_str()) {
            ("", "") => format!("file {} {}", self.file, self.number),
            ("", slugline) => format!("slug line {}", slugline.to_lowercase()),
            (id, _) => format!("id {id}"),
        }
    }

    /// The take with plain texts, and Markdown for HTML.
    fn cleaned(mut self, number: usize) -> Take {
        self.number = number;
        for text in [
            &mut self.headline,
            &mut self.slugline,
            &mut self.summary,
            &mut self.byline,
            &mut self.credit,
            &mut self.language,
            &mut self.copyright,
            &mut self.note,
        ] {
            *text = one_line(text);
        }
        self.byline = self.byline.strip_prefix("By ").unwrap_or(&self.byline).to_owned();
        for terms in [&mut self.subjects, &mut self.keywords, &mut self.genres, &mut self.places] {
            terms.iter_mut().for_each(|term| *term = one_line(term));
            terms.retain(|term| !term.is_empty());
            let mut known = Vec::with_capacity(terms.len());
            terms.retain(|term| {
                !known.contains(term) && known.len() < MOST_TERMS && {
                    known.push(term.clone());
                    true
                }
            });
        }
        let text = markdown(&self.text);
        (self.text, self.is_flat) = (text.markdown, text.is_flat);
        self
    }
}

/// A file as its takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Takes {
    /// Those of text; none for pictures, and for files that are none of an agency.
    pub takes: Vec<Take>,
    /// True if it is a file of an agency.
    pub is_known: bool,
}

/// Reads the file `name`, which has these `bytes`.
///
/// # Errors
/// The reason why it can't be read.
pub fn takes(bytes: Vec<u8>, name: &str) -> Result<Takes, String> {
    let text = decoded(bytes)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let (takes, is_known) = if text.starts_with(['{', '[']) {
        ninjs::read(text, name)?
    } else {
        let root = dom::parse(text)?;
        let mut takes = newsml::read(&root, name);
        takes.extend(nitf::read(&root, name));
        let is_known = root.elements().any(|one| KNOWN.contains(&one.name.as_str()));
        let is_known = is_known || !takes.is_empty();
        (takes, is_known)
    };
    let takes = takes.into_iter().enumerate().map(|(at, take)| take.cleaned(at + 1)).collect();
    Ok(Takes { takes, is_known })
}

/// The root elements of NewsML-G2 and NITF.
const KNOWN: [&str; 8] = [
    "newsMessage",
    "newsItem",
    "packageItem",
    "conceptItem",
    "knowledgeItem",
    "planningItem",
    "catalogItem",
    "nitf",
];

/// The text of a file: UTF-8, or the encoding that its XML declaration names.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(&bytes)).into_owned();
    let declared = head.trim_start_matches('\u{feff}').strip_prefix("<?xml");
    let label =
        declared.and_then(|rest| rest.split("?>").next()?.split_once("encoding=")).map(|(_, rest)| {
            rest.trim_start_matches(['"', '\'']).split(['"', '\'', ' ']).next().unwrap_or_default()
        });
    let (encoding, _) = Encoding::for_bom(&bytes)
        .or_else(|| Some((Encoding::for_label(label?.as_bytes())?, 0)))
        .unwrap_or((encoding_rs::UTF_8, 0));
    if encoding == encoding_rs::UTF_8 {
        return String::from_utf8(bytes).map_err(|error| {
            format!("it is not UTF-8: byte {} has no meaning in it", error.utf8_error().valid_up_to())
        });
    }
    let (text, encoding, has_errors) = encoding.decode(&bytes);
    match has_errors {
        true => Err(format!("it is not {}, which it says to be", encoding.name())),
        false => Ok(text.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_agencies_are_read_in_both_forms_of_iso_8601() {
        for (raw, written) in [
            ("2026-12-01T10:30:00+08:00", Some("2026-12-01T10:30:00+08:00")),
            ("2026-12-01T10:30:00.5Z", Some("2026-12-01T10:30:00+00:00")),
            ("20261201T103000-0500", Some("2026-12-01T10:30:00-05:00")),
            ("20261201T103000Z", Some("2026-12-01T10:30:00+00:00")),
            ("20261201T103000", Some("2026-12-01T10:30:00")),
            ("2026-12-01T10:30Z", Some("2026-12-01T10:30+00:00")),
            ("2026-12-01", Some("2026-12-01")),
            ("20261201", Some("2026-12-01")),
            ("2026-12-01+08:00", Some("2026-12-01T00:00+08:00")),
            ("2026-12", None),
            ("soon", None),
            ("", None),
        ] {
            let stated = Stated::of("embargoed", raw);
            assert_eq!(stated.written().as_deref(), written, "{raw}");
            assert_eq!(stated.is_unclear(), written.is_none(), "{raw}");
        }
    }

    #[test]
    fn a_file_is_read_in_the_encoding_that_it_declares() {
        let nitf = |encoding: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"{encoding}\"?><nitf><body><body.head><hedline><hl1>Caf\u{e9}</hl1></hedline></body.head></body></nitf>"
            )
        };
        let latin: Vec<u8> = nitf("ISO-8859-1").chars().map(|one| one as u8).collect();
        assert_eq!(takes(latin.clone(), "a.xml").unwrap().takes[0].headline, "Caf\u{e9}");
        assert_eq!(takes(nitf("UTF-8").into_bytes(), "a.xml").unwrap().takes[0].headline, "Caf\u{e9}");
        let wrong: Vec<u8> = nitf("UTF-8").chars().map(|one| one as u8).collect();
        assert!(takes(wrong, "a.xml").is_err());
    }
}

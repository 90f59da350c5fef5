//! One article of the ledger.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::date::Moment;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::metadata::place_in_json;

/// A published article.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The id of its first publication. It never changes.
    pub id: String,
    /// Its source, below `content/`: `news/ferry.md`.
    pub source: String,
    /// The date of its first publication. It never changes.
    pub published: Moment,
    /// The last change that a reader saw; `None` if there was none.
    pub updated: Option<Moment>,
    /// Digest of what a reader sees of it: title, standfirst, summary, text. `None` for an imported article that no run
    /// has published yet: its text may be mended until then without being an update.
    pub substance: Option<Digest>,
    /// Its paths on the site so far, the present one last.
    pub paths: Vec<String>,
    /// The time since when it is no longer public: withdrawn, expired, a draft again, or its source is gone.
    pub gone: Option<Moment>,
    /// When it came out, if that was after its date and after a later event in the ledger: feeds changed at this time.
    pub arrived: Option<Moment>,
    /// It is in no feed, although it may be public; `None` if feeds have it.
    pub unfed: Option<Unfed>,
    /// The name that it has in common with its translations, if its source has another one: see `Row::group`.
    pub translates: Option<String>,
    /// Where its dates were written before it was imported.
    pub origin: Option<Box<Origin>>,
    /// Its line in the file, from 1; 0 if the file does not have it.
    pub line: usize,
}

/// The dates of an imported article as the source had them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its publication.
    pub published: OriginDate,
    /// Its last change, if the source had one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub updated: Option<OriginDate>,
}

/// A date of an imported article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginDate {
    /// The text of the date.
    pub text: String,
    /// The file that had it, with the line if it was in one: `_posts/2014-02-14-ferry.md:3`.
    pub from: String,
    /// The rule by which that text means this moment.
    pub rule: String,
}

impl fmt::Display for OriginDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\u{201c}{}\u{201d} in {}: {}", self.text, self.from, self.rule)
    }
}

/// How long an article has been in no feed, because it is unlisted or says `feed = false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfed {
    /// No feed ever had it.
    Always,
    /// It left the feeds then.
    Since(Moment),
}

/// The word in a line for an article that no feed ever had.
const ALWAYS: &str = "always";

impl Unfed {
    /// When it left the feeds.
    pub fn since(self) -> Option<Moment> {
        match self {
            Unfed::Always => None,
            Unfed::Since(moment) => Some(moment),
        }
    }
}

/// The JSON form of a line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    id: String,
    source: String,
    published: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    updated: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    substance: Option<Digest>,
    paths: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    gone: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    arrived: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    unfed: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    translates: Option<String>,
    #[serde(rename = "import", skip_serializing_if = "Option::is_none", default)]
    origin: Option<Box<Origin>>,
}

/// The message of a parser of the line `text`, and its column in characters, counted from 1.
pub(super) fn reason(text: &str, error: &serde_json::Error) -> (String, usize) {
    // The parser appends the place to its message, but the place is reported separately.
    let message = error.to_string();
    let end = message.find(" at line ").unwrap_or(message.len());
    let place = place_in_json(text, error);
    let before = text.char_indices().take_while(|(at, _)| *at < place).count();
    (message[..end].to_owned(), before + 1)
}

impl Record {
    /// True if a text with this digest is no change of the article.
    pub fn has_substance(&self, substance: Option<Digest>) -> bool {
        self.substance.is_none_or(|own| substance == Some(own))
    }

    /// The line, without its line end.
    pub fn to_line(&self) -> String {
        let line = Line {
            id: self.id.clone(),
            source: self.source.clone(),
            published: self.published.lasting().into(),
            updated: self.updated.map(|moment| moment.lasting().into()),
            substance: self.substance,
            paths: self.paths.clone(),
            gone: self.gone.map(|moment| moment.lasting().into()),
            arrived: self.arrived.map(|moment| moment.lasting().into()),
            unfed: self.unfed.map(|unfed| match unfed {
                Unfed::Always => ALWAYS.into(),
                Unfed::Since(moment) => moment.lasting().into(),
            }),
            translates: self.translates.clone(),
            origin: self.origin.clone(),
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Parses `text`, the line with this number. The error is a message with a column, counted from 1.
    pub fn from_line(text: &str, number: usize) -> Result<Record, (String, usize)> {
        let line: Line<'_> = serde_json::from_str(text).map_err(|error| reason(text, &error))?;
        let moment = |key: &str, written: &str| {
            let column = || text.find(&format!("\"{key}\"")).map_or(1, |at| text[..at].chars().count() + 1);
            Moment::from_lasting(written).ok_or_else(|| (format!("`{key}` is no moment"), column()))
        };
        if line.substance.is_none() && line.origin.is_none() {
            return Err(("missing field `substance`".to_owned(), text.chars().count()));
        }
        Ok(Record {
            published: moment("published", &line.published)?,
            updated: line.updated.map(|written| moment("updated", &written)).transpose()?,
            gone: line.gone.map(|written| moment("gone", &written)).transpose()?,
            arrived: line.arrived.map(|written| moment("arrived", &written)).transpose()?,
            unfed: match line.unfed.as_deref() {
                None => None,
                Some(ALWAYS) => Some(Unfed::Always),
                Some(written) => Some(Unfed::Since(moment("unfed", written)?)),
            },
            id: line.id,
            source: line.source,
            substance: line.substance,
            paths: line.paths,
            translates: line.translates,
            origin: line.origin,
            line: number,
        })
    }

    /// Digest of its content. The line number is not included, because other articles can move the line.
    pub fn digest(&self) -> Digest {
        let mut print = Fingerprinter::default();
        print.value(&self.id).value(&self.source);
        print.value(self.substance.as_ref().map_or(&[][..], |digest| digest.bytes()));
        print.bytes(&[u8::from(self.unfed == Some(Unfed::Always))]);
        for moment in [Some(self.published), self.updated, self.gone, self.arrived, self.left()] {
            print.value(moment.map(|moment| moment.bytes()).as_slice().as_flattened());
        }
        print.value(self.translates.as_deref().unwrap_or_default());
        self.paths.iter().for_each(|path| {
            print.value(path);
        });
        print.finish()
    }

    /// All moments in this record.
    pub fn events(&self) -> impl Iterator<Item = Moment> + use<> {
        [Some(self.published), self.updated, self.gone, self.arrived, self.left()].into_iter().flatten()
    }

    /// When it left the feeds while it stayed public.
    fn left(&self) -> Option<Moment> {
        self.unfed.and_then(Unfed::since)
    }

    /// When feeds lost it: it is no longer public, or no longer in feeds. `None` if they have it, or never had it.
    pub fn departed(&self) -> Option<Moment> {
        self.unfed.map_or(self.gone, Unfed::since)
    }

    /// The last instant in this record.
    pub fn last_event(&self) -> Moment {
        self.events().max_by_key(Moment::instant).unwrap_or(self.published)
    }

    /// The last change that a reader saw; the publication if there was none.
    pub fn last_change(&self) -> Moment {
        self.updated.unwrap_or(self.published)
    }

    /// Its present path, or its last one.
    pub fn path(&self) -> Option<&str> {
        self.paths.last().map(String::as_str)
    }
}

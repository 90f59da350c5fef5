//! Dates for people.

use std::fmt::Write;

pub use chrono::Locale;
use chrono::format::{Item, StrftimeItems};

use super::{DateError, Moment, Precision};

/// The region of a language tag that names none.
const REGIONS: [(&str, &str); 28] = [
    ("ar", "EG"),
    ("ca", "ES"),
    ("cs", "CZ"),
    ("cy", "GB"),
    ("da", "DK"),
    ("el", "GR"),
    ("en", "GB"),
    ("et", "EE"),
    ("eu", "ES"),
    ("fa", "IR"),
    ("ga", "IE"),
    ("gl", "ES"),
    ("he", "IL"),
    ("hi", "IN"),
    ("ja", "JP"),
    ("ko", "KR"),
    ("ms", "MY"),
    ("nb", "NO"),
    ("nn", "NO"),
    ("no", "NO"),
    ("pt", "PT"),
    ("sl", "SI"),
    ("sq", "AL"),
    ("sr", "RS"),
    ("sv", "SE"),
    ("uk", "UA"),
    ("vi", "VN"),
    ("zh", "CN"),
];

/// The locale of a language tag (BCP 47): `en`, `en-GB`, `en_GB`, `zh-Hant`. A language without a region gets its
/// usual one.
///
/// # Errors
/// [`DateError::Locale`] for a tag that is not known.
pub fn parse_locale(tag: &str) -> Result<Locale, DateError> {
    let mut parts = tag.trim().split(['-', '_']);
    let language = parts.next().unwrap_or_default().to_lowercase();
    let rest: Vec<&str> = parts.collect();
    let region = rest.iter().find(|part| part.len() == 2).map(|part| part.to_uppercase());
    let usual = || match (language.as_str(), rest.first()) {
        ("zh", Some(script)) if script.eq_ignore_ascii_case("hant") => "TW".to_owned(),
        (language, _) => {
            let known = REGIONS.iter().find(|(known, _)| *known == language);
            known.map_or_else(|| language.to_uppercase(), |(_, region)| (*region).to_owned())
        }
    };
    let language = if language == "no" { "nb".to_owned() } else { language.clone() };
    let name = format!("{language}_{}", region.unwrap_or_else(usual));
    Locale::try_from(name.as_str()).map_err(|_| {
        let nearest = if language == "en" { "en-GB" } else { "en" };
        DateError::Locale { name: tag.to_owned(), nearest: nearest.to_owned() }
    })
}

/// Checks that `pattern` can be followed (strftime's placeholders).
///
/// # Errors
/// [`DateError::Pattern`].
pub fn check_pattern(pattern: &str) -> Result<(), DateError> {
    if StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error)) {
        return Err(DateError::Pattern { pattern: pattern.to_owned() });
    }
    Ok(())
}

impl Moment {
    /// The date for people, on its author's clock: formatted by `pattern` (strftime's placeholders), or else in the
    /// locale's long form, with the time only if one was written.
    ///
    /// # Errors
    /// [`DateError::Pattern`] for a pattern that can't be followed.
    pub fn in_locale(&self, locale: Locale, pattern: Option<&str>) -> Result<String, DateError> {
        let pattern = pattern.unwrap_or_else(|| long_form(locale, self.precision() != Precision::Day));
        let refuse = || DateError::Pattern { pattern: pattern.to_owned() };
        let items: Vec<Item<'_>> = StrftimeItems::new_with_locale(pattern, locale).collect();
        if items.contains(&Item::Error) {
            return Err(refuse());
        }
        let local = self.instant().with_timezone(&self.offset());
        let mut text = String::new();
        // Formatting returns an error, rather than panics, for a part that the date does not have.
        let written = local.format_localized_with_items(items.iter(), locale);
        write!(text, "{written}").map_err(|_| refuse())?;
        Ok(text)
    }
}

fn long_form(locale: Locale, with_time: bool) -> &'static str {
    let name = format!("{locale:?}");
    let (day, minute) = match (name.as_str(), &name[..name.find('_').unwrap_or(name.len())]) {
        ("en_US", _) => ("%B %-d, %Y", "%B %-d, %Y, %-I:%M %p"),
        (_, "de") => ("%-d. %B %Y", "%-d. %B %Y, %H:%M Uhr"),
        (_, "da" | "nb" | "nn" | "fi" | "cs" | "sk" | "et" | "sl") => ("%-d. %B %Y", "%-d. %B %Y, %H:%M"),
        (_, "es" | "pt" | "ca" | "gl") => ("%-d de %B de %Y", "%-d de %B de %Y, %H:%M"),
        (_, "zh" | "ja") => ("%Y\u{5e74}%-m\u{6708}%-d\u{65e5}", "%Y\u{5e74}%-m\u{6708}%-d\u{65e5} %H:%M"),
        (_, "ko") => ("%Y\u{b144} %-m\u{c6d4} %-d\u{c77c}", "%Y\u{b144} %-m\u{c6d4} %-d\u{c77c} %H:%M"),
        (_, "ar" | "fa" | "ur") => ("%-d %B %Y", "%-d %B %Y\u{60c} %H:%M"),
        (_, "hu") => ("%Y. %B %-d.", "%Y. %B %-d. %H:%M"),
        _ => ("%-d %B %Y", "%-d %B %Y, %H:%M"),
    };
    if with_time { minute } else { day }
}

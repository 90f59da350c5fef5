//! Addresses and dates by Hexo's rules.

use chrono::{Datelike, NaiveDateTime, Timelike};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Config;
use crate::import::dates::parse;
use crate::import::front::{self, Front};
use crate::import::model::When;
use crate::model::date::Moment;

/// A pattern such as `:year/:month/:day/:title/`, filled. `:title` is the name of the file.
pub(super) fn filled(
    config: &Config,
    place: &str,
    title: &str,
    date: Option<NaiveDateTime>,
    categories: &[String],
) -> String {
    let date = date.unwrap_or_default();
    let name = place.rsplit('/').next().unwrap_or(place);
    let category = match categories {
        [] => "uncategorized".to_owned(),
        all => all.iter().map(|one| config.cased(&slug(one))).collect::<Vec<_>>().join("/"),
    };
    let known = [
        (":i_month", date.month().to_string()),
        (":i_day", date.day().to_string()),
        (":year", format!("{:04}", date.year())),
        (":month", format!("{:02}", date.month())),
        (":day", format!("{:02}", date.day())),
        (":hour", format!("{:02}", date.hour())),
        (":minute", format!("{:02}", date.minute())),
        (":second", format!("{:02}", date.second())),
        (":timestamp", date.and_utc().timestamp().to_string()),
        (":post_title", slug(title).to_lowercase()),
        (":title", place.to_owned()),
        (":name", name.to_owned()),
        (":category", category),
    ];
    known.iter().fold(config.permalink.clone(), |text, (token, value)| text.replace(token, value))
}

/// True if the field `name` is a timestamp of YAML: not in quotes, and a day, or a day and a time with seconds.
pub(super) fn is_clock(front: &mut Front, name: &str) -> bool {
    let Some(entry) = front.fields().iter().find(|one| one.key == name).cloned() else { return false };
    let is_quoted = front.take(name).is_some_and(|field| field.is_quoted);
    let text = front::text(&entry.node.value).unwrap_or_default();
    front.add_missing(&[entry]);
    let (day, time) = text.split_at(text.find([' ', 'T', 't']).unwrap_or(text.len()));
    let is_day = day.split('-').count() == 3 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    !is_quoted
        && is_day
        && (time.is_empty() || time.split(['+', 'Z']).next().unwrap_or_default().matches(':').count() == 2)
}

/// The moment of a timestamp of YAML. To YAML it is in UTC, and Hexo takes that clock for one in the zone of the site, at the
/// offset which the zone has when it is that time in UTC: an offset in the timestamp does not count.
pub(super) fn by_clock(when: &When, zone: chrono_tz::Tz) -> Moment {
    let written = parse(&when.text).ok().filter(|written| written.has_zone());
    let clock = match written {
        Some(_) => when.moment.instant(),
        None => when.moment.local().and_utc(),
    };
    let offset = Moment::at(clock, zone).offset();
    let instant = clock - chrono::TimeDelta::seconds(offset.local_minus_utc().into());
    Moment::new(instant, Moment::at(instant, zone).offset(), when.moment.precision())
}

/// A name as a part of a path, without accents.
pub(super) fn slug(text: &str) -> String {
    const DROPPED: &str = "~`!@#$%^&*()-_+=[]{}|\\;:\"'<>,.?/";
    let kept: String = text
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .map(|letter| match letter {
            '\u{df}' => 's',
            '\u{f8}' => 'o',
            '\u{d8}' => 'O',
            '\u{142}' => 'l',
            '\u{141}' => 'L',
            letter => letter,
        })
        .map(|letter| if letter.is_whitespace() || DROPPED.contains(letter) { '-' } else { letter })
        .nfc()
        .collect();
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::dates::Zone;

    #[test]
    fn patterns_are_filled() {
        let date = chrono::NaiveDate::from_ymd_opt(2014, 2, 4).and_then(|day| day.and_hms_opt(9, 5, 0));
        let categories = ["Sea Side".to_owned(), "Boats".to_owned()];
        let config = |permalink: &str| Config {
            fields: Front::default(),
            base: String::new(),
            zone: Zone::utc("a test"),
            permalink: permalink.to_owned(),
            assets: false,
            case: 1,
        };
        for (pattern, path) in [
            (":year/:month/:day/:title/", "2014/02/04/sea/ferry/"),
            (":category/:i_day-:name.html", "sea-side/boats/4-ferry.html"),
            ("p/:post_title/", "p/the-ferry/"),
        ] {
            let config = config(pattern);
            assert_eq!(filled(&config, "sea/ferry", "The f\u{e9}rry!", date, &categories), path, "{pattern}");
        }
    }
}

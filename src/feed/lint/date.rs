//! Dates in the strict forms of feeds: RFC 822 in RSS, RFC 3339 elsewhere.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::quoted;
use super::rule::Rule;

/// The result of reading a date: its value and its faults.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// Seconds from 1970; `None` if they can't be known.
    pub seconds: Option<i64>,
    pub faults: Vec<(Rule, String)>,
}

impl Read {
    fn bad(text: &str, why: &str) -> Self {
        Read { seconds: None, faults: vec![(Rule::BadDate, format!("{}{why}", quoted(text)))] }
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Zone names of RFC 822 (section 5.1), with their offsets in hours.
const ZONES: [(&str, i64); 12] = [
    ("GMT", 0),
    ("UT", 0),
    ("UTC", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// Reads a date of RFC 822 (section 5), with the four-digit years of RFC 2822. What is allowed there and rarely written
/// is [`Rule::OddDate`].
pub(super) fn rfc822(text: &str) -> Read {
    let mut read = Read::default();
    let Some(bare) = without_comments(text) else { return Read::bad(text, ": a comment has no end") };
    let (mut rest, mut is_odd) = (bare.trim_start(), false);
    let mut weekday = None;
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let (name, after) = rest.split_once(',').unwrap_or((rest, ""));
        weekday = known(&DAYS, name.trim_end(), &mut is_odd);
        if weekday.is_none() || after.is_empty() {
            return Read::bad(text, ": the weekday is three letters and a comma");
        }
        is_odd |= !after.starts_with(|c: char| c.is_ascii_whitespace()) || name.ends_with(' ');
        rest = after;
    }
    let mut words = rest.split_ascii_whitespace();
    let (Some(day), Some(month), Some(year), Some(time)) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Read::bad(text, "");
    };
    let number = |text: &str, lengths: &[usize]| -> Option<u32> {
        let whole = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| text.parse().ok()).flatten()
    };
    let Some(month) = known(&MONTHS, month, &mut is_odd) else {
        return Read::bad(text, ": the month is three English letters");
    };
    let (Some(day), Some(mut years)) = (number(day, &[1, 2]), number(year, &[2, 4])) else {
        return Read::bad(text, "");
    };
    if year.len() == 2 {
        read.faults.push((Rule::ShortYear, quoted(text)));
        years += if years < 50 { 2000 } else { 1900 };
    }
    let date =
        i32::try_from(years).ok().and_then(|years| NaiveDate::from_ymd_opt(years, month as u32 + 1, day));
    let Some(date) = date else { return Read::bad(text, ": there is no such day") };
    let mut parts = time.split(':').map(|part| number(part, &[2]));
    let (hour, minute, second) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Some(hour)), Some(Some(minute)), None, _) => (hour, minute, 0),
        (Some(Some(hour)), Some(Some(minute)), Some(Some(second)), None) => (hour, minute, second),
        _ => return Read::bad(text, ": the time is written such as 14:47:00"),
    };
    let Some(civil) = civil(date, hour, minute, second, text, &mut read) else { return read };
    if let Some(weekday) = weekday
        && weekday != date.weekday().num_days_from_monday() as usize
    {
        let day = DAYS[date.weekday().num_days_from_monday() as usize];
        read.faults.push((Rule::WrongWeekday, format!("{} is a {day}", quoted(text))));
    }
    let Some(zone) = words.next() else {
        read.faults.push((Rule::MissingZone, quoted(text)));
        return read;
    };
    let seconds = offset(zone, 3).or_else(|| named_zone(zone, &mut is_odd));
    let (Some(seconds), None) = (seconds, words.next()) else {
        return Read::bad(text, ": the zone is written such as +0100 or GMT");
    };
    if is_odd {
        read.faults.push((Rule::OddDate, quoted(text)));
    }
    read.seconds = Some(civil.and_utc().timestamp() - seconds);
    read
}

/// `text` with a blank instead of each comment in parentheses (RFC 822, section 3.4.3); `None` if one has no end.
fn without_comments(text: &str) -> Option<String> {
    let (mut bare, mut depth) = (String::with_capacity(text.len()), 0_usize);
    for letter in text.chars() {
        match letter {
            '(' => {
                depth += 1;
                bare.push(' ');
            }
            ')' => depth = depth.checked_sub(1)?,
            letter if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    (depth == 0).then_some(bare)
}

/// The place of `name` among `names`; another case of letters than there is odd (section 3.4.7 allows it).
fn known(names: &[&str], name: &str, is_odd: &mut bool) -> Option<usize> {
    let at = names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    *is_odd |= names[at] != name;
    Some(at)
}

/// The offset of a zone's name in seconds. `UTC` is no name of RFC 822, and the letters of the military have no lasting
/// meaning (RFC 2822, section 4.3): both are odd.
fn named_zone(name: &str, is_odd: &mut bool) -> Option<i64> {
    if let Some((known, hours)) = ZONES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        *is_odd |= *known != name || name == "UTC";
        return Some(hours * 3600);
    }
    let is_letter =
        name.len() == 1 && name.bytes().all(|b| b.is_ascii_alphabetic() && b != b'J' && b != b'j');
    *is_odd |= is_letter;
    is_letter.then_some(0)
}

/// The reason why the date with these `seconds` is not meant, if it is one that programs write when they have none.
pub(super) fn implausible(seconds: i64) -> Option<&'static str> {
    // 0002-01-01, 1969-12-31, 1970-02-01 and 2100-01-01.
    const SECOND_YEAR: i64 = -62_104_060_800;
    const EPOCH: std::ops::Range<i64> = -86_400..2_678_400;
    const NEXT_CENTURY: i64 = 4_102_444_800;
    match seconds {
        ..SECOND_YEAR => Some("programs write the year 1 for a date that is not set"),
        seconds if EPOCH.contains(&seconds) => Some("programs write 1970 for a date that is not set"),
        NEXT_CENTURY.. => Some("it is in another century"),
        _ => None,
    }
}

/// Reads a date of RFC 3339 (section 5.6), in which `T` and `Z` may be small letters.
pub(super) fn any_rfc3339(text: &str) -> Read {
    let large = text.to_ascii_uppercase();
    let mut read = rfc3339(&large);
    if large != text && read.seconds.is_some() {
        read.faults.push((Rule::OddDate, quoted(text)));
    }
    read
}

/// Reads a date of RFC 3339 (section 5.6), with the capital letters that RFC 4287 (section 3.3) requires.
pub(super) fn rfc3339(text: &str) -> Read {
    let mut read = Read::default();
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let mark = |at: usize, wanted: u8| text.as_bytes().get(at) == Some(&wanted);
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return Read::bad(text, "");
    };
    if !mark(4, b'-') || !mark(7, b'-') {
        return Read::bad(text, "");
    }
    let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    let Some(date) = date else { return Read::bad(text, ": there is no such day") };
    if text.len() == 10 {
        return Read::bad(text, ": it has no time");
    }
    let (Some(hour), Some(minute), Some(second)) = (number(11..13), number(14..16), number(17..19)) else {
        return Read::bad(text, ": the time is written such as 14:47:00");
    };
    if !mark(10, b'T') || !mark(13, b':') || !mark(16, b':') {
        return Read::bad(text, ": between day and time is a `T`");
    }
    let Some(civil) = civil(date, hour, minute, second, text, &mut read) else { return read };
    let mut rest = &text[19..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Read::bad(text, "");
        }
        rest = &fraction[digits..];
    }
    let seconds = match rest {
        "" => {
            read.faults.push((Rule::MissingZone, quoted(text)));
            return read;
        }
        "Z" => Some(0),
        zone if zone.len() == 6 && zone.as_bytes()[3] == b':' => offset(zone, 4),
        _ => None,
    };
    match seconds {
        Some(seconds) => read.seconds = Some(civil.and_utc().timestamp() - seconds),
        None => return Read::bad(text, ": the zone is written such as +01:00 or Z"),
    }
    read
}

fn civil(
    date: NaiveDate,
    hour: u32,
    minute: u32,
    second: u32,
    text: &str,
    read: &mut Read,
) -> Option<NaiveDateTime> {
    if second == 60 {
        read.faults.push((Rule::LeapSecond, quoted(text)));
    }
    match NaiveTime::from_hms_opt(hour, minute, if second == 60 { 59 } else { second }) {
        Some(time) => Some(date.and_time(time)),
        None => {
            *read = Read::bad(text, ": there is no such time");
            None
        }
    }
}

/// An offset such as `+0100`, whose minutes begin at byte `minutes`, in seconds.
fn offset(zone: &str, minutes: usize) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let part = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = zone.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let (hours, rest) = (part(1..3)?, part(minutes..minutes + 2)?);
    (zone.len() == minutes + 2 && hours < 24 && rest < 60).then_some(sign * (hours * 3600 + rest * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standards_allow_is_read() {
        use Rule::*;
        // 2014-02-14T06:47:00Z, checked with `date -ud @1392360420`.
        let known = Some(1_392_360_420);
        let cases: &[(&str, Option<i64>, &[Rule])] = &[
            ("Fri, 14 Feb 2014 14:47:00 +0800", known, &[]),
            ("14 Feb 2014 06:47 GMT", known, &[]),
            ("Fri, 14 Feb 2014 01:47:00 EST", known, &[]),
            ("14 Feb 2014 06:47 Z", known, &[]),
            ("Fri,\n 14 Feb 2014\t14:47:00 +0800 (a (nested) comment)", known, &[]),
            ("(x)Fri, 14(y)Feb 2014 14:47:00 +0800", known, &[]),
            ("fri, 14 feb 2014 06:47:00 gmt", known, &[OddDate]),
            ("FRI, 14 FEB 2014 06:47:00 GMT", known, &[OddDate]),
            ("Fri,14 Feb 2014 14:47:00 +0800", known, &[OddDate]),
            ("Fri , 14 Feb 2014 14:47:00 +0800", known, &[OddDate]),
            ("Fri, 14 Feb 2014 06:47:00 UTC", known, &[OddDate]),
            ("Fri, 14 Feb 2014 06:47:00 ut", known, &[OddDate]),
            ("Fri, 14 Feb 2014 06:47:00 K", known, &[OddDate]),
            ("Fri, 14 Feb 2014 06:47:00 J", None, &[BadDate]),
            ("Fri, 14 Feb 2014 14:47:00 +0800 x", None, &[BadDate]),
            ("Fri, 14 Feb 2014 14:47:00 +0800 (x", None, &[BadDate]),
            ("Thu, 14 Feb 2014 14:47:00 +0800", known, &[WrongWeekday]),
            ("Fri, 14 Feb 14 14:47:00 +0800", known, &[ShortYear]),
            ("Fri, 14 Feb 2014 14:47:00", None, &[MissingZone]),
            ("Fri, 14 Feb 2014 14:46:60 +0800", Some(1_392_360_419), &[LeapSecond]),
            ("Friday, 14 Feb 2014 14:47:00 +0800", None, &[BadDate]),
            ("Fri 14 Feb 2014 14:47:00 +0800", None, &[BadDate]),
            ("Fri, 14 Februar 2014 14:47:00 +0800", None, &[BadDate]),
            ("Fri, 30 Feb 2014 14:47:00 +0800", None, &[BadDate]),
            ("Fri, 14 Feb 2014 24:47:00 +0800", None, &[BadDate]),
            ("Fri, 14 Feb 2014 14:47:00 +08:00", None, &[BadDate]),
            ("Fri, 14 Feb 2014 14:47:00 CEST", None, &[BadDate]),
            ("2014-02-14T14:47:00+08:00", None, &[BadDate]),
        ];
        for (text, seconds, rules) in cases {
            let read = rfc822(text);
            assert_eq!(read.seconds, *seconds, "{text}");
            assert_eq!(read.faults.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), *rules, "{text}");
        }
        assert_eq!(any_rfc3339("2014-02-14t06:47:00z").seconds, known);
        assert_eq!(any_rfc3339("2014-02-14t06:47:00z").faults[0].0, OddDate);
        assert_eq!(any_rfc3339("2014-02-14T06:47:00Z").faults, []);
        let cases: [(&str, Option<i64>, &[Rule]); 12] = [
            ("2014-02-14T14:47:00+08:00", known, &[]),
            ("2014-02-14T06:47:00Z", known, &[]),
            ("2014-02-14T06:47:00.123Z", known, &[]),
            ("2014-02-14T06:46:60Z", Some(1_392_360_419), &[LeapSecond]),
            ("2014-02-14T14:47:00", None, &[MissingZone]),
            ("2014-02-14", None, &[BadDate]),
            ("2014-02-14 14:47:00Z", None, &[BadDate]),
            ("2014-02-14t14:47:00z", None, &[BadDate]),
            ("2014-02-14T14:47Z", None, &[BadDate]),
            ("2014-02-30T14:47:00Z", None, &[BadDate]),
            ("2014-02-14T14:47:00+0800", None, &[BadDate]),
            ("Fri, 14 Feb 2014 14:47:00 +0800", None, &[BadDate]),
        ];
        for (text, seconds, rules) in cases {
            let read = rfc3339(text);
            assert_eq!(read.seconds, seconds, "{text}");
            assert_eq!(read.faults.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), rules, "{text}");
        }
    }

    #[test]
    fn dates_of_programs_that_have_none_are_implausible() {
        for (text, expected) in [
            ("Mon, 01 Jan 0001 00:00:00 +0000", true),
            ("Thu, 01 Jan 1970 00:00:00 +0000", true),
            ("Wed, 31 Dec 1969 16:00:00 -0800", true),
            ("Tue, 20 Jan 1970 04:13:20 +0000", true),
            ("Fri, 31 Dec 9999 23:59:59 +0000", true),
            ("Sun, 04 Aug 1914 12:00:00 +0000", false),
            ("Mon, 05 Oct 1970 12:00:00 +0000", false),
            ("Sat, 01 Jan 2000 00:00:00 +0000", false),
        ] {
            assert_eq!(implausible(rfc822(text).seconds.unwrap()).is_some(), expected, "{text}");
        }
    }
}

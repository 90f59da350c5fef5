use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

const HONG_KONG: Tz = Tz::Asia__Hong_Kong;

fn read(text: &str) -> String {
    match parse(text).and_then(|written| written.resolve(HONG_KONG, Ambiguous::Refuse)) {
        Ok(moment) => format!("{} {:?}", moment.rfc3339(), moment.precision()),
        Err(error) => format!("{error}"),
    }
}

fn wrong(text: &str) -> String {
    let error = parse(text).and_then(|w| w.resolve(Tz::Europe__London, Ambiguous::Refuse)).unwrap_err();
    let part = error.span().map(|span| text[span].to_owned()).unwrap_or_default();
    let help = miette::Diagnostic::help(&error).map(|help| help.to_string()).unwrap_or_default();
    format!("{error} [{part}] {help}")
}

#[test]
fn every_form_of_the_rules_is_read() {
    for (text, expected) in [
        // TOML's four kinds (the time alone is refused below).
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z Second"),
        ("1979-05-27T00:32:00.999999-07:00", "1979-05-27T00:32:00-07:00 Second"),
        ("1979-05-27T07:32:00", "1979-05-27T07:32:00+09:00 Second"),
        ("1979-05-27", "1979-05-27T00:00:00+09:00 Day"),
        // RFC 3339 and ISO 8601.
        ("2014-02-14T14:47:00+08:00", "2014-02-14T14:47:00+08:00 Second"),
        ("2014-02-14t14:47:00z", "2014-02-14T14:47:00Z Second"),
        ("2014-02-14 14:47", "2014-02-14T14:47:00+08:00 Minute"),
        ("2014-02-14 14:47+0100", "2014-02-14T14:47:00+01:00 Minute"),
        ("2014-02-14 14:47 -05", "2014-02-14T14:47:00-05:00 Minute"),
        ("2014-02-14 14:47 Europe/Paris", "2014-02-14T14:47:00+01:00 Minute"),
        ("  2014-02-14\n", "2014-02-14T00:00:00+08:00 Day"),
        // RFC 2822 and the zone names of RFC 822.
        ("Fri, 14 Feb 2014 14:47:00 +0800", "2014-02-14T14:47:00+08:00 Second"),
        ("14 Feb 2014 14:47:00 GMT", "2014-02-14T14:47:00Z Second"),
        ("Fri, 14 Feb 2014 14:47 EST", "2014-02-14T14:47:00-05:00 Minute"),
        ("Fri, 14 Feb 2014 14:47:00 +0800 (HKT)", "2014-02-14T14:47:00+08:00 Second"),
        // The wire.
        ("Friday, 14 February, 2014, 2:47pm", "2014-02-14T14:47:00+08:00 Minute"),
        ("friday 14 february 2014 2:47 P.M.", "2014-02-14T14:47:00+08:00 Minute"),
        ("14 Sept 2014, 12:05am", "2014-09-14T00:05:00+08:00 Minute"),
        ("14 September 2014, 12:05pm", "2014-09-14T12:05:00+08:00 Minute"),
        ("February 14, 2014 23:10", "2014-02-14T23:10:00+08:00 Minute"),
        ("14 February 2014", "2014-02-14T00:00:00+08:00 Day"),
        // Second 60 is read as the second after it.
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z Second"),
        // Hong Kong's local mean time was 7:36:42: RFC 3339 can't say it.
        ("1900-01-01T12:00:00", "1900-01-01T04:23:18Z Second"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_would_be_wrong_or_a_guess_is_refused_with_a_remedy() {
    for (text, expected) in [
        (
            "Thursday, 14 February, 2014, 2:47pm",
            "2014-02-14 is a Friday, not a Thursday [Thursday] correct the date, or write Friday",
        ),
        ("2014-13-01", "there is no month 13 [13] months go from 1 to 12"),
        ("2014-02-30", "there is no 30 February in 2014 [30] the last day of that month is the 28"),
        ("2014-02-14T25:00:00Z", "there is no hour 25 [25] hours go from 0 to 23"),
        ("14 February 2014, 13:20pm", "there is no hour 13 [13] hours go from 1 to 12"),
        (
            "03/04/2024",
            "\u{201c}03/04/2024\u{201d} would need a guess: which is the day and which the month? [] write 2024-03-04 or 2024-04-03",
        ),
        (
            "June 2024",
            "\u{201c}June 2024\u{201d} would need a guess: it names no day [] write the day too, such as 14 June 2024",
        ),
        (
            "2024-06",
            "\u{201c}2024-06\u{201d} would need a guess: it names no day [] write the day too, such as 2024-06-01",
        ),
        (
            "07:32:00",
            "\u{201c}07:32:00\u{201d} would need a guess: it is a time without a day [] write the day too, such as 2014-02-14T07:32:00",
        ),
        (
            "14 Feb 14",
            "\u{201c}14 Feb 14\u{201d} would need a guess: the year has two digits [] write all four digits of the year",
        ),
        (
            "2014-03-30 01:30",
            "2014-03-30 01:30 never was in Europe/London: the clocks went forward over it [] write 2014-03-30T00:59:00+00:00 or 2014-03-30T02:00:00+01:00, or give an offset",
        ),
        ("9999-12-31T23:59:60Z", "that moment is in the year 10000 [] years go from 1 to 9999"),
        (
            "2014-10-26 01:30",
            "2014-10-26 01:30 was twice in Europe/London, when the clocks went back: 2014-10-26T01:30:00+01:00 and 2014-10-26T01:30:00+00:00 [] write one of the two, or set `ambiguous = \"earlier\"` or `\"later\"` under `[dates]` in `site.toml`",
        ),
        (
            "2014-02-14 14:47 Europe/Lundon",
            "there is no time zone \u{201c}Europe/Lundon\u{201d} [Europe/Lundon] did you mean `Europe/London`?",
        ),
    ] {
        assert_eq!(wrong(text), expected, "{text}");
    }
    for (text, part) in [
        ("2014-02-14 and more", "and more"),
        ("2014-02-14T14:47:00Z x", "Z x"),
        ("Fri, 14 Feb 2014 14:47:00 +0800 x", "x"),
        ("yesterday", "yesterday"),
        ("14 Februember 2014", "14"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.span().map(|span| &text[span]), Some(part), "{text}");
    }
}

#[test]
fn a_time_that_was_twice_can_be_settled() {
    let written = parse("2014-10-26 01:30").unwrap();
    let at = |ambiguous| written.resolve(Tz::Europe__London, ambiguous).unwrap().rfc3339();
    assert_eq!(at(Ambiguous::Earlier), "2014-10-26T01:30:00+01:00");
    assert_eq!(at(Ambiguous::Later), "2014-10-26T01:30:00Z");
}

#[test]
fn a_day_is_its_first_instant_even_where_midnight_was_skipped() {
    // Brazil began summer time at midnight: 2018-11-04 began at one o'clock.
    let day = parse("2018-11-04").unwrap().resolve(Tz::America__Sao_Paulo, Ambiguous::Refuse).unwrap();
    assert_eq!(day.rfc3339(), "2018-11-04T01:00:00-02:00");
    // Samoa went over the date line and left out 2011-12-30.
    assert!(parse("2011-12-30").unwrap().resolve(Tz::Pacific__Apia, Ambiguous::Refuse).is_err());
}

#[test]
fn dates_in_paths_are_found() {
    let found =
        |path| in_path(path).map(|found| (found.date.is_ok(), found.component, found.folder, found.slug));
    assert_eq!(found("news/2014-02-14-ferry"), Some((true, "2014-02-14", "news", "ferry")));
    assert_eq!(found("2014-02-14_ferry"), Some((true, "2014-02-14", "", "ferry")));
    assert_eq!(found("news/2014/02/14/ferry"), Some((true, "2014/02/14", "news", "ferry")));
    assert_eq!(found("2014/02/14/ferry"), Some((true, "2014/02/14", "", "ferry")));
    assert_eq!(found("2014-02-14"), Some((true, "2014-02-14", "", "2014-02-14")));
    assert_eq!(found("2014-02-30-ferry"), Some((false, "2014-02-30", "", "ferry")));
    for path in ["news/ferry", "2014/02/ferry", "12014-02-14-x", "2014-02-145", "x2014/02/14/ferry", ""] {
        assert_eq!(found(path), None, "{path}");
    }
}

#[test]
fn the_rfc_forms_are_those_of_the_rfcs() {
    let moment = parse("2014-02-14 14:47").unwrap().resolve(HONG_KONG, Ambiguous::Refuse).unwrap();
    assert_eq!(moment.rfc3339(), "2014-02-14T14:47:00+08:00");
    assert_eq!(moment.rfc2822(), "Fri, 14 Feb 2014 14:47:00 +0800");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}|[0-9TZ:+. /-]{0,30}|(Fri|14|Feb|2014|,| |:|pm|[0-9]){0,12}") {
        if let Ok(written) = parse(&text) {
            let _ = written.resolve(HONG_KONG, Ambiguous::Refuse);
        } else if let Err(error) = parse(&text)
            && let Some(span) = error.span()
        {
            prop_assert!(text.get(span).is_some());
        }
        let _ = in_path(&text);
        let _ = parse_zone(&text);
    }

    #[test]
    fn a_moment_written_is_the_same_moment_to_an_independent_reader(
        seconds in -62_000_000_000i64..250_000_000_000, minutes in -1439i32..1440,
    ) {
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let moment = Moment::new(instant, offset, Precision::Second);
        let read = DateTime::parse_from_rfc3339(&moment.rfc3339()).unwrap();
        prop_assert_eq!((read.timestamp(), read.offset().local_minus_utc()), (seconds, minutes * 60));
        let read = DateTime::parse_from_rfc2822(&moment.rfc2822()).unwrap();
        prop_assert_eq!((read.timestamp(), read.offset().local_minus_utc()), (seconds, minutes * 60));
    }

    #[test]
    fn one_civil_time_means_the_same_in_every_form(
        day in 0i64..30_000, hour in 0u32..24, minute in 0u32..60, offset in -14i32..15,
    ) {
        let date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(day as u64);
        let offset = FixedOffset::east_opt(offset * 3600).unwrap();
        let local = offset.from_local_datetime(&date.and_hms_opt(hour, minute, 0).unwrap()).unwrap();
        for form in [
            "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%d %H:%M %z", "%a, %d %b %Y %H:%M:%S %z",
            "%A, %-d %B, %Y, %-I:%M%P %z", "%B %-d, %Y %H:%M %:z",
        ] {
            let text = local.format(form).to_string();
            let moment = parse(&text).unwrap().resolve(Tz::UTC, Ambiguous::Refuse).unwrap();
            prop_assert_eq!(moment.instant(), local.to_utc(), "{}", text);
        }
    }
}

proptest::proptest! {
    #[test]
    fn rfc_3339_is_as_chrono_writes_it(seconds in -62_000_000_000i64..253_000_000_000, minutes in -1439i32..1440) {
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let expected = instant.with_timezone(&offset).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        proptest::prop_assert_eq!(Moment::new(instant, offset, Precision::Second).rfc3339(), expected);
    }
}

use chrono::{DateTime, Offset, Utc};
use proptest::prelude::*;

use super::*;
use crate::model::date::{Ambiguous, parse};

fn moment(text: &str) -> Moment {
    parse(text).unwrap().resolve(chrono_tz::Tz::UTC, Ambiguous::Refuse).unwrap()
}

/// As `Intl.DateTimeFormat` of ICU 78 (CLDR 48) writes them.
#[test]
fn dates_are_written_as_in_cldr() {
    let (day, minute) = (moment("2026-03-05"), moment("2026-03-05 14:07"));
    for (tag, full, long, medium, short, month, time) in [
        ("en", "Thursday, 5 March 2026", "5 March 2026", "5 Mar 2026", "05/03/2026", "March 2026", "14:07"),
        (
            "en-US",
            "Thursday, March 5, 2026",
            "March 5, 2026",
            "Mar 5, 2026",
            "3/5/26",
            "March 2026",
            "2:07 PM",
        ),
        ("de", "Donnerstag, 5. März 2026", "5. März 2026", "05.03.2026", "05.03.26", "März 2026", "14:07"),
        ("de-AT", "Donnerstag, 5. März 2026", "5. März 2026", "05.03.2026", "05.03.26", "März 2026", "14:07"),
        ("fr", "jeudi 5 mars 2026", "5 mars 2026", "5 mars 2026", "05/03/2026", "mars 2026", "14:07"),
        (
            "es",
            "jueves, 5 de marzo de 2026",
            "5 de marzo de 2026",
            "5 mar 2026",
            "5/3/26",
            "marzo de 2026",
            "14:07",
        ),
        (
            "pt",
            "quinta-feira, 5 de março de 2026",
            "5 de março de 2026",
            "5 de mar. de 2026",
            "05/03/2026",
            "março de 2026",
            "14:07",
        ),
        (
            "pt-PT",
            "quinta-feira, 5 de março de 2026",
            "5 de março de 2026",
            "05/03/2026",
            "05/03/26",
            "março de 2026",
            "14:07",
        ),
        ("it", "giovedì 5 marzo 2026", "5 marzo 2026", "5 mar 2026", "05/03/26", "marzo 2026", "14:07"),
        ("nl", "donderdag 5 maart 2026", "5 maart 2026", "5 mrt 2026", "05-03-2026", "maart 2026", "14:07"),
        ("pl", "czwartek, 5 marca 2026", "5 marca 2026", "5 mar 2026", "5.03.2026", "marzec 2026", "14:07"),
        (
            "uk",
            "четвер, 5 березня 2026 р.",
            "5 березня 2026 р.",
            "5 бер. 2026 р.",
            "05.03.26",
            "березень 2026 р.",
            "14:07",
        ),
        (
            "ru",
            "четверг, 5 марта 2026 г.",
            "5 марта 2026 г.",
            "5 мар. 2026 г.",
            "05.03.2026",
            "март 2026 г.",
            "14:07",
        ),
        ("tr", "5 Mart 2026 Perşembe", "5 Mart 2026", "5 Mar 2026", "5.03.2026", "Mart 2026", "14:07"),
        (
            "ar",
            "الخميس، 5 مارس 2026",
            "5 مارس 2026",
            "05\u{200f}/03\u{200f}/2026",
            "5\u{200f}/3\u{200f}/2026",
            "مارس 2026",
            "2:07 م",
        ),
        (
            "ar-EG",
            "الخميس، ٥ مارس ٢٠٢٦",
            "٥ مارس ٢٠٢٦",
            "٠٥\u{200f}/٠٣\u{200f}/٢٠٢٦",
            "٥\u{200f}/٣\u{200f}/٢٠٢٦",
            "مارس ٢٠٢٦",
            "٢:٠٧ م",
        ),
        (
            "fa-u-ca-gregory",
            "پنجشنبه ۵ مارس ۲۰۲۶",
            "۵ مارس ۲۰۲۶",
            "۵ مارس ۲۰۲۶",
            "۲۰۲۶/۳/۵",
            "مارس ۲۰۲۶",
            "۱۴:۰۷",
        ),
        ("he", "יום חמישי, 5 במרץ 2026", "5 במרץ 2026", "5 במרץ 2026", "5.3.2026", "מרץ 2026", "14:07"),
        ("hi", "गुरुवार, 5 मार्च 2026", "5 मार्च 2026", "5 मार्च 2026", "5/3/26", "मार्च 2026", "2:07 pm"),
        ("th", "วันพฤหัสบดีที่ 5 มีนาคม พ.ศ. 2569", "5 มีนาคม 2569", "5 มี.ค. 2569", "5/3/69", "มีนาคม 2569", "14:07"),
        ("zh-Hans", "2026年3月5日星期四", "2026年3月5日", "2026年3月5日", "2026/3/5", "2026年3月", "14:07"),
        (
            "zh-Hant",
            "2026年3月5日 星期四",
            "2026年3月5日",
            "2026年3月5日",
            "2026/3/5",
            "2026年3月",
            "下午2:07",
        ),
        ("ja", "2026年3月5日木曜日", "2026年3月5日", "2026/03/05", "2026/03/05", "2026年3月", "14:07"),
        (
            "ko",
            "2026년 3월 5일 목요일",
            "2026년 3월 5일",
            "2026. 3. 5.",
            "26. 3. 5.",
            "2026년 3월",
            "오후 2:07",
        ),
    ] {
        let locale = Locale::of(tag).unwrap();
        let written = [Form::Full, Form::Long, Form::Medium, Form::Short, Form::Month]
            .map(|form| locale.date(&day, form).replace('\u{202f}', " "));
        assert_eq!(written, [full, long, medium, short, month], "{tag}");
        let with_time = locale.date(&minute, Form::Long);
        let with_time = with_time.replace('\u{202f}', " ");
        assert!(with_time.starts_with(long) && with_time.ends_with(time), "{tag} {with_time}");
    }
}

#[test]
fn a_time_follows_the_day() {
    for (tag, expected) in [
        ("en", "14 February 2014, 14:47"),
        ("en-US", "February 14, 2014, 2:47 PM"),
        ("de", "14. Februar 2014, 14:47"),
        ("pl", "14 lutego 2014 14:47"),
        ("ar", "14 فبراير 2014، 2:47 م"),
        ("fa", "۲۵ بهمن ۱۳۹۲، ساعت ۱۴:۴۷"),
        ("ja", "2014年2月14日 14:47"),
    ] {
        let written = Locale::of(tag).unwrap().date(&moment("2014-02-14 14:47"), Form::Long);
        assert_eq!(written.replace('\u{202f}', " "), expected, "{tag}");
    }
}

#[test]
fn iranian_dates_are_of_the_persian_calendar_and_months_of_the_archive_are_not() {
    let locale = Locale::of("fa").unwrap();
    let day = moment("2026-11-30");
    let written =
        [Form::Full, Form::Long, Form::Short, Form::Month, Form::Year].map(|form| locale.date(&day, form));
    assert_eq!(written, ["دوشنبه ۹ آذر ۱۴۰۵", "۹ آذر ۱۴۰۵", "۱۴۰۵/۹/۹", "نوامبر ۲۰۲۶", "۲۰۲۶"]);
}

#[test]
fn names_in_formats_have_the_case_of_their_place() {
    let day = moment("2026-11-30 09:05");
    for (tag, format, expected) in [
        ("pl", "%-d %B %Y", "30 listopada 2026"),
        ("pl", "%B %Y", "listopad 2026"),
        ("uk", "%B", "листопад"),
        ("ru", "%A, %-d %B", "понедельник, 30 ноября"),
        ("de", "%a, %-d. %b %Y, %H:%M Uhr", "Mo., 30. Nov. 2026, 09:05 Uhr"),
        ("en-US", "%-I:%M %p 100%%", "9:05 AM 100%"),
        ("en", "%x %X", "30 Nov 2026 09:05"),
        ("ar-EG", "%Y-%m-%d", "2026-11-30"),
        ("fa", "%-d %B", "30 نوامبر"),
        ("de", "month", "November 2026"),
        ("de", "medium", "30.11.2026, 09:05"),
        ("zh", "year", "2026年"),
    ] {
        assert_eq!(
            Locale::of(tag).unwrap().formatted(&day, Some(format)).unwrap(),
            expected,
            "{tag} {format}"
        );
    }
    for format in ["%", "%Q", "%-", "%5"] {
        assert!(Locale::english().formatted(&day, Some(format)).is_err(), "{format}");
    }
}

#[test]
fn a_locale_falls_back_and_an_unknown_one_names_a_similar_one() {
    for (tag, name) in [
        ("en", Some("en-GB")),
        ("en_US", Some("en")),
        ("de-XX", Some("de")),
        ("zh-TW", Some("zh-Hant")),
        ("zh-HK", Some("zh-Hant-HK")),
        ("nb", Some("nb")),
        ("iw", Some("he")),
        ("xx-YY", None),
        ("", None),
        ("und", None),
    ] {
        assert_eq!(Locale::of(tag).map(|locale| locale.name()), name, "{tag}");
    }
    assert_eq!(Locale::parse("dee").unwrap_err().to_string(), "there is no locale \u{201c}dee\u{201d}");
}

#[test]
fn people_see_no_more_than_was_written() {
    let locale = Locale::english();
    assert_eq!(locale.date(&moment("2014-02-14"), Form::Long), "14 February 2014");
    assert_eq!(locale.date(&moment("2014-02-14 14:47"), Form::Long), "14 February 2014, 14:47");
    assert_eq!(locale.date(&moment("2014-02-14 14:47:31"), Form::Long), "14 February 2014, 14:47");
}

proptest! {
    #[test]
    fn any_format_and_any_tag_is_followed_or_refused(text in "\\PC{0,40}|[%a-zA-Z0-9:.#-]{0,12}", seconds in -62_000_000_000i64..250_000_000_000) {
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let moment = Moment::new(instant, Utc.fix(), Precision::Second);
        for tag in ["en", "fa", "th"] {
            let locale = Locale::of(tag).unwrap();
            let _ = locale.formatted(&moment, Some(&text));
            let _ = Form::ALL.map(|form| locale.date(&moment, form));
        }
        let _ = Locale::of(&text);
    }
}

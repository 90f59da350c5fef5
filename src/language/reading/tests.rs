use proptest::prelude::*;

use super::*;
use crate::model::date::Ambiguous;

fn read(tags: &str, text: &str) -> Result<String, DateError> {
    let locales: Vec<Locale> = tags.split(' ').map(|tag| Locale::of(tag).unwrap()).collect();
    let moment = read_date(text, &locales)?.resolve(chrono_tz::Tz::UTC, Ambiguous::Refuse)?;
    Ok(moment.rfc3339())
}

#[test]
fn dates_are_read_in_the_language_of_a_wire() {
    let (day, minute) = ("2014-02-14T00:00:00Z", "2014-02-14T14:47:00Z");
    for (tag, text, expected) in [
        ("de", "Freitag, 14. Februar 2014, 14:47 Uhr", minute),
        ("de", "Fr., 14. Feb. 2014 um 14.47 Uhr", minute),
        ("de-AT", "14. Feber 2014", "-"),
        ("de-AT", "14. Jänner 2014", "2014-01-14T00:00:00Z"),
        ("fr", "vendredi 14 février 2014 à 14h47", minute),
        ("fr", "1er février 2014", "2014-02-01T00:00:00Z"),
        ("fr", "Ven. 14 févr. 2014, 14 h 47", minute),
        ("es", "viernes, 14 de febrero de 2014, 14:47", minute),
        ("es", "14 de febrero de 2014 a las 2:47 p. m.", minute),
        ("pt", "sexta-feira, 14 de fevereiro de 2014, às 14h47", minute),
        ("it", "venerdì 14 febbraio 2014, ore 14:47", minute),
        ("it", "1º febbraio 2014", "2014-02-01T00:00:00Z"),
        ("nl", "vrijdag 14 februari 2014 om 14.47 uur", minute),
        ("pl", "piątek, 14 lutego 2014 r., godz. 14:47", minute),
        ("pl", "14 luty 2014", day),
        ("uk", "п'ятниця, 14 лютого 2014 р. о 14:47", minute),
        ("uk", "пʼятниця, 14 лютого 2014 року, 14:47", minute),
        ("ru", "пятница, 14 февраля 2014 г. в 14:47", minute),
        ("tr", "14 Şubat 2014 Cuma 14:47", minute),
        ("ar", "الجمعة، 14 فبراير 2014، 2:47 م", minute),
        ("ar", "الجمعة ١٤ فبراير ٢٠١٤ الساعة ١٤:٤٧", minute),
        ("fa", "جمعه ۱۴ فوریهٔ ۲۰۱۴ ساعت ۱۴:۴۷", minute),
        ("fa", "جمعه ۲۵ بهمن ۱۳۹۲، ساعت ۱۴:۴۷", minute),
        ("he", "יום שישי, 14 בפברואר 2014, 14:47", minute),
        ("hi", "शुक्रवार, 14 फ़रवरी 2014, 14:47", minute),
        ("th", "วันศุกร์ที่ 14 กุมภาพันธ์ พ.ศ. 2557 เวลา 14:47 น.", minute),
        ("th", "14 กุมภาพันธ์ 2014", day),
        ("zh-Hans", "2014年2月14日星期五 下午2:47", minute),
        ("zh-Hant", "2014年2月14日 14時47分", minute),
        ("zh-Hant", "２０１４年２月１４日（週五）", day),
        ("ja", "2014年2月14日（金）14:47", minute),
        ("ja", "2014年2月14日 金曜日 午後2時47分", minute),
        ("ko", "2014년 2월 14일 금요일 오후 2:47", minute),
        ("ko", "2014년 2월 14일 14시 47분", minute),
        ("sv", "fredag den 14 februari 2014 kl. 14:47", minute),
        ("de", "14. Februar 2014, 14:47 +0800", "2014-02-14T14:47:00+08:00"),
    ] {
        match read(tag, text) {
            Ok(found) => assert_eq!(found, expected, "{tag} {text}"),
            Err(error) => assert_eq!(expected, "-", "{tag} {text}: {error}"),
        }
    }
}

#[test]
fn a_weekday_that_is_not_that_of_the_date_is_an_error_in_every_language() {
    for (tag, text) in [
        ("de", "Montag, 14. Februar 2014"),
        ("fr", "lundi 14 février 2014"),
        ("ja", "2014年2月14日（月）"),
        ("pl", "poniedziałek, 14 lutego 2014"),
    ] {
        assert!(
            matches!(read(tag, text), Err(DateError::Weekday { .. })),
            "{tag} {text}: {:?}",
            read(tag, text)
        );
    }
}

#[test]
fn what_would_need_a_guess_is_refused_in_every_language() {
    for (tag, text) in [
        ("de", "14.02.2014"),
        ("de", "Februar 2014"),
        ("de", "14. Februar"),
        ("de", "14. Februar 14"),
        ("de", "31. Februar 2014"),
        ("de", "14. 15. Februar 2014"),
        ("de", "14. Februar März 2014"),
        ("fr", "14 Februar 2014"),
        ("de", "der 14. Februar 2014 war schön"),
        ("ja", "2014年13月14日"),
        ("ja", "14年2月14日"),
        ("de", "14. Februar 2014, 25:00"),
        ("de", ""),
    ] {
        assert!(read(tag, text).is_err(), "{tag} {text}: {:?}", read(tag, text));
    }
}

#[test]
fn a_date_that_is_another_one_in_each_language_is_an_error() {
    // The month of falling leaves: October in Croatia, November in Poland.
    assert_eq!(read("hr", "14 listopada 2014").unwrap(), "2014-10-14T00:00:00Z");
    assert_eq!(read("pl", "14 listopada 2014").unwrap(), "2014-11-14T00:00:00Z");
    let error = read("hr pl", "14 listopada 2014").unwrap_err();
    assert!(error.to_string().contains("14 listopada 2014"), "{error}");
    assert!(matches!(error, DateError::Guess { remedy, .. } if remedy == "2014-10-14 or 2014-11-14"));
    // Where the weekday decides, nobody has to guess.
    assert_eq!(read("hr pl", "piątek, 14 listopada 2014").unwrap(), "2014-11-14T00:00:00Z");
    assert_eq!(read("de fr", "14 février 2014").unwrap(), "2014-02-14T00:00:00Z");
}

#[test]
fn what_a_language_writes_it_reads() {
    use crate::language::Form;
    for tag in [
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "pl",
        "uk",
        "ru",
        "tr",
        "ar",
        "ar-EG",
        "fa",
        "fa-u-ca-gregory",
        "he",
        "hi",
        "th",
        "zh-Hans",
        "zh-Hant",
        "ja",
        "ko",
        "sv",
        "cs",
        "hu",
        "el",
        "fi",
        "da",
        "nb",
        "ro",
        "ca",
    ] {
        let locale = Locale::of(tag).unwrap();
        for month in 1..=12 {
            for (date, form) in [
                (format!("2014-{month:02}-09"), Form::Full),
                (format!("2026-{month:02}-21 15:06"), Form::Long),
            ] {
                let moment =
                    date::parse(&date).unwrap().resolve(chrono_tz::Tz::UTC, Ambiguous::Refuse).unwrap();
                let text = locale.date(&moment, form);
                assert_eq!(read(tag, &text).ok(), Some(moment.rfc3339()), "{tag} {text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,30}|(14|2014|2月|年|日|Freitag|Februar|février|بهمن| |,|:|h|م){0,10}") {
        let locales: Vec<Locale> = ["de", "fr", "ja", "fa", "ar", "th"].iter().map(|tag| Locale::of(tag).unwrap()).collect();
        let _ = read_date(&text, &locales);
    }
}

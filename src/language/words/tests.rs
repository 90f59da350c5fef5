use std::collections::BTreeSet;

use super::*;

fn counted(name: &str, number: u64) -> Arguments {
    Arguments { numbers: vec![(name.to_owned(), number)], texts: Vec::new() }
}

/// A language of a site in English without words of its own.
fn language(tag: &str) -> Arc<Language> {
    Languages::new("en", Locale::english(), &[], Vec::new()).of(tag)
}

fn own(tag: &str, text: &str) -> OwnFile {
    let (source, errors) = Source::parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    OwnFile { tag: Tag::parse(tag).unwrap(), text: text.to_owned(), source }
}

#[test]
fn every_language_of_the_theme_has_all_its_words() {
    let keys: BTreeSet<&str> = KEYS.into_iter().filter(|key| *key != AND).collect();
    assert!(KEYS.is_sorted());
    for (tag, _, text) in BUILT_IN {
        let (source, errors) = Source::parse(text);
        assert!(errors.is_empty(), "{tag} {errors:?}");
        let own: BTreeSet<&str> = source.names().collect();
        if tag == "pt-PT" {
            assert!(own.is_subset(&keys), "{tag}");
        } else {
            assert_eq!(own, keys, "{tag}");
        }
        assert!(language(tag).missing().is_empty(), "{tag}");
        for (name, word) in language(tag).words() {
            assert!(!word.is_empty() && !word.contains(['{', '}']), "{tag} {name}: {word}");
        }
    }
}

#[test]
fn a_time_of_reading_has_the_plural_of_its_language() {
    for (tag, number, expected) in [
        ("en", 3, "3 min read"),
        ("de", 3, "3 Min. Lesezeit"),
        ("pl", 2, "2 minuty czytania"),
        ("pl", 5, "5 minut czytania"),
        ("pl", 22, "22 minuty czytania"),
        ("uk", 5, "5 хвилин читання"),
        ("uk", 21, "21 хвилина читання"),
        ("ru", 3, "3 минуты чтения"),
        ("ru", 11, "11 минут чтения"),
        ("ar", 2, "دقيقتان للقراءة"),
        ("ar", 3, "3 دقائق للقراءة"),
        ("ar", 11, "11 دقيقة للقراءة"),
        ("ar-EG", 3, "٣ دقائق للقراءة"),
        ("fa", 5, "۵ دقیقه مطالعه"),
        ("he", 2, "שתי דקות קריאה"),
        ("he", 7, "7 דקות קריאה"),
        ("ja", 4, "読了時間 約4分"),
        ("zh-TW", 4, "閱讀時間 4 分鐘"),
        ("zh", 4, "阅读时间 4 分钟"),
    ] {
        let said = language(tag).message("reading_time", &counted("count", number));
        assert_eq!(said.as_deref(), Some(expected), "{tag} {number}");
    }
}

#[test]
fn words_fall_back_to_the_language_without_its_region_and_then_to_the_sites() {
    assert_eq!(language("de-AT").word("archive").unwrap(), "Archiv");
    assert_eq!(language("pt-PT").word("subscribe").unwrap(), "Subscrever");
    assert_eq!(language("pt-BR").word("subscribe").unwrap(), "Assinar");
    assert_eq!(language("pt-PT").word("archive").unwrap(), "Arquivo");
    let german = Languages::new("de", Locale::of("de").unwrap(), &[], Vec::new());
    let latin = german.of("la");
    assert_eq!(latin.word("archive").unwrap(), "Archiv");
    assert_eq!(latin.missing().len(), KEYS.len() - 1);
    assert!(german.of("de-CH").missing().is_empty());
}

#[test]
fn words_of_a_site_come_before_those_of_the_theme() {
    let files = vec![
        own(
            "de",
            "archive = Ältere Ausgaben\nboats = { $count ->\n    [one] ein Boot\n   *[other] { $count } Boote\n }\n",
        ),
        own("eo", "archive = Arkivo\n"),
    ];
    let words = [("archive", "Alte Ausgaben".to_owned()), ("minutes", "Minuten".to_owned())];
    let german = Languages::new("de", Locale::of("de").unwrap(), &words, files);
    assert_eq!(german.site().word("archive").unwrap(), "Alte Ausgaben");
    assert_eq!(german.of("de-AT").word("archive").unwrap(), "Alte Ausgaben");
    assert_eq!(german.site().message("reading_time", &counted("count", 5)).unwrap(), "5 Minuten");
    assert_eq!(german.site().message("boats", &counted("count", 1)).unwrap(), "ein Boot");
    assert_eq!(german.site().message("boats", &counted("count", 2)).unwrap(), "2 Boote");
    assert_eq!(german.of("fr").word("archive").unwrap(), "Archives");
    let esperanto = german.of("eo");
    assert_eq!(esperanto.word("archive").unwrap(), "Arkivo");
    assert_eq!(esperanto.word("subscribe").unwrap(), "Abonnieren");
    assert!(esperanto.missing().contains(&"subscribe") && !esperanto.missing().contains(&"archive"));
}

#[test]
fn a_replaced_word_may_count() {
    let words = [("reading_time", "{ $count } minutes".to_owned()), ("archive", "All {old} ones".to_owned())];
    let site = Languages::new("en", Locale::english(), &words, Vec::new());
    assert_eq!(site.site().message("reading_time", &counted("count", 5)).unwrap(), "5 minutes");
    assert_eq!(site.site().word("archive").unwrap(), "All {old} ones");
}

#[test]
fn a_sites_own_word_for_and_stands_before_the_last_name() {
    let words = [("and", "sowie".to_owned())];
    let german = Languages::new("de", Locale::of("de").unwrap(), &words, Vec::new());
    assert_eq!(german.site().between(0, 3, "Bo"), ", ");
    assert_eq!(german.site().between(1, 3, "Cy"), " sowie ");
    assert_eq!(german.of("fr").between(0, 2, "Bo"), " et ");
    assert_eq!(language("ar").word("and").unwrap(), "و");
}

//! The theme in other languages than English: words, dates, numbers, lists of names, directions.

use crate::site::{Files, Site, TOML, between, text};

/// A site in `language` with one article by two authors, which takes five minutes to read.
fn spoken(language: &str) -> Site {
    let body = "word ".repeat(230 * 5 - 20);
    let site = Site::new(&[(
        "content/news/ferry.md",
        &format!(
            "+++\ntitle = \"Ferry\"\npublished = 2026-03-05\nupdated = 2026-03-06\nauthors = [\"Ada Quay\", \"Bo Pier\"]\n+++\n\n{body}\n"
        ),
    )]);
    site.write("site.toml", format!("{TOML}language = \"{language}\"\n"));
    site
}

/// The text of the element after `before`, without tags.
fn said(html: &str, before: &str, after: &str) -> String {
    let element = between(html, before, after).first().copied().unwrap_or_default().to_owned();
    let mut text = String::new();
    let mut depth = 0;
    for letter in element.chars() {
        match letter {
            '<' => depth += 1,
            '>' if depth > 0 => depth -= 1,
            letter if depth == 0 => text.push(letter),
            _ => {}
        }
    }
    text.replace('\u{202f}', " ")
}

#[test]
fn pages_speak_the_language_of_the_site() {
    for (language, byline, dates) in [
        ("en", "By Ada Quay and Bo Pier", "Published 5 March 2026 · Updated 6 March 2026 · 5 min read"),
        (
            "de",
            "Von Ada Quay und Bo Pier",
            "Veröffentlicht 5. März 2026 · Aktualisiert 6. März 2026 · 5 Min. Lesezeit",
        ),
        (
            "fr",
            "Par Ada Quay et Bo Pier",
            "Publié le 5 mars 2026 · Mis à jour le 6 mars 2026 · 5 min de lecture",
        ),
        (
            "es",
            "Por Ada Quay y Bo Pier",
            "Publicado el 5 de marzo de 2026 · Actualizado el 6 de marzo de 2026 · 5 min de lectura",
        ),
        (
            "pt-BR",
            "Por Ada Quay e Bo Pier",
            "Publicado em 5 de março de 2026 · Atualizado em 6 de março de 2026 · 5 min de leitura",
        ),
        (
            "it",
            "Di Ada Quay e Bo Pier",
            "Pubblicato il 5 marzo 2026 · Aggiornato il 6 marzo 2026 · 5 min di lettura",
        ),
        (
            "nl",
            "Door Ada Quay en Bo Pier",
            "Gepubliceerd op 5 maart 2026 · Bijgewerkt op 6 maart 2026 · 5 min. leestijd",
        ),
        (
            "pl",
            "Autorzy: Ada Quay i Bo Pier",
            "Opublikowano 5 marca 2026 · Zaktualizowano 6 marca 2026 · 5 minut czytania",
        ),
        (
            "uk",
            "Автори: Ada Quay і Bo Pier",
            "Опубліковано 5 березня 2026 р. · Оновлено 6 березня 2026 р. · 5 хвилин читання",
        ),
        (
            "ru",
            "Авторы: Ada Quay и Bo Pier",
            "Опубликовано 5 марта 2026 г. · Обновлено 6 марта 2026 г. · 5 минут чтения",
        ),
        (
            "tr",
            "Yazanlar: Ada Quay ve Bo Pier",
            "Yayımlanma: 5 Mart 2026 · Güncellenme: 6 Mart 2026 · 5 dakikalık okuma",
        ),
        ("ar", "بقلم Ada Quay وBo Pier", "نُشر في 5 مارس 2026 · حُدّث في 6 مارس 2026 · 5 دقائق للقراءة"),
        (
            "fa",
            "نویسندگان: Ada Quay و Bo Pier",
            "انتشار: ۱۴ اسفند ۱۴۰۴ · به‌روزرسانی: ۱۵ اسفند ۱۴۰۴ · ۵ دقیقه مطالعه",
        ),
        ("he", "מאת Ada Quay ו-Bo Pier", "פורסם: 5 במרץ 2026 · עודכן: 6 במרץ 2026 · 5 דקות קריאה"),
        (
            "hi",
            "लेखक: Ada Quay और Bo Pier",
            "प्रकाशित: 5 मार्च 2026 · अपडेट किया गया: 6 मार्च 2026 · 5 मिनट का पाठ",
        ),
        ("th", "โดย Ada QuayและBo Pier", "เผยแพร่เมื่อ 5 มีนาคม 2569 · ปรับปรุงเมื่อ 6 มีนาคม 2569 · ใช้เวลาอ่าน 5 นาที"),
        (
            "zh-Hans",
            "作者： Ada Quay和Bo Pier",
            "发布于 2026年3月5日 · 更新于 2026年3月6日 · 阅读时间 5 分钟",
        ),
        (
            "zh-Hant",
            "作者： Ada Quay和Bo Pier",
            "發布於 2026年3月5日 · 更新於 2026年3月6日 · 閱讀時間 5 分鐘",
        ),
        ("ja", "執筆： Ada Quay、Bo Pier", "公開： 2026年3月5日 · 更新： 2026年3月6日 · 読了時間 約5分"),
        ("ko", "글: Ada Quay 및 Bo Pier", "게시: 2026년 3월 5일 · 수정: 2026년 3월 6일 · 읽는 시간 5분"),
    ] {
        let page = text(&spoken(language).built(), "news/ferry/index.html");
        assert_eq!(said(&page, "<p class=\"byline\">", "</p>"), byline, "{language}");
        assert_eq!(said(&page, "<p class=\"dates\">", "</p>"), dates, "{language}");
    }
}

/// A page of each kind in German.
#[test]
fn every_page_of_a_site_speaks_its_language() {
    let out = spoken("de").built();
    for (path, expected) in [
        ("index.html", vec![">Archiv</a>", ">Abonnieren</a>", "data-name=\"Farben\"", "Zum Text springen"]),
        (
            "archive/index.html",
            vec![
                "<h1 class=\"wide\">Archiv</h1>",
                "aria-label=\"2026: Artikel nach Monat\"",
                ">Mär</text>",
                "<title>März 2026: 1</title>",
            ],
        ),
        ("archive/2026/03/index.html", vec!["<h1>März 2026</h1>"]),
        ("404.html", vec!["<h1>Hier ist nichts</h1>", "Neueste Artikel"]),
        ("authors/index.html", vec!["<h1>Autorinnen und Autoren</h1>"]),
        (
            "subscribe/index.html",
            vec![
                "<h1>Abonnieren</h1>",
                "Neueste Artikel: 1 · vollständig",
                "eine App auf diesem Gerät",
                "<h2>Ressorts</h2>",
            ],
        ),
        ("feed.css", vec!["content: \"Dies ist ein Feed."]),
    ] {
        let page = text(&out, path);
        for part in expected {
            assert!(page.contains(part), "{path} {part}\n{page}");
        }
    }
}

#[test]
fn the_words_around_an_article_are_in_its_language_and_those_around_the_page_in_the_sites() {
    let site = Site::new(&[
        (
            "content/news/arrival.md",
            "+++\ntitle = \"Ankunft\"\nlang = \"de\"\npublished = 2026-03-05\ntags = [\"Hafen\"]\n[[corrections]]\ndate = 2026-03-06\ntext = \"Es war Freitag.\"\n+++\n\nText[^1].\n\n> [!NOTE]\n> Achtung.\n\n[^1]: Note.\n",
        ),
        ("content/news/ferry.md", "+++\ntitle = \"Ferry\"\npublished = 2026-03-04\n+++\n\nText.\n"),
    ]);
    let out = site.built();
    let page = text(&out, "news/arrival/index.html");
    for part in [
        "<html lang=\"de\" dir=\"ltr\"",
        "Veröffentlicht <time class=\"published dt-published\" datetime=\"2026-03-05T00:00:00Z\">5. März 2026</time>",
        "<aside class=\"corrections\" aria-label=\"Korrekturen\">",
        "<strong>Korrektur</strong> · <time datetime=\"2026-03-06T00:00:00Z\">6. März 2026</time>",
        "aria-label=\"Schlagwörter\"",
        "<p class=\"alert-title\">Hinweis</p>",
        "aria-label=\"Zurück zur Textstelle 1\"",
        "aria-label=\"Benachbarte Artikel\"",
        "<span>Zurück</span> <bdi lang=\"en\" dir=\"ltr\">Ferry</bdi>",
        "<header class=\"masthead\" lang=\"en\" dir=\"ltr\">",
        "<footer class=\"colophon\" lang=\"en\" dir=\"ltr\">",
        "<a href=\"/subscribe/\">Subscribe</a>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    // In lists of the site, what is German is in German, its date too.
    let front = text(&out, "news/index.html");
    assert!(front.contains("<article class=\"card h-entry\" lang=\"de\" dir=\"ltr\">"), "{front}");
    assert!(front.contains(">5. März 2026</time>") && front.contains(">4 March 2026</time>"), "{front}");
    // The feed's entry has the words of the article.
    assert!(text(&out, "atom.xml").contains("Korrektur, 6. März 2026:"));
}

#[test]
fn the_masthead_keeps_the_direction_of_the_site_beside_an_arabic_article() {
    let site = Site::new(&[(
        "content/news/harbour.md",
        "+++\ntitle = \"الميناء\"\nlang = \"ar\"\npublished = 2026-03-05\nauthors = [\"ليلى\", \"Ada Quay\"]\n+++\n\nنص.\n",
    )]);
    let out = site.built();
    let page = text(&out, "news/harbour/index.html");
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\""), "{page}");
    assert!(page.contains("<header class=\"masthead\" lang=\"en\" dir=\"ltr\">"), "{page}");
    // A name of the other direction is isolated, and one of the page's own is not.
    assert!(page.contains(">ليلى</a> و") && page.contains("><bdi>Ada Quay</bdi></a>"), "{page}");
    assert!(
        page.contains("<p class=\"kicker\"><a href=\"/news/\" lang=\"en\" dir=\"ltr\">News</a></p>"),
        "{page}"
    );
    let section = text(&out, "news/index.html");
    assert!(
        section.contains("ليلى</span> و<span class=\"p-author h-card\"><bdi>Ada Quay</bdi></span> · <time"),
        "{section}"
    );
}

#[test]
fn a_section_in_another_language_speaks_it() {
    let site = Site::new(&[
        ("content/actu/_index.md", "+++\ntitle = \"Actualités\"\nlang = \"fr\"\npage_size = 1\n+++\n"),
        ("content/actu/a.md", "+++\ntitle = \"A\"\npublished = 2026-03-05\n+++\n\nx\n"),
        ("content/actu/b.md", "+++\ntitle = \"B\"\npublished = 2026-03-04\n+++\n\nx\n"),
        ("content/actu/c.md", "+++\ntitle = \"C\"\npublished = 2026-03-03\n+++\n\nx\n"),
        ("content/actu/d.md", "+++\ntitle = \"D\"\npublished = 2026-03-02\n+++\n\nx\n"),
    ]);
    let out = site.built();
    let section = text(&out, "actu/index.html");
    assert!(section.contains("<html lang=\"fr\"") && section.contains("Plus anciens"), "{section}");
    assert!(text(&out, "actu/a/index.html").contains("Publié le <time"));
    let front = text(&out, "index.html");
    assert!(front.contains("<li lang=\"fr\" dir=\"ltr\"><a href=\"/actu/\">Actualités</a></li>"), "{front}");
}

fn problems(site: &Site) -> Vec<String> {
    site.problems(&[]).1
}

#[test]
fn a_site_adds_words_and_replaces_them() {
    let site = spoken("de");
    site.write("languages/de.ftl", "archive = Frühere Ausgaben\nboats =\n    { $count ->\n        [one] ein Boot\n       *[other] { $count } Boote\n    }\n");
    site.write("templates/article-end.html", "<p>{{ word(key=\"boats\", count=1) }}, {{ word(key=\"boats\", count=1200) }}, {{ words.archive }}, {{ 1234.5 | number }}, {{ [\"A\", \"B\"] | names }}</p>");
    let out = site.built();
    let page = text(&out, "news/ferry/index.html");
    assert!(page.contains("<p>ein Boot, 1.200 Boote, Frühere Ausgaben, 1.234,5, A und B</p>"), "{page}");
    assert!(text(&out, "index.html").contains(">Frühere Ausgaben</a>"));
    // A changed word changes the pages that say it.
    site.write("languages/de.ftl", "archive = Alte Ausgaben\nboats = Boote\n");
    assert!(text(&site.built(), "index.html").contains(">Alte Ausgaben</a>"));
    // The settings in `site.toml` come before.
    site.write("site.toml", format!("{TOML}language = \"de\"\n[theme.words]\narchive = \"Archiv A–Z\"\n"));
    assert!(text(&site.built(), "index.html").contains(">Archiv A–Z</a>"));
}

#[test]
fn a_language_without_words_is_a_warning_that_names_them() {
    let site = spoken("en");
    site.write(
        "content/news/saluton.md",
        "+++\ntitle = \"Saluton\"\nlang = \"eo\"\npublished = 2026-03-01\n+++\n\nx\n",
    );
    let warnings = problems(&site);
    assert_eq!(
        warnings,
        [
            "words::missing content/news/saluton.md the theme has no words in the language `eo`, so pages in it speak English"
        ]
    );
    let (_, report) = site.report(&[]);
    let help = report["problems"][0]["help"].as_str().unwrap();
    assert!(
        help.contains("languages/eo.ftl") && help.contains("`archive`") && help.contains("`subscribe`"),
        "{help}"
    );
    let page = text(&site.built(), "news/saluton/index.html");
    assert!(page.contains("Published <time"), "{page}");
    // Its date is in its own language all the same.
    assert!(page.contains(">2026-Marto-01</time>"), "{page}");
}

#[test]
fn words_that_fall_back_are_no_warning() {
    for language in ["de-AT", "pt-PT", "zh-HK", "en-GB", "iw"] {
        assert_eq!(problems(&spoken(language)), Vec::<String>::new(), "{language}");
    }
    let out = spoken("de-AT").built();
    assert!(text(&out, "index.html").contains(">Archiv</a>"));
}

#[test]
fn files_of_words_that_are_wrong_are_errors_with_their_place() {
    let site = spoken("en");
    site.write("languages/german!.ftl", "archive = Archiv\n");
    site.write("languages/fr.ftl", "archive = Archives\nnot a message\n");
    site.write("languages/notes.txt", "nothing of ours\n");
    let (code, found) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("words::message languages/fr.ftl:2:")), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("words::name languages/german!.ftl ")), "{found:?}");
}

#[test]
fn an_unknown_word_in_a_template_is_named() {
    let site = spoken("en");
    site.write("templates/article-end.html", "{{ word(key=\"archiv\") }}");
    let (_, report) = site.report(&[]);
    let problem = &report["problems"][0];
    assert!(problem["message"].as_str().unwrap().contains("there is no word `archiv`"), "{problem}");
    assert!(problem.to_string().contains("did you mean `archive`?"), "{problem}");
}

#[test]
fn a_theme_in_a_folder_has_words_and_a_site_comes_before_it() {
    let site = spoken("fr");
    site.write("themes/harbour/languages/fr.ftl", "archive = Anciens numéros\nsubscribe = Recevoir\n");
    site.write("languages/fr.ftl", "subscribe = Être abonné\n");
    site.write("site.toml", format!("{TOML}language = \"fr\"\n[theme]\nfolder = \"themes/harbour\"\n"));
    let page = text(&site.built(), "index.html");
    assert!(page.contains(">Anciens numéros</a>") && page.contains(">Être abonné</a>"), "{page}");
}

#[test]
fn a_file_of_words_can_be_ejected() {
    let site = spoken("de");
    let output = site.command(&["theme", "eject", "languages/de.ftl"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::read_to_string(site.path("languages/de.ftl")).unwrap().contains("archive = Archiv\n"));
    let before: Files = spoken("de").built();
    assert_eq!(before.get("index.html"), site.built().get("index.html"));
}

/// A wire article whose dates are `published` and `updated`.
fn wire(published: &str, updated: &str) -> String {
    format!(
        "Die Nachtfähre fährt wieder nach langem Winter\n\nPUBLISHED : {published}\nUPDATED : {updated}\n\nSALLHAFEN — Sie ist wieder da.\n"
    )
}

#[test]
fn a_wire_has_dates_in_the_language_of_the_site() {
    let site = Site::new(&[(
        "content/wire/ferry.txt",
        &wire("Freitag, 14. Februar 2014, 14:47 Uhr", "Samstag, 15. Feb. 2014, 9:05 Uhr"),
    )]);
    site.write("site.toml", format!("{TOML}language = \"de\"\n"));
    let page = text(&site.built(), "wire/ferry/index.html");
    assert!(page.contains("article:published_time\" content=\"2014-02-14T14:47:00Z\""), "{page}");
    assert!(page.contains("article:modified_time\" content=\"2014-02-15T09:05:00Z\""), "{page}");
    assert!(page.contains(">14. Februar 2014, 14:47</time>"), "{page}");
}

#[test]
fn a_folder_says_the_languages_of_its_wires() {
    let french = wire("vendredi 14 février 2014 à 14h47", "samedi 15 février 2014");
    let german = wire("Freitag, 14. Februar 2014", "Samstag, 15. Februar 2014");
    let site = Site::new(&[
        ("content/wire/_index.md", "+++\ntitle = \"Wires\"\nlanguages = [\"fr\", \"de\"]\n+++\n"),
        ("content/wire/paris/a.txt", &french),
        ("content/wire/b.txt", &german),
    ]);
    let out = site.built();
    assert!(text(&out, "wire/paris/a/index.html").contains("content=\"2014-02-14T14:47:00Z\""));
    assert!(text(&out, "wire/b/index.html").contains("content=\"2014-02-14T00:00:00Z\""));
    // The languages of the site, in the place of those of the folder.
    site.write("content/wire/_index.md", "");
    let (code, found) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        found.iter().filter(|one| one.starts_with("date::unreadable content/wire/")).count(),
        4,
        "{found:?}"
    );
    site.write("site.toml", format!("{TOML}[dates]\nlanguages = [\"fr\", \"de\"]\n"));
    let again = site.built();
    assert!(text(&again, "wire/b/index.html").contains("content=\"2014-02-14T00:00:00Z\""));
}

#[test]
fn a_date_of_a_wire_that_is_wrong_or_another_one_in_each_language_is_an_error_with_its_place() {
    let site = |published: &str| {
        let site = Site::new(&[
            ("content/wire/_index.md", "+++\nlanguages = [\"hr\", \"pl\", \"de\"]\n+++\n"),
            ("content/wire/a.txt", &wire(published, "2015-01-01")),
        ]);
        site.problems(&[])
    };
    for (published, code, part) in [
        ("14 listopada 2014", "date::guess content/wire/a.txt:3:13", "14 listopada 2014"),
        ("Montag, 14. Februar 2014", "date::weekday content/wire/a.txt:3:13", "2014-02-14"),
        ("14. Fewruar 2014", "date::unreadable content/wire/a.txt:3:13", "14."),
        ("Friday, 15 February 2014", "date::weekday content/wire/a.txt:3:13", "2014-02-15"),
    ] {
        let (exit, found) = site(published);
        assert_eq!(exit, Some(1), "{published}");
        assert!(found.iter().any(|one| one.starts_with(code) && one.contains(part)), "{published} {found:?}");
    }
}

#[test]
fn a_language_that_nobody_knows_is_refused_where_it_is_named() {
    let site = Site::new(&[("content/wire/_index.md", "+++\nlanguages = [\"german\"]\n+++\n")]);
    let (code, found) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(found[0].starts_with("date::locale content/wire/_index.md:2:"), "{found:?}");
}

#[test]
fn the_last_entry_of_a_withdrawn_article_is_in_its_language() {
    let site = Site::new(&[
        (
            "content/news/gone.md",
            "+++\ntitle = \"Le bac\"\nlang = \"fr\"\npublished = 2026-11-20\nupdated = 2026-11-21\nwithdrawn = \"Trop d’erreurs.\"\n+++\n\nx\n",
        ),
        ("content/news/here.md", "+++\ntitle = \"Ferry\"\npublished = 2026-11-19\n+++\n\nx\n"),
    ]);
    let out = site.built();
    let atom = text(&out, "atom.xml");
    assert!(
        atom.contains("Retiré : Le bac") && atom.contains("Cet article a été retiré. Trop d’erreurs."),
        "{atom}"
    );
    let page = text(&out, "news/gone/index.html");
    assert!(page.contains("<html lang=\"fr\"") && page.contains("<p class=\"kicker\">Retiré</p>"), "{page}");
    assert!(page.contains("Publié le <time") && page.contains("Retiré le <time"), "{page}");
}

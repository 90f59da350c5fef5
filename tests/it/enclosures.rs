//! Recordings and the files beside them, on the site and elsewhere.

use crate::podcast::{mp3, png};
use crate::site::{NOW, Site, between, json, text};

const SHOW: &str = "+++\ntitle = \"The harbour hour\"\nsummary = \"Talk from the quay.\"\n[podcast]\nimage = \"cover.png\"\ncategories = [\"News\"]\nexplicit = false\nPREFIX\n+++\n";

/// A show with one episode, whose front matter has these `lines`.
fn show(name: &str, lines: &str) -> Site {
    let (open, title, close) = match name.rsplit_once('.') {
        Some((_, "json")) => ("{", "\"title\": \"One\", \"date\": \"2026-01-02\",", "}"),
        _ if lines.starts_with("---") => ("---", "title: One\ndate: 2026-01-02", "---"),
        _ => ("+++", "title = \"One\"\ndate = 2026-01-02", "+++"),
    };
    let lines = lines.trim_start_matches("---");
    let name = name.replace(".json", ".md");
    let episode = format!("{open}\n{title}\n{lines}\n{close}\nWe talk.\n");
    let site = Site::new(&[
        ("content/show/_index.md", &SHOW.replace("PREFIX", "")),
        (&format!("content/show/{name}"), &episode),
    ]);
    site.write("content/show/cover.png", png(1400, 1400));
    site
}

/// The exit code, the codes of all problems, and the element in the show's RSS that begins with `start`.
fn element(site: &Site, start: &str) -> (Option<i32>, Vec<String>, String) {
    let (code, problems) = site.problems(&[]);
    let codes = problems.iter().map(|one| one.split(' ').next().unwrap().to_owned()).collect();
    let rss = if code == Some(0) { text(&site.output(), "show/rss.xml") } else { String::new() };
    (code, codes, between(&rss, start, ">").first().map(|rest| format!("{start}{rest}>")).unwrap_or_default())
}

#[test]
fn a_recording_elsewhere_is_what_the_author_says_in_every_language() {
    let whole = "<enclosure url=\"https://cdn.example/ep/1.mp3\" length=\"24986239\" type=\"audio/mpeg\" />";
    for (name, lines) in [
        (
            "a.md",
            "enclosure = { url = \"https://cdn.example/ep/1.mp3\", length = 24986239, type = \"audio/mpeg\", duration = 1800 }",
        ),
        (
            "a.md",
            "enclosure = { url = \"https://cdn.example/ep/1.mp3\", length = 24_986_239, duration = \"30:00\" }",
        ),
        (
            "a.md",
            "[[enclosure]]\nurl = \"https://cdn.example/ep/1.mp3\"\nlength = \"24986239\"\nduration = \"0:30:00\"",
        ),
        (
            "a.md",
            "[enclosure]\nurl = \"https://cdn.example/ep/1.mp3\"\nlength = 24986239\nduration = 00:30:00",
        ),
        (
            "a.md",
            "enclosure = \"https://cdn.example/ep/1.mp3 24986239 audio/mpeg\"\n[episode]\nduration = 1800",
        ),
        ("a.md", "---enclosure:\n  url: https://cdn.example/ep/1.mp3\n  length: 24986239\n  duration: 1800"),
        (
            "a.md",
            "---enclosure:\n  - url: https://cdn.example/ep/1.mp3\n    length: \"24986239\"\n    type: audio/mpeg\n    duration: 30:00",
        ),
        (
            "a.json",
            "\"enclosure\": {\"url\": \"https://cdn.example/ep/1.mp3\", \"length\": 24986239, \"duration\": 1800}",
        ),
        (
            "a.json",
            "\"enclosure\": [{\"url\": \"https://cdn.example/ep/1.mp3\", \"length\": 24986239, \"duration\": \"30:00\"}]",
        ),
    ] {
        let site = show(name, lines);
        let (code, codes, enclosure) = element(&site, "<enclosure ");
        assert_eq!((code, codes), (Some(0), Vec::<String>::new()), "{lines}");
        assert_eq!(enclosure.replace("/>", " />").replace("  ", " "), whole, "{lines}");
        let files = site.output();
        assert!(text(&files, "show/rss.xml").contains("<itunes:duration>1800<"), "{lines}");
        let attachment = &json(&files, "show/feed.json")["items"][0]["attachments"][0];
        assert_eq!(attachment["url"], "https://cdn.example/ep/1.mp3", "{lines}");
        assert_eq!(attachment["size_in_bytes"], 24_986_239, "{lines}");
        assert_eq!(attachment["duration_in_seconds"], 1800, "{lines}");
        assert!(text(&files, "show/atom.xml").contains("length=\"24986239\""), "{lines}");
    }
}

#[test]
fn a_recording_of_unknown_length_is_published_with_a_warning() {
    for lines in [
        "enclosure = \"https://cdn.example/ep/1.mp3\"",
        "enclosure = [\"https://cdn.example/ep/1.mp3\"]",
        "enclosure = { url = \"https://cdn.example/ep/1.mp3\", length = 0 }",
        "---enclosure: https://cdn.example/ep/1.mp3",
        "enclosure = \"//cdn.example/ep/1.mp3\"",
    ] {
        let site = show("a.md", lines);
        let (code, codes, enclosure) = element(&site, "<enclosure ");
        assert_eq!((code, codes), (Some(0), vec!["render::length".to_owned()]), "{lines}");
        for part in ["url=\"https://cdn.example/ep/1.mp3\"", "length=\"0\"", "type=\"audio/mpeg\""] {
            assert!(enclosure.contains(part), "{lines}: {enclosure}");
        }
        let files = site.output();
        let atom = text(&files, "show/atom.xml");
        assert!(!between(&atom, "rel=\"enclosure\"", ">")[0].contains("length"), "{atom}");
        let attachment = &json(&files, "show/feed.json")["items"][0]["attachments"][0];
        assert_eq!(attachment["size_in_bytes"], serde_json::Value::Null);
    }
}

#[test]
fn the_type_of_a_recording_is_that_of_its_paths_extension() {
    for (url, media_type) in [
        ("https://cdn.example/1.mp3?format=.ogg", "audio/mpeg"),
        ("https://cdn.example/1.MP3#t=10", "audio/mpeg"),
        ("https://cdn.example/1.m4a?a=b.mp3", "audio/x-m4a"),
        ("https://cdn.example/1.mp4", "video/mp4"),
        ("https://cdn.example/a%20b.mp3", "audio/mpeg"),
    ] {
        let site = show("a.md", &format!("enclosure = {{ url = \"{url}\", length = 1 }}"));
        let (code, codes, enclosure) = element(&site, "<enclosure ");
        assert_eq!((code, codes), (Some(0), Vec::<String>::new()), "{url}");
        assert!(enclosure.contains(&format!("type=\"{media_type}\"")), "{url}: {enclosure}");
    }
    let site = show("a.md", "enclosure = { url = \"https://cdn.example/play?f=1.mp3\", length = 1 }");
    let (code, codes, enclosure) = element(&site, "<enclosure ");
    assert_eq!((code, codes), (Some(0), vec!["render::media_type".to_owned()]));
    assert!(enclosure.contains("type=\"application/octet-stream\""), "{enclosure}");
    let site = show(
        "a.md",
        "enclosure = { url = \"https://cdn.example/play?f=1.mp3\", length = 1, type = \"audio/mpeg\" }",
    );
    assert_eq!(element(&site, "<enclosure ").1, Vec::<String>::new());
}

#[test]
fn a_url_of_the_site_itself_is_a_file_of_it() {
    let site = show("one/index.md", "enclosure = \"https://example.org/show/one/a.mp3\"");
    site.write("content/show/one/a.mp3", mp3(383));
    let (code, codes, enclosure) = element(&site, "<enclosure ");
    assert_eq!((code, codes), (Some(0), Vec::new()));
    assert!(enclosure.contains(&format!("length=\"{}\"", 383 * 417)), "{enclosure}");
}

#[test]
fn a_url_with_characters_that_urls_dont_have_is_encoded() {
    let site = show("a.md", "enclosure = { url = \"https://cdn.example/my talk|1.mp3\", length = 1 }");
    let (code, codes, enclosure) = element(&site, "<enclosure ");
    assert_eq!((code, codes), (Some(0), Vec::new()));
    assert!(enclosure.contains("url=\"https://cdn.example/my%20talk%7C1.mp3\""), "{enclosure}");
}

#[test]
fn what_is_wrong_with_an_enclosure_is_said_where_it_is() {
    for (lines, code, place) in [
        ("enclosure = { length = 1 }", "metadata::missing", "4:13"),
        ("enclosure = { url = \"https://e.org/a.mp3\", length = \"2 MB\" }", "metadata::value", "4:53"),
        ("enclosure = { url = \"https://e.org/a.mp3\", length = -1 }", "metadata::value", "4:53"),
        (
            "enclosure = { url = \"https://e.org/a.mp3\", length = 1, type = \"mp3\" }",
            "metadata::value",
            "4:63",
        ),
        (
            "enclosure = { url = \"https://e.org/a.mp3\", length = 1, duration = \"long\" }",
            "metadata::value",
            "4:67",
        ),
        (
            "enclosure = { url = \"https://e.org/a.mp3\", length = 1, lenght = 1 }",
            "metadata::unknown",
            "4:56",
        ),
        ("enclosure = \"missing.mp3\"", "render::enclosure", "4:13"),
        ("enclosure = { url = \"missing.mp3\" }", "render::enclosure", "4:21"),
    ] {
        let problems = show("a.md", lines).problems(&[]).1;
        let wanted = format!("{code} content/show/a.md:{place} ");
        assert!(problems.iter().any(|one| one.starts_with(&wanted)), "{lines}: {problems:?}");
    }
    let (_, report) =
        show("a.md", "enclosure = { url = \"https://e.org/a.mp3\", length = 1, type = \"mp3\" }").report(&[]);
    assert!(report["problems"][0]["help"].as_str().unwrap().contains("type = \"audio/mpeg\""), "{report}");
}

#[test]
fn a_url_of_the_site_without_a_file_is_missing_unless_its_length_is_known() {
    let url = "https://example.org/media/a.mp3";
    for (lines, expected) in [
        (format!("enclosure = \"{url}\""), (Some(1), "render::enclosure")),
        (format!("enclosure = {{ url = \"{url}\" }}"), (Some(1), "render::enclosure")),
        (format!("enclosure = {{ url = \"{url}\", length = 7 }}"), (Some(0), "")),
        ("enclosure = \"https://example.org.evil.example/a.mp3\"".to_owned(), (Some(0), "render::length")),
    ] {
        let (code, codes, _) = element(&show("a.md", &lines), "<enclosure ");
        let told = codes.iter().find(|code| code.starts_with("render::"));
        assert_eq!((code, told.map_or("", String::as_str)), expected, "{lines}");
    }
}

#[test]
fn names_that_fields_have_in_other_programs_are_told() {
    for (field, meant) in [
        ("href = \"https://e.org/a.mp3\"", "use `url`"),
        ("size = 7", "use `length`"),
        ("size_in_bytes = 7", "use `length`"),
        ("mime_type = \"audio/mpeg\"", "use `type`"),
        ("mediaType = \"audio/mpeg\"", "use `type`"),
        ("duration_in_seconds = 7", "use `duration`"),
    ] {
        let url = if field.starts_with("href") { "" } else { "url = \"https://e.org/a.mp3\", " };
        let (_, report) = show("a.md", &format!("enclosure = {{ {url}{field} }}")).report(&[]);
        let problems = report["problems"].as_array().unwrap();
        let helps = problems.iter().filter(|one| one["code"] == "metadata::unknown").map(|one| &one["help"]);
        let helps: Vec<&str> = helps.filter_map(serde_json::Value::as_str).collect();
        assert!(helps.len() == 1 && helps[0].starts_with(meant), "{field}: {helps:?}");
    }
}

#[test]
fn a_missing_cover_is_called_a_cover() {
    let site = show("a.md", "enclosure = { url = \"https://e.org/a.mp3\", length = 1 }");
    site.write("content/show/_index.md", SHOW.replace("PREFIX", "").replace("cover.png", "missing.png"));
    let problems = site.problems(&[]).1;
    let wanted =
        "render::file content/show/_index.md:5:9 there is no file for the cover \u{201c}missing.png\u{201d}";
    assert!(problems.iter().any(|one| one == wanted), "{problems:?}");
}

#[test]
fn a_statistics_prefix_goes_before_recordings_as_services_want_it() {
    for (prefix, lines, url) in [
        (
            "https://op3.dev/e/",
            "{ url = \"https://cdn.example/1.mp3\", length = 1 }",
            "https://op3.dev/e/cdn.example/1.mp3",
        ),
        (
            "https://op3.dev/e",
            "{ url = \"https://cdn.example/1.mp3\", length = 1 }",
            "https://op3.dev/e/cdn.example/1.mp3",
        ),
        (
            "https://op3.dev/e/",
            "{ url = \"http://cdn.example/1.mp3\", length = 1 }",
            "https://op3.dev/e/http://cdn.example/1.mp3",
        ),
        (
            "https://dts.podtrac.com/redirect.mp3/chrt.fm/track/X1",
            "{ url = \"https://cdn.example/1.mp3\", length = 1 }",
            "https://dts.podtrac.com/redirect.mp3/chrt.fm/track/X1/cdn.example/1.mp3",
        ),
        (
            "https://op3.dev/e/",
            "{ url = \"https://op3.dev/e/cdn.example/1.mp3\", length = 1 }",
            "https://op3.dev/e/cdn.example/1.mp3",
        ),
        ("https://op3.dev/e/", "\"talk.mp3\"", "https://op3.dev/e/example.org/show/one/talk.mp3"),
    ] {
        let site = show("one/index.md", &format!("enclosure = {lines}"));
        site.write("content/show/one/talk.mp3", mp3(383));
        site.write("content/show/_index.md", SHOW.replace("PREFIX", &format!("prefix = \"{prefix}\"")));
        let files = site.built();
        for feed in ["show/rss.xml", "rss.xml"] {
            let rss = text(&files, feed);
            assert_eq!(between(&rss, "<enclosure url=\"", "\""), [url], "{feed}");
        }
        assert!(text(&files, "show/atom.xml").contains(url), "{url}");
        assert_eq!(json(&files, "show/feed.json")["items"][0]["attachments"][0]["url"], url);
    }
    // A picture is no recording, and an article elsewhere is in no show.
    let site = show("one/index.md", "enclosure = \"tide.png\"");
    site.write("content/show/one/tide.png", png(40, 40));
    site.write("content/show/_index.md", SHOW.replace("PREFIX", "prefix = \"https://op3.dev/e/\""));
    site.write("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-02\nenclosure = { url = \"https://cdn.example/2.mp3\", length = 1 }\n+++\n");
    let rss = text(&site.built(), "rss.xml");
    let mut urls = between(&rss, "<enclosure url=\"", "\"");
    urls.sort_unstable();
    assert_eq!(urls, ["https://cdn.example/2.mp3", "https://example.org/show/one/tide.png"]);
    site.write("content/show/_index.md", SHOW.replace("PREFIX", "prefix = \"op3.dev/e/\""));
    let problems = site.problems(&[]).1;
    assert!(problems[0].starts_with("metadata::value content/show/_index.md:8:10 "), "{problems:?}");
}

#[test]
fn a_prefix_that_changes_changes_every_feed_with_the_episode() {
    let site = show("a.md", "enclosure = { url = \"https://cdn.example/1.mp3\", length = 1 }");
    site.built();
    site.write("content/show/_index.md", SHOW.replace("PREFIX", "prefix = \"https://op3.dev/e/\""));
    let files = site.built();
    for feed in ["rss.xml", "atom.xml", "feed.json", "show/rss.xml"] {
        assert!(text(&files, feed).contains("op3.dev/e/cdn.example/1.mp3"), "{feed}");
    }
    let verified = site.command(&["verify", "--now", NOW]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_transcript_elsewhere_has_the_type_of_its_path_or_that_which_the_author_says() {
    for (lines, element_of) in [
        (
            "transcript = \"https://x.example/a.srt?v=1\"",
            "type=\"application/x-subrip\" url=\"https://x.example/a.srt?v=1\"",
        ),
        (
            "transcript = [\"https://x.example/A.VTT#t\"]",
            "type=\"text/vtt\" url=\"https://x.example/A.VTT#t\"",
        ),
        (
            "transcript = \"https://x.example/a.json?x=.txt\"",
            "type=\"application/json\" url=\"https://x.example/a.json?x=.txt\"",
        ),
        ("transcript = \"https://x.example/a.htm\"", "type=\"text/html\" url=\"https://x.example/a.htm\""),
        ("transcript = \"https://x.example/a.txt\"", "type=\"text/plain\" url=\"https://x.example/a.txt\""),
        (
            "transcript = { url = \"https://x.example/1/subtitles\", type = \"text/vtt\", language = \"de\", rel = \"captions\" }",
            "language=\"de\" rel=\"captions\" type=\"text/vtt\" url=\"https://x.example/1/subtitles\"",
        ),
        (
            "[[episode.transcript]]\nurl = \"https://x.example/1\"\ntype = \"application/x-subrip\"",
            "type=\"application/x-subrip\" url=\"https://x.example/1\"",
        ),
    ] {
        let site = show(
            "a.md",
            &format!("enclosure = {{ url = \"https://cdn.example/1.mp3\", length = 1 }}\n[episode]\n{lines}"),
        );
        let (code, codes, transcript) = element(&site, "<podcast:transcript ");
        assert_eq!((code, codes), (Some(0), Vec::new()), "{lines}");
        assert!(transcript.contains(element_of), "{lines}: {transcript}");
    }
}

#[test]
fn a_transcript_of_unknown_type_is_left_out_with_a_warning() {
    for lines in [
        "transcript = \"https://x.example/episode/1/subtitles\"",
        "transcript = \"https://x.example/subtitles?format=srt&file=a.vtt\"",
        "chapters = \"https://x.example/chapters\"",
        "chapters = { url = \"https://x.example/chapters?f=a.json\" }",
    ] {
        let site = show(
            "a.md",
            &format!("enclosure = {{ url = \"https://cdn.example/1.mp3\", length = 1 }}\n[episode]\n{lines}"),
        );
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems.len()), (Some(0), 1), "{lines}: {problems:?}");
        assert!(problems[0].starts_with("render::media_type content/show/a.md:6:"), "{problems:?}");
        assert!(!text(&site.output(), "show/rss.xml").contains("x.example"), "{lines}");
    }
    let site = show(
        "a.md",
        "enclosure = { url = \"https://cdn.example/1.mp3\", length = 1 }\n[episode]\nchapters = { url = \"https://x.example/c\", type = \"application/json+chapters\" }",
    );
    let (code, codes, chapters) = element(&site, "<podcast:chapters ");
    assert_eq!((code, codes), (Some(0), Vec::new()));
    assert!(
        chapters.contains("type=\"application/json+chapters\" url=\"https://x.example/c\""),
        "{chapters}"
    );
}

/// Frames of MPEG-1 layer III at 44.1 kHz, whose bit rates vary, and no number of frames before them.
#[test]
fn the_duration_of_a_recording_with_varying_bit_rate_is_counted() {
    let frame = |rate: usize| {
        const RATES: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        let mut frame = vec![0xff, 0xfb, (rate << 4) as u8, 0];
        frame.resize(144 * RATES[rate] * 1000 / 44_100, 0);
        frame
    };
    // 2297 frames of 1152 samples are 60.0 seconds.
    for (name, rates) in [
        ("loud beginning", &[14, 1, 1, 1, 1][..]),
        ("quiet beginning", &[1, 14, 14, 9]),
        ("average", &[9, 10, 8, 9, 11]),
    ] {
        let recording: Vec<u8> = (0..2297).flat_map(|number| frame(rates[number % rates.len()])).collect();
        let site = show("one/index.md", "enclosure = \"talk.mp3\"");
        site.write("content/show/one/talk.mp3", &recording);
        let rss = text(&site.built(), "show/rss.xml");
        assert_eq!(between(&rss, "<itunes:duration>", "<"), ["60"], "{name}");
    }
}

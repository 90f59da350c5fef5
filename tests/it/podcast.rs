//! A section that is a podcast, held against what directories ask for.

use crate::site::{Site, TOML, between, json, text};

/// `frames` frames of silence: MPEG-1 Layer III at 128 kbit/s and 44.1 kHz, 1152 samples and 417 bytes each.
pub fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame.repeat(frames)
}

/// A PNG of that size.
#[cfg(feature = "images")]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The beginning of a PNG of that size, which is all that says how large it is.
#[cfg(not(feature = "images"))]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

const SHOW: &str = "+++\ntitle = \"The harbour hour\"\nsummary = \"Talk from the quay.\"\n[podcast]\nimage = \"cover.png\"\ncategories = [\"News > Daily News\", \"Society & Culture\"]\nexplicit = false\nowner = { name = \"Ada & Bo\", email = \"desk@example.org\" }\n[[podcast.people]]\nname = \"Ada\"\nrole = \"Host\"\n+++\n";
const EPISODE: &str = "+++\ntitle = \"Tides & times\"\ndate = 2026-01-02T10:00:00Z\nenclosure = \"one.mp3\"\nimage = \"tide.png\"\nlang = \"en-GB\"\n[episode]\nnumber = 7\nseason = 2\ntype = \"bonus\"\ntranscript = [\"talk.vtt\", \"https://example.com/talk.srt\"]\nchapters = \"chapters.json\"\nexplicit = true\n[[episode.people]]\nname = \"Cy\"\nrole = \"Guest\"\nurl = \"https://example.com/cy\"\n+++\nWe talk.\n";

fn podcast() -> Site {
    let site = Site::new(&[("content/show/_index.md", SHOW), ("content/show/one/index.md", EPISODE)]);
    site.write("content/show/cover.png", png(1400, 1400));
    // 383 frames are 441,216 samples: 10.005 seconds.
    site.write("content/show/one/one.mp3", mp3(383));
    site.write("content/show/one/tide.png", png(640, 480));
    site.write("content/show/one/talk.vtt", "WEBVTT\n");
    site.write("content/show/one/chapters.json", "{\"version\":\"1.2.0\",\"chapters\":[]}");
    site
}

#[test]
fn a_show_has_what_directories_require() {
    let rss = text(&podcast().built(), "show/rss.xml");
    let (channel, _) = rss.split_once("<item>").unwrap();
    // What Apple requires of a show: title, description, artwork, language, category, explicit; and what it
    // recommends: author, link, type, owner.
    for element in [
        "<title>The harbour hour</title>",
        "<description>Talk from the quay.</description>",
        "<itunes:image href=\"https://example.org/show/cover.png\"",
        "<language>en-GB</language>",
        "<itunes:category text=\"News\"><itunes:category text=\"Daily News\">",
        "<itunes:category text=\"Society &amp; Culture\"",
        "<itunes:explicit>false</itunes:explicit>",
        "<link>https://example.org/show/</link>",
        "<itunes:type>episodic</itunes:type>",
        "<itunes:email>desk@example.org</itunes:email>",
        "<itunes:name>Ada &amp; Bo</itunes:name>",
        "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"",
        // And the podcast namespace.
        "xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"",
        "<podcast:locked owner=\"desk@example.org\">yes</podcast:locked>",
        "<podcast:person role=\"host\">Ada</podcast:person>",
        "<podcast:medium>podcast</podcast:medium>",
    ] {
        assert!(channel.contains(element), "{element} in {channel}");
    }
}

#[test]
fn an_episode_has_what_directories_require_and_what_is_known_of_it() {
    let files = podcast().built();
    let rss = text(&files, "show/rss.xml");
    let (_, item) = rss.split_once("<item>").unwrap();
    // Of an episode: title, enclosure with length and type, guid; duration, explicit and the others if known.
    let length = 383 * 417;
    for element in [
        "<title>Tides &amp; times</title>",
        &format!(
            "<enclosure url=\"https://example.org/show/one/one.mp3\" length=\"{length}\" type=\"audio/mpeg\""
        ),
        "<guid isPermaLink=\"false\">tag:example.org,2026-01-02:show/one</guid>",
        "<pubDate>Fri, 02 Jan 2026 10:00:00 +0000</pubDate>",
        "<itunes:duration>10</itunes:duration>",
        "<itunes:episode>7</itunes:episode>",
        "<itunes:season>2</itunes:season>",
        "<itunes:episodeType>bonus</itunes:episodeType>",
        "<itunes:explicit>true</itunes:explicit>",
        "<podcast:transcript language=\"en-GB\" type=\"text/vtt\" url=\"https://example.org/show/one/talk.vtt\"",
        "<podcast:transcript language=\"en-GB\" type=\"application/x-subrip\" url=\"https://example.com/talk.srt\"",
        "<podcast:chapters type=\"application/json+chapters\" url=\"https://example.org/show/one/chapters.json\"",
        "<podcast:person href=\"https://example.com/cy\" role=\"guest\">Cy</podcast:person>",
        "<media:content height=\"480\" medium=\"image\" type=\"image/png\" url=\"https://example.org/show/one/tide.png\" width=\"640\"",
        "<media:thumbnail height=\"480\" url=\"https://example.org/show/one/tide.png\" width=\"640\"",
    ] {
        assert!(item.contains(element), "{element} in {item}");
    }
    let attachment = &json(&files, "show/feed.json")["items"][0]["attachments"][0];
    assert_eq!(attachment["duration_in_seconds"], 10);
    assert_eq!(attachment["size_in_bytes"], length);
}

#[test]
fn an_episode_is_the_same_in_the_sites_feed_which_is_no_show_itself() {
    let files = podcast().built();
    let of_site = text(&files, "rss.xml");
    assert!(of_site.contains("xmlns:itunes=") && of_site.contains("<itunes:duration>10<"), "{of_site}");
    assert!(!of_site.contains("<itunes:category"));
}

/// The podcast namespace wants it.
#[test]
fn the_guid_of_a_show_stays_wherever_the_feed_lives() {
    let site = podcast();
    let rss = text(&site.built(), "show/rss.xml");
    let guid = |rss: &str| between(rss, "<podcast:guid>", "<")[0].to_owned();
    site.write("site.toml", TOML.replace("https://example.org/", "https://other.example/"));
    let moved = text(&site.built(), "show/rss.xml");
    assert_eq!(guid(&rss), guid(&moved));
    assert_eq!(uuid::Uuid::parse_str(&guid(&rss)).unwrap().get_version_num(), 5);
}

#[test]
fn a_recording_that_changes_changes_the_feed() {
    let site = podcast();
    site.built();
    site.write("content/show/one/one.mp3", mp3(766));
    let files = site.built();
    assert!(text(&files, "show/rss.xml").contains("<itunes:duration>20</itunes:duration>"));
    let verified = site.command(&["verify", "--now", crate::site::NOW]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn all_episodes_are_in_the_feed_of_a_show() {
    let site = podcast();
    for number in 1..=25 {
        site.write(
            &format!("content/show/e{number}.md"),
            format!(
                "+++\ntitle = \"{number}\"\ndate = 2026-01-{number:02}\nenclosure = \"one/one.mp3\"\n+++\n"
            ),
        );
    }
    let files = site.built();
    assert_eq!(text(&files, "show/rss.xml").matches("<item>").count(), 26);
    assert_eq!(text(&files, "rss.xml").matches("<item>").count(), 20);
}

#[test]
fn what_a_directory_would_refuse_is_said() {
    let site = podcast();
    site.write("content/show/_index.md", "+++\ntitle = \"S\"\n[podcast]\ncategories = [\"News > Weather\", \"Ships\"]\ntype = \"daily\"\nowner = { name = \"A\" }\n+++\n");
    let output = site.build(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in [
        "`[podcast]` has no `image`",
        "`[podcast]` has no `explicit`",
        "has no `owner.email`",
        "Apple knows no category \u{201c}News > Weather\u{201d}",
        "Apple knows no category \u{201c}Ships\u{201d}",
        "use one of `episodic`, `serial`",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let site = podcast();
    site.write("content/show/cover.png", png(640, 480));
    site.write("content/show/note.md", "+++\ntitle = \"Note\"\ndate = 2026-01-03\n+++\nNo recording.\n");
    let output = site.build(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for part in ["the cover has 640 by 480 pixels", "none of its files is a recording"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    site.write("content/show/one/index.md", EPISODE.replace("talk.vtt", "missing.vtt"));
    let output = site.build(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.vtt"), "{output:?}");
}

/// What the podcast namespace and Apple's elements say of numbers: the one has decimals, the other counts from 1.
#[test]
fn the_number_of_an_episode_is_written_where_it_may_be() {
    for (lines, elements, warnings) in [
        ("number = 7", "itunes:episode>7 podcast:episode>7", 0),
        ("number = \"7\"", "itunes:episode>7 podcast:episode>7", 0),
        ("number = 0", "podcast:episode>0", 1),
        ("number = 315.5", "podcast:episode>315.5", 1),
        ("season = 2", "itunes:season>2 podcast:season>2", 0),
        ("season = 0", "podcast:season>0", 1),
    ] {
        let site = podcast();
        let (head, tail) = EPISODE.split_once("[episode]\nnumber = 7\nseason = 2\n").unwrap();
        site.write("content/show/one/index.md", format!("{head}[episode]\n{lines}\n{tail}"));
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems.len()), (Some(0), warnings), "{lines}: {problems:?}");
        assert!(
            problems.iter().all(|one| one.starts_with("podcast::number content/show/one/index.md:")),
            "{problems:?}"
        );
        let rss = text(&site.output(), "show/rss.xml");
        let all = ["itunes:episode>", "podcast:episode>", "itunes:season>", "podcast:season>"];
        let found: Vec<String> = all
            .iter()
            .flat_map(|name| {
                between(&rss, &format!("<{name}"), "<").into_iter().map(move |value| format!("{name}{value}"))
            })
            .collect();
        assert_eq!(found.join(" "), elements, "{lines}");
    }
    for (lines, help) in [
        ("number = -1", "number = 1"),
        ("number = \"S01E05\"", "number = 01"),
        ("season = 1.5", "season = 2"),
    ] {
        let site = podcast();
        let (head, tail) = EPISODE.split_once("[episode]\nnumber = 7\nseason = 2\n").unwrap();
        site.write("content/show/one/index.md", format!("{head}[episode]\n{lines}\n{tail}"));
        let (code, report) = site.report(&[]);
        assert_eq!(code, Some(1), "{lines}");
        assert!(report["problems"][0]["help"].as_str().unwrap().contains(help), "{lines}: {report}");
    }
}

#[test]
fn values_of_a_show_are_checked_and_the_right_one_is_proposed() {
    for (from, to, place, help) in [
        (
            "categories = [\"News > Daily News\", \"Society & Culture\"]",
            "categories = [\"\"]",
            "6:14",
            "categories = [\"News > Daily News\"]",
        ),
        (
            "categories = [\"News > Daily News\", \"Society & Culture\"]",
            "categories = []",
            "6:14",
            "categories = [\"News > Daily News\"]",
        ),
        ("News > Daily News", "news", "6:14", "did you mean `News`?"),
        ("News > Daily News", "Tech News", "6:14", "did you mean `News > Tech News`?"),
        ("News > Daily News", "News > Daily", "6:14", "below `News` are:"),
        ("News > Daily News", "History > Ships", "6:14", "`History` has no subcategories"),
        ("explicit = false", "explicit = \"clean\"", "7:12", "write `explicit = false`"),
        ("explicit = false", "explicit = \"yes\"", "7:12", "write `explicit = true`"),
        ("desk@example.org", "the desk", "8:38", "desk@example.org"),
        ("explicit = false", "explicit = false\ntype = \"serail\"", "8:8", "did you mean `serial`?"),
        ("explicit = false", "explicit = false\nmedium = \"musik\"", "8:10", "did you mean `music`?"),
        ("explicit = false", "explicit = false\nlocked = \"yes\"", "8:10", "write `locked = true`"),
        ("explicit = false", "explicit = false\nguid = \"y0ur-gu1d\"", "8:8", "36 characters"),
        ("explicit = false", "explicit = false\nnew_feed_url = \"/feed\"", "8:16", "https://example.org/"),
        ("explicit = false", "explicit = false\nfunding = { text = \"Give\" }", "8:11", "url = "),
        ("role = \"Host\"", "role = \"Hots\"", "11:8", "did you mean `host`?"),
        ("role = \"Host\"", "group = \"writings\"", "11:9", "did you mean `writing`?"),
    ] {
        let site = podcast();
        assert!(SHOW.contains(from), "{from}");
        site.write("content/show/_index.md", SHOW.replace(from, to));
        let (_, report) = site.report(&[]);
        let found = report["problems"].as_array().unwrap().iter().find(|one| {
            format!("{}:{}", one["line"], one["column"]) == place && one["file"] == "content/show/_index.md"
        });
        let found = found.unwrap_or_else(|| panic!("{to}: {report}"));
        assert!(found["help"].as_str().unwrap().contains(help), "{to}: {found}");
    }
}

#[test]
fn further_values_of_a_show_are_in_its_feed() {
    let site = podcast();
    let lines = "explicit = false\ntype = \"Serial\"\nmedium = \"audiobook\"\nguid = \"https://podnews.net/rss/\"\nfunding = [{ url = \"https://example.com/a\", text = \"Give\" }, { url = \"/join/\" }]";
    site.write(
        "content/show/_index.md",
        SHOW.replace("explicit = false", lines).replace("role =", "group = \"Writing\"\nrole ="),
    );
    let rss = text(&site.built(), "show/rss.xml");
    for element in [
        "<itunes:type>serial</itunes:type>",
        "<podcast:medium>audiobook</podcast:medium>",
        // The example of the standard for the feed podnews.net/rss.
        "<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>",
        "<podcast:funding url=\"https://example.com/a\">Give</podcast:funding>",
        "<podcast:funding url=\"https://example.org/join/\"",
        "<podcast:person group=\"writing\" role=\"host\">Ada</podcast:person>",
    ] {
        assert!(rss.contains(element), "{element} in {rss}");
    }
}

#[test]
fn lint_has_nothing_to_say_of_a_show_that_is_right() {
    let site = podcast();
    site.built();
    let output = site.command(&["feeds", "lint", "--now", crate::site::NOW]).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains("0 errors, 0 warnings"), "{said}");
}

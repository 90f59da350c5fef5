//! Hostile inputs: what they may not do, and the bounds that hold them.

use std::process::Output;

use crate::site::{NOW, Site, TOML};

/// Characters that may reach no terminal: of C0, DEL and C1, marks of direction, separators of lines.
const EVIL: &str =
    "\u{1b}]0;x\u{7}\u{1b}[31m\u{8}\r\t\u{7f}\u{85}\u{9b}2J\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}";

/// True for a character that no output may have.
fn is_raw(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || matches!(u32::from(letter), 0x61c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069)
}

/// The output of a command, which has no raw control character.
fn said(site: &Site, arguments: &[&str]) -> Output {
    let mut command = site.command(arguments);
    if !matches!(arguments[0], "templates" | "theme" | "rollback" | "new" | "--what\u{1b}") {
        command.args(["--now", NOW]);
    }
    let output = command.output().unwrap();
    let is_csv = arguments.contains(&"csv");
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let text = if is_csv { text.replace("\r\n", "\n") } else { text };
        let raw = text.lines().find(|line| line.contains(is_raw));
        assert_eq!(raw, None, "{arguments:?} prints {raw:?}");
        let forged = text.lines().find(|line| line.starts_with("published content/forged"));
        assert_eq!(forged, None, "{arguments:?}");
    }
    output
}

/// A site in which every name, title and value that may have such characters has them.
fn evil_site() -> Site {
    let json = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f");
    let title = json(&format!("T{EVIL}\npublished content/forged.md at /x/"));
    let front = |more: &str| format!("{{\"title\": {title}, \"date\": \"2026-11-01\"{more}}}\n");
    let site = Site::new(&[]);
    site.write(
        "site.toml",
        TOML.replace("title = \"T\"", &format!("title = {title}\ndescription = {title}")),
    );
    site.write("content/_index.md", front("").replace(", \"date\": \"2026-11-01\"", ""));
    let name = "x\npublished content\u{2044}forged.md\u{1b}[31m\u{9b}\u{202e}";
    site.write(&format!("content/news/{name}.md"), front(""));
    site.write("content/news/plain.md", front(", \"tags\": [\"a\u{202e}b\"], \"authors\": [\"A\u{9b}\"]"));
    site.write("content/news/later.md", front("").replace("2026-11-01", "2027-11-01"));
    site.write(&format!("static/{name}.bin"), "x");
    site
}

const COMMANDS: &[&[&str]] = &[
    &["build", "-v", "--explain", "--timings"],
    &["build", "--format", "json"],
    &["publish"],
    &["publish", "-v"],
    &["publish", "-v", "--format", "json"],
    &["verify"],
    &["list"],
    &["list", "--format", "json"],
    &["list", "--format", "csv"],
    &["explain", "content/news/plain.md"],
    &["explain", "content/news/plain.md", "--format", "json"],
    &["explain", "none\u{1b}[31m\n"],
    &["due"],
    &["due", "--format", "json"],
    &["feeds", "preview", "--against", "old"],
    &["feeds", "preview", "--against", "old", "--format", "json"],
    &["feeds", "preview", "--against", "none\u{1b}"],
    &["feeds", "lint"],
    &["feeds", "lint", "evil.xml", "evil.json", "-v"],
    &["feeds", "lint", "evil.xml", "evil.json", "--format", "json"],
    &["feeds", "lint", "none\u{1b}\n.xml"],
    &["hosting", "nginx"],
    &["hosting", "caddy"],
    &["hosting", "headers"],
    &["templates", "none\u{1b}[31m.html"],
    &["theme", "eject", "none\u{1b}[31m.html"],
    &["rollback", "--list", "--out", "none\u{1b}\n"],
    &["new", "article", "x\u{1b}[31m.exe"],
    &["new", "site\u{9b}\n\u{202e}x"],
    &["--what\u{1b}"],
];

fn run_all(site: &Site) {
    let xml = format!(
        "<rss version=\"2.0\"><channel><title>{EVIL}</title><x{EVIL}/><link>{EVIL}</link>\n<item><guid>a{EVIL}</guid><pubDate>{EVIL}</pubDate></item></channel></rss>"
    );
    site.write("evil.xml", xml);
    let json = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"{EVIL}\": 1, \"items\": [{{\"id\": \"a{EVIL}\"}}]}}"
    );
    site.write("evil.json", json.replace(['\u{1b}', '\u{7}', '\u{8}', '\r', '\t'], ""));
    let feed = "<rss version=\"2.0\"><channel><title>a\u{9b}\u{202e}</title><link>https://example.org/</link><description>x</description><item><title>b\u{85}\u{202e}</title><guid isPermaLink=\"false\">tag:c\u{9b}</guid><pubDate>Sun, 01 Nov 2026 00:00:00 +0000</pubDate></item></channel></rss>";
    site.write("old/rss.xml", feed);
    for command in COMMANDS {
        said(site, command);
    }
}

#[test]
fn no_command_prints_a_control_character_of_a_site() {
    let site = evil_site();
    run_all(&site);
    // The articles are public, so that the commands had something to tell of.
    let output = said(&site, &["list"]);
    let list = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(!list.is_empty(), "{output:?}");
    assert!(list.contains("\\u{1b}]0;x\\u{7}") && list.contains("\\npublished content"), "{list}");
    assert_eq!(list.lines().count(), 3, "{list}");
}

#[test]
fn no_error_prints_a_control_character_of_its_source() {
    let site = evil_site();
    let names = ["k\u{1b}[31m\u{9b}", "j\n\u{202e}"];
    for (number, name) in names.iter().enumerate() {
        let bad = format!("+++\ntitle = \"x\"\n{EVIL} = 1\n+++\n");
        site.write(&format!("content/{name}.md"), bad);
        site.write(
            &format!("content/yaml{name}.md"),
            format!("---\ntitle: \"a\\e[31m\"\ndate: \"\\e[31m{number}\"\n\"b\\e\": 1\n---\n"),
        );
        site.write(
            &format!("content/body{name}.md"),
            format!("+++\ntitle = \"x\"\n+++\n[a{EVIL}](no{EVIL}.md)\n\n![](\u{9b}.png)\n\n{{{{ <no\u{9b} a=\"\u{202e}\"> }}}}\n"),
        );
        site.write(&format!("templates/{name}.html"), format!("{{{{ {EVIL} "));
    }
    site.write("static/a.css", format!("@import \"{EVIL}\"; a {{ {EVIL}"));
    run_all(&site);
    for toml in [
        format!("{TOML}\n{EVIL} = 1\n"),
        format!("{TOML}\"a\\u001b\\u009b\" = 1\nslugs = \"\\u001b\u{202e}\"\n"),
    ] {
        site.write("site.toml", toml);
        run_all(&site);
    }
}

#[test]
fn a_field_of_csv_is_one_line_and_no_formula() {
    let site = Site::new(&[]);
    for (number, title) in
        ["=1+1", "+1", "-1", "@a", "\\t=1", "\\u001b=1", "a\\nb", "\\uff1d1"].iter().enumerate()
    {
        site.write(
            &format!("content/a{number}.md"),
            format!("{{\"title\": \"{title}\", \"date\": \"2026-11-01\", \"id\": \"=x{number}\"}}\n"),
        );
    }
    let output = said(&site, &["list", "--format", "csv"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("\r\n").count(), 9, "{text}");
    for field in text.lines().flat_map(|line| line.trim_end().split(',')) {
        assert!(
            !field.trim_matches('"').starts_with(['=', '+', '-', '@', '\t', '\u{ff1d}']),
            "{field:?} in {text}"
        );
    }
}

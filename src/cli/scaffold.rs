//! The texts of a new site and a new article.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use dateline::source::Format;

/// Path and text of each file of a new site.
pub fn files(now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let day = now.format("%Y-%m-%d").to_string();
    let wire_day = now.format("%A, %-d %B, %Y").to_string();
    let year = now.year().to_string();
    let cards = cfg!(feature = "images").to_string();
    let fill = |text: &str| {
        let text = text.replace("{day}", &day).replace("{wire_day}", &wire_day).replace("{year}", &year);
        text.replace("{cards}", &cards)
    };
    vec![
        ("site.toml", fill(include_str!("scaffold/site.toml"))),
        (".gitignore", "/public\n/public.trees/\n/.dateline/\n".to_owned()),
        ("content/_index.md", fill(include_str!("scaffold/index.md"))),
        ("content/news/_index.md", fill(include_str!("scaffold/news.md"))),
        ("content/news/first-article.md", fill(include_str!("scaffold/article.md"))),
        ("content/news/ferry-returns.txt", fill(include_str!("scaffold/wire.txt"))),
        ("content/about.md", fill(include_str!("scaffold/about.md"))),
    ]
}

/// The text of a new article at `path` below `content/`, dated `now` in `zone`.
pub fn article(path: &str, format: Format, now: DateTime<Utc>, zone: Tz) -> String {
    let local = super::new::today(now, zone);
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let folder = path.rsplit('/').nth(1).unwrap_or("article");
    let section = name == "_index";
    let name = if name == "index" || section { folder } else { name };
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    let title: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    match format {
        Format::Wire => {
            let time = local.format("%A, %-d %B, %Y, %-I:%M%P");
            format!("{title}\n\nPUBLISHED : {time}\n\nThe first paragraph.\n")
        }
        Format::Markdown | Format::Html => {
            let date = local.format("%Y-%m-%dT%H:%M:%S%:z");
            let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
            if section {
                return format!("+++\ntitle = \"{quoted}\"\n+++\n");
            }
            let body = if format == Format::Html { "<p></p>\n" } else { "" };
            format!("+++\ntitle = \"{quoted}\"\ndate = {date}\ndraft = true\n+++\n\n{body}")
        }
    }
}

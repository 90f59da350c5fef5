//! The texts of a new site and a new article.

use chrono::{DateTime, Datelike, Utc};
use dateline::schema::{of_front_matter, of_site};
use dateline::source::{Format, Owner};

use super::archetype::NewArticle;

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
    let taxonomies = ["authors", "topics", "tags"].map(str::to_owned);
    vec![
        ("site.toml", fill(include_str!("scaffold/site.toml"))),
        // Editors with Taplo (Even Better TOML) check site.toml by its schema.
        (
            ".taplo.toml",
            "[[rule]]\ninclude = [\"site.toml\"]\n\n[rule.schema]\npath = \"./.vscode/site.schema.json\"\n"
                .to_owned(),
        ),
        (".vscode/settings.json", include_str!("scaffold/settings.json").to_owned()),
        (".vscode/site.schema.json", format!("{:#}\n", of_site())),
        (
            ".vscode/front-matter.schema.json",
            format!("{:#}\n", of_front_matter(Owner::Article, &taxonomies, &[], false)),
        ),
        (".gitignore", "/public\n/public.trees/\n/.dateline/\n".to_owned()),
        ("content/_index.md", fill(include_str!("scaffold/index.md"))),
        ("content/news/_index.md", fill(include_str!("scaffold/news.md"))),
        ("content/news/first-article.md", fill(include_str!("scaffold/article.md"))),
        ("content/news/ferry-returns.txt", fill(include_str!("scaffold/wire.txt"))),
        ("content/about.md", fill(include_str!("scaffold/about.md"))),
    ]
}

/// The text of a new article for which the site has no archetype.
pub fn article(article: &NewArticle) -> String {
    let NewArticle { title, date, is_section, format, .. } = article;
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    match format {
        Format::Wire => {
            let time = date.format("%A, %-d %B, %Y, %-I:%M%P");
            format!("{title}\n\nPUBLISHED : {time}\n\nThe first paragraph.\n")
        }
        _ if *is_section => format!("+++\ntitle = \"{quoted}\"\n+++\n"),
        Format::Markdown | Format::Html => {
            let date = date.format("%Y-%m-%dT%H:%M:%S%:z");
            let body = if *format == Format::Html { "<p></p>\n" } else { "" };
            format!("+++\ntitle = \"{quoted}\"\ndate = {date}\ndraft = true\n+++\n\n{body}")
        }
    }
}

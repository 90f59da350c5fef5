//! The texts of a new site and a new article.

mod kinds;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use dateline::schema::{of_front_matter, of_site};
use dateline::source::{Format, Owner};

use super::archetype::NewArticle;
use super::arguments::SiteKind;

/// A file of a new site: its path and its content.
pub type NewFile = (&'static str, Vec<u8>);

/// The files of a new site of this kind.
pub fn files(kind: SiteKind, now: DateTime<Utc>) -> Vec<NewFile> {
    let taxonomies = ["authors", "topics", "tags"].map(str::to_owned);
    let front_matter = of_front_matter(Owner::Article, &taxonomies, &[], false);
    let for_editors = [
        // Editors with Taplo (Even Better TOML) check site.toml by its schema.
        (
            ".taplo.toml",
            "[[rule]]\ninclude = [\"site.toml\"]\n\n[rule.schema]\npath = \"./.vscode/site.schema.json\"\n"
                .to_owned(),
        ),
        (".vscode/settings.json", include_str!("scaffold/settings.json").to_owned()),
        (".vscode/site.schema.json", format!("{:#}\n", of_site())),
        (".vscode/front-matter.schema.json", format!("{front_matter:#}\n")),
        (".gitignore", "/public\n/public.trees/\n/.dateline/\n".to_owned()),
    ];
    let texts = kinds::texts(kind).iter().map(|(path, text)| (*path, filled(text, now)));
    let texts = texts.chain(for_editors).map(|(path, text)| (path, text.into_bytes()));
    texts.chain(kinds::others(kind)).collect()
}

/// `text` with its placeholders filled: `{day}`, `{day-9}` and `{day+9}` are days, `{year}` is this year.
fn filled(text: &str, now: DateTime<Utc>) -> String {
    let mut filled = text
        .replace("{wire_day}", &now.format("%A, %-d %B, %Y").to_string())
        .replace("{year}", &now.year().to_string())
        .replace("{cards}", if cfg!(feature = "images") { "true" } else { "false" });
    while let Some(start) = filled.find("{day") {
        let Some(length) = filled[start..].find('}') else { break };
        let days: i64 = filled[start + "{day".len()..start + length].parse().unwrap_or(0);
        let day = (now + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
        filled.replace_range(start..=start + length, &day);
    }
    filled
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_today() {
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        let text = "{day} {day-1} {day+31}T08:00:00Z {year} {wire_day}";
        let expected = "2026-03-01 2026-02-28 2026-04-01T08:00:00Z 2026 Sunday, 1 March, 2026";
        assert_eq!(filled(text, now), expected);
    }
}

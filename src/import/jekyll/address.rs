//! Addresses by Jekyll's rules.

use chrono::{Datelike, NaiveDateTime, Timelike};

/// `text` as a slug, in Jekyll's mode "default": letters and digits of all scripts, the rest is `-`.
pub fn slugify(text: &str) -> String {
    slug(text, is_letter).to_lowercase()
}

/// `text` as a slug in Jekyll's mode "pretty", with its capitals.
pub fn pretty(text: &str) -> String {
    slug(text, |letter| is_letter(letter) || "._~!$&'()+,;=@".contains(letter))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter)
}

fn slug(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let kept: String = text.chars().map(|letter| if is_kept(letter) { letter } else { '-' }).collect();
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The parts of a document that its address may be made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The date in the zone of the site.
    pub date: Option<NaiveDateTime>,
    /// The name of the file without date and extension.
    pub name: &'a str,
    /// `slug` of the front matter.
    pub slug: Option<&'a str>,
    /// Its categories.
    pub categories: &'a [String],
    /// The collection; empty for a page.
    pub collection: &'a str,
    /// The path of the file in its collection, or of the page, without extension: `sea/ferry`.
    pub path: &'a str,
}

/// The pattern of a style by its name; a pattern is one itself.
pub fn style(permalink: &str) -> String {
    let pattern = match permalink {
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        pattern => pattern,
    };
    pattern.to_owned()
}

/// `pattern` with the ending that pages and documents of collections have under the style `permalink`.
pub fn with_suffix(pattern: &str, permalink: &str) -> String {
    match permalink {
        "pretty" => format!("{pattern}/"),
        "date" | "ordinal" | "weekdate" | "none" => format!("{pattern}:output_ext"),
        own if own.ends_with('/') => format!("{pattern}/"),
        own if own.ends_with(":output_ext") => format!("{pattern}:output_ext"),
        _ => pattern.to_owned(),
    }
}

impl Parts<'_> {
    /// The address by `pattern`. A placeholder that nobody knows stays as it is.
    pub fn by_pattern(&self, pattern: &str) -> String {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(':') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let length = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
            // `:title_x` is `:title` and `_x`.
            let known = (1..=length).rev().find_map(|end| Some((end, self.token(&rest[..end])?)));
            match known {
                Some((end, value)) => {
                    out.push_str(&value);
                    rest = &rest[end..];
                }
                None => out.push(':'),
            }
        }
        out.push_str(rest);
        let mut out = format!("/{}", out.trim_start_matches('/'));
        while out.contains("//") {
            out = out.replace("//", "/");
        }
        out
    }

    fn token(&self, name: &str) -> Option<String> {
        let date = self.date.unwrap_or_default();
        let week = date.iso_week();
        Some(match name {
            "year" => format!("{:04}", date.year()),
            "short_year" => format!("{:02}", date.year() % 100),
            "month" => format!("{:02}", date.month()),
            "i_month" => date.month().to_string(),
            "short_month" => date.format("%b").to_string(),
            "long_month" => date.format("%B").to_string(),
            "day" => format!("{:02}", date.day()),
            "i_day" => date.day().to_string(),
            "y_day" => format!("{:03}", date.ordinal()),
            "w_year" => week.year().to_string(),
            "week" => format!("{:02}", week.week()),
            "w_day" => date.weekday().number_from_monday().to_string(),
            "short_day" => date.format("%a").to_string(),
            "long_day" => date.format("%A").to_string(),
            "hour" => format!("{:02}", date.hour()),
            "minute" => format!("{:02}", date.minute()),
            "second" => format!("{:02}", date.second()),
            "title" => pretty(self.slug.unwrap_or(self.name)),
            "slug" => slugify(self.slug.unwrap_or(self.name)),
            "name" => slugify(self.name),
            "basename" => self.name.to_owned(),
            "categories" => {
                let mut all: Vec<String> = Vec::new();
                for one in self.categories.iter().map(|one| one.to_lowercase()) {
                    if !all.contains(&one) {
                        all.push(one);
                    }
                }
                all.join("/")
            }
            "slugified_categories" => {
                self.categories.iter().map(|one| slugify(one)).collect::<Vec<_>>().join("/")
            }
            "collection" => self.collection.to_owned(),
            "path" => self.path.to_owned(),
            "output_ext" => ".html".to_owned(),
            _ => return None,
        })
    }
}

/// A pattern of Jekyll in the placeholders of Dateline, as near as they come.
pub fn pattern(pattern: &str) -> Option<String> {
    let known = [
        (":categories", ""),
        (":year", "{yyyy}"),
        (":month", "{mm}"),
        (":day", "{dd}"),
        (":title", "{slug}"),
        (":slug", "{slug}"),
        (":output_ext", ".html"),
    ];
    let text = known
        .iter()
        .fold(format!("/{}", pattern.trim_start_matches('/')), |text, (name, own)| text.replace(name, own));
    let text = text.replace("//", "/");
    let is_whole = text.ends_with(['/']) || text.ends_with(".html");
    (text.contains("{slug}") && !text.contains(':')).then(|| if is_whole { text } else { format!("{text}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_and_patterns_are_filled() {
        let date = chrono::NaiveDate::from_ymd_opt(2014, 2, 4).and_then(|day| day.and_hms_opt(9, 5, 0));
        let categories = ["Sea Side".to_owned(), "news".to_owned()];
        let parts = Parts {
            date,
            name: "Night_Ferry & co",
            slug: None,
            categories: &categories,
            collection: "posts",
            path: "x/y",
        };
        for (pattern, path) in [
            ("date", "/sea side/news/2014/02/04/Night_Ferry-&-co.html"),
            ("pretty", "/sea side/news/2014/02/04/Night_Ferry-&-co/"),
            ("ordinal", "/sea side/news/2014/035/Night_Ferry-&-co.html"),
            ("weekdate", "/sea side/news/2014/W06/Tue/Night_Ferry-&-co.html"),
            ("none", "/sea side/news/Night_Ferry-&-co.html"),
            ("/blog/:slugified_categories/:i_day-:slug", "/blog/sea-side/news/4-night-ferry-co"),
            ("/:collection/:path:output_ext", "/posts/x/y.html"),
            ("/:year/:fathom/", "/2014/:fathom/"),
        ] {
            assert_eq!(parts.by_pattern(&style(pattern)), path, "{pattern}");
        }
        assert_eq!(pattern(&style("pretty")).as_deref(), Some("/{yyyy}/{mm}/{dd}/{slug}/"));
        assert_eq!(pattern(&style("date")).as_deref(), Some("/{yyyy}/{mm}/{dd}/{slug}.html"));
        assert_eq!(pattern("/:y_day/:title"), None);
    }
}

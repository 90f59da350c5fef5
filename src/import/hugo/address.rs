//! Addresses by Hugo's rules.

use chrono::{Datelike, NaiveDateTime};

/// `text` as a part of a path: blanks become one `-`, and characters that paths don't have go. With `keep_case`, capitals
/// stay.
pub fn sanitize(text: &str, keep_case: bool) -> String {
    let text = if keep_case { text.to_owned() } else { text.to_lowercase() };
    let mut out = String::with_capacity(text.len());
    let (mut owes_hyphen, mut was_hyphen) = (false, false);
    let bytes = text.as_bytes();
    for (at, letter) in text.char_indices() {
        let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let is_mark = || unicode_normalization::char::is_combining_mark(letter);
        let is_allowed = letter.is_alphanumeric()
            || "./\\_#+~-@".contains(letter)
            || letter == '%' && is_hex(at + 1) && is_hex(at + 2)
            || is_mark();
        if is_allowed {
            was_hyphen = letter == '-';
            if std::mem::take(&mut owes_hyphen) && !was_hyphen {
                out.push('-');
            }
            out.push(letter);
        } else if !out.is_empty() && !was_hyphen && letter.is_whitespace() {
            owes_hyphen = true;
        }
    }
    out
}

/// The name of a file, a folder or a term as a part of a path: each blank is a `-`.
pub fn of_name(name: &str, keep_case: bool) -> String {
    sanitize(&name.replace(' ', "-"), keep_case)
}

/// A title as a part of a path.
pub fn of_title(title: &str, keep_case: bool) -> String {
    let plain = sanitize(title, keep_case).replace(['+', '/', '\\'], "-");
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The parts of a page that its address may be made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The folders, already as parts of paths, without slashes at the ends.
    pub folder: &'a str,
    /// The name of the file without extension and language; of a bundle, that of its folder.
    pub name: &'a str,
    /// `slug` of the front matter.
    pub slug: Option<&'a str>,
    /// The title.
    pub title: &'a str,
    /// The date on the author's clock.
    pub date: Option<NaiveDateTime>,
    /// True if addresses keep capitals.
    pub keep_case: bool,
}

impl Parts<'_> {
    /// The last part of the address without a pattern.
    fn last(&self) -> String {
        match self.slug {
            Some(slug) => sanitize(slug.trim_matches('/'), self.keep_case),
            None => of_name(self.name, self.keep_case),
        }
    }

    /// The address without a pattern, and with no slash at its ends.
    pub fn plain(&self) -> String {
        format!("{}/{}", self.folder, self.last()).trim_matches('/').to_owned()
    }

    /// The address by the pattern `/:year/:title/`, with no slash at its ends; `None` for a pattern that nobody knows.
    pub fn by_pattern(&self, pattern: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(':') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let (name, mut behind) = rest.split_at(length);
            let mut slice = None;
            if name == "sections"
                && let Some(inner) = behind.strip_prefix('[').and_then(|text| text.split_once(']'))
            {
                (slice, behind) = (Some(inner.0), inner.1);
            }
            out.push_str(&self.token(name, slice)?);
            rest = behind;
        }
        out.push_str(rest);
        while out.contains("//") {
            out = out.replace("//", "/");
        }
        Some(out.trim_matches('/').to_owned())
    }

    fn token(&self, name: &str, slice: Option<&str>) -> Option<String> {
        let date = self.date.unwrap_or_default();
        let sections: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        Some(match name {
            "year" | "2006" => format!("{:04}", date.year()),
            "06" => format!("{:02}", date.year() % 100),
            "month" | "01" => format!("{:02}", date.month()),
            "1" => date.month().to_string(),
            "monthname" | "January" => date.format("%B").to_string().to_lowercase(),
            "Jan" => date.format("%b").to_string().to_lowercase(),
            "day" | "02" => format!("{:02}", date.day()),
            "2" => date.day().to_string(),
            "weekday" => date.weekday().num_days_from_sunday().to_string(),
            "weekdayname" => date.format("%A").to_string().to_lowercase(),
            "yearday" => date.ordinal().to_string(),
            "section" => sections.first().copied().unwrap_or_default().to_owned(),
            "sections" => match slice {
                None => sections.join("/"),
                Some("last") => sections.last().copied().unwrap_or_default().to_owned(),
                Some(slice) => sliced(&sections, slice)?.join("/"),
            },
            "title" => of_title(self.title, self.keep_case),
            "slug" => match self.slug {
                Some(_) => self.last(),
                None => of_title(self.title, self.keep_case),
            },
            "slugorfilename" | "slugorcontentbasename" => self.last(),
            "filename" | "contentbasename" => of_name(self.name, self.keep_case),
            _ => return None,
        })
    }
}

/// The items that a slice such as `1:`, `:2` or `0` names.
fn sliced<'a, 'b>(items: &'a [&'b str], slice: &str) -> Option<&'a [&'b str]> {
    let number = |text: &str, default: usize| match text.trim() {
        "" => Some(default),
        "last" => Some(items.len().saturating_sub(1)),
        text => text.parse::<usize>().ok().map(|number| number.min(items.len())),
    };
    let range = match slice.split_once(':') {
        Some((from, to)) => number(from, 0)?..number(to, items.len())?,
        None => {
            let at = number(slice, 0)?;
            at..(at + 1).min(items.len())
        }
    };
    Some(items.get(range).unwrap_or_default())
}

/// A pattern of Hugo in the placeholders of Dateline, as near as they come: each article that lives elsewhere gets its path.
pub fn pattern(pattern: &str) -> Option<String> {
    let mut text = String::from("/");
    let mut rest = pattern.trim_matches('/');
    while let Some(at) = rest.find(':') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        text.push_str(match name {
            "year" | "2006" => "{yyyy}",
            "month" | "01" => "{mm}",
            "day" | "02" => "{dd}",
            "slugorcontentbasename"
            | "slugorfilename"
            | "contentbasename"
            | "filename"
            | "title"
            | "slug" => "{slug}",
            "sections" | "section" if !behind.starts_with('[') => "{section}",
            _ => return None,
        });
        rest = behind;
    }
    text.push_str(rest);
    text.push('/');
    text.contains("{slug}").then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_slugs_and_titles_are_what_hugo_makes_of_them() {
        // As Hugo 0.168 has them.
        for (text, slug, name, title) in [
            ("a+b C++", "a+b-c++", "a+b-c++", "a-b-c"),
            ("x_y  z", "x_y-z", "x_y--z", "x_y-z"),
            ("a~b!", "a~b", "a~b", "a~b"),
            ("v1.2 d", "v1.2-d", "v1.2-d", "v1.2-d"),
            ("a/b c", "a/b-c", "a/b-c", "a-b-c"),
            ("100% c", "100-c", "100-c", "100-c"),
            ("\u{c9} \u{d6}", "\u{e9}-\u{f6}", "\u{e9}-\u{f6}", "\u{e9}-\u{f6}"),
            ("dash - dash", "dash-dash", "dash---dash", "dash-dash"),
            ("a@b #c", "a@b-#c", "a@b-#c", "a@b-#c"),
            ("it's (so)", "its-so", "its-so", "its-so"),
            (
                "\u{65e5}\u{672c} \u{8a9e}",
                "\u{65e5}\u{672c}-\u{8a9e}",
                "\u{65e5}\u{672c}-\u{8a9e}",
                "\u{65e5}\u{672c}-\u{8a9e}",
            ),
        ] {
            assert_eq!(sanitize(text, false), slug, "slug {text}");
            assert_eq!(of_name(text, false), name, "name {text}");
            assert_eq!(of_title(text, false), title, "title {text}");
        }
    }

    #[test]
    fn patterns_are_filled() {
        let date = chrono::NaiveDate::from_ymd_opt(2014, 2, 4).and_then(|day| day.and_hms_opt(9, 0, 0));
        let parts = Parts {
            folder: "news/sea",
            name: "The Ferry",
            slug: None,
            title: "Night boat!",
            date,
            keep_case: false,
        };
        for (pattern, path) in [
            ("/:year/:month/:day/:slug/", "2014/02/04/night-boat"),
            ("/:sections/:filename", "news/sea/the-ferry"),
            ("/:sections[1:]/:2006/:yearday/:title", "sea/2014/35/night-boat"),
            (
                "/:section/:monthname/:weekdayname/:slugorfilename.html",
                "news/february/tuesday/the-ferry.html",
            ),
        ] {
            assert_eq!(parts.by_pattern(pattern).as_deref(), Some(path), "{pattern}");
        }
        assert_eq!(parts.by_pattern("/:fathom/"), None);
        assert_eq!(pattern("/:year/:title/").as_deref(), Some("/{yyyy}/{slug}/"));
        assert_eq!(pattern("/:yearday/:title/"), None);
    }
}

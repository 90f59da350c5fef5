//! Posts and pages.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use toml::{Table, Value};

use super::comments;
use super::library::Library;
use super::shortcodes::Around;
use super::terms::Terms;
use super::text::{Converted, Means, convert};
use super::wxr::Item;
use crate::import::blog::{Names, path_below};
use crate::import::html::{kept, one_line};
use crate::import::model::{
    Article, Content, Enclosure, Image, Imported, Outcome, Section, Spot, TargetFile, When,
};
use crate::model::date::{Moment, Precision};
use crate::model::url::{SlugStyle, percent_decode, slugify};

/// The longest text before `<!--more-->` that is a summary.
const LONGEST_LEAD: usize = 1_000;
/// The most custom fields of a post, and the most bytes of each.
const MOST_FIELDS: (usize, usize) = (50, 2_000);

/// Turns posts and pages into articles.
pub(super) struct Posts<'a> {
    library: &'a Library,
    now: DateTime<Utc>,
    names: Names,
    terms: Terms,
    /// Offsets of the dates, in seconds.
    offsets: HashSet<i32>,
    has_comments: bool,
}

/// The dates of a post.
struct Dates {
    published: Option<When>,
    updated: Option<When>,
}

impl<'a> Posts<'a> {
    /// Posts of a site, as of `now`.
    pub(super) fn new(library: &'a Library, now: DateTime<Utc>) -> Posts<'a> {
        Posts {
            library,
            now,
            names: Names::default(),
            terms: Terms::default(),
            offsets: HashSet::new(),
            has_comments: false,
        }
    }

    /// Adds the item, which is of the type `kind`.
    pub(super) fn add(&mut self, item: &Item, kind: &str, spot: &Spot, imported: &mut Imported) {
        let is_page = kind == "page";
        let dates = self.dates(item, spot);
        let draft = self.draft(item, kind, dates.published.as_ref());
        let title = one_line(item.get("title"));
        if let Some(reason) = &draft {
            imported.tell(
                Outcome::Held,
                "status",
                spot.clone(),
                format!("\u{201c}{title}\u{201d}: {reason}"),
            );
        }
        let slug = percent_decode(item.get("wp:post_name"));
        let folder = if is_page { "" } else { kind };
        let stem = self.names.name(folder, &slug, &title, &item.id().to_string());
        let (url, mut aliases) = self.address(item);
        let url = self.names.address(url, spot, imported);
        let converted = self.text(item);
        report(&converted, spot, imported);
        let draft =
            draft.or_else(|| converted.text.is_flat.then(|| "its text could not be read in full".to_owned()));
        let mut body = converted.text.markdown.clone();
        if let Some(file) = comments::file(&item.comments, &stem) {
            body.push_str(&format!("\n\n{{{{ <comments of=\"{stem}\" /> }}}}"));
            imported.files.push(file);
            self.has_comments = true;
        }
        if is_page && url == "/" {
            let section =
                Section { source: spot.clone(), title: Some(title), body, draft, ..Section::default() };
            return imported.sections.push(section);
        }
        let old = item.meta.iter().filter(|(key, _)| key == "_wp_old_slug").map(|(_, slug)| slug.trim());
        aliases.extend(old.filter_map(|slug| beside(&url, slug)));
        let folder = match kind {
            "page" => String::new(),
            "post" => "posts/".to_owned(),
            other => format!("{}/", slugify(other, SlugStyle::Ascii)),
        };
        let mut article = Article {
            source: spot.clone(),
            target: format!("{folder}{stem}.md"),
            title,
            url,
            published: dates.published.filter(|_| !is_page),
            updated: dates.updated.filter(|_| !is_page),
            guid: Some(item.get("guid").to_owned()).filter(|guid| !guid.is_empty() && !is_page),
            summary: summary(item, &converted),
            authors: self.authors(item),
            image: self.image(item),
            aliases,
            enclosures: if is_page { Vec::new() } else { enclosures(item) },
            extra: extra(item),
            draft,
            body,
            ..Article::default()
        };
        self.terms.add(item, &mut article, imported);
        if item.get("wp:is_sticky") == "1" {
            article.fields.insert("featured".to_owned(), true.into());
            let text = format!("\u{201c}{}\u{201d} is sticky: it is featured now", article.title);
            imported.tell(Outcome::Changed, "sticky", spot.clone(), text);
        }
        imported.articles.push(article);
    }

    fn dates(&mut self, item: &Item, spot: &Spot) -> Dates {
        let published = when(item, "wp:post_date", spot);
        self.offsets.extend(published.iter().map(|when| when.moment.offset().local_minus_utc()));
        Dates { published, updated: when(item, "wp:post_modified", spot) }
    }

    /// Why the item is not public.
    fn draft(&self, item: &Item, kind: &str, published: Option<&When>) -> Option<String> {
        let status = item.get("wp:status");
        let is_later = published.is_some_and(|when| when.moment.instant() > self.now);
        match status {
            _ if !item.get("wp:post_password").is_empty() => Some("it needs a password".to_owned()),
            "publish" | "future" if !matches!(kind, "post" | "page") => {
                Some(format!("it is of the type `{kind}`, which a plugin or theme shows in its own way"))
            }
            "publish" | "future" if published.is_none() => Some("it has no date".to_owned()),
            "future" if !is_later => Some("it was scheduled, and WordPress never published it".to_owned()),
            "publish" | "future" => None,
            "" => Some("it has no status".to_owned()),
            status => Some(format!("its status is `{status}`")),
        }
    }

    /// The path of the item, and addresses that lead to it.
    fn address(&self, item: &Item) -> (String, Vec<String>) {
        let path = path_below(item.get("link"), &self.library.base);
        match path {
            Some(path) if path.contains('?') => {
                let is_public = item.get("wp:status") == "publish";
                (String::new(), if is_public { vec![path] } else { Vec::new() })
            }
            Some(path) => (path, Vec::new()),
            None => (String::new(), Vec::new()),
        }
    }

    fn text(&self, item: &Item) -> Converted {
        let means = Means {
            around: Around { files: &self.library.files, post: item.id() },
            reusable: &self.library.reusable,
            footnotes: item.meta("footnotes"),
        };
        convert(item.fields.raw("content:encoded"), &means)
    }

    fn authors(&self, item: &Item) -> Vec<String> {
        let login = item.get("dc:creator");
        if login.is_empty() { Vec::new() } else { vec![login.to_owned()] }
    }

    fn image(&self, item: &Item) -> Option<Image> {
        let id = item.meta("_thumbnail_id")?.parse().ok()?;
        let file = self.library.files.get(&id)?;
        let text = |text: &str| Some(one_line(text)).filter(|text| !text.is_empty());
        Some(Image { src: file.url.clone(), alt: text(&file.alt), caption: text(&file.caption) })
    }

    /// Adds what is known once all items were read: addresses and descriptions of terms, taxonomies, the component for
    /// comments.
    pub(super) fn finish(self, imported: &mut Imported) {
        self.terms.finish(self.library, imported);
        if self.has_comments {
            let content = Content::Text(comments::TEMPLATE.to_owned());
            imported.files.push(TargetFile { to: "templates/comments.html".to_owned(), content });
        }
        imported.settings.timezone = match self.offsets.iter().next() {
            Some(0) if self.offsets.len() == 1 => Some("UTC".to_owned()),
            _ => None,
        };
        if imported.settings.timezone.is_none() && !self.offsets.is_empty() {
            let text = "exports do not name the time zone: dates have their own offsets; set `timezone` for new articles";
            imported.tell(Outcome::Changed, "timezone", Spot::file("site.toml"), text);
        }
    }
}

/// The date in the field `name`: that in UTC counts, and the local one says the offset.
fn when(item: &Item, name: &str, spot: &Spot) -> Option<When> {
    let read = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
    let (gmt_name, text) = (format!("{name}_gmt"), item.get(name));
    let (local, gmt_text) = (read(text), item.get(&gmt_name));
    if let Some(gmt) = read(gmt_text) {
        let offset = local.map_or(0, |local| (local - gmt).num_seconds());
        let offset =
            i32::try_from(offset).ok().filter(|offset| offset.abs() <= 15 * 3600 && offset % 60 == 0);
        let offset = FixedOffset::east_opt(offset.unwrap_or(0))?;
        return Some(When {
            moment: Moment::new(gmt.and_utc(), offset, Precision::Second),
            text: gmt_text.to_owned(),
            rule: format!("`{gmt_name}`, which is UTC; `{name}` says the offset of the author's clock"),
            spot: spot.clone(),
        });
    }
    let is_public = matches!(item.get("wp:status"), "publish" | "future");
    let local = local.filter(|_| is_public)?;
    Some(When {
        moment: Moment::new(local.and_utc(), FixedOffset::east_opt(0)?, Precision::Second),
        text: text.to_owned(),
        rule: format!("`{name}`, read as UTC, since there is no `{gmt_name}`"),
        spot: spot.clone(),
    })
}

/// The path beside `url` whose last part is `slug`.
fn beside(url: &str, slug: &str) -> Option<String> {
    if url.is_empty() || slug.is_empty() || slug.contains('/') || slug.contains("..") {
        return None;
    }
    let trimmed = url.trim_end_matches('/');
    let (above, _) = trimmed.rsplit_once('/')?;
    let end = if url.ends_with('/') { "/" } else { "" };
    Some(format!("{above}/{slug}{end}"))
}

fn summary(item: &Item, converted: &Converted) -> Option<String> {
    let excerpt = one_line(item.get("excerpt:encoded"));
    if !excerpt.is_empty() {
        return Some(excerpt);
    }
    converted.lead.clone().filter(|lead| lead.len() <= LONGEST_LEAD)
}

/// Files of feed entries: three lines each, with address, length and media type.
fn enclosures(item: &Item) -> Vec<Enclosure> {
    let all = item.meta.iter().filter(|(key, _)| key == "enclosure");
    let enclosures = all.filter_map(|(_, value)| {
        let mut lines = value.trim().lines().map(str::trim);
        let url = lines.next().filter(|url| url.starts_with("http://") || url.starts_with("https://"))?;
        let length = lines.next().and_then(|length| length.parse().ok()).filter(|length| *length > 0);
        let media_type = lines.next().filter(|one| one.contains('/')).map(str::to_owned);
        Some(Enclosure { url: url.to_owned(), length, media_type })
    });
    enclosures.take(20).collect()
}

/// Custom fields that a person wrote, in a list: their names have no `_` before them. As a table, they could have names
/// that front matter has for something else.
fn extra(item: &Item) -> Table {
    let (most, longest) = MOST_FIELDS;
    let own = item.meta.iter().filter(|(key, value)| {
        let is_known = matches!(key.as_str(), "enclosure" | "footnotes");
        !key.is_empty()
            && !key.starts_with('_')
            && !is_known
            && value.len() <= longest
            && !value.trim().is_empty()
    });
    let field = |(key, value): &(String, String)| {
        let parts = [("name", key), ("value", value)];
        Value::Table(parts.into_iter().map(|(name, text)| (name.to_owned(), text.clone().into())).collect())
    };
    let fields: Vec<Value> = own.take(most).map(field).collect();
    let mut extra = Table::new();
    if !fields.is_empty() {
        extra.insert("custom_fields".to_owned(), Value::Array(fields));
    }
    extra
}

/// Says what became of the parts of a text.
fn report(converted: &Converted, spot: &Spot, imported: &mut Imported) {
    let mut tell = |outcome, code, text: String| imported.tell(outcome, code, spot.clone(), text);
    let names = |all: &[String]| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        all.iter().for_each(|name| *counts.entry(name).or_default() += 1);
        let all = counts
            .iter()
            .map(|(name, count)| if *count > 1 { format!("{name} ({count})") } else { (*name).to_owned() });
        all.collect::<Vec<_>>().join(", ")
    };
    if !converted.shortcodes.is_empty() {
        let text = format!("shortcodes of plugins stay as text: {}", names(&converted.shortcodes));
        tell(Outcome::Lost, "shortcode", text);
    }
    if !converted.lost.is_empty() {
        tell(Outcome::Lost, "block", format!("blocks that only WordPress fills: {}", names(&converted.lost)));
    }
    if !converted.foreign.is_empty() {
        tell(
            Outcome::Changed,
            "block",
            format!("of blocks of plugins, the HTML was taken: {}", names(&converted.foreign)),
        );
    }
    if !converted.text.dropped.is_empty() {
        let all: Vec<String> = converted.text.dropped.iter().cloned().collect();
        tell(Outcome::Lost, "element", format!("elements that articles can't have: {}", names(&all)));
    }
    if converted.text.kept > 0 {
        tell(Outcome::Changed, "html", kept(converted.text.kept));
    }
    if converted.text.is_flat {
        tell(
            Outcome::Held,
            "depth",
            "its HTML is nested too deeply to be read: only the words were taken".to_owned(),
        );
    }
    if converted.has_pages {
        tell(Outcome::Changed, "pages", "its pages (`<!--nextpage-->`) are one page now".to_owned());
    }
}

//! Ghost, by the JSON file that "Settings → Export" makes.

mod cards;
mod lexical;
mod mobiledoc;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use tables::{Export, Post, Text, number};
use toml::Table;

use super::blog::{Names, keep_punctuation};
use super::html::{Converter, kept, markdown, one_line};
use super::model::{
    Article, Author, Feeds, Image, Imported, Outcome, Section, Settings, Spot, Taxonomy, When,
};
use super::site::plain_settings;
use super::{ImportError, Source};
use crate::model::date::{Moment, Precision, parse_zone};
use crate::model::url::{SlugStyle, slugify, slugify_term};
use crate::storage::file;

/// The number of entries in feeds of Ghost.
const FEED_LENGTH: u32 = 15;
/// The mark of the site's own address in exports.
const OWN_URL: &str = "__GHOST_URL__";
/// The most terms of a post.
const MOST_TERMS: usize = 150;

/// True if the file begins as an export does.
pub fn is_at(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64 * 1024).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    let start = head.trim_start_matches('\u{feff}').trim_start();
    read.is_ok()
        && start.starts_with('{')
        && head.contains("\"meta\"")
        && (head.contains("\"exported_on\"") || head.contains("\"db\""))
}

/// Reads the export.
///
/// # Errors
/// It is no such export, or it is damaged.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let name = source.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = file::read(source.path, file::SNAPSHOT).map_err(|error| ImportError::Unreadable {
        path: source.path.display().to_string(),
        reason: error.to_string(),
    })?;
    let export = Export::read(&bytes).map_err(|error| ImportError::Settings {
        file: name.clone(),
        line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
        reason: error.to_string(),
    })?;
    drop(bytes);
    let Some(export) = export else {
        return Err(ImportError::NotOfKind {
            kind: "Ghost",
            path: source.path.display().to_string(),
            sign: "list `posts` in its `data`",
        });
    };
    let base = source.base_url.map(|base| base.trim_end_matches('/').to_owned());
    let mut reader = Reader::new(&export, name, base, source.now);
    let mut imported = Imported { settings: reader.settings(), ..Imported::default() };
    plain_settings(&mut imported.settings, Table::new());
    keep_punctuation(&mut imported.settings);
    if source.base_url.is_none() {
        let text =
            "exports do not name the address of their site: give it with `--base-url`, or set `base_url`";
        imported.tell(Outcome::Changed, "address", Spot::file("site.toml"), text);
    }
    for post in &export.posts {
        reader.post(post, &mut imported);
    }
    reader.finish(&mut imported);
    Ok(imported)
}

struct Reader<'a> {
    export: &'a Export,
    file: String,
    /// The address of the site, without `/` at its end.
    base: Option<String>,
    now: DateTime<Utc>,
    zone: Tz,
    /// The parts of posts that the export has in tables of their own, by the post's id.
    metas: HashMap<&'a str, &'a BTreeMap<String, Value>>,
    /// The ids of tags and authors of posts, in their order.
    tags: HashMap<&'a str, Vec<&'a str>>,
    authors: HashMap<&'a str, Vec<&'a str>>,
    names: Names,
    /// Names and slugs of the tags of public posts.
    used: BTreeMap<String, String>,
}

impl<'a> Reader<'a> {
    fn new(export: &'a Export, file: String, base: Option<String>, now: DateTime<Utc>) -> Reader<'a> {
        let zone =
            ["timezone", "activeTimezone", "active_timezone"].iter().find_map(|key| export.setting(key));
        let mut reader = Reader {
            export,
            file,
            base,
            now,
            zone: zone.and_then(|name| parse_zone(name).ok()).unwrap_or(Tz::UTC),
            metas: HashMap::new(),
            tags: related(&export.posts_tags, "tag_id"),
            authors: related(&export.posts_authors, "author_id"),
            names: Names::default(),
            used: BTreeMap::new(),
        };
        for meta in &export.posts_meta {
            if let Some(id) = meta.get("post_id").and_then(Value::as_str) {
                reader.metas.insert(id, meta);
            }
        }
        reader
    }

    fn settings(&self) -> Settings {
        let text = |key: &str| self.export.setting(key).map(one_line).filter(|text| !text.is_empty());
        let taxonomy = |name: &str, path: &str| Taxonomy {
            name: name.to_owned(),
            path: Some(path.to_owned()),
            feed_aliases: vec![format!("/{path}/{{slug}}/rss/")],
            ..Taxonomy::default()
        };
        let authors = self.export.users.iter().map(|user| Author {
            key: user.get("slug").to_owned(),
            name: one_line(user.get("name")),
            email: None,
            url: Some(user.get("website").to_owned()).filter(|url| url.starts_with("http")),
            bio: Some(one_line(user.get("bio"))).filter(|bio| !bio.is_empty()),
        });
        Settings {
            title: text("title"),
            description: text("description"),
            base_url: self.base.as_ref().map(|base| format!("{base}/")),
            language: text("locale").or_else(|| text("lang")).or_else(|| text("default_locale")),
            timezone: Some(self.zone.name().to_owned()),
            authors: authors.filter(|author| !author.key.is_empty() && !author.name.is_empty()).collect(),
            taxonomies: vec![taxonomy("tags", "tag"), taxonomy("authors", "author")],
            permalinks: vec![("posts".to_owned(), "/{slug}/".to_owned())],
            navigation: self.navigation(),
            feeds: Feeds { limit: Some(FEED_LENGTH), aliases: vec!["/rss/".to_owned()], ..Feeds::default() },
            ..Settings::default()
        }
    }

    fn navigation(&self) -> Vec<(String, String)> {
        let all: Vec<BTreeMap<String, String>> = self
            .export
            .setting("navigation")
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        let link = |item: &BTreeMap<String, String>| {
            let (label, url) = (one_line(item.get("label")?), item.get("url")?.replace(OWN_URL, ""));
            let url = if url.is_empty() { "/".to_owned() } else { url };
            let is_address =
                url.starts_with('/') || url.starts_with("https://") || url.starts_with("http://");
            (is_address && !label.is_empty()).then_some((label, url))
        };
        all.iter().filter_map(link).take(50).collect()
    }

    /// `text` with the site's address in the place of its mark.
    fn own(&self, text: &str) -> String {
        text.replace(OWN_URL, self.base.as_deref().unwrap_or("https://example.org"))
    }

    /// A field of the post, or of what the export says beside it.
    fn field(&self, post: &'a Post, name: &str) -> &'a str {
        let own = post.get(name);
        if !own.is_empty() {
            return own;
        }
        self.metas
            .get(post.get("id"))
            .and_then(|meta| meta.get(name))
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn when(&self, post: &Post, name: &str, spot: &Spot) -> Option<When> {
        let value = post.0.get(name)?;
        let instant = match value {
            Value::Number(number) => DateTime::from_timestamp_millis(number.as_i64()?)?,
            Value::String(text) => tables::instant(text)?,
            _ => return None,
        };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let offset = chrono::Offset::fix(instant.with_timezone(&self.zone).offset());
        Some(When {
            moment: Moment::new(instant, offset, Precision::Second),
            text,
            rule: format!("`{name}`, which is UTC, on a clock in {}", self.zone.name()),
            spot: spot.clone(),
        })
    }

    /// Why the post is not public.
    fn draft(&self, post: &'a Post, published: Option<&When>) -> Option<String> {
        let (status, visibility) = (post.get("status"), post.get("visibility"));
        let is_later = published.is_some_and(|when| when.moment.instant() > self.now);
        let is_only_mail = number(post.0.get("email_only")) || number(self.meta(post, "email_only"));
        match status {
            "published" | "scheduled" if !matches!(visibility, "" | "public") => {
                Some(format!("its visibility is `{visibility}`: not everybody may read it"))
            }
            "published" | "scheduled" if is_only_mail => Some("it was only sent by mail".to_owned()),
            "published" if published.is_none() => Some("it has no date of publication".to_owned()),
            "scheduled" if !is_later => Some("it was scheduled, and Ghost never published it".to_owned()),
            "published" | "scheduled" => None,
            "" => Some("it has no status".to_owned()),
            status => Some(format!("its status is `{status}`")),
        }
    }

    fn meta(&self, post: &Post, name: &str) -> Option<&Value> {
        self.metas.get(post.get("id"))?.get(name)
    }

    fn post(&mut self, post: &'a Post, imported: &mut Imported) {
        let title = one_line(post.get("title"));
        let spot = Spot::file(format!("{}: {}", self.file, post.get("slug")));
        let is_page = post.get("type") == "page" || number(post.0.get("page"));
        let published = self.when(post, "published_at", &spot);
        let text = self.text(post, &spot, imported);
        let draft = self
            .draft(post, published.as_ref())
            .or_else(|| text.is_flat.then(|| "its text could not be read in full".to_owned()));
        if let Some(reason) = &draft {
            imported.tell(
                Outcome::Held,
                "status",
                spot.clone(),
                format!("\u{201c}{title}\u{201d}: {reason}"),
            );
        }
        for (code, name) in
            [("code-injection", "codeinjection_head"), ("code-injection", "codeinjection_foot")]
        {
            if !self.field(post, name).trim().is_empty() {
                let text = format!("`{name}` was left out: put it into a template, if readers need it");
                imported.tell(Outcome::Lost, code, spot.clone(), text);
            }
        }
        let folder = if is_page { "" } else { "posts" };
        let stem = self.names.name(folder, post.get("slug"), &title, post.get("id"));
        let url = if post.get("slug").is_empty() || draft.is_some() && published.is_none() {
            String::new()
        } else {
            format!("/{}/", post.get("slug"))
        };
        let url = self.names.address(url, &spot, imported);
        let mut article = Article {
            source: spot.clone(),
            target: if is_page { format!("{stem}.md") } else { format!("posts/{stem}.md") },
            title,
            url,
            published: published.filter(|_| !is_page),
            updated: self.when(post, "updated_at", &spot).filter(|_| !is_page),
            guid: self.guid(post).filter(|_| !is_page),
            summary: Some(one_line(post.get("custom_excerpt"))).filter(|text| !text.is_empty()),
            authors: self.people(post),
            image: self.image(post),
            draft,
            body: text.markdown,
            ..Article::default()
        };
        self.terms(post, &mut article, imported);
        let canonical = self.own(self.field(post, "canonical_url"));
        if canonical.starts_with("http") {
            article.fields.insert("canonical".to_owned(), canonical.into());
        }
        if number(post.0.get("featured")) {
            article.fields.insert("featured".to_owned(), true.into());
        }
        imported.articles.push(article);
    }

    /// The id that feeds of Ghost have: that of the post, before version 1 its UUID.
    fn guid(&self, post: &Post) -> Option<String> {
        let is_old = post.0.contains_key(tables::HAS_NUMBER);
        let guid = if is_old { post.get("uuid") } else { post.get("id") };
        (!guid.is_empty()).then(|| guid.to_owned())
    }

    fn text(&self, post: &'a Post, spot: &Spot, imported: &mut Imported) -> super::html::Text {
        let mut cards = cards::Cards::default();
        let mut converter = Converter::default();
        match post.text() {
            Text::Lexical(value) => {
                lexical::write(&self.owned(value), &mut converter, &mut cards);
            }
            Text::Mobiledoc(value) => {
                mobiledoc::write(&self.owned(value), &mut converter, &mut cards);
            }
            Text::Markdown(text) => converter.block(cards::safe_markdown(&self.own(text))),
            Text::Html(text) => converter.html(&self.own(text)),
        }
        if !cards.lost.is_empty() {
            let all: Vec<&str> = cards.lost.iter().map(String::as_str).collect();
            let text = format!("cards that only Ghost can show: {}", all.join(", "));
            imported.tell(Outcome::Lost, "card", spot.clone(), text);
        }
        let text = converter.finish();
        if text.kept > 0 {
            let words = kept(text.kept);
            imported.tell(Outcome::Changed, "html", spot.clone(), words);
        }
        if !text.dropped.is_empty() {
            let all: Vec<&str> = text.dropped.iter().map(String::as_str).collect();
            let words = format!("elements that articles can't have: {}", all.join(", "));
            imported.tell(Outcome::Lost, "element", spot.clone(), words);
        }
        text
    }

    /// `value` with the site's address in the place of its mark, at any depth.
    fn owned(&self, value: &Value) -> Value {
        let text = value.to_string();
        match text.contains(OWN_URL) {
            true => serde_json::from_str(&self.own(&text)).unwrap_or(Value::Null),
            false => value.clone(),
        }
    }

    fn people(&self, post: &Post) -> Vec<String> {
        let ids = self.authors.get(post.get("id")).cloned().unwrap_or_default();
        let ids = if ids.is_empty() { vec![post.get("author_id")] } else { ids };
        let slug = |id: &&str| {
            let user = self.export.users.iter().find(|user| user.get("id") == *id)?;
            Some(user.get("slug").to_owned()).filter(|slug| !slug.is_empty())
        };
        ids.iter().filter_map(slug).collect()
    }

    fn image(&self, post: &'a Post) -> Option<Image> {
        let src =
            ["feature_image", "image"].into_iter().map(|name| post.get(name)).find(|src| !src.is_empty())?;
        let text = |name: &str| Some(one_line(self.field(post, name))).filter(|text| !text.is_empty());
        Some(Image {
            src: self.own(src),
            alt: text("feature_image_alt"),
            caption: text("feature_image_caption"),
        })
    }

    fn terms(&mut self, post: &Post, article: &mut Article, imported: &mut Imported) {
        let (mut names, mut internal) = (Vec::new(), Vec::new());
        for id in self.tags.get(post.get("id")).into_iter().flatten() {
            let Some(tag) = self.export.tags.iter().find(|tag| tag.get("id") == *id) else { continue };
            let name = one_line(tag.get("name"));
            if tag.get("visibility") == "internal" || name.starts_with('#') {
                internal.push(name);
            } else if !name.is_empty() && names.len() < MOST_TERMS {
                if article.draft.is_none() {
                    self.used.insert(name.clone(), tag.get("slug").to_owned());
                }
                names.push(name);
            }
        }
        if !internal.is_empty() {
            let text = format!("internal tags are in `extra.internal_tags`: {}", internal.join(", "));
            imported.tell(Outcome::Changed, "internal-tag", article.source.clone(), text);
            let all: Vec<toml::Value> = internal.into_iter().map(toml::Value::String).collect();
            article.extra.insert("internal_tags".to_owned(), all.into());
        }
        if !names.is_empty() {
            article.terms = vec![("tags".to_owned(), names)];
        }
    }

    /// Addresses and descriptions of tags, feeds at their old addresses, and what the site itself had.
    fn finish(self, imported: &mut Imported) {
        // Two spellings of a tag have one page.
        let mut described = BTreeSet::new();
        for (name, slug) in &self.used {
            let tag = self.export.tags.iter().find(|tag| tag.get("slug") == slug);
            let text = tag.map(|tag| markdown(tag.get("description")).markdown).unwrap_or_default();
            let (own, wanted) = (slugify_term(name, SlugStyle::Unicode), slugify(slug, SlugStyle::Unicode));
            if own.is_empty() || own == wanted && text.is_empty() || !described.insert(own.clone()) {
                continue;
            }
            let mut fields = Table::new();
            if own != wanted && !wanted.is_empty() {
                fields.insert("slug".to_owned(), wanted.into());
            }
            let folder = format!("tag/{own}");
            let title = Some(name.clone());
            imported.sections.push(Section { folder, title, fields, body: text, ..Section::default() });
        }
        for name in ["codeinjection_head", "codeinjection_foot", "ghost_head", "ghost_foot"] {
            if self.export.setting(name).is_some_and(|code| !code.trim().is_empty()) {
                let text =
                    format!("`{name}` of the site was left out: put it into a template, if readers need it");
                imported.tell(Outcome::Lost, "code-injection", Spot::file(&self.file), text);
            }
        }
    }
}

/// The ids that rows of a table relate to posts, by the post's id and in their order.
fn related<'a>(rows: &'a [tables::Row], name: &str) -> HashMap<&'a str, Vec<&'a str>> {
    let mut ordered: Vec<&tables::Row> = rows.iter().collect();
    ordered.sort_by_key(|row| row.0.get("sort_order").and_then(Value::as_i64).unwrap_or_default());
    let mut all: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in ordered {
        all.entry(row.get("post_id")).or_default().push(row.get(name));
    }
    all
}

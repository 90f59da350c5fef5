//! The head and the foot of pages: `[[navigation]]`, `[[footer]]`, `[announcement]`, and an author's other places.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Config;
use super::feeds::moment;
use super::signs::place;
use crate::model::date::Moment;
use crate::model::metadata::{Fields, Node, Value};

/// A link with the words that readers see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `title`.
    pub title: String,
    /// `url`: a path of the site (`/docs/`) or a whole URL.
    pub url: String,
}

/// `[[navigation]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavigationLink {
    /// `title`.
    pub title: String,
    /// `url`: a path of the site (`/docs/`) or a whole URL. Empty if the entry only opens its `children`.
    pub url: String,
    /// `[[navigation.children]]`: the submenu.
    pub children: Vec<Link>,
}

/// `[[footer]]`: a column of links in the foot of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterGroup {
    /// `title`. The links of a group without one are in the last line, beside `rights`.
    pub title: Option<String>,
    /// `[[footer.links]]`.
    pub links: Vec<Link>,
}

/// `[announcement]`: a bar above the head of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// `text`, plain.
    pub text: String,
    /// `url` that it leads to.
    pub url: Option<String>,
    /// `until`: from this moment on, it is gone.
    pub until: Option<Moment>,
    /// `dismiss`: readers can close it; default true.
    pub dismiss: bool,
}

impl Announcement {
    /// The instant from which it is gone. One that lasts until a moment does not end a part of a second before it.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        self.until.map(|until| until.rounded_up().instant())
    }
}

impl Config {
    /// Removes the announcements that are over at `now`.
    pub fn end_announcements(&mut self, now: DateTime<Utc>) {
        let is_over = |one: &mut Announcement| one.end().is_some_and(|end| end <= now);
        self.announcement.take_if(is_over);
        for language in &mut self.languages {
            if let Some(own) = &mut language.announcement {
                own.take_if(is_over);
            }
        }
    }

    /// The announcements in all languages.
    pub fn announcements(&self) -> impl Iterator<Item = &Announcement> {
        let of_languages = self.languages.iter().filter_map(|language| language.announcement.as_ref());
        self.announcement.iter().chain(of_languages.flatten())
    }
}

/// Reads `[[navigation]]`.
pub(super) fn navigation(fields: &mut Fields<'_, '_>) -> Vec<NavigationLink> {
    let mut all = Vec::new();
    for node in fields.tables("navigation") {
        let mut table = fields.inner("`[[navigation]]`", node);
        let title = table.filled("title");
        let has_url = table.filled("url").is_some();
        let url = if has_url { table.address("url") } else { None };
        let children = links(&mut table, "children", "`[[navigation.children]]`");
        match title {
            Some(title) if url.is_some() || !children.is_empty() => {
                all.push(NavigationLink { title, url: url.unwrap_or_default(), children });
            }
            Some(_) if has_url => {}
            _ => table.refuse("navigation", node, "a link needs `title` and `url`", "give both"),
        }
        table.finish(None);
    }
    all
}

/// Reads `[[footer]]`.
pub(super) fn footer(fields: &mut Fields<'_, '_>) -> Vec<FooterGroup> {
    let mut groups = Vec::new();
    for node in fields.tables("footer") {
        let mut table = fields.inner("`[[footer]]`", node);
        let title = table.filled("title");
        let links = links(&mut table, "links", "`[[footer.links]]`");
        if !links.is_empty() {
            groups.push(FooterGroup { title, links });
        } else if table.node("links").is_none() {
            let remedy = "add `links = [{ title = \"About\", url = \"/about/\" }]`";
            table.refuse("footer", node, "a group needs `links`", remedy);
        }
        table.finish(None);
    }
    groups
}

/// Reads the list of links `key`.
fn links(fields: &mut Fields<'_, '_>, key: &'static str, owner: &str) -> Vec<Link> {
    fields.tables(key).into_iter().filter_map(|node| link(fields.inner(owner, node), key, node)).collect()
}

fn link(mut table: Fields<'_, '_>, key: &str, node: &Node) -> Option<Link> {
    let title = table.filled("title");
    let url = table.filled("url").map(|_| table.address("url"));
    let is_whole = title.is_some() && url.is_some();
    if !is_whole && matches!(node.value, Value::Table(_)) {
        table.refuse(key, node, "a link needs `title` and `url`", "give both");
    }
    table.finish(None);
    Some(Link { title: title?, url: url.flatten()? })
}

/// Reads `[announcement]`; `zone` is that of a date without an offset.
pub(super) fn announcement(fields: &mut Fields<'_, '_>, zone: Option<Tz>) -> Option<Announcement> {
    let node = fields.node("announcement")?;
    let mut table = fields.inner("`[announcement]`", node);
    let text = table.filled("text");
    if text.is_none() && matches!(node.value, Value::Table(_)) {
        let remedy = "add `text = \"…\"`, or take the table out";
        table.refuse("announcement", node, "an announcement needs `text`", remedy);
    }
    let url = table.address("url");
    let until = moment(&mut table, "until", zone);
    let dismiss = table.flag("dismiss").unwrap_or(true);
    table.finish(None);
    Some(Announcement { text: text?, url, until, dismiss })
}

/// Reads `social`: addresses, or tables with `title` and `url`.
pub(super) fn social(fields: &mut Fields<'_, '_>) -> Vec<Link> {
    let Some(node) = fields.node("social") else { return Vec::new() };
    let mut found = Vec::new();
    let items = if matches!(node.value, Value::List(_)) { node.items().collect() } else { vec![node] };
    for item in items {
        if matches!(item.value, Value::Table(_)) {
            found.extend(link(fields.inner("`social`", item), "social", item));
            continue;
        }
        let Some(written) = fields.as_text("social", item) else { continue };
        let url = fields.as_address("social", item, &written);
        found.extend(url.map(|url| Link { title: place(&url), url }));
    }
    found
}

//! The lists of feeds: the page for subscribers, and OPML for feed readers.

use tera::value::Key;
use tera::{Context, Map, Value};

use super::inputs::{FeedLine, Known, Settings, Site, Subscription, Template, inputs};
use super::{Document, EntryMap, Found, RenderError};
use crate::feed::opml::{self, OpmlFeed};
use crate::model::diagnostics::{Place, Problem};
use crate::site::plan::Planned;

/// Readers on the web that subscribe by a link: their names, and what the address of a feed is put behind.
const READERS: [(&str, &str); 6] = [
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Miniflux", "https://reader.miniflux.app/bookmarklet?uri="),
];

inputs! {
    /// What the page for subscribers is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        subscriptions: Vec<Subscription<'a>>,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

inputs! {
    /// What the OPML list is made from.
    pub struct OpmlInputs<'a> shares settings: Settings<'a> {
        title: &'a str,
        feeds: Vec<FeedLine<'a>>,
    }
}

/// Those of the page for subscribers.
pub(super) fn inputs<'a>(site: Site<'a>, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "subscribe.html");
    let subscriptions = Subscription::all(site);
    Inputs { subscriptions, feeds: site.feeds(&template), source: &planned.source, template }
}

/// Those of the OPML list.
pub(super) fn of_opml(site: Site<'_>) -> OpmlInputs<'_> {
    OpmlInputs { settings: site.settings(), title: &site.all.config.title, feeds: FeedLine::all(site) }
}

impl Document for OpmlInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let line = |feed: &FeedLine<'_>| {
            let (format, path) = feed.preferred()?;
            Some(OpmlFeed {
                title: feed.title().to_owned(),
                xml_url: self.settings.absolute(path),
                html_url: Some(self.settings.absolute(feed.home())),
                description: None,
                kind: format.key().to_owned(),
            })
        };
        let feeds: Vec<OpmlFeed> = self.feeds.iter().filter_map(line).collect();
        opml::write(self.title, &feeds).map_err(|error| {
            Problem::new(RenderError::Feed { reason: error.to_string() }, Place::file("the list of feeds"))
        })
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        context.insert_value("groups", self.groups());
        self.template.render(&context, self.source)
    }
}

impl Inputs<'_> {
    /// All feeds in groups, each with a title and its feeds.
    fn groups(&self) -> Value {
        let settings = self.template.settings();
        let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
        for feed in &self.subscriptions {
            let title = feed.group().map_or_else(|key| settings.word(key), str::to_owned);
            let view = view(feed, settings);
            match groups.last_mut() {
                Some((last, feeds)) if *last == title => feeds.push(view),
                _ => groups.push((title, vec![view])),
            }
        }
        let group = |(title, feeds): (String, Vec<Value>)| {
            map([("title", Value::from(title)), ("feeds", Value::from(feeds))])
        };
        Value::from(groups.into_iter().map(group).collect::<Vec<_>>())
    }
}

/// A feed as the page shows it.
fn view(feed: &Subscription<'_>, settings: Settings<'_>) -> Value {
    let (base, line) = (settings.base_url(), feed.line);
    let formats = line.formats().iter().map(|(format, path)| {
        map([
            ("format", Value::from(format.title())),
            ("url", Value::from(base.root_relative(path))),
            ("permalink", Value::from(base.absolute(path))),
        ])
    });
    let formats: Vec<Value> = formats.collect();
    let url = line.preferred().map(|(_, path)| base.absolute(path)).unwrap_or_default();
    map([
        ("title", Value::from(line.title())),
        ("description", Value::from(feed.description().map(str::to_owned))),
        ("home", Value::from(base.root_relative(line.home()))),
        ("count", Value::from(feed.count())),
        ("whole", Value::from(feed.is_whole())),
        ("history", Value::from(feed.has_history())),
        ("podcast", Value::from(feed.is_podcast())),
        ("formats", Value::from(formats)),
        ("readers", Value::from(readers(&url, feed.is_podcast(), settings))),
    ])
}

/// What subscribes to the feed at `url` by a link.
fn readers(url: &str, is_podcast: bool, settings: Settings<'_>) -> Vec<Value> {
    let reader = |name: String, url: String| map([("name", Value::from(name)), ("url", Value::from(url))]);
    let without_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut readers = Vec::new();
    if is_podcast {
        readers.push(reader(settings.word("read_in_podcast_app"), format!("podcast://{without_scheme}")));
    }
    let on_the_web =
        READERS.iter().map(|(name, start)| reader((*name).to_owned(), format!("{start}{}", query(url))));
    readers.extend(on_the_web);
    readers.push(reader(settings.word("read_in_app"), format!("feed://{without_scheme}")));
    readers
}

fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    let mut map = Map::default();
    for (key, value) in entries {
        map.insert(Key::Str(key), value);
    }
    Value::from(map)
}

/// `url` as a value in the query of another (RFC 3986, section 3.4).
fn query(url: &str) -> String {
    url::form_urlencoded::byte_serialize(url.as_bytes()).collect()
}

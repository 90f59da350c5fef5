//! The lists of feeds: the page for subscribers, and OPML for feed readers.

use tera::{Context, Value};

use super::inputs::{Settings, Show, Site, Template, View, inputs};
use super::{Document, EntryMap, Found};
use crate::config::{FeedContent, FeedFormat};
use crate::feed::opml::{self, OpmlFeed};
use crate::model::diagnostics::Problem;
use crate::model::url::UrlPath;
use crate::render::template::views::view;
use crate::site::plan::{FeedOf, Planned};

/// Feed readers on the web that subscribe by a link: their names, and the URL that the feed's address is appended to.
const READERS: [(&str, &str); 6] = [
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Miniflux", "https://reader.miniflux.app/bookmarklet?uri="),
];

inputs! {
    /// Inputs of the page for subscribers.
    pub struct Inputs<'a> shares template: Template<'a> {
        lines: Vec<Line<'a>>,
        feeds: Option<View<'a>>,
        translations: Option<View<'a>>,
        subject: &'a str,
    }
}

inputs! {
    /// Inputs of the OPML list.
    pub struct OpmlInputs<'a> shares settings: Settings<'a> {
        title: &'a str,
        /// The names of the site's languages.
        languages: Vec<&'a str>,
        lines: Vec<Line<'a>>,
    }
}

inputs! {
    /// A feed as both lists show it.
    pub struct Line<'a> {
        /// The number of its language.
        edition: usize,
        /// The title of its taxonomy, for the feed of a term.
        taxonomy: Option<&'a str>,
        /// For other feeds, the key of their group's title among the theme's words.
        group: &'static str,
        title: &'a str,
        description: Option<&'a str>,
        home: &'a UrlPath,
        formats: &'a [(FeedFormat, UrlPath)],
        content: FeedContent,
        count: usize,
        has_history: bool,
        is_podcast: bool,
    }
}

/// The inputs of the page for subscribers.
pub(super) fn inputs<'a>(site: Site<'a>, language: usize, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "subscribe.html");
    let feeds = template.read("feeds", || site.feeds());
    let translations = template.read("translations", || site.translations(&planned.path));
    let lines = lines(site).filter(|line| line.edition == language).collect();
    Inputs { lines, feeds, translations, subject: &planned.source, template }
}

/// The inputs of the OPML list.
pub(super) fn of_opml(site: Site<'_>) -> OpmlInputs<'_> {
    let languages = site.all.config.languages.iter().map(|one| one.name.as_str()).collect();
    let title = &site.all.config.title;
    OpmlInputs { settings: site.settings(), title, languages, lines: lines(site).collect() }
}

fn lines(site: Site<'_>) -> impl Iterator<Item = Line<'_>> {
    // Nobody should subscribe to the feed of a term that has no articles any more.
    let feeds = site.all.plan.feeds.iter().filter(|feed| !matches!(feed.of, FeedOf::PastTerm(_)));
    feeds.map(move |feed| {
        let (taxonomy, group) = match feed.of {
            FeedOf::Site(_) => (None, "group_everything"),
            FeedOf::Section(_) => (None, "group_sections"),
            FeedOf::Term(at, _) | FeedOf::PastTerm(at) => {
                (Some(&*site.all.library.taxonomies[at].rules.title), "")
            }
            FeedOf::Custom(_) => (None, "group_selections"),
        };
        Line {
            edition: feed.edition,
            taxonomy,
            group,
            title: &feed.title,
            description: feed.description.as_deref(),
            home: &feed.home,
            formats: &feed.formats,
            content: feed.content,
            count: feed.articles.len(),
            has_history: !feed.archives.is_empty(),
            is_podcast: Show::of(site, feed).is_some(),
        }
    })
}

impl<'a> Line<'a> {
    /// The format that is recommended to readers. They accept any, but some do not know JSON Feed, and a reader that
    /// gets two would subscribe twice.
    fn preferred(&self) -> Option<&'a (FeedFormat, UrlPath)> {
        let others = self.formats.iter().find(|(format, _)| *format != FeedFormat::Json);
        others.or(self.formats.first())
    }
}

impl Document for OpmlInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let line = |feed: &Line<'_>| {
            let (format, path) = feed.preferred()?;
            Some(OpmlFeed {
                title: feed.title.to_owned(),
                xml_url: self.settings.absolute(path),
                html_url: self.settings.absolute(feed.home),
                kind: format.key().to_owned(),
            })
        };
        let names = self.languages.iter().enumerate();
        let groups = names.map(|(at, name)| {
            let of = self.lines.iter().filter(|feed| feed.edition == at);
            let name = (self.languages.len() > 1).then(|| (*name).to_owned());
            (name, of.filter_map(line).collect::<Vec<OpmlFeed>>())
        });
        let groups: Vec<_> = groups.filter(|(_, feeds)| !feeds.is_empty()).collect();
        Ok(opml::write(self.title, &groups))
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        for (name, view) in [("feeds", &self.feeds), ("translations", &self.translations)] {
            if let Some(view) = view {
                context.insert_value(name, view.value(""));
            }
        }
        context.insert_value("groups", self.groups());
        self.template.render(context, self.template.settings().language(), self.subject)
    }
}

impl Inputs<'_> {
    /// All feeds in groups, each with a title.
    fn groups(&self) -> Value {
        let settings = self.template.settings();
        let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
        for feed in &self.lines {
            let title = feed.taxonomy.map_or_else(|| settings.word(feed.group), str::to_owned);
            let view = line(feed, settings);
            match groups.last_mut() {
                Some((last, feeds)) if *last == title => feeds.push(view),
                _ => groups.push((title, vec![view])),
            }
        }
        let group = |(title, feeds): (String, Vec<Value>)| {
            view([("title", Value::from(title)), ("feeds", Value::from(feeds))])
        };
        Value::from(groups.into_iter().map(group).collect::<Vec<_>>())
    }
}

/// The view of a feed for the page.
fn line(feed: &Line<'_>, settings: Settings<'_>) -> Value {
    let base = settings.base_url();
    let formats = feed.formats.iter().map(|(format, path)| {
        view([
            ("format", Value::from(format.title())),
            ("url", Value::from(base.root_relative(path))),
            ("permalink", Value::from(base.absolute(path))),
        ])
    });
    let formats: Vec<Value> = formats.collect();
    let url = feed.preferred().map(|(_, path)| base.absolute(path)).unwrap_or_default();
    view([
        ("title", Value::from(feed.title)),
        ("description", Value::from(feed.description.map(str::to_owned))),
        ("home", Value::from(base.root_relative(feed.home))),
        ("count", Value::from(feed.count)),
        ("whole", Value::from(feed.content == FeedContent::Full)),
        ("history", Value::from(feed.has_history)),
        ("podcast", Value::from(feed.is_podcast)),
        ("formats", Value::from(formats)),
        ("readers", Value::from(readers(&url, feed.is_podcast, settings))),
    ])
}

/// Links that subscribe to the feed at `url` in feed readers.
fn readers(url: &str, is_podcast: bool, settings: Settings<'_>) -> Vec<Value> {
    let reader = |name: String, url: String| view([("name", Value::from(name)), ("url", Value::from(url))]);
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

/// `url` as a value in the query of another URL (RFC 3986, section 3.4).
fn query(url: &str) -> String {
    url::form_urlencoded::byte_serialize(url.as_bytes()).collect()
}

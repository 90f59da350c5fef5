//! Settings of Pelican as settings of Dateline.

use toml::{Table, Value as Toml};

use super::Config;
use super::address::{filled, slugify};
use crate::import::front;
use crate::import::model::{Author, Imported, Taxonomy};
use crate::import::site::{alias_of_term, plain_settings, term_addresses, terms_of};
use crate::model::metadata::Value;

/// Carries the settings over.
pub(super) fn settings(config: &Config, imported: &mut Imported) {
    let text = |name: &str| Some(config.text(name, "")).filter(|text| !text.is_empty());
    let settings = &mut imported.settings;
    settings.title = text("SITENAME");
    settings.base_url = Some(config.base.clone()).filter(|base| base.contains("://"));
    settings.description = text("SITESUBTITLE");
    settings.language = Some(config.text("DEFAULT_LANG", "en").replace('_', "-"));
    settings.timezone = Some(config.zone.zone.name().to_owned());
    settings.author = text("AUTHOR").map(|name| Author { name, ..Author::default() });
    settings.page_size = config.text("DEFAULT_PAGINATION", "").parse().ok().filter(|size| *size > 0);
    settings.feeds.limit = Some(config.text("FEED_MAX_ITEMS", "100").parse().unwrap_or(100).max(1));
    for (name, usual) in
        [("FEED_ALL_ATOM", "feeds/all.atom.xml"), ("FEED_ALL_RSS", ""), ("FEED_ATOM", ""), ("FEED_RSS", "")]
    {
        let path = config.text(name, usual);
        if !path.is_empty() {
            settings.feeds.aliases.push(format!("/{}", path.trim_start_matches('/')));
        }
    }
    // The feeds of translations; that of the site's own language has all articles here.
    for name in ["TRANSLATION_FEED_ATOM", "TRANSLATION_FEED_RSS"] {
        let path = config.text(name, if name.ends_with("ATOM") { "feeds/all-{lang}.atom.xml" } else { "" });
        let path = path
            .replace("{lang}", &config.text("DEFAULT_LANG", "en"))
            .replace("%s", &config.text("DEFAULT_LANG", "en"));
        if !path.is_empty() {
            settings.feeds.aliases.push(format!("/{}", path.trim_start_matches('/')));
        }
    }
    // Pelican's feed has the address of the site as its id.
    settings.feeds.id = Some(format!("{}/", config.base)).filter(|_| config.base.contains("://"));
    let pattern = config.text("ARTICLE_URL", "{slug}.html");
    let own =
        pattern.replace("{date:%Y}", "{yyyy}").replace("{date:%m}", "{mm}").replace("{date:%d}", "{dd}");
    let own = format!("/{}", own.trim_start_matches('/'));
    if own.contains("{slug}")
        && !own.contains("{date")
        && !own.contains("{category")
        && !own.contains("{lang")
    {
        settings.permalinks.push(("default".to_owned(), own));
    }
    let links =
        config.fields.fields().iter().find(|one| one.key == "MENUITEMS").map(|one| one.node.value.clone());
    if let Some(Value::List(items)) = links {
        for item in items {
            if let [title, url] = front::texts(&item.value).as_slice() {
                settings.navigation.push((title.clone(), url.clone()));
            }
        }
    }
    settings.other.insert(
        "markdown".to_owned(),
        Toml::Table(Table::from_iter([(
            "smart_punctuation".to_owned(),
            config.is("TYPOGRIFY", false).into(),
        )])),
    );
    plain_settings(settings, Table::new());
    // An article without an author is one of the site's.
    if let Some(author) = text("AUTHOR") {
        let unsigned = imported.articles.iter_mut().filter(|one| one.published.is_some());
        unsigned.filter(|one| one.authors.is_empty()).for_each(|one| one.authors.push(author.clone()));
    }
    let has_categories =
        imported.articles.iter().any(|one| one.terms.iter().any(|(name, _)| name == "categories"));
    if has_categories {
        let path = config.text("CATEGORY_URL", "category/{slug}.html");
        let path = path.split('/').next().filter(|folder| !folder.contains('{')).map(str::to_owned);
        imported.settings.taxonomies.push(Taxonomy {
            name: "categories".to_owned(),
            path,
            ..Taxonomy::default()
        });
    }
    for (taxonomy, settings) in [
        ("categories", [("CATEGORY_FEED_ATOM", "feeds/{slug}.atom.xml"), ("CATEGORY_FEED_RSS", "")]),
        (
            "authors",
            [("AUTHOR_FEED_ATOM", "feeds/{slug}.atom.xml"), ("AUTHOR_FEED_RSS", "feeds/{slug}.rss.xml")],
        ),
        ("tags", [("TAG_FEED_ATOM", ""), ("TAG_FEED_RSS", "")]),
    ] {
        let paths = settings.iter().map(|(name, usual)| config.text(name, usual));
        let paths = paths.filter(|path| path.contains("{slug}") || path.contains("%s"));
        let aliases: Vec<String> =
            paths.map(|path| format!("/{}", path.replace("%s", "{slug}").trim_start_matches('/'))).collect();
        if !aliases.is_empty() {
            imported.settings.feeds_of(taxonomy, aliases);
        }
    }
    let more = term_addresses(imported, &|taxonomy, term| Some(format!("/{taxonomy}/{}/", slugify(term))));
    imported.sections.extend(more);
    old_lists(config, imported);
}

/// The pages of terms, which lived at addresses of their own, lead to the new ones.
fn old_lists(config: &Config, imported: &mut Imported) {
    for (name, usual, taxonomy) in [
        ("TAG_URL", "tag/{slug}.html", "tags"),
        ("CATEGORY_URL", "category/{slug}.html", "categories"),
        ("AUTHOR_URL", "author/{slug}.html", "authors"),
    ] {
        let pattern = config.text(name, usual);
        let rules = imported.settings.taxonomies.iter().find(|one| one.name == taxonomy);
        let path = rules.and_then(|one| one.path.clone()).unwrap_or_else(|| taxonomy.to_owned());
        for term in terms_of(imported, taxonomy) {
            let slug = slugify(&term);
            let from = format!("/{}", filled(&pattern, &slug, None, "", "").trim_start_matches('/'));
            if from != format!("/{path}/{slug}/") {
                alias_of_term(imported, taxonomy, &term, from);
            }
        }
    }
}

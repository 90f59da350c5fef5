//! Feeds that readers know: the ids in them count, whatever the source would make.

use std::collections::HashMap;

use super::ImportError;
use super::model::{Imported, Outcome, Spot};
use crate::feed::read::{FoundEntry, read};
use crate::model::html::plain;
use crate::model::url::percent_decode;

/// A feed as subscribers get it.
#[derive(Debug)]
pub struct LiveFeed {
    /// Its file or URL.
    pub name: String,
    /// The document.
    pub bytes: Vec<u8>,
}

/// Gives the articles of `imported` the ids of their entries in `feeds`. The first feed with an article counts.
///
/// # Errors
/// A document is no feed.
pub fn apply(imported: &mut Imported, feeds: &[LiveFeed]) -> Result<(), ImportError> {
    if feeds.is_empty() {
        return Ok(());
    }
    let articles = Articles::of(imported);
    let mut has_id = vec![false; imported.articles.len()];
    for feed in feeds {
        let found = read(&feed.bytes).ok_or_else(|| ImportError::Feed { name: feed.name.clone() })?;
        for entry in &found.entries {
            let Some(at) = articles.find(entry, imported) else {
                let text = format!(
                    "subscribers have the entry \u{201c}{}\u{201d} ({}), and no article here is at its address or has its title and date",
                    plain(&entry.title),
                    entry.id
                );
                imported.tell(Outcome::Lost, "live-entry", Spot::file(&feed.name), text);
                continue;
            };
            if std::mem::replace(&mut has_id[at], true) {
                continue;
            }
            let article = &mut imported.articles[at];
            let (source, id) = (article.source.clone(), entry.id.clone());
            let before = article.guid.replace(id.clone()).filter(|before| *before != id);
            let date = article.published.as_ref().map(|when| when.moment.instant());
            if let Some(before) = before {
                let text = format!("the live feed has the id {id}; without it, it would be {before}");
                imported.tell(Outcome::Changed, "live-id", source.clone(), text);
            }
            if let (Some(date), Some(live)) = (date, entry.published)
                && date != live
            {
                let text = format!(
                    "the live feed says {}, and the source {}: the source counts",
                    live.to_rfc3339(),
                    date.to_rfc3339()
                );
                imported.tell(Outcome::Changed, "live-date", source, text);
            }
        }
    }
    Ok(())
}

/// Articles by what an entry says of them.
struct Articles {
    by_path: HashMap<String, usize>,
    by_title: HashMap<String, Vec<usize>>,
}

impl Articles {
    fn of(imported: &Imported) -> Articles {
        let mut articles = Articles { by_path: HashMap::new(), by_title: HashMap::new() };
        for (at, article) in imported.articles.iter().enumerate() {
            for path in std::iter::once(&article.url).chain(&article.aliases) {
                articles.by_path.entry(folded(path)).or_insert(at);
            }
            articles.by_title.entry(plain(&article.title).to_lowercase()).or_default().push(at);
        }
        articles
    }

    /// The article of `entry`: by its address, else by title and day.
    fn find(&self, entry: &FoundEntry, imported: &Imported) -> Option<usize> {
        let base = imported.settings.base_url.as_deref().unwrap_or_default();
        let by_path = path_in(&entry.url, base).and_then(|path| self.by_path.get(&folded(&path)));
        if let Some(at) = by_path {
            return Some(*at);
        }
        let published = entry.published?;
        let same = self.by_title.get(&plain(&entry.title).to_lowercase())?;
        let mut same = same.iter().filter(|at| {
            let when = imported.articles.get(**at).and_then(|article| article.published.as_ref());
            when.is_some_and(|when| (when.moment.instant() - published).num_hours().abs() < 24)
        });
        same.next().filter(|_| same.next().is_none()).copied()
    }
}

/// The path of `url` below the base URL `base`, with its query; `None` if it is elsewhere. The scheme and `www.` make no
/// difference.
fn path_in(url: &str, base: &str) -> Option<String> {
    let (url, base) = (url::Url::parse(url).ok()?, url::Url::parse(base).ok()?);
    let host = |url: &url::Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    if host(&url) != host(&base) {
        return None;
    }
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    Some(url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// A path in a form that is the same for spellings of one address.
fn folded(path: &str) -> String {
    let path = percent_decode(path);
    path.trim_end_matches("index.html").trim_matches('/').to_owned()
}

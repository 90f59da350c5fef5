//! Cards: pictures made for articles that have none.

use std::collections::HashMap;

use crate::config::Config;
use crate::language::Form;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::model::url::UrlPath;
use crate::picture::{Card, PictureError, Press};
use crate::site::library::{LeafId, Library};

/// The folder of the site with all cards.
pub const CARDS: &str = "cards";

/// A regular expression for the paths of cards below the site's folder; the name of each is its digest.
pub const CARD_PATHS: &str = r"cards/[0-9a-f]{20}\.png";

/// A card to be made.
#[derive(Debug)]
pub struct PlannedCard {
    /// Its path.
    pub path: UrlPath,
    /// Its texts.
    pub card: Card,
    /// Digest of everything that its bytes depend on.
    pub key: Digest,
    /// Its article.
    pub of: LeafId,
}

/// All cards.
#[derive(Debug, Default)]
pub struct Cards {
    /// Sorted like the articles.
    pub list: Vec<PlannedCard>,
    by_article: HashMap<LeafId, usize>,
}

impl Cards {
    /// Plans a card for each article without a picture. An article with letters that no font has gets no card; one
    /// warning reports all of these.
    pub fn plan(library: &Library, config: &Config, press: &Press, problems: &mut Vec<Problem>) -> Cards {
        let mut list = Vec::new();
        let mut missing: Option<(usize, char, Place)> = None;
        for of in library.article_ids() {
            let leaf = library.leaf(of);
            if leaf.listing.image.is_some() {
                continue;
            }
            let front = &leaf.document.load().front;
            let section = library.sections.get(library.section_of(of));
            let section = section.filter(|section| section.parent.is_some());
            let language = &config.languages[config.language_of(&leaf.section)];
            let published = leaf.dates.as_ref().map(|dates| dates.published.moment);
            let locale = match leaf.rare.lang.as_deref() {
                Some(lang) if lang != language.tag => config.words.of(lang).locale(),
                _ => language.locale,
            };
            let card = Card {
                site: language.title.clone(),
                kicker: front.kicker.clone().or_else(|| section.map(|section| section.settled.title.clone())),
                title: leaf.title.to_string(),
                date: published.map(|moment| locale.date(&moment, Form::Long)),
            };
            match press.key(&card) {
                Ok(key) => {
                    // Two articles may have equal cards.
                    let mut hasher = Hasher::default();
                    hasher.bytes(key.bytes()).value(leaf.path.as_str());
                    let name = hasher.finish().to_string();
                    let root = config.base_url.home_of(&leaf.path).cloned().unwrap_or_else(UrlPath::root);
                    let path = root.join(&format!("{CARDS}/{}.png", &name[..20]));
                    list.push(PlannedCard { path, card, key, of });
                }
                Err(letter) => {
                    let first = || (0, letter, Place::file(leaf.name().clone()));
                    missing.get_or_insert_with(first).0 += 1;
                }
            }
        }
        if let Some((count, letter, place)) = missing {
            problems.push(Problem::new(PictureError::Letters { count, letter }, place));
        }
        let by_article = list.iter().enumerate().map(|(at, card)| (card.of, at)).collect();
        Cards { list, by_article }
    }

    /// The card of an article.
    pub fn of(&self, article: LeafId) -> Option<&PlannedCard> {
        self.by_article.get(&article).map(|at| &self.list[*at])
    }
}

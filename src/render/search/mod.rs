//! The files of the search: what there is, the terms of articles, and articles as results. `static/search.js` reads them.

mod shards;

use serde_json::{Map, Value, json};
pub use shards::{Field, Shards};

use super::inputs::{SearchCards, SearchParts, SearchShard, Settings, Site, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;

inputs! {
    /// Inputs of a file of terms.
    pub struct ShardInputs<'a> shares settings: Settings<'a> {
        shard: SearchShard<'a>,
    }
}

inputs! {
    /// Inputs of a file of results.
    pub struct CardInputs<'a> shares settings: Settings<'a> {
        cards: SearchCards<'a>,
    }
}

inputs! {
    /// Inputs of the list of the parts.
    pub struct IndexInputs<'a> shares settings: Settings<'a> {
        parts: SearchParts<'a>,
    }
}

/// The inputs of the file number `shard` of the part `tier`.
pub(super) fn of_shard(site: Site<'_>, tier: usize, shard: usize) -> ShardInputs<'_> {
    ShardInputs { settings: site.settings(), shard: SearchShard::of(site, tier, shard) }
}

/// The inputs of the file number `chunk` of results.
pub(super) fn of_cards(site: Site<'_>, chunk: usize) -> CardInputs<'_> {
    CardInputs { settings: site.settings(), cards: SearchCards::of(site, chunk) }
}

/// The inputs of the list of the parts.
pub(super) fn of_index(site: Site<'_>) -> IndexInputs<'_> {
    IndexInputs { settings: site.settings(), parts: SearchParts::of(site) }
}

impl Document for ShardInputs<'_> {
    /// The terms by name, each with the articles that have it.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let terms = self.shard.terms().into_iter().map(|(term, articles)| (term.to_owned(), json!(articles)));
        Ok(written(&Value::Object(terms.collect())))
    }
}

impl Document for CardInputs<'_> {
    /// The results by number. Values that an article does not have are left out.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let cards = self.cards.iter().map(|found| {
            let mut card = Map::new();
            card.insert("title".to_owned(), json!(found.title));
            card.insert("url".to_owned(), json!(found.url));
            if let Some((day, text)) = found.day {
                card.insert("day".to_owned(), json!(day));
                card.insert("date".to_owned(), json!(text));
            }
            card.extend(found.section.map(|section| ("section".to_owned(), json!(section))));
            if !found.authors.is_empty() {
                card.insert("authors".to_owned(), json!(found.authors));
            }
            if !found.summary.is_empty() {
                card.insert("summary".to_owned(), json!(found.summary));
            }
            card.extend(found.lang.map(|lang| ("lang".to_owned(), json!(lang))));
            (found.number.to_string(), Value::Object(card))
        });
        Ok(written(&Value::Object(cards.collect())))
    }
}

impl Document for IndexInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let parts = self.parts.tiers().map(|(tier, version)| {
            json!({ "name": tier.name, "shards": tier.shards, "articles": tier.articles.len(), "version": version })
        });
        let (sections, authors, years) = self.parts.choices();
        let (bits, chunks) = self.parts.index().map_or((0, 1), |index| (index.bits, index.chunks));
        Ok(written(&json!({
            "bits": bits,
            "parts": parts.collect::<Vec<_>>(),
            "cards": { "chunks": chunks, "version": self.parts.version(None) },
            "sections": sections,
            "authors": authors,
            "years": years.into_iter().rev().collect::<Vec<_>>(),
        })))
    }
}

fn written(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

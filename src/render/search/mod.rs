//! The files of the search: what there is, the terms of articles, and articles as results. `static/search.js` reads them.

mod shards;

use std::collections::BTreeMap;

use serde_json::{Value, json};
pub use shards::{Field, Shards, Terms};

use super::inputs::{FoundArticle, SearchCards, SearchParts, SearchShard, Settings, Site, inputs};
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

impl ShardInputs<'_> {
    /// The terms by name, each with the articles that have it. `shards` has those of the file.
    pub fn render(&self, shards: &Shards) -> Vec<u8> {
        let mut file = String::from("{");
        for (term, articles) in shards.terms(self.shard.number()) {
            if file.len() > 1 {
                file.push(',');
            }
            // The lists have no character that JSON escapes.
            file.push_str(&format!("{}:\"{articles}\"", json!(term)));
        }
        file.push('}');
        file.into_bytes()
    }
}

impl Document for CardInputs<'_> {
    /// The results by number.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let cards: BTreeMap<u64, FoundArticle> =
            self.cards.iter().map(|found| (found.number, found)).collect();
        // Texts by numbers can always be written as JSON.
        Ok(serde_json::to_vec(&cards).unwrap_or_default())
    }
}

impl Document for IndexInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let parts = self.parts.tiers().map(|(tier, version)| {
            json!({
                "name": tier.name,
                "shards": tier.shards,
                "head": tier.head,
                "articles": tier.articles.len(),
                "version": version,
            })
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

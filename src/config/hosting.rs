//! `[hosting]`: settings for web servers.

use super::csp::{ContentPolicy, csp};
use crate::model::metadata::Fields;
use crate::output::Encoding;

/// `[hosting]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostingRules {
    /// `headers`: write `_headers`, which Netlify and Cloudflare Pages read; default true.
    pub headers: bool,
    /// `feed_max_age`: seconds for which caches may serve a feed without asking, default 300.
    pub feed_max_age: u32,
    /// `compress`: encodings of compressed copies beside text files, from `gz`, `br` and `zst`; default none.
    pub compress: Vec<Encoding>,
    /// `csp`: the Content-Security-Policy.
    pub policy: ContentPolicy,
}

pub(super) fn hosting(fields: &mut Fields<'_, '_>) -> HostingRules {
    let mut rules = HostingRules {
        headers: true,
        feed_max_age: 300,
        compress: Vec::new(),
        policy: ContentPolicy::default(),
    };
    let Some(mut table) = fields.table("hosting") else { return rules };
    rules.headers = table.flag("headers").unwrap_or(true);
    rules.feed_max_age = table.whole("feed_max_age", 0, 31_536_000).unwrap_or(300) as u32;
    if let Some(node) = table.node("compress") {
        let names = table.as_texts("compress", node);
        rules.compress =
            Encoding::ALL.into_iter().filter(|one| names.iter().any(|name| name == one.suffix())).collect();
        if rules.compress.len() != names.len() {
            let known = Encoding::ALL.map(Encoding::suffix);
            table.refuse_unknown("compress", node, "not all are encodings, or one stands twice", &known);
        } else if cfg!(not(feature = "compress")) && !names.is_empty() {
            let remedy = "take the line out, or build Dateline with its feature `compress`";
            table.refuse("compress", node, "this Dateline was made without compression", remedy);
        }
    }
    rules.policy = csp(&mut table);
    table.finish(None);
    rules
}

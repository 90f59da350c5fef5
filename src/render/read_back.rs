//! Feeds are read back before they are published: a fault that their readers would stumble over stops the build.

use super::Renderer;
use crate::feed::atom_id;
use crate::feed::lint::{Fault, Finding, Known, Rule, Severity, judge_with};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::UrlPath;
use crate::site::identity::Row;
use crate::site::library::LeafId;

/// Rules whose violation is only a warning in other feeds, and an error in those of this site.
const PROMISED: [Rule; 6] = [
    Rule::NotNewestFirst,
    Rule::MissingSelf,
    Rule::SelfMismatch,
    Rule::UnsafeElement,
    Rule::UnsafeAttribute,
    Rule::UnsafeUrl,
];

impl Renderer<'_> {
    /// Reasons why the feed `bytes` of `articles` at `path` can't be published. If an article is the reason, it is
    /// named, so that a publication can skip it.
    pub(super) fn read_back(&self, bytes: &[u8], path: &UrlPath, articles: &[LeafId]) -> Vec<Problem> {
        let authority = &self.plan.guid_authority;
        let url = &self.config.base_url.absolute(path);
        // Dates in the future were checked when the articles were settled.
        let known = Known { url: Some(url), now: None };
        let judgement = judge_with(bytes, &known, Some(&self.judged));
        let refused = |finding: &&Finding| {
            finding.rule.about().severity == Severity::Error || PROMISED.contains(&finding.rule)
        };
        let problem = |finding: &Finding| {
            let mut leaves = articles.iter().map(|id| self.library.leaf(*id));
            let is_it = |leaf: &&Row, id: &str| *leaf.id == *id || atom_id(&leaf.id, authority) == id;
            let leaf = finding.entry.as_ref().and_then(|id| leaves.find(|leaf| is_it(leaf, id)));
            let place = match leaf {
                Some(leaf) => Place::file(leaf.document.name.clone()),
                None => Place::file(format!("the feed {path}")),
            };
            Problem::new(Fault::refusal(finding, format!("in the feed {path}")), place)
        };
        judgement.findings.iter().filter(refused).map(problem).collect()
    }
}

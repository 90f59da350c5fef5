//! Explanations of codes, for people who met one.

use super::Kind;
use crate::feed::lint::Rule;

/// The explanation of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: String,
    /// The meaning, as a sentence without its full stop.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The remedy.
    pub remedy: &'static str,
    /// How to have it reported no more.
    pub silence: String,
}

/// The explanation of `code`, if there is such a code. The codes of feed lint are known with and without `lint::`.
pub fn explanation(code: &str) -> Option<Explanation> {
    let code = code.trim();
    all().into_iter().find(|one| one.code == code || one.code.strip_prefix("lint::") == Some(code))
}

/// All explanations: the checks of pages in the order of the documentation, then the rules for feeds.
pub fn all() -> Vec<Explanation> {
    let of_kind = |kind: &Kind| {
        let about = kind.about();
        let class = about.class;
        Explanation {
            code: about.code.to_owned(),
            what: about.what,
            why: about.why,
            remedy: about.remedy,
            silence: match kind {
                Kind::Moved => "it is a note and changes no exit code".to_owned(),
                _ => format!(
                    "in `site.toml`: `[check]` with `{class} = \"warning\"` or `{class} = \"ignore\"`; for single {}, `ignore = [\"\u{2026}\"]` there",
                    if class == "external" { "URLs" } else { "pages" }
                ),
            },
        }
    };
    let of_rule = |rule: &Rule| {
        let about = rule.about();
        Explanation {
            code: format!("lint::{}", about.id),
            what: about.what,
            why: about.why,
            remedy: about.remedy,
            silence: "in `site.toml`: `[check]` with `feeds = \"warning\"` or `feeds = \"ignore\"`; an error in one of the site's own feeds stops its build and can't be silenced".to_owned(),
        }
    };
    Kind::ALL.iter().map(of_kind).chain(Rule::ALL.iter().map(of_rule)).collect()
}

//! `_headers` in the format of Netlify and Cloudflare Pages.

use super::{FOR_EVER, Facts, NOSNIFF, OPML, OPML_FILE, media_type};
use crate::model::url::{percent_encode, rule_encode};

/// Most rules that Cloudflare Pages reads; it ignores more.
pub const MOST_RULES: usize = 100;
/// Longest line that it reads, in characters.
const LONGEST_LINE: usize = 2000;

/// A rule: a path, and the header fields of responses for it.
struct Rule {
    path: String,
    fields: Vec<(&'static str, String)>,
}

/// The content of `_headers`. If several rules match a path, one host joins the values of a field and the other takes
/// the last, so no field is in two matching rules with different values. Feeds beyond [`MOST_RULES`] have no `Link`
/// field; the feed itself has the same links.
pub fn headers(facts: &Facts) -> Vec<u8> {
    let folder = rule_encode(&facts.folder());
    let mut rules = vec![Rule {
        path: format!("{folder}*"),
        fields: [("X-Content-Type-Options", NOSNIFF.to_owned())]
            .into_iter()
            .chain(facts.policy.clone())
            .collect(),
    }];
    for (format, name) in &facts.formats {
        let name = rule_encode(&percent_encode(name));
        // A splat matches at least one folder.
        for path in [format!("{folder}{name}"), format!("{folder}*/{name}")] {
            let fields = vec![("Content-Type", media_type(*format)), ("Cache-Control", facts.feed_cache())];
            rules.push(Rule { path, fields });
        }
    }
    if !facts.formats.is_empty() {
        let path = format!("{folder}{OPML_FILE}");
        rules.push(Rule { path, fields: vec![("Content-Type", OPML.to_owned())] });
    }
    for (before, after, media) in &facts.outputs {
        let name = after
            .as_ref()
            .map_or_else(String::new, |after| format!("*{}", rule_encode(&percent_encode(after))));
        let path = format!("{folder}{}{name}", rule_encode(&percent_encode(before)));
        // A page of HTML has its type anyway, and all other files in the folder would match.
        if !path.ends_with('/') && !path.ends_with('*') {
            rules.push(Rule { path, fields: vec![("Content-Type", media.clone())] });
        }
    }
    for path in &facts.hashed {
        // The `*` after a folder stands for all files in it.
        let path = match path.strip_suffix('*') {
            Some(folder) => rule_encode(folder) + "*",
            None => rule_encode(path),
        };
        rules.push(Rule { path, fields: vec![("Cache-Control", FOR_EVER.to_owned())] });
    }
    for path in facts.feeds.iter().filter(|_| !facts.hubs.is_empty()) {
        let rule_path = rule_encode(path);
        let link = ("Link", facts.links(&format!("{}{path}", facts.base.origin())));
        // The line has two spaces, a colon and a space besides.
        if link.0.len() + link.1.len() + 4 > LONGEST_LINE || rule_path.len() > LONGEST_LINE {
            continue;
        }
        match rules.iter().position(|rule| rule.path == rule_path) {
            Some(at) => rules[at].fields.push(link),
            None if rules.len() < MOST_RULES => rules.push(Rule { path: rule_path, fields: vec![link] }),
            None => {}
        }
    }
    let mut text = String::new();
    for Rule { path, fields } in rules {
        text.push_str(&path);
        text.push('\n');
        for (name, value) in fields {
            text.push_str(&format!("  {name}: {value}\n"));
        }
    }
    text.into_bytes()
}

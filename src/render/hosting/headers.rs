//! `_headers`, as Netlify and Cloudflare Pages read it.

use super::{FOR_EVER, Facts, NOSNIFF, OPML, OPML_FILE, media_type};
use crate::model::url::percent_encode;

/// How many rules Cloudflare Pages reads; more would be as good as none.
pub const MOST_RULES: usize = 100;
/// How long a line it reads, in characters.
const LONGEST_LINE: usize = 2000;

/// One rule: a path, and the fields of answers to it.
struct Rule {
    path: String,
    fields: Vec<(&'static str, String)>,
}

/// The file. Where several rules fit a path, one host joins the values of a field and the other takes the last, so
/// no field is in two of them with different values. Feeds beyond [`MOST_RULES`] have no `Link`; they say the same
/// inside.
pub fn headers(facts: &Facts) -> Vec<u8> {
    let folder = facts.folder();
    let mut rules = vec![Rule {
        path: format!("{folder}*"),
        fields: vec![("X-Content-Type-Options", NOSNIFF.to_owned())],
    }];
    for (format, name) in &facts.formats {
        let name = percent_encode(name);
        // A splat stands for at least one folder.
        for path in [format!("{folder}{name}"), format!("{folder}*/{name}")] {
            let fields = vec![("Content-Type", media_type(*format)), ("Cache-Control", facts.feed_cache())];
            rules.push(Rule { path, fields });
        }
    }
    if !facts.formats.is_empty() {
        let path = format!("{folder}{OPML_FILE}");
        rules.push(Rule { path, fields: vec![("Content-Type", OPML.to_owned())] });
    }
    for path in &facts.hashed {
        rules.push(Rule { path: path.clone(), fields: vec![("Cache-Control", FOR_EVER.to_owned())] });
    }
    for path in facts.feeds.iter().filter(|_| !facts.hubs.is_empty()) {
        let link = ("Link", facts.links(&format!("{}{path}", facts.base.origin())));
        // With two spaces before it, a colon and a space.
        if link.0.len() + link.1.len() + 4 > LONGEST_LINE || path.len() > LONGEST_LINE {
            continue;
        }
        match rules.iter().position(|rule| rule.path == *path) {
            Some(at) => rules[at].fields.push(link),
            None if rules.len() < MOST_RULES => rules.push(Rule { path: path.clone(), fields: vec![link] }),
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

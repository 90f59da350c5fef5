//! The rules of Apple's elements for podcasts (<https://podcasters.apple.com/support/823-podcast-requirements>).

use super::look::{Look, Often};
use super::namespace::Space;
use super::rule::Rule;
use super::{quoted, value};
use crate::model::podcast::{category, duration, nearest_category};

use Often::{Any, Once};

/// Elements of a channel.
const CHANNEL: [(&str, Often); 14] = [
    ("applepodcastsverify", Once),
    ("author", Once),
    ("block", Once),
    ("category", Any),
    ("complete", Once),
    ("explicit", Once),
    ("image", Once),
    ("keywords", Once),
    ("new-feed-url", Once),
    ("owner", Once),
    ("subtitle", Once),
    ("summary", Once),
    ("title", Once),
    ("type", Once),
];

/// Elements of an item.
const ITEM: [(&str, Often); 14] = [
    ("author", Once),
    ("block", Once),
    ("duration", Once),
    ("episode", Once),
    ("episodeType", Once),
    ("explicit", Once),
    ("image", Once),
    ("isClosedCaptioned", Once),
    ("keywords", Once),
    ("order", Once),
    ("season", Once),
    ("subtitle", Once),
    ("summary", Once),
    ("title", Once),
];

/// Judges the elements of a channel.
pub(super) fn channel(look: &mut Look<'_, '_>, parent: usize) {
    look.extensions(parent, Space::Itunes, &CHANNEL);
    let tree = look.tree;
    let all: Vec<usize> = tree.children(parent).filter(|at| tree.node(*at).space == Space::Itunes).collect();
    for at in &all {
        element(look, *at);
    }
    // The feed of a site that has episodes among other articles is no show.
    if !all.is_empty() {
        for name in ["category", "explicit", "image"] {
            if tree.child(parent, Space::Itunes, name).is_none() {
                look.add(Rule::IncompleteShow, tree.node(parent).span.clone(), format!("`itunes:{name}`"));
            }
        }
    }
}

/// Judges the elements of an item.
pub(super) fn item(look: &mut Look<'_, '_>, parent: usize) {
    look.extensions(parent, Space::Itunes, &ITEM);
    let tree = look.tree;
    for at in tree.children(parent).filter(|at| tree.node(*at).space == Space::Itunes) {
        element(look, at);
    }
}

fn element(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    if !matches!(node.name, "category" | "owner") {
        look.leaf(at);
    }
    let numbers = 1..=u64::from(u32::MAX);
    match node.name {
        "block" | "complete" | "isClosedCaptioned" => look.word(at, &["yes", "no", "false"], &[]),
        "category" => categories(look, at, None),
        "duration" if duration(node.text.meant.trim()).is_none() => {
            look.add(Rule::BadDuration, node.place(), quoted(&node.text.meant));
        }
        "episode" | "order" | "season" => look.number(&node.text, node.place(), numbers),
        "episodeType" => look.word(at, &["full", "trailer", "bonus"], &[]),
        "explicit" => look.word(at, &["true", "false"], &["yes", "no", "clean", "explicit"]),
        "image" => look.requires(at, &["href"]),
        "new-feed-url" => look.web_url(at),
        "owner" => owner(look, at),
        "title" => look.title(&node.text),
        "type" => look.word(at, &["episodic", "serial"], &[]),
        _ => {}
    }
}

fn owner(look: &mut Look<'_, '_>, at: usize) {
    look.extensions(at, Space::Itunes, &[("name", Once), ("email", Once)]);
    let tree = look.tree;
    if let Some(email) = look.needs(at, Space::Itunes, "email").map(|at| tree.node(at))
        && !value::is_email(email.text.meant.trim())
    {
        look.add(Rule::BadEmail, email.place(), quoted(&email.text.meant));
    }
}

/// Judges a category, below another one if there is one `above`.
fn categories(look: &mut Look<'_, '_>, at: usize, above: Option<&str>) {
    let tree = look.tree;
    let node = tree.node(at);
    let Some(text) = node.attribute("text").filter(|text| !text.value.is_blank()) else {
        look.add(Rule::EmptyCategory, node.span.clone(), "it has no `text`");
        return;
    };
    let name = text.value.meant.trim();
    let is_known = match above {
        None => category(name).is_some(),
        // A name below an unknown one can't be judged.
        Some(above) => category(above).is_none_or(|(_, names)| names.contains(&name)),
    };
    if !is_known {
        let meant = match above {
            None => nearest_category(name.split([':', '>', '/']).next().unwrap_or(name).trim(), None),
            Some(above) => nearest_category(above, Some(name)),
        };
        let hint = match meant {
            Some((above, Some(below))) => {
                format!("; \u{201c}{above}\u{201d} with \u{201c}{below}\u{201d} in it is meant?")
            }
            Some((name, None)) => format!("; \u{201c}{name}\u{201d} is meant?"),
            None => String::new(),
        };
        look.add(Rule::UnknownCategory, text.span.clone(), quoted(name) + &hint);
    }
    for inner in tree.children(at).filter(|at| tree.node(*at).space == Space::Itunes) {
        match tree.node(inner).name {
            "category" if above.is_none() => categories(look, inner, Some(name)),
            _ => look.leaf(at),
        }
    }
}

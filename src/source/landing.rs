//! `[hero]` and `[[features]]` of a section: what its front of the kind `landing` says.

use serde::{Deserialize, Serialize};

use super::Placed;
use super::front_matter::placed_address;
use crate::model::metadata::{Fields, MetadataError, Node};

/// The fields of a front of the kind `landing`, beside the text and the picture of its section.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// `[hero]`.
    pub hero: Option<Hero>,
    /// `[[features]]`.
    pub features: Box<[Feature]>,
}

/// `[hero]`: the top of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Hero {
    /// `title`: the claim; default: the section's title.
    pub title: Option<String>,
    /// `text`: a sentence or two below it, Markdown in one line.
    pub text: Option<String>,
    /// `command`: a command to copy.
    pub command: Option<String>,
    /// `[[hero.buttons]]`: links that look like buttons; the first is the main one.
    pub buttons: Box<[Button]>,
}

/// A link that looks like a button.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// `title`.
    pub title: String,
    /// `url`.
    pub url: Placed<String>,
}

/// `[[features]]`: one of the things that the page praises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// `title`.
    pub title: String,
    /// `text`: a sentence or two, Markdown in one line.
    pub text: Option<String>,
    /// `icon`: an emoji or another sign.
    pub icon: Option<String>,
    /// `url`: where to read more.
    pub url: Option<Placed<String>>,
}

/// Reads `[hero]` and `[[features]]`; `None` if there is neither.
pub(super) fn landing(fields: &mut Fields<'_, '_>) -> Option<Box<Landing>> {
    let hero = fields.node("hero").map(|node| hero(fields.inner("`[hero]`", node)));
    let nodes = fields.tables("features");
    let features = nodes.into_iter().filter_map(|node| feature(fields.inner("`[[features]]`", node), node));
    let landing = Landing { hero, features: features.collect() };
    (landing != Landing::default()).then(|| Box::new(landing))
}

fn hero(mut table: Fields<'_, '_>) -> Hero {
    let (title, text, command) = (table.filled("title"), table.filled("text"), table.filled("command"));
    let nodes = table.tables("buttons");
    let buttons = nodes.into_iter().filter_map(|node| button(table.inner("`[[hero.buttons]]`", node), node));
    let hero = Hero { title, text, command, buttons: buttons.collect() };
    table.finish(None);
    hero
}

fn button(mut table: Fields<'_, '_>, node: &Node) -> Option<Button> {
    let (title, has_url) = (table.filled("title"), table.filled("url").is_some());
    let url = placed_address(&mut table, "url");
    let owner = || "this button".to_owned();
    if title.is_none() {
        let error = MetadataError::Missing { key: "title", owner: owner(), example: "`title = \"Start\"`" };
        table.report(error, &node.span);
    }
    if !has_url {
        let error = MetadataError::Missing { key: "url", owner: owner(), example: "`url = \"/docs/\"`" };
        table.report(error, &node.span);
    }
    table.finish(None);
    Some(Button { title: title?, url: *url? })
}

fn feature(mut table: Fields<'_, '_>, node: &Node) -> Option<Feature> {
    let title = table.filled("title");
    if title.is_none() {
        let owner = "this feature".to_owned();
        let error = MetadataError::Missing { key: "title", owner, example: "`title = \"Fast\"`" };
        table.report(error, &node.span);
    }
    let (text, icon) = (table.filled("text"), table.filled("icon"));
    let url = placed_address(&mut table, "url").map(|url| *url);
    table.finish(None);
    Some(Feature { title: title?, text, icon, url })
}

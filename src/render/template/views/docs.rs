//! The view of a documentation.

use tera::Value;

use super::{Fields, Views};
use crate::config::SourceUrls;
use crate::model::url::is_elsewhere;
use crate::site::identity::DocsRules;
use crate::site::library::{DocsNode, DocsPart, DocsTree};

/// Sections inside one another in the view of a tree. What is deeper is beside the last of them, since components can
/// call themselves only so often.
const DEEPEST: usize = 12;

/// The page of a documentation that is rendered.
pub struct DocsPage<'a> {
    /// The tree that it is in.
    pub tree: &'a DocsTree,
    /// The section that it is, or is in.
    pub section: usize,
    /// The page itself.
    pub part: DocsPart,
    /// Its place in the tree; `None` if it is unlisted.
    pub place: Option<usize>,
    /// The settings of its section.
    pub rules: &'a DocsRules,
    /// Where its source can be edited, and where its changes are shown.
    pub urls: SourceUrls,
}

impl Views<'_> {
    /// The view of the entry `part` of a tree.
    fn entry(&self, part: DocsPart) -> Fields {
        let mut fields = self.docs_link(part);
        let leads_to = match part {
            DocsPart::Leaf(id) => self.library.leaf(id).rare.leads_to.as_deref(),
            DocsPart::Section(_) => None,
        };
        let url = leads_to.map(|written| self.site_url(written));
        fields.set("elsewhere", url.as_deref().is_some_and(is_elsewhere));
        fields.set("badge", self.badge(part));
        if let Some(url) = url {
            fields.set("url", url);
        }
        fields
    }

    /// The badge of a page or section.
    fn badge(&self, part: DocsPart) -> Option<Value> {
        let badge = match part {
            DocsPart::Leaf(id) => self.library.leaf(id).rare.badge.as_deref(),
            DocsPart::Section(at) => {
                let document = self.library.sections[at].settled.document.as_ref();
                document.and_then(|document| document.front.badge())
            }
        };
        badge.map(|badge| map! { "text" => badge.text.as_str(), "kind" => badge.kind.key() })
    }

    /// The view of a tree that all its pages share.
    pub fn docs_tree(&self, tree: &DocsTree) -> Value {
        let root = tree.nodes.first().map(|node| self.docs_link(node.part));
        let mut fields = root.unwrap_or_default();
        fields.set("count", tree.nodes.len());
        fields.set("entries", self.entries(tree.inside(0)));
        Value::from(fields)
    }

    /// The view `docs` of a `page`; `tree` is the view of its tree.
    pub fn docs(&self, page: &DocsPage<'_>, tree: &Value) -> Value {
        let mut fields = Fields::of(tree);
        let trail = self.trail(page);
        let link = |part: &DocsPart| Value::from(self.docs_link(*part));
        let mut open = trail.clone();
        open.push(page.part);
        let url = |part: &DocsPart| self.docs_link(*part).get("url").cloned();
        let [previous, next] = page.place.map_or([None, None], |place| page.tree.beside(place));
        let DocsRules { version, latest, .. } = page.rules;
        for (key, value) in [
            ("open", Value::from(open.iter().filter_map(url).collect::<Vec<_>>())),
            ("trail", Value::from(trail.iter().map(link).collect::<Vec<_>>())),
            ("previous", Value::from(previous.as_ref().map(link))),
            ("next", Value::from(next.as_ref().map(link))),
            ("children", Value::from(self.children(page))),
            ("version", Value::from(version.clone())),
            ("latest", Value::from(latest.as_deref().map(|latest| self.site_url(latest)))),
            ("edit_url", Value::from(page.urls.edit.clone())),
            ("history_url", Value::from(page.urls.history.clone())),
            ("badge", Value::from(self.badge(page.part))),
        ] {
            fields.set(key, value);
        }
        Value::from(fields)
    }

    /// The sections around a page, from the one with which its tree begins.
    fn trail(&self, page: &DocsPage<'_>) -> Vec<DocsPart> {
        let sections = &self.library.sections;
        let root = page.tree.nodes.first().map(|node| node.part);
        let start = match page.part {
            DocsPart::Section(_) if root == Some(page.part) => None,
            DocsPart::Section(at) => sections[at].parent,
            DocsPart::Leaf(_) => Some(page.section),
        };
        let mut trail: Vec<DocsPart> = Vec::new();
        let mut around = start;
        while let Some(at) = around {
            trail.push(DocsPart::Section(at));
            around = if root == Some(DocsPart::Section(at)) { None } else { sections[at].parent };
        }
        trail.reverse();
        trail
    }

    /// The entries directly in the section that a page is, with their summaries.
    fn children(&self, page: &DocsPage<'_>) -> Vec<Value> {
        let child = |part: DocsPart| {
            let mut fields = self.entry(part);
            let summary = match part {
                DocsPart::Leaf(id) => super::summary(self.library.leaf(id)),
                DocsPart::Section(at) => {
                    let document = self.library.sections[at].settled.document.as_ref();
                    document.and_then(|document| document.front.summary.clone()).unwrap_or_default()
                }
            };
            fields.set("summary", summary);
            Value::from(fields)
        };
        page.children().map(child).collect()
    }

    /// `nodes` as nested entries.
    fn entries(&self, nodes: &[DocsNode]) -> Vec<Value> {
        let mut rest = nodes;
        let mut entries = Vec::new();
        while let Some((first, after)) = rest.split_first() {
            let inside =
                after.iter().take_while(|one| one.depth > first.depth && first.depth < DEEPEST).count();
            let (inside, next) = after.split_at(inside);
            let mut entry = self.entry(first.part);
            entry.set("entries", self.entries(inside));
            entries.push(Value::from(entry));
            rest = next;
        }
        entries
    }

    fn docs_link(&self, part: DocsPart) -> Fields {
        let link = match part {
            DocsPart::Section(at) => self.sections[at].clone(),
            DocsPart::Leaf(id) => self.neighbour(id),
        };
        Fields::of(&link)
    }
}

impl DocsPage<'_> {
    /// The entries directly in the section that it is.
    pub fn children(&self) -> impl Iterator<Item = DocsPart> {
        let is_section = matches!(self.part, DocsPart::Section(_));
        let place = self.place.filter(|_| is_section);
        let inside = place.map_or(&[][..], |place| self.tree.inside(place));
        let depth = inside.first().map(|first| first.depth);
        inside.iter().filter(move |one| Some(one.depth) == depth).map(|one| one.part)
    }
}

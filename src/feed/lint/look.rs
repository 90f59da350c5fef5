//! Rules about elements of any format: what they may contain, and the form of their text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::across::Instant;
use super::date::Read;
use super::namespace::Space;
use super::rule::Rule;
use super::text::Text;
use super::tree::Tree;
use super::xml::Attribute;
use super::{Findings, MOST, content, quoted, value};
use crate::model::suggest::nearest;

/// The elements that are being judged.
pub(super) struct Look<'a, 't> {
    pub source: &'a str,
    pub tree: &'t Tree<'a>,
    pub findings: &'t mut Findings,
}

/// How often an element may occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Often {
    Once,
    Any,
}

impl Look<'_, '_> {
    pub fn add(&mut self, rule: Rule, span: Range<usize>, detail: impl Into<String>) {
        self.findings.add(rule, span, detail);
    }

    /// Reports elements of `space` in `parent` that are not among `names`, or occur too often.
    pub fn may_have(&mut self, parent: usize, space: Space, names: &[(&str, Often)]) {
        self.children_of(parent, space, names, &|_| (Rule::UnknownElement, String::new()));
    }

    /// Reports elements of a namespace in `parent` that it does not have there, or that occur too often.
    pub fn extensions(&mut self, parent: usize, space: Space, names: &[(&str, Often)]) {
        self.children_of(parent, space, names, &|unknown| {
            let meant = nearest(unknown, names.iter().map(|(name, _)| *name));
            let hint = meant.map_or_else(String::new, |meant| format!("; `{meant}` is meant?"));
            (Rule::UnknownExtension, hint)
        });
    }

    /// Judges the elements of `space` in `parent`. `unknown` has the rule for one that is not among `names`, and a hint.
    fn children_of(
        &mut self,
        parent: usize,
        space: Space,
        names: &[(&str, Often)],
        unknown: &dyn Fn(&str) -> (Rule, String),
    ) {
        let tree = self.tree;
        let around = tree.node(parent).name;
        let mut seen: Vec<&str> = Vec::new();
        for node in tree.children(parent).map(|at| tree.node(at)).filter(|node| node.space == space) {
            let span = node.span.clone();
            match names.iter().find(|(name, _)| *name == node.name) {
                None => {
                    let (rule, hint) = unknown(node.name);
                    self.add(rule, span, format!("`{}` in `{around}`{hint}", node.name));
                }
                Some((name, Often::Once)) if seen.contains(name) => {
                    self.add(Rule::DuplicateElement, span, format!("`{name}` in `{around}`"));
                }
                Some((name, Often::Once)) => seen.push(name),
                Some(_) => {}
            }
        }
    }

    /// Reports attributes that an element has to have, and that are missing or empty. A URL among them is judged.
    pub fn requires(&mut self, at: usize, names: &[&str]) {
        let node = self.tree.node(at);
        for name in names {
            match node.attribute(name).filter(|one| !one.value.is_blank()) {
                None => {
                    let detail = format!("`{}` has no `{name}`", node.name);
                    self.add(Rule::MissingElement, node.span.clone(), detail);
                }
                Some(one) if matches!(*name, "url" | "href") => self.attribute_url(one, false),
                Some(_) => {}
            }
        }
    }

    /// Judges the text of an element as one of the words `known`, in any case of letters. The words `old` are of the
    /// past.
    pub fn word(&mut self, at: usize, known: &[&str], old: &[&str]) {
        let node = self.tree.node(at);
        let word = node.text.meant.trim();
        let is_among = |words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
        if is_among(known) {
            return;
        }
        let rule = if is_among(old) { Rule::OldValue } else { Rule::BadValue };
        let detail = format!("`{}` is {}, not {}", node.name, quoted(word), known.join(" or "));
        self.add(rule, node.place(), detail);
    }

    /// Reports text in `parent`, which may have only elements.
    pub fn no_text(&mut self, parent: usize) {
        let node = self.tree.node(parent);
        if let Some(span) = node.text.span()
            && let Some(first) = node.text.meant.find(|c: char| !c.is_whitespace())
        {
            let start = node.text.place(self.source, first..first + 1).start;
            self.add(Rule::StrayText, start..span.end.max(start), quoted(&node.text.meant));
        }
    }

    /// Returns the element `name` in `parent`. It must exist and have a text; otherwise that is reported.
    pub fn needs(&mut self, parent: usize, space: Space, name: &str) -> Option<usize> {
        let tree = self.tree;
        let around = tree.node(parent);
        match tree.child(parent, space, name) {
            None => {
                let detail = format!("`{}` has no `{name}`", around.name);
                self.add(Rule::MissingElement, around.span.clone(), detail);
                None
            }
            Some(at) if tree.node(at).text.is_blank() && tree.children(at).next().is_none() => {
                let detail = format!("`{name}` of `{}` is empty", around.name);
                self.add(Rule::MissingElement, tree.node(at).span.clone(), detail);
                None
            }
            found => found,
        }
    }

    /// Reports elements in one that has only text. Markup in it is escaped, or in a CDATA section.
    pub fn leaf(&mut self, at: usize) {
        let tree = self.tree;
        if let Some(child) = tree.children(at).next() {
            let child = tree.node(child);
            let detail = format!("`{}` in `{}`, which has only text", child.name, tree.node(at).name);
            self.add(Rule::UnknownElement, child.span.clone(), detail);
        }
    }

    /// Reports URLs that run scripts in attributes and texts inside of `of`, of any namespace.
    pub fn script_urls(&mut self, of: usize) {
        const ATTRIBUTES: [&str; 9] =
            ["url", "href", "src", "uri", "img", "image", "icon", "domain", "feedUrl"];
        const ELEMENTS: [&str; 9] =
            ["link", "url", "uri", "comments", "docs", "icon", "logo", "thumbnail", "new-feed-url"];
        let tree = self.tree;
        for node in std::iter::once(of).chain(tree.inside(of)).map(|at| tree.node(at)) {
            if node.space == Space::Xhtml {
                continue;
            }
            for one in node.attributes.iter().filter(|one| ATTRIBUTES.contains(&one.name)) {
                if value::runs(&one.value.meant) {
                    let detail = format!("`{}`: {}", one.name, quoted(one.value.meant.trim()));
                    self.add(Rule::UnsafeUrl, one.span.clone(), detail);
                }
            }
            if ELEMENTS.contains(&node.name) && value::runs(&node.text.meant) {
                let detail = format!("`{}`: {}", node.name, quoted(node.text.meant.trim()));
                self.add(Rule::UnsafeUrl, node.place(), detail);
            }
        }
    }

    /// Judges the text as one without markup, which readers show as it is.
    pub fn plain(&mut self, text: &Text<'_>) {
        if let Some(span) = text.span().filter(|_| content::is_marked_up(&text.meant)) {
            self.add(Rule::HtmlInText, span, quoted(&text.meant));
        }
    }

    /// Judges the text as one that directories cut after `most` characters.
    pub fn short(&mut self, text: &Text<'_>, span: Range<usize>, most: usize) {
        let count = text.meant.trim().chars().count();
        if count > most {
            self.add(Rule::LongText, span, format!("{count} characters; {most} are the most"));
        }
    }

    /// Judges the text of an element as the URL of a web page.
    pub fn web_url(&mut self, at: usize) {
        let node = self.tree.node(at);
        if let Some((rule, detail)) = value::web_url(&node.text.meant) {
            self.add(rule, node.place(), format!("`{}`: {detail}", node.name));
        }
    }

    /// Judges the value of an attribute as a URL.
    pub fn attribute_url(&mut self, one: &Attribute<'_>, web: bool) {
        let fault = value::web_url(&one.value.meant);
        if let Some((rule, detail)) = fault.filter(|(rule, _)| web || *rule != Rule::OddScheme) {
            self.add(rule, one.span.clone(), format!("`{}`: {detail}", one.name));
        }
    }

    /// Reads the date in an element's text.
    pub fn date(&mut self, at: usize, read: fn(&str) -> Read) -> Option<Instant> {
        let node = self.tree.node(at);
        self.date_of(&node.text, node.place(), read)
    }

    /// Reads the date in `text`, which is at `span`.
    pub fn date_of(
        &mut self,
        text: &Text<'_>,
        span: Range<usize>,
        read: fn(&str) -> Read,
    ) -> Option<Instant> {
        let Read { seconds, faults } = read(text.meant.trim());
        for (rule, detail) in faults {
            self.add(rule, span.clone(), detail);
        }
        let seconds = seconds?;
        if let Some(what) = super::date::implausible(seconds) {
            self.add(Rule::ImplausibleDate, span.clone(), format!("{}: {what}", quoted(&text.meant)));
        }
        Some(Instant { seconds, span })
    }

    /// Judges `xml:lang` and `xml:base`, which any element may have.
    pub fn xml_attributes(&mut self, at: usize) {
        let node = self.tree.node(at);
        if let Some(lang) = node.xml("lang")
            && !lang.value.meant.is_empty()
            && !value::is_language(&lang.value.meant)
        {
            self.add(Rule::BadLanguage, lang.span.clone(), quoted(&lang.value.meant));
        }
        if let Some(base) = node.xml("base") {
            self.add(Rule::XmlBase, base.span.clone(), "");
        }
    }

    /// Judges the attribute `type`, if there is one, as a media type.
    pub fn media_type(&mut self, at: usize) {
        let found = self.tree.node(at).attribute("type");
        if let Some(one) = found.filter(|one| !value::is_media_type(&one.value.meant)) {
            self.add(Rule::BadMediaType, one.span.clone(), quoted(&one.value.meant));
        }
    }

    /// Judges the text as a whole number in `range`.
    pub fn number(&mut self, text: &Text<'_>, span: Range<usize>, range: std::ops::RangeInclusive<u64>) {
        let number = text.meant.trim();
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !number.parse().is_ok_and(|number| range.contains(&number)) {
            self.add(Rule::BadNumber, span, quoted(number));
        }
    }

    /// Judges the text as HTML.
    pub fn html(&mut self, text: &Text<'_>) {
        let (source, findings) = (self.source, &mut *self.findings);
        let end = text.span().map_or(0, |span| span.end);
        let mut counts: HashMap<Rule, usize> = HashMap::new();
        content::judge(&text.meant, &mut |rule, range, detail| {
            let count = counts.entry(rule).or_default();
            *count += 1;
            if *count <= MOST {
                findings.add(rule, text.place(source, range), detail);
            } else {
                // The finding will only be counted, and finding its place costs a pass over the text.
                findings.add(rule, end..end, count.to_string());
            }
        });
    }

    /// Judges the elements inside of one as HTML.
    pub fn xhtml(&mut self, of: usize) {
        let tree = self.tree;
        for at in tree.inside(of) {
            let node = tree.node(at);
            if let Some(rule) = content::element(node.name) {
                self.add(rule, node.span.clone(), format!("`{}`", node.name));
            }
            for one in node.attributes.iter().filter(|one| one.space == Space::None) {
                if let Some((rule, detail)) = content::attribute(node.name, one.name, &one.value.meant) {
                    self.add(rule, one.span.clone(), detail);
                }
            }
        }
    }

    /// Judges the text as a title without markup.
    pub fn title(&mut self, text: &Text<'_>) {
        let Some(span) = text.span() else { return };
        if content::has_tags(&text.meant) {
            self.add(Rule::HtmlInTitle, span, quoted(&text.meant));
        } else if let Some(range) = content::reference(&text.meant) {
            let place = text.place(self.source, range);
            self.add(Rule::DoubleEscaped, place, quoted(&text.meant));
        }
    }

    /// Judges the text as an id, and returns it.
    pub fn id(&mut self, text: &Text<'_>, span: Range<usize>) -> Option<(Arc<str>, Range<usize>)> {
        let id = &*text.meant;
        if id.trim().is_empty() {
            self.add(Rule::MissingId, span, "it is empty");
            return None;
        }
        if id.contains(char::is_whitespace) {
            self.add(Rule::BlankInId, span.clone(), quoted(id));
        }
        Some((id.trim().into(), span))
    }
}

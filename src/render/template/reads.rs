//! The reads of a template: the other templates and the values that it uses.
//!
//! Tera reports the variables of a template, but neither the values that a component takes by itself nor the components
//! that a template calls. So names are searched in the templates' tags. A false match only costs a page rendered for
//! nothing; a missed name would leave a page out of date.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use super::data_reads::{self, Component, Scope, Scopes};
use super::sources::Sources;
use crate::model::digest::{Digest, Fingerprinter};
use crate::source::data;

/// Everything that a template reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reads {
    /// Digest of the text of the template and of all templates it builds on.
    pub digest: Digest,
    /// Names in its tags and in those of all templates it builds on; they include every value that it reads.
    pub names: HashSet<String>,
    /// Names of lists of `site.toml` in its tags; [`ANY`] if a tag may read any of them.
    pub lists: BTreeSet<String>,
    /// Keys of the view `data` in its tags; no keys if a tag may read everything.
    pub data: BTreeSet<Vec<String>>,
    /// Words in its tags that are neither variables nor keywords: attributes of values, and texts in quotes.
    pub attributes: HashSet<String>,
    /// The names of the template itself and of all templates it builds on.
    pub templates: BTreeSet<String>,
}

impl Reads {
    /// True if the template may read the value `name`.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name) || self.names.contains(EVERYTHING)
    }

    /// True if its tags have the word `name` anywhere.
    pub fn mentions(&self, name: &str) -> bool {
        self.has(name) || self.attributes.contains(name)
    }

    /// True if the template may read the data file at `path` below `data/`.
    pub fn has_data(&self, path: &str) -> bool {
        let Some(file) = data::keys(path) else { return false };
        self.data.iter().any(|keys| keys.iter().zip(&file).all(|(key, of_file)| key == of_file))
    }

    /// True if the template may read the list `name` of `site.toml`.
    pub fn has_list(&self, name: &str) -> bool {
        self.names.contains(EVERYTHING) || self.lists.contains(ANY) || self.lists.contains(name)
    }
}

/// Tera's variable with all values.
const EVERYTHING: &str = "__tera_context";

/// The name of all lists, where a tag names no single one.
const ANY: &str = "*";

/// The name of the list that a tag reads after the word `lists`.
fn list_in(after: &str) -> &str {
    let quoted = |quote: char| after.strip_prefix('[')?.trim_start().strip_prefix(quote)?.split_once(quote);
    let named = after.strip_prefix("?.").or_else(|| after.strip_prefix('.'));
    let word = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    match (named, quoted('"').or_else(|| quoted('\''))) {
        (Some(rest), _) => &rest[..word(rest)],
        (_, Some((name, rest))) if rest.trim_start().starts_with(']') => name,
        _ => ANY,
    }
}

/// The reads of each of `sources`; `views` are the names of all values.
pub(super) fn of_all(sources: &Sources, views: &[&str]) -> BTreeMap<String, Reads> {
    let parts: BTreeMap<&str, Parts> =
        sources.iter().map(|(name, source)| (name, Parts::of(&source.text))).collect();
    let with_components: Vec<&str> =
        parts.iter().filter(|(_, parts)| parts.names.contains("component")).map(|(name, _)| *name).collect();
    let reads = sources.iter().map(|(name, _)| {
        let mut closure: BTreeMap<&str, &str> = BTreeMap::new();
        let mut waiting = vec![name];
        while let Some(next) = waiting.pop() {
            let Some((own, source)) = sources.resolve(next) else { continue };
            if closure.insert(own, &source.text).is_some() {
                continue;
            }
            let parts = &parts[own];
            waiting.extend(parts.texts.iter().map(String::as_str));
            if parts.calls {
                waiting.extend(&with_components);
            }
        }
        let mut hasher = Fingerprinter::default();
        let (mut names, mut attributes, mut lists) = (HashSet::new(), HashSet::new(), BTreeSet::new());
        let mut of_data = data_reads::of_template(name, &parts, sources);
        let mut templates = BTreeSet::new();
        for (one, text) in closure {
            hasher.value(one).value(text);
            names.extend(parts[one].names.iter().cloned());
            attributes.extend(parts[one].attributes.union(&parts[one].texts).cloned());
            lists.extend(parts[one].lists.iter().cloned());
            templates.insert(one.to_owned());
        }
        if names.contains(EVERYTHING) {
            names.extend(views.iter().map(|view| (*view).to_owned()));
            of_data.insert(Vec::new());
        }
        let digest = hasher.finish();
        (name.to_owned(), Reads { digest, names, lists, data: of_data, attributes, templates })
    });
    reads.collect()
}

/// The keys of the view `data` that each component reads.
pub(super) fn of_components(sources: &Sources) -> BTreeMap<String, BTreeSet<Vec<String>>> {
    let parts: BTreeMap<&str, Parts> =
        sources.iter().map(|(name, source)| (name, Parts::of(&source.text))).collect();
    data_reads::of_components(&parts, sources)
}

/// A tag of a template that names another template.
pub(super) struct Reference {
    /// The name.
    pub name: String,
    /// The bytes of the name with its quotes in the template.
    pub range: Range<usize>,
}

/// The content of the tags of one template.
#[derive(Default)]
pub(super) struct Parts {
    /// Words that are not attributes of a value.
    pub names: HashSet<String>,
    /// Attributes of values.
    pub attributes: HashSet<String>,
    /// Names of lists, after the word `lists`.
    pub lists: HashSet<String>,
    /// Reads of the view `data`, calls and strings, by component.
    pub scopes: Scopes,
    /// Strings in quotes.
    pub texts: HashSet<String>,
    /// Templates that it extends and includes.
    pub references: Vec<Reference>,
    /// It may call a component.
    pub calls: bool,
}

/// The name in quotes after `extends` or `include`, if `tag` is the inside of such a tag.
fn reference(tag: &str) -> Option<(&str, Range<usize>)> {
    let word = tag.trim_start_matches(['-', '+', ' ', '\t', '\r', '\n']);
    let rest = word.strip_prefix("extends").or_else(|| word.strip_prefix("include"))?;
    let quoted = rest.trim_start();
    let quote = quoted.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
    let name = &quoted[1..];
    let name = &name[..name.find(quote)?];
    let start = tag.len() - quoted.len();
    Some((name, start..start + name.len() + 2))
}

impl Parts {
    /// Reads the tags of the template `text`.
    pub fn of(text: &str) -> Parts {
        let mut parts = Parts::default();
        let mut component: Option<Component> = None;
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            rest = &rest[open + 1..];
            let close = match rest.as_bytes().first() {
                Some(b'{') => "}}",
                Some(b'%') => "%}",
                Some(b'#') => {
                    rest = rest.find("#}").map_or("", |end| &rest[end..]);
                    continue;
                }
                _ => continue,
            };
            let tag = &rest[1..];
            let mut scope = Scope::default();
            let end = parts.tag(tag, close, text.len() - tag.len(), &mut scope);
            if close == "%}" {
                component = data_reads::after(&tag[..end], component);
            }
            data_reads::add(&mut parts.scopes, scope, component.as_ref());
            if close == "%}"
                && let Some((name, range)) = reference(&tag[..end])
            {
                let start = text.len() - tag.len();
                let range = start + range.start..start + range.end;
                parts.references.push(Reference { name: name.to_owned(), range });
            }
            rest = &tag[end..];
            if close == "%}" && tag[..end].trim_matches(['-', ' ']) == "raw" {
                rest = rest.find("endraw").map_or("", |end| &rest[end..]);
            }
        }
        parts
    }

    /// Reads the tag at the beginning of `tag`, which is at byte `base` of the template, up to `close`, and adds what it
    /// reads to `scope`; returns the position of `close`.
    fn tag(&mut self, tag: &str, close: &str, base: usize, scope: &mut Scope) -> usize {
        let bytes = tag.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                _ if bytes[at..].starts_with(close.as_bytes()) => return at,
                quote @ (b'"' | b'\'' | b'`') => {
                    let end = tag[at + 1..].find(char::from(quote)).map_or(tag.len(), |end| at + 1 + end);
                    self.texts.insert(tag[at + 1..end].to_owned());
                    scope.texts.insert(tag[at + 1..end].to_owned());
                    at = (end + 1).min(tag.len());
                }
                b'<' => {
                    self.calls = true;
                    scope.calls.extend(data_reads::called(&tag[at + 1..]));
                    at += 1;
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let length = tag[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                    let end = length.map_or(tag.len(), |length| at + length);
                    if at > 0 && bytes[at - 1] == b'.' {
                        self.attributes.insert(tag[at..end].to_owned());
                    } else {
                        self.names.insert(tag[at..end].to_owned());
                        if &tag[at..end] == "lists" {
                            self.lists.insert(list_in(&tag[end..]).to_owned());
                        }
                        if &tag[at..end] == data_reads::NAME {
                            match data_reads::is_bound(tag, end) {
                                true => scope.binds = true,
                                false => scope.data.extend(data_reads::read(tag, end, base)),
                            }
                        }
                    }
                    at = end;
                }
                _ => at += 1,
            }
        }
        tag.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(templates: &[(&str, &str)]) -> BTreeMap<String, Reads> {
        of_all(&Sources::of(templates), &["site", "recent"])
    }

    fn names(templates: &[(&str, &str)], of: &str) -> Vec<String> {
        let mut names: Vec<String> = reads(templates)[of].names.iter().cloned().collect();
        names.retain(|name| ["site", "recent", "archive", "section"].contains(&name.as_str()));
        names.sort();
        names
    }

    #[test]
    fn values_are_found_through_parents_includes_and_components() {
        let templates = [
            ("base", "{{ site.title }}{% block a %}{% endblock a %} recent {{ article.recent }}"),
            ("page", "{% extends \"base\" %}{% block a %}{% include 'side' %}{% endblock a %}"),
            ("side", "{# recent #}{{<Aside />}}"),
            ("parts", "{% component Aside(recent) %}{{ recent }}{% endcomponent Aside %}"),
            ("plain", "<p>{a}</p> {{ x if archive else section }}"),
            ("all", "{{ __tera_context }}"),
        ];
        assert_eq!(names(&templates, "base"), ["site"]);
        assert_eq!(names(&templates, "page"), ["recent", "site"]);
        assert_eq!(names(&templates, "plain"), ["archive", "section"]);
        assert_eq!(names(&templates, "all"), ["recent", "site"]);
    }

    #[test]
    fn lists_are_found_by_their_names() {
        let lists = |text: &str| -> Vec<String> {
            reads(&[("a", text)]).remove("a").unwrap().lists.into_iter().collect()
        };
        assert_eq!(lists("{{ lists.one }}{% for x in lists?.two or [] %}{% endfor %}"), ["one", "two"]);
        assert_eq!(lists("{{ lists[\"a b\"] }}{{ lists['c'] | length }}"), ["a b", "c"]);
        for any in [
            "{{ lists }}",
            "{{ lists[name] }}",
            "{% for a, b in lists %}{% endfor %}",
            "{{ lists[\"a\" ~ b] }}",
        ] {
            assert_eq!(lists(any), [ANY], "{any}");
        }
        assert_eq!(lists("{{ site.lists.one }} lists"), [""; 0]);
    }

    #[test]
    fn the_digest_is_that_of_all_it_builds_on() {
        let before = reads(&[("a", "{% extends 'b' %}"), ("b", "1"), ("c", "1")]);
        let after = reads(&[("a", "{% extends 'b' %}"), ("b", "2"), ("c", "1")]);
        assert_ne!(before["a"], after["a"]);
        assert_eq!(before["c"], after["c"]);
    }

    #[test]
    fn a_mark_in_quotes_hides_nothing() {
        assert_eq!(names(&[("a", "{{ \"}}\" ~ recent }} {% if '%}' == site %}")], "a"), ["recent", "site"]);
        let raw = "{% raw %}{{ don't }} recent {% endraw %}{{ site }}";
        assert_eq!(names(&[("a", raw)], "a"), ["site"]);
        assert_eq!(names(&[("a", "{{ a }} recent {{ b }}")], "a"), [""; 0]);
    }

    #[test]
    fn what_a_template_extends_and_includes_has_its_place() {
        let text = "{%- extends 'theme/a' -%}\n{# {% include \"b\" %} #}{{ \"include\" }}{% set include = \"c\" %}{% include \"d\" %}{% include e %}";
        let found: Vec<(String, &str)> = Parts::of(text)
            .references
            .into_iter()
            .map(|Reference { name, range }| (name, &text[range]))
            .collect();
        assert_eq!(found, [("theme/a".to_owned(), "'theme/a'"), ("d".to_owned(), "\"d\"")]);
    }
}

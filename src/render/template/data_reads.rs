//! The data files that a template names: chains such as `data.prices.eu`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use super::reads::Parts;
use super::sources::Sources;

/// The name of the view.
pub(super) const NAME: &str = "data";

/// A place that reads the view `data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataRead {
    /// The keys that it names, from the first one; empty if it may read everything.
    pub keys: Vec<String>,
    /// The bytes of the chain in the template.
    pub range: Range<usize>,
    /// There may be nothing: `data?.prices`.
    pub is_optional: bool,
}

/// A part of a template: the definition of a component, or everything else.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Its reads.
    pub data: Vec<DataRead>,
    /// The components that it may call.
    pub calls: BTreeSet<String>,
    /// It gives the name `data` to a value of its own.
    pub binds: bool,
    /// Its strings in quotes. They may be names of templates.
    pub texts: HashSet<String>,
}

/// The scopes of a template by the names of components; that of everything else has an empty name.
pub(super) type Scopes = BTreeMap<String, Scope>;

/// The component whose definition a tag is inside of.
pub(super) struct Component {
    name: String,
    /// The names of its parameters. The table of an argument is in `data` under the argument's name.
    parameters: HashSet<String>,
    /// It has a parameter `data` that callers pass, and does not see the view.
    hides: bool,
}

impl Component {
    /// The component that the `tag` begins, if it does.
    pub fn begun_by(tag: &str) -> Option<Component> {
        let rest = word_of(tag).strip_prefix("component")?;
        let (name, all) = rest.split_once('(').unwrap_or((rest, ""));
        let (mut parameters, mut hides) = (HashSet::new(), false);
        let (mut depth, mut quote, mut start) = (0_usize, None, 0);
        for (at, letter) in all.char_indices().chain([(all.len(), ',')]) {
            match (quote, letter) {
                (Some(open), _) => quote = Some(open).filter(|open| *open != letter),
                (None, '"' | '\'' | '`') => quote = Some(letter),
                (None, '[' | '{' | '(') => depth += 1,
                (None, ']' | '}' | ')') if depth > 0 => depth -= 1,
                (None, ',' | ')') if depth == 0 => {
                    let one = all.get(start..at).unwrap_or_default();
                    let name = one.split([':', '=']).next().unwrap_or_default().trim();
                    hides |= name == NAME;
                    parameters.insert(name.trim_start_matches('@').to_owned());
                    start = at + 1;
                }
                _ => {}
            }
        }
        Some(Component { name: name.trim().to_owned(), parameters, hides })
    }

    /// True if `read` reads the view `data` in this component, and no argument of it.
    fn sees(&self, read: &DataRead) -> bool {
        !self.hides && read.keys.first().is_none_or(|key| !self.parameters.contains(key))
    }
}

/// The inside of a tag from its first word.
fn word_of(tag: &str) -> &str {
    tag.trim_start_matches(['-', '+', ' ', '\t', '\r', '\n'])
}

/// The component that surrounds what follows `tag`, which is inside of `around`.
pub(super) fn after(tag: &str, around: Option<Component>) -> Option<Component> {
    if word_of(tag).starts_with("endcomponent") { None } else { Component::begun_by(tag).or(around) }
}

/// Adds the `found` of a tag to the scope of `component`.
pub(super) fn add(scopes: &mut Scopes, found: Scope, component: Option<&Component>) {
    let scope = scopes.entry(component.map(|one| one.name.clone()).unwrap_or_default()).or_default();
    let is_seen = |read: &DataRead| component.is_none_or(|component| component.sees(read));
    scope.data.extend(found.data.into_iter().filter(is_seen));
    scope.binds |= found.binds;
    scope.calls.extend(found.calls);
    scope.texts.extend(found.texts);
}

/// The name of the component that is called by `<` before `rest`.
pub(super) fn called(rest: &str) -> Option<String> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '}' | '(');
    let name = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

/// The keys that the template `name` may read, with those of all templates and components that it uses.
pub(super) fn of_template(
    name: &str,
    parts: &BTreeMap<&str, Parts>,
    sources: &Sources,
) -> BTreeSet<Vec<String>> {
    closure(vec![(Use::Template, name)], parts, sources)
}

/// The keys that each component may read, likewise.
pub(super) fn of_components(
    parts: &BTreeMap<&str, Parts>,
    sources: &Sources,
) -> BTreeMap<String, BTreeSet<Vec<String>>> {
    let names = parts.values().flat_map(|parts| parts.scopes.keys()).filter(|name| !name.is_empty());
    let names: BTreeSet<&String> = names.collect();
    let keys = |name: &String| closure(vec![(Use::Component, name)], parts, sources);
    names.into_iter().map(|name| (name.clone(), keys(name))).collect()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Template,
    Component,
}

fn closure<'p>(
    mut waiting: Vec<(Use, &'p str)>,
    parts: &'p BTreeMap<&str, Parts>,
    sources: &'p Sources,
) -> BTreeSet<Vec<String>> {
    let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
    while let Some((kind, name)) = waiting.pop() {
        let name = match kind {
            Use::Template => sources.resolve(name).map(|(own, _)| own),
            Use::Component => Some(name),
        };
        let Some(name) = name.filter(|name| seen.insert((kind, *name))) else { continue };
        let scopes: Vec<&Scope> = match kind {
            Use::Template => parts.get(name).and_then(|parts| parts.scopes.get("")).into_iter().collect(),
            Use::Component => parts.values().filter_map(|parts| parts.scopes.get(name)).collect(),
        };
        for scope in scopes {
            keys.extend(scope.data.iter().map(|read| read.keys.clone()));
            waiting.extend(scope.calls.iter().map(|call| (Use::Component, call.as_str())));
            waiting.extend(scope.texts.iter().map(|text| (Use::Template, text.as_str())));
        }
    }
    keys
}

/// True if `data`, which ends at byte `at` of `tag`, is the name that the tag gives to a value.
pub(super) fn is_bound(tag: &str, at: usize) -> bool {
    let before = tag[..at - NAME.len()].trim_end();
    let words: Vec<&str> = before.split_whitespace().collect();
    match words.as_slice() {
        [.., "set" | "set_global" | "for"] => true,
        [.., "for", key] => key.ends_with(','),
        [.., "for", _, ","] => true,
        _ => false,
    }
}

/// The read of `data`, which ends at byte `at` of `tag`, the inside of a tag that begins at byte `base` of the template.
/// `None` if it is the name of an argument.
pub(super) fn read(tag: &str, at: usize, base: usize) -> Option<DataRead> {
    let start = at - NAME.len();
    let before = tag[..start].chars().last();
    let after = tag[at..].trim_start();
    let is_argument = after.starts_with('=') && !after.starts_with("==");
    if before == Some('@') || is_argument || after.starts_with(':') {
        return None;
    }
    let (mut keys, mut end, mut is_optional) = (Vec::new(), at, false);
    while let Some((key, length, optional)) = step(&tag[end..]) {
        is_optional |= optional;
        keys.push(key.to_owned());
        end += length;
    }
    Some(DataRead { keys, range: base + start..base + end, is_optional })
}

/// The key at the beginning of `rest`, its length with the signs around it, and if it may be missing.
fn step(rest: &str) -> Option<(&str, usize, bool)> {
    let (rest_of, optional) = match rest.strip_prefix("?.") {
        Some(after) => (Some(after), true),
        None => (rest.strip_prefix('.'), false),
    };
    if let Some(after) = rest_of {
        let length = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let is_name = !after.starts_with(|c: char| c.is_ascii_digit()) && length > 0;
        return is_name.then(|| (&after[..length], rest.len() - after.len() + length, optional));
    }
    let inside = rest.strip_prefix("?[").or_else(|| rest.strip_prefix('['))?;
    let quoted = inside.trim_start();
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let (key, after) = quoted[1..].split_once(quote)?;
    let after = after.trim_start().strip_prefix(']')?;
    Some((key, rest.len() - after.len(), rest.starts_with('?')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(tag: &str) -> Option<String> {
        let at = tag.find(NAME)? + NAME.len();
        read(tag, at, 0)
            .map(|read| format!("{}{}", read.keys.join("/"), if read.is_optional { "?" } else { "" }))
    }

    #[test]
    fn a_chain_has_the_keys_that_are_written_out() {
        for (tag, expected) in [
            (" data.products ", Some("products")),
            (" data.prices.eu[0].name ", Some("prices/eu")),
            (" data[\"my-file\"].x | first", Some("my-file/x")),
            (" data['a b'][`c`]", Some("a b/c")),
            (" data?.banner or \"\"", Some("banner?")),
            (" data.a?.b", Some("a/b?")),
            (" data[name]", Some("")),
            (" data.prices[name].x", Some("prices")),
            (" for key, one in data ", Some("")),
            (" data | get(key=\"x\")", Some("")),
            ("<card data={x} />", None),
            (" component a(@data: map)", None),
            (" data == 1", Some("")),
        ] {
            assert_eq!(keys(tag).as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn a_tag_may_give_the_name_to_a_value() {
        for (tag, expected) in [
            (" for data in x ", true),
            ("- for key, data in x ", true),
            (" for key , data in x ", true),
            (" set data = 1", true),
            (" set_global data = 1", true),
            (" for one in data ", false),
            (" set x = data", false),
            (" if data", false),
        ] {
            assert_eq!(is_bound(tag, tag.find(NAME).unwrap() + NAME.len()), expected, "{tag}");
        }
    }

    #[test]
    fn a_component_sees_the_view_unless_a_caller_passes_its_data() {
        let read = |key: &str| DataRead { keys: vec![key.to_owned()], range: 0..0, is_optional: false };
        let sees =
            |tag: &str, key: &str| Component::begun_by(tag).map(|component| component.sees(&read(key)));
        assert_eq!(sees("- component a(src: string, @data: map) ", "src"), Some(false));
        assert_eq!(sees(" component a(src: string, @data: map) ", "products"), Some(true));
        assert_eq!(sees(" component a(data: map) ", "products"), Some(false));
        assert_eq!(sees(" component a(metadata: map, @data: map) ", "products"), Some(true));
        let defaults = " component a(list: array = [1, \"map, x: y\"], @data: map = {}) ";
        assert_eq!((sees(defaults, "map"), sees(defaults, "list")), (Some(true), Some(false)));
        assert_eq!(sees(" set a = 1 ", "products"), None);
    }
}

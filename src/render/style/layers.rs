//! Imports of style sheets elsewhere, and the order of layers.
//!
//! An import has to precede all other rules (CSS Cascade 5, section 2), so those of a bundle go to its head. Layers are
//! ordered by their first appearance (section 6.4.3), which a statement before the imports keeps as it was.

use lightningcss::media_query::MediaList;
use lightningcss::rules::import::ImportRule;
use lightningcss::rules::layer::{LayerName, LayerStatementRule};
use lightningcss::rules::supports::SupportsCondition;
use lightningcss::rules::{CssRule, CssRuleList, Location};

/// A style sheet in the place of one that is elsewhere.
pub(super) const PLACEHOLDER: &str = ".elsewhere{--elsewhere:1}";

/// Puts imports to the head of `rules` in the place of placeholders. `url` has the URL of a source that is elsewhere.
pub(super) fn hoist(rules: &mut CssRuleList<'_>, url: &dyn Fn(u32) -> Option<String>) {
    let mut names = Vec::new();
    let mut before = Vec::new();
    let mut imports = Vec::new();
    for rule in &mut rules.0 {
        if let Some(import) = import(rule, url) {
            names.extend(import.layer.iter().flatten().cloned());
            before.clone_from(&names);
            imports.push(CssRule::Import(import));
            *rule = CssRule::Ignored;
        } else {
            collect(std::slice::from_ref(rule), &[], false, &mut |name, is_conditional| {
                if !is_conditional && !name.iter().any(|part| part.is_empty()) {
                    names.push(LayerName(name.iter().map(|part| part.clone().into()).collect()));
                }
            });
        }
    }
    if imports.is_empty() {
        return;
    }
    let mut seen = std::collections::HashSet::new();
    before.retain(|name| seen.insert(name.clone()));
    let loc = Location { source_index: 0, line: 0, column: 1 };
    let statement =
        (!before.is_empty()).then(|| CssRule::LayerStatement(LayerStatementRule { names: before, loc }));
    rules.0.splice(0..0, statement.into_iter().chain(imports));
}

/// The import that a placeholder with its conditions is for.
fn import<'i>(rule: &CssRule<'i>, url: &dyn Fn(u32) -> Option<String>) -> Option<ImportRule<'i>> {
    let mut layer = None;
    let mut supports: Option<SupportsCondition<'i>> = None;
    let mut media = MediaList::new();
    let mut rule = rule;
    loop {
        let inside = match rule {
            CssRule::Style(style) => {
                let url = url(style.loc.source_index)?.into();
                return Some(ImportRule { url, layer, supports, media, loc: style.loc });
            }
            CssRule::LayerBlock(block) => {
                layer = Some(block.name.clone());
                &block.rules
            }
            CssRule::Media(block) => {
                media = block.query.clone();
                &block.rules
            }
            CssRule::Supports(block) => {
                supports = Some(block.condition.clone());
                &block.rules
            }
            _ => return None,
        };
        let [only] = inside.0.as_slice() else { return None };
        rule = only;
    }
}

/// True if `rules` have layers.
pub(super) fn has_layers(rules: &CssRuleList<'_>) -> bool {
    let mut found = false;
    collect(&rules.0, &[], false, &mut |_, _| found = true);
    found
}

/// The names of the layers in `rules`, in the order of their first appearance; each with true where it may depend on a
/// condition. The parts of layers without a name are empty.
pub(super) fn order(rules: &CssRuleList<'_>) -> Vec<(Vec<String>, bool)> {
    let mut names = Vec::new();
    let mut seen = std::collections::HashSet::new();
    collect(&rules.0, &[], false, &mut |name, is_conditional| {
        if name.last().is_some_and(|last| !last.is_empty()) && seen.insert((name.to_vec(), is_conditional)) {
            names.push((name.to_vec(), is_conditional));
        }
    });
    names
}

/// Calls `each` with the full name of every layer in `rules`, which are inside of the layer `outer`.
fn collect(
    rules: &[CssRule<'_>],
    outer: &[String],
    is_conditional: bool,
    each: &mut dyn FnMut(&[String], bool),
) {
    let full = |name: &LayerName<'_>| {
        let own = name.0.iter().map(ToString::to_string);
        outer.iter().cloned().chain(own).collect::<Vec<String>>()
    };
    // A layer appears before those inside of it.
    let appear = |name: &[String], each: &mut dyn FnMut(&[String], bool)| {
        for length in outer.len() + 1..=name.len() {
            each(&name[..length], is_conditional);
        }
    };
    for rule in rules {
        match rule {
            CssRule::LayerStatement(statement) => {
                statement.names.iter().for_each(|name| appear(&full(name), each));
            }
            CssRule::LayerBlock(block) => {
                let unnamed = || outer.iter().cloned().chain([String::new()]).collect();
                let name = block.name.as_ref().map_or_else(unnamed, full);
                appear(&name, each);
                collect(&block.rules.0, &name, is_conditional, each);
            }
            CssRule::Import(import) => {
                if let Some(name) = import.layer.iter().flatten().next() {
                    appear(&full(name), each);
                }
            }
            CssRule::Media(block) => collect(&block.rules.0, outer, true, each),
            CssRule::Supports(block) => collect(&block.rules.0, outer, true, each),
            CssRule::Container(block) => collect(&block.rules.0, outer, true, each),
            CssRule::MozDocument(block) => collect(&block.rules.0, outer, true, each),
            CssRule::Scope(block) => collect(&block.rules.0, outer, is_conditional, each),
            CssRule::StartingStyle(block) => collect(&block.rules.0, outer, is_conditional, each),
            CssRule::Style(block) => collect(&block.rules.0, outer, is_conditional, each),
            CssRule::Nesting(block) => collect(&block.style.rules.0, outer, is_conditional, each),
            _ => {}
        }
    }
}

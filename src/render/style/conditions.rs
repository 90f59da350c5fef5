//! The conditions of imports (CSS Cascade 5, section 2).

use std::ops::Range;

use super::tokens::{Kind, solid};
use super::writer::{File, small};

/// The conditions of an import, each as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    /// The name of the layer that the sheet becomes; empty for one without a name.
    pub(super) layer: Option<String>,
    /// The content of `supports(…)`.
    supports: Option<String>,
    /// The media queries.
    media: Option<String>,
}

impl Conditions {
    /// Reads those in the tokens `range` of `file`, which are behind the address of an import.
    pub(super) fn read(file: &File<'_>, range: Range<usize>) -> Conditions {
        let list = file.tokens;
        let mut conditions = Conditions::default();
        let mut at = range.start;
        while let Some(next) = solid(list, at, range.end) {
            let token = &list[next];
            let inner = || small(file, next + 1..token.end);
            if token.kind == Kind::Word
                && token.value.eq_ignore_ascii_case("layer")
                && conditions.layer.is_none()
            {
                conditions.layer = Some(String::new());
            } else if token.is_function("layer") && conditions.layer.is_none() {
                conditions.layer = Some(inner());
            } else if token.is_function("supports") && conditions.supports.is_none() {
                let is_declaration = list[next + 1].kind == Kind::Word
                    && solid(list, next + 2, token.end).is_some_and(|colon| list[colon].kind == Kind::Colon);
                let condition = inner();
                conditions.supports = Some(if is_declaration { format!("({condition})") } else { condition });
            } else {
                conditions.media = Some(small(file, next..range.end));
                break;
            }
            at = token.end.max(next) + 1;
        }
        conditions
    }

    /// The preludes of the blocks around a sheet with these conditions, the outermost first.
    pub(super) fn blocks(&self) -> Vec<String> {
        let media = self.media.as_ref().map(|media| format!("@media {media}"));
        let supports = self.supports.as_ref().map(|condition| format!("@supports {condition}"));
        let layer = self.layer.as_ref().map(|name| format!("@layer {name}").trim_end().to_owned());
        media.into_iter().chain(supports).chain(layer).collect()
    }

    /// True if something other than a layer is asked for.
    pub(super) fn is_conditional(&self) -> bool {
        self.supports.is_some() || self.media.is_some()
    }
}

/// The conditions of an import inside of sheets with conditions, `chain` from the outermost to its own, as its rule has
/// them. `None` if one rule can't say them.
pub(super) fn joined(chain: &[Conditions]) -> Option<String> {
    let mut text = String::new();
    let layers: Vec<&str> = chain.iter().filter_map(|one| one.layer.as_deref()).collect();
    match layers.as_slice() {
        [] => {}
        [""] => text.push_str(" layer"),
        names if names.contains(&"") => return None,
        names => text.push_str(&format!(" layer({})", names.join("."))),
    }
    let supports: Vec<&str> = chain.iter().filter_map(|one| one.supports.as_deref()).collect();
    match supports.as_slice() {
        [] => {}
        [one] => text.push_str(&format!(" supports({one})")),
        several => text.push_str(&format!(" supports(({}))", several.join(") and ("))),
    }
    let mut media = chain.iter().filter_map(|one| one.media.as_deref());
    if let Some(first) = media.next() {
        let all = media.try_fold(first.to_owned(), |all, one| both(&all, one))?;
        text.push_str(&format!(" {all}"));
    }
    Some(text)
}

/// The media query that is true where `a` and `b` are (Media Queries 4, section 3). `None` if both name a medium, or one
/// is a list.
fn both(a: &str, b: &str) -> Option<String> {
    let is_feature = |query: &str| query.starts_with('(') || query.starts_with("not (");
    let grouped = |query: &str| match query.contains(" or ") || query.starts_with("not") {
        true => format!("({query})"),
        false => query.to_owned(),
    };
    let (medium, feature) = if is_feature(a) { (b, a) } else { (a, b) };
    if !is_feature(feature) || [a, b].iter().any(|query| query.contains(',')) {
        return None;
    }
    match medium {
        medium if is_feature(medium) => Some(format!("{} and {}", grouped(a), grouped(b))),
        medium if medium.starts_with("not ") => None,
        medium => Some(format!("{medium} and {}", grouped(feature))),
    }
}

#[cfg(test)]
mod tests {
    use super::both;

    #[test]
    fn queries_are_true_where_both_are() {
        for (a, b, expected) in [
            ("screen", "(width>1px)", Some("screen and (width>1px)")),
            ("(width>1px)", "print", Some("print and (width>1px)")),
            ("(width>1px)", "(hover) or (color)", Some("(width>1px) and ((hover) or (color))")),
            ("not (hover)", "(color)", Some("(not (hover)) and (color)")),
            ("screen and (hover)", "not (color)", Some("screen and (hover) and (not (color))")),
            ("screen", "print", None),
            ("not screen", "(hover)", None),
            ("screen,print", "(hover)", None),
        ] {
            assert_eq!(both(a, b).as_deref(), expected, "{a} and {b}");
        }
    }
}

//! Messages in Fluent: words with places for numbers and names, and a variant for each plural category.
//!
//! `fluent-syntax` reads them. They are resolved here and not by `fluent-bundle`, whose plural rules are older than the
//! tables that dates and numbers come from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;
use miette::Diagnostic;
use thiserror::Error;

use super::locale::Locale;
use super::plural::Category;
use super::tag::Tag;

/// Most references to other messages, one within the other.
const DEEPEST: usize = 8;

/// The messages of one file.
#[derive(Debug, Default, Clone)]
pub struct Source {
    /// Messages by their names; terms with the hyphen before theirs.
    messages: BTreeMap<String, Pattern<String>>,
}

/// A text that is no Fluent.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("this is no message in Fluent: {reason}")]
#[diagnostic(
    code(words::message),
    help("write a line `archive = Archiv` for each word; text in several lines is indented by spaces")
)]
pub struct MessageError {
    reason: String,
    /// The faulty bytes.
    pub span: Range<usize>,
}

/// The values for the places of a message.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    /// Numbers by the names of their variables.
    pub numbers: Vec<(String, u64)>,
    /// Texts likewise.
    pub texts: Vec<(String, String)>,
}

impl Arguments {
    fn number(&self, name: &str) -> Option<u64> {
        self.numbers.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

impl Source {
    /// Reads the text of a file. Messages with errors are left out.
    pub fn parse(text: &str) -> (Source, Vec<MessageError>) {
        let (resource, errors) = match parser::parse(text.to_owned()) {
            Ok(resource) => (resource, Vec::new()),
            Err(both) => both,
        };
        let mut source = Source::default();
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    if let Some(value) = message.value {
                        source.messages.insert(message.id.name, value);
                    }
                }
                Entry::Term(term) => {
                    source.messages.insert(format!("-{}", term.id.name), term.value);
                }
                _ => {}
            }
        }
        let error =
            |error: parser::ParserError| MessageError { reason: error.kind.to_string(), span: error.pos };
        (source, errors.into_iter().map(error).collect())
    }

    /// Adds a message with a plain text.
    pub fn add_text(&mut self, name: &str, text: &str) {
        let value = PatternElement::TextElement { value: text.to_owned() };
        self.messages.insert(name.to_owned(), Pattern { elements: vec![value] });
    }

    /// Adds the messages of `other`.
    pub fn extend(&mut self, other: Source) {
        self.messages.extend(other.messages);
    }

    /// True if it has the message `name`.
    pub fn has(&self, name: &str) -> bool {
        self.messages.contains_key(name)
    }

    /// The names of its messages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str).filter(|name| !name.starts_with('-'))
    }
}

/// The files that a word is looked for in, each with the language it is written in.
pub(super) type Chain<'a> = &'a [(Tag, Cow<'static, Source>)];

/// Resolves messages.
pub(super) struct Resolver<'a> {
    pub chain: Chain<'a>,
    pub locale: Locale,
    pub arguments: &'a Arguments,
}

impl Resolver<'_> {
    /// The text of the message `name`, from the first file that has it.
    pub fn message(&self, name: &str) -> Option<String> {
        let mut text = String::new();
        self.add(name, 0, &mut text).then(|| text.trim().to_owned())
    }

    /// Adds the message `name`; false if no file has it.
    fn add(&self, name: &str, depth: usize, text: &mut String) -> bool {
        let found = self.chain.iter().find_map(|(tag, source)| Some((tag, source.messages.get(name)?)));
        let Some((tag, pattern)) = found.filter(|_| depth < DEEPEST) else { return false };
        self.pattern(pattern, tag, depth, text);
        true
    }

    fn pattern(&self, pattern: &Pattern<String>, tag: &Tag, depth: usize, text: &mut String) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.push_str(value),
                PatternElement::Placeable { expression } => self.expression(expression, tag, depth, text),
            }
        }
    }

    fn expression(&self, expression: &Expression<String>, tag: &Tag, depth: usize, text: &mut String) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, tag, depth, text),
            Expression::Select { selector, variants } => {
                let chosen = self.chosen(selector, variants, tag);
                let chosen = chosen.or_else(|| variants.iter().find(|variant| variant.default));
                if let Some(variant) = chosen.filter(|_| depth < DEEPEST) {
                    self.pattern(&variant.value, tag, depth + 1, text);
                }
            }
        }
    }

    /// The variant for the value of `selector`: that of the number itself, else that of its plural category.
    fn chosen<'v>(
        &self,
        selector: &InlineExpression<String>,
        variants: &'v [Variant<String>],
        tag: &Tag,
    ) -> Option<&'v Variant<String>> {
        let name = match selector {
            InlineExpression::VariableReference { id } => &id.name,
            InlineExpression::FunctionReference { arguments, .. } => match arguments.positional.first() {
                Some(InlineExpression::VariableReference { id }) => &id.name,
                _ => return None,
            },
            _ => return None,
        };
        let named = |wanted: &str| {
            variants
                .iter()
                .find(|variant| matches!(&variant.key, VariantKey::Identifier { name } if name == wanted))
        };
        if let Some(text) = self.arguments.text(name) {
            return named(text);
        }
        let number = self.arguments.number(name)?;
        let is_number = |variant: &&Variant<String>| matches!(&variant.key, VariantKey::NumberLiteral { value } if value.parse() == Ok(number));
        let exact = variants.iter().find(is_number);
        exact.or_else(|| named(Category::of(tag, number).name()))
    }

    fn inline(&self, inline: &InlineExpression<String>, tag: &Tag, depth: usize, text: &mut String) {
        match inline {
            InlineExpression::StringLiteral { value } => text.push_str(&unescape_unicode_to_string(value)),
            InlineExpression::NumberLiteral { value } => text.push_str(value),
            InlineExpression::VariableReference { id } => self.variable(&id.name, text),
            InlineExpression::FunctionReference { arguments, .. } => {
                if let Some(first) = arguments.positional.first() {
                    self.inline(first, tag, depth, text);
                }
            }
            InlineExpression::MessageReference { id, .. } => {
                self.add(&id.name, depth + 1, text);
            }
            InlineExpression::TermReference { id, .. } => {
                self.add(&format!("-{}", id.name), depth + 1, text);
            }
            InlineExpression::Placeable { expression } => {
                if depth < DEEPEST {
                    self.expression(expression, tag, depth + 1, text);
                }
            }
        }
    }

    fn variable(&self, name: &str, text: &mut String) {
        match (self.arguments.number(name), self.arguments.text(name)) {
            (Some(number), _) => text.push_str(&self.locale.number(number as f64, 0)),
            (None, Some(value)) => text.push_str(value),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, tag: &str, name: &str, count: u64) -> Option<String> {
        let (source, errors) = Source::parse(text);
        assert!(errors.is_empty(), "{errors:?}");
        let chain = [(Tag::parse(tag).unwrap(), Cow::Owned(source))];
        let arguments = Arguments {
            numbers: vec![("count".to_owned(), count)],
            texts: vec![("name".to_owned(), "Ada".to_owned())],
        };
        let locale = Locale::of(tag).unwrap();
        Resolver { chain: &chain, locale, arguments: &arguments }.message(name)
    }

    #[test]
    fn a_message_takes_numbers_texts_and_other_messages() {
        let text = "-paper = The Harbour Post\nof = of\nline = { $name } { of } { -paper }, { NUMBER($count) }{\"\\u2026\"}\n";
        assert_eq!(said(text, "en", "line", 1200).unwrap(), "Ada of The Harbour Post, 1,200\u{2026}");
        assert_eq!(
            said(text, "hi", "line", 1_234_567).unwrap(),
            "Ada of The Harbour Post, 12,34,567\u{2026}"
        );
        assert_eq!(said(text, "en", "paper", 1), None);
    }

    #[test]
    fn a_message_has_the_variant_of_the_number_or_of_its_plural_category() {
        let text = "boats = { $count ->\n    [0] żadnej łodzi\n    [one] { $count } łódź\n    [few] { $count } łodzie\n   *[many] { $count } łodzi\n }\n";
        for (count, expected) in
            [(0, "żadnej łodzi"), (1, "1 łódź"), (3, "3 łodzie"), (5, "5 łodzi"), (22, "22 łodzie")]
        {
            assert_eq!(said(text, "pl", "boats", count).unwrap(), expected);
        }
    }

    #[test]
    fn messages_that_name_one_another_in_a_circle_end() {
        assert!(said("a = x{ b }\nb = y{ a }\n", "en", "a", 0).is_some());
    }

    #[test]
    fn what_is_no_fluent_is_an_error_with_its_place() {
        let (source, errors) = Source::parse("archive = Archiv\nnot a message\nby = Von\n");
        assert!(source.has("archive") && source.has("by"));
        assert_eq!(errors.len(), 1);
        assert!((17..31).contains(&errors[0].span.start), "{errors:?}");
    }
}

//! Values with a digest, and the macro that derives the digest of inputs from all their fields.

use std::fmt::Debug;

use crate::config::{FeedContent, FeedFormat};
use crate::model::date::Moment;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::UrlPath;
use crate::output::Fingerprint;

/// A value that adds itself to a digest.
pub trait Digested {
    /// Adds everything that can be read from it.
    fn add_to(&self, print: &mut Fingerprinter);
}

/// The part of a document's inputs that it shares with many others: its template, or the settings alone.
pub trait Shared {
    /// Its digest; `None` where there is no such template.
    fn digest(&self) -> Option<Digest>;
    /// The name of the template, if it is one.
    fn template(&self) -> Option<&str>;
}

/// Inputs of a whole document.
pub trait Fingerprinted {
    /// The digest of everything that the document is made from; `None` if it is unknown before rendering.
    fn fingerprint(&self) -> Option<Fingerprint>;
    /// The name of its template, if it has one.
    fn template(&self) -> Option<&str>;
}

/// Declares inputs: a struct whose digest covers all its fields, so that none can be forgotten. `shares` names the
/// field that many documents share. Its digest is a separate part of the fingerprint, so that `explain` can distinguish
/// the two.
macro_rules! inputs {
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$life:lifetime> shares $shared:ident: $of:ty {
            $( $(#[$note:meta])* $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$doc])*
        pub struct $name<$life> {
            $shared: $of,
            $( $(#[$note])* $field: $type, )*
        }

        impl<$life> $crate::render::inputs::Fingerprinted for $name<$life> {
            fn fingerprint(&self) -> Option<$crate::output::Fingerprint> {
                let shared = $crate::render::inputs::Shared::digest(&self.$shared)?;
                let mut print = $crate::model::digest::Fingerprinter::default();
                $( $crate::render::inputs::Digested::add_to(&self.$field, &mut print); )*
                Some($crate::output::Fingerprint { own: print.finish(), shared })
            }

            fn template(&self) -> Option<&str> {
                $crate::render::inputs::Shared::template(&self.$shared)
            }
        }
    };
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$life:lifetime> {
            $( $(#[$note:meta])* $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$doc])*
        pub struct $name<$life> {
            $( $(#[$note])* $field: $type, )*
        }

        impl<$life> $crate::render::inputs::Digested for $name<$life> {
            fn add_to(&self, print: &mut $crate::model::digest::Fingerprinter) {
                $( $crate::render::inputs::Digested::add_to(&self.$field, print); )*
            }
        }
    };
}

pub(in crate::render) use inputs;

/// A value that lives as long as the site, with a digest computed once.
pub struct Known<'a, T> {
    /// The value.
    pub value: &'a T,
    digest: Digest,
}

impl<'a, T> Known<'a, T> {
    /// `value` with its `digest`.
    pub(super) fn new(value: &'a T, digest: Digest) -> Self {
        Known { value, digest }
    }
}

impl<T> Clone for Known<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Known<'_, T> {}

impl<T> Digested for Known<'_, T> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.bytes(self.digest.bytes());
    }
}

/// A small value whose digest is computed from its debug form.
pub struct Debugged<T>(pub T);

impl<T: Debug> Digested for Debugged<T> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.value(format!("{:?}", self.0));
    }
}

macro_rules! plain {
    ($($type:ty => |$value:ident, $print:ident| $add:expr;)*) => {
        $(
            impl Digested for $type {
                fn add_to(&self, $print: &mut Fingerprinter) {
                    let $value = self;
                    $add;
                }
            }
        )*
    };
}

plain! {
    bool => |value, print| print.bytes(&[u8::from(*value)]);
    u32 => |value, print| print.bytes(&value.to_le_bytes());
    usize => |value, print| print.bytes(&value.to_le_bytes());
    str => |value, print| print.value(value);
    String => |value, print| print.value(value);
    UrlPath => |value, print| print.value(value.as_str());
    Digest => |value, print| print.bytes(value.bytes());
    Moment => |value, print| print.bytes(&value.bytes());
    FeedFormat => |value, print| print.value(value.key());
    FeedContent => |value, print| print.bytes(&[*value as u8]);
}

impl<T: Digested + ?Sized> Digested for &T {
    fn add_to(&self, print: &mut Fingerprinter) {
        (**self).add_to(print);
    }
}

impl<T: Digested> Digested for Option<T> {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.is_some().add_to(print);
        if let Some(value) = self {
            value.add_to(print);
        }
    }
}

impl<T: Digested> Digested for [T] {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.len().add_to(print);
        self.iter().for_each(|one| one.add_to(print));
    }
}

impl<T: Digested> Digested for Vec<T> {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.as_slice().add_to(print);
    }
}

impl<A: Digested, B: Digested> Digested for (A, B) {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.0.add_to(print);
        self.1.add_to(print);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    inputs! {
        /// Two strings.
        pub struct Two<'a> {
            one: Option<&'a str>,
            other: Vec<&'a str>,
        }
    }

    fn digest(value: &impl Digested) -> Digest {
        let mut print = Fingerprinter::default();
        value.add_to(&mut print);
        print.finish()
    }

    #[test]
    fn every_field_is_in_the_digest() {
        let base = digest(&Two { one: Some("a"), other: vec!["b"] });
        assert_eq!(base, digest(&Two { one: Some("a"), other: vec!["b"] }));
        assert_ne!(base, digest(&Two { one: None, other: vec!["b"] }));
        assert_ne!(base, digest(&Two { one: Some("a"), other: vec!["b", ""] }));
    }

    #[test]
    fn a_value_that_moves_to_the_next_field_is_another() {
        assert_ne!(digest(&(None::<&str>, Some("a"))), digest(&(Some("a"), None::<&str>)));
        assert_ne!(digest(&("ab", "c")), digest(&("a", "bc")));
    }
}

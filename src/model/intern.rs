//! Interned texts: values that share a text hold one copy of it.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

thread_local! {
    static LAST: RefCell<Arc<str>> = RefCell::new("".into());
    static MANY: RefCell<HashSet<Arc<str>, foldhash::fast::RandomState>> = RefCell::default();
}

/// The most texts that a thread interns.
const MOST: usize = 64 * 1024;

/// A serde visitor that passes the borrowed text to `make`, without a copy.
struct Made<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> Visitor<'de> for Made<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(self.0(text))
    }
}

/// Reads a text with serde and returns the value that `make` makes of it.
///
/// # Errors
/// An error of the format.
pub fn made<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(&str) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Made(make))
}

/// Reads a text with serde. If it equals the last text that this thread read, both share one allocation: all parts of
/// a document name the same file.
///
/// # Errors
/// An error of the format.
pub fn shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    made(deserializer, |text| {
        LAST.with_borrow_mut(|last| {
            if **last != *text {
                *last = text.into();
            }
            last.clone()
        })
    })
}

/// A text that many values have, interned by each thread.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Common(Arc<str>);

impl Deref for Common {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Common {
    fn from(text: &str) -> Self {
        Common(MANY.with_borrow_mut(|many| match many.get(text) {
            Some(known) => known.clone(),
            None => {
                if many.len() >= MOST {
                    many.clear();
                }
                let text: Arc<str> = text.into();
                many.insert(text.clone());
                text
            }
        }))
    }
}

impl<'de> Deserialize<'de> for Common {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        made(deserializer, |text| Common::from(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Pair(
        #[serde(deserialize_with = "shared")] Arc<str>,
        #[serde(deserialize_with = "shared")] Arc<str>,
    );

    #[test]
    fn the_same_text_is_the_same_value() {
        let Pair(a, b) = serde_json::from_str("[\"ferry\", \"ferry\"]").unwrap();
        assert!(Arc::ptr_eq(&a, &b));
        let Pair(a, b) = serde_json::from_str("[\"ferry\", \"qu\\u0061y\"]").unwrap();
        assert_eq!((&*a, &*b), ("ferry", "quay"));
        let [a, b, c]: [Common; 3] = serde_json::from_str("[\"ferry\", \"qu\\u0061y\", \"ferry\"]").unwrap();
        assert!(Arc::ptr_eq(&a.0, &c.0) && &*b == "quay");
    }
}

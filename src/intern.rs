//! Texts that neighbouring values share, read into memory once.

use std::cell::RefCell;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};

thread_local! {
    static LAST: RefCell<Arc<str>> = RefCell::new("".into());
}

/// Reads a text for serde. One that is the same as the last that this thread read is the same value: the
/// parts of a document all name its file.
///
/// # Errors
/// Those of the format.
pub fn shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    Ok(LAST.with_borrow_mut(|last| {
        if **last != *text {
            *last = text.into();
        }
        last.clone()
    }))
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
    }
}

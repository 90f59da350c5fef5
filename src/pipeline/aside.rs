//! Sources that are set aside so that the rest can be published: those with errors. One that was published
//! is shown as it was then, from the text that was kept; one that was not is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The sources that are set aside, each with the text that was last published, if it was.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    texts: BTreeMap<Arc<str>, Option<Vec<u8>>>,
}

impl Aside {
    /// Sets a source aside, for which `text` stands.
    pub fn add(&mut self, name: Arc<str>, text: Option<Vec<u8>>) {
        self.texts.insert(name, text);
    }

    /// The text that stands for a source; the outer `None` if it is not set aside.
    pub fn get(&self, name: &str) -> Option<Option<&[u8]>> {
        self.texts.get(name).map(Option::as_deref)
    }

    /// The sources, and whether each is shown as it was.
    pub fn sources(&self) -> impl Iterator<Item = (&Arc<str>, bool)> {
        self.texts.iter().map(|(name, text)| (name, text.is_some()))
    }

    /// True if nothing is set aside.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

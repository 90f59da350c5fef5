//! What a body needs beside its own text: where its links lead, how large its pictures are, the
//! components that it calls. Which things it needs follows from the text alone; what comes of them may
//! change while the text stays, and then it has to be rendered again.

use serde::{Deserialize, Serialize};

use super::Renderer;
use crate::model::digest::{Digest, Print};
use crate::model::url::UrlPath;
use crate::site::identity::{LinkMap, Target};

/// One thing that a body needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Need {
    /// Where the link, as written, leads.
    Link(String),
    /// The size of the picture at this path of the site.
    Picture(String),
    /// The components of the templates.
    Components,
    /// What is in the file of data at this path of the site.
    Data(String),
}

impl Need {
    /// The need of a link, unless it leads to the same place whatever sources there are.
    pub(super) fn link(written: &str) -> Option<Need> {
        (!LinkMap::is_fixed(written)).then(|| Need::Link(written.to_owned()))
    }
}

impl Renderer<'_> {
    /// Adds what comes at present of the `needs` of the source at `from` below `content/`.
    pub(super) fn add_needs(&self, hasher: &mut Print, from: &str, needs: &[Need]) {
        for need in needs {
            match need {
                Need::Link(written) => self.add_link(hasher, from, written),
                Need::Picture(path) => {
                    hasher.value("picture").value(path);
                    self.add_file(hasher, path);
                    let path = UrlPath::parse(path).ok();
                    if let Some(picture) = path.and_then(|path| self.plan.pictures.get(&path)) {
                        hasher.bytes(picture.original.digest.bytes());
                    }
                }
                Need::Data(path) => {
                    hasher.value("data").value(path);
                    self.add_file(hasher, path);
                    // One that may have changed without a trace counts by its bytes.
                    let unsettled =
                        self.files.stamp(path).is_some_and(|stamp| !self.files.is_settled(&stamp));
                    if unsettled && let Some(Ok(bytes)) = self.files.file(path).map(std::fs::read) {
                        hasher.bytes(Digest::of(&bytes).bytes());
                    }
                }
                Need::Components => {
                    hasher.value("components").bytes(self.templates.all().bytes());
                }
            }
        }
    }

    /// Adds where a link leads.
    pub(super) fn add_link(&self, hasher: &mut Print, from: &str, written: &str) {
        hasher.value("link").value(written);
        match self.links.follow(from, written) {
            Target::Elsewhere => hasher.value("elsewhere"),
            Target::Live(path, rest) => hasher.value("live").value(path.as_str()).value(rest),
            Target::HeldBack(_) => hasher.value("held back"),
            Target::Broken => hasher.value("broken"),
            Target::Dead(_) => hasher.value("dead"),
        };
    }

    /// Adds what is known of the file at `path` of the site without reading it.
    pub(super) fn add_file(&self, hasher: &mut Print, path: &str) {
        match self.files.stamp(path) {
            Some(stamp) => {
                let numbers = [stamp.size.cast_signed(), stamp.modified, stamp.changed];
                numbers.iter().for_each(|number| {
                    hasher.bytes(&number.to_le_bytes());
                });
            }
            None => {
                hasher.value("no file");
            }
        }
    }
}

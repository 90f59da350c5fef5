//! The articles and pages of a library. Where the outline of the last build says how they hang together, most stay
//! closed: few of a large archive are shown anew, and each of those is made from its source when it is asked for.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::LeafId;
use crate::model::url::UrlPath;
use crate::site::identity::Settled;

/// Articles and pages by their numbers.
#[derive(Debug)]
pub enum Leaves {
    /// All are at hand.
    Open(Vec<Box<Settled>>),
    /// Most are not.
    Closed(Closed),
}

/// Leaves that are made when somebody asks for the whole of them.
pub struct Closed {
    signs: Vec<Sign>,
    slots: Vec<OnceLock<Box<Settled>>>,
    open: Open,
}

/// Makes the leaf of a sign.
pub type Open = Box<dyn Fn(&Sign) -> Box<Settled> + Send + Sync>;

/// What is known of an article or page that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The source, as people know it.
    pub name: Arc<str>,
    /// Where it lives.
    pub path: UrlPath,
    /// `image`, as written.
    pub image: Option<Box<str>>,
    /// It names a template of its own.
    pub has_template: bool,
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closed").field("signs", &self.signs).finish_non_exhaustive()
    }
}

impl Leaves {
    /// Leaves of which only `opened` are at hand; `open` makes the others.
    pub fn closed(
        signs: Vec<Sign>,
        opened: impl IntoIterator<Item = (LeafId, Box<Settled>)>,
        open: Open,
    ) -> Leaves {
        let mut slots: Vec<OnceLock<Box<Settled>>> = signs.iter().map(|_| OnceLock::new()).collect();
        for (id, leaf) in opened {
            slots[id.index()] = leaf.into();
        }
        Leaves::Closed(Closed { signs, slots, open })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Leaves::Open(leaves) => leaves.len(),
            Leaves::Closed(closed) => closed.signs.len(),
        }
    }

    /// The whole leaf of that number.
    pub fn get(&self, id: LeafId) -> &Settled {
        match self {
            Leaves::Open(leaves) => &leaves[id.index()],
            Leaves::Closed(Closed { signs, slots, open }) => {
                slots[id.index()].get_or_init(|| open(&signs[id.index()]))
            }
        }
    }

    /// The same, to be changed; `None` of one that is closed.
    pub fn get_mut(&mut self, id: LeafId) -> Option<&mut Settled> {
        match self {
            Leaves::Open(leaves) => leaves.get_mut(id.index()).map(Box::as_mut),
            Leaves::Closed(closed) => closed.slots.get_mut(id.index())?.get_mut().map(Box::as_mut),
        }
    }

    /// Those that are at hand.
    pub fn at_hand(&self) -> impl Iterator<Item = &Settled> {
        let (open, closed) = match self {
            Leaves::Open(leaves) => (leaves.as_slice(), &[][..]),
            Leaves::Closed(closed) => (&[][..], closed.slots.as_slice()),
        };
        open.iter().chain(closed.iter().filter_map(OnceLock::get)).map(Box::as_ref)
    }

    /// The source of a leaf.
    pub fn name(&self, id: LeafId) -> &Arc<str> {
        match self {
            Leaves::Open(leaves) => leaves[id.index()].name(),
            Leaves::Closed(closed) => &closed.signs[id.index()].name,
        }
    }

    /// Where a leaf lives.
    pub fn path(&self, id: LeafId) -> &UrlPath {
        match self {
            Leaves::Open(leaves) => &leaves[id.index()].path,
            Leaves::Closed(closed) => &closed.signs[id.index()].path,
        }
    }

    /// True if a leaf names a template of its own.
    pub fn has_template(&self, id: LeafId) -> bool {
        match self {
            Leaves::Open(leaves) => leaves[id.index()].glance.has_template,
            Leaves::Closed(closed) => closed.signs[id.index()].has_template,
        }
    }

    /// The `image` of a leaf, as written.
    pub fn image(&self, id: LeafId) -> Option<&str> {
        match self {
            Leaves::Open(leaves) => leaves[id.index()].glance.image.as_deref(),
            Leaves::Closed(closed) => closed.signs[id.index()].image.as_deref(),
        }
    }
}

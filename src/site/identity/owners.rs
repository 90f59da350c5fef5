//! The owners of files below `content/`: an article whose bundle has them, or the section of their folder. What an owner
//! that is held back owns is held back with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Row, SectionRow, State};
use crate::source::is_held_folder;

/// True if the file name of the source at `path` begins with `index`, whatever its endings are.
fn is_named_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().is_some_and(|stem| stem.eq_ignore_ascii_case("index"))
}

/// The owners of files below `content/`.
pub(super) struct Owners<'a> {
    bundles: HashMap<&'a str, &'a Row>,
    sections: &'a BTreeMap<String, SectionRow>,
    /// Folders that are left out.
    left_out: &'a HashSet<&'a str>,
}

impl<'a> Owners<'a> {
    pub fn new(
        settled: &'a [Box<Row>],
        sections: &'a BTreeMap<String, SectionRow>,
        left_out: &'a HashSet<&'a str>,
    ) -> Self {
        let mut bundles: HashMap<&str, &Row> = HashMap::new();
        let is_live = |row: &&Row| row.state == State::Live;
        let open: HashSet<&str> =
            settled.iter().map(Box::as_ref).filter(is_live).map(|row| row.document.folder()).collect();
        // `index.txt` and `index.draft.md` are no bundles. Held back, and alone in their folder, they are meant as such.
        let is_alone = |row: &Row| {
            let folder = row.document.folder();
            let is_described = sections.get(folder).is_some_and(|section| section.document.is_some());
            is_named_index(row.document.path())
                && !open.contains(folder)
                && !is_described
                && !folder.is_empty()
        };
        for one in settled.iter().map(Box::as_ref).filter(|one| one.document.bundle || is_alone(one)) {
            // All languages of an article share its files: they are beside the one that is public, or the site's own.
            let folder = one.document.folder();
            let is_own = |row: &Row| (row.state == State::Live, row.document.stem() == folder);
            let owner = bundles.entry(folder).or_insert(one);
            if is_own(owner) < is_own(one) {
                *owner = one;
            }
        }
        Owners { bundles, sections, left_out }
    }

    /// The owner of the file at `path`: the length of its folder, its path on the site, and if it is public; `None` if
    /// it is left out.
    pub fn of(&self, path: &str) -> Option<(usize, Cow<'a, str>, bool)> {
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // False in a folder for drafts without any source, which is no section.
        let mut is_open = true;
        loop {
            if self.left_out.contains(folder) {
                return None;
            }
            if let Some(bundle) = self.bundles.get(folder) {
                let is_public = is_open && bundle.state == State::Live;
                return Some((folder.len(), bundle.path.beside(), is_public));
            }
            if let Some(section) = self.sections.get(folder) {
                let base = Cow::Borrowed(section.path.as_str());
                // A folder inside a bundle that has sources and no `_index.md` is still one of that article.
                let is_open = is_open && !section.is_held();
                let is_apart = section.document.is_some() || folder.is_empty();
                return Some((folder.len(), base, is_open && (is_apart || self.is_open_above(folder))));
            }
            let (around, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            is_open &= !is_held_folder(name);
            folder = around;
        }
    }

    /// True if no article that is held back has `folder` among its files.
    fn is_open_above(&self, folder: &str) -> bool {
        let around =
            std::iter::successors(Some(folder), |folder| folder.rsplit_once('/').map(|(around, _)| around));
        let owner = around.skip(1).find_map(|folder| self.bundles.get(folder));
        owner.is_none_or(|owner| owner.state == State::Live)
    }

    /// True if the owner of the file at `path` is public.
    pub fn is_public(&self, path: &str) -> bool {
        self.of(path).is_some_and(|(.., is_public)| is_public)
    }
}

//! Fronts of the kind `paper`: which articles the first page of a section's list shows, and where.

use super::{LeafId, Library, Section};
use crate::model::url::UrlPath;

/// Most pinned articles in lines above the lead.
const LINES: usize = 3;

/// The number of stories beside the lead.
const STORIES: usize = 2;

/// Most articles in the band of a section.
const IN_BAND: usize = 5;

/// The articles of a front of the kind `paper`, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// Pinned articles, each a line above all others.
    pub lines: Vec<LeafId>,
    /// The main article.
    pub lead: Option<LeafId>,
    /// The articles beside it.
    pub stories: Vec<LeafId>,
    /// Sections inside, by index, each with articles of its own.
    pub bands: Vec<(usize, Vec<LeafId>)>,
    /// All other articles of the page.
    pub rest: Vec<LeafId>,
}

impl Library {
    /// The front of the section at `index`, whose first page has `page` of its list. The sections at the paths
    /// `navigation` have the first bands, in that order; the others follow in their own.
    pub fn front(&self, index: usize, page: &[LeafId], navigation: &[UrlPath]) -> Front {
        let section = &self.sections[index];
        let featured: Vec<LeafId> = self.featured(section).collect();
        let is_line = |id: &LeafId| self.leaf(*id).rare.pinned.is_some() && !featured.contains(id);
        let mut lines: Vec<LeafId> = page.iter().copied().filter(is_line).take(LINES).collect();
        let mut free: Vec<LeafId> = featured.clone();
        free.extend(page.iter().filter(|id| !featured.contains(id) && !lines.contains(id)));
        if free.is_empty() {
            free = std::mem::take(&mut lines);
        }
        let mut free = free.into_iter();
        let lead = free.next();
        let (mut stories, mut others) = (Vec::new(), Vec::new());
        for id in free {
            let is_featured = featured.contains(&id);
            let has_picture = self.leaf(id).listing.image.is_some();
            match stories.len() < STORIES && (is_featured || has_picture) {
                true => stories.push(id),
                false => others.push(id),
            }
        }
        // Where too few have a picture, those without take their places.
        let missing = others.len().min(STORIES - stories.len());
        stories.extend(others.drain(..missing));
        let mut shown: Vec<LeafId> = lines.iter().chain(&lead).chain(&stories).copied().collect();
        let mut bands = Vec::new();
        for child in self.in_order_of(navigation, section) {
            let fresh = self.sections[child].listed().iter().filter(|id| !shown.contains(id));
            let band: Vec<LeafId> = fresh.take(IN_BAND).copied().collect();
            shown.extend(&band);
            if !band.is_empty() {
                bands.push((child, band));
            }
        }
        let rest = others.into_iter().filter(|id| !shown.contains(id)).collect();
        Front { lines, lead, stories, bands, rest }
    }

    /// The sections in `section`: first those at the paths `navigation`, in that order.
    fn in_order_of(&self, navigation: &[UrlPath], section: &Section) -> Vec<usize> {
        let place = |child: &usize| {
            let path = &self.sections[*child].settled.path;
            navigation.iter().position(|one| one == path).unwrap_or(usize::MAX)
        };
        let mut children = section.children.clone();
        children.sort_by_key(place);
        children
    }
}

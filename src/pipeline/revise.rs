//! Renders the page of an edited article before the rest of the site is looked at.
//!
//! An author looks at one page and waits for it. If only the body of its source has changed, the last build knows
//! everything else that the page shows. The next build runs as usual and corrects other changes.

use std::fs;

use super::site_plan::SitePlan;
use super::warm::lock;
use super::{Request, Warm, body_summary};
use crate::model::stamp::Stamp;
use crate::render::{Digests, Links};
use crate::site::library::LeafId;
use crate::source::{self, FOLDER, Found, Reckoner, SourceFile};

impl Warm {
    /// Puts the page of the source `name` on the shelf with its present text, if only the body has changed; returns the
    /// path. The next build renders the page again.
    pub fn revise(&mut self, request: &Request<'_>, name: &str) -> Option<String> {
        let moment = lock(request).ok()?.moment();
        let (site, old) = (self.memory.site.as_mut()?, self.memory.known.document(name)?);
        let id = site.library.find(name)?;
        let stamp = Stamp::of(&fs::metadata(request.root.join(name)).ok()?);
        let source = SourceFile::new(Found::new(old.name.clone(), FOLDER, stamp), old.format);
        let markdown = site.config.markdown.clone();
        let body_summary = |format: source::Format, body: &str, excerpt: Option<&str>| {
            body_summary::body_summary(format, body, excerpt, &markdown)
        };
        let searched: source::Searched<'_> = &body_summary::searched;
        let searched = site.config.search.enabled.then_some(searched);
        let reckoner = Reckoner { body_summary: &body_summary, substance: None, searched };
        let (new, problems) = source::parse(request.root, &source, &site.config, &reckoner);
        let new = new.filter(|new| problems.is_empty() && new.has_head_of(old.load()))?;
        let leaf = site.library.leaves.get_mut(id.index())?;
        if leaf.document.digest != old.digest {
            return None;
        }
        let (path, rewritten) = (leaf.path.file(), leaf.document.rewritten(new));
        let before = std::mem::replace(&mut leaf.document, rewritten);
        let page = page(site, request, id, moment);
        if page.is_none() {
            site.library.leaves.get_mut(id.index())?.document = before;
        }
        self.memory.shelf.replace(&path, &page?, moment).then_some(path)
    }
}

/// The page of an article or page of `site`, if it has no problems.
fn page(site: &SitePlan, request: &Request<'_>, id: LeafId, moment: i64) -> Option<Vec<u8>> {
    let templates = site.templates(request.root, &mut Vec::new())?;
    site.render(request.root, templates, moment, |renderer| {
        // No fingerprint is compared here, so the digests may be empty.
        let digests = Digests::default();
        let rendered = renderer.site(&digests).article(id, true, false, &[]).ok()?;
        let is_sound = rendered.problems.is_empty() && rendered.own.links != Links::Dead;
        Some(rendered.page.filter(|_| is_sound)?.0)
    })?
}

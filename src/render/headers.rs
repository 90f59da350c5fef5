//! `_headers` in the format of Netlify and Cloudflare Pages.

use super::inputs::{Debugged, Settings, Site, inputs};
use super::{Document, EntryMap, Found, hosting};
use crate::model::diagnostics::Problem;

inputs! {
    /// Inputs of `_headers`.
    pub struct Inputs<'a> shares settings: Settings<'a> {
        facts: Debugged<hosting::Facts>,
    }
}

/// The inputs of `_headers`.
pub(super) fn inputs(site: Site<'_>) -> Inputs<'_> {
    let facts = hosting::Facts::new(site.all.config, site.all.plan, site.all.styles);
    Inputs { settings: site.settings(), facts: Debugged(facts) }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        Ok(hosting::headers(&self.facts.0))
    }
}

//! Addresses of rendered pages that come from no text: from templates and the values that they show.

use std::collections::{BTreeMap, HashSet};

use super::{Finding, From};
use crate::model::diagnostics::Place;
use crate::model::html::{Mark, marks};
use crate::model::url::UrlPath;
use crate::render::aim::Aim;
use crate::render::inputs::Need;
use crate::render::{Renderer, Site};

/// A dead address of a rendered page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Astray {
    /// The address, as the page has it.
    pub written: String,
    /// The source of the page, for people.
    pub source: std::sync::Arc<str>,
}

impl Renderer<'_> {
    /// The dead addresses of `html`, the page at `page`, which neither its texts have (`needs`) nor the templates as they
    /// are: those are reported with their places.
    pub fn astray(&self, page: &UrlPath, html: &[u8], needs: &[Need]) -> Vec<String> {
        let Ok(html) = std::str::from_utf8(html) else { return Vec::new() };
        let mut astray = Vec::new();
        marks(html, &mut |mark| {
            let Mark::Address(address) = mark else { return };
            let url = &*address.url;
            if self.is_planned_as_written(url) || !matches!(self.aim_of_output(page, url), Aim::Dead(..)) {
                return;
            }
            let base = self.config.base_url.relative_root();
            let below = url.strip_prefix(base.trim_end_matches('/')).unwrap_or(url);
            let is_of_text = needs.iter().any(|need| match need {
                Need::Link(written) => written == url || written == below,
                _ => false,
            });
            if !is_of_text && !self.literals().contains(url) && !astray.iter().any(|one| one == url) {
                astray.push(url.to_owned());
            }
        });
        astray
    }

    /// Fast path of [`astray`](Renderer::astray): most addresses are paths or URLs as they are in the plan.
    fn is_planned_as_written(&self, url: &str) -> bool {
        let base = &self.config.base_url;
        base.is_at_root() && self.has_exactly(url.strip_prefix(base.origin()).unwrap_or(url))
    }

    fn literals(&self) -> &HashSet<String> {
        self.literals.get_or_init(|| {
            self.templates.literal_addresses().into_iter().map(|literal| literal.written).collect()
        })
    }
}

impl Site<'_> {
    /// Findings for the addresses that rendered pages have, each once, except those that a source has to answer for:
    /// `found` are the findings in sources.
    pub(super) fn dead_in_pages(self, astray: &[Astray], found: &[Finding]) -> Vec<Finding> {
        let config = &self.all.config;
        let of_feeds = config.feeds.custom.iter().map(|custom| &custom.image);
        let of_settings =
            [&config.icon, &config.logo, &config.theme.logo].into_iter().chain(of_feeds).flatten();
        let of_settings = of_settings.filter_map(|written| self.all.plan.roots.path(written));
        let of_settings: Vec<UrlPath> = of_settings.collect();
        let known = found.iter().filter_map(Finding::path).chain(of_settings.iter().map(UrlPath::as_str));
        let known: HashSet<&str> = known.collect();
        // A list shows the picture of an article under another address.
        let names: HashSet<&str> = known.iter().filter_map(|path| name(path)).collect();
        let mut first: BTreeMap<&str, &Astray> = BTreeMap::new();
        for one in astray {
            let kept = first.entry(&one.written).or_insert(one);
            *kept = one.min(*kept);
        }
        let finding = |one: &Astray| {
            let aim = self.all.aim_of_output(&UrlPath::root(), &one.written);
            let Aim::Dead(_, path) = &aim else { return None };
            let is_known =
                known.contains(path.as_str()) || name(path).is_some_and(|name| names.contains(name));
            (!is_known).then(|| Finding {
                written: one.written.clone(),
                aim: aim.clone(),
                place: Place::file(one.source.clone()),
                source: one.source.clone(),
                from: From::Template,
            })
        };
        first.into_values().filter_map(finding).collect()
    }
}

/// The name of the file at `path`.
fn name(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

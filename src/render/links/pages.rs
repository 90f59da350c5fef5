//! Addresses of rendered pages that come from no text: from templates and the values that they show.

use std::collections::{BTreeMap, HashSet};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::lines::{LineDigest, Lines};
use super::{Finding, From};
use crate::model::diagnostics::Place;
use crate::model::digest::Fingerprinter;
use crate::model::html::{Mark, marks_between};
use crate::model::url::{UrlPath, is_elsewhere};
use crate::render::aim::{Aim, Lead};
use crate::render::inputs::{Digested, Need};
use crate::render::template::views::framed;
use crate::render::{Renderer, Site};

/// A dead address of a rendered page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Astray {
    /// The address, as the page has it.
    pub written: String,
    /// The source of the page, for people.
    pub source: std::sync::Arc<str>,
}

/// The addresses of a rendered page that its text does not have: those of its template, and of the values that it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLinks {
    /// The paths of the site that it leads to, as digests, in order.
    living: Box<[u32]>,
    /// The addresses that lead nowhere, and that no template has as they are: those are reported with their places.
    pub dead: Vec<String>,
}

impl PageLinks {
    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.living.is_empty() && self.dead.is_empty()
    }
}

impl Digested for PageLinks {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.living.iter().for_each(|id| {
            print.bytes(&id.to_le_bytes());
        });
        self.dead.iter().for_each(|dead| {
            print.value(dead);
        });
    }
}

/// The fewest bytes by which a text is found in its page.
const BEGINNING: usize = 24;

impl Renderer<'_> {
    /// The addresses of `html`, the page at `page`, but for those of its text, `body`, whose `needs` have them.
    pub fn page_links(&self, page: &UrlPath, html: &[u8], body: &str, needs: &[Need]) -> PageLinks {
        let mut links = PageLinks::default();
        let mut living = Vec::new();
        // Few texts have tables, which pages frame.
        let around_body = around(html, body).or_else(|| around(html, &framed(body)));
        let (before, behind) = around_body.unwrap_or((html, &[]));
        self.lines.with(|lines| {
            for html in [before, behind].into_iter().filter_map(|html| simdutf8::basic::from_utf8(html).ok())
            {
                // A line may end inside of a tag: the next one begins behind that.
                let mut at = 0;
                while at < html.len() {
                    at = self.links_of_line(page, (html, at), needs, lines, (&mut living, &mut links.dead));
                }
            }
        });
        living.sort_unstable();
        living.dedup();
        links.living = living.into();
        links
    }

    /// Adds the addresses of the line of `html` that begins at byte `start`, between two tags; returns the place from which to
    /// go on, again between two tags. Most pages have most lines of the theme alike, so that `lines` remembers them.
    fn links_of_line(
        &self,
        page: &UrlPath,
        (html, start): (&str, usize),
        needs: &[Need],
        lines: &mut Lines,
        (living, dead): (&mut Vec<u32>, &mut Vec<String>),
    ) -> usize {
        let (digest, length) = LineDigest::of_first(&html.as_bytes()[start..]);
        let end = start + length;
        if let Some(known) = lines.get(digest) {
            living.extend_from_slice(known);
            return end;
        }
        let (known, mut is_alike_everywhere) = (living.len(), true);
        let next = marks_between(html, start..end, &mut |mark| {
            let Mark::Address(address) = mark else { return };
            let url = &*address.url;
            let is_of_host = url.starts_with('/') && self.config.base_url.has_hosts();
            is_alike_everywhere &= url.starts_with(['/', '#']) && !is_of_host || is_elsewhere(url);
            match self.lead(page, url) {
                Lead::Away => {}
                Lead::Own(id) if self.fixtures().contains(&id) => {}
                Lead::Own(id) => living.push(id),
                Lead::Nowhere(..) => {
                    is_alike_everywhere = false;
                    if !self.is_written(url, needs) && !dead.contains(&self.whole_of_host(page, url)) {
                        dead.push(self.whole_of_host(page, url));
                    }
                }
            }
        });
        if next == end && is_alike_everywhere {
            lines.put(digest, &living[known..]);
        }
        next
    }

    /// The address `url` of the page at `page`, as a whole URL where it counts from the root of another host than the site's
    /// own: others could not tell.
    fn whole_of_host(&self, page: &UrlPath, url: &str) -> String {
        let base = &self.config.base_url;
        let is_of_host = base.home_of(page).is_some() && url.starts_with('/') && !is_elsewhere(url);
        if is_of_host { format!("{}{url}", base.seen_from(page).origin()) } else { url.to_owned() }
    }

    /// True if the site has all that a page with these `links` leads to.
    pub fn reaches(&self, links: &PageLinks) -> bool {
        self.paths.have_all(&links.living)
    }

    /// True if the dead address `url` is one of those in the `needs` of a text, or in a template as it is.
    fn is_written(&self, url: &str, needs: &[Need]) -> bool {
        let base = self.config.base_url.relative_root();
        let below = url.strip_prefix(base.trim_end_matches('/')).unwrap_or(url);
        let is_of_text = needs.iter().any(|need| match need {
            Need::Link(written) => written == url || written == below,
            _ => false,
        });
        is_of_text || self.literals().contains(url)
    }

    fn literals(&self) -> &HashSet<String> {
        self.literals.get_or_init(|| {
            self.templates.literal_addresses().into_iter().map(|literal| literal.written).collect()
        })
    }

    /// The digests of the paths that templates and `site.toml` have as they are. Those are looked up by each build.
    fn fixtures(&self) -> &HashSet<u32, RandomState> {
        self.fixtures.get_or_init(|| {
            let base = &self.config.base_url;
            let settings =
                self.config.addresses.iter().map(|(written, _)| self.plan.roots.url(base, written));
            let written = self.literals().iter().cloned().chain(settings);
            let leads = written.map(|written| self.lead(&UrlPath::root(), &written));
            leads.filter_map(|lead| if let Lead::Own(id) = lead { Some(id) } else { None }).collect()
        })
    }
}

/// The bytes of `html` before and behind `body`; `None` if it is not there, or too short to be found.
fn around<'h>(html: &'h [u8], body: &str) -> Option<(&'h [u8], &'h [u8])> {
    let body = body.as_bytes();
    let beginning = body.get(..BEGINNING)?;
    let is_body = |at: &usize| html.get(*at..).is_some_and(|rest| rest.starts_with(body));
    let at = memchr::memmem::find_iter(html, beginning).find(is_body)?;
    Some((&html[..at], &html[at + body.len()..]))
}

impl Site<'_> {
    /// Findings for the addresses that rendered pages have, each once, except those that a source has to answer for:
    /// `found` are the findings in sources.
    pub(super) fn dead_in_pages(self, astray: &[Astray], found: &[Finding]) -> Vec<Finding> {
        let known: HashSet<&str> = found.iter().filter_map(Finding::path).collect();
        // A list shows the picture of an article under another address.
        let names: HashSet<&str> = known.iter().filter_map(|path| name(path)).collect();
        let mut first: BTreeMap<&str, &Astray> = BTreeMap::new();
        for one in astray {
            let kept = first.entry(&one.written).or_insert(one);
            *kept = one.min(*kept);
        }
        let finding = |one: &Astray| {
            let Lead::Nowhere(class, path) = self.all.lead(&UrlPath::root(), &one.written) else {
                return None;
            };
            let is_known =
                known.contains(path.as_str()) || name(&path).is_some_and(|name| names.contains(name));
            (!is_known).then(|| Finding {
                written: one.written.clone(),
                aim: Aim::Dead(class, path),
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

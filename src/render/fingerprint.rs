//! Fingerprints: what each document is made from, as a digest. While it stays, the document need not be
//! rendered again. This stands beside the code that renders: what that reads has to be in here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Need, Renderer};
use crate::config::Config;
use crate::content::Document;
use crate::digest::{Digest, Hasher};
use crate::library::LeafId;
use crate::output::Fingerprint;
use crate::plan::{ListPage, Planned, PlannedFeed, Shows, Sitemap};
use crate::template::assets;
use crate::template::views::SHARED;

/// What bodies need, by the names of their sources; those that need nothing are not in it.
pub type Needs = HashMap<Arc<str>, Vec<Need>>;

/// Digests that many fingerprints have in them, made once.
pub struct Prints {
    /// What lists show of each article and page.
    cards: Vec<Digest>,
    /// Each section as templates see it.
    sections: Vec<Digest>,
    /// Each template, by name.
    templates: HashMap<String, TemplatePrint, foldhash::fast::RandomState>,
    /// What holds for every document.
    environment: Digest,
}

/// What is the same for all documents of one template.
struct TemplatePrint {
    /// Stands for what they share with others.
    shared: Digest,
    reads_section: bool,
    reads_feeds: bool,
}

/// The name of [`environment`] for people.
const SETTINGS: &str = "`site.toml` or Dateline itself";

fn template_part(name: &str) -> String {
    format!("template {name}")
}

fn view_part(name: &str) -> String {
    format!("view `{name}`")
}

/// The settings that filters and bodies depend on, and the program itself.
pub fn environment(config: &Config) -> Digest {
    let mut hasher = Hasher::default();
    hasher.value(env!("CARGO_PKG_VERSION"));
    hasher.value(format!("{:?}", config.base_url)).value(&config.language);
    hasher.value(format!("{:?} {:?} {:?}", config.locale, config.timezone, config.slugs));
    hasher.value([u8::from(config.smart_punctuation)]);
    hasher.finish()
}

impl Renderer<'_> {
    /// The digests that many fingerprints have in them.
    pub fn prints(&self) -> Prints {
        let ids: Vec<LeafId> = self.library.leaf_ids().collect();
        let environment = environment(self.config);
        let cards = ids.par_iter().map(|id| self.views.card_digest(*id)).collect();
        let sections = self.section_views.iter().map(crate::template::digest_of).collect();
        let templates = self
            .templates
            .reads()
            .map(|(name, reads)| {
                let mut hasher = Hasher::default();
                hasher.bytes(environment.bytes()).bytes(reads.digest.bytes());
                for (_, digest) in self.shared_views.iter().filter(|(view, _)| reads.names.contains(*view)) {
                    hasher.bytes(digest.bytes());
                }
                let print = TemplatePrint {
                    shared: hasher.finish(),
                    reads_section: reads.names.contains("section"),
                    reads_feeds: reads.names.contains("feeds"),
                };
                (name.to_owned(), print)
            })
            .collect();
        Prints { cards, sections, templates, environment }
    }

    /// What documents share, by the names that people know, with what stands for each.
    pub fn shared_parts(&self) -> BTreeMap<String, Digest> {
        let templates = self.templates.digests().map(|(name, digest)| (template_part(name), digest));
        let views = self.shared_views.iter().filter(|(name, _)| SHARED.contains(name));
        let views = views.map(|(name, digest)| (view_part(name), *digest));
        let settings = (SETTINGS.to_owned(), environment(self.config));
        templates.chain(views).chain([settings]).collect()
    }

    /// True if `planned` is made from that part of what documents share.
    pub fn uses(&self, planned: &Planned, part: &str) -> bool {
        let template = self.template_of(planned);
        let reads = template.as_deref().and_then(|name| self.templates.reads_of(name));
        part == SETTINGS
            || reads.is_some_and(|reads| {
                reads.templates.iter().any(|name| template_part(name) == part)
                    || SHARED.iter().any(|view| view_part(view) == part && reads.names.contains(*view))
            })
    }

    /// What `planned` is made from; `None` if that can't be known without making it.
    pub fn fingerprint(&self, planned: &Planned, prints: &Prints, needs: &Needs) -> Option<Fingerprint> {
        let mut hasher = Hasher::default();
        hasher.value(planned.path.as_str());
        let template = match self.template_of(planned) {
            // There is no such template: rendering says so.
            Some(name) => Some(prints.templates.get(&*name)?),
            None => None,
        };
        match &planned.shows {
            Shows::Leaf(id) => {
                self.add_leaf(&mut hasher, *id, prints, needs);
                let neighbours = self.library.neighbours(*id);
                for neighbour in [neighbours.older, neighbours.newer] {
                    let neighbour = neighbour.map(|id| self.library.leaf(id));
                    hasher.value(neighbour.map_or("", |leaf| leaf.title.as_str()));
                    hasher.value(neighbour.map_or("", |leaf| leaf.path.as_str()));
                }
                let section = self.library.section_index(&self.library.leaf(*id).section).unwrap_or(0);
                if template.is_none_or(|template| template.reads_section) {
                    hasher.bytes(prints.sections.get(section)?.bytes());
                }
                if template.is_none_or(|template| template.reads_feeds) {
                    hasher.bytes(self.feeds_of_section.get(section)?.1.bytes());
                }
            }
            Shows::Section(at, page) => {
                let section = &self.library.sections[*at];
                hasher.bytes(prints.sections.get(*at)?.bytes());
                hasher.bytes(self.feeds_of_section.get(*at)?.1.bytes());
                if let (Some(document), None) = (&section.settled.document, page.number) {
                    self.add_body(&mut hasher, document, needs);
                }
                add_page(&mut hasher, &section.articles, page, prints);
            }
            Shows::Term(taxonomy, term, page) => {
                let own = &self.library.taxonomies[*taxonomy];
                let one = &own.terms[*term];
                hasher.bytes(crate::template::digest_of(&self.views.term(own, one)).bytes());
                hasher.bytes(self.feeds_of_term(*taxonomy, *term).1.bytes());
                add_page(&mut hasher, &one.articles, page, prints);
            }
            Shows::Taxonomy(at) => {
                let taxonomy = self.views.taxonomy(&self.library.taxonomies[*at]);
                hasher.bytes(crate::template::digest_of(&taxonomy).bytes());
                hasher.bytes(self.feeds_of_site.1.bytes());
            }
            Shows::Year(at) | Shows::Month(at, _) => {
                let year = &self.library.years[*at];
                hasher.bytes(crate::template::digest_of(&self.views.year(year)).bytes());
                hasher.bytes(self.feeds_of_site.1.bytes());
                if let Shows::Month(_, month) = &planned.shows {
                    add_cards(&mut hasher, &year.months[*month].articles, prints);
                }
            }
            Shows::Archive | Shows::NotFound => {
                hasher.bytes(self.feeds_of_site.1.bytes());
            }
            Shows::Robots => {}
            Shows::Redirect(target) => {
                hasher.value(target.as_str()).bytes(self.feeds_of_site.1.bytes());
            }
            Shows::Feed(at, format) => {
                self.add_feed(&mut hasher, &self.plan.feeds[*at], *format, prints, needs);
            }
            Shows::Subscribe | Shows::Opml => {
                hasher.value(&self.config.title).bytes(self.feeds_of_site.1.bytes());
                for feed in &self.plan.feeds {
                    hasher.value(format!("{:?} {} {:?} {:?}", feed.of, feed.title, feed.home, feed.formats));
                }
            }
            Shows::Sitemap(part) => {
                for page in &self.plan.sitemap.pages[self.plan.sitemap.parts[*part].clone()] {
                    hasher.value(page.path.as_str());
                    if let Some(lastmod) = &page.lastmod {
                        hasher.bytes(&lastmod.bytes());
                    }
                }
            }
            Shows::SitemapIndex => {
                for (at, part) in self.plan.sitemap.parts.iter().enumerate() {
                    hasher.value(Sitemap::part_path(at));
                    let newest = self.plan.sitemap.newest(part.clone());
                    hasher.bytes(&newest.map(|moment| moment.bytes()).unwrap_or_default());
                }
            }
            Shows::Redirects => {
                for planned in &self.plan.documents {
                    if let Shows::Redirect(target) = &planned.shows {
                        hasher.value(planned.path.as_str()).value(target.as_str());
                    }
                }
            }
            Shows::Copy(_, stamp) => {
                if !self.files.is_settled(stamp) {
                    return None;
                }
                let numbers = [stamp.size, stamp.inode, stamp.modified as u64, stamp.changed as u64];
                numbers.iter().for_each(|number| {
                    hasher.bytes(&number.to_le_bytes());
                });
            }
            Shows::Theme(at) => {
                let (_, bytes) = assets().nth(*at)?;
                hasher.bytes(bytes);
            }
        }
        let shared = template.map_or(prints.environment, |template| template.shared);
        Some(Fingerprint { own: hasher.finish(), shared })
    }

    /// Adds all that an article or page has of its own.
    fn add_leaf(&self, hasher: &mut Hasher, id: LeafId, prints: &Prints, needs: &Needs) {
        let leaf = self.library.leaf(id);
        hasher.bytes(prints.cards[id.index()].bytes());
        self.add_body(hasher, &leaf.document, needs);
        for written in &leaf.document.front.enclosures {
            self.add_link(hasher, &leaf.document, &written.value);
            if let Some(path) = self.enclosure_path(leaf, &written.value) {
                self.add_file(hasher, path.as_str());
            }
        }
    }

    fn add_body(&self, hasher: &mut Hasher, document: &Document, needs: &Needs) {
        hasher.bytes(document.digest.bytes());
        if let Some(needs) = needs.get(&document.name) {
            self.add_needs(hasher, document, needs);
        }
    }

    fn add_feed(
        &self,
        hasher: &mut Hasher,
        feed: &PlannedFeed,
        format: usize,
        prints: &Prints,
        needs: &Needs,
    ) {
        let config = self.config;
        hasher.value(&feed.id).value(&feed.title).value(feed.home.as_str());
        hasher.value(format!("{:?} {:?}", feed.formats[format], feed.content));
        hasher.value(format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            config.description,
            config.icon,
            config.logo,
            config.rights,
            config.feeds.ttl,
            config.feeds.hub,
            config.author
        ));
        for id in &feed.articles {
            self.add_leaf(hasher, *id, prints, needs);
            for (taxonomy, term) in self.library.terms_of(*id) {
                hasher.value(taxonomy.path.as_str()).value(&term.slug);
                if let Some(profile) = &term.profile {
                    hasher.value(format!("{profile:?}"));
                }
            }
        }
    }
}

fn add_page(hasher: &mut Hasher, articles: &[LeafId], page: &ListPage, prints: &Prints) {
    hasher.bytes(&page.number.unwrap_or(0).to_le_bytes());
    for link in [&page.newer, &page.older] {
        hasher.value(link.as_ref().map_or("", |path| path.as_str()));
    }
    add_cards(hasher, &articles[page.articles.clone()], prints);
}

fn add_cards(hasher: &mut Hasher, articles: &[LeafId], prints: &Prints) {
    hasher.bytes(&articles.len().to_le_bytes());
    for id in articles {
        hasher.bytes(prints.cards[id.index()].bytes());
    }
}

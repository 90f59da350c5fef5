//! Fingerprints: what each document is made from, as a digest. While it stays, the document need not be
//! rendered again. This stands beside the code that renders: what that reads has to be in here.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::shared::{TemplatePrint, environment};
use super::{Need, Renderer};
use crate::model::digest::{Digest, Print};
use crate::output::Fingerprint;
use crate::site::identity::{Settled, Target};
use crate::site::library::LeafId;
use crate::site::plan::{FeedOf, ListPage, Planned, PlannedFeed, Shows, Sitemap};

/// What bodies need, each with the digest of the text that it was found in, by the names of their
/// sources; those that need nothing may be not in it.
#[derive(Debug, Default)]
pub struct Needs(pub HashMap<Arc<str>, (Digest, Vec<Need>), foldhash::fast::RandomState>);

impl Needs {
    /// Adds what bodies were `found` to need: name and digest of each source, and its needs.
    pub fn add(&mut self, found: &[(Arc<str>, Digest, Vec<Need>)]) {
        self.0.extend(found.iter().map(|(name, digest, needs)| (name.clone(), (*digest, needs.clone()))));
    }

    /// What the body of the source `name` needs, whose bytes have that `digest`, as far as it is known.
    pub fn of(&self, name: &str, digest: Digest) -> &[Need] {
        match self.0.get(name) {
            Some((known, needs)) if *known == digest => needs,
            _ => &[],
        }
    }
}

/// Digests that many fingerprints have in them, made once.
pub struct Prints {
    /// What lists show of each article and page.
    cards: Vec<Digest>,
    /// What its neighbours show of each: side by side, since the leaves themselves are all over the memory.
    linked: Vec<Digest>,
    /// All that each article and page has of its own.
    leaves: Vec<LeafPrint>,
    /// Each section as templates see it.
    sections: Vec<Digest>,
    /// The terms of each taxonomy as templates see them.
    terms: Vec<Vec<Digest>>,
    /// Each template, in the order of the names.
    templates: Vec<(String, TemplatePrint)>,
    /// What holds for every document.
    environment: Digest,
}

/// An article or page, as the fingerprints of all documents have it that show the whole of it.
#[derive(Clone, Copy)]
struct LeafPrint {
    /// Stands for its card, its body and what that needs, its enclosures.
    own: Digest,
    /// Its template in [`Prints::templates`], and its section.
    template: Option<usize>,
    section: usize,
}

impl Prints {
    /// Says what an article or page turned out to be made from.
    pub fn set(&mut self, id: LeafId, own: Digest) {
        self.leaves[id.index()].own = own;
    }
}

impl Renderer<'_> {
    /// The digests that many fingerprints have in them.
    pub fn prints(&self, needs: &Needs) -> Prints {
        let environment = environment(self.config);
        let sections = self.section_views.iter().map(crate::render::template::digest_of).collect();
        let templates = self.template_prints();
        let ids = self.library.by_name();
        let prints = ids.par_iter().map(|id| {
            let leaf = self.library.leaf(*id);
            let card = self.views.card_digest(*id);
            let print = LeafPrint {
                own: self.leaf_print(*id, card, needs.of(leaf.name(), leaf.document.digest)),
                template: find(&templates, self.leaf_template(leaf)),
                section: self.library.section_of(*id),
            };
            (card, leaf.linked, print)
        });
        let prints: Vec<(Digest, Digest, LeafPrint)> = prints.collect();
        let nothing = LeafPrint { own: environment, template: None, section: 0 };
        let count = self.library.leaves.len();
        let (mut cards, mut leaves) = (vec![environment; count], vec![nothing; count]);
        let mut linked = vec![environment; count];
        for (id, (card, link, print)) in ids.iter().zip(prints) {
            let at = id.index();
            (cards[at], linked[at], leaves[at]) = (card, link, print);
        }
        // The pages of a term's list all show it.
        let of_term = |taxonomy, term| crate::render::template::digest_of(&self.views.term(taxonomy, term));
        let taxonomies = self.library.taxonomies.iter();
        let terms = taxonomies.map(|own| own.terms.par_iter().map(|term| of_term(own, term)).collect());
        Prints { cards, linked, leaves, sections, terms: terms.collect(), templates, environment }
    }

    /// Stands for all that an article or page has of its own when its body has `needs`.
    pub fn print_of(&self, id: LeafId, prints: &Prints, needs: &[Need]) -> Digest {
        self.leaf_print(id, prints.cards[id.index()], needs)
    }

    fn leaf_print(&self, id: LeafId, card: Digest, needs: &[Need]) -> Digest {
        let leaf = self.library.leaf(id);
        let document = &leaf.document;
        let mut hasher = Print::default();
        hasher.bytes(card.bytes()).bytes(document.digest.bytes());
        self.add_needs(&mut hasher, document.path(), needs);
        if !leaf.glance.has_files {
            if let Some(image) = &leaf.glance.image {
                self.add_shown_file(&mut hasher, leaf, image);
            }
            return hasher.finish();
        }
        let front = &document.front;
        let pictures = front.image.iter().chain(&front.banner).map(|written| &**written);
        let episode = front.episode.as_deref();
        let of_episode = episode
            .into_iter()
            .flat_map(|episode| episode.transcripts.iter().chain(&episode.image).chain(&episode.chapters));
        for written in front.enclosures.iter().chain(pictures).chain(of_episode) {
            self.add_shown_file(&mut hasher, leaf, &written.value);
        }
        hasher.finish()
    }

    /// Adds where `written` leads, and what is known of the file there.
    fn add_shown_file(&self, hasher: &mut Print, leaf: &Settled, written: &str) {
        self.add_link(hasher, leaf.document.path(), written);
        if let Some(path) = self.enclosure_path(leaf, written) {
            self.add_file(hasher, path.as_str());
        }
    }

    /// What the page of an article or page is made from that is `own` by itself.
    pub fn leaf_fingerprint(&self, id: LeafId, own: Digest, prints: &Prints) -> Option<Fingerprint> {
        let print = prints.leaves.get(id.index())?;
        // Without a template, rendering says that there is none.
        let (_, template) = &prints.templates[print.template?];
        let mut hasher = Print::default();
        hasher.bytes(own.bytes());
        hasher.value(self.plan.cards.of(id).map_or("", |card| card.path.as_str()));
        let neighbours = self.library.neighbours(id);
        for neighbour in [neighbours.older, neighbours.newer] {
            match neighbour {
                Some(id) => hasher.bytes(prints.linked[id.index()].bytes()),
                None => hasher.bytes(&[0]),
            };
        }
        if template.reads_related {
            for id in self.library.related(id) {
                hasher.bytes(prints.cards[id.index()].bytes());
            }
        }
        if template.reads_section {
            hasher.bytes(prints.sections.get(print.section)?.bytes());
        }
        if template.reads_feeds {
            hasher.bytes(self.feeds_of_section.get(print.section)?.1.bytes());
        }
        Some(Fingerprint { own: hasher.finish(), shared: template.shared })
    }

    /// What `planned` is made from; `None` if that can't be known without making it. `needs` are those of
    /// the text of a section.
    pub fn fingerprint(&self, planned: &Planned, prints: &Prints, needs: &[Need]) -> Option<Fingerprint> {
        let mut hasher = Print::default();
        hasher.value(planned.path.as_str());
        match &planned.shows {
            Shows::Leaf(id) => {
                return self.leaf_fingerprint(*id, prints.leaves.get(id.index())?.own, prints);
            }
            Shows::Section(at, page) => {
                hasher.bytes(prints.sections.get(*at)?.bytes());
                hasher.bytes(self.feeds_of_section.get(*at)?.1.bytes());
                if let Some(document) = self.text_of(planned) {
                    hasher.bytes(document.digest.bytes());
                    self.add_needs(&mut hasher, document.path(), needs);
                }
                add_page(&mut hasher, &self.library.sections[*at].articles, page, prints);
                let template = self.template_of(planned).and_then(|name| find(&prints.templates, &name));
                let reads_blocks = template.is_some_and(|at| prints.templates[at].1.reads_blocks);
                if reads_blocks && page.number.is_none() {
                    for (child, articles) in self.library.blocks(*at, page.articles.end) {
                        hasher.bytes(prints.sections.get(child)?.bytes());
                        add_cards(&mut hasher, &articles, prints);
                    }
                }
            }
            Shows::Term(taxonomy, term, page) => {
                let one = &self.library.taxonomies[*taxonomy].terms[*term];
                hasher.bytes(prints.terms.get(*taxonomy)?.get(*term)?.bytes());
                hasher.bytes(self.feeds_of_term(*taxonomy, *term).1.bytes());
                add_page(&mut hasher, &one.articles, page, prints);
            }
            Shows::Taxonomy(at) => {
                let taxonomy = self.views.taxonomy(&self.library.taxonomies[*at]);
                hasher.bytes(crate::render::template::digest_of(&taxonomy).bytes());
                hasher.bytes(self.feeds_of_site.1.bytes());
            }
            Shows::Year(at) | Shows::Month(at, _) => {
                let year = &self.library.years[*at];
                hasher.bytes(crate::render::template::digest_of(&self.views.year(year)).bytes());
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
            Shows::Notice(at) => {
                let notice = &self.library.notices[*at];
                hasher
                    .bytes(notice.shown.bytes())
                    .value(format!("{:?} {:?}", notice.state, notice.rare.expires));
                hasher.bytes(self.feeds_of_site.1.bytes());
            }
            Shows::Feed(at, format) => {
                let feed = &self.plan.feeds[*at];
                self.add_feed(&mut hasher, feed, *format);
                hasher.value(format!("{:?} {:?} {:?}", feed.updated, feed.tombstones, feed.archives.len()));
                for at in &feed.withdrawn {
                    hasher.bytes(self.library.notices[*at].shown.bytes());
                }
                self.add_entries(&mut hasher, &feed.articles, prints);
            }
            Shows::FeedArchive(at, format, part) => {
                let feed = &self.plan.feeds[*at];
                self.add_feed(&mut hasher, feed, *format);
                hasher.value([u8::from(part + 1 == feed.archives.len())]);
                self.add_entries(&mut hasher, &feed.archives[*part].articles, prints);
            }
            Shows::Subscribe | Shows::Opml => {
                hasher.value(&self.config.title).bytes(self.feeds_of_site.1.bytes());
                for feed in &self.plan.feeds {
                    hasher.value(format!("{:?} {} {:?} {:?}", feed.of, feed.title, feed.home, feed.formats));
                    let (count, archives) = (feed.articles.len(), feed.archives.is_empty());
                    hasher.value(format!("{:?} {count} {archives} {:?}", feed.description, feed.content));
                }
            }
            Shows::Sitemap(part) => {
                for page in &self.plan.sitemap.pages[self.plan.sitemap.parts[*part].clone()] {
                    hasher.value(page.path.as_str());
                    if let Some(lastmod) = &page.lastmod {
                        hasher.bytes(&lastmod.bytes());
                    }
                    if let Some(image) = page.pictured.and_then(|id| self.image(id)) {
                        hasher.value(image);
                    }
                }
            }
            Shows::NewsSitemap => {
                hasher.value(&self.config.title);
                for id in self.plan.sitemap.news.iter().flatten() {
                    hasher.bytes(self.library.leaf(*id).shown.bytes());
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
            // It is short, and quicker made than what it is made from is digested.
            Shows::Headers => {
                hasher.bytes(&self.headers());
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
            // Its name says what it is made from.
            Shows::Picture(..) | Shows::Card(_) => {}
            Shows::Theme(at) => {
                hasher.bytes(&self.styles.files.get(*at)?.bytes);
            }
        }
        let shared = match self.template_of(planned) {
            // Where there is no such template, rendering says so.
            Some(name) => prints.templates[find(&prints.templates, &name)?].1.shared,
            None => prints.environment,
        };
        Some(Fingerprint { own: hasher.finish(), shared })
    }

    fn add_feed(&self, hasher: &mut Print, feed: &PlannedFeed, format: usize) {
        let config = self.config;
        hasher.value(&feed.id).value(&feed.title).value(feed.home.as_str());
        hasher.value(format!("{:?} {:?}", feed.formats[format], feed.content));
        hasher.value(format!("{:?} {:?}", feed.description, feed.image));
        if let FeedOf::Section(at) = feed.of
            && let Some(document) = &self.library.sections[at].settled.document
            && let Some(show) = &document.front.podcast
        {
            hasher.value(format!("{show:?}"));
            if let Some(image) = &show.image {
                self.add_link(hasher, document.path(), &image.value);
                if let Target::Live(path, _) = self.links.follow(document.path(), &image.value) {
                    self.add_file(hasher, path.as_str());
                }
                self.add_file(hasher, &format!("/{}", image.value.trim_start_matches('/')));
            }
        }
        hasher.value(format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            config.description,
            config.icon,
            config.logo,
            config.rights,
            config.feeds.ttl,
            config.feeds.hubs,
            config.feeds.stylesheet,
            config.author
        ));
    }

    fn add_entries(&self, hasher: &mut Print, articles: &[LeafId], prints: &Prints) {
        for id in articles {
            hasher.value([u8::from(self.show_of(*id).is_some())]);
            hasher.bytes(prints.leaves[id.index()].own.bytes());
            for (taxonomy, term) in self.library.terms_of(*id) {
                hasher.value(taxonomy.path.as_str()).value(&term.slug);
                if let Some(profile) = &term.profile {
                    hasher.value(format!("{profile:?}"));
                }
            }
        }
    }
}

/// The place of the template `name`.
fn find(templates: &[(String, TemplatePrint)], name: &str) -> Option<usize> {
    templates.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()
}

fn add_page(hasher: &mut Print, articles: &[LeafId], page: &ListPage, prints: &Prints) {
    hasher.bytes(&page.number.unwrap_or(0).to_le_bytes());
    for link in [&page.newer, &page.older] {
        hasher.value(link.as_ref().map_or("", |path| path.as_str()));
    }
    add_cards(hasher, &articles[page.articles.clone()], prints);
}

fn add_cards(hasher: &mut Print, articles: &[LeafId], prints: &Prints) {
    hasher.bytes(&articles.len().to_le_bytes());
    for id in articles {
        hasher.bytes(prints.cards[id.index()].bytes());
    }
}

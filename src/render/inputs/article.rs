//! Articles and pages as inputs of documents.

use std::path::Path;
use std::sync::Arc;

use tera::Value;

use super::lookup::{self, add_file, add_link, add_needs};
use super::{Digested, Lookup, Need, Site};
use crate::config::Author;
use crate::model::date::Moment;
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::{UrlPath, percent_decode};
use crate::render::aim::Links;
use crate::render::body::{self, Body};
use crate::render::pictures::{image_url, planned, site_path};
use crate::render::template::views;
use crate::render::{Renderer, markdown_copy};
use crate::site::identity::{Dates, LinkMap, Row, Target};
use crate::site::library::LeafId;
use crate::source::{Correction, Document, FrontMatter, Placed};

/// An article or page with everything of its own: front matter, text, the text's needs, and files.
#[derive(Clone, Copy)]
pub struct Article<'a> {
    site: Site<'a>,
    id: LeafId,
    own: Own,
}

impl<'a> Article<'a> {
    /// The article or page `id`.
    pub(in crate::render) fn of(site: Site<'a>, id: LeafId) -> Self {
        Article { site, id, own: site.digests.own(id) }
    }

    /// A copy for a body with these `needs`.
    pub(in crate::render) fn with_needs(self, needs: &[Need]) -> Self {
        let card = self.site.digests.card(self.id);
        Article { own: own(self.site.all, self.id, card, needs), ..self }
    }

    /// Everything that only this article's page shows.
    pub fn own(&self) -> Own {
        self.own
    }

    fn leaf(&self) -> &'a Row {
        self.site.all.library.leaf(self.id)
    }

    /// The name of its source.
    pub fn name(&self) -> &'a Arc<str> {
        self.leaf().name()
    }

    /// Its lasting id.
    pub fn id(&self) -> &'a str {
        &self.leaf().id
    }

    /// Its title.
    pub fn title(&self) -> &'a str {
        &self.leaf().title
    }

    /// True if its author wrote no title.
    pub fn is_untitled(&self) -> bool {
        self.leaf().listing.is_untitled
    }

    /// Its path.
    pub fn path(&self) -> &'a UrlPath {
        &self.leaf().path
    }

    /// Its dates; `None` for a page.
    pub fn dates(&self) -> Option<&'a Dates> {
        self.leaf().dates.as_ref()
    }

    /// Its front matter.
    pub fn front(&self) -> &'a FrontMatter {
        &self.leaf().document.load().front
    }

    /// The author's summary, else the standfirst, else an excerpt.
    pub fn summary(&self) -> String {
        views::summary(self.leaf())
    }

    /// Its corrections with their dates, the newest first.
    pub fn corrections(&self) -> Vec<(&'a Correction, &'a Moment)> {
        let leaf = self.leaf();
        let mut made: Vec<_> =
            leaf.document.load().front.corrections().iter().zip(&leaf.rare.corrections).collect();
        made.sort_by_key(|(_, moment)| std::cmp::Reverse(moment.instant()));
        made
    }

    /// Renders its body. `None` means that `problems` have the reason.
    pub(in crate::render) fn body(&self, problems: &mut Vec<Problem>) -> Option<Body> {
        body::render(Lookup::new(self.site.all, self.leaf().document.load()), problems)
    }

    /// The view of it for its own template.
    pub(in crate::render) fn value(&self, body: &Body, beside: views::Beside) -> Value {
        self.site.all.views.article(self.id, &body.html, &body.headings, beside)
    }

    /// Its text as Markdown; `body` is the same rendered.
    ///
    /// # Errors
    /// The source can't be read.
    pub(in crate::render) fn markdown(&self, body: &Body) -> Result<String, Problem> {
        markdown_copy::markdown(&Lookup::new(self.site.all, self.leaf().document.load()), body)
    }

    /// The view of it in lists.
    pub(in crate::render) fn card(&self) -> Value {
        self.site.all.views.card(self.id)
    }

    /// Its image: a path from the server's root, or a whole URL; and its size in pixels, if known.
    pub fn image(&self) -> Option<(String, Option<(u32, u32)>)> {
        let all = self.site.all;
        let url = all.image(self.id)?;
        let size = match planned(all.config, all.plan, &url) {
            Some(picture) => Some((picture.original.facts.width, picture.original.facts.height)),
            None => {
                let path = site_path(all.config, &all.plan.roots, &url);
                path.and_then(|path| all.files.picture_size(path.as_str()))
            }
        };
        Some((url, size.filter(|(width, _)| *width > 0)))
    }

    /// Its banner: a path from the server's root, or a whole URL.
    pub fn banner(&self) -> Option<String> {
        let banner = self.front().banner.as_ref()?;
        let all = self.site.all;
        Some(image_url(all.config, &all.plan.roots, all.links, self.name(), &banner.value))
    }

    /// The file `written` in its front matter, if it exists.
    pub fn file(&self, written: &str) -> Option<FrontFile<'a>> {
        if !files_of(self.front()).any(|known| known == written) {
            return None;
        }
        let all = self.site.all;
        let path = file_path(all, self.leaf(), written)?;
        let file = all.files.get(&path)?;
        Some(FrontFile { site: self.site, path, file })
    }
}

impl Digested for Article<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.bytes(self.own.digest.bytes());
    }
}

/// Everything that only the page of an article or page shows.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    /// Its digest.
    pub digest: Digest,
    /// The state of the addresses in it.
    pub links: Links,
}

/// Everything that only the page of an article or page shows. `needs` are those of its body, and `card` is the digest of
/// its card, the view of it in lists.
pub(super) fn own(all: &Renderer<'_>, id: LeafId, card: Digest, needs: &[Need]) -> Own {
    let leaf = all.library.leaf(id);
    let mut print = Fingerprinter::default();
    print.bytes(card.bytes()).bytes(leaf.document.digest.bytes());
    let mut links = add_needs(all, &mut print, leaf.document.path(), needs);
    let mut add = |written: &str| {
        add_link(all, &mut print, leaf.document.path(), written);
        if let Some(path) = file_path(all, leaf, written) {
            add_file(all, &mut print, path.as_str());
        }
    };
    if leaf.listing.has_files {
        files_of(&leaf.document.load().front).for_each(add);
    } else if let Some(image) = &leaf.listing.image {
        add(image);
    }
    if has_missing_address(all, leaf) {
        links = Links::Dead;
    }
    Own { digest: print.finish(), links }
}

/// True if the front matter of `leaf` has an address that leads nowhere.
fn has_missing_address(all: &Renderer<'_>, leaf: &Row) -> bool {
    match &leaf.listing.image {
        _ if leaf.listing.has_files => !missing_addresses(all, leaf.document.load()).is_empty(),
        Some(image) => is_missing(all, leaf.document.path(), image),
        None => false,
    }
}

/// The addresses in the front matter of `document` that lead nowhere, and that nothing else reports.
pub(in crate::render) fn missing_addresses<'a>(
    all: &Renderer<'_>,
    document: &'a Document,
) -> Vec<&'a Placed<String>> {
    let front = &document.front;
    let of_cascade = front.cascade.iter().flat_map(|cascade| cascade.addresses());
    let dead = front.addresses().iter().chain(of_cascade);
    let dead = dead.filter(|written| is_missing(all, document.path(), &written.value));
    dead.filter(|written| !is_told(all, document, &written.value)).collect()
}

/// True if an entry in a feed or a feed itself reports that the file `written` in front matter is missing.
fn is_told(all: &Renderer<'_>, document: &Document, written: &str) -> bool {
    let front = &document.front;
    if front.podcast.is_some() {
        return true;
    }
    let pictures = front.image.iter().chain(&front.banner).map(|picture| picture.value.as_str());
    let is_file =
        files_of(front).any(|file| file == written) && !pictures.into_iter().any(|one| one == written);
    is_file && all.library.find(&document.name).is_some_and(|id| all.is_in_a_feed(id))
}

/// True if the address `written` in the front matter of the source at `from` below `content/` leads nowhere.
fn is_missing(all: &Renderer<'_>, from: &str, written: &str) -> bool {
    let path = || all.plan.roots.path(&all.config.base_url, written);
    let is_at_root = || path().is_some_and(|path| all.has(path.as_str()));
    if LinkMap::is_fixed(written) {
        return written.starts_with('/') && !is_at_root();
    }
    let target = all.target(from, written);
    let is_there = match &target {
        Target::Live(..) | Target::Broken => true,
        // That is reported with the text.
        Target::HeldBack(_) | Target::HeldBackFile(_) => true,
        Target::Dead(_) | Target::Elsewhere => {
            let path = own_path(all, from, written);
            path.is_some_and(|path| all.planned(path.as_str()).is_some())
        }
    };
    !is_there && !is_at_root()
}

/// The files that front matter names, as written.
fn files_of(front: &FrontMatter) -> impl Iterator<Item = &str> {
    let pictures = front.image.iter().chain(&front.banner).map(|written| &**written);
    let episode = front.episode.as_deref().into_iter();
    let of_episode = episode.flat_map(|episode| {
        let companions = episode.transcripts.iter().chain(&episode.chapters).map(|one| &one.file);
        companions.chain(&episode.image)
    });
    let enclosures = front.enclosures.iter().map(|enclosure| &enclosure.file);
    enclosures.chain(pictures).chain(of_episode).map(|written| written.value.as_str())
}

/// The path of the file `written` in the front matter of `leaf`.
fn file_path(all: &Renderer<'_>, leaf: &Row, written: &str) -> Option<UrlPath> {
    own_path(all, leaf.document.path(), written)
}

/// The path of the file `written` in the front matter of the source at `from` below `content/`.
fn own_path(all: &Renderer<'_>, from: &str, written: &str) -> Option<UrlPath> {
    if let Some(path) = all.config.base_url.inside(written) {
        return UrlPath::parse(&percent_decode(&path)).ok();
    }
    match all.links.follow(from, written) {
        Target::Live(path, _) => Some(path),
        _ => lookup::file_path(all, written),
    }
}

/// A file named in an article's front matter.
pub struct FrontFile<'a> {
    site: Site<'a>,
    path: UrlPath,
    file: &'a Path,
}

impl FrontFile<'_> {
    /// Its whole URL.
    pub fn url(&self) -> String {
        self.site.settings().whole_file(&self.path)
    }

    /// Its path on disk.
    pub fn name(&self) -> &Path {
        self.file
    }

    /// Its size in bytes; `None` if it is gone.
    pub fn length(&self) -> Option<u64> {
        std::fs::metadata(self.file).ok().map(|metadata| metadata.len())
    }

    /// Its duration in seconds, if it is a recording.
    pub fn seconds(&self) -> Option<u64> {
        self.site.all.files.seconds(self.path.as_str())
    }
}

/// The terms of an article, for feed entries.
#[derive(Clone, Copy)]
pub struct Labels<'a> {
    site: Site<'a>,
    id: LeafId,
}

/// A term, for feed entries.
pub struct Label<'a> {
    /// The name of its taxonomy.
    pub taxonomy: &'a str,
    /// The path of the taxonomy's list of terms.
    pub scheme: &'a UrlPath,
    /// The name for readers.
    pub name: &'a str,
    /// The last part of its path.
    pub slug: &'a str,
    /// The path of its page.
    pub path: &'a UrlPath,
    /// The profile of an author who has one.
    pub profile: Option<&'a Author>,
}

impl<'a> Labels<'a> {
    /// The terms of the article `id`.
    pub(in crate::render) fn of(site: Site<'a>, id: LeafId) -> Self {
        Labels { site, id }
    }

    /// The terms, in the author's order.
    pub fn iter(&self) -> impl Iterator<Item = Label<'a>> {
        self.site.all.library.terms_of(self.id).map(|(taxonomy, term)| Label {
            taxonomy: &taxonomy.rules.name,
            scheme: &taxonomy.path,
            name: &term.name,
            slug: &term.slug,
            path: &term.path,
            profile: term.profile.as_ref(),
        })
    }
}

impl Digested for Labels<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        for (taxonomy, term) in self.site.all.library.term_numbers(self.id) {
            print.bytes(self.site.digests.label(taxonomy, term).bytes());
        }
    }
}

/// A withdrawn article, for its last entry.
#[derive(Clone, Copy)]
pub struct Notice<'a> {
    settled: &'a Row,
}

impl<'a> Notice<'a> {
    /// The notice at `index` in the library's notices.
    pub(in crate::render) fn of(site: Site<'a>, index: usize) -> Self {
        Notice { settled: &site.all.library.notices[index] }
    }

    /// Its lasting id.
    pub fn id(&self) -> &'a str {
        &self.settled.id
    }

    /// Its title.
    pub fn title(&self) -> &'a str {
        &self.settled.title
    }

    /// Its former path.
    pub fn path(&self) -> &'a UrlPath {
        &self.settled.path
    }

    /// Its dates.
    pub fn dates(&self) -> Option<&'a Dates> {
        self.settled.dates.as_ref()
    }

    /// Its front matter.
    pub fn front(&self) -> &'a FrontMatter {
        &self.settled.document.load().front
    }
}

impl Digested for Notice<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.bytes(self.settled.shown.bytes()).bytes(&[self.settled.state as u8]);
    }
}

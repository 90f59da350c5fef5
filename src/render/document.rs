//! Documents of all kinds: from the plan to inputs, and from inputs to bytes.

use std::collections::HashMap;
use std::sync::Arc;

use super::inputs::{Article, Fingerprinted, Need, Own, Site, is_read};
use super::page::Page;
use super::{
    archive, article, entry, feed, file, headers, output, redirect, search, section, sitemap, subscribe, term,
};
use crate::feed::Entry;
use crate::model::diagnostics::Problem;
use crate::model::digest::Digest;
use crate::output::Fingerprint;
use crate::site::library::LeafId;
use crate::site::plan::{Planned, Shows, Subject};

/// The entries of articles, made once for all feeds.
pub type EntryMap = HashMap<LeafId, Arc<Entry>>;

/// Needs and problems that came up while a document was rendered.
#[derive(Default)]
pub struct Found {
    /// The source of a text in it, the digest of that source, and the needs of the text.
    pub needed: Option<(Arc<str>, Digest, Vec<Need>)>,
    /// Its problems.
    pub problems: Vec<Problem>,
}

/// A document that is rendered by itself, from its inputs.
pub trait Document: Fingerprinted {
    /// Renders it; feeds take their entries from `entries`. Afterwards its fingerprint is correct, even if the needs of
    /// its text have changed.
    ///
    /// # Errors
    /// The problem that prevents rendering. Other problems are added to `found`.
    fn render(&mut self, entries: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem>;
}

/// Inputs of a planned file.
pub enum Inputs<'a> {
    /// An article or page, which is rendered together with its entry in feeds: [`Site::article`].
    Article(Box<article::Inputs<'a>>),
    /// A document of `[[outputs]]` about an article or page, which is rendered together with that.
    Beside(Box<output::Beside<'a>>),
    /// A file of terms of the search, which is rendered from the terms of several: [`Site::shards`].
    Shard(search::ShardInputs<'a>),
    /// Another document.
    Document(Box<dyn Document + 'a>),
    /// A file that is not rendered.
    File(file::Inputs<'a>),
}

impl Inputs<'_> {
    /// The digest of everything that it is made from; `None` if it is unknown before rendering.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.as_fingerprinted().fingerprint()
    }

    /// The name of its template, if it has one.
    pub fn template(&self) -> Option<&str> {
        self.as_fingerprinted().template()
    }

    fn as_fingerprinted(&self) -> &dyn Fingerprinted {
        match self {
            Inputs::Article(inputs) => &**inputs,
            Inputs::Beside(inputs) => &**inputs,
            Inputs::Shard(inputs) => inputs,
            Inputs::Document(inputs) => &**inputs,
            Inputs::File(inputs) => inputs,
        }
    }
}

/// The bytes of an output beside an article, or the reason why there are none, and its fingerprint.
pub type RenderedOutput = (Result<Vec<u8>, Problem>, Option<Fingerprint>);

/// A rendered article or page.
pub struct RenderedArticle {
    /// The bytes of its page and their fingerprint, if asked for.
    pub page: Option<(Vec<u8>, Option<Fingerprint>)>,
    /// Its entry in feeds, if asked for.
    pub entry: Option<Arc<Entry>>,
    /// Everything that only this article's page shows.
    pub own: Own,
    /// The documents of `[[outputs]]` about it that were asked for, each with its fingerprint; none with an error among
    /// the problems.
    pub outputs: Vec<RenderedOutput>,
    /// The HTML of its body.
    pub body: String,
    /// The needs of its body.
    pub needs: Vec<Need>,
    /// Warnings about its body, such as dead links, even if only the entry was asked for.
    pub problems: Vec<Problem>,
    /// Warnings about its entry.
    pub problems_of_entry: Vec<Problem>,
}

impl<'a> Site<'a> {
    /// The inputs of `planned`, in its language.
    pub fn inputs(self, planned: &'a Planned) -> Inputs<'a> {
        let all = self.all;
        let language = match planned.shows {
            // A redirect is in the language of its host.
            Shows::Redirect(_) => all.config.host_at(&planned.path),
            _ => planned.shows.language(&all.plan.feeds, all.library, all.config),
        };
        let site = self.in_language(language);
        site.inputs_in_language(planned)
    }

    fn inputs_in_language(self, planned: &'a Planned) -> Inputs<'a> {
        fn boxed<'b>(document: impl Document + 'b) -> Inputs<'b> {
            Inputs::Document(Box::new(document))
        }
        let feed = |at: usize| &self.all.plan.feeds[at];
        match &planned.shows {
            Shows::Leaf(id) => Inputs::Article(Box::new(article::inputs(self, *id, Article::of(self, *id)))),
            Shows::Section(at, page) => boxed(section::inputs(self, *at, page)),
            Shows::Taxonomy(at) => boxed(term::of_taxonomy(self, *at, planned)),
            Shows::Term(taxonomy, at, page) => boxed(term::inputs(self, (*taxonomy, *at), page, planned)),
            Shows::Archive(_) => boxed(Page::of_site(self, "archive.html", planned)),
            Shows::Year(at) => boxed(archive::of_year(self, *at, planned)),
            Shows::Month(year, month) => boxed(archive::of_month(self, *year, *month, planned)),
            Shows::Notice(at) => {
                let notice = &self.all.library.notices[*at];
                let page = Page::of_site(self, "notice.html", planned)
                    .in_language(notice.document.load().front.lang.as_deref());
                boxed(page.with("notice", || self.notice(*at)))
            }
            Shows::Subscribe(language) => boxed(subscribe::inputs(self, *language, planned)),
            Shows::NotFound(_) => boxed(Page::of_site(self, "404.html", planned)),
            Shows::Search(_) => boxed(Page::of_site(self, "search.html", planned)),
            Shows::SearchIndex(_) => boxed(search::of_index(self)),
            Shows::SearchShard(_, tier, shard) => Inputs::Shard(search::of_shard(self, *tier, *shard)),
            Shows::SearchCards(_, chunk) => boxed(search::of_cards(self, *chunk)),
            Shows::Languages => boxed(Page::of_site(self, "languages.html", planned)),
            Shows::Robots(_) => boxed(Page::of_site(self, "robots.txt", planned)),
            Shows::Redirect(target) => boxed(redirect::inputs(self, target, planned)),
            Shows::Redirects(host) => boxed(redirect::of_list(self, *host)),
            Shows::Headers(_) => boxed(headers::inputs(self)),
            Shows::Feed(at, format) | Shows::FeedAlias(at, format) => {
                boxed(feed::inputs(self, feed(*at), *format, &planned.path))
            }
            Shows::FeedArchive(at, format, part) => boxed(feed::of_archive(self, feed(*at), *format, *part)),
            Shows::Opml(_) => boxed(subscribe::of_opml(self)),
            Shows::Sitemap(part) => boxed(sitemap::inputs(self, *part)),
            Shows::SitemapIndex(host) => boxed(sitemap::of_index(self, *host)),
            Shows::NewsSitemap(host) => boxed(sitemap::of_news(self, *host)),
            Shows::Output(at, Subject::Leaf(id)) => {
                Inputs::Beside(Box::new(output::beside(self, *at, (*id, Article::of(self, *id)), planned)))
            }
            Shows::Output(at, subject) => match output::inputs(self, *at, *subject, planned) {
                Some(output) => boxed(output),
                None => boxed(Page::of_site(self, "404.html", planned)),
            },
            Shows::Copy(_, stamp) => Inputs::File(file::of_copy(self, stamp, planned)),
            Shows::Theme(at) => Inputs::File(file::of_theme(self, *at, planned)),
            Shows::Picture(..) | Shows::Card(_) => Inputs::File(file::of_picture(self, planned)),
        }
    }

    /// Renders an article or a page: its page, its entry in feeds, its `outputs`. With an error among its problems it has
    /// none of them.
    ///
    /// # Errors
    /// All problems with it, if its body could not be rendered.
    pub fn article(
        self,
        id: LeafId,
        page: bool,
        in_feeds: bool,
        outputs: &[&'a Planned],
    ) -> Result<RenderedArticle, Vec<Problem>> {
        let (mut problems, mut of_entry) = (Vec::new(), Vec::new());
        let site = self.in_language(self.all.config.language_of(&self.all.library.leaf(id).section));
        let article = Article::of(site, id);
        let Some(body) = article.body(&mut problems) else { return Err(problems) };
        let article = article.with_needs(&body.needs);
        let entry = in_feeds.then(|| entry::inputs(site, id, article));
        let entry = entry.and_then(|entry| entry.render(site.settings(), &body, &mut of_entry)).map(Arc::new);
        let page = page.then(|| article::inputs(site, id, article));
        let page = page.and_then(|page| match page.render(&body) {
            Ok(bytes) => Some((bytes, page.fingerprint())),
            Err(problem) => {
                problems.push(problem);
                None
            }
        });
        let is_sound = !problems.iter().chain(&of_entry).any(Problem::is_error);
        let (page, entry) = if is_sound { (page, entry) } else { (None, None) };
        let output = |planned: &&'a Planned| {
            let Shows::Output(at, _) = planned.shows else { return None };
            let output = output::beside(site, at, (id, article), planned);
            Some((output.render(&body), output.fingerprint()))
        };
        let outputs = outputs.iter().filter(|_| is_sound).filter_map(output).collect();
        let (own, needs, body) = (article.own(), body.needs, body.html);
        Ok(RenderedArticle { page, entry, outputs, own, body, needs, problems, problems_of_entry: of_entry })
    }

    /// True if `planned` depends on the shared part `part`: see [`Renderer::shared_parts`].
    ///
    /// [`Renderer::shared_parts`]: super::Renderer::shared_parts
    pub fn uses(self, planned: &'a Planned, part: &str) -> bool {
        let inputs = self.inputs(planned);
        let reads = inputs.template().and_then(|name| self.all.templates.reads_of(name));
        is_read(part, reads)
    }
}

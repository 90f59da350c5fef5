//! Carries out the plan: renders stale documents on all threads and stages their bytes.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::kept_pages::KeptPages;
use super::leaf_work::{LeafWork, leaf_work};
use super::reasons::{Changed, Explained};
use super::rendered::{ByKind, LeafOutcome, OtherOutcome, Rendered};
use super::seniority::Seniority;
use super::stage::{self, stage};
use super::warnings::{self, Warnings};
use crate::feed::lint;
use crate::model::diagnostics::{Problem, Warning};
use crate::output::{Outcome, OutputError, Staging, Wanted};
use crate::picture::{Press, Store};
use crate::render::style::Styles;
use crate::render::{Digests, Document, EntryMap, Found, Inputs, Needs, Renderer, Site};
use crate::site::library::LeafId;
use crate::site::plan::{Plan, Planned, Shows};

/// Inputs for carrying out a plan.
pub(super) struct Rendering<'a, 'p> {
    pub renderer: &'a Renderer<'a>,
    pub plan: &'p Plan,
    pub styles: &'a Styles,
    pub staging: &'a Staging,
    /// The store of generated pictures.
    pub store: &'a Store,
    pub press: Option<&'a Press>,
    /// Pictures are copied without metadata about people and places.
    pub strips: bool,
    /// The site's root.
    pub root: &'a Path,
    pub before: Before<'a>,
}

/// Facts about what earlier runs left.
pub(super) struct Before<'a> {
    /// Warnings of the last build, for documents that may stay as they are.
    pub warned: &'a Warnings,
    /// The needs of bodies and the links of pages that earlier builds found.
    pub needs: &'a Needs,
    /// Changes since the last build, if each rendering is to be explained.
    pub changed: Option<&'a Changed<'a>>,
    /// Documents that stay as they were last published.
    pub kept: &'a KeptPages<'a>,
    /// The ages of documents.
    pub seniority: &'a Seniority<'a>,
}

impl<'p> Rendering<'_, 'p> {
    /// Renders and stages the stale documents, except pictures and cards, which [`Rendering::draw`] makes with the
    /// digests that are returned. Faults in feeds are reported only while the site `is_sound`, because other errors may
    /// cause them. Problems of content are gathered; only failures of the machine end the run.
    pub fn run(
        &self,
        is_sound: bool,
        problems: &mut Vec<Problem>,
    ) -> Result<(Rendered<'p>, Digests), OutputError> {
        let needs = self.before.needs;
        let mut digests = stage("fingerprint", |tally| {
            tally.count = self.plan.documents.len();
            self.renderer.digests(needs)
        });
        let site = self.renderer.site(&digests);
        let (stale, warned) = stage("compare", |tally| {
            let (stale, warned) = self.stale(site, problems)?;
            tally.count = self.plan.documents.len() - stale.len();
            Ok::<_, OutputError>((stale, warned))
        })?;
        let (done, total) = (AtomicUsize::new(0), stale.len());
        let tick = || stage::rendered(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let leaves = leaf_work(self.plan, &stale, &|id| self.before.kept.has(id));
        let rendered: Vec<_> = stage("articles", |tally| {
            tally.count = leaves.len();
            leaves.par_iter().map(|work| self.leaf(work, site, &tick)).collect()
        });
        let mut entries = EntryMap::new();
        let explained = self.explain(&stale, site);
        let mut all = Rendered { stale, explained, ..Rendered::default() };
        self.tell_again(&warned, &leaves, &mut all.warnings, problems);
        for (one, work) in rendered.into_iter().zip(&leaves) {
            let LeafOutcome { entry, own, needs: of_body, problems: found, warnings, links } = one?;
            if let Some(page) = work.page {
                all.warnings.add(page.path.file(), warnings);
            }
            for (planned, links) in work.page.iter().chain(&work.outputs).zip(links) {
                all.note_page(planned, links, needs);
            }
            entries.extend(entry.map(|entry| (work.id, entry)));
            problems.extend(found);
            if let Some(own) = own {
                digests.set(work.id, own);
            }
            let document = self.renderer.document_of(work.id);
            all.note((document.name.clone(), document.digest, of_body), needs);
        }
        let site = self.renderer.site(&digests);
        self.before.kept.keep_others(self.staging)?;
        let ByKind { mut others, archives, .. } = ByKind::of(&all.stale);
        // Lists of the same time are rendered in sequence, because they show the same articles.
        others.sort_by_cached_key(|planned| self.renderer.newest_on(planned));
        let rendered: Vec<Result<_, OutputError>> = stage("listings", |tally| {
            tally.count = others.len();
            let one = |planned: &&Planned| {
                let found = self.other(planned, &entries, site);
                tick();
                found
            };
            others.par_iter().map(one).collect()
        });
        let mut of_feeds = all.take_others(rendered, &others, needs, problems)?;
        // The formats of one archive are rendered in sequence: the entries of all archives would fill the memory.
        let rendered: Vec<Result<_, OutputError>> = stage("feed archives", |tally| {
            tally.count = archives.len();
            let one = |((feed, part), documents): (&(usize, usize), &Vec<&Planned>)| {
                self.archive((*feed, *part), documents, &entries, site, &tick)
            };
            archives.par_iter().map(one).collect()
        });
        for one in rendered {
            let OtherOutcome { problems: found, note, .. } = one?;
            of_feeds.extend(found);
            all.notes.extend(note);
        }
        // Another error may be the cause of a fault in a feed.
        if is_sound && !problems.iter().any(Problem::is_error) {
            problems.extend(of_feeds);
        }
        Ok((all, digests))
    }

    /// Makes and stages the pictures and cards among the `stale` documents. They take most of a build's time, so this
    /// comes last, when everything else has been found to be right.
    pub fn draw(
        &self,
        stale: &[&'p Planned],
        digests: &Digests,
        problems: &mut Vec<Problem>,
    ) -> Result<(), OutputError> {
        let ByKind { cards, pictures, .. } = ByKind::of(stale);
        let number = cards.len() + pictures.values().map(Vec::len).sum::<usize>();
        let (done, total) = (AtomicUsize::new(stale.len() - number), stale.len());
        let tick = || stage::rendered(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let site = self.renderer.site(digests);
        let made = stage("pictures", |tally| {
            tally.count = pictures.len() + cards.len();
            let card = |(at, planned): &(usize, &Planned)| {
                let found = self.card(planned, *at, site);
                tick();
                found
            };
            let mut made = self.pictures(&pictures, site, &tick);
            made.extend(cards.par_iter().map(card).collect::<Vec<_>>());
            made
        });
        for found in made {
            problems.extend(found?);
        }
        Ok(())
    }

    /// Renders and stages the stale formats of one feed archive. Articles that are missing from `entries` are rendered
    /// again.
    fn archive(
        &self,
        (feed, part): (usize, usize),
        documents: &[&Planned],
        entries: &EntryMap,
        site: Site<'_>,
        tick: &dyn Fn(),
    ) -> Result<OtherOutcome, OutputError> {
        let mut own = EntryMap::new();
        let kept = &self.before.kept;
        for id in self.plan.feeds[feed].archives[part].articles.iter().filter(|id| !kept.has(**id)) {
            let entry = match entries.get(id) {
                Some(entry) => Some(entry.clone()),
                // An article that can't be rendered was reported with its page.
                None => site.article(*id, false, true, &[]).ok().and_then(|article| article.entry),
            };
            let Some(entry) = entry else { return Ok(OtherOutcome::default()) };
            own.insert(*id, entry);
        }
        let mut all = OtherOutcome::default();
        for planned in documents {
            let OtherOutcome { problems, note, .. } = self.other(planned, &own, site)?;
            // A problem of an entry recurs in every format.
            if all.problems.is_empty() {
                all.problems = problems;
            }
            all.note = all.note.or(note);
            tick();
        }
        Ok(all)
    }

    /// The stale documents, and the others that have warnings.
    fn stale(
        &self,
        site: Site<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<(Vec<&'p Planned>, Vec<&'p Planned>), OutputError> {
        let documents: &'p [Planned] = &self.plan.documents;
        if self.staging.manifest().files.is_empty() && self.before.kept.is_empty() {
            // Without a manifest, everything is stale.
            return Ok((documents.iter().collect(), Vec::new()));
        }
        let wanted = documents.par_iter().map(|planned| self.expected(planned, site));
        let kept = self.staging.keep(wanted)?;
        let (mut stale, mut warned) = (Vec::new(), Vec::new());
        for (planned, is_kept) in documents.iter().zip(kept) {
            if !is_kept {
                if !self.before.kept.keep(planned, self.staging, problems)? {
                    stale.push(planned);
                }
            } else if !self.warned_of(planned).is_empty() {
                warned.push(planned);
            }
        }
        Ok((stale, warned))
    }

    /// The warnings that the last build recorded for `planned`.
    fn warned_of(&self, planned: &Planned) -> &[Warning] {
        match self.before.warned.is_empty() {
            true => &[],
            false => self.before.warned.of(&planned.path.file()),
        }
    }

    /// Reports the warnings of documents that stay. An article rendered for a feed reports its own.
    fn tell_again(
        &self,
        warned: &[&Planned],
        leaves: &[LeafWork<'_>],
        warnings: &mut Warnings,
        problems: &mut Vec<Problem>,
    ) {
        let rendered: HashSet<LeafId> = match warned.is_empty() {
            true => HashSet::new(),
            false => leaves.iter().map(|work| work.id).collect(),
        };
        for planned in warned {
            let own = self.warned_of(planned);
            let is_rendered = matches!(planned.shows, Shows::Leaf(id) if rendered.contains(&id));
            if !is_rendered {
                problems.extend(own.iter().cloned().map(Problem::from));
            }
            warnings.add(planned.path.file(), own.to_vec());
        }
    }

    fn explain(&self, stale: &[&Planned], site: Site<'_>) -> Vec<Explained> {
        let Some(changed) = self.before.changed else { return Vec::new() };
        let old = &self.staging.manifest().files;
        let mut explained: Vec<Explained> = stale
            .iter()
            .map(|planned| {
                let wanted = self.expected(planned, site);
                changed.why(site, planned, &wanted, old.get(wanted.path.as_str()))
            })
            .collect();
        explained.sort_by(|a, b| a.path.cmp(&b.path));
        explained
    }

    /// The wanted file of `planned`, as far as known without rendering it.
    fn expected(&self, planned: &Planned, site: Site<'_>) -> Wanted {
        let links = self.before.needs.links_of(&planned.path).filter(|_| planned.is_page());
        let wanted = warnings::with(wanted(planned, site), self.warned_of(planned), links);
        // A page that leads to something that is gone is looked through again.
        match links.is_none_or(|links| self.renderer.reaches(links)) {
            true => wanted,
            false => Wanted { fingerprint: None, ..wanted },
        }
    }

    /// Renders an article or page and stages its page and its documents of `[[outputs]]`.
    fn leaf(&self, work: &LeafWork<'_>, site: Site<'_>, tick: &dyn Fn()) -> Result<LeafOutcome, OutputError> {
        let name = || {
            let template = work.page.and_then(|page| site.inputs(page).template().map(str::to_owned));
            (
                self.renderer.document_of(work.id).name.to_string(),
                template.unwrap_or_else(|| "feeds".to_owned()),
            )
        };
        let outcome =
            stage::document(name, || site.article(work.id, work.page.is_some(), work.entry, &work.outputs));
        let mut article = match outcome {
            Ok(article) => article,
            Err(problems) => return Ok(LeafOutcome { problems, ..LeafOutcome::default() }),
        };
        let warnings = warnings::among(&article.problems);
        let mut links = Vec::new();
        let put = |planned: &Planned, bytes: &[u8], fingerprint, warnings: &[Warning]| {
            let links = planned
                .is_page()
                .then(|| self.renderer.page_links(&planned.path, bytes, &article.body, &article.needs));
            let wanted = Wanted { path: planned.path.file(), rank: planned.shows.rank(), fingerprint };
            put_unless_twice(self.staging.put(&warnings::with(wanted, warnings, links.as_ref()), bytes))?;
            tick();
            Ok::<_, OutputError>(links)
        };
        if let Some(planned) = work.page {
            links.push(match &article.page {
                Some((page, fingerprint)) => put(planned, page, *fingerprint, &warnings)?,
                None => None,
            });
        }
        for (planned, (output, fingerprint)) in work.outputs.iter().zip(article.outputs) {
            links.push(match output {
                Ok(bytes) => put(planned, &bytes, fingerprint, &[])?,
                Err(problem) => {
                    article.problems_of_entry.push(problem);
                    None
                }
            });
        }
        article.problems.append(&mut article.problems_of_entry);
        Ok(LeafOutcome {
            entry: article.entry,
            own: Some(article.own),
            needs: article.needs,
            problems: article.problems,
            warnings,
            links,
        })
    }

    /// Renders and stages anything but an article or page.
    fn other(
        &self,
        planned: &Planned,
        entries: &EntryMap,
        site: Site<'_>,
    ) -> Result<OtherOutcome, OutputError> {
        let mut outcome = OtherOutcome::default();
        match &planned.shows {
            Shows::Copy(name, _) => outcome.problems = self.copy(planned, name, site)?,
            // An article that can't be rendered was reported with its page.
            Shows::Feed(at, _) | Shows::FeedAlias(at, _)
                if self.plan.feeds[*at]
                    .articles
                    .iter()
                    .any(|id| !entries.contains_key(id) && !self.before.kept.has(*id)) => {}
            Shows::Theme(at) => {
                let wanted = wanted(planned, site);
                put_unless_twice(self.staging.put(&wanted, &self.styles.files[*at].bytes))?;
            }
            _ => {
                if let Inputs::Document(mut document) = site.inputs(planned) {
                    outcome = self.document(planned, &mut *document, entries)?;
                }
            }
        }
        Ok(outcome)
    }

    /// Renders and stages `document`.
    fn document(
        &self,
        planned: &Planned,
        document: &mut dyn Document,
        entries: &EntryMap,
    ) -> Result<OtherOutcome, OutputError> {
        let template = document.template().unwrap_or("feeds").to_owned();
        let name = || (planned.path.file(), template);
        let mut found = Found::default();
        let kept = self.before.kept.entries_of(planned);
        let has_kept = kept.is_some();
        let with_kept = kept.map(|kept| entries.clone().into_iter().chain(kept).collect::<EntryMap>());
        let entries = with_kept.as_ref().unwrap_or(entries);
        let rendered = stage::document(name, || document.render(entries, &mut found));
        let Found { needed, mut problems } = found;
        let rendered = rendered.map_err(|problem| problems.push(problem)).ok();
        if self.before.kept.keep_section(planned, self.staging, &mut problems)? {
            return Ok(OtherOutcome { problems, ..OtherOutcome::default() });
        }
        let (mut note, mut links) = (None, None);
        if let Some(bytes) = rendered {
            note = too_much(planned, bytes.len());
            self.name_large_entries(planned, &bytes, &mut problems);
            // A form that was published earlier is not in the fingerprint.
            if planned.is_page() {
                let needs = needed.as_ref().map_or(&[][..], |(.., needs)| needs);
                links = Some(self.renderer.page_links(&planned.path, &bytes, "", needs));
            }
            let fingerprint = document.fingerprint().filter(|_| !has_kept);
            let wanted = Wanted { path: planned.path.file(), rank: planned.shows.rank(), fingerprint };
            let wanted = warnings::told(planned, wanted, &problems, links.as_ref());
            put_unless_twice(self.staging.put(&wanted, &bytes))?;
        }
        Ok(OtherOutcome { needed, problems, note, links })
    }
}

/// The wanted file of `planned`, as far as known without rendering it.
pub(super) fn wanted(planned: &Planned, site: Site<'_>) -> Wanted {
    let fingerprint = site.inputs(planned).fingerprint();
    Wanted { path: planned.path.file(), rank: planned.shows.rank(), fingerprint }
}

/// A note that a feed of this size is large. It is no warning: every build repeats the warnings of feeds and would have
/// to render the feed for that.
fn too_much(planned: &Planned, bytes: usize) -> Option<String> {
    let large = matches!(planned.shows, Shows::Feed(..)) && bytes > lint::LARGE;
    large.then(|| {
        format!(
            "the feed {} has {} KB, and readers fetch it many times a day; fewer entries (`limit`) or summaries (`content = \"summary\"`) make it smaller",
            planned.path,
            bytes / 1024
        )
    })
}

/// Ignores a second document at one path: the plan has reported it.
pub(super) fn put_unless_twice(outcome: Result<Outcome, OutputError>) -> Result<(), OutputError> {
    match outcome {
        Ok(_) | Err(OutputError::Twice { .. } | OutputError::FileAndFolder { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

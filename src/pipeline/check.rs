//! Checks of the finished site: it is built into memory by the same pipeline as ever, and its pages and feeds are looked
//! through.

mod dates;
mod external;
mod place;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use external::Away;
use place::Finder;
use rayon::prelude::*;

use super::site_plan::SitePlan;
use super::{Failure, Report, Request, Warm};
use crate::check::external::Gathered;
use crate::check::{
    Address, Addresses, Fault, Finding, Inspected, Kind, Looked, Together, inspect, inspect_css,
};
use crate::config::{ExternalChecks, Level, PageChecks};
use crate::feed::lint::{self, Known, judge};
use crate::model::diagnostics::{Lines, Place, Problem, sort_once};
use crate::model::url::UrlPath;
use crate::output::Content;
use crate::render::{is_excused, is_line_excused};
use crate::site::plan::{Planned, Shows};
use crate::storage::file;

/// The findings about a site.
#[derive(Debug, Default)]
pub struct Checked {
    /// Errors and warnings: those of the build and those of the checks.
    pub problems: Vec<Problem>,
    /// Sentences worth knowing that are no problems.
    pub notes: Vec<String>,
    /// The number of pages that were looked through.
    pub pages: usize,
    /// The number of feeds that were judged.
    pub feeds: usize,
    /// The base URL of the site.
    pub base_url: Option<String>,
    /// The links to other sites, and the terms on which they are checked, if they were wanted.
    pub external: Option<(Gathered, ExternalChecks)>,
}

/// Builds the site of `request` in memory and looks through it. `gathers` is true if links to other sites are wanted.
///
/// # Errors
/// A [`Failure`] of the build, after which there is no site to look through.
pub fn check(request: &Request<'_>, gathers: bool) -> Result<Checked, Failure> {
    // Sources with errors are left out, so that the rest of the site can be looked through.
    let mut warm = Warm { sets_aside: true, ..Warm::default() };
    let Report { problems, notes, .. } = warm.build(request)?;
    let Checked { problems: mut found, pages, feeds, base_url, external, .. } =
        warm.look_through(request, gathers)?;
    let mut problems = problems;
    if let Some(site) = &warm.memory.site {
        let again = FoundAgain::of(&found);
        let is_excused = |problem: &Problem| {
            SAME.iter().any(|(code, _)| problem.code() == *code) && excuses(request, problem)
        };
        problems.retain(|problem| again.leave(problem, &site.config.check.pages) && !is_excused(problem));
    }
    problems.append(&mut found);
    sort_once(&mut problems);
    Ok(Checked { problems, notes, pages, feeds, base_url, external })
}

impl Warm {
    /// Looks through the site as the last build made it; the problems are those of the checks alone.
    ///
    /// # Errors
    /// Errors that stop a survey of the sources.
    pub fn look_through(&mut self, request: &Request<'_>, gathers: bool) -> Result<Checked, Failure> {
        let (survey, _) = self.survey(request)?;
        let mut found = dates::findings(&survey, request);
        let mut checked = Checked::default();
        let Some(site) = &self.memory.site else { return Ok(checked) };
        checked.base_url = Some(site.config.base_url.absolute(&UrlPath::root()));
        Look { site, warm: self, request, gathers }.all(&mut checked, &mut found);
        let mut found = site.rows.located(found);
        sort_once(&mut found);
        checked.problems = found;
        Ok(checked)
    }

    /// The findings about the page at `file`, a path in the output folder; `None` if there is no such page.
    pub fn look_at(&self, request: &Request<'_>, file: &str) -> Option<Vec<Problem>> {
        let site = self.memory.site.as_ref()?;
        let planned = site.plan.documents.iter().find(|planned| planned.path.file() == file)?;
        let look = Look { site, warm: self, request, gathers: false };
        let mut problems = site.rows.located(look.page(planned, role(planned)?)?.problems);
        sort_once(&mut problems);
        Some(problems)
    }
}

/// True if a comment in its source excuses `problem`.
fn excuses(request: &Request<'_>, problem: &Problem) -> bool {
    let Some(place) = problem.place() else { return false };
    let text = file::read_text(&request.root.join(&*place.file), file::SOURCE).unwrap_or_default();
    place.spot.is_some() && is_line_excused(&text, place.line_and_column().0)
}

/// Codes of the build for a fault that the checks find again on the finished page.
const SAME: [(&str, Kind); 4] = [
    ("picture::alt", Kind::NoAlt),
    ("markdown::id_twice", Kind::DuplicateId),
    ("markdown::html_id_twice", Kind::DuplicateId),
    ("markdown::id_of_theme", Kind::DuplicateId),
];

/// The faults that the checks found and that a build reports too, by file and, for pictures, by line.
struct FoundAgain(HashSet<(&'static str, Arc<str>, Option<u32>)>);

impl FoundAgain {
    fn of(found: &[Problem]) -> FoundAgain {
        let key = |problem: &Problem| {
            let code = problem.code();
            let (_, kind) = SAME.iter().find(|(_, kind)| kind.about().code == code)?;
            FoundAgain::key(problem, *kind)
        };
        FoundAgain(found.iter().filter_map(key).collect())
    }

    /// A fault of this `kind` at the place of `problem`. An id that stands twice has two lines.
    fn key(problem: &Problem, kind: Kind) -> Option<(&'static str, Arc<str>, Option<u32>)> {
        let place = problem.place()?;
        let line = (kind == Kind::NoAlt).then(|| place.line_and_column().0);
        Some((kind.about().code, place.file.clone(), line))
    }

    /// True if `rules` leave `problem` of the build alone: its class is not ignored, and the checks have not found the
    /// same fault, which then has the weight of its class.
    fn leave(&self, problem: &Problem, rules: &PageChecks) -> bool {
        let code = problem.code();
        let Some((_, kind)) = SAME.iter().find(|(known, _)| *known == code) else { return true };
        let level = if *kind == Kind::NoAlt { rules.alt } else { rules.ids };
        level != Level::Ignore && FoundAgain::key(problem, *kind).is_none_or(|key| !self.0.contains(&key))
    }
}

/// The checks that a page is subject to.
#[derive(Debug, Clone, Copy)]
struct Role {
    /// It is a page of the site's own, with headings and a title, and not one that somebody made elsewhere.
    is_ours: bool,
    /// Its title and description are its own.
    is_titled: bool,
    /// Some page is to link to it.
    wants_link: bool,
}

/// The role of a document; `None` if it is no page.
fn role(planned: &Planned) -> Option<Role> {
    let is_html = planned.path.as_str().ends_with('/') || planned.path.as_str().ends_with(".html");
    if !is_html {
        return None;
    }
    let role = |is_ours, is_titled, wants_link| Some(Role { is_ours, is_titled, wants_link });
    match &planned.shows {
        Shows::Redirect(_) | Shows::FeedAlias(..) => None,
        Shows::Copy(..) => role(false, false, false),
        Shows::NotFound(_) | Shows::Notice(_) => role(true, false, false),
        // The pages of one list are the same thing to a reader.
        Shows::Section(_, page) | Shows::Term(_, _, page) if page.number.is_some() => role(true, false, true),
        _ => role(true, true, planned.path.as_str() != "/"),
    }
}

/// The result of looking through a page.
struct OfPage {
    problems: Vec<Problem>,
    looked: Looked,
    /// Its links to other sites, if they are wanted.
    away: Vec<Away>,
}

/// A site that is looked through.
struct Look<'a> {
    site: &'a SitePlan,
    warm: &'a Warm,
    request: &'a Request<'a>,
    /// Links to other sites are wanted.
    gathers: bool,
}

impl Look<'_> {
    /// Looks through all pages and feeds; adds the findings to `found`.
    fn all(&self, checked: &mut Checked, found: &mut Vec<Problem>) {
        let mut documents: Vec<&Planned> = self.site.plan.documents.iter().collect();
        documents.par_sort_unstable_by(|one, other| one.path.cmp(&other.path));
        let pages: Vec<OfPage> =
            documents.par_iter().filter_map(|planned| self.page(planned, role(planned)?)).collect();
        let (mut together, mut links) = (Together::default(), Gathered::default());
        checked.pages = pages.len();
        for page in pages {
            found.extend(page.problems);
            together.add(page.looked);
            page.away.into_iter().for_each(|away| away.add(&mut links));
        }
        found.extend(together.findings(self.rules(), &self.site.config.description));
        found.extend(documents.par_iter().flat_map_iter(|planned| self.style(planned)).collect::<Vec<_>>());
        let feeds: Vec<Vec<Problem>> =
            documents.par_iter().filter_map(|planned| self.feed(planned)).collect();
        checked.feeds = feeds.len();
        found.extend(feeds.into_iter().flatten());
        if self.gathers {
            let feeds = documents.iter().filter(|planned| matches!(planned.shows, Shows::Feed(..)));
            feeds.for_each(|planned| self.gather_from_feed(planned, &mut links));
            checked.external = Some((links, self.site.config.check.external.clone()));
        }
    }

    /// Adds to `links` those that only the feed `planned` has.
    fn gather_from_feed(&self, planned: &Planned, links: &mut Gathered) {
        let (config, file) = (&self.site.config, planned.path.file());
        let Some(bytes) = self.bytes(&file) else { return };
        let Ok(text) = std::str::from_utf8(&bytes) else { return };
        let addresses = Addresses::of(&config.base_url, &planned.path, None);
        external::of_feed(text, &self.output_name(&file), planned, &addresses, &config.check, links);
    }

    fn rules(&self) -> &PageChecks {
        &self.site.config.check.pages
    }

    /// The bytes of a file of the site.
    fn bytes(&self, path: &str) -> Option<Arc<[u8]>> {
        match self.warm.shelf().get(path)?.1 {
            Content::Bytes(bytes) => Some(bytes),
            Content::File(file, _) => file::read(&file, file::FEED).ok().map(Arc::from),
        }
    }

    /// The place of a file of the output, as people find it after a build.
    fn output_name(&self, file: &str) -> String {
        let Request { root, out, .. } = self.request;
        let folder = out.strip_prefix(root).unwrap_or(out);
        Path::new(folder).join(file).to_string_lossy().replace('\\', "/")
    }

    /// Looks through a page; `None` if there is no text.
    fn page(&self, planned: &Planned, role: Role) -> Option<OfPage> {
        let config = &self.site.config;
        let (file, rules) = (planned.path.file(), self.rules());
        let bytes = self.bytes(&file)?;
        let html = std::str::from_utf8(&bytes).ok()?;
        let owners = self.site.plan.owned(&self.site.library).owners(planned);
        let source = match owners.as_slice() {
            [source] => Some(source.clone()),
            _ => None,
        };
        let row = source.as_ref().and_then(|name| self.site.rows.find(name));
        let finder = Finder::new(self.request.root, source.clone(), row, self.output_name(&file), html);
        let is_secure = config.base_url.origin().starts_with("https:");
        let Inspected { faults, title, description, links, base } = inspect(html, is_secure);
        let own_path = config.base_url.root_relative(&planned.path);
        let is_ignored = config.check.ignores(planned.path.as_str());
        let mut problems = Vec::new();
        for fault in faults.into_iter().filter(|_| !is_ignored) {
            let level = match fault.kind {
                Kind::DuplicateId => rules.ids,
                Kind::NoAlt => rules.alt,
                Kind::MixedContent => rules.mixed_content,
                _ if !role.is_ours => Level::Ignore,
                _ => rules.headings,
            };
            if let Some(finding) = Finding::new(fault.kind, fault.message.clone(), level) {
                let place = finder.place_of(&fault);
                if !finder.excuses(&place) {
                    problems.push(Problem::new(finding, place));
                }
            }
        }
        let addresses = Addresses::of(&config.base_url, &planned.path, base.as_deref());
        let folded = planned.path.folded().into_owned();
        let linked: HashSet<String> = links
            .iter()
            .filter_map(|(written, _)| match addresses.read(written) {
                Address::Own(path) if path != folded => Some(path),
                _ => None,
            })
            .collect();
        let is_compared = role.is_titled && !is_ignored;
        let of_text = |text: Option<(String, std::ops::Range<usize>)>| {
            let (text, range) = text.filter(|(text, _)| is_compared && !text.is_empty())?;
            let own = text.split(" \u{b7} ").next().unwrap_or_default().to_owned();
            let place = finder.place(range, &[text.clone(), own]);
            (!finder.excuses(&place)).then_some((text, place))
        };
        let looked = Looked {
            path: own_path,
            folded,
            title: of_text(title),
            description: of_text(description),
            wants_link: (role.wants_link && !is_ignored && self.is_listed(planned)).then(|| finder.whole()),
            links: linked,
        };
        // The page of feeds leads to programs by which one subscribes.
        let leads_away = !is_ignored && !matches!(planned.shows, Shows::Subscribe(_));
        let away = match self.gathers && leads_away {
            true => external::of_page(html, &addresses, &finder, &config.check),
            false => Vec::new(),
        };
        Some(OfPage { problems, looked, away })
    }

    /// The findings in a style sheet.
    fn style(&self, planned: &Planned) -> Vec<Problem> {
        let config = &self.site.config;
        let is_secure = config.base_url.origin().starts_with("https:");
        let path = planned.path.as_str();
        if !is_secure || !path.ends_with(".css") || config.check.ignores(path) {
            return Vec::new();
        }
        let Some(bytes) = self.bytes(&planned.path.file()) else { return Vec::new() };
        let Ok(css) = std::str::from_utf8(&bytes) else { return Vec::new() };
        // A sheet that is copied has its place in its source.
        let name = match &planned.shows {
            Shows::Copy(name, _) => name.to_string(),
            _ => self.output_name(&planned.path.file()),
        };
        let lines = Lines::new(name, css);
        let faults = inspect_css(css).into_iter().filter(|fault| !is_excused(css, fault.range.start));
        let problem = |fault: Fault| {
            let finding = Finding::new(fault.kind, fault.message, self.rules().mixed_content)?;
            Some(Problem::new(finding, lines.place(fault.range)))
        };
        faults.filter_map(problem).collect()
    }

    /// False for what its author wants in no list.
    fn is_listed(&self, planned: &Planned) -> bool {
        let library = &self.site.library;
        match &planned.shows {
            Shows::Leaf(id) => library.leaf(*id).is_listed(),
            Shows::Section(at, _) => !library.sections[*at].settled.is_unlisted,
            _ => true,
        }
    }

    /// Judges a feed by all rules; `None` if the document is none.
    fn feed(&self, planned: &Planned) -> Option<Vec<Problem>> {
        let level = self.rules().feeds;
        if !planned.shows.is_feed() || level == Level::Ignore {
            return None;
        }
        let file = planned.path.file();
        let bytes = self.bytes(&file)?;
        let url = self.site.config.base_url.absolute(&planned.path);
        // An earlier path of a feed has the feed itself, which names its present address.
        let url = (!matches!(planned.shows, Shows::FeedAlias(..))).then_some(url.as_str());
        let judgement = judge(&bytes, &Known { url, now: Some(self.request.now) });
        let heaviest = match level {
            Level::Error => lint::Severity::Error,
            _ => lint::Severity::Warning,
        };
        Some(judgement.problems_up_to(&self.output_name(&file), heaviest))
    }
}

/// The place of a whole source.
fn whole(name: &Arc<str>) -> Place {
    Place::file(name.clone())
}

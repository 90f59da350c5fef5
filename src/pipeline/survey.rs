//! The first half of a build: everything is read, and every source is settled by itself. Only the state of the sources
//! is written.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::body_summary;
use super::files::Files;
use super::flood::{self, Turnover};
use super::ledger_use::{LedgerState, LedgerUse};
use super::memory::{Memory, Parsed};
use super::pictures::{self, Gallery};
use super::rendered::Rendered;
use super::rows::Rows;
use super::seniority::Seniority;
use super::session::{Session, state_name};
use super::site_plan::SitePlan;
use super::skipped::{PublishError, SkippedSources};
use super::stage::stage;
use super::state;
use super::{Blame, Request, Withheld, words};
use crate::config::{self, Announcement, Config};
use crate::model::date::Moment;
use crate::model::diagnostics::{Diagnostics, Place, Problem};
use crate::model::digest::Digest;
use crate::picture::{Press, Store};
use crate::render::Needs;
use crate::render::style;
use crate::site::identity::{self, LinkMap, PlacedAsset, Row, SectionRow, Terms};
use crate::site::ledger::{self, LedgerError};
use crate::site::library::Library;
use crate::site::plan::{Inputs, Plan, news_end};
use crate::source::git::History;
use crate::source::{self, ContentError, Found, Reckoner};

/// A site whose sources are all settled, each by itself.
pub struct Survey {
    /// `site.toml`.
    pub config: Config,
    /// The ledger, and the lines that it lacks.
    pub ledger: LedgerState,
    /// Sections by their folders.
    pub sections: BTreeMap<String, SectionRow>,
    /// Rows of all articles and pages, including withheld ones, by name.
    pub settled: Vec<Box<Row>>,
    /// Assets under `content/`.
    pub assets: Vec<PlacedAsset>,
    /// Rows of data files that are sources.
    pub rows: Rows,
    /// Numbers of withheld articles, and the time of the next change.
    pub held: Withheld,
    pub(super) links: LinkMap,
    /// Files of `static/` that are copied.
    pub(super) statics: Vec<Found>,
    /// The site's own templates.
    pub(super) templates: Vec<Found>,
    /// The files of `data/`.
    pub(super) data: Vec<Found>,
    pub(super) remembered: Remembrance,
    /// The differences from what the last publication left, in a publication.
    pub(super) turnover: Turnover,
}

/// The memory of the sources, and the changes since.
pub(super) struct Remembrance {
    pub memory: Memory,
    /// Known needs of their bodies.
    pub needs: Needs,
    /// Names of sources that are new or have another text.
    pub changed: HashSet<Arc<str>>,
}

/// Books that a build keeps beside the site and updates at its end.
pub(super) struct Books {
    pub ledger: LedgerState,
    pub held: Withheld,
    pub remembered: Remembrance,
    /// The differences from what the last publication left.
    pub turnover: Turnover,
    /// The store of generated pictures.
    pub store: Store,
    /// The press that draws cards, where the site wants them.
    pub press: Option<Press>,
}

impl Remembrance {
    /// Saves the findings of the build `rendered` about bodies, if it has no errors; hands everything to the next run.
    pub fn add(&mut self, session: &mut Session<'_>, rendered: &Rendered<'_>) -> Result<(), Blame> {
        if !session.diagnostics.has_errors() {
            let added = self.memory.add(rendered);
            added.map_err(|error| session.machine(error))?;
        }
        self.hand_over(session)
    }

    /// Hands the memory to the next run, of this process or another.
    pub fn hand_over(&mut self, session: &mut Session<'_>) -> Result<(), Blame> {
        match &mut session.memory {
            Some(memory) => memory.known = self.memory.hand_over(std::mem::take(&mut self.needs)),
            None => {
                let saved = stage("memorise", |_| self.memory.save());
                saved.map_err(|error| session.machine(error))?;
            }
        }
        Ok(())
    }
}

impl Survey {
    /// Parses and settles the listed files. `settings` is the digest of `site.toml`.
    pub(super) fn make(
        session: &mut Session<'_>,
        config: Config,
        files: &Files,
        history: &History,
        settings: Digest,
    ) -> Result<Survey, Blame> {
        let request = session.request;
        let is_on_disk = session.memory.is_none();
        // Both have parts that only one thread can do.
        let (ledger, rows) = rayon::join(
            || stage("ledger", |tally| LedgerState::load(session, &config, tally)),
            || is_on_disk.then(|| stage("remember", |_| state::rows(request.state))),
        );
        let ledger = ledger?;
        if request.ledger == LedgerUse::Advance {
            let last = rows.as_ref().and_then(state::Rows::last_publication);
            ledger.check_clock(session, last)?;
        }
        let mut memory = Memory::open(session, rows, &config, ledger.ledger().is_some());
        let last = memory.last_build(&state_name("public", request.root, request.out));
        if let Some(problem) = flood::emptied(session, &files.scan, &ledger, last) {
            session.diagnostics.report(problem);
            return Err(Blame::Content);
        }
        let substance: source::Substance<'_> = &body_summary::substance;
        let searched: source::Searched<'_> = &body_summary::searched;
        let markdown = &config.markdown;
        let reckoner = Reckoner {
            body_summary: &|format, body, excerpt| {
                body_summary::body_summary(format, body, excerpt, markdown)
            },
            substance: ledger.ledger().map(|_| substance),
            searched: config.search.enabled.then_some(searched),
        };
        let parsed = stage("parse", |tally| {
            let parsed = memory.parse(session, &files.scan, &config, &reckoner);
            let parsed = parsed.map_err(|error| session.machine(error))?;
            (tally.count, tally.bytes) = (parsed.read, parsed.bytes);
            Ok(parsed)
        })?;
        let Parsed { mut sources, broken, needs, changed, former, .. } = parsed;
        let (sections, mut settled, broken) = stage("settle", |tally| {
            let terms = Terms {
                now: request.now,
                allowances: request.allowances,
                ledger: ledger.ledger(),
                settings,
                last_event: ledger.ledger().and_then(|ledger| ledger.last_event(request.now)),
                history,
                advance: request.ledger.is_ahead(),
                former: &former,
            };
            session.diagnostics.gather(|problems| {
                let sections = identity::sections(&mut sources, &config, &terms, problems);
                let (settled, unsettled) = identity::settle(sources, &sections, &config, &terms, problems);
                tally.count = settled.len();
                let broken: Vec<Arc<str>> = broken.into_iter().chain(unsettled).collect();
                (sections, settled, broken)
            })
        });
        memory.add_settled(&settled).map_err(|error| session.machine(error))?;
        let is_wanted = |file: &Found| !session.skipped.leaves_out(&file.name);
        let left_out = session.skipped.folders_left_out().collect();
        identity::hold_links(&files.scan.sources, &left_out, &mut settled, &sections);
        let (assets, links, held) = stage("link", |tally| {
            let place = |problems: &mut Vec<Problem>| {
                let assets = files.scan.assets.iter().filter(|file| is_wanted(file)).cloned().collect();
                identity::place_assets(assets, &left_out, &settled, &sections, problems)
            };
            let assets = session.diagnostics.gather(place);
            let links = LinkMap::new(&settled, &sections, &assets, broken.iter().cloned(), &config);
            tally.count = settled.len() + assets.len();
            let mut held = Withheld::of(&settled, request.now);
            sections.values().for_each(|section| held.also_of(section, request.now));
            (assets, links, held)
        });
        session.diagnostics.report_all(identity::undeclared_languages(&settled, &config));
        let remembered = Remembrance { memory, needs, changed };
        let mut survey = Survey {
            config,
            ledger,
            sections,
            settled,
            assets,
            rows: session.rows.clone(),
            held,
            links,
            statics: files.statics.iter().filter(|file| is_wanted(file)).cloned().collect(),
            templates: files.templates.clone(),
            data: files.data.clone(),
            remembered,
            turnover: Turnover::default(),
        };
        survey.compare_with_ledger(session, &broken);
        Ok(survey)
    }

    /// Compares the rows with the ledger, and reports a difference that is an error in this run.
    fn compare_with_ledger(&mut self, session: &Session<'_>, broken: &[Arc<str>]) {
        let request = session.request;
        let zone = self.config.timezone.unwrap_or(chrono_tz::Tz::UTC);
        self.ledger.compare(&self.settled, Moment::at(request.now, zone));
        match request.ledger {
            LedgerUse::Advance => {
                session.diagnostics.report_all(self.came_back(session, broken));
                session.diagnostics.report_all(self.not_kept(session));
                self.turnover = Turnover::of(session, &self.settled, &self.sections, &self.ledger);
            }
            LedgerUse::Locked => session.diagnostics.report_all(self.is_behind()),
            LedgerUse::Read | LedgerUse::Ahead => {}
        }
    }

    /// Errors for sources that the scan did not find at their published place and that exist now: somebody is replacing
    /// the file, as `git pull` does.
    fn came_back(&self, session: &Session<'_>, broken: &[Arc<str>]) -> Vec<Problem> {
        // Drafts have vanished from the site too, although their files exist.
        let is_settled = |name: &str| self.settled.binary_search_by(|one| (**one.name()).cmp(name)).is_ok();
        let broken: HashSet<&str> = broken.iter().map(|name| &**name).collect();
        let names = self.ledger.vanished().map(|source| format!("{}/{source}", source::FOLDER));
        names
            .filter(|name| !is_settled(name) && !broken.contains(name.as_str()))
            .filter(|name| session.skipped.get(name).is_none() && session.request.root.join(name).is_file())
            .map(|name| Problem::new(ContentError::Changed, Place::file(name)))
            .collect()
    }

    /// Errors for skipped sources whose last published text can't be read or settled any more.
    fn not_kept(&self, session: &Session<'_>) -> Vec<Problem> {
        let has_row = |name: &str| self.settled.binary_search_by(|one| (**one.name()).cmp(name)).is_ok();
        let is_section = |name: &str| {
            let mut sections = self.sections.values().filter_map(|section| section.document.as_ref());
            sections.any(|document| *document.name == *name)
        };
        let kept = session.skipped.sources().filter(|(_, is_kept)| *is_kept).map(|(name, _)| name);
        kept.filter(|name| !has_row(name) && !is_section(name))
            .map(|name| Problem::new(PublishError::NotKept, Place::file(name.clone())))
            .collect()
    }

    /// An error if the ledger lacks lines.
    fn is_behind(&self) -> Option<Problem> {
        let changed = &self.ledger.recording().changed;
        let first = format!("{}/{}", source::FOLDER, changed.first()?.source);
        let cause = LedgerError::Behind { count: changed.len(), first };
        Some(Problem::new(cause, Place::file(ledger::FILE)))
    }

    /// Templates that front matter names, also in articles that are not public; none where the site has no templates.
    fn chosen_templates(&self) -> BTreeSet<String> {
        if self.templates.is_empty() {
            return BTreeSet::new();
        }
        let sections = self.sections.values();
        let of_sections = sections.clone().filter_map(|section| section.document.as_deref());
        let of_sections = of_sections.map(|document| &document.front.template);
        let cascades = sections.map(|section| &section.cascade.template);
        let leaves = self.settled.iter().filter(|leaf| leaf.listing.has_template);
        let leaves = leaves.map(|leaf| &leaf.document.load().front.template);
        let chosen = leaves.chain(of_sections).chain(cascades).flatten();
        chosen.map(|template| template.value.clone()).collect()
    }

    /// Arranges the public articles and plans the output. Problems are ignored here; a build reports them.
    pub fn plan(self, request: &Request<'_>) -> SitePlan {
        self.lay_out(request, &SkippedSources::default(), &Diagnostics::default()).0
    }

    /// Arranges the public articles and plans the output.
    pub(super) fn lay_out(
        self,
        request: &Request<'_>,
        skipped: &SkippedSources,
        diagnostics: &Diagnostics,
    ) -> (SitePlan, Books) {
        let chosen_templates = self.chosen_templates();
        let Survey { mut config, mut ledger, sections, settled, assets, mut held, .. } = self;
        let (links, files, templates, data, remembered, turnover) =
            (self.links, self.statics, self.templates, self.data, self.remembered, self.turnover);
        let rows = self.rows;
        config.end_announcements(request.now);
        let past = ledger.past(&settled, &config, request.now);
        let library = stage("arrange", |tally| {
            tally.count = settled.len();
            diagnostics
                .gather(|problems| Library::arrange(settled, &past, sections, &config, request.now, problems))
        });
        ledger.close(request);
        let make_styles = |problems: &mut Vec<Problem>| style::make(request.root, &config, &files, problems);
        let styles = stage("styles", |_| diagnostics.gather(make_styles));
        let mut store =
            Store::open(&request.state.join(pictures::FOLDER_OF_MADE), remembered.memory.moment());
        let press = diagnostics.gather(|problems| pictures::press(request.root, &config, problems));
        let originals = stage("look", |tally| {
            let gallery = Gallery {
                root: request.root,
                config: &config,
                library: &library,
                links: &links,
                assets: &assets,
                files: &files,
                skipped,
                out: request.out,
            };
            let originals = diagnostics.gather(|problems| gallery.originals(&store, problems));
            tally.count = originals.len();
            originals
        });
        let plan = stage("plan", |tally| {
            let theme: Vec<&str> = styles.files.iter().map(|file| file.name.as_str()).collect();
            let seniority = Seniority::new(request, skipped, &turnover);
            let inputs = Inputs {
                is_newer: &|owned, one, other| seniority.is_newer(owned, one, other),
                past: &past,
                assets: &assets,
                files: &files,
                bundled: &styles.bundled,
                theme: &theme,
                pictures: originals,
                press: press.as_ref(),
            };
            let make =
                |problems: &mut Vec<Problem>| Plan::make(&library, &config, inputs, request.now, problems);
            let plan = diagnostics.gather(make);
            pictures::ask(&mut store, &plan);
            tally.count = plan.documents.len();
            plan
        });
        diagnostics.report_all(words::missing(&config, &library));
        ledger.compare_feeds(past, &plan);
        add_ends(&mut held, &library, &plan, &config, request);
        let languages = 1..config.languages.len();
        let editions = languages.map(|language| config.in_language(language)).collect();
        let site = SitePlan {
            config,
            editions,
            library,
            plan,
            rows,
            links,
            assets,
            files,
            data,
            styles,
            templates,
            chosen_templates,
        };
        (site, Books { ledger, held, remembered, turnover, store, press })
    }
}

/// Adds to `held` the times at which articles leave the news sitemap and the feeds, and announcements end.
fn add_ends(held: &mut Withheld, library: &Library, plan: &Plan, config: &Config, request: &Request<'_>) {
    for id in plan.sitemap.news.iter().flat_map(|(_, news)| news) {
        if let Some(published) = library.published_at(*id) {
            held.also(news_end(&published), library.leaf(*id).name());
        }
    }
    for (instant, id) in library.lists.iter().filter_map(|list| list.due) {
        held.also(instant, library.leaf(id).name());
    }
    let settings: Arc<str> = config::FILE.into();
    for end in config.announcements().filter_map(Announcement::end) {
        held.also(end, &settings);
    }
    let days = config.feeds.tombstone_days;
    let forgotten = library.departed().iter().map(|one| (one.end(days), &one.source));
    for (instant, source) in forgotten.filter(|(instant, _)| *instant > request.now) {
        held.also(instant, source);
    }
}

//! The first half of a build: everything read, and everything decided about each part by itself. It changes
//! nothing but what is remembered of the sources.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::aside::Aside;
use super::ledger_use::LedgerState;
use super::memory::{Memory, Parsed, Recalled};
use super::pictures::{self, Gallery};
use super::warm::Warm;
use super::{Failure, Held, Request, STATIC, gist, machine};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::timings::Watch;
use crate::output::Lock;
use crate::picture::{Press, Store};
use crate::render::Needs;
use crate::render::style::{self, Styles};
use crate::render::template::{self, TemplateError};
use crate::site::identity::{self, LinkMap, PlacedAsset, Settled, SettledSection, Terms};
use crate::site::ledger::{self, Ledger, LedgerError};
use crate::site::library::Library;
use crate::site::plan::{Inputs, Plan};
use crate::source::git::History;
use crate::source::{self, ContentError, Found, Reckoner, Scan};

/// The files of a site, found and not read.
#[derive(Clone)]
pub(super) struct Files {
    pub scan: Scan,
    pub statics: Vec<Found>,
    pub templates: Vec<Found>,
}

/// Finds the files of the site, those of its `theme` among them, a folder. A static file of the theme is not where the
/// site has its own of the same name; a template is, since that one may build on it.
pub(super) fn find(
    request: &Request<'_>,
    theme: Option<&str>,
    watch: &Watch<'_>,
    problems: &mut Vec<Problem>,
) -> Files {
    watch.stage("scan", |tally| {
        let scan = source::scan(request.root, problems);
        let mut of_folder = |folder: &str| match request.root.join(folder).is_dir() {
            true => source::files(request.root, folder, problems),
            false => Vec::new(),
        };
        let (mut statics, mut templates) = (of_folder(STATIC), of_folder(template::FOLDER));
        if let Some(theme) = theme {
            let own: HashSet<String> = statics.iter().map(|file| file.path().to_owned()).collect();
            let of_theme = of_folder(&format!("{theme}/{STATIC}")).into_iter();
            statics.extend(of_theme.filter(|file| !own.contains(file.path())));
            templates.extend(of_folder(&format!("{theme}/{}", template::FOLDER)));
        }
        if let Some(theme) = theme.filter(|theme| !request.root.join(theme).is_dir()) {
            let cause = TemplateError::NoTheme { folder: theme.to_owned() };
            problems.push(Problem::new(cause, Place::file(crate::config::FILE)));
        }
        tally.count = scan.sources.len() + scan.assets.len() + statics.len();
        Files { scan, statics, templates }
    })
}

/// A site of which everything is decided that concerns one source by itself.
pub struct Survey {
    /// The site's root.
    pub(super) root: PathBuf,
    /// `site.toml`.
    pub config: Config,
    /// What was published before, and what is not said of it yet.
    pub ledger: LedgerState,
    /// Sections by their folders.
    pub sections: BTreeMap<String, SettledSection>,
    /// Articles and pages, those that are held back among them, in the order of their names.
    pub settled: Vec<Box<Settled>>,
    /// Assets under `content/`.
    pub assets: Vec<PlacedAsset>,
    /// What is held back, and until when.
    pub held: Held,
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    pub(super) links: LinkMap,
    pub(super) files: Vec<Found>,
    pub(super) templates: Vec<Found>,
    pub(super) needs: Needs,
    pub(super) changed: HashSet<Arc<str>>,
    pub(super) memory: Memory,
    /// What was made of pictures.
    pub(super) store: Store,
    /// What draws cards, where they are wanted.
    pub(super) press: Option<Press>,
}

/// What a survey is made with beside the request.
pub(super) struct Means<'a, 'w> {
    pub lock: &'a Lock,
    /// What the last build of this process left, where it is to be used instead of what is on disk.
    pub warm: Option<&'a mut Warm>,
    pub aside: &'a Aside,
    pub history: &'a History,
    /// Stands for `site.toml`.
    pub settings: Digest,
    pub watch: &'a Watch<'w>,
    pub problems: &'a mut Vec<Problem>,
    pub notes: &'a mut Vec<String>,
}

impl Survey {
    /// Reads and settles what was found.
    pub(super) fn make(
        request: &Request<'_>,
        config: Config,
        files: Files,
        means: Means<'_, '_>,
    ) -> Result<Survey, Failure> {
        let Means { lock, warm, aside, history, settings, watch, problems, notes } = means;
        let cache = request.state.join(super::CACHE);
        let is_cold = warm.is_none();
        // Each has parts that only one thread can do.
        let (ledger, recalled) = rayon::join(
            || {
                watch.stage("ledger", |tally| {
                    let loaded = LedgerState::load(request, &config, problems, notes)?;
                    tally.count = loaded.ledger().map_or(0, |ledger| ledger.records().len());
                    Ok::<_, Failure>(loaded)
                })
            },
            || is_cold.then(|| watch.stage("remember", |_| Recalled::read(&cache))),
        );
        let ledger = ledger?;
        let Files { scan, statics, templates } = files;
        let (substance, moment) = (ledger.ledger().is_some(), lock.moment());
        let mut memory = match (warm, recalled) {
            (Some(warm), _) => {
                Memory::resume(std::mem::take(&mut warm.known), &cache, &config, substance, moment)
            }
            (None, recalled) => {
                let recalled = recalled.unwrap_or_else(|| Recalled::read(&cache));
                let (memory, dropped) = Memory::of(&cache, recalled, &config, substance, moment);
                notes.extend(dropped.map(|error| format!("{error}; everything is read again")));
                memory
            }
        };
        let substance: source::Substance<'_> = &gist::substance;
        let reckoner = Reckoner { gist: &gist::gist, substance: ledger.ledger().map(|_| substance) };
        let parsed = watch.stage("parse", |tally| {
            let parsed = memory.parse(request.root, &scan, &config, &reckoner, aside, problems);
            let parsed = parsed.map_err(|error| machine(error.into(), problems))?;
            (tally.count, tally.bytes) = (parsed.read, parsed.bytes);
            Ok(parsed)
        })?;
        let Parsed { mut sources, broken, needs, changed, .. } = parsed;
        let (sections, settled, broken) = watch.stage("settle", |tally| {
            let terms = Terms {
                now: request.now,
                allowances: request.allowances,
                ledger: ledger.ledger(),
                settings,
                last_event: ledger.ledger().and_then(Ledger::last_event),
                history,
                advance: request.ledger.is_ahead(),
            };
            let sections = identity::sections(&mut sources, &config, &terms, problems);
            let (settled, unsettled) = identity::settle(sources, &sections, &config, &terms, problems);
            tally.count = settled.len();
            let broken: Vec<Arc<str>> = broken.into_iter().chain(unsettled).collect();
            (sections, settled, broken)
        });
        memory.add_settled(&settled).map_err(|error| machine(error.into(), problems))?;
        let (assets, links, held) = watch.stage("link", |tally| {
            let assets = identity::place_assets(scan.assets, &settled, &sections, problems);
            let links = LinkMap::new(&settled, &sections, &assets, broken);
            tally.count = settled.len() + assets.len();
            (assets, links, Held::of(&settled, request.now))
        });
        let files = statics;
        let press = pictures::press(request.root, &config, problems);
        Ok(Survey {
            root: request.root.to_owned(),
            config,
            ledger,
            sections,
            settled,
            assets,
            held,
            now: request.now,
            links,
            files,
            templates,
            needs,
            changed,
            memory,
            store: Store::open(&request.state.join(pictures::FOLDER_OF_MADE), lock.moment()),
            press,
        })
    }

    /// Hands what is remembered of the sources to the next build of this process.
    pub(super) fn hand_over(&mut self, warm: &mut Warm) {
        warm.known = self.memory.hand_over(std::mem::take(&mut self.needs));
    }

    /// What was not found where it was published from, and is there now: somebody is putting another file into its place,
    /// as `git pull` does.
    pub(super) fn came_back(&self, root: &Path, aside: &Aside) -> Vec<Problem> {
        // Drafts and the like are gone too, and there.
        let is_settled = |name: &str| self.settled.binary_search_by(|one| (**one.name()).cmp(name)).is_ok();
        let names = self.ledger.vanished().map(|source| format!("{}/{source}", source::FOLDER));
        names
            .filter(|name| !is_settled(name))
            .filter(|name| aside.get(name).is_none() && root.join(name).is_file())
            .map(|name| Problem::new(ContentError::Changed, Place::file(name)))
            .collect()
    }

    /// An error if the ledger does not say all that it should.
    pub(super) fn is_behind(&self) -> Option<Problem> {
        let changed = &self.ledger.recording().changed;
        let first = format!("{}/{}", source::FOLDER, changed.first()?.source);
        let cause = LedgerError::Behind { count: changed.len(), first };
        Some(Problem::new(cause, Place::file(ledger::FILE)))
    }

    /// The templates that front matter names, also that of what isn't public; none where the site has no templates.
    pub(super) fn chosen_templates(&self) -> BTreeSet<String> {
        if self.templates.is_empty() {
            return BTreeSet::new();
        }
        let sections = self.sections.values();
        let of_sections = sections.clone().filter_map(|section| section.document.as_deref());
        let of_sections = of_sections.map(|document| &document.front.template);
        let cascades = sections.map(|section| &section.cascade.template);
        let leaves = self.settled.iter().filter(|leaf| leaf.glance.has_template);
        let leaves = leaves.map(|leaf| &leaf.document.front.template);
        let chosen = leaves.chain(of_sections).chain(cascades).flatten();
        chosen.map(|template| template.value.clone()).collect()
    }

    /// Arranges what is public and plans the output. Takes what was settled.
    pub fn lay_out(&mut self, watch: &Watch<'_>, problems: &mut Vec<Problem>) -> (Library, Plan, Styles) {
        let (settled, sections) = (std::mem::take(&mut self.settled), std::mem::take(&mut self.sections));
        let library = watch.stage("arrange", |tally| {
            tally.count = settled.len();
            Library::arrange(settled, &self.ledger.gone(), sections, &self.config, problems)
        });
        let styles = watch.stage("styles", |_| style::make(&self.root, &self.config, &self.files, problems));
        let names: Vec<&str> = styles.files.iter().map(|file| file.name.as_str()).collect();
        let pictures = watch.stage("look", |tally| {
            let Survey { root, config, links, assets, files, .. } = &*self;
            let gallery = Gallery { root, config, library: &library, links, assets, files };
            let originals = gallery.originals(&self.store, problems);
            tally.count = originals.len();
            originals
        });
        let plan = watch.stage("plan", |tally| {
            let inputs = Inputs {
                assets: &self.assets,
                files: &self.files,
                bundled: &styles.bundled,
                theme: &names,
                pictures,
                press: self.press.as_ref(),
            };
            let plan = Plan::make(&library, &self.config, inputs, self.now, problems);
            pictures::ask(&mut self.store, &plan);
            tally.count = plan.documents.len();
            plan
        });
        (library, plan, styles)
    }
}

//! A build after a change of a few articles. What the last build left says how all others hang together, so that none of
//! them need be read, settled or compared: only what the changed ones can change is looked at.
//!
//! Whatever may reach further than that (a new section or term, another title, date or path, something that every page
//! shows) is left to a build that looks at everything.

use std::sync::Arc;
use std::thread;

use super::ending::{Ending, Sketch};
use super::laid::Laid;
use super::last::{self, Inputs, Last};
use super::ledger_use::LedgerState;
use super::outline::{MOST_UPDATES, Outlined};
use super::pictures::{self, FOLDER_OF_MADE, Gallery};
use super::recall::{Moment, Recalled, recall};
use super::rendering::Rendering;
use super::survey::Files;
use super::warnings::Warnings;
use super::{Announce, Failure, Report, Request, machine, outline_path};
use crate::config::Config;
use crate::model::digest::Digest;
use crate::model::timings::Watch;
use crate::output::{Lock, Staging};
use crate::picture::Store;
use crate::render::style;
use crate::render::template::Templates;
use crate::site::plan::{self, Plan, Planned, news_end};

/// The most documents that may have changed: each article that one of them shows is read again.
const FEW_DOCUMENTS: usize = 2048;

/// What such a build is made with beside the request.
pub(super) struct Means<'a, 'w> {
    pub lock: &'a Lock,
    pub announce: Announce<'a>,
    /// Stands for `site.toml`.
    pub settings: Digest,
    pub inputs: Inputs,
    pub last: Last,
    pub watch: &'a Watch<'w>,
}

/// What came of it.
pub(super) enum Outcome {
    /// It is done; only the times are for who called to add.
    Done(Box<Report>),
    /// More may have changed. Nothing was done, and these are as they were.
    Beyond(Box<(Staging, Files)>),
}

/// Builds the site of `request`, of which `files` were found, into the folder of `staging`, if just a few articles have
/// changed.
pub(super) fn build(
    request: &Request<'_>,
    config: &Config,
    mut staging: Staging,
    files: Files,
    means: Means<'_, '_>,
) -> Result<Outcome, Failure> {
    let Means { lock, announce, settings, inputs, last, watch } = means;
    let files = Arc::new(files);
    let back = |staging: Staging, files: Arc<Files>| -> Result<Outcome, Failure> {
        let files = Arc::try_unwrap(files).unwrap_or_else(|files| Files::clone(&files));
        Ok(Outcome::Beyond(Box::new((staging, files))))
    };
    let path = outline_path(request);
    let is_known = last.outline.is_some_and(|outline| outline == last::stamp_of(&path));
    let moment = Moment { now: request.now, allowances: request.allowances, settings, began: lock.moment() };
    let (around, recalled) = thread::scope(|scope| {
        let around = scope.spawn(|| watch.stage("look around", |tally| tally.count = staging.look_around()));
        let recalled = is_known.then(|| {
            let outlined = watch.stage("remember", |_| Outlined::load(&path))?;
            watch.stage("recall", |_| recall(request.root, config, &files, outlined, moment))
        });
        (around.join(), recalled.flatten())
    });
    let (Some(recalled), Ok(())) = (recalled, around) else { return back(staging, files) };
    let Recalled { library, links, assets, near, changed, mut outlined, mut update } = recalled;
    let mut problems = Vec::new();
    let styles = watch.stage("styles", |_| style::make(request.root, config, &files.statics, &mut problems));
    let mut store = Store::open(&request.state.join(FOLDER_OF_MADE), lock.moment());
    let pictures = watch.stage("look", |_| {
        let before = &outlined.head.pictures;
        let (root, files, library, links, assets) = (request.root, &files.statics, &library, &links, &assets);
        Gallery { root, config, library, links, assets, files, before }.originals(&store, &mut problems)
    });
    let templates =
        watch.stage("templates", |_| Templates::load(request.root, &files.templates, config, &mut problems));
    let Some(templates) = templates else { return back(staging, files) };
    let reads_related =
        |name: &str| templates.reads_of(name).is_some_and(|reads| reads.names.contains("related"));
    let pages = near.pages(&library, &reads_related);
    // Where nothing is new, all is where it was. What is packed beside others has to be told from them.
    let is_same = near.added.is_empty() && config.hosting.compress.is_empty();
    let counts = is_same.then_some((last.pages, last.feeds));
    let plan = watch.stage("plan", |tally| {
        let names: Vec<&str> = styles.files.iter().map(|file| file.name.as_str()).collect();
        let (files, bundled) = (&files.statics, &styles.bundled);
        let inputs = plan::Inputs { assets: &assets, files, bundled, theme: &names, pictures, press: None };
        let plan = match is_same {
            true => Plan::again(&library, config, inputs, request.now, &pages),
            false => Plan::make(&library, config, inputs, request.now, &mut problems),
        };
        pictures::ask(&mut store, &plan);
        tally.count = plan.documents.len();
        plan
    });
    if !problems.is_empty() {
        return back(staging, files);
    }
    if !config.hosting.compress.is_empty() {
        let paths: Vec<String> = plan.documents.iter().map(|planned| planned.path.file()).collect();
        staging.add_siblings(&config.hosting.compress, paths.iter().map(String::as_str));
    }
    let mut held = last.held;
    for id in plan.sitemap.news.iter().flatten() {
        if let Some(published) = library.published_at(*id) {
            held.also(news_end(&published), library.leaves.name(*id));
        }
    }
    let (config, statics, own) = (config.clone(), files.statics.clone(), files.templates.clone());
    let laid = Laid { config, library, plan, links, assets, files: statics, styles, templates: own };
    let warned = Warnings::default();
    let rendered = laid.render(request.root, templates, lock.moment(), watch, |renderer| {
        let only = renderer
            .near(&near, &pages, &outlined.head.shared)?
            .into_iter()
            .map(|at| &laid.plan.documents[at]);
        let only: Vec<&Planned> = only.collect();
        if only.len() > FEW_DOCUMENTS {
            return None;
        }
        let paths: Vec<String> = only.iter().map(|planned| planned.path.file()).collect();
        let others = (!is_same).then(|| laid.plan.documents.len() - only.len());
        staging.keep_others(paths.iter().map(String::as_str), others).then_some(())?;
        let rendering = Rendering {
            renderer,
            plan: &laid.plan,
            styles: &laid.styles,
            staging: &staging,
            store: &store,
            press: None,
            strips: laid.config.images.responsive,
            request,
            watch,
            warned: &warned,
            changed: None,
            only: Some(&only),
        };
        Some(rendering.run(&outlined.needs, &mut problems))
    });
    let Some(rendered) = rendered else { return back(staging, files) };
    let rendered = rendered.map_err(|error| machine(error, &mut problems))?;
    problems.extend(laid.lost());
    outlined.needs.add(&rendered.needs);
    update.needs.clone_from(&rendered.needs);
    let sketch = match outlined.updates < MOST_UPDATES {
        true => Sketch::Update(update),
        false => Sketch::Whole(Box::new(outlined)),
    };
    let ending = Ending {
        request,
        watch,
        laid: &laid,
        staging,
        ledger: LedgerState::default(),
        store,
        rendered,
        warned: &warned,
        warm: None,
        announce,
        held,
        changed: &changed,
        inputs: Some(inputs),
        counts,
        sketch,
        problems,
        notes: Vec::new(),
    };
    let report = ending.finish()?;
    Ok(Outcome::Done(Box::new(Report { remains: Box::new(laid), ..report })))
}

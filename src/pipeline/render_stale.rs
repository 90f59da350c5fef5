//! Renders the stale documents, with the warnings and needs that the last build left.

use super::kept_pages::KeptPages;
use super::reasons::Changed;
use super::rendered::Rendered;
use super::rendering::{Before, Rendering};
use super::seniority::Seniority;
use super::session::{Session, state_name};
use super::site_plan::SitePlan;
use super::stage::stage;
use super::survey::{Books, Remembrance};
use super::warnings::Warnings;
use super::{Blame, flood};
use crate::model::diagnostics::Problem;
use crate::output::{OutputError, Staging};
use crate::render::template;
use crate::render::{Digests, KnownNeeds, Needs, NewPlaces, Renderer};

/// Renders and stages the stale documents of `site`, looks for floods in feeds, and then makes the pictures, unless
/// there is an error. Problems of content are reported; only failures of the machine end the run.
pub(super) fn render_stale<'p>(
    session: &Session<'_>,
    site: &'p SitePlan,
    books: &Books,
    staging: &Staging,
) -> Result<Rendered<'p>, Blame> {
    let (request, diagnostics) = (session.request, &session.diagnostics);
    let templates =
        stage("templates", |_| diagnostics.gather(|problems| site.templates(request.root, problems)));
    let Some(templates) = templates else { return Ok(Rendered::default()) };
    // A skipped source may use any template.
    if let Some(own) = templates.first() {
        if session.skipped.is_empty() {
            diagnostics.report_all(own.unused(&site.chosen_templates, &site.config));
        }
        diagnostics.report_all(own.missing(&site.library));
    }
    let warned = warnings_before(session, &books.remembered);
    let kept = KeptPages::of(session, site);
    let seniority = Seniority::new(request, &session.skipped, &books.turnover);
    let (remembered, is_sound) = (&books.remembered, !diagnostics.has_errors());
    let work = |renderer: &Renderer<'_>| {
        let unknown = renderer.unknown_data();
        if !unknown.is_empty() {
            diagnostics.report_all(unknown);
            return Ok(Rendered::default());
        }
        let shared = renderer.shared_parts();
        let changed =
            request.explain.then(|| Changed::new(&remembered.changed, remembered.memory.shared(), &shared));
        let rendering = Rendering {
            renderer,
            plan: &site.plan,
            styles: &site.styles,
            staging,
            store: &books.store,
            press: books.press.as_ref(),
            strips: site.config.images.responsive,
            root: request.root,
            before: Before {
                warned: &warned,
                needs: &remembered.needs,
                changed: changed.as_ref(),
                kept: &kept,
                seniority: &seniority,
            },
        };
        let (mut rendered, digests) = diagnostics.gather(|problems| {
            let done = rendering.run(is_sound, problems).and_then(|(rendered, digests)| {
                rendering.search(&rendered.stale, &digests, problems)?;
                Ok((rendered, digests))
            });
            problems.extend(renderer.data_problems());
            template::merge(problems);
            done
        })?;
        diagnostics.report_all(site.unreadable());
        let (dead, places) = dead_links(session, renderer, &rendered, &remembered.needs, &digests);
        diagnostics.report_all(dead);
        rendered.places = places;
        flood::guard(session, &rendered.stale, site, &books.turnover, staging);
        if !diagnostics.has_errors() {
            diagnostics.gather(|problems| rendering.draw(&rendered.stale, &digests, problems))?;
        }
        Ok::<_, OutputError>(Rendered { shared, ..rendered })
    };
    let rendered = site.render(request.root, templates, session.lock.moment(), work);
    let rendered = rendered.transpose().map_err(|error| session.machine(error))?;
    let mut rendered = rendered.unwrap_or_default();
    std::mem::take(&mut rendered.notes).into_iter().for_each(|note| diagnostics.note(note));
    Ok(rendered)
}

/// All addresses that lead nowhere, and their places that are new. In a publication and in a site that is served, none is an error: a link
/// holds back no article, and authors see their page before all its pictures are there.
fn dead_links(
    session: &Session<'_>,
    renderer: &Renderer<'_>,
    rendered: &Rendered<'_>,
    known: &Needs,
    digests: &Digests,
) -> (Vec<Problem>, Vec<NewPlaces>) {
    let fresh = rendered.needs.iter().map(|(name, digest, needs)| (&**name, (*digest, needs.as_slice())));
    let fresh = fresh.collect();
    let softens = session.sets_aside || session.memory.is_some();
    // An error may be why something is not in the plan.
    let has_errors = session.diagnostics.has_errors();
    let astray = if has_errors { Vec::new() } else { rendered.astray(renderer, known) };
    let skips = |name: &str| session.skipped.get(name).is_some();
    let (needs, mut places) = (KnownNeeds::new(&fresh, known), Vec::new());
    let site = renderer.site(digests);
    let dead = stage("links", |_| site.dead_links(needs, &skips, &astray, softens, &mut places));
    (dead, places)
}

/// Warnings of the documents that the last build left.
fn warnings_before(session: &Session<'_>, remembered: &Remembrance) -> Warnings {
    let request = session.request;
    Warnings(match &session.memory {
        Some(memory) => memory.warnings.clone(),
        None => {
            let output = state_name("public", request.root, request.out);
            let last = remembered.memory.last_build(&output);
            last.map(|last| last.of_documents.clone()).unwrap_or_default()
        }
    })
}

//! Changes due by the clock: the next instant at which the output would change by itself, and changes that are overdue.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config;
use crate::model::date::Moment;
use crate::model::url::UrlPath;
use crate::output::Manifest;
use crate::pipeline::{Request, SitePlan, Survey};
use crate::site::identity::{Row, State};
use crate::site::ledger::Ledger;
use crate::site::library::{LeafId, departed};
use crate::site::plan::news_end;

/// A change that the clock brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An article comes out.
    Publication,
    /// An article expires.
    Expiry,
    /// Feeds stop reporting an article that is no longer public.
    Oblivion,
    /// An article leaves the news sitemap.
    Ageing,
    /// An article is no longer first in its lists.
    Unpinning,
    /// An article becomes too old for a list.
    Outgrowing,
    /// An announcement of `site.toml` ends.
    Ending,
}

/// A change of one source, or of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The source, or `site.toml`.
    pub source: Arc<str>,
    /// The kind of change.
    pub change: Change,
    /// Its time, as the author wrote it.
    pub moment: Moment,
}

/// Changes due, next and overdue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// All changes at the next instant that has any, in the order of the sources.
    pub next: Vec<Due>,
    /// Past changes that the output folder does not show yet, oldest first.
    pub overdue: Vec<Due>,
}

impl Agenda {
    /// Changes due in `survey` after the clock of `request`, and earlier ones missing from `manifest`, the files of the
    /// output folder. `last` is the time of its last build, if known.
    pub fn of(
        request: &Request<'_>,
        survey: Survey,
        manifest: &Manifest,
        last: Option<DateTime<Utc>>,
    ) -> Agenda {
        let now = request.now;
        let mut next: Vec<Due> = Vec::new();
        let by_date = survey.settled.iter().filter_map(|one| {
            let due = coming(one).filter(|due| due.moment.instant() > now)?;
            Some((one.due(now)?, due))
        });
        let days = survey.config.feeds.tombstone_days;
        let departed = departed(&survey.settled, &survey.ledger.gone(), &survey.config);
        let told = departed.iter().map(|one| {
            let (offset, precision) = (one.at.offset(), one.at.precision());
            let moment = Moment::new(one.end(days), offset, precision);
            (one.end(days), Due { source: one.source.clone(), change: Change::Oblivion, moment })
        });
        let is_news = |one: &Row| {
            let section = survey.sections.get(&*one.section);
            one.state == State::Live && section.is_some_and(|section| section.news && !section.is_held())
        };
        let news = survey.settled.iter().filter(|one| is_news(one)).filter_map(|one| {
            let published = one.dates.as_ref()?.published.moment;
            let end = news_end(&published);
            let moment = Moment::new(end, published.offset(), published.precision());
            Some((end, Due { source: one.name().clone(), change: Change::Ageing, moment }))
        });
        let pins = survey.settled.iter().filter(|one| one.state == State::Live).filter_map(|one| {
            let moment = one.rare.pinned?;
            let due = Due { source: one.name().clone(), change: Change::Unpinning, moment };
            Some((moment.instant(), due))
        });
        let announcements = survey.config.announcements().filter_map(|one| {
            let moment = one.until?.rounded_up();
            let due = Due { source: config::FILE.into(), change: Change::Ending, moment };
            Some((moment.instant(), due))
        });
        let others: Vec<_> = told.chain(news).chain(pins).chain(announcements).collect();
        let by_date: Vec<_> = by_date.collect();
        let is_out = |path: &UrlPath| manifest.files.contains_key(path.file().as_str());
        let live = survey.settled.iter().filter(|one| one.state == State::Live);
        let taken: HashSet<&UrlPath> =
            live.flat_map(|one| std::iter::once(&one.path).chain(&one.rare.former)).collect();
        // The path of a notice does not change, so only the ledger or the time of the last build says whether the
        // article is gone.
        let records = survey.ledger.ledger().map_or(&[][..], Ledger::records);
        let is_noted = |one: &Row| one.record.is_some_and(|at| records[at as usize].gone.is_none());
        let missed = |one: &Row| match one.state {
            State::Live => !is_out(&one.path),
            State::Expired => {
                let is_late = || one.rare.expires.zip(last).is_some_and(|(at, last)| at.instant() > last);
                (is_noted(one) || is_late()) && is_out(&one.path) && !taken.contains(&one.path)
            }
            State::Draft | State::Scheduled | State::Withdrawn => false,
        };
        let mut overdue: Vec<Due> =
            survey.settled.iter().filter(|one| missed(one)).filter_map(|one| fallen(one)).collect();
        let others = others.into_iter().chain(outgrown(request, survey));
        let (ahead, past): (Vec<_>, Vec<_>) = others.partition(|(end, _)| *end > now);
        for (instant, due) in by_date.into_iter().chain(ahead) {
            let first = next.first().map(|first| first.moment.instant());
            if first.is_none_or(|first| instant <= first) {
                next.retain(|other| other.moment.instant() == instant);
                next.push(due);
            }
        }
        let unseen = past.into_iter().filter(|(end, _)| last.is_some_and(|last| *end > last));
        overdue.extend(unseen.map(|(_, due)| due));
        overdue.sort_by_key(|due| due.moment.instant());
        Agenda { next, overdue }
    }

    /// The instant of the next changes.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.next.first().map(|due| due.moment.instant())
    }
}

/// The instants at which articles become too old for lists of `site.toml`.
fn outgrown(request: &Request<'_>, survey: Survey) -> Vec<(DateTime<Utc>, Due)> {
    if survey.config.lists.iter().all(|list| list.within_days.is_none()) {
        return Vec::new();
    }
    let SitePlan { library, config, .. } = survey.plan(request);
    let due = |(end, id): (DateTime<Utc>, LeafId)| {
        let leaf = library.leaf(id);
        let published = &leaf.dates.as_ref()?.published.moment;
        let moment = Moment::new(end, published.offset(), published.precision());
        Some((end, Due { source: leaf.name().clone(), change: Change::Outgrowing, moment }))
    };
    library.ends_in_lists(&config).into_iter().filter_map(due).collect()
}

/// The next change of `one`.
fn coming(one: &Row) -> Option<Due> {
    let (change, moment) = match one.state {
        State::Scheduled => (Change::Publication, one.publication()?),
        _ => (Change::Expiry, one.rare.expires?),
    };
    Some(Due { source: one.name().clone(), change, moment })
}

/// The last change of `one`.
fn fallen(one: &Row) -> Option<Due> {
    let (change, moment) = match one.state {
        State::Expired => (Change::Expiry, one.rare.expires?),
        _ => (Change::Publication, one.dates.as_ref()?.published.moment),
    };
    Some(Due { source: one.name().clone(), change, moment })
}

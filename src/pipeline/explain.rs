//! Explains one article: its id, its addresses, its dates with their provenance, and the output files that show it.

use std::sync::Arc;

use crate::config::FeedFormat;
use crate::feed::atom_id;
use crate::model::date::Moment;
use crate::model::url::UrlPath;
use crate::pipeline::{Request, SitePlan, Survey};
use crate::site::identity::{Dates, Evidence, Offer, Reading, Row, State, offers, section_of};
use crate::site::ledger::{Origin, Record};
use crate::site::library::{LeafId, Library};
use crate::site::plan::{Plan, Shows, Subject};
use crate::source::DataRow;
use crate::source::git::History;

/// Provenance of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdSource {
    /// Front matter, at this line and column.
    FrontMatter(u32, u32),
    /// The ledger, at this line.
    Ledger(usize),
    /// Minted from the authority, the day of publication and the source's path.
    Minted,
}

/// Everything about one article or page.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Its source.
    pub source: String,
    /// The row of a data file that the source is.
    pub row: Option<Arc<DataRow>>,
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: String,
    /// Provenance of the id.
    pub id_source: IdSource,
    /// Its permalink.
    pub url: String,
    /// Earlier addresses, which redirect to the permalink.
    pub earlier: Vec<UrlPath>,
    /// The name that it has in common with its translations; empty on a site in one language.
    pub group: String,
    /// The public translations: the language of each, its address, and its source.
    pub translations: Vec<(String, String, String)>,
    /// Its dates; none for a page.
    pub dates: Option<Dates>,
    /// Candidates for its publication date, in order of precedence.
    pub published: Vec<Offer>,
    /// Candidates for the date of its last change, in order of precedence.
    pub updated: Vec<Offer>,
    /// Where its dates were written before it was imported.
    pub origin: Option<Box<Origin>>,
    /// When it expires.
    pub expires: Option<Moment>,
    /// Since when it is no longer public, by the ledger.
    pub gone: Option<Moment>,
    /// The moment from which on it is public.
    pub publication: Option<Moment>,
    /// Its state: public, scheduled, expired, withdrawn or a draft.
    pub state: State,
    /// Words for how its editor wants it to be shown, and the time until which it is pinned.
    pub marks: (Vec<&'static str>, Option<Moment>),
    /// The output files that show it, in order, each with a description.
    pub shown: Vec<(String, &'static str)>,
}

/// Finds the article or page that `wanted` names: a source, with or without `content/`, an address, an id, or a row of a
/// data file. The error
/// lists the nearest names.
pub fn find<'a>(survey: &'a Survey, wanted: &str) -> Result<&'a Row, Vec<String>> {
    let path = survey.config.base_url.inside(wanted);
    let path = path.as_deref().unwrap_or(wanted);
    let is_meant = |one: &Row| {
        let document = &one.document;
        let address = one.path.as_str();
        [&*document.name, document.path(), document.stem(), &one.id].contains(&wanted)
            || address.trim_matches('/') == path.trim_matches('/')
            || wanted.strip_prefix("./").is_some_and(|rest| rest == &*document.name)
            || document.is_row && is_row(survey, &document.name, wanted)
    };
    if let Some(found) = survey.settled.iter().find(|one| is_meant(one)) {
        return Ok(found);
    }
    let mut near: Vec<(f64, &str)> = survey
        .settled
        .iter()
        .map(|one| {
            let names = [&*one.document.name, one.document.path(), one.document.stem(), one.path.as_str()];
            let likeness =
                names.map(|name| strsim::jaro_winkler(name, wanted)).into_iter().fold(0.0, f64::max);
            (likeness, &*one.document.name)
        })
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    Err(near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect())
}

/// True if `wanted` is a data file and the key of the row that is the source `name`: `data/products.csv#tea`.
fn is_row(survey: &Survey, name: &str, wanted: &str) -> bool {
    let of_file =
        |row: &Arc<DataRow>| wanted.strip_prefix(&**row.file()).and_then(|rest| rest.strip_prefix('#'));
    survey.rows.find(name).is_some_and(|row| of_file(row) == Some(row.key()))
}

/// Explains the article or page whose source is `name`, from the rows of the survey.
pub fn explain(request: &Request<'_>, survey: Survey, name: &str) -> Option<Explanation> {
    let one = survey.settled.iter().find(|one| &**one.name() == name)?.clone();
    let record = one.record.zip(survey.ledger.ledger()).map(|(at, ledger)| &ledger.records()[at as usize]);
    let record: Option<Record> = record.cloned();
    let (published, updated) = all_offers(request, &survey, &one, record.as_ref());
    let mut earlier: Vec<UrlPath> = one.rare.aliases.iter().map(|(path, _)| path.clone()).collect();
    earlier.extend(one.rare.former.iter().cloned());
    let id_source = match (&one.document.load().front.id, &record) {
        (Some(id), _) => {
            let (line, column) = id.place.line_and_column();
            IdSource::FrontMatter(line, column)
        }
        (None, Some(record)) => IdSource::Ledger(record.line),
        (None, None) => IdSource::Minted,
    };
    let url = survey.config.base_url.absolute(&one.path);
    let row = survey.rows.find(name).cloned();
    let group = match survey.config.is_multilingual() {
        true => one.group(&survey.config).to_owned(),
        false => String::new(),
    };
    let SitePlan { config, library, plan, .. } = survey.plan(request);
    let id = library.leaf_ids().find(|id| &**library.leaf(*id).name() == name);
    let notice = library.notices.iter().position(|one| &**one.name() == name);
    let shown = id.map_or_else(|| of_notice(&plan, notice, &one), |id| shown(&plan, &library, id, &one.path));
    let others =
        id.into_iter().flat_map(|id| library.translations(id).filter(move |(_, other)| *other != id));
    let translations = others.map(|(language, other)| {
        let leaf = library.leaf(other);
        let tag = config.languages[language].tag.clone();
        (tag, config.base_url.absolute(&leaf.path), leaf.name().to_string())
    });
    let translations = translations.collect();
    Some(Explanation {
        group,
        translations,
        source: name.to_owned(),
        row,
        title: one.title.to_string(),
        id: one.id.to_string(),
        id_source,
        url,
        earlier,
        dates: one.dates.clone(),
        published,
        updated,
        origin: record.as_ref().and_then(|record| record.origin.clone()),
        expires: one.rare.expires,
        gone: record.as_ref().and_then(|record| record.gone),
        publication: one.publication(),
        state: one.state,
        marks: (one.marks(), one.rare.pinned),
        shown,
    })
}

fn all_offers(
    request: &Request<'_>,
    survey: &Survey,
    one: &Row,
    record: Option<&Record>,
) -> (Vec<Offer>, Vec<Offer>) {
    let config = &survey.config;
    let around = survey.sections.get(section_of(one.document.stem(), config));
    let reading = Reading::of(one.document.load(), around, config);
    // Settling has already reported problems with the repository.
    let history = History::wanted(request.root, request.state, config.dates.git.as_ref(), &mut Vec::new());
    let is_dated = around.is_some_and(|section| section.dated.is_some());
    let evidence = Evidence::of(one.document.load(), &history, is_dated, record);
    offers(one.document.load(), &reading, config, evidence)
}

/// The files of `plan` that announce the withdrawal or expiry of an article.
fn of_notice(plan: &Plan, notice: Option<usize>, one: &Row) -> Vec<(String, &'static str)> {
    let guid = atom_id(&one.id, &plan.guid_authority);
    let what = |shows: &Shows| match shows {
        Shows::Notice(at) if Some(*at) == notice => Some("the notice in its place"),
        Shows::Feed(at, _) if notice.is_some_and(|notice| plan.feeds[*at].withdrawn.contains(&notice)) => {
            Some("a feed, which says that it was withdrawn")
        }
        Shows::Feed(at, format)
            if plan.feeds[*at].formats[*format].0 == FeedFormat::Atom
                && plan.feeds[*at].tombstones.iter().any(|tombstone| tombstone.id == guid) =>
        {
            Some("a tombstone")
        }
        Shows::Redirect(target) if *target == one.path => Some("leads to the notice"),
        _ => None,
    };
    let shown =
        plan.documents.iter().filter_map(|planned| Some((planned.path.file(), what(&planned.shows)?)));
    let mut shown: Vec<(String, &'static str)> = shown.collect();
    shown.sort();
    shown
}

/// The files of `plan` that show the article `id` of `library` at `path`.
fn shown(plan: &Plan, library: &Library, id: LeafId, path: &UrlPath) -> Vec<(String, &'static str)> {
    let mut shown: Vec<(String, &'static str)> = plan
        .documents
        .iter()
        .filter_map(|planned| {
            let what = match &planned.shows {
                Shows::Leaf(leaf) if *leaf == id => "its page",
                Shows::Output(_, Subject::Leaf(leaf)) if *leaf == id => "an output beside its page",
                Shows::Sitemap(part)
                    if plan.sitemap.pages[plan.sitemap.parts[*part].pages.clone()]
                        .iter()
                        .any(|page| page.path == *path) =>
                {
                    "the sitemap"
                }
                Shows::Redirect(target) if target == path => "leads to it",
                shows if !plan.articles_on(shows, library).contains(&id) => return None,
                Shows::Section(..) => "a list of its section, or of the site",
                Shows::Term(..) => "a list of one of its terms",
                Shows::Month(..) => "the archive",
                Shows::Feed(..) | Shows::FeedAlias(..) => "a feed",
                Shows::FeedArchive(..) => "an archive of a feed",
                Shows::NewsSitemap(_) => "the news sitemap",
                _ => return None,
            };
            Some((planned.path.file(), what))
        })
        .collect();
    shown.sort();
    shown
}

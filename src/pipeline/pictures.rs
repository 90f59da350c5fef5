//! The pictures of a build: finds those that are shown, inspects them, and makes the planned variants.

use std::collections::{BTreeMap, HashMap};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::rendering::{Rendering, put_unless_twice, wanted};
use super::skipped::SkippedSources;
use crate::config::{self, Config};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::model::url::{BaseUrl, UrlPath, is_elsewhere, percent_decode};
use crate::output::OutputError;
use crate::picture::{self, Fault, Format, Looked, PictureError, Press, Spec, Store};
use crate::render::Site;
use crate::site::identity::{LinkMap, PlacedAsset, Row, Target};
use crate::site::library::{Library, Section};
use crate::site::plan::{Original, Plan, Planned, PlannedCard, PlannedPicture};
use crate::source::{ContentError, Found, below};
use crate::storage::file;

/// The folder of generated pictures, in the state folder.
pub(super) const FOLDER_OF_MADE: &str = "pictures";

/// Inputs of the search for pictures.
pub(super) struct Gallery<'a> {
    pub root: &'a Path,
    pub config: &'a Config,
    pub library: &'a Library,
    pub links: &'a LinkMap,
    pub assets: &'a [PlacedAsset],
    pub files: &'a [Found],
    /// The skipped sources; no error is reported for those whose files stay as they were published.
    pub skipped: &'a SkippedSources,
    /// The output folder.
    pub out: &'a Path,
}

/// Articles and pages that one thread searches at a time.
const BATCH: usize = 4096;

/// The name of a file from the site's root, and its stamp.
type File = (Arc<str>, Stamp);

/// The sources that show a picture, each with the reference as written there.
type ShownBy = Vec<(Arc<str>, String)>;

impl Gallery<'_> {
    /// The pictures that public documents show, by their paths, inspected. An unreadable picture is reported for each
    /// source that shows it. Other pictures are copied without inspection: a folder may have thousands.
    pub fn originals(&self, store: &Store, problems: &mut Vec<Problem>) -> Vec<Original> {
        if !self.config.images.responsive {
            return Vec::new();
        }
        let of_batch = |leaves: &[Box<Row>]| {
            let mut shown: BTreeMap<UrlPath, ShownBy> = BTreeMap::new();
            for leaf in leaves {
                self.add(leaf.name(), &leaf.listing.pictures, leaf.listing.image.as_deref(), &mut shown);
            }
            shown
        };
        let leaves = &self.library.leaves;
        let batches: Vec<_> = leaves.par_chunks(BATCH).map(of_batch).collect();
        let mut shown: BTreeMap<UrlPath, ShownBy> = BTreeMap::new();
        for (path, by) in batches.into_iter().flatten() {
            shown.entry(path).or_default().extend(by);
        }
        for document in self.library.descriptions() {
            self.add(&document.name, &document.body_summary.pictures, None, &mut shown);
        }
        for (document, image) in self.library.sections.iter().filter_map(Section::opening) {
            self.add(&document.name, &[], Some(image), &mut shown);
        }
        if shown.is_empty() {
            return Vec::new();
        }
        let files = self.pictures();
        let found: Vec<(UrlPath, ShownBy, &File)> = shown
            .into_iter()
            .filter_map(|(path, by)| files.get(&path).map(|file| (path, by, file)))
            .collect();
        let looked: Vec<Looked> = found
            .par_iter()
            .map(|(_, _, (name, stamp))| store.look(name, &self.root.join(&**name), *stamp))
            .collect();
        let mut originals = Vec::with_capacity(found.len());
        for ((path, shown_by, (name, _)), Looked { digest, facts }) in found.into_iter().zip(looked) {
            let is_kept = |(source, _): &(Arc<str>, String)| self.skipped.has_files_of(source);
            // A file that looks right may still be cut.
            if shown_by.iter().all(is_kept)
                && let Some(original) = self.as_published(store, name, &path, &shown_by)
            {
                originals.push(original);
                continue;
            }
            match facts {
                Ok(facts) => originals.push(Original {
                    name: name.clone(),
                    path,
                    digest,
                    facts,
                    shown_by,
                    stays: false,
                }),
                Err(fault) => {
                    let others: ShownBy = shown_by.into_iter().filter(|one| !is_kept(one)).collect();
                    problems.extend(blame(self.root, &others, name, &fault));
                }
            }
        }
        originals
    }

    /// The picture `name` as it was published at `path`: its file can't be used any more.
    fn as_published(
        &self,
        store: &Store,
        name: &Arc<str>,
        path: &UrlPath,
        shown_by: &ShownBy,
    ) -> Option<Original> {
        let is_whole = |looked: Looked| Some((looked.digest, looked.facts.ok()?));
        let of_output = || {
            let bytes = file::read(&self.out.join(path.file()), file::PICTURE).ok()?;
            Some((Digest::of(&bytes), picture::look(&bytes).ok()?))
        };
        let (digest, facts) = store.last_look(name).and_then(is_whole).or_else(of_output)?;
        let (name, path, shown_by) = (name.clone(), path.clone(), shown_by.clone());
        Some(Original { name, path, digest, facts, shown_by, stays: true })
    }

    /// Adds the `pictures` in the source `name`, and the `image` of its front matter.
    fn add(
        &self,
        name: &Arc<str>,
        pictures: &[String],
        image: Option<&str>,
        shown: &mut BTreeMap<UrlPath, ShownBy>,
    ) {
        let mut add = |path: UrlPath, written: &str| {
            shown.entry(path).or_default().push((name.clone(), written.to_owned()));
        };
        for written in pictures.iter().map(String::as_str).chain(image) {
            match self.links.follow(below(name), written) {
                Target::Live(path, _) => add(path, written),
                Target::Elsewhere if written.starts_with('/') || Some(written) == image => {
                    from_root(&self.config.base_url, written).for_each(|path| add(path, written));
                }
                _ => {}
            }
        }
    }

    /// All files that may be pictures, by their paths on the site.
    fn pictures(&self) -> HashMap<UrlPath, File> {
        let assets = self.assets.iter().filter(|asset| asset.live && Format::named(&asset.name).is_some());
        let assets = assets.map(|asset| (asset.path.clone(), (asset.name.clone(), asset.stamp)));
        let files = self.files.iter().filter(|file| Format::named(&file.name).is_some());
        let files = files.filter_map(|file| {
            let path = UrlPath::parse(&format!("/{}", file.path())).ok()?;
            Some((path, (file.name.clone(), file.stamp)))
        });
        assets.chain(files).collect()
    }
}

/// The paths that `written`, a path from the root, may mean. The plan, which has only files that exist, tells later which
/// one it means.
fn from_root(base: &BaseUrl, written: &str) -> impl Iterator<Item = UrlPath> {
    let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
    let path = if is_elsewhere(written) { None } else { Some(path) };
    let both =
        [path.map(|path| path.trim_start_matches('/')), path.and_then(|path| base.without_folder(path))];
    let roots = ["/"].into_iter().chain(base.homes().map(UrlPath::as_str));
    let roots: Vec<String> = roots.map(str::to_owned).collect();
    let paths = both.into_iter().flatten().flat_map(move |path| {
        let path = percent_decode(path);
        roots.iter().map(|root| format!("{root}{path}")).collect::<Vec<_>>()
    });
    paths.filter_map(|path| UrlPath::parse(&path).ok())
}

/// Reports the `fault` of the picture `name` for each source that shows it, at the place of the reference.
fn blame(root: &Path, shown_by: &[(Arc<str>, String)], name: &str, fault: &Fault) -> Vec<Problem> {
    let places = shown_by.iter().map(|(source, written)| {
        let text = file::read_text(&root.join(&**source), file::SOURCE).unwrap_or_default();
        match text.find(written.as_str()) {
            Some(at) => Place::in_text(source.clone(), &text, at..at + written.len()),
            None => Place::file(source.clone()),
        }
    });
    places.map(|place| Problem::new(fault.of(name), place)).collect()
}

impl<'p> Rendering<'_, 'p> {
    /// Makes and stages the pictures among `documents` that are stale.
    pub(super) fn pictures(
        &self,
        documents: &BTreeMap<usize, Vec<(usize, &'p Planned)>>,
        site: Site<'_>,
        tick: &(dyn Fn() + Sync),
    ) -> Vec<Result<Vec<Problem>, OutputError>> {
        let one = |(at, variants): (&usize, &Vec<(usize, &Planned)>)| {
            let picture = &self.plan.pictures.list[*at];
            let made = self.variants(picture, variants.iter().map(|(variant, _)| *variant))?;
            let made = match made {
                Ok(made) => made,
                Err(problems) => return Ok(problems),
            };
            for ((_, planned), bytes) in variants.iter().zip(made) {
                put_unless_twice(self.staging.put(&wanted(planned, site), &bytes))?;
                tick();
            }
            Ok(Vec::new())
        };
        documents.par_iter().map(one).collect()
    }

    /// The given variants of `picture`, from the store or newly made. The picture is decoded only if the store lacks
    /// one.
    fn variants(
        &self,
        picture: &PlannedPicture,
        variants: impl Iterator<Item = usize>,
    ) -> Result<Result<Vec<Vec<u8>>, Vec<Problem>>, OutputError> {
        let original = &picture.original;
        let specs: Vec<_> = variants.map(|at| picture.variants[at].0).collect();
        let mut made: Vec<Option<Vec<u8>>> =
            specs.iter().map(|spec| self.store.get(spec.key(original.digest))).collect();
        // Several hosts may have copies of one variant.
        let mut missing: Vec<Spec> = Vec::new();
        for (spec, _) in specs.iter().zip(&made).filter(|(_, one)| one.is_none()) {
            if !missing.contains(spec) {
                missing.push(*spec);
            }
        }
        if !missing.is_empty() {
            let path = self.root.join(&*original.name);
            let bytes = file::read(&path, file::PICTURE).unwrap_or_default();
            if Digest::of(&bytes) != original.digest {
                return Ok(Err(vec![Problem::new(
                    ContentError::Changed,
                    Place::file(original.name.clone()),
                )]));
            }
            let new = match picture::make(&bytes, &original.facts, &missing) {
                Ok(new) => new,
                Err(fault) => {
                    return Ok(Err(blame(self.root, &original.shown_by, &original.name, &fault)));
                }
            };
            for (bytes, spec) in new.into_iter().zip(&missing) {
                self.store.put(spec.key(original.digest), &bytes)?;
                let wanting = specs.iter().zip(&mut made).filter(|(own, one)| *own == spec && one.is_none());
                wanting.for_each(|(_, slot)| *slot = Some(bytes.clone()));
            }
        }
        Ok(Ok(made.into_iter().flatten().collect()))
    }

    /// Stages the card number `at`, from the store or newly drawn.
    pub(super) fn card(
        &self,
        planned: &Planned,
        at: usize,
        site: Site<'_>,
    ) -> Result<Vec<Problem>, OutputError> {
        let PlannedCard { card, key, .. } = &self.plan.cards.list[at];
        let bytes = match (self.store.get(*key), self.press) {
            (Some(bytes), _) => bytes,
            (None, Some(press)) => match press.draw(card) {
                Ok(bytes) => {
                    self.store.put(*key, &bytes)?;
                    bytes
                }
                // The program's own fonts are sound.
                Err(fault) => return Ok(vec![unusable_font(fault.reason())]),
            },
            // Without a press, no cards are drawn.
            (None, None) => return Ok(Vec::new()),
        };
        put_unless_twice(self.staging.put(&wanted(planned, site), &bytes))?;
        Ok(Vec::new())
    }

    /// Stages the copy `planned` of the file `name`, without metadata about people and places.
    pub(super) fn copy(
        &self,
        planned: &Planned,
        name: &Arc<str>,
        site: Site<'_>,
    ) -> Result<Vec<Problem>, OutputError> {
        let (wanted, path) = (wanted(planned, site), self.root.join(&**name));
        if self.strips && picture::is_picture(name, &head(&path)) {
            let refuse = |cause: PictureError| Ok(vec![Problem::new(cause, Place::file(name.clone()))]);
            let bytes = match file::read(&path, file::PICTURE) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                    return refuse(Fault::Unreadable(error.to_string()).of(name));
                }
                Err(error) => return Err(OutputError::io("read", &path)(error)),
            };
            match picture::clean(&bytes) {
                Ok(Some(stripped)) => {
                    put_unless_twice(self.staging.put(&wanted, &stripped))?;
                    return Ok(Vec::new());
                }
                Ok(None) => {}
                Err(fault) => return refuse(fault.of(name)),
            }
        }
        put_unless_twice(self.staging.put_copy(&wanted, &path))?;
        Ok(Vec::new())
    }
}

/// The first bytes of a file; none if it can't be read, which its copy reports.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    let _ = file::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    head
}

/// The press that draws cards, where the site wants them. An invalid font is a problem.
pub(super) fn press(root: &Path, config: &Config, problems: &mut Vec<Problem>) -> Option<Press> {
    if !config.images.cards {
        return None;
    }
    let font = |name: &String| match file::outside(root, name).filter(|_| !config.files.follow_links) {
        Some(target) => Err(format!("it is outside of the site: {target}")),
        None => file::read(&root.join(name), file::FONT).map_err(|error| error.to_string()),
    };
    let own = config.images.card_font.as_ref().map(font).transpose();
    match own.and_then(|own| Press::new(own).map_err(|fault| fault.reason())) {
        Ok(press) => Some(press),
        Err(reason) => {
            problems.push(unusable_font(reason));
            None
        }
    }
}

fn unusable_font(reason: String) -> Problem {
    Problem::new(PictureError::Font { reason }, Place::file(config::FILE))
}

/// Registers in the `store` all pictures of the plan.
pub(super) fn ask(store: &mut Store, plan: &Plan) {
    plan.cards.list.iter().for_each(|card| store.ask(card.key));
    for picture in &plan.pictures.list {
        for (spec, _) in &picture.variants {
            store.ask(spec.key(picture.original.digest));
        }
    }
}

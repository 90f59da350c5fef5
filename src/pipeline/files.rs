//! The files of a site, listed but not read, and the digest of all inputs of a build.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::session::Session;
use super::stage::stage;
use super::{Request, STATIC, in_place, wire, words};
use crate::config::{Config, ContentFormat};
use crate::language;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::stamp::Stamp;
use crate::render::template::{self, TemplateError};
use crate::source::{self, Findings, Found, Scan, Tree, data};
use crate::storage::file;

/// Recently changed files are digested by their content, because their stamps can't be trusted. With more of them than
/// this, building is quicker.
const MOST_RESTLESS: usize = 256;

/// Files that one thread digests at a time.
const BATCH: usize = 4096;

/// The files of a site.
#[derive(Default)]
pub(super) struct Files {
    pub scan: Scan,
    /// Files of `static/` that are copied.
    pub statics: Vec<Found>,
    /// The templates of the site and of its theme's folder.
    pub templates: Vec<Found>,
    /// The files of `data/`.
    pub data: Vec<Found>,
    /// The words of the site, then those of its theme's folder.
    pub languages: Vec<Found>,
    /// The files of news agencies, in the order of `[[wire]]`: those of each folder by name, or why it can't be read.
    pub wire: Vec<Result<Vec<Found>, Problem>>,
    /// Digest of the texts of another generator.
    pub foreign: Option<Digest>,
    /// Some files are behind symbolic links, or elsewhere: nobody sees them change.
    pub has_links: bool,
    /// Errors of single files, which the lists above do not have.
    pub errors: Vec<Problem>,
}

impl Files {
    /// Lists the files of the site and of its `theme` folder. A static file of the site replaces the theme's file of
    /// the same name. Templates of both are listed, since a template may extend the theme's template of its name.
    pub fn list(session: &Session<'_>, config: &Config) -> Files {
        let (root, theme) = (session.request.root, config.theme.folder.as_deref());
        stage("scan", |tally| {
            let (site, mut findings) = (source::Site::new(root, &config.files), Findings::default());
            let foreign = session.foreign();
            let scan = match &foreign {
                None => source::scan(&site, config, &mut findings),
                Some(foreign) => {
                    let assets = in_place::copies(session, foreign, source::FOLDER);
                    Scan { assets, ..Scan::default() }
                }
            };
            let mut of_folder = |folder: &str, tree| match root.join(folder).is_dir() {
                true => source::files(&site, folder, tree, &mut findings),
                false => Vec::new(),
            };
            let mut statics = match &foreign {
                None => of_folder(STATIC, Tree::Static),
                Some(foreign) => in_place::copies(session, foreign, STATIC),
            };
            // Zola has a folder of that name too.
            let has_own = config.content_format != Some(ContentFormat::Zola);
            let mut templates =
                if has_own { of_folder(template::FOLDER, Tree::Templates) } else { Vec::new() };
            let data = of_folder(data::FOLDER, Tree::Data);
            let mut languages = of_folder(language::FOLDER, Tree::Templates);
            if let Some(theme) = theme {
                let own: HashSet<String> = statics.iter().map(|file| file.path().to_owned()).collect();
                let of_theme = of_folder(&format!("{theme}/{STATIC}"), Tree::Static).into_iter();
                statics.extend(of_theme.filter(|file| !own.contains(file.path())));
                templates.extend(of_folder(&format!("{theme}/{}", template::FOLDER), Tree::Templates));
                languages.extend(of_folder(&format!("{theme}/{}", language::FOLDER), Tree::Templates));
            }
            session.diagnostics.report_all(std::mem::take(&mut findings.problems));
            session.diagnostics.report_all(data::clashes(&data));
            let Findings { errors, has_links, .. } = findings;
            languages.retain(words::is_own);
            let wire: Vec<_> = config.wire.iter().map(|rules| wire::list(root, rules)).collect();
            let has_links = has_links || !wire.is_empty() || foreign.is_some();
            let foreign = foreign.map(|foreign| foreign.digest());
            let files = Files { scan, statics, templates, languages, data, wire, foreign, has_links, errors };
            if let Some(theme) = theme.filter(|theme| !root.join(theme).is_dir()) {
                let cause = TemplateError::NoTheme { folder: theme.to_owned() };
                session.diagnostics.report(Problem::new(cause, Place::file(crate::config::FILE)));
            }
            tally.count = files.scan.sources.len() + files.scan.assets.len() + files.statics.len();
            files
        })
    }

    /// True if a file that was listed is no longer there: somebody is replacing files at this moment.
    pub fn is_any_gone(&self, root: &Path) -> bool {
        let is_gone = |found: &Found| match fs::symlink_metadata(found.file(root)) {
            Ok(_) => false,
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        let Files { scan, statics, templates, languages, data, wire, .. } = self;
        let others = statics.iter().chain(templates).chain(languages).chain(data);
        scan.assets.iter().chain(others).chain(wire.iter().flatten().flatten()).any(is_gone)
            || scan.sources.iter().any(|source| source.row.is_none() && is_gone(&source.found))
    }

    /// Digest of all inputs of a build except the clock and the ledger: `settings` (the digest of `site.toml` and of
    /// the repository's history), and the files as found at `moment`. `None` if too many changed just before.
    pub fn digest(&self, request: &Request<'_>, settings: Digest, moment: i64) -> Option<Digest> {
        let mut hasher = Fingerprinter::default();
        let base_url = request.base_url.as_ref().map(|url| format!("{url:?}"));
        let allowances = request.allowances;
        hasher.value(env!("CARGO_PKG_VERSION")).bytes(settings.bytes()).value(base_url.unwrap_or_default());
        let switches = [allowances.drafts, allowances.future, request.has_hosts];
        hasher.bytes(&switches.map(u8::from));
        let Files { scan, statics, templates, languages, data, wire, .. } = self;
        let restless = AtomicUsize::new(0);
        let add = |hasher: &mut Fingerprinter, found: &Found| {
            hasher.value(&*found.name);
            let Stamp { size, modified, changed, inode } = found.stamp;
            if found.stamp.is_settled(moment) {
                for number in [size, modified.cast_unsigned(), changed.cast_unsigned(), inode] {
                    hasher.bytes(&number.to_le_bytes());
                }
                return Some(());
            }
            if restless.fetch_add(1, Ordering::Relaxed) >= MOST_RESTLESS {
                return None;
            }
            hasher.value(Digest::of(&file::read(&found.file(request.root), file::PICTURE).ok()?).bytes());
            Some(())
        };
        // Rows are part of their data files.
        let sources = scan.sources.iter().filter(|source| source.row.is_none()).map(|source| &source.found);
        let others = templates.iter().chain(languages).chain(data).chain(&scan.assets).chain(statics);
        let others = others.chain(wire.iter().flatten().flatten());
        let all: Vec<&Found> = others.chain(sources).collect();
        let of_batch = |batch: &[&Found]| {
            let mut hasher = Fingerprinter::default();
            batch.iter().try_for_each(|found| add(&mut hasher, found))?;
            Some(hasher.finish())
        };
        let digests: Vec<Digest> = all.par_chunks(BATCH).map(of_batch).collect::<Option<_>>()?;
        for count in [templates.len(), languages.len(), data.len(), scan.assets.len(), statics.len()] {
            hasher.value(count.to_le_bytes());
        }
        if let Some(foreign) = self.foreign {
            hasher.value(foreign.bytes());
        }
        for folder in wire {
            hasher.value(folder.as_ref().map_or(u64::MAX, |found| found.len() as u64).to_le_bytes());
        }
        digests.iter().for_each(|digest| {
            hasher.bytes(digest.bytes());
        });
        Some(hasher.finish())
    }
}

//! A site of another generator as it is: its texts as sources of this site, by the same rules as an import, and nothing is
//! written.

use std::collections::HashMap;
use std::path::Path;

use super::model::{Content, Finding, Outcome};
use super::{ImportError, Kind, Source, write};
use crate::config::{ContentFormat, FILE};
use crate::model::digest::{Digest, Fingerprinter};
use crate::site::ledger::FILE as LEDGER;
use crate::source::FOLDER;

/// A site of another generator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InPlace {
    /// Its settings, as an import would write them into `site.toml`.
    pub settings: String,
    /// Its texts.
    pub sources: Vec<ForeignSource>,
    /// Files that are copied: the path of each in a site of this program (`static/logo.png`), and its name from the root.
    pub files: Vec<(String, String)>,
    /// The parts that have no equivalent here, by file and line.
    pub lost: Vec<Finding>,
    /// Files whose front matter can't be read: nobody knows which sources they are.
    pub broken: Vec<Finding>,
}

/// The code of findings about front matter that can't be read.
const UNREADABLE: &str = "front-matter";

/// A text of another generator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignSource {
    /// The source that it is: `content/posts/ferry.md`.
    pub name: String,
    /// Its file, from the root.
    pub file: String,
    /// Front matter and body.
    pub text: String,
}

/// The kind of a site whose `content_format` is `format`.
fn kind(format: ContentFormat) -> Kind {
    match format {
        ContentFormat::Hugo => Kind::Hugo,
        ContentFormat::Zola => Kind::Zola,
        ContentFormat::Jekyll => Kind::Jekyll,
        ContentFormat::Pelican => Kind::Pelican,
    }
}

/// Reads the site of `source`.
///
/// # Errors
/// It is none of that kind, or can't be read.
pub fn in_place(format: ContentFormat, source: &Source<'_>) -> Result<InPlace, ImportError> {
    let mut imported = kind(format).read(source)?;
    for article in imported.articles.iter_mut().filter(|article| article.published.is_some()) {
        if let (None, Some(id)) = (&article.draft, &article.guid) {
            article.fields.insert("id".to_owned(), id.clone().into());
        }
    }
    let planned = write::plan(&mut imported, source.now);
    let articles = imported.articles.iter().map(|one| (format!("{FOLDER}/{}", one.target), &one.source.file));
    let sections = imported.sections.iter().map(|one| {
        let folder = if one.folder.is_empty() { String::new() } else { format!("{}/", one.folder) };
        (format!("{FOLDER}/{folder}_index.md"), &one.source.file)
    });
    let files: HashMap<String, &String> = sections.chain(articles).collect();
    let findings = imported.findings.iter().cloned();
    let (broken, mut lost): (Vec<Finding>, Vec<Finding>) =
        findings.partition(|finding| finding.code == UNREADABLE);
    lost.retain(|finding| finding.outcome == Outcome::Lost);
    let mut site = InPlace { lost, broken, ..InPlace::default() };
    for one in planned {
        match one.content {
            Content::Text(text) if one.path == FILE => site.settings = text,
            // Ids are in the front matter.
            Content::Text(_) if one.path == LEDGER => {}
            Content::Text(text) if one.path.starts_with("content/") => {
                let file = files.get(&one.path).filter(|file| !file.is_empty());
                let file = file.map_or_else(|| format.settings_file().to_owned(), |file| (*file).clone());
                if site.broken.iter().any(|finding| finding.source.file == file) {
                    continue;
                }
                site.sources.push(ForeignSource { name: one.path, file, text });
            }
            Content::Text(_) => {}
            Content::Copy(from) => {
                let name = from.strip_prefix(source.path).ok().and_then(Path::to_str);
                let name = name.map(|name| name.replace('\\', "/"));
                if let Some(name) = name.filter(|name| ![FILE, LEDGER].contains(&name.as_str())) {
                    site.files.push((one.path, name));
                }
            }
        }
    }
    Ok(site)
}

impl InPlace {
    /// Digest of its texts.
    pub fn digest(&self) -> Digest {
        let mut hasher = Fingerprinter::default();
        for source in &self.sources {
            hasher.value(&source.name).value(&source.file).value(&source.text);
        }
        for (to, name) in &self.files {
            hasher.value(to).value(name);
        }
        hasher.finish()
    }
}

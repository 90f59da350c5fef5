//! Hugo.

mod address;
mod config;
mod page;
mod place;
mod section;
mod site;
mod text;

use super::model::{Content, Imported, Outcome, Spot, TargetFile};
use super::tree::Tree;
use super::{ImportError, Source};
use crate::import::links::Known;
pub use config::is_at;

/// Folders that Hugo writes, or that belong to other things.
const WITHOUT: [&str; 4] = ["public", "resources", "themes", "_vendor"];

/// Reads the site of Hugo in the folder of `source`.
///
/// # Errors
/// It is none, or its configuration can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = source.tree(&WITHOUT)?;
    let mut imported = Imported::default();
    let mut config = config::config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut pages = page::pages(&tree, &config, source, &mut imported);
    let mut known = Known::default();
    pages.iter().for_each(|page| known.add(&page.article.url));
    files(&tree, &config, &mut imported, &mut known);
    for file in &imported.files {
        if let Some(path) = file.to.strip_prefix("content/") {
            known.add(path);
        }
    }
    section::sections(&tree, &config, &mut imported, &mut known);
    text::convert(&mut pages, &config.base, &mut imported, &known);
    imported.articles = pages.into_iter().map(|page| page.article).collect();
    site::settings(&mut config, &mut imported);
    site::terms(&config, &mut imported);
    Ok(imported)
}

/// Copies static files and data, and says which parts of the site are made by templates.
fn files(tree: &Tree, config: &config::Config, imported: &mut Imported, known: &mut Known) {
    let mut files = Vec::new();
    for folder in &config.statics {
        let folder = folder.trim_matches(['/', '.']);
        for name in tree.below(folder) {
            let inside = &name[folder.len() + 1..];
            known.add(inside);
            files
                .push(TargetFile { to: format!("static/{inside}"), content: Content::Copy(tree.path(name)) });
        }
    }
    for name in tree.below(&config.data) {
        let inside = &name[config.data.len() + 1..];
        files.push(TargetFile { to: format!("data/{inside}"), content: Content::Copy(tree.path(name)) });
    }
    imported.files.extend(files);
    for (folder, text) in [
        (
            "layouts",
            "templates of Hugo make nothing here: the theme of Dateline shows the site; `dateline theme` says how to change it",
        ),
        (
            "i18n",
            "words of a theme were left out: those of Dateline's theme are in site.toml, `[theme.words]`",
        ),
        ("assets", "files for Hugo's pipes were left out: put those that pages need into `static/`"),
        ("archetypes", "models for new articles were left out: `dateline new` has its own"),
    ] {
        let count = tree.below(folder).count();
        if count > 0 {
            imported.tell(
                Outcome::Lost,
                "templates",
                Spot::file(format!("{folder}/")),
                format!("{text} (files: {count})"),
            );
        }
    }
}

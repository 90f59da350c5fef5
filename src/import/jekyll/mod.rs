//! Jekyll.

mod address;
mod config;
mod document;
mod place;
mod site;
mod text;

use super::links::Known;
use super::model::{Content, Imported, Outcome, Section, Spot, TargetFile};
use super::{ImportError, Source};

/// Folders that Jekyll writes.
const WITHOUT: [&str; 2] = ["_site", "vendor"];

/// True if the folder at `path` has a site of Jekyll.
pub fn is_at(path: &std::path::Path) -> bool {
    ["_config.yml", "_config.yaml", "_config.toml"].iter().any(|name| path.join(name).is_file())
        && !path.join("source/_posts").is_dir()
}

/// Reads the site of Jekyll in the folder of `source`.
///
/// # Errors
/// It is none, or its configuration can't be read.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let tree = source.tree(&WITHOUT)?;
    let mut imported = Imported::default();
    let mut config = config::config(&tree, &mut imported)?;
    tree.tell_passed(&mut imported);
    let mut known = Known::default();
    let mut documents = document::documents(&tree, &config, source, &mut imported, &mut known);
    for name in tree.below("_data") {
        let inside = &name["_data/".len()..];
        imported
            .files
            .push(TargetFile { to: format!("data/{inside}"), content: Content::Copy(tree.path(name)) });
    }
    for folder in ["_layouts", "_includes", "_sass", "_plugins"] {
        let count = tree.below(folder).count();
        if count > 0 {
            let text = format!(
                "templates, styles and plugins of Jekyll make nothing here: the theme of Dateline shows the site (files: {count})"
            );
            imported.tell(Outcome::Lost, "templates", Spot::file(format!("{folder}/")), text);
        }
    }
    text::convert(&mut documents, &config, &tree, &mut imported, &known);
    imported.articles = documents.into_iter().map(|one| one.article).collect();
    front_page(&mut imported);
    site::settings(&mut config, &tree, &mut imported);
    Ok(imported)
}

/// The page at the root is the text of the front page.
fn front_page(imported: &mut Imported) {
    let Some(at) = imported.articles.iter().position(|one| one.url == "/" && one.published.is_none()) else {
        return;
    };
    let page = imported.articles.remove(at);
    if page.draft.is_none() {
        imported.sections.push(Section {
            source: page.source,
            title: Some(page.title).filter(|title| !title.is_empty()),
            aliases: page.aliases,
            extra: page.extra,
            body: page.body,
            ..Section::default()
        });
    }
}

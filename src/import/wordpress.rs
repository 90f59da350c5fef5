//! WordPress, by the file that its "Tools → Export" makes (WXR). Large sites are exported as several files; a folder of
//! them is one site.
//!
//! The export is read twice: first for everything that posts refer to (files, authors, terms, reusable blocks), then post by
//! post. So memory holds the articles, and never the export.

mod autop;
mod blocks;
mod comments;
mod library;
mod menu;
mod permalinks;
mod post;
mod shortcodes;
mod terms;
mod text;
mod wxr;

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use library::Library;
use toml::Table;
use wxr::{Entry, Item};

use super::blog::redirect;
use super::model::{Feeds, Imported, Outcome, Settings, Spot, Taxonomy};
use super::site::plain_settings;
use super::{ImportError, Source};

/// The number of entries in feeds of WordPress, unless somebody has changed it.
const FEED_LENGTH: u32 = 10;
/// The most files of an export.
const MOST_FILES: usize = 10_000;

/// Types of items that are the machinery of a site, not its texts.
const MACHINERY: [&str; 14] = [
    "revision",
    "attachment",
    "nav_menu_item",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_font_family",
    "wp_font_face",
];

/// True if `path` is an export, or a folder of exports.
pub fn is_at(path: &Path) -> bool {
    files(path).is_ok_and(|files| files.first().is_some_and(|(path, _)| is_export(path)))
}

/// True if the file begins as an export does.
fn is_export(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(8 * 1024).read_to_end(&mut head));
    read.is_ok() && String::from_utf8_lossy(&head).contains("wordpress.org/export/")
}

/// The files of the export, each with its name.
fn files(path: &Path) -> Result<Vec<(PathBuf, String)>, ImportError> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), name(path))]);
    }
    let refuse = |error: std::io::Error| ImportError::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(refuse)?.take(MOST_FILES) {
        let entry = entry.map_err(refuse)?;
        let is_xml = entry.path().extension().is_some_and(|one| one.eq_ignore_ascii_case("xml"));
        if is_xml && entry.file_type().is_ok_and(|kind| kind.is_file()) && is_export(&entry.path()) {
            files.push((entry.path(), name(&entry.path())));
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the export.
///
/// # Errors
/// It is no such export, or it is damaged.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let files = files(source.path)?;
    if !files.iter().any(|(path, _)| is_export(path)) {
        return Err(ImportError::NotOfKind {
            kind: "WordPress",
            path: source.path.display().to_string(),
            sign: "file of \u{201c}Tools \u{2192} Export\u{201d} (WXR, with `wordpress.org/export` at its beginning)",
        });
    }
    let mut library = Library::default();
    for (path, name) in &files {
        wxr::read(path, name, &mut |entry| library.add(entry))?;
    }
    let mut imported = Imported { settings: settings(&library), ..Imported::default() };
    let mut posts = post::Posts::new(&library, source.now);
    for (path, name) in &files {
        wxr::read(path, name, &mut |entry| {
            if let Entry::Item(item) = entry {
                one(&item, name, &mut posts, &mut imported);
            }
            Ok(())
        })?;
    }
    plain_settings(&mut imported.settings, Table::new());
    imported.settings.permalinks = permalinks::found(&imported.articles);
    imported.settings.navigation = menu::items(&library);
    posts.finish(&mut imported);
    addresses(&mut imported);
    Ok(imported)
}

fn settings(library: &Library) -> Settings {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let taxonomy = |name: &str, title: Option<&str>, path: &str| Taxonomy {
        name: name.to_owned(),
        title: title.map(str::to_owned),
        path: Some(path.to_owned()),
        feeds: None,
        feed_aliases: vec![format!("/{path}/{{slug}}/feed/")],
    };
    let aliases = ["/feed/", "/feed/rss2/", "/feed/atom/"];
    Settings {
        title: text(&library.title),
        base_url: text(&library.base),
        description: text(&library.description),
        language: text(&library.language),
        authors: library.authors(),
        taxonomies: vec![
            taxonomy("categories", Some("Categories"), "category"),
            taxonomy("tags", None, "tag"),
            taxonomy("authors", None, "author"),
        ],
        feeds: Feeds {
            limit: Some(FEED_LENGTH),
            aliases: aliases.map(str::to_owned).to_vec(),
            ..Feeds::default()
        },
        ..Settings::default()
    }
}

/// Takes one item along.
fn one(item: &Item, file: &str, posts: &mut post::Posts<'_>, imported: &mut Imported) {
    let spot = Spot::line(file, item.line);
    let title = item.get("title");
    match (item.get("wp:post_type"), item.get("wp:status")) {
        (_, status @ ("trash" | "auto-draft")) => {
            let text = format!("\u{201c}{title}\u{201d} has the status `{status}` and was left out");
            imported.tell(Outcome::Held, "status", spot, text);
        }
        ("revision", _) => {}
        (kind, _) if MACHINERY.contains(&kind) => {
            if !matches!(kind, "attachment" | "nav_menu_item" | "wp_block" | "oembed_cache") {
                let text = format!("an item of the type `{kind}` belongs to WordPress itself");
                imported.tell(Outcome::Lost, "machinery", spot, text);
            }
        }
        (kind, _) => posts.add(item, kind, &spot, imported),
    }
}

/// Feeds and lists at the addresses that they had.
fn addresses(imported: &mut Imported) {
    redirect(imported, "/comments/feed/".to_owned(), "/rss.xml".to_owned());
}

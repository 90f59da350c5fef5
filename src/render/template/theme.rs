//! The built-in theme: the folders `templates/` and `static/` of this repository, embedded in the program.

/// A file of the theme: its name in its folder, and its text.
pub type Embedded = (&'static str, &'static str);

/// Embeds files of `templates/` or `static/`.
macro_rules! embedded {
    ($folder:literal, [$($name:literal),* $(,)?]) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $name)))),*]
    };
}

/// The templates.
pub const TEMPLATES: &[Embedded] = embedded!(
    "templates",
    [
        "404.html",
        "archive.html",
        "article-end.html",
        "article.html",
        "base.html",
        "cards.html",
        "components.html",
        "docs.html",
        "feed_footer.html",
        "feed_header.html",
        "footer-end.html",
        "head-end.html",
        "header-end.html",
        "index.html",
        "landing.html",
        "languages.html",
        "month.html",
        "notice.html",
        "page.html",
        "pager.html",
        "paper.html",
        "redirect.html",
        "robots.txt",
        "search-form.html",
        "search.html",
        "section.html",
        "subscribe.html",
        "taxonomy.html",
        "term.html",
    ]
);

/// Files that pages and feeds refer to by name. A file of the same name in a site's `static/` replaces one.
pub const ASSETS: &[Embedded] = embedded!(
    "static",
    [
        "article.js",
        "code.js",
        "docs.css",
        "feed.css",
        "masthead.js",
        "player.js",
        "progress.css",
        "tabs.js",
        "zoom.js"
    ]
);

/// Files that the pages of a site with a search refer to, likewise.
pub const SEARCH: &[Embedded] = embedded!("static", ["search.css", "search.js"]);

/// The parts of the style sheet: `style.css` and its imports. A file of the same name in a site's `static/` replaces
/// one.
pub const STYLES: &[Embedded] = embedded!(
    "static",
    [
        "article.css",
        "base.css",
        "code.css",
        "components.css",
        "front.css",
        "masthead.css",
        "notes.css",
        "print.css",
        "scripts.css",
        "style.css"
    ]
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The names of the files in a folder of this repository.
    fn files(folder: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn names<'a>(embedded: impl IntoIterator<Item = &'a Embedded>) -> BTreeSet<String> {
        embedded.into_iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    #[test]
    fn every_template_of_the_repository_is_embedded() {
        assert_eq!(names(TEMPLATES), files("templates"));
    }

    #[test]
    fn every_static_file_of_the_repository_is_embedded() {
        assert_eq!(names(ASSETS.iter().chain(SEARCH).chain(STYLES)), files("static"));
    }
}

//! The default theme, embedded in the program.

/// Its templates.
const TEMPLATES: [(&str, &str); 17] = [
    ("404.html", include_str!("../../../theme/404.html")),
    ("archive.html", include_str!("../../../theme/archive.html")),
    ("article.html", include_str!("../../../theme/article.html")),
    ("base.html", include_str!("../../../theme/base.html")),
    ("cards.html", include_str!("../../../theme/cards.html")),
    ("components.html", include_str!("../../../theme/components.html")),
    ("index.html", include_str!("../../../theme/index.html")),
    ("month.html", include_str!("../../../theme/month.html")),
    ("notice.html", include_str!("../../../theme/notice.html")),
    ("page.html", include_str!("../../../theme/page.html")),
    ("pager.html", include_str!("../../../theme/pager.html")),
    ("redirect.html", include_str!("../../../theme/redirect.html")),
    ("robots.txt", include_str!("../../../theme/robots.txt")),
    ("section.html", include_str!("../../../theme/section.html")),
    ("subscribe.html", include_str!("../../../theme/subscribe.html")),
    ("taxonomy.html", include_str!("../../../theme/taxonomy.html")),
    ("term.html", include_str!("../../../theme/term.html")),
];

/// Name and text of each of the theme's templates.
pub fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.into_iter()
}

/// Name and bytes of the files that the theme's pages ask for, besides its style sheet. A file of the same name in
/// `static/` replaces one.
pub const ASSETS: [(&str, &[u8]); 2] = [
    ("code.js", include_bytes!("../../../theme/code.js")),
    ("feed.css", include_bytes!("../../../theme/feed.css")),
];

/// Name and text of the parts of the theme's style sheet: `style.css`, and what it imports. A file of the same name
/// in `static/` replaces one.
pub const STYLES: [(&str, &str); 5] = [
    ("base.css", include_str!("../../../theme/base.css")),
    ("code.css", include_str!("../../../theme/code.css")),
    ("components.css", include_str!("../../../theme/components.css")),
    ("notes.css", include_str!("../../../theme/notes.css")),
    ("style.css", include_str!("../../../theme/style.css")),
];

//! The default theme, embedded in the program.

/// Its templates.
const TEMPLATES: [(&str, &str); 17] = [
    ("404.html", include_str!("../../theme/404.html")),
    ("archive.html", include_str!("../../theme/archive.html")),
    ("article.html", include_str!("../../theme/article.html")),
    ("base.html", include_str!("../../theme/base.html")),
    ("cards.html", include_str!("../../theme/cards.html")),
    ("components.html", include_str!("../../theme/components.html")),
    ("index.html", include_str!("../../theme/index.html")),
    ("month.html", include_str!("../../theme/month.html")),
    ("notice.html", include_str!("../../theme/notice.html")),
    ("page.html", include_str!("../../theme/page.html")),
    ("pager.html", include_str!("../../theme/pager.html")),
    ("redirect.html", include_str!("../../theme/redirect.html")),
    ("robots.txt", include_str!("../../theme/robots.txt")),
    ("section.html", include_str!("../../theme/section.html")),
    ("subscribe.html", include_str!("../../theme/subscribe.html")),
    ("taxonomy.html", include_str!("../../theme/taxonomy.html")),
    ("term.html", include_str!("../../theme/term.html")),
];

/// Name and text of each of the theme's templates.
pub(super) fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.into_iter()
}

/// The style sheet: its parts, one after the other.
const STYLE: &str = concat!(
    include_str!("../../theme/style.css"),
    "\n",
    include_str!("../../theme/code.css"),
    "\n",
    include_str!("../../theme/components.css"),
    "\n",
    include_str!("../../theme/notes.css"),
);

/// Name and bytes of the files that the theme's pages ask for. A file of the same name in `static/`
/// replaces one.
pub fn assets() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    [
        ("code.js", include_bytes!("../../theme/code.js").as_slice()),
        ("feed.css", include_bytes!("../../theme/feed.css").as_slice()),
        ("style.css", STYLE.as_bytes()),
    ]
    .into_iter()
}

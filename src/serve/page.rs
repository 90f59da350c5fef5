//! The server's own pages: the desk, and a placeholder until there is a site.

use crate::model::html::escape;
use crate::serve::overlay::{Trouble, overlay};

/// The path of all of the server's own files.
pub(super) const OWN: &str = "/_dateline/";

/// Styles of the overlay, the banner and the desk.
pub(super) const STYLE: &str = include_str!("style.css");
/// The script with which pages follow changes of the site.
pub(super) const SCRIPT: &str = include_str!("client.js");

/// A page of the server's own. It listens to events about the file `page`, and reloads after every build if `always`
/// is set.
pub(super) fn page(title: &str, body: &str, page: &str, always: bool) -> String {
    let always = if always { " data-always" } else { "" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><link rel=\"stylesheet\" href=\"{OWN}style.css\"><link rel=\"icon\" href=\"data:,\"><script src=\"{OWN}client.js\" data-page=\"{}\" data-digest=\"\"{always} defer></script></head>\n<body class=\"dateline\">{body}</body></html>\n",
        escape(page)
    )
}

/// The placeholder for a page while there is no site yet.
pub(super) fn no_site(errors: &[Trouble], file: &str) -> String {
    let body = if errors.is_empty() {
        "<main><h1>The site is being built</h1><p>It is shown here as soon as it is.</p></main>".to_owned()
    } else {
        format!("<main class=\"errors\">{}</main>", overlay(errors))
    };
    page("Dateline", &body, file, true)
}

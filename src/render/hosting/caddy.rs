//! A site block for Caddy 2.

use std::path::Path;

use super::{FOR_EVER, Facts, NOSNIFF, OPML, OPML_FILE, PAGES, media_type, plain_paths};
use crate::model::url::percent_decode;
use crate::output::Encoding;

/// The site block for the output folder `out`.
pub fn caddy(facts: &Facts, out: &Path) -> String {
    let (folder, origin) = (percent_decode(&facts.folder()), facts.base.origin());
    let mut lines = vec![
        "# Types, caching and redirects of a site made by Dateline: `dateline hosting caddy`.".to_owned(),
        format!("{origin} {{"),
    ];
    let root = quoted(&out.display().to_string());
    if folder == "/" {
        lines.push(format!("\troot * {root}"));
    } else {
        lines.push(format!("\t# The output folder, {}, has to be {folder} in this one.", out.display()));
        lines.push("\troot * /srv/www".to_owned());
    }
    lines.push(format!("\theader X-Content-Type-Options {NOSNIFF}"));
    let mut names: Vec<String> = facts.formats.iter().map(|(_, name)| quoted(&format!("*/{name}"))).collect();
    if !facts.formats.is_empty() {
        names.push(format!("{folder}{OPML_FILE}"));
    }
    let hashed = facts.hashed_paths();
    let named = (!names.is_empty()).then(|| format!("\t\tnot path {}", names.join(" ")));
    let by_digest = hashed.as_ref().map(|paths| format!("\t\tnot path_regexp {}", quoted(paths)));
    let others: Vec<String> = named.into_iter().chain(by_digest).collect();
    if others.is_empty() {
        lines.push(format!("\theader Cache-Control {}", quoted(PAGES)));
    } else {
        lines.push("\t@pages {".to_owned());
        lines.extend(others);
        lines.extend(["\t}".to_owned(), format!("\theader @pages Cache-Control {}", quoted(PAGES))]);
    }
    if !names.is_empty() {
        lines.push(format!("\t@feeds path {}", names.join(" ")));
        lines.push(format!("\theader @feeds Cache-Control {}", quoted(&facts.feed_cache())));
        lines.push(format!("\theader {folder}{OPML_FILE} Content-Type {}", quoted(OPML)));
    }
    if let Some(paths) = hashed {
        lines.push(format!("\t@hashed path_regexp {}", quoted(&paths)));
        lines.push(format!("\theader @hashed Cache-Control {}", quoted(FOR_EVER)));
    }
    lines.extend(feeds(facts, &folder, origin));
    // These files are for hosts, not for readers.
    lines.push(format!("\t@hosts path {folder}_headers {folder}_redirects"));
    lines.push("\terror @hosts 404".to_owned());
    for (from, to) in &facts.redirects {
        lines.push(format!("\tredir {} {} permanent", quoted(from), quoted(to)));
    }
    lines.extend(file_server(&facts.compress));
    lines.extend([
        "\thandle_errors {".to_owned(),
        "\t\t@404 expression `{err.status_code} == 404`".to_owned(),
        format!("\t\trewrite @404 {folder}404.html"),
        "\t\t# What is missing now may be there later, whatever its name.".to_owned(),
        format!("\t\theader Cache-Control {}", quoted(PAGES)),
        "\t\tfile_server".to_owned(),
        "\t}".to_owned(),
        "}".to_owned(),
    ]);
    lines.join("\n") + "\n"
}

/// Media types of feeds, and links to their hubs.
fn feeds(facts: &Facts, folder: &str, origin: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (format, name) in &facts.formats {
        let media_type = quoted(&media_type(*format));
        let key = format.key();
        lines.push(format!("\t@{key} path {}", quoted(&format!("*/{name}"))));
        lines.push(format!("\theader @{key} Content-Type {media_type}"));
        if !facts.hubs.is_empty() {
            // Caddy's path is not percent-encoded, so it is used only for paths where that makes no difference.
            lines.push(format!("\t@{key}_links path_regexp {}", quoted(&plain_paths(folder, name))));
            let link = facts.links(&format!("{origin}{{http.request.uri.path}}"));
            lines.push(format!("\theader @{key}_links Link {}", quoted(&link)));
        }
    }
    lines
}

/// Serves files, or their compressed siblings.
fn file_server(compress: &[Encoding]) -> Vec<String> {
    let encodings: Vec<&str> = compress
        .iter()
        .map(|encoding| match encoding {
            Encoding::Gzip => "gzip",
            Encoding::Brotli => "br",
            Encoding::Zstd => "zstd",
        })
        .collect();
    match encodings.is_empty() {
        true => vec!["\tfile_server".to_owned()],
        false => vec![
            "\tfile_server {".to_owned(),
            format!("\t\tprecompressed {}", encodings.join(" ")),
            "\t}".to_owned(),
        ],
    }
}

/// Quotes a text. A backslash is literal there, unless a quotation mark follows.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

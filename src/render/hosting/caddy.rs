//! A site block for Caddy 2.

use std::path::Path;

use super::{
    BROWSERS, FOR_EVER, Facts, NOSNIFF, OPML, OPML_FILE, PAGES, SHOWN, folder_name, is_shown, literally,
    media_type, plain_paths,
};
use crate::model::url::percent_decode;
use crate::output::Encoding;

/// The site block for the output folder `out`.
pub fn caddy(facts: &Facts, out: &Path) -> String {
    let (folder, origin) = (percent_decode(&facts.folder()), facts.base.origin());
    let mut lines = vec![
        "# Types, caching and redirects of a site made by Dateline: `dateline hosting caddy`.".to_owned(),
        format!("{origin} {{"),
    ];
    match folder_name(out).map(|name| (name, root(name))) {
        Some((_, Some(root))) if folder == "/" => lines.push(format!("\troot * {root}")),
        Some((name, _)) if !name.contains("{$") => {
            lines.push(format!("\t# The output folder, {name}, has to be {folder} in this one."));
            lines.push("\troot * /srv/www".to_owned());
        }
        _ => {
            lines.push(format!(
                "\t# The output folder has to be {folder} in this one; its own name can't stand here."
            ));
            lines.push("\troot * /srv/www".to_owned());
        }
    }
    lines.push(format!("\theader X-Content-Type-Options {NOSNIFF}"));
    lines.extend(facts.policy.iter().map(|(name, value)| format!("\theader {name} {}", quoted(value))));
    let mut names: Vec<String> = facts.formats.iter().map(|(_, name)| any_folder(name)).collect();
    if !facts.formats.is_empty() {
        names.push(path(&format!("{folder}{OPML_FILE}")));
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
        lines.push(format!(
            "\theader {} Content-Type {}",
            path(&format!("{folder}{OPML_FILE}")),
            quoted(OPML)
        ));
    }
    if let Some(paths) = hashed {
        lines.push(format!("\t@hashed path_regexp {}", quoted(&paths)));
        lines.push(format!("\theader @hashed Cache-Control {}", quoted(FOR_EVER)));
    }
    lines.extend(feeds(facts, &folder, origin));
    for (before, after, media) in &facts.outputs {
        let pattern = format!(
            "{folder}{before}{}",
            after.as_ref().map_or_else(String::new, |after| format!("*{after}"))
        );
        if !pattern.ends_with(['/', '*']) {
            let pattern = pattern.split('*').map(as_pattern).collect::<Vec<_>>().join("*");
            lines.push(format!("\theader {} Content-Type {}", quoted(&pattern), quoted(media)));
        }
    }
    // These files are for hosts, not for readers.
    let [headers, redirects] = ["_headers", "_redirects"].map(|name| path(&format!("{folder}{name}")));
    // Deployments keep their manifest there, which names every page.
    let own = quoted(&format!("{}*", as_pattern(&format!("{folder}.dateline/"))));
    lines.push(format!("\t@hosts path {headers} {redirects} {own}"));
    lines.push("\terror @hosts 404".to_owned());
    for (tag, home) in &facts.languages {
        let name = format!("@in_{}", tag.to_ascii_lowercase().replace('-', "_"));
        lines.push(format!("\t{name} {{"));
        lines.push(format!("\t\tpath {}", path(&folder)));
        lines.push(format!("\t\theader_regexp Accept-Language {}", quoted(&format!("(?i)^{tag}([^a-z]|$)"))));
        lines.extend(["\t}".to_owned(), format!("\tredir {name} {} 302", quoted(home))]);
    }
    if !facts.languages.is_empty() {
        lines.push(format!("\theader {} Vary Accept-Language", path(&folder)));
    }
    for (folder, url) in &facts.moved {
        let pattern = quoted(&format!("{}*", as_pattern(folder)));
        let to = quoted(&format!("{}{{uri}}", url.trim_end_matches('/')));
        lines.push(format!("\thandle_path {pattern} {{"));
        lines.extend([format!("\t\tredir {to} permanent"), "\t}".to_owned()]);
    }
    lines.extend(redirects_of(facts));
    lines.extend(file_server(&facts.compress));
    lines.push("\thandle_errors {".to_owned());
    for (at, own) in facts.not_found.iter().enumerate() {
        let name = format!("@404_{}", at + 1);
        lines.push(format!("\t\t{name} {{"));
        lines.push("\t\t\texpression `{err.status_code} == 404`".to_owned());
        lines
            .extend([format!("\t\t\tpath {}", quoted(&format!("{}*", as_pattern(own)))), "\t\t}".to_owned()]);
        lines.push(format!("\t\trewrite {name} {}", path(&format!("{own}404.html"))));
    }
    lines.extend([
        "\t\t@404 expression `{err.status_code} == 404`".to_owned(),
        format!("\t\trewrite @404 {}", path(&format!("{folder}404.html"))),
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
        lines.push(format!("\t@{key} path {}", any_folder(name)));
        lines.push(format!("\theader @{key} Content-Type {media_type}"));
        if is_shown(*format) {
            // Browsers get the type of XML, and show the feed by its style sheet.
            lines.push(format!("\t@{key}_shown {{"));
            lines.push(format!("\t\tpath {}", any_folder(name)));
            lines.push(format!("\t\theader_regexp Accept {}", quoted(BROWSERS)));
            lines.extend(["\t}".to_owned(), format!("\theader @{key}_shown Content-Type {}", quoted(SHOWN))]);
            lines.push(format!("\theader @{key} +Vary Accept"));
        }
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

/// Redirects. A plain path is matched as it is. Caddy ignores case there and reads `*`, `{` and `%`, so other paths are
/// matched by regular expressions.
fn redirects_of(facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    let mut with_matcher = |matcher: String, to: &str| {
        let number = lines.len() / 2 + 1;
        lines.push(format!("\t@redirect{number} {matcher}"));
        lines.push(format!("\tredir @redirect{number} {} permanent", quoted(to)));
    };
    let is_plain = |path: &str| !path.contains(['*', '{', '}', '%', '"', '`', '\\']);
    let (plain, odd): (Vec<_>, Vec<_>) = facts.redirects.iter().partition(|(from, _)| is_plain(from));
    for (from, to) in odd.into_iter().chain(&facts.exact) {
        with_matcher(format!("path_regexp {}", quoted(&format!("^{}$", literally(from)))), to);
    }
    for (from, to) in &facts.queries {
        with_matcher(format!("expression `{{http.request.uri}} == \"{from}\"`"), to);
    }
    lines.extend(
        plain.into_iter().map(|(from, to)| format!("\tredir {} {} permanent", quoted(from), quoted(to))),
    );
    lines
}

/// The pattern of all files `name`, in any folder.
fn any_folder(name: &str) -> String {
    quoted(&format!("*/{}", as_pattern(name)))
}

/// The pattern that matches only `path`, quoted where it has to be.
fn path(path: &str) -> String {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte));
    if is_plain { path.to_owned() } else { quoted(&as_pattern(path)) }
}

/// `path` with the characters percent-encoded that have a meaning in a pattern or in quotes.
fn as_pattern(path: &str) -> String {
    let is_special = |letter: &char| matches!(letter, '*' | '{' | '}' | '%' | '"' | '`' | '\\' | '?' | '[');
    let encoded = path.chars().map(|letter| match is_special(&letter) {
        true => format!("%{:02X}", u32::from(letter)),
        false => letter.to_string(),
    });
    encoded.collect()
}

/// The output folder `name` as a value, if it can be one: Caddy replaces `{$name}` everywhere, and has no quotes for all
/// texts.
fn root(name: &str) -> Option<String> {
    if name.contains("{$") {
        return None;
    }
    let name = name.replace('{', "\\{");
    match (name.contains(['"', '\\']), name.contains('`')) {
        (false, _) => Some(quoted(&name)),
        (true, false) => Some(format!("`{name}`")),
        (true, true) => None,
    }
}

/// Quotes a text. A backslash is literal there, unless a quotation mark follows.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

//! A server block for nginx.

use std::path::Path;

use super::{
    BROWSERS, FOR_EVER, Facts, NOSNIFF, OPML, OPML_FILE, PAGES, SHOWN, folder_name, is_shown, literally,
    media_type, plain_paths,
};
use crate::model::url::percent_decode;
use crate::output::Encoding;

/// The server block for the output folder `out`. The publisher completes `listen`, names and certificates.
pub fn nginx(facts: &Facts, out: &Path) -> String {
    let (folder, host) = (percent_decode(&facts.folder()), facts.base.host());
    let mut lines = vec![
        "# Types, caching and redirects of a site made by Dateline: `dateline hosting nginx`.".to_owned(),
        "# Include it in the `http` block; add `listen 443 ssl` and the certificate.".to_owned(),
        DOLLAR.to_owned(),
    ];
    if !facts.languages.is_empty() {
        lines.push("# The language that a browser asks for first.".to_owned());
        lines.push("map $http_accept_language $dateline_language {".to_owned());
        let rules = facts.languages.iter();
        lines.extend(rules.map(|(tag, path)| format!("    ~*^{tag}([^a-z]|$) {};", target(path))));
        lines.push("}".to_owned());
    }
    lines.extend(["server {".to_owned(), "    listen 80;".to_owned(), format!("    server_name {host};")]);
    match folder_name(out) {
        Some(name) if folder == "/" => lines.push(format!("    root {};", literal(name))),
        Some(name) => {
            lines.push(format!("    # The output folder, {name}, has to be {folder} in this one."));
            lines.push("    root /srv/www;".to_owned());
        }
        None => {
            lines.push(format!(
                "    # The output folder has to be {folder} in this one; its own name can't stand here."
            ));
            lines.push("    root /srv/www;".to_owned());
        }
    }
    lines.extend([
        "    index index.html;".to_owned(),
        "    etag on;".to_owned(),
        "    # So that it also works behind a proxy.".to_owned(),
        "    absolute_redirect off;".to_owned(),
        "    charset utf-8;".to_owned(),
        "    charset_types text/css text/plain text/javascript application/javascript text/xml application/xml image/svg+xml;".to_owned(),
        format!("    error_page 404 {};", plain_or_quoted(&format!("{folder}404.html"))),
        format!("    add_header X-Content-Type-Options {NOSNIFF} always;"),
    ]);
    if facts.formats.iter().any(|(format, _)| is_shown(*format)) {
        lines.push(
            "    # Browsers get feeds with the type of XML, and show them by their style sheet.".to_owned(),
        );
        lines.push("    error_page 418 = @dateline_feed;".to_owned());
    }
    for encoding in &facts.compress {
        match encoding {
            Encoding::Gzip => {
                lines.extend(["    gzip_static on;".to_owned(), "    gzip_vary on;".to_owned()]);
            }
            Encoding::Brotli => {
                lines.push("    # brotli_static on;  # needs the module ngx_brotli".to_owned())
            }
            Encoding::Zstd => {
                lines.push("    # zstd_static on;    # needs the module zstd-nginx-module".to_owned())
            }
        }
    }
    lines.push(String::new());
    lines.push(format!("    location {} {{", quoted(&folder)));
    lines.push("        try_files $uri $uri/ =404;".to_owned());
    lines.extend(fields(&[("Cache-Control", PAGES)]));
    lines.push("    }".to_owned());
    for (path, url) in &facts.moved {
        let rest = quoted(&format!("^{}(.*)$", literally(path)));
        // A `$` in the address is percent-encoded.
        let to = format!("{}$1", url.replace('$', "%24"));
        lines.push(format!(
            "    location ^~ {} {{ rewrite {rest} {} permanent; }}",
            quoted(path),
            quoted(&to)
        ));
    }
    for own in &facts.not_found {
        lines.push(format!("    location {} {{", quoted(own)));
        lines.push(format!("        error_page 404 {};", plain_or_quoted(&format!("{own}404.html"))));
        lines.push("        try_files $uri $uri/ =404;".to_owned());
        lines.extend(fields(&[("Cache-Control", PAGES)]));
        lines.push("    }".to_owned());
    }
    for folder in facts.not_found.iter().chain([&folder]) {
        let not_found = plain_or_quoted(&format!("{folder}404.html"));
        lines.push(format!("    location = {not_found} {{ internal; }}"));
    }
    if let Some(paths) = facts.hashed_paths() {
        lines.push(format!("    location ~ {} {{", quoted(&paths)));
        lines.extend(fields(&[("Cache-Control", FOR_EVER)]));
        lines.push("    }".to_owned());
    }
    // These files are for hosts, not for readers.
    for name in ["_headers", "_redirects"] {
        let path = plain_or_quoted(&format!("{folder}{name}"));
        lines.push(format!("    location = {path} {{ return 404; }}"));
    }
    // Deployments keep their manifest there, which names every page.
    lines.push(format!(
        "    location ^~ {} {{ return 404; }}",
        plain_or_quoted(&format!("{folder}.dateline/"))
    ));
    let cache = facts.feed_cache();
    lines.extend(feeds(facts, &folder, &cache));
    if !facts.languages.is_empty() {
        lines.extend([String::new(), format!("    location = {} {{", quoted(&folder))]);
        lines.push("        add_header Vary Accept-Language always;".to_owned());
        lines.push("        if ($dateline_language) { return 302 $dateline_language; }".to_owned());
        lines.push("        try_files $uri/index.html =404;".to_owned());
        lines.extend(fields(&[("Cache-Control", PAGES)]));
        lines.push("    }".to_owned());
    }
    let redirects: Vec<_> = facts.redirects.iter().chain(&facts.exact).collect();
    if !redirects.is_empty() || !facts.queries.is_empty() {
        lines.push(String::new());
    }
    for (from, to) in &facts.queries {
        lines.push(format!("    if ($request_uri = {}) {{ return 301 {}; }}", literal(from), target(to)));
    }
    for (from, to) in redirects {
        lines.push(format!("    location = {} {{ return 301 {}; }}", quoted(from), target(to)));
    }
    lines.push("}".to_owned());
    lines = facts.policy.iter().fold(lines, |lines, policy| with_policy(&lines, policy));
    // Only few names need the variable.
    if !lines.iter().any(|line| line.contains("${dateline_dollar}")) {
        lines.retain(|line| line != DOLLAR);
    }
    lines.join("\n") + "\n"
}

/// A variable for a dollar sign, which nginx can't quote.
const DOLLAR: &str = "geo $dateline_dollar { default \"$\"; }";

/// A text where nginx reads variables, quoted.
fn literal(text: &str) -> String {
    quoted(text).replace('$', "${dateline_dollar}")
}

/// The path of a redirect's target, quoted. A `$` would begin a variable.
fn target(path: &str) -> String {
    quoted(&path.replace('$', "%24"))
}

/// A path as it is if it needs no quotes.
fn plain_or_quoted(path: &str) -> String {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte));
    if is_plain { path.to_owned() } else { quoted(path) }
}

/// The locations of feeds and of the list of feeds, with the caching header `cache`.
fn feeds(facts: &Facts, folder: &str, cache: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (format, name) in &facts.formats {
        let media_type = media_type(*format);
        let feed = |matching: String, link: Option<String>| {
            let mut block = vec![String::new(), format!("    location ~ {} {{", quoted(&matching))];
            block.push("        types { }".to_owned());
            block.push(format!("        default_type {};", quoted(&media_type)));
            block.push("        charset off;".to_owned());
            block.push("        try_files $uri =404;".to_owned());
            block.extend(fields(&[("Cache-Control", cache)]));
            if is_shown(*format) {
                block.push("        add_header Vary Accept;".to_owned());
                block.push(format!("        if ($http_accept ~ {}) {{ return 418; }}", quoted(BROWSERS)));
            }
            block.extend(link.map(|link| format!("        add_header Link {link};")));
            block.push("    }".to_owned());
            block
        };
        if !facts.hubs.is_empty() {
            // `$uri` is not percent-encoded, so it is used only for paths where that makes no difference.
            let link = facts.links(&format!("{}\u{1}", facts.base.origin()));
            let link = literal(&link).replace('\u{1}', "$uri");
            lines.extend(feed(plain_paths(folder, name), Some(link)));
        }
        lines.extend(feed(format!("^{}(.*/)?{}$", literally(folder), literally(name)), None));
    }
    if facts.formats.iter().any(|(format, _)| is_shown(*format)) {
        lines.extend([
            String::new(),
            "    location @dateline_feed {".to_owned(),
            "        types { }".to_owned(),
        ]);
        lines.push(format!("        default_type {};", quoted(SHOWN)));
        lines.extend(["        charset off;".to_owned(), "        recursive_error_pages on;".to_owned()]);
        lines.push("        try_files $uri =404;".to_owned());
        lines.extend(fields(&[("Cache-Control", cache), ("Vary", "Accept")]));
        lines.push("    }".to_owned());
    }
    for (before, after, media) in &facts.outputs {
        let path = match after {
            Some(after) => format!("^{}{}.*{}$", literally(folder), literally(before), literally(after)),
            None => format!("^{}{}$", literally(folder), literally(before)),
        };
        if before.ends_with('/') && after.is_none()
            || after.as_ref().is_some_and(|after| after.ends_with('/'))
        {
            continue;
        }
        lines.extend([String::new(), format!("    location ~ {} {{", quoted(&path))]);
        lines.extend(["        types { }".to_owned(), format!("        default_type {};", quoted(media))]);
        lines.extend(["        charset off;".to_owned(), "        try_files $uri =404;".to_owned()]);
        lines.extend(fields(&[("Cache-Control", PAGES)]));
        lines.push("    }".to_owned());
    }
    if !facts.formats.is_empty() {
        lines.extend([
            String::new(),
            format!("    location = {} {{", plain_or_quoted(&format!("{folder}{OPML_FILE}"))),
        ]);
        lines.extend(["        types { }".to_owned(), format!("        default_type {};", quoted(OPML))]);
        lines.extend(fields(&[("Cache-Control", cache)]));
        lines.push("    }".to_owned());
    }
    lines
}

/// Header fields of a response. A block with fields of its own inherits none.
fn fields(fields: &[(&str, &str)]) -> Vec<String> {
    let nosniff = ("X-Content-Type-Options", NOSNIFF);
    let all = fields.iter().chain([&nosniff]);
    all.map(|(name, value)| format!("        add_header {name} {};", quoted(value))).collect()
}

/// `lines` with the field `name` wherever a block has fields of its own.
fn with_policy(lines: &[String], (name, value): &(&str, String)) -> Vec<String> {
    let field = |line: &String| {
        let (indent, rest) = line.split_once("add_header X-Content-Type-Options ")?;
        let always = if rest.ends_with(" always;") { " always" } else { "" };
        Some(format!("{indent}add_header {name} {}{always};", quoted(value)))
    };
    lines.iter().flat_map(|line| [Some(line.clone()), field(line)]).flatten().collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

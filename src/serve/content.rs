//! Media types.

/// The media type of the file at `path`, whose first bytes are `head`. Feeds are recognized by their content, since
/// their names say only that they are XML or JSON.
pub(super) fn media_type(path: &str, head: &[u8]) -> String {
    let head = String::from_utf8_lossy(&head[..head.len().min(1024)]);
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = match ending.as_str() {
        "html" | "htm" => "text/html",
        "xml" if head.contains("<rss") => "application/rss+xml",
        "xml" if head.contains("<feed") => "application/atom+xml",
        "xml" | "xsl" | "xslt" => "application/xml",
        "json" if head.contains("https://jsonfeed.org/version/") => "application/feed+json",
        "json" | "map" => "application/json",
        "opml" => "text/x-opml",
        "js" | "mjs" => "text/javascript",
        "webmanifest" => "application/manifest+json",
        "vtt" => "text/vtt",
        "srt" => "application/x-subrip",
        "avif" => "image/avif",
        "m4a" => "audio/mp4",
        "" | "txt" => "text/plain",
        _ => return with_charset(mime_guess::from_path(name).first_or_octet_stream().essence_str()),
    };
    with_charset(known)
}

/// Adds `charset=utf-8` to text types. JSON is always UTF-8 and has no such parameter (RFC 8259, section 11).
fn with_charset(media: &str) -> String {
    let is_xml = media.ends_with("/xml") || media.ends_with("+xml");
    if media.starts_with("text/") || is_xml { format!("{media}; charset=utf-8") } else { media.to_owned() }
}

/// True for types in which the site's address is replaced. Style sheets are not among them: pages give their digest.
pub(super) fn is_text(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or(media);
    media != "text/css" && (media.starts_with("text/") || media.ends_with("xml") || media.ends_with("json"))
}

/// True for HTML pages.
pub(super) fn is_html(media: &str) -> bool {
    media.starts_with("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_the_registry_and_feeds_are_known_by_what_they_are() {
        for (path, head, expected) in [
            ("a/index.html", "", "text/html; charset=utf-8"),
            ("rss.xml", "<?xml version=\"1.0\"?><rss version=\"2.0\">", "application/rss+xml; charset=utf-8"),
            ("atom.xml", "<feed xmlns=\"\">", "application/atom+xml; charset=utf-8"),
            ("sitemap.xml", "<urlset>", "application/xml; charset=utf-8"),
            ("feed.json", "{\"version\":\"https://jsonfeed.org/version/1.1\"", "application/feed+json"),
            ("a.json", "{}", "application/json"),
            ("s.CSS", "", "text/css; charset=utf-8"),
            ("s.js", "", "text/javascript; charset=utf-8"),
            ("p.svg", "", "image/svg+xml; charset=utf-8"),
            ("p.webp", "", "image/webp"),
            ("e.mp3", "", "audio/mpeg"),
            ("f.woff2", "", "font/woff2"),
            ("robots.txt", "", "text/plain; charset=utf-8"),
            ("odd.qqq", "", "application/octet-stream"),
        ] {
            assert_eq!(media_type(path, head.as_bytes()), expected, "{path}");
        }
    }
}

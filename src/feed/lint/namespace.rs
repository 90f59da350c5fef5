//! XML namespaces of feeds.

/// A namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// No namespace: RSS 2.0 itself, and attributes without a prefix.
    None,
    /// `xml:`.
    Xml,
    Atom,
    /// Atom 0.3.
    AtomOld,
    Rdf,
    /// RSS 1.0, and 0.90.
    RssOld,
    Xhtml,
    /// `content:encoded`.
    Content,
    Dc,
    /// RFC 5005.
    History,
    /// RFC 6721.
    Tombstones,
    /// Apple's elements of podcasts.
    Itunes,
    /// The podcast namespace.
    Podcast,
    /// Another known namespace.
    Other,
    Unknown,
    /// The prefix is not declared.
    Undeclared,
}

/// All known namespaces, with their URIs.
const KNOWN: [(&str, Space); 42] = [
    ("http://www.w3.org/2005/Atom", Space::Atom),
    ("http://purl.org/rss/1.0/modules/content/", Space::Content),
    ("http://purl.org/dc/elements/1.1/", Space::Dc),
    ("http://purl.org/syndication/history/1.0", Space::History),
    ("http://purl.org/atompub/tombstones/1.0", Space::Tombstones),
    ("http://www.w3.org/1999/xhtml", Space::Xhtml),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", Space::Rdf),
    ("http://purl.org/rss/1.0/", Space::RssOld),
    ("http://my.netscape.com/rdf/simple/0.9/", Space::RssOld),
    ("http://channel.netscape.com/rdf/simple/0.9/", Space::RssOld),
    ("http://purl.org/atom/ns#", Space::AtomOld),
    ("http://www.w3.org/XML/1998/namespace", Space::Xml),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("http://www.itunes.com/DTDs/Podcast-1.0.dtd", Space::Itunes),
    ("https://podcastindex.org/namespace/1.0", Space::Podcast),
    ("https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Space::Podcast),
    ("http://www.google.com/schemas/play-podcasts/1.0", Space::Other),
    ("http://search.yahoo.com/mrss/", Space::Other),
    ("http://purl.org/dc/terms/", Space::Other),
    ("http://purl.org/rss/1.0/modules/syndication/", Space::Other),
    ("http://purl.org/syndication/thread/1.0", Space::Other),
    ("http://www.georss.org/georss", Space::Other),
    ("http://www.opengis.net/gml", Space::Other),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", Space::Other),
    ("http://www.w3.org/2007/app", Space::Other),
    ("http://a9.com/-/spec/opensearch/1.1/", Space::Other),
    ("http://a9.com/-/spec/opensearchrss/1.0/", Space::Other),
    ("http://purl.org/rss/1.0/modules/slash/", Space::Other),
    ("http://wellformedweb.org/CommentAPI/", Space::Other),
    ("http://backend.userland.com/creativeCommonsRssModule", Space::Other),
    ("http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html", Space::Other),
    ("http://web.resource.org/cc/", Space::Other),
    ("http://webns.net/mvcb/", Space::Other),
    ("http://source.scripting.com/", Space::Other),
    ("http://blogs.law.harvard.edu/tech/rss", Space::Other),
    ("http://rssnamespace.org/feedburner/ext/1.0", Space::Other),
    ("http://schemas.google.com/g/2005", Space::Other),
    ("http://www.youtube.com/xml/schemas/2015", Space::Other),
    ("http://www.w3.org/1998/Math/MathML", Space::Other),
    ("http://www.w3.org/2000/svg", Space::Other),
    ("http://www.w3.org/1999/xlink", Space::Other),
    ("http://prismstandard.org/namespaces/basic/2.0/", Space::Other),
];

impl Space {
    /// The namespace with exactly this `uri` (Namespaces in XML, section 2.3).
    pub fn of(uri: &str) -> Self {
        if uri.is_empty() {
            return Space::None;
        }
        KNOWN.iter().find(|(known, _)| *known == uri).map_or(Space::Unknown, |(_, space)| *space)
    }

    /// The known URI that differs from `uri` only by scheme, case, or a `/` or `#` at the end.
    pub fn meant(uri: &str) -> Option<&'static str> {
        let key = |uri: &str| {
            let uri = uri.to_ascii_lowercase();
            let uri = uri.trim().trim_start_matches("https:").trim_start_matches("http:");
            uri.trim_end_matches(['/', '#']).to_owned()
        };
        let wanted = key(uri);
        KNOWN.iter().find(|(known, _)| key(known) == wanted).map(|(known, _)| *known)
    }
}

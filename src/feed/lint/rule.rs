//! The rules: faults in feeds, their effect on readers, and their remedies.
//!
//! This table is the only place that describes a rule. `content/docs/reference/feed-lint.md` lists all rules, and a test checks
//! that it does. An id never changes, since scripts and people's notes use it.

/// The severity of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A standard forbids it, or readers lose something.
    Error,
    /// It is allowed or mostly harmless, but some readers get less.
    Warning,
}

/// The description of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its id, which never changes: words with `-` between them.
    pub id: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// The fault, as a sentence without its full stop.
    pub what: &'static str,
    /// The effect on somebody who reads the feed.
    pub why: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

macro_rules! rules {
    ($($rule:ident $severity:ident $id:literal $what:literal $why:literal $remedy:literal;)*) => {
        /// A rule; [`Rule::about`] describes it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $what] $rule,)* }

        impl Rule {
            /// All rules, in the order of the documentation.
            pub const ALL: &[Rule] = &[$(Rule::$rule),*];

            /// The rule's description.
            pub const fn about(self) -> About {
                match self {
                    $(Rule::$rule => About {
                        id: $id, severity: Severity::$severity, what: $what, why: $why, remedy: $remedy,
                    },)*
                }
            }
        }
    };
}

rules! {
    // The document.
    NotAFeed Error "not-a-feed" "this is no feed"
        "somebody who subscribes to it gets nothing"
        "give the address of an RSS, Atom or JSON feed; a page names its feeds with `<link rel=\"alternate\">`";
    OldFormat Warning "old-format" "the feed has a format of the past"
        "its dates, ids and texts have no lasting rules, so readers guess; only its outline is judged here"
        "publish RSS 2.0, Atom 1.0 or JSON Feed 1.1";
    TooLarge Error "too-large" "the feed is larger than 15 MB"
        "readers give up on it, and get nothing"
        "list fewer entries (`limit`), or only summaries";
    Large Warning "large" "the feed is larger than 512 KB"
        "each reader fetches it many times a day, and some stop at half a megabyte"
        "list fewer entries (`limit`), or only summaries (`content = \"summary\"`)";
    NoEntries Warning "no-entries" "the feed has no entries"
        "a reader shows nothing, and some refuse the subscription"
        "publish something, or leave the feed out until there is something";
    // Bytes and XML.
    Encoding Error "encoding" "the bytes are not in the encoding that the document says"
        "an XML parser has to stop there, or letters turn into others"
        "write the feed in UTF-8, and say so or say nothing";
    NotUtf8 Warning "not-utf8" "the feed is not in UTF-8"
        "XML parsers have to know no other encoding but UTF-16"
        "write the feed in UTF-8";
    ByteOrderMark Warning "byte-order-mark" "the JSON begins with a byte order mark"
        "RFC 8259, section 8.1, forbids it, and some parsers stop at it"
        "write the file without it";
    NotWellFormed Error "not-well-formed" "the XML is not well-formed"
        "an XML parser has to stop there, and what follows is lost"
        "escape `&` and `<` in text, close every element, quote every attribute; better, let a library write it";
    UndefinedEntity Error "undefined-entity" "a named entity is not defined"
        "XML knows only amp, lt, gt, quot and apos; at any other a parser stops"
        "write the character itself, or its number";
    UndeclaredNamespace Error "undeclared-namespace" "a prefix has no namespace"
        "a parser that knows namespaces stops there, others don't know what the element means"
        "declare it at the root, such as `xmlns:dc=\"http://purl.org/dc/elements/1.1/\"`";
    ForbiddenCharacter Error "forbidden-character" "XML 1.0 forbids this character"
        "an XML parser has to stop there, and what follows is lost"
        "leave it out: it has no meaning to a reader";
    UnknownNamespace Warning "unknown-namespace" "the namespace is not one that readers know"
        "a mistyped namespace hides all that is in it"
        "compare it with its specification, letter for letter, if it is meant to be a known one";
    BadJson Error "bad-json" "the JSON is not well-formed"
        "a JSON parser has to stop there, and nothing is read"
        "let a library write it";
    // Structure.
    MissingElement Error "missing-element" "something required is missing or empty"
        "readers rely on it; some refuse the feed, some make up a text"
        "add it";
    DuplicateElement Error "duplicate-element" "something stands twice that may stand once"
        "which of the two a reader takes is chance"
        "keep one";
    UnknownElement Error "unknown-element" "the format has no such element here"
        "readers pass it over; often it is a slip of the pen, or stands in the wrong place"
        "correct its name or place, or give it a namespace";
    UnknownKey Warning "unknown-key" "JSON Feed has no such key here"
        "readers pass it over; often it is a slip of the pen"
        "correct it, or begin the name of an extension with `_`";
    WrongType Error "wrong-type" "a value is of the wrong type"
        "parsers with types refuse the whole feed"
        "write it as the specification has it";
    BadVersion Error "bad-version" "the version is missing or unknown"
        "a reader can't tell by which rules to read it"
        "write `<rss version=\"2.0\">`, or `\"version\": \"https://jsonfeed.org/version/1.1\"`";
    BadValue Error "bad-value" "the value is not one of those that are allowed"
        "readers pass it over, or take it for another"
        "write one of them";
    StrayText Error "stray-text" "text stands where only elements may"
        "nobody gets to see it"
        "put it into an element, or take it out";
    DeprecatedKey Warning "deprecated-key" "JSON Feed 1.1 has another key for this"
        "newer readers may not look for it"
        "write `authors`, a list, instead of `author`";
    // Identity.
    MissingId Error "missing-id" "there is no id"
        "a reader can't tell whether it has shown this already"
        "give it an id that never changes, such as a `tag:` URI (RFC 4151)";
    MissingGuid Warning "missing-guid" "the item has no guid"
        "readers go by its address or title, and show it again when either changes"
        "add `<guid isPermaLink=\"false\">` with an id that never changes";
    DuplicateId Error "duplicate-id" "two entries have the same id"
        "a reader shows one of them"
        "give each an id of its own";
    RelativeId Error "relative-id" "the id is no absolute URI"
        "it is unique in this feed only, and readers keep ids of many"
        "write a `tag:` URI, or a whole URL that never changes";
    GuidPermalink Error "guid-permalink" "the guid counts as a permalink and is no web address"
        "readers open it as a link, and nothing is there"
        "write `<guid isPermaLink=\"false\">`: without the attribute a guid counts as a permalink";
    NumericId Warning "numeric-id" "the id is a number"
        "JSON Feed wants text; large numbers are rounded, and two ids become one"
        "put it into quotes";
    BlankInId Warning "blank-in-id" "the id has white space around it or in it"
        "some readers keep it, some drop it, and an entry shows twice when they change their mind"
        "write it without";
    // Dates.
    BadDate Error "bad-date" "the date can't be read"
        "readers take the time of the fetch instead, so that old entries come up as new"
        "write RFC 822 with a four-digit year in RSS, such as `Fri, 14 Feb 2014 14:47:00 +0800`, and RFC 3339 elsewhere, such as `2014-02-14T14:47:00+08:00`";
    OddDate Warning "odd-date" "the date is written as few programs write it"
        "some readers can't read it, and take the time of the fetch instead"
        "write names with a capital letter, a blank after the comma, and the zone as an offset or `GMT`, such as `Fri, 14 Feb 2014 14:47:00 +0800`";
    ImplausibleDate Warning "implausible-date" "the date is probably not meant"
        "readers sort the entry to the very end or to the very top, and some refuse the feed"
        "leave the date out if there is none";
    MissingZone Error "missing-zone" "the date has no time zone"
        "readers take it for UTC or for their own time, and are hours off"
        "add an offset, such as `+0100` or `Z`";
    WrongWeekday Error "wrong-weekday" "the weekday is not that of the date"
        "one of the two is wrong, and nobody knows which"
        "let a program write the date";
    LeapSecond Warning "leap-second" "the time has a second 60"
        "most date libraries refuse it, so that the entry loses its date"
        "write second 59";
    ShortYear Warning "short-year" "the year has two digits"
        "readers guess the century"
        "write all four";
    MissingDate Warning "missing-date" "the entry has no date"
        "readers take the time of the fetch, and sort it by that"
        "add `pubDate`, `published` or `date_published`";
    FutureDate Warning "future-date" "the date lies in the future"
        "some readers hide the entry until then, some keep it on top for ever"
        "publish the entry when it is due, and check the clock and the offset";
    UpdatedEarly Warning "updated-early" "the update is earlier than the publication"
        "readers that sort by update show it in the wrong place"
        "leave the update out, or correct the date";
    FeedUpdatedEarly Warning "feed-updated-early" "the feed's own date is earlier than its newest entry"
        "a reader that goes by it thinks that nothing is new"
        "make it the newest date among the entries";
    NotNewestFirst Warning "not-newest-first" "the entries are not in order, newest first"
        "readers that take the first few miss new ones"
        "sort them by date of publication";
    SameUpdated Warning "same-updated" "entries of different dates have the same update"
        "a rebuild seems to have touched them all; readers show old entries as updated"
        "change the date only where the text has changed";
    DateTwice Warning "date-twice" "the item has both pubDate and dc:date"
        "some readers go by the one, some by the other"
        "keep pubDate";
    // Addresses.
    RelativeUrl Error "relative-url" "the URL is not absolute"
        "a feed is read far from its site, where it leads nowhere"
        "write it with scheme and host";
    InvalidUrl Error "invalid-url" "the URL is not valid"
        "readers cut it off, or drop the link"
        "percent-encode what RFC 3987 does not allow, such as spaces";
    OddScheme Warning "odd-scheme" "the URL is neither http nor https"
        "few readers can open it"
        "link to a web page";
    MissingSelf Warning "missing-self" "the feed does not say where it lives"
        "readers and hubs that get it from elsewhere can't find it again"
        "add `<atom:link rel=\"self\">` in RSS, `<link rel=\"self\">` in Atom, `feed_url` in JSON Feed";
    SelfMismatch Warning "self-mismatch" "the feed says that it lives elsewhere"
        "readers follow it and subscribe to another feed, or to none"
        "write the address that the feed is fetched from";
    MissingLink Error "missing-link" "the entry has neither a link nor content"
        "there is nothing to read (RFC 4287, section 4.1.2)"
        "add a link with `rel=\"alternate\"`, or the content";
    MissingHome Warning "missing-home" "the feed does not link to its site"
        "readers show no way to the site"
        "add a link with `rel=\"alternate\"`, or `home_page_url`";
    DuplicateLink Error "duplicate-link" "two alternate links have the same type and language"
        "which of the two a reader opens is chance (RFC 4287, section 4.1.1)"
        "keep one, or say with `type` or `hreflang` how they differ";
    UnknownRel Warning "unknown-rel" "the relation of the link is not registered"
        "readers pass the link over"
        "use one of IANA's link relations, or a URI of your own";
    ArchiveLinks Error "archive-links" "the links between the parts of the feed don't fit together"
        "a reader that follows them goes in circles or misses entries (RFC 5005)"
        "let each part link to others and not to itself; an archive is not complete, and links to the `current` feed";
    XmlBase Warning "xml-base" "the feed relies on xml:base"
        "many readers ignore it, and links lead nowhere"
        "write absolute URLs";
    // Attachments of entries.
    IncompleteEnclosure Error "incomplete-enclosure" "the enclosure has no address, length or type"
        "podcast programs pass it over"
        "give all of them: url, length in bytes, media type"
        ;
    BadNumber Error "bad-number" "this is no whole number, or not in its range"
        "parsers with types refuse the whole feed"
        "write digits only";
    ZeroLength Warning "zero-length" "the enclosure has length 0"
        "podcast programs can't show its size or how far a download is"
        "write the file's length in bytes";
    SeveralEnclosures Warning "several-enclosures" "the item has several enclosures"
        "most readers take one, some the first, some the last"
        "keep one"
        ;
    BadMediaType Error "bad-media-type" "this is no media type"
        "readers don't know what to do with the file"
        "write one such as `audio/mpeg`";
    Tombstone Error "tombstone" "the mark of a deleted entry is not complete"
        "readers can't tell what was deleted (RFC 6721, section 3)"
        "give it `ref`, the id of the entry, and `when`, a date as in RFC 3339";
    // Texts.
    HtmlInTitle Warning "html-in-title" "the title has markup"
        "readers show the tags, or drop what is between them"
        "write plain text; in Atom say `type=\"html\"`";
    HtmlInText Warning "html-in-text" "a plain text has markup"
        "readers show the tags"
        "in Atom say `type=\"html\"`; in JSON Feed use `content_html`";
    DoubleEscaped Warning "double-escaped" "the text seems to be escaped twice"
        "readers show `&amp;` and tags instead of what they mean"
        "escape it once";
    NoContent Warning "no-content" "the entry has neither text nor summary"
        "there is a headline and nothing to read"
        "add a summary or, better, the whole text";
    TextType Error "text-type" "the type of the text is wrong, or the text is not of that type"
        "readers show markup as text, or nothing (RFC 4287, sections 3.1 and 4.1.3)"
        "say `text`, `html`, or `xhtml` with one `div` around the text";
    MissingAuthor Error "missing-author" "neither the entry nor the feed has an author"
        "Atom wants one (RFC 4287, section 4.1.1); readers show an empty name"
        "give the feed an `author` with a `name`";
    BadEmail Error "bad-email" "this is not an e-mail address as the format wants it"
        "RSS means an address by it; readers show nothing or a broken link"
        "write `name@example.org (Name)` in RSS; a name alone goes into `dc:creator`";
    OddEmail Warning "odd-email" "the e-mail address is not written as the format wants it"
        "some readers show nothing or a broken link"
        "write `name@example.org (Name)` in RSS; a name alone goes into `dc:creator`";
    BadLanguage Error "bad-language" "this is no language tag"
        "readers choose hyphenation, fonts and voices by it"
        "write one as RFC 5646 has it, such as `en` or `zh-Hant`";
    EmptyCategory Error "empty-category" "the category says nothing"
        "readers show an empty tag"
        "give it a text (in Atom, `term`), or take it out";
    ContentUrl Error "content-url" "a URL in the content is not absolute"
        "a feed is read far from its site: the picture is missing, the link leads nowhere"
        "write it with scheme and host";
    ContentCut Error "content-cut" "the content ends in the middle of markup"
        "what comes next in a reader's list is swallowed"
        "cut texts between elements, or not at all";
    UnsafeElement Warning "unsafe-element" "the content has an element that readers take out"
        "scripts, styles, forms and frames are removed, and what they were to show with them"
        "leave it out; put a plain link in the place of a frame";
    UnsafeAttribute Warning "unsafe-attribute" "the content has an attribute that readers take out"
        "event handlers and styles are removed; what depends on them is lost"
        "leave it out";
    UnsafeUrl Warning "unsafe-url" "a URL runs a script or holds a document"
        "readers take the link away, or distrust the feed"
        "link to a page";
    // Podcasts.
    IncompleteShow Warning "incomplete-show" "the show lacks what podcast directories require"
        "they don't list it"
        "add it to the channel";
    UnknownExtension Warning "unknown-extension" "the namespace has no such element here"
        "podcast programs pass it over; often it is a slip of the pen, or stands in the wrong place"
        "correct its name or place";
    UnknownCategory Error "unknown-category" "podcast directories have no such category"
        "the show is refused, or in no list"
        "write a name from Apple's list in `text`, and a subcategory in an element inside of it";
    BadDuration Error "bad-duration" "this is no duration"
        "players show none, or a wrong one"
        "write seconds, or `1:02:30`";
    OldValue Warning "old-value" "the value is one of the past"
        "newer programs may not know it"
        "write `true` or `false`, or in the podcast namespace `yes` or `no`";
    UnknownRole Warning "unknown-role" "the podcast taxonomy has no such role or group"
        "players take the person for a host, or pass the person over"
        "use a name of the list at podcasttaxonomy.com";
    LongText Warning "long-text" "the text is longer than the podcast namespace allows"
        "programs cut it"
        "write a shorter one";
    RepeatedEnclosure Warning "repeated-enclosure" "two items have the same recording"
        "podcast programs show it twice, or one of the two"
        "keep one, or give each a recording of its own";
    // The HTTP response.
    MediaType Warning "media-type" "the feed is served with an unfitting media type"
        "browsers and readers may take it for a page or a download"
        "serve RSS as `application/rss+xml`, Atom as `application/atom+xml`, JSON Feed as `application/feed+json`";
    Charset Error "charset" "the server names another encoding than the document"
        "the server's word counts (RFC 7303, section 3), so that letters turn into others"
        "leave `charset` out, or make the two the same";
}

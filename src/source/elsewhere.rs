//! Names that fields of front matter have in other generators.

use crate::model::metadata::Elsewhere;

/// Names in lower case, without anything but letters and digits, each with what to write here.
pub(super) const ELSEWHERE: &[Elsewhere] = &[
    (
        &["permalink"],
        "use `path` for the whole path or `slug` for its last part; `[permalinks]` in site.toml is for all articles",
    ),
    (
        &["category", "categories"],
        "use `topics` or `tags`; or add `[taxonomies.categories]` to site.toml, and the field is known",
    ),
    (&["series"], "add `[taxonomies.series]` to site.toml, and the field is known"),
    (
        &["layout", "type", "view", "templateengine", "pagetemplate"],
        "use `template`, the name of a file in `templates/`",
    ),
    (
        &[
            "cover",
            "coverimage",
            "thumbnail",
            "thumb",
            "featuredimage",
            "featureimage",
            "featimage",
            "heroimage",
            "hero",
            "images",
            "ogimage",
            "socialimage",
            "teaserimage",
            "photo",
            "picture",
            "header",
        ],
        "use `image`: a path or a URL, or a table of `src`, `alt`, `caption` and `credit`",
    ),
    (
        &["excerpt", "abstract", "teaser", "lead", "intro", "seodescription", "metadescription"],
        "use `summary`",
    ),
    (&["subtitle", "dek", "deck", "subhead", "subheading", "subheadline", "tagline"], "use `standfirst`"),
    (
        &["linktitle", "shorttitle", "seotitle", "metatitle", "headline"],
        "use `title`; a second title goes under `[extra]`",
    ),
    (&["kickertext", "eyebrow", "rubric"], "use `kicker`"),
    (
        &[
            "lastupdated",
            "lastupdate",
            "updatedat",
            "updatedate",
            "updateddate",
            "updatedon",
            "dateupdated",
            "datemodified",
            "modifiedat",
            "modifieddate",
            "modificationdate",
            "lastmodified",
            "lastmodifiedat",
            "edited",
            "revised",
        ],
        "use `updated`",
    ),
    (
        &[
            "created",
            "createdat",
            "createdate",
            "creationdate",
            "datecreated",
            "datepublished",
            "posted",
            "postdate",
            "day",
        ],
        "use `date`",
    ),
    (
        &["redirectfrom", "redirects", "oldurl", "oldurls", "oldpath", "alias", "previousurls"],
        "use `aliases`, a list of old paths",
    ),
    (&["canonicalurl", "canonicallink", "originalurl"], "use `canonical`"),
    (&["language", "locale", "langcode"], "use `lang`"),
    (&["keywords", "keyword", "labels", "label", "tag"], "use `tags`"),
    (&["byline", "writer", "creator", "by"], "use `authors`"),
    (&["order", "position", "navorder", "sidebarposition", "sortorder", "menuorder", "rank"], "use `weight`"),
    (&["audio", "audiofile", "mp3", "media", "attachment"], "use `enclosure`, a path or a URL"),
    (&["uuid", "guidvalue", "identifier"], "use `id`"),
    (&["mathjax", "katex", "latex"], "use `math`"),
    (&["copyright", "license", "licence"], "use `rights`"),
    (&["params", "custom", "meta", "data"], "put values of your own under `[extra]`"),
    (&["menu", "menus", "eleventynavigation"], "links for every page are `[[navigation]]` in site.toml"),
    (
        &["toc", "tableofcontents", "showtoc", "comments", "disqus"],
        "put it under `[extra]`, where a template reads it; or pass it over with `[front_matter] ignore` in site.toml",
    ),
];

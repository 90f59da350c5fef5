//! Names that options of `site.toml` have in other generators.

use crate::model::metadata::Elsewhere;

/// Names in lower case, without anything but letters and digits, each with what to write here.
pub(super) const ELSEWHERE: &[Elsewhere] = &[
    (
        &["url", "siteurl", "site", "domain", "host"],
        "use `base_url`, such as `base_url = \"https://example.org/\"`",
    ),
    (
        &["paginate", "pagination", "paginateby", "pagersize", "postsperpage", "perpage"],
        "use `page_size`, such as `page_size = 20`",
    ),
    (
        &["languagecode", "defaultlanguage", "defaultcontentlanguage", "lang"],
        "use `language`, such as `language = \"en\"`",
    ),
    (&["menu", "menus", "nav", "mainmenu"], "use `[[navigation]]` with `title` and `url`"),
    (&["params", "variables", "data"], "values of your own go under `[extra]`"),
    (&["copyright", "license", "licence"], "use `rights`"),
    (&["name", "sitename", "sitetitle"], "use `title`"),
    (&["subtitle", "tagline", "slogan"], "use `description`"),
    (&["favicon"], "use `icon`"),
    (&["permalink", "permalinkstructure", "permalinkpattern"], "use `default` under `[permalinks]`"),
    (&["markup", "markdownextensions", "kramdown", "commonmark", "goldmark"], "use `[markdown]`"),
    (&["highlighter", "syntaxhighlighting", "pygments", "highlight"], "use `highlight` under `[markdown]`"),
    (
        &[
            "feed",
            "rss",
            "atom",
            "generatefeed",
            "generatefeeds",
            "feedfilename",
            "feedfilenames",
            "rsslimit",
            "feedlimit",
        ],
        "use `[feeds]`, with `formats`, `limit` and the names of the files",
    ),
    (&["gitinfo", "enablegitinfo"], "use `git = true` under `[dates]`"),
    (&["builddrafts", "showdrafts", "drafts"], "give `--drafts` to `dateline build` or `serve`"),
    (&["buildfuture", "future"], "give `--future` to `dateline build` or `serve`"),
    (
        &["publishdir", "outputdir", "destination", "dest", "output", "out"],
        "give `--out DIR` to the commands; by default it is `public`",
    ),
    (
        &["contentdir", "source", "src", "input", "inputdir"],
        "sources are always in `content/`; `--root` names the folder of the site",
    ),
    (&["staticdir"], "files are copied from `static/`; a theme has its own folder"),
    (&["collections"], "a folder of `content/` is a section; `_index.md` in it describes it"),
    (&["defaults", "frontmatterdefaults", "cascade"], "use `[cascade]` in the `_index.md` of a section"),
    (&["include", "keepfiles"], "use `copy`, a list of patterns"),
    (
        &["plugins", "gems", "module", "modules"],
        "there are no plugins; templates, components and `[[outputs]]` make what a site needs",
    ),
    (
        &["googleanalytics", "analytics", "disqus", "disqusshortname"],
        "put the code for it into `templates/head-end.html` or `templates/article-end.html`",
    ),
    (&["minify", "minifyhtml", "compress"], "use `minify` under `[css]`, and `compress` under `[hosting]`"),
    (&["aliases", "redirects", "redirectfrom"], "use `aliases` in front matter, or `static/_redirects`"),
    (&["dateformat"], "use `format` under `[dates]`"),
    (&["imaging", "imageprocessing"], "use `[images]`"),
    (&["locales"], "`language` is that of the site; a section sets `lang`"),
    (&["mainsections"], "the front page has the articles of all sections"),
];

//! The site's style sheet, and the theme's other files.
//!
//! `style.css` is the entry. An import by a plain name is taken from `static/` (the site's own, or its theme's), else
//! from the built-in theme. `site.css` contains the `[theme.colours]`, and `custom.css` is for the publisher. All of
//! them become one minified file with its digest in its name. Files of `static/` that are part of it are not copied.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use miette::Diagnostic;
use thiserror::Error;

use crate::config::Config;
use crate::language::Language;
use crate::model::diagnostics::Problem;
use crate::render::icon;
use crate::render::template::{ASSETS, SEARCH, STYLES};
use crate::source::Found;
use crate::storage::file;

/// The style sheet that imports the others.
const ENTRY: &str = "style.css";

/// The style sheet of feeds.
const FEED: &str = "feed.css";

/// Number of digits of a digest in a name.
const DIGITS: usize = 12;

/// A regular expression for the names of style sheets with digests in them.
pub const STYLE_NAMES: &str = r"style-[0-9a-f]{12}\.css";

/// Problems with a style sheet.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum StyleError {
    /// A syntax error.
    #[error("this style sheet can't be bundled: {message}")]
    #[diagnostic(
        code(style::bundle),
        help("mend it, or set `bundle = false` under `[css]` in `site.toml`: then it is copied as it is")
    )]
    Bundle {
        /// The reason.
        message: String,
    },
    /// A part that browsers would leave out.
    #[error("a part of this style sheet is left out: {message}")]
    #[diagnostic(severity(warning), code(style::part), help("mend or remove it"))]
    Part {
        /// The reason.
        message: String,
    },
    /// A rule that begins with `@` and a name that no browser knows. It is kept.
    #[error("browsers know no rule `@{name}`, and leave it out")]
    #[diagnostic(
        severity(warning),
        code(style::part),
        help("{}", near.map_or_else(|| "mend or remove it".to_owned(), |near| format!("did you mean `@{near}`?")))
    )]
    Unknown {
        /// The name, in lower case.
        name: String,
        /// The nearest name that browsers know.
        near: Option<&'static str>,
    },
    /// A bracket, a quote or a comment without an end.
    #[error("nothing closes this `{open}`, so all that follows in this file is inside of it")]
    #[diagnostic(severity(warning), code(style::part), help("add `{close}` where it ends"))]
    Unclosed {
        /// Its first sign.
        open: &'static str,
        /// The sign that would end it.
        close: &'static str,
    },
}

/// Files that the theme's pages refer to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// The theme's files, by name.
    pub files: Vec<ThemeFile>,
    /// The file name of the site's style sheet.
    pub sheet: String,
    /// The value of `integrity` for it (W3C Subresource Integrity, section 3.1).
    pub integrity: Option<String>,
    /// Paths below `static/` of the files that are part of it, and are not copied.
    pub bundled: Vec<String>,
}

/// A file of the theme.
#[derive(Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// Its name, which is its path on the site.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// True if its digest is part of its name, so that a changed file has another name.
    pub is_hashed: bool,
}

/// Makes the style sheet of the site at `root`; `own` are the site's files under `static/`.
pub fn make(root: &Path, config: &Config, own: &[Found], problems: &mut Vec<Problem>) -> Styles {
    let plain = |name: &str, text: &str| ThemeFile {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
        is_hashed: false,
    };
    let asset = |(name, text): &(&str, &str)| match *name {
        FEED => plain(name, &format!("{text}{}", in_language(config.words.site()))),
        _ => plain(name, text),
    };
    let of_search = SEARCH.iter().filter(|_| config.search.enabled);
    let mut files: Vec<ThemeFile> = ASSETS.iter().chain(of_search).map(asset).collect();
    let has_icon =
        config.icon.is_some() || icon::OWN.iter().any(|name| own.iter().any(|file| file.path() == *name));
    if !has_icon {
        files.push(plain(icon::NAME, &icon::made(config)));
    }
    let sources = Sources::new(root, config, own);
    let mut styles = Styles { sheet: ENTRY.to_owned(), ..Styles::default() };
    if config.css.bundle && cfg!(feature = "css") {
        let before = problems.len();
        if let Some((text, parts)) = bundle::bundle(&sources, config.css.minify, problems) {
            if config.css.fingerprint {
                let digest = crate::model::digest::Digest::of(text.as_bytes()).to_string();
                styles.sheet = format!("style-{}.css", &digest[..DIGITS]);
                files.push(ThemeFile { is_hashed: true, ..plain(&styles.sheet, &text) });
            }
            styles.integrity = config.css.integrity.then(|| bundle::integrity(text.as_bytes()));
            // For older templates and pages that link `style.css` by its plain name.
            files.push(plain(ENTRY, &text));
            styles.bundled = sources.own_among(parts);
        }
        if problems[before..].iter().any(Problem::is_error) {
            return Styles { files: Vec::new(), ..styles };
        }
    } else {
        let parts = sources.texts.iter().filter(|one| one.own.is_none());
        files.extend(parts.map(|one| plain(&one.name, one.text().unwrap_or_default())));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Styles { files, ..styles }
}

/// The rules by which the style sheet of feeds speaks another language than English.
fn in_language(language: &Language) -> String {
    let intro = language.word("feed_intro").unwrap_or_default();
    let mut rules = String::new();
    if Some(&intro) != Language::english().word("feed_intro").as_ref() {
        let intro = intro.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
        rules.push_str(&format!("\nrss::before, atom|feed::before {{ content: \"{intro}\"; }}\n"));
    }
    if language.direction() == "rtl" {
        rules.push_str("\nrss, atom|feed { direction: rtl; }\n");
        rules.push_str(
            "rss::before, atom|feed::before { border-left: 0; border-right: .25rem solid #b3541e; }\n",
        );
    }
    rules
}

/// Texts that the style sheet can be made from.
struct Sources {
    /// Own files first: they replace files of the theme with the same names.
    texts: Vec<Source>,
}

struct Source {
    /// Its path below `static/`.
    name: String,
    /// Its file name, for people.
    #[cfg_attr(
        not(feature = "css"),
        expect(dead_code, reason = "only the bundler says what is wrong in it")
    )]
    file: String,
    /// Its content, or the reason why it can't be read. Own files are read when something imports them.
    text: OnceLock<Result<String, String>>,
    /// The path of an own file, which is copied if nothing imports it.
    own: Option<PathBuf>,
}

impl Source {
    fn text(&self) -> Result<&str, &str> {
        let read = || match &self.own {
            Some(path) => file::read_text(path, file::STYLE).map_err(|error| error.to_string()),
            None => Ok(String::new()),
        };
        self.text.get_or_init(read).as_deref().map_err(String::as_str)
    }
}

impl Sources {
    fn new(root: &Path, config: &Config, own: &[Found]) -> Sources {
        let of_site = own.iter().filter(|file| file.path().ends_with(".css")).map(|file| Source {
            name: file.path().to_owned(),
            file: file.name.to_string(),
            text: OnceLock::new(),
            own: Some(file.file(root)),
        });
        let mut texts: Vec<Source> = of_site.collect();
        let standard = STYLES.iter().map(|(name, text)| (*name, (*text).to_owned()));
        for (name, text) in standard.chain([("site.css", colours(config)), ("custom.css", String::new())]) {
            if !texts.iter().any(|one| one.name == name) {
                let (name, file) = (name.to_owned(), format!("theme/{name}"));
                texts.push(Source { name, file, text: OnceLock::from(Ok(text)), own: None });
            }
        }
        Sources { texts }
    }

    /// The files of `static/` among `names`.
    fn own_among(&self, mut names: Vec<String>) -> Vec<String> {
        names.retain(|name| self.texts.iter().any(|one| one.name == *name && one.own.is_some()));
        names
    }

    #[cfg(all(test, feature = "css"))]
    fn of(sheets: &[(&str, &str)]) -> Sources {
        let of_site = sheets.iter().map(|(name, text)| Source {
            name: (*name).to_owned(),
            file: (*name).to_owned(),
            text: OnceLock::from(Ok((*text).to_owned())),
            own: None,
        });
        Sources { texts: of_site.collect() }
    }

    #[cfg(feature = "css")]
    fn get(&self, name: &str) -> Option<&Source> {
        self.texts.iter().find(|one| one.name == name)
    }
}

/// `[theme.colours]` as custom properties.
fn colours(config: &Config) -> String {
    let colours = &config.theme.colours;
    if colours.is_empty() {
        return String::new();
    }
    let one = |(name, colour): &(&str, crate::config::Colour)| {
        format!("  --{name}: light-dark({}, {});\n", colour.light, colour.dark)
    };
    format!(":root {{\n{}}}\n", colours.iter().map(one).collect::<String>())
}

#[cfg(not(feature = "css"))]
mod bundle {
    pub(super) fn bundle(
        _: &super::Sources,
        _: bool,
        _: &mut Vec<super::Problem>,
    ) -> Option<(String, Vec<String>)> {
        None
    }

    pub(super) fn integrity(_: &[u8]) -> String {
        String::new()
    }
}

#[cfg(feature = "css")]
mod bundle;
#[cfg(feature = "css")]
mod conditions;
#[cfg(feature = "css")]
mod rules;
#[cfg(feature = "css")]
mod tokens;
#[cfg(feature = "css")]
mod writer;

#[cfg(all(test, feature = "css"))]
mod tests {
    #[test]
    fn integrity_is_the_digest_of_fips_180() {
        // SHA-384 of `abc`, as FIPS 180-2 has it in appendix D.1, in base64.
        let expected = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(super::bundle::integrity(b"abc"), expected);
    }
}

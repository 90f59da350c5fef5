//! The words of a site: the files of `languages/`, and what they lack.

use std::collections::BTreeMap;
use std::path::Path;

use miette::Diagnostic;
use thiserror::Error;

use crate::config::{self, Config};
use crate::language::{self, Language, OwnFile, Source, Tag};
use crate::model::diagnostics::{Place, Problem};
use crate::site::library::Library;
use crate::source::Found;
use crate::storage::file;

/// The extension of files with words.
const EXTENSION: &str = ".ftl";

/// Problems with the words of a site.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
enum WordsError {
    /// A file whose name is no language tag.
    #[error("\u{201c}{name}\u{201d} is no language")]
    #[diagnostic(
        code(words::name),
        help("name the file by the tag of its language (BCP 47): `de.ftl`, `pt-BR.ftl`, `zh-Hant.ftl`")
    )]
    Name {
        /// The name without the extension.
        name: String,
    },
    /// A file that can't be read.
    #[error("this can't be read: {reason}")]
    #[diagnostic(code(words::read), help("see to it that it is a file of UTF-8 text that you may read"))]
    Read {
        /// The system's reason.
        reason: String,
    },
    /// A language without words.
    #[error("the theme has no words in the language `{tag}`, so pages in it speak {instead}")]
    #[diagnostic(
        severity(warning),
        code(words::missing),
        help("write them into `languages/{tag}.ftl`: {names}")
    )]
    Missing {
        /// Its tag.
        tag: String,
        /// The tag of the language that pages speak in its place.
        instead: String,
        /// The names of the words.
        names: String,
    },
}

/// `config` with the words of the `found` files.
pub(super) fn with_own(root: &Path, config: Config, found: &[Found], problems: &mut Vec<Problem>) -> Config {
    let own: Vec<OwnFile> = found.iter().filter_map(|file| own_file(root, file, problems)).collect();
    if own.is_empty() {
        return config;
    }
    Config { words: config.spoken(own), ..config }
}

/// True for a file that [`with_own`] reads.
pub(super) fn is_own(found: &Found) -> bool {
    found.path().ends_with(EXTENSION)
}

fn own_file(root: &Path, found: &Found, problems: &mut Vec<Problem>) -> Option<OwnFile> {
    let mut refuse = |error: WordsError| {
        problems.push(Problem::new(error, Place::file(found.name.clone())));
        None
    };
    let stem = found.path().strip_suffix(EXTENSION)?;
    let Some(tag) = Tag::parse(stem) else { return refuse(WordsError::Name { name: stem.to_owned() }) };
    let text = match file::read_text(&found.file(root), file::TEMPLATE) {
        Ok(text) => text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        Err(error) => return refuse(WordsError::Read { reason: error.to_string() }),
    };
    let (source, errors) = Source::parse(&text);
    problems.extend(errors.into_iter().map(|error| {
        let place = Place::in_text(found.name.clone(), &text, error.span.clone());
        Problem::new(error, place)
    }));
    Some(OwnFile { tag, text, source })
}

/// A warning for each language that has not all words of the theme: that of the site, and those of public articles,
/// pages and sections.
pub(super) fn missing(config: &Config, library: &Library) -> Vec<Problem> {
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    places.insert(&config.language, Place::file(config::FILE));
    for leaf in &library.leaves {
        if let Some(lang) = leaf.rare.lang.as_deref() {
            places.entry(lang).or_insert_with(|| Place::file(leaf.name().clone()));
        }
    }
    for section in &library.sections {
        if let (Some(lang), Some(document)) = (section.settled.lang.as_deref(), &section.settled.document) {
            places.entry(lang).or_insert_with(|| Place::file(document.name.clone()));
        }
    }
    let problem = |(tag, place): (&str, Place)| {
        let language = config.words.of(tag);
        if language.missing().is_empty() {
            return None;
        }
        let instead = if tag == config.language { "en" } else { &config.language };
        Some(Problem::new(lacking(tag, instead, &language), place))
    };
    places.into_iter().filter_map(problem).collect()
}

fn lacking(tag: &str, instead: &str, language: &Language) -> WordsError {
    let instead = match language::Locale::of(instead) {
        Some(_) if instead == "en" => "English".to_owned(),
        _ => format!("`{instead}`"),
    };
    WordsError::Missing {
        tag: tag.to_owned(),
        instead,
        names: format!("`{}`", language.missing().join("`, `")),
    }
}

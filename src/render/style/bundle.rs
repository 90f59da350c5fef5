//! Bundles style sheets with `lightningcss`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use lightningcss::bundler::{Bundler, ResolveResult, SourceProvider};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::error::ErrorLocation;
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use sha2::Digest;

use super::{ENTRY, Sources, StyleError, layers, nesting};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::walk;

/// A style sheet that can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Absent {
    #[error("there is no style sheet \u{201c}{0}\u{201d} in `static/` or in the theme")]
    NoFile(String),
    #[error("{file} can't be read: {reason}")]
    Unreadable { file: String, reason: String },
    #[error("{0}")]
    TooDeep(nesting::TooDeep),
}

/// The sources of one bundle.
struct Provider<'s> {
    sources: &'s Sources,
    /// The name of the first source that is nested too deeply, and the byte at which it is.
    too_deep: Mutex<Option<(String, usize)>>,
}

/// Begins the name of a style sheet that is elsewhere.
const ELSEWHERE: char = '\0';

/// The URL of the style sheet elsewhere that has `name`.
fn elsewhere(name: &str) -> Option<&str> {
    name.strip_prefix(ELSEWHERE).and_then(|rest| rest.split_once(ELSEWHERE)).map(|(_, url)| url)
}

impl SourceProvider for Provider<'_> {
    type Error = Absent;

    fn read<'a>(&'a self, file: &Path) -> Result<&'a str, Absent> {
        let name = file.to_string_lossy();
        if elsewhere(&name).is_some() {
            return Ok(layers::PLACEHOLDER);
        }
        let source = self.sources.get(&name).ok_or_else(|| Absent::NoFile(name.clone().into_owned()))?;
        let unreadable =
            |reason: &str| Absent::Unreadable { file: source.file.clone(), reason: reason.to_owned() };
        let text = source.text().map_err(unreadable)?;
        nesting::check(text).map_err(|(at, reason)| {
            let mut first = self.too_deep.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert((name.into_owned(), at));
            Absent::TooDeep(reason)
        })?;
        Ok(text)
    }

    fn resolve(&self, specifier: &str, from: &Path) -> Result<ResolveResult, Absent> {
        if specifier.contains("//") {
            // The bundler puts a placeholder there, with the conditions of the import around it.
            let name = format!("{ELSEWHERE}{}{ELSEWHERE}{specifier}", from.to_string_lossy());
            return Ok(ResolveResult::File(PathBuf::from(name)));
        }
        let name = joined(&from.to_string_lossy(), specifier);
        match name.filter(|name| self.sources.get(name).is_some()) {
            Some(name) => Ok(ResolveResult::File(PathBuf::from(name))),
            None => Err(Absent::NoFile(specifier.to_owned())),
        }
    }
}

/// The path of `url` in the file `from`, below their common folder; `None` if it leaves that folder.
fn joined(from: &str, url: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    walk(if url.starts_with('/') { "" } else { folder }, url)
}

/// The entry with all its imports, and the names of these.
pub(super) fn bundle(
    sources: &Sources,
    minify: bool,
    problems: &mut Vec<Problem>,
) -> Option<(String, Vec<String>)> {
    let provider = Provider { sources, too_deep: Mutex::default() };
    let warnings = Arc::new(RwLock::new(Vec::new()));
    let options = ParserOptions {
        filename: ENTRY.to_owned(),
        error_recovery: true,
        warnings: Some(Arc::clone(&warnings)),
        ..ParserOptions::default()
    };
    let place = |location: Option<&ErrorLocation>| place(sources, location);
    let mut bundler = Bundler::new(&provider, None, options);
    let mut sheet = match bundler.bundle(Path::new(ENTRY)) {
        Ok(sheet) => sheet,
        Err(error) => {
            let cause = StyleError::Bundle { message: error.kind.to_string() };
            let too_deep = provider.too_deep.lock().unwrap_or_else(PoisonError::into_inner).take();
            let place = match too_deep.and_then(|(name, at)| Some((sources.get(&name)?, at))) {
                Some((source, at)) => {
                    Place::in_text(source.file.clone(), source.text().unwrap_or_default(), at..at + 1)
                }
                None => place(error.loc.as_ref()),
            };
            problems.push(Problem::new(cause, place));
            return None;
        }
    };
    layers::hoist(&mut sheet.rules, &|source| {
        sheet.sources.get(source as usize).and_then(|name| elsewhere(name)).map(str::to_owned)
    });
    sheet.sources.retain(|name| elsewhere(name).is_none());
    let written = layers::has_layers(&sheet.rules).then(|| sheet.rules.clone());
    let minified =
        sheet.minify(MinifyOptions::default()).map_err(|error| (error.kind.to_string(), error.loc));
    if let Some(written) = written
        && layers::order(&written) != layers::order(&sheet.rules)
    {
        sheet.rules = written;
    }
    let dependencies = Some(DependencyOptions { remove_imports: false });
    let printed = minified.and_then(|()| {
        let options =
            PrinterOptions { minify, analyze_dependencies: dependencies, ..PrinterOptions::default() };
        sheet.to_css(options).map_err(|error| (error.kind.to_string(), error.loc))
    });
    if let Ok(warnings) = warnings.read() {
        for warning in warnings.iter() {
            let cause = StyleError::Part { message: warning.kind.to_string() };
            problems.push(Problem::new(cause, place(warning.loc.as_ref())));
        }
    }
    let printed = match printed {
        Ok(printed) => printed,
        Err((message, location)) => {
            problems.push(Problem::new(StyleError::Bundle { message }, place(location.as_ref())));
            return None;
        }
    };
    let mut text = printed.code;
    for dependency in printed.dependencies.into_iter().flatten() {
        let (url, placeholder, from) = match dependency {
            Dependency::Url(one) => (one.url, one.placeholder, one.loc.file_path),
            Dependency::Import(one) => (one.url, one.placeholder, one.loc.file_path),
        };
        // A URL is relative to the file that contains it, but the bundled sheet is in the root.
        let is_relative = !url.starts_with(['/', '#']) && !url.contains(':');
        let url = joined(&from, &url).filter(|_| is_relative).unwrap_or(url);
        text = text.replace(&placeholder, &url);
    }
    Some((text, sheet.sources))
}

fn place(sources: &Sources, location: Option<&ErrorLocation>) -> Place {
    let name = location.map_or(ENTRY, |location| location.filename.as_str());
    let Some(source) = sources.get(name) else { return Place::file(name) };
    let (Some(location), Ok(text)) = (location, source.text()) else {
        return Place::file(source.file.clone());
    };
    let lines = text.split_inclusive('\n').take(location.line as usize);
    let start: usize = lines.map(str::len).sum::<usize>() + (location.column as usize).saturating_sub(1);
    let mut start = start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    Place::in_text(source.file.clone(), text, start..start)
}

/// The value of `integrity` for `bytes`.
pub(super) fn integrity(bytes: &[u8]) -> String {
    let digest = sha2::Sha384::digest(bytes);
    format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(digest))
}

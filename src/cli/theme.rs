//! `dateline theme`: copies the theme's files into a site.

use std::path::Path;
use std::process::ExitCode;

use dateline::config::{self, Config};
use dateline::language::{self, BUILT_IN};
use dateline::model::diagnostics::Problem;
use dateline::model::printable::printable;
use dateline::model::suggest::nearest;
use dateline::pipeline::{self, Blame, STATIC};
use dateline::render::template;
use dateline::storage::file;
use miette::Diagnostic;
use thiserror::Error;

use super::{DONE, console, exit_code, new};
use crate::cli::arguments::{EjectArgs, ThemeArgs, ThemeWhat};

/// Reasons why nothing was copied.
#[derive(Debug, Error, Diagnostic)]
enum EjectError {
    #[error("the theme has no file \u{201c}{name}\u{201d}")]
    #[diagnostic(code(theme::file), help("{remedy}"))]
    NoFile { name: String, remedy: String },
    #[error("{file} is there already")]
    #[diagnostic(
        code(theme::exists),
        help("it replaces the theme's file; nothing was changed. Move it away to get the theme's again")
    )]
    Exists { file: String },
    #[error("{file} can't be read: {reason}")]
    #[diagnostic(code(theme::unreadable), help("check the permissions of the theme's folder"))]
    Unreadable { file: String, reason: String },
}

/// Problems, and who can mend them.
type Refused = (Blame, Vec<Problem>);

/// Runs the subcommand.
pub fn run(arguments: &ThemeArgs) -> ExitCode {
    let ThemeWhat::Eject(arguments) = &arguments.what;
    let made = match &arguments.file {
        None => Ok(list()),
        Some(file) => eject(arguments, file),
    };
    match made {
        Ok(text) => {
            console::say_lines(&text);
            ExitCode::from(DONE)
        }
        Err((blame, problems)) => {
            console::problems(&problems);
            exit_code(blame)
        }
    }
}

/// A file of the built-in theme. A site has its copy in the folder of the same name.
struct ThemeFile {
    folder: &'static str,
    name: &'static str,
    text: &'static str,
}

impl ThemeFile {
    /// Its path, in the theme and in a site.
    fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }
}

fn files() -> impl Iterator<Item = ThemeFile> {
    let of = |folder| move |(name, text): &template::Embedded| ThemeFile { folder, name, text };
    let templates = template::THEME_TEMPLATES.iter().map(of(template::FOLDER));
    let words = BUILT_IN.iter().map(|(_, name, text)| ThemeFile { folder: language::FOLDER, name, text });
    templates
        .chain(template::STYLES.iter().chain(template::ASSETS).chain(template::SEARCH).map(of(STATIC)))
        .chain(words)
}

fn list() -> String {
    files().map(|file| file.path()).collect::<Vec<_>>().join("\n")
}

fn refuse(blame: Blame, error: EjectError) -> Refused {
    (blame, vec![Problem::nowhere(error)])
}

/// Copies the file named `wanted`, with or without its folder.
fn eject(arguments: &EjectArgs, wanted: &str) -> Result<String, Refused> {
    let EjectArgs { root, .. } = arguments;
    pipeline::is_site(root).map_err(|failure| (failure.blame, failure.problems))?;
    let Some(file) = files().find(|file| file.name == wanted || file.path() == wanted) else {
        let paths: Vec<String> = files().map(|file| file.path()).collect();
        let names = files().map(|file| file.name).chain(paths.iter().map(String::as_str));
        let remedy = match nearest(wanted, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`dateline theme eject` lists its files".to_owned(),
        };
        return Err(refuse(Blame::Usage, EjectError::NoFile { name: wanted.to_owned(), remedy }));
    };
    let target = root.join(file.path());
    if target.symlink_metadata().is_ok() {
        return Err(refuse(Blame::Usage, EjectError::Exists { file: target.display().to_string() }));
    }
    let of_folder = in_theme_folder(root, &file)?;
    let bytes = of_folder.as_deref().unwrap_or(file.text.as_bytes());
    new::write(&target, bytes).map_err(|problems| (Blame::Machine, problems))?;
    let target = target.display().to_string();
    Ok(format!(
        "made {}; it replaces the theme's file from now on, also when that changes",
        printable(&target)
    ))
}

/// The bytes of `file` in the folder named by `theme.folder`, if it exists.
fn in_theme_folder(root: &Path, file: &ThemeFile) -> Result<Option<Vec<u8>>, Refused> {
    let settings = root.join(config::FILE);
    let unreadable = |path: &Path, error: &std::io::Error| {
        let cause = EjectError::Unreadable { file: path.display().to_string(), reason: error.to_string() };
        refuse(Blame::Machine, cause)
    };
    let text = file::read_text(&settings, file::SETTINGS).map_err(|error| unreadable(&settings, &error))?;
    let mut problems = Vec::new();
    let Some(config) = Config::read(&text, &mut problems) else { return Err((Blame::Usage, problems)) };
    let Some(folder) = &config.theme.folder else { return Ok(None) };
    let path = root.join(folder).join(file.path());
    match file::read(&path, file::STYLE) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

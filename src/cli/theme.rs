//! `dateline theme`: the theme's files as one's own.

use std::process::ExitCode;

use dateline::model::diagnostics::Problem;
use dateline::model::suggest::nearest;
use dateline::pipeline::{self, Blame, STATIC};
use dateline::render::template;
use miette::Diagnostic;
use thiserror::Error;

use super::{DONE, console, exit_code, new};
use crate::cli::arguments::{EjectArgs, ThemeArgs, ThemeWhat};

/// Why nothing was copied.
#[derive(Debug, Error, Diagnostic)]
enum EjectError {
    #[error("the theme has no file \u{201c}{name}\u{201d}")]
    #[diagnostic(code(theme::file), help("{remedy}"))]
    NoFile { name: String, remedy: String },
}

/// Does what was asked for.
pub fn run(arguments: &ThemeArgs) -> ExitCode {
    let ThemeWhat::Eject(arguments) = &arguments.what;
    let made = match &arguments.file {
        None => Ok(list()),
        Some(file) => eject(arguments, file),
    };
    match made {
        Ok(text) => {
            console::say(&text);
            ExitCode::from(DONE)
        }
        Err(problems) => {
            console::problems(&problems);
            exit_code(Blame::Usage)
        }
    }
}

/// The theme's files: the folder of the site that one goes to, its name, its text.
fn files() -> impl Iterator<Item = (&'static str, &'static str, &'static [u8])> {
    let templates = template::theme_templates().map(|(name, text)| (template::FOLDER, name, text.as_bytes()));
    let styles = template::STYLES.into_iter().map(|(name, text)| (STATIC, name, text.as_bytes()));
    let assets = template::ASSETS.into_iter().map(|(name, bytes)| (STATIC, name, bytes));
    templates.chain(styles).chain(assets)
}

fn list() -> String {
    files().map(|(folder, name, _)| format!("{name:<18} to {folder}/{name}")).collect::<Vec<_>>().join("\n")
}

fn eject(arguments: &EjectArgs, file: &str) -> Result<String, Vec<Problem>> {
    let EjectArgs { root, .. } = arguments;
    pipeline::is_site(root).map_err(|failure| failure.problems)?;
    let name = file.strip_prefix("templates/").or_else(|| file.strip_prefix("static/")).unwrap_or(file);
    let Some((folder, name, bytes)) = files().find(|(_, known, _)| *known == name) else {
        let remedy = match nearest(name, files().map(|(_, known, _)| known)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`dateline theme eject` lists its files".to_owned(),
        };
        return Err(vec![Problem::nowhere(EjectError::NoFile { name: name.to_owned(), remedy })]);
    };
    let target = root.join(folder).join(name);
    new::write(&target, bytes)?;
    Ok(format!("made {}; it replaces the theme's file from now on, also when that changes", target.display()))
}

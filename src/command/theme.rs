//! `dateline theme`: the theme's files as one's own.

use std::path::Path;
use std::process::ExitCode;

use dateline::build::{Blame, STATIC};
use dateline::config;
use dateline::error::Problem;
use dateline::template::{self, TemplateError};
use miette::Diagnostic;
use thiserror::Error;

use super::{DONE, console, exit_code, new};
use crate::cli::{EjectArgs, ThemeArgs, ThemeWhat};

/// Why nothing was copied.
#[derive(Debug, Error, Diagnostic)]
enum EjectError {
    #[error("there is no `site.toml` in {folder}")]
    #[diagnostic(code(config::missing), help("run this in a site's folder or give `--root`"))]
    NoSite { folder: String },
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
    if !root.join(config::FILE).is_file() {
        let cause = EjectError::NoSite { folder: root.display().to_string() };
        return Err(vec![Problem::nowhere(cause)]);
    }
    let name = file.strip_prefix("templates/").or_else(|| file.strip_prefix("static/")).unwrap_or(file);
    let Some((folder, name, bytes)) = files().find(|(_, known, _)| *known == name) else {
        return Err(vec![Problem::nowhere(TemplateError::Missing { name: name.to_owned() })]);
    };
    let target = root.join(Path::new(folder)).join(name);
    new::write(&target, bytes)?;
    Ok(format!("made {}; it replaces the theme's file from now on, also when that changes", target.display()))
}

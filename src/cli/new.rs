//! `dateline new`: a site that builds at once, or an article with today's date.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use chrono_tz::Tz;
use dateline::config::{self, Config};
use dateline::model::diagnostics::{Place, Problem};
use dateline::model::printable::printable;
use dateline::pipeline::Blame;
use dateline::source;
use dateline::storage::file;
use miette::Diagnostic;
use thiserror::Error;

use super::archetype::NewArticle;
use super::{DONE, clock, console, exit_code, scaffold};
use crate::cli::arguments::{NewArgs, NewArticleArgs, NewWhat, SiteKind};

/// Reasons why nothing was made.
#[derive(Debug, Error, Diagnostic)]
enum NewError {
    #[error("{folder} is not empty")]
    #[diagnostic(code(new::not_empty), help("choose another folder; nothing was changed"))]
    NotEmpty { folder: String },
    #[error("{file} is there already")]
    #[diagnostic(code(new::exists), help("choose another path; nothing was changed"))]
    Exists { file: String },
    #[error("\u{201c}{path}\u{201d} is no path for an article")]
    #[diagnostic(
        code(new::path),
        help(
            "give a path below `content/` that ends in .md, .html or .txt, such as `news/harbour-opens.md`"
        )
    )]
    Path { path: String },
    #[error("{file} can't be written: {reason}")]
    #[diagnostic(code(new::write), help("check the space on the disk and the permissions of the folder"))]
    Write { file: String, reason: String },
    #[error("this archetype can't be used: {reason}")]
    #[diagnostic(
        code(new::archetype),
        help("it is a template that gets `title`, `date`, `day`, `slug` and `section`; nothing was made")
    )]
    Archetype { reason: String },
    #[error("there is no `site.toml` that can be read in {folder}")]
    #[diagnostic(code(config::missing), help("run this in a site's folder or give `--root`"))]
    NoSite { folder: String },
}

/// Makes a site or an article.
pub fn run(arguments: &NewArgs) -> ExitCode {
    let made = match (&arguments.what, &arguments.dir) {
        (Some(NewWhat::Article(arguments)), _) => article(arguments),
        (None, Some(folder)) => site(folder, arguments.kind),
        (None, None) => Ok(String::new()),
    };
    match made {
        Ok(text) => {
            console::say_lines(&text);
            ExitCode::from(DONE)
        }
        Err(problems) => {
            console::problems(&problems);
            let machine = problems.iter().any(|problem| problem.code() == "new::write");
            exit_code(if machine { Blame::Machine } else { Blame::Usage })
        }
    }
}

fn refuse(error: impl Diagnostic + Send + Sync + 'static) -> Vec<Problem> {
    vec![Problem::nowhere(error)]
}

fn site(folder: &Path, kind: SiteKind) -> Result<String, Vec<Problem>> {
    let taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file();
    if taken {
        return Err(refuse(NewError::NotEmpty { folder: folder.display().to_string() }));
    }
    let now = clock::now(None).map_err(refuse)?;
    for (path, bytes) in scaffold::files(kind, now) {
        write(&folder.join(path), &bytes)?;
    }
    let name = folder.display().to_string();
    let name = printable(&name);
    let (next, then) = match cfg!(feature = "serve") {
        true => ("dateline serve --open", ""),
        false => ("dateline build", " The pages are in public/, for a web server."),
    };
    Ok(format!(
        "made {} in {name}\n\n  cd {name}\n  {next}\n\nThen put your own name and address into site.toml.{then}",
        kind.words()
    ))
}

fn article(arguments: &NewArticleArgs) -> Result<String, Vec<Problem>> {
    let path = arguments.path.trim_start_matches("content/");
    let wrong = || refuse(NewError::Path { path: arguments.path.clone() });
    let parts_fit =
        path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
    let seen = !path.split('/').any(|part| part.starts_with(['.', '#']) || part.ends_with('~'));
    let format = source::Format::of(path).filter(|_| parts_fit && seen).ok_or_else(wrong)?;
    let file = arguments.root.join(source::FOLDER).join(path);
    if file.exists() {
        return Err(refuse(NewError::Exists { file: file.display().to_string() }));
    }
    let text = file::read_text(&arguments.root.join(config::FILE), file::SETTINGS)
        .map_err(|_| refuse(NewError::NoSite { folder: arguments.root.display().to_string() }))?;
    let mut problems = Vec::new();
    let config = Config::read(&text, &mut problems).ok_or(problems)?;
    let now = clock::now(arguments.now.as_deref()).map_err(refuse)?;
    let zone = config.timezone.unwrap_or(Tz::UTC);
    let new = NewArticle::of(path, format, now, zone);
    let archetype = new.archetype(&arguments.root);
    let text = match &archetype {
        Some(archetype) => new.fill(archetype).map_err(|reason| {
            let place = archetype.strip_prefix(&arguments.root).unwrap_or(archetype).display().to_string();
            vec![Problem::new(NewError::Archetype { reason }, Place::file(place))]
        })?,
        None => scaffold::article(&new),
    };
    write(&file, text.as_bytes())?;
    let remark = match format {
        _ if new.is_section || archetype.is_some() => "",
        source::Format::Wire => "; a wire article can't be a draft: it is out with the next build",
        _ => "; take out `draft = true` to publish it",
    };
    Ok(format!("made {}{remark}", printable(&file.display().to_string())))
}

/// Writes a file that must not exist yet, and creates the folders around it.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), Vec<Problem>> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        let mut new = fs::File::create_new(file)?;
        new.write_all(bytes)
    });
    made.map_err(|error| {
        refuse(NewError::Write { file: file.display().to_string(), reason: error.to_string() })
    })
}

//! What Tera says, as problems with places.

use miette::Diagnostic;
use tera::{ErrorKind, ReportError};
use thiserror::Error;

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TemplateError {
    /// It can't be compiled.
    #[error("{message}")]
    #[diagnostic(code(template::syntax), help("mend the template; the site's pages are as they were"))]
    Syntax {
        /// What Tera says.
        message: String,
    },
    /// A template of the theme doesn't fit one of the site's own that it builds on.
    #[error("{message}")]
    #[diagnostic(
        code(template::misfit),
        help(
            "the theme's `{name}` builds on a template of yours; give yours what it asks for (`{{% block x %}}{{% endblock x %}}` will do for a block), or replace this one too with `templates/{name}`"
        )
    )]
    Misfit {
        /// What Tera says.
        message: String,
        /// The theme's template.
        name: String,
    },
    /// It can't be rendered.
    #[error("{message}, while rendering {subject}")]
    #[diagnostic(
        code(template::render),
        help(
            "mend the template, or the value that {subject} gives it; `{{{{ x or \"\" }}}}` allows for a missing one"
        )
    )]
    Render {
        /// What Tera says.
        message: String,
        /// The source or page it was rendered for.
        subject: String,
    },
    /// A source asks for a template that isn't there.
    #[error("there is no template \u{201c}{name}\u{201d}")]
    #[diagnostic(code(template::missing), help("add `templates/{name}`, or correct the name"))]
    Missing {
        /// Its name.
        name: String,
    },
    /// A theme's folder that isn't there.
    #[error("there is no folder \u{201c}{folder}\u{201d}, which `theme.folder` names")]
    #[diagnostic(code(template::theme), help("give the folder that has the theme's `templates/` and `static/` in it"))]
    NoTheme {
        /// The folder.
        folder: String,
    },
    /// A file that could not be read.
    #[error("this template can't be read: {reason}")]
    #[diagnostic(code(template::unreadable), help("check that it is UTF-8 text and may be read"))]
    Unreadable {
        /// What the system says.
        reason: String,
    },
}

/// The report inside an error, if it has one.
pub(super) fn report(error: &tera::Error) -> Option<&ReportError> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Some(report),
        _ => None,
    }
}

/// The error as one sentence, without Tera's own excerpt.
pub(super) fn sentence(error: &tera::Error) -> String {
    match report(error) {
        Some(report) => report.message().trim_end_matches('.').to_owned(),
        None => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

/// The reports in a text of several, as Tera writes them: message, template, line, column (from 1).
/// Text that has another form is one report without a place.
pub(super) fn reports_in(text: &str) -> Vec<(String, Option<String>, usize, usize)> {
    let mut reports = Vec::new();
    for block in text.split("\n\n") {
        let mut lines = block.lines();
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let locus = lines.find_map(|line| line.trim_start().strip_prefix("--> "));
        let parsed = locus.and_then(|locus| {
            let mut parts = locus.rsplitn(3, ':');
            let column = parts.next()?.parse().ok()?;
            let line = parts.next()?.parse().ok()?;
            Some((parts.next()?.to_owned(), line, column))
        });
        match parsed {
            Some((name, line, column)) => reports.push((message, Some(name), line, column)),
            None => reports.push((message, None, 0, 0)),
        }
    }
    reports
}

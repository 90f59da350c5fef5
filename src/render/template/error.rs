//! Converts Tera's errors into problems with places.

use std::collections::BTreeMap;

use miette::Diagnostic;
use tera::{ErrorKind, ReportError};
use thiserror::Error;

use crate::model::diagnostics::{Place, Problem, thousands};
use crate::model::suggest::nearest;

/// Makes one error of those that a template has at one place for many documents.
pub fn merge(problems: &mut Vec<Problem>) {
    let mut found: BTreeMap<(Option<Place>, String), BTreeMap<String, String>> = BTreeMap::new();
    problems.retain(|problem| match problem.cause() {
        Some(TemplateError::Render { message, subject, remedy }) => {
            let key = (problem.place().cloned(), message.clone());
            found.entry(key).or_default().insert(subject.clone(), remedy.clone());
            false
        }
        _ => true,
    });
    for ((place, message), subjects) in found {
        let more = subjects.len() - 1;
        let Some((first, remedy)) = subjects.into_iter().next() else { continue };
        let subject = if more == 0 { first } else { format!("{first} and {} more", thousands(more)) };
        let cause = TemplateError::Render { message, remedy, subject };
        problems.push(match place {
            Some(place) => Problem::new(cause, place),
            None => Problem::nowhere(cause),
        });
    }
}

/// Problems with templates.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TemplateError {
    /// A syntax error.
    #[error("{message}")]
    #[diagnostic(code(template::syntax), help("{remedy}"))]
    Syntax {
        /// Tera's message.
        message: String,
        /// A remedy.
        remedy: String,
    },
    /// A field that does not exist.
    #[error("`{of}` has no `{field}`")]
    #[diagnostic(severity(warning), code(template::misspelt), help("{remedy}"))]
    Misspelt {
        /// The field.
        field: String,
        /// The value whose field it would be.
        of: String,
        /// A remedy.
        remedy: String,
    },
    /// A data file that does not exist.
    #[error("there is no `{name}`")]
    #[diagnostic(code(template::data), help("{remedy}"))]
    NoData {
        /// The chain that names it.
        name: String,
        /// A remedy.
        remedy: String,
    },
    /// A template of the theme that conflicts with one of the site's own that it builds on.
    #[error("{message}")]
    #[diagnostic(
        code(template::misfit),
        help(
            "the theme's `{name}` builds on a template of yours; give yours what it asks for (`{{% block x %}}{{% endblock x %}}` will do for a block), or replace this one too with `templates/{name}`"
        )
    )]
    Misfit {
        /// Tera's message.
        message: String,
        /// The theme's template.
        name: String,
    },
    /// An error during rendering.
    #[error("{message}, while rendering {subject}")]
    #[diagnostic(code(template::render), help("{remedy}"))]
    Render {
        /// Tera's message.
        message: String,
        /// A remedy.
        remedy: String,
        /// The source or page it was rendered for.
        subject: String,
    },
    /// A missing template that a source or a template asks for.
    #[error("there is no template \u{201c}{name}\u{201d}")]
    #[diagnostic(code(template::missing), help("{remedy}"))]
    Missing {
        /// Its name.
        name: String,
        /// A remedy.
        remedy: String,
    },
    /// A missing template that an author chose.
    #[error("there is no template \u{201c}{name}\u{201d}, so the usual one is used")]
    #[diagnostic(severity(warning), code(template::missing), help("{remedy}"))]
    NotChosen {
        /// Its name.
        name: String,
        /// A remedy.
        remedy: String,
    },
    /// Templates extend or include each other in a circle.
    #[error("this template builds on itself: `{chain}`")]
    #[diagnostic(code(template::circle), help("{remedy}"))]
    Circle {
        /// The names along the circle.
        chain: String,
        /// A remedy.
        remedy: String,
    },
    /// A file name with a prefix that is reserved for the theme's templates.
    #[error("names that begin with `{prefix}` are those of the theme's templates")]
    #[diagnostic(code(template::reserved), help("put this template into a folder of another name"))]
    Reserved {
        /// `theme/` or `built-in/`.
        prefix: &'static str,
    },
    /// Templates of the site that no page uses.
    #[error("{what} used by nothing")]
    #[diagnostic(severity(warning), code(template::unused), help("{remedy}"))]
    Unused {
        /// Their files, and a verb.
        what: String,
        /// A remedy.
        remedy: String,
    },
    /// The theme's folder is missing.
    #[error("there is no folder \u{201c}{folder}\u{201d}, which `theme.folder` names")]
    #[diagnostic(
        code(template::theme),
        help("give the folder that has the theme's `templates/` and `static/` in it")
    )]
    NoTheme {
        /// The folder.
        folder: String,
    },
    /// An unreadable file.
    #[error("this template can't be read: {reason}")]
    #[diagnostic(code(template::unreadable), help("check that it is UTF-8 text and may be read"))]
    Unreadable {
        /// The system's message.
        reason: String,
    },
}

/// The names of Tera's own filters.
const FILTERS: [&str; 37] = [
    "abs",
    "capitalize",
    "default",
    "escape",
    "escape_html",
    "escape_xml",
    "first",
    "float",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "keys",
    "last",
    "length",
    "lower",
    "newlines_to_br",
    "nth",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
    "values",
    "wordcount",
];

/// A remedy for Tera's `message`: the most similar existing name, if one is similar enough. `components` are the names
/// of existing components.
pub(super) fn remedy(message: &str, components: &[&str]) -> Option<String> {
    if let Some(remedy) = remedy_for_data(message) {
        return Some(remedy.to_owned());
    }
    let wrong = message.split('`').nth(1)?;
    let known: Vec<&str> = if message.starts_with("Unknown filter") {
        FILTERS
            .iter()
            .copied()
            .chain(super::filters::NAMES)
            .chain(super::list_filters::NAMES)
            .chain(super::words::FILTERS)
            .collect()
    } else if message.starts_with("Unknown component") {
        components.to_vec()
    } else if let Some((_, list)) = message.split_once("Available fields: ") {
        list.split(", ").collect()
    } else if let Some((_, list)) = message.split_once("Available variables: ") {
        list.split(", ").collect()
    } else if let Some((_, list)) = message.split_once("Possible argument(s) are: ") {
        list.split('`').filter(|part| !part.trim_matches([',', ' ']).is_empty()).collect()
    } else {
        return None;
    };
    Some(format!("did you mean `{}`?", nearest(wrong, known.iter().map(|name| name.trim_end_matches('.')))?))
}

/// A remedy for data that is asked for as in other generators, or inside a component that does not take it.
pub(super) fn remedy_for_data(message: &str) -> Option<&'static str> {
    if message.starts_with("Variable `data` is not defined") {
        return Some("name `@data: map` among the parameters of the component");
    }
    let is_elsewhere = message.starts_with("Unknown function `load_data`")
        || message.starts_with("Field `data` is not defined") && message.contains(" permalink, ");
    is_elsewhere.then_some("the file `data/products.csv` is `data.products`")
}

/// A remedy for a field that does not exist.
pub(super) fn remedy_of(field: &str, known: &[&str]) -> String {
    match nearest(field, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are {}; `dateline templates` tells what each is", known.join(", ")),
    }
}

/// The chain of templates that Tera followed until one of them recurred; that one is the last.
pub(super) fn circle(error: &tera::Error) -> Option<Vec<String>> {
    match error.kind() {
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            Some([std::slice::from_ref(tpl), inheritance_chain].concat())
        }
        ErrorKind::CircularInclude { include_chain, .. } => Some(include_chain.clone()),
        _ => None,
    }
}

/// The report inside an error, if it has one.
pub(super) fn report(error: &tera::Error) -> Option<&ReportError> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Some(report),
        _ => None,
    }
}

/// The error as one sentence, without Tera's excerpt.
pub(super) fn sentence(error: &tera::Error) -> String {
    match report(error) {
        Some(report) => report.message().trim_end_matches('.').to_owned(),
        None => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

/// Splits a text of several reports as Tera writes them: message, template, line, column (from 1). A text in another
/// form is one report without a place.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_filter_that_is_suggested_is_there() {
        let settings = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"";
        let config = Config::read(settings, &mut Vec::new()).unwrap();
        let mut tera = super::super::empty(&config);
        for name in
            FILTERS.iter().chain(&super::super::filters::NAMES).chain(&super::super::list_filters::NAMES)
        {
            let added = tera.add_raw_template(name, &format!("{{{{ x | {name} }}}}"));
            let unknown = added.err().is_some_and(|error| error.to_string().contains("Unknown filter"));
            assert!(!unknown, "{name}");
        }
        let added = tera.add_raw_template("none", "{{ x | no_such_filter }}");
        assert!(added.unwrap_err().to_string().contains("Unknown filter"));
    }
}

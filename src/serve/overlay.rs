//! The overlay: errors that browsers show over the page.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::model::diagnostics::{Problem, ProblemRecord, classes};
use crate::model::html::escape;

/// A problem as the desk and the overlay show it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Trouble {
    /// The problem itself, with its place.
    #[serde(flatten)]
    pub facts: ProblemRecord,
    /// The line with the problem, in three parts: before, in and after the stretch.
    pub excerpt: Option<[String; 3]>,
    /// True for the first problem of its class, the only one that HTML shows.
    #[serde(skip)]
    is_first: bool,
    /// Number and first places of its class.
    #[serde(skip)]
    extent: Option<String>,
}

/// All `problems`, in their order.
pub(super) fn troubles<'a>(problems: impl Iterator<Item = &'a Problem> + Clone) -> Arc<[Trouble]> {
    let classes = classes(problems.clone());
    let mut firsts: HashMap<*const Problem, Option<String>> =
        classes.iter().map(|class| (std::ptr::from_ref(class.first), class.extent())).collect();
    let trouble = |problem| {
        let first = firsts.remove(&std::ptr::from_ref(problem));
        Trouble { is_first: first.is_some(), extent: first.flatten(), ..Trouble::of(problem) }
    };
    problems.map(trouble).collect()
}

/// The items of an HTML list: one for each class.
pub(super) fn items(troubles: &[Trouble]) -> String {
    troubles.iter().filter(|trouble| trouble.is_first).map(Trouble::html).collect()
}

impl Trouble {
    fn of(problem: &Problem) -> Trouble {
        let spot = problem.place().and_then(|place| place.spot.as_ref());
        let excerpt = spot.map(|spot| {
            let (before, meant, after) = spot.parts();
            [before, meant, after].map(str::to_owned)
        });
        Trouble { facts: problem.record(), excerpt, is_first: true, extent: None }
    }

    /// The place: `content/a.md:3:7`.
    pub fn place(&self) -> String {
        let facts = &self.facts;
        let numbers = [facts.line, facts.column].into_iter().flatten().map(|number| format!(":{number}"));
        facts.file.iter().cloned().chain(numbers).collect()
    }

    /// The problem as an item of an HTML list.
    fn html(&self) -> String {
        let mut html = format!(
            "<li class=\"{}\"><p class=\"message\">{}</p>",
            self.facts.severity,
            escape(&self.facts.message)
        );
        let place = self.place();
        if !place.is_empty() {
            html.push_str(&format!("<p class=\"place\"><code>{}</code></p>", escape(&place)));
        }
        if let (Some([before, meant, after]), Some(line)) = (&self.excerpt, self.facts.line) {
            // An empty stretch gets a mark at its position.
            let meant = if meant.is_empty() { "\u{200b}".into() } else { escape(meant) };
            html.push_str(&format!(
                "<pre><span class=\"number\">{line}</span> {}<mark>{meant}</mark>{}</pre>",
                escape(before),
                escape(after)
            ));
        }
        if let Some(help) = &self.facts.help {
            html.push_str(&format!("<p class=\"help\">{}</p>", escape(help)));
        }
        if let Some(extent) = &self.extent {
            html.push_str(&format!("<p class=\"extent\">{}</p>", escape(extent)));
        }
        html.push_str(&format!("<p class=\"code\">{}</p></li>", escape(&self.facts.code)));
        html
    }
}

/// The HTML of the overlay for `errors`.
pub(super) fn overlay(errors: &[Trouble]) -> String {
    let title = match errors.len() {
        1 => "There is an error".to_owned(),
        count => format!("There are {count} errors"),
    };
    let items = items(errors);
    format!(
        "<h1>{title}</h1><ol>{items}</ol><p class=\"hint\">This goes away when it is mended. What is behind it is the site as it last was.</p>"
    )
}

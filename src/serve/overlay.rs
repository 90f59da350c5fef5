//! The overlay: errors that browsers show over the page.

use serde::Serialize;

use crate::model::diagnostics::{Problem, ProblemRecord};
use crate::model::html::escape;

/// A problem as the desk and the overlay show it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Trouble {
    /// The problem itself, with its place.
    #[serde(flatten)]
    pub facts: ProblemRecord,
    /// The line with the problem, in three parts: before, in and after the stretch.
    pub excerpt: Option<[String; 3]>,
}

impl Trouble {
    pub fn of(problem: &Problem) -> Trouble {
        let spot = problem.place().and_then(|place| place.spot.as_ref());
        let excerpt = spot.map(|spot| {
            let (before, meant, after) = spot.parts();
            [before, meant, after].map(str::to_owned)
        });
        Trouble { facts: problem.record(), excerpt }
    }

    /// The place: `content/a.md:3:7`.
    pub fn place(&self) -> String {
        let facts = &self.facts;
        let numbers = [facts.line, facts.column].into_iter().flatten().map(|number| format!(":{number}"));
        facts.file.iter().cloned().chain(numbers).collect()
    }

    /// The problem as an item of an HTML list.
    pub fn html(&self) -> String {
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
    let items: String = errors.iter().map(Trouble::html).collect();
    format!(
        "<h1>{title}</h1><ol>{items}</ol><p class=\"hint\">This goes away when it is mended. What is behind it is the site as it last was.</p>"
    )
}

//! Output for people; problems are printed on standard error with their excerpts.

use std::io::{IsTerminal, Write};

use dateline::model::diagnostics::Problem;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

/// Width of an excerpt, in columns.
const WIDTH: usize = 100;

/// Prints `problems` on standard error, each with its place, excerpt and remedy.
pub fn problems(problems: &[Problem]) {
    for problem in problems {
        print(problem, problem.place().filter(|place| place.spot.is_none()).map(|place| &*place.file));
    }
}

fn print(problem: &dyn Diagnostic, file: Option<&str>) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_context_lines(0).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, problem).is_err() {
        text = format!("{problem}\n");
    }
    if let Some(file) = file {
        text.push_str(&format!("   in {file}\n"));
    }
    // If standard error is closed, nobody reads this.
    let _ = writeln!(std::io::stderr(), "{}", text.trim_matches('\n'));
}

/// Writes a remark to standard error.
pub fn remark(text: &str) {
    let _ = writeln!(std::io::stderr(), "note: {text}");
}

/// Writes a line about a problem to standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Writes `text` to standard output.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

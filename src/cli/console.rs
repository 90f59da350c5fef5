//! Output of all commands. This is the only place that prints, so nothing unprintable of a source, a feed or a file
//! name reaches a terminal or a log: every text is escaped here.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::SecondsFormat;
use dateline::model::diagnostics::{Problem, classes};
use dateline::model::printable::{printable, printable_json, printable_lines};
use miette::{GraphicalReportHandler, GraphicalTheme};
use serde::Serialize;
use serde_json::{Value, json};

use super::clock::present;

/// Width of an excerpt, in columns.
const WIDTH: usize = 100;

/// True if only errors are printed, and answers.
static IS_QUIET: AtomicBool = AtomicBool::new(false);
/// True if sentences about what was done are not printed either.
static IS_MUTE: AtomicBool = AtomicBool::new(false);
/// True if remarks and problems are printed as JSON.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on prints nothing but errors and answers. A command that `is_action` has no answers but JSON.
pub fn be_quiet(is_action: bool) {
    IS_QUIET.store(true, Ordering::Relaxed);
    IS_MUTE.store(is_action, Ordering::Relaxed);
}

/// From now on prints each remark and each problem as one JSON object, among the lines of standard output.
pub fn speak_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// True if only errors are printed, and answers.
pub fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

fn is_mute() -> bool {
    IS_MUTE.load(Ordering::Relaxed)
}

/// Prints `problems` on standard error, each class with its first place, excerpt and remedy.
pub fn problems(problems: &[Problem]) {
    print_classes(problems, "");
}

/// Prints the problems of a command that has the option `-v`: with it each of them, else each class.
pub fn problems_of<'a>(problems: impl IntoIterator<Item = &'a Problem>, verbose: bool) {
    if verbose {
        problems.into_iter().for_each(|problem| print(problem, None));
    } else {
        print_classes(problems, "; `-v` shows all");
    }
}

fn print_classes<'a>(problems: impl IntoIterator<Item = &'a Problem>, hint: &str) {
    if is_json() {
        return problems.into_iter().for_each(problem);
    }
    for class in classes(problems) {
        print(class.first, class.extent().map(|extent| format!("{extent}{hint}")).as_deref());
    }
}

/// Prints a problem; `extent` describes its class.
fn print(problem: &Problem, extent: Option<&str>) {
    if is_quiet() && !problem.is_error() {
        return;
    }
    let problem = problem.printable();
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_context_lines(0).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, &problem).is_err() {
        text = format!("{problem}\n");
    }
    match (extent, problem.place().filter(|place| place.spot.is_none())) {
        (Some(extent), _) => text.push_str(&format!("   {}\n", printable(extent))),
        (None, Some(place)) => text.push_str(&format!("   in {}\n", place.file)),
        (None, None) => {}
    }
    // If standard error is closed, nobody reads this.
    let _ = writeln!(std::io::stderr(), "{}", text.trim_matches('\n'));
}

/// Writes a remark, one line, to standard error.
pub fn remark(text: &str) {
    if is_json() {
        event(json!({"event": "note", "text": text}));
    } else if !is_quiet() {
        let _ = writeln!(std::io::stderr(), "note: {}", printable(text));
    }
}

/// Writes a line about a problem to standard error.
pub fn complain(text: &str) {
    if is_json() {
        return event(json!({"event": "problem", "severity": "error", "message": text}));
    }
    let _ = writeln!(std::io::stderr(), "{}", printable(text));
}

/// Writes a line to standard output.
pub fn say(text: &str) {
    if !is_mute() {
        let _ = writeln!(std::io::stdout(), "{}", printable(text));
    }
}

/// Writes a text of several lines to standard output. Its caller has made the lines: a value in it has none.
pub fn say_lines(text: &str) {
    if !is_mute() {
        let _ = writeln!(std::io::stdout(), "{}", printable_lines(text));
    }
}

/// Writes a line that ends as lines of CSV do (RFC 4180, section 2) to standard output.
pub fn say_csv(text: &str) {
    let _ = write!(std::io::stdout(), "{}\r\n", printable(text));
}

/// Writes a problem as one JSON object.
pub fn problem(problem: &Problem) {
    let mut value = serde_json::to_value(problem.record()).unwrap_or(Value::Null);
    value["event"] = "problem".into();
    event(value);
}

/// Writes `value`, an object with `event`, as one line of a log: with the time, and how much it weighs.
pub fn event(mut value: Value) {
    let level = match value["event"].as_str() {
        Some("problem") => value["severity"].as_str().unwrap_or("error").to_owned(),
        Some("failed") => "error".to_owned(),
        Some("skipped" | "busy" | "hub_failed" | "hub_refused" | "hub_given_up" | "outbox_set_aside") => {
            "warning".to_owned()
        }
        _ => "info".to_owned(),
    };
    value["time"] = present().to_rfc3339_opts(SecondsFormat::Secs, true).into();
    value["level"] = level.into();
    say_json(&value);
}

/// Writes `value` as a JSON document in one line to standard output.
pub fn say_json(value: &impl Serialize) {
    json_line(serde_json::to_string(value));
}

/// Writes `value` as a JSON document to standard output, indented.
pub fn say_pretty_json(value: &impl Serialize) {
    json_line(serde_json::to_string_pretty(value));
}

fn json_line(document: serde_json::Result<String>) {
    let document = document.unwrap_or_else(|error| format!("{{\"outcome\": {:?}}}", error.to_string()));
    let _ = writeln!(std::io::stdout(), "{}", printable_json(&document));
}

//! Workflow commands of GitHub Actions: each finding becomes an annotation of its line.

use std::path::Path;

use dateline::model::diagnostics::{Class, Problem, classes};

/// The commands for `problems` of the site at `root`, one a line; a class of them is one command unless `verbose`.
pub fn lines<'a>(problems: impl Iterator<Item = &'a Problem>, root: &Path, verbose: bool) -> Vec<String> {
    if verbose {
        return problems.map(|problem| line(problem, None, root)).collect();
    }
    let of_class = |class: &Class<'_>| line(class.first, class.extent(), root);
    classes(problems).iter().map(of_class).collect()
}

fn line(problem: &Problem, extent: Option<String>, root: &Path) -> String {
    let record = problem.record();
    let mut properties = Vec::new();
    if let Some(file) = &record.file {
        properties.push(format!("file={}", property(&in_repository(root, file))));
    }
    for (name, number) in [("line", record.line), ("col", record.column)] {
        properties.extend(number.map(|number| format!("{name}={number}")));
    }
    properties.push(format!("title={}", property(&record.code)));
    let mut message = record.message;
    for part in [extent, record.help].into_iter().flatten() {
        message.push('\n');
        message.push_str(&part);
    }
    let command = if record.severity == "note" { "notice" } else { record.severity };
    format!("::{command} {}::{}", properties.join(","), data(&message))
}

/// The path of a file of the site as the repository has it, if the command runs in the repository's root.
fn in_repository(root: &Path, file: &str) -> String {
    let inside = root.is_relative() && !root.components().any(|part| part.as_os_str() == "..");
    let folder = root.to_string_lossy().replace('\\', "/");
    match folder.trim_start_matches("./").trim_end_matches('/') {
        folder if inside && !matches!(folder, "" | ".") => format!("{folder}/{file}"),
        _ => file.to_owned(),
    }
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_a_command_is_escaped() {
        assert_eq!(data("100 %, a:b\r\nc"), "100 %25, a:b%0D%0Ac");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }

    #[test]
    fn files_are_named_from_the_root_of_the_repository() {
        for (root, expected) in [
            (".", "content/a.md"),
            ("./", "content/a.md"),
            ("site", "site/content/a.md"),
            ("./site/", "site/content/a.md"),
            ("../site", "content/a.md"),
            ("/home/me/site", "content/a.md"),
        ] {
            assert_eq!(in_repository(Path::new(root), "content/a.md"), expected, "{root}");
        }
    }
}

//! `dateline templates`: all templates with their values.

use std::fmt::Write;
use std::process::ExitCode;

use dateline::model::diagnostics::Problem;
use dateline::model::suggest::nearest;
use dateline::pipeline::Blame;
use dateline::render::template::reference::{
    self, ALL_HAVE, Field, MAPS, TEMPLATES, TemplateEntry, VALUES, ValueEntry,
};
use dateline::render::template::{FOLDER, TemplateError};
use serde_json::json;

use super::{DONE, console, exit_code};
use crate::cli::arguments::{ReferenceFormat, TemplatesArgs};

/// Prints all templates, or one of them.
pub fn run(arguments: &TemplatesArgs) -> ExitCode {
    let known = arguments.name.as_deref().map(|name| {
        let plain = name.rsplit('/').next().unwrap_or(name);
        TEMPLATES.iter().find(|template| template.name == plain).ok_or(name)
    });
    let one = match known.transpose() {
        Ok(one) => one,
        Err(name) => {
            let remedy = match nearest(name, TEMPLATES.iter().map(|template| template.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`dateline templates` lists all of them".to_owned(),
            };
            let cause = TemplateError::Missing { name: name.to_owned(), remedy };
            console::problems(&[Problem::nowhere(cause)]);
            return exit_code(Blame::Usage);
        }
    };
    let is_own = |template: &TemplateEntry| arguments.root.join(FOLDER).join(template.name).is_file();
    let text = match (arguments.format, one) {
        (ReferenceFormat::Json, _) => json(),
        (ReferenceFormat::Markdown, _) => markdown(),
        (ReferenceFormat::Text, Some(template)) => details(template),
        (ReferenceFormat::Text, None) => overview(&is_own),
    };
    console::say_lines(text.trim_end());
    ExitCode::from(DONE)
}

fn values_of(template: &TemplateEntry) -> impl Iterator<Item = &'static ValueEntry> {
    VALUES[..ALL_HAVE].iter().chain(VALUES.iter().filter(|value| template.values.contains(&value.name)))
}

fn overview(is_own: &dyn Fn(&TemplateEntry) -> bool) -> String {
    let mut text = String::new();
    for template in &TEMPLATES {
        let own = if is_own(template) { " (your own)" } else { "" };
        let _ = writeln!(text, "{:<16} {}{own}", template.name, template.about);
        if !template.values.is_empty() {
            let _ = writeln!(text, "{:<16}   {}", "", template.values.join(", "));
        }
    }
    let all: Vec<&str> = VALUES[..ALL_HAVE].iter().map(|value| value.name).collect();
    let _ = writeln!(text, "\nAll of them have {}.", all.join(", "));
    text.push_str("`dateline templates article.html` tells what is in the values of one; `dateline theme eject article.html` makes it yours.\n");
    text
}

fn details(template: &TemplateEntry) -> String {
    let mut text = format!("{}: {}\n", template.name, template.about);
    let mut maps: Vec<&'static str> = Vec::new();
    for value in values_of(template) {
        let _ = writeln!(text, "\n{} ({}): {}", value.name, value.kind.words(), value.about);
        collect(value.kind, &mut maps);
    }
    for name in maps {
        let _ = writeln!(text, "\n{name}");
        for (field, kind, about, example) in reference::fields(name) {
            let example = if example.is_empty() { String::new() } else { format!(", such as {example}") };
            let _ = writeln!(text, "  {field:<14} {}: {about}{example}", kind.words());
        }
    }
    text
}

/// Adds the maps in a value of this kind.
fn collect(kind: reference::Kind, maps: &mut Vec<&'static str>) {
    let Some(name) = kind.names().filter(|name| !maps.contains(name)) else { return };
    maps.push(name);
    for (_, kind, ..) in reference::fields(name) {
        collect(*kind, maps);
    }
}

fn json() -> String {
    let field = |(name, kind, about, example): &Field| json!({ "name": name, "is": kind.words(), "about": about, "example": example });
    let value =
        |value: &ValueEntry| json!({ "name": value.name, "is": value.kind.words(), "about": value.about });
    let reference = json!({
        "templates": TEMPLATES.iter().map(|template| json!({
            "name": template.name, "about": template.about,
            "values": values_of(template).map(|value| value.name).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "values": VALUES.iter().map(value).collect::<Vec<_>>(),
        "maps": MAPS.iter().map(|map| json!({
            "name": map.name, "fields": reference::fields(map.name).map(field).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&reference).unwrap_or_default()
}

fn markdown() -> String {
    let mut text = String::from("## Templates\n\n| template | is | has |\n| --- | --- | --- |\n");
    for template in &TEMPLATES {
        let values: Vec<String> = template.values.iter().map(|value| format!("`{value}`")).collect();
        let _ = writeln!(text, "| `{}` | {} | {} |", template.name, template.about, values.join(", "));
    }
    text.push_str("\n## Values\n\nThe first ten are in all templates.\n\n| value | is | stands for |\n| --- | --- | --- |\n");
    for value in &VALUES {
        let _ = writeln!(text, "| `{}` | {} | {} |", value.name, value.kind.words(), value.about);
    }
    for map in &MAPS {
        let _ = writeln!(
            text,
            "\n## {}\n\n| field | is | stands for | example |\n| --- | --- | --- | --- |",
            map.name
        );
        for (field, kind, about, example) in map.fields {
            let example = if example.is_empty() { String::new() } else { format!("`{example}`") };
            let _ = writeln!(text, "| `{field}` | {} | {about} | {example} |", kind.words());
        }
        if map.name == "article" {
            text.push_str("\nAn article has all fields of a card too.\n");
        }
    }
    text
}

//! Sections of Hugo: folders with an `_index.md`.

use std::collections::BTreeMap;

use super::address::{Parts, of_name};
use super::config::Config;
use super::page::{DROPPED, File, TEXTS, content, ending, folder_of, stem};
use super::place::with_end;
use crate::import::extra::left;
use crate::import::front::{self, Front};
use crate::import::links::Known;
use crate::import::model::{Imported, Outcome, Section, Spot};
use crate::import::tree::Tree;
use crate::model::metadata::Value;

/// Reads the sections: the folders with an `_index.md`, and those whose address is not what Dateline makes of their names.
pub fn sections(tree: &Tree, config: &Config, imported: &mut Imported, known: &mut Known) {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    let mut sections = Vec::new();
    for file in content(tree, config) {
        if file.language.is_none() && TEXTS.contains(&ending(&file.path).as_str()) {
            let mut folder = folder_of(&file.path);
            if stem(&file.path) == "index" {
                folder = folder_of(folder);
            }
            while !folder.is_empty() {
                let parts: Vec<String> =
                    folder.split('/').map(|part| of_name(part, config.keep_case)).collect();
                folders.insert(folder.to_owned(), format!("/{}/", parts.join("/")));
                folder = folder_of(folder);
            }
        }
        if stem(&file.path) == "_index" && TEXTS.contains(&ending(&file.path).as_str()) {
            sections.extend(section(tree, config, &file, imported));
        }
    }
    for section in &sections {
        folders.remove(&section.folder);
    }
    for (folder, url) in folders {
        if folder.split('/').any(|part| part != crate::model::url::slugify(part, Default::default())) {
            sections.push(Section { folder, url, ..Section::default() });
        }
    }
    sections.iter().for_each(|section| known.add(&section.url));
    imported.sections.extend(sections);
}

fn section(tree: &Tree, config: &Config, file: &File, imported: &mut Imported) -> Option<Section> {
    let text = tree.text(&file.name, imported)?;
    let mut front = Front::of(&text)
        .map_err(|error| {
            let spot = Spot::line(&file.name, error.line);
            imported.tell(Outcome::Lost, "front-matter", spot, format!("it can't be read: {}", error.reason));
        })
        .ok()?;
    let folder = folder_of(&file.path).to_owned();
    let place = folder_of(&file.target).to_owned();
    let parts: Vec<String> = folder.split('/').map(|part| of_name(part, config.keep_case)).collect();
    let joined = parts.join("/");
    let name = joined.rsplit('/').next().unwrap_or_default();
    let title = front.text("title");
    let slug = front.text("slug");
    let parts = Parts {
        folder: &joined,
        name,
        slug: slug.as_deref(),
        title: title.as_deref().unwrap_or_default(),
        date: None,
        keep_case: config.keep_case,
    };
    let pattern = config.section_patterns.iter().find(|(name, _)| *name == joined);
    let by_pattern = pattern.and_then(|(_, pattern)| parts.by_pattern(pattern));
    let url = match front.text("url") {
        Some(url) => with_end(&format!("/{}", url.trim_start_matches('/'))),
        None => with_end(&format!("/{}", by_pattern.unwrap_or_else(|| joined.clone()))),
    };
    let mut section = Section {
        source: Spot::line(&file.name, 1),
        url: if folder.is_empty() { String::new() } else { url },
        aliases: front.texts("aliases"),
        title,
        folder: place,
        body: text[front.body..].to_owned(),
        ..Section::default()
    };
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        let text =
            "the page of this section is a draft: its text was left out; its articles are as they were";
        imported.tell(Outcome::Held, "draft", section.source.clone(), text);
        section.body.clear();
    }
    if let Some(summary) = front.text("summary").or_else(|| front.text("description")) {
        section.fields.insert("summary".to_owned(), crate::model::html::plain(&summary).into());
    }
    if let Some(weight) =
        front.take("weight").and_then(|field| front::text(&field.value)?.parse::<i64>().ok())
    {
        section.fields.insert("weight".to_owned(), weight.into());
    }
    for name in ["date", "lastmod", "publishdate", "build", "_build"] {
        front.take(name);
    }
    section.extra = left(&front, None, &DROPPED).extra;
    Some(section)
}

//! Sections of Zola.

use toml::Value as Toml;

use super::config::Config;
use super::{DROPPED, place};
use crate::import::extra::left;
use crate::import::front::{self, Front};
use crate::import::model::{Content, Imported, Outcome, Redirect, Section, Spot, TargetFile};
use crate::import::tree::Tree;
use crate::model::metadata::Value;

/// Reads a section.
pub(super) fn section(tree: &Tree, name: &str, config: &Config, imported: &mut Imported) {
    let Some(text) = tree.text(name, imported) else { return };
    let mut front = match Front::of(&text) {
        Ok(front) => front,
        Err(error) => {
            let told = format!("it can't be read: {}", error.reason);
            imported.tell(Outcome::Lost, "front-matter", Spot::line(name, error.line), told);
            return;
        }
    };
    let (stem, language) = place(name, config);
    let folder = stem.strip_suffix("_index").unwrap_or(&stem).trim_matches('/').to_owned();
    if language.is_some() {
        // Dateline reads `_index.fr.md` as it is, apart from the front matter that only Zola has.
        let text = "the section in another language has its title from here; look at its other fields";
        imported.tell(Outcome::Changed, "section", Spot::line(name, 1), text);
        let title =
            front.text("title").map_or_else(String::new, |title| format!("title = {}\n", Toml::from(title)));
        let body = &text_of(&front, tree, name);
        let content = Content::Text(format!("+++\n{title}+++\n{body}"));
        imported.files.push(TargetFile { to: name.to_owned(), content });
        return;
    }
    let folders: Vec<String> = folder.split('/').map(|part| config.paths.path(part)).collect();
    let mut section = Section {
        source: Spot::line(name, 1),
        title: front.text("title"),
        url: if folder.is_empty() { String::new() } else { format!("/{}/", folders.join("/")) },
        aliases: front
            .texts("aliases")
            .into_iter()
            .map(|alias| format!("/{}", alias.trim_start_matches('/')))
            .collect(),
        body: text[front.body..].to_owned(),
        ..Section::default()
    };
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        section.draft = Some("`draft`".to_owned());
        imported.tell(
            Outcome::Held,
            "draft",
            section.source.clone(),
            "the section is a draft, with everything in it",
        );
    }
    if let Some(text) = front.text("description") {
        section.fields.insert("summary".to_owned(), text.into());
    }
    for (name, own) in [("weight", "weight"), ("paginate_by", "page_size")] {
        let number = front.take(name).and_then(|field| front::text(&field.value)?.parse::<i64>().ok());
        if let Some(number) = number.filter(|number| name == "weight" || *number > 0) {
            section.fields.insert(own.to_owned(), number.into());
        }
    }
    match front.text("sort_by").as_deref() {
        Some("weight") => section.fields.insert("sort".to_owned(), "weight".into()),
        Some("title" | "title_bytes") => section.fields.insert("sort".to_owned(), "title".into()),
        Some("update_date") => section.fields.insert("sort".to_owned(), "-updated".into()),
        _ => None,
    };
    let has_feed = ["generate_feeds", "generate_feed"]
        .into_iter()
        .any(|name| front.take(name).is_some_and(|field| field.value == Value::Bool(true)));
    if has_feed && !section.url.is_empty() {
        section.feeds.id =
            Some(format!("{}{}{}", config.base.trim_end_matches('/'), section.url, config.feed));
    }
    if let Some(to) = front.text("redirect_to") {
        imported.redirects.push(Redirect { from: section.url.clone(), to, source: section.source.clone() });
    }
    let extra = front.table("extra");
    front.add_missing(extra.fields());
    section.extra = left(&front, None, &DROPPED).extra;
    section.folder = folder;
    imported.sections.push(section);
}

/// The text below the front matter of the file `name`.
fn text_of(front: &Front, tree: &Tree, name: &str) -> String {
    let text = tree.text(name, &mut Imported::default()).unwrap_or_default();
    text.get(front.body..).unwrap_or_default().to_owned()
}

//! ninjs: news in JSON, versions 1 and 2.

use serde_json::Value;

use super::{Story, newsml, when};
use crate::import::html::of_plain;
use crate::import::model::Spot;

/// The text items in `text`: one, or a list of them.
pub(super) fn read(text: &str, file: &str) -> Result<Vec<Story>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let items = match value {
        Value::Array(items) => items,
        item => vec![item],
    };
    let is_text = |item: &&Value| {
        let kind = field(item, "type");
        item.get("uri").is_some() && matches!(kind, "" | "text" | "composite")
    };
    Ok(items.iter().filter(is_text).map(|item| story(item, file)).collect())
}

fn field<'a>(item: &'a Value, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The values in the list `name`, each of a table.
fn values<'a>(item: &'a Value, name: &str, key: &str) -> Vec<&'a str> {
    let all = item.get(name).and_then(Value::as_array).into_iter().flatten();
    all.map(|one| field(one, key)).filter(|text| !text.is_empty()).collect()
}

/// The field `name`, as a text or as the first of a list (`headline`, `headlines`).
fn either(item: &Value, name: &str, list: &str) -> String {
    let own = field(item, name);
    if own.is_empty() {
        values(item, list, "value").first().copied().unwrap_or_default().to_owned()
    } else {
        own.to_owned()
    }
}

fn story(item: &Value, file: &str) -> Story {
    let spot = Spot::file(file);
    let date = |name: &str| when(field(item, name), name, &spot);
    let version = item.get("version").map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
    let status = if field(item, "pubstatus").is_empty() { "usable" } else { field(item, "pubstatus") };
    let mut subjects = values(item, "subject", "name");
    subjects.extend(values(item, "subjects", "name"));
    Story {
        id: field(item, "uri").to_owned(),
        version: version.and_then(|version| version.parse().ok()).unwrap_or(1),
        state: newsml::state(status),
        headline: either(item, "headline", "headlines"),
        slugline: field(item, "slugline").to_owned(),
        summary: either(item, "description_text", "descriptions"),
        byline: field(item, "byline").to_owned(),
        language: field(item, "language").to_owned(),
        copyright: field(item, "copyrightnotice").to_owned(),
        subjects: subjects.into_iter().map(str::to_owned).collect(),
        html: text(item),
        first: date("firstcreated"),
        changed: date("versioncreated"),
        embargo: date("embargoed"),
        expires: date("expires"),
        note: field(item, "ednote").to_owned(),
        spot,
    }
}

fn text(item: &Value) -> String {
    for name in ["body_xhtml", "body_html"] {
        if !field(item, name).is_empty() {
            return field(item, name).to_owned();
        }
    }
    let bodies = item.get("bodies").and_then(Value::as_array).into_iter().flatten();
    let mut plain = field(item, "body_text").to_owned();
    for body in bodies {
        if field(body, "contenttype").contains("html") {
            return field(body, "value").to_owned();
        }
        if plain.is_empty() {
            field(body, "value").clone_into(&mut plain);
        }
    }
    of_plain(&plain)
}

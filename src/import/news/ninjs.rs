//! ninjs: news in JSON, versions 1 and 2.

use serde_json::Value;

use super::newsml;
use super::take::{Stated, Take};
use crate::config::WireKind;
use crate::import::html::of_plain;

/// The text items in `text`: one, or a list of them. The flag is true if there are items of any kind.
pub(super) fn read(text: &str, file: &str) -> Result<(Vec<Take>, bool), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| match error.is_eof() {
        true => "it ends in the middle".to_owned(),
        false => format!("it is no JSON: {error}"),
    })?;
    let items = match value {
        Value::Array(items) => items,
        item => vec![item],
    };
    let is_item = |item: &&Value| item.get("uri").is_some();
    let is_text = |item: &&Value| matches!(field(item, "type"), "" | "text" | "composite");
    let is_known = items.iter().any(|item| is_item(&item));
    let texts = items.iter().filter(is_item).filter(is_text);
    Ok((texts.map(|item| take(item, file)).collect(), is_known))
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

fn take(item: &Value, file: &str) -> Take {
    let date = |name: &str| Stated::filled(name, field(item, name));
    let version = item.get("version").map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
    let status = if field(item, "pubstatus").is_empty() { "usable" } else { field(item, "pubstatus") };
    let both = |one: &str, other: &str| {
        let mut all = values(item, one, "name");
        all.extend(values(item, other, "name"));
        all.into_iter().map(str::to_owned).collect()
    };
    let keywords = item.get("keywords").and_then(Value::as_array).into_iter().flatten();
    let embargo = item.get("embargoed").filter(|value| !value.is_null());
    Take {
        file: file.to_owned(),
        kind: WireKind::Ninjs,
        id: field(item, "uri").to_owned(),
        version: version.and_then(|version| version.parse().ok()),
        state: newsml::state(status),
        headline: either(item, "headline", "headlines"),
        slugline: field(item, "slugline").to_owned(),
        summary: either(item, "description_text", "descriptions"),
        byline: field(item, "byline").to_owned(),
        credit: field(item, "creditline").to_owned(),
        language: field(item, "language").to_owned(),
        copyright: field(item, "copyrightnotice").to_owned(),
        subjects: both("subject", "subjects"),
        keywords: keywords.filter_map(Value::as_str).map(str::to_owned).collect(),
        genres: both("genre", "genres"),
        places: both("place", "places"),
        text: text(item),
        first: date("firstcreated"),
        changed: date("versioncreated"),
        embargo: embargo.map(|value| Stated::of("embargoed", value.as_str().unwrap_or_default())),
        expires: date("expires"),
        note: field(item, "ednote").to_owned(),
        ..Take::default()
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

//! NITF.

use super::dom::Element;
use super::{State, Story, when};
use crate::import::model::Spot;

/// The document below `root`.
pub(super) fn read(root: &Element, file: &str) -> Vec<Story> {
    root.elements().filter(|one| one.name == "nitf").map(|nitf| story(nitf, file)).collect()
}

fn story(nitf: &Element, file: &str) -> Story {
    let spot = Spot::file(file);
    let nothing = Element::default();
    let data = nitf.at(&["head", "docdata"]).unwrap_or(&nothing);
    let body = nitf.at(&["body"]).unwrap_or(&nothing);
    let attribute =
        |name: &str, key: &str| data.at(&[name]).map(|one| one.get(key).to_owned()).unwrap_or_default();
    let date = |name: &str| when(&attribute(name, "norm"), name, &spot);
    let status = data.get("management-status");
    let mut keywords = Vec::new();
    data.all("keyword", &mut keywords);
    let headline = ["hl1", "hl2"].iter().map(|name| body.text_at(&["body.head", "hedline", name]));
    let headline = headline.into_iter().find(|text| !text.is_empty());
    let copyright =
        data.at(&["doc.copyright"]).map(|one| format!("{} {}", one.get("year"), one.get("holder")));
    let changed = date("date.issue");
    Story {
        id: attribute("doc-id", "id-string"),
        version: attribute("du-key", "version").parse().unwrap_or(1),
        state: match status {
            "" | "usable" | "embargoed" => State::Usable,
            "canceled" | "cancelled" | "killed" => State::Killed,
            _ => State::Withheld,
        },
        headline: headline.unwrap_or_else(|| nitf.text_at(&["head", "title"])),
        slugline: attribute("du-key", "key"),
        summary: body.text_at(&["body.head", "abstract"]),
        byline: body.text_at(&["body.head", "byline"]),
        language: nitf.get("lang").to_owned(),
        copyright: copyright.unwrap_or_default(),
        subjects: keywords.iter().map(|one| one.get("key").to_owned()).collect(),
        html: text(body),
        first: changed.clone(),
        changed,
        embargo: date("date.release"),
        expires: date("date.expire"),
        note: attribute("ed-msg", "info"),
        spot,
    }
}

/// The text of a body.
pub(super) fn text(body: &Element) -> String {
    body.at(&["body.content"]).map(Element::html).unwrap_or_default()
}

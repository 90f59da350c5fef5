//! NITF.

use super::dom::Element;
use super::take::{State, Stated, Take};
use crate::config::WireKind;

/// The document below `root`.
pub(super) fn read(root: &Element, file: &str) -> Vec<Take> {
    root.elements().filter(|one| one.name == "nitf").map(|nitf| take(nitf, file)).collect()
}

fn take(nitf: &Element, file: &str) -> Take {
    let nothing = Element::default();
    let data = nitf.at(&["head", "docdata"]).unwrap_or(&nothing);
    let body = nitf.at(&["body"]).unwrap_or(&nothing);
    let attribute =
        |name: &str, key: &str| data.at(&[name]).map(|one| one.get(key).to_owned()).unwrap_or_default();
    let date = |name: &str| Stated::filled(name, &attribute(name, "norm"));
    let status = data.get("management-status");
    let all = |name: &str| {
        let mut found = Vec::new();
        data.all(name, &mut found);
        found
    };
    let headline = ["hl1", "hl2"].iter().map(|name| body.text_at(&["body.head", "hedline", name]));
    let headline = headline.into_iter().find(|text| !text.is_empty());
    let copyright =
        data.at(&["doc.copyright"]).map(|one| format!("{} {}", one.get("year"), one.get("holder")));
    let changed = date("date.issue");
    // A story that is said to be under an embargo and does not say until when waits for a later version.
    let release = data.at(&["date.release"]).map(|one| Stated::of("date.release", one.get("norm")));
    let embargo = release.or_else(|| (status == "embargoed").then(|| Stated::of("date.release", "")));
    Take {
        file: file.to_owned(),
        kind: WireKind::Nitf,
        id: attribute("doc-id", "id-string"),
        version: attribute("du-key", "version").parse().ok(),
        state: match status {
            "" | "usable" | "embargoed" => State::Usable,
            "canceled" | "cancelled" | "killed" => State::Killed,
            _ => State::Withheld,
        },
        headline: headline.unwrap_or_else(|| nitf.text_at(&["head", "title"])),
        slugline: attribute("du-key", "key"),
        summary: body.text_at(&["body.head", "abstract"]),
        byline: body.text_at(&["body.head", "byline"]),
        credit: body.text_at(&["body.head", "distributor"]),
        language: nitf.get("lang").to_owned(),
        copyright: copyright.unwrap_or_default(),
        keywords: all("keyword").iter().map(|one| one.get("key").to_owned()).collect(),
        genres: all("fixture").iter().map(|one| one.get("fix-id").to_owned()).collect(),
        places: all("location").iter().map(|one| one.text()).collect(),
        text: text(body),
        first: changed.clone(),
        changed,
        embargo,
        expires: date("date.expire"),
        note: attribute("ed-msg", "info"),
        ..Take::default()
    }
}

/// The text of a body.
pub(super) fn text(body: &Element) -> String {
    body.at(&["body.content"]).map(Element::html).unwrap_or_default()
}

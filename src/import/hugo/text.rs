//! Texts of Hugo: shortcodes and references.

use super::page::Page;
use crate::import::body::{Around, Names, Text, before_marker, convert as convert_body};
use crate::import::components::{block, component};
use crate::import::links::Known;
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::shortcodes::{Becomes, Call, Syntax};

/// Converts the texts of `pages`.
pub fn convert(pages: &mut [Page], base: &str, imported: &mut Imported, known: &Known) {
    let mut names = Names::default();
    for page in pages.iter() {
        let stem = page.path.rsplit_once('.').map_or(page.path.as_str(), |(stem, _)| stem);
        names.add(stem.strip_suffix("/index").unwrap_or(stem), &page.article);
    }
    for page in pages.iter_mut() {
        let body = std::mem::take(&mut page.article.body);
        if let Some(image) = page.article.image.as_mut().filter(|image| !page.resources.contains(&image.src))
        {
            image.src = known.picture(&image.src).unwrap_or_else(|| image.src.clone());
        }
        let (file, url) = (page.article.source.file.clone(), page.article.url.clone());
        let text = Text { file: &file, first_line: page.first_line, url: &url };
        let around = Around { base, known, syntax: Some(Syntax::Hugo) };
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut dead = Vec::new();
        let converted = convert_body(&body, text, around, imported, &mut |call| {
            own(call, page, &names, &folder, &mut dead)
        });
        for (at, wanted) in dead {
            let line =
                page.first_line + body.get(..at).map_or(0, |before| before.matches('\n').count() as u32);
            let told = format!("`{wanted}` is no page: the link leads nowhere");
            imported.tell(Outcome::Lost, "reference", Spot::line(&file, line), told);
        }
        if page.article.summary.is_none() && page.article.target.ends_with(".md") {
            page.article.summary = before_marker(&converted, "<!--more-->");
        }
        page.article.body = converted;
    }
}

/// The shortcodes that only Hugo has.
fn own(
    call: &Call<'_>,
    page: &Page,
    names: &Names,
    folder: &str,
    dead: &mut Vec<(usize, String)>,
) -> Option<Becomes> {
    let arguments = &call.arguments;
    match call.name {
        "ref" | "relref" => {
            let wanted = arguments.get(&["path"], 0)?;
            let found = names.find(wanted, folder);
            if found.is_none() {
                dead.push((call.at, wanted.to_owned()));
            }
            Some(Becomes::Text(found.unwrap_or_else(|| "#".to_owned())))
        }
        "param" => {
            let name = arguments.get(&["name"], 0)?;
            let value = match name {
                "title" => page.article.title.clone(),
                name => match page.article.extra.get(name)? {
                    toml::Value::String(text) => text.clone(),
                    other => other.to_string(),
                },
            };
            Some(Becomes::Text(value))
        }
        "gallery" | "gallery2" => gallery(call, page),
        _ => None,
    }
}

/// A gallery of files beside the article.
fn gallery(call: &Call<'_>, page: &Page) -> Option<Becomes> {
    let pattern = call.arguments.get(&["match", "dir", "images", "files", "resources"], 0)?;
    let is_picture = |name: &&String| {
        let name = name.to_lowercase();
        ["jpg", "jpeg", "png", "webp", "gif", "avif"].iter().any(|end| name.ends_with(end))
    };
    let glob = glob::Pattern::new(pattern.trim_start_matches('/')).ok();
    let named: Vec<&str> = pattern.split(',').map(str::trim).collect();
    let folder = pattern.trim_matches('/');
    let is_wanted = |name: &&String| {
        glob.as_ref().is_some_and(|glob| glob.matches(name))
            || named.contains(&name.as_str())
            || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let pictures: Vec<serde_json::Value> = page
        .resources
        .iter()
        .filter(is_picture)
        .filter(is_wanted)
        .map(|src| serde_json::json!({ "src": src, "alt": "" }))
        .collect();
    if pictures.is_empty() {
        return None;
    }
    let list = serde_json::to_string(&pictures).ok()?;
    let call = component("gallery", &[]).replacen("gallery", &format!("gallery pictures={{{list}}}"), 1);
    Some(Becomes::Text(block(&call)))
}

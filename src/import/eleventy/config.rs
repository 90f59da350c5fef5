//! The configuration of Eleventy, as far as it is there as it is: no script is run.

use std::collections::BTreeMap;

use super::joined;
use crate::import::ImportError;
use crate::import::dates::Zone;
use crate::import::front::Front;
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::script::{property, text as quoted, url_of};
use crate::import::tree::Tree;
use crate::model::metadata::{Entry, Language};

/// Names of the configuration.
const FILES: [&str; 5] = [
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "eleventy.config.ts",
];
/// True if the folder at `path` has a site of Eleventy.
pub fn is_at(path: &std::path::Path) -> bool {
    FILES.iter().any(|name| path.join(name).is_file())
}

/// The parts of the configuration by which pages are read.
pub(super) struct Config {
    /// The folder of content, empty for the root.
    pub input: String,
    /// The base URL.
    pub base: String,
    /// The text of the site's own data.
    pub metadata: String,
    /// Copied folders and files, each with its place on the site.
    pub passed: Vec<(String, String)>,
    /// Fields of folders, by folder.
    pub data: BTreeMap<String, Vec<Entry>>,
    /// The zone of dates.
    pub zone: Zone,
}

/// Reads the configuration.
///
/// # Errors
/// There is none.
pub(super) fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let Some(file) = FILES.into_iter().find(|name| tree.has(name)) else {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind {
            kind: "Eleventy",
            path,
            sign: "`eleventy.config.js` or `.eleventy.js`",
        });
    };
    let script = tree.text(file, imported).unwrap_or_default();
    let input = property(&script, "input").unwrap_or_default().trim_matches(['/', '.']).to_owned();
    let mut metadata = String::new();
    for name in ["metadata", "site", "meta", "config"] {
        for end in ["json", "js", "cjs", "mjs"] {
            let name = joined(&input, &format!("_data/{name}.{end}"));
            if tree.has(&name) {
                metadata.push_str(&tree.text(&name, imported).unwrap_or_default());
            }
        }
    }
    // Some keep it in the configuration.
    metadata.push_str(&script);
    let base = ["url", "baseUrl", "siteUrl", "base"]
        .iter()
        .find_map(|name| url_of(&metadata, name))
        .unwrap_or_default();
    let mut data: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for name in tree.below(&input) {
        let Some((folder, base_name)) = name.rsplit_once('/') else { continue };
        let own = folder.rsplit('/').next().unwrap_or_default();
        let is_data = base_name == format!("{own}.json") || base_name == format!("{own}.11tydata.json");
        if is_data
            && let Some(text) = tree.text(name, imported)
            && let Ok(front) = Front::of_file(Language::Json, &text)
        {
            data.entry(folder.to_owned()).or_default().extend(front.fields().iter().cloned());
        } else if base_name == format!("{own}.11tydata.js") {
            let text = "values of a folder that are made by a script were not read: set them in its articles";
            imported.tell(Outcome::Lost, "folder-data", Spot::file(name), text);
        }
    }
    Ok(Config {
        passed: passed(&script, &input),
        input,
        base: base.trim_end_matches('/').to_owned(),
        metadata,
        data,
        zone: Zone::utc("Eleventy"),
    })
}

/// The arguments of `addPassthroughCopy`.
fn passed(script: &str, input: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (at, call) in script.match_indices("addPassthroughCopy(") {
        let mut rest = script[at + call.len()..].trim_start();
        let is_table = rest.starts_with('{');
        rest = rest.trim_start_matches('{').trim_start();
        while let Some((from, length)) = quoted(rest) {
            rest = rest[length..].trim_start();
            let from = from.trim_matches(['.', '/']).to_owned();
            let from = from.split('*').next().unwrap_or_default().trim_end_matches('/').to_owned();
            let bare = from
                .strip_prefix(&format!("{input}/"))
                .filter(|_| !input.is_empty())
                .unwrap_or(&from)
                .to_owned();
            let mut to = bare;
            if is_table
                && let Some(value) = rest.strip_prefix(':').map(str::trim_start)
                && let Some((text, length)) = quoted(value)
            {
                to = text.trim_matches('/').to_owned();
                rest = value[length..].trim_start();
            }
            if !from.is_empty() {
                all.push((from, to));
            }
            match rest.strip_prefix(',') {
                Some(more) if is_table => rest = more.trim_start(),
                _ => break,
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_folders_are_found_in_the_configuration() {
        let script = "eleventyConfig.addPassthroughCopy('src/img'); c.addPassthroughCopy({ \"./public/\": \"/\", 'x/y': 'z' });";
        let all = passed(script, "src");
        let all: Vec<(&str, &str)> = all.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(all, [("src/img", "img"), ("public", ""), ("x/y", "z")]);
    }
}

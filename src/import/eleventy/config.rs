//! The configuration of Eleventy, as far as it is there as it is: no script is run.

use std::collections::BTreeMap;

use super::feeds::{OldFeed, of_plugin};
use super::joined;
use crate::import::ImportError;
use crate::import::dates::Zone;
use crate::import::front::Front;
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::script::{exported, property, text as quoted, url_of};
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
    /// Copied files and folders.
    pub passed: Vec<Passed>,
    /// The feeds of the plugin.
    pub feeds: Vec<OldFeed>,
    /// Fields of folders, by folder.
    pub data: BTreeMap<String, Vec<Entry>>,
    /// True if texts may have comments of Nunjucks.
    pub has_comments: bool,
    /// The zone of dates.
    pub zone: Zone,
}

/// Files that are only copied.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Passed {
    /// A file, a folder, or a pattern of files.
    pub from: String,
    /// The place on the site of what is at `from`; of a pattern, the folder that it begins in.
    pub to: String,
}

impl Passed {
    /// The place on the site of the file `name`; `None` if it is not one of these.
    pub(super) fn place(&self, name: &str) -> Option<String> {
        let (from, is_there) = match self.from.find(['*', '{', '?']) {
            Some(star) => {
                let folder = self.from[..star].rsplit_once('/').map_or("", |(folder, _)| folder);
                (folder, glob::Pattern::new(&self.from).is_ok_and(|pattern| pattern.matches(name)))
            }
            None => (self.from.as_str(), crate::config::within(name, &self.from)),
        };
        let rest = name.get(from.len()..).filter(|_| is_there)?;
        Some(format!("{}/{}", self.to, rest.trim_start_matches('/')).trim_matches('/').to_owned())
    }
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
    let feeds = of_plugin(&script);
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
        } else if SCRIPTS.iter().any(|end| base_name == format!("{own}.11tydata.{end}")) {
            let script = tree.text(name, imported).unwrap_or_default();
            let (fields, is_whole) = exported(&script).unwrap_or_default();
            data.entry(folder.to_owned()).or_default().extend(fields);
            if !is_whole {
                let text =
                    "values of a folder that are made by a script were not read: set them in its articles";
                imported.tell(Outcome::Lost, "folder-data", Spot::file(name), text);
            }
        }
    }
    Ok(Config {
        has_comments: property(&script, "markdownTemplateEngine").is_some_and(|name| name == "njk"),
        passed: passed(&script, &input),
        feeds,
        input,
        base: base.trim_end_matches('/').to_owned(),
        metadata,
        data,
        zone: Zone::utc("Eleventy"),
    })
}

/// Endings of scripts.
const SCRIPTS: [&str; 3] = ["js", "cjs", "mjs"];

/// The arguments of `addPassthroughCopy`.
fn passed(script: &str, input: &str) -> Vec<Passed> {
    let mut all = Vec::new();
    for (at, call) in script.match_indices("addPassthroughCopy(") {
        let mut rest = script[at + call.len()..].trim_start();
        let is_table = rest.starts_with('{');
        rest = rest.trim_start_matches('{').trim_start();
        while let Some((from, length)) = quoted(rest) {
            rest = rest[length..].trim_start();
            let from = from.trim_start_matches("./").trim_matches('/').to_owned();
            let fixed = from
                .find(['*', '{', '?'])
                .map_or(from.as_str(), |star| from[..star].rsplit_once('/').map_or("", |(folder, _)| folder));
            let bare = match crate::config::within(fixed, input) {
                true => fixed[input.len()..].trim_start_matches('/'),
                false => fixed,
            };
            let mut to = bare.to_owned();
            if is_table
                && let Some(value) = rest.strip_prefix(':').map(str::trim_start)
                && let Some((text, length)) = quoted(value)
            {
                to = text.trim_matches('/').to_owned();
                rest = value[length..].trim_start();
            }
            if !from.is_empty() {
                all.push(Passed { from, to });
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
        let script = "eleventyConfig.addPassthroughCopy('src/img'); c.addPassthroughCopy({ \"./public/\": \"/\", 'x/y': 'z' }).addPassthroughCopy(\"./src/blog/**/*.png\");";
        let all = passed(script, "src");
        let place = |name: &str| all.iter().find_map(|one| one.place(name));
        for (name, expected) in [
            ("src/img/a.png", Some("img/a.png")),
            ("public/robots.txt", Some("robots.txt")),
            ("x/y/b.pdf", Some("z/b.pdf")),
            ("src/blog/one/c.png", Some("blog/one/c.png")),
            ("src/blog/one/index.md", None),
            ("src/imgs/a.png", None),
        ] {
            assert_eq!(place(name).as_deref(), expected, "{name}");
        }
    }
}

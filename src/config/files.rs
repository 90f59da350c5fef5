//! `copy` and `follow_links`: which files of `content/` and `static/` belong to the site.

use glob::{MatchOptions, Pattern};

use crate::model::metadata::Fields;

/// `copy` and `follow_links`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRules {
    /// `copy`: patterns of files that are copied although their names look like backups, sources of other generators
    /// or hidden files; default none.
    pub copy: Vec<Pattern>,
    /// `follow_links`: follow symbolic links that lead out of the site; default false.
    pub follow_links: bool,
}

/// A `*` stands for any characters but `/`, so that `*.rst` never means a folder's whole content.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl FileRules {
    /// True if `copy` names the file or folder at `path` below `content/` or `static/`. A pattern without `/` is
    /// compared with its name alone.
    pub fn copies(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.copy.iter().any(|pattern| {
            let text = if pattern.as_str().contains('/') { path } else { name };
            pattern.matches_with(text, MATCHING)
        })
    }

    /// True if `copy` may name files in the folder at `path`.
    pub fn copies_in(&self, path: &str) -> bool {
        let depth = path.split('/').count();
        let leads_there = |pattern: &Pattern| {
            let mut parts = pattern.as_str().split('/');
            let folder: Vec<&str> = parts.by_ref().take(depth).collect();
            let is_wide = folder.contains(&"**");
            let is_above = || {
                let above = Pattern::new(&folder.join("/"));
                above.is_ok_and(|above| above.matches_with(path, MATCHING))
            };
            folder.len() == depth && parts.next().is_some() && (is_wide || is_above())
        };
        self.copies(path) || self.copy.iter().any(leads_there)
    }
}

pub(super) fn files(fields: &mut Fields<'_, '_>) -> FileRules {
    let mut rules =
        FileRules { copy: Vec::new(), follow_links: fields.flag("follow_links").unwrap_or_default() };
    let Some(node) = fields.node("copy") else { return rules };
    for text in fields.as_texts("copy", node) {
        match Pattern::new(text.trim_start_matches('/')) {
            Ok(pattern) => rules.copy.push(pattern),
            Err(error) => {
                let remedy = "write patterns as in `copy = [\"*.rst\", \"_data/**\"]`";
                fields.refuse(
                    "copy",
                    node,
                    format!("\u{201c}{text}\u{201d} is no pattern: {}", error.msg),
                    remedy,
                );
            }
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(patterns: &[&str]) -> FileRules {
        let copy = patterns.iter().map(|text| Pattern::new(text).unwrap()).collect();
        FileRules { copy, follow_links: false }
    }

    #[test]
    fn a_pattern_without_a_slash_is_a_name_and_any_other_a_path() {
        for (pattern, path, expected) in [
            ("*.rst", "a.rst", true),
            ("*.rst", "news/a.RST", true),
            ("*.rst", "news/a.rst/b.txt", false),
            ("news/*.rst", "news/a.rst", true),
            ("news/*.rst", "news/old/a.rst", false),
            ("news/**", "news/old/a.rst", true),
            ("**/*.rst", "news/old/a.rst", true),
            (".well-known/*", ".well-known/a", true),
        ] {
            assert_eq!(rules(&[pattern]).copies(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_folder_is_searched_if_a_pattern_may_name_what_it_has() {
        for (pattern, folder, expected) in [
            ("_data", "_data", true),
            ("_data/**", "_data", true),
            ("_data/a/b.yml", "_data", true),
            ("_data/a/b.yml", "_data/a", true),
            ("_data/a/b.yml", "_data/b", false),
            ("**/*.yml", "_data", true),
            ("*.yml", "_data", false),
            ("news/_data/*", "_data", false),
        ] {
            assert_eq!(rules(&[pattern]).copies_in(folder), expected, "{pattern} {folder}");
        }
    }
}

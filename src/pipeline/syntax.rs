//! Remedies in the syntax of the file that has the problem.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::model::diagnostics::Problem;
use crate::model::metadata::Language;
use crate::source::FOLDER;

/// `problems` of the site at `root`, with their remedies in the syntax of the front matter of their files.
pub(super) fn in_own_syntax(root: &Path, mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut known: HashMap<Arc<str>, Language> = HashMap::new();
    for problem in &mut problems {
        let Some(file) = problem.place().map(|place| place.file.clone()) else { continue };
        let is_source = file.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'));
        // A remedy may also be for `site.toml`.
        let remedy = problem.remedy().filter(|help| help.contains(" = ") && !help.contains("site.toml"));
        let Some(remedy) = remedy.filter(|_| is_source) else { continue };
        let language = *known.entry(file.clone()).or_insert_with(|| language(&root.join(&*file)));
        if language != Language::Toml {
            problem.set_remedy(language.translated(&remedy));
        }
    }
    problems
}

/// The language of the front matter of `file`; TOML if the file can't be read any more.
fn language(file: &Path) -> Language {
    let is_file = std::fs::metadata(file).is_ok_and(|metadata| metadata.is_file());
    let mut start = Vec::new();
    if is_file && let Ok(file) = File::open(file) {
        // A file that can't be read is taken as TOML.
        let _ = file.take(16).read_to_end(&mut start);
    }
    Language::of_front_matter(&String::from_utf8_lossy(&start))
}

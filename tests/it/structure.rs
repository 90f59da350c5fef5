//! The shape of the source code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::site::tree;

#[test]
fn modules_name_only_modules_above_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
    let mut group = 0;
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for line in lib.lines() {
        group += usize::from(line.trim().is_empty());
        if let Some(name) = line.strip_prefix("pub mod ") {
            groups.insert(name.trim_end_matches(';').to_owned(), group);
        }
    }
    let mut wrong = Vec::new();
    for (path, bytes) in tree(&src) {
        let Some(own) = path.split(['/', '.']).next().filter(|own| groups.contains_key(*own)) else {
            continue;
        };
        let text = String::from_utf8(bytes).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used != own && groups.get(&used).is_some_and(|group| *group >= groups[own]) {
                wrong.push(format!("{path} names {used}, which does not stand above {own}"));
            }
        }
        for clock in ["SystemTime::now", "Utc::now", "Local::now", "println!", "std::env::var"] {
            if code.contains(clock) {
                wrong.push(format!("{path} has {clock}"));
            }
        }
        if !path.ends_with("tests.rs") && code.lines().count() > 450 {
            wrong.push(format!("{path} has {} lines: too long to read in a sitting", code.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

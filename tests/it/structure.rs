//! The shape of the source code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::site::tree;

/// The rooms that end a path: each may use every room before the first of them, and none of the others.
const LEAVES: [&str; 2] = ["notify", "serve"];

#[test]
fn modules_name_only_rooms_above_their_own() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
    let rooms = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let floors: BTreeMap<&str, usize> = rooms.enumerate().map(|(floor, room)| (room, floor)).collect();
    let mut wrong = Vec::new();
    for (path, bytes) in tree(&src).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
        let Some(own) = path.split(['/', '.']).next().filter(|own| floors.contains_key(own)) else {
            continue;
        };
        let text = String::from_utf8(bytes).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let both_end = LEAVES.contains(&own) && LEAVES.contains(&used.as_str());
            if used != own && floors.get(&*used).is_some_and(|floor| *floor >= floors[own] || both_end) {
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

/// The files with code for one platform, other than tests. packaging/README.md says what each of them does on the others.
const OF_PLATFORMS: [&str; 8] = [
    "model/stamp.rs",
    "model/url/path.rs",
    "serve/connections.rs",
    "serve/mod.rs",
    "serve/opened.rs",
    "source/walk.rs",
    "storage/disk.rs",
    "storage/file.rs",
];

#[test]
fn code_for_one_platform_is_in_few_files_and_each_is_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let marks = [
        "cfg(unix)",
        "cfg(windows)",
        "cfg(not(unix))",
        "cfg!(windows)",
        "cfg!(unix)",
        "target_os",
        "MAIN_SEPARATOR",
        "std::os::",
    ];
    let mut found: Vec<String> = Vec::new();
    for (path, bytes) in tree(&root.join("src")) {
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let text = String::from_utf8_lossy(&bytes);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if path.ends_with(".rs") && !is_test && marks.iter().any(|mark| code.contains(mark)) {
            found.push(path);
        }
    }
    found.sort();
    assert_eq!(found, OF_PLATFORMS);
    let page = fs::read_to_string(root.join("packaging/README.md")).unwrap();
    for path in OF_PLATFORMS {
        assert!(page.contains(&format!("`src/{path}`")), "packaging/README.md does not describe src/{path}");
    }
}

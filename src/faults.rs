//! For tests of debug builds: `DATELINE_FAULT` lets one call that changes a disk fail, or be the last
//! thing the process does. Release builds don't have this module.

use std::io::Write;

use dateline::storage::disk::{self, Fault};

const VARIABLE: &str = "DATELINE_FAULT";

/// Reads the variable: `kill:17` and, with an error number, `28:17` are about call number 17; with a `+`
/// behind, about all after it too.
pub fn arm() {
    let Ok(text) = std::env::var(VARIABLE) else { return };
    let Some((fault, at)) = text.split_once(':') else { return };
    let lasting = at.ends_with('+');
    let Ok(at) = at.trim_end_matches('+').parse() else { return };
    match (fault, fault.parse()) {
        ("kill", _) => disk::arm(Fault::Kill, at, lasting),
        (_, Ok(number)) => disk::arm(Fault::Error(number), at, lasting),
        _ => {}
    }
}

/// With `count`, says how many calls there were.
pub fn tell() {
    if std::env::var(VARIABLE).is_ok_and(|text| text == "count") {
        let _ = writeln!(std::io::stderr(), "calls: {}", disk::calls());
    }
}

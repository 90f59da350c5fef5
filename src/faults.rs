//! For tests of debug builds: `DATELINE_FAULT` lets one call that changes a disk fail, or be the last
//! thing the process does; `DATELINE_READ_FAULT` does that to the opening of a file to read it. Release builds don't
//! have this module.

use std::io::Write;

use dateline::storage::disk::{self, Call, Fault};

const VARIABLES: [(&str, Call); 2] = [("DATELINE_FAULT", Call::Change), ("DATELINE_READ_FAULT", Call::Read)];

/// Reads the variables: `kill:17` and, with an error number, `28:17` are about call number 17; with a `+`
/// behind, about all after it too.
pub fn arm() {
    for (variable, call) in VARIABLES {
        let Ok(text) = std::env::var(variable) else { continue };
        let Some((fault, at)) = text.split_once(':') else { continue };
        let lasting = at.ends_with('+');
        let Ok(at) = at.trim_end_matches('+').parse() else { continue };
        match (fault, fault.parse()) {
            ("kill", _) => disk::arm(call, Fault::Kill, at, lasting),
            (_, Ok(number)) => disk::arm(call, Fault::Error(number), at, lasting),
            _ => {}
        }
    }
}

/// With `count`, says how many calls there were.
pub fn tell() {
    for (variable, call) in VARIABLES {
        if std::env::var(variable).is_ok_and(|text| text == "count") {
            let _ = writeln!(std::io::stderr(), "calls: {}", disk::calls(call));
        }
    }
}

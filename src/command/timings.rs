//! Where the time of a build went, as a table on the terminal.

use std::fmt::Write;

use dateline::timings::Timings;

/// The stages, one a line: name, milliseconds, count, bytes.
pub fn table(timings: &Timings) -> String {
    let mut text = format!("{:<12} {:>10} {:>10} {:>12}", "stage", "ms", "count", "bytes");
    for stage in &timings.stages {
        let milliseconds = stage.took.as_secs_f64() * 1000.0;
        // Writing to a string can't fail.
        let _ =
            write!(text, "\n{:<12} {milliseconds:>10.1} {:>10} {:>12}", stage.name, stage.count, stage.bytes);
    }
    text
}

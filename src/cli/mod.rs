//! One file a verb, and the parts that verbs share: the clock and the console.

mod archetype;
pub mod arguments;
pub mod build;
pub mod check;
mod clock;
mod console;
pub mod deploy;
mod desk;
pub mod due;
pub mod explain;
pub mod feeds;
pub mod fetch;
pub mod hosting;
mod hubs;
pub mod import;
mod lint;
pub mod list;
pub mod manual;
mod metrics;
pub mod mv;
pub mod new;
mod preview;
pub mod publish;
pub mod recorder;
mod remote;
mod report;
pub mod rollback;
mod scaffold;
pub mod schema;
pub mod serve;
pub mod set;
pub mod status;
pub mod templates;
pub mod theme;
mod timings;
pub mod verify;

use std::process::ExitCode;

use dateline::model::printable::printable_lines;
use dateline::pipeline::Blame;

pub use console::be_quiet;

/// The exit code of success.
pub const DONE: u8 = 0;

/// Prints help, the version, or an error in the arguments, which are printed without colours if an argument has a
/// control character.
pub fn refuse_arguments(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if printable_lines(&text) == text {
        // If the terminal is closed, nobody reads this.
        let _ = error.print();
    } else {
        text.trim_end().lines().for_each(console::complain);
    }
    ExitCode::from(if error.use_stderr() { code(Blame::Usage) } else { DONE })
}

/// The exit code for a failure, as a number.
pub fn code(blame: Blame) -> u8 {
    match blame {
        Blame::Content => 1,
        Blame::Usage => 2,
        Blame::Machine => 3,
    }
}

/// The exit code for a failure.
pub fn exit_code(blame: Blame) -> ExitCode {
    ExitCode::from(code(blame))
}

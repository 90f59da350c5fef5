//! One file a verb, and the parts that verbs share: the clock and the console.

mod archetype;
pub mod arguments;
pub mod build;
mod clock;
mod console;
mod desk;
pub mod due;
pub mod explain;
pub mod feeds;
mod fetch;
pub mod hosting;
mod hubs;
mod lint;
pub mod list;
pub mod manual;
pub mod new;
mod preview;
pub mod publish;
pub mod recorder;
mod report;
pub mod rollback;
mod scaffold;
pub mod serve;
pub mod set;
pub mod templates;
pub mod theme;
mod timings;
pub mod verify;

use std::process::ExitCode;

use dateline::pipeline::Blame;

/// The exit code of success.
pub const DONE: u8 = 0;

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

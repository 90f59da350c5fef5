//! `dateline hosting`.

use std::process::ExitCode;

use dateline::pipeline::SitePlan;
use dateline::render::hosting::{self, Facts};

use super::{DONE, console, desk};
use crate::cli::arguments::{HostingArgs, Server};

/// Prints the configuration for a server.
pub fn run(arguments: &HostingArgs) -> ExitCode {
    let (desk, survey) = match desk::open(&arguments.site) {
        Ok(opened) => opened,
        Err(failure) => return desk::refuse(&failure),
    };
    // The survey has reported problems with sources.
    let SitePlan { config, plan, styles, .. } = survey.plan(&desk.request());
    let facts = Facts::new(&config, &plan, &styles);
    let out = std::path::absolute(&desk.out).unwrap_or_else(|_| desk.out.clone());
    let text = match arguments.server {
        Server::Headers => String::from_utf8_lossy(&hosting::headers(&facts)).into_owned(),
        Server::Nginx => hosting::nginx(&facts, &out),
        Server::Caddy => hosting::caddy(&facts, &out),
    };
    console::say_lines(text.trim_end());
    ExitCode::from(DONE)
}

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
    let all = Facts::of_hosts(&config, &plan, &styles);
    let out = std::path::absolute(&desk.out).unwrap_or_else(|_| desk.out.clone());
    let text = match arguments.server {
        Server::Headers => headers(&all),
        Server::Nginx => hosting::of_all(&all, &out, hosting::nginx),
        Server::Caddy => hosting::of_all(&all, &out, hosting::caddy),
    };
    console::say_lines(text.trim_end());
    ExitCode::from(DONE)
}

/// The `_headers` of each host; of several, each behind the name of its host.
fn headers(all: &[Facts]) -> String {
    let texts = all.iter().map(|facts| {
        let text = String::from_utf8_lossy(&hosting::headers(facts)).into_owned();
        if all.len() > 1 { format!("# {}\n{text}", facts.host()) } else { text }
    });
    texts.collect::<Vec<_>>().join("\n")
}

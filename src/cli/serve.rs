//! `dateline serve`.

use std::process::ExitCode;

use dateline::model::diagnostics::Problem;
use dateline::pipeline::Blame;
use miette::Diagnostic;
use thiserror::Error;

use super::{console, exit_code};
#[cfg(not(feature = "serve"))]
use crate::cli::arguments::ServeArgs;

/// Reasons why nothing is served.
#[derive(Debug, Error, Diagnostic)]
pub enum ServeError {
    /// No port is free.
    #[cfg(feature = "serve")]
    #[error("no port from {first} to {last} of {host} can be listened on: {reason}")]
    #[diagnostic(code(serve::port), help("give another with `--port`; `--port 0` takes any that is free"))]
    NoPort {
        /// The first port tried.
        first: u16,
        /// The last port tried.
        last: u16,
        /// The address.
        host: std::net::IpAddr,
        /// The system's message for the first port.
        reason: String,
    },
    /// The listener failed.
    #[cfg(feature = "serve")]
    #[error("nothing more can be served: {reason}")]
    #[diagnostic(code(serve::listen), help("start it again"))]
    Listener {
        /// The system's message.
        reason: String,
    },
    /// This program has no server.
    #[cfg(not(feature = "serve"))]
    #[error("this program was built without the feature `serve`")]
    #[diagnostic(code(serve::not_built), help("build it with `cargo build --features serve`"))]
    NotBuilt,
}

fn refuse(blame: Blame, error: ServeError) -> ExitCode {
    console::problems(&[Problem::nowhere(error)]);
    exit_code(blame)
}

/// Reports that this program has no server.
#[cfg(not(feature = "serve"))]
pub fn run(_: &ServeArgs) -> ExitCode {
    refuse(Blame::Usage, ServeError::NotBuilt)
}

#[cfg(feature = "serve")]
pub use server::run;

#[cfg(feature = "serve")]
mod server {
    use std::net::{SocketAddr, TcpListener};
    use std::process::ExitCode;
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    use dateline::pipeline::{self, Blame, Report};
    use dateline::serve::{Hosts, News, Options, serve};
    use dateline::site::identity::Allowances;

    use super::{ServeError, refuse};
    use crate::cli::arguments::ServeArgs;
    use crate::cli::report::{failed_line, last_line};
    use crate::cli::{DONE, clock, console, desk, exit_code};

    /// Number of ports tried.
    const PORTS: u16 = 20;
    /// Number of files that a line names; more are only counted.
    const NAMED: usize = 3;

    /// Serves the site until the process is told to end.
    pub fn run(arguments: &ServeArgs) -> ExitCode {
        static STARTED: OnceLock<Instant> = OnceLock::new();
        STARTED.get_or_init(Instant::now);
        if let Err(failure) = pipeline::is_site(&arguments.root) {
            return desk::refuse(&failure);
        }
        let fixed = match clock::now(arguments.now.as_deref()) {
            Ok(now) => arguments.now.as_ref().map(|_| now),
            Err(error) => {
                console::problems(&[dateline::model::diagnostics::Problem::nowhere(error)]);
                return exit_code(Blame::Usage);
            }
        };
        let (listener, address) = match listen(arguments) {
            Ok(bound) => bound,
            Err(error) => return refuse(Blame::Usage, error),
        };
        // The same form of the path as in the system's change events.
        let root = arguments.root.canonicalize().unwrap_or_else(|_| arguments.root.clone());
        let options = Options {
            state: root.join(pipeline::STATE),
            out: root.join("public"),
            root,
            allowances: Allowances { drafts: arguments.drafts, future: arguments.future },
            clock: Box::new(move || fixed.unwrap_or_else(clock::present)),
            stopwatch: &|| STARTED.get().map_or(Duration::ZERO, Instant::elapsed),
            poll: arguments.poll,
            hosts: Hosts { names: arguments.allow_host.clone() },
        };
        let (wanted, is_any) = (arguments.port, address.ip().is_unspecified());
        let shown = if is_any { format!("localhost:{}", address.port()) } else { address.to_string() };
        let url = format!("http://{shown}/");
        let open = arguments.open;
        let tell = move |news: News<'_>| {
            say(&news);
            if let News::Built { is_first: true, .. } | News::Failed { is_first: true, .. } = news {
                if wanted != 0 && wanted != address.port() {
                    console::remark(&format!("port {wanted} is taken"));
                }
                console::say(&format!("{url}  the site"));
                console::say(&format!("{url}_dateline/  the desk; Ctrl-C ends this"));
                if open && let Err(error) = open::that_detached(&url) {
                    console::remark(&format!("no browser could be opened: {error}"));
                }
            }
        };
        match serve(listener, options, tell) {
            Ok(()) => ExitCode::from(DONE),
            Err(error) => refuse(Blame::Machine, ServeError::Listener { reason: error.to_string() }),
        }
    }

    /// Listens on the wanted port, or on the next free one.
    fn listen(arguments: &ServeArgs) -> Result<(TcpListener, SocketAddr), ServeError> {
        let (host, first) = (arguments.host, arguments.port);
        let last = if first == 0 { 0 } else { first.saturating_add(PORTS - 1) };
        let mut reason = None;
        for port in first..=last {
            let bound = TcpListener::bind((host, port)).and_then(|listener| {
                let address = listener.local_addr()?;
                Ok((listener, address))
            });
            match bound {
                Ok(bound) => return Ok(bound),
                Err(error) => {
                    reason.get_or_insert(error.to_string());
                }
            }
        }
        Err(ServeError::NoPort { first, last, host, reason: reason.unwrap_or_default() })
    }

    fn say(news: &News<'_>) {
        match news {
            News::Built { report, took, is_first: true, .. } => {
                console::problems(&report.problems);
                console::say(&last_line(report, *took));
            }
            News::Built { report, took, touched, .. } => {
                let changes = &report.changes;
                if touched.is_empty() && changes.written + changes.removed == 0 {
                    return;
                }
                let what = match touched.len() {
                    0 => "as time passes".to_owned(),
                    1..=NAMED => touched.join(", "),
                    count => format!("{count} files"),
                };
                console::say(&format!("{what}: {}", counts(report, *took)));
            }
            News::Failed { failure, .. } => {
                console::problems(&failure.problems);
                console::say(
                    &failed_line(failure)
                        .replace("the output folder is as it was", "what was there is shown on"),
                );
            }
            News::Polling(reason) => {
                console::remark(&format!("{reason}; until then, changes are looked for every second"));
            }
        }
    }

    fn counts(report: &Report, took: Duration) -> String {
        let changes = &report.changes;
        let removed =
            if changes.removed > 0 { format!(", {} removed", changes.removed) } else { String::new() };
        let warnings = match report.problems.len() {
            0 => String::new(),
            1 => "; 1 warning".to_owned(),
            count => format!("; {count} warnings"),
        };
        format!("{} documents changed{removed} in {} ms{warnings}", changes.written, took.as_millis())
    }
}

//! `dateline serve`: builds the site in memory, as `build` would write it, and serves it to browsers on this machine.
//! It builds again whenever something changes, and browsers show the change at once.
//!
//! 1. [`watch`] watches the file system and sends changes as [`Message`]s.
//! 2. One thread ([`work`]) waits for them, builds, and records the result in the [`Site`].
//! 3. [`answer`] answers requests from the site. Only answers have what belongs to this server: the script that
//!    reloads, and a base URL that leads here ([`rewrite`]).
//! 4. Browsers get an event for each build ([`events`]), and reload if it changed what they show.

mod answer;
mod connections;
mod content;
mod desk;
mod events;
mod host;
mod opened;
mod overlay;
mod page;
mod rewrite;
mod rules;
mod site;
mod view;
mod watch;
mod work;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::{DateTime, Utc};
pub use host::Hosts;
pub use work::News;

use crate::site::identity::Allowances;
use answer::App;
use site::Site;
use watch::Watching;

/// The site to serve, and how to build it.
pub struct Options {
    /// The site's root, which has `site.toml`.
    pub root: PathBuf,
    /// The folder for state; the server writes only a lock of its own there.
    pub state: PathBuf,
    /// The output folder, which is not changed.
    pub out: PathBuf,
    /// Exceptions from what is public, such as drafts.
    pub allowances: Allowances,
    /// Gives the current time.
    pub clock: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Measures how long builds take.
    pub stopwatch: &'static (dyn Fn() -> Duration + Sync),
    /// Poll for changes every second instead of watching, for file systems that report no changes.
    pub poll: bool,
    /// The host names to which it answers.
    pub hosts: Hosts,
}

/// Serves the site on `listener` until the process gets a signal to end. `tell` gets the news of each build.
///
/// # Errors
/// The system's error with the listener.
pub fn serve(
    listener: TcpListener,
    options: Options,
    tell: impl Fn(News<'_>) + Send + 'static,
) -> std::io::Result<()> {
    let (sender, inbox) = mpsc::channel();
    let watching = Watching::begin(&options, sender.clone());
    let site = Arc::new(Site::new(options));
    let app = Arc::new(App { site: site.clone(), orders: sender });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    listener.set_nonblocking(true)?;
    std::thread::spawn(move || work::work(&site, watching, &inbox, &tell));
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            never = connections::accept(&listener, &app) => match never {},
            () = told_to_end() => Ok(()),
        }
    });
    // Does not wait for listening browsers or a running build: neither leaves anything half done.
    runtime.shutdown_background();
    served
}

/// Waits for a signal to end: Ctrl-C, or the one of a process supervisor.
async fn told_to_end() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

//! `dateline serve`: the site as `build` would write it, from memory, to browsers on this machine; built again
//! whenever something changes, and shown at once.
//!
//! 1. [`watch`] hears of changes and hands them on as [`Message`]s.
//! 2. One thread ([`work`]) waits for those, builds, and notes in the [`Site`] what came of it.
//! 3. [`answer`] answers requests from the site; what is for this server alone (the script that reloads, a base URL
//!    that leads here) it puts into the answer and nowhere else ([`rewrite`]).
//! 4. Browsers are told of each build ([`events`]) and decide by what they show whether they have to reload.

mod answer;
mod content;
mod desk;
mod events;
mod host;
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

use axum::Router;
use axum::serve::ListenerExt;
use chrono::{DateTime, Utc};
pub use host::Hosts;
pub use work::News;

use crate::site::identity::Allowances;
use answer::App;
use site::Site;
use watch::Watching;

/// What is served, and how it is built.
pub struct Options {
    /// The site's root, which has `site.toml`.
    pub root: PathBuf,
    /// The folder for what is remembered between builds; only a lock of the server's own is written there.
    pub state: PathBuf,
    /// The output folder, which is left alone.
    pub out: PathBuf,
    /// What is shown beyond what is public.
    pub allowances: Allowances,
    /// Says what time it is.
    pub clock: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Times the builds.
    pub stopwatch: &'static (dyn Fn() -> Duration + Sync),
    /// Look for changes every second rather than wait to be told of them: for file systems that tell nobody.
    pub poll: bool,
    /// Under which names it may be asked.
    pub hosts: Hosts,
}

/// Serves the site to those who connect to `listener`, until the process is told to end. `tell` hears of each build.
///
/// # Errors
/// What the system says of the listener.
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
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| {
            // Without that an answer in two parts may wait.
            let _ = stream.set_nodelay(true);
        });
        let router = Router::new().fallback(answer::answer).with_state(app);
        tokio::select! {
            served = async { axum::serve(listener, router).await } => served,
            () = told_to_end() => Ok(()),
        }
    });
    // Nobody waits for a browser that listens, or for a build: neither leaves anything half done.
    runtime.shutdown_background();
    served
}

/// Ends when the process is told to, by Ctrl-C or by whoever supervises it.
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

//! Connections of visitors: how many there may be, and how long one may take to ask.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::answer::{App, answer};

/// The time that a visitor has to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// The pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections and answers the requests on them, for ever.
pub(super) async fn accept(listener: &TcpListener, app: &Arc<App>) -> Infallible {
    let mut open = Open::default();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No more files may be open, or the visitor has gone already.
            open.close_one();
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Without this option an answer in two parts may be delayed.
        let _ = stream.set_nodelay(true);
        let (app, has_asked) = (app.clone(), Arc::new(AtomicBool::new(false)));
        let asked = has_asked.clone();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let app = app.clone();
            async move { Ok::<_, Infallible>(answer(&app, request.map(Body::new)).await) }
        });
        let task = tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD);
            // A fault of the visitor's ends the connection, and nothing else.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
        open.add(Connection { task: task.abort_handle(), has_asked });
    }
}

/// A connection.
struct Connection {
    task: AbortHandle,
    /// True once a request has come.
    has_asked: Arc<AtomicBool>,
}

/// The open connections, the oldest first.
struct Open {
    connections: VecDeque<Connection>,
    most: usize,
}

impl Default for Open {
    fn default() -> Open {
        Open { connections: VecDeque::new(), most: most() }
    }
}

impl Open {
    /// Adds a connection; closes another if they are too many.
    fn add(&mut self, connection: Connection) {
        self.connections.retain(|one| !one.task.is_finished());
        if self.connections.len() >= self.most {
            self.close_one();
        }
        self.connections.push_back(connection);
    }

    /// Closes the oldest connection without a request, or else the oldest one.
    fn close_one(&mut self) {
        let silent = self.connections.iter().position(|one| !one.has_asked.load(Ordering::Relaxed));
        if let Some(one) = self.connections.remove(silent.unwrap_or_default()) {
            one.task.abort();
        }
    }
}

/// The most connections: a quarter of the files that this process may have open.
fn most() -> usize {
    #[cfg(target_os = "linux")]
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(target_os = "linux"))]
    let files = Some(256);
    files.and_then(|files| usize::try_from(files / 4).ok()).map_or(512, |most| most.clamp(8, 512))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_never_asked_goes_first_and_then_the_oldest() {
        let mut open = Open { connections: VecDeque::new(), most: 3 };
        let mut tasks = Vec::new();
        for has_asked in [true, false, true, true, true] {
            let task = tokio::spawn(std::future::pending::<()>());
            open.add(Connection { task: task.abort_handle(), has_asked: Arc::new(has_asked.into()) });
            tasks.push(task);
        }
        assert_eq!(open.connections.len(), 3);
        for (task, is_closed) in tasks.into_iter().zip([true, true, false, false, false]) {
            if is_closed {
                assert!(task.await.is_err_and(|error| error.is_cancelled()));
            } else {
                assert!(!task.is_finished());
            }
        }
    }
}

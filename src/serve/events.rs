//! Events for browsers: Server-Sent Events (HTML Standard, section 9.2).

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::overlay::{Trouble, overlay};
use super::site::Site;

/// A message to browsers, as JSON.
#[derive(Debug, Clone)]
pub(super) struct Told(Arc<str>);

impl Told {
    /// A build succeeded and changed these files; `None` if they are too many to name.
    pub fn built(changed: Option<Vec<String>>) -> Told {
        Told(json!({ "built": true, "changed": changed }).to_string().into())
    }

    /// A build failed with these errors.
    pub fn failed(errors: &[Trouble]) -> Told {
        Told(json!({ "built": false, "overlay": overlay(errors) }).to_string().into())
    }
}

/// Sends the events of each build to a browser that shows the file `page` with this `digest` (empty if it had none).
/// The first event brings it up to date with what it missed.
pub(super) fn listen(site: &Arc<Site>, page: &str, digest: &str) -> Response {
    // Subscribes before looking at the site, so that no build is missed in between.
    let ear = site.browsers.subscribe();
    let shown = site.shown();
    let first = if shown.errors.is_empty() {
        let now = site.shelf.get(page).map(|(record, _)| record.digest.to_string()).unwrap_or_default();
        let is_same = now == digest || page.is_empty();
        Told::built(Some(if is_same { Vec::new() } else { vec![page.to_owned()] }))
    } else {
        Told::failed(&shown.errors)
    };
    let events = stream::unfold((Some(first), ear), |(first, mut ear)| async move {
        let told = match first {
            Some(told) => told,
            None => match ear.recv().await {
                Ok(told) => told,
                // The browser missed some events.
                Err(RecvError::Lagged(_)) => Told::built(None),
                Err(RecvError::Closed) => return None,
            },
        };
        Some((Ok::<_, Infallible>(Event::default().data(&*told.0)), (None, ear)))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

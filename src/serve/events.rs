//! What browsers are told: Server-Sent Events (HTML Standard, section 9.2).

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::overlay::{Trouble, overlay};
use super::site::Site;

/// One thing that browsers are told, as JSON.
#[derive(Debug, Clone)]
pub(super) struct Told(Arc<str>);

impl Told {
    /// There was a build without errors, in which these files changed; `None` if they are too many to name.
    pub fn built(changed: Option<Vec<String>>) -> Told {
        Told(json!({ "built": true, "changed": changed }).to_string().into())
    }

    /// There are errors.
    pub fn failed(errors: &[Trouble]) -> Told {
        Told(json!({ "built": false, "overlay": overlay(errors) }).to_string().into())
    }
}

/// Tells a browser that shows the file `page` as of `digest` (empty if there was none) of each build. What it missed
/// it is told first.
pub(super) fn listen(site: &Arc<Site>, page: &str, digest: &str) -> Response {
    // First the ear, then the look: nothing falls between.
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
                // It slept through some of them.
                Err(RecvError::Lagged(_)) => Told::built(None),
                Err(RecvError::Closed) => return None,
            },
        };
        Some((Ok::<_, Infallible>(Event::default().data(&*told.0)), (None, ear)))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

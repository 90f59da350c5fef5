//! The request that tells a hub.

use std::time::Duration;

use ureq::http::header::{LOCATION, RETRY_AFTER};
use ureq::{Agent, Error};

use super::Answer;

/// Sends the requests; connections to a hub are used again.
pub struct Poster {
    agent: Agent,
}

impl Poster {
    /// With time limits for getting a connection, and for a request as a whole. Proxies are those of the
    /// environment (`HTTPS_PROXY`, `NO_PROXY`).
    pub fn new(connect: Duration, whole: Duration) -> Poster {
        let config = Agent::config_builder()
            .timeout_connect(Some(connect.min(whole)))
            .timeout_global(Some(whole))
            .http_status_as_error(false)
            // What is moved is for the publisher to know: followed, a post would become a visit.
            .max_redirects(0)
            .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
            .build();
        Poster { agent: config.into() }
    }

    /// Tells `hub` that `topic` changed. Both names of that parameter are sent, since hubs know one or the
    /// other: `hub.url` is that of PubSubHubbub, `hub.topic` that of the rest of WebSub.
    pub fn post(&self, hub: &str, topic: &str) -> Answer {
        let form = [("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)];
        let response = match self.agent.post(hub).send_form(form) {
            Ok(response) => response,
            Err(error) => return Answer::Failed { why: reason(&error), retry_after: None },
        };
        let text = |name| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        match response.status().as_u16() {
            200..=299 => Answer::Told,
            status @ (408 | 429 | 500..) => {
                Answer::Failed { why: format!("answered {status}"), retry_after: text(RETRY_AFTER) }
            }
            status => Answer::Refused { status, location: text(LOCATION) },
        }
    }
}

/// Why there was no answer.
fn reason(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "did not answer in time".to_owned(),
        Error::HostNotFound => "has a name that is not known".to_owned(),
        Error::Io(error) => format!("did not answer ({error})"),
        other => format!("did not answer ({other})"),
    }
}

//! The HTTP request that notifies a hub.

use std::time::Duration;

use ureq::http::header::{LOCATION, RETRY_AFTER};
use ureq::{Agent, Error};

use super::Answer;

/// Sends the requests; it keeps connections to a hub open for the next one.
pub struct Poster {
    agent: Agent,
}

impl Poster {
    /// Creates a poster with time limits for connecting and for a whole request. It uses the proxies of the
    /// environment (`HTTPS_PROXY`, `NO_PROXY`).
    pub fn new(connect: Duration, whole: Duration) -> Poster {
        let config = Agent::config_builder()
            .timeout_connect(Some(connect.min(whole)))
            .timeout_global(Some(whole))
            .http_status_as_error(false)
            // Redirects are reported to the publisher and not followed: a followed post would become a GET.
            .max_redirects(0)
            .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
            .build();
        Poster { agent: config.into() }
    }

    /// Notifies `hub` that `topic` changed. Hubs know one of two names of that parameter, so both are sent: `hub.url`
    /// is PubSubHubbub's, `hub.topic` that of the rest of WebSub.
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

/// The reason why there was no answer.
fn reason(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "did not answer in time".to_owned(),
        Error::HostNotFound => "has a name that is not known".to_owned(),
        Error::Io(error) => format!("did not answer ({error})"),
        other => format!("did not answer ({other})"),
    }
}

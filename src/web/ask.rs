//! Asking a server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::header::{LOCATION, RETRY_AFTER};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::{Answer, Method, NoAnswer, is_private_host, is_public};
use crate::model::url::encode_written;

/// The time that a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// The most bytes of an answer's head.
pub(super) const LONGEST_HEAD: usize = 64 * 1024;

/// A resolver that knows only public addresses, so that a name can't lead into a private network. A proxy of the environment
/// may be in one: its owner chose it.
#[derive(Debug, Default)]
pub struct Guard {
    resolver: DefaultResolver,
    /// It knows private addresses too.
    allows_private: bool,
}

impl Guard {
    /// A resolver that knows private addresses too if `allows_private`.
    pub fn new(allows_private: bool) -> Guard {
        Guard { allows_private, ..Guard::default() }
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout).map_err(|error| match error {
            Error::Io(_) => Error::HostNotFound,
            other => other,
        })?;
        let mut public = self.empty();
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri() == uri);
        let is_allowed = |address: &&SocketAddr| self.allows_private || is_proxy || is_public(address.ip());
        found.iter().filter(is_allowed).for_each(|address| public.push(*address));
        if public.is_empty() {
            return Err(Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, PRIVATE)));
        }
        Ok(public)
    }
}

const PRIVATE: &str = "it has an address of a private network";

/// Asks servers for the heads of their answers. Redirects are told and not followed.
pub struct Asker {
    agent: Agent,
    /// Also asks private networks.
    asks_private: bool,
}

impl Asker {
    /// An asker that calls itself `name` and takes at most the time `whole` for an answer. With `asks_private`, it also
    /// asks addresses of private networks.
    pub fn new(name: &str, whole: Duration, asks_private: bool) -> Asker {
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT.min(whole)))
            .timeout_global(Some(whole))
            .max_response_header_size(LONGEST_HEAD)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(name)
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Guard::new(asks_private));
        Asker { agent, asks_private }
    }

    /// Asks for `url`.
    ///
    /// # Errors
    /// The reason why there is no answer.
    pub fn ask(&self, method: Method, url: &url::Url) -> Result<Answer, NoAnswer> {
        if !self.asks_private && url.host_str().is_none_or(is_private_host) {
            return Err(NoAnswer::Private);
        }
        let mut bare = url.clone();
        // Nobody's password is sent. These fail only for URLs without a host.
        let _ = (bare.set_username(""), bare.set_password(None));
        let address = encode_written(bare.as_str());
        let request = match method {
            Method::Head => self.agent.head(&address),
            Method::Get => self.agent.get(&address),
        };
        let response =
            request.header("Accept", "text/html, */*;q=0.8").call().map_err(|error| no_answer(&error))?;
        let text = |name| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        Ok(Answer {
            status: response.status().as_u16(),
            location: text(LOCATION),
            retry_after: text(RETRY_AFTER),
        })
    }
}

pub(super) fn no_answer(error: &Error) -> NoAnswer {
    match error {
        Error::Io(error)
            if error.kind() == io::ErrorKind::PermissionDenied && error.to_string() == PRIVATE =>
        {
            NoAnswer::Private
        }
        Error::HostNotFound => NoAnswer::Unreachable("the name of its server is not known".to_owned()),
        Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) | Error::ConnectionFailed => {
            NoAnswer::Unreachable("its server can't be reached".to_owned())
        }
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            NoAnswer::Unreachable("its server refuses connections".to_owned())
        }
        Error::Timeout(_) => NoAnswer::Failed("it did not answer in time".to_owned()),
        other => NoAnswer::Failed(format!("it did not answer ({other})")),
    }
}

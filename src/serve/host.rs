//! Host names to which the server answers. A page on the web can point its own name to this machine (DNS rebinding)
//! and could then read drafts; the browser's `Host` field reveals that.

use std::net::IpAddr;

/// The allowed names besides `localhost` and IP addresses.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    /// Host names, without a port.
    pub names: Vec<String>,
}

impl Hosts {
    /// True if a request with this value of `Host` (RFC 9110, section 7.2) is answered. IP addresses are safe: nobody
    /// can point them elsewhere.
    pub fn allows(&self, host: &str) -> bool {
        let name = without_port(host);
        let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        inner.parse::<IpAddr>().is_ok()
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.names.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
    }
}

/// The host without the port.
pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_allowed_and_names_only_where_they_are_named() {
        let hosts = Hosts { names: vec!["desk.example.org".to_owned()] };
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "blog.localhost:4000",
            "localhost.:1",
            "127.0.0.1:4000",
            "[::1]:4000",
            "[::1]",
            "192.168.1.7",
            "Desk.Example.org:4000",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in
            ["", "evil.example", "localhost.evil.example:4000", "127.0.0.1.evil.example", "[::1", "::1:x"]
        {
            assert!(!hosts.allows(host), "{host}");
        }
        assert!(!Hosts::default().allows("desk.example.org"));
    }
}

//! Names and signs of places where many people are, by their addresses.

use crate::model::url::scheme;

/// A place: the end of its hosts, its name, and its sign in the theme, if it has one.
type Known = (&'static str, &'static str, Option<&'static str>);

const PLACES: [Known; 25] = [
    ("bandcamp.com", "Bandcamp", None),
    ("bsky.app", "Bluesky", Some("bluesky")),
    ("codeberg.org", "Codeberg", Some("codeberg")),
    ("discord.gg", "Discord", None),
    ("facebook.com", "Facebook", Some("facebook")),
    ("flickr.com", "Flickr", None),
    ("github.com", "GitHub", Some("github")),
    ("gitlab.com", "GitLab", Some("gitlab")),
    ("instagram.com", "Instagram", Some("instagram")),
    ("linkedin.com", "LinkedIn", Some("linkedin")),
    ("medium.com", "Medium", None),
    ("pinterest.com", "Pinterest", None),
    ("reddit.com", "Reddit", None),
    ("soundcloud.com", "SoundCloud", None),
    ("stackoverflow.com", "Stack Overflow", None),
    ("t.me", "Telegram", None),
    ("threads.com", "Threads", Some("threads")),
    ("threads.net", "Threads", Some("threads")),
    ("tiktok.com", "TikTok", None),
    ("twitch.tv", "Twitch", None),
    ("twitter.com", "Twitter", Some("x")),
    ("vimeo.com", "Vimeo", None),
    ("wa.me", "WhatsApp", None),
    ("x.com", "X", Some("x")),
    ("youtube.com", "YouTube", Some("youtube")),
];

/// The sign of a place that has none of its own.
const OTHER: &str = "web";

/// The known place at a host.
fn known(host: &str) -> Option<&'static Known> {
    let is_at = |end: &str| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    PLACES.iter().find(|(end, ..)| is_at(end))
}

/// The host of `url`, without `www.`.
fn host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(url.host_str()?.trim_start_matches("www.").to_owned())
}

fn is_mail(url: &str) -> bool {
    scheme(url).as_deref() == Some("mailto")
}

/// True for the address of an account in the form of Mastodon: `https://social.example/@harbour`.
fn is_account(url: &str) -> bool {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    path.starts_with('@') && !path.trim_end_matches('/').contains('/')
}

/// The name of the place that `url` leads to: that of a known host, Mastodon for an account in its form, else the host.
pub(super) fn place(url: &str) -> String {
    if is_mail(url) {
        return url.split_once(':').map_or(url, |(_, address)| address).to_owned();
    }
    let Some(host) = host(url) else { return url.to_owned() };
    match known(&host) {
        Some((_, name, _)) => (*name).to_owned(),
        None if is_account(url) => "Mastodon".to_owned(),
        None => host,
    }
}

/// The sign of the place that `url` leads to: `mastodon`, `email`, `rss` for a feed, that of a known host, else `web`.
pub fn sign(url: &str) -> &'static str {
    if is_mail(url) {
        return "email";
    }
    let path = url.split(['?', '#']).next().unwrap_or(url);
    if ["/rss.xml", "/atom.xml", "/feed.xml", "/feed.json", "/feed/", "/feed"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        return "rss";
    }
    match host(url).as_deref().and_then(known) {
        Some((_, _, sign)) => sign.unwrap_or(OTHER),
        None if is_account(url) => "mastodon",
        None => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_name_that_people_know_and_its_sign() {
        for (url, name, drawn) in [
            ("https://github.com/harbour", "GitHub", "github"),
            ("https://www.youtube.com/@harbour", "YouTube", "youtube"),
            ("https://harbour.bandcamp.com/", "Bandcamp", "web"),
            ("https://twitter.com/harbour", "Twitter", "x"),
            ("https://social.example/@harbour", "Mastodon", "mastodon"),
            ("https://social.example/@harbour/", "Mastodon", "mastodon"),
            ("https://blog.example/@harbour/about", "blog.example", "web"),
            ("https://blog.example/feed.xml?a", "blog.example", "rss"),
            ("https://netx.com/a", "netx.com", "web"),
            ("mailto:desk@harbour.example", "desk@harbour.example", "email"),
            ("/rss.xml", "/rss.xml", "rss"),
            ("/about/", "/about/", "web"),
        ] {
            assert_eq!((place(url).as_str(), sign(url)), (name, drawn), "{url}");
        }
    }
}

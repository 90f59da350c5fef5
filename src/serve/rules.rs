//! `_headers` and `_redirects` as Netlify and Cloudflare Pages read them, in a simple subset: paths with a `*` at the
//! end or between two folders, and redirects without conditions.

use crate::output::{Content, Shelf};

/// The rules of both files.
#[derive(Debug, Default)]
pub(super) struct Rules {
    headers: Vec<(String, Vec<(String, String)>)>,
    redirects: Vec<(String, String, u16)>,
}

impl Rules {
    /// Reads the two files of a site.
    pub fn read(shelf: &Shelf) -> Rules {
        let text = |path: &str| match shelf.get(path)?.1 {
            Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok(),
            Content::File(file, _) => {
                crate::storage::file::read_text(&file, crate::storage::file::SETTINGS).ok()
            }
        };
        Rules::parse(&text("_headers").unwrap_or_default(), &text("_redirects").unwrap_or_default())
    }

    fn parse(headers: &str, redirects: &str) -> Rules {
        let mut rules = Rules::default();
        for line in headers.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            match (line.starts_with([' ', '\t']), line.trim().split_once(':')) {
                (false, _) => rules.headers.push((line.trim().to_owned(), Vec::new())),
                (true, Some((name, value))) => {
                    if let Some((_, fields)) = rules.headers.last_mut() {
                        fields.push((name.trim().to_owned(), value.trim().to_owned()));
                    }
                }
                (true, None) => {}
            }
        }
        for line in redirects.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (from, to, status) = match words[..] {
                [from, to] => (from, to, Some(301)),
                [from, to, status] => (from, to, status.parse().ok()),
                _ => continue,
            };
            if let Some(status) = status.filter(|status| matches!(status, 301 | 302 | 303 | 307 | 308)) {
                rules.redirects.push((from.to_owned(), to.to_owned(), status));
            }
        }
        rules
    }

    /// The header fields for the answer to `path`, which is percent-encoded and starts at the server's root.
    /// `Cache-Control` is left out: here the site changes all the time.
    pub fn fields(&self, path: &str) -> impl Iterator<Item = (&str, &str)> {
        let fields = self
            .headers
            .iter()
            .filter(move |(pattern, _)| fits(pattern, path))
            .flat_map(|(_, fields)| fields);
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        fields.filter(|(name, _)| !name.eq_ignore_ascii_case("cache-control"))
    }

    /// The target and the status of a redirect from `path`.
    pub fn redirect(&self, path: &str) -> Option<(String, u16)> {
        let same = |from: &str| from.trim_end_matches('/') == path.trim_end_matches('/');
        self.redirects.iter().find_map(|(from, to, status)| match from.strip_suffix('*') {
            Some(start) => {
                // A visitor's path must not turn into the name of another server.
                let rest = path.strip_prefix(start)?.trim_start_matches(['/', '\\']);
                Some((to.replace(":splat", rest), *status))
            }
            None => same(from).then(|| (to.clone(), *status)),
        })
    }
}

/// True if `pattern`, in which `*` matches anything, matches all of `path`.
fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, "")) => path.starts_with(start),
        Some((start, end)) => {
            path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_rules_are_kept() {
        let rules = Rules::parse(
            "# no rule\n/*\n  X-A: 1\n/feed.xml\n  Content-Type: application/atom+xml; charset=utf-8\n  Cache-Control: max-age=9\n/*/feed.xml\n  X-B: 2\n",
            "/old/ /new/\n/gone/* /there/:splat 302\n/x /y 200\n# /a /b\n/lang /de 302 Language=de\n",
        );
        let fields = |path: &str| {
            rules.fields(path).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        assert_eq!(fields("/a/"), ["X-A: 1"]);
        assert_eq!(fields("/feed.xml"), ["X-A: 1", "Content-Type: application/atom+xml; charset=utf-8"]);
        assert_eq!(fields("/b/c/feed.xml"), ["X-A: 1", "X-B: 2"]);
        assert_eq!(rules.redirect("/old"), Some(("/new/".to_owned(), 301)));
        assert_eq!(rules.redirect("/gone/far/away"), Some(("/there/far/away".to_owned(), 302)));
        assert_eq!(rules.redirect("/gone///evil.example/"), Some(("/there/evil.example/".to_owned(), 302)));
        assert_eq!(rules.redirect("/x"), None);
        assert_eq!(rules.redirect("/lang"), None);
    }
}

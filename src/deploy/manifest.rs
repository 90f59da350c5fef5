//! The manifest of a target: the files that the last deployment left there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Piece;

/// The path of the manifest below the target's folder. Servers that follow RFC 8615 don't serve it as a page, and no page
/// of a site has such a path.
pub const MANIFEST: &str = ".dateline/deployed.json";
/// The path of the claim, which is there while a deployment is at work.
pub const CLAIM: &str = ".dateline/claim.json";

/// The present form of the manifest.
const VERSION: u32 = 1;

/// The files of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// The form.
    pub version: u32,
    /// The address of the site.
    pub site: String,
    /// The files, by their paths below the target's folder.
    pub files: BTreeMap<String, Left>,
}

/// A file as the last deployment left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The digest of its bytes, in hexadecimal.
    pub digest: String,
    /// The number of bytes.
    pub size: u64,
    /// Its header fields, as one digest; empty where a target has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fields: String,
    /// Its entity tag (RFC 9110, section 8.8.3), where the target gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

impl Deployed {
    /// No files yet, of the site at `site`.
    pub fn empty(site: &str) -> Deployed {
        Deployed { version: VERSION, site: site.to_owned(), files: BTreeMap::new() }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// The reason why it can't be used.
    pub fn read(bytes: &[u8]) -> Result<Deployed, String> {
        let read: Deployed = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if read.version != VERSION {
            return Err(format!("it has the form {}, and this Dateline knows {VERSION}", read.version));
        }
        match read.files.keys().find(|path| !is_inside(path)) {
            Some(path) => Err(format!("it names \u{201c}{path}\u{201d}, which is outside the target")),
            None => Ok(read),
        }
    }

    /// Its bytes: JSON, with a file a line.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text =
            format!("{{\"version\":{},\"site\":{},\"files\":{{\n", self.version, quoted(&self.site));
        for (at, (path, left)) in self.files.iter().enumerate() {
            let comma = if at == 0 { "" } else { ",\n" };
            let left = serde_json::to_string(left).unwrap_or_default();
            text.push_str(&format!("{comma}{}:{left}", quoted(path)));
        }
        text.push_str("\n}}\n");
        text.into_bytes()
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// True for a path below the target's folder.
pub fn is_inside(path: &str) -> bool {
    !path.contains(['\\', '\0', '\n', '\r']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The differences between a site and its target.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// The files to put, in the order in which they go: new ones, those that replace others, and at last feeds and
    /// sitemaps, which lead readers to all the others.
    pub puts: Vec<Put<'a>>,
    /// The paths that go, after all others came.
    pub removals: Vec<&'a str>,
    /// The number of files that stay.
    pub unchanged: usize,
}

/// A file to put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Put<'a> {
    /// The file.
    pub piece: &'a Piece,
    /// The file that it replaces; `None` for a new one.
    pub replaces: Option<&'a Left>,
    /// Its turn: files of one turn go at once.
    pub turn: Turn,
}

/// The turns of a deployment, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// New pages and files.
    New,
    /// Pages and files that replace others.
    Replaced,
    /// Feeds and sitemaps.
    Feeds,
}

impl<'a> Plan<'a> {
    /// The way from `there` to `pieces`.
    pub fn new(pieces: &'a [Piece], there: &'a Deployed) -> Plan<'a> {
        let mut plan = Plan::default();
        for piece in pieces {
            let before = there.files.get(&piece.path);
            if before.is_some_and(|left| left.is(piece)) {
                plan.unchanged += 1;
                continue;
            }
            let turn = match before {
                _ if piece.leads => Turn::Feeds,
                None => Turn::New,
                Some(_) => Turn::Replaced,
            };
            plan.puts.push(Put { piece, replaces: before, turn });
        }
        plan.puts.sort_by(|one, other| (one.turn, &one.piece.path).cmp(&(other.turn, &other.piece.path)));
        let wanted: std::collections::HashSet<&str> =
            pieces.iter().map(|piece| piece.path.as_str()).collect();
        let gone = there.files.keys().filter(|path| !wanted.contains(path.as_str()));
        plan.removals = gone.map(String::as_str).collect();
        plan
    }

    /// True if the target is as the site is.
    pub fn is_nothing(&self) -> bool {
        self.puts.is_empty() && self.removals.is_empty()
    }
}

impl Left {
    /// A file as `piece`, with the entity tag `tag`.
    pub fn of(piece: &Piece, tag: Option<String>) -> Left {
        Left { digest: piece.digest.to_string(), size: piece.size, fields: piece.fields_digest(), tag }
    }

    /// A file that may be anything, or missing.
    pub fn unknown() -> Left {
        Left { digest: String::new(), size: 0, fields: String::new(), tag: None }
    }

    /// True if it is as `piece` is.
    pub fn is(&self, piece: &Piece) -> bool {
        self.size == piece.size
            && self.digest == piece.digest.to_string()
            && self.fields == piece.fields_digest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::Digest;

    fn piece(path: &str, text: &str) -> Piece {
        let leads = path.ends_with(".xml");
        let (size, digest) = (text.len() as u64, Digest::quick(text.as_bytes()));
        Piece { path: path.to_owned(), size, digest, leads, fields: Vec::new() }
    }

    #[test]
    fn new_files_go_first_and_feeds_last_and_files_that_stay_do_not_go() {
        let before =
            [piece("a.html", "1"), piece("b.html", "1"), piece("f.xml", "1"), piece("old.html", "1")];
        let mut there = Deployed::empty("https://example.org/");
        there.files.extend(before.iter().map(|one| (one.path.clone(), Left::of(one, None))));
        let now = [
            piece("a.html", "2"),
            piece("b.html", "1"),
            piece("f.xml", "2"),
            piece("new.html", "1"),
            piece("g.xml", "1"),
        ];
        let plan = Plan::new(&now, &there);
        let order: Vec<&str> = plan.puts.iter().map(|put| put.piece.path.as_str()).collect();
        assert_eq!(order, ["new.html", "a.html", "f.xml", "g.xml"]);
        assert_eq!((plan.removals, plan.unchanged), (vec!["old.html"], 1));
    }

    #[test]
    fn a_manifest_that_is_cut_short_or_leads_outside_is_refused() {
        let mut there = Deployed::empty("https://example.org/");
        let one = piece("a \"b\".html", "1");
        there.files.insert(one.path.clone(), Left::of(&one, Some("\"t\"".to_owned())));
        let bytes = there.bytes();
        assert_eq!(Deployed::read(&bytes), Ok(there.clone()));
        for end in 0..bytes.len() - 1 {
            assert!(Deployed::read(&bytes[..end]).is_err(), "{end}");
        }
        for path in ["../a", "/a", "a//b", "a\\b", "a/../b", "."] {
            let mut outside = Deployed::empty("x");
            outside.files.insert(path.to_owned(), Left::of(&one, None));
            assert!(Deployed::read(&outside.bytes()).is_err(), "{path}");
        }
    }
}

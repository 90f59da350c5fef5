//! Compressed siblings: `index.html.gz` beside `index.html`, for servers that send such files as they are.
//!
//! A sibling is a file of the build like any other. It has the fingerprint of its original, is made where that is
//! made and kept where that is kept; so it is checked, replaced and removed by the same means.

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::OutputError;
use super::keep::Found;
use super::manifest::Fingerprint;
use super::staging::{Staging, Wanted};
use crate::model::digest::Digest;

/// What is smaller than this, in bytes, fits in one packet anyway.
const LEAST: u64 = 1024;
/// What is larger, in bytes, is left alone: it would have to be in memory.
const MOST: u64 = 64 << 20;

/// The names of text files end with one of these.
const TEXTS: [&str; 9] = ["html", "xml", "json", "css", "js", "mjs", "svg", "txt", "opml"];

/// A content coding (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// `gzip` (RFC 1952).
    Gzip,
    /// `br` (RFC 7932).
    Brotli,
    /// `zstd` (RFC 8878).
    Zstd,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Encoding; 3] = [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd];

    /// What the name of a sibling ends with, without the dot; its name in `site.toml`.
    pub fn suffix(self) -> &'static str {
        match self {
            Encoding::Gzip => "gz",
            Encoding::Brotli => "br",
            Encoding::Zstd => "zst",
        }
    }

    /// `bytes`, smaller. The same bytes give the same, on every machine: there is no time in it, the level is
    /// fixed, and one thread does it.
    #[cfg(feature = "compress")]
    pub fn pack(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        use std::io::Write;
        match self {
            Encoding::Gzip => {
                let mut writer = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::new(9));
                writer.write_all(bytes)?;
                writer.finish()
            }
            Encoding::Brotli => {
                // From 9 on, a page takes ten times as long, for hardly any bytes less.
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: 7,
                    lgwin: 22,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut writer = brotli::CompressorWriter::with_params(Vec::new(), 1 << 16, &parameters);
                writer.write_all(bytes)?;
                Ok(writer.into_inner())
            }
            Encoding::Zstd => zstd::bulk::compress(bytes, 15),
        }
    }

    /// Without the feature `compress`, `site.toml` can't ask for it.
    #[cfg(not(feature = "compress"))]
    pub fn pack(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }
}

/// Which files have siblings.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    encodings: Vec<Encoding>,
    /// Paths that files of the site have, in lower case: those are no siblings.
    taken: HashSet<String>,
}

impl Siblings {
    /// The paths that the siblings of the file at `path` have, if it may have any.
    pub(super) fn of(&self, path: &str) -> impl Iterator<Item = (Encoding, String)> {
        let is_text = || {
            let name = path.rsplit('/').next().unwrap_or_default();
            name.rsplit_once('.')
                .is_some_and(|(_, end)| TEXTS.iter().any(|text| end.eq_ignore_ascii_case(text)))
        };
        let encodings = if !self.encodings.is_empty() && is_text() { &self.encodings[..] } else { &[] };
        let all = encodings.iter().map(move |encoding| (*encoding, format!("{path}.{}", encoding.suffix())));
        all.filter(|(_, path)| !self.taken.contains(&path.to_lowercase()))
    }
}

impl Staging {
    /// From now on, text files get siblings in these `encodings`, unless the site has a file there: `paths` are
    /// those of all its files.
    pub fn add_siblings<'a>(&mut self, encodings: &[Encoding], paths: impl Iterator<Item = &'a str>) {
        if encodings.is_empty() {
            return;
        }
        let is_like_one = |path: &&str| {
            path.rsplit_once('.').is_some_and(|(_, end)| {
                encodings.iter().any(|encoding| end.eq_ignore_ascii_case(encoding.suffix()))
            })
        };
        let taken = paths.filter(is_like_one).map(str::to_lowercase).collect();
        self.siblings = Siblings { encodings: encodings.to_vec(), taken };
    }

    /// The siblings of a file that is kept, each as it stands; `None` if one does not stand as it has to: then
    /// the file has to be made again, and they with it.
    pub(super) fn find_siblings(
        &self,
        path: &str,
        rank: super::Rank,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Option<Vec<Found>>, OutputError> {
        let mut all = Vec::new();
        for (_, path) in self.siblings.of(path) {
            // One that isn't known was not worth it when its original was made.
            if self.old.files.contains_key(path.as_str()) {
                match self.find_one(Wanted { path, rank, fingerprint })? {
                    Found::Not => return Ok(None),
                    found => all.push(found),
                }
            }
        }
        Ok(Some(all))
    }

    /// Makes the siblings of the file `wanted`, whose `bytes` have this digest and size.
    pub(super) fn put_siblings<'a>(
        &self,
        wanted: &Wanted,
        (digest, size): (Digest, u64),
        bytes: impl Fn() -> Result<Cow<'a, [u8]>, OutputError>,
    ) -> Result<(), OutputError> {
        let old = self.old.files.get(wanted.path.as_str());
        for (encoding, path) in self.siblings.of(&wanted.path) {
            if !(LEAST..=MOST).contains(&size) {
                continue;
            }
            let sibling = Wanted { path, rank: wanted.rank, fingerprint: wanted.fingerprint };
            // One of the same bytes, as their common fingerprint says.
            if let (Some(old), Some(known)) = (old, self.old.files.get(sibling.path.as_str()))
                && old.digest == digest
                && old.fingerprint.is_some()
                && old.fingerprint == known.fingerprint
                && self.put_standing(&sibling, known.digest, known.size)?
            {
                continue;
            }
            let bytes = bytes()?;
            // A file that is being changed: the next build sees that.
            if Digest::quick(&bytes) != digest {
                continue;
            }
            let at = self.out.join(&sibling.path);
            let packed = encoding.pack(&bytes).map_err(OutputError::io("compress", &at))?;
            if (packed.len() as u64) < size {
                self.put_plain(&sibling, &packed)?;
            }
        }
        Ok(())
    }
}

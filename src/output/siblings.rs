//! Compressed siblings: `index.html.gz` beside `index.html`, for servers that send such files.
//!
//! A sibling is a file of the build like any other. It has the fingerprint of its original, and is made and kept
//! together with it, so the same code checks, replaces and removes it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::OutputError;
use super::keep::Found;
use super::manifest::Fingerprint;
use super::staging::{Staging, Wanted};
use crate::model::digest::Digest;

/// The smallest size in bytes of a file with siblings: a smaller one fits into one packet anyway.
const LEAST: u64 = 1024;
/// The largest size in bytes of a file with siblings: a larger one would have to be in memory.
const MOST: u64 = 64 << 20;

/// The extensions of text files.
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
    /// All content codings.
    pub const ALL: [Encoding; 3] = [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd];

    /// The extension of a sibling, without the dot, which is also the coding's name in `site.toml`.
    pub fn suffix(self) -> &'static str {
        match self {
            Encoding::Gzip => "gz",
            Encoding::Brotli => "br",
            Encoding::Zstd => "zst",
        }
    }

    /// `bytes` compressed. The same bytes give the same result on every machine: it has no time in it, a fixed level,
    /// and is made by one thread.
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
                // From level 9 on, a page takes ten times as long, for hardly any bytes less.
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

    /// Never called: without the feature `compress`, `site.toml` can't ask for it.
    #[cfg(not(feature = "compress"))]
    pub fn pack(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }
}

/// The files that have siblings.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    encodings: Vec<Encoding>,
    /// Paths of the site's own files with such an extension, in lower case; they are never siblings.
    taken: HashSet<String>,
}

impl Siblings {
    /// The paths of the siblings that the file at `path` may have.
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
    /// Enables siblings in these `encodings` for text files, except at a path in `paths`, which are those of all the
    /// site's files.
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

    /// Looks for the siblings of a file to keep. `None` if one is not as it should be: then the file and all its
    /// siblings are made again.
    pub(super) fn find_siblings(
        &self,
        path: &str,
        rank: super::Rank,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Option<Vec<Found>>, OutputError> {
        let mut all = Vec::new();
        for (_, path) in self.siblings.of(path) {
            // A sibling that is not in the manifest was not worth making.
            if self.old.files.contains_key(path.as_str()) {
                match self.find_one(Wanted { path, rank, fingerprint })? {
                    Found::Not => return Ok(None),
                    found => all.push(found),
                }
            }
        }
        Ok(Some(all))
    }

    /// Makes the siblings of the file `wanted`. `digest` and `size` are those of its bytes.
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
            // The existing sibling has the same fingerprint as its original, so it was made from the same bytes.
            if let (Some(old), Some(known)) = (old, self.old.files.get(sibling.path.as_str()))
                && old.digest == digest
                && old.fingerprint.is_some()
                && old.fingerprint == known.fingerprint
                && self.put_standing(&sibling, known.digest, known.size)?
            {
                continue;
            }
            let bytes = bytes()?;
            // The file is being changed; the next build sees that.
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

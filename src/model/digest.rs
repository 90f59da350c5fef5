//! Digests: 128 bits that identify some bytes.
//!
//! Two hashes make them. Sources and the ledger use BLAKE3, cut to 128 bits: nobody can find two texts with one
//! digest. All comparisons with the last build (BLAKE3 digests go into them as values), and the checks that our own
//! files are whole, use XXH3 ([`Fingerprinter`]), which takes a tenth of the time or less. So do entries of feeds,
//! which are judged once a build, and files of the output folder, where a digest says if bytes are those that were,
//! or will be, written.
//!
//! XXH3 does not resist an attacker. Two texts with one digest can keep a page as it was, or let a foreign file stay
//! at that page's path. To do that, one must be the page's author or be able to write into the output folder, and
//! then has simpler means. `verify` compares bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// 16 bytes of a hash, written as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of `bytes`, by BLAKE3.
    pub fn of(bytes: &[u8]) -> Self {
        cut(&blake3::hash(bytes))
    }

    /// The digest of `bytes`, by XXH3: see [`Fingerprinter`].
    pub fn quick(bytes: &[u8]) -> Self {
        Digest(xxh3_128(bytes).to_le_bytes())
    }

    /// The digest's bytes.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

fn cut(hash: &blake3::Hash) -> Digest {
    let mut cut = [0; 16];
    cut.copy_from_slice(&hash.as_bytes()[..16]);
    Digest(cut)
}

/// The number of bytes that a [`Fingerprinter`] hashes at once.
const BLOCK: usize = 16 * 1024;

/// Makes the digest of a sequence of values by XXH3 (128 bits), to compare with the last build. An author can
/// construct two titles with one digest; then pages that show the title stay as they were.
#[derive(Clone)]
pub struct Fingerprinter {
    /// Bytes added since the last block was hashed. Many values are only a few bytes long.
    waiting: Vec<u8>,
    hasher: Option<Box<Xxh3>>,
}

impl Default for Fingerprinter {
    fn default() -> Self {
        // Most inputs have a few hundred bytes; this capacity saves them growing step by step.
        Fingerprinter { waiting: Vec::with_capacity(1024), hasher: None }
    }
}

impl Fingerprinter {
    /// Adds bytes. Splitting them over several calls makes no difference.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > BLOCK {
            self.hasher.get_or_insert_default().update(&self.waiting);
            self.waiting.clear();
        }
        self
    }

    /// Adds a delimited value: see [`Hasher::value`].
    #[inline]
    pub fn value(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.bytes(&(bytes.len() as u64).to_le_bytes()).bytes(bytes)
    }

    /// The digest of all that was added.
    pub fn finish(&self) -> Digest {
        match &self.hasher {
            None => Digest::quick(&self.waiting),
            Some(hasher) => {
                let mut hasher = hasher.clone();
                hasher.update(&self.waiting);
                Digest(hasher.digest128().to_le_bytes())
            }
        }
    }
}

/// Makes the digest of bytes that arrive in pieces, by BLAKE3.
#[derive(Clone, Default)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// Adds bytes. Splitting them over several calls makes no difference.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    /// Adds a delimited value: its length first, so that no other sequence of values gives the same bytes.
    pub fn value(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.bytes(&(bytes.len() as u64).to_le_bytes()).bytes(bytes)
    }

    /// The digest of all that was added.
    pub fn finish(&self) -> Digest {
        cut(&self.0.finalize())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Readable formats write the hexadecimal digits, others the 16 bytes.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
        } else {
            <[u8; 16]>::deserialize(deserializer).map(Digest)
        }
    }
}

/// A digest's form in binary formats that can read bytes at once. The derived form is read byte by byte, which costs
/// time where there are hundreds of thousands.
pub mod packed {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    use super::Digest;

    /// Writes the digest, for serde.
    ///
    /// # Errors
    /// An error of the format.
    pub fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&digest.0)
    }

    /// Reads a digest, for serde.
    ///
    /// # Errors
    /// An error of the format, or a length other than 16 bytes.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the 16 bytes of a digest")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Digest, E> {
                bytes.try_into().map(Digest).map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(NotADigest);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let high = (pair[0] as char).to_digit(16).ok_or(NotADigest)?;
            let low = (pair[1] as char).to_digit(16).ok_or(NotADigest)?;
            *byte = (high * 16 + low) as u8;
        }
        Ok(Digest(bytes))
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 32 hexadecimal digits")]
pub struct NotADigest;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_input_has_the_published_blake3_hash() {
        // From the BLAKE3 test vectors, input length 0.
        assert_eq!(Digest::of(b"").to_string(), "af1349b9f5f9a1a6a0404dea36dcc949");
    }

    #[test]
    fn a_print_is_the_published_xxh3_hash_and_values_keep_their_ends() {
        // XXH3_128bits of nothing, with seed 0, from the test vectors of xxHash (as a number).
        let nothing = 0x99aa_06d3_0147_98d8_6001_c324_468d_497f_u128;
        assert_eq!(Fingerprinter::default().finish(), Digest(nothing.to_le_bytes()));
        assert_eq!(Fingerprinter::default().bytes(b"har").bytes(b"bour").finish(), Digest::quick(b"harbour"));
        let long = vec![7; 3 * BLOCK];
        let mut pieces = Fingerprinter::default();
        long.chunks(1000).for_each(|piece| {
            pieces.bytes(piece);
        });
        assert_eq!(pieces.finish(), Digest::quick(&long));
        let values = |a: &str, b: &str| Fingerprinter::default().value(a).value(b).finish();
        assert_ne!(values("ab", "c"), values("a", "bc"));
    }

    #[test]
    fn pieces_give_the_digest_of_the_whole_and_values_keep_their_ends() {
        assert_eq!(Hasher::default().bytes(b"har").bytes(b"bour").finish(), Digest::of(b"harbour"));
        let long = vec![7; 3 * BLOCK];
        let mut pieces = Hasher::default();
        long.chunks(1000).for_each(|piece| {
            pieces.bytes(piece);
        });
        assert_eq!(pieces.finish(), Digest::of(&long));
        let values = |a: &str, b: &str| Hasher::default().value(a).value(b).finish();
        assert_ne!(values("ab", "c"), values("a", "bc"));
    }

    #[test]
    fn text_and_digest_convert_both_ways() {
        let digest = Digest::of(b"harbour");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!("xyz".parse::<Digest>(), Err(NotADigest));
    }
}

//! What a file system says of a file without reading it.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Size, times and number of a file: while they stay, so do its bytes, if the file was at rest when
/// they were taken ([`Stamp::is_settled`]). Says whether a file need be read again, never anything that
/// is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When its bytes last changed: nanoseconds from 1970, by the file system's clock.
    pub modified: i64,
    /// When its bytes, name or rights last changed, where the system keeps that; else 0.
    pub changed: i64,
    /// Its number in the file system, where it has one; else 0.
    pub inode: u64,
}

/// How coarse a file system's clock may be, in nanoseconds: FAT keeps two seconds.
const GRAIN: i64 = 2_000_000_000;

impl Stamp {
    /// What `metadata` says.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(0),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(0, |before| -before),
        });
        let (changed, inode) = platform(metadata);
        Stamp { size: metadata.len(), modified, changed, inode }
    }

    /// True if the file was at rest at `moment` (nanoseconds from 1970, by the same clock): a later
    /// change can't leave the stamp as it is. A file that changed within the clock's grain can change
    /// again without a trace.
    pub fn is_settled(&self, moment: i64) -> bool {
        self.modified.max(self.changed) < moment - GRAIN
    }
}

#[cfg(unix)]
fn platform(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec(), metadata.ino())
}

#[cfg(not(unix))]
fn platform(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_just_changed_is_not_settled() {
        let stamp = Stamp { size: 1, modified: 10_000_000_000, changed: 11_000_000_000, inode: 7 };
        assert!(!stamp.is_settled(11_000_000_000));
        assert!(!stamp.is_settled(13_000_000_000));
        assert!(stamp.is_settled(13_000_000_001));
    }
}

//! Places that take one file after the other: folders, buckets, and servers that speak WebDAV.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg(feature = "network")]
use super::azure::Container;
#[cfg(feature = "network")]
use super::bucket::Bucket;
#[cfg(feature = "network")]
use super::web::Dav;
use super::{Piece, is_inside};
use crate::model::digest::{Digest, Fingerprinter};
use crate::storage::{self, disk, file};

/// The number of bytes of a file that are in memory at once.
const BLOCK: usize = 64 << 10;

/// A place that takes one file after the other.
pub enum Store {
    /// A folder of this machine.
    Folder(Folder),
    /// A bucket.
    #[cfg(feature = "network")]
    Bucket(Box<Bucket>),
    /// A container of Azure.
    #[cfg(feature = "network")]
    Azure(Box<Container>),
    /// A server that speaks WebDAV.
    #[cfg(feature = "network")]
    Web(Box<Dav>),
}

/// The state in which a file has to be for a request to be carried out (RFC 9110, section 13.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only<'a> {
    /// Any.
    Anyway,
    /// There is none.
    Absent,
    /// It has this entity tag.
    Tag(&'a str),
}

/// A file of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its entity tag.
    pub tag: Option<String>,
}

/// A file of a place, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The digest of its bytes, where the place knows it.
    pub digest: Option<String>,
    /// Its entity tag.
    pub tag: Option<String>,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file is in another state than it has to be.
    Changed,
    /// The place knows no such conditions.
    #[cfg(feature = "network")]
    Unconditional,
    /// It may be carried out later, after this time.
    Later(String, Option<Duration>),
    /// It never will be.
    Never(String),
}

/// A file of the site, or a part of one.
#[derive(Debug, Clone, Copy)]
pub struct Slice<'a> {
    /// The output folder.
    pub out: &'a Path,
    /// The file.
    pub piece: &'a Piece,
    /// The first byte.
    pub from: u64,
    /// The number of bytes.
    pub size: u64,
}

impl<'a> Slice<'a> {
    /// All of `piece`, a file below `out`.
    pub fn whole(out: &'a Path, piece: &'a Piece) -> Slice<'a> {
        Slice { out, piece, from: 0, size: piece.size }
    }

    /// A reader of its bytes.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open(&self) -> io::Result<io::Take<File>> {
        let mut opened = file::open(&self.out.join(&self.piece.path))?;
        opened.seek(SeekFrom::Start(self.from))?;
        Ok(opened.take(self.size))
    }

    /// Calls `with` for its bytes, some of them at a time.
    ///
    /// # Errors
    /// The file can't be read, or `with` fails.
    pub fn each_block(&self, mut with: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let (mut opened, mut block) = (self.open()?, vec![0; BLOCK]);
        loop {
            let count = opened.read(&mut block)?;
            match block.get(..count) {
                None | Some([]) => return Ok(()),
                Some(bytes) => with(bytes)?,
            }
        }
    }
}

/// The bytes of a request.
#[derive(Debug, Clone, Copy)]
pub enum Load<'a> {
    /// Those of a file of the site.
    File(Slice<'a>),
    /// These, JSON of the program's own.
    Own(&'a [u8]),
}

impl Load<'_> {
    /// The digest of the whole file, in hexadecimal.
    pub fn digest(&self) -> String {
        match self {
            Load::File(slice) => slice.piece.digest.to_string(),
            Load::Own(bytes) => Digest::quick(bytes).to_string(),
        }
    }

    /// Their number.
    #[cfg(feature = "network")]
    pub fn size(&self) -> u64 {
        match self {
            Load::File(slice) => slice.size,
            Load::Own(bytes) => bytes.len() as u64,
        }
    }

    /// The header fields to serve them with.
    #[cfg(feature = "network")]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Load::File(slice) => slice.piece.fields.clone(),
            Load::Own(_) => vec![
                ("Content-Type", "application/json".to_owned()),
                ("Cache-Control", "no-store".to_owned()),
            ],
        }
    }
}

impl Store {
    /// The file at `path`; `None` if there is none.
    ///
    /// # Errors
    /// The reason why it can't be had.
    pub fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        match self {
            Store::Folder(folder) => folder.get(path),
            #[cfg(feature = "network")]
            Store::Bucket(bucket) => bucket.get(path),
            #[cfg(feature = "network")]
            Store::Azure(container) => container.get(path),
            #[cfg(feature = "network")]
            Store::Web(dav) => dav.get(path),
        }
    }

    /// The state of the file at `path`; `None` if there is none.
    ///
    /// # Errors
    /// The reason why it is not known.
    pub fn look(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        match self {
            Store::Folder(folder) => folder.look(path),
            #[cfg(feature = "network")]
            Store::Bucket(bucket) => bucket.look(path),
            #[cfg(feature = "network")]
            Store::Azure(container) => container.look(path),
            #[cfg(feature = "network")]
            Store::Web(dav) => dav.look(path),
        }
    }

    /// Puts `load` to `path`, and returns its entity tag.
    ///
    /// # Errors
    /// The reason why it was not put.
    pub fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        match self {
            Store::Folder(folder) => folder.put(path, load, only),
            #[cfg(feature = "network")]
            Store::Bucket(bucket) => bucket.put(path, load, only),
            #[cfg(feature = "network")]
            Store::Azure(container) => container.put(path, load, only),
            #[cfg(feature = "network")]
            Store::Web(dav) => dav.put(path, load, only),
        }
    }

    /// True if it removes a file whatever its state, as most services that speak as S3 does.
    pub fn removes_anyway(&self) -> bool {
        match self {
            Store::Folder(_) => false,
            #[cfg(feature = "network")]
            Store::Bucket(_) => true,
            #[cfg(feature = "network")]
            Store::Azure(_) | Store::Web(_) => false,
        }
    }

    /// Removes the file at `path`, if there is one. A bucket knows no conditions for that.
    ///
    /// # Errors
    /// The reason why it was not removed.
    pub fn remove(&self, path: &str, only: Only<'_>) -> Result<(), Refusal> {
        match self {
            Store::Folder(folder) => folder.remove(path, only),
            #[cfg(feature = "network")]
            Store::Bucket(bucket) => bucket.remove(path),
            #[cfg(feature = "network")]
            Store::Azure(container) => container.remove(path, only),
            #[cfg(feature = "network")]
            Store::Web(dav) => dav.remove(path, only),
        }
    }
}

/// A folder of this machine. The digest of a file is its entity tag.
pub struct Folder(pub PathBuf);

impl Folder {
    fn at(&self, path: &str) -> Result<PathBuf, Refusal> {
        match is_inside(path) {
            true => Ok(self.0.join(path)),
            false => Err(Refusal::Never(format!("\u{201c}{path}\u{201d} is outside the folder"))),
        }
    }

    fn get(&self, path: &str) -> Result<Option<Held>, Refusal> {
        match file::read(&self.at(path)?, file::STATE) {
            Ok(bytes) => {
                let tag = Some(Digest::quick(&bytes).to_string());
                Ok(Some(Held { bytes, tag }))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn look(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        let held = self.get(path)?;
        Ok(held.map(|held| Seen { digest: held.tag.clone(), tag: held.tag }))
    }

    fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let target = self.at(path)?;
        self.check(path, only)?;
        let folder = target.parent().unwrap_or(&self.0);
        let temporary = folder.join(storage::temporary_name());
        let written = disk::create_dir_all(folder)
            .and_then(|()| write(load, &temporary))
            .and_then(|digest| disk::rename(&temporary, &target).map(|()| digest));
        match written {
            Ok(digest) => Ok(Some(digest.to_string())),
            Err(error) => {
                let _ = disk::remove_file(&temporary);
                Err(failed(&error))
            }
        }
    }

    /// Refuses if the file at `path` is in another state than `only` says.
    fn check(&self, path: &str, only: Only<'_>) -> Result<(), Refusal> {
        let there = || Ok(self.look(path)?.and_then(|seen| seen.tag));
        let is_met = match only {
            Only::Anyway => true,
            Only::Absent => there()?.is_none(),
            Only::Tag(tag) => there()?.as_deref() == Some(tag),
        };
        if is_met { Ok(()) } else { Err(Refusal::Changed) }
    }

    fn remove(&self, path: &str, only: Only<'_>) -> Result<(), Refusal> {
        let target = self.at(path)?;
        self.check(path, only)?;
        match disk::remove_file(&target) {
            Ok(()) => {}
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) => return Err(failed(&error)),
        }
        // Folders that are empty now go too; others can't be removed.
        let folders = target.ancestors().skip(1).take_while(|folder| *folder != self.0);
        let _ = folders.take_while(|folder| disk::remove_dir(folder).is_ok()).count();
        Ok(())
    }
}

/// Writes `load` to `path`, piece by piece, and returns its digest.
fn write(load: Load<'_>, path: &Path) -> io::Result<Digest> {
    let mut print = Fingerprinter::default();
    let mut written = disk::File::create(path)?;
    match load {
        Load::Own(bytes) => {
            print.bytes(bytes);
            written.write_all(bytes)?;
        }
        Load::File(slice) => slice.each_block(|block| {
            print.bytes(block);
            written.write_all(block)
        })?,
    }
    Ok(print.finish())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn failed(error: &io::Error) -> Refusal {
    Refusal::Never(error.to_string())
}

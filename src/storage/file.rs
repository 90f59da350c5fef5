//! Reads files that others wrote. Only regular files are read, so that a FIFO or a device can't stop a run, and each
//! kind of file has a bound, so that none can fill the memory.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use super::disk;

/// The most bytes of a kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The kind: "a source".
    what: &'static str,
    most: u64,
}

const MB: u64 = 1 << 20;

/// `site.toml`.
pub const SETTINGS: Bound = Bound { what: "`site.toml`", most: 4 * MB };
/// A source under `content/`.
pub const SOURCE: Bound = Bound { what: "a source", most: 16 * MB };
/// A file of a news agency, which may have `most` bytes.
pub fn wire(most: u64) -> Bound {
    Bound { what: "a file of the wire", most }
}

/// A data file.
pub const DATA: Bound = Bound { what: "a data file", most: 64 * MB };
/// A file that `dateline fetch` has written, or somebody in its place.
pub const SNAPSHOT: Bound = Bound { what: "a fetched file", most: 1024 * MB };
/// A template or component.
pub const TEMPLATE: Bound = Bound { what: "a template", most: 4 * MB };
/// A style sheet.
pub const STYLE: Bound = Bound { what: "a style sheet", most: 16 * MB };
/// A font for cards.
pub const FONT: Bound = Bound { what: "a font", most: 64 * MB };
/// A picture.
pub const PICTURE: Bound = Bound { what: "a picture", most: 256 * MB };
/// A feed that is checked.
pub const FEED: Bound = Bound { what: "a feed", most: 64 * MB };
/// A page or feed in the output folder.
pub const PUBLISHED: Bound = Bound { what: "a published file", most: 256 * MB };
/// `ledger.jsonl`.
pub const LEDGER: Bound = Bound { what: "a ledger", most: 1024 * MB };
/// A file of the program's own, which grows with the site.
pub const STATE: Bound = Bound { what: "a state file", most: u64::MAX };

impl Bound {
    /// The most bytes.
    pub fn most(self) -> u64 {
        self.most
    }

    /// Refuses a file of `size` bytes that is too large.
    fn check(self, size: u64) -> io::Result<()> {
        if size <= self.most {
            return Ok(());
        }
        let (what, most) = (self.what, self.most / MB);
        let message =
            format!("it has {:.1} MB, and {what} may have {most} MB at most", size as f64 / MB as f64);
        Err(io::Error::new(io::ErrorKind::FileTooLarge, message))
    }
}

/// Opens the file at `path` for reading, without waiting for a writer.
///
/// # Errors
/// The system's error, or it is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    opened(path).map(|(file, _)| file)
}

fn opened(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    without_waiting(&mut options);
    disk::before_reading()?;
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata))
}

#[cfg(target_os = "linux")]
pub(super) fn without_waiting(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
}

#[cfg(not(target_os = "linux"))]
pub(super) fn without_waiting(_: &mut OpenOptions) {}

/// Refuses all but regular files.
pub(super) fn regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = if metadata.is_dir() { "a folder" } else { "a FIFO, a socket or a device" };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {kind} and no file")))
}

/// Reads the whole file at `path`, which may have the bytes of `bound`.
///
/// # Errors
/// The system's error, or it is no regular file, or too large.
pub fn read(path: &Path, bound: Bound) -> io::Result<Vec<u8>> {
    let (file, metadata) = opened(path)?;
    bound.check(metadata.len())?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.take(bound.most.saturating_add(1)).read_to_end(&mut bytes)?;
    bound.check(bytes.len() as u64)?;
    Ok(bytes)
}

/// Reads the whole file at `path` as text.
///
/// # Errors
/// Those of [`read`], or it is not UTF-8.
pub fn read_text(path: &Path, bound: Bound) -> io::Result<String> {
    let text = String::from_utf8(read(path, bound)?);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// Copies the whole file at `path` to `to`, and returns what the system says of it.
///
/// # Errors
/// The system's error; it is no regular file; or its end came before or after its length, as where a disk fails or
/// somebody is writing to it.
pub fn copy(path: &Path, to: &mut impl Write) -> io::Result<Metadata> {
    let (mut file, metadata) = opened(path)?;
    let copied = io::copy(&mut file, to)?;
    if copied != metadata.len() {
        let message = format!("it has {} bytes, and {copied} of them could be read", metadata.len());
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
    }
    Ok(metadata)
}

/// The target of `name` in the folder `root`, if it is a symbolic link out of it.
pub fn outside(root: &Path, name: &str) -> Option<String> {
    let path = root.join(name);
    let home = fs::canonicalize(root).ok()?;
    let target = fs::canonicalize(path).ok()?;
    (!target.starts_with(home)).then(|| target.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Bound = Bound { what: "a note", most: MB };

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "text").unwrap();
        assert_eq!(read_text(&path, SMALL).unwrap(), "text");
        File::create(&path).unwrap().set_len(MB + MB / 2).unwrap();
        let error = read(&path, SMALL).unwrap_err();
        assert_eq!(error.to_string(), "it has 1.5 MB, and a note may have 1 MB at most");
        assert_eq!(read(&folder.path().join("b"), SMALL).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_copy_that_is_cut_short_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("atom.xml");
        fs::write(&path, "<feed/>").unwrap();
        let mut whole = Vec::new();
        assert_eq!(copy(&path, &mut whole).unwrap().len(), 7);
        assert_eq!(whole, b"<feed/>");
        // The system gives no length for this file, but it has bytes.
        #[cfg(target_os = "linux")]
        assert!(copy(Path::new("/proc/self/status"), &mut Vec::new()).is_err());
    }

    #[test]
    fn nothing_but_a_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let error = read(folder.path(), SMALL).unwrap_err();
        assert_eq!(error.to_string(), "it is a folder and no file");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_fifo_and_a_device_are_refused_at_once() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fifo");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        for path in [&path, Path::new("/dev/zero")] {
            let error = read(path, SMALL).unwrap_err();
            assert_eq!(error.to_string(), "it is a FIFO, a socket or a device and no file");
        }
    }
}

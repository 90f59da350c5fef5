//! Every call that changes a disk, in one place. The store and the output layer call these functions instead of those
//! of `std::fs`; they do the same.
//!
//! Fault injection: in debug builds, which tests run, any one of these calls can be made to fail or to be the last
//! thing that the process does ([`arm`]). Release builds have no trace of that.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::SystemTime;

/// The fault to inject into a call, in debug builds only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process ends at the call, as if it had been killed. A write writes half its bytes first.
    Kill,
    /// The system refuses the call with this error number. A write writes half its bytes first.
    Error(i32),
}

impl Fault {
    fn strike(self) -> io::Error {
        match self {
            Fault::Kill => std::process::abort(),
            Fault::Error(number) => io::Error::from_raw_os_error(number),
        }
    }
}

/// The calls that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A call that changes a disk.
    Change,
    /// The opening of a file to read it.
    Read,
}

#[cfg(debug_assertions)]
mod faults {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Call, Fault};

    static ARMED: OnceLock<(Call, Fault, u64, bool)> = OnceLock::new();
    static CHANGES: AtomicU64 = AtomicU64::new(0);
    static READS: AtomicU64 = AtomicU64::new(0);

    fn counter(call: Call) -> &'static AtomicU64 {
        match call {
            Call::Change => &CHANGES,
            Call::Read => &READS,
        }
    }

    /// Injects `fault` into the call number `at` of this process among those like `call`, counted from 1, and if it
    /// is `lasting` into all later ones.
    #[doc(hidden)]
    pub fn arm(call: Call, fault: Fault, at: u64, lasting: bool) {
        let _ = ARMED.set((call, fault, at, lasting));
    }

    /// The number of calls like `call` so far.
    #[doc(hidden)]
    pub fn calls(call: Call) -> u64 {
        counter(call).load(Ordering::SeqCst)
    }

    pub(super) fn next(call: Call) -> Option<Fault> {
        let number = counter(call).fetch_add(1, Ordering::SeqCst) + 1;
        let (armed, fault, at, lasting) = *ARMED.get()?;
        (call == armed && (number == at || lasting && number > at)).then_some(fault)
    }
}

#[cfg(debug_assertions)]
use faults::next;
#[cfg(debug_assertions)]
pub use faults::{arm, calls};

#[cfg(not(debug_assertions))]
#[inline]
fn next(_: Call) -> Option<Fault> {
    None
}

/// Fails if a fault is to strike the reading of a file that is about to be opened, or of a stored slice.
///
/// # Errors
/// That fault.
pub(super) fn before_reading() -> io::Result<()> {
    next(Call::Read).map_or(Ok(()), |fault| Err(fault.strike()))
}

fn checked<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match next(Call::Change) {
        None => call(),
        Some(fault) => Err(fault.strike()),
    }
}

/// [`fs::create_dir`].
pub fn create_dir(path: &Path) -> io::Result<()> {
    checked(|| fs::create_dir(path))
}

/// [`fs::create_dir_all`]; it does not count as a call if the folder exists.
pub fn create_dir_all(path: &Path) -> io::Result<()> {
    if path.is_dir() { Ok(()) } else { checked(|| fs::create_dir_all(path)) }
}

/// [`fs::remove_file`].
pub fn remove_file(path: &Path) -> io::Result<()> {
    checked(|| fs::remove_file(path))
}

/// [`fs::remove_dir`].
pub fn remove_dir(path: &Path) -> io::Result<()> {
    checked(|| fs::remove_dir(path))
}

/// [`fs::remove_dir_all`]; after a fault half of the folder is left.
pub fn remove_dir_all(path: &Path) -> io::Result<()> {
    let Some(fault) = next(Call::Change) else { return fs::remove_dir_all(path) };
    for entry in fs::read_dir(path)?.flatten().step_by(2) {
        let at = entry.path();
        let _ = if at.is_dir() { fs::remove_dir_all(at) } else { fs::remove_file(at) };
    }
    Err(fault.strike())
}

/// [`fs::rename`].
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    checked(|| fs::rename(from, to))
}

/// Exchanges two names atomically, so that neither of them is missing at any moment. The error has the kind
/// `Unsupported` where the system or the file system can't do that.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    checked(|| swap(one, other))
}

#[cfg(target_os = "linux")]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(|error| match error {
        Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    })
}

#[cfg(not(target_os = "linux"))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// [`fs::hard_link`].
pub fn hard_link(from: &Path, to: &Path) -> io::Result<()> {
    checked(|| fs::hard_link(from, to))
}

/// Makes a symbolic link at `at`.
pub fn symlink(target: &Path, at: &Path) -> io::Result<()> {
    checked(|| link(target, at))
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// [`fs::set_permissions`].
pub fn set_permissions(path: &Path, permissions: fs::Permissions) -> io::Result<()> {
    checked(|| fs::set_permissions(path, permissions))
}

/// A file that is being written.
#[derive(Debug)]
pub struct File {
    file: fs::File,
    /// The fault for the next write, after one that wrote half its bytes.
    failing: Option<Fault>,
}

impl File {
    /// [`fs::File::create`].
    pub fn create(path: &Path) -> io::Result<File> {
        File::open(path, OpenOptions::new().write(true).create(true).truncate(true))
    }

    /// [`fs::File::create_new`].
    pub fn create_new(path: &Path) -> io::Result<File> {
        File::open(path, OpenOptions::new().write(true).create_new(true))
    }

    /// Opens the file at `path` for writing, as `options` say.
    pub fn open(path: &Path, options: &OpenOptions) -> io::Result<File> {
        let mut options = options.clone();
        super::file::without_waiting(&mut options);
        let file = checked(|| options.open(path))?;
        super::file::regular(&file.metadata()?)?;
        Ok(File { file, failing: None })
    }

    /// The file itself, to read or lock it.
    pub fn get(&self) -> &fs::File {
        &self.file
    }

    /// [`fs::File::metadata`].
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// [`fs::File::sync_all`].
    pub fn sync_all(&self) -> io::Result<()> {
        checked(|| self.file.sync_all())
    }

    /// [`fs::File::set_modified`].
    pub fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        checked(|| self.file.set_modified(time))
    }

    /// Truncates the file to nothing.
    pub fn empty(&mut self) -> io::Result<()> {
        checked(|| self.file.set_len(0).and_then(|()| self.file.rewind()))
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(fault) = self.failing.take() {
            return Err(fault.strike());
        }
        let Some(fault) = next(Call::Change) else { return self.file.write(bytes) };
        let half = bytes.len() / 2;
        let _ = self.file.write_all(&bytes[..half]);
        if fault == Fault::Kill || half == 0 {
            return Err(fault.strike());
        }
        self.failing = Some(fault);
        Ok(half)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

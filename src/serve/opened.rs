//! Opens files of the site for visitors. A file may be swapped for a symbolic link or a FIFO after the build that found
//! it, so the opened file itself is looked at before anything of it is read.

use std::fs::{File, Metadata};
use std::path::Path;

use crate::config;
use crate::model::stamp::Stamp;
use crate::site::ledger;
use crate::source::FOLDER;
use crate::storage::file;

/// The file at `path` of the site at `root`, and its metadata; `None` if it is no file that visitors may have. `stamp`
/// is that of the file which the build found.
pub(super) fn open(root: &Path, path: &Path, stamp: &Stamp, follows_links: bool) -> Option<(File, Metadata)> {
    let opened = file::open(path).ok()?;
    let metadata = opened.metadata().ok()?;
    let is_as_found = Stamp::of(&metadata) == *stamp;
    (is_as_found || follows_links || is_of_site(&opened, root, path)).then_some((opened, metadata))
}

/// True if the opened file is where `path` says, or elsewhere in the site where symbolic links may lead.
fn is_of_site(opened: &File, root: &Path, path: &Path) -> bool {
    let Some(real) = real_path(opened, path) else { return false };
    let (Ok(real), Ok(path)) = (real.strip_prefix(root), path.strip_prefix(root)) else { return false };
    let is_hidden = || real.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
    let is_private = || [ledger::FILE, config::FILE].iter().any(|name| real == Path::new(name));
    let is_source = || real.starts_with(FOLDER) && !path.starts_with(FOLDER);
    real == path || !(is_hidden() || is_private() || is_source())
}

/// The path of the opened file itself.
#[cfg(target_os = "linux")]
fn real_path(opened: &File, _: &Path) -> Option<std::path::PathBuf> {
    use std::os::fd::AsRawFd;
    std::fs::read_link(format!("/proc/self/fd/{}", opened.as_raw_fd())).ok()
}

/// The path of the file. Without a way to ask for that of an opened file, a file that has changed is not served before
/// the next build, unless it is no link.
#[cfg(not(target_os = "linux"))]
fn real_path(_: &File, path: &Path) -> Option<std::path::PathBuf> {
    path.canonicalize().ok().filter(|real| real == path)
}

//! One build at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process;

use super::OutputError;
use crate::stamp::Stamp;

/// The name of the file that is locked, in the site's folder for state.
const NAME: &str = "lock";

/// Held for as long as a build is at work on a site.
pub struct Lock {
    _file: File,
    moment: i64,
}

impl Lock {
    /// Takes the lock of the site whose state is in `state`. If another process holds it, `waiting` is
    /// told which, and this waits.
    ///
    /// # Errors
    /// What the system says. A file system without locks is no error: then nobody waits.
    pub fn take(state: &Path, waiting: &dyn Fn(&str)) -> Result<Lock, OutputError> {
        fs::create_dir_all(state).map_err(OutputError::io("make the folder", state))?;
        let path = state.join(NAME);
        let failed = || OutputError::io("write", &path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed())?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            waiting(holder.trim());
            let _ = file.lock();
        }
        // Writing also makes the file system tell its time.
        let line = format!("{}\n", process::id());
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed())?;
        file.write_all(line.as_bytes()).map_err(failed())?;
        let moment = Stamp::of(&file.metadata().map_err(failed())?).modified;
        Ok(Lock { _file: file, moment })
    }

    /// When it was taken, by the file system's clock: nanoseconds from 1970. Says only which files were
    /// at rest then.
    pub fn moment(&self) -> i64 {
        self.moment
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it_and_waits() {
        let state = tempfile::tempdir().unwrap();
        let first = Mutex::new(Some(Lock::take(state.path(), &|_| panic!("nobody holds it")).unwrap()));
        let done = AtomicBool::new(false);
        let told = Mutex::new(String::new());
        let waiting = |holder: &str| {
            *told.lock().unwrap() = holder.to_owned();
            done.store(true, Ordering::SeqCst);
            // Only now may the second go on.
            first.lock().unwrap().take();
        };
        Lock::take(state.path(), &waiting).unwrap();
        assert!(done.load(Ordering::SeqCst));
        assert_eq!(*told.lock().unwrap(), process::id().to_string());
    }
}

//! The lock that lets one build at a time work on a site.

use std::fs::{OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::OutputError;
use crate::model::stamp::Stamp;
use crate::storage::disk;

/// The name of the locked file, in the site's folder for state.
const NAME: &str = "lock";

/// The lock, held for as long as a build works on a site. The system releases it when the process ends, however it
/// ends.
#[derive(Debug)]
pub struct Lock {
    file: disk::File,
    moment: i64,
}

impl Drop for Lock {
    /// Unlocks explicitly. Closing the file is not enough while a child process that is just starting has inherited
    /// it.
    fn drop(&mut self) {
        let _ = self.file.get().unlock();
    }
}

/// The holder of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The process id, if the holder has written it.
    pub process: Option<u32>,
    /// The time of taking, by the file system's clock: nanoseconds from 1970.
    pub since: Option<i64>,
}

impl Lock {
    /// Takes the lock of the site whose state is in `state`. While another process holds it, this waits, and a
    /// `tracing` event `waiting` names the holder.
    ///
    /// # Errors
    /// The system's error. A file system without locks is no error: there is no waiting then.
    pub fn take(state: &Path) -> Result<Lock, OutputError> {
        let (path, file) = open(state)?;
        if let Err(TryLockError::WouldBlock) = file.get().try_lock() {
            tracing::info!(name: "waiting", holder = says(&file).trim());
            let _ = file.get().lock();
        }
        sign(&path, file)
    }

    /// Takes the lock like [`take`](Lock::take), or returns its holder instead of waiting.
    ///
    /// # Errors
    /// The system's error.
    pub fn try_take(state: &Path) -> Result<Result<Lock, Holder>, OutputError> {
        let (path, file) = open(state)?;
        if let Err(TryLockError::WouldBlock) = file.get().try_lock() {
            let process = says(&file).trim().parse().ok();
            // The holder wrote to the file when it took the lock.
            let since = file.metadata().ok().map(|found| Stamp::of(&found).modified);
            return Ok(Err(Holder { process, since }));
        }
        sign(&path, file).map(Ok)
    }

    /// The time of taking, by the file system's clock: nanoseconds from 1970. It serves only to know which files were
    /// at rest then.
    pub fn moment(&self) -> i64 {
        self.moment
    }
}

/// Opens the file that is locked.
fn open(state: &Path) -> Result<(PathBuf, disk::File), OutputError> {
    disk::create_dir_all(state).map_err(OutputError::io("make the folder", state))?;
    let path = state.join(NAME);
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).to_owned();
    let file = disk::File::open(&path, &options).map_err(OutputError::io("write", &path))?;
    Ok((path, file))
}

/// The text that the holder wrote into the file.
fn says(file: &disk::File) -> String {
    let mut holder = String::new();
    // The holder is only for messages; nothing depends on it.
    let mut file = file.get();
    let _ = file.read_to_string(&mut holder);
    holder
}

/// Writes our process id into the file, which also gives the file system's time.
fn sign(path: &Path, mut file: disk::File) -> Result<Lock, OutputError> {
    let failed = || OutputError::io("write", path);
    file.empty().map_err(failed())?;
    file.write_all(format!("{}\n", process::id()).as_bytes()).map_err(failed())?;
    let moment = Stamp::of(&file.metadata().map_err(failed())?).modified;
    Ok(Lock { file, moment })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A `tracing` layer that releases the lock as soon as somebody waits for it, and remembers the holder named.
    struct LetGo {
        lock: Arc<Mutex<Option<Lock>>>,
        holder: Arc<Mutex<String>>,
    }

    impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for LetGo {
        fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
            struct Holder(String);
            impl tracing::field::Visit for Holder {
                fn record_str(&mut self, _: &tracing::field::Field, value: &str) {
                    self.0 = value.to_owned();
                }
                fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
            }
            let mut holder = Holder(String::new());
            event.record(&mut holder);
            *self.holder.lock().unwrap() = holder.0;
            self.lock.lock().unwrap().take();
        }
    }

    #[test]
    fn the_second_says_who_holds_it_and_waits() {
        use tracing_subscriber::layer::SubscriberExt;
        let state = tempfile::tempdir().unwrap();
        let lock = Arc::new(Mutex::new(Some(Lock::take(state.path()).unwrap())));
        let holder = Arc::new(Mutex::new(String::new()));
        let layer = LetGo { lock: lock.clone(), holder: holder.clone() };
        // Without the layer, which releases the first lock, this would wait for ever.
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            Lock::take(state.path()).unwrap();
        });
        assert!(lock.lock().unwrap().is_none());
        assert_eq!(*holder.lock().unwrap(), process::id().to_string());
    }

    #[test]
    fn who_will_not_wait_is_told_who_holds_it_and_since_when() {
        let state = tempfile::tempdir().unwrap();
        let first = Lock::try_take(state.path()).unwrap().ok().unwrap();
        let holder = Lock::try_take(state.path()).unwrap().err().unwrap();
        assert_eq!(holder, Holder { process: Some(process::id()), since: Some(first.moment()) });
        drop(first);
        assert!(Lock::try_take(state.path()).unwrap().is_ok());
        // Any text that a last holder may have left in it.
        for left in ["", "nobody\n", "4294967295\n"] {
            std::fs::write(state.path().join(NAME), left).unwrap();
            assert!(Lock::try_take(state.path()).unwrap().is_ok());
        }
    }

    const HOLD: &str = "DATELINE_TEST_HOLD";

    /// Not a test by itself: the other process of the next test.
    #[test]
    #[ignore = "runs as a process of its own"]
    fn holds_until_killed() {
        let Some(state) = std::env::var_os(HOLD) else { return };
        let _lock = Lock::take(Path::new(&state)).unwrap();
        std::thread::sleep(std::time::Duration::from_secs(60));
    }

    #[test]
    fn the_lock_of_a_killed_process_is_free() {
        let state = tempfile::tempdir().unwrap();
        let mut child = process::Command::new(std::env::current_exe().unwrap())
            .args(["output::lock::tests::holds_until_killed", "--exact", "--ignored"])
            .env(HOLD, state.path())
            .stdout(process::Stdio::null())
            .spawn()
            .unwrap();
        let started = std::time::Instant::now();
        let held_by = || Lock::try_take(state.path()).unwrap().err().and_then(|holder| holder.process);
        // The test's own tries sign the file too.
        while held_by() != Some(child.id()) {
            assert!(started.elapsed().as_secs() < 30, "the other process never took the lock");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(Lock::try_take(state.path()).unwrap().is_ok());
    }
}

//! Runs the system's `git`, only to read.
//!
//! The commit alone determines its output: settings of the repository and the user, and variables of the environment,
//! have no effect. None of them can make it start another program or contact a server.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::HistoryError;

/// Arguments of every call. The repository may belong to another user, as in many containers. That is safe, because
/// `git` starts no other program here.
const ALWAYS: [&str; 12] = [
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    "--no-optional-locks",
    "-c",
    "safe.directory=*",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "log.showSignature=false",
];

/// Ignored variables, which would lead `git` to another repository or other objects, or make it start a program.
const IGNORED: [&str; 21] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
    "GIT_DEFAULT_HASH",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Variables of every call: no settings except the repository's, no objects from a server, messages in English.
const SET: [(&str, &str); 7] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// The result of a call of `git`.
pub(super) struct Answer {
    pub is_success: bool,
    pub stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Answer {
    /// The error that `git` printed, as a [`HistoryError`].
    pub fn error(&self) -> HistoryError {
        let text = String::from_utf8_lossy(&self.stderr);
        let reason = text.trim().strip_prefix("fatal: ").unwrap_or(text.trim());
        let reason = if reason.is_empty() { "`git` stopped without a message" } else { reason };
        HistoryError::Unreadable { reason: reason.to_owned() }
    }
}

/// `git` in one folder.
pub(super) struct Git {
    folder: PathBuf,
}

impl Git {
    pub fn new(folder: &Path) -> Self {
        Git { folder: folder.to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        IGNORED.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.envs(SET).current_dir(&self.folder).args(ALWAYS).args(arguments);
        command
    }

    /// Runs `git` and returns its output, even if it fails.
    pub fn answer(&self, arguments: &[&str]) -> Result<Answer, HistoryError> {
        let output = self.command(arguments).stdin(Stdio::null()).output().map_err(not_started)?;
        Ok(Answer { is_success: output.status.success(), stdout: output.stdout, stderr: output.stderr })
    }

    /// Runs `git` and returns its standard output. Failure is an error.
    pub fn read(&self, arguments: &[&str]) -> Result<Vec<u8>, HistoryError> {
        let answer = self.answer(arguments)?;
        if answer.is_success { Ok(answer.stdout) } else { Err(answer.error()) }
    }

    /// Starts `git diff-tree` with `arguments`; it then answers questions until it is dropped.
    pub fn talk(&self, arguments: &[&str]) -> Result<Conversation, HistoryError> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(not_started)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Ok(Conversation { child, stdin, stdout })
    }
}

/// A process that reads one question a line.
pub(super) struct Conversation {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Conversation {
    /// Writes a question; [`Conversation::token`] then reads the answer.
    pub fn ask(&mut self, question: &str) -> Option<()> {
        // `git` echoes a line that is no commit, here the empty one, and flushes its output.
        self.stdin.as_mut()?.write_all(format!("{question}\n\n").as_bytes()).ok()
    }

    /// The next part of the answer, up to a zero byte; empty at the end of the answer, `None` if the process has ended.
    pub fn token(&mut self) -> Option<Vec<u8>> {
        let stdout = self.stdout.as_mut()?;
        let is_end = stdout.fill_buf().ok()?.first()? == &b'\n';
        let mut token = Vec::new();
        stdout.read_until(if is_end { b'\n' } else { 0 }, &mut token).ok()?;
        token.pop();
        Some(token)
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // A process that has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn not_started(error: std::io::Error) -> HistoryError {
    match error.kind() {
        ErrorKind::NotFound => HistoryError::NoGit,
        _ => HistoryError::Unreadable { reason: format!("`git` does not start: {error}") },
    }
}

//! A folder of another machine: rsync, through the system's ssh.

use std::process::{Command, Stdio};

use super::journal::{self, Journal};
use super::run::{all_of, ask, run};
use super::{CLAIM, DeployError, Left, MANIFEST, Plan, Report, Request, Turn, check_flood, read_manifest};

/// A machine that is reached by ssh.
struct Machine<'a> {
    host: &'a str,
    port: Option<u16>,
    folder: &'a str,
}

/// Brings the files of `request` into `folder` on `host`.
pub fn deploy(
    request: &Request<'_>,
    host: &str,
    port: Option<u16>,
    folder: &str,
) -> Result<Report, DeployError> {
    let machine = Machine { host, port, folder };
    let manifest = machine.quoted(MANIFEST);
    let held = machine.say(&format!("cat {manifest} 2>/dev/null || test ! -e {manifest}"), None)?;
    let mut there = read_manifest(request, (!held.is_empty()).then_some(held.as_slice()))?;
    // A deployment that was stopped has sent some of these files, and nobody knows which.
    let unfinished = journal::unfinished(request.state, &request.target.name);
    let sent = unfinished.iter().flat_map(|unfinished| unfinished.done.keys());
    there.files.extend(sent.map(|path| (path.clone(), Left::unknown())));
    let plan = Plan::new(request.pieces, &there);
    let report = Report::of(&plan);
    if plan.is_nothing() && unfinished.is_none() {
        return Ok(report);
    }
    check_flood(request, &plan, &there)?;
    if request.terms.is_dry {
        return Ok(report);
    }
    let journal = Journal::open(request.state, &request.target.name, request.now, unfinished.as_ref())?;
    machine.claim(request, &journal)?;
    for put in &plan.puts {
        journal.note(&put.piece.path, &Left::unknown())?;
    }
    for turn in [Turn::New, Turn::Replaced, Turn::Feeds] {
        let paths = plan.puts.iter().filter(|put| put.turn == turn).map(|put| put.piece.path.as_str());
        machine.send(request, &listed(paths))?;
    }
    if !plan.removals.is_empty() {
        let remove = format!("cd {} && xargs -0 rm -f --", machine.quoted(""));
        machine.say(&remove, Some(listed(plan.removals.iter().copied())))?;
    }
    let (new, claim) = (machine.quoted(".dateline/deployed.new"), machine.quoted(CLAIM));
    let finish = format!("cat > {new} && mv -f {new} {manifest} && rm -rf {claim}");
    machine.say(&finish, Some(all_of(request).bytes()))?;
    journal.end();
    Ok(report)
}

/// `paths` with a zero byte behind each.
fn listed<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<u8> {
    paths.flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect()
}

impl Machine<'_> {
    /// `path` below the folder, for a shell.
    fn quoted(&self, path: &str) -> String {
        shell(&format!("{}/{path}", self.folder))
    }

    /// Runs `script` in the machine's shell, and returns what it wrote.
    fn say(&self, script: &str, input: Option<Vec<u8>>) -> Result<Vec<u8>, DeployError> {
        run(self.ssh(script), input).map(|output| output.stdout)
    }

    fn ssh(&self, script: &str) -> Command {
        let mut command = Command::new("ssh");
        // Nobody is there who could answer a question.
        command.args(["-o", "BatchMode=yes"]);
        command.args(self.port.iter().flat_map(|port| ["-p".to_owned(), port.to_string()]));
        command.args(["--", self.host, script]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Claims the folder. A claim is a folder too, since making one either works or tells that there is one.
    fn claim(&self, request: &Request<'_>, journal: &Journal) -> Result<(), DeployError> {
        let (folder, claim) = (self.quoted(".dateline"), self.quoted(CLAIM));
        let (id, file) = (shell(&journal.id), self.quoted(&format!("{CLAIM}/id")));
        let take = format!("mkdir -p {folder} && mkdir {claim} && echo {id} > {file}");
        let taken = ask(self.ssh(&take), None)?;
        if taken.status.success() {
            return Ok(());
        }
        let other = self.say(&format!("cat {file} 2>/dev/null || test -d {claim}"), None)?;
        let is_own = String::from_utf8_lossy(&other).trim() == journal.id;
        if !is_own && !request.terms.repairs {
            return Err(DeployError::Busy { since: "an unknown time".to_owned() });
        }
        self.say(&format!("echo {id} > {file}"), None).map(|_| ())
    }

    /// Sends the files whose names are in `paths`, each with a zero byte behind it. They all get their places at the end.
    fn send(&self, request: &Request<'_>, paths: &[u8]) -> Result<(), DeployError> {
        if paths.is_empty() {
            return Ok(());
        }
        let port = self.port.map(|port| format!(" -p {port}")).unwrap_or_default();
        let mut command = Command::new("rsync");
        command
            .args(["-s", "-p", "--chmod=D755,F644", "--delay-updates", "--ignore-times"])
            .args(["--from0", "--files-from=-", "-e", &format!("ssh -o BatchMode=yes{port}"), "--"])
            .arg(format!("{}/", request.out.display()))
            .arg(format!("{}:{}/", self.host, self.folder))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        run(command, Some(paths.to_vec())).map(|_| ())
    }
}

/// `text` as one word of a shell.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for text in ["/srv/www", "/srv/a b", "/srv/$(id)`id`", "/srv/it's; rm -rf /"] {
            let output = Command::new("sh").args(["-c", &format!("printf %s {}", shell(text))]).output();
            assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), text);
        }
    }
}

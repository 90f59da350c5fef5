//! The commands on the pages of the documentation: each runs, in the order of its page, and prints what the page shows.
//!
//! A block of code `console` is a session in a shell. A line with `$ ` is a command, `> ` goes on with it, and the others are what it
//! prints; `…` stands for anything. A command has to succeed. A title such as `2026-11-25 18:00` is the time, in UTC, from there on. A
//! block with the title `content/news/ferry.md` is that file, and one with `site.toml, at the end` is added to it. Blocks `sh`
//! are not run, except on the pages about moving in, whose old sites are given.
//!
//! `DATELINE_PAGES=write cargo test --test it -- documentation` writes what is printed into the pages; review it with `git diff`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::NaiveDateTime;
use rayon::prelude::*;
use tempfile::TempDir;

use crate::site::tree;

/// The time at which a page begins: 2026-11-24, 12:00 UTC.
const NOON: i64 = 1_795_521_600;

/// A block of code on a page, with the numbers of its first line and of the line that ends it.
struct Block<'a> {
    language: &'a str,
    title: Option<&'a str>,
    lines: Vec<&'a str>,
    first: usize,
}

/// The blocks of code of `page`. A block that is shown inside another one is text of that one.
fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let fence: String = line.chars().take_while(|sign| *sign == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let info = &line[fence.len()..];
        let title =
            info.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(title, _)| title);
        let language = info.split_whitespace().next().unwrap_or_default();
        let lines = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != fence).collect();
        blocks.push(Block { language, title, lines, first: at + 1 });
    }
    blocks
}

/// A command, and the lines that it prints according to the page.
struct Step<'a> {
    command: String,
    printed: Vec<&'a str>,
    /// The line of the page at which these begin.
    first: usize,
}

/// The commands of a `block` that is a session, or a script.
fn steps<'a>(block: &Block<'a>) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for (at, line) in (block.first..).zip(&block.lines) {
        let first = at + 1;
        match (block.language, steps.last_mut()) {
            ("sh", _) => steps.push(Step { command: (*line).to_owned(), printed: Vec::new(), first }),
            (_, Some(step)) if line.starts_with("> ") && step.printed.is_empty() => {
                step.command = format!("{}\n{}", step.command, &line[2..]);
                step.first = first;
            }
            (_, last) => match (line.strip_prefix("$ "), last) {
                (Some(command), _) => {
                    steps.push(Step { command: command.to_owned(), printed: Vec::new(), first });
                }
                (None, Some(step)) => step.printed.push(line),
                (None, None) => panic!("line {at}: a session begins with a command, not with {line}"),
            },
        }
    }
    steps
}

/// A folder in which somebody does what a page says.
struct Walk {
    place: TempDir,
    /// The present folder.
    at: PathBuf,
    /// The present time.
    now: i64,
}

impl Walk {
    fn new() -> Walk {
        let place = TempDir::new().unwrap();
        let at = place.path().canonicalize().unwrap();
        Walk { place, at, now: NOON }
    }

    fn root(&self) -> PathBuf {
        self.place.path().canonicalize().unwrap()
    }

    /// `text` with the folder `/srv` in this place, so that nothing outside of it is touched.
    fn here(&self, text: &str) -> String {
        text.replace("/srv/", &format!("{}/srv/", self.root().display()))
    }

    /// Writes the file that `block` with the title `title` shows.
    fn write(&self, title: &str, block: &Block<'_>) {
        let (path, is_added) = title.strip_suffix(", at the end").map_or((title, false), |path| (path, true));
        let to = self.at.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let before = if is_added { fs::read_to_string(&to).unwrap() + "\n" } else { String::new() };
        let text = block.lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        fs::write(to, before + &self.here(&text)).unwrap();
    }

    fn shell(&self, command: &str) -> Command {
        let program = assert_cmd::cargo::cargo_bin("dateline");
        let folder = program.parent().unwrap().display().to_string();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(self.here(command)).current_dir(&self.at);
        shell.env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap()));
        shell.env("HOME", self.root()).env("LC_ALL", "C").env("NO_COLOR", "1").env("TZ", "UTC");
        shell.env("SOURCE_DATE_EPOCH", self.now.to_string());
        for who in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
            shell.env(format!("GIT_{who}_DATE"), self.now.to_string());
        }
        shell
    }

    /// Runs `command`; the lines that it printed.
    ///
    /// # Errors
    /// The same, if it failed.
    fn run(&mut self, command: &str) -> Result<Vec<String>, Vec<String>> {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.at = self.at.join(self.here(folder.trim())).canonicalize().unwrap();
            return Ok(Vec::new());
        }
        if command.starts_with("dateline serve") {
            return Ok(vec![self.serve(command)]);
        }
        let output = self.shell(&format!("exec 2>&1\n{command}")).output().unwrap();
        let root = self.root().display().to_string();
        let said = String::from_utf8(output.stdout).unwrap().replace(&root, "");
        let lines = said.lines().map(|line| line.trim_end().to_owned()).collect();
        if output.status.success() { Ok(lines) } else { Err(lines) }
    }

    /// The first line of a server, which is then ended.
    fn serve(&self, command: &str) -> String {
        let command = format!("exec {} --port 0", command.replace(" --open", ""));
        let mut server = self.shell(&command).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        line.trim_end().to_owned()
    }
}

/// `text` without how long things took, which differs from run to run, and without the port of a server.
fn lasting(text: &str) -> String {
    let is_number =
        |word: &str| !word.is_empty() && word.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let ends = words[at].find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(words[at].len());
        let (unit, rest) = words[at].split_at(ends);
        if ["ms", "s"].contains(&unit) && is_number(&words[at - 1]) {
            words[at] = format!("s{rest}");
            words[at - 1] = "0".to_owned();
        }
    }
    let text = words.join(" ");
    match text.split_once("127.0.0.1:") {
        Some((before, after)) => {
            format!("{before}127.0.0.1{}", after.trim_start_matches(|sign: char| sign.is_ascii_digit()))
        }
        None => text,
    }
}

/// True if `printed` is as the page has it.
fn is_as_shown(shown: &[&str], printed: &[String]) -> bool {
    let (shown, printed) = (shown.join("\n"), printed.join("\n"));
    let printed = lasting(&printed);
    let mut rest = printed.trim_end();
    let shown = lasting(shown.trim_end());
    let parts: Vec<&str> = shown.split('…').collect();
    if let [whole] = parts[..] {
        return whole == rest;
    }
    for (at, part) in parts.iter().enumerate() {
        let found = match at {
            0 => rest.starts_with(part).then_some(0),
            _ if at + 1 == parts.len() => rest.ends_with(part).then(|| rest.len() - part.len()),
            _ => rest.find(part),
        };
        match found {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    true
}

/// Does what `page`, the text of the page `name`, says, in the folder of `walk`; blocks of these `languages` are run.
/// Returns the page with what was printed.
fn follow(name: &str, page: &str, walk: &mut Walk, languages: &[&str]) -> String {
    let is_shown = |block: &Block<'_>| block.language == "console";
    let mut lines: Vec<String> = Vec::new();
    let all: Vec<&str> = page.lines().collect();
    let mut copied = 0;
    for block in blocks(page) {
        if !languages.contains(&block.language) {
            if let Some(title) = block.title {
                walk.write(title, &block);
            }
            continue;
        }
        if let Some(title) = block.title {
            let time = NaiveDateTime::parse_from_str(title, "%Y-%m-%d %H:%M")
                .or_else(|_| NaiveDateTime::parse_from_str(title, "%Y-%m-%d %H:%M:%S"));
            walk.now = time.unwrap_or_else(|_| panic!("{name}: {title} is no time")).and_utc().timestamp();
        }
        for step in steps(&block) {
            let printed = walk.run(&step.command);
            let place = format!("{name}:{}: {}", step.first, step.command);
            let printed = printed.unwrap_or_else(|said| panic!("{place}\nfailed: {}", said.join("\n")));
            if is_shown(&block) && !is_as_shown(&step.printed, &printed) {
                assert!(
                    is_written(),
                    "{place}\nprinted\n{}\nand not\n{}",
                    printed.join("\n"),
                    step.printed.join("\n")
                );
                lines.extend(all[copied..step.first].iter().map(|line| (*line).to_owned()));
                lines.extend(printed);
                copied = step.first + step.printed.len();
            }
        }
    }
    lines.extend(all[copied..].iter().map(|line| (*line).to_owned()));
    lines.join("\n") + "\n"
}

/// True if pages get what their commands print.
fn is_written() -> bool {
    std::env::var("DATELINE_PAGES").is_ok_and(|value| value == "write")
}

/// The folder of the documentation.
fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/docs")
}

/// Runs the scripts of the page `name`, blocks `sh`, in a folder that `prepare` fills; `check` looks at what they left there.
pub fn scripts(name: &str, prepare: impl FnOnce(&Path), check: impl FnOnce(&Path)) {
    let mut walk = Walk::new();
    prepare(&walk.root());
    let page = fs::read_to_string(docs().join(name)).unwrap();
    assert!(blocks(&page).iter().any(|block| block.language == "sh"), "{name} has no commands");
    follow(name, &page, &mut walk, &["sh"]);
    check(&walk.root());
}

#[test]
fn every_session_of_the_documentation_prints_what_its_page_shows() {
    let pages = tree(&docs()).into_iter().filter(|(path, _)| path.ends_with(".md"));
    let pages: Vec<(String, String)> =
        pages.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect();
    let with_sessions =
        pages.par_iter().filter(|(_, page)| blocks(page).iter().any(|b| b.language == "console"));
    let followed: Vec<(&String, Result<String, String>)> = with_sessions
        .map(|(name, page)| {
            let followed = std::panic::catch_unwind(|| follow(name, page, &mut Walk::new(), &["console"]));
            (name, followed.map_err(|panic| panic.downcast_ref::<String>().cloned().unwrap_or_default()))
        })
        .collect();
    let mut failures = Vec::new();
    for (name, followed) in followed {
        match followed {
            Ok(page) if is_written() => fs::write(docs().join(name), page).unwrap(),
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn what_a_page_leaves_out_and_how_long_things_take_is_no_difference() {
    let same = |shown: &[&str], printed: &[&str]| {
        is_as_shown(shown, &printed.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    };
    for (shown, printed) in [
        (vec!["a"], vec!["a"]),
        (vec![], vec![]),
        (vec!["72 written in 31 ms"], vec!["72 written in 2.6 s"]),
        (vec!["72 written in 31 ms; next"], vec!["72 written in 1 s; next"]),
        (vec!["a", "…", "d"], vec!["a", "b", "c", "d"]),
        (vec!["a … c"], vec!["a b c"]),
        (vec!["http://127.0.0.1:4000/"], vec!["http://127.0.0.1:41234/"]),
    ] {
        assert!(same(&shown, &printed), "{shown:?} {printed:?}");
    }
    for (shown, printed) in [
        (vec!["a"], vec!["b"]),
        (vec!["a"], vec![]),
        (vec![], vec!["a"]),
        (vec!["72 written in 31 ms"], vec!["71 written in 31 ms"]),
        (vec!["a", "…", "d"], vec!["a", "b"]),
        (vec!["a … c"], vec!["a b c d"]),
    ] {
        assert!(!same(&shown, &printed), "{shown:?} {printed:?}");
    }
}

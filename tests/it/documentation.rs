//! The commands on the pages of the documentation: each runs, in the order of its page, and prints what the page shows.
//!
//! A block of code `console` is a session in a shell. A line with `$ ` is a command, `> ` goes on with it, and the others are what it
//! prints; `…` stands for anything. A command has to succeed. A title such as `2026-11-25 18:00` is the time, in UTC, from there on. A
//! block with the title `content/news/ferry.md` is that file, and one with `site.toml, at the end` is added to it.
//!
//! A block `sh` is a script. Each runs in a small site of its own (`scratch`), and has to succeed. A block that needs more than such a site
//! is `sh norun`, and its title says to readers what it needs: `title="as root"`. The pages about moving in have their own tests, with old
//! sites.
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
    /// It is marked as one that does not run.
    is_left: bool,
    lines: Vec<&'a str>,
    first: usize,
}

/// The blocks of code of `page`. A block that is shown inside another one is text of that one.
fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        // A block in a list is indented.
        let indent = line.len() - line.trim_start_matches(' ').len();
        let fence: String = line[indent..].chars().take_while(|sign| *sign == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let info = &line[indent + fence.len()..];
        let title =
            info.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(title, _)| title);
        let language = info.split_whitespace().next().unwrap_or_default();
        let is_left = info.split_whitespace().any(|word| word == "norun");
        let inner = lines.by_ref().map(|(_, line)| line.strip_prefix(&*" ".repeat(indent)).unwrap_or(line));
        let lines = inner.take_while(|line| *line != fence).collect();
        blocks.push(Block { language, title, is_left, lines, first: at + 1 });
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
            ("sh", _) if line.is_empty() || line.starts_with('#') => {}
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
            return Ok(self.serve(command));
        }
        let output = self.shell(&format!("exec 2>&1\n{command}")).output().unwrap();
        let root = self.root().display().to_string();
        let said = String::from_utf8(output.stdout).unwrap().replace(&root, "");
        let lines = said.lines().map(|line| line.trim_end().to_owned()).collect();
        if output.status.success() { Ok(lines) } else { Err(lines) }
    }

    /// The lines of a server until it serves; it is then ended.
    fn serve(&self, command: &str) -> Vec<String> {
        let command = command.split(" #").next().unwrap_or_default().trim_end();
        let command = format!("exec {} --port 0", command.replace(" --open", ""));
        let mut server = self.shell(&command).stdout(Stdio::piped()).spawn().unwrap();
        let mut said: Vec<String> = Vec::new();
        for line in BufReader::new(server.stdout.take().unwrap()).lines() {
            said.push(line.unwrap());
            if said.iter().any(|line| line.contains("/_dateline/")) {
                break;
            }
        }
        server.kill().unwrap();
        server.wait().unwrap();
        said
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
    let mut parts = text.split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    let digit = |sign: char| sign.is_ascii_digit();
    first + &parts.map(|part| format!("127.0.0.1{}", part.trim_start_matches(digit))).collect::<String>()
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

/// The names and texts of all pages.
fn pages() -> Vec<(String, String)> {
    let pages = tree(&docs()).into_iter().filter(|(path, _)| path.ends_with(".md"));
    pages.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// The site in which a script runs: `/srv/site`, which was published, in a repository, with a folder as its target, and with
/// the feeds of another site.
const SCRATCH: [(&str, &str); 9] = [
    (
        "site.toml",
        r#"title = "Harbour News"
base_url = "https://harbour.example/"
authority = "harbour.example"
timezone = "Europe/London"
[feeds]
formats = ["atom", "rss"]
[deploy.production]
url = "file:///srv/www"
"#,
    ),
    ("content/_index.md", "+++\ntitle = \"Harbour News\"\n+++\n"),
    ("content/news/_index.md", "+++\ntitle = \"News\"\ndated = true\n+++\n"),
    ("content/harbour/_index.md", "+++\ntitle = \"Harbour\"\n+++\n"),
    (
        "content/news/ferry.md",
        "+++\ntitle = \"The ferry\"\ndate = 2026-11-02T08:00:00Z\n+++\nIt sails again.\n",
    ),
    (
        "content/news/2025/tide.md",
        "+++\ntitle = \"The tide\"\ndate = 2025-11-02T08:00:00Z\n+++\nIt came in.\n",
    ),
    ("content/news/2025/_index.md", "+++\ntitle = \"Before\"\n+++\n"),
    (".gitignore", "public\n.dateline\n"),
    ("static/robots.txt", "User-agent: *\n"),
];

/// A folder with the scratch site, in it.
fn scratch() -> Walk {
    let mut walk = Walk::new();
    walk.at = walk.root().join("srv/site");
    for (path, text) in SCRATCH {
        let to = walk.at.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, walk.here(text)).unwrap();
    }
    for command in [
        "dateline publish",
        "mkdir old old-site && cp public/*.xml old && cp public/*.xml old-site",
        "git init --quiet && git add . && git commit --quiet -m Begin",
    ] {
        walk.run(command).unwrap_or_else(|said| panic!("{command}: {}", said.join("\n")));
    }
    walk
}

/// Why the script `block` of the page `name` is not as it should be.
fn fault(name: &str, block: &Block<'_>) -> Option<String> {
    if block.is_left {
        let is_told = block.title.is_some_and(|title| !title.is_empty());
        let place = format!("{name}:{}", block.first);
        return (!is_told).then(|| format!("{place}: a title has to say what the script needs"));
    }
    let mut walk = scratch();
    for step in steps(block) {
        if let Err(said) = walk.run(&step.command) {
            let place = format!("{name}:{}", step.first - 1);
            return Some(format!("{place}: {}\nfailed: {}", step.command, said.join("\n")));
        }
    }
    None
}

#[test]
fn every_script_of_the_documentation_runs_or_says_what_it_needs() {
    let pages = pages();
    // They run in the tests of imports, where old sites are.
    let others = pages.iter().filter(|(name, _)| !name.starts_with("migrating/"));
    let scripts: Vec<(&str, Block<'_>)> = others
        .flat_map(|(name, page)| blocks(page).into_iter().map(|block| (name.as_str(), block)))
        .filter(|(_, block)| ["sh", "bash", "shell"].contains(&block.language))
        .collect();
    assert!(scripts.len() > 10);
    let faults: Vec<String> = scripts.par_iter().filter_map(|(name, block)| fault(name, block)).collect();
    assert!(
        faults.is_empty(),
        "{}\n\nA script that needs more than a site is ```sh norun title=\"as root\".",
        faults.join("\n\n")
    );
}

#[test]
fn every_session_of_the_documentation_prints_what_its_page_shows() {
    let pages = pages();
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

/// The help of `dateline` with these `arguments`.
fn help(arguments: &[&str]) -> String {
    let mut program = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
    let output = program.args(arguments).arg("--help").env("NO_COLOR", "1").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that `help` lists.
fn listed(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let words = lines.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
    words.filter(|word| *word != "help").collect()
}

#[test]
fn the_reference_of_the_command_line_has_every_command_and_every_flag() {
    let pages = ["reference/command-line.md", "reference/serve.md"];
    let page: String = pages.iter().map(|name| fs::read_to_string(docs().join(name)).unwrap()).collect();
    let mut missing = Vec::new();
    for command in listed(&help(&[])) {
        let own = help(&[command]);
        let inner = listed(&own);
        let parts: Vec<Vec<&str>> = match inner.is_empty() {
            true => vec![vec![command]],
            false => inner.into_iter().map(|inner| vec![command, inner]).collect(),
        };
        for part in parts {
            let name = format!("dateline {}", part.join(" "));
            if !page.contains(&name) {
                missing.push(name.clone());
            }
            let text = help(&part);
            let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
            let flags = words.filter(|word| word.starts_with("--") && word.len() > 2);
            // They belong to all commands, or are known by their short names.
            let own = flags.filter(|flag| !["--help", "--version", "--quiet", "--verbose"].contains(flag));
            missing.extend(own.filter(|flag| !page.contains(*flag)).map(|flag| format!("{name} {flag}")));
        }
    }
    assert!(missing.is_empty(), "the reference of the command line lacks {missing:#?}");
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
        (
            vec!["http://127.0.0.1:4000/", "127.0.0.1:4000"],
            vec!["http://127.0.0.1:41234/", "127.0.0.1:41234"],
        ),
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

//! One run of `dateline fetch`.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use url::Url;

use super::format::{Accepted, Refusal, accept, reread};
use super::memory::Known;
use super::{FetchError, Fetched, Memory, Outcome, rows};
use crate::config::{DataRules, FetchFormat, FetchRules};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::source::data::{self, FOLDER, Form};
use crate::storage::{self, disk, file};
use crate::web::{GetError, Got, Validators, Wish};

/// Gets a document.
type Get<'a> = &'a (dyn Fn(&Wish<'_>) -> Result<Got, GetError> + Sync);

/// The terms of a run.
pub struct Round<'a> {
    /// The site's folder.
    pub root: &'a Path,
    /// Gets a document.
    pub get: Get<'a>,
    /// The value of a variable of the environment.
    pub environment: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The kinds of columns of data files.
    pub data: &'a DataRules,
    /// Writes nothing.
    pub is_dry: bool,
}

/// The most servers that are asked at once.
const AT_ONCE: usize = 8;

/// The media types that are asked for.
const ACCEPT: &str = "application/json, text/csv, application/atom+xml, application/rss+xml, application/feed+json, application/yaml, application/toml, */*;q=0.8";

/// The file of an entry.
struct Snapshot {
    /// From the site's root.
    name: String,
    text: String,
}

impl Round<'_> {
    /// Gets the documents of `entries`, and keeps those that were accepted. The results have the order of `entries`.
    pub fn run(&self, entries: &[&FetchRules], memory: &mut Memory) -> Vec<Fetched> {
        // Entries of one server, in their order.
        let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, rules) in entries.iter().enumerate() {
            let written = rules.url.written().split("://").nth(1).unwrap_or_default();
            let host = written.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            hosts.entry(host).or_default().push(at);
        }
        let workers = hosts.len().min(AT_ONCE);
        let queue: Mutex<VecDeque<Vec<usize>>> = Mutex::new(hosts.into_values().collect());
        let done: Mutex<BTreeMap<usize, (Fetched, Option<Known>)>> = Mutex::default();
        let known = &*memory;
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    loop {
                        // The lock is free again while this group is at work.
                        let next = lock(&queue).pop_front();
                        let Some(group) = next else { break };
                        for at in group {
                            let one = self.one(entries[at], known);
                            lock(&done).insert(at, one);
                        }
                    }
                });
            }
        });
        let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut results = Vec::with_capacity(done.len());
        for (_, (fetched, known)) in done {
            if let Some(known) = known {
                memory.0.insert(fetched.name.clone(), known);
            }
            results.push(fetched);
        }
        results
    }

    /// Gets the document of one entry. The second value is what to remember of it, if that is new.
    fn one(&self, rules: &FetchRules, memory: &Memory) -> (Fetched, Option<Known>) {
        let name = rules.name.clone();
        let old = match self.snapshot(rules) {
            Ok(old) => old,
            Err((file, error)) => {
                let problem = unwritable(rules, &file, &error);
                return (Fetched { name, file: Some(file), outcome: Outcome::Failed(problem) }, None);
            }
        };
        match self.get(rules, old.as_ref(), memory) {
            Ok((file, outcome, known)) => (Fetched { name, file: Some(file), outcome }, known),
            Err(problem) => {
                let file = old.map(|old| old.name);
                (Fetched { name, file, outcome: Outcome::Failed(problem) }, None)
            }
        }
    }

    /// Gets the document of one entry, whose file is `old`: the name of its file, the outcome, and what to remember.
    fn get(
        &self,
        rules: &FetchRules,
        old: Option<&Snapshot>,
        memory: &Memory,
    ) -> Result<(String, Outcome, Option<Known>), Problem> {
        let mut secrets = Vec::new();
        let refuse = |Refusal { reason, remedy }: Refusal| {
            let error = FetchError::Refused { name: rules.name.clone(), reason, stays: stays(old), remedy };
            Problem::new(error, rules.place.clone())
        };
        let (url, headers) = self.request(rules, old, &mut secrets)?;
        let settings = settings(rules);
        let old_digest = old.map(|old| Digest::of(old.text.as_bytes()));
        let known = memory.0.get(&rules.name);
        let known = known.filter(|known| known.settings == settings && Some(known.file) == old_digest);
        let none = Validators::default();
        let accept_header = headers.iter().find(|(name, _)| name == "accept").map(|(_, value)| value.clone());
        let headers: Vec<(String, String)> =
            headers.into_iter().filter(|(name, _)| name != "accept").collect();
        let wish = Wish {
            url: &url,
            accept: accept_header.as_deref().unwrap_or(ACCEPT),
            headers: &headers,
            known: known.map_or(&none, |known| &known.validators),
            most: rules.most,
            seconds: rules.timeout,
            may_be_private: rules.private,
        };
        let document = match (self.get)(&wish) {
            Ok(Got::Document(document)) => document,
            Ok(Got::Unchanged) => {
                let file = old.map(|old| old.name.clone()).unwrap_or_default();
                return Ok((file, Outcome::Unchanged(None), None));
            }
            Err(error) => return Err(failed(rules, &error, old, &secrets)),
        };
        let validators = document.validators.clone();
        let accepted = accept(document, rules).map_err(&refuse)?;
        let (outcome, text) = judge(rules, &accepted, old).map_err(&refuse)?;
        let file = file_name(rules, accepted.format.extension());
        if let Some(text) = text {
            self.check(&file, text).map_err(refuse)?;
        }
        if let (Some(text), false) = (text, self.is_dry) {
            self.write(&file, text).map_err(|error| unwritable(rules, &file, &error))?;
        }
        let written = text.or(old.map(|old| old.text.as_str())).unwrap_or_default();
        let known = Known { settings, file: Digest::of(written.as_bytes()), validators };
        Ok((file, outcome, Some(known)))
    }

    /// The URL and the headers of an entry, with the values of variables, which are added to `secrets`.
    fn request(
        &self,
        rules: &FetchRules,
        old: Option<&Snapshot>,
        secrets: &mut Vec<(String, String)>,
    ) -> Result<(Url, Vec<(String, String)>), Problem> {
        let place = || rules.place.clone();
        let missing = |variable: String| {
            let error = FetchError::Variable { name: rules.name.clone(), variable, stays: stays(old) };
            Problem::new(error, place())
        };
        let environment = |name: &str| (self.environment)(name);
        let url = rules.url.filled(&environment, secrets).map_err(missing)?;
        let mut headers = Vec::new();
        for (name, value) in &rules.headers {
            headers.push((name.clone(), value.filled(&environment, secrets).map_err(missing)?));
        }
        let url = Url::parse(&url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| {
            let reason = "with the values of its variables, `url` is no address of the web".to_owned();
            let remedy = "check the values of the variables in the environment".to_owned();
            let name = rules.name.clone();
            Problem::new(FetchError::Failed { name, reason, stays: stays(old), remedy }, place())
        })?;
        Ok((url, headers))
    }

    /// The file of an entry, if it has one. What a run that was killed has left beside it is removed.
    fn snapshot(&self, rules: &FetchRules) -> Result<Option<Snapshot>, (String, io::Error)> {
        let mut extensions = Form::EXTENSIONS.to_vec();
        // The format that is said comes first.
        if let Some(format) = rules.format {
            extensions.sort_by_key(|one| *one != format.extension());
        }
        let mut found = None;
        for extension in extensions {
            let name = file_name(rules, extension);
            let path = self.root.join(&name);
            if !self.is_dry {
                let leftover = self.root.join(format!("{name}.tmp"));
                if leftover.is_file() {
                    disk::remove_file(&leftover).map_err(|error| (name.clone(), error))?;
                }
            }
            if found.is_some() {
                continue;
            }
            match file::read(&path, file::SNAPSHOT) {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    found = Some(Snapshot { name, text });
                }
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err((name, error)),
            }
        }
        Ok(found)
    }

    /// Reads `text` as builds would read it as the data file `file`.
    fn check(&self, file: &str, text: &str) -> Result<(), Refusal> {
        let Some(form) = Form::of(file) else { return Ok(()) };
        let Err(problems) = data::tree(&file.into(), text, form, self.data.columns(file)) else {
            return Ok(());
        };
        let first = problems.first().map(|problem| {
            let (line, column) = problem.place().map_or((1, 1), Place::line_and_column);
            format!("{} (line {line}, column {column} of what would be written)", problem.message())
        });
        let reason = format!("builds could not read it: {}", first.unwrap_or_default());
        Err(Refusal::new(reason, "ask its server for something else, or correct `[data]` in `site.toml`"))
    }

    fn write(&self, file: &str, text: &str) -> io::Result<()> {
        let path = self.root.join(file);
        if let Some(folder) = path.parent() {
            disk::create_dir_all(folder)?;
        }
        storage::replace(&path, text)
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn file_name(rules: &FetchRules, extension: &str) -> String {
    format!("{FOLDER}/{}.{extension}", rules.name)
}

/// Compares the document with the file that is there: the outcome, and the text to write, if there is one.
fn judge<'a>(
    rules: &FetchRules,
    accepted: &'a Accepted,
    old: Option<&Snapshot>,
) -> Result<(Outcome, Option<&'a str>), Refusal> {
    let Accepted { format, text, value } = accepted;
    let count = rows::count(value);
    if count < rules.min_rows {
        let has = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        let reason = format!("it has {has}, and `min_rows` is {}", rules.min_rows);
        return Err(Refusal::new(reason, "if that is right, make `min_rows` smaller"));
    }
    if text.len() as u64 > file::DATA.most() {
        let reason = format!("as a file it has more than the {} MB of a data file", file::DATA.most() >> 20);
        return Err(Refusal::new(reason, "ask its server for less of it"));
    }
    let Some(old) = old else { return Ok((Outcome::New(rows::changes(None, value)), Some(text))) };
    let file = file_name(rules, format.extension());
    if old.name != file {
        let reason = format!("it would be `{file}`, and `{}` is there", old.name);
        let remedy = format!("delete `{}`, or say in `format` what you expect", old.name);
        return Err(Refusal::new(reason, remedy));
    }
    let known = reread(&old.text, *format);
    if let Some(known) = &known
        && rows::kind(known) != rows::kind(value)
    {
        let reason = format!("it is {} and was {}", rows::kind(value), rows::kind(known));
        let remedy = format!("if that is right, delete `{}` and fetch again", old.name);
        return Err(Refusal::new(reason, remedy));
    }
    if old.text == *text || known.as_ref() == Some(value) {
        return Ok((Outcome::Unchanged(Some(count)), None));
    }
    Ok((Outcome::Changed(rows::changes(known.as_ref(), value)), Some(text)))
}

/// The digest of the settings that decide what is asked for and what is made of it.
fn settings(rules: &FetchRules) -> Digest {
    let mut all = Fingerprinter::default();
    all.value(rules.url.written());
    for (name, value) in &rules.headers {
        all.value(name).value(value.written());
    }
    all.value(rules.format.map_or("", FetchFormat::key));
    all.value(rules.encoding.map_or("", |encoding| encoding.name()));
    all.value(rules.limit.unwrap_or_default().to_string());
    all.value(rules.min_rows.to_string());
    all.finish()
}

/// The fate of the file of an entry of which nothing new came.
fn stays(old: Option<&Snapshot>) -> String {
    match old {
        Some(old) => format!("`{}` stays as it is", old.name),
        None => "there is no file of it yet".to_owned(),
    }
}

fn failed(
    rules: &FetchRules,
    error: &GetError,
    old: Option<&Snapshot>,
    secrets: &[(String, String)],
) -> Problem {
    let mut reason = error.to_string();
    for (name, value) in secrets {
        reason = reason.replace(value, &format!("${{{name}}}"));
    }
    let remedy = match error {
        GetError::Private => "if it is one of your own, add `private = true` to this entry",
        GetError::RedirectsToPrivate => "write the address to which it redirects, if that is your own",
        GetError::Unsecured | GetError::Circle | GetError::Redirects(_) | GetError::RedirectsNowhere => {
            "open it in a browser, and write the address at which you end"
        }
        GetError::Status { status: 401 | 403, .. } => {
            "if it wants a token, send it: `headers = { Authorization = \"Bearer ${TOKEN}\" }`"
        }
        GetError::Status { status: 404 | 410, .. } => "open it in a browser: is the address right?",
        GetError::TooLarge(_) => "if it has to be so large, raise `max_mb` of this entry",
        GetError::Slow(_) => "if its server is slow, raise `timeout` of this entry",
        GetError::Header(_) => "check the value of the variable: a header is one line of plain text",
        _ => "the next `dateline fetch` tries again; is the address right, and is the server up?",
    };
    let (name, remedy) = (rules.name.clone(), remedy.to_owned());
    Problem::new(FetchError::Failed { name, reason, stays: stays(old), remedy }, rules.place.clone())
}

fn unwritable(rules: &FetchRules, file: &str, error: &io::Error) -> Problem {
    let (name, file, reason) = (rules.name.clone(), file.to_owned(), error.to_string());
    Problem::new(FetchError::Write { name, file, reason }, rules.place.clone())
}

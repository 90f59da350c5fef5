//! Pictures and other files of the old site: copied from a folder, or downloaded, to the addresses that they had.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::ImportError;
use super::model::{Content, Imported, Outcome, Spot, TargetFile};
use super::tree::Tree;
use crate::model::url::percent_decode;

/// Where files of the old site are now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Media<'a> {
    /// A folder with them, as it was on the old server.
    pub folder: Option<&'a Path>,
    /// True to download those that are not in the target yet.
    pub is_fetched: bool,
}

/// Endings of files that are no pages.
const ENDINGS: [&str; 33] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff", "mp3", "m4a", "aac",
    "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "webm", "ogv", "mov", "pdf", "epub", "zip", "doc",
    "docx", "xls", "xlsx", "ppt", "pptx",
];

/// The address of a file below that of the old site, and where it is in texts.
struct Found {
    /// Its path, decoded: `wp-content/uploads/2020/q.jpg`.
    path: String,
    /// The address as it was written.
    written: String,
}

/// Takes the files of `folder`, which was at the path `root` of the old site, into the target, and makes addresses of
/// them in articles paths of the new site.
///
/// # Errors
/// The folder can't be read.
pub(super) fn copy(imported: &mut Imported, folder: &Path, root: &str) -> Result<(), ImportError> {
    let tree = Tree::list(folder, &[])?;
    tree.tell_passed(imported);
    for name in tree.names() {
        let to = format!("static/{root}{name}");
        imported.files.push(TargetFile { to, content: Content::Copy(tree.path(name)) });
    }
    let missing = replace(imported, &mut |path| path.strip_prefix(root).is_some_and(|name| tree.has(name)));
    for (path, source) in missing.iter().filter(|(path, _)| path.starts_with(root)) {
        let text = format!("{path} is not in the folder: its address leads to the old site");
        imported.tell(Outcome::Lost, "media", source.clone(), text);
    }
    Ok(())
}

/// Makes paths of the new site of addresses of files for which `has` is true; returns the others, each with the first
/// article that has it.
fn replace(imported: &mut Imported, has: &mut dyn FnMut(&str) -> bool) -> BTreeMap<String, Spot> {
    let bases = bases(imported);
    let mut missing = BTreeMap::new();
    let mut change = |text: &str, source: &Spot| -> Option<String> {
        let all = found(text, &bases);
        let mut changed = None;
        for one in all {
            if has(&one.path) {
                let text = changed.get_or_insert_with(|| text.to_owned());
                *text = text.replace(&one.written, &rooted(&one.path));
            } else {
                missing.entry(one.path).or_insert_with(|| source.clone());
            }
        }
        changed
    };
    for article in &mut imported.articles {
        let source = article.source.clone();
        if let Some(body) = change(&article.body, &source) {
            article.body = body;
        }
        if let Some(image) = &mut article.image
            && let Some(src) = change(&image.src, &source)
        {
            image.src = src;
        }
        for enclosure in &mut article.enclosures {
            if let Some(url) = change(&enclosure.url, &source) {
                enclosure.url = url;
            }
        }
    }
    for section in &mut imported.sections {
        if let Some(body) = change(&section.body, &section.source.clone()) {
            section.body = body;
        }
    }
    missing
}

/// A path of the site as an address: what would end it in Markdown or HTML is percent-encoded.
fn rooted(path: &str) -> String {
    let mut out = "/".to_owned();
    for letter in path.chars() {
        match letter {
            ' ' | '"' | '\'' | '(' | ')' | '<' | '>' | '%' | '?' | '#' | '&' | '\\' | '`' | '{' | '}' => {
                out.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// The forms that the address of the old site has in texts, without `/` at the end.
fn bases(imported: &Imported) -> Vec<String> {
    let Some(base) = imported.settings.base_url.as_deref() else { return Vec::new() };
    let bare = base.trim_end_matches('/');
    let Some((_, rest)) = bare.split_once("://") else { return Vec::new() };
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let mut all = Vec::new();
    for scheme in ["https://", "http://", "//"] {
        for www in ["", "www."] {
            all.push(format!("{scheme}{www}{rest}"));
        }
    }
    all
}

/// The addresses of files in `text`, longest first, each once.
fn found(text: &str, bases: &[String]) -> Vec<Found> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for base in bases {
        for (at, _) in text.match_indices(base.as_str()) {
            // `//` of `https://` is found with its scheme.
            if base.starts_with("//") && text.get(..at).is_some_and(|before| before.ends_with(':')) {
                continue;
            }
            let behind = text.get(at + base.len()..).unwrap_or_default();
            if !behind.starts_with('/') {
                continue;
            }
            let ends = |(at, letter): &(usize, char)| match letter {
                // Markdown writes `\)` for one that belongs to the address.
                ')' => !behind.get(..*at).is_some_and(|before| before.ends_with('\\')),
                '"' | '\'' | '<' | '>' | '`' | '?' | '#' | ',' | '|' => true,
                letter => letter.is_whitespace(),
            };
            let end = behind.char_indices().find(ends).map_or(behind.len(), |(at, _)| at);
            seen.extend(text.get(at..at + base.len() + end));
        }
    }
    let one = |written: &str| {
        let base =
            bases.iter().filter(|base| written.starts_with(base.as_str())).max_by_key(|base| base.len())?;
        let path = written.get(base.len()..)?.trim_end_matches('\\').replace('\\', "").replace("&amp;", "&");
        let path = percent_decode(path.trim_start_matches('/'));
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
        let is_safe = !path.split('/').any(|part| part.is_empty() || part.starts_with('.'));
        let is_file = ENDINGS.contains(&ending.as_str()) && is_safe;
        is_file.then(|| Found { path, written: written.trim_end_matches('\\').to_owned() })
    };
    let mut all: Vec<Found> = seen.into_iter().filter_map(one).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.written.len()));
    all
}

/// Downloads the files of the old site that articles show into the folder `into`, one after the other, and makes paths of
/// the new site of their addresses. Files that are there are not asked for again.
///
/// # Errors
/// The folder can't be written.
#[cfg(feature = "network")]
pub(super) fn fetch(imported: &mut Imported, into: &Path, is_dry: bool) -> Result<(), ImportError> {
    let bases = bases(imported);
    let Some(base) = imported.settings.base_url.clone() else { return Ok(()) };
    let mut wanted: BTreeMap<String, Spot> = BTreeMap::new();
    for article in &imported.articles {
        let parts = article.image.iter().map(|image| image.src.as_str());
        let parts =
            parts.chain([article.body.as_str()]).chain(article.enclosures.iter().map(|one| one.url.as_str()));
        for one in parts.flat_map(|text| found(text, &bases)) {
            wanted.entry(one.path).or_insert_with(|| article.source.clone());
        }
    }
    let own: BTreeSet<String> = imported.files.iter().map(|file| file.to.clone()).collect();
    let mut there: BTreeSet<String> = BTreeSet::new();
    let mut downloads = download::Downloads::new(&base);
    for (path, source) in wanted {
        let to = format!("static/{path}");
        let place = into.join(&to);
        if own.contains(&to) || place.is_file() {
            there.insert(path);
            continue;
        }
        if is_dry {
            let text = format!("{path} would be downloaded");
            imported.tell(Outcome::Carried, "media", source, text);
            continue;
        }
        match downloads.get(&path, &place, into)? {
            Ok(()) => {
                there.insert(path);
            }
            Err(reason) => {
                let text = format!("{path} was not downloaded: {reason}");
                imported.tell(Outcome::Lost, "media", source, text);
            }
        }
    }
    replace(imported, &mut |path| there.contains(path));
    Ok(())
}

/// Says that nothing can be downloaded.
#[cfg(not(feature = "network"))]
pub(super) fn fetch(imported: &mut Imported, _: &Path, _: bool) -> Result<(), ImportError> {
    let text = "this `dateline` was built without `network`: nothing was downloaded";
    imported.tell(Outcome::Lost, "media", Spot::default(), text);
    Ok(())
}

#[cfg(feature = "network")]
mod download {
    use std::io::Write as _;
    use std::path::Path;
    use std::time::Duration;

    use url::Url;

    use super::super::ImportError;
    use crate::model::url::percent_encode;
    use crate::storage::{disk, file};
    use crate::web::{GetError, Getter, Got, Validators, Wish};

    /// The time between two requests.
    const PAUSE: Duration = Duration::from_millis(200);
    /// The most seconds of a download.
    const SECONDS: u64 = 300;
    /// The most seconds that a server is waited for, if it asks to come back.
    const LONGEST_WAIT: u64 = 30;
    /// Failures of the server in a row after which it is left in peace.
    const MOST_FAILURES: usize = 5;

    /// Downloads from one server.
    pub(super) struct Downloads {
        getter: Getter,
        base: String,
        has_asked: bool,
        /// Failures in a row.
        failures: usize,
        /// Why nothing more is asked for.
        end: Option<String>,
    }

    impl Downloads {
        /// Downloads from the site at `base`.
        pub(super) fn new(base: &str) -> Downloads {
            let getter = Getter::new(concat!("Dateline/", env!("CARGO_PKG_VERSION"), " import"));
            let base = base.trim_end_matches('/').to_owned();
            Downloads { getter, base, has_asked: false, failures: 0, end: None }
        }

        /// Downloads the file `path` to `place` in the folder `into`; else says why not.
        pub(super) fn get(
            &mut self,
            path: &str,
            place: &Path,
            into: &Path,
        ) -> Result<Result<(), String>, ImportError> {
            if let Some(end) = &self.end {
                return Ok(Err(end.clone()));
            }
            let Ok(url) = Url::parse(&format!("{}/{}", self.base, percent_encode(path))) else {
                return Ok(Err("it has no address".to_owned()));
            };
            let document = match self.ask(&url) {
                Ok(Got::Document(document)) => document,
                Ok(Got::Unchanged) => return Ok(Err("the server has no new version".to_owned())),
                Err(error) => return Ok(Err(self.failed(&error))),
            };
            self.failures = 0;
            if let Some(reason) = other_type(path, document.content_type.as_deref(), &document.bytes) {
                return Ok(Err(reason));
            }
            write(place, into, &document.bytes).map(Ok).map_err(|error| ImportError::Write {
                path: place.display().to_string(),
                reason: error.to_string(),
            })
        }

        /// Asks for `url` a while after the request before, and once more if the server asks to come back soon.
        fn ask(&mut self, url: &Url) -> Result<Got, GetError> {
            let wish = Wish {
                url,
                accept: "*/*",
                headers: &[],
                known: &Validators::default(),
                most: file::PICTURE.most(),
                seconds: SECONDS,
                may_be_private: false,
            };
            if std::mem::replace(&mut self.has_asked, true) {
                std::thread::sleep(PAUSE);
            }
            let answer = self.getter.get(&wish);
            match answer.as_ref().err().and_then(wait) {
                Some(seconds) => {
                    std::thread::sleep(Duration::from_secs(seconds));
                    self.getter.get(&wish)
                }
                None => answer,
            }
        }

        fn failed(&mut self, error: &GetError) -> String {
            let reason = error.to_string();
            self.failures += 1;
            match error {
                GetError::Status { status: 429 | 503, .. } => {
                    self.end = Some(format!(
                        "the server asks for less ({reason}): run the same command again later"
                    ));
                }
                GetError::Private => self.end = Some(reason.clone()),
                _ if self.failures >= MOST_FAILURES => {
                    self.end = Some(format!("the server failed {MOST_FAILURES} times in a row: {reason}"));
                }
                _ => {}
            }
            reason
        }
    }

    /// The seconds to wait before a second request, where the server asks for so few.
    fn wait(error: &GetError) -> Option<u64> {
        let GetError::Status { status: 429 | 503, retry_after: Some(wait) } = error else { return None };
        wait.trim().parse().ok().filter(|seconds| *seconds <= LONGEST_WAIT)
    }

    /// Why a document is not the file that its `path` names: servers send pages in the place of what they don't have.
    fn other_type(path: &str, content_type: Option<&str>, bytes: &[u8]) -> Option<String> {
        const PICTURES: [&str; 10] =
            ["jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "ico", "tif", "tiff"];
        let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        let start = bytes.trim_ascii_start();
        let begins =
            |mark: &[u8]| start.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if kind == "text/html" || begins(b"<!doctype html") || begins(b"<html") {
            return Some("the server sent a page in its place".to_owned());
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        let is_other =
            PICTURES.contains(&ending.as_str()) && (kind.starts_with("text/") || kind.contains("json"));
        is_other.then(|| format!("the server says that it is `{kind}`"))
    }

    /// Writes a file so that it is whole or missing.
    fn write(place: &Path, into: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let staging = into.join(".dateline/import");
        let temporary = staging.join("download");
        disk::create_dir_all(&staging)?;
        disk::create_dir_all(place.parent().unwrap_or(into))?;
        let mut to = disk::File::create(&temporary)?;
        to.write_all(bytes)?;
        drop(to);
        disk::rename(&temporary, place)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn pages_and_texts_in_the_place_of_pictures_are_refused() {
            for (path, kind, bytes, is_refused) in [
                ("a/q.jpg", Some("image/jpeg"), &b"\xff\xd8"[..], false),
                ("a/q.jpg", None, b"\xff\xd8", false),
                ("a/q.jpg", Some("application/octet-stream"), b"\xff\xd8", false),
                ("a/q.jpg", Some("text/html; charset=utf-8"), b"x", true),
                ("a/q.jpg", Some("image/jpeg"), b"\n <!DOCTYPE html><p>gone", true),
                ("a/q.PNG", Some("application/json"), b"{}", true),
                ("a/q.png", Some("text/plain"), b"gone", true),
                ("a/q.svg", Some("text/xml"), b"<svg/>", false),
                ("a/q.pdf", Some("text/plain"), b"%PDF", false),
            ] {
                assert_eq!(other_type(path, kind, bytes).is_some(), is_refused, "{path} {kind:?}");
            }
        }

        #[test]
        fn a_server_is_waited_for_only_if_it_asks_for_little() {
            let asks = |status, retry_after: Option<&str>| {
                wait(&GetError::Status { status, retry_after: retry_after.map(str::to_owned) })
            };
            assert_eq!(asks(429, Some("2")), Some(2));
            assert_eq!(asks(503, Some(" 30 ")), Some(30));
            assert_eq!(asks(503, Some("3600")), None);
            assert_eq!(asks(429, Some("Wed, 21 Oct 2026 07:28:00 GMT")), None);
            assert_eq!(asks(429, None), None);
            assert_eq!(asks(404, Some("2")), None);
        }
    }
}

//! Maps syntect's scopes, of which there are thousands, to a few classes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::{Endless, Language, Pieces};
use crate::model::digest::{Digest, Hasher};
use crate::model::suggest::nearest;

/// Code with a longer line than this, or with more bytes than [`LONGEST`], is not highlighted: it is generated, and the
/// time for parsing grows faster than its length.
const LONGEST_LINE: usize = 2_000;
const LONGEST: usize = 128 * 1024;

/// The most work for one block of code, about a second: for each line, its bytes times the number of its tokens,
/// because each token is searched for in the rest of the line. Real code of the greatest length takes a fifth of it.
const MOST_WORK: usize = 25_000_000;

/// Time limit for one line. Some syntaxes loop for ever on unusual texts, such as `<a` behind `${` in JavaScript. The
/// slowest line that ends takes less than half a second, so the output does not depend on the machine or on what else it
/// does.
const PATIENCE: Duration = Duration::from_secs(10);

/// Texts whose parsing did not finish, so that no build waits for them twice.
static ENDLESS: Mutex<BTreeSet<Digest>> = Mutex::new(BTreeSet::new());

/// Classes of scopes, by their prefixes. The longest matching prefix decides. A prefix without a class ends the search,
/// so that code inside a string is not coloured as a string.
const CLASSES: [(&str, &str); 58] = [
    ("comment", "c"),
    ("string", "s"),
    ("string.unquoted.plain", ""),
    ("string.unquoted.argument", ""),
    ("constant.character.escape", "e"),
    ("constant.other.placeholder", "e"),
    ("constant.numeric", "n"),
    ("constant", "l"),
    ("keyword", "k"),
    ("keyword.operator", "o"),
    ("storage", "k"),
    ("entity.name.function", "f"),
    ("entity.name.macro", "f"),
    ("support.function", "f"),
    ("support.macro", "f"),
    ("variable.function", "f"),
    ("entity.name.type", "t"),
    ("entity.name.class", "t"),
    ("entity.name.struct", "t"),
    ("entity.name.enum", "t"),
    ("entity.name.union", "t"),
    ("entity.name.trait", "t"),
    ("entity.name.impl", "t"),
    ("entity.name.interface", "t"),
    ("entity.name.namespace", "t"),
    ("entity.name.module", "t"),
    ("entity.other.inherited-class", "t"),
    ("support.type", "t"),
    ("support.class", "t"),
    ("storage.type.numeric", "t"),
    ("support.type.property-name", "p"),
    ("meta.mapping.key", "p"),
    ("variable.other.member", "p"),
    ("variable.other.property", "p"),
    ("entity.name.tag", "g"),
    ("entity.name.tag.yaml", "p"),
    ("entity.name.tag.toml", "p"),
    ("entity.other.attribute-name", "a"),
    ("entity.name.decorator", "a"),
    ("meta.annotation", "a"),
    ("variable.annotation", "a"),
    ("variable.parameter", "v"),
    ("variable.language", "l"),
    ("entity.name.constant", "l"),
    ("entity.name.section", "h"),
    ("markup.heading", "h"),
    ("markup.inserted", "i"),
    ("markup.deleted", "d"),
    ("markup.changed", "m"),
    ("meta.diff", "m"),
    ("markup.bold", "b"),
    ("markup.italic", "x"),
    ("markup.underline.link", "u"),
    ("markup.raw", "s"),
    ("meta.interpolation", ""),
    ("meta.embedded", ""),
    ("meta.template.expression", ""),
    ("source", ""),
];

/// Common language names that are neither the name nor the extension of a syntax.
const OTHER_NAMES: [(&str, &str); 22] = [
    ("golang", "go"),
    ("shell", "sh"),
    ("shell-script", "sh"),
    ("docker", "dockerfile"),
    ("node", "js"),
    ("mjs", "js"),
    ("cjs", "js"),
    ("mts", "ts"),
    ("cts", "ts"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("jinja", "jinja2"),
    ("tera", "jinja2"),
    ("make", "makefile"),
    ("patch", "diff"),
    ("viml", "vim"),
    ("objc", "objective-c"),
    ("postgresql", "sql"),
    ("mysql", "sql"),
    ("hcl", "tf"),
    ("ps1", "powershell"),
    ("webmanifest", "json"),
];

/// Names for text without any highlighting.
const PLAIN: [&str; 14] = [
    "text",
    "txt",
    "plain",
    "plaintext",
    "none",
    "ascii",
    "output",
    "console",
    "terminal",
    "sh-session",
    "shell-session",
    "log",
    "mermaid",
    "dot-plain",
];

/// All syntaxes. They are loaded for the first block of code, so a site without code does not pay for them.
fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn find(name: &str) -> Option<&'static SyntaxReference> {
    let lower = name.to_ascii_lowercase();
    if PLAIN.contains(&lower.as_str()) {
        return None;
    }
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == lower).map_or(lower.as_str(), |(_, name)| name);
    syntaxes().find_syntax_by_token(name).filter(|syntax| syntax.name != "Plain Text")
}

/// Looks up the name of a language.
pub fn language(name: &str) -> Language {
    if PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(name)) {
        return Language::Plain;
    }
    if find(name).is_some() {
        return Language::Known;
    }
    let lower = name.to_lowercase();
    let names = syntaxes().syntaxes().iter().filter(|syntax| !syntax.hidden);
    let names = names.flat_map(|syntax| {
        let extensions = syntax.file_extensions.iter().filter(|one| one.len() > 3);
        extensions.cloned().chain([syntax.name.clone()])
    });
    let names = names.chain(OTHER_NAMES.iter().map(|(name, _)| (*name).to_owned()));
    let names: Vec<String> =
        names.filter(|name| !name.contains([' ', '('])).map(|name| name.to_lowercase()).collect();
    Language::Unknown(nearest(&lower, names.iter().map(String::as_str)).map(str::to_owned))
}

/// The classified pieces of each line of `text` in the language `name`; `None` if the language is unknown or the text
/// is too long.
///
/// # Errors
/// [`Endless`].
pub fn lines(text: &str, name: &str) -> Result<Option<Vec<Pieces>>, Endless> {
    thread_local!(static PAINTER: RefCell<Option<Painter>> = const { RefCell::new(None) });
    if name.is_empty() || text.len() > LONGEST || text.lines().any(|line| line.len() > LONGEST_LINE) {
        return Ok(None);
    }
    let Some(syntax) = find(name) else { return Ok(None) };
    // Another version of the program may have other rules.
    let digest = Hasher::default().value(env!("CARGO_PKG_VERSION")).value(&syntax.name).value(text).finish();
    if known().contains(&digest) {
        return Err(Endless);
    }
    PAINTER.with_borrow_mut(|painter| {
        let found = painter.get_or_insert_with(Painter::new).paint(text, syntax);
        if found.is_err() {
            *painter = None;
            known().insert(digest);
        }
        found
    })
}

fn known() -> MutexGuard<'static, BTreeSet<Digest>> {
    ENDLESS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Digests of the texts whose parsing did not finish.
pub fn endless() -> BTreeSet<Digest> {
    known().clone()
}

/// Adds texts whose parsing did not finish in an earlier run.
pub fn remember(endless: impl IntoIterator<Item = Digest>) {
    known().extend(endless);
}

/// A thread that parses for another one. Nothing can stop syntect, so a thread that does not finish is abandoned and
/// runs until the process ends. Each requesting thread has its own painter, because regular expressions cache data by
/// thread.
struct Painter {
    jobs: Sender<(String, &'static SyntaxReference)>,
    steps: Receiver<Step>,
}

/// A sign of life of a painter.
enum Step {
    /// It has parsed a line.
    Line,
    /// It has parsed the whole text, as far as the syntax is sound.
    Done(Result<Option<Vec<Pieces>>, Endless>),
}

impl Painter {
    fn new() -> Painter {
        let ((jobs, wanted), (tell, steps)) =
            (mpsc::channel::<(String, &SyntaxReference)>(), mpsc::channel());
        // The thread ends once the other side is gone.
        thread::spawn(move || {
            wanted.iter().try_for_each(|(text, syntax)| {
                let parsed = parse(&text, syntax, &|| tell.send(Step::Line).is_ok());
                tell.send(Step::Done(parsed))
            })
        });
        Painter { jobs, steps }
    }

    fn paint(&self, text: &str, syntax: &'static SyntaxReference) -> Result<Option<Vec<Pieces>>, Endless> {
        self.jobs.send((text.to_owned(), syntax)).map_err(|_| Endless)?;
        loop {
            match self.steps.recv_timeout(PATIENCE) {
                Ok(Step::Line) => {}
                Ok(Step::Done(parsed)) => return parsed,
                Err(_) => return Err(Endless),
            }
        }
    }
}

/// The classified pieces of each line; calls `tick` after each, and stops if that returns false.
fn parse(
    text: &str,
    syntax: &SyntaxReference,
    tick: &dyn Fn() -> bool,
) -> Result<Option<Vec<Pieces>>, Endless> {
    let mut work = 0_usize;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut pieces: Pieces = Vec::new();
        let mut at = 0;
        let Ok(operations) = state.parse_line(line, syntaxes()) else { return Ok(None) };
        work = work.saturating_add(line.len() * operations.len());
        if work > MOST_WORK || !tick() {
            return Err(Endless);
        }
        for (offset, operation) in &operations {
            if *offset > at {
                add(&mut pieces, text, start + at..start + offset, &stack);
                at = *offset;
            }
            if stack.apply(operation).is_err() {
                return Ok(None);
            }
        }
        add(&mut pieces, text, start + at..start + line.len(), &stack);
        lines.push(pieces);
        start += line.len();
    }
    Ok(Some(lines))
}

/// Adds a piece, or merges it with the piece before it.
fn add(pieces: &mut Pieces, text: &str, range: Range<usize>, stack: &ScopeStack) {
    let Some(piece) = text.get(range.clone()) else { return };
    let bare = piece.trim();
    if bare.is_empty() {
        return;
    }
    let class = match class_of(stack) {
        // An operator that is a word has the class of keywords.
        "o" if bare.bytes().all(|byte| byte.is_ascii_alphabetic()) => "k",
        "o" | "" => return,
        class => class,
    };
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = start + bare.len();
    match pieces.last_mut() {
        Some((last, before)) if *last == class && text[before.end..start].trim().is_empty() => {
            before.end = end;
        }
        _ => pieces.push((class, start..end)),
    }
}

fn class_of(stack: &ScopeStack) -> &'static str {
    static SCOPES: OnceLock<Vec<(Scope, &str)>> = OnceLock::new();
    let scopes = SCOPES.get_or_init(|| {
        let mut scopes: Vec<(Scope, &str)> =
            CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect();
        scopes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        scopes
    });
    let of_scope = |scope: &Scope| scopes.iter().find(|(known, _)| known.is_prefix_of(*scope));
    stack.as_slice().iter().rev().find_map(of_scope).map_or("", |(_, class)| class)
}

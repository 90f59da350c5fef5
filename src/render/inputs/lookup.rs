//! Look-ups of a body during rendering: targets of links, sizes of pictures, components, data files.
//!
//! Each look-up is recorded as a [`Need`]. The needs of a body depend on its text alone, but their results may change
//! while the text stays the same. So the next build resolves the needs again, and the digest of the results is in the
//! fingerprint.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tera::Value;
use tera::value::Key;

use super::{Digested, Settings, Site};
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::UrlPath;
use crate::render::Renderer;
use crate::render::aim::Links;
use crate::render::body::{self, Body};
use crate::render::markdown::{Call, Refusal};
use crate::render::pictures::site_path;
use crate::render::template;
use crate::site::identity::{LinkMap, Target};
use crate::site::plan::PlannedPicture;
use crate::source::{Document, FOLDER, data, named_encoding};
use crate::storage;

/// A need of a body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Need {
    /// The target of this link, as written.
    Link(String),
    /// The size of the picture at this path of the site.
    Picture(String),
    /// The components of the templates.
    Components,
    /// The content of the data file at this path of the site.
    Data(String),
    /// No need of its own: the ids of the elements of the body, as digests, in order. Others may link to them.
    Ids(Box<[u32]>),
    /// The data files that a component reads by these keys of the view `data`.
    View(Vec<String>),
}

/// Answers the look-ups of one body and records its needs.
pub struct Lookup<'a> {
    all: &'a Renderer<'a>,
    /// The source.
    pub document: &'a Document,
    needs: RefCell<BTreeSet<Need>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(all: &'a Renderer<'a>, document: &'a Document) -> Self {
        Lookup { all, document, needs: RefCell::default() }
    }

    /// All recorded needs, each once, in order.
    pub fn into_needs(self) -> Vec<Need> {
        self.needs.into_inner().into_iter().collect()
    }

    fn record(&self, need: Need) {
        self.needs.borrow_mut().insert(need);
    }

    /// The settings.
    pub fn settings(&self) -> Settings<'a> {
        Settings::new(self.all.config, &self.all.plan.roots, &self.all.environment)
    }

    /// The whole text of the source, and the byte at which its body starts.
    ///
    /// # Errors
    /// The source has changed since it was parsed, or can't be read.
    pub fn text(&self) -> Result<(std::borrow::Cow<'a, str>, usize), Problem> {
        self.document.read_body(self.all.root, self.all.config)
    }

    /// The target of the link `written`.
    pub fn link(&self, written: &str) -> Target {
        if is_local(self.all, written) {
            self.record(Need::Link(written.to_owned()));
        }
        self.target(written)
    }

    /// The target of `written`, which is recorded elsewhere.
    pub fn target(&self, written: &str) -> Target {
        self.all.target(self.document.path(), written)
    }

    /// Width and height of the picture at `url`, a path from the site's root. `None` for a planned picture, which gets
    /// its size with its variants.
    pub fn picture_size(&self, url: &str) -> Option<(u32, u32)> {
        let path = self.all.plan.roots.path(&self.all.config.base_url, url);
        let path = path.filter(|_| url.starts_with('/'))?;
        let is_planned = self.all.plan.pictures.get(&path).is_some();
        let size = if is_planned { None } else { self.all.files.picture_size(path.as_str()) };
        self.record(Need::Picture(path.as_str().to_owned()));
        size
    }

    /// The picture at `url`, a path from the server's root or relative to the source, if it has several variants.
    pub fn picture(&self, url: &str) -> Option<&'a PlannedPicture> {
        let path = match LinkMap::is_fixed(url) {
            true => site_path(self.all.config, &self.all.plan.roots, url)?,
            false => match self.link(url) {
                Target::Live(path, _) => path,
                _ => return None,
            },
        };
        self.record(Need::Picture(path.as_str().to_owned()));
        self.all.plan.pictures.get(&path)
    }

    /// Renders the component that `call` names, given `data`.
    ///
    /// # Errors
    /// The problem with the call, or Tera's message.
    pub fn component(&self, call: &Call<'_>, data: Value) -> Result<String, Refusal> {
        self.record(Need::Components);
        let data = self.with_view(call, data)?;
        let lang = self.document.front.lang.as_ref().unwrap_or(&self.all.config.language);
        let given =
            vec![("data", data), ("lang", Value::from(lang.as_str())), ("words", self.all.views.words(lang))];
        self.all.templates.component(call.name, call.arguments, call.body, given)
    }

    /// The view `data` for the component of `call`: the data files that it reads, and the tables of its arguments, which
    /// take precedence.
    fn with_view(&self, call: &Call<'_>, tables: Value) -> Result<Value, Refusal> {
        let mut keys = self.all.templates.data_of_component(call.name);
        let passed = tables.as_map().cloned().unwrap_or_default();
        keys.retain(|keys| {
            keys.first().is_none_or(|first| !passed.contains_key(&Key::String(first.as_str().into())))
        });
        if keys.is_empty() {
            return Ok(tables);
        }
        let folder = folder_of(self.document.path());
        let view = self.all.data.view(Some(folder), &keys);
        keys.into_iter().for_each(|keys| self.record(Need::View(keys)));
        let view = view.map_err(|problem| {
            let place = problem.place().map(ToString::to_string).unwrap_or_default();
            Refusal::from(format!("{place}: {}", problem.message()))
        })?;
        let mut map = view.as_map().cloned().unwrap_or_default();
        map.extend(passed);
        Ok(Value::from(map))
    }

    /// The table in the CSV file `written`.
    ///
    /// # Errors
    /// The file does not exist, or is no table.
    pub fn table(&self, written: &str) -> Result<Value, String> {
        let missing = || {
            "there is no such file beside this one, nor from the root of `static/`, nor in `data/`".to_owned()
        };
        let path = match self.target(written) {
            Target::Live(path, _) => {
                self.record(Need::Link(written.to_owned()));
                path
            }
            Target::HeldBack(_) | Target::HeldBackFile(_) => {
                return Err("it is held back with its article".to_owned());
            }
            _ => {
                let of_data = written.trim_start_matches('/').strip_prefix("data/");
                if let Some(text) = of_data.and_then(|path| self.all.data.text(path)) {
                    let keys = of_data.and_then(data::keys).unwrap_or_default();
                    self.record(Need::View(keys.into_iter().map(str::to_owned).collect()));
                    return Ok(template::table(written, &data::csv(&text?)?));
                }
                file_path(self.all, written).ok_or_else(missing)?
            }
        };
        self.record(Need::Data(path.as_str().to_owned()));
        let file = self.all.files.get(&path).ok_or_else(missing)?;
        let bytes = storage::file::read(file, storage::file::DATA).map_err(|error| error.to_string())?;
        let name = file.strip_prefix(self.all.root.join(FOLDER)).ok().and_then(|name| name.to_str());
        let encoding = name.and_then(|name| named_encoding(name, self.all.config));
        let text = data::decode(bytes, encoding).map_err(|error| error.to_string())?;
        Ok(template::table(written, &data::csv(&text)?))
    }
}

/// The text that describes a section, a taxonomy or a term, with its needs as far as known.
pub struct Text<'a> {
    site: Site<'a>,
    document: &'a Document,
    digest: Digest,
    needs: Vec<Need>,
}

impl<'a> Text<'a> {
    /// The text of `document`.
    pub(in crate::render) fn of(site: Site<'a>, document: &'a Document) -> Self {
        Text { site, document, digest: site.digests.text(&document.name), needs: Vec::new() }
    }

    /// Renders the text and records its needs. `None` means that `problems` have the reason.
    pub(in crate::render) fn render(&mut self, problems: &mut Vec<Problem>) -> Option<Body> {
        let mut body = body::render(Lookup::new(self.site.all, self.document), problems)?;
        self.needs = std::mem::take(&mut body.needs);
        self.digest = text_digest(self.site.all, self.document, &self.needs);
        Some(body)
    }

    /// The name of its source, the digest of the source, and the needs that rendering found.
    pub fn needed(&self) -> (Arc<str>, Digest, Vec<Need>) {
        (self.document.name.clone(), self.document.digest, self.needs.clone())
    }
}

impl Digested for Text<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.bytes(self.digest.bytes());
    }
}

/// The digest of the text of `document` with `needs`.
pub(super) fn text_digest(all: &Renderer<'_>, document: &Document, needs: &[Need]) -> Digest {
    let mut print = Fingerprinter::default();
    print.bytes(document.digest.bytes());
    // A section's text is held to what the sections around it say.
    print.value([document.front.raw_html.map_or(u8::MAX, |rule| rule as u8)]);
    add_needs(all, &mut print, document.path(), needs);
    print.finish()
}

/// Adds the present results of the `needs` of the source at `from` below `content/`.
/// Returns the state of its links.
pub(super) fn add_needs(all: &Renderer<'_>, print: &mut Fingerprinter, from: &str, needs: &[Need]) -> Links {
    let mut links = Links::Sound;
    for need in needs {
        match need {
            Need::Link(written) => links = links.max(add_link(all, print, from, written)),
            Need::View(keys) => all.data.add(print, Some(folder_of(from)), [keys]),
            // Without them, links to parts of the page can't be looked up.
            Need::Ids(_) => {
                print.value("ids");
            }
            Need::Picture(path) => {
                print.value("picture").value(path);
                add_file(all, print, path);
                let path = UrlPath::parse(path).ok();
                if let Some(picture) = path.and_then(|path| all.plan.pictures.get(&path)) {
                    print.bytes(picture.original.digest.bytes());
                }
            }
            Need::Data(path) => {
                print.value("data").value(path);
                add_file(all, print, path);
                // A file that may have changed with the same stamp is digested by its content.
                let unsettled = all.files.stamp(path).is_some_and(|stamp| !all.files.is_settled(&stamp));
                let read = |path| storage::file::read(path, storage::file::DATA);
                if unsettled && let Some(Ok(bytes)) = all.files.file(path).map(read) {
                    print.bytes(Digest::of(&bytes).bytes());
                }
            }
            Need::Components => {
                print.value("components").bytes(all.components.bytes());
            }
        }
    }
    links
}

/// The folder of the file at `path`.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// True if `written` may lead to something of this site.
fn is_local(all: &Renderer<'_>, written: &str) -> bool {
    !written.is_empty() && all.local(&all.config.base_url.at_one_address(written)).is_some()
}

/// The digest of an id, as [`Need::Ids`] has it.
pub fn id_of(id: &str) -> u32 {
    let [a, b, c, d, ..] = *Digest::quick(id.as_bytes()).bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Adds the target of a link. Returns the state of the link.
pub(super) fn add_link(all: &Renderer<'_>, print: &mut Fingerprinter, from: &str, written: &str) -> Links {
    let (target, aim) = all.aim(from, written);
    print.value("link").value(written);
    match target {
        // The files of its host decide where a path leads.
        Target::Elsewhere if all.config.base_url.has_hosts() => {
            print.value("elsewhere").value(all.plan.roots.url(&all.config.base_url, written))
        }
        Target::Elsewhere => print.value("elsewhere"),
        Target::Live(path, rest) => {
            let is_copied = all.plan.roots.is_copied(&all.config.base_url, &path);
            print.value(if is_copied { "copied" } else { "live" }).value(path.as_str()).value(rest)
        }
        Target::HeldBack(_) => print.value("held back"),
        Target::HeldBackFile(_) => print.value("file held back"),
        Target::Broken => print.value("broken"),
        Target::Dead(_) => print.value("dead"),
    };
    aim.state()
}

/// The path of the site's file that `written` means, counted from the site's root: a name, or a part of a URL.
pub(super) fn file_path(all: &Renderer<'_>, written: &str) -> Option<UrlPath> {
    let name = UrlPath::parse(&format!("/{}", written.trim_start_matches('/'))).ok();
    let is_there = |path: &UrlPath| all.files.get(path).is_some();
    name.clone().filter(is_there).or_else(|| all.plan.roots.path(&all.config.base_url, written)).or(name)
}

/// Adds the stamp of the file at `path` of the site.
pub(super) fn add_file(all: &Renderer<'_>, print: &mut Fingerprinter, path: &str) {
    match all.files.stamp(path) {
        Some(stamp) => {
            let numbers = [stamp.size.cast_signed(), stamp.modified, stamp.changed];
            numbers.iter().for_each(|number| {
                print.bytes(&number.to_le_bytes());
            });
        }
        None => {
            print.value("no file");
        }
    }
}

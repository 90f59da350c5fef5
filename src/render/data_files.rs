//! Data files as the view `data`: those of `data/` by their paths, and those beside a source by their names.
//!
//! A file is digested when a template names it, and read when a document shows it, each once a build.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use tera::Value;
use tera::value::{Key, Map};

use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::suggest::nearest;
use crate::render::template::views::from_data;
use crate::site::identity::PlacedAsset;
use crate::source::data::{self, DataError, Form};
use crate::source::{self, ContentError, Found, below, named_encoding};
use crate::storage::file;

/// The data files of a site in one of its languages. A file with a language in its name, such as `menu.de.json`, takes the
/// place of `menu.json` in that language.
pub struct DataFiles<'a> {
    root: &'a Path,
    config: &'a Config,
    site: Folder,
    /// Files beside sources, by their folder below `content/`.
    beside: HashMap<String, Folder>,
}

/// The files and folders in a folder, by their keys.
#[derive(Clone, Default)]
struct Folder(BTreeMap<String, Entry>);

#[derive(Clone)]
enum Entry {
    Folder(Folder),
    File(Arc<DataFile>),
}

struct DataFile {
    /// Its name from the site's root.
    name: Arc<str>,
    /// Another file with the same key.
    other: Option<Arc<str>>,
    digest: OnceLock<Digest>,
    value: OnceLock<Result<Value, Vec<Problem>>>,
}

/// The files that keys lead to.
enum Reached<'f> {
    /// The value of these keys, which are the first of those that were asked for.
    Entry(Vec<String>, Vec<(Vec<String>, &'f DataFile)>),
    /// Nothing has the key with this number; there are these instead.
    Missing(usize, Vec<&'f str>),
}

impl Folder {
    fn add(&mut self, keys: &[&str], name: &Arc<str>) {
        let Some((first, rest)) = keys.split_first() else { return };
        let new =
            |other| DataFile { name: name.clone(), other, digest: OnceLock::new(), value: OnceLock::new() };
        if rest.is_empty() {
            let other = match self.0.get(*first) {
                Some(Entry::File(file)) => Some(file.name.clone()),
                // The two were reported when the files were listed.
                Some(Entry::Folder(_)) => return,
                None => None,
            };
            self.0.insert((*first).to_owned(), Entry::File(Arc::new(new(other))));
        } else if let Entry::Folder(folder) =
            self.0.entry((*first).to_owned()).or_insert_with(|| Entry::Folder(Folder::default()))
        {
            folder.add(rest, name);
        }
    }

    /// Puts the files with the language `tag` in their names in the places of those without it.
    fn choose(&mut self, tag: &str) {
        let mut chosen = Vec::new();
        for (key, entry) in &mut self.0 {
            match entry {
                Entry::Folder(folder) => folder.choose(tag),
                Entry::File(file) => {
                    let plain = key.rsplit_once('.').filter(|(_, last)| last.eq_ignore_ascii_case(tag));
                    chosen.extend(plain.map(|(plain, _)| (plain.to_owned(), file.clone())));
                }
            }
        }
        self.0.extend(chosen.into_iter().map(|(key, file)| (key, Entry::File(file))));
    }

    /// All files in it, each with its keys after `before`.
    fn all<'f>(&'f self, before: &[String], found: &mut Vec<(Vec<String>, &'f DataFile)>) {
        for (key, entry) in &self.0 {
            let keys: Vec<String> = before.iter().chain([key]).cloned().collect();
            match entry {
                Entry::Folder(folder) => folder.all(&keys, found),
                Entry::File(file) => found.push((keys, file)),
            }
        }
    }

    fn reach(&self, keys: &[String]) -> Reached<'_> {
        let mut folder = self;
        for (at, key) in keys.iter().enumerate() {
            match folder.0.get(key) {
                Some(Entry::Folder(inner)) => folder = inner,
                Some(Entry::File(file)) => {
                    let keys = keys[..=at].to_vec();
                    return Reached::Entry(keys.clone(), vec![(keys, file)]);
                }
                None => return Reached::Missing(at, folder.0.keys().map(String::as_str).collect()),
            }
        }
        let mut found = Vec::new();
        folder.all(keys, &mut found);
        Reached::Entry(keys.to_vec(), found)
    }

    fn files(&self) -> Vec<&DataFile> {
        let mut found = Vec::new();
        self.all(&[], &mut found);
        found.into_iter().map(|(_, file)| file).collect()
    }
}

impl<'a> DataFiles<'a> {
    /// The files `found` in `data/` of the site at `root`, and those among the public `assets`, for each language of the
    /// site.
    pub fn in_languages(
        root: &'a Path,
        config: &'a Config,
        found: &[Found],
        assets: &[PlacedAsset],
    ) -> Vec<DataFiles<'a>> {
        let mut site = Folder::default();
        for file in found {
            if let Some(keys) = data::keys(file.path()) {
                site.add(&keys, &file.name);
            }
        }
        let mut beside: HashMap<String, Folder> = HashMap::new();
        for asset in assets.iter().filter(|asset| asset.live && Form::of(&asset.name).is_some()) {
            let (folder, name) = split(below(&asset.name));
            if let Some(keys) = data::keys(name) {
                beside.entry(folder.to_owned()).or_default().add(&keys, &asset.name);
            }
        }
        let all = config.languages.iter().map(|language| {
            let (mut site, mut beside) = (site.clone(), beside.clone());
            if config.is_multilingual() {
                site.choose(&language.key);
                beside.values_mut().for_each(|folder| folder.choose(&language.key));
            }
            DataFiles { root, config, site, beside }
        });
        all.collect()
    }

    /// The files that `keys` lead to for a source in `folder` below `content/`. Those beside it come first.
    fn reach(&self, folder: Option<&str>, keys: &[String]) -> Reached<'_> {
        let beside = folder.and_then(|folder| self.beside.get(folder));
        match (beside, keys) {
            (None, _) => self.site.reach(keys),
            (Some(beside), []) => {
                let (mut found, mut own) = (Vec::new(), Vec::new());
                self.site.all(&[], &mut found);
                beside.all(&[], &mut own);
                found.retain(|(keys, _)| !beside.0.contains_key(&keys[0]));
                Reached::Entry(Vec::new(), found.into_iter().chain(own).collect())
            }
            (Some(beside), keys) => match beside.reach(keys) {
                Reached::Missing(..) => self.site.reach(keys),
                reached => reached,
            },
        }
    }

    /// True if a file beside some source has the key.
    pub fn is_beside(&self, key: &str) -> bool {
        self.beside.values().any(|folder| folder.0.contains_key(key))
    }

    /// True if a source in `folder` has data files beside it.
    pub fn has_beside(&self, folder: &str) -> bool {
        self.beside.contains_key(folder)
    }

    /// Adds everything that a template can read by `keys`, for a source in `folder`.
    pub fn add<'k>(
        &self,
        print: &mut Fingerprinter,
        folder: Option<&str>,
        keys: impl IntoIterator<Item = &'k Vec<String>>,
    ) {
        for keys in keys {
            print.value("data").value(keys.join("\n"));
            match self.reach(folder, keys) {
                Reached::Missing(..) => {
                    print.value("missing");
                }
                Reached::Entry(_, found) => {
                    for (_, file) in found {
                        print.value(&*file.name).bytes(self.digest(file).bytes());
                    }
                }
            }
        }
    }

    /// The view with everything that a template can read by `keys`, for a source in `folder`. Keys that lead nowhere
    /// are left out.
    ///
    /// # Errors
    /// The first problem with a file.
    pub fn view<'k>(
        &self,
        folder: Option<&str>,
        keys: impl IntoIterator<Item = &'k Vec<String>>,
    ) -> Result<Value, Problem> {
        let mut tree = Tree::default();
        for keys in keys {
            if let Reached::Entry(keys, found) = self.reach(folder, keys) {
                tree.folder(&keys);
                for (keys, file) in found {
                    tree.put(&keys, self.value(file)?);
                }
            }
        }
        Ok(tree.value())
    }

    /// The first of `keys` that nothing has, and a remedy. `None` if they lead to something.
    pub fn missing<'k>(&self, folder: Option<&str>, keys: &'k [String]) -> Option<(&'k str, String)> {
        let Reached::Missing(at, mut known) = self.reach(folder, keys) else { return None };
        let wrong = keys.get(at)?;
        if let Some(beside) = folder.and_then(|folder| self.beside.get(folder)).filter(|_| at == 0) {
            known.extend(beside.0.keys().map(String::as_str));
            known.sort_unstable();
        }
        let before = keys.iter().take(at).map(|key| format!("{key}.")).collect::<String>();
        let stem = wrong.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| known.contains(stem));
        let remedy = match (stem.or_else(|| nearest(wrong, known.iter().copied())), known.is_empty()) {
            (Some(name), _) => format!("did you mean `data.{before}{name}`?"),
            (None, true) => {
                let path = keys.iter().take(at + 1).cloned().collect::<Vec<_>>().join("/");
                format!("add a file such as `data/{path}.json`; what may be missing has `?.` before it")
            }
            (None, false) => {
                const MOST: usize = 12;
                let shown: Vec<String> =
                    known.iter().take(MOST).map(|name| format!("`data.{before}{name}`")).collect();
                let more = if known.len() > MOST { " and others" } else { "" };
                format!("there are {}{more}; what may be missing has `?.` before it", shown.join(", "))
            }
        };
        Some((wrong, remedy))
    }

    /// The text of the file `path` of `data/`; `None` if there is none.
    ///
    /// # Errors
    /// The reason why it can't be read.
    pub fn text(&self, path: &str) -> Option<Result<String, String>> {
        let keys: Vec<String> = data::keys(path)?.into_iter().map(str::to_owned).collect();
        let Reached::Entry(_, found) = self.site.reach(&keys) else { return None };
        let [(_, file)] = found.as_slice() else { return None };
        let is_it =
            file.name.strip_prefix(data::FOLDER).is_some_and(|name| name.trim_start_matches('/') == path);
        is_it.then(|| {
            let bytes =
                file::read(&self.root.join(&*file.name), file::DATA).map_err(|error| error.to_string())?;
            data::decode(bytes, self.encoding(file)).map_err(|error| error.to_string())
        })
    }

    /// An error for each table `[data.NAME]` of `site.toml` that has no file.
    pub fn without_file(&self) -> Vec<Problem> {
        let files = self.site.files();
        let names: Vec<&str> = files.iter().map(|file| crate::config::data_name(&file.name)).collect();
        let unknown = self.config.data.names().filter(|(name, _)| {
            !(names.contains(name) || name.contains('/') && self.root.join(name).is_file())
        });
        let problem = |(name, place): (&str, &Place)| {
            let remedy = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "write the path of a file below `data/` without its extension, or that of another file from the site's root; {}",
                    match names.as_slice() {
                        [] => "there is nothing in `data/`".to_owned(),
                        names => format!(
                            "there are {}",
                            names.iter().take(12).copied().collect::<Vec<_>>().join(", ")
                        ),
                    }
                ),
            };
            let name = if name.contains(['/', '.', ' ']) { format!("\"{name}\"") } else { name.to_owned() };
            Problem::new(DataError::NoFile { name, remedy }, place.clone())
        };
        unknown.map(problem).collect()
    }

    /// The files of `data/` that `keys` lead to, each with its digest.
    pub fn digests<'k>(&self, keys: impl IntoIterator<Item = &'k Vec<String>>) -> BTreeMap<Arc<str>, Digest> {
        let mut digests = BTreeMap::new();
        for keys in keys {
            if let Reached::Entry(_, found) = self.site.reach(keys) {
                digests.extend(found.into_iter().map(|(_, file)| (file.name.clone(), self.digest(file))));
            }
        }
        digests
    }

    /// The problems with all files that were read, by their names.
    pub fn problems(&self) -> BTreeMap<Arc<str>, Vec<Problem>> {
        let folders = [&self.site].into_iter().chain(self.beside.values());
        let problems_of = |file: &DataFile| file.value.get()?.as_ref().err().cloned();
        let files = folders.flat_map(Folder::files);
        files.filter_map(|file| Some((file.name.clone(), problems_of(file)?))).collect()
    }

    /// The digest of the bytes of `file` and of its settings.
    fn digest(&self, file: &DataFile) -> Digest {
        *file.digest.get_or_init(|| {
            let mut print = Fingerprinter::default();
            print.value(format!("{:?} {:?}", self.config.data.columns(&file.name), self.encoding(file)));
            print.value(format!("{:?} {:?}", self.config.timezone, self.config.dates.ambiguous));
            match file::read(&self.root.join(&*file.name), file::DATA) {
                Ok(bytes) => print.bytes(Digest::quick(&bytes).bytes()),
                Err(error) => print.value(error.to_string()),
            };
            print.value(file.other.as_deref().unwrap_or_default());
            print.finish()
        })
    }

    fn encoding(&self, file: &DataFile) -> Option<&'static encoding_rs::Encoding> {
        let own = self.config.data.encoding(&file.name);
        let of_folder = || {
            let is_content = file.name.strip_prefix(source::FOLDER).is_some_and(|rest| rest.starts_with('/'));
            named_encoding(below(&file.name), self.config).filter(|_| is_content)
        };
        own.or_else(of_folder)
    }

    fn value(&self, file: &DataFile) -> Result<Value, Problem> {
        let value = file.value.get_or_init(|| self.read(file));
        value.as_ref().cloned().map_err(|problems| match problems.first() {
            Some(problem) => problem.clone(),
            None => Problem::new(DataError::Empty, Place::file(file.name.clone())),
        })
    }

    fn read(&self, file: &DataFile) -> Result<Value, Vec<Problem>> {
        let whole = || Place::file(file.name.clone());
        if let Some(other) = &file.other {
            let key = split(&file.name).1.rsplit_once('.').map_or("", |(key, _)| key).to_owned();
            let cause = DataError::TwoFiles { name: file.name.to_string(), other: other.to_string(), key };
            return Err(vec![Problem::new(cause, whole())]);
        }
        let bytes = file::read(&self.root.join(&*file.name), file::DATA).map_err(|error| {
            vec![Problem::new(ContentError::Unreadable { reason: error.to_string() }, whole())]
        })?;
        let text = data::decode(bytes, self.encoding(file)).map_err(|error| {
            let mut problem = Problem::new(error, whole());
            let name = crate::config::data_name(&file.name);
            problem.set_remedy(format!(
                "save the file as UTF-8, or name its encoding in `site.toml`: `[data.\"{name}\"]` and `encoding = \"windows-1252\"`"
            ));
            vec![problem]
        })?;
        let form = Form::of(&file.name).unwrap_or(Form::Json);
        let columns = self.config.data.columns(&file.name);
        let tree = data::tree(&file.name, &text, form, columns)?;
        from_data(&tree, columns, self.config).map_err(|(error, span)| {
            vec![Problem::new(error, Place::in_text(file.name.clone(), &text, span))]
        })
    }
}

/// The folder of `path` and its last part.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Values by their keys, while the view is made.
#[derive(Default)]
struct Tree {
    value: Option<Value>,
    below: BTreeMap<String, Tree>,
}

impl Tree {
    fn at(&mut self, keys: &[String]) -> &mut Tree {
        keys.iter().fold(self, |tree, key| tree.below.entry(key.clone()).or_default())
    }

    /// Makes sure that there is a map at `keys`.
    fn folder(&mut self, keys: &[String]) {
        self.at(keys);
    }

    fn put(&mut self, keys: &[String], value: Value) {
        self.at(keys).value = Some(value);
    }

    fn value(self) -> Value {
        let Tree { value, below } = self;
        value.unwrap_or_else(|| {
            let entries = below.into_iter().map(|(key, tree)| (Key::String(key.into()), tree.value()));
            Value::from(entries.collect::<Map>())
        })
    }
}

//! Templates: Tera 2, the site's own `templates/` above the default theme, and the values for them.
//!
//! A template sees read-only views and never calls back into the site: its filters and functions are
//! pure (`filters`), its values are made before it runs (`views`).

mod addresses;
mod bounds;
mod data;
mod data_reads;
mod error;
mod filters;
mod list_filters;
mod misspelt;
mod reads;
pub mod reference;
mod sources;
mod theme;
mod unused;
pub mod views;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use bounds::{Guarded, Output};
pub use data::table;
pub use error::{TemplateError, merge};
use reads::Parts;
pub use reads::Reads;
use sources::Sources;
use tera::{Context, Tera, Value};
pub use theme::{ASSETS, Embedded, SEARCH, STYLES, TEMPLATES as THEME_TEMPLATES};

use crate::config::{Config, MARKUP};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::suggest::nearest;
use crate::render::markdown::{self, Argument, Refusal};
use crate::site::library::Library;
use crate::source::{Found, Placed};

/// The folder of a site's own templates, in its root.
pub const FOLDER: &str = "templates";

/// Initial capacity for a page, in bytes; most pages are smaller.
const ROOM: usize = 16 * 1024;

/// All templates of a site, compiled, with the values that all of them get.
#[derive(Clone)]
pub struct Templates {
    tera: Tera,
    sources: Sources,
    reads: BTreeMap<String, Reads>,
    /// The keys of the view `data` that each component reads.
    component_data: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// The site's own templates as they were compiled, with checks of bounds, by their names.
    guarded: BTreeMap<String, Guarded>,
}

impl Templates {
    /// Compiles the `own` templates of the site at `root` and those of its theme that they do not replace. Returns
    /// `None` if one of them has an error.
    pub fn load(
        root: &Path,
        own: &[Found],
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Option<Templates> {
        let before = problems.len();
        let sources = Sources::load(root, own, config, problems);
        let (reads, guarded) = (BTreeMap::new(), BTreeMap::new());
        let component_data = BTreeMap::new();
        let mut templates = Templates { tera: empty(config), sources, reads, component_data, guarded };
        let mut missing = templates.sources.missing();
        let of_outputs = config.outputs.iter().filter(|output| !templates.has(&output.template));
        missing.extend(of_outputs.map(|output| {
            Problem::new(templates.sources.no_such(&output.template), output.template_place.clone())
        }));
        if !missing.is_empty() {
            templates.syntax_errors(config, problems);
            problems.extend(missing);
            return None;
        }
        if let Err(error) = templates.compile(config) {
            templates.diagnose(&error, config, problems);
            return None;
        }
        templates.reads = reads::of_all(&templates.sources, &views::SHARED);
        templates.component_data = reads::of_components(&templates.sources);
        problems.extend(templates.misspelt());
        (problems.len() == before || problems[before..].iter().all(|p| !p.is_error())).then_some(templates)
    }

    /// The same templates for another language of the site, that of `config`.
    #[must_use]
    pub fn in_language(&self, config: &Config) -> Templates {
        let mut templates = self.clone();
        register(&mut templates.tera, config);
        templates
    }

    /// Compiles all templates, the site's own with checks of bounds. Errors are those of the templates as written.
    fn compile(&mut self, config: &Config) -> tera::TeraResult<()> {
        let own = self.sources.iter().filter(|(_, source)| source.own);
        let guarded: BTreeMap<String, Guarded> =
            own.map(|(name, source)| (name.to_owned(), Guarded::new(&source.text))).collect();
        let text = |(name, source): (&str, &sources::Source)| match guarded.get(name) {
            Some(guarded) => (name.to_owned(), guarded.text.clone()),
            None => (name.to_owned(), source.text.clone()),
        };
        let texts: Vec<(String, String)> = self.sources.iter().map(text).collect();
        if self.tera.add_raw_templates(texts).is_ok() {
            self.guarded = guarded;
            return Ok(());
        }
        self.tera = empty(config);
        let texts = self.sources.iter().map(|(name, source)| (name, &source.text));
        self.tera.add_raw_templates(texts)
    }

    /// Gives the values in `shared` to all templates, and returns their digests. A page's own values take precedence.
    pub fn share(&mut self, shared: Vec<(&'static str, Value)>) -> Vec<(&'static str, Digest)> {
        let mut digests = Vec::with_capacity(shared.len());
        for (name, value) in shared {
            digests.push((name, digest_of(&value)));
            self.tera.global_context().insert_value(name, value);
        }
        digests
    }

    /// The reads of each template, by the name that pages use.
    pub fn reads(&self) -> impl Iterator<Item = (&str, &Reads)> {
        let names = self.sources.names().into_iter().filter(|name| sources::prefix(name).is_none());
        names.filter_map(|name| Some((name, self.reads_of(name)?)))
    }

    /// The reads of the template `name`.
    pub fn reads_of(&self, name: &str) -> Option<&Reads> {
        self.reads.get(self.sources.resolve(name)?.0)
    }

    /// The digest of each template's own text, by name.
    pub fn digests(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.sources.iter().map(|(name, source)| (name, Digest::of(source.text.as_bytes())))
    }

    /// Digest of all templates.
    pub fn all(&self) -> Digest {
        let mut hasher = Fingerprinter::default();
        for (name, source) in self.sources.iter() {
            hasher.value(name).value(&source.text);
        }
        hasher.finish()
    }

    /// True if there is a template `name` for pages, one without the prefix `theme/`.
    pub fn has(&self, name: &str) -> bool {
        sources::prefix(name).is_none() && self.sources.resolve(name).is_some()
    }

    /// True if the site or its theme's folder has the template `name`.
    pub fn is_own(&self, name: &str) -> bool {
        self.sources.resolve(name).is_some_and(|(_, source)| source.own)
    }

    /// An error for each place in the site's own templates that names data which does not exist, by the `remedy` for its
    /// keys. A place that allows for that is none.
    pub fn unknown_data(&self, remedy: &dyn Fn(&[String]) -> Option<String>) -> Vec<Problem> {
        let own = self.sources.iter().filter(|(_, source)| source.own);
        let found = own.flat_map(|(name, source)| {
            let scopes = Parts::of(&source.text).scopes.into_values();
            let reads = scopes
                .filter(|scope| !scope.binds)
                .flat_map(|scope| scope.data)
                .filter(|read| !read.is_optional);
            reads.filter_map(move |read| {
                let remedy = remedy(&read.keys)?;
                let name_of_data = source.text.get(read.range.clone()).unwrap_or_default().to_owned();
                let cause = TemplateError::NoData { name: name_of_data, remedy };
                Some(Problem::new(cause, self.place(name, read.range)))
            })
        });
        found.collect()
    }

    /// The keys of the view `data` that the component `name` may read.
    pub fn data_of_component(&self, name: &str) -> BTreeSet<Vec<String>> {
        self.component_data.get(name).cloned().unwrap_or_default()
    }

    /// A warning for each place in the sources of `library` that names a template which does not exist.
    pub fn missing(&self, library: &Library) -> Vec<Problem> {
        let of_leaves = library.leaves.iter().filter(|leaf| leaf.listing.has_template);
        let of_leaves = of_leaves.filter_map(|leaf| leaf.document.load().front.template.as_deref());
        let others = library.descriptions().filter_map(|document| document.front.template.as_deref());
        // All articles that inherit a template name one place.
        let mut places: BTreeMap<(Arc<str>, u32), &Placed<String>> = BTreeMap::new();
        for chosen in of_leaves.chain(others).filter(|chosen| !self.has(&chosen.value)) {
            let place = &chosen.place;
            places.insert((place.file.clone(), place.line_and_column().0), chosen);
        }
        let problem = |chosen: &Placed<String>| {
            let (name, remedy) = (chosen.value.clone(), self.sources.remedy(&chosen.value));
            Problem::new(TemplateError::NotChosen { name, remedy }, chosen.place.clone())
        };
        places.into_values().map(problem).collect()
    }

    /// A warning if nothing uses some of the site's templates; `chosen` are those named in front matter.
    pub fn unused(&self, chosen: &BTreeSet<String>, config: &Config) -> Option<Problem> {
        unused::unused(&self.sources, &|name| self.reads_of(name), chosen, config)
    }

    /// Renders `name` for `subject`, the source or page named in messages.
    ///
    /// # Errors
    /// A problem in the template's file, at the line where rendering stopped.
    pub fn render(&self, name: &str, context: &Context, subject: &str) -> Result<String, Problem> {
        let mut page = Output::new(ROOM);
        let rendered = bounds::counted(|| self.tera.render_to(name, context, &mut page));
        let overflow = page.overflow();
        let rendered = rendered.and_then(|()| match simdutf8::basic::from_utf8(&page.bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Ok(String::from_utf8(page.bytes)?),
        });
        rendered.map_err(|error| {
            let (message, place) = self.locate(&error, name);
            let message = overflow.unwrap_or(message);
            let message = message.trim_end_matches('.').to_owned();
            let remedy = self.remedy(&message).unwrap_or_else(|| {
                format!("mend the template, or the value that {subject} gives it; `{{{{ x or \"\" }}}}` allows for a missing one")
            });
            Problem::new(TemplateError::Render { message, remedy, subject: subject.to_owned() }, place)
        })
    }

    /// Renders the component `name` as if called by `{{ <name arguments /> }}`, with `body` (HTML) between its tags if
    /// there is one. `given` are values that it gets without passing them, if it has `@name` among its parameters.
    ///
    /// # Errors
    /// The problem with the call, or Tera's message.
    pub fn component(
        &self,
        name: &str,
        arguments: &str,
        body: Option<&str>,
        given: Vec<(&'static str, Value)>,
    ) -> Result<String, Refusal> {
        let Some(definition) = self.tera.get_component_definition(name) else {
            let of_theme = |name: &&str| !name.starts_with("dateline_");
            let mut known: Vec<&str> = self.tera.get_component_names().filter(of_theme).collect();
            known.sort_unstable();
            return Err(format!("there is no such component; {}", choice(name, &known)).into());
        };
        let known: Vec<&str> = definition.args().iter().map(tera::ComponentArg::name).collect();
        let passed = markdown::arguments(arguments);
        let is_unknown = |one: &&Argument<'_>| !known.contains(&one.name);
        if let Some(one) = passed.iter().find(is_unknown).filter(|_| definition.rest_param().is_none()) {
            let reason = format!("it has no argument `{}`; {}", one.name, choice(one.name, &known));
            return Err(Refusal { reason, argument: Some(one.range.clone()) });
        }
        let missing = definition
            .args()
            .iter()
            .find(|argument| argument.is_required() && !passed.iter().any(|one| one.name == argument.name()));
        if let Some(argument) = missing {
            return Err(format!("its argument `{}` is missing", argument.name()).into());
        }
        let mut context = Context::new();
        for (key, value) in given {
            context.insert_value(key, value);
        }
        let call = match body {
            Some(html) => {
                context.insert_value("dateline_body", Value::safe_string(html));
                format!("{{% <{name} {arguments}> %}}{{{{ dateline_body }}}}{{% </{name}> %}}")
            }
            None => format!("{{{{ <{name} {arguments} /> }}}}"),
        };
        let rendered = bounds::counted(|| self.tera.render_str(&call, &context, true));
        rendered.map_err(|error| {
            let reason = error::sentence(&error);
            let remedy = error::remedy_for_data(&reason).map(|remedy| format!("; {remedy}"));
            (reason + &remedy.unwrap_or_default()).into()
        })
    }

    /// The message of an error in a sentence, and its place.
    fn locate(&self, error: &tera::Error, fallback: &str) -> (String, Place) {
        match error::report(error) {
            Some(report) => {
                let file = report.filename();
                let mut range = report.span().range.clone();
                let full_name = self.sources.resolve(file).map(|(name, _)| name);
                if let Some(guarded) = full_name.and_then(|name| self.guarded.get(name)) {
                    range = guarded.original(range);
                }
                let place = self.place(file, range);
                (report.message().to_owned(), place)
            }
            None => (error::sentence(error), self.place(fallback, 0..0)),
        }
    }

    fn syntax(&self, message: String) -> TemplateError {
        let standard = || "mend the template; the site's pages are as they were".to_owned();
        TemplateError::Syntax { remedy: self.remedy(&message).unwrap_or_else(standard), message }
    }

    fn remedy(&self, message: &str) -> Option<String> {
        let names = self.sources.iter().flat_map(|(_, source)| components(&source.text));
        error::remedy(message, &names.collect::<Vec<&str>>())
    }

    /// Fields in the site's own templates that do not exist.
    fn misspelt(&self) -> Vec<Problem> {
        let own = self.sources.iter().filter(|(_, source)| source.own);
        let found = own.flat_map(|(name, source)| {
            misspelt::misspelt(&source.text).into_iter().map(move |one| {
                let remedy = error::remedy_of(&one.field, &one.known);
                let cause = TemplateError::Misspelt { field: one.field, of: one.of, remedy };
                Problem::new(cause, self.place(name, one.range))
            })
        });
        found.collect()
    }

    fn place(&self, name: &str, range: std::ops::Range<usize>) -> Place {
        match self.sources.resolve(name) {
            Some((_, source)) => Place::in_text(source.file.clone(), &source.text, range),
            None => Place::file(name),
        }
    }

    /// Reports the syntax errors of each file by itself; true if there are any.
    fn syntax_errors(&self, config: &Config, problems: &mut Vec<Problem>) -> bool {
        let before = problems.len();
        for (name, source) in self.sources.iter() {
            if let Err(error) = empty(config).add_raw_template(name, &source.text)
                && matches!(error.kind(), tera::ErrorKind::SyntaxError(_))
            {
                let (message, place) = self.locate(&error, name);
                problems.push(Problem::new(self.syntax(message), place));
            }
        }
        problems.len() > before
    }

    /// Reports all problems with the templates: the syntax errors of each file, or if there are none, Tera's errors for
    /// all of them together.
    fn diagnose(&self, error: &tera::Error, config: &Config, problems: &mut Vec<Problem>) {
        if self.syntax_errors(config, problems) {
            return;
        }
        if let Some(chain) = error::circle(error) {
            problems.push(self.sources.circle(&chain));
            return;
        }
        for (message, name, line, column) in error::reports_in(&error.to_string()) {
            let named = name.as_deref().and_then(|name| self.sources.resolve(name));
            let cause = match named {
                Some((name, source)) if !source.own => {
                    TemplateError::Misfit { message, name: sources::plain(name).to_owned() }
                }
                _ => self.syntax(message),
            };
            let place = match named {
                Some((name, source)) => {
                    let line_start: usize =
                        source.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
                    let start = line_start + column.saturating_sub(1);
                    self.place(name, start..start + 1)
                }
                None => Place::file(FOLDER),
            };
            problems.push(Problem::new(cause, place));
        }
    }
}

/// A remedy for the unknown `name`: a similar name among `known`, or all of them.
fn choice(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("there are `{}`", known.join("`, `")),
    }
}

/// Digest of a value for templates.
pub fn digest_of(value: &Value) -> Digest {
    struct Sink(Fingerprinter);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.bytes(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut sink = std::io::BufWriter::new(Sink(Fingerprinter::default()));
    // A part that can't be written would be missing from every digest alike.
    let written = serde_json::to_writer(&mut sink, value);
    match (written, sink.into_inner()) {
        (Ok(()), Ok(sink)) => sink.0.finish(),
        _ => Digest::of(format!("{value:?}").as_bytes()),
    }
}

fn empty(config: &Config) -> Tera {
    let mut tera = Tera::new();
    // This fails only if templates have been added already.
    let _ = tera.set_fallback_prefixes([sources::THEME, sources::BUILT_IN]);
    tera.autoescape_on(MARKUP);
    register(&mut tera, config);
    tera
}

/// Registers all filters, functions and tests, in the place of those of the same name.
fn register(tera: &mut Tera, config: &Config) {
    filters::register(tera, config);
    list_filters::register(tera);
    data::register(tera, config);
    words::register(tera, config);
    bounds::register(tera);
}

/// The names of the components that the template `text` defines.
fn components(text: &str) -> impl Iterator<Item = &str> {
    text.split("component ").skip(1).filter_map(|rest| rest.split_once('(').map(|(name, _)| name.trim()))
}

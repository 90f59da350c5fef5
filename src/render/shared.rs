//! What documents share: the settings, their templates, the values that those read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Renderer;
use crate::config::Config;
use crate::model::digest::{Digest, Print};
use crate::render::template::views::SHARED;
use crate::site::plan::Planned;

/// What is the same for all documents of one template.
pub(super) struct TemplatePrint {
    /// Stands for what they share with others.
    pub shared: Digest,
    pub reads_section: bool,
    pub reads_feeds: bool,
    pub reads_related: bool,
    pub reads_blocks: bool,
}

/// Stands for what documents share with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedPrints {
    /// Each template with the views that it reads, by name.
    pub templates: Vec<(String, Digest)>,
    /// The sections and the feeds.
    pub rest: Digest,
}

/// The name of [`environment`] for people.
const SETTINGS: &str = "`site.toml` or Dateline itself";

fn template_part(name: &str) -> String {
    format!("template {name}")
}

fn view_part(name: &str) -> String {
    format!("view `{name}`")
}

/// The settings that filters and bodies depend on, and the program itself.
pub fn environment(config: &Config) -> Digest {
    let mut hasher = Print::default();
    hasher.value(env!("CARGO_PKG_VERSION"));
    hasher.value(format!("{:?}", config.base_url)).value(&config.language);
    hasher.value(format!("{:?} {:?} {:?}", config.locale, config.timezone, config.slugs));
    hasher.value(format!("{:?} {:?} {:?}", config.markdown, config.hosting.compress, config.images));
    hasher.value(format!("{} {}", cfg!(feature = "highlight"), cfg!(feature = "math")));
    hasher.value(format!("{:?} {:?}", config.dates.format, config.dates.time_format));
    hasher.value(format!("{:?}", config.theme.words));
    hasher.finish()
}

impl Renderer<'_> {
    /// What is the same for all documents of each template, in the order of their names.
    pub(super) fn template_prints(&self) -> Vec<(String, TemplatePrint)> {
        let environment = environment(self.config);
        let mut templates: Vec<(String, TemplatePrint)> = self
            .templates
            .reads()
            .map(|(name, reads)| {
                let mut hasher = Print::default();
                hasher.bytes(environment.bytes()).bytes(reads.digest.bytes());
                for (_, digest) in self.shared_views.iter().filter(|(view, _)| reads.names.contains(*view)) {
                    hasher.bytes(digest.bytes());
                }
                let print = TemplatePrint {
                    shared: hasher.finish(),
                    reads_section: reads.names.contains("section"),
                    reads_feeds: reads.names.contains("feeds"),
                    reads_related: reads.names.contains("related"),
                    reads_blocks: reads.names.contains("blocks"),
                };
                (name.to_owned(), print)
            })
            .collect();
        templates.sort_by(|a, b| a.0.cmp(&b.0));
        templates
    }

    /// Stands for what documents share.
    pub fn shared_prints(&self) -> SharedPrints {
        let mut hasher = Print::default();
        for section in &self.section_views {
            hasher.bytes(crate::render::template::digest_of(section).bytes());
        }
        hasher.bytes(self.feeds_of_site.1.bytes());
        for (_, digest) in &self.feeds_of_section {
            hasher.bytes(digest.bytes());
        }
        for feed in &self.plan.feeds {
            hasher.value(format!("{:?} {} {:?}", feed.of, feed.title, feed.formats));
        }
        let templates = self.template_prints().into_iter().map(|(name, print)| (name, print.shared));
        SharedPrints { templates: templates.collect(), rest: hasher.finish() }
    }

    /// What documents share, by the names that people know, with what stands for each.
    pub fn shared_parts(&self) -> BTreeMap<String, Digest> {
        let templates = self.templates.digests().map(|(name, digest)| (template_part(name), digest));
        let views = self.shared_views.iter().filter(|(name, _)| SHARED.contains(name));
        let views = views.map(|(name, digest)| (view_part(name), *digest));
        let settings = (SETTINGS.to_owned(), environment(self.config));
        templates.chain(views).chain([settings]).collect()
    }

    /// True if `planned` is made from that part of what documents share.
    pub fn uses(&self, planned: &Planned, part: &str) -> bool {
        let template = self.template_of(planned);
        let reads = template.as_deref().and_then(|name| self.templates.reads_of(name));
        part == SETTINGS
            || reads.is_some_and(|reads| {
                reads.templates.iter().any(|name| template_part(name) == part)
                    || SHARED.iter().any(|view| view_part(view) == part && reads.names.contains(*view))
            })
    }
}

//! A site with everything decided and nothing rendered.

use std::collections::BTreeSet;
use std::path::Path;

use super::rows::Rows;
use super::stage::stage;
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::output::Staging;
use crate::render::style::Styles;
use crate::render::template::Templates;
use crate::render::template::views::{Lookup, SheetLink, Views};
use crate::render::{self, Illustrations, Renderer};
use crate::site::identity::{LinkMap, PlacedAsset, Row};
use crate::site::library::Library;
use crate::site::plan::Plan;
use crate::source::{ContentError, Found};

/// A site that can be rendered.
pub struct SitePlan {
    /// `site.toml`.
    pub config: Config,
    /// All public articles and pages, in order.
    pub library: Library,
    /// The files of the output.
    pub plan: Plan,
    /// Rows of data files that are sources.
    pub rows: Rows,
    pub(super) links: LinkMap,
    pub(super) assets: Vec<PlacedAsset>,
    /// Files of `static/` that are copied.
    pub(super) files: Vec<Found>,
    /// The theme's files.
    pub styles: Styles,
    /// The templates of the site and of its theme's folder.
    pub(super) templates: Vec<Found>,
    /// Templates that front matter names, also in articles that are not public.
    pub(super) chosen_templates: BTreeSet<String>,
}

impl SitePlan {
    /// Errors for articles and pages whose text could not be read when it was needed.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = Problem> {
        let lost = self.library.leaves.iter().filter(|leaf| leaf.document.is_lost());
        lost.map(|leaf| Problem::new(ContentError::Changed, Place::file(leaf.name().clone())))
    }

    /// Registers with `staging` the compressed siblings that the site wants.
    pub(super) fn add_siblings(&self, staging: &mut Staging) {
        let encodings = &self.config.hosting.compress;
        if !encodings.is_empty() {
            let paths: Vec<String> = self.plan.documents.iter().map(|planned| planned.path.file()).collect();
            staging.add_siblings(encodings, paths.iter().map(String::as_str));
        }
    }

    /// Runs `work` with a renderer of the site at `root`, with `templates`, in a build that began at `moment`.
    pub(super) fn render<T>(
        &self,
        root: &Path,
        mut templates: Templates,
        moment: i64,
        work: impl FnOnce(&Renderer<'_>) -> T,
    ) -> T {
        let SitePlan { config, library, plan, links, assets, files, styles, .. } = self;
        let shown = Illustrations { config, links, plan };
        let social = |id| shown.social(id, library.leaf(id));
        let (image, picture) = (|leaf: &Row| shown.image(leaf), |leaf: &Row| shown.picture(leaf));
        let pictures = Lookup { image: &image, picture: &picture, social: &social };
        let sheet = SheetLink { name: &styles.sheet, integrity: styles.integrity.as_deref() };
        let views = Views::new(config, &plan.roots, library, &sheet, &pictures);
        let shared = stage("views", |_| templates.share(views.shared()));
        let lookup = render::Files::new(root, assets, files, moment);
        let parts = render::Parts {
            root,
            config,
            library,
            links,
            plan,
            templates: &templates,
            views: &views,
            files: &lookup,
            styles,
        };
        work(&Renderer::new(parts, shared))
    }
}

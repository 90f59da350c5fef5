//! A site as it was laid out: all that is decided before anything is rendered.

use std::path::Path;

use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::timings::Watch;
use crate::render::style::Styles;
use crate::render::template::Templates;
use crate::render::template::views::{Lookup, SheetLink, Views};
use crate::render::{self, Illustrations, Renderer};
use crate::site::identity::{LinkMap, PlacedAsset, Settled};
use crate::site::library::Library;
use crate::site::plan::Plan;
use crate::source::{ContentError, Found};

/// A site that can be rendered.
pub(super) struct Laid {
    pub config: Config,
    pub library: Library,
    pub plan: Plan,
    pub links: LinkMap,
    pub assets: Vec<PlacedAsset>,
    /// What is copied as it is.
    pub files: Vec<Found>,
    pub styles: Styles,
    /// The site's own templates.
    pub templates: Vec<Found>,
}

impl Laid {
    /// Errors at the articles and pages of which something was shown that could not be read.
    pub fn lost(&self) -> impl Iterator<Item = Problem> {
        let lost = self.library.leaves.iter().filter(|leaf| leaf.document.is_lost());
        lost.map(|leaf| Problem::new(ContentError::Changed, Place::file(leaf.name().clone())))
    }

    /// Has the site at `root` rendered by `work`, with `templates`, in a build that began at `moment`.
    pub fn render<T>(
        &self,
        root: &Path,
        mut templates: Templates,
        moment: i64,
        watch: &Watch<'_>,
        work: impl FnOnce(&Renderer<'_>) -> T,
    ) -> T {
        let Laid { config, library, plan, links, assets, files, styles, .. } = self;
        let shown = Illustrations { config, links, plan };
        let social = |id| shown.social(id, library.leaf(id));
        let (image, picture) = (|leaf: &Settled| shown.image(leaf), |leaf: &Settled| shown.picture(leaf));
        let pictures = Lookup { image: &image, picture: &picture, social: &social };
        let sheet = SheetLink { name: &styles.sheet, integrity: styles.integrity.as_deref() };
        let views = Views::new(config, library, &sheet, &pictures);
        let shared = watch.stage("views", |_| templates.share(views.shared()));
        let lookup = render::Files::new(root, assets, files, moment);
        let inputs = render::Inputs {
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
        work(&Renderer::new(inputs, shared))
    }
}

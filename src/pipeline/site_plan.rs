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
use crate::render::template::views::{Frame, Lookup, SheetLink, Views};
use crate::render::{self, Illustrations, Renderer, SharedViews};
use crate::site::identity::{LinkMap, PlacedAsset, Row};
use crate::site::library::Library;
use crate::site::plan::Plan;
use crate::source::{ContentError, Found, Legend};

/// A site that can be rendered.
pub struct SitePlan {
    /// `site.toml`.
    pub config: Config,
    /// The settings of the site's other languages.
    pub(super) editions: Vec<Config>,
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
    /// The files of `data/`.
    pub(super) data: Vec<Found>,
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

    /// The templates of the site at `root` for each of its languages, if none has an error.
    pub(super) fn templates(&self, root: &Path, problems: &mut Vec<Problem>) -> Option<Vec<Templates>> {
        let own = Templates::load(root, &self.templates, &self.config, problems)?;
        let others: Vec<Templates> = self.editions.iter().map(|config| own.in_language(config)).collect();
        Some(std::iter::once(own).chain(others).collect())
    }

    /// Runs `work` with a renderer of the site at `root`, with the `templates` of each language, in a build that began
    /// at `moment`; `None` without templates.
    pub(super) fn render<T>(
        &self,
        root: &Path,
        mut templates: Vec<Templates>,
        moment: i64,
        work: impl FnOnce(&Renderer<'_>) -> T,
    ) -> Option<T> {
        let SitePlan { config, library, plan, links, assets, files, data, styles, .. } = self;
        let sheet = SheetLink { name: &styles.sheet, integrity: styles.integrity.as_deref() };
        let configs = || std::iter::once(config).chain(&self.editions);
        let shown: Vec<_> = configs().map(|config| Illustrations { config, links, plan }).collect();
        let pictures = shown.iter().map(|shown| {
            (
                move |id| shown.social(id, library.leaf(id)),
                move |leaf: &Row| shown.image(leaf),
                move |leaf: &Row| shown.picture(leaf),
                move |name: &str, image: &str, legend: Option<&Legend>| shown.written(name, image, legend),
                move |name: &str, address: &str| shown.url(name, address),
            )
        });
        let pictures: Vec<_> = pictures.collect();
        let pictures: Vec<Lookup<'_>> = pictures
            .iter()
            .map(|(social, image, picture, written, url)| Lookup { image, picture, social, written, url })
            .collect();
        let is_file = |name: &str| {
            let is_asset = |asset: &PlacedAsset| asset.live && asset.path.as_str()[1..] == *name;
            files.iter().any(|file| file.path() == name) || assets.iter().any(is_asset)
        };
        let frame = Frame { sheet, icon: render::icon_of(is_file) };
        let views = configs().zip(&pictures);
        let views =
            views.map(|(config, pictures)| Views::new(config, &plan.roots, library, &frame, pictures));
        let views: Vec<Views<'_>> = views.collect();
        let shared: Vec<SharedViews> = stage("views", |_| {
            templates
                .iter_mut()
                .zip(&views)
                .map(|(templates, views)| templates.share(views.shared()))
                .collect()
        });
        let lookup = render::Files::new(root, assets, files, moment);
        let data = render::DataFiles::in_languages(root, config, data, assets);
        let languages = configs().zip(&views).zip(&templates).zip(&data).zip(shared);
        let languages = languages.map(|((((config, views), templates), data), shared)| {
            let files = &lookup;
            (
                render::Parts { root, config, library, links, plan, templates, views, files, data, styles },
                shared,
            )
        });
        Some(work(&Renderer::new(languages.collect())?))
    }
}

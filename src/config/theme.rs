//! `[theme]` and `[css]`: the look of the site.

use super::palette::{Colour, colours};
use super::share::{SharePlace, share};
use crate::language::KEYS;
use crate::model::metadata::{Fields, Value};

/// The folder of a site's themes, in its root.
pub const THEMES: &str = "themes";

/// `[theme]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeRules {
    /// `folder`: the site's own theme below `themes/`, such as `themes/harbour`, with `templates/` and `static/` in
    /// it. Its files take precedence over the built-in theme, and the site's own files over both. Default: none.
    pub folder: Option<String>,
    /// `logo`: the path or URL of a picture for the head of every page, instead of the title.
    pub logo: Option<String>,
    /// `logo.dark`: the picture in its place in dark colours.
    pub logo_dark: Option<String>,
    /// `density`: the space between lines of lists.
    pub density: Density,
    /// `progress`: a line above an article shows how far it is read; default false.
    pub progress: bool,
    /// `share`: places where readers share an article.
    pub share: Vec<SharePlace>,
    /// `[theme.colours]`: the custom properties of the overridden colours, in the order of [`COLOURS`](super::COLOURS).
    pub colours: Vec<(&'static str, Colour)>,
    /// `[theme.words]`: the words of pages that the site replaces, by key, in the order of [`KEYS`].
    pub words: Vec<(&'static str, String)>,
}

impl Default for ThemeRules {
    fn default() -> Self {
        ThemeRules {
            folder: None,
            logo: None,
            logo_dark: None,
            density: Density::Comfortable,
            progress: false,
            share: Vec::new(),
            colours: Vec::new(),
            words: Vec::new(),
        }
    }
}

/// `theme.density`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// `comfortable`, the default.
    Comfortable,
    /// `compact`.
    Compact,
}

impl Density {
    /// Its name in `site.toml`, which is also the class of pages.
    pub fn key(self) -> &'static str {
        match self {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        }
    }
}

/// `[css]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CssRules {
    /// `bundle`: include the imports of `style.css` in it; default true.
    pub bundle: bool,
    /// `minify`: remove white space that only people need; default true.
    pub minify: bool,
    /// `fingerprint`: put the digest of the bundle into its name, so that it can be cached for ever; default true.
    pub fingerprint: bool,
    /// `integrity`: pages give the digest of the bundle (W3C Subresource Integrity); default true.
    pub integrity: bool,
}

impl Default for CssRules {
    fn default() -> Self {
        CssRules { bundle: true, minify: true, fingerprint: true, integrity: true }
    }
}

pub(super) fn theme(fields: &mut Fields<'_, '_>) -> ThemeRules {
    let mut rules = ThemeRules::default();
    let Some(mut table) = fields.table("theme") else { return rules };
    if let Some(node) = table.node("folder") {
        let folder = table.as_text("folder", node).unwrap_or_default();
        let folder = folder.trim().trim_matches('/');
        let inside = folder.strip_prefix(THEMES).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        if inside.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let remedy = "name a folder below `themes/` with `templates/` and `static/` in it, such as `themes/harbour`";
            table.refuse("folder", node, "this can't be the folder of a theme", remedy);
        }
        rules.folder = Some(folder.to_owned());
    }
    [rules.logo, rules.logo_dark] = logo(&mut table);
    if let Some(node) = table.node("density") {
        match table.as_text("density", node).as_deref() {
            Some("compact") => rules.density = Density::Compact,
            Some("comfortable") | None => {}
            Some(_) => {
                table.refuse_unknown(
                    "density",
                    node,
                    "there is no such density",
                    &["comfortable", "compact"],
                );
            }
        }
    }
    rules.progress = table.flag("progress").unwrap_or(false);
    rules.share = share(&mut table);
    colours(&mut table, &mut rules.colours);
    words(&mut table, &mut rules.words);
    table.finish(None);
    rules
}

/// Reads `logo`: an address, or a table with one for light colours and one for dark.
fn logo(table: &mut Fields<'_, '_>) -> [Option<String>; 2] {
    let Some(node) = table.node("logo") else { return [None, None] };
    if !matches!(node.value, Value::Table(_)) {
        return [table.address("logo"), None];
    }
    let mut pair = table.inner("`logo`", node);
    let logos = ["light", "dark"].map(|scheme| pair.address(scheme));
    pair.finish(None);
    if logos.contains(&None) {
        let remedy =
            "write `logo = { light = \"logo.svg\", dark = \"logo-dark.svg\" }`, or one path for both";
        table.refuse("logo", node, "a logo of two pictures has `light` and `dark`", remedy);
    }
    logos
}

pub(super) fn words(table: &mut Fields<'_, '_>, words: &mut Vec<(&'static str, String)>) {
    let Some(node) = table.node("words") else { return };
    let mut inner = table.inner("`[theme.words]`", node);
    words.extend(KEYS.into_iter().filter_map(|key| Some((key, inner.text(key)?))));
    inner.finish(None);
}

pub(super) fn css(fields: &mut Fields<'_, '_>) -> CssRules {
    let rules = CssRules::default();
    let Some(mut table) = fields.table("css") else { return rules };
    let rules = CssRules {
        bundle: table.flag("bundle").unwrap_or(rules.bundle),
        minify: table.flag("minify").unwrap_or(rules.minify),
        fingerprint: table.flag("fingerprint").unwrap_or(rules.fingerprint),
        integrity: table.flag("integrity").unwrap_or(rules.integrity),
    };
    table.finish(None);
    rules
}

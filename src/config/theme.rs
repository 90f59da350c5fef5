//! `[theme]` and `[css]`: the look of the site.

use crate::language::KEYS;
use crate::model::metadata::{Fields, Node, Value};

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
    /// `density`: the space between lines of lists.
    pub density: Density,
    /// `[theme.colours]`: the custom properties of the overridden colours, in the order of [`COLOURS`].
    pub colours: Vec<(&'static str, Colour)>,
    /// `[theme.words]`: the words of pages that the site replaces, by key, in the order of [`KEYS`].
    pub words: Vec<(&'static str, String)>,
}

impl Default for ThemeRules {
    fn default() -> Self {
        ThemeRules {
            folder: None,
            logo: None,
            density: Density::Comfortable,
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

/// The colours that can be overridden, each a custom property of the style sheet (`--paper`).
pub const COLOURS: [&str; 6] = ["paper", "ink", "soft", "line", "accent", "panel"];

/// A colour for the light and for the dark scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour {
    /// `#rrggbb`.
    pub light: String,
    /// `#rrggbb`.
    pub dark: String,
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
    rules.logo = table.address("logo");
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
    colours(&mut table, &mut rules.colours);
    words(&mut table, &mut rules.words);
    table.finish(None);
    rules
}

fn colours(table: &mut Fields<'_, '_>, colours: &mut Vec<(&'static str, Colour)>) {
    let Some(node) = table.node("colours") else { return };
    let mut inner = table.inner("`[theme.colours]`", node);
    for key in COLOURS {
        let Some(node) = inner.node(key) else { continue };
        let (light, dark) = match &node.value {
            Value::Table(entries) => {
                let mut pair = inner.inner(format!("`{key}`"), node);
                match (pair.node("light"), pair.node("dark"), entries.len()) {
                    (Some(light), Some(dark), 2) => (light, dark),
                    _ => {
                        let remedy = format!("{key} = {{ light = \"#9b2a1a\", dark = \"#f0937f\" }}");
                        inner.refuse(key, node, "a colour has `light` and `dark`", remedy);
                        continue;
                    }
                }
            }
            _ => (node, node),
        };
        let one = colour(&mut inner, key, light);
        let other = if std::ptr::eq(light, dark) { one.clone() } else { colour(&mut inner, key, dark) };
        if let (Some(light), Some(dark)) = (one, other) {
            colours.push((key, Colour { light, dark }));
        }
    }
    inner.finish(None);
}

/// The remedy for a colour in another form.
const OWN_COLOUR: &str = "write it as `#9b2a1a`; any other form of CSS can stand in `static/custom.css`, as in `:root { --accent: … }`";

/// Reads a colour: `#rrggbb`.
fn colour(table: &mut Fields<'_, '_>, key: &str, node: &Node) -> Option<String> {
    let text = table.as_text(key, node)?;
    let digits = text.trim().strip_prefix('#').unwrap_or_default();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (is_hex, digits.len()) {
        (true, 6) => Some(format!("#{}", digits.to_lowercase())),
        (true, 3) => {
            Some(format!("#{}", digits.to_lowercase().chars().flat_map(|one| [one, one]).collect::<String>()))
        }
        _ => {
            let bare = text.trim();
            let is_bare = matches!(bare.len(), 3 | 6) && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
            let remedy = if is_bare { format!("did you mean `#{bare}`?") } else { OWN_COLOUR.to_owned() };
            table.refuse(key, node, "this is no colour of six hexadecimal digits", remedy);
            None
        }
    }
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

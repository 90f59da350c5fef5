//! The language of a source, by its name (`ferry.de.md`), its folder (`de/ferry.md`) or its front matter.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Role;
use super::document::stem_of;
use crate::config::Config;

/// The stem of a source in another language than the site's own. Few sources have one, and every row has room for it, so
/// it is behind one pointer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stem(pub String);

/// The stem of the source at `path` below `content/` as one of its language: `de/news/ferry` for `news/ferry.de.md`.
/// `None` if it is its plain stem. `stated` is `lang` of a source that says which one it translates, so that nothing in
/// its name has to.
pub(super) fn stem_in_language(
    path: &str,
    role: Role,
    bundle: bool,
    stated: Option<&str>,
    config: &Config,
) -> Option<Box<Stem>> {
    if !config.is_multilingual() {
        return None;
    }
    let plain = stem_of(path, role, bundle);
    let file = path.rsplit_once('.').map_or(path, |(file, _)| file);
    let tag = file.rsplit('/').next().and_then(|name| Some(name.rsplit_once('.')?.1));
    let by_name = tag.and_then(|tag| config.language_named(tag));
    let bare = match (tag, by_name) {
        (Some(tag), Some(_)) if role == Role::Leaf && !bundle => &plain[..plain.len() - tag.len() - 1],
        _ => plain,
    };
    let (first, rest) = bare.split_once('/').unwrap_or((bare, ""));
    // The folder of a language is one only where there is something in it.
    let is_folder = role == Role::Section || bundle || !rest.is_empty();
    let by_folder = config.language_named(first).filter(|at| is_folder && config.languages[*at].is_declared);
    let inside = if by_folder.is_some() { rest } else { bare };
    let stated = stated.and_then(|tag| {
        config.language_named(tag).or_else(|| config.languages.iter().position(|one| one.tag == tag))
    });
    let language = by_name.or(by_folder).or(stated).unwrap_or(0);
    let stem = config.folder_in(language, inside);
    (stem != plain).then(|| Box::new(Stem(stem)))
}

/// The stem of the source at `path` below `content/`, as far as its path tells: see [`Document::stem`].
///
/// [`Document::stem`]: super::Document::stem
pub fn stem_of_source<'a>(path: &'a str, config: &Config) -> Cow<'a, str> {
    let (role, bundle) = (Role::of(path), is_bundle(path, config));
    match stem_in_language(path, role, bundle, None, config) {
        Some(stem) => Cow::Owned(stem.0),
        None => Cow::Borrowed(stem_of(path, role, bundle)),
    }
}

/// True if `path` is that of the text of a bundle: `index.md`, and `index.de.md` in a language of the site.
pub(super) fn is_bundle(path: &str, config: &Config) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let stem = match stem.rsplit_once('.') {
        Some((stem, tag)) if config.is_multilingual() && config.language_named(tag).is_some() => stem,
        _ => stem,
    };
    let is = |names: &[&str], part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    is(&["index"], stem) && is(&["md", "markdown", "html", "htm"], extension)
}

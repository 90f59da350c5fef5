//! Pictures in articles: the widths, formats and paths of their variants.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::Config;
use crate::model::digest::{Digest, Hasher};
use crate::model::url::{BaseUrl, UrlPath};
use crate::picture::{Facts, Format, Markup, Source, Spec};

/// A picture that a public document shows.
#[derive(Debug, Clone)]
pub struct Original {
    /// The file, from the site's root.
    pub name: Arc<str>,
    /// Its path.
    pub path: UrlPath,
    /// The digest of its bytes.
    pub digest: Digest,
    /// The facts in its header.
    pub facts: Facts,
    /// The sources that show it, each with the reference as written there.
    pub shown_by: Vec<(Arc<str>, String)>,
    /// The file can't be read now, so its variants and its copy stay as they were published.
    pub stays: bool,
}

/// A picture with its planned variants.
#[derive(Debug)]
pub struct PlannedPicture {
    /// The picture itself.
    pub original: Original,
    /// The variants and their paths; by format, narrowest first.
    pub variants: Vec<(Spec, UrlPath)>,
}

/// All pictures that public documents show.
#[derive(Debug, Default)]
pub struct Pictures {
    /// Sorted by path.
    pub list: Vec<PlannedPicture>,
    by_path: HashMap<UrlPath, usize>,
}

impl Pictures {
    /// Plans the variants of `originals`.
    pub fn plan(originals: Vec<Original>, config: &Config) -> Pictures {
        let list: Vec<PlannedPicture> = originals
            .into_iter()
            .map(|original| PlannedPicture { variants: variants(&original, config), original })
            .collect();
        let by_path =
            list.iter().enumerate().map(|(at, picture)| (picture.original.path.clone(), at)).collect();
        Pictures { list, by_path }
    }

    /// The picture at `path` of the site.
    pub fn get(&self, path: &UrlPath) -> Option<&PlannedPicture> {
        self.by_path.get(path).map(|at| &self.list[*at])
    }
}

/// The folder of the site with all generated variants, each below it in the folder of its original. A host can tell by
/// the path alone that these files may be cached for ever.
pub const RENDITIONS: &str = "renditions";

/// A regular expression for the paths of variants below the site's folder; each name contains the digest of the
/// variant.
pub const RENDITION_PATHS: &str = r"renditions/(.*/)?[^/]*-[0-9]+-[0-9a-f]{10}\.(jpg|png|webp)";

/// Longest stem of a name that is kept, in bytes: with the suffix, it must stay below the limit of file systems, 255.
const LONGEST_STEM: usize = 160;

fn variants(original: &Original, config: &Config) -> Vec<(Spec, UrlPath)> {
    let rules = &config.images;
    let Facts { format, width, height, can_shrink } = original.facts;
    let least = rules.widths.first().copied().unwrap_or(width);
    // A picture no wider than the narrowest variant needs none.
    if !can_shrink || width <= least {
        return Vec::new();
    }
    let most = rules.widths.last().copied().unwrap_or(width).min(width);
    let widths = || rules.widths.iter().copied().filter(|one| *one < most).chain([most]);
    let formats = if format == Format::Webp { vec![format] } else { vec![Format::Webp, format] };
    let name = original.path.as_str().rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut end = stem.len().min(LONGEST_STEM);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = &stem[..end];
    // A language on a host of its own has its own copies, so that its pages need no other host.
    let root = config.base_url.home_of(&original.path).cloned().unwrap_or_else(UrlPath::root);
    let inside = original.path.folder().get(root.as_str().len() - 1..).unwrap_or("/");
    let folder = format!("{RENDITIONS}{inside}");
    let mut variants = Vec::with_capacity(formats.len() * rules.widths.len());
    for format in formats {
        for one in widths() {
            let high = (u64::from(height) * u64::from(one) + u64::from(width) / 2) / u64::from(width);
            let spec = Spec { format, width: one, height: (high as u32).max(1), quality: rules.quality };
            // The digest covers the name: two files of one content may differ only in their extensions.
            let mut hasher = Hasher::default();
            hasher.bytes(spec.key(original.digest).bytes()).value(name);
            let digest = hasher.finish().to_string();
            let file = format!("{folder}{stem}-{one}-{}.{}", &digest[..10], format.extension());
            variants.push((spec, root.join(&file)));
        }
    }
    variants
}

impl PlannedPicture {
    /// The largest variant in the original's format: path, width and height in pixels.
    pub fn largest(&self) -> (&UrlPath, u32, u32) {
        let own = self.variants.iter().rfind(|(spec, _)| spec.format == self.original.facts.format);
        match own {
            Some((spec, path)) => (path, spec.width, spec.height),
            None => (&self.original.path, self.original.facts.width, self.original.facts.height),
        }
    }

    /// The data of a page's markup that shows it as wide as `sizes` says.
    pub fn markup(&self, base: &BaseUrl, sizes: &str) -> Markup {
        let source = |format: Format| {
            let files = self.variants.iter().filter(|(spec, _)| spec.format == format);
            let files: Vec<_> =
                files.map(|(spec, path)| (srcset_url(&base.copied(path)), spec.width)).collect();
            (!files.is_empty()).then(|| Source { media_type: format.media_type(), files })
        };
        let (path, width, height) = self.largest();
        let own = self.original.facts.format;
        Markup {
            src: base.copied(path),
            width,
            height,
            sources: [Format::Webp].into_iter().filter(|format| *format != own).filter_map(source).collect(),
            own: source(own).filter(|source| source.files.len() > 1),
            sizes: sizes.to_owned(),
        }
    }
}

/// A URL for `srcset` (HTML, section 4.8.4.2.1). A comma at its end would be read as a separator.
fn srcset_url(url: &str) -> String {
    url.replace(',', "%2C")
}

//! The pictures that articles show: in which widths and formats each will exist, and where.

use std::collections::HashMap;
use std::sync::Arc;

use crate::config::ImageRules;
use crate::model::digest::{Digest, Hasher};
use crate::model::url::{BaseUrl, UrlPath};
use crate::picture::{Facts, Format, Markup, Source, Spec};

/// A picture that something public shows.
#[derive(Debug, Clone)]
pub struct Original {
    /// The file, from the site's root.
    pub name: Arc<str>,
    /// Where it will live.
    pub path: UrlPath,
    /// The digest of its bytes.
    pub digest: Digest,
    /// What its head says.
    pub facts: Facts,
    /// The sources that show it, and how it is written there.
    pub shown_by: Vec<(Arc<str>, String)>,
}

/// A picture, and what will be made of it.
#[derive(Debug)]
pub struct PlannedPicture {
    /// The picture itself.
    pub original: Original,
    /// What will be made of it, and where that will live; by format, narrowest first.
    pub variants: Vec<(Spec, UrlPath)>,
}

/// All pictures that something public shows.
#[derive(Debug, Default)]
pub struct Pictures {
    /// By their paths, in order.
    pub list: Vec<PlannedPicture>,
    by_path: HashMap<UrlPath, usize>,
}

impl Pictures {
    /// Decides what is made of `originals`.
    pub fn plan(originals: Vec<Original>, rules: &ImageRules) -> Pictures {
        let list: Vec<PlannedPicture> = originals
            .into_iter()
            .map(|original| PlannedPicture { variants: variants(&original, rules), original })
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

/// The folder of the site with all that is made of pictures, each in the folder there that its original is in. What
/// stands in it can be told by its path alone to keep for ever.
pub const RENDITIONS: &str = "renditions";

/// A regular expression for the paths below the site's folder of what is made of pictures; each has its digest in its
/// name.
pub const RENDITION_PATHS: &str = r"renditions/(.*/)?[^/]*-[0-9]+-[0-9a-f]{10}\.(jpg|png|webp)";

/// The longest stem of a name that is kept, in bytes: with what is put behind it, file systems take 255.
const LONGEST_STEM: usize = 160;

fn variants(original: &Original, rules: &ImageRules) -> Vec<(Spec, UrlPath)> {
    let Facts { format, width, height, can_shrink } = original.facts;
    let least = rules.widths.first().copied().unwrap_or(width);
    // One that is no wider than the narrowest gains nothing.
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
    let folder = format!("{RENDITIONS}{}", original.path.folder());
    let mut variants = Vec::with_capacity(formats.len() * rules.widths.len());
    for format in formats {
        for one in widths() {
            let high = (u64::from(height) * u64::from(one) + u64::from(width) / 2) / u64::from(width);
            let spec = Spec { format, width: one, height: (high as u32).max(1), quality: rules.quality };
            // The name is part of it: two files of one content may differ in no more than its end.
            let mut hasher = Hasher::default();
            hasher.bytes(spec.key(original.digest).bytes()).value(name);
            let digest = hasher.finish().to_string();
            let file = format!("{folder}{stem}-{one}-{}.{}", &digest[..10], format.extension());
            variants.push((spec, UrlPath::root().join(&file)));
        }
    }
    variants
}

impl PlannedPicture {
    /// The largest in the original's format: path, width and height in pixels.
    pub fn largest(&self) -> (&UrlPath, u32, u32) {
        let own = self.variants.iter().rfind(|(spec, _)| spec.format == self.original.facts.format);
        match own {
            Some((spec, path)) => (path, spec.width, spec.height),
            None => (&self.original.path, self.original.facts.width, self.original.facts.height),
        }
    }

    /// What pages need to show it as wide as `sizes` says.
    pub fn markup(&self, base: &BaseUrl, sizes: &str) -> Markup {
        let source = |format: Format| {
            let files = self.variants.iter().filter(|(spec, _)| spec.format == format);
            let files: Vec<_> =
                files.map(|(spec, path)| (srcset_url(&base.root_relative(path)), spec.width)).collect();
            (!files.is_empty()).then(|| Source { media_type: format.media_type(), files })
        };
        let (path, width, height) = self.largest();
        let own = self.original.facts.format;
        Markup {
            src: base.root_relative(path),
            width,
            height,
            sources: [Format::Webp].into_iter().filter(|format| *format != own).filter_map(source).collect(),
            own: source(own).filter(|source| source.files.len() > 1),
            sizes: sizes.to_owned(),
        }
    }
}

/// A URL as `srcset` takes it (HTML, section 4.8.4.2.1): a comma at its end would be taken for one between two.
fn srcset_url(url: &str) -> String {
    url.replace(',', "%2C")
}

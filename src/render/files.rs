//! The files that pages can refer to, by their path on the site.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::identity::PlacedAsset;
use crate::url::UrlPath;

/// Assets and static files, with what is known about each.
#[derive(Debug, Default)]
pub struct Files {
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    size: OnceLock<Option<(u32, u32)>>,
}

impl Files {
    /// All assets that are live, and the files under `static/`.
    pub fn new(assets: &[PlacedAsset], files: &[(String, PathBuf)]) -> Self {
        let of = |path: &Path| File { path: path.to_owned(), size: OnceLock::new() };
        let assets = assets.iter().filter(|asset| asset.live);
        let assets = assets.map(|asset| (asset.path.as_str().to_owned(), of(&asset.file)));
        let files = files.iter().map(|(name, file)| (format!("/{name}"), of(file)));
        Files { files: assets.chain(files).collect() }
    }

    /// The file at `path` of the site.
    pub fn get(&self, path: &UrlPath) -> Option<&Path> {
        self.files.get(path.as_str()).map(|file| file.path.as_path())
    }

    /// Width and height in pixels of the picture at `path`, read from its file once.
    pub fn picture_size(&self, path: &str) -> Option<(u32, u32)> {
        let file = self.files.get(path)?;
        *file.size.get_or_init(|| {
            let size = imagesize::size(&file.path).ok()?;
            Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
        })
    }
}

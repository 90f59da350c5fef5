//! Files that pages can refer to, by their path on the site.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::mpeg;
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::site::identity::PlacedAsset;
use crate::source::Found;

/// Assets and static files, with facts about each.
#[derive(Debug, Default)]
pub struct Files {
    files: HashMap<String, File>,
    /// Start of the build, by the file system's clock.
    moment: i64,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    stamp: Stamp,
    size: OnceLock<Option<(u32, u32)>>,
    seconds: OnceLock<Option<u64>>,
}

impl Files {
    /// Public assets and the files under `static/` of the site at `root`, as found at `moment` (nanoseconds since 1970,
    /// by the file system's clock).
    pub fn new(root: &Path, assets: &[PlacedAsset], files: &[Found], moment: i64) -> Self {
        let of = |name: &str, stamp| File {
            path: root.join(name),
            stamp,
            size: OnceLock::new(),
            seconds: OnceLock::new(),
        };
        let assets = assets.iter().filter(|asset| asset.live);
        let assets = assets.map(|asset| (asset.path.as_str().to_owned(), of(&asset.name, asset.stamp)));
        let files = files.iter().map(|file| (format!("/{}", file.path()), of(&file.name, file.stamp)));
        Files { files: assets.chain(files).collect(), moment }
    }

    /// The file at the path `path` of the site.
    pub fn get(&self, path: &UrlPath) -> Option<&Path> {
        self.files.get(path.as_str()).map(|file| file.path.as_path())
    }

    /// The files whose paths on the site end with `ending`, in the order of their paths.
    pub fn with_ending(&self, ending: &str) -> Vec<(&str, &Path)> {
        let files = self.files.iter().filter(|(path, _)| path.ends_with(ending));
        let mut files: Vec<(&str, &Path)> =
            files.map(|(path, file)| (path.as_str(), file.path.as_path())).collect();
        files.sort_unstable();
        files
    }

    /// The file at `path` of the site, given as text.
    pub fn file(&self, path: &str) -> Option<&Path> {
        self.files.get(path).map(|file| file.path.as_path())
    }

    /// The stamp of the file at `path` of the site.
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        self.files.get(path).map(|file| file.stamp)
    }

    /// True if a file with this stamp can't have changed since without another stamp.
    pub fn is_settled(&self, stamp: &Stamp) -> bool {
        stamp.is_settled(self.moment)
    }

    /// Duration of the recording at `path` in whole seconds, read from the file once. `None` if it is no recording.
    pub fn seconds(&self, path: &str) -> Option<u64> {
        let file = self.files.get(path)?;
        *file.seconds.get_or_init(|| {
            let extension = file.path.extension().and_then(|extension| extension.to_str());
            let is_mpeg = extension.is_some_and(|one| {
                ["mp3", "mp2", "mpga"].iter().any(|known| one.eq_ignore_ascii_case(known))
            });
            if is_mpeg && let Some(seconds) = mpeg::seconds(&file.path) {
                return Some(seconds);
            }
            let tagged = lofty::read_from_path(&file.path).ok()?;
            let duration = lofty::file::AudioFile::properties(&tagged).duration();
            Some((duration.as_millis() as u64 + 500) / 1000).filter(|seconds| *seconds > 0)
        })
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

//! Files that are not rendered: copies, files of the theme, and generated pictures.

use super::inputs::{Digested, Fingerprinted, Settings, Shared, Site};
use crate::model::digest::Fingerprinter;
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::output::Fingerprint;
use crate::site::plan::Planned;

/// Inputs of a file.
pub struct Inputs<'a> {
    settings: Settings<'a>,
    path: &'a UrlPath,
    of: Of<'a>,
}

enum Of<'a> {
    /// A copied file, by its stamp; `None` if the file may have changed with the same stamp.
    Copied(Option<&'a Stamp>),
    /// A file with these bytes.
    Bytes(&'a [u8]),
    /// A generated picture, whose path contains its digest.
    Named,
}

/// The inputs of a copy of the file with `stamp`.
pub(super) fn of_copy<'a>(site: Site<'a>, stamp: &'a Stamp, planned: &'a Planned) -> Inputs<'a> {
    let stamp = Some(stamp).filter(|stamp| site.all.files.is_settled(stamp));
    Inputs { settings: site.settings(), path: &planned.path, of: Of::Copied(stamp) }
}

/// The inputs of the file of the theme at `index`.
pub(super) fn of_theme<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Inputs<'a> {
    let bytes = &site.all.styles.files[index].bytes;
    Inputs { settings: site.settings(), path: &planned.path, of: Of::Bytes(bytes) }
}

/// The inputs of a generated picture: a variant or a card.
pub(super) fn of_picture<'a>(site: Site<'a>, planned: &'a Planned) -> Inputs<'a> {
    Inputs { settings: site.settings(), path: &planned.path, of: Of::Named }
}

impl Fingerprinted for Inputs<'_> {
    fn fingerprint(&self) -> Option<Fingerprint> {
        let mut own = Fingerprinter::default();
        self.path.add_to(&mut own);
        match self.of {
            Of::Copied(stamp) => {
                let stamp = stamp?;
                let numbers = [stamp.size, stamp.inode, stamp.modified as u64, stamp.changed as u64];
                numbers.iter().for_each(|number| {
                    own.bytes(&number.to_le_bytes());
                });
            }
            Of::Bytes(bytes) => {
                own.bytes(bytes);
            }
            Of::Named => {}
        }
        Some(Fingerprint { own: own.finish(), shared: self.settings.digest()? })
    }

    fn template(&self) -> Option<&str> {
        None
    }
}

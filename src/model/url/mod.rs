//! Paths and URLs of a site: slugs, paths that can't leave the output folder, the base URL.

mod address;
mod base;
mod path;
mod slug;

pub use address::{SCHEMES, encoded, refused_scheme, runs, scheme};
pub use base::{Address, BaseUrl, UrlError, encode_written, is_elsewhere};
pub use path::{PathError, UrlPath, is_unseen, percent_decode, percent_encode, rule_encode, walk};
pub use slug::{SlugStyle, slugify, slugify_term};

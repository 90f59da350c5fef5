//! Values that every room shares: dates, URLs, digests, places in files, diagnostics.

pub mod date;
pub mod diagnostics;
pub mod digest;
pub mod html;
pub mod intern;
pub mod metadata;
pub mod podcast;
pub mod printable;
pub mod stamp;
pub mod suggest;
pub mod text;
pub mod url;

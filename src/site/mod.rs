//! The site: what was published before, who each source is, how everything hangs together, and what will exist.

pub mod identity;
pub mod ledger;
pub mod library;
pub mod plan;

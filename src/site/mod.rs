//! The site: the ledger, the identity of each source, the relations between articles, and the plan of the output.

pub mod identity;
pub mod ledger;
pub mod library;
pub mod plan;

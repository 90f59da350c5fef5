//! Checks of a finished site: its pages one by one and together, and its links to other sites. This room knows no site;
//! it gets texts and tells what is wrong with them.
//!
//! 1. [`inspect`] looks through one page ([`Kind`] lists the faults).
//! 2. [`Addresses`] tells the addresses of a page apart: those of the site, and those elsewhere.
//! 3. [`Together`] compares the pages: titles, descriptions, and the pages that nothing links to.
//! 4. [`external`] asks other sites for what the pages link to.

mod addresses;
mod explain;
pub mod external;
mod group;
mod kind;
mod page;
mod together;

pub use addresses::{Address, Addresses};
pub use explain::{Explanation, all, explanation};
pub use group::{GROUPS, Group};
pub use kind::{About, Finding, Kind};
pub use page::{Fault, Found, Inspected, inspect, inspect_css, short};
pub use together::{Looked, Together};

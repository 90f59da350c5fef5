//! Fields that decide where an article, a page or a section is listed.

use serde::{Deserialize, Serialize};

use super::dates::written_date;
use super::front_matter::{Owner, Placed, WrittenDate};
use super::holds::HoldError;
use crate::config::{FrontKind, ListStyle, Order, front_kind, list_style, order};
use crate::model::date::PINNED;
use crate::model::metadata::{Fields, Value};

/// Fields that decide where an article, a page or a section is listed, as written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// `unlisted`: it has a page and is in no list, feed, sitemap or search.
    pub unlisted: Option<bool>,
    /// `feed`: false for an article that is in no feed, and for a section without a feed.
    pub feed: Option<bool>,
    /// `featured`: its place among the featured articles; [`LAST_FEATURED`] for `true`.
    pub featured: Option<u32>,
    /// `pinned_until`: it is first in its lists until then.
    pub pinned_until: Option<WrittenDate>,
    /// `link`: the address that a link post is about.
    pub link: Option<Placed<String>>,
    /// `sort`, on sections: the order of its list.
    pub sort: Option<Placed<Order>>,
    /// `page_size`, on sections: articles on one page of its list.
    pub page_size: Option<usize>,
    /// `front`, on sections: how the first page of its list looks.
    pub front: Option<FrontKind>,
    /// `list_style`, on sections: how the articles of its list stand.
    pub list_style: Option<ListStyle>,
}

/// The place among the featured articles of those that have no number.
pub const LAST_FEATURED: u32 = u32::MAX;

impl Placement {
    /// Reads the fields that `owner` may have; `None` if it has none of them.
    pub fn read(fields: &mut Fields<'_, '_>, owner: Owner) -> Option<Box<Placement>> {
        let of_section = owner.is_section();
        let mut placement = Placement {
            // Other spellings hold it back, as those of other generators do.
            unlisted: fields.entry("unlisted").and_then(|entry| match entry.node.value {
                Value::Bool(false) => Some(false),
                _ => fields.is_true(&entry.node).then_some(true),
            }),
            feed: fields.flag("feed"),
            featured: featured(fields),
            pinned_until: written_date(fields, PINNED),
            link: link(fields),
            sort: None,
            page_size: None,
            front: None,
            list_style: None,
        };
        if of_section {
            placement.sort = order(fields)
                .zip(fields.node("sort"))
                .map(|(value, node)| Placed { value, place: fields.place(&node.span) });
            placement.page_size = fields.whole("page_size", 1, 10_000).map(|size| size as usize);
            placement.front = front_kind(fields);
            placement.list_style = list_style(fields);
        }
        if owner == Owner::Cascade {
            for key in ["featured", "pinned_until", "link"] {
                if let Some(entry) = fields.entry(key) {
                    fields.report(HoldError::NotInherited { key: entry.key.clone() }, &entry.key_span);
                }
            }
        }
        (placement != Placement::default()).then(|| Box::new(placement))
    }

    /// Fills missing fields from `above`.
    pub fn under(own: &mut Option<Box<Placement>>, above: &Option<Box<Placement>>) {
        let Some(above) = above else { return };
        let own = own.get_or_insert_default();
        own.unlisted = own.unlisted.or(above.unlisted);
        own.feed = own.feed.or(above.feed);
        own.page_size = own.page_size.or(above.page_size);
        own.front = own.front.or(above.front);
        own.list_style = own.list_style.or(above.list_style);
        if own.sort.is_none() {
            own.sort.clone_from(&above.sort);
        }
    }
}

/// Reads `featured`: true, or a number by which featured articles are ordered.
fn featured(fields: &mut Fields<'_, '_>) -> Option<u32> {
    let node = fields.node("featured")?;
    match node.value {
        Value::Bool(flag) => flag.then_some(LAST_FEATURED),
        Value::Integer(number) if (1..i64::from(LAST_FEATURED)).contains(&number) => {
            u32::try_from(number).ok()
        }
        _ => {
            let remedy = "write `featured = true`, or a whole number from 1: lower numbers come first";
            fields.refuse("featured", node, "it is neither true nor false, nor a place from 1 on", remedy);
            None
        }
    }
}

fn link(fields: &mut Fields<'_, '_>) -> Option<Placed<String>> {
    let node = fields.node("link")?;
    let value = fields.address("link")?;
    Some(Placed { value, place: fields.place(&node.span) })
}

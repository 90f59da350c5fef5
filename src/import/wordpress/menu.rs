//! The main menu.

use super::library::Library;
use super::wxr::Item;
use crate::import::blog::path_below;
use crate::import::html::one_line;

/// An item of a menu.
#[derive(Debug, Clone)]
pub(super) struct MenuItem {
    /// The menu.
    menu: String,
    order: u32,
    title: String,
    /// An address of its own.
    url: String,
    /// The post or page that it leads to.
    object: u64,
    /// The kind of what it leads to: `page`, `post`, `category`.
    kind: String,
    is_below: bool,
}

impl MenuItem {
    /// The item, if it is one.
    pub(super) fn of(item: &Item) -> Option<MenuItem> {
        let menu = item.terms.iter().find(|term| term.domain == "nav_menu")?.slug.clone();
        let number = |key: &str| item.meta(key).and_then(|value| value.parse().ok()).unwrap_or(0_u64);
        Some(MenuItem {
            menu,
            order: item.get("wp:menu_order").parse().unwrap_or_default(),
            title: one_line(item.get("title")),
            url: item.meta("_menu_item_url").unwrap_or_default().to_owned(),
            object: number("_menu_item_object_id"),
            kind: item.meta("_menu_item_object").unwrap_or_default().to_owned(),
            is_below: number("_menu_item_menu_item_parent") > 0,
        })
    }
}

/// The items of the menu with the most of them: text and address of each.
pub(super) fn items(library: &Library) -> Vec<(String, String)> {
    let count = |menu: &str| library.menu.iter().filter(|item| item.menu == menu).count();
    let menus = library.menu.iter().map(|item| item.menu.as_str()).take(1000);
    let Some(main) = menus.max_by_key(|menu| (count(menu), std::cmp::Reverse(*menu))) else {
        return Vec::new();
    };
    let mut own: Vec<&MenuItem> =
        library.menu.iter().filter(|item| item.menu == main && !item.is_below).collect();
    own.sort_by_key(|item| item.order);
    own.into_iter().filter_map(|item| link(item, library)).take(50).collect()
}

fn link(item: &MenuItem, library: &Library) -> Option<(String, String)> {
    let leaf = library.leaves.get(&item.object).filter(|_| matches!(item.kind.as_str(), "page" | "post"));
    let title = match (item.title.as_str(), leaf) {
        ("", Some((title, _))) => title.clone(),
        (title, _) => title.to_owned(),
    };
    let url = if item.url.is_empty() { leaf?.1.clone() } else { item.url.clone() };
    let url = path_below(&url, &library.base).unwrap_or(url);
    let is_address = url.starts_with('/') || url.starts_with("https://") || url.starts_with("http://");
    (is_address && !title.is_empty()).then_some((title, url))
}

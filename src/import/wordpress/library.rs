//! Everything that posts refer to.

use std::collections::{BTreeMap, HashMap};

use super::menu::MenuItem;
use super::shortcodes::Attachment;
use super::wxr::{Entry, Fields, Item};
use crate::import::ImportError;
use crate::import::html::one_line;
use crate::import::model::Author;

/// Everything that posts refer to.
#[derive(Default)]
pub(super) struct Library {
    /// The name of the site.
    pub(super) title: String,
    /// Its address.
    pub(super) base: String,
    /// One sentence about it.
    pub(super) description: String,
    /// Its language.
    pub(super) language: String,
    /// Files, by number.
    pub(super) files: HashMap<u64, Attachment>,
    /// Reusable blocks, by number.
    pub(super) reusable: HashMap<u64, String>,
    /// The names of authors, by the names with which they log in.
    pub(super) people: BTreeMap<String, String>,
    /// Terms, by taxonomy and slug.
    pub(super) terms: HashMap<(String, String), Described>,
    /// Items of menus.
    pub(super) menu: Vec<MenuItem>,
    /// Titles and addresses of posts and pages, by number, for menus.
    pub(super) leaves: HashMap<u64, (String, String)>,
}

/// A term of the export.
#[derive(Default)]
pub(super) struct Described {
    /// The slug of the term above it.
    pub(super) parent: String,
    /// Its description.
    pub(super) description: String,
}

impl Library {
    /// Adds what `entry` says.
    ///
    /// # Errors
    /// None; readers of exports may have some.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), ImportError> {
        match entry {
            Entry::Site(name, value) => self.site(&name, &value),
            Entry::Author(fields) => {
                let login = fields.get("wp:author_login");
                let names = [fields.get("wp:author_display_name"), login];
                if let Some(name) = names.into_iter().find(|name| !name.is_empty()) {
                    self.people.insert(login.to_owned(), one_line(name));
                }
            }
            Entry::Term(fields) => self.term(&fields),
            Entry::Item(item) => self.item(&item),
        }
        Ok(())
    }

    fn site(&mut self, name: &str, value: &str) {
        let field = match name {
            "title" => &mut self.title,
            "description" => &mut self.description,
            "language" => &mut self.language,
            "wp:base_blog_url" => {
                self.base = value.to_owned();
                return;
            }
            "link" => &mut self.base,
            _ => return,
        };
        // Of several files, the first one counts.
        if field.is_empty() {
            *field = one_line(value);
        }
    }

    fn term(&mut self, fields: &Fields) {
        let (taxonomy, slug, parent, description) = match fields.get("element") {
            "wp:category" => (
                "category",
                fields.get("wp:category_nicename"),
                fields.get("wp:category_parent"),
                fields.get("wp:category_description"),
            ),
            "wp:tag" => ("post_tag", fields.get("wp:tag_slug"), "", fields.get("wp:tag_description")),
            _ => (
                fields.get("wp:term_taxonomy"),
                fields.get("wp:term_slug"),
                fields.get("wp:term_parent"),
                fields.get("wp:term_description"),
            ),
        };
        let described = Described { parent: parent.to_owned(), description: description.to_owned() };
        self.terms.insert((taxonomy.to_owned(), slug.to_owned()), described);
    }

    fn item(&mut self, item: &Item) {
        let id = item.id();
        match item.get("wp:post_type") {
            "attachment" => {
                let file = Attachment {
                    url: item.get("wp:attachment_url").to_owned(),
                    title: one_line(item.get("title")),
                    alt: item.meta("_wp_attachment_image_alt").map(one_line).unwrap_or_default(),
                    caption: item.get("excerpt:encoded").to_owned(),
                    parent: item.get("wp:post_parent").parse().unwrap_or_default(),
                };
                if !file.url.is_empty() {
                    self.files.insert(id, file);
                }
            }
            "wp_block" => {
                self.reusable.insert(id, item.fields.raw("content:encoded").to_owned());
            }
            "nav_menu_item" => self.menu.extend(MenuItem::of(item)),
            "post" | "page" if item.get("wp:status") == "publish" => {
                let leaf = (one_line(item.get("title")), item.get("link").to_owned());
                self.leaves.insert(id, leaf);
            }
            _ => {}
        }
    }

    /// The profiles of authors.
    pub(super) fn authors(&self) -> Vec<Author> {
        let profile = |(key, name): (&String, &String)| Author {
            key: key.clone(),
            name: name.clone(),
            ..Author::default()
        };
        self.people.iter().filter(|(key, _)| !key.is_empty()).map(profile).collect()
    }
}

//! Documents that show nothing but what every template sees: `404.html` and `robots.txt`.

use tera::{Context, Value};

use super::inputs::{Known, Site, Template, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::Planned;

inputs! {
    /// What such a document is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

/// Those of the document with the template `name`.
pub(super) fn inputs<'a>(site: Site<'a>, name: &'static str, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, name);
    Inputs { feeds: site.feeds(&template), source: &planned.source, template }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        self.template.render(&context, self.source)
    }
}

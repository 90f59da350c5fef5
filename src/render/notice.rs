//! The page in the place of an article that is public no more.

use tera::{Context, Value};

use super::inputs::{Known, Notice, Site, Template, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::Planned;

inputs! {
    /// What a notice is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        notice: Notice<'a>,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

/// Those of the notice at `index` in the library.
pub(super) fn inputs<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "notice.html");
    let notice = Notice::of(site, index);
    Inputs { notice, feeds: site.feeds(&template), source: &planned.source, template }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("notice", self.notice.value());
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        self.template.render(&context, self.source)
    }
}

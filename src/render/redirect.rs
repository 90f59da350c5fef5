//! Redirects: the page at an old path, and the list for hosts that read one.

use tera::{Context, Value};

use super::inputs::{Known, Settings, Site, Template, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::model::url::UrlPath;
use crate::site::plan::{Planned, Shows};

inputs! {
    /// What the page at an old path is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        target: &'a UrlPath,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

inputs! {
    /// What the list of redirects is made from: the old and the new path of each.
    pub struct ListInputs<'a> shares settings: Settings<'a> {
        redirects: Vec<(&'a UrlPath, &'a UrlPath)>,
    }
}

/// Those of a page that leads to `target`.
pub(super) fn inputs<'a>(site: Site<'a>, target: &'a UrlPath, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "redirect.html");
    Inputs { target, feeds: site.feeds(&template), source: &planned.source, template }
}

/// Those of the list of all redirects.
pub(super) fn of_list(site: Site<'_>) -> ListInputs<'_> {
    let documents = site.all.plan.documents.iter();
    let redirects = documents.filter_map(|planned| match &planned.shows {
        Shows::Redirect(target) => Some((&planned.path, target)),
        _ => None,
    });
    ListInputs { settings: site.settings(), redirects: redirects.collect() }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("target", Value::from(self.template.settings().absolute(self.target)));
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        self.template.render(&context, self.source)
    }
}

impl Document for ListInputs<'_> {
    /// `_redirects`, as Netlify and Cloudflare Pages read it: old path, new path, status.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let base = self.settings.base_url();
        let line = |(old, new): &(&UrlPath, &UrlPath)| {
            format!("{} {} 301\n", base.root_relative(old), base.root_relative(new))
        };
        let mut lines: Vec<String> = self.redirects.iter().map(line).collect();
        lines.sort();
        Ok(lines.concat().into_bytes())
    }
}

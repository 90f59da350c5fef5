//! The archive: the list of years, a year with its months, a month with its articles.

use tera::{Context, Value};

use super::inputs::{Known, Made, Pager, Site, Template, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::Planned;

inputs! {
    /// What a page of the archive is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        year: Option<Made>,
        month: Option<(usize, Pager<'a>)>,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

/// Those of the list of years, which every template sees.
pub(super) fn of_all<'a>(site: Site<'a>, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "archive.html");
    Inputs { year: None, month: None, feeds: site.feeds(&template), source: &planned.source, template }
}

/// Those of the year at `index`.
pub(super) fn of_year<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Inputs<'a> {
    let year = Some(Made(site.all.views.year(&site.all.library.years[index])));
    Inputs { year, ..of_all(site, planned) }
}

/// Those of a month, by the indices of year and month.
pub(super) fn of_month<'a>(site: Site<'a>, year: usize, month: usize, planned: &'a Planned) -> Inputs<'a> {
    let template = Template::named(site, "month.html");
    let own = &site.all.library.years[year];
    let pager = Pager::whole(site, &own.months[month].articles, &planned.path);
    Inputs {
        year: Some(Made(site.all.views.year(own))),
        month: Some((month, pager)),
        feeds: site.feeds(&template),
        source: &planned.source,
        template,
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        if let Some(Made(year)) = &self.year {
            context.insert_value("year", year.clone());
            if let Some((month, pager)) = &self.month {
                let at = year.get_from_path(&format!("months.{month}")).cloned();
                context.insert_value("month", at.unwrap_or_else(Value::none));
                context.insert_value("pager", pager.value());
            }
        }
        self.template.render(&context, self.source)
    }
}

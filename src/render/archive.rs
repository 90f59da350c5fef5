//! The archive: the list of years (a view for every template), the page of a year, and the page of a month.

use tera::Value;

use super::inputs::Site;
use super::page::Page;
use crate::site::plan::Planned;

/// The inputs of the page of the year at `index`.
pub(super) fn of_year<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Page<'a> {
    let year = &site.all.library.years[index];
    Page::of_site(site, "archive.html", planned).with("year", || site.made(site.all.views.year(year)))
}

/// The inputs of the page of a month, by the indices of year and month.
pub(super) fn of_month<'a>(site: Site<'a>, year: usize, month: usize, planned: &'a Planned) -> Page<'a> {
    let year = &site.all.library.years[year];
    let view = site.all.views.year(year);
    let own = view.get_from_path(&format!("months.{month}")).cloned().unwrap_or_else(Value::none);
    Page::of_site(site, "month.html", planned)
        .with("year", || site.made(view))
        .with("month", || site.made(own))
        .with("pager", || site.whole_pager(year.months[month].articles.as_slice(), &planned.path))
}

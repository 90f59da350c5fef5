//! Redirects: the page at an old path, and the list for hosts that read one.

use super::hosting::negotiated;
use super::inputs::{Settings, Site, inputs};
use super::page::Page;
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::model::url::{UrlPath, rule_encode};
use crate::site::plan::Planned;
use crate::storage::file;

inputs! {
    /// Inputs of the list of redirects: the publisher's own list, and the old and the new path of each redirect.
    pub struct ListInputs<'a> shares settings: Settings<'a> {
        own: String,
        redirects: Vec<(&'a UrlPath, &'a UrlPath)>,
        /// The languages among which hosts choose for the front page, with their paths from the server's root.
        languages: Vec<(String, String)>,
    }
}

/// The inputs of a page that redirects to `target`.
pub(super) fn inputs<'a>(site: Site<'a>, target: &UrlPath, planned: &'a Planned) -> Page<'a> {
    let url = || site.made(site.settings().absolute(target));
    Page::of_site(site, "redirect.html", planned).with("target", url)
}

/// The inputs of the list of all redirects.
pub(super) fn of_list(site: Site<'_>) -> ListInputs<'_> {
    let documents = site.all.plan.documents.iter();
    let redirects =
        documents.filter_map(|planned| Some((&planned.path, site.all.plan.target(&planned.shows)?)));
    // No line of this file can name a query on all hosts that read it.
    let rules = site.all.plan.rules.iter().filter(|rule| rule.query.is_none());
    let redirects = redirects.chain(rules.map(|rule| (&rule.path, &rule.target)));
    let own = site.all.files.file("/_redirects").and_then(|path| file::read(path, file::SETTINGS).ok());
    let own = own.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let languages = negotiated(site.all.config);
    ListInputs { settings: site.settings(), own, redirects: redirects.collect(), languages }
}

impl Document for ListInputs<'_> {
    /// `_redirects` in the format of Netlify and Cloudflare Pages: old path, new path, status. The first line that fits
    /// counts, so the publisher's own lines come first.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let base = self.settings.base_url();
        let line = |(old, new): &(&UrlPath, &UrlPath)| {
            let [old, new] = [old, new].map(|path| rule_encode(&base.root_relative(path)));
            format!("{old} {new} 301\n")
        };
        let mut lines: Vec<String> = self.redirects.iter().map(line).collect();
        lines.sort();
        // The file of the front page would come before a rule without `!`.
        let root = rule_encode(&base.relative_root());
        let rule =
            |(tag, path): &(String, String)| format!("{root} {} 302! Language={tag}\n", rule_encode(path));
        lines.extend(self.languages.iter().map(rule));
        let own = self.own.trim_start_matches('\u{feff}');
        let end = if own.is_empty() || own.ends_with('\n') { "" } else { "\n" };
        Ok(format!("{own}{end}{}", lines.concat()).into_bytes())
    }
}

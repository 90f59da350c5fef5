//! Redirects: the page at an old path, and the list for hosts that read one.

use super::hosting::{moved, negotiated, not_found};
use super::inputs::{Settings, Site, inputs};
use super::page::Page;
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::model::url::{UrlPath, is_elsewhere, percent_encode, rule_encode};
use crate::site::plan::Planned;
use crate::storage::file;

inputs! {
    /// Inputs of the list of redirects: the publisher's own list, and the old and the new path of each redirect.
    pub struct ListInputs<'a> shares settings: Settings<'a> {
        own: String,
        redirects: Vec<(&'a UrlPath, &'a UrlPath)>,
        /// The parts of the site that are on hosts of their own, as paths from the server's root, with their addresses.
        moved: Vec<(String, String)>,
        /// The folders with a page of their own for what is not found, as paths from the server's root.
        not_found: Vec<String>,
        /// The languages among which hosts choose for the front page, with their paths from the server's root.
        languages: Vec<(String, String)>,
    }
}

/// The inputs of a page that redirects to `target`.
pub(super) fn inputs<'a>(site: Site<'a>, target: &UrlPath, planned: &'a Planned) -> Page<'a> {
    let url = || site.made(site.settings().absolute(target));
    Page::of_site(site, "redirect.html", planned).with("target", url)
}

/// The inputs of the list of all redirects on the host of a language.
pub(super) fn of_list(site: Site<'_>, host: usize) -> ListInputs<'_> {
    let (config, plan) = (site.all.config, site.all.plan);
    let base = &config.base_url;
    let documents = plan.documents.iter().filter(|planned| base.is_here(&planned.path));
    let redirects =
        documents.filter_map(|planned| Some((&planned.path, site.all.plan.target(&planned.shows)?)));
    // No line of this file can name a query on all hosts that read it.
    let rules = plan.rules.iter().filter(|rule| rule.query.is_none() && base.is_here(&rule.path));
    let redirects = redirects.chain(rules.map(|rule| (&rule.path, &rule.target)));
    let list = config.root_of_host(host).join("_redirects");
    let own = site.all.files.file(list.as_str()).and_then(|path| file::read(path, file::SETTINGS).ok());
    let own = own.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let languages = negotiated(config);
    let (moved, not_found) = (moved(config), not_found(config, plan));
    ListInputs { settings: site.settings(), own, redirects: redirects.collect(), moved, not_found, languages }
}

impl Document for ListInputs<'_> {
    /// `_redirects` in the format of Netlify and Cloudflare Pages: old path, new path, status. The first line that fits
    /// counts, so the publisher's own lines come first.
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let base = self.settings.base_url();
        let line = |(old, new): &(&UrlPath, &UrlPath)| {
            let old = rule_encode(&base.root_relative(old));
            let new = match base.is_here(new) {
                true => rule_encode(&base.root_relative(new)),
                false => base.absolute(new),
            };
            format!("{old} {new} 301\n")
        };
        let mut lines: Vec<String> = self.redirects.iter().map(line).collect();
        lines.sort();
        // The file of the front page would come before a rule without `!`.
        let root = rule_encode(&base.relative_root());
        let rule = |(tag, path): &(String, String)| {
            let path = if is_elsewhere(path) { path.clone() } else { rule_encode(path) };
            format!("{root} {path} 302! Language={tag}\n")
        };
        lines.extend(self.languages.iter().map(rule));
        for (from, to) in &self.moved {
            let from = rule_encode(&percent_encode(from));
            // Netlify reads the first of these lines, which comes before the files that are there. Cloudflare reads only the
            // second, and none of the files.
            lines.extend(["301!", "301"].map(|status| format!("{from}* {to}:splat {status}\n")));
        }
        for folder in &self.not_found {
            let folder = rule_encode(&percent_encode(folder));
            lines.push(format!("{folder}* {folder}404.html 404\n"));
        }
        let own = self.own.trim_start_matches('\u{feff}');
        let end = if own.is_empty() || own.ends_with('\n') { "" } else { "\n" };
        Ok(format!("{own}{end}{}", lines.concat()).into_bytes())
    }
}

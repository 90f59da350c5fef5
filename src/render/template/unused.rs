//! Finds templates of the site that no page uses: most often their names are misspelt.

use std::collections::BTreeSet;

use super::reads::Reads;
use super::reference::{PARTS, TEMPLATES};
use super::sources::{Sources, has_components, nearest_name};
use super::{FOLDER, TemplateError, theme};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};

/// Most files that the warning names.
const MOST: usize = 8;

/// A warning if nothing uses some templates of the site. Templates are used if pages are made with them, if front
/// matter names them (`chosen`), if they have components, or if a used template extends or includes them, according to
/// `reads_of`.
pub(super) fn unused<'a>(
    sources: &Sources,
    reads_of: &dyn Fn(&str) -> Option<&'a Reads>,
    chosen: &BTreeSet<String>,
    config: &Config,
) -> Option<Problem> {
    let of_taxonomies: Vec<String> = config
        .taxonomies
        .iter()
        .flat_map(|taxonomy| ["taxonomy.html", "term.html"].map(|name| format!("{}/{name}", taxonomy.name)))
        .collect();
    let of_taxonomies = || of_taxonomies.iter().map(String::as_str);
    let pages = TEMPLATES.iter().map(|template| template.name).filter(|name| !PARTS.contains(name));
    let has_components =
        |name: &&str| sources.resolve(name).is_some_and(|(_, source)| has_components(&source.text));
    let used: BTreeSet<&str> = pages
        .chain(of_taxonomies())
        .chain(chosen.iter().map(String::as_str))
        .chain(config.outputs.iter().map(|output| output.template.as_str()))
        .chain(sources.of_site().filter(has_components))
        .filter_map(reads_of)
        .flat_map(|reads| reads.templates.iter().map(String::as_str))
        .collect();
    let unused: Vec<&str> = sources.of_site().filter(|name| !used.contains(name)).collect();
    let own: BTreeSet<&str> = sources.of_site().collect();
    let of_theme = theme::TEMPLATES.iter().map(|(name, _)| *name);
    let free: Vec<&str> = of_theme.chain(of_taxonomies()).filter(|name| !own.contains(name)).collect();
    let cause = TemplateError::Unused { what: what(&unused), remedy: remedy(&unused, &free) };
    let place = Place::file(format!("{FOLDER}/{}", unused.first()?));
    Some(Problem::new(cause, place))
}

/// The subject and the verb of the message.
fn what(unused: &[&str]) -> String {
    let files: Vec<String> = unused.iter().take(MOST).map(|name| format!("`{FOLDER}/{name}`")).collect();
    match (files.as_slice(), unused.len().saturating_sub(MOST)) {
        ([one], _) => format!("{one} is"),
        (_, 0) => format!("{} are", files.join(", ")),
        (_, more) => format!("{} and {more} more templates are", files.join(", ")),
    }
}

/// A remedy: similar names among those that are `free`, or what can be done.
fn remedy(unused: &[&str], free: &[&str]) -> String {
    let meant: Vec<String> = unused
        .iter()
        .take(MOST)
        .filter_map(|name| {
            let near = nearest_name(name, free.iter().copied())?;
            Some(if unused.len() == 1 { format!("`{near}`") } else { format!("`{near}` for `{name}`") })
        })
        .collect();
    if meant.is_empty() {
        return "include it in another template, name it in front matter (`template = \"…\"`), or remove it; `dateline templates` lists the names of the theme".to_owned();
    }
    format!("did you mean {}?", meant.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::{reads, sources::Sources};
    use super::*;

    /// Message and remedy for a site with these templates and without a theme.
    fn told(templates: &[(&str, &str)], chosen: &[&str]) -> Option<(String, Option<String>)> {
        let settings = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"";
        let config = Config::read(settings, &mut Vec::new()).unwrap();
        let sources = Sources::of(templates);
        let reads = reads::of_all(&sources, &[]);
        let chosen = chosen.iter().map(|name| (*name).to_owned()).collect();
        unused(&sources, &|name| reads.get(name), &chosen, &config)
            .map(|problem| (problem.message(), problem.remedy()))
    }

    #[test]
    fn a_name_near_to_one_of_the_theme_is_answered_with_that() {
        let (message, remedy) = told(&[("artcle.html", "")], &[]).unwrap();
        assert_eq!(message, "`templates/artcle.html` is used by nothing");
        assert_eq!(remedy.unwrap(), "did you mean `article.html`?");
    }

    #[test]
    fn a_name_that_the_site_has_too_is_not_meant() {
        let (_, remedy) = told(&[("article.html", ""), ("artcle.html", "")], &[]).unwrap();
        assert!(remedy.unwrap().contains("remove it"));
    }

    #[test]
    fn several_are_told_in_one_message() {
        let (message, remedy) = told(&[("artcle.html", ""), ("tag/term.html", "")], &[]).unwrap();
        assert_eq!(message, "`templates/artcle.html`, `templates/tag/term.html` are used by nothing");
        assert_eq!(
            remedy.unwrap(),
            "did you mean `article.html` for `artcle.html`, `tags/term.html` for `tag/term.html`?"
        );
    }

    #[test]
    fn what_pages_front_matter_and_texts_use_is_used() {
        let templates = [
            ("article.html", "{% extends \"frame.html\" %}"),
            ("frame.html", "{% include \"foot.html\" %}"),
            ("foot.html", ""),
            ("tags/term.html", ""),
            ("special.html", ""),
            ("own.html", "{% component level(metres) %}{% endcomponent level %}"),
        ];
        assert_eq!(told(&templates, &["special.html"]), None);
    }

    #[test]
    fn a_part_of_the_theme_that_nothing_includes_is_unused() {
        let templates =
            [("base.html", ""), ("article.html", "{% extends 'base.html' %}"), ("head-end.html", "")];
        assert_eq!(told(&templates, &[]).unwrap().0, "`templates/head-end.html` is used by nothing");
    }
}

//! `dateline schema`: JSON Schema of `site.toml` and of front matter.

use std::process::ExitCode;

use dateline::config;
use dateline::model::suggest::nearest;
use dateline::pipeline::Blame;
use dateline::schema::{of_front_matter, of_site};
use dateline::source::Owner;
use serde_json::Value;

use super::{DONE, console, desk, exit_code};
use crate::cli::arguments::{SchemaArgs, SchemaOf};

/// Prints a schema.
pub fn run(arguments: &SchemaArgs) -> ExitCode {
    let owner = match arguments.what {
        SchemaOf::Site => {
            console::say_pretty_json(&of_site());
            return ExitCode::from(DONE);
        }
        SchemaOf::FrontMatter => Owner::Article,
        SchemaOf::Section => Owner::Section,
    };
    match front_matter(arguments, owner) {
        Ok(schema) => {
            console::say_pretty_json(&schema);
            ExitCode::from(DONE)
        }
        Err(code) => code,
    }
}

/// The schema of front matter for the site; outside of a site, that of a site without settings.
fn front_matter(arguments: &SchemaArgs, owner: Owner) -> Result<Value, ExitCode> {
    let section =
        arguments.section.as_deref().map(|name| name.trim_start_matches("content/").trim_matches('/'));
    if section.is_none() && !arguments.site.root.join(config::FILE).exists() {
        let usual = ["authors", "topics", "tags"].map(str::to_owned);
        return Ok(of_front_matter(owner, &usual, &[], false));
    }
    let (_, survey) = desk::open(&arguments.site).map_err(|failure| desk::refuse(&failure))?;
    let taxonomies: Vec<String> = survey.config.taxonomies.iter().map(|rules| rules.name.clone()).collect();
    let found = section.map(|name| survey.sections.get(name).ok_or(name));
    let is_dated = match found.transpose() {
        Ok(section) => section.is_some_and(|section| section.dated.is_some()),
        Err(name) => {
            let near = nearest(name, survey.sections.keys().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            console::complain(&format!("there is no section \u{201c}{name}\u{201d}{near}"));
            return Err(exit_code(Blame::Usage));
        }
    };
    let is_dated = is_dated && owner == Owner::Article;
    Ok(of_front_matter(owner, &taxonomies, &survey.config.ignored_fields, is_dated))
}

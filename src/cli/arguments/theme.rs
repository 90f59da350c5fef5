//! The commands about templates and the theme.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `templates`.
#[derive(Debug, Args)]
pub struct TemplatesArgs {
    /// One template, such as `article.html`, with all that is in its values
    #[arg(value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// How to say it
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReferenceFormat,
}

/// How `templates` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReferenceFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For pages: everything
    Markdown,
}

/// Arguments of `theme`.
#[derive(Debug, Args)]
pub struct ThemeArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: ThemeWhat,
}

/// Commands about the theme.
#[derive(Debug, Subcommand)]
pub enum ThemeWhat {
    /// Copy a file of the theme to the same path in the site, where it replaces the theme's; without FILE, list them
    Eject(EjectArgs),
}

/// Arguments of `theme eject`.
#[derive(Debug, Args)]
pub struct EjectArgs {
    /// The file, such as `article.html` or `static/base.css`
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

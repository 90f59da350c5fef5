//! Archetypes: the texts that a site has for new articles, in `archetypes/`.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use dateline::source::Format;
use dateline::storage::file;
use tera::{Context, Tera};

/// The folder of the archetypes, in the site's root.
const FOLDER: &str = "archetypes";

/// The facts about a new article, which its archetype can show.
#[derive(Debug, Clone, PartialEq)]
pub struct NewArticle {
    /// Its title, made from the file's name.
    pub title: String,
    /// The file's name without its ending; the folder's name for `index.md`.
    pub slug: String,
    /// Its folder below `content/`: `news`, or empty.
    pub section: String,
    /// The present time on the site's clock.
    pub date: DateTime<Tz>,
    /// True for `_index.md`, which describes a section.
    pub is_section: bool,
    /// The format of the file.
    pub format: Format,
    /// The ending of the file's name.
    extension: String,
}

impl NewArticle {
    /// The article at `path` below `content/`, made at `now` in `zone`.
    pub fn of(path: &str, format: Format, now: DateTime<Utc>, zone: Tz) -> NewArticle {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let is_section = stem == "_index";
        let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
        let last = if last.is_empty() { "article" } else { last };
        let slug = if stem == "index" || is_section { last } else { stem };
        let section = if stem == "index" { above } else { folder };
        let words = slug.replace(['-', '_'], " ");
        let mut letters = words.chars();
        let title = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        NewArticle {
            title: title.unwrap_or_default(),
            slug: slug.to_owned(),
            section: section.to_owned(),
            date: now.with_timezone(&zone),
            is_section,
            format,
            extension: extension.to_owned(),
        }
    }

    /// The archetype of the article in the site at `root`: that of its section or of the nearest section above, else
    /// `default`; `None` if there is none, or the file describes a section.
    pub fn archetype(&self, root: &Path) -> Option<PathBuf> {
        if self.is_section {
            return None;
        }
        let mut section = self.section.as_str();
        let mut names = Vec::new();
        while !section.is_empty() {
            names.push(section);
            section = section.rsplit_once('/').map_or("", |(above, _)| above);
        }
        names.push("default");
        let file = |name: &str| root.join(FOLDER).join(format!("{name}.{}", self.extension));
        names.into_iter().map(file).find(|file| file.is_file())
    }

    /// Fills the archetype at `path`, a Tera template with `title`, `date`, `day`, `slug` and `section`.
    ///
    /// # Errors
    /// The file can't be read, or is no template.
    pub fn fill(&self, path: &Path) -> Result<String, String> {
        let text = file::read_text(path, file::SOURCE).map_err(|error| error.to_string())?;
        let mut context = Context::new();
        context.insert("title", &self.title);
        context.insert("date", &self.date.format("%Y-%m-%dT%H:%M:%S%:z").to_string());
        context.insert("day", &self.date.format("%Y-%m-%d").to_string());
        context.insert("slug", &self.slug);
        context.insert("section", &self.section);
        Tera::one_off(&text, &context, false).map_err(|error| error.to_string())
    }
}

//! Texts of Jekyll: Liquid, and what only kramdown reads.

use super::config::Config;
use super::document::Document;
use crate::import::body::{Around, Names, Text, before_marker, convert as convert_body};
use crate::import::components::{block, fence, film, link, youtube};
use crate::import::definitions::{abbreviations, apart};
use crate::import::links::Known;
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::shortcodes::{Becomes, Call, Syntax, code_ranges, is_in};
use crate::import::tree::Tree;

/// Converts the texts of `documents`.
pub fn convert(
    documents: &mut [Document],
    config: &Config,
    tree: &Tree,
    imported: &mut Imported,
    known: &Known,
) {
    let mut names = Names::default();
    for one in documents.iter() {
        names.add(&one.stem, &one.article);
        // `post_url` and `link` name a post by its file, with and without the folder.
        if let Some((_, name)) = one.stem.rsplit_once("_posts/") {
            names.add(name, &one.article);
        }
    }
    for one in documents.iter_mut() {
        let body = std::mem::take(&mut one.article.body);
        let (file, url) = (one.article.source.file.clone(), one.article.url.clone());
        let text = Text { file: &file, first_line: one.first_line, url: &url };
        let around = Around { base: &config.base, known, syntax: Some(Syntax::Liquid) };
        let context = Context { config, tree, names: &names, document: one };
        let mut converted = convert_body(&body, text, around, imported, &mut |call| context.own(call));
        if one.article.target.ends_with(".md") {
            let (plain, count) = without_kramdown(&converted);
            if count > 0 {
                let text = format!("attributes that only kramdown reads were taken out (`{{: …}}`: {count})");
                imported.tell(Outcome::Changed, "kramdown", Spot::file(&file), text);
            }
            converted = abbreviations(&apart(&plain));
            let separator = one.separator.as_deref().or(config.separator.as_deref());
            if let Some(separator) =
                separator.filter(|text| !text.trim().is_empty() && one.article.summary.is_none())
            {
                one.article.summary = before_marker(&converted, separator);
            }
        }
        one.article.body = converted;
    }
}

/// The things that tags of a text may name.
struct Context<'a> {
    config: &'a Config,
    tree: &'a Tree,
    names: &'a Names,
    document: &'a Document,
}

impl Context<'_> {
    fn own(&self, call: &Call<'_>) -> Option<Becomes> {
        if call.name.is_empty() {
            return self.value(call.rest).map(Becomes::Text);
        }
        let get = |names: &[&str], place| call.arguments.get(names, place);
        Some(Becomes::Text(match call.name {
            "highlight" => fence(get(&[], 0).unwrap_or_default(), call.raw_inner?),
            "post_url" | "link" => {
                let wanted = call.rest.trim().trim_matches(['"', '\'']);
                let wanted =
                    wanted.trim_end_matches(".md").trim_end_matches(".markdown").trim_end_matches(".html");
                match self.names.find(wanted, "") {
                    Some(url) => url,
                    None if self.tree.has(call.rest.trim()) => format!("/{}", call.rest.trim()),
                    None => return Some(Becomes::Unknown),
                }
            }
            "include" | "include_relative" | "include_cached" => return self.include(call),
            "comment" => String::new(),
            "seo" | "feed_meta" | "toc" => String::new(),
            _ => return None,
        }))
    }

    /// The text of a value: an address, or a field of the page or of the site.
    fn value(&self, written: &str) -> Option<String> {
        let mut parts = written.split('|').map(str::trim);
        let first = parts.next()?;
        let filters: Vec<&str> = parts.collect();
        let literal = first.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']));
        let value = match (literal, first) {
            (Some(text), _) => text.to_owned(),
            // Paths are counted from the root of the site here.
            (None, "site.baseurl" | "site.url") => String::new(),
            (None, "site.title") => crate::import::front::text(&field(self.config, "title")?)?,
            (None, "page.title") => self.document.article.title.clone(),
            (None, "page.url") => self.document.article.url.clone(),
            (None, name) => match self.document.article.extra.get(name.strip_prefix("page.")?)? {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        };
        let mut value = value;
        for filter in filters {
            let (name, argument) =
                filter.split_once(':').map_or((filter, ""), |(name, argument)| (name, argument.trim()));
            let argument = argument.trim_matches(['"', '\'']);
            value = match name.trim() {
                "relative_url" | "absolute_url" if !value.starts_with('/') && !value.contains("://") => {
                    format!("/{value}")
                }
                "relative_url" | "absolute_url" | "escape" | "strip" | "xml_escape" => value,
                "prepend" if matches!(argument, "site.baseurl" | "site.url") => value,
                "append" => format!("{value}{argument}"),
                "prepend" => format!("{argument}{value}"),
                "downcase" => value.to_lowercase(),
                "upcase" => value.to_uppercase(),
                _ => return None,
            };
        }
        Some(value)
    }

    /// Includes that themes commonly have.
    fn include(&self, call: &Call<'_>) -> Option<Becomes> {
        let file = call.rest.split_whitespace().next()?;
        let name = file.rsplit('/').next()?.split('.').next()?.to_lowercase();
        let get = |names: &[&str]| call.arguments.get(names, usize::MAX);
        Some(Becomes::Text(match name.as_str() {
            "youtube" | "youtubeplayer" | "video" if get(&["id", "youtube", "youtubeId"]).is_some() => {
                let id = get(&["id", "youtube", "youtubeId"])?;
                match get(&["provider"]) {
                    Some("vimeo") => film(&format!("https://vimeo.com/{id}"), get(&["title"]), "Vimeo"),
                    _ => film(&youtube(id), get(&["title"]), "YouTube"),
                }
            }
            "figure" | "image" | "img" | "picture" => {
                let mut figure = call.clone();
                figure.name = "figure";
                let src = get(&["src", "image_path", "url", "image", "path", "file"])?.to_owned();
                figure.arguments.plain.clear();
                let src = self.value(&src).unwrap_or(src);
                figure.arguments.named.retain(|(name, _)| {
                    !matches!(name.as_str(), "src" | "image_path" | "url" | "image" | "path" | "file")
                });
                figure.arguments.named.push(("src".to_owned(), src));
                return crate::import::components::equivalent(&figure);
            }
            "gist" => {
                let id = get(&["id", "src"])?;
                block(&link("Gist", &format!("https://gist.github.com/{id}")))
            }
            _ => return None,
        }))
    }
}

/// The value of a setting.
fn field(config: &Config, name: &str) -> Option<crate::model::metadata::Value> {
    config.fields.fields().iter().find(|one| one.key == name).map(|one| one.node.value.clone())
}

/// The text without attribute lists of kramdown, and their number. A list that has an id and stands at a heading becomes the
/// id of that heading.
fn without_kramdown(body: &str) -> (String, usize) {
    let code = code_ranges(body);
    let (mut out, mut count, mut at) = (String::with_capacity(body.len()), 0, 0);
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if is_in(&code, start) {
            out.push_str(line);
            continue;
        }
        let trimmed = line.trim();
        let is_list = |text: &str| {
            text.starts_with("{:") && text.ends_with('}') && !text[1..text.len() - 1].contains(['{', '}'])
        };
        if is_list(trimmed) {
            count += 1;
            let id = id_of(trimmed);
            if trimmed.contains("toc") {
                drop_last_line(&mut out);
            } else if let Some(id) = id.filter(|_| last_line(&out).starts_with('#')) {
                let end = out.trim_end().len();
                out.replace_range(end.., &format!(" {{#{id}}}\n"));
            }
            continue;
        }
        // Behind a heading, a link or a picture in the line.
        let mut rest = line;
        let mut kept = String::new();
        while let Some(open) = rest.find("{:") {
            let Some(close) = rest[open..].find('}').map(|close| open + close + 1) else { break };
            let list = &rest[open..close];
            let before = &rest[..open];
            let is_placed = list[2..].starts_with([' ', '.', '#'])
                && (before.ends_with([')', ']', '*', '_', '`', '>']) || trimmed.starts_with('#'));
            if !is_placed || list.contains('\n') || is_in(&code, start + line.len() - rest.len() + open) {
                kept.push_str(&rest[..close]);
            } else {
                count += 1;
                kept.push_str(if trimmed.starts_with('#') { before } else { before.trim_end_matches(' ') });
                if let Some(id) = id_of(list).filter(|_| trimmed.starts_with('#')) {
                    kept.push_str(&format!("{{#{id}}}"));
                }
            }
            rest = &rest[close..];
        }
        out.push_str(&kept);
        out.push_str(rest);
    }
    (out, count)
}

fn id_of(list: &str) -> Option<&str> {
    let inner = list.trim_start_matches("{:").trim_end_matches('}');
    inner.split_whitespace().find_map(|word| word.strip_prefix('#')).filter(|id| !id.is_empty())
}

fn last_line(text: &str) -> &str {
    text.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default()
}

fn drop_last_line(text: &mut String) {
    let end = text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
    let line = text[end..].trim();
    if line.starts_with(['*', '-', '+']) || line.starts_with("1.") {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::without_kramdown;

    #[test]
    fn attribute_lists_are_taken_out_and_ids_of_headings_stay() {
        for (body, expected, count) in [
            ("Text\n{: .lead}\n", "Text\n", 1),
            ("## Tides {: #high .x}\n", "## Tides {#high}\n", 1),
            ("## Tides\n{: #high}\nText\n", "## Tides {#high}\nText\n", 1),
            ("* toc\n{:toc}\n\nText\n", "\nText\n", 1),
            ("[a](b){: .button} c\n", "[a](b) c\n", 1),
            ("`{: .x}` and {:x\n", "`{: .x}` and {:x\n", 0),
            ("```\n{: .x}\n```\n", "```\n{: .x}\n```\n", 0),
        ] {
            assert_eq!(without_kramdown(body), (expected.to_owned(), count), "{body}");
        }
    }
}

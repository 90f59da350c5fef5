//! Components and Markdown that say what common shortcodes of other generators say.

use super::shortcodes::{Becomes, Call};

/// The call of a component with these arguments; empty ones are left out. Without a place for one it is `None`.
pub fn component(name: &str, arguments: &[(&str, &str)]) -> String {
    format!("{{{{ <{name}{} /> }}}}", written(arguments))
}

/// The call of a component around `inner`.
pub fn around(name: &str, arguments: &[(&str, &str)], inner: &str) -> String {
    format!("{{% <{name}{}> %}}\n{}\n{{% </{name}> %}}", written(arguments), inner.trim())
}

fn written(arguments: &[(&str, &str)]) -> String {
    arguments
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!(" {name}={}", quoted(value)))
        .collect()
}

/// `text` as an argument: no quote in it ends it.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (text.contains('"'), text.contains('\'')) {
        (false, _) => format!("\"{text}\""),
        (true, false) => format!("'{text}'"),
        (true, true) => format!("\"{}\"", text.replace('"', "\u{201d}")),
    }
}

/// A link in Markdown.
pub fn link(text: &str, url: &str) -> String {
    let text = text.replace('[', "\\[").replace(']', "\\]");
    format!("[{text}](<{}>)", url.replace(['<', '>'], ""))
}

/// A film elsewhere.
pub fn film(url: &str, title: Option<&str>, from: &str) -> String {
    let title = title.map_or_else(|| format!("A film on {from}"), str::to_owned);
    block(&component("embed", &[("url", url), ("title", &title), ("from", from)]))
}

/// `text` as a paragraph of its own.
pub fn block(text: &str) -> String {
    format!("\n\n{text}\n\n")
}

/// Code in a fence.
pub fn fence(language: &str, code: &str) -> String {
    let code = code.trim_matches('\n');
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest.max(2) + 1);
    format!("\n\n{marks}{}\n{code}\n{marks}\n\n", language.trim())
}

/// Text without the tags and marks of simple Markdown and HTML, for an argument.
fn plain(text: &str) -> String {
    crate::model::html::plain(text)
}

/// The equivalent of a shortcode that many generators and themes have; `None` if this is none of them.
pub fn equivalent(call: &Call<'_>) -> Option<Becomes> {
    media(call).or_else(|| elsewhere(call)).or_else(|| around_text(call)).map(Becomes::Text)
}

/// Pictures, films and recordings.
fn media(call: &Call<'_>) -> Option<String> {
    let arguments = &call.arguments;
    let get = |names: &[&str], place| arguments.get(names, place);
    let named = |names: &[&str]| arguments.get(names, usize::MAX);
    let inner = || call.inner.clone().unwrap_or_default();
    let text = match call.name.to_ascii_lowercase().as_str() {
        "figure" | "img" | "image" | "picture" | "imgproc" | "resize_image" => {
            let src = get(&["src", "source", "path", "link", "url"], 0)?;
            let caption = named(&["caption", "title", "cap"]).map(plain).unwrap_or_default();
            let caption = if caption.is_empty() { plain(&inner()) } else { caption };
            let alt = match (named(&["alt"]), get(&["alt"], 1)) {
                (Some(alt), _) => plain(alt),
                (None, Some(alt)) if call.name != "figure" && !alt.bytes().all(|b| b.is_ascii_digit()) => {
                    plain(alt)
                }
                _ => caption.clone(),
            };
            let credit = named(&["attr", "credit", "attribution"]).map(plain).unwrap_or_default();
            block(&component(
                "figure",
                &[("src", src), ("alt", &alt), ("caption", &caption), ("credit", &credit)],
            ))
        }
        "youtube" | "youtubeid" | "yt" | "lite_youtube" | "youtubelite" => {
            let id = get(&["id", "v"], 0)?;
            film(&youtube(id), named(&["title"]), "YouTube")
        }
        "vimeo" | "vimeo_simple" => {
            let id = get(&["id"], 0)?;
            let url = if id.contains("://") { id.to_owned() } else { format!("https://vimeo.com/{id}") };
            film(&url, named(&["title"]), "Vimeo")
        }
        "audio" | "video" | "mp4" | "mp3" => {
            let kind = if matches!(call.name, "audio" | "mp3") { "audio" } else { "video" };
            let src = get(&["src", "mp4", "url", "file"], 0)?;
            let title = named(&["title", "caption"])
                .map_or_else(|| src.rsplit('/').next().unwrap_or(src).to_owned(), plain);
            match src.contains("://") {
                true => film(src, Some(&title), "elsewhere"),
                false => block(&component(kind, &[("src", src), ("title", &title)])),
            }
        }
        _ => return None,
    };
    Some(text)
}

/// Posts and code of other sites.
fn elsewhere(call: &Call<'_>) -> Option<String> {
    let get = |names: &[&str], place| call.arguments.get(names, place);
    let text = match call.name.to_ascii_lowercase().as_str() {
        "tweet" | "x" | "twitter" | "x_simple" | "twitter_simple" => {
            let (user, id) = match (get(&["user"], 0)?, get(&["id"], 1)) {
                (url, None) if url.contains("://") => {
                    return Some(quote_link("A post on X", url));
                }
                (id, None) => ("i", id),
                (user, Some(id)) => (user, id),
            };
            quote_link("A post on X", &format!("https://x.com/{user}/status/{id}"))
        }
        "instagram" | "instagram_simple" => {
            let id = get(&["id"], 0)?;
            quote_link("A post on Instagram", &format!("https://www.instagram.com/p/{id}/"))
        }
        "gist" => {
            let id = match (get(&["username", "user"], 0)?, get(&["id", "gist"], 1)) {
                (user, Some(id)) if !id.contains('.') && !user.contains('/') => format!("{user}/{id}"),
                (id, _) => id.to_owned(),
            };
            let url = if id.contains("://") { id.clone() } else { format!("https://gist.github.com/{id}") };
            format!("\n\n{}\n\n", link(&format!("Gist {id}"), &url))
        }
        _ => return None,
    };
    Some(text)
}

/// Shortcodes around a text, and code.
fn around_text(call: &Call<'_>) -> Option<String> {
    let arguments = &call.arguments;
    let get = |names: &[&str], place| arguments.get(names, place);
    let named = |names: &[&str]| arguments.get(names, usize::MAX);
    let inner = || call.inner.clone().unwrap_or_default();
    let text = match call.name.to_ascii_lowercase().as_str() {
        "highlight" | "code" | "codeblock" => {
            fence(get(&["lang", "language"], 0).unwrap_or(""), call.raw_inner?)
        }
        "mermaid" | "goat" => fence(call.name, call.raw_inner?),
        "raw" | "rawhtml" | "html" | "verbatim" | "unsafe" => call.raw_inner?.to_owned(),
        "comment" => String::new(),
        "details" | "collapse" | "expand" | "spoiler" => {
            let summary = get(&["summary", "title"], 0).map_or_else(|| "Details".to_owned(), plain);
            format!(
                "\n\n<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n\n",
                escape(&summary),
                inner().trim()
            )
        }
        "note" | "notice" | "alert" | "admonition" | "callout" | "hint" | "tip" | "info" | "warning"
        | "danger" | "attention" | "important" | "message" => {
            let is_general =
                matches!(call.name, "notice" | "alert" | "admonition" | "callout" | "hint" | "message");
            let kind = if is_general {
                get(&["type", "kind", "icon", "class"], 0).unwrap_or("note")
            } else {
                call.name
            };
            let kind: String = kind.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let title = named(&["title"]).map(plain).unwrap_or_default();
            block(&around("note", &[("title", &title), ("kind", &kind)], call.inner.as_deref()?))
        }
        "quote" | "blockquote" | "pullquote" | "epigraph" => {
            let by = named(&["author", "by", "pre"]).map(plain).unwrap_or_default();
            let source =
                named(&["link", "url", "source", "cite"]).filter(|url| url.contains("://")).unwrap_or("");
            let text = around("quote", &[("by", &by), ("source", source)], call.inner.as_deref()?);
            block(&match call.name {
                "pullquote" => text.replacen("> %}", " pull={true}> %}", 1),
                _ => text,
            })
        }
        _ => return None,
    };
    Some(text)
}

fn escape(text: &str) -> String {
    crate::model::html::escape(text).into_owned()
}

/// The address of a film on YouTube by its id, or by its address.
pub fn youtube(id: &str) -> String {
    if id.contains("://") { id.to_owned() } else { format!("https://www.youtube.com/watch?v={id}") }
}

/// A quotation of something elsewhere, of which only the address is known.
fn quote_link(text: &str, url: &str) -> String {
    format!("\n\n> {}\n\n", link(text, url))
}

/// At most one empty line between paragraphs outside of code, as conversions leave more.
pub fn tidy(body: &str) -> String {
    let code = super::shortcodes::code_ranges(body);
    let mut out = String::with_capacity(body.len());
    let (mut at, mut empty) = (0, 0);
    for line in body.split_inclusive('\n') {
        let is_code = super::shortcodes::is_in(&code, at);
        at += line.len();
        match line.trim().is_empty() && !is_code {
            true => empty += 1,
            false => empty = 0,
        }
        if empty < 2 {
            out.push_str(if empty == 1 { "\n" } else { line });
        }
    }
    out.trim_matches('\n').to_owned()
}

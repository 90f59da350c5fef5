//! Cards of Ghost's editors.

use serde_json::Value;

use crate::import::html::{Converter, component, embed_of, gallery_of, one_line};
use crate::model::html::escape;

/// The fates of cards.
#[derive(Debug, Default)]
pub(super) struct Cards {
    /// The names of those that are gone.
    pub(super) lost: Vec<String>,
}

/// A text of the card; empty if it has none.
fn text<'a>(card: &'a Value, name: &str) -> &'a str {
    card.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}

/// Markdown of an author, with `{{` escaped, which would call a component.
pub(super) fn safe_markdown(markdown: &str) -> String {
    let mut in_code = false;
    let lines = markdown.replace("\r\n", "\n");
    let lines = lines.split('\n').map(|line| {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        in_code ^= fence;
        match in_code || fence || line.contains('`') {
            true => line.to_owned(),
            false => line.replace("{{", "\\{{").replace("{%", "\\{%"),
        }
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.trim_matches('\n');
    // A text that begins with a fence would be read as front matter.
    match text.split_once('\n').unwrap_or((text, "")) {
        ("---", rest) => format!("* * *\n{rest}"),
        _ if text.starts_with("+++") => format!("&#43;{}", text.get(1..).unwrap_or_default()),
        _ => text.to_owned(),
    }
}

/// A link around `inner`, if it has an address.
fn linked(inner: &str, href: &str) -> String {
    if href.is_empty() { inner.to_owned() } else { format!("<a href=\"{}\">{inner}</a>", escape(href)) }
}

fn caption(card: &Value) -> String {
    let caption = text(card, "caption");
    if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") }
}

/// Writes the card `name`.
pub(super) fn write(name: &str, card: &Value, to: &mut Converter, cards: &mut Cards) {
    match name {
        "image" | "image-card" => to.html(&image(card)),
        "gallery" => gallery(card, to),
        "markdown" | "card-markdown" => to.block(safe_markdown(text(card, "markdown"))),
        "html" => to.html(card.get("html").and_then(Value::as_str).unwrap_or_default()),
        "code" | "codeblock" => code(card, to),
        "hr" | "horizontalrule" => to.html("<hr>"),
        "embed" => embed(card, to),
        "bookmark" => bookmark(card, to),
        "callout" => callout(card, to),
        "toggle" => {
            let (heading, content) = (text(card, "heading"), text(card, "content"));
            to.html(&format!("<details><summary>{heading}</summary>{content}</details>"));
        }
        "button" | "email-cta" if name == "button" => {
            let (words, url) = (text(card, "buttonText"), text(card, "buttonUrl"));
            to.html(&format!("<p>{}</p>", linked(&escape(words), url)));
        }
        "video" => video(card, to),
        "audio" => {
            let (src, title) = (escape(text(card, "src")), one_line(text(card, "title")));
            let caption = if title.is_empty() {
                String::new()
            } else {
                format!("<figcaption>{}</figcaption>", escape(&title))
            };
            to.html(&format!("<figure><audio controls src=\"{src}\"></audio>{caption}</figure>"));
        }
        "file" => {
            let names = [text(card, "fileTitle"), text(card, "fileName"), text(card, "src")];
            let title = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            let words = text(card, "fileCaption");
            let words = if words.is_empty() { String::new() } else { format!("<br>{}", escape(words)) };
            to.html(&format!("<p>{}{words}</p>", linked(&escape(title), text(card, "src"))));
        }
        "header" => header(card, to),
        "product" => product(card, to),
        "call-to-action" => {
            let (words, url) = (text(card, "buttonText"), text(card, "buttonUrl"));
            to.html(text(card, "textValue"));
            to.html(&format!("<p>{}</p>", linked(&escape(words), url)));
        }
        "transistor" => {
            cards.lost.push(name.to_owned());
        }
        // The text behind it is for members: a post that has it and is public shows everything.
        "paywall" => {}
        other => cards.lost.push(other.to_owned()),
    }
}

fn image(card: &Value) -> String {
    let src = text(card, "src");
    if src.is_empty() {
        return String::new();
    }
    let image = format!("<img src=\"{}\" alt=\"{}\">", escape(src), escape(&one_line(text(card, "alt"))));
    let class = match text(card, "cardWidth") {
        "wide" | "full" => " class=\"alignwide\"",
        _ => "",
    };
    format!("<figure{class}>{}{}</figure>", linked(&image, text(card, "href")), caption(card))
}

fn gallery(card: &Value, to: &mut Converter) {
    let images = card.get("images").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = |image: &Value| {
        let words = one_line(text(image, "caption"));
        (text(image, "src").to_owned(), one_line(text(image, "alt")), words)
    };
    let pictures: Vec<_> = images.iter().map(one).filter(|(src, _, _)| !src.is_empty()).collect();
    let words = Some(one_line(text(card, "caption"))).filter(|words| !words.is_empty());
    match gallery_of(&pictures, words) {
        Some(gallery) => to.block(gallery),
        None => images.iter().for_each(|one| to.html(&image(one))),
    }
}

fn code(card: &Value, to: &mut Converter) {
    let code = card.get("code").and_then(Value::as_str).unwrap_or_default();
    let language = text(card, "language");
    let words = text(card, "caption");
    to.html(&format!("<pre><code class=\"language-{}\">{}</code></pre>", escape(language), escape(code)));
    if !words.is_empty() {
        to.html(&format!("<p><em>{words}</em></p>"));
    }
}

fn embed(card: &Value, to: &mut Converter) {
    let title = card.get("metadata").map(|meta| one_line(text(meta, "title"))).unwrap_or_default();
    let words = one_line(text(card, "caption"));
    let title = if words.is_empty() { title } else { words };
    match embed_of(text(card, "url"), Some(&title)) {
        Some(embed) => to.block(embed),
        None => to.html(text(card, "html")),
    }
}

fn bookmark(card: &Value, to: &mut Converter) {
    let nothing = Value::Null;
    let meta = card.get("metadata").unwrap_or(&nothing);
    let url =
        [text(card, "url"), text(meta, "url")].into_iter().find(|url| !url.is_empty()).unwrap_or_default();
    let title = one_line(text(meta, "title"));
    let from = [text(meta, "publisher"), text(meta, "author")].into_iter().find(|from| !from.is_empty());
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let title = if title.is_empty() { url.to_owned() } else { title };
    let mut texts = vec![("url", url.to_owned()), ("title", title.clone())];
    texts.extend(from.map(|from| ("from", one_line(from))));
    match component("embed", &texts, &[]).filter(|_| is_web) {
        Some(embed) => to.block(embed),
        None => to.html(&format!("<p>{}</p>", linked(&escape(&title), url))),
    }
    let words = [text(meta, "description"), text(card, "caption")].map(one_line);
    for words in words.iter().filter(|words| !words.is_empty()) {
        to.html(&format!("<p>{}</p>", escape(words)));
    }
}

fn callout(card: &Value, to: &mut Converter) {
    let emoji = text(card, "calloutEmoji");
    let mut inner = Converter::default();
    let space = if emoji.is_empty() { "" } else { " " };
    inner.html(&format!("<p>{}{space}{}</p>", escape(emoji), text(card, "calloutText")));
    let inner = inner.finish();
    to.block(format!("{{% <note> %}}\n{}\n{{% </note> %}}", inner.markdown));
}

fn video(card: &Value, to: &mut Converter) {
    let posters = [text(card, "customThumbnailSrc"), text(card, "thumbnailSrc")];
    let poster = posters.into_iter().find(|src| !src.is_empty());
    let poster = poster.map(|src| format!(" poster=\"{}\"", escape(src))).unwrap_or_default();
    let src = escape(text(card, "src"));
    to.html(&format!("<figure><video controls src=\"{src}\"{poster}></video>{}</figure>", caption(card)));
}

fn header(card: &Value, to: &mut Converter) {
    let (heading, words) = (text(card, "header"), text(card, "subheader"));
    let heading = if heading.is_empty() { text(card, "heading") } else { heading };
    if !heading.is_empty() {
        to.html(&format!("<h2>{heading}</h2>"));
    }
    if !words.is_empty() {
        to.html(&format!("<p>{words}</p>"));
    }
    let (button, url) = (text(card, "buttonText"), text(card, "buttonUrl"));
    if !button.is_empty() && !url.is_empty() {
        to.html(&format!("<p>{}</p>", linked(&escape(button), url)));
    }
}

fn product(card: &Value, to: &mut Converter) {
    let src = text(card, "productImageSrc");
    if !src.is_empty() {
        to.html(&format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape(src)));
    }
    to.html(&format!("<h4>{}</h4>", text(card, "productTitle")));
    to.html(text(card, "productDescription"));
    let (button, url) = (text(card, "productButton"), text(card, "productUrl"));
    if !button.is_empty() && !url.is_empty() {
        to.html(&format!("<p>{}</p>", linked(&escape(button), url)));
    }
}

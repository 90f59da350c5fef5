//! Pictures with captions, galleries, quotations and embedded pages as components.

use url::Url;

use super::inline::picture;
use super::tree::{Element, Node};

/// A figure, as far as Dateline has one like it.
pub(super) enum Figure {
    /// Markdown.
    Text(String),
    /// It is only around its children.
    Children,
    /// A pulled quotation.
    Quote {
        /// The quotation.
        quote: Vec<Node>,
        /// Whose it is.
        by: Option<String>,
    },
    /// Nothing like it.
    Html,
}

/// The most bytes of a component's arguments.
const LONGEST: usize = 3500;

/// A call of a component; `None` if its arguments can't be written.
pub(crate) fn component(name: &str, texts: &[(&str, String)], others: &[(&str, &str)]) -> Option<String> {
    Some(format!("{{{{ <{name}{} /> }}}}", arguments(texts, others)?))
}

/// A call of a component around `body`.
pub(super) fn around(
    name: &str,
    texts: &[(&str, String)],
    others: &[(&str, &str)],
    body: &str,
) -> Option<String> {
    Some(format!("{{% <{name}{}> %}}\n{body}\n{{% </{name}> %}}", arguments(texts, others)?))
}

fn arguments(texts: &[(&str, String)], others: &[(&str, &str)]) -> Option<String> {
    let mut all = String::new();
    for (name, text) in texts {
        all.push_str(&format!(" {name}={}", quoted(text)?));
    }
    for (name, value) in others {
        all.push_str(&format!(" {name}={{{value}}}"));
    }
    (all.len() <= LONGEST).then_some(all)
}

/// A text between quotes that are not in it.
fn quoted(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_odd = ["}}", "%}", "{{", "{%", "{#", "\\"].iter().any(|mark| text.contains(mark));
    let quote = ['"', '\'', '`'].into_iter().find(|quote| !text.contains(*quote))?;
    (!is_odd).then(|| format!("{quote}{text}{quote}"))
}

/// The Markdown for a `figure`.
pub(super) fn figure(figure: &Element) -> Figure {
    let caption = figure.elements().find(|one| one.name == "figcaption");
    let is_plain = caption.is_none_or(|one| one.count(&["span", "br"]) == one.count(&ANY));
    let words = caption.map(Element::text).filter(|words| !words.is_empty());
    let pictures = figure.count(&["img"]);
    if let Some(frame) = figure.find(&["iframe"]) {
        let embed = embed(frame, words.filter(|_| is_plain).as_deref());
        return embed.map_or(Figure::Html, Figure::Text);
    }
    if let Some(quote) = figure.elements().find(|one| one.name == "blockquote") {
        return pulled(quote, words);
    }
    let is_other = figure.count(&["video", "audio", "table", "pre", "ul", "ol", "details", "dl"]) > 0;
    match (pictures, is_other, words) {
        (_, true, None) if figure.count(&["video", "audio"]) == 0 && figure.count(&["img"]) == 0 => {
            Figure::Children
        }
        (1, false, words) => lone(figure, words.as_deref(), is_plain),
        (2.., _, words) if figure.count(&["video", "audio", "table", "pre"]) == 0 => {
            gallery(figure, words.filter(|_| is_plain)).map_or(Figure::Html, Figure::Text)
        }
        (0, false, None) => Figure::Children,
        _ => Figure::Html,
    }
}

/// Elements that a caption may have, and that the text of a component can't.
const ANY: [&str; 16] = [
    "span", "br", "a", "em", "i", "strong", "b", "code", "sub", "sup", "mark", "cite", "small", "p", "img",
    "u",
];

fn pulled(quote: &Element, words: Option<String>) -> Figure {
    let is_cite = |node: &Node| node.element().is_some_and(|one| one.name == "cite");
    let cite = quote.children.iter().find(|node| is_cite(node)).and_then(Node::element).map(Element::text);
    let rest = quote.children.iter().filter(|node| !is_cite(node)).cloned().collect();
    Figure::Quote { quote: rest, by: words.or(cite).filter(|by| !by.is_empty()) }
}

/// A figure of one picture.
fn lone(figure: &Element, words: Option<&str>, is_plain: bool) -> Figure {
    let Some((image, src)) = figure.find(&["img"]).and_then(|one| Some((one, one.get("src")?))) else {
        return Figure::Children;
    };
    let alt = image.get("alt").unwrap_or_default();
    let link =
        figure.find(&["a"]).filter(|link| link.find(&["img"]).is_some()).and_then(|link| link.get("href"));
    let link = link.filter(|link| !is_picture(link));
    let is_wide = figure.has_class("alignwide")
        || figure.has_class("alignfull")
        || figure.has_class("kg-width-wide")
        || figure.has_class("kg-width-full");
    match (words, link) {
        (None, None) if !is_wide => Figure::Text(picture(src, alt)),
        (None, Some(link)) => {
            Figure::Text(format!("[{}]({})", picture(src, alt), super::inline::destination(link)))
        }
        (words, None) if is_plain => {
            let mut texts = vec![("src", src.to_owned()), ("alt", alt.to_owned())];
            texts.extend(words.map(|words| ("caption", words.to_owned())));
            let wide: &[(&str, &str)] = if is_wide { &[("wide", "true")] } else { &[] };
            component("figure", &texts, wide).map_or(Figure::Html, Figure::Text)
        }
        _ => Figure::Html,
    }
}

/// True if `link` leads to a picture.
fn is_picture(link: &str) -> bool {
    let path = link.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"].iter().any(|ending| path.ends_with(ending))
}

/// A figure of several pictures.
fn gallery(figure: &Element, words: Option<String>) -> Option<String> {
    let mut pictures = Vec::new();
    gather(figure, &mut pictures);
    let pictures: Vec<(String, String, String)> = pictures;
    gallery_of(&pictures, words)
}

/// The component of pictures: source, description and caption of each.
pub(crate) fn gallery_of(pictures: &[(String, String, String)], words: Option<String>) -> Option<String> {
    let one = |(src, alt, caption): &(String, String, String)| {
        let (src, alt) = (quoted(src)?, quoted(alt)?);
        let caption = match caption.as_str() {
            "" => String::new(),
            caption => format!(", \"caption\": {}", quoted(caption)?),
        };
        Some(format!("{{\"src\": {src}, \"alt\": {alt}{caption}}}"))
    };
    let all: Option<Vec<String>> = pictures.iter().map(one).collect();
    let all = all.filter(|all| !all.is_empty())?;
    let texts: Vec<_> = words.into_iter().map(|words| ("caption", words)).collect();
    component("gallery", &texts, &[("pictures", &format!("[{}]", all.join(", ")))])
}

fn gather(element: &Element, pictures: &mut Vec<(String, String, String)>) {
    for one in element.elements() {
        let caption = one.elements().find(|one| one.name == "figcaption").map(Element::text);
        if one.count(&["img"]) == 1
            && let (Some(image), Some(caption)) = (one.find(&["img"]), caption)
            && let Some(src) = image.get("src")
        {
            pictures.push((src.to_owned(), image.get("alt").unwrap_or_default().to_owned(), caption));
        } else if one.name == "img" {
            if let Some(src) = one.get("src") {
                pictures.push((src.to_owned(), one.get("alt").unwrap_or_default().to_owned(), String::new()));
            }
        } else {
            gather(one, pictures);
        }
    }
}

/// An embedded page as a link: the component `embed`.
pub(super) fn embed(frame: &Element, title: Option<&str>) -> Option<String> {
    let title = title.or_else(|| frame.get("title"));
    embed_of(frame.get("src").or_else(|| frame.get("data-src"))?, title)
}

/// The component for the page at `address`.
pub(crate) fn embed_of(address: &str, title: Option<&str>) -> Option<String> {
    let full = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let url = Url::parse(&full).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let (url, from) = watched(&url);
    let title =
        title.map(str::trim).filter(|title| !title.is_empty()).map_or_else(|| from.clone(), str::to_owned);
    let mut texts = vec![("url", url), ("title", title.clone())];
    if title != from {
        texts.push(("from", from));
    }
    component("embed", &texts, &[])
}

/// The page for people of an embedded player, and the name of its host.
fn watched(url: &Url) -> (String, String) {
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_owned();
    match host.as_str() {
        "youtube.com" | "youtube-nocookie.com"
            if url.path().starts_with("/embed/") && last != "videoseries" =>
        {
            (format!("https://www.youtube.com/watch?v={last}"), "YouTube".to_owned())
        }
        "youtube.com" | "youtu.be" | "m.youtube.com" => (url.to_string(), "YouTube".to_owned()),
        "player.vimeo.com" => (format!("https://vimeo.com/{last}"), "Vimeo".to_owned()),
        "vimeo.com" => (url.to_string(), "Vimeo".to_owned()),
        _ => (url.to_string(), host),
    }
}

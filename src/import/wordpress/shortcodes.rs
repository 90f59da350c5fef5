//! Shortcodes: those of WordPress itself become HTML, all others stay as they are and are reported.

use std::collections::{HashMap, HashSet};

use super::super::html::one_line;
use crate::model::html::escape;

/// A file of the library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attachment {
    /// Its URL.
    pub(super) url: String,
    /// Its title.
    pub(super) title: String,
    /// Its description.
    pub(super) alt: String,
    /// The text below it.
    pub(super) caption: String,
    /// The post to which it was uploaded.
    pub(super) parent: u64,
}

/// The targets of shortcodes.
pub(super) struct Around<'a> {
    /// Files of the library, by number.
    pub(super) files: &'a HashMap<u64, Attachment>,
    /// The number of the post.
    pub(super) post: u64,
}

/// A shortcode in a text.
struct Call<'a> {
    name: &'a str,
    attributes: Vec<(String, String)>,
    /// The text between it and its end, if it has one.
    content: Option<&'a str>,
    /// The length of the whole in the text.
    length: usize,
}

impl Call<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(known, _)| known == name)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The values without names, in order.
    fn bare(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(|(name, _)| name.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The first of these attributes, the first bare value, or the content.
    fn address(&self, names: &[&str]) -> Option<String> {
        let named = names.iter().find_map(|name| self.get(name));
        let found = named.or_else(|| self.bare().next()).or(self.content).map(str::trim)?;
        (!found.is_empty()).then(|| found.trim_start_matches('=').replace("&amp;", "&"))
    }
}

/// Plugins' shortcodes that show something; a word in brackets with another name is only a word.
const FOREIGN: [&str; 14] = [
    "contact-form-7",
    "contact-form",
    "ninja_form",
    "gravityform",
    "wpforms",
    "mc4wp_form",
    "rev_slider",
    "ngg",
    "products",
    "woocommerce_cart",
    "do_widget",
    "toc",
    "table",
    "forminator_form",
];

/// The most shortcodes of a text: each may look through the rest of it.
const MOST: usize = 2_000;

/// `text` with HTML in the place of its shortcodes; the names of those that stay are added to `unknown`.
pub(super) fn replaced(text: &str, around: &Around<'_>, unknown: &mut Vec<String>) -> String {
    if !text.contains('[') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut count, mut endless) = (text, 0, HashSet::new());
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = if count > MOST { None } else { call(from, &mut endless) };
        count += usize::from(found.is_some());
        // `[[gallery]]` shows `[gallery]`.
        if let Some(inner) = from.strip_prefix('[').filter(|inner| inner.starts_with('[') && count <= MOST)
            && let Some(call) = call(inner, &mut endless)
            && inner.get(call.length..).is_some_and(|behind| behind.starts_with(']'))
        {
            count += 1;
            let shown = inner.get(..call.length).unwrap_or_default();
            out.push_str(&shown.replace('[', "&#91;").replace(']', "&#93;"));
            rest = inner.get(call.length + 1..).unwrap_or_default();
            continue;
        }
        match found {
            Some(call) => match html(&call, around, unknown) {
                Some(html) => {
                    out.push_str(&html);
                    rest = from.get(call.length..).unwrap_or_default();
                }
                None => {
                    let is_code = call.content.is_some() || !call.attributes.is_empty();
                    if is_code || FOREIGN.contains(&call.name) {
                        unknown.push(call.name.to_owned());
                    }
                    out.push('[');
                    rest = from.get(1..).unwrap_or_default();
                }
            },
            None => {
                out.push('[');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The shortcode at the beginning of `text`. The names in `endless` have no end tag behind here.
fn call<'a>(text: &'a str, endless: &mut HashSet<&'a str>) -> Option<Call<'a>> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')))?;
    let name = inner.get(..end).filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let rest = inner.get(end..)?;
    if !rest.starts_with([']', ' ', '\n', '/', '=', '\u{a0}']) {
        return None;
    }
    let close = close(rest)?;
    let written = rest.get(..close)?;
    let is_closed = written.ends_with('/');
    let attributes = attributes(written.trim_end_matches('/'));
    let head = 1 + end + close + 1;
    let behind = text.get(head..)?;
    let closing = format!("[/{name}]");
    let end = if is_closed || endless.contains(name) { None } else { behind.find(&closing) };
    if end.is_none() && !is_closed {
        endless.insert(name);
    }
    let content = end.and_then(|at| behind.get(..at));
    let length = head + content.map_or(0, |content| content.len() + closing.len());
    Some(Call { name, attributes, content, length })
}

/// The position of the `]` that ends a shortcode, outside of quotes and tags.
fn close(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices().take(4_000) {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, ']') => return Some(at),
            (None, '[') => return None,
            _ => {}
        }
    }
    // A quotation mark that nothing closes is a letter.
    let found = text.char_indices().take(4_000).find(|(_, letter)| matches!(letter, ']' | '['));
    found.filter(|(_, letter)| *letter == ']').map(|(at, _)| at)
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let text = text.replace(['\u{201c}', '\u{201d}', '\u{2033}'], "\"").replace('\u{a0}', " ");
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && all.len() < 64 {
        let name_end =
            rest.find(|letter: char| letter == '=' || letter.is_whitespace() || matches!(letter, '"' | '\''));
        let (name, behind) = rest.split_at(name_end.unwrap_or(rest.len()));
        let behind = behind.trim_start();
        let (name, behind) = match behind.strip_prefix('=') {
            Some(behind) if !name.is_empty() => (name.to_ascii_lowercase(), behind.trim_start()),
            _ if !name.is_empty() => {
                all.push((String::new(), name.to_owned()));
                rest = behind;
                continue;
            }
            _ => (String::new(), behind.trim_start_matches('=')),
        };
        let (value, after) = match behind.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = behind.get(1..).unwrap_or_default();
                match inner.split_once(quote) {
                    Some((value, after)) => (value, after),
                    None => (inner, ""),
                }
            }
            _ => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
        };
        all.push((name, value.to_owned()));
        rest = after.trim_start();
    }
    all
}

/// The HTML of a shortcode that WordPress has itself.
fn html(call: &Call<'_>, around: &Around<'_>, unknown: &mut Vec<String>) -> Option<String> {
    Some(match call.name {
        "caption" | "wp_caption" => caption(call, around, unknown)?,
        "gallery" => gallery(call, around)?,
        "embed" | "youtube" | "vimeo" | "dailymotion" | "ted" | "wpvideo" => embed(call)?,
        "audio" => media("audio", call.address(&["src", "mp3", "m4a", "ogg", "wav", "wma"])?, call),
        "video" => media("video", call.address(&["src", "mp4", "m4v", "webm", "ogv", "flv"])?, call),
        "playlist" => playlist(call, around)?,
        "code" | "sourcecode" | "sourcecodeplus" => {
            let language = call.get("language").or_else(|| call.get("lang")).unwrap_or_default();
            let code = call.content?.trim_matches(['\n', '\r']);
            let decoded =
                code.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            format!("<pre><code class=\"language-{}\">{}</code></pre>", escape(language), escape(&decoded))
        }
        _ => return None,
    })
}

/// `[caption]`: a picture, perhaps in a link, and text after it.
fn caption(call: &Call<'_>, around: &Around<'_>, unknown: &mut Vec<String>) -> Option<String> {
    let content = call.content?.trim();
    let end = content.find("<img").and_then(|at| content.get(at..)?.find('>').map(|end| at + end + 1))?;
    let link = content.get(end..)?.trim_start();
    let picture_end = match link.strip_prefix("</a>") {
        Some(rest) => content.len() - rest.len(),
        None => end,
    };
    let (picture, words) = content.split_at(picture_end);
    let words = call.get("caption").map_or_else(|| words.trim().to_owned(), str::to_owned);
    let words = replaced_inner(&words, around, unknown);
    let class = call.get("align").unwrap_or_default();
    Some(format!("<figure class=\"{}\">{picture}<figcaption>{words}</figcaption></figure>", escape(class)))
}

/// A caption's own shortcodes, one level deep.
fn replaced_inner(words: &str, around: &Around<'_>, unknown: &mut Vec<String>) -> String {
    if words.contains("[caption") || words.contains("[wp_caption") {
        return words.replace('[', "&#91;");
    }
    replaced(words, around, unknown)
}

/// The files of `ids`, else those that were uploaded to the post.
fn files<'a>(call: &Call<'_>, around: &Around<'a>) -> Vec<&'a Attachment> {
    let ids = call.get("ids").or_else(|| call.get("include"));
    match ids {
        Some(ids) => {
            let numbers = ids.split([',', ' ']).filter_map(|id| id.trim().parse::<u64>().ok());
            numbers.filter_map(|id| around.files.get(&id)).take(500).collect()
        }
        None => {
            let post = call.get("id").and_then(|id| id.parse().ok()).unwrap_or(around.post);
            let mut own: Vec<_> =
                around.files.iter().filter(|(_, file)| file.parent == post && post > 0).collect();
            own.sort_by_key(|(id, _)| **id);
            own.into_iter().map(|(_, file)| file).take(500).collect()
        }
    }
}

fn gallery(call: &Call<'_>, around: &Around<'_>) -> Option<String> {
    let all: Vec<String> =
        files(call, around).into_iter().filter(|file| is_picture(&file.url)).map(figure).collect();
    (!all.is_empty()).then(|| format!("<figure class=\"wp-block-gallery\">{}</figure>", all.concat()))
}

/// A picture of the library as a figure.
pub(super) fn figure(file: &Attachment) -> String {
    let words = one_line(&file.caption);
    let caption =
        if words.is_empty() { String::new() } else { format!("<figcaption>{}</figcaption>", escape(&words)) };
    format!("<figure><img src=\"{}\" alt=\"{}\">{caption}</figure>", escape(&file.url), escape(&file.alt))
}

fn playlist(call: &Call<'_>, around: &Around<'_>) -> Option<String> {
    let items = files(call, around).into_iter().filter(|file| !is_picture(&file.url)).map(|file| {
        let title = if file.title.is_empty() { &file.url } else { &file.title };
        format!("<li><a href=\"{}\">{}</a></li>", escape(&file.url), escape(title))
    });
    let items: String = items.collect();
    (!items.is_empty()).then(|| format!("<ul>{items}</ul>"))
}

/// True if `url` leads to a picture.
pub(super) fn is_picture(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

fn embed(call: &Call<'_>) -> Option<String> {
    let address = call.address(&["src", "url", "id"])?;
    let is_name = address.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let address = match (call.name, is_name) {
        ("youtube", true) => format!("https://www.youtube.com/watch?v={address}"),
        ("vimeo", true) => format!("https://vimeo.com/{address}"),
        ("dailymotion", true) => format!("https://www.dailymotion.com/video/{address}"),
        _ => address,
    };
    address.starts_with("http").then(|| frame(&address))
}

/// The element that becomes the component for an embedded page.
pub(super) fn frame(address: &str) -> String {
    format!("<iframe src=\"{}\"></iframe>", escape(address))
}

fn media(element: &str, address: String, call: &Call<'_>) -> String {
    let poster =
        call.get("poster").map(|poster| format!(" poster=\"{}\"", escape(poster))).unwrap_or_default();
    format!("<figure><{element} controls src=\"{}\"{poster}></{element}></figure>", escape(&address))
}

/// `text` with an embedded page in the place of each line that is nothing but an address.
pub(super) fn embedded_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let bare = line.trim();
        let is_address = (bare.starts_with("https://") || bare.starts_with("http://"))
            && !bare
                .contains(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '['));
        if is_address { frame(&bare.replace("&amp;", "&")) } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::html::markdown;
    use super::*;

    #[test]
    fn shortcodes_of_wordpress_become_components() {
        let file = |url: &str| Attachment {
            url: url.to_owned(),
            alt: "A".to_owned(),
            parent: 7,
            ..Attachment::default()
        };
        let files = HashMap::from([
            (1, file("https://a.example/1.jpg")),
            (2, file("https://a.example/2.jpg")),
            (3, file("https://a.example/3.mp3")),
        ]);
        let around = Around { files: &files, post: 7 };
        for (text, expected) in [
            (
                "[caption id=\"x\" align=\"alignleft\" width=\"3\"]<a href=\"/b\"><img src=\"/a.jpg\" alt=\"q\" /></a> Low <em>tide</em>[/caption]",
                "<figure class=\"alignleft\"><a href=\"/b\"><img src=\"/a.jpg\" alt=\"q\"></a><figcaption>Low <em>tide</em></figcaption></figure>",
            ),
            (
                "[caption]<img src=\"/a.jpg\" />Low tide[/caption]",
                "{{ <figure src=\"/a.jpg\" alt=\"\" caption=\"Low tide\" /> }}",
            ),
            (
                "[gallery ids=\"2, 1\"]",
                "{{ <gallery pictures={[{\"src\": \"https://a.example/2.jpg\", \"alt\": \"A\"}, {\"src\": \"https://a.example/1.jpg\", \"alt\": \"A\"}]} /> }}",
            ),
            (
                "[gallery]",
                "{{ <gallery pictures={[{\"src\": \"https://a.example/1.jpg\", \"alt\": \"A\"}, {\"src\": \"https://a.example/2.jpg\", \"alt\": \"A\"}]} /> }}",
            ),
            (
                "[embed]https://vimeo.com/12[/embed]",
                "{{ <embed url=\"https://vimeo.com/12\" title=\"Vimeo\" /> }}",
            ),
            (
                "[youtube=https://www.youtube.com/watch?v=ab]",
                "{{ <embed url=\"https://www.youtube.com/watch?v=ab\" title=\"YouTube\" /> }}",
            ),
            ("[audio mp3=\"/a.mp3\"][/audio]", "<figure><audio controls src=\"/a.mp3\"></audio></figure>"),
            ("[playlist ids=3]", "- <https://a.example/3.mp3>"),
            ("[code language=\"php\"]\na &lt; b\n[/code]", "```php\na < b\n```"),
            ("[[gallery]] [sic]", "\\[gallery\\] \\[sic\\]"),
        ] {
            let mut unknown = Vec::new();
            assert_eq!(markdown(&replaced(text, &around, &mut unknown)).markdown, expected, "{text}");
            assert_eq!(unknown, [""; 0], "{text}");
        }
    }

    #[test]
    fn shortcodes_of_plugins_stay_and_are_reported() {
        let around = Around { files: &HashMap::new(), post: 0 };
        for (text, name) in
            [("[contact-form-7 id=\"5\"]", "contact-form-7"), ("[box]a[/box]", "box"), ("[toc]", "toc")]
        {
            let mut unknown = Vec::new();
            assert_eq!(replaced(text, &around, &mut unknown), text);
            assert_eq!(unknown, [name]);
        }
    }

    #[test]
    fn brackets_without_end_take_no_time() {
        let around = Around { files: &HashMap::new(), post: 0 };
        for text in
            ["[a ".repeat(200_000), "[a]".repeat(200_000), "[caption]".repeat(100_000), "[".repeat(500_000)]
        {
            assert_eq!(replaced(&text, &around, &mut Vec::new()).len(), text.len());
        }
    }
}

//! The tags that Hexo has.

use std::collections::HashMap;

use crate::import::body::Names as Addresses;
use crate::import::components::{around, block, component, fence, link};
use crate::import::shortcodes::{Becomes, Call};

/// The text that says the same as `call`.
pub(super) fn own(
    call: &Call<'_>,
    addresses: &Addresses,
    titles: &HashMap<String, String>,
) -> Option<Becomes> {
    let words = &call.arguments.plain;
    let get = |at: usize| words.get(at).map(String::as_str);
    Some(Becomes::Text(match call.name {
        "post_link" | "post_path" => {
            let url =
                addresses.find(&format!("_posts/{}", get(0)?), "").or_else(|| addresses.find(get(0)?, ""))?;
            match call.name {
                "post_path" => url,
                _ => link(
                    &words
                        .get(1..)
                        .map(|rest| rest.join(" "))
                        .filter(|text| !text.is_empty())
                        .or_else(|| titles.get(&url).cloned().filter(|title| !title.is_empty()))
                        .unwrap_or_else(|| url.clone()),
                    &url,
                ),
            }
        }
        "asset_path" => get(0)?.to_owned(),
        "asset_link" => link(&words.get(1..)?.join(" "), get(0)?),
        "asset_img" | "img" => {
            let is_file = |word: &&String| {
                word.rsplit_once('.').is_some_and(|(_, end)| end.len() <= 5 && !end.is_empty())
            };
            let at = words.iter().position(|word| is_file(&word))?;
            let text =
                words.get(at + 1..)?.iter().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
            let text = text.cloned().collect::<Vec<_>>().join(" ");
            block(&component(
                "figure",
                // Its texts are those of attributes, which nobody sees below the picture.
                &[("src", words.get(at)?), ("alt", text.trim())],
            ))
        }
        "codeblock" | "code" => {
            let language = call.arguments.get(&["lang"], usize::MAX).unwrap_or_default();
            fence(language, call.raw_inner?)
        }
        "blockquote" | "quote" => {
            let by = call.rest.split("http").next().unwrap_or_default().trim().trim_end_matches(',');
            let source = words.iter().find(|word| word.contains("://")).map_or("", String::as_str);
            block(&around("quote", &[("by", by), ("source", source)], call.inner.as_deref()?))
        }
        "pullquote" => {
            block(&around("quote", &[], call.inner.as_deref()?).replacen("> %}", " pull={true}> %}", 1))
        }
        "link" => {
            let at = words.iter().position(|word| word.contains("://"))?;
            let text = words.get(..at)?.join(" ");
            link(if text.is_empty() { words.get(at)? } else { &text }, words.get(at)?)
        }
        "note" => block(&around("note", &[("kind", get(0).unwrap_or("note"))], call.inner.as_deref()?)),
        _ => return None,
    }))
}

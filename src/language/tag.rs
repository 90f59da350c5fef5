//! Language tags (BCP 47).

use std::fmt;

/// Codes that BCP 47's registry and CLDR have replaced, and the ones that took their place.
const ALIASES: [(&str, &str); 6] =
    [("iw", "he"), ("in", "id"), ("ji", "yi"), ("mo", "ro"), ("nb", "no"), ("tl", "fil")];

/// Scripts that a language without one is written in, by language and region, where CLDR's likely subtags have another
/// than the language's usual one.
const SCRIPTS: [(&str, &str, &str); 4] =
    [("zh", "TW", "Hant"), ("zh", "HK", "Hant"), ("zh", "MO", "Hant"), ("sr", "ME", "Latn")];

/// A well-formed language tag in the case that BCP 47 recommends: `de-AT`, `zh-Hant-HK`, `fa-u-nu-latn`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    text: String,
    language: String,
    script: Option<String>,
    region: Option<String>,
    /// Variants, in their order.
    variants: Vec<String>,
    /// Keys and values of the extension `u` (Unicode).
    unicode: Vec<(String, String)>,
}

impl Tag {
    /// Reads a tag; an underscore counts as a hyphen, as in `en_GB`. `None` if it is not well-formed.
    pub fn parse(written: &str) -> Option<Tag> {
        let written = written.trim().replace('_', "-");
        let parts: Vec<&str> = written.split('-').collect();
        let is = |part: &&str, letters: std::ops::RangeInclusive<usize>, fits: fn(&u8) -> bool| {
            letters.contains(&part.len()) && part.as_bytes().iter().all(fits)
        };
        let mut rest = parts.as_slice();
        let (language, after) = rest.split_first()?;
        if !is(language, 2..=8, u8::is_ascii_alphabetic) || language.len() == 4 {
            return None;
        }
        rest = after;
        let mut take = |fits: &dyn Fn(&&str) -> bool| {
            let (first, after) = rest.split_first()?;
            fits(first).then(|| {
                rest = after;
                (*first).to_owned()
            })
        };
        let script = take(&|part| is(part, 4..=4, u8::is_ascii_alphabetic)).map(|one| capitalised(&one));
        let region =
            take(&|part| is(part, 2..=2, u8::is_ascii_alphabetic) || is(part, 3..=3, u8::is_ascii_digit));
        let mut variants = Vec::new();
        let is_variant = |part: &&str| {
            is(part, 5..=8, u8::is_ascii_alphanumeric)
                || (is(part, 4..=4, u8::is_ascii_alphanumeric) && part.as_bytes()[0].is_ascii_digit())
        };
        while let Some(variant) = take(&is_variant) {
            variants.push(variant.to_lowercase());
        }
        let unicode = extensions(rest)?;
        let mut tag = Tag {
            text: String::new(),
            language: language.to_lowercase(),
            script,
            region: region.map(|region| region.to_uppercase()),
            variants,
            unicode,
        };
        tag.text = tag.base();
        for part in rest {
            tag.text.push('-');
            tag.text.push_str(&part.to_lowercase());
        }
        Some(tag)
    }

    /// The whole tag.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The language's code.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The value of `key` in the extension `u`: `latn` for `nu` in `fa-u-nu-latn`.
    pub fn extension(&self, key: &str) -> Option<&str> {
        self.unicode.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The tag without extensions.
    fn base(&self) -> String {
        let parts = [Some(&self.language), self.script.as_ref(), self.region.as_ref()];
        let parts: Vec<&str> =
            parts.into_iter().flatten().chain(&self.variants).map(String::as_str).collect();
        parts.join("-")
    }

    /// The tags to look for, the nearest first: this one, and it with ever more taken off its end (RFC 4647, section
    /// 3.4). `zh-TW` leads to `zh-Hant` before it leads to `zh`, and an old code to its new one.
    pub fn chain(&self) -> Vec<String> {
        let mut chain: Vec<String> = Vec::new();
        let mut add = |tag: &Tag| {
            let base = tag.base();
            let ends = base.match_indices('-').map(|(at, _)| at).chain([base.len()]).collect::<Vec<_>>();
            for end in ends.into_iter().rev() {
                let shorter = base[..end].to_owned();
                if !chain.contains(&shorter) {
                    chain.push(shorter);
                }
            }
        };
        add(self);
        if let Some(script) = self.likely_script() {
            let scripted = Tag { script: Some(script.to_owned()), ..self.clone() };
            add(&scripted);
            // The language alone is the last resort.
            chain.retain(|known| *known != self.language);
            chain.push(self.language.clone());
        }
        let current = ALIASES.iter().find(|(old, _)| *old == self.language);
        if let Some((_, new)) = current {
            chain.extend(Tag { language: (*new).to_owned(), ..self.clone() }.chain());
        }
        chain
    }

    /// The script that the language is written in there, if the tag names none and it matters.
    fn likely_script(&self) -> Option<&'static str> {
        if self.script.is_some() {
            return None;
        }
        let region = self.region.as_deref().unwrap_or_default();
        let known = SCRIPTS.iter().find(|(language, of, _)| *language == self.language && *of == region);
        known.map(|(_, _, script)| *script).or((self.language == "zh").then_some("Hans"))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn capitalised(word: &str) -> String {
    let lower = word.to_lowercase();
    let mut letters = lower.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The extension `u` among extensions and what is for private use. `None` if they are not well-formed.
fn extensions(parts: &[&str]) -> Option<Vec<(String, String)>> {
    let mut unicode: Vec<(String, String)> = Vec::new();
    let mut singleton = None;
    for part in parts {
        let fits = (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits || (singleton.is_none() && part.len() != 1) {
            return None;
        }
        let lower = part.to_lowercase();
        match (singleton, part.len(), unicode.last_mut()) {
            (Some('x'), ..) => {}
            (_, 1, _) => singleton = lower.chars().next(),
            (Some('u'), 2, _) => unicode.push((lower, String::new())),
            (Some('u'), _, Some((_, value))) => {
                if !value.is_empty() {
                    value.push('-');
                }
                value.push_str(&lower);
            }
            _ => {}
        }
    }
    Some(unicode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_the_case_that_bcp_47_recommends() {
        for (written, expected) in [
            ("DE", Some("de")),
            ("en_gb", Some("en-GB")),
            ("zh-hant-hk", Some("zh-Hant-HK")),
            ("es-419", Some("es-419")),
            ("sl-rozaj-biske", Some("sl-rozaj-biske")),
            ("de-1901", Some("de-1901")),
            ("FA-IR-U-NU-LATN-CA-GREGORY", Some("fa-IR-u-nu-latn-ca-gregory")),
            ("en-x-harbour", Some("en-x-harbour")),
            ("", None),
            ("e", None),
            ("latn", None),
            ("en-", None),
            ("en-gb-oops!", None),
            ("12-DE", None),
        ] {
            assert_eq!(Tag::parse(written).as_ref().map(Tag::as_str), expected, "{written}");
        }
        let tag = Tag::parse("fa-u-nu-latn-ca-gregory").unwrap();
        assert_eq!(
            (tag.extension("nu"), tag.extension("ca"), tag.extension("co")),
            (Some("latn"), Some("gregory"), None)
        );
    }

    #[test]
    fn a_tag_falls_back_by_losing_its_end() {
        for (tag, expected) in [
            ("de-AT", "de-AT de"),
            ("de", "de"),
            ("zh-Hant-HK", "zh-Hant-HK zh-Hant zh"),
            ("zh-TW", "zh-TW zh-Hant-TW zh-Hant zh"),
            ("zh-CN", "zh-CN zh-Hans-CN zh-Hans zh"),
            ("zh", "zh-Hans zh"),
            ("sr-ME", "sr-ME sr-Latn-ME sr-Latn sr"),
            ("iw-IL", "iw-IL iw he-IL he"),
            ("nb", "nb no"),
            ("de-AT-u-nu-latn", "de-AT de"),
        ] {
            assert_eq!(Tag::parse(tag).unwrap().chain().join(" "), expected, "{tag}");
        }
    }
}

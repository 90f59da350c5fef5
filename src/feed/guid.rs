//! The id of an entry in each format. RSS and JSON Feed take any string, so they have the article's id to the letter.
//! Atom takes only URIs (RFC 4287, section 4.2.6), so an id that is none has a second form there.

use std::borrow::Cow;

use crate::model::url::percent_encode;

/// The form of `id` in Atom: itself where it is a URI, `urn:uuid:` of a UUID, else a `tag:` URI (RFC 4151) of the tag
/// `authority`, such as `example.org,2019`. Two ids with one form are the same to every reader.
pub fn atom_id<'a>(id: &'a str, authority: &str) -> Cow<'a, str> {
    if is_uri(id) {
        return Cow::Borrowed(id);
    }
    Cow::Owned(match is_uuid(id) {
        // The output form has small letters (RFC 9562, section 4).
        true => format!("urn:uuid:{}", id.to_ascii_lowercase()),
        false => format!("tag:{authority}:guid:{}", percent_encode(id)),
    })
}

/// True for a text with the scheme of a URI (RFC 3986, section 3.1) and without blanks. Readers take other letters that a
/// URI may not have as they are, so an id that has always had them stays.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
    is_scheme && !rest.is_empty() && !rest.contains(is_blank)
}

/// True for a UUID in its usual form of 36 characters (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atom_has_a_uri_for_every_id() {
        let same = [
            "tag:example.org,2014-02-14:news/ferry",
            "https://example.org/?p=12",
            "urn:uuid:9c3a1f52-2f2b-4e52-8b0a-0d8f3f6f7c11",
            "https://example.org/\u{e9}t\u{e9}",
        ];
        for id in same {
            assert_eq!(atom_id(id, "example.org,2019"), id);
        }
        for (id, expected) in [
            ("9C3A1F52-2f2b-4e52-8b0a-0d8f3f6f7c11", "urn:uuid:9c3a1f52-2f2b-4e52-8b0a-0d8f3f6f7c11"),
            ("Podhost-1234567", "tag:example.org,2019:guid:Podhost-1234567"),
            ("5f3e1c0d9b8a7f6e5d4c3b2a", "tag:example.org,2019:guid:5f3e1c0d9b8a7f6e5d4c3b2a"),
            ("4711", "tag:example.org,2019:guid:4711"),
            ("4711 at https://example.org", "tag:example.org,2019:guid:4711%20at%20https://example.org"),
            ("/blog/first", "tag:example.org,2019:guid:/blog/first"),
            ("https://example.org/a b", "tag:example.org,2019:guid:https://example.org/a%20b"),
            ("100%", "tag:example.org,2019:guid:100%25"),
        ] {
            assert_eq!(atom_id(id, "example.org,2019"), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_form_of_any_id_is_a_uri_and_its_own_form(id in ".*") {
            let form = atom_id(&id, "example.org,2019");
            proptest::prop_assert!(is_uri(&form), "{form}");
            proptest::prop_assert_eq!(&atom_id(&form, "example.com,2020"), &form);
        }
    }
}

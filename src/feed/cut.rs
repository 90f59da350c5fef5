//! Cuts a published feed into its entries, byte for byte, so that another version of the feed can have them unchanged.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::read;

#[derive(Deserialize)]
struct Items<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

/// The entries of the feed `bytes`, each with its id; empty if they can't be told apart.
pub fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Some(found) = read::read(bytes) else { return Vec::new() };
    let pieces = match bytes.first() {
        Some(b'{') => items(bytes),
        _ => ["item", "entry"].iter().find_map(|name| elements(bytes, name.as_bytes())),
    };
    let pieces = pieces.filter(|pieces| pieces.len() == found.entries.len()).unwrap_or_default();
    found.entries.into_iter().map(|entry| entry.id).zip(pieces).collect()
}

/// The items of a JSON Feed, in order.
fn items(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let all: Items<'_> = serde_json::from_slice(bytes).ok()?;
    Some(all.items.iter().map(|item| item.get().as_bytes().to_vec()).collect())
}

/// The elements `name` of an XML document, in order; `None` if it has none.
fn elements(bytes: &[u8], name: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut reader = Reader::from_reader(bytes);
    let (mut found, mut open): (Vec<Vec<u8>>, Option<usize>) = (Vec::new(), None);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Start(start) if start.name().as_ref() == name => {
                open.get_or_insert(before);
            }
            Event::End(end) if end.name().as_ref() == name => {
                let after = usize::try_from(reader.buffer_position()).ok()?;
                found.push(bytes.get(open.take()?..after)?.to_vec());
            }
            Event::Eof => return Some(found).filter(|found| !found.is_empty()),
            _ => {}
        }
    }
}

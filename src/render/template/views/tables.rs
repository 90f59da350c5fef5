//! Tables of a text in boxes that scroll and that the keyboard reaches.

use std::borrow::Cow;

use memchr::memmem::{find, find_iter};

use crate::model::html::escape;

/// The beginning of a table as Markdown is rendered.
const TABLE: &str = "<table><thead><tr>";
const HEAD_END: &str = "</tr></thead>";
const END: &str = "</table>";

/// `html` with a box around each table of Markdown. The box has the names of the columns as its own.
pub fn framed(html: &str) -> Cow<'_, str> {
    let Some(mut at) = find(html.as_bytes(), TABLE.as_bytes()) else { return Cow::Borrowed(html) };
    let mut made = String::with_capacity(html.len() + 256);
    let mut rest = html;
    loop {
        let (before, table) = rest.split_at(at);
        made.push_str(before);
        let end = end_of(table).unwrap_or(table.len());
        let (table, after) = table.split_at(end);
        match table.strip_suffix(END) {
            Some(_) => add(table, &mut made),
            None => made.push_str(table),
        }
        rest = after;
        match find(rest.as_bytes(), TABLE.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    made.push_str(rest);
    Cow::Owned(made)
}

/// The end of the table at the beginning of `html`, which may have others inside.
fn end_of(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut opens = find_iter(bytes, "<table").skip(1).peekable();
    let mut depth = 1;
    for end in find_iter(bytes, END) {
        while opens.next_if(|open| *open < end).is_some() {
            depth += 1;
        }
        depth -= 1;
        if depth == 0 {
            return Some(end + END.len());
        }
    }
    None
}

fn add(table: &str, made: &mut String) {
    let head = &table[TABLE.len()..find(table.as_bytes(), HEAD_END.as_bytes()).unwrap_or(TABLE.len())];
    let cells: Vec<&str> = head.split("</th>").filter_map(|cell| Some(cell.split_once('>')?.1)).collect();
    let names: Vec<String> = cells.iter().map(|cell| plain(cell)).filter(|name| !name.is_empty()).collect();
    made.push_str("<div class=\"table\"");
    if !names.is_empty() {
        made.extend([" role=\"group\" aria-label=\"", &names.join(", "), "\""]);
    }
    made.push_str(" tabindex=\"0\">");
    if names.len() == cells.len() {
        made.push_str(table);
    } else {
        // A head without words is no head.
        made.push_str(TABLE);
        for cell in head.split_inclusive("</th>") {
            match cell.strip_suffix("</th>").and_then(|cell| cell.split_once('>')) {
                Some((_, content)) if plain(content).is_empty() => made.extend(["<td>", content, "</td>"]),
                _ => made.push_str(cell),
            }
        }
        made.push_str(&table[TABLE.len() + head.len()..]);
    }
    made.push_str("</div>");
}

/// The text of `html`, as it may be in an attribute.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    // Entities are in it already.
    escape(text.trim()).replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_of_markdown_is_in_a_box() {
        let table = "<table><thead><tr><th>A</th><th style=\"text-align: right\"><code>b</code> &amp; c</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td></tr>\n</tbody></table>";
        let html = format!("<p>x</p>\n{table}\n<p>y</p>\n{table}\n");
        let open = "<div class=\"table\" role=\"group\" aria-label=\"A, b &amp; c\" tabindex=\"0\">";
        assert_eq!(
            framed(&html),
            html.replace("<table>", &format!("{open}<table>")).replace(END, "</table></div>")
        );
    }

    #[test]
    fn other_tables_stay_as_they_are() {
        for html in [
            "<p>none</p>",
            "<table class=\"a\"><thead><tr><th>A</th></tr></thead></table>",
            "<table><thead><tr><th>A",
        ] {
            assert_eq!(framed(html), html);
        }
    }

    #[test]
    fn a_table_inside_another_is_part_of_it() {
        let html = "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td><table></table></td></tr></tbody></table> b";
        assert!(framed(html).ends_with("</table></td></tr></tbody></table></div> b"));
    }

    #[test]
    fn a_head_without_words_is_no_head() {
        let html = "<table><thead><tr><th></th><th>A</th></tr></thead></table>";
        let expected = "<div class=\"table\" role=\"group\" aria-label=\"A\" tabindex=\"0\"><table><thead><tr><td></td><th>A</th></tr></thead></table></div>";
        assert_eq!(framed(html), expected);
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_taken(parts in proptest::collection::vec("(<table>|<table><thead><tr>|<th>|</th>|</tr></thead>|</table>|a|<)", 0..12)) {
            framed(&parts.concat());
        }
    }
}

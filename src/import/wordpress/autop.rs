//! Paragraphs of posts of the classic editor: an empty line ends a paragraph, and a line end breaks a line.

use crate::model::html::{BLOCK_ELEMENTS, Piece, walk};

/// Elements around which line ends mean nothing, beside [`BLOCK_ELEMENTS`].
const MORE_BLOCKS: [&str; 16] = [
    "br", "fieldset", "form", "legend", "math", "nav", "noscript", "object", "option", "script", "style",
    "td", "tfoot", "th", "thead", "tr",
];

/// `text` with elements for its paragraphs and line breaks.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // Line ends after `out`, not written yet, and whether they mean something there.
    let mut pending = 0_usize;
    let mut after_block = true;
    let mut verbatim = 0_usize;
    walk(text, &mut |piece, range| {
        let whole = text.get(range).unwrap_or_default();
        match piece {
            Piece::Text(words) if verbatim == 0 => {
                for (number, line) in words.split('\n').enumerate() {
                    pending += usize::from(number > 0);
                    let line =
                        if pending > 0 || after_block { line.trim_start_matches([' ', '\t']) } else { line };
                    if line.trim_end_matches(['\r', '\t', ' ']).is_empty() && (pending > 0 || after_block) {
                        continue;
                    }
                    begin(&mut out, pending, after_block);
                    (pending, after_block) = (0, false);
                    out.push_str(line);
                }
            }
            Piece::Tag { name, closing, .. } => {
                let name = name.to_ascii_lowercase();
                let is_block =
                    BLOCK_ELEMENTS.contains(&name.as_str()) || MORE_BLOCKS.contains(&name.as_str());
                if verbatim == 0 {
                    match is_block {
                        true => out.push('\n'),
                        false => begin(&mut out, pending, after_block),
                    }
                    (pending, after_block) = (0, is_block);
                }
                if matches!(name.as_str(), "pre" | "textarea") {
                    verbatim = if closing { verbatim.saturating_sub(1) } else { verbatim + 1 };
                }
                out.push_str(whole);
            }
            _ => {
                out.push_str(whole);
            }
        }
    });
    out
}

/// Begins a text after `pending` line ends.
fn begin(out: &mut String, pending: usize, after_block: bool) {
    match pending {
        _ if after_block && pending < 2 => {}
        0 => {}
        1 => out.push_str("<br>\n"),
        _ => out.push_str("\n<p>"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::html::markdown;
    use super::paragraphs;

    #[test]
    fn line_ends_of_the_classic_editor_are_breaks_and_paragraphs() {
        for (text, expected) in [
            ("One\ntwo\n\nthree\r\n", "One\\\ntwo\n\nthree"),
            ("One\n\n\n\n<b>two</b>", "One\n\n**two**"),
            (
                "<h2>Head</h2>\nText\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nEnd",
                "## Head\n\nText\n\n- a\n- b\n\nEnd",
            ),
            ("<strong>a\n\nb</strong> c", "**a**\n\n**b** c"),
            ("<pre>a\n\nb</pre>\nc", "```\na\n\nb\n```\n\nc"),
            ("<blockquote>a\n\nb</blockquote>\n\nc", "> a\n>\n> b\n\nc"),
            ("a<br />\nb", "a\\\nb"),
            ("<p>a\nb</p>\n\n<p>c</p>", "a\\\nb\n\nc"),
            ("One <em>two</em>\n<em>three</em>", "One _two_\\\n_three_"),
        ] {
            assert_eq!(markdown(&paragraphs(text)).markdown, expected, "{text}");
        }
    }
}

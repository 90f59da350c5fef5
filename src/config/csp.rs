//! `[hosting.csp]`: the Content-Security-Policy that servers send.

use crate::model::metadata::Fields;

/// `[hosting.csp]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentPolicy {
    /// `mode`: default off, since a policy blocks what a site embeds without having said so.
    pub mode: PolicyMode,
    /// Further sources, by directive.
    pub sources: Vec<(&'static str, Vec<String>)>,
    /// `report_uri`: the address to which browsers send what the policy blocks.
    pub report_uri: Option<String>,
}

/// The use of a policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PolicyMode {
    /// No policy is sent.
    #[default]
    Off,
    /// Browsers tell what they would block, and block nothing.
    ReportOnly,
    /// Browsers block what the policy does not name.
    On,
}

/// Settings of sources, each with its directive (W3C Content Security Policy Level 3, section 6).
const DIRECTIVES: [(&str, &str); 9] = [
    ("script_src", "script-src"),
    ("style_src", "style-src"),
    ("img_src", "img-src"),
    ("media_src", "media-src"),
    ("font_src", "font-src"),
    ("connect_src", "connect-src"),
    ("frame_src", "frame-src"),
    ("form_action", "form-action"),
    ("frame_ancestors", "frame-ancestors"),
];

const MODES: [(&str, PolicyMode); 3] =
    [("off", PolicyMode::Off), ("report-only", PolicyMode::ReportOnly), ("on", PolicyMode::On)];

/// Most bytes of all further sources: hosts ignore longer lines in `_headers`.
const LONGEST: usize = 1200;

pub(super) fn csp(hosting: &mut Fields<'_, '_>) -> ContentPolicy {
    let mut policy = ContentPolicy::default();
    let Some(node) = hosting.node("csp") else { return policy };
    let mut table = hosting.inner("`[hosting.csp]`", node);
    if let Some(node) = table.node("mode") {
        let word = table.as_text("mode", node);
        let known = MODES.map(|(word, _)| word);
        table.offers(node, &known);
        match MODES.iter().find(|(known, _)| word.as_deref() == Some(*known)) {
            Some((_, mode)) => policy.mode = *mode,
            None => table.refuse_unknown("mode", node, "there is no such mode", &known),
        }
    }
    let mut length = 0;
    for (key, directive) in DIRECTIVES {
        let Some(node) = table.node(key) else { continue };
        let sources = table.as_texts(key, node);
        length += sources.iter().map(|one| one.len() + 1).sum::<usize>();
        if let Some(wrong) = sources.iter().find(|one| !is_source(one)) {
            let reason = format!("\u{201c}{wrong}\u{201d} is no source of a policy");
            table.refuse(key, node, reason, EXAMPLE);
        } else if length > LONGEST {
            let remedy = "name whole hosts (`https://*.example.org`) instead of many addresses";
            table.refuse(key, node, format!("the sources have more than {LONGEST} bytes"), remedy);
        }
        policy.sources.push((directive, sources));
    }
    if let Some(node) = table.node("report_uri") {
        policy.report_uri = table.as_text("report_uri", node);
        if policy.report_uri.as_deref().is_some_and(|address| !is_source(address)) {
            table.refuse("report_uri", node, "this is no address", "write `https://example.org/reports`");
        }
    }
    table.finish(None);
    policy
}

const EXAMPLE: &str = "write addresses, hosts or schemes, and keywords between single quotes: `[\"https://player.example\", \"data:\", \"'unsafe-inline'\"]`";

/// True for a text that can be a source: it has no character that ends a source, a directive or a header field, and a
/// keyword has its quotes.
fn is_source(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b";,\"\\`<>{}$".contains(&byte);
    let is_keyword = text.starts_with('\'') || text.ends_with('\'');
    let is_word = || text.len() > 2 && text[1..text.len() - 1].bytes().all(|b| b != b'\'');
    let is_address =
        || !text.contains('\'') && (text.contains([':', '.']) || text == "*" || text == "localhost");
    !text.is_empty()
        && text.bytes().all(is_plain)
        && if is_keyword { text.starts_with('\'') && text.ends_with('\'') && is_word() } else { is_address() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_ends_neither_a_directive_nor_a_field() {
        for text in
            ["https://a.example", "https://*.a.example/x", "data:", "*", "'unsafe-inline'", "'sha256-YQ=='"]
        {
            assert!(is_source(text), "{text}");
        }
        for text in [
            "",
            "a b",
            "https://a.example;",
            "https://a.example, b",
            "unsafe-inline",
            "'none",
            "'",
            "''",
            "\u{e9}.example",
            "a.example\r\nSet-Cookie:x",
            "a.example\"",
            "$x{}",
        ] {
            assert!(!is_source(text), "{text:?}");
        }
    }
}

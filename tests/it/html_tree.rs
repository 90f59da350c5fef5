//! What a browser makes of a page, as html5ever finds it: the rules of browsers are written down in that. It judges what
//! `minify` does, here and in that module's own tests.

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements in which each space counts.
const AS_WRITTEN: [&str; 14] = [
    "pre", "textarea", "script", "style", "code", "kbd", "samp", "tt", "xmp", "listing", "svg", "math",
    "noscript", "title",
];

/// What a browser makes of the page `html`: its elements, their attributes, and its text with white space made single.
pub fn tree(html: &str) -> String {
    let dom = html5ever::parse_document(RcDom::default(), Default::default()).one(html);
    let mut out = String::new();
    for child in dom.document.children.borrow().iter() {
        add(child, false, &mut out);
    }
    // In front of what is seen, white space shows nothing.
    let (head, body) = out.split_once("<body").unwrap_or((&out, ""));
    let head: String = head.split('\u{1}').filter(|part| !part.trim().is_empty()).collect();
    format!("{head}<body{}", body.replace('\u{1}', ""))
}

fn add(node: &Handle, as_written: bool, out: &mut String) {
    match &node.data {
        NodeData::Text { contents } if as_written => out.push_str(&contents.borrow()),
        NodeData::Text { contents } => {
            for letter in contents.borrow().chars() {
                match letter {
                    // A form feed is none, as style sheets see it.
                    ' ' | '\t' | '\n' if out.ends_with(' ') => {}
                    ' ' | '\t' | '\n' => out.push(' '),
                    other => out.push(other),
                }
            }
        }
        NodeData::Element { name, attrs, template_contents, .. } => {
            let mut attributes: Vec<String> =
                attrs.borrow().iter().map(|one| format!(" {}={:?}", &*one.name.local, &*one.value)).collect();
            attributes.sort();
            out.push_str(&format!("\u{1}<{}{}>\u{1}", name.local, attributes.concat()));
            let own = AS_WRITTEN.contains(&&*name.local)
                || attributes.iter().any(|one| one.starts_with(" style=") && one.contains("white-space"));
            let children = node.children.borrow();
            let inner = template_contents.borrow().as_ref().map(|inner| inner.children.borrow().clone());
            for child in children.iter().chain(inner.iter().flatten()) {
                add(child, as_written || own, out);
            }
            out.push_str(&format!("\u{1}</{}>\u{1}", name.local));
        }
        _ => {}
    }
}

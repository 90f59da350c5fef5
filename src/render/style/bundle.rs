//! Makes one style sheet of many: each import is replaced by the sheet that it names (CSS Cascade 5, section 2).
//!
//! An import has to precede all other rules, so those of sheets elsewhere go to the head of the bundle. Layers are ordered
//! by their first appearance (section 6.4.3), which a statement before these imports keeps as it was.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use sha2::Digest;

use super::conditions::{Conditions, joined};
use super::rules::Context;
use super::tokens::{Item, Kind, MOST_DEEP, Token, items, solid, tokens, write_text};
use super::writer::{File, Writer, small};
use super::{ENTRY, Source, Sources, StyleError};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::walk;

/// The most imports of a bundle: a sheet that is imported twice by each of ten is there a thousand times.
const MOST_IMPORTS: usize = 1000;

/// The most bytes of a bundle before an import.
const MOST_BYTES: usize = 32_000_000;

/// A bundle in the making.
struct Bundle<'s, 'p> {
    sources: &'s Sources,
    problems: &'p mut Vec<Problem>,
    writer: Writer,
    /// The names of the sheets in it, in the order of their first appearance.
    parts: Vec<String>,
    /// The number of imports so far.
    imports: usize,
    /// The imports of sheets elsewhere.
    elsewhere: Vec<String>,
    /// The namespaces, which go to the head too.
    namespaces: Vec<String>,
    layers: Vec<String>,
    /// The number of `layers` that have to be named before the imports of sheets elsewhere.
    named: usize,
}

/// The way to a sheet: each import on it, with the name of the sheet that it names.
type Way = Vec<(String, Conditions)>;

/// The entry with all its imports, and the names of these.
pub(super) fn bundle(
    sources: &Sources,
    minify: bool,
    problems: &mut Vec<Problem>,
) -> Option<(String, Vec<String>)> {
    let before = problems.len();
    let mut bundle = Bundle {
        sources,
        problems,
        writer: Writer::new(minify),
        parts: Vec::new(),
        imports: 0,
        elsewhere: Vec::new(),
        namespaces: Vec::new(),
        layers: Vec::new(),
        named: 0,
    };
    match sources.get(ENTRY) {
        Some(entry) => {
            bundle.sheet(entry, &Place::file(ENTRY), &mut vec![(ENTRY.to_owned(), Conditions::default())])
        }
        None => bundle.problem(no_file(ENTRY), Place::file(ENTRY)),
    }
    let body = std::mem::replace(&mut bundle.writer, Writer::new(minify)).finish();
    let mut head = Writer::new(minify);
    let named = &bundle.layers[..bundle.named];
    if !named.is_empty() {
        head.statement(&format!("@layer {}", named.join(if minify { "," } else { ", " })));
    }
    bundle.elsewhere.iter().chain(&bundle.namespaces).for_each(|statement| head.statement(statement));
    let parts = bundle.parts;
    let is_right = !problems[before..].iter().any(Problem::is_error);
    is_right.then(|| (head.finish() + &body, parts))
}

fn no_file(name: &str) -> StyleError {
    StyleError::Bundle {
        message: format!("there is no style sheet \u{201c}{name}\u{201d} in `static/` or in the theme"),
    }
}

impl Bundle<'_, '_> {
    fn problem(&mut self, error: StyleError, place: Place) {
        self.problems.push(Problem::new(error, place));
    }

    /// Adds the sheet `source`, to which `way` leads; `importer` is the place of its import.
    fn sheet(&mut self, source: &Source, importer: &Place, way: &mut Way) {
        if !self.parts.contains(&source.name) {
            self.parts.push(source.name.clone());
        }
        let text = match source.text() {
            // The last letter would be an escape for the first of whatever follows in the bundle.
            Ok(text) if text.ends_with('\\') => Cow::Owned(format!("{text} ")),
            Ok(text) => Cow::Borrowed(text),
            Err(reason) => {
                let message = format!("{} can't be read: {reason}", source.file);
                return self.problem(StyleError::Bundle { message }, importer.clone());
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let tokens = tokens(text);
        let place = |byte: usize| Place::in_text(source.file.clone(), text, byte..byte);
        if let Some(byte) = tokens.too_deep {
            let message = format!("its blocks and brackets are more than {MOST_DEEP} deep");
            return self.problem(StyleError::Bundle { message }, place(byte));
        }
        // The innermost is the first, and what is around it is open for the same reason.
        if let Some(&(byte, open, close)) = tokens.unclosed.first() {
            self.problem(StyleError::Unclosed { open, close }, place(byte));
        }
        let resolve = |address: &str| resolved(&source.name, address);
        let file = File { text, tokens: &tokens.list, resolve: &resolve };
        self.rules(&file, &place, way);
    }

    /// Adds the rules of a file.
    fn rules(&mut self, file: &File<'_>, place: &dyn Fn(usize) -> Place, way: &mut Way) {
        let list = file.tokens;
        let mut is_head = true;
        let mut before = 0;
        for item in items(list, 0..list.len()) {
            self.writer.gap(file, before..item.tokens.start);
            before = item.tokens.end;
            let first = &list[item.tokens.start];
            let name = if first.kind == Kind::At { &*first.value } else { "" };
            match name {
                "charset" => {}
                "import" if is_head => self.import(file, &item, place, way),
                "namespace" if is_head => self.namespace(file, &item, place),
                _ => {
                    is_head &= name == "layer" && item.block.is_none();
                    self.layers_in(file, &item, way);
                    let problems = &mut *self.problems;
                    let mut report = |range: Range<usize>, error| {
                        problems.push(Problem::new(error, place(range.start)));
                    };
                    self.writer.item(file, &item, Context::Rules, &mut report);
                }
            }
        }
        self.writer.gap(file, before..list.len());
    }

    /// Adds what an import names.
    fn import(&mut self, file: &File<'_>, item: &Item, place: &dyn Fn(usize) -> Place, way: &mut Way) {
        let (list, at) = (file.tokens, item.tokens.start);
        let here = place(list[at].range.start);
        let end = item.tokens.end - usize::from(list[item.tokens.end - 1].kind == Kind::Semicolon);
        let Some((address, behind)) = address(list, at + 1, end).filter(|_| item.block.is_none()) else {
            let message = "an `@import` needs the address of a style sheet in quotes".to_owned();
            return self.problem(StyleError::Part { message }, here);
        };
        let conditions = Conditions::read(file, behind..end);
        self.imports += 1;
        if self.imports > MOST_IMPORTS {
            // All that follow would be more of them.
            return;
        }
        if self.imports == MOST_IMPORTS || self.writer.len() > MOST_BYTES || way.len() > MOST_DEEP {
            self.imports = MOST_IMPORTS;
            let message = format!(
                "the bundle has more than {MOST_IMPORTS} imports, {MOST_DEEP} inside of each other, or {} MB",
                MOST_BYTES / 1_000_000
            );
            return self.problem(StyleError::Bundle { message }, here);
        }
        let importer = way.last().map_or("", |(name, _)| name.as_str()).to_owned();
        let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']));
        let is_elsewhere = address.starts_with("//") || has_scheme;
        way.push((joined_path(&importer, address).unwrap_or_default(), conditions));
        self.appear(way, "");
        if is_elsewhere {
            self.elsewhere(address, here, way);
        } else {
            self.local(address, here, way);
        }
        way.pop();
    }

    /// Adds an import of a sheet elsewhere, the last of `way`.
    fn elsewhere(&mut self, address: &str, here: Place, way: &Way) {
        let chain: Vec<Conditions> = way.iter().map(|(_, conditions)| conditions.clone()).collect();
        match joined(&chain) {
            Some(conditions) => {
                let mut statement = "@import ".to_owned();
                write_text(address, &mut statement);
                self.elsewhere.push(statement + &conditions);
                self.named = self.layers.len();
            }
            None => {
                let message =
                    "one `@import` can't have all the conditions and layers of those around it".to_owned();
                self.problem(StyleError::Bundle { message }, here);
            }
        }
    }

    /// Adds the sheet of this site that is the last of `way`.
    fn local(&mut self, address: &str, here: Place, way: &mut Way) {
        let Some(((name, conditions), outer)) = way.split_last() else { return };
        let source = self
            .sources
            .get(name)
            .or_else(|| self.sources.get(name.split(['?', '#']).next().unwrap_or(name)));
        let Some(source) = source else { return self.problem(no_file(address), here) };
        if outer.iter().any(|(outer, _)| *outer == source.name) {
            let message = format!("\u{201c}{address}\u{201d} is imported inside of itself");
            return self.problem(StyleError::Part { message }, here);
        }
        let blocks = conditions.blocks();
        blocks.iter().for_each(|prelude| self.writer.open(prelude));
        self.sheet(source, &here, way);
        blocks.iter().for_each(|_| self.writer.close());
    }

    /// Keeps a namespace for the head of the bundle.
    fn namespace(&mut self, file: &File<'_>, item: &Item, place: &dyn Fn(usize) -> Place) {
        let unchanged = |address: &str| address.to_owned();
        let statement = small(&File { resolve: &unchanged, ..*file }, item.tokens.clone());
        let statement = statement.trim_end_matches(';').to_owned();
        if self.namespaces.contains(&statement) {
            return;
        }
        let list = file.tokens;
        let name =
            solid(list, item.tokens.start + 1, item.tokens.end).filter(|at| list[*at].kind == Kind::Word);
        let begin = name.map(|at| format!("@namespace {} ", list[at].value));
        let message = match begin {
            None => Some("an `@namespace` without a name would be that of all sheets of the bundle"),
            Some(begin) if self.namespaces.iter().any(|other| other.starts_with(&begin)) => {
                Some("another sheet of the bundle has an `@namespace` of this name")
            }
            Some(_) => None,
        };
        if let Some(message) = message {
            let place = place(list[item.tokens.start].range.start);
            self.problem(StyleError::Bundle { message: message.to_owned() }, place);
        }
        self.namespaces.push(statement);
    }

    /// Notes the layers of `item`, in a sheet to which `way` leads.
    fn layers_in(&mut self, file: &File<'_>, item: &Item, way: &Way) {
        if way.iter().all(|(_, conditions)| !conditions.is_conditional()) {
            let mut names = Vec::new();
            named(file.tokens, item, "", &mut names);
            names.iter().for_each(|name| self.appear(way, name));
        }
    }

    /// Notes that the layer `name` appears in the layers of `way`.
    fn appear(&mut self, way: &Way, name: &str) {
        let outer = way.iter().filter_map(|(_, conditions)| conditions.layer.as_deref());
        let parts: Vec<&str> = outer.chain((!name.is_empty()).then_some(name)).collect();
        let name = parts.join(".");
        // A layer without a name is one that nothing else can be added to.
        let is_named = !name.is_empty() && name.split('.').all(|part| !part.is_empty());
        if is_named && !self.layers.contains(&name) {
            self.layers.push(name);
        }
    }
}

/// The address at the beginning of the tokens `at..end`, and the index behind it.
fn address(list: &[Token], at: usize, end: usize) -> Option<(&str, usize)> {
    let at = solid(list, at, end)?;
    let token = &list[at];
    let (address, behind) = match token.kind {
        Kind::Text | Kind::Url => (&*token.value, at + 1),
        _ if token.is_function("url") => {
            let inner = solid(list, at + 1, token.end).filter(|inner| list[*inner].kind == Kind::Text)?;
            (&*list[inner].value, token.end + 1)
        }
        _ => return None,
    };
    (!address.is_empty()).then_some((address, behind))
}

/// Collects the full names of the layers of `item` that depend on no condition; `outer` is the layer around it.
fn named(list: &[Token], item: &Item, outer: &str, names: &mut Vec<String>) {
    let first = &list[item.tokens.start];
    let head = item.tokens.start + 1..item.block.unwrap_or(item.tokens.end);
    let mut outer = outer.to_owned();
    match &*first.value {
        "layer" if first.kind == Kind::At => {
            let mut own = String::new();
            let prefix = if outer.is_empty() { String::new() } else { format!("{outer}.") };
            let mut end = |own: &mut String| {
                let name = std::mem::take(own);
                // A layer appears before those inside of it.
                for (at, _) in name.match_indices('.') {
                    names.push(format!("{prefix}{}", &name[..at]));
                }
                names.push(format!("{prefix}{name}"));
                name
            };
            for token in &list[head] {
                match token.kind {
                    Kind::Word => own.push_str(&token.value),
                    Kind::Delim('.') => own.push('.'),
                    Kind::Comma => {
                        end(&mut own);
                    }
                    _ => {}
                }
            }
            if own.is_empty() {
                // Nothing can name what is inside of a layer without a name.
                return;
            }
            outer = format!("{prefix}{}", end(&mut own));
        }
        "media" | "supports" | "container" | "document" if first.kind == Kind::At => return,
        _ => {}
    }
    let Some(open) = item.block else { return };
    for inside in items(list, open + 1..list[open].end) {
        named(list, &inside, &outer, names);
    }
}

/// The path of `url` in the sheet `from`, below their common folder; `None` if it leaves that folder.
fn joined_path(from: &str, url: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    walk(if url.starts_with('/') { "" } else { folder }, url)
}

/// An address in the sheet `from`, as the bundle in the root has it.
fn resolved(from: &str, address: &str) -> String {
    let is_relative = !address.is_empty() && !address.starts_with(['/', '#']) && !address.contains(':');
    joined_path(from, address)
        .filter(|_| is_relative && from.contains('/'))
        .unwrap_or_else(|| address.to_owned())
}

/// The value of `integrity` for `bytes`.
pub(super) fn integrity(bytes: &[u8]) -> String {
    let digest = sha2::Sha384::digest(bytes);
    format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bundle of a site with these style sheets, small or as written, and what is wrong with it.
    fn bundled(sheets: &[(&str, &str)], minify: bool) -> (Option<String>, Vec<String>) {
        let sources = Sources::of(sheets);
        let mut problems = Vec::new();
        let text = bundle(&sources, minify, &mut problems).map(|(text, _)| text);
        let problems = problems.iter().map(ToString::to_string).collect();
        (text, problems)
    }

    fn small(sheet: &str) -> String {
        let (text, problems) = bundled(&[(ENTRY, sheet)], true);
        assert!(problems.is_empty(), "{sheet}: {problems:?}");
        text.unwrap_or_default()
    }

    #[test]
    fn a_small_sheet_says_the_same() {
        for (sheet, expected) in [
            ("a > b ~ c + d e , f { color : red ; }", "a>b~c + d e,f{color :red}"),
            ("a { margin: 0.5em -0.25em +0.1px 0 10.0px; }", "a{margin:.5em -.25em +.1px 0 10.0px}"),
            ("a{width:calc( 1px + 2px * ( 3 - 1 ) )}", "a{width:calc(1px + 2px * (3 - 1))}"),
            (
                "@media (min-width: 1px) and ( hover ) { a { b: c } }",
                "@media (min-width:1px) and (hover){a{b:c}}",
            ),
            ("a { color: red !important }", "a{color:red!important}"),
            ("a { b: c / d; e: f / * g }", "a{b:c/d;e:f//**/* g}"),
            ("a { --x: ; --y:  b  ,  c ; --z: { d: e; } }", "a{--x: ;--y:b,c;--z:{ d: e; }}"),
            ("a { b: c;; d: e; & f { g: h } i: j }", "a{b:c;d:e;& f{g:h}i:j}"),
            ("a/**/b, a :hover, a /**/ b { c: d/**/e }", "a/**/b,a :hover,a b{c:d/**/e}"),
            ("/*! mine */ a { b: c } /* d */", "/*! mine */a{b:c}"),
            ("@charset \"utf-8\"; a { b: \"c  d\" }", "a{b:\"c  d\"}"),
            ("a { background: url( b.png ) }", "a{background:url( b.png )}"),
            ("@font-face { font-family: b; src: url(c) }", "@font-face{font-family:b;src:url(c)}"),
            ("@keyframes a { from { b: c } 50% { b: d } }", "@keyframes a{from{b:c}50%{b:d}}"),
            ("@page { @top-left { content: none } }", "@page{@top-left{content:none}}"),
            ("a:is(b,c):not( d )::before{e:f}", "a:is(b,c):not(d)::before{e:f}"),
            ("a[b=\"c\"] , [d] e { f: g }", "a[b=\"c\"],[d] e{f:g}"),
            ("<!-- a { b: c } -->", "a{b:c}"),
            ("\u{feff}a{b:c}", "a{b:c}"),
        ] {
            assert_eq!(small(sheet), expected, "{sheet}");
        }
    }

    #[test]
    fn a_sheet_that_is_not_made_small_stays_as_it_is() {
        let sheet = "/* a */\n@layer b;\n\na > b {\n  c : d ;\n  --e:  f;\n  g { h: i }\n}\n@media x { j { k: l } }\n";
        assert_eq!(bundled(&[(ENTRY, sheet)], false), (Some(sheet.to_owned()), Vec::new()));
    }

    #[test]
    fn parts_that_browsers_leave_out_are_left_out() {
        for sheet in [
            "a { b } c { d: e }",
            "a { b: } c { d: e }",
            "a { b; } c { d: e }",
            "a { *b: c } c { d: e }",
            "a { b: ) } c { d: e }",
            "a { b: url(x y) } c { d: e }",
            "a { b: 'x\n } c { d: e }",
            "{ b: c } c { d: e }",
            "a, { b: c } c { d: e }",
            "a,,b { b: c } c { d: e }",
            ". { b: c } c { d: e }",
            "a: { b: c } c { d: e }",
            "} a { b: c } c { d: e }",
            "@layer x; b: c; a { b: c } c { d: e }",
            "c { d: e } @import \"x.css\";",
            "c { d: e } a",
            "@import x; c { d: e }",
        ] {
            let (text, problems) = bundled(&[(ENTRY, sheet)], true);
            let text = text.unwrap_or_default();
            let rest = text.replace("a{}", "").replace("@layer x;", "");
            assert!(rest == "c{d:e}" && problems.len() == 1, "{sheet}: {text} {problems:?}");
        }
    }

    #[test]
    fn a_file_without_its_end_takes_nothing_of_the_next() {
        for (open, closed) in [
            ("a{b:c", "a{b:c}"),
            ("a{b:c(d", "a{b:c(d)}"),
            ("a{b:\"c", "a{b:\"c\"}"),
            ("a{b:'c\\'", "a{b:\"c'\"}"),
            ("a{b:url(c", "a{b:url(c)}"),
            ("a{b:c}/* d", "a{b:c}"),
            ("a{b:c/* d", "a{b:c}"),
            ("a{b:c;/*", "a{b:c}"),
            ("a{b:c\\", "a{b:c\\ }"),
        ] {
            let sheets = [
                (ENTRY, "@import \"one.css\"; @import \"two.css\";"),
                ("one.css", open),
                ("two.css", "z{y:x}"),
            ];
            let (text, problems) = bundled(&sheets, true);
            assert_eq!(text, Some(format!("{closed}z{{y:x}}")), "{open}");
            assert_eq!(problems.len(), 1, "{open}: {problems:?}");
            let (plain, _) = bundled(&sheets, false);
            let again = small(&plain.unwrap_or_default());
            assert_eq!(again, format!("{closed}z{{y:x}}"), "{open}");
        }
    }

    #[test]
    fn imports_have_their_conditions_around_them() {
        let sheets = [
            (
                ENTRY,
                "@import \"a.css\" layer(one.two) supports(display: grid) screen, print; @import url(c/b.css) layer;",
            ),
            ("a.css", "@layer x; @import 'c/b.css' (hover); a { b: c }"),
            (
                "c/b.css",
                "d { e: url(f.png) url(\"../g.png\") url(/h) url(#i) image-set(\"j.png\" 1x, type(\"k/l\")) }",
            ),
        ];
        let d = "d{e:url(c/f.png) url(\"g.png\") url(/h) url(#i) image-set(\"c/j.png\" 1x,type(\"k/l\"))}";
        let expected = format!(
            "@media screen,print{{@supports (display:grid){{@layer one.two{{@layer x;@media (hover){{{d}}}a{{b:c}}}}}}}}@layer{{{d}}}"
        );
        assert_eq!(bundled(&sheets, true), (Some(expected), Vec::new()));
    }

    #[test]
    fn namespaces_are_at_the_head() {
        let sheets = [
            (ENTRY, "@import \"a.css\"; @namespace svg url(http://www.w3.org/2000/svg); svg|a { b: c }"),
            ("a.css", "@namespace svg url(http://www.w3.org/2000/svg); d { e: f }"),
        ];
        let expected = "@namespace svg url(http://www.w3.org/2000/svg);d{e:f}svg|a{b:c}";
        assert_eq!(bundled(&sheets, true), (Some(expected.to_owned()), Vec::new()));
        let two = [sheets[0], ("a.css", "@namespace svg url(other); d { e: f }")];
        let (text, problems) = bundled(&two, true);
        assert!(text.is_none() && problems.len() == 1, "{problems:?}");
        let for_all = [sheets[0], ("a.css", "@namespace url(other); d { e: f }")];
        let (text, problems) = bundled(&for_all, true);
        assert!(text.is_none() && problems.len() == 1, "{problems:?}");
    }

    #[test]
    fn an_import_inside_of_itself_is_left_out() {
        let sheets =
            [(ENTRY, "@import \"a.css\"; b { c: d }"), ("a.css", "@import \"style.css\"; e { f: g }")];
        let (text, problems) = bundled(&sheets, true);
        assert_eq!(text.as_deref(), Some("e{f:g}b{c:d}"));
        assert_eq!(problems.len(), 1, "{problems:?}");
    }

    #[test]
    fn imports_have_bounds() {
        let names: Vec<String> = (0..12).map(|number| format!("{number}.css")).collect();
        let texts: Vec<String> =
            (1..13).map(|number| format!("@import \"{number}.css\";").repeat(10)).collect();
        let mut sheets: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        sheets.push((ENTRY, "@import \"0.css\";"));
        sheets.push(("12.css", "a { b: c }"));
        let (text, problems) = bundled(&sheets, true);
        assert!(text.is_none() && problems.len() == 1, "{problems:?}");
    }

    proptest::proptest! {
        /// A small sheet has the tokens of the sheet itself, except for spaces, comments and needless semicolons.
        #[test]
        fn any_sheet_keeps_its_tokens(sheet in "(a|\\.b|:c|--d:|e:| |>|,|;|\\{|\\}|\\(|\\)|url\\(f\\)|\"g\"|0\\.5|@media |/\\*h\\*/|\\+|-|!|/|\\*|\\[|\\]|#i|%|\\\\){0,40}") {
            let solid = |text: &str| -> Vec<String> {
                let list = super::tokens(text).list;
                let all = list.iter().filter(|token| !token.is_empty() && token.kind != Kind::Semicolon);
                all.map(|token| match token.kind {
                    Kind::Close(bracket) => bracket.to_string(),
                    Kind::Number => text[token.range.clone()].replace("0.5", ".5"),
                    _ => text[token.range.clone()].to_owned(),
                }).collect()
            };
            let (text, problems) = bundled(&[(ENTRY, &sheet)], true);
            let text = text.unwrap_or_default();
            let (again, _) = bundled(&[(ENTRY, &text)], true);
            proptest::prop_assert_eq!(again.as_deref(), Some(text.as_str()), "{}", sheet);
            if problems.is_empty() && !sheet.contains('\\') {
                proptest::prop_assert_eq!(solid(&text), solid(&sheet), "{}", sheet);
            }
        }
    }
}

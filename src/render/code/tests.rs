use super::*;

fn show(info: &str, text: &str) -> String {
    block(text, &Fence::parse(info).0, true).0
}

#[test]
fn a_fence_is_read_as_here_and_as_other_generators_write_it() {
    let expected = Fence {
        language: "rust",
        title: Some("src/main.rs".to_owned()),
        numbered: true,
        start: 10,
        marked: vec![3..=5, 8..=8],
    };
    for info in [
        "rust {lines, mark=\"3-5,8\", start=10, title=\"src/main.rs\"}",
        "rust,linenos,linenostart=10,hl_lines=3-5 8,name=src/main.rs",
        "rust {linenos=inline,hl_lines=[\"3-5\",8],linenostart=199,linenostart=10,title=\"src/main.rs\"}",
        "rust title=\"src/main.rs\" {3-5,8} start=10",
        "{.rust .numberLines startFrom=10 mark='3-5 8' filename=src/main.rs}",
    ] {
        assert_eq!(Fence::parse(info), (expected.clone(), vec![]), "{info}");
    }
    for (info, language) in
        [("", ""), ("c++", "c++"), ("toml:", "toml"), ("rust,no_run", "rust"), ("c#", "c#")]
    {
        assert_eq!(Fence::parse(info), (Fence { language, start: 1, ..Fence::default() }, vec![]), "{info}");
    }
}

#[test]
fn what_means_nothing_is_said_with_its_place() {
    for (info, word, reason) in [
        ("rust {linse}", "linse", "`linse` means nothing here; did you mean `lines`?"),
        ("rust {mark=5-3}", "mark=5-3", "`5-3` are no lines; write them like `3-5,8`, counted from 1"),
        ("rust {mark=\"x\"}", "mark=\"x\"", "`x` are no lines; write them like `3-5,8`, counted from 1"),
        ("rust start=ten", "start=ten", "`ten` is no number of a line"),
        ("rust title", "title", "`title` wants a value, such as `title=\"…\"`"),
        ("rust {0}", "0", "`0` are no lines; write them like `3-5,8`, counted from 1"),
    ] {
        let faults = Fence::parse(info).1;
        assert_eq!(faults.len(), 1, "{info}");
        assert_eq!((&info[faults[0].range.clone()], faults[0].reason.as_str()), (word, reason));
    }
}

#[test]
fn lines_are_numbered_and_marked() {
    assert_eq!(
        show("text {start=9, mark=2, title=\"a < b\"}", "x\n\ny < z\n"),
        "<figure class=\"code\"><figcaption>a &lt; b</figcaption>\
         <pre tabindex=\"0\" class=\"numbered digits-2\"><code class=\"language-text\">\
         <span class=\"line\" data-line=\"9\">x\n</span>\
         <span class=\"line marked\" data-line=\"10\">\n</span>\
         <span class=\"line\" data-line=\"11\">y &lt; z\n</span></code></pre></figure>\n"
    );
    assert_eq!(show("", "a & b\n"), "<pre tabindex=\"0\"><code>a &amp; b\n</code></pre>\n");
}

#[cfg(feature = "highlight")]
mod coloured {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_languages_that_people_write_have_colours() {
        for (language, text, expected) in [
            (
                "rust",
                "fn main() {} // x\n",
                "<span class=\"k\">fn</span> <span class=\"f\">main</span>() {} <span class=\"c\">// x</span>",
            ),
            ("toml", "a = \"b\"\n", "<span class=\"p\">a</span> = <span class=\"s\">\"b\"</span>"),
            ("typescript", "const a: number = 1;\n", "<span class=\"k\">const</span>"),
            ("ts", "type A = string;\n", "<span class=\"t\">"),
            ("dockerfile", "FROM debian\n", "<span class=\"k\">FROM</span>"),
            ("diff", "-a\n+b\n", "<span class=\"d\">-a</span>\n<span class=\"i\">+b</span>"),
            ("yaml", "a: 1\n", "<span class=\"p\">a</span>: <span class=\"n\">1</span>"),
            ("json", "{\"a\": true}\n", "<span class=\"l\">true</span>"),
            ("python", "x = not a\n", "<span class=\"k\">not</span>"),
            ("html", "<a href=\"b\">c</a>\n", "<span class=\"g\">a</span> <span class=\"a\">href</span>"),
            ("css", "a { color: red }\n", "<span class=\"p\">color</span>"),
            ("sh", "echo \"$HOME\"\n", "<span class=\"f\">echo</span>"),
            ("sql", "SELECT 1;\n", "<span class=\"k\">SELECT</span> <span class=\"n\">1</span>"),
            ("markdown", "# A\n", "<span class=\"h\">"),
            ("js", "`a ${b} c`\n", "<span class=\"s\">`a</span>"),
        ] {
            let html = show(language, text).replace("&quot;", "\"");
            assert!(html.contains(expected), "{language}: {html}");
            assert_eq!(super::super::language(language), Language::Known, "{language}");
        }
    }

    #[test]
    fn what_a_language_is_called_is_known_or_near() {
        for (name, expected) in [
            ("golang", Language::Known),
            ("Rust", Language::Known),
            ("c++", Language::Known),
            ("c#", Language::Known),
            ("console", Language::Plain),
            ("TEXT", Language::Plain),
            ("pyhton", Language::Unknown(Some("python".to_owned()))),
            ("dockerfle", Language::Unknown(Some("dockerfile".to_owned()))),
            ("klingonese", Language::Unknown(None)),
        ] {
            assert_eq!(language(name), expected, "{name}");
        }
    }

    #[test]
    fn what_machines_wrote_is_left_plain() {
        let long = format!("let a = \"{}\";\n", "x".repeat(3_000));
        assert!(!show("js", &long).contains("<span"));
        assert!(!show("js", &"let a = 1;\n".repeat(12_000)).contains("<span"));
        assert!(show("js", &"let a = 1;\n".repeat(100)).contains("<span"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn colours_change_no_letter(
            text in "(\\PC|\n|fn |\"|'|/\\*|<!--|\\{\\{|#|`|<a |-- |\\$\\{){0,40}",
            language in "rust|js|html|markdown|yaml|toml|sh|python|php|diff",
        ) {
            let text = text + "\n";
            let html = show(&language, &text);
            let mut plain = String::new();
            crate::model::html::walk(&html, &mut |piece, _| {
                if let crate::model::html::Piece::Text(piece) = piece {
                    plain.push_str(&crate::model::html::decode(piece));
                }
            });
            prop_assert_eq!(plain, text + "\n");
        }
    }

    proptest! {
        #[test]
        fn any_words_behind_a_fence_are_read(info in "\\PC{0,40}|(lines|mark|=|\"|\\{|\\[|3-5|,| ){0,12}") {
            for fault in Fence::parse(&info).1 {
                prop_assert!(info.get(fault.range).is_some());
            }
        }
    }
}

use std::sync::Arc;

use super::*;
use crate::config::{Columns, Config};
use crate::model::diagnostics::Lines;
use crate::model::metadata::{Node, Value};

/// The columns of `[data.a]` with this text of `columns`.
fn columns(text: &str) -> Columns {
    let text = format!(
        "title = \"t\"\nbase_url = \"https://a.example/\"\nauthority = \"a.example\"\ntimezone = \"UTC\"\n[data.a]\ncolumns = {{ {text} }}\n"
    );
    let mut problems = Vec::new();
    let config = Config::read(&text, &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
    config.data.columns("data/a.csv").clone()
}

fn read(form: Form, text: &str, kinds: &str) -> Result<Rows, Vec<String>> {
    let file: Arc<str> = "data/a".into();
    rows(&file, text, form, "", &columns(kinds)).map_err(|problems| shown(&problems))
}

fn shown(problems: &[Problem]) -> Vec<String> {
    let show = |problem: &Problem| {
        let place = problem.place().map(ToString::to_string).unwrap_or_default();
        format!("{place}: {} ({})", problem.message(), problem.remedy().unwrap_or_default())
    };
    problems.iter().map(show).collect()
}

fn cell<'a>(row: &'a Row, name: &str) -> &'a Node {
    row.node.get(name).unwrap_or_else(|| panic!("{name} in {row:?}"))
}

#[test]
fn a_table_is_the_same_in_every_language() {
    let kinds = "price = \"number\", since = \"date\", sold = \"boolean\", note = \"text\"";
    for (form, text) in [
        (Form::Csv, "name,price,since,sold,note\nTea,2.5,2024-02-29,yes,007\n\nCup,10,,FALSE,\n"),
        (Form::Csv, "name;price;since;sold;note\nTea;2,5;2024-02-29;1;007;\nCup;\"10\";;0;;;\n;;;;\n"),
        (Form::Tsv, "name\tprice\tsince\tsold\tnote\nTea\t2.5\t2024-02-29\ttrue\t007\nCup\t10\t\tno\t\n"),
        (
            Form::Json,
            "[{\"name\":\"Tea\",\"price\":2.5,\"since\":\"2024-02-29\",\"sold\":true,\"note\":\"007\"},\n{\"name\":\"Cup\",\"price\":\"10\",\"since\":null,\"sold\":\"no\",\"note\":\"\"}]",
        ),
        (
            Form::Yaml,
            "rows:\n- {name: Tea, price: 2.5, since: 2024-02-29, sold: true, note: 007}\n- {name: Cup, price: 10, since: , sold: false, note: \"\"}\n",
        ),
        (
            Form::Toml,
            "[[rows]]\nname = \"Tea\"\nprice = 2.5\nsince = 2024-02-29\nsold = true\nnote = \"007\"\n[[rows]]\nname = \"Cup\"\nprice = 10\nsince = \"\"\nsold = false\nnote = \"\"\n",
        ),
    ] {
        let table = read(form, text, kinds).unwrap_or_else(|faults| panic!("{form:?} {faults:?}"));
        assert_eq!(table.columns, ["name", "price", "since", "sold", "note"], "{form:?}");
        let [tea, cup] = table.rows.as_slice() else { panic!("{form:?} {table:?}") };
        assert!(tea.faults.is_empty() && cup.faults.is_empty(), "{form:?} {table:?}");
        assert_eq!(cell(tea, "price").value, Value::Float(2.5), "{form:?}");
        assert_eq!(cell(tea, "since").value, Value::Date("2024-02-29".to_owned()), "{form:?}");
        assert_eq!(cell(tea, "sold").value, Value::Bool(true), "{form:?}");
        assert_eq!(cell(tea, "note").value, Value::String("007".to_owned()), "{form:?}");
        assert_eq!(cell(cup, "price").value, Value::Integer(10), "{form:?}");
        assert_eq!(cell(cup, "since").value, Value::Null, "{form:?}");
        assert_eq!(cell(cup, "sold").value, Value::Bool(false), "{form:?}");
        assert_eq!(cell(cup, "name").value, Value::String("Cup".to_owned()), "{form:?}");
    }
}

#[test]
fn a_cell_has_its_line_and_column() {
    let text = "name,\"the note\"\n\"a \"\"b\"\"\nc\" , x\né,\"1,2\"\n";
    let table = read(Form::Csv, text, "").unwrap();
    let file: Arc<str> = "data/a".into();
    let lines = Lines::new(file, text);
    let at = |node: &Node| lines.place(node.span.clone()).line_and_column();
    let [first, second] = table.rows.as_slice() else { panic!("{table:?}") };
    assert_eq!(cell(first, "name").value, Value::String("a \"b\"\nc".to_owned()));
    assert_eq!((at(cell(first, "name")), at(cell(first, "the note"))), ((2, 1), (3, 6)));
    assert_eq!((at(&second.node), at(cell(second, "the note"))), ((4, 1), (4, 3)));
    assert_eq!(cell(second, "the note").value, Value::String("1,2".to_owned()));
}

#[test]
fn columns_without_a_kind_are_as_written() {
    let table = read(Form::Csv, "sku,day,flag\n007,2024-01-01,true\n", "").unwrap();
    for (name, text) in [("sku", "007"), ("day", "2024-01-01"), ("flag", "true")] {
        assert_eq!(cell(&table.rows[0], name).value, Value::String(text.to_owned()));
    }
}

#[test]
fn a_fault_of_a_row_leaves_the_others() {
    let kinds = "price = \"number\", since = \"date\", sold = \"boolean\"";
    let text = "name,price,since,sold\na,1,2024-01-01,true\nb,x,2024-13-01,maybe\nc,1\nd,1,2024-01-01,no,more\ne,2,,\n";
    let table = read(Form::Csv, text, kinds).unwrap();
    let sound: Vec<bool> = table.rows.iter().map(|row| row.faults.is_empty()).collect();
    assert_eq!(sound, [true, false, false, false, true]);
    let faults: Vec<String> = table.rows.iter().flat_map(|row| shown(&row.faults)).collect();
    for (fault, expected) in faults.iter().zip([
        "data/a:3:3: `price` can't be \u{201c}x\u{201d}: it is no number",
        "data/a:3:5: `since` can't be \u{201c}2024-13-01\u{201d}: there is no month 13",
        "data/a:3:16: `sold` can't be \u{201c}maybe\u{201d}: it is neither true nor false",
        "data/a:4:3: this row has 2 cells, and the file has 4 columns",
        "data/a:5:19: this row has 5 cells, and the file has 4 columns",
    ]) {
        assert!(fault.starts_with(expected), "{fault}");
    }
    assert_eq!(faults.len(), 5);
}

#[test]
fn a_table_of_nothing_but_faults_is_refused_with_the_first() {
    for (form, text) in [
        (Form::Csv, format!("a,b\n{}", "x\n".repeat(5000))),
        (Form::Json, format!("[{}1]", "1,".repeat(5000))),
    ] {
        let faults = read(form, &text, "").unwrap_err();
        assert_eq!(faults.len(), 20, "{form:?}");
    }
}

#[test]
fn a_date_without_a_zone_gets_that_of_its_column() {
    let kinds = "at = { type = \"date\", zone = \"Asia/Hong_Kong\" }";
    let text = "at\n2024-05-01 09:00\n2024-05-01T09:00:00Z\n2024-05-01\n";
    let table = read(Form::Csv, text, kinds).unwrap();
    let dates: Vec<&Value> = table.rows.iter().map(|row| &cell(row, "at").value).collect();
    let expected = ["2024-05-01 09:00 Asia/Hong_Kong", "2024-05-01T09:00:00Z", "2024-05-01"];
    assert_eq!(dates, expected.map(|text| Value::Date(text.to_owned())).iter().collect::<Vec<_>>());
    assert_eq!(columns(kinds).zone("at"), Some(chrono_tz::Asia::Hong_Kong));
}

#[test]
fn a_file_that_is_no_table_is_refused_with_the_reason_and_the_place() {
    for (form, text, expected) in [
        (Form::Csv, "", "data/a:1:1: there is nothing in this file"),
        (Form::Csv, " ,, \n\n", "data/a:1:1: there is nothing in this file"),
        (Form::Csv, "a,b\n1,\"x\n", "data/a:2:3: the quotation mark that begins this cell has no end"),
        (Form::Csv, "a,b\n\"x\" y,1\n", "data/a:2:5: this text follows the end of a quoted cell"),
        (Form::Csv, "a,,b\n1,2,3\n", "data/a:1:3: column 2 has no name"),
        (Form::Csv, "a,b, a\n1,2,3\n", "data/a:1:6: columns 1 and 3 are both named `a`"),
        (Form::Json, "{\"a\": 1}", "data/a:1:1: this is no list of rows: it is a table"),
        (Form::Json, "[{\"a\": 1},\n {\"a\": }]", "data/a:2:8: this is not valid JSON: expected value"),
        (
            Form::Json,
            "[{\"a\": 1, \"a\": 2}]",
            "data/a:1:11: this is not valid JSON: the key `a` is here twice",
        ),
        (
            Form::Json,
            "[{\"a\": 12345678901234567890}]",
            "data/a:1:8: the number 12345678901234567890 has more digits than can be kept",
        ),
        (
            Form::Yaml,
            "- a: 12345678901234567890\n",
            "data/a:1:6: the number 12345678901234567890 has more digits than can be kept",
        ),
        (Form::Toml, "[[r]]\na = 123456789012345678901\n", "data/a:2:5: "),
        (Form::Yaml, "a: &x [*x]\n", "data/a:1:"),
        (Form::Yaml, "- a: 1\n--- \n- b: 1\n", "data/a:"),
        (Form::Toml, "a = 1\n", "data/a:1:1: this is no list of rows: it is a table"),
    ] {
        match read(form, text, "") {
            Err(faults) => assert!(faults[0].starts_with(expected), "{text}: {faults:?}"),
            Ok(table) => panic!("{text}: {table:?}"),
        }
    }
    let table = read(Form::Json, "[{\"a\": 1}, 2]", "").unwrap();
    assert_eq!(
        shown(&table.rows[1].faults)[0].split(" (").next(),
        Some("data/a:1:12: this row is a number, and a row is a table of fields")
    );
}

#[test]
fn a_column_of_the_settings_that_is_not_there_is_refused_with_the_nearest() {
    let faults = read(Form::Csv, "name,price\na,1\n", "prise = \"number\"").unwrap_err();
    assert_eq!(faults, ["site.toml:6:13: `data/a` has no column `prise` (did you mean `price`?)"]);
}

#[test]
fn a_list_inside_a_file_is_found_by_its_keys() {
    let file: Arc<str> = "data/a.json".into();
    let text = "{\"shop\": {\"products\": [{\"a\": 1}], \"n\": 2}}";
    let none = Columns::default();
    assert_eq!(rows(&file, text, Form::Json, "shop.products", &none).unwrap().rows.len(), 1);
    let faults = shown(&rows(&file, text, Form::Json, "shop.product", &none).unwrap_err());
    assert!(faults[0].contains("the nearest key is `products`"), "{faults:?}");
    assert!(rows(&file, text, Form::Json, "shop.n", &none).is_err());
}

#[test]
fn a_whole_file_is_a_tree() {
    let file: Arc<str> = "data/a.toml".into();
    let tree =
        tree(&file, "day = 2024-01-01\n[site]\nopen = true\n", Form::Toml, &Columns::default()).unwrap();
    assert_eq!(tree.get("day").unwrap().value, Value::String("2024-01-01".to_owned()));
    assert_eq!(tree.get("site").unwrap().get("open").unwrap().value, Value::Bool(true));
}

#[test]
fn a_file_is_decoded_by_its_mark_or_its_encoding() {
    let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
        mark.into_iter().chain("a\r\né".encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
    };
    for bytes in [
        utf16([0xff, 0xfe], u16::to_le_bytes),
        utf16([0xfe, 0xff], u16::to_be_bytes),
        b"\xef\xbb\xbfa\r\n\xc3\xa9".to_vec(),
    ] {
        assert_eq!(decode(bytes, None).unwrap(), "a\né");
    }
    assert_eq!(decode(b"caf\xe9".to_vec(), Some(encoding_rs::WINDOWS_1252)).unwrap(), "café");
    assert!(decode(b"caf\xe9".to_vec(), None).is_err());
}

#[test]
fn the_language_of_a_file_is_that_of_its_extension() {
    for (name, form) in [
        ("a.JSON", Some(Form::Json)),
        ("a.yml", Some(Form::Yaml)),
        ("x.y.tsv", Some(Form::Tsv)),
        ("a.xml", None),
        ("json", None),
    ] {
        assert_eq!(Form::of(name), form, "{name}");
    }
    for extension in Form::EXTENSIONS {
        assert!(Form::of(&format!("a.{extension}")).is_some(), "{extension}");
    }
}

#[test]
fn deep_nesting_and_swelling_aliases_are_refused() {
    let deep = "[".repeat(100_000);
    for (form, text) in [
        (Form::Json, deep.clone()),
        (Form::Yaml, deep.clone()),
        (Form::Toml, format!("a = {deep}")),
        (
            Form::Yaml,
            "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n".to_owned(),
        ),
    ] {
        let file: Arc<str> = "data/a".into();
        assert!(tree(&file, &text, form, &Columns::default()).is_err(), "{form:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*|[\"a,;\t\n 1]*|[\\[\\]{}:=\"\n a-c#|>&*!-]*") {
        let file: Arc<str> = "data/a".into();
        for form in [Form::Json, Form::Yaml, Form::Toml, Form::Csv, Form::Tsv] {
            let _ = rows(&file, &text, form, "", &Columns::default());
            let _ = tree(&file, &text, form, &Columns::default());
        }
        let _ = csv(&text);
    }
}

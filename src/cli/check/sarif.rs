//! SARIF 2.1.0 (OASIS standard): the findings for code scanning and editors.

use std::collections::BTreeSet;

use dateline::check::{Explanation, explanation};
use dateline::model::diagnostics::{Problem, ProblemRecord};
use dateline::model::url::percent_encode;
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one run with `problems`.
pub fn log<'a>(problems: impl Iterator<Item = &'a Problem>) -> Value {
    let records: Vec<ProblemRecord> = problems.map(Problem::record).collect();
    let codes: BTreeSet<&str> = records.iter().map(|record| record.code.as_str()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let results: Vec<Value> = records.iter().map(|record| result(record, &codes)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "Dateline",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
                }
            },
            // Columns are counted in characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }]
    })
}

fn rule(code: &str) -> Value {
    let Some(Explanation { what, why, remedy, silence, .. }) = explanation(code) else {
        return json!({ "id": code });
    };
    json!({
        "id": code,
        "shortDescription": { "text": format!("{what}.") },
        "fullDescription": { "text": format!("{what}: {why}.") },
        "help": { "text": format!("{remedy}. To silence it: {silence}.") },
    })
}

fn result(record: &ProblemRecord, codes: &[&str]) -> Value {
    let text = match &record.help {
        Some(help) => format!("{} ({help})", record.message),
        None => record.message.clone(),
    };
    let mut result = json!({
        "ruleId": record.code,
        "ruleIndex": codes.iter().position(|code| *code == record.code),
        "level": record.severity,
        "message": { "text": text },
    });
    if let Some(file) = &record.file {
        let mut place = json!({
            "artifactLocation": { "uri": reference(file), "uriBaseId": "%SRCROOT%" },
        });
        if let (Some(line), Some(column)) = (record.line, record.column) {
            place["region"] = json!({ "startLine": line, "startColumn": column });
        }
        result["locations"] = json!([{ "physicalLocation": place }]);
    }
    result
}

/// `file` as a relative reference (RFC 3986, section 4.2), whose first part has no colon.
fn reference(file: &str) -> String {
    let (first, rest) = file.split_at(file.find('/').unwrap_or(file.len()));
    [percent_encode(first).replace(':', "%3A"), percent_encode(rest).into_owned()].concat()
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn names_of_files_are_references() {
        for (file, expected) in [
            ("content/a b.md", "content/a%20b.md"),
            ("content/50%.md", "content/50%25.md"),
            ("content/caf\u{e9}#?.md", "content/caf%C3%A9%23%3F.md"),
            ("a:b/c.md", "a%3Ab/c.md"),
        ] {
            assert_eq!(reference(file), expected);
        }
    }
}

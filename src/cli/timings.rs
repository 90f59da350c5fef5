//! The times of a build: a table for the terminal, and a page with a chart.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::recorder::{Stage, Timings};
use dateline::model::html::escape;

/// The name of the page in the state folder.
pub const PAGE: &str = "timings.html";

/// Number of documents that the page lists.
const SLOWEST: usize = 30;

/// The stages, one a line: name, milliseconds, count, bytes.
pub fn table(timings: &Timings) -> String {
    let mut text = format!("{:<12} {:>10} {:>10} {:>12}", "stage", "ms", "count", "bytes");
    for stage in &timings.stages {
        // Writing to a string can't fail.
        let _ = write!(
            text,
            "\n{:<12} {:>10.1} {:>10} {:>12}",
            stage.name,
            milliseconds(stage.took),
            stage.count,
            stage.bytes
        );
    }
    text
}

/// A stage in one line, for `--verbose`.
pub fn line(stage: &Stage) -> String {
    format!("{}: {:.1} ms, {}", stage.name, milliseconds(stage.took), stage.count)
}

/// Writes the page into the folder `state`.
pub fn write_page(timings: &Timings, state: &Path) -> io::Result<()> {
    fs::write(state.join(PAGE), page(timings))
}

fn page(timings: &Timings) -> String {
    let end = timings.stages.iter().map(|stage| stage.began + stage.took).max().unwrap_or_default();
    let percent = |part: Duration| 100.0 * part.as_secs_f64() / end.as_secs_f64().max(f64::MIN_POSITIVE);
    let mut stages = String::new();
    for stage in &timings.stages {
        let _ = writeln!(
            stages,
            "<tr><th scope=\"row\">{}</th><td>{:.1}</td><td>{}</td><td>{}</td><td class=\"bar\"><div style=\"margin-left:{:.2}%;width:{:.2}%\"></div></td></tr>",
            escape(&stage.name),
            milliseconds(stage.took),
            stage.count,
            stage.bytes,
            percent(stage.began),
            percent(stage.took).max(0.1),
        );
    }
    let mut by_template: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
    for document in &timings.documents {
        let (count, took) = by_template.entry(&document.template).or_default();
        *count += 1;
        *took += document.took;
    }
    let mut templates: Vec<_> = by_template.into_iter().collect();
    templates.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(b.0)));
    let row = |name: &str, count: usize, took: Duration| {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{:.2}</td><td>{count}</td></tr>\n",
            escape(name),
            milliseconds(took)
        )
    };
    let templates: String = templates.iter().map(|(name, (count, took))| row(name, *count, *took)).collect();
    let slowest: String = timings
        .documents
        .iter()
        .take(SLOWEST)
        .map(|document| row(&format!("{} ({})", document.source, document.template), 1, document.took))
        .collect();
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Where the time went</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th {{ text-align: left; font-weight: normal }}
td {{ text-align: right; font-variant-numeric: tabular-nums; padding: .1rem .6rem }}
.bar {{ width: 50%; text-align: left; padding: 0 }}
.bar div {{ background: #2a7ab0; height: 1rem }}
</style>
</head>
<body>
<h1>Where the time went</h1>
<h2>Stages</h2>
<table>
<tr><th scope=\"col\">Stage</th><td>ms</td><td>count</td><td>bytes</td><td></td></tr>
{stages}</table>
<h2>Templates</h2>
<p>Milliseconds of one thread, and documents.</p>
<table>
{templates}</table>
<h2>Slowest documents</h2>
<table>
{slowest}</table>
</body>
</html>
"
    )
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::recorder::DocumentTime;

    #[test]
    fn the_page_has_stages_templates_and_documents() {
        let stage = |name: &str, began, took| Stage {
            name: name.to_owned(),
            began: Duration::from_millis(began),
            took: Duration::from_millis(took),
            count: 3,
            bytes: 0,
        };
        let document = |source: &str, took| DocumentTime {
            source: source.to_owned(),
            template: "article.html".to_owned(),
            took: Duration::from_millis(took),
        };
        let timings = Timings {
            stages: vec![stage("scan", 0, 25), stage("write", 25, 75)],
            documents: vec![document("a<b.md", 30), document("c.md", 12)],
        };
        let html = page(&timings);
        assert!(html.contains("<th scope=\"row\">write</th><td>75.0</td>"), "{html}");
        assert!(html.contains("margin-left:25.00%;width:75.00%"), "{html}");
        assert!(html.contains("<th scope=\"row\">article.html</th><td>42.00</td><td>2</td>"), "{html}");
        assert!(html.contains("a&lt;b.md (article.html)</th><td>30.00</td>"), "{html}");
        assert_eq!(table(&timings).lines().count(), 3);
    }
}

//! `dateline set`.

use crate::site::Site;

const CONFIG: &str =
    "title = \"Quay News\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";
const FERRY: &str = "---\n# Front page\ntitle: The ferry\ndate: 2026-02-01T09:00:00Z # Monday\ntags: [ferry]\n---\nIt sails.\n";

fn site() -> Site {
    Site::new(&[("site.toml", CONFIG), ("content/news/ferry.md", FERRY)])
}

/// Runs `set` at a fixed time; returns the exit code and both outputs.
fn set(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let mut all = vec!["set"];
    all.extend(arguments);
    all.extend(["--now", "2026-03-01T00:00:00Z"]);
    let output = site.command(&all).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

fn publish(site: &Site) {
    let output = site.command(&["publish", "--now", "2026-03-01T00:00:00Z"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn read(site: &Site, path: &str) -> String {
    std::fs::read_to_string(site.path(path)).unwrap()
}

#[test]
fn a_field_changes_and_the_rest_of_the_file_stays() {
    let site = site();
    let (code, _) = set(&site, &["news/ferry.md", "title=The ferry is back", "draft=true"]);
    assert_eq!(code, Some(0));
    let expected = FERRY
        .replace("The ferry\n", "\"The ferry is back\"\n")
        .replace("# Monday\n", "# Monday\ndraft: true\n");
    assert_eq!(read(&site, "content/news/ferry.md"), expected);
}

#[test]
fn an_article_is_found_by_its_address() {
    let site = site();
    assert_eq!(set(&site, &["/news/ferry/", "--remove", "tags"]).0, Some(0));
    assert!(!read(&site, "content/news/ferry.md").contains("tags"));
}

#[test]
fn an_unknown_article_is_told_with_the_nearest_name() {
    let (code, text) = set(&site(), &["news/fery.md", "draft=true"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("did you mean content/news/ferry.md?"), "{text}");
}

#[test]
fn an_argument_without_a_value_is_a_usage_error() {
    let (code, text) = set(&site(), &["news/ferry.md", "draft"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("KEY=VALUE"), "{text}");
}

#[test]
fn a_value_that_would_be_an_error_leaves_the_file_as_it_was() {
    let site = site();
    let (code, text) = set(&site, &["news/ferry.md", "date=2026-02-30"]);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(read(&site, "content/news/ferry.md"), FERRY);
}

#[test]
fn a_corrected_date_corrects_the_ledger() {
    let site = site();
    publish(&site);
    assert!(read(&site, "ledger.jsonl").contains("2026-02-01T09:00:00"));
    let (code, text) = set(&site, &["news/ferry.md", "date=2026-02-02T10:30:00Z"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("ledger.jsonl"), "{text}");
    publish(&site);
    let feed = read(&site, "public/news/atom.xml");
    assert!(feed.contains("<published>2026-02-02T10:30:00+00:00</published>"), "{feed}");
    assert!(!read(&site, "ledger.jsonl").contains("2026-02-01T09:00:00"));
}

#[test]
fn a_new_id_moves_the_line_of_the_ledger() {
    let site = site();
    publish(&site);
    let lines = read(&site, "ledger.jsonl").lines().count();
    let (code, text) = set(&site, &["news/ferry.md", "id=tag:example.org,2026:ferry"]);
    assert_eq!(code, Some(0), "{text}");
    let ledger = read(&site, "ledger.jsonl");
    assert_eq!(ledger.lines().count(), lines);
    assert!(ledger.contains("\"id\":\"tag:example.org,2026:ferry\""), "{ledger}");
    publish(&site);
    assert_eq!(read(&site, "ledger.jsonl").lines().count(), lines);
}

#[test]
fn a_field_inside_a_table_is_refused_and_nothing_is_written() {
    for arguments in [&["extra.map=3"][..], &["draft=true", "image.alt=The quay"], &["--remove", "extra.map"]]
    {
        let site = site();
        let (code, text) = set(&site, &[&["news/ferry.md"], arguments].concat());
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("is in a table"), "{text}");
        assert_eq!(read(&site, "content/news/ferry.md"), FERRY);
    }
}

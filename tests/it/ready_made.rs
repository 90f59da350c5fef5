//! The files of `contrib/`: the documentation shows what is in them, to the letter.

use std::fs;
use std::path::Path;

use crate::site::tree;

#[test]
fn the_documentation_shows_every_ready_made_file_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = tree(&root.join("content/docs"));
    let pages = pages.into_iter().filter(|(path, _)| path.ends_with(".md"));
    let page: String = pages.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
    let blocks: Vec<&str> = page
        .split("\n```")
        .filter_map(|block| block.split_once('\n').map(|(_language, text)| text))
        .collect();
    let mut names: Vec<String> = fs::read_dir(root.join("contrib"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["crontab", "dateline.rules.yml", "dateline.service", "dateline.timer", "publish.yml"]);
    for name in names {
        let text = fs::read_to_string(root.join("contrib").join(&name)).unwrap();
        assert!(blocks.contains(&text.trim_end()), "contrib/{name} is other than on every page");
        assert!(page.contains(&format!("`contrib/{name}`")), "contrib/{name} is named on no page");
    }
}

//! The files of `contrib/` and `packaging/`: the documentation shows what is in the former, to the letter, and both agree.

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

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_units_of_the_package_are_confined_as_those_of_contrib() {
    let own = ["User=", "WorkingDirectory=", "ExecStart=", "ReadWritePaths=", "Description="];
    for kind in ["service", "timer"] {
        let packaged = read(&format!("packaging/debian/dateline@.{kind}"));
        for line in read(&format!("contrib/dateline.{kind}")).lines() {
            let is_setting = line.contains('=') && !line.starts_with('#');
            if is_setting && !own.iter().any(|own| line.starts_with(own)) {
                assert!(packaged.lines().any(|other| other == line), "dateline@.{kind} has no {line}");
            }
        }
    }
    assert!(read("packaging/debian/dateline@.service").contains("\nUser=dateline\n"));
}

#[test]
fn the_changelogs_begin_with_the_version_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    let changes = read("CHANGELOG.md");
    let newest =
        changes.lines().find_map(|line| line.strip_prefix("## ").filter(|rest| *rest != "Unreleased"));
    assert_eq!(newest.and_then(|rest| rest.split_once(" – ")).map(|(number, _)| number), Some(version));
    assert!(read("packaging/debian/changelog").starts_with(&format!("dateline ({version}-1) ")));
}

#[test]
fn installers_look_for_the_archives_that_a_release_has() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let folder = "{ name }-{ version }-{ target }";
    assert_eq!(binstall["bin-dir"].as_str(), Some(&*format!("{folder}/{{ bin }}{{ binary-ext }}")));
    let url = binstall["pkg-url"].as_str().unwrap();
    assert!(url.ends_with(&format!("/v{{ version }}/{folder}.tar.gz")), "{url}");
    let script = read("packaging/release.sh");
    assert!(script.contains("name=dateline-$version-$target") && script.contains("\"$out/$name.tar.gz\""));
    let action = read("contrib/action/action.yml");
    assert!(action.contains("name=dateline-$VERSION-$TARGET") && action.contains("/v$VERSION/$name.tar.gz"));
}

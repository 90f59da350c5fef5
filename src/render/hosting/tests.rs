use std::path::Path;

use super::*;

fn facts(feeds: usize, hubs: &[&str]) -> Facts {
    Facts {
        base: BaseUrl::parse("https://example.org/").unwrap(),
        hubs: hubs.iter().map(|hub| (*hub).to_owned()).collect(),
        feed_max_age: 60,
        compress: Vec::new(),
        formats: vec![(FeedFormat::Atom, "atom.xml".to_owned()), (FeedFormat::Json, "feed.json".to_owned())],
        feeds: ["/atom.xml".to_owned()]
            .into_iter()
            .chain((1..feeds).map(|number| format!("/tags/{number}/atom.xml")))
            .collect(),
        hashed: vec!["/style-0123456789ab.css".to_owned(), "/renditions/*".to_owned(), "/cards/*".to_owned()],
        outputs: Vec::new(),
        languages: Vec::new(),
        not_found: Vec::new(),
        policy: None,
        moved: Vec::new(),
        tree: String::new(),
        hashed_names: vec![STYLE_NAMES, RENDITION_PATHS, CARD_PATHS],
        redirects: vec![("/caf\u{e9} \"$x\"/".to_owned(), "/new/$/".to_owned())],
        exact: Vec::new(),
        queries: Vec::new(),
    }
}

#[test]
fn there_are_never_more_rules_than_hosts_read_nor_longer_lines() {
    for (feeds, linked) in [(1, 1), (50, 50), (5000, 92)] {
        let text = String::from_utf8(headers(&facts(feeds, &["https://hub.example/"]))).unwrap();
        let rules = text.lines().filter(|line| line.starts_with('/')).count();
        assert!(rules <= MOST_RULES, "{rules}");
        assert_eq!(text.matches("  Link: ").count(), linked, "{feeds} feeds");
        assert!(text.contains("/atom.xml\n  Content-Type: application/atom+xml; charset=utf-8\n  Cache-Control: public, max-age=60\n  Link: <https://hub.example/>; rel=\"hub\", <https://example.org/atom.xml>; rel=\"self\"\n"), "{text}");
    }
    let long = format!("https://hub.example/{}", "x".repeat(2000));
    let text = String::from_utf8(headers(&facts(3, &[&long]))).unwrap();
    assert!(text.lines().all(|line| line.len() <= 2000));
    assert_eq!(headers(&facts(1, &[])), headers(&facts(5000, &[])), "without a hub, feeds add nothing");
}

#[test]
fn no_field_is_in_two_rules_that_fit_one_path_with_different_values() {
    let text = String::from_utf8(headers(&facts(40, &["https://hub.example/"]))).unwrap();
    let mut rules: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(field) => rules.last_mut().unwrap().1.push(field),
            None => rules.push((line, Vec::new())),
        }
    }
    let fits = |rule: &str, path: &str| match rule.split_once('*') {
        Some((before, after)) => path.starts_with(before) && path.ends_with(after),
        None => rule == path,
    };
    for path in [
        "/",
        "/atom.xml",
        "/tags/3/atom.xml",
        "/feed.json",
        "/a/feed.json",
        "/feeds.opml",
        "/style-0123456789ab.css",
        "/renditions/news/quay-480-0123456789.webp",
        "/cards/0123456789abcdef0123.png",
    ] {
        let mut fields: Vec<&str> =
            rules.iter().filter(|(rule, _)| fits(rule, path)).flat_map(|(_, own)| own.clone()).collect();
        fields.sort_unstable();
        fields.dedup();
        let mut names: Vec<&str> = fields.iter().map(|field| field.split(':').next().unwrap()).collect();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{path}: {fields:?}");
    }
}

#[test]
fn what_means_something_to_a_server_is_quoted() {
    let facts = facts(1, &[]);
    let text = nginx(&facts, Path::new("/srv/my \"site\"/public"));
    assert!(text.contains("    root \"/srv/my \\\"site\\\"/public\";\n"), "{text}");
    assert!(text.contains("location = \"/caf\u{e9} \\\"$x\\\"/\" { return 301 \"/new/%24/\"; }"), "{text}");
    let text = caddy(&facts, Path::new("/srv/site"));
    assert!(
        text.contains("\t@redirect1 path_regexp \"^/caf\u{e9} \\x22\\$x\\x22/$\"\n\tredir @redirect1 \"/new/$/\" permanent\n"),
        "{text}"
    );
}

#[test]
fn output_folders_with_any_name_are_quoted_or_left_out() {
    let facts = facts(1, &[]);
    for (name, in_nginx, in_caddy) in [
        ("/srv/a;b {c}", "\"/srv/a;b {c}\"", "`/srv/a;b \\{c}`"),
        ("/srv/$x", "\"/srv/${dateline_dollar}x\"", "\"/srv/$x\""),
        ("/srv/{$x}", "\"/srv/{${dateline_dollar}x}\"", "/srv/www"),
        ("/srv/it's", "\"/srv/it's\"", "\"/srv/it's\""),
        ("/srv/a\"b", "\"/srv/a\\\"b\"", "`/srv/a\"b`"),
        ("/srv/a\\", "\"/srv/a\\\\\"", "`/srv/a\\`"),
        ("/srv/a\\`b", "\"/srv/a\\\\`b\"", "/srv/www"),
        ("/srv/a\nb; evil", "/srv/www", "/srv/www"),
        ("/srv/\u{202e}a", "/srv/www", "/srv/www"),
    ] {
        let text = nginx(&facts, Path::new(name));
        assert!(text.contains(&format!("    root {in_nginx};\n")), "{name:?}: {text}");
        assert_eq!(text.contains("geo $dateline_dollar { default \"$\"; }\n"), name.contains('$'), "{text}");
        let text = caddy(&facts, Path::new(name));
        assert!(text.contains(&format!("\troot * {in_caddy}\n")), "{name:?}: {text}");
        for text in [nginx(&facts, Path::new(name)), caddy(&facts, Path::new(name))] {
            assert!(!text.lines().any(|line| line.starts_with("b; evil")), "{text}");
            assert!(!text.contains(['\u{202e}', '\u{1}']), "{text}");
        }
    }
}

#[test]
fn redirects_match_one_path_alone() {
    let redirects = [
        ("/*/", "^/\\*/$"),
        ("/:x/", ""),
        ("/{env.HOME}/", "^/\\{env\\.HOME\\}/$"),
        ("/{$HOME}/", "^/\\{\\$HOME\\}/$"),
        ("/50%/", "^/50\\%/$"),
        ("/a`b/", "^/a\\x60b/$"),
    ];
    for (from, regexp) in redirects {
        let facts = Facts { redirects: vec![(from.to_owned(), "/new/".to_owned())], ..facts(1, &[]) };
        let text = caddy(&facts, Path::new("/srv"));
        match regexp {
            "" => assert!(text.contains(&format!("\tredir \"{from}\" \"/new/\" permanent\n")), "{text}"),
            regexp => assert!(text.contains(&format!("path_regexp \"{regexp}\"\n")), "{from}: {text}"),
        }
    }
    let facts = Facts {
        redirects: Vec::new(),
        exact: vec![("/Old/".to_owned(), "/old/".to_owned())],
        queries: vec![("/?p=123".to_owned(), "/new/".to_owned())],
        ..facts(1, &[])
    };
    let text = caddy(&facts, Path::new("/srv"));
    assert!(
        text.contains("\t@redirect1 path_regexp \"^/Old/$\"\n\tredir @redirect1 \"/old/\" permanent\n"),
        "{text}"
    );
    assert!(text.contains("\t@redirect2 expression `{http.request.uri} == \"/?p=123\"`\n\tredir @redirect2 \"/new/\" permanent\n"), "{text}");
    let text = nginx(&facts, Path::new("/srv"));
    assert!(text.contains("    location = \"/Old/\" { return 301 \"/old/\"; }\n"), "{text}");
    assert!(text.contains("    if ($request_uri = \"/?p=123\") { return 301 \"/new/\"; }\n"), "{text}");
}

#[test]
fn a_rule_for_hosts_has_no_wildcard_of_a_path() {
    let mut facts = facts(1, &["https://hub.example/$x"]);
    facts.feeds = vec!["/a*b/:c/atom.xml".to_owned()];
    facts.formats = vec![(FeedFormat::Atom, "a*:b.xml".to_owned())];
    let text = String::from_utf8(headers(&facts)).unwrap();
    assert!(text.contains("\n/a%2Ab/%3Ac/atom.xml\n"), "{text}");
    assert!(text.contains("\n/*/a%2A%3Ab.xml\n"), "{text}");
    let text = nginx(&facts, Path::new("/srv"));
    assert!(text.contains("<https://hub.example/${dateline_dollar}x>; rel=\\\"hub\\\", <https://example.org$uri>; rel=\\\"self\\\""), "{text}");
}

#[test]
fn a_site_in_a_folder_has_its_rules_there() {
    let mut facts = facts(1, &["https://hub.example/"]);
    facts.base = BaseUrl::parse("https://example.org/blog/").unwrap();
    facts.feeds = vec!["/blog/atom.xml".to_owned()];
    facts.hashed = vec!["/blog/style-0123456789ab.css".to_owned()];
    facts.hashed_names = vec![STYLE_NAMES];
    let text = String::from_utf8(headers(&facts)).unwrap();
    assert!(
        text.lines().filter(|line| !line.starts_with(' ')).all(|line| line.starts_with("/blog/")),
        "{text}"
    );
    assert!(text.contains("<https://example.org/blog/atom.xml>; rel=\"self\""), "{text}");
    let text = nginx(&facts, Path::new("/out"));
    assert!(text.contains("error_page 404 /blog/404.html;"), "{text}");
    assert!(text.contains("location ~ \"^/blog/(style-[0-9a-f]{12}\\\\.css)$\" {"), "{text}");
    assert!(text.contains("^/blog/([A-Za-z0-9_.~-]+/)*atom\\\\.xml$"), "{text}");
}

#[test]
fn browsers_get_feeds_of_xml_as_xml() {
    let facts = facts(1, &[]);
    let text = nginx(&facts, Path::new("/srv/site"));
    assert_eq!(text.matches("if ($http_accept ~ \"^text/html\") { return 418; }").count(), 1, "{text}");
    assert!(text.contains("    error_page 418 = @dateline_feed;\n"), "{text}");
    let shown = text.split("location @dateline_feed {").nth(1).unwrap().split('}').nth(1).unwrap();
    assert!(shown.contains("default_type \"application/xml; charset=utf-8\";"), "{shown}");
    let text = caddy(&facts, Path::new("/srv/site"));
    assert!(
        text.contains(
            "\t@atom_shown {\n\t\tpath \"*/atom.xml\"\n\t\theader_regexp Accept \"^text/html\"\n\t}\n"
        ),
        "{text}"
    );
    assert!(!text.contains("@json_shown"), "{text}");
}

#[test]
fn each_language_has_its_page_for_what_is_not_found() {
    let facts = Facts { not_found: vec!["/de/".to_owned()], ..facts(1, &[]) };
    let nginx = nginx(&facts, Path::new("/srv/public"));
    let block = nginx.split("location \"/de/\" {").nth(1).unwrap();
    assert!(block.split('}').next().unwrap().contains("error_page 404 /de/404.html;"), "{nginx}");
    let caddy = caddy(&facts, Path::new("/srv/public"));
    let (own, usual) = (caddy.find("/de/404.html").unwrap(), caddy.find("rewrite @404 /404.html").unwrap());
    assert!(own < usual, "{caddy}");
}

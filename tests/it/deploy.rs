//! Deployments: what goes, in which order, and what a target that fails, stops or was changed does to them.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::loopback::{Asked, Said, Server};
use crate::site::{Files, NOW, Site, TOML, tree};

/// A bucket of a service that speaks as S3 does.
#[derive(Default)]
struct Shop {
    objects: BTreeMap<String, Object>,
    /// Methods and keys, in the order of the requests.
    log: Vec<String>,
    count: u64,
    /// Keys whose next request gets a 503.
    busy: Vec<String>,
    /// Keys whose next request is carried out, and never answered.
    mute: Vec<String>,
    /// After this many objects were put, everything else is refused.
    most: Option<usize>,
    /// It carries out every request, whatever its conditions.
    is_deaf: bool,
    /// It knows no conditions for uploads in parts.
    is_simple: bool,
    /// The uploads in parts that have begun: the key and its headers, by the name of the upload.
    uploads: BTreeMap<String, (String, Vec<String>)>,
    /// The parts, by upload and number.
    parts: BTreeMap<(String, usize), String>,
}

#[derive(Clone)]
struct Object {
    bytes: String,
    tag: String,
    headers: Vec<String>,
}

pub fn header<'a>(asked: &'a [String], name: &str) -> Option<&'a str> {
    asked.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

impl Shop {
    fn answer(&mut self, asked: Asked) -> Said {
        let (path, query) = asked.path.split_once('?').unwrap();
        assert!(query.contains("X-Amz-Signature=") && query.contains("X-Amz-Credential=KEY"), "{query}");
        let key = path.strip_prefix("/news/").unwrap().to_owned();
        let term = |name: &str| {
            let found = query.split('&').find_map(|term| term.strip_prefix(name)?.strip_prefix('='));
            found.map(str::to_owned)
        };
        let (upload, number) = (term("uploadId"), term("partNumber"));
        let name = match (term("uploads"), &upload, &number) {
            (Some(_), _, _) => format!("{key}?uploads"),
            (_, Some(_), Some(number)) => format!("{key}?{number}"),
            (_, Some(_), None) => format!("{key}?uploadId"),
            _ => key.clone(),
        };
        self.log.push(format!("{} {name}", asked.method));
        let take = |keys: &mut Vec<String>| {
            let at = keys.iter().position(|one| *one == name);
            at.map(|at| keys.remove(at)).is_some()
        };
        if take(&mut self.busy) {
            return Some(("503 Slow Down\r\nRetry-After: 0".to_owned(), Vec::new()));
        }
        let is_mute = take(&mut self.mute);
        let there = self.objects.get(&key).cloned();
        if name != key {
            let said = self.in_parts(asked, key, upload, number.and_then(|number| number.parse().ok()));
            return if is_mute { Some((String::new(), Vec::new())) } else { Some(said) };
        }
        let said = match asked.method.as_str() {
            "PUT" => {
                let is_met = self.is_deaf
                    || header(&asked.headers, "if-none-match").is_none_or(|_| there.is_none())
                        && header(&asked.headers, "if-match")
                            .is_none_or(|tag| there.as_ref().is_some_and(|there| there.tag == tag));
                if !is_met {
                    return Some(("412 Precondition Failed".to_owned(), Vec::new()));
                }
                if self.most == Some(0) {
                    return Some(("403 Forbidden".to_owned(), b"<Code>AccessDenied</Code>".to_vec()));
                }
                self.most = self.most.map(|most| most - 1);
                self.count += 1;
                let tag = format!("\"{}\"", self.count);
                let object = Object { bytes: asked.body, tag: tag.clone(), headers: asked.headers };
                self.objects.insert(key, object);
                (format!("200 OK\r\nETag: {tag}"), Vec::new())
            }
            "DELETE" => {
                self.objects.remove(&key);
                ("204 No Content".to_owned(), Vec::new())
            }
            method => match there {
                None => ("404 Not Found".to_owned(), b"<Code>NoSuchKey</Code>".to_vec()),
                Some(there) => {
                    let digest = header(&there.headers, "x-amz-meta-dateline").unwrap_or_default();
                    let head = format!("200 OK\r\nETag: {}\r\nx-amz-meta-dateline: {digest}", there.tag);
                    (head, if method == "HEAD" { Vec::new() } else { there.bytes.into_bytes() })
                }
            },
        };
        // A connection that ends without an answer.
        if is_mute { Some((String::new(), Vec::new())) } else { Some(said) }
    }
}

impl Shop {
    /// The answer to a request of an upload in parts.
    fn in_parts(
        &mut self,
        asked: Asked,
        key: String,
        upload: Option<String>,
        number: Option<usize>,
    ) -> (String, Vec<u8>) {
        let gone = || ("404 Not Found".to_owned(), b"<Code>NoSuchUpload</Code>".to_vec());
        let Some(upload) = upload else {
            self.count += 1;
            let name = format!("u{}", self.count);
            self.uploads.insert(name.clone(), (key, asked.headers));
            return ("200 OK".to_owned(), format!("<R><UploadId>{name}</UploadId></R>").into_bytes());
        };
        if !self.uploads.contains_key(&upload) {
            return gone();
        }
        let own = |tag: &str| format!("&quot;{tag}&quot;");
        match (asked.method.as_str(), number) {
            ("PUT", Some(number)) if self.most != Some(0) => {
                self.most = self.most.map(|most| most - 1);
                self.parts.insert((upload, number), asked.body);
                (format!("200 OK\r\nETag: \"p{number}\""), Vec::new())
            }
            ("POST", None)
                if self.is_simple
                    && ["if-match", "if-none-match"]
                        .iter()
                        .any(|it| header(&asked.headers, it).is_some()) =>
            {
                ("501 Not Implemented".to_owned(), b"<Code>NotImplemented</Code>".to_vec())
            }
            ("POST", None) => {
                let is_met =
                    header(&asked.headers, "if-none-match").is_none() || !self.objects.contains_key(&key);
                if !is_met {
                    return ("412 Precondition Failed".to_owned(), Vec::new());
                }
                let (mut bytes, mut at) = (String::new(), 1);
                while let Some(part) = self.parts.remove(&(upload.clone(), at)) {
                    let tag = format!("<PartNumber>{at}</PartNumber><ETag>{}</ETag>", own(&format!("p{at}")));
                    assert!(asked.body.contains(&tag), "{}", asked.body);
                    bytes.push_str(&part);
                    at += 1;
                }
                let (key, headers) = self.uploads.remove(&upload).unwrap();
                self.count += 1;
                let tag = format!("{}-{at}", self.count);
                self.objects.insert(key, Object { bytes, tag: format!("\"{tag}\""), headers });
                ("200 OK".to_owned(), format!("<R><ETag>{}</ETag></R>", own(&tag)).into_bytes())
            }
            ("DELETE", None) => {
                self.uploads.remove(&upload);
                self.parts.retain(|(of, _), _| *of != upload);
                ("204 No Content".to_owned(), Vec::new())
            }
            _ => ("403 Forbidden".to_owned(), b"<Code>AccessDenied</Code>".to_vec()),
        }
    }
}

/// A site, and a bucket that it is deployed to.
struct Deployed {
    site: Site,
    shop: Arc<Mutex<Shop>>,
    _server: Server,
}

impl Deployed {
    fn new(articles: usize) -> Deployed {
        let site = Site::new(&[]);
        let shop = Arc::new(Mutex::new(Shop::default()));
        let answering = shop.clone();
        let server = Server::new(move |asked| answering.lock().unwrap().answer(asked));
        let target = format!(
            "[deploy.live]\nurl = \"s3://news/www\"\nendpoint = \"{}\"\nparallel = 1\npart_size = 5\n",
            server.url()
        );
        site.write("site.toml", format!("{TOML}{target}"));
        for at in 0..articles {
            site.write(&format!("content/a{at}.md"), article("first"));
        }
        site.built();
        Deployed { site, shop, _server: server }
    }

    fn deploy(&self, arguments: &[&str]) -> Output {
        let mut command = self.site.command(&["deploy", "--now", NOW]);
        command
            .args(arguments)
            .env("AWS_ACCESS_KEY_ID", "KEY")
            .env("AWS_SECRET_ACCESS_KEY", "s3cr3t-of-mine");
        command.output().unwrap()
    }

    fn report(&self, arguments: &[&str]) -> Value {
        let output = self.deploy(&[&["--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    }

    /// The files of the bucket, without those of the program.
    fn held(&self) -> Files {
        let shop = self.shop.lock().unwrap();
        let held = shop.objects.iter().map(|(key, object)| {
            (key.strip_prefix("www/").unwrap().replace("%20", " "), object.bytes.clone().into_bytes())
        });
        held.filter(|(path, _)| !path.starts_with(".dateline/")).collect()
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.shop.lock().unwrap().log)
    }

    fn edit(&self, at: usize, text: &str) {
        self.site.write(&format!("content/a{at}.md"), article(text));
        self.site.built();
    }
}

pub fn article(text: &str) -> String {
    format!("+++\ntitle = \"T\"\ndate = 2026-01-05T10:00:00Z\n+++\nThe {text} text.\n")
}

pub fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_bucket_gets_what_changed_and_nothing_else() {
    let deployed = Deployed::new(30);
    let first = deployed.report(&[]);
    assert_eq!(first["outcome"], "done", "{first}");
    assert_eq!(deployed.held(), deployed.site.output());
    deployed.log();
    let again = deployed.report(&[]);
    assert_eq!((&again["reads"], &again["writes"]), (&1.into(), &0.into()), "{again}");
    assert_eq!(deployed.log(), ["GET www/.dateline/deployed.json"]);
    for at in 0..9 {
        deployed.site.write(&format!("static/s{at}.txt"), "new");
    }
    deployed.edit(3, "second");
    let changed = deployed.report(&[]);
    assert_eq!(deployed.held(), deployed.site.output());
    let requests = deployed.log();
    let gets = requests.iter().filter(|request| request.starts_with("GET")).count();
    assert_eq!(gets, 1, "{requests:?}");
    // The article, nine files, its feeds and lists, the claim and the manifest.
    assert_eq!(changed["writes"].as_u64().unwrap() as usize, requests.len() - 1);
}

#[test]
fn new_files_go_before_those_that_lead_to_them_and_removals_are_last() {
    let deployed = Deployed::new(3);
    deployed.report(&[]);
    deployed.log();
    fs::remove_file(deployed.site.path("content/a0.md")).unwrap();
    deployed.site.write("content/new.md", article("new"));
    deployed.site.built();
    deployed.report(&[]);
    let log = deployed.log();
    let at = |wanted: &str| {
        log.iter().position(|one| one == wanted).unwrap_or_else(|| panic!("{wanted} in {log:?}"))
    };
    let order = [
        "PUT www/.dateline/claim.json",
        "PUT www/new/index.html",
        "PUT www/index.html",
        "PUT www/feed.json",
        "DELETE www/a0/index.html",
        "PUT www/.dateline/deployed.json",
        "DELETE www/.dateline/claim.json",
    ]
    .map(at);
    assert!(order.is_sorted(), "{log:?}");
    assert!(at("PUT www/sitemap.xml") > at("PUT www/index.html"), "{log:?}");
}

#[test]
fn files_have_their_types_and_the_times_for_which_they_may_be_kept() {
    let deployed = Deployed::new(1);
    deployed.report(&[]);
    let shop = deployed.shop.lock().unwrap();
    let fields = |key: &str| {
        let headers = &shop.objects[key].headers;
        (header(headers, "content-type").unwrap(), header(headers, "cache-control").unwrap())
    };
    assert_eq!(fields("www/a0/index.html"), ("text/html; charset=utf-8", "max-age=0, must-revalidate"));
    assert_eq!(fields("www/feed.json"), ("application/feed+json", "public, max-age=300"));
    let style = shop.objects.keys().find(|key| key.contains("/style-")).unwrap();
    assert_eq!(fields(style), ("text/css; charset=utf-8", "public, max-age=31536000, immutable"));
}

#[test]
fn a_server_that_is_busy_or_does_not_answer_is_asked_again() {
    let deployed = Deployed::new(4);
    {
        let mut shop = deployed.shop.lock().unwrap();
        shop.busy = ["www/.dateline/deployed.json", "www/a1/index.html", "www/.dateline/claim.json"]
            .map(str::to_owned)
            .into();
        shop.mute = ["www/a2/index.html", "www/feed.json"].map(str::to_owned).into();
    }
    let report = deployed.report(&[]);
    assert_eq!(report["outcome"], "done", "{report}");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_deployment_that_was_stopped_goes_on_where_it_was() {
    let deployed = Deployed::new(8);
    deployed.shop.lock().unwrap().most = Some(6);
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("AccessDenied"), "{}", shown(&output));
    assert!(deployed.held().keys().all(|path| !path.ends_with("feed.json")));
    deployed.shop.lock().unwrap().most = None;
    let report = deployed.report(&[]);
    // The claim was one of the six.
    assert_eq!(report["resumed"], 5, "{report}");
    assert_eq!(deployed.held(), deployed.site.output());
    assert_eq!(deployed.report(&[])["writes"], 0);
}

#[test]
fn a_page_that_a_stopped_deployment_put_goes_if_it_is_withdrawn_meanwhile() {
    let deployed = Deployed::new(8);
    deployed.shop.lock().unwrap().most = Some(6);
    assert_eq!(deployed.deploy(&[]).status.code(), Some(3));
    deployed.shop.lock().unwrap().most = None;
    let put: Vec<String> = deployed.held().into_keys().filter(|path| path.starts_with('a')).collect();
    assert!(put.iter().any(|path| path == "a0/index.html"), "{put:?}");
    for path in put.iter().filter_map(|path| path.strip_suffix("/index.html")) {
        let _ = fs::remove_file(deployed.site.path(&format!("content/{path}.md")));
    }
    deployed.site.built();
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

/// A text of more than two parts of the smallest size.
pub fn large() -> String {
    (0..220_000).map(|at| format!("Line {at:06} of a record that is long enough for parts.\n")).collect()
}

#[test]
fn a_large_file_goes_in_parts_and_a_part_that_fails_goes_again_alone() {
    let deployed = Deployed::new(1);
    deployed.site.write("static/record.txt", large());
    deployed.site.built();
    {
        let mut shop = deployed.shop.lock().unwrap();
        shop.busy = ["www/record.txt?2", "www/record.txt?uploadId"].map(str::to_owned).into();
        shop.mute = ["www/record.txt?3"].map(str::to_owned).into();
    }
    let report = deployed.report(&[]);
    assert_eq!(report["outcome"], "done", "{report}");
    let log = deployed.log();
    let of_record: Vec<&str> =
        log.iter().map(String::as_str).filter(|line| line.contains("record")).collect();
    assert_eq!(
        of_record,
        [
            "POST www/record.txt?uploads",
            "PUT www/record.txt?1",
            "PUT www/record.txt?2",
            "PUT www/record.txt?2",
            "PUT www/record.txt?3",
            "PUT www/record.txt?3",
            "POST www/record.txt?uploadId",
            "POST www/record.txt?uploadId",
        ]
    );
    assert_eq!(report["writes"].as_u64().unwrap() as usize, log.len() - 1);
    assert_eq!(deployed.held(), deployed.site.output());
    {
        let shop = deployed.shop.lock().unwrap();
        let headers = &shop.objects["www/record.txt"].headers;
        assert_eq!(header(headers, "content-type"), Some("text/plain; charset=utf-8"));
        assert!(shop.uploads.is_empty());
    }
    assert_eq!(deployed.report(&[])["writes"], 0);
}

#[test]
fn an_upload_in_parts_that_was_completed_without_an_answer_counts() {
    let deployed = Deployed::new(1);
    deployed.site.write("static/record.txt", large());
    deployed.site.built();
    deployed.shop.lock().unwrap().mute = vec!["www/record.txt?uploadId".to_owned()];
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_service_that_knows_no_conditions_for_parts_is_looked_at_instead() {
    let deployed = Deployed::new(1);
    deployed.shop.lock().unwrap().is_simple = true;
    for text in [large(), large().replace("Line", "Row")] {
        deployed.site.write("static/record.txt", text);
        deployed.site.built();
        assert_eq!(deployed.report(&[])["outcome"], "done");
        assert_eq!(deployed.held(), deployed.site.output());
    }
    deployed.shop.lock().unwrap().objects.get_mut("www/record.txt").unwrap().tag = "\"hand\"".to_owned();
    deployed.shop.lock().unwrap().objects.get_mut("www/record.txt").unwrap().headers.clear();
    deployed.site.write("static/record.txt", large());
    deployed.site.built();
    let output = deployed.deploy(&[]);
    assert!(shown(&output).contains("somebody else changed record.txt"), "{}", shown(&output));
    assert!(deployed.shop.lock().unwrap().uploads.is_empty());
}

#[test]
fn an_upload_in_parts_that_fails_leaves_no_parts() {
    let deployed = Deployed::new(0);
    deployed.site.write("static/0-record.txt", large());
    deployed.site.built();
    // The claim, and one part.
    deployed.shop.lock().unwrap().most = Some(2);
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(deployed.log().contains(&"DELETE www/0-record.txt?uploadId".to_owned()));
    let mut shop = deployed.shop.lock().unwrap();
    assert!(shop.uploads.is_empty() && shop.parts.is_empty());
    assert!(!shop.objects.contains_key("www/0-record.txt"));
    shop.most = None;
    drop(shop);
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_file_that_somebody_else_changed_is_named_and_only_replaced_on_request() {
    let deployed = Deployed::new(3);
    deployed.report(&[]);
    {
        let mut shop = deployed.shop.lock().unwrap();
        let object = shop.objects.get_mut("www/a1/index.html").unwrap();
        (object.bytes, object.tag) = ("by hand".to_owned(), "\"hand\"".to_owned());
        object.headers.clear();
    }
    deployed.edit(1, "second");
    let feed = deployed.held()["feed.json"].clone();
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(shown(&output).contains("somebody else changed a1/index.html"), "{}", shown(&output));
    assert_eq!(deployed.held()["feed.json"], feed);
    assert_eq!(deployed.report(&["--repair"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    // Nor is it removed.
    {
        let mut shop = deployed.shop.lock().unwrap();
        let object = shop.objects.get_mut("www/a2/index.html").unwrap();
        (object.bytes, object.tag) = ("by hand".to_owned(), "\"hand\"".to_owned());
        object.headers.clear();
    }
    fs::remove_file(deployed.site.path("content/a2.md")).unwrap();
    deployed.site.built();
    let output = deployed.deploy(&[]);
    assert!(shown(&output).contains("somebody else changed a2/index.html"), "{}", shown(&output));
    assert_eq!(deployed.held()["a2/index.html"], b"by hand");
    assert_eq!(deployed.report(&["--repair"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn two_deployments_do_not_mix() {
    let deployed = Deployed::new(2);
    let claim = |since: &str| Object {
        bytes: format!("{{\"id\":\"other\",\"since\":\"{since}\"}}"),
        tag: "\"c\"".to_owned(),
        headers: Vec::new(),
    };
    let key = "www/.dateline/claim.json".to_owned();
    deployed.shop.lock().unwrap().objects.insert(key.clone(), claim("2999-01-01T00:00:00Z"));
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(6), "{}", shown(&output));
    assert!(deployed.held().is_empty());
    // One that was left behind long ago.
    deployed.shop.lock().unwrap().objects.insert(key, claim("2020-01-01T00:00:00Z"));
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_service_without_conditions_is_looked_at_before_anything_is_replaced() {
    let deployed = Deployed::new(3);
    let toml = fs::read_to_string(deployed.site.path("site.toml")).unwrap();
    // Google's service is one of them.
    deployed.site.write("site.toml", toml.replace("s3://", "gs://"));
    deployed.site.built();
    deployed.shop.lock().unwrap().is_deaf = true;
    deployed.report(&[]);
    assert_eq!(deployed.held(), deployed.site.output());
    let by_hand = |name: &str| {
        let mut shop = deployed.shop.lock().unwrap();
        let object = shop.objects.get_mut(&format!("www/{name}/index.html")).unwrap();
        (object.bytes, object.tag) = ("by hand".to_owned(), "\"hand\"".to_owned());
        object.headers.clear();
    };
    by_hand("a1");
    by_hand("a2");
    deployed.edit(1, "second");
    fs::remove_file(deployed.site.path("content/a2.md")).unwrap();
    deployed.site.built();
    for path in ["a1/index.html", "a2/index.html"] {
        let output = deployed.deploy(&[]);
        assert_eq!(output.status.code(), Some(3), "{path}");
        assert!(shown(&output).contains(&format!("somebody else changed {path}")), "{}", shown(&output));
        assert_eq!(deployed.held()[path], b"by hand");
        let page = deployed.site.output().get("a1/index.html").cloned().unwrap();
        let mut shop = deployed.shop.lock().unwrap();
        let object = shop.objects.get_mut("www/a1/index.html").unwrap();
        object.bytes = String::from_utf8(page.clone()).unwrap();
        let digest = dateline::model::digest::Digest::quick(&page);
        object.headers = vec![format!("x-amz-meta-dateline: {digest}")];
    }
    assert_eq!(deployed.report(&["--repair"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    let claim = Object {
        bytes: "{\"id\":\"other\",\"since\":\"2999-01-01T00:00:00Z\"}".to_owned(),
        tag: "\"c\"".to_owned(),
        headers: Vec::new(),
    };
    deployed.shop.lock().unwrap().objects.insert("www/.dateline/claim.json".to_owned(), claim);
    deployed.edit(0, "second");
    assert_eq!(deployed.deploy(&[]).status.code(), Some(6));
}

#[test]
fn a_manifest_that_was_cut_short_is_no_reason_to_remove_anything() {
    let deployed = Deployed::new(2);
    deployed.report(&[]);
    {
        let mut shop = deployed.shop.lock().unwrap();
        let manifest = shop.objects.get_mut("www/.dateline/deployed.json").unwrap();
        manifest.bytes.truncate(manifest.bytes.len() / 2);
    }
    deployed.edit(1, "second");
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(shown(&output).contains("manifest can't be used"), "{}", shown(&output));
    assert_eq!(deployed.report(&["--repair"])["removed"], Value::Array(Vec::new()));
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn many_removals_have_to_be_accepted() {
    let deployed = Deployed::new(40);
    deployed.report(&[]);
    for at in 0..39 {
        fs::remove_file(deployed.site.path(&format!("content/a{at}.md"))).unwrap();
    }
    deployed.site.built();
    let before = deployed.held();
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("would be removed"), "{}", shown(&output));
    assert_eq!(deployed.held(), before);
    assert_eq!(deployed.report(&["--accept"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_dry_run_names_what_the_deployment_does() {
    let deployed = Deployed::new(2);
    let plan = deployed.report(&["--dry-run"]);
    assert!(deployed.log().iter().all(|request| !request.starts_with("PUT")));
    let done = deployed.report(&[]);
    for key in ["new", "replaced", "feeds", "removed"] {
        assert_eq!(plan[key], done[key], "{key}");
    }
}

#[test]
fn secrets_are_in_no_message() {
    let deployed = Deployed::new(1);
    deployed.shop.lock().unwrap().most = Some(0);
    let output = deployed.deploy(&["--verbose"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!shown(&output).contains("s3cr3t"), "{}", shown(&output));
    let without = deployed.site.command(&["deploy"]).env_remove("AWS_ACCESS_KEY_ID").output().unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(shown(&without).contains("AWS_ACCESS_KEY_ID"), "{}", shown(&without));
}

#[test]
fn publish_deploys_what_it_publishes_and_asks_for_nothing_when_nothing_changed() {
    let deployed = Deployed::new(2);
    let publish = || {
        let mut command = deployed.site.command(&["publish", "--now", NOW, "--to", "live"]);
        command.env("AWS_ACCESS_KEY_ID", "KEY").env("AWS_SECRET_ACCESS_KEY", "secret").output().unwrap()
    };
    let output = publish();
    assert!(output.status.success(), "{}", shown(&output));
    assert!(shown(&output).contains("live: "), "{}", shown(&output));
    assert_eq!(deployed.held(), deployed.site.output());
    deployed.log();
    let quiet = publish();
    assert_eq!((shown(&quiet), deployed.log()), (String::new(), Vec::new()));
    deployed.site.write("content/more.md", article("more"));
    assert!(publish().status.success());
    assert_eq!(deployed.held(), deployed.site.output());
}

/// A site that is deployed to `url`, a form with `{}` for a new folder; the folder.
fn deployed_to(more: &str) -> (Site, tempfile::TempDir) {
    let (site, target) = (Site::new(&[("content/a.md", &article("first"))]), tempfile::tempdir().unwrap());
    let more = more.replace("{}", target.path().to_str().unwrap());
    site.write("site.toml", format!("{TOML}[deploy.live]\n{more}\n"));
    site.built();
    (site, target)
}

fn deploy(site: &Site, arguments: &[&str]) -> Output {
    site.command(&[&["deploy", "--now", NOW], arguments].concat()).output().unwrap()
}

#[test]
fn a_folder_is_as_the_site_and_keeps_the_files_of_others() {
    let (site, target) = deployed_to("url = \"file://{}/www\"");
    assert!(deploy(&site, &[]).status.success());
    let www = target.path().join("www");
    fs::write(www.join("theirs.txt"), "theirs").unwrap();
    site.write("content/b.md", article("b"));
    fs::remove_file(site.path("content/a.md")).unwrap();
    site.built();
    assert!(deploy(&site, &[]).status.success());
    let mut there = tree(&www);
    assert_eq!(there.remove("theirs.txt").as_deref(), Some(&b"theirs"[..]));
    there.retain(|path, _| !path.starts_with(".dateline/"));
    assert_eq!(there, site.output());
    assert!(!www.join("a").exists());
    // Somebody edits a page at the target.
    fs::write(www.join("b/index.html"), "by hand").unwrap();
    site.write("content/b.md", article("second"));
    site.built();
    let output = deploy(&site, &[]);
    assert!(shown(&output).contains("somebody else changed b/index.html"), "{}", shown(&output));
    // So does one that would be removed.
    fs::remove_file(site.path("content/b.md")).unwrap();
    site.built();
    let output = deploy(&site, &[]);
    assert!(shown(&output).contains("somebody else changed b/index.html"), "{}", shown(&output));
    assert!(www.join("b/index.html").exists());
    assert!(deploy(&site, &["--repair"]).status.success());
    assert!(!www.join("b").exists());
}

#[test]
fn a_branch_gets_a_commit_for_each_change() {
    let (site, target) = deployed_to("url = \"git+file://{}/site.git#pages\"");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(target.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet", "--bare", "site.git"]);
    assert!(deploy(&site, &[]).status.success());
    assert!(deploy(&site, &[]).status.success());
    site.write("content/a.md", article("second"));
    site.built();
    let output = deploy(&site, &[]);
    assert!(output.status.success(), "{}", shown(&output));
    assert_eq!(git(&["-C", "site.git", "rev-list", "--count", "pages"]).trim(), "2");
    git(&["clone", "--quiet", "--branch", "pages", "site.git", "seen"]);
    let mut seen = tree(&target.path().join("seen"));
    seen.retain(|path, _| ![".git/", ".dateline/", ".nojekyll"].iter().any(|own| path.starts_with(own)));
    assert_eq!(seen, site.output());
}

#[test]
fn a_command_gets_the_plan_and_is_asked_again_if_it_fails() {
    let (site, target) = deployed_to(
        "command = [\"sh\", \"-c\", \"cat > {}/plan.json && test -e {}/ready && cp -r $DATELINE_OUTPUT {}/www\"]",
    );
    let output = deploy(&site, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    fs::write(target.path().join("ready"), "").unwrap();
    assert!(deploy(&site, &[]).status.success());
    let plan: Value = serde_json::from_slice(&fs::read(target.path().join("plan.json")).unwrap()).unwrap();
    assert!(plan["new"].as_array().unwrap().contains(&"a/index.html".into()), "{plan}");
    assert_eq!(tree(&target.path().join("www")), site.output());
}

#[test]
fn a_target_that_is_none_is_an_error_with_its_remedy() {
    for (settings, expected) in [
        ("[deploy.live]\nurl = \"ftp://host/\"\n", "s3://bucket/prefix"),
        ("[deploy.live]\nurl = \"https://me:secret@host/\"\n", "password"),
        ("[deploy.live]\nbucket = \"x\"\n", "use `url`"),
        ("[deploy.live]\n", "neither `url` nor `command`"),
        ("[deploy.live]\nurl = \"az://News/y\"\n", "`News` is no container"),
        ("[deploy.live]\nurl = \"https://h.blob.core.windows.net/news?sig=x\"\n", "AZURE_STORAGE_SAS_TOKEN"),
        ("[deploy.live]\nurl = \"s3://x\"\npart_size = 4\n", "use a number from 5 to 4000"),
    ] {
        let site = Site::new(&[]);
        site.write("site.toml", format!("{TOML}{settings}"));
        let output = deploy(&site, &[]);
        assert_eq!(output.status.code(), Some(2), "{settings}");
        assert!(shown(&output).contains(expected), "{settings}: {}", shown(&output));
    }
    let (site, _target) = deployed_to("url = \"s3://x\"\nsecret = \"x\"");
    assert!(shown(&site.build(&[])).contains("leave secrets out"));
    let (site, _target) = deployed_to("url = \"az://news\"\naccount = \"x\"");
    assert!(shown(&site.build(&[])).contains("az://container@account/prefix"));
    let (site, _target) = deployed_to("url = \"file://{}/www\"\n[deploy.test]\nurl = \"file://{}/test\"");
    assert!(shown(&deploy(&site, &[])).contains("live, test"));
    assert!(shown(&deploy(&site, &["lives"])).contains("did you mean `live`?"));
}

#[test]
fn another_site_is_not_replaced() {
    let (site, target) = deployed_to("url = \"file://{}/www\"");
    assert!(deploy(&site, &[]).status.success());
    let before = tree(target.path());
    let toml = fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", toml.replace("example.org", "other.example"));
    site.built();
    let output = deploy(&site, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("https://example.org/"), "{}", shown(&output));
    assert_eq!(tree(target.path()), before);
}

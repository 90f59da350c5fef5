//! Deployments to containers of Azure.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::deploy::{article, header, large, shown};
use crate::loopback::{Asked, Said, Server};
use crate::site::{Files, NOW, Site, TOML};

/// A key that opens nothing.
const KEY: &str = "bm90IGEgcmVhbCBrZXkgb2YgYW55Ym9keSwgZm9yIHRlc3Rz";

/// The blobs of an account, `harbour`, whose container `$web` is there and no other.
#[derive(Default)]
struct Blobs {
    blobs: BTreeMap<String, Blob>,
    /// Blocks that belong to no blob yet, by blob and name.
    blocks: BTreeMap<(String, String), String>,
    /// All requests.
    log: Vec<String>,
    count: u64,
    /// Requests that get a 503 once.
    busy: Vec<String>,
    /// Requests that are carried out once, and never answered.
    mute: Vec<String>,
    /// Requests that get this error, and the requests: all of them, again and again.
    refused: Option<(&'static str, &'static str)>,
}

#[derive(Clone)]
struct Blob {
    bytes: String,
    tag: String,
    headers: Vec<String>,
}

fn failure(status: &str, code: &str) -> (String, Vec<u8>) {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>No.\nRequestId:1</Message></Error>"
    );
    (format!("{status}\r\nx-ms-error-code: {code}"), body.into_bytes())
}

impl Blobs {
    fn answer(&mut self, asked: Asked) -> Said {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let is_signed =
            header(&asked.headers, "authorization").is_some_and(|it| it.starts_with("SharedKey harbour:"));
        assert_ne!(is_signed, query.contains("sig=s3cr3t"), "{query} {:?}", asked.headers);
        for name in ["x-ms-version", "x-ms-date"] {
            assert!(header(&asked.headers, name).is_some(), "{name}");
        }
        let Some(key) = path.strip_prefix("/harbour/$web/").map(str::to_owned) else {
            return Some(failure("404 The container is missing", "ContainerNotFound"));
        };
        let own: Vec<&str> = query.split('&').filter(|term| term.starts_with("comp=")).collect();
        let name = [&[asked.method.as_str(), " ", &key], &*own].concat().concat();
        self.log.push(name.clone());
        let take = |names: &mut Vec<String>| {
            let at = names.iter().position(|one| *one == name);
            at.map(|at| names.remove(at)).is_some()
        };
        if take(&mut self.busy) {
            return Some(failure("503 Server Busy\r\nRetry-After: 0", "ServerBusy"));
        }
        if let Some((status, code)) = self.refused.filter(|_| asked.method == "PUT") {
            return Some(failure(status, code));
        }
        let is_mute = take(&mut self.mute);
        let said = self.carry_out(asked.method.clone(), key, query.to_owned(), asked);
        if is_mute { Some((String::new(), Vec::new())) } else { Some(said) }
    }

    fn carry_out(&mut self, method: String, key: String, query: String, asked: Asked) -> (String, Vec<u8>) {
        let there = self.blobs.get(&key).cloned();
        if query.contains("comp=block&") {
            assert!(header(&asked.headers, "content-md5").is_some());
            let name = query.split('&').find_map(|term| term.strip_prefix("blockid=")).unwrap();
            self.blocks.insert((key, name.replace("%3D", "=")), asked.body);
            return ("201 Created".to_owned(), Vec::new());
        }
        if header(&asked.headers, "if-none-match").is_some() && there.is_some() {
            return failure("409 The blob is there", "BlobAlreadyExists");
        }
        if header(&asked.headers, "if-match")
            .is_some_and(|tag| there.as_ref().is_none_or(|there| there.tag != tag))
        {
            return failure("412 Not met", "ConditionNotMet");
        }
        match method.as_str() {
            "PUT" => {
                let bytes = match query.contains("comp=blocklist") {
                    true => {
                        let names =
                            asked.body.split("<Latest>").skip(1).filter_map(|rest| rest.split('<').next());
                        names.filter_map(|name| self.blocks.remove(&(key.clone(), name.to_owned()))).collect()
                    }
                    false => {
                        assert_eq!(header(&asked.headers, "x-ms-blob-type"), Some("BlockBlob"));
                        assert!(header(&asked.headers, "content-md5").is_some());
                        asked.body
                    }
                };
                self.count += 1;
                let tag = format!("\"0x{}\"", self.count);
                self.blobs.insert(key, Blob { bytes, tag: tag.clone(), headers: asked.headers });
                (format!("201 Created\r\nETag: {tag}"), Vec::new())
            }
            "DELETE" if there.is_some() => {
                self.blobs.remove(&key);
                ("202 Accepted".to_owned(), Vec::new())
            }
            method => match there {
                None => failure("404 Not Found", "BlobNotFound"),
                Some(there) => {
                    let digest = header(&there.headers, "x-ms-meta-dateline").unwrap_or_default();
                    let head = format!("200 OK\r\nETag: {}\r\nx-ms-meta-dateline: {digest}", there.tag);
                    (head, if method == "HEAD" { Vec::new() } else { there.bytes.into_bytes() })
                }
            },
        }
    }
}

/// A site, and an account of Azure that it is deployed to.
struct Deployed {
    site: Site,
    blobs: Arc<Mutex<Blobs>>,
    server: Server,
}

impl Deployed {
    fn new(articles: usize) -> Deployed {
        let site = Site::new(&[]);
        let blobs = Arc::new(Mutex::new(Blobs::default()));
        let answering = blobs.clone();
        let server = Server::new(move |asked| answering.lock().unwrap().answer(asked));
        let deployed = Deployed { site, blobs, server };
        deployed.target("az://$web@harbour/www");
        for at in 0..articles {
            deployed.edit(&format!("a{at}"), "first");
        }
        deployed.site.built();
        deployed
    }

    fn target(&self, url: &str) {
        let endpoint = format!("{}harbour", self.server.url());
        let target = format!(
            "[deploy.live]\nurl = \"{url}\"\nendpoint = \"{endpoint}\"\nparallel = 1\npart_size = 5\n"
        );
        self.site.write("site.toml", format!("{TOML}{target}"));
    }

    fn edit(&self, name: &str, text: &str) {
        self.site.write(&format!("content/{name}.md"), article(text));
    }

    fn with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = self.site.command(&["deploy", "--now", NOW]);
        command.args(arguments).envs(variables.iter().copied()).output().unwrap()
    }

    fn deploy(&self, arguments: &[&str]) -> Output {
        self.with(arguments, &[("AZURE_STORAGE_KEY", KEY)])
    }

    fn report(&self, arguments: &[&str]) -> Value {
        let output = self.deploy(&[&["--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    }

    fn held(&self) -> Files {
        let blobs = self.blobs.lock().unwrap();
        let held = blobs.blobs.iter().map(|(key, blob)| {
            (key.strip_prefix("www/").unwrap().replace("%20", " "), blob.bytes.clone().into_bytes())
        });
        held.filter(|(path, _)| !path.starts_with(".dateline/")).collect()
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.blobs.lock().unwrap().log)
    }
}

#[test]
fn a_container_gets_what_changed_with_its_fields() {
    let deployed = Deployed::new(3);
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    {
        let blobs = deployed.blobs.lock().unwrap();
        let fields = |key: &str| {
            let headers = &blobs.blobs[key].headers;
            ["content-type", "cache-control"]
                .map(|name| header(headers, &format!("x-ms-blob-{name}")).unwrap().to_owned())
        };
        assert_eq!(fields("www/a0/index.html"), ["text/html; charset=utf-8", "max-age=0, must-revalidate"]);
        assert_eq!(fields("www/feed.json"), ["application/feed+json", "public, max-age=300"]);
    }
    deployed.log();
    assert_eq!(deployed.report(&[])["writes"], 0);
    assert_eq!(deployed.log(), ["GET www/.dateline/deployed.json"]);
    deployed.edit("a1", "second");
    deployed.edit("new", "first");
    fs::remove_file(deployed.site.path("content/a2.md")).unwrap();
    deployed.site.built();
    assert_eq!(deployed.report(&[])["removed"], Value::from(vec!["a2/index.html"]));
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_container_that_is_busy_or_does_not_answer_is_asked_again() {
    let deployed = Deployed::new(3);
    {
        let mut blobs = deployed.blobs.lock().unwrap();
        blobs.busy = ["GET www/.dateline/deployed.json", "PUT www/a1/index.html"].map(str::to_owned).into();
        blobs.mute = ["PUT www/.dateline/claim.json", "PUT www/a2/index.html", "PUT www/feed.json"]
            .map(str::to_owned)
            .into();
    }
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    // A removal whose answer is lost is done.
    fs::remove_file(deployed.site.path("content/a2.md")).unwrap();
    deployed.site.built();
    deployed.blobs.lock().unwrap().mute = vec!["DELETE www/a2/index.html".to_owned()];
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_blob_that_somebody_else_changed_is_neither_replaced_nor_removed() {
    let deployed = Deployed::new(3);
    deployed.report(&[]);
    let by_hand = || {
        let mut blobs = deployed.blobs.lock().unwrap();
        let blob = blobs.blobs.get_mut("www/a1/index.html").unwrap();
        (blob.bytes, blob.tag) = ("by hand".to_owned(), "\"hand\"".to_owned());
        blob.headers.clear();
    };
    by_hand();
    deployed.edit("a1", "second");
    deployed.site.built();
    let output = deployed.deploy(&[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(shown(&output).contains("somebody else changed a1/index.html"), "{}", shown(&output));
    assert_eq!(deployed.report(&["--repair"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    by_hand();
    fs::remove_file(deployed.site.path("content/a1.md")).unwrap();
    deployed.site.built();
    let output = deployed.deploy(&[]);
    assert!(shown(&output).contains("somebody else changed a1/index.html"), "{}", shown(&output));
    assert_eq!(deployed.held()["a1/index.html"], b"by hand");
    assert_eq!(deployed.report(&["--repair"])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
}

#[test]
fn a_large_file_goes_to_a_container_in_blocks() {
    let deployed = Deployed::new(1);
    deployed.site.write("static/record.txt", large());
    deployed.site.built();
    {
        let mut blobs = deployed.blobs.lock().unwrap();
        blobs.busy = vec!["PUT www/record.txtcomp=block".to_owned()];
        blobs.mute = vec!["PUT www/record.txtcomp=blocklist".to_owned()];
    }
    assert_eq!(deployed.report(&[])["outcome"], "done");
    assert_eq!(deployed.held(), deployed.site.output());
    let of_record = deployed.log().into_iter().filter(|line| line.contains("record"));
    let count = |log: &[String], end: &str| log.iter().filter(|line| line.ends_with(end)).count();
    let log: Vec<String> = of_record.collect();
    // Three blocks, one of them twice; then the list, twice, and a look at what became of it.
    assert_eq!((count(&log, "comp=block"), count(&log, "comp=blocklist"), log.len()), (4, 2, 7), "{log:?}");
    let blobs = deployed.blobs.lock().unwrap();
    let headers = &blobs.blobs["www/record.txt"].headers;
    assert_eq!(header(headers, "x-ms-blob-content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(header(headers, "x-ms-blob-content-md5").unwrap().len(), 24);
    drop(blobs);
    assert_eq!(deployed.report(&[])["writes"], 0);
}

#[test]
fn a_container_that_refuses_is_quoted_and_no_secret_is() {
    let deployed = Deployed::new(1);
    let token = [("AZURE_STORAGE_SAS_TOKEN", "?sv=2021-12-02&sig=s3cr3t")];
    let string = format!("AccountName=harbour;AccountKey={KEY}");
    let both = [("AZURE_STORAGE_CONNECTION_STRING", string.as_str())];
    for (url, refused, variables, code, expected) in [
        (
            "az://$web@harbour/www",
            Some(("403 Forbidden", "AuthorizationPermissionMismatch")),
            &token[..],
            3,
            "AuthorizationPermissionMismatch No.",
        ),
        ("az://$web@harbour/www", Some(("412 Leased", "LeaseIdMissing")), &both[..], 3, "LeaseIdMissing"),
        (
            "az://$web@harbour/www",
            Some(("409 Other", "BlobImmutableDueToPolicy")),
            &both[..],
            3,
            "BlobImmutableDueToPolicy",
        ),
        ("az://news@harbour/www", None, &both[..], 3, "there is no container `news`"),
        ("az://$web/www", None, &token[..], 2, "AZURE_STORAGE_ACCOUNT"),
        ("az://$web@other/www", None, &both[..], 2, "of the account `harbour`"),
        ("az://$web@harbour/www", None, &[], 2, "AZURE_STORAGE_KEY"),
    ] {
        deployed.target(url);
        deployed.site.built();
        deployed.blobs.lock().unwrap().refused = refused;
        let output = deployed.with(&["--verbose"], variables);
        assert_eq!(output.status.code(), Some(code), "{expected}: {}", shown(&output));
        assert!(shown(&output).contains(expected), "{expected}: {}", shown(&output));
        assert!(!shown(&output).contains("s3cr3t") && !shown(&output).contains(KEY), "{}", shown(&output));
    }
}

#[test]
fn a_token_goes_with_each_request_in_place_of_a_signature() {
    let deployed = Deployed::new(2);
    deployed.site.write("static/record.txt", large());
    deployed.site.built();
    let output = deployed.with(&[], &[("AZURE_STORAGE_SAS_TOKEN", "?sv=2021-12-02&sig=s3cr3t")]);
    assert!(output.status.success(), "{}", shown(&output));
    assert_eq!(deployed.held(), deployed.site.output());
}

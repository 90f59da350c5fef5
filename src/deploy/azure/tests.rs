use std::collections::HashMap;

use super::*;

/// A key that opens nothing.
const KEY: &str = "bm90IGEgcmVhbCBrZXkgb2YgYW55Ym9keSwgZm9yIHRlc3Rz";

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The signatures were made by the module `hmac` of Python.
#[test]
fn a_request_is_signed_as_the_service_wants_it() {
    let key = STANDARD.decode(KEY).unwrap();
    let url = Url::parse("https://harbour.blob.core.windows.net/$web/a%20b/%C3%A4.html").unwrap();
    let own = fields(&[
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-meta-dateline", "00ff"),
        ("content-md5", "XrY7u+Ae7tCTyyK7j1rNww=="),
        ("if-match", "\"0x8D\""),
        ("x-ms-blob-content-type", "text/html; charset=utf-8"),
        ("x-ms-blob-cache-control", "public, max-age=300"),
        ("x-ms-version", "2021-12-02"),
        ("x-ms-date", "Wed, 25 Nov 2026 12:00:00 GMT"),
    ]);
    let text = text_to_sign(&Method::PUT, 11, &own, "harbour", &url);
    assert_eq!(signature(&key, &text).unwrap(), "HHNIM1ntVkXJe/EEEbWB9mHdw1ht8MF8Ilo7MMAhHI0=", "{text}");
    let url = Url::parse("http://127.0.0.1:10000/devstoreaccount1/news/a.mp4?comp=block&blockid=MDA%3D");
    let own = fields(&[
        ("if-none-match", "*"),
        ("x-ms-version", "2021-12-02"),
        ("x-ms-date", "Wed, 25 Nov 2026 12:00:00 GMT"),
    ]);
    let text = text_to_sign(&Method::PUT, 0, &own, "devstoreaccount1", &url.unwrap());
    assert_eq!(signature(&key, &text).unwrap(), "K9rmp8zXIBoMXWuIn9n2Ogjmc5tYgnFbVktrY6lk3E0=", "{text}");
}

/// The example of the page "Authorize with Shared Key".
#[test]
fn the_text_to_sign_is_that_of_the_documentation() {
    let url = Url::parse(
        "https://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=metadata&timeout=20",
    );
    let own = fields(&[("x-ms-version", "2015-02-21"), ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT")]);
    assert_eq!(
        text_to_sign(&Method::GET, 0, &own, "myaccount", &url.unwrap()),
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n\
         /myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20"
    );
}

/// The account of the target `rules`, with these variables.
fn account(rules: &AzureRules, variables: &[(&str, &str)]) -> Result<Account, String> {
    let set: HashMap<String, String> = variables
        .iter()
        .map(|(name, value)| (format!("AZURE_STORAGE_{name}"), (*value).to_owned()))
        .collect();
    Account::new(rules, &|name| set.get(name).cloned())
}

fn rules(account: Option<&str>, endpoint: Option<&str>) -> AzureRules {
    AzureRules {
        container: "news".to_owned(),
        prefix: String::new(),
        account: account.map(str::to_owned),
        endpoint: endpoint.map(|one| Url::parse(one).unwrap()),
    }
}

#[test]
fn an_account_is_known_by_any_of_its_variables() {
    let whole = format!(
        "DefaultEndpointsProtocol=https;AccountName=harbour;AccountKey={KEY};EndpointSuffix=core.windows.net"
    );
    let sas = "BlobEndpoint=https://harbour.blob.core.windows.net/;SharedAccessSignature=sv=2021&sig=a%3D";
    let emulator = format!("AccountName=dev;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:1/dev;");
    let china = format!("AccountName=harbour;AccountKey={KEY};EndpointSuffix=core.chinacloudapi.cn");
    let usual = "https://harbour.blob.core.windows.net/";
    let (none, named) = (rules(None, None), rules(Some("harbour"), None));
    let at = rules(Some("harbour"), Some("https://cdn.example/harbour"));
    for (rules, variables, name, endpoint, token) in [
        (&none, vec![("ACCOUNT", "harbour"), ("KEY", KEY)], "harbour", usual, None),
        (
            &none,
            vec![("ACCOUNT", "harbour"), ("SAS_TOKEN", "?sv=1&sig=x")],
            "harbour",
            usual,
            Some("sv=1&sig=x"),
        ),
        (
            &none,
            vec![("ACCOUNT", "harbour"), ("SAS_TOKEN", "sig=x"), ("KEY", KEY)],
            "harbour",
            usual,
            Some("sig=x"),
        ),
        (&named, vec![("ACCOUNT", "other"), ("KEY", KEY)], "harbour", usual, None),
        (&at, vec![("KEY", KEY)], "harbour", "https://cdn.example/harbour", None),
        (&none, vec![("CONNECTION_STRING", &whole)], "harbour", usual, None),
        (&named, vec![("CONNECTION_STRING", &whole)], "harbour", usual, None),
        (&none, vec![("CONNECTION_STRING", sas)], "harbour", usual, Some("sv=2021&sig=a%3D")),
        (&none, vec![("CONNECTION_STRING", &emulator)], "dev", "http://127.0.0.1:1/dev", None),
        (
            &none,
            vec![("CONNECTION_STRING", &china)],
            "harbour",
            "https://harbour.blob.core.chinacloudapi.cn/",
            None,
        ),
        (&none, vec![("CONNECTION_STRING", &whole), ("SAS_TOKEN", "sig=x")], "harbour", usual, Some("sig=x")),
    ] {
        let found = account(rules, &variables).unwrap_or_else(|reason| panic!("{variables:?}: {reason}"));
        assert_eq!((found.name.as_str(), found.endpoint.as_str()), (name, endpoint), "{variables:?}");
        match (found.right, token) {
            (Right::Token(found), Some(token)) => assert_eq!(found, token, "{variables:?}"),
            (Right::Key(key), None) => assert_eq!(key, STANDARD.decode(KEY).unwrap(), "{variables:?}"),
            _ => panic!("{variables:?}"),
        }
    }
}

#[test]
fn credentials_that_are_none_are_named_and_not_shown() {
    let whole = format!("AccountName=harbour;AccountKey={KEY}");
    let (none, other) = (rules(None, None), rules(Some("other"), None));
    for (rules, variables, expected) in [
        (&none, vec![], "AZURE_STORAGE_ACCOUNT"),
        (&none, vec![("KEY", KEY)], "AZURE_STORAGE_ACCOUNT"),
        (&none, vec![("ACCOUNT", "harbour")], "AZURE_STORAGE_KEY"),
        (&none, vec![("ACCOUNT", "harbour"), ("KEY", "  ")], "AZURE_STORAGE_SAS_TOKEN"),
        (&none, vec![("ACCOUNT", "harbour"), ("KEY", "s3cr3t!")], "no key of Azure"),
        (&none, vec![("CONNECTION_STRING", "s3cr3t")], "AZURE_STORAGE_ACCOUNT"),
        (
            &none,
            vec![("CONNECTION_STRING", "AccountName=harbour;EndpointSuffix=s3cr3t")],
            "AZURE_STORAGE_KEY",
        ),
        (&other, vec![("CONNECTION_STRING", &whole)], "the account `harbour`, and the target of `other`"),
    ] {
        let reason = account(rules, &variables).err().unwrap_or_else(|| panic!("{variables:?}"));
        assert!(reason.contains(expected) && !reason.contains("s3cr3t"), "{variables:?}: {reason}");
        assert!(!reason.contains(KEY), "{variables:?}: {reason}");
    }
}

#[test]
fn a_file_has_its_address_below_container_and_prefix() {
    for (endpoint, container, prefix, path, expected) in [
        (
            "https://h.blob.core.windows.net/",
            "$web",
            "",
            "a.html",
            "https://h.blob.core.windows.net/$web/a.html",
        ),
        (
            "http://127.0.0.1:1/dev",
            "news",
            "www/",
            "a b/\u{e4}#?.html",
            "http://127.0.0.1:1/dev/news/www/a%20b/%C3%A4%23%3F.html",
        ),
        ("http://127.0.0.1:1/dev/", "news", "", "50%.txt", "http://127.0.0.1:1/dev/news/50%25.txt"),
    ] {
        let mut rules = rules(Some("h"), Some(endpoint));
        (rules.container, rules.prefix) = (container.to_owned(), prefix.to_owned());
        let set = |name: &str| (name == "AZURE_STORAGE_KEY").then(|| KEY.to_owned());
        let found = Container::new(&rules, 0, &set).unwrap_or_else(|reason| panic!("{path}: {reason}"));
        assert_eq!(found.url(path, &[]).as_str(), expected);
    }
}

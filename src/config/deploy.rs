//! `[deploy.NAME]`: the places that a site is deployed to.

use std::path::PathBuf;

use url::Url;

use super::fetch::{EnvText, headers};
use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, Node};
use crate::model::url::percent_decode;

/// `[deploy.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployTarget {
    /// Its name.
    pub name: String,
    /// `url` or `command`.
    pub to: DeployPlace,
    /// `language`: the key of a language whose host this is. `None`: the place of the whole output folder.
    pub language: Option<String>,
    /// `parallel`: the most requests at once, default 8.
    pub parallel: usize,
    /// `part_size`, in bytes: larger files go to buckets in parts of this size; default 16 MiB.
    pub part_size: u64,
    /// `conditional`: the place itself replaces a file only while it is as the last deployment left it; default true,
    /// and false for Google.
    pub is_conditional: bool,
    /// `purge`: addresses that are asked with `POST` afterwards, such as those that empty a CDN's caches.
    pub purge: Vec<EnvText>,
    /// `headers` of these requests, and of those to a WebDAV server.
    pub headers: Vec<(String, EnvText)>,
    /// `after`: a command that runs afterwards.
    pub after: Vec<String>,
    /// The place of the table in `site.toml`.
    pub place: Place,
}

/// The place of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeployPlace {
    /// `file:///folder`.
    Folder(PathBuf),
    /// `s3://bucket/prefix`, `gs://bucket/prefix`: a bucket of S3, or of a service that speaks as it does.
    Bucket(BucketRules),
    /// `az://container/prefix`: a container of Azure Blob Storage.
    Azure(AzureRules),
    /// `https://host/folder/`: a server that takes `PUT` and `DELETE` (RFC 9110, section 9.3), as WebDAV does.
    Web(Url),
    /// `ssh://user@host:port/folder`: rsync through the system's ssh.
    Ssh {
        /// `user@host`, or `host`.
        host: String,
        /// The port, if it is not the usual one.
        port: Option<u16>,
        /// The folder.
        folder: String,
    },
    /// `git+ssh://git@host/repository.git#branch`, `git+https://…`, `git+file://…`: a branch of a repository.
    Git {
        /// Its URL, as git takes it.
        repository: String,
        /// The branch; default `pages`.
        branch: String,
    },
    /// `command`: a program and its arguments.
    Command(Vec<String>),
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketRules {
    /// Its name.
    pub name: String,
    /// The beginning of all keys; empty, or with `/` at its end.
    pub prefix: String,
    /// `region`, default `us-east-1`.
    pub region: String,
    /// `endpoint`: the address of the service; without it, that of AWS for the region.
    pub endpoint: Option<Url>,
    /// It is one of Google, `gs://…`.
    pub is_google: bool,
}

/// A container of Azure Blob Storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureRules {
    /// Its name.
    pub container: String,
    /// The beginning of all names; empty, or with `/` at its end.
    pub prefix: String,
    /// The account, if `url` names it.
    pub account: Option<String>,
    /// `endpoint`, or the address that `url` names; without it, that of the account.
    pub endpoint: Option<Url>,
}

/// The forms of `url`, for messages.
const FORMS: &str = "write `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix`, `ssh://host/folder`, `git+ssh://git@host/repository.git#branch`, `https://host/folder/` for WebDAV, or `file:///folder`";

/// Names that an entry has in other programs.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["target", "destination", "to", "path", "bucket"], "use `url`, such as `url = \"s3://bucket\"`"),
    (&["account", "storageaccount"], "use `url = \"az://container@account/prefix\"`"),
    (&["chunksize", "multipart", "partsize"], "use `part_size`, a number of MiB"),
    (&["cmd", "run", "script", "exec"], "use `command`, such as `command = [\"./upload.sh\"]`"),
    (
        &[
            "key",
            "secret",
            "password",
            "token",
            "accesskey",
            "secretkey",
            "accountkey",
            "sas",
            "connectionstring",
        ],
        "leave secrets out of `site.toml`: buckets read `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` from the environment, Azure reads `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`, and `headers` may have `${NAME}`",
    ),
];

/// Reads `[deploy]`.
pub(super) fn deploy(fields: &mut Fields<'_, '_>) -> Vec<DeployTarget> {
    let Some(node) = fields.node("deploy") else { return Vec::new() };
    let mut table = fields.inner("`[deploy]`", node);
    let mut targets = Vec::new();
    for entry in table.all() {
        let mut inner = table.inner(format!("`[deploy.{}]`", entry.key), &entry.node);
        let place = inner.place(&entry.node.span);
        let to = place_of(&mut inner, &entry.node);
        let purge = purge(&mut inner);
        let headers = headers(&mut inner);
        let language = inner.filled("language");
        let parallel = inner.whole("parallel", 1, 64).unwrap_or(8) as usize;
        let part_size = u64::from(inner.whole("part_size", 5, 4000).unwrap_or(16) as u32) << 20;
        // Google compares entity tags for requests that read alone.
        let is_google = matches!(&to, Some(DeployPlace::Bucket(rules)) if rules.is_google);
        let is_conditional = inner.flag("conditional").unwrap_or(!is_google);
        let after = command(&mut inner, "after").unwrap_or_default();
        inner.finish_beside(ELSEWHERE, None);
        let name = entry.key.clone();
        targets.extend(to.map(|to| DeployTarget {
            name,
            to,
            language,
            parallel,
            part_size,
            is_conditional,
            purge,
            headers,
            after,
            place,
        }));
    }
    targets
}

fn place_of(table: &mut Fields<'_, '_>, node: &Node) -> Option<DeployPlace> {
    let region = table.filled("region");
    let endpoint = endpoint(table);
    let command = command(table, "command");
    let Some(url_node) = table.node("url") else {
        if command.is_none() {
            table.refuse("url", node, "there is neither `url` nor `command`", FORMS);
        }
        return command.map(DeployPlace::Command);
    };
    if command.is_some() {
        table.refuse("command", url_node, "there is a `url` too", "keep one of the two");
        return None;
    }
    let written = table.as_text("url", url_node)?;
    let parsed = parse(written.trim(), region, endpoint);
    match parsed {
        Ok(place) => Some(place),
        Err((reason, remedy)) => {
            match has_secret(written.trim()) {
                true => table.refuse_secret("url", url_node, reason, remedy),
                false => table.refuse("url", url_node, reason, remedy),
            }
            None
        }
    }
}

/// True if `written` has a password, a key or a signature in it.
fn has_secret(written: &str) -> bool {
    let small = written.to_ascii_lowercase();
    has_password(written) || ["accountkey=", "sig=", "token="].iter().any(|sign| small.contains(sign))
}

fn has_password(written: &str) -> bool {
    let url = written.strip_prefix("git+").unwrap_or(written);
    Url::parse(url).is_ok_and(|url| url.password().is_some())
}

fn endpoint(table: &mut Fields<'_, '_>) -> Option<Url> {
    let node = table.node("endpoint")?;
    let written = table.as_text("endpoint", node)?;
    let url = Url::parse(&written).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        let remedy = "write the whole address of the service, such as `https://s3.example.net`";
        table.refuse("endpoint", node, "it is no address of the web", remedy);
    }
    url
}

fn command(table: &mut Fields<'_, '_>, key: &'static str) -> Option<Vec<String>> {
    let node = table.node(key)?;
    let parts = table.as_texts(key, node);
    if parts.first().is_none_or(|program| program.trim().is_empty()) {
        let remedy = "write the program and its arguments as a list, such as `[\"./upload.sh\", \"public\"]`";
        table.refuse(key, node, "it names no program", remedy);
        return None;
    }
    Some(parts)
}

fn purge(table: &mut Fields<'_, '_>) -> Vec<EnvText> {
    let Some(node) = table.node("purge") else { return Vec::new() };
    let mut addresses = Vec::new();
    for written in table.as_texts("purge", node) {
        let text = EnvText::parse(&written);
        let is_web = written.starts_with("https://") || written.starts_with("http://");
        match text {
            Ok(text) if is_web => addresses.push(text),
            Ok(_) => {
                let remedy = "write a whole URL; variables of the environment are `${NAME}`";
                table.refuse("purge", node, "it is no address of the web", remedy);
            }
            Err(reason) => table.refuse("purge", node, reason, "write a variable as `${NAME}`"),
        }
    }
    addresses
}

/// The place that `written` names, or a reason and a remedy.
fn parse(
    written: &str,
    region: Option<String>,
    endpoint: Option<Url>,
) -> Result<DeployPlace, (String, &'static str)> {
    let refuse = |reason: &str| Err((reason.to_owned(), FORMS));
    if has_password(written) {
        return Err((
            "it has a password in it".to_owned(),
            "take it out: ssh has keys, git asks its own credential helper, and `headers` may have `Authorization = \"Basic ${LOGIN}\"`",
        ));
    }
    if let Some(rest) = written.strip_prefix("git+") {
        let (repository, branch) = rest.split_once('#').unwrap_or((rest, "pages"));
        let is_known = ["ssh://", "https://", "http://", "file://"].iter().any(|one| rest.starts_with(one));
        let is_branch = !branch.is_empty()
            && !branch.starts_with(['-', '/', '.'])
            && !branch.contains("..")
            && branch.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        return match is_known && is_branch {
            true => Ok(DeployPlace::Git { repository: repository.to_owned(), branch: branch.to_owned() }),
            false => refuse("it is no repository with a branch"),
        };
    }
    let Ok(url) = Url::parse(written) else { return refuse("it is no URL") };
    let path = percent_decode(url.path());
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "file" if host.is_empty() && path.len() > 1 => Ok(DeployPlace::Folder(PathBuf::from(path))),
        "s3" | "gs" if !host.is_empty() => {
            let prefix = prefix(&path);
            let google = || Url::parse("https://storage.googleapis.com").ok();
            let is_google = url.scheme() == "gs";
            let (region, endpoint) = match url.scheme() {
                "gs" => (region.unwrap_or_else(|| "auto".to_owned()), endpoint.or_else(google)),
                _ => (region.unwrap_or_else(|| "us-east-1".to_owned()), endpoint),
            };
            Ok(DeployPlace::Bucket(BucketRules {
                name: host.to_owned(),
                prefix,
                region,
                endpoint,
                is_google,
            }))
        }
        "az" | "azure" | "abfs" | "abfss" if !host.is_empty() => azure(&url, &path, endpoint),
        "https" | "http" if is_azure(host) => azure(&url, &path, endpoint),
        "https" | "http" if !host.is_empty() => {
            let mut url = url;
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            Ok(DeployPlace::Web(url))
        }
        "ssh" | "sftp" if !host.is_empty() && !host.starts_with('-') && path.len() > 1 => {
            let user = url.username();
            if user.starts_with('-') {
                return refuse("the user can't begin with `-`");
            }
            let host = if user.is_empty() { host.to_owned() } else { format!("{user}@{host}") };
            let folder = path.trim_end_matches('/').to_owned();
            Ok(DeployPlace::Ssh { host, port: url.port(), folder })
        }
        _ => refuse("there is no such place"),
    }
}

/// The beginning of all names below `path`.
fn prefix(path: &str) -> String {
    let prefix = path.trim_matches('/');
    if prefix.is_empty() { String::new() } else { format!("{prefix}/") }
}

/// True for the host of an account of Azure, with its blobs or as a file system.
fn is_azure(host: &str) -> bool {
    let ends =
        [".core.windows.net", ".storage.azure.net", ".core.chinacloudapi.cn", ".core.usgovcloudapi.net"];
    ends.iter().any(|end| host.ends_with(end)) && (host.contains(".blob.") || host.contains(".dfs."))
}

/// The container that `url` names, whose decoded path is `path`: `az://container/prefix` and
/// `az://container@account/prefix`, or with the account's host in its place, `az://host/container/prefix`.
fn azure(url: &Url, path: &str, endpoint: Option<Url>) -> Result<DeployPlace, (String, &'static str)> {
    const CONTAINER: &str =
        "write `az://container/prefix`, with a container that Azure has, such as `az://$web`";
    if url.query().is_some() {
        return Err((
            "it has a token in it".to_owned(),
            "take it out, and put it into the variable `AZURE_STORAGE_SAS_TOKEN`",
        ));
    }
    let (user, host) = (percent_decode(url.username()), percent_decode(url.host_str().unwrap_or_default()));
    // No container has a dot in its name.
    let (container, at, path) = match (user.as_str(), host.contains('.')) {
        ("", true) => {
            let path = path.trim_start_matches('/');
            let (container, path) = path.split_once('/').unwrap_or((path, ""));
            (container.to_owned(), Some(host), path)
        }
        ("", false) => (host, None, path),
        (_, _) => (user, Some(host), path),
    };
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_name = |name: &str| {
        name.len() >= 3 && name.len() <= 63 && name.bytes().all(|byte| is_letter(byte) || byte == b'-')
    };
    if !(container == "$web" || container == "$root" || is_name(&container)) {
        return Err((format!("`{container}` is no container"), CONTAINER));
    }
    let account = at.as_deref().map(|at| at.split('.').next().unwrap_or(at).to_owned());
    if account.as_deref().is_some_and(|account| !account.bytes().all(is_letter)) {
        return Err(("the account's name has letters and digits alone".to_owned(), CONTAINER));
    }
    // Files go to the blobs of an account, whichever of its hosts is named.
    let named = at.filter(|at| at.contains('.')).map(|at| at.replacen(".dfs.", ".blob.", 1));
    let named = named.and_then(|host| Url::parse(&format!("https://{host}/")).ok());
    let (prefix, endpoint) = (prefix(path), endpoint.or(named));
    Ok(DeployPlace::Azure(AzureRules { container, prefix, account, endpoint }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_a_url_names_its_place() {
        let place = |written: &str| parse(written, None, None).ok();
        assert_eq!(place("file:///srv/www"), Some(DeployPlace::Folder("/srv/www".into())));
        let bucket = |name: &str, prefix: &str, region: &str, endpoint: Option<&str>| {
            let endpoint = endpoint.map(|one| Url::parse(one).unwrap());
            let (name, prefix, region) = (name.to_owned(), prefix.to_owned(), region.to_owned());
            let is_google = region == "auto";
            Some(DeployPlace::Bucket(BucketRules { name, prefix, region, endpoint, is_google }))
        };
        assert_eq!(place("s3://news"), bucket("news", "", "us-east-1", None));
        assert_eq!(place("s3://news/a/b/"), bucket("news", "a/b/", "us-east-1", None));
        assert_eq!(place("gs://news"), bucket("news", "", "auto", Some("https://storage.googleapis.com")));
        let ssh = DeployPlace::Ssh { host: "me@host".into(), port: Some(2222), folder: "/srv/a b".into() };
        assert_eq!(place("ssh://me@host:2222/srv/a%20b/"), Some(ssh));
        let azure = |container: &str, prefix: &str, account: Option<&str>, host: Option<&str>| {
            let endpoint = host.map(|host| Url::parse(&format!("https://{host}/")).unwrap());
            let (container, prefix) = (container.to_owned(), prefix.to_owned());
            Some(DeployPlace::Azure(AzureRules {
                container,
                prefix,
                account: account.map(str::to_owned),
                endpoint,
            }))
        };
        let host = Some("harbour.blob.core.windows.net");
        for (written, expected) in [
            ("az://news", azure("news", "", None, None)),
            ("az://$web", azure("$web", "", None, None)),
            ("azure://news/a/b/", azure("news", "a/b/", None, None)),
            ("az://$web@harbour/a", azure("$web", "a/", Some("harbour"), None)),
            ("az://harbour.blob.core.windows.net/$web/a", azure("$web", "a/", Some("harbour"), host)),
            ("abfss://news@harbour.dfs.core.windows.net/a", azure("news", "a/", Some("harbour"), host)),
            ("https://harbour.blob.core.windows.net/news", azure("news", "", Some("harbour"), host)),
            ("https://harbour.blob.core.windows.net/$web/a", azure("$web", "a/", Some("harbour"), host)),
        ] {
            assert_eq!(place(written), expected, "{written}");
        }
        let git = DeployPlace::Git { repository: "ssh://git@host/r.git".into(), branch: "pages".into() };
        assert_eq!(place("git+ssh://git@host/r.git"), Some(git));
        for written in [
            "",
            "public",
            "file://host/a",
            "file:///",
            "s3://",
            "ssh://host",
            "ssh://-oProxyCommand=x/a",
            "git+ssh://h/r#--upload-pack=x",
            "git+ext::sh#a",
            "git+https://u:p@h/r.git#pages",
            "ftp://h/a",
            "https://u:p@h/",
            "az://c/p",
            "az://Containers",
            "az://",
            "az://host.name",
            "https://account.blob.core.windows.net/news?sv=2021&sig=x",
        ] {
            assert_eq!(place(written), None, "{written}");
        }
    }
}

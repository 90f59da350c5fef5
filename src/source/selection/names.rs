//! Names of files and folders that a site does not take.

use super::{LeftOut, Tree};

/// Endings of backups and of what editors and downloads leave.
const BACKUPS: [&str; 17] = [
    "autosave",
    "backup",
    "bak",
    "bkp",
    "crdownload",
    "old",
    "orig",
    "partial",
    "rej",
    "save",
    "swn",
    "swo",
    "swp",
    "swx",
    "temp",
    "tmp",
    "dist-old",
];

/// Words that merge tools put into names.
const MERGES: [&str; 4] = ["BACKUP", "BASE", "LOCAL", "REMOTE"];

/// Extensions of Markdown.
const MARKDOWN: [&str; 9] = ["markdown", "md", "mdown", "mdtext", "mdtxt", "mdwn", "mdx", "mkd", "mkdn"];

/// Extensions of sources and templates of other generators.
const FOREIGN: [&str; 50] = [
    "adoc",
    "asciidoc",
    "astro",
    "creole",
    "ejs",
    "erb",
    "eta",
    "haml",
    "handlebars",
    "hbs",
    "ipynb",
    "j2",
    "jade",
    "jinja",
    "jinja2",
    "jsx",
    "liquid",
    "mako",
    "mdoc",
    "mdown",
    "mdtext",
    "mdtxt",
    "mdwn",
    "mdx",
    "mediawiki",
    "mkd",
    "mkdn",
    "mustache",
    "njk",
    "nunjucks",
    "org",
    "php",
    "pug",
    "qmd",
    "rdoc",
    "rest",
    "rmarkdown",
    "rmd",
    "rst",
    "slim",
    "svelte",
    "t2t",
    "tera",
    "textile",
    "tmpl",
    "tsx",
    "twig",
    "vto",
    "vue",
    "webc",
];

/// Ends of names of scripts that other generators run for their data and settings: `news.data.ts`.
const SCRIPTS: [&str; 4] = ["config", "d", "data", "paths"];

/// Extensions of scripts.
const SCRIPT_EXTENSIONS: [&str; 6] = ["cjs", "cts", "js", "mjs", "mts", "ts"];

/// Names of settings of other generators and of package managers, below `content/`.
const SETTINGS: [&str; 36] = [
    "_category_.json",
    "_category_.yaml",
    "_category_.yml",
    "_config.toml",
    "_config.yaml",
    "_config.yml",
    "_metadata.yml",
    "_quarto.yml",
    "_toc.yml",
    "antora.yml",
    "book.toml",
    "bun.lock",
    "bun.lockb",
    "cargo.lock",
    "cargo.toml",
    "composer.json",
    "composer.lock",
    "dockerfile",
    "gemfile",
    "gemfile.lock",
    "go.mod",
    "go.sum",
    "hugo.toml",
    "hugo.yaml",
    "makefile",
    "mkdocs.yml",
    "netlify.toml",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "publishconf.py",
    "pelicanconf.py",
    "rakefile",
    "tsconfig.json",
    "vercel.json",
    "yarn.lock",
];

/// Folders of other generators and tools, below `content/`.
const FOLDERS: [&str; 13] = [
    "__pycache__",
    "_components",
    "_data",
    "_includes",
    "_layouts",
    "_partials",
    "_plugins",
    "_sass",
    "_scripts",
    "_site",
    "_templates",
    "bower_components",
    "node_modules",
];

/// Hidden names that web servers, hosts and browsers read (RFC 8615 and customs of hosts).
const PUBLIC: [&str; 4] = [".domains", ".htaccess", ".nojekyll", ".well-known"];

/// Names that systems and version control leave everywhere.
const KNOWN: [&str; 20] = [
    "$recycle.bin",
    ".appledouble",
    ".directory",
    ".ds_store",
    ".fseventsd",
    ".gitattributes",
    ".gitignore",
    ".gitkeep",
    ".gitmodules",
    ".keep",
    ".localized",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    "desktop.ini",
    "ehthumbs.db",
    "icon\r",
    "lost+found",
    "thumbs.db",
    "thumbs.db:encryptable",
];

/// Hidden names of tools and of secrets, below `static/`; every name that begins with one of them counts.
const TOOLS: [&str; 50] = [
    ".aws",
    ".bash",
    ".bzr",
    ".cache",
    ".circleci",
    ".dateline",
    ".docker",
    ".editorconfig",
    ".eleventy",
    ".env",
    ".eslint",
    ".fossil",
    ".fuse_hidden",
    ".git",
    ".gnupg",
    ".goutputstream",
    ".hg",
    ".htdigest",
    ".htgroup",
    ".htpasswd",
    ".hugo",
    ".idea",
    ".jekyll",
    ".jj",
    ".kate-swp",
    ".kube",
    ".my.cnf",
    ".netrc",
    ".netrwhist",
    ".nfs",
    ".npm",
    ".nvmrc",
    ".obsidian",
    ".parcel-cache",
    ".pgpass",
    ".pijul",
    ".prettier",
    ".pypirc",
    ".python",
    ".sass-cache",
    ".sops",
    ".ssh",
    ".stylelint",
    ".svn",
    ".terraform",
    ".tool-versions",
    ".trash",
    ".travis",
    ".venv",
    ".vs",
];

/// The kind by which the file or folder at `path` below `tree` is left out; `None` if it is taken.
pub(in crate::source) fn left_out(tree: Tree, path: &str, is_folder: bool) -> Option<LeftOut> {
    let written = path.rsplit('/').next().unwrap_or(path);
    let name = written.to_lowercase();
    let is_public = PUBLIC.contains(&name.as_str());
    if matches!(tree, Tree::Templates | Tree::Data) {
        return (name.starts_with('.') || is_backup(written, &name, tree)).then_some(LeftOut::Known);
    }
    if KNOWN.contains(&name.as_str()) || name.starts_with("._") {
        return Some(if tree == Tree::Content { LeftOut::Known } else { LeftOut::Tool });
    }
    if is_folder && tree == Tree::Content && FOLDERS.contains(&name.as_str()) {
        return Some(LeftOut::Folder(name));
    }
    if is_folder && matches!(name.as_str(), "cvs" | "_darcs") {
        return Some(LeftOut::Tool);
    }
    if name.starts_with('.') && !is_public {
        let is_tool = TOOLS.iter().any(|tool| name.starts_with(tool)) || is_backup(written, &name, tree);
        return match tree {
            Tree::Content if is_tool => Some(LeftOut::Known),
            Tree::Content => Some(LeftOut::Hidden),
            _ => is_tool.then_some(LeftOut::Tool),
        };
    }
    if is_folder {
        return None;
    }
    if is_backup(written, &name, tree) {
        return Some(LeftOut::Backup);
    }
    if tree == Tree::Content && SETTINGS.contains(&name.as_str()) {
        return Some(LeftOut::Tool);
    }
    (tree == Tree::Content).then(|| foreign(&name)).flatten().map(LeftOut::Foreign)
}

/// True for the name of a backup: `written` as it is, `name` in lower case.
fn is_backup(written: &str, name: &str, tree: Tree) -> bool {
    let is_marked = name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#') && name.len() > 1
        || ["~$", ".#", ".~lock."].iter().any(|start| name.starts_with(start))
        || ["___jb_tmp___", "___jb_old___"].iter().any(|end| name.ends_with(end))
        || name.contains("conflict")
            && (name.contains(".sync-conflict-") || name.contains("conflicted copy"));
    if is_marked || is_of_merge(written) {
        return true;
    }
    let mut parts = name.split('.');
    let Some(last) = parts.next_back() else { return false };
    let before: Vec<&str> = parts.skip(1).collect();
    if name.trim_start_matches('.') == last {
        return false;
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_ending = |text: &str| {
        let word = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
        word.ends_with("bak") || BACKUPS.contains(&word)
    };
    // `a.md_old`, `a.md,v`, `a.md copy`.
    let is_tail = |text: &&str| {
        let rest = last.strip_prefix(text);
        rest.is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
    };
    let is_text = |text: &&str| MARKDOWN.contains(text) || TEXTS.contains(text);
    let is_of_source = || before.iter().any(|part| MARKDOWN.contains(part) || FOREIGN.contains(part));
    is_ending(last)
        || is_number(last) && before.iter().any(|part| is_text(part) || is_ending(part))
        || MARKDOWN.iter().chain(&TEXTS).any(is_tail)
        || tree == Tree::Content && !matches!(last, "md" | "markdown") && is_of_source()
}

/// Other extensions of text files, whose backups get a number.
const TEXTS: [&str; 10] = ["css", "htm", "html", "js", "json", "toml", "txt", "xml", "yaml", "yml"];

/// True for `a.md.LOCAL.123`, `a_LOCAL_123.md` and the like, which a merge leaves.
fn is_of_merge(written: &str) -> bool {
    if !written.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return false;
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = written.split(['.', '_']).collect();
    parts.windows(2).skip(1).any(|pair| MERGES.contains(&pair[0]) && is_number(pair[1]))
}

/// The extension by which the file `name` is a source or a script of another generator.
fn foreign(name: &str) -> Option<String> {
    let (stem, last) = name.rsplit_once('.')?;
    let before = stem.rsplit_once('.').map_or("", |(_, before)| before);
    let is_script = SCRIPTS.contains(&before) && SCRIPT_EXTENSIONS.contains(&last);
    if matches!(before, "11tydata" | "11ty") || is_script {
        return Some(format!("{before}.{last}"));
    }
    FOREIGN.contains(&last).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_and_leftovers_are_known_by_their_names() {
        for name in [
            "d.md~",
            "#d.md#",
            "d.md.1",
            "d.md.rej",
            "d.md.bak",
            "d.md.bak2",
            "d.md.LOCAL.123",
            "d.md.BASE.7.md",
            "d_REMOTE_42.md",
            "d.md.save",
            "d.md.save.1",
            "d.md.orig",
            "D.MD.ORIG",
            "d.md.swp",
            "d.md.tmp",
            "a1.md.tmp17",
            "d.old",
            "photo.jpg.old",
            "d.markdown.anything",
            "d.md.html",
            "d.md.txt",
            "d.md_old",
            "d.md,v",
            "d.md copy",
            "d.mdbak",
            "~$letter.docx",
            "d.sync-conflict-20260101-101010-ABCDEFG.md",
            "d (Ann's conflicted copy 2026-01-01).md",
            "d.md___jb_tmp___",
            "d.rst.gz",
        ] {
            assert_eq!(
                left_out(Tree::Content, &format!("news/{name}"), false),
                Some(LeftOut::Backup),
                "{name}"
            );
        }
    }

    #[test]
    fn backups_of_static_files_are_known_too() {
        for name in
            ["a.css.orig", "a.css~", "a.css.1", "a.html.bak", "a_LOCAL_1.css", "a.js.LOCAL.123.js", "a.tmp"]
        {
            assert_eq!(left_out(Tree::Static, name, false), Some(LeftOut::Backup), "{name}");
        }
    }

    #[test]
    fn usual_files_are_taken() {
        for name in [
            "d.md",
            "d.de.md",
            "d.md.md",
            "2014-02-14-ferry.md",
            "v1.2.3.zip",
            "old.md",
            "tmp",
            "orig",
            "backup.md",
            "manual.1",
            "a.tar.gz",
            "a.min.js",
            "LOCAL_TIMES.md",
            "template.html",
            "a.mp3",
            "a.csv",
            "robots.txt",
            "a.temporal",
            "bakery.jpg",
            "organ.jpg",
            "_index.md",
            "_note.md",
            "key.asc",
            "#1.md",
        ] {
            assert_eq!(left_out(Tree::Content, name, false), None, "{name}");
        }
        for name in
            ["a.rst", "notes.md.asc", "_data", "x.org", "lib.so.1", ".well-known", ".nojekyll", ".htaccess"]
        {
            assert_eq!(left_out(Tree::Static, name, false), None, "{name}");
        }
    }

    #[test]
    fn sources_of_other_generators_are_told_by_extension() {
        for (name, extension) in [
            ("a.mdx", "mdx"),
            ("a.RST", "rst"),
            ("a.adoc", "adoc"),
            ("a.org", "org"),
            ("a.njk", "njk"),
            ("a.liquid", "liquid"),
            ("posts.11tydata.js", "11tydata.js"),
            ("posts.11tydata.json", "11tydata.json"),
            ("feed.11ty.js", "11ty.js"),
            ("2024.a.b.rst", "rst"),
            ("chart.ipynb", "ipynb"),
            ("posts.data.ts", "data.ts"),
            ("[slug].paths.mjs", "paths.mjs"),
            ("Vite.Config.js", "config.js"),
        ] {
            let expected = Some(LeftOut::Foreign(extension.to_owned()));
            assert_eq!(left_out(Tree::Content, name, false), expected, "{name}");
        }
        for name in ["_config.yml", "news/package.json", "Gemfile", "_category_.json"] {
            assert_eq!(left_out(Tree::Content, name, false), Some(LeftOut::Tool), "{name}");
            assert_eq!(left_out(Tree::Static, name, false), None, "{name}");
        }
        // Segments of films end like scripts.
        for name in ["film/segment-1.ts", "app.js", "figures.data.json", "config.js"] {
            assert_eq!(left_out(Tree::Content, name, false), None, "{name}");
        }
        for name in ["_data", "_Includes", "a/_layouts", "node_modules"] {
            let found = left_out(Tree::Content, name, true);
            assert!(matches!(found, Some(LeftOut::Folder(_))), "{name}: {found:?}");
        }
    }

    #[test]
    fn hidden_files_are_published_from_static_unless_a_tool_or_a_secret_has_that_name() {
        for name in [".well-known", ".nojekyll", ".htaccess", ".domains", ".image-list", ".e"] {
            assert_eq!(left_out(Tree::Static, name, false), None, "{name}");
        }
        for name in
            [".git", ".svn", ".env", ".env.production", ".a.swp", ".#a", ".htpasswd", ".vscode", ".hg"]
        {
            assert_eq!(left_out(Tree::Static, name, false), Some(LeftOut::Tool), "{name}");
        }
        for name in [".DS_Store", "Thumbs.db", ".gitignore", "._a.jpg", "desktop.ini"] {
            assert_eq!(left_out(Tree::Static, name, false), Some(LeftOut::Tool), "{name}");
            assert_eq!(left_out(Tree::Content, name, false), Some(LeftOut::Known), "{name}");
        }
        for name in [".draft.md", ".notes"] {
            assert_eq!(left_out(Tree::Content, name, false), Some(LeftOut::Hidden), "{name}");
        }
        assert_eq!(left_out(Tree::Content, ".well-known", true), None);
    }
}

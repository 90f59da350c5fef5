//! The codes of builds, by the part before `::`. Their messages name the fault and its remedy; this table says what the
//! codes of a group have in common.

/// A group of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The part of the codes before `::`.
    pub name: &'static str,
    /// The subject, as a sentence without its full stop.
    pub what: &'static str,
    /// The effect on readers.
    pub why: &'static str,
    /// The remedy.
    pub remedy: &'static str,
    /// How to have a warning reported no more.
    pub silence: &'static str,
}

macro_rules! groups {
    ($($name:literal $what:literal $why:literal $remedy:literal $silence:literal;)*) => {
        /// All groups, by name.
        pub const GROUPS: &[Group] = &[$(Group {
            name: $name, what: $what, why: $why, remedy: $remedy, silence: $silence,
        }),*];
    };
}

groups! {
    "config" "a setting of `site.toml` is missing, unknown or out of its range"
        "a setting that is guessed shows on every page"
        "correct the line that the message shows; the documentation of the configuration has each setting"
        "give the setting a value: a warning is about one that was guessed";
    "content" "a source or a file beside it can't be used as it is"
        "its page would be missing or half"
        "correct the file that the message names"
        "move a file that is no content out of `content/`, or name it in `copy`";
    "data" "a data file can't be read, or has not what was said of it"
        "a page would show half of a table, or a number as text"
        "correct the cell or line that the message shows, or its kind under `[data.NAME]`"
        "it is an error, and can't be silenced";
    "date" "a date can't be read, does not exist, or contradicts another"
        "a wrong date sorts an article to the wrong place and shows it to subscribers again, or never"
        "write it as in `2026-11-24T08:30:00+01:00`; the documentation of dates has all forms"
        "write dates with their offset, or set `timezone`";
    "deploy" "the site could not be brought to its target"
        "readers have the old pages, or some new ones and the old feeds"
        "follow the message, and run `dateline deploy` again: it goes on where it stopped"
        "it is an error, and can't be silenced";
    "encoding" "the bytes of a file are not in the encoding that they are read in"
        "letters turn into others"
        "save the file as UTF-8, or name its encoding in `[encodings]`"
        "name the encoding in `[encodings]`";
    "feed" "a feed can't be written, or would flood its subscribers"
        "readers show old entries as new, or lose some"
        "follow the message; `dateline feeds preview` shows what subscribers will see"
        "`publish --accept` for one publication that is meant";
    "fetch" "something on the web could not be fetched"
        "what was to come from there is missing or as it was"
        "open the address in a browser; is it right, and is the server up?"
        "leave the address out";
    "files" "a file among the site's is probably not meant to be published"
        "everybody could read it"
        "move it out of the site's folders"
        "name it in `copy` if it is to be published";
    "front_matter" "the head of a source is not what its author probably means"
        "its fields are shown as text, or have no effect"
        "correct the lines between the marks at its beginning"
        "name fields of your own under `extra`, or in `ignore` of `[front_matter]`";
    "history" "the history of the repository can't be read"
        "dates from git are missing"
        "fetch the whole history (`git fetch --unshallow`), and install git"
        "leave `git` out of `[dates]`";
    "identity" "the id, the address or the date of an article contradicts what was published"
        "subscribers would get the article as a new one, and links to it would break"
        "keep `id` and `slug`, or tell the old address with `aliases`"
        "settle the article with the field that the message names";
    "import" "a site of another generator, or the export of a blog, can't be taken over"
        "nothing is written, or something of it is missing"
        "follow the message; `dateline import --dry-run` says what would be written"
        "it is an error, and can't be silenced";
    "ledger" "`ledger.jsonl` is damaged, or behind the content"
        "ids and first dates can't be made again from anything else"
        "restore it from the repository, or run `dateline publish`"
        "an error of the ledger can't be silenced";
    "link" "an address of the site leads nowhere"
        "readers meet an error page, on the site and in every feed"
        "correct the address to the file or page that is meant"
        "`[check]` in `site.toml` has the weight of each class, and `ignore` patterns of addresses";
    "lint" "feeds that are to be checked can't be read"
        "nobody knows whether they are right"
        "give a file, a folder or a URL of feeds"
        "leave the feed out of the command";
    "list" "a list of `site.toml` or a section names what is not there"
        "its articles are missing, or in another order"
        "correct the name that the message shows"
        "take the list out";
    "man" "manual pages can't be written"
        "nothing was written"
        "give a folder that can be written to"
        "an error can't be silenced";
    "markdown" "a text has markup that probably does something else than is meant"
        "readers see the marks, or lose what is between them"
        "correct the line that the message shows"
        "write the characters with a backslash or as code where they are meant as text";
    "metadata" "a field of front matter or of a settings file is unknown, missing, twice or of a wrong kind"
        "it has no effect, and what it was to say is missing"
        "correct the field; the message has the nearest known name"
        "fields of your own go under `extra`; `ignore` of `[front_matter]` passes others over";
    "mv" "a source can't be moved there"
        "nothing was moved"
        "give another place"
        "an error can't be silenced";
    "new" "a site or an article can't be made there"
        "nothing was made"
        "give another place or name"
        "an error can't be silenced";
    "output" "the output folder can't be changed as it would have to be"
        "the site stays as it was"
        "check whose folder it is, and that it can be written to; `--adopt` takes one over"
        "give another folder with `--out`";
    "path" "an address can't be the path of a file"
        "servers and file systems don't agree what it is"
        "write a path from the root, such as `/news/ferry/`"
        "an error can't be silenced";
    "picture" "a picture can't be used as it is, or lacks what readers need"
        "it is missing, slow, or says nothing to who does not see it"
        "follow the message: another file, another size, an alternative text"
        "`alt` of `[check]` is about alternative texts; `responsive = false` of `[images]` copies pictures as they are";
    "plan" "two documents have the same path, or a path is probably not meant"
        "one would replace the other, or readers look for it elsewhere"
        "give one of them another `slug` or `path`"
        "name the path of each by its own field";
    "podcast" "a show or an episode lacks what podcast directories require, or has it in a wrong form"
        "directories refuse it, and players show something else"
        "correct the field that the message shows"
        "leave the section's `podcast` out if it is no podcast";
    "preview" "the live site can't be compared"
        "the next publication can't be shown"
        "give the output folder or the URL of the live site"
        "an error can't be silenced";
    "publish" "what was published can't be kept"
        "a publication would take it away from its readers"
        "correct the source that the message names"
        "an error can't be silenced";
    "render" "a document can't be made from its text and its files"
        "its page or its entry in feeds would be half"
        "correct the file or the line that the message names"
        "take the file or the field out";
    "rows" "a row of a data file can't be an article or a page"
        "its page is missing, or as it was"
        "correct the line of the data file that the message shows"
        "take the row out";
    "serve" "the site can't be shown on this machine"
        "nothing is served"
        "give another port or address"
        "an error can't be silenced";
    "set" "a field of an article can't be changed so"
        "nothing was changed"
        "follow the message, or edit the source"
        "an error can't be silenced";
    "store" "a file of Dateline's own can't be read or written"
        "the next run has to do more, or can't go on"
        "check space and permissions; a damaged file can be moved away"
        "an error can't be silenced";
    "style" "a style sheet can't be bundled"
        "pages would look bare"
        "correct the line that the message shows"
        "turn `bundle` of `[css]` off";
    "taxonomy" "terms are spelt in several ways, or can't have a page"
        "readers find only a part of what belongs together"
        "spell the term in one way"
        "name each term as it is to be";
    "template" "a template has an error, or is not used"
        "no page that it makes can be shown"
        "correct the line that the message shows; `dateline templates` lists the values of each template"
        "remove a template that nothing uses";
    "theme" "a file of the theme can't be copied"
        "nothing was copied"
        "follow the message"
        "an error can't be silenced";
    "translation" "a source is named like a translation that it can't be"
        "readers in the other language don't find it, and those of this one see it twice"
        "rename it, or correct its `translation_of`; the documentation of several languages has all forms"
        "add the language to `site.toml` if it is one";
    "usage" "the time of the run can't be read"
        "dates would be judged by a wrong clock"
        "write it as in `--now 2026-01-01T00:00:00Z`"
        "an error can't be silenced";
    "words" "a file of words can't be used as it is, or a language lacks words"
        "pages speak two languages"
        "write the words that the message names into `languages/`"
        "an error can't be silenced; a language with all words has no warning";
    "wire" "an article in the form of news agencies lacks a part, or a file of one can't be read"
        "its headline, text or date would be another"
        "write headline, text and the lines `PUBLISHED` and `UPDATED` as the documentation has them; have the agency send a file again"
        "an error can't be silenced";
}

//! Transcripts of recordings: WebVTT, SubRip, JSON and HTML of the podcast namespace, and plain text.

use serde_json::Value;

use crate::model::html::{Piece, decode, walk};

/// A paragraph of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Its beginning, if the file has times.
    pub seconds: Option<u64>,
    /// The speaker, if the file has one, and if it is another than before.
    pub speaker: Option<String>,
    /// The words, plain text.
    pub text: String,
}

/// Characters after which a paragraph ends with the sentence.
const ENOUGH: usize = 320;

/// The paragraphs of the transcript `text` of a file with this `extension`; none if it is of another kind.
pub(super) fn read(text: &str, extension: &str) -> Vec<Said> {
    let text = text.replace("\r\n", "\n");
    match extension {
        "vtt" | "srt" => paragraphs(cues(&text)),
        "json" => paragraphs(segments(&text)),
        "html" | "htm" => Page::read(&text),
        "txt" | "text" => {
            let blocks = text.split("\n\n").map(joined).filter(|block| !block.is_empty());
            blocks.map(|text| Said { text, ..Said::default() }).collect()
        }
        _ => Vec::new(),
    }
}

/// The words of `text` with one blank between them.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cues of a file of captions.
fn cues(text: &str) -> Vec<Said> {
    text.split("\n\n").filter_map(cue).collect()
}

fn cue(block: &str) -> Option<Said> {
    let (before, said) = block.split_once("-->")?;
    let start = before.lines().next_back()?;
    let said = said.split_once('\n')?.1;
    let (speaker, text) = spoken(said);
    (!text.is_empty()).then(|| Said { seconds: seconds(start), speaker, text })
}

/// The speaker in the tag `<v Name>` of a cue, and its text without tags.
fn spoken(cue: &str) -> (Option<String>, String) {
    let (mut speaker, mut text) = (None, String::new());
    let mut rest = cue;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            rest = tag;
            continue;
        };
        if let Some((name, voice)) = tag.split_once(' ')
            && (name == "v" || name.starts_with("v."))
        {
            speaker.get_or_insert_with(|| joined(voice));
        }
        rest = after;
    }
    text.push_str(rest);
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&");
    (speaker, joined(&plain))
}

/// The seconds of a time such as `01:02:03.400` or `02:03,400`.
fn seconds(time: &str) -> Option<u64> {
    let whole = time.trim().split(['.', ',']).next()?;
    whole.split(':').try_fold(0_u64, |sum, part| {
        let part: u64 = part.trim().parse().ok()?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

/// The segments of a JSON transcript.
fn segments(text: &str) -> Vec<Said> {
    let Ok(file) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let segment = |one: &Value| {
        let text = joined(one["body"].as_str()?);
        let seconds = super::whole_seconds(&one["startTime"]);
        let speaker = one["speaker"].as_str().map(joined).filter(|name| !name.is_empty());
        (!text.is_empty()).then_some(Said { seconds, speaker, text })
    };
    file["segments"].as_array().into_iter().flatten().filter_map(segment).collect()
}

/// A page of HTML as it is read. Before the paragraphs of one speaker, `cite` has the name and `time` the beginning.
#[derive(Default)]
struct Page {
    made: Vec<Said>,
    /// The paragraph that is being read.
    next: Said,
    speaker: Option<String>,
    /// The element whose text is no part of a paragraph.
    inside: Option<&'static str>,
    aside: String,
}

/// Elements of a page whose text is not said.
const ASIDE: [&str; 8] = ["cite", "head", "nav", "noscript", "script", "style", "template", "time"];

/// Elements that do not end a paragraph.
const INLINE: [&str; 15] =
    ["a", "abbr", "b", "bdi", "code", "del", "em", "i", "ins", "mark", "q", "small", "span", "strong", "u"];

impl Page {
    fn read(html: &str) -> Vec<Said> {
        let mut page = Page::default();
        walk(html, &mut |piece, _| match piece {
            Piece::Text(text) if page.inside.is_some() => page.aside.push_str(&decode(text)),
            Piece::Text(text) => page.next.text.push_str(&decode(text)),
            Piece::Tag { name, closing, .. } => page.tag(&name.to_ascii_lowercase(), closing),
            Piece::Other => {}
        });
        page.end_paragraph();
        page.made
    }

    fn tag(&mut self, name: &str, closing: bool) {
        match (self.inside, ASIDE.into_iter().find(|one| *one == name)) {
            (Some(open), Some(element)) if closing && element == open => {
                let aside = joined(&std::mem::take(&mut self.aside));
                self.inside = None;
                match open {
                    "cite" => self.cite(&aside),
                    "time" if self.next.text.trim().is_empty() => self.next.seconds = seconds(&aside),
                    _ => {}
                }
            }
            (None, Some(element)) if !closing => self.inside = Some(element),
            (None, None) if !INLINE.contains(&name) => self.end_paragraph(),
            _ => {}
        }
    }

    /// Takes the speaker; in the middle of a paragraph it is the title of a work.
    fn cite(&mut self, name: &str) {
        if !self.next.text.trim().is_empty() {
            return self.next.text.push_str(name);
        }
        let name = name.trim_end_matches([':', '\u{ff1a}']).trim();
        let is_other = self.speaker.as_deref() != Some(name) && !name.is_empty();
        self.next.speaker = is_other.then(|| name.to_owned());
        self.speaker = Some(name.to_owned());
    }

    /// Ends the paragraph, if it has words.
    fn end_paragraph(&mut self) {
        let text = joined(&self.next.text);
        self.next.text.clear();
        if !text.is_empty() {
            self.made.push(Said { text, ..std::mem::take(&mut self.next) });
        }
    }
}

/// `cues` joined into paragraphs: one ends where another speaks, or with a sentence once it is long.
fn paragraphs(cues: Vec<Said>) -> Vec<Said> {
    let mut made: Vec<Said> = Vec::new();
    let mut speaker: Option<String> = None;
    for cue in cues {
        let is_other = cue.speaker.is_some() && cue.speaker != speaker;
        match made.last_mut().filter(|last| !is_other && !is_full(&last.text)) {
            Some(last) => last.text.extend([" ", &cue.text]),
            None => made.push(Said { speaker: cue.speaker.clone().filter(|_| is_other), ..cue.clone() }),
        }
        speaker = cue.speaker.or(speaker);
    }
    made
}

/// True if a paragraph is long, and at the end of a sentence; or if it has no sentences.
fn is_full(text: &str) -> bool {
    let is_end = text
        .trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')'])
        .ends_with(['.', '!', '?', '\u{3002}']);
    text.len() > ENOUGH && (is_end || text.len() > 3 * ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(seconds: u64, speaker: Option<&str>, text: &str) -> Said {
        Said { seconds: Some(seconds), speaker: speaker.map(str::to_owned), text: text.to_owned() }
    }

    #[test]
    fn captions_become_paragraphs() {
        let vtt = "WEBVTT\n\nNOTE a note\n\n1\n00:00.000 --> 00:04.000 align:start\n<v Ada>Good evening.\n\n00:00:04.500 --> 00:06.000\n<v Ada>This is <b>the</b>\nharbour &amp; the quay.</v>\n\n01:00:06.000 --> 01:00:08.000\n<v.loud Ben>Hello!\n";
        let expected = [
            said(0, Some("Ada"), "Good evening. This is the harbour & the quay."),
            said(3606, Some("Ben"), "Hello!"),
        ];
        assert_eq!(read(vtt, "vtt"), expected);
        let srt = "1\r\n00:00:01,000 --> 00:00:04,000\r\nOne.\r\n\r\n2\r\n00:00:05,000 --> 00:00:06,000\r\nTwo.\r\n";
        assert_eq!(read(srt, "srt"), [said(1, None, "One. Two.")]);
        let json = r#"{"segments": [{"startTime": 1.5, "speaker": "Ada", "body": "One"}, {"body": "two."}, {"body": ""}]}"#;
        assert_eq!(read(json, "json"), [said(1, Some("Ada"), "One two.")]);
        let text = "One\nline.\n\n\nTwo.";
        let texts: Vec<String> = read(text, "txt").into_iter().map(|one| one.text).collect();
        assert_eq!(texts, ["One line.", "Two."]);
        assert_eq!(read("{}", "xml"), []);
    }

    #[test]
    fn a_page_becomes_paragraphs() {
        let html = "<!doctype html><head><title>No</title></head><body>\n<cite>Ada:</cite>\n<time>0:01</time>\n<p>Good <b>evening</b> &amp; so on.</p><p>More.</p><cite>Ben</cite><time>1:02:03</time><p>I read <cite>The Tide</cite> twice.</p><script>no()</script><cite>Ben</cite><p>Again.<br>And again.</p><p> </p></body>";
        let line = |text: &str| Said { text: text.to_owned(), ..Said::default() };
        let expected = [
            said(1, Some("Ada"), "Good evening & so on."),
            line("More."),
            said(3723, Some("Ben"), "I read The Tide twice."),
            line("Again."),
            line("And again."),
        ];
        assert_eq!(read(html, "html"), expected);
        assert_eq!(read("Plain <i>words</i>", "htm"), [line("Plain words")]);
        assert_eq!(read("<script>x</script>", "html"), []);
    }

    #[test]
    fn a_long_speech_is_cut_at_the_end_of_a_sentence() {
        let cue = |at: u64| {
            format!("00:{at:02}.000 --> 00:59.000\nA sentence of some forty characters, no more.\n\n")
        };
        let captions: String = (0..20).map(cue).collect();
        let made = read(&captions, "srt");
        assert!(made.len() > 1 && made.iter().all(|one| one.text.len() < 2 * ENOUGH), "{made:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in ".*", kind in 0..5usize) {
            read(&text, ["vtt", "srt", "json", "txt", "html"][kind]);
        }
    }
}

//! Text as outlines of letters: joined, ordered and broken into lines as its scripts want it.
//!
//! Lengths are in ems: a line is as wide for each size, but for that factor.

use std::ops::Range;

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_linebreak::linebreaks;
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;
use zeno::{Command, Vector};

/// A font that sets text.
pub(super) struct Lettering<'a> {
    face: rustybuzz::Face<'a>,
    em: f32,
}

/// A letter's outline in a line.
struct Glyph {
    id: GlyphId,
    /// Where it begins, from the line's left end and its baseline, upwards.
    x: f32,
    y: f32,
}

/// A line of text, in the order in which it is seen.
pub(super) struct Line {
    /// The bytes of the text that it shows.
    pub range: Range<usize>,
    pub width: f32,
    /// It belongs to a text that runs from right to left.
    pub is_rtl: bool,
    glyphs: Vec<Glyph>,
}

impl<'a> Lettering<'a> {
    /// `None` if `bytes` are no font.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(bytes, 0)?;
        let em = face.units_per_em() as f32;
        (em > 0.0).then_some(Lettering { face, em })
    }

    /// True if it has an outline for `letter`.
    pub fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0)
    }

    /// The baseline's distance from the top of a line that is `leading` high; the font's own height is in its middle.
    pub fn baseline(&self, leading: f32) -> f32 {
        let (above, below) = (f32::from(self.face.ascender()), f32::from(self.face.descender()));
        (leading + (above + below) / self.em) / 2.0
    }

    /// All of `text` in one line, however long that is.
    pub fn line(&self, text: &str) -> Line {
        self.set(&BidiInfo::new(text, None), 0..text.len())
    }

    /// `text` in one line that is no wider than `most`: if it has to be cut, an ellipsis ends it.
    pub fn cut(&self, text: &str, most: f32) -> Line {
        let line = self.line(text);
        if line.width <= most {
            return line;
        }
        let mut cut = self.line("\u{2026}");
        for (at, letter) in text.grapheme_indices(true) {
            let longer = self.line(&format!("{}\u{2026}", text[..at + letter.len()].trim_end()));
            if longer.width > most {
                break;
            }
            cut = longer;
        }
        cut
    }

    /// `text` in at most `count` lines that are no wider than `most`, broken between words; `None` if it needs more.
    pub fn lines(&self, text: &str, most: f32, count: usize) -> Option<Vec<Line>> {
        let ends: Vec<usize> = linebreaks(text).map(|(at, _)| at).collect();
        let (lines, rest) = self.broken(text, &ends, most, count);
        (rest == text.len() && lines.iter().all(|line| line.width <= most)).then_some(lines)
    }

    /// `text` in at most `count` lines, broken within words; what is too long is cut.
    pub fn lines_within_words(&self, text: &str, most: f32, count: usize) -> Vec<Line> {
        let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, letter)| at + letter.len()).collect();
        let (mut lines, rest) = self.broken(text, &ends, most, count);
        if rest < text.len()
            && let Some(last) = lines.pop()
        {
            lines.push(self.cut(&text[last.range.start..], most));
        }
        lines
    }

    /// The first `count` lines of `text`, each as long as fits of those that end at one of `ends`, and where they end. A
    /// line has at least the text up to one end, however wide that is.
    fn broken(&self, text: &str, ends: &[usize], most: f32, count: usize) -> (Vec<Line>, usize) {
        let order = BidiInfo::new(text, None);
        let (mut lines, mut start) = (Vec::new(), 0);
        let mut ends = ends.iter().copied().peekable();
        while lines.len() < count {
            let mut longest = None;
            while let Some(end) = ends.peek() {
                let line = self.set(&order, start..*end);
                if line.width > most && longest.is_some() {
                    break;
                }
                longest = Some((line, *end));
                ends.next();
            }
            let Some((line, end)) = longest else { break };
            lines.push(line);
            start = end;
        }
        (lines, start)
    }

    /// One line of a text, without the space at its ends.
    fn set(&self, order: &BidiInfo<'_>, range: Range<usize>) -> Line {
        let text = &order.text[range.clone()];
        let start = range.end - text.trim_start().len();
        let range = start..start + text.trim().len();
        let mut line = Line { range: range.clone(), width: 0.0, is_rtl: false, glyphs: Vec::new() };
        let paragraph = order.paragraphs.iter().find(|one| one.range.contains(&range.start));
        let Some(paragraph) = paragraph.filter(|_| !range.is_empty()) else { return line };
        line.is_rtl = paragraph.level.is_rtl();
        let (levels, runs) = order.visual_runs(paragraph, range);
        for run in runs {
            let is_rtl = levels[run.start].is_rtl();
            let mut parts = scripts(&order.text[run]);
            if is_rtl {
                parts.reverse();
            }
            for part in parts {
                self.shape(part, is_rtl, &mut line);
            }
        }
        line
    }

    /// Puts `text`, of one script and direction, at the end of `line`.
    fn shape(&self, text: &str, is_rtl: bool, line: &mut Line) {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let ems = |units: i32| units as f32 / self.em;
            let Ok(id) = u16::try_from(info.glyph_id) else { continue };
            let (x, y) = (line.width + ems(position.x_offset), ems(position.y_offset));
            line.glyphs.push(Glyph { id: GlyphId(id), x, y });
            line.width += ems(position.x_advance);
        }
    }

    /// The outlines of `line` in pixels, `size` to the em, from `left` on the `baseline`, downwards.
    pub fn outlines(&self, line: &Line, size: f32, left: f32, baseline: f32) -> Vec<Command> {
        let mut pen = Pen { scale: size / self.em, x: 0.0, y: 0.0, commands: Vec::new() };
        for glyph in &line.glyphs {
            (pen.x, pen.y) = (left + glyph.x * size, baseline - glyph.y * size);
            // What has no outline is seen as nothing: a space.
            let _ = self.face.outline_glyph(glyph.id, &mut pen);
        }
        pen.commands
    }
}

/// `text` in parts of one script each; what many scripts have goes with what is before it.
fn scripts(text: &str) -> Vec<&str> {
    let is_shared = |script: Script| matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    let (mut parts, mut start, mut current) = (Vec::new(), 0, Script::Common);
    for (at, letter) in text.char_indices() {
        let script = letter.script();
        if is_shared(script) || script == current {
            continue;
        }
        if !is_shared(current) {
            parts.push(&text[start..at]);
            start = at;
        }
        current = script;
    }
    parts.push(&text[start..]);
    parts
}

/// Writes outlines down, in pixels.
struct Pen {
    scale: f32,
    x: f32,
    y: f32,
    commands: Vec<Command>,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Vector {
        Vector::new(self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::MoveTo(self.at(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::LineTo(self.at(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.commands.push(Command::QuadTo(self.at(x1, y1), self.at(x, y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.commands.push(Command::CurveTo(self.at(x1, y1), self.at(x2, y2), self.at(x, y)));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}

//! Text layout: letters as outlines, joined, ordered and broken into lines as their scripts require.
//!
//! Lengths are in ems, so a line's width at any size is its length times that size.

use std::ops::Range;

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_linebreak::linebreaks;
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;
use zeno::{Command, Vector};

/// Sets text with one font.
pub(super) struct Lettering<'a> {
    face: rustybuzz::Face<'a>,
    em: f32,
}

/// The outline of a letter in a line.
struct Glyph {
    id: GlyphId,
    /// Its origin: `x` from the line's left end, `y` upwards from the baseline.
    x: f32,
    y: f32,
}

/// A line of text, with its glyphs in visual order.
pub(super) struct Line {
    /// The bytes of the text in this line.
    pub range: Range<usize>,
    pub width: f32,
    /// True if the line's paragraph runs from right to left.
    pub is_rtl: bool,
    glyphs: Vec<Glyph>,
}

impl<'a> Lettering<'a> {
    /// `None` if `bytes` are not a font.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(bytes, 0)?;
        let em = face.units_per_em() as f32;
        (em > 0.0).then_some(Lettering { face, em })
    }

    /// True if the font has an outline for `letter`.
    pub fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0)
    }

    /// The distance of the baseline from the top of a line of height `leading`, with the font's own height in its
    /// middle.
    pub fn baseline(&self, leading: f32) -> f32 {
        let (above, below) = (f32::from(self.face.ascender()), f32::from(self.face.descender()));
        (leading + (above + below) / self.em) / 2.0
    }

    /// All of `text` in one line of any length.
    pub fn line(&self, text: &str) -> Line {
        self.set(&BidiInfo::new(text, None), 0..text.len())
    }

    /// `text` in one line of at most the width `most`; a cut line ends with an ellipsis.
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

    /// `text` in at most `count` lines of at most the width `most`, broken between words; `None` if it needs more
    /// lines.
    pub fn lines(&self, text: &str, most: f32, count: usize) -> Option<Vec<Line>> {
        let ends: Vec<usize> = linebreaks(text).map(|(at, _)| at).collect();
        let (lines, rest) = self.broken(text, &ends, most, count);
        (rest == text.len() && lines.iter().all(|line| line.width <= most)).then_some(lines)
    }

    /// `text` in at most `count` lines, broken within words; the rest is cut.
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

    /// Breaks `text` into at most `count` lines and returns them with the byte where the last ends. Each line ends at
    /// the last of `ends` that fits, but reaches at least to the next one, however wide that is.
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

    /// One line of a text, without white space at its ends.
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

    /// Appends `text`, which has one script and direction, to `line`.
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

    /// The outlines of `line` in pixels, with y downwards. `size` is pixels to the em; the line starts at `left` on
    /// the `baseline`.
    pub fn outlines(&self, line: &Line, size: f32, left: f32, baseline: f32) -> Vec<Command> {
        let mut pen = Pen { scale: size / self.em, x: 0.0, y: 0.0, commands: Vec::new() };
        for glyph in &line.glyphs {
            (pen.x, pen.y) = (left + glyph.x * size, baseline - glyph.y * size);
            // A glyph without an outline is invisible, such as a space.
            let _ = self.face.outline_glyph(glyph.id, &mut pen);
        }
        pen.commands
    }
}

/// `text` in runs of one script each; characters that many scripts share belong to the run before them.
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

/// Records outlines, in pixels.
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

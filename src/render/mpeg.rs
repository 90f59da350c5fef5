//! The duration of MPEG audio (ISO 11172-3 and 13818-3: MP3 and its predecessors), by its frames.
//!
//! A recording with varying bit rate has a number of frames at its beginning (`Xing`, `Info`, `VBRI`), or none. Without
//! one, or if it does not fit the file's size, the frames are counted.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes that are read at once, and those of them before the place that is asked for.
const AHEAD: usize = 128 * 1024;
const BEHIND: u64 = 16 * 1024;

/// The longest frame of the free format that is looked for.
const LONGEST: u64 = 8 * 1024;

/// How often a frame of the free format is looked for: each look reads that many bytes.
const LOOKS: u32 = 1000;

/// A number that every sampling rate divides.
const TICKS: u64 = 14_112_000;

/// The duration of the recording at `path` in whole seconds; `None` if it has no frames or can't be read.
pub(super) fn seconds(path: &Path) -> Option<u64> {
    let file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    let mut recording = Recording { file, size, start: 0, bytes: Vec::new(), looks: LOOKS };
    let ticks = recording.ticks()?;
    Some((ticks + TICKS / 2) / TICKS).filter(|seconds| *seconds > 0)
}

/// The first four bytes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    /// 1, or 2 for both versions with lower sampling rates.
    version: u8,
    layer: u8,
    is_mono: bool,
    /// Hertz.
    rate: u64,
    /// Samples of the frame.
    samples: u64,
    /// Bytes of the frame; for the free format, those of its padding.
    length: u64,
    is_free: bool,
}

/// Kilobits per second, by version and layer.
const BIT_RATES: [[u64; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

impl Header {
    fn read(bytes: &[u8]) -> Option<Header> {
        let [first, second, third, fourth] = *bytes.first_chunk::<4>()?;
        if first != 0xff || second & 0xe0 != 0xe0 || fourth & 3 == 2 {
            return None;
        }
        let (version, divisor) = match (second >> 3) & 3 {
            0 => (2, 4),
            2 => (2, 2),
            3 => (1, 1),
            _ => return None,
        };
        let layer = match (second >> 1) & 3 {
            1 => 3,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        let rate = [44_100, 48_000, 32_000].get(usize::from((third >> 2) & 3))? / divisor;
        let row = match (version, layer) {
            (1, layer) => layer - 1,
            (_, 1) => 3,
            _ => 4,
        };
        let bits = 1000 * BIT_RATES.get(usize::from(row))?.get(usize::from(third >> 4))?;
        let padding = u64::from((third >> 1) & 1);
        let samples = match (version, layer) {
            (_, 1) => 384,
            (2, 3) => 576,
            _ => 1152,
        };
        let is_free = bits == 0;
        // Layer I counts in units of four bytes.
        let length = match layer {
            1 => (12 * bits / rate + padding) * 4,
            _ => samples / 8 * bits / rate + padding,
        };
        Some(Header { version, layer, is_mono: fourth >> 6 == 3, rate, samples, length, is_free })
    }

    /// True for two frames of one recording, whose bit rates may differ.
    fn fits(&self, other: &Header) -> bool {
        let key = |one: &Header| (one.version, one.layer, one.rate, one.is_free);
        key(self) == key(other)
    }

    fn ticks(&self) -> u64 {
        self.samples * (TICKS / self.rate)
    }
}

/// A file, of which a window is in memory.
struct Recording {
    file: File,
    size: u64,
    /// The place of the window.
    start: u64,
    bytes: Vec<u8>,
    /// Looks for frames of the free format that are left.
    looks: u32,
}

impl Recording {
    /// The `length` bytes at `at`; fewer at the end of the file.
    fn bytes(&mut self, at: u64, length: usize) -> &[u8] {
        let end = (at + length as u64).min(self.size);
        if at < self.start || end > self.start + self.bytes.len() as u64 {
            self.start = at.saturating_sub(BEHIND);
            self.bytes.clear();
            let mut window = (&mut self.file).take((AHEAD + length) as u64 + BEHIND);
            if window.get_mut().seek(SeekFrom::Start(self.start)).is_err()
                || window.read_to_end(&mut self.bytes).is_err()
            {
                self.bytes.clear();
            }
        }
        let from = usize::try_from(at.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        &rest[..rest.len().min(length)]
    }

    fn header(&mut self, at: u64) -> Option<Header> {
        Header::read(self.bytes(at, 4))
    }

    /// The duration in [`TICKS`].
    fn ticks(&mut self) -> Option<u64> {
        let (mut at, first, free) = self.next_frame(0)?;
        let length = free.unwrap_or(0) + first.length;
        if let Some(Counted { frames, bytes }) = self.counted(at, &first) {
            let rest = self.size - at;
            // Programs cut a recording and put others around it. A short tag may follow.
            let is_whole = bytes.is_none_or(|bytes| bytes <= rest + 2048 && rest <= bytes + 4096);
            // No frame is shorter than 24 bytes.
            let may_be = |frames: &u64| *frames > 0 && is_whole && *frames <= rest / 24 + 1;
            if let Some(frames) = frames.filter(may_be) {
                return Some(frames * first.ticks());
            }
            at += length;
        }
        let (mut ticks, mut around, mut free) = (0, first, free);
        while at < self.size {
            let header = self.header(at).filter(|header| header.fits(&around));
            let Some(header) = header else {
                let Some(found) = self.next_frame(at) else { break };
                (at, around, free) = found;
                continue;
            };
            at += (header.length + free.unwrap_or(0)).max(1);
            if at <= self.size {
                ticks += header.ticks();
            }
        }
        Some(ticks)
    }

    /// The first frame at `at` or after it that others follow: its place, its header and, for the free format, its
    /// length without padding. Tags (ID3v2) are passed over.
    fn next_frame(&mut self, mut at: u64) -> Option<(u64, Header, Option<u64>)> {
        while at + 4 <= self.size {
            let bytes = self.bytes(at, 10);
            if let [b'I', b'D', b'3', version, _, flags, sizes @ ..] = bytes
                && *version < 0xff
                && sizes.len() == 4
                && sizes.iter().all(|byte| *byte < 0x80)
            {
                let length = sizes.iter().fold(0, |length, byte| (length << 7) | u64::from(*byte));
                let end = at + length + if flags & 0x10 == 0 { 10 } else { 20 };
                // A tag that ends after the file is no tag.
                at = if end <= self.size { end } else { at + 10 };
                continue;
            }
            if bytes.first() != Some(&0xff) {
                let step = self.bytes(at, 4096).iter().position(|byte| matches!(byte, 0xff | b'I'));
                at += step.map_or(4096, |step| step.max(1) as u64);
                continue;
            }
            if let Some(header) = Header::read(bytes) {
                let free = if header.is_free { self.free_length(at, &header) } else { None };
                if free.is_some() == header.is_free && self.is_followed(at, &header, free.unwrap_or(0)) {
                    return Some((at, header, free));
                }
            }
            at += 1;
        }
        None
    }

    /// True if two more frames follow that at `at`, or the file ends after it.
    fn is_followed(&mut self, at: u64, header: &Header, free: u64) -> bool {
        let (mut at, mut length) = (at, header.length);
        for _ in 0..2 {
            at += length + free;
            if at == self.size || self.bytes(at, 3) == *b"TAG" || self.bytes(at, 8) == *b"APETAGEX" {
                return true;
            }
            match self.header(at).filter(|next| next.fits(header)) {
                Some(next) => length = next.length,
                None => return false,
            }
        }
        true
    }

    /// The length, without padding, of the frames of the free format that begin at `at`.
    fn free_length(&mut self, at: u64, header: &Header) -> Option<u64> {
        self.looks = self.looks.checked_sub(1)?;
        (at + 24..(at + LONGEST).min(self.size)).find_map(|next| {
            let found = self.header(next).filter(|found| found.fits(header))?;
            let length = (next - at).checked_sub(header.length)?;
            // The frame after that has the same length.
            self.header(next + length + found.length).filter(|after| after.fits(header)).map(|_| length)
        })
    }

    /// The count of the frames in the first frame, if that is a header of the encoder and no audio.
    fn counted(&mut self, at: u64, header: &Header) -> Option<Counted> {
        let side = match (header.version, header.is_mono) {
            (1, false) => 32,
            (1, true) | (_, false) => 17,
            (_, true) => 9,
        };
        let bytes = self.bytes(at, 256);
        let number = |at: usize| Some(u64::from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)));
        // A checksum of two bytes may stand before the side information.
        for tag in [4 + side, 6 + side] {
            if matches!(bytes.get(tag..tag + 4), Some(b"Xing" | b"Info")) {
                let flags = number(tag + 4)?;
                let frames = if flags & 1 == 0 { None } else { number(tag + 8) };
                let bytes =
                    if flags & 2 == 0 { None } else { number(tag + if flags & 1 == 0 { 8 } else { 12 }) };
                return Some(Counted { frames, bytes });
            }
        }
        matches!(bytes.get(36..40), Some(b"VBRI")).then(|| Counted { frames: number(50), bytes: number(46) })
    }
}

/// The number of frames, and of their bytes.
struct Counted {
    frames: Option<u64>,
    bytes: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second byte of a header: MPEG-1, 2 and 2.5 with layer III, and MPEG-1 with layers II and I.
    const KINDS: [u8; 5] = [0xfb, 0xf3, 0xe3, 0xfd, 0xff];

    fn frame(kind: u8, bit_rate: u8, rate: u8, padding: u8) -> Vec<u8> {
        let head = [0xff, kind, bit_rate << 4 | rate << 2 | padding << 1, 0];
        let length = Header::read(&head).unwrap().length;
        let mut frame = head.to_vec();
        frame.resize(usize::try_from(length).unwrap(), 0);
        frame
    }

    /// `count` frames whose bit rates vary.
    fn varying(kind: u8, rate: u8, count: u8) -> Vec<u8> {
        (0..count)
            .flat_map(|number| frame(kind, [14, 1, 9, 5][usize::from(number % 4)], rate, number % 2))
            .collect()
    }

    fn tag(length: u8, flags: u8) -> Vec<u8> {
        let mut tag = vec![b'I', b'D', b'3', 4, 0, flags, 0, 0, length, 0];
        // A picture in a tag may look like frames.
        tag.resize(10 + usize::from(length) * 128 + if flags & 0x10 == 0 { 0 } else { 10 }, 0xff);
        tag
    }

    fn measured(bytes: &[u8]) -> Option<f64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mp3");
        std::fs::write(&path, bytes).unwrap();
        let file = File::open(&path).unwrap();
        let size = bytes.len() as u64;
        let mut recording = Recording { file, size, start: 0, bytes: Vec::new(), looks: LOOKS };
        recording.ticks().map(|ticks| ticks as f64 / TICKS as f64)
    }

    fn is_near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    #[test]
    fn frames_of_every_kind_are_counted() {
        for kind in KINDS {
            for rate in 0..3 {
                let head = Header::read(&frame(kind, 5, rate, 0)).unwrap();
                let expected = 200.0 * head.samples as f64 / head.rate as f64;
                assert_eq!(measured(&varying(kind, rate, 200)), Some(expected), "{kind:x} {rate}");
            }
        }
        // 38 frames of MPEG-1 layer III a second, checked with ffprobe: 1.0 s at 44.1 kHz is 38.28 frames.
        let cbr: Vec<u8> = (0..200).flat_map(|number| frame(0xfb, 9, 0, u8::from(number % 25 > 0))).collect();
        assert!((measured(&cbr).unwrap() - 5.2245).abs() < 0.001);
    }

    #[test]
    fn tags_and_other_bytes_around_the_frames_are_passed_over() {
        let frames = varying(0xfb, 0, 200);
        let expected = measured(&frames);
        let junk: Vec<u8> = (0..5000_u32).map(|number| (number * number % 251) as u8).collect();
        for (name, bytes) in [
            ("a tag", [&tag(40, 0), &frames[..]].concat()),
            ("a tag with a footer", [&tag(40, 0x10), &frames[..]].concat()),
            ("two tags", [&tag(3, 0), &tag(100, 0), &frames[..]].concat()),
            ("a tag with a false length", [&b"ID3\x04\0\0\x7f\x7f\x7f\x7f"[..], &frames[..]].concat()),
            ("junk before", [&junk, &frames[..]].concat()),
            ("a header before that nothing follows", [&[0xff, 0xfb, 0x90, 0], &frames[..]].concat()),
            ("a tag at the end", [&frames, &b"TAG"[..], &[0; 125]].concat()),
            ("an APE tag at the end", [&frames, &b"APETAGEX"[..], &junk].concat()),
            (
                "junk in the middle",
                [&frames[..frames.len() / 2], &junk, &frames[frames.len() / 2..]].concat(),
            ),
            ("a cut end", [&frames, &frame(0xfb, 9, 0, 0)[..100]].concat()),
        ] {
            let found = measured(&bytes).unwrap_or_default();
            // A break in the middle costs the frame that it is in.
            assert!((found - expected.unwrap()).abs() < 0.06, "{name}: {found}");
        }
        let two = [&frames[..], &tag(9, 0), &varying(0xf3, 1, 200)].concat();
        assert_eq!(measured(&two), Some(200.0 * 1152.0 / 44_100.0 + 200.0 * 576.0 / 24_000.0));
    }

    #[test]
    fn a_number_of_frames_is_believed_if_it_fits_the_size() {
        let with = |mark: &[u8], at: usize, frames: &[u8]| {
            let mut first = frame(0xfb, 9, 0, 0);
            first[at..at + mark.len()].copy_from_slice(mark);
            [&first, frames].concat()
        };
        let frames = varying(0xfb, 0, 200);
        let length = u32::try_from(frames.len()).unwrap().to_be_bytes();
        let one = 1152.0 / 44_100.0;
        for name in [b"Xing", b"Info"] {
            let mark = |flags: u8, rest: &[u8]| [&name[..], &[0, 0, 0, flags], rest].concat();
            let count = 1000_u32.to_be_bytes();
            assert!(is_near(measured(&with(&mark(1, &count), 36, &frames)), 1000.0 * one));
            assert!(is_near(measured(&with(&mark(3, &[count, length].concat()), 36, &frames)), 1000.0 * one));
            assert!(is_near(measured(&with(&mark(0, &[]), 36, &frames)), 200.0 * one), "no number");
            let cut = &frames[..frames.len() / 2];
            let found = measured(&with(&mark(3, &[count, length].concat()), 36, cut)).unwrap();
            assert!(found < 110.0 * one, "a cut file: {found}");
            let more = [&frames[..], &frames[..]].concat();
            let found = measured(&with(&mark(3, &[count, length].concat()), 36, &more));
            assert!(is_near(found, 400.0 * one), "another recording after it: {found:?}");
            let absurd = u32::MAX.to_be_bytes();
            assert!(is_near(measured(&with(&mark(1, &absurd), 36, &frames)), 200.0 * one), "absurd");
        }
        let vbri = [&b"VBRI"[..], &[0, 1, 0, 0, 0, 75], &length, &700_u32.to_be_bytes()].concat();
        assert!(is_near(measured(&with(&vbri, 36, &frames)), 700.0 * one));
    }

    #[test]
    fn the_free_format_is_measured() {
        let mut bytes = Vec::new();
        for number in 0..100_u32 {
            let padding = u8::from(number % 3 == 0);
            bytes.extend([0xff, 0xfb, padding << 1, 0]);
            bytes.resize(bytes.len() + 500 - 4 + usize::from(padding), 0);
        }
        assert_eq!(measured(&bytes), Some(100.0 * 1152.0 / 44_100.0));
    }

    #[test]
    fn what_has_no_frames_has_no_duration() {
        for bytes in [&b""[..], b"RIFF", &[0xff; 3000], &[0xff, 0xfb, 0x90], b"ID3\x04\0\0\x7f\x7f\x7f\x7f"] {
            assert_eq!(measured(bytes), None, "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_measured(bytes in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::strategy::Just(vec![0xff, 0xfb, 0x90, 0]),
                proptest::strategy::Just(vec![0xff, 0xfb, 0, 0]),
                proptest::strategy::Just(b"ID3\x04\0\0\0\0\0\x03".to_vec()),
                proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600),
            ],
            0..30,
        )) {
            let _ = measured(&bytes.concat());
        }
    }
}

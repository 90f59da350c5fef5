//! The stored form of a [`Moment`]: RFC 3339, with the precision as a suffix of RFC 9557 (section 3.2) where it is
//! not the second: `2014-02-14T00:00:00+08:00[_precision=day]`.
//!
//! Offsets of local mean time have seconds, which RFC 3339 can't say; this form writes them as a third part.

use std::fmt::Write;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime};

use super::{Moment, Precision};

const SUFFIXES: [(Precision, &str); 3] = [
    (Precision::Second, ""),
    (Precision::Minute, "[_precision=minute]"),
    (Precision::Day, "[_precision=day]"),
];

impl Moment {
    /// Instant, offset and precision as one text, which [`Moment::from_lasting`] reads.
    pub fn lasting(&self) -> String {
        let seconds = self.offset.local_minus_utc();
        let mut text = self.local().format("%Y-%m-%dT%H:%M:%S").to_string();
        if seconds == 0 {
            text.push('Z');
        } else {
            let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
            let _ = write!(text, "{sign}{:02}:{:02}", size / 3600, size / 60 % 60);
            if size % 60 > 0 {
                let _ = write!(text, ":{:02}", size % 60);
            }
        }
        let suffix = SUFFIXES.iter().find(|(precision, _)| *precision == self.precision);
        text.push_str(suffix.map_or("", |(_, suffix)| suffix));
        text
    }

    /// The moment that `text` says; `None` if the text does not have that form.
    pub fn from_lasting(text: &str) -> Option<Moment> {
        let (stamp, suffix) = text.split_at(text.find('[').unwrap_or(text.len()));
        let (precision, _) = SUFFIXES.iter().find(|(_, known)| *known == suffix)?;
        let number = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = stamp.get(range)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|(at, mark)| stamp.as_bytes().get(*at) != Some(mark)) {
            return None;
        }
        let date =
            NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
        let local = date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?;
        let offset = match &stamp.as_bytes()[19..] {
            b"Z" => 0,
            [sign @ (b'+' | b'-'), rest @ ..] if matches!(rest.len(), 5 | 8) => {
                let colons = rest.iter().skip(2).step_by(3).all(|byte| *byte == b':');
                let last = if rest.len() == 8 { number(26..28)? } else { 0 };
                let size = i32::try_from(number(20..22)? * 3600 + number(23..25)? * 60 + last).ok()?;
                colons.then_some(if *sign == b'-' { -size } else { size })?
            }
            _ => return None,
        };
        moment(local, FixedOffset::east_opt(offset)?, *precision)
    }
}

fn moment(local: NaiveDateTime, offset: FixedOffset, precision: Precision) -> Option<Moment> {
    Some(Moment::new(local.and_local_timezone(offset).single()?.to_utc(), offset, precision))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_kept_with_offset_and_precision() {
        for text in [
            "2014-02-14T14:47:00+08:00",
            "2014-02-14T06:47:59Z",
            "2014-02-14T00:00:00-03:30[_precision=day]",
            "2014-02-14T14:47:00Z[_precision=minute]",
            "1890-02-14T14:47:00+07:36:42",
        ] {
            assert_eq!(Moment::from_lasting(text).map(|moment| moment.lasting()).as_deref(), Some(text));
        }
        let day = Moment::from_lasting("2014-02-14T00:00:00+08:00[_precision=day]").unwrap();
        assert_eq!((day.precision(), day.rfc3339().as_str()), (Precision::Day, "2014-02-14T00:00:00+08:00"));
    }

    #[test]
    fn anything_else_is_no_moment() {
        for text in [
            "",
            "2014-02-14",
            "2014-02-14T14:47:00",
            "2014-02-30T14:47:00Z",
            "2014-02-14 14:47:00Z",
            "2014-02-14T14:47:00+0800",
            "2014-02-14T14:47:00+08:00[u-ca=iso8601]",
            "2014-02-14T14:47:00+99:00",
            "2014-02-14T+4:47:00Z",
            "2014-02-14T14:47:0\u{e9}Z",
        ] {
            assert_eq!(Moment::from_lasting(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_comes_back(seconds in -3_000_000_000i64..50_000_000_000, offset in -86_000i32..86_000, which in 0..3usize) {
            let instant = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
            let moment = Moment::new(instant, FixedOffset::east_opt(offset).unwrap(), SUFFIXES[which].0);
            prop_assert_eq!(Moment::from_lasting(&moment.lasting()), Some(moment));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}") {
            let _ = Moment::from_lasting(&text);
        }
    }
}

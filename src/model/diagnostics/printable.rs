//! Problems as a terminal or a log may get them.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, Severity};

use super::{Place, Problem, Spot};
use crate::model::printable::printable;

impl Problem {
    /// The same problem with all unprintable characters of its texts escaped.
    pub fn printable(&self) -> Problem {
        let escaped = |text: String| printable(&text).into_owned();
        let cause = Escaped {
            severity: self.cause.severity(),
            code: self.code(),
            message: escaped(self.message()),
            help: self.remedy().map(escaped),
        };
        let place = self.place.as_ref().map(Place::printable);
        Problem { place, ..Problem::nowhere(cause) }
    }
}

impl Place {
    fn printable(&self) -> Place {
        let spot = self.spot.as_ref().map(|spot| Box::new(spot.printable()));
        Place { file: printable(&self.file).into(), spot }
    }
}

impl Spot {
    fn printable(&self) -> Spot {
        let (before, meant, after) = self.parts();
        let mut text = excerpt(before);
        let start = text.len();
        text.push_str(&excerpt(meant));
        let Range { start, end } = start..text.len();
        text.push_str(&excerpt(after));
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Spot { line: self.line, column: self.column, text: text.into(), range: (short(start), short(end)) }
    }
}

/// A part of a line, in which tabs are spaces.
fn excerpt(text: &str) -> String {
    printable(&text.replace('\t', "    ")).into_owned()
}

/// The texts of a problem's cause.
#[derive(Debug)]
struct Escaped {
    severity: Option<Severity>,
    code: String,
    message: String,
    help: Option<String>,
}

impl fmt::Display for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Escaped {}

impl Diagnostic for Escaped {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display + 'a>)
    }

    fn severity(&self) -> Option<Severity> {
        self.severity.or(Some(Severity::Error))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }
}

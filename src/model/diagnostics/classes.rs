//! Classes of problems: a kind of problem that occurs often is reported once, with its number and its first places.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Problem;

/// Problems of one code and one message that are reported one by one; more are one class.
const FEW: usize = 3;
/// Problems of one code, each with a message of its own, that are reported one by one; more are one class.
const SEVERAL: usize = 10;
/// Messages of one code that have a class of their own; the problems with others share one.
const MESSAGES: usize = 10;
/// Places that the description of a class names.
const PLACES: usize = 3;

/// Problems of one kind; a single problem is a class too.
#[derive(Debug)]
pub struct Class<'a> {
    /// The first problem, by place.
    pub first: &'a Problem,
    /// All problems of the class, with the first.
    pub all: Vec<&'a Problem>,
}

/// Sorts `problems` into classes, in the order of their first problems.
pub fn classes<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Vec<Class<'a>> {
    let mut by_code: BTreeMap<(bool, String), Vec<(usize, &Problem)>> = BTreeMap::new();
    for (at, problem) in problems.into_iter().enumerate() {
        by_code.entry((problem.is_error(), problem.code())).or_default().push((at, problem));
    }
    let mut groups: Vec<Vec<(usize, &Problem)>> = by_code.into_values().flat_map(of_one_code).collect();
    groups.sort_by_key(|group| group.first().map(|(at, _)| *at));
    let class = |group: Vec<(usize, &'a Problem)>| {
        let all: Vec<&Problem> = group.into_iter().map(|(_, problem)| problem).collect();
        all.first().copied().map(|first| Class { first, all })
    };
    groups.into_iter().filter_map(class).collect()
}

type Group<'a> = Vec<(usize, &'a Problem)>;

/// The groups of problems that have one code: first by message, then the rest together.
fn of_one_code(problems: Group<'_>) -> Vec<Group<'_>> {
    if problems.len() <= FEW {
        return one_by_one(problems);
    }
    let mut by_message: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for (at, problem) in problems {
        by_message.entry(problem.message()).or_default().push((at, problem));
    }
    let (mut often, seldom): (Vec<Group<'_>>, Vec<Group<'_>>) =
        by_message.into_values().partition(|group| group.len() > FEW);
    often.sort_by_key(|group| (std::cmp::Reverse(group.len()), group.first().map(|(at, _)| *at)));
    let others = often.split_off(often.len().min(MESSAGES));
    let mut rest: Group<'_> = seldom.into_iter().chain(others).flatten().collect();
    rest.sort_by_key(|(at, _)| *at);
    if rest.len() > SEVERAL {
        often.push(rest)
    } else {
        often.extend(one_by_one(rest))
    }
    often
}

fn one_by_one(problems: Group<'_>) -> Vec<Group<'_>> {
    problems.into_iter().map(|problem| vec![problem]).collect()
}

impl Class<'_> {
    /// Number and first places of the class, such as `5,343 of this kind in 5,343 files: content/a.md:3:1, …`; `None`
    /// for a single problem.
    pub fn extent(&self) -> Option<String> {
        if self.all.len() == 1 {
            return None;
        }
        let places: Vec<_> = self.all.iter().filter_map(|problem| problem.place()).collect();
        // The problems are sorted by file only if the caller has done so.
        let mut files: Vec<&str> = places.iter().map(|place| &*place.file).collect();
        files.sort_unstable();
        files.dedup();
        let mut text = format!("{} of this kind", thousands(self.all.len()));
        match files.len() {
            0 => {}
            1 => text.push_str(" in 1 file"),
            count => {
                let _ = write!(text, " in {} files", thousands(count));
            }
        }
        let shown: Vec<String> = places.iter().take(PLACES).map(ToString::to_string).collect();
        if !shown.is_empty() {
            let more = if places.len() > PLACES { ", \u{2026}" } else { "" };
            let _ = write!(text, ": {}{more}", shown.join(", "));
        }
        Some(text)
    }
}

/// `number` with a comma before each three digits.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Place, sort};
    use super::*;

    #[derive(Debug, thiserror::Error, miette::Diagnostic)]
    enum Fault {
        #[error("`{0}` is not a field")]
        #[diagnostic(severity(warning), code(test::field))]
        Field(String),
        #[error("`{0}` leads nowhere")]
        #[diagnostic(code(test::link))]
        Link(usize),
    }

    fn extents(mut problems: Vec<Problem>) -> Vec<String> {
        sort(&mut problems);
        let line = |class: &Class<'_>| class.extent().unwrap_or_else(|| class.first.message());
        classes(&problems).iter().map(line).collect()
    }

    fn field(file: usize, name: &str) -> Problem {
        Problem::new(Fault::Field(name.to_owned()), Place::file(format!("{file:05}.md")))
    }

    fn link(file: usize) -> Problem {
        Problem::new(Fault::Link(file), Place::file(format!("{file:05}.md")))
    }

    #[test]
    fn a_message_that_occurs_often_is_one_class_with_its_number_and_first_places() {
        let problems = (0..5343).map(|file| field(file, "layout")).chain([field(7, "guests")]).collect();
        assert_eq!(
            extents(problems),
            [
                "5,343 of this kind in 5,343 files: 00000.md, 00001.md, 00002.md, \u{2026}",
                "`guests` is not a field"
            ]
        );
    }

    #[test]
    fn many_messages_of_one_code_are_one_class() {
        assert_eq!(
            extents((0..100).map(link).collect()),
            ["100 of this kind in 100 files: 00000.md, 00001.md, 00002.md, \u{2026}"]
        );
        // Each of 100 fields is in 4 files.
        let fields = (0..400).map(|number| field(number, &(number / 4).to_string())).collect();
        let extents = extents(fields);
        assert_eq!(extents.len(), MESSAGES + 1, "{extents:#?}");
    }

    #[test]
    fn few_problems_are_reported_one_by_one() {
        assert_eq!(extents((0..3).map(|file| field(file, "layout")).collect()).len(), 3);
        assert_eq!(extents((0..10).map(link).collect()).len(), 10);
        // An error is never in one class with a warning.
        assert_eq!(extents((0..9).map(|file| field(file, "x")).chain((0..9).map(link)).collect()).len(), 10);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        let texts = [0, 999, 1000, 378_869, 1_000_000].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "378,869", "1,000,000"]);
    }
}

//! Renders TeX formulas as MathML Core.

#[cfg(feature = "math")]
use pulldown_latex::{
    Parser, RenderConfig, Storage,
    config::DisplayMode,
    event::{Content, Event, Grouping, ScriptType, Visual},
    push_mathml,
};

/// Longest formula, in bytes. A longer one begins with a dollar sign that is not meant as one of a formula.
#[cfg(feature = "math")]
const LONGEST: usize = 8 * 1024;

/// Commands that define commands are forbidden, because they could expand for ever.
#[cfg(feature = "math")]
const DEFINING: [&str; 9] =
    ["def", "edef", "gdef", "xdef", "let", "futurelet", "newcommand", "renewcommand", "providecommand"];

/// The formula `tex` as a `math` element, with its source in it as an annotation.
///
/// # Errors
/// The fault, in a few words.
#[cfg(feature = "math")]
pub(super) fn of_tex(tex: &str, display: bool) -> Result<String, String> {
    let tex = tex.trim();
    if tex.len() > LONGEST {
        return Err(format!("it has {} bytes", tex.len()));
    }
    let commands = tex
        .split('\\')
        .skip(1)
        .map(|rest| rest.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default());
    if let Some(command) = commands.into_iter().find(|command| DEFINING.contains(command)) {
        return Err(format!("`\\{command}` makes commands, which are not read"));
    }
    let deep = tex.bytes().try_fold(0_i32, |depth, byte| match byte {
        b'{' | b'[' | b'(' => (depth < 64).then_some(depth + 1),
        b'}' | b']' | b')' => Some(depth - 1),
        _ => Some(depth),
    });
    if deep.is_none() {
        return Err("its groups are more than 64 deep".to_owned());
    }
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(tex, &storage).collect();
    let events = events.map_err(|error| {
        // The first line has the error, with the subject between bars.
        let text = error.to_string();
        let reason = text.lines().next().unwrap_or_default();
        let reason = reason.trim_start_matches("parsing error: ").trim_end_matches(" found");
        let around = text.lines().filter_map(|line| line.strip_prefix('\u{2502}')).map(str::trim);
        match around.into_iter().find(|part| !part.is_empty()) {
            Some(part) => format!("{reason} near `{part}`"),
            None => reason.to_owned(),
        }
    })?;
    let annotation = crate::model::html::escape(tex);
    let config = RenderConfig {
        display_mode: if display { DisplayMode::Block } else { DisplayMode::Inline },
        annotation: Some(&annotation),
        ..RenderConfig::default()
    };
    let names = escaped_names(&events);
    let events = with_names(grouped(&events), &names);
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut html, events, config).map_err(|error| error.to_string())?;
    let html = well_formed(&html);
    if mathml::is_valid(&html) { Ok(html) } else { Err("there is no MathML for it".to_owned()) }
}

/// The names of functions in `events` that have characters with a meaning in HTML, escaped.
#[cfg(feature = "math")]
fn escaped_names(events: &[Event<'_>]) -> Vec<(String, String)> {
    let names = events.iter().filter_map(|event| match event {
        Event::Content(Content::Function(name)) if name.contains(['<', '&']) => Some(*name),
        _ => None,
    });
    names.map(|name| (name.to_owned(), crate::model::html::escape(name).into_owned())).collect()
}

#[cfg(feature = "math")]
fn with_names<'a>(mut events: Vec<Event<'a>>, names: &'a [(String, String)]) -> Vec<Event<'a>> {
    for event in &mut events {
        if let Event::Content(Content::Function(name)) = event
            && let Some((_, escaped)) = names.iter().find(|(written, _)| written == name)
        {
            *name = escaped;
        }
    }
    events
}

/// `events` with a group around each function that is the script of another element, or part of a root or a fraction:
/// the space beside a function would count as one of their parts.
#[cfg(feature = "math")]
fn grouped<'a>(events: &[Event<'a>]) -> Vec<Event<'a>> {
    let mut out = Vec::with_capacity(events.len());
    // For each element that is open: its parts that are still to come, and true if its next part may be a function.
    // A group has any number of parts.
    let mut open: Vec<(usize, bool)> = Vec::new();
    // The groups to close, by the number of elements that are open around them.
    let mut groups: Vec<usize> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let is_part = open.last().is_some_and(|(parts, _)| *parts != usize::MAX);
        let is_function =
            |event: Option<&Event<'_>>| matches!(event, Some(Event::Content(Content::Function(_))));
        let has_function = is_function(Some(event))
            || matches!(event, Event::Script { .. }) && is_function(events.get(at + 1));
        if is_part && has_function && !open.last().is_some_and(|(_, free)| *free) {
            out.push(Event::Begin(Grouping::Normal));
            groups.push(open.len());
        }
        out.push(event.clone());
        match event {
            Event::Begin(_) => open.push((usize::MAX, true)),
            Event::Script { ty: ScriptType::SubSuperscript, .. } => open.push((3, true)),
            Event::Script { .. } => open.push((2, true)),
            Event::Visual(Visual::Root | Visual::Fraction(_)) => open.push((2, false)),
            Event::Visual(_) => open.push((1, false)),
            Event::End => {
                open.pop();
                ended(&mut open, &mut groups, &mut out);
            }
            Event::Content(_) | Event::Space { .. } => ended(&mut open, &mut groups, &mut out),
            Event::StateChange(_) | Event::EnvironmentFlow(_) => {}
        }
    }
    out
}

/// Counts a complete element as a part of the one around it, which may be complete then too.
#[cfg(feature = "math")]
fn ended(open: &mut Vec<(usize, bool)>, groups: &mut Vec<usize>, out: &mut Vec<Event<'_>>) {
    loop {
        if groups.last() == Some(&open.len()) {
            groups.pop();
            out.push(Event::End);
        }
        match open.last_mut() {
            Some((parts, free)) if *parts != usize::MAX => {
                *parts -= 1;
                *free = false;
                if *parts > 0 {
                    return;
                }
                open.pop();
            }
            _ => return,
        }
    }
}

/// `html` with its operators `<` and `&` escaped, no references but those of XML, and the space before a function with
/// scripts before the element of the scripts.
#[cfg(feature = "math")]
fn well_formed(html: &str) -> String {
    const SPACE: &str = "<mspace width=\"0.1667em\" />";
    let html = html.replace("<mtext>&amp;nbsp;</mtext>", "<mtext>\u{a0}</mtext>").replace("&nbsp;", "\u{a0}");
    let mut out = String::with_capacity(html.len() + 16);
    let mut rest = html.as_str();
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let next = from[1..].chars().next();
        let is_markup = match from.starts_with('<') {
            true => next.is_some_and(|c| c.is_ascii_alphabetic() || c == '/'),
            false => next.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
        };
        match is_markup {
            true if from.starts_with(SPACE) && out.ends_with('>') => {
                let tag = out.rfind('<').unwrap_or(out.len());
                let is_script =
                    ["<msub", "<msup", "<munder", "<mover"].iter().any(|one| out[tag..].starts_with(one));
                out.insert_str(if is_script { tag } else { out.len() }, SPACE);
                rest = &from[SPACE.len()..];
                continue;
            }
            true => out.push_str(&from[..1]),
            false if from.starts_with('<') => out.push_str("&lt;"),
            false => out.push_str("&amp;"),
        }
        rest = &from[1..];
    }
    out.push_str(rest);
    out
}

#[cfg(feature = "math")]
mod mathml {
    //! Judges MathML.

    use crate::model::html::{Piece, walk};

    /// True if the elements in `html` end in order and have as many parts as MathML Core demands.
    pub(super) fn is_valid(html: &str) -> bool {
        let mut open: Vec<(&str, usize)> = Vec::new();
        let mut valid = true;
        walk(html, &mut |piece, range| {
            let Piece::Tag { name, closing, .. } = piece else { return };
            if !closing {
                if let Some((_, parts)) = open.last_mut() {
                    *parts += 1;
                }
                if !html[range].ends_with("/>") {
                    open.push((name, 0));
                }
                return;
            }
            valid &= open.pop().is_some_and(|(opened, parts)| opened == name && is_count(name, parts));
        });
        valid && open.is_empty()
    }

    fn is_count(name: &str, parts: usize) -> bool {
        match name {
            "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover" => parts == 2,
            "msubsup" | "munderover" => parts == 3,
            _ => true,
        }
    }
}

/// Without the feature `math` there are no formulas.
#[cfg(not(feature = "math"))]
pub(super) fn of_tex(_: &str, _: bool) -> Result<String, String> {
    Err("this Dateline was made without formulas".to_owned())
}

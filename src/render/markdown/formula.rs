//! Renders TeX formulas as MathML Core.

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
pub(super) fn mathml(tex: &str, display: bool) -> Result<String, String> {
    use pulldown_latex::config::DisplayMode;
    use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

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
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut html, events, config).map_err(|error| error.to_string())?;
    Ok(html)
}

/// Without the feature `math` there are no formulas.
#[cfg(not(feature = "math"))]
pub(super) fn mathml(_: &str, _: bool) -> Result<String, String> {
    Err("this Dateline was made without formulas".to_owned())
}

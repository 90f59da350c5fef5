//! A page in fewer bytes that looks the same, whatever its style sheet says.
//!
//! A run of white space becomes one newline where there was one in it, and else one space: a style sheet may show
//! newlines (`white-space: pre-line`), may put any element into a line, so that the space around it counts, and browsers
//! treat a newline between Chinese characters as nothing, but not a space. Comments go, and quotes around values that
//! need none. What is left stays byte for byte. Tags are found by a parser that knows the rules of browsers; a page that
//! it does not understand stays as it is.

#[cfg(feature = "minify")]
mod page;
#[cfg(all(test, feature = "minify"))]
mod tests;

/// `html`, a whole page, in fewer bytes; `None` if it has to stay as it is.
#[cfg(feature = "minify")]
pub fn minify(html: &str) -> Option<String> {
    page::minify(html)
}

/// Nothing: this Dateline was made without it.
#[cfg(not(feature = "minify"))]
pub fn minify(_: &str) -> Option<String> {
    None
}

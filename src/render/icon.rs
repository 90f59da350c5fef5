//! The icon of a site that has none: the first letter of its name, in the theme's colours.

use unicode_segmentation::UnicodeSegmentation;

use crate::config::Config;
use crate::model::html::escape;

/// The name of the file.
pub const NAME: &str = "favicon.svg";

/// Names by which a site's own icon is found, the best first.
pub const OWN: [&str; 3] = [NAME, "favicon.png", "favicon.ico"];

/// Draws the icon of the site (SVG).
pub fn made(config: &Config) -> String {
    let (ground, ink) = (config.theme.colour("accent"), config.theme.colour("paper"));
    let letter = letter(&config.title);
    let letter = escape(&letter);
    let colours = |ground: &str, ink: &str| format!("rect{{fill:{ground}}}text{{fill:{ink}}}");
    let (day, night) = (colours(&ground.light, &ink.light), colours(&ground.dark, &ink.dark));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><style>{day}@media(prefers-color-scheme:dark){{{night}}}</style><rect width=\"64\" height=\"64\" rx=\"12\"/><text x=\"32\" y=\"47\" text-anchor=\"middle\" font-family=\"Georgia,serif\" font-weight=\"700\" font-size=\"44\">{letter}</text></svg>\n"
    )
}

/// The first letter or digit of `name` with its marks, as a capital.
fn letter(name: &str) -> String {
    let is_word = |one: &&str| one.chars().any(char::is_alphanumeric);
    let first = name.graphemes(true).find(is_word).or_else(|| name.graphemes(true).next()).unwrap_or("·");
    let capital = first.to_uppercase();
    if capital.graphemes(true).count() == 1 { capital } else { first.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_the_first_one_of_the_name() {
        for (name, expected) in [
            ("the Harbour Post", "T"),
            ("“Quoted” News", "Q"),
            ("42 Quays", "4"),
            ("e\u{301}cho", "E\u{301}"),
            ("ßtrasse", "ß"),
            ("港口報", "港"),
            ("ميناء", "م"),
            ("…", "…"),
            ("", "·"),
        ] {
            assert_eq!(letter(name), expected, "{name}");
        }
    }
}

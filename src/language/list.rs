//! Lists of names: the texts between them.

use super::cldr::Field;
use super::locale::Locale;

impl Locale {
    /// The text between two names of a list of `count`: the one at the index `at`, and `next` behind it.
    pub fn between(&self, at: usize, count: usize, next: &str) -> String {
        let part = match (at, count) {
            (_, 0..=2) => 0,
            (at, count) if at + 2 >= count => 3,
            (0, _) => 1,
            _ => 2,
        };
        let usual = self.gregorian.name_in(Field::List, part);
        if part == 1 || part == 2 {
            return usual.to_owned();
        }
        match (self.name().split('-').next(), usual) {
            (Some("es"), " y ") if sounds_as_i(next) => " e ".to_owned(),
            (Some("he"), _) if !next.starts_with(|c: char| ('\u{5d0}'..='\u{5ea}').contains(&c)) => {
                format!("{usual}-")
            }
            _ => usual.to_owned(),
        }
    }

    /// `names` as a list.
    pub fn list(&self, names: &[&str]) -> String {
        let mut text = String::new();
        for (at, name) in names.iter().enumerate() {
            if at > 0 {
                text.push_str(&self.between(at - 1, names.len(), name));
            }
            text.push_str(name);
        }
        text
    }
}

/// True if a Spanish word begins with the sound of `y`, before which `y` becomes `e`: `Iván`, `hija`, but not `hielo`.
fn sounds_as_i(word: &str) -> bool {
    let lower = word.to_lowercase();
    match lower.strip_prefix("hi") {
        Some(rest) => !rest.starts_with(['a', 'e']),
        None => lower.starts_with(['i', '\u{ed}']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_in_cldr() {
        let [a, b, c, d] = ["Ada", "Bo", "Cy", "Di"];
        for (tag, two, three, four) in [
            ("en", "Ada and Bo", "Ada, Bo and Cy", "Ada, Bo, Cy and Di"),
            ("en-US", "Ada and Bo", "Ada, Bo, and Cy", "Ada, Bo, Cy, and Di"),
            ("de", "Ada und Bo", "Ada, Bo und Cy", "Ada, Bo, Cy und Di"),
            ("fr", "Ada et Bo", "Ada, Bo et Cy", "Ada, Bo, Cy et Di"),
            ("es", "Ada y Bo", "Ada, Bo y Cy", "Ada, Bo, Cy y Di"),
            ("pt", "Ada e Bo", "Ada, Bo e Cy", "Ada, Bo, Cy e Di"),
            ("it", "Ada e Bo", "Ada, Bo e Cy", "Ada, Bo, Cy e Di"),
            ("nl", "Ada en Bo", "Ada, Bo en Cy", "Ada, Bo, Cy en Di"),
            ("pl", "Ada i Bo", "Ada, Bo i Cy", "Ada, Bo, Cy i Di"),
            ("uk", "Ada і Bo", "Ada, Bo і Cy", "Ada, Bo, Cy і Di"),
            ("ru", "Ada и Bo", "Ada, Bo и Cy", "Ada, Bo, Cy и Di"),
            ("tr", "Ada ve Bo", "Ada, Bo ve Cy", "Ada, Bo, Cy ve Di"),
            ("ar", "Ada وBo", "Ada وBo وCy", "Ada وBo وCy وDi"),
            ("fa", "Ada و Bo", "Ada،\u{200f} Bo، و Cy", "Ada،\u{200f} Bo،\u{200f} Cy، و Di"),
            ("he", "Ada ו-Bo", "Ada, Bo ו-Cy", "Ada, Bo, Cy ו-Di"),
            ("hi", "Ada और Bo", "Ada, Bo, और Cy", "Ada, Bo, Cy, और Di"),
            ("th", "AdaและBo", "Ada Bo และCy", "Ada Bo Cy และDi"),
            ("zh-Hans", "Ada和Bo", "Ada、Bo和Cy", "Ada、Bo、Cy和Di"),
            ("zh-Hant", "Ada和Bo", "Ada、Bo和Cy", "Ada、Bo、Cy和Di"),
            ("ja", "Ada、Bo", "Ada、Bo、Cy", "Ada、Bo、Cy、Di"),
            ("ko", "Ada 및 Bo", "Ada, Bo 및 Cy", "Ada, Bo, Cy 및 Di"),
        ] {
            let locale = Locale::of(tag).unwrap();
            let written = [locale.list(&[a, b]), locale.list(&[a, b, c]), locale.list(&[a, b, c, d])];
            assert_eq!(written, [two, three, four], "{tag}");
        }
    }

    #[test]
    fn the_word_before_the_last_name_agrees_with_it() {
        for (tag, last, expected) in [
            ("es", "Iván", "Ada e Iván"),
            ("es", "Íñigo", "Ada e Íñigo"),
            ("es", "Hilario", "Ada e Hilario"),
            ("es", "Hielo", "Ada y Hielo"),
            ("es", "Yago", "Ada y Yago"),
            ("he", "דן", "Ada ודן"),
        ] {
            assert_eq!(Locale::of(tag).unwrap().list(&["Ada", last]), expected, "{tag}");
        }
    }
}

//! Names of languages.

/// Names of languages in themselves.
const NAMES: [(&str, &str); 30] = [
    ("ar", "العربية"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
];

/// The name of the language `tag` in itself; the tag if it isn't known.
pub(super) fn own_name(tag: &str) -> String {
    let lower = tag.to_ascii_lowercase();
    let of = |key: &str| NAMES.iter().find(|(known, _)| *known == key).map(|(_, name)| (*name).to_owned());
    of(&lower).or_else(|| of(lower.split('-').next()?)).unwrap_or_else(|| tag.to_owned())
}

/// True if `tag` is that of a language that many sites are written in.
pub fn is_known_language(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    NAMES.iter().any(|(known, _)| *known == lower)
}

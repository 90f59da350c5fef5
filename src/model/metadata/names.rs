//! Names of fields, compared as their authors mean them.

/// True if `one` and `other` name the same field: upper and lower case, `-`, `_` and spaces make no difference, so
/// `expiryDate`, `ExpiryDate` and `expiry_date` are one name.
#[inline]
pub fn is_same(one: &str, other: &str) -> bool {
    begin_alike(one, other) && (one == other || letters(one).eq(letters(other)))
}

/// False if the names certainly differ in their first letters, as most pairs do.
#[inline]
fn begin_alike(one: &str, other: &str) -> bool {
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(one), Some(other)) if one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric() => {
            one.eq_ignore_ascii_case(other)
        }
        _ => true,
    }
}

/// The name in lower case, without anything but letters and digits: equal for all spellings of one name.
pub fn folded(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{folded, is_same};

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for other in [
            "expiryDate",
            "ExpiryDate",
            "EXPIRYDATE",
            "expiry_date",
            "expiry-date",
            "expiry date",
            "expiryDate\u{200b}",
        ] {
            assert!(is_same("expiryDate", other), "{other}");
            assert_eq!(folded(other), "expirydate");
        }
        for other in ["expiry", "expiryDates", "", "expirydat\u{e9}"] {
            assert!(!is_same("expiryDate", other), "{other}");
        }
    }
}

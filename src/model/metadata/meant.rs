//! Values of a wrong kind, as their authors probably mean them.

use super::Value;

/// The whole number that a value of another kind begins with: 3 for `"3"`, `3.0` and `"3rd"`.
pub(super) fn meant_number(value: &Value) -> Option<i64> {
    match value {
        Value::Float(number) => Some(number.round() as i64),
        Value::String(text) => {
            let text = text.trim();
            let digits = text.trim_start_matches(['-', '+']);
            let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
            let number: i64 = digits[..end].parse().ok()?;
            Some(if text.starts_with('-') { -number } else { number })
        }
        _ => None,
    }
}

/// The flag that a value of another kind probably means: `false` for `"no"` and 0.
pub(super) fn meant_flag(value: &Value) -> bool {
    let is_no = |text: &str| {
        matches!(text.trim().to_lowercase().as_str(), "no" | "n" | "off" | "false" | "f" | "never")
    };
    match value {
        Value::Integer(number) => *number != 0,
        Value::String(text) => !is_no(text),
        _ => true,
    }
}

//! Patterns of dates for people.

use chrono::format::{Item, StrftimeItems};

use super::DateError;

/// Checks that `pattern` can be followed (strftime's placeholders).
///
/// # Errors
/// [`DateError::Pattern`].
pub fn check_pattern(pattern: &str) -> Result<(), DateError> {
    if StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error)) {
        return Err(DateError::Pattern { pattern: pattern.to_owned() });
    }
    Ok(())
}

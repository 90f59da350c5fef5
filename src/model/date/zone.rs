//! Time zones by name.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::DateError;

/// The zone of the tz database with this `name`, in any case.
///
/// # Errors
/// [`DateError::Zone`] suggests the most similar name.
pub fn parse_zone(name: &str) -> Result<Tz, DateError> {
    let name = name.trim();
    Tz::from_str_insensitive(name).map_err(|_| {
        let wanted = name.to_lowercase();
        let like = |zone: &Tz| {
            let zone = zone.name().to_lowercase();
            let city = zone.rsplit('/').next().unwrap_or(&zone);
            strsim::jaro_winkler(&wanted, &zone).max(strsim::jaro_winkler(&wanted, city))
        };
        let nearest = TZ_VARIANTS.iter().max_by(|a, b| like(a).total_cmp(&like(b)));
        let remedy = match nearest.filter(|zone| like(zone) > 0.8) {
            Some(zone) => format!("did you mean `{}`?", zone.name()),
            None => "use a name of the tz database, such as `Europe/London`".to_owned(),
        };
        DateError::Zone { name: name.to_owned(), remedy, span: 0..name.len() }
    })
}

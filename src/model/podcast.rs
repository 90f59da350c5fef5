//! Values that podcast directories know: categories, roles, media, and the guids of shows.
//!
//! The lists are Apple's (<https://podcasters.apple.com/support/823-podcast-requirements>) and those of the podcast
//! namespace (<https://podcasting2.org/podcast-namespace>). Front matter and feed lint share them.

use super::suggest::nearest;

/// Apple's categories with their subcategories (<https://podcasters.apple.com/support/1691-apple-podcasts-categories>).
pub const CATEGORIES: [(&str, &[&str]); 19] = [
    ("Arts", &["Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"]),
    ("Business", &["Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"]),
    ("Comedy", &["Comedy Interviews", "Improv", "Stand-Up"]),
    ("Education", &["Courses", "How To", "Language Learning", "Self-Improvement"]),
    ("Fiction", &["Comedy Fiction", "Drama", "Science Fiction"]),
    ("Government", &[]),
    ("History", &[]),
    (
        "Health & Fitness",
        &["Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"],
    ),
    ("Kids & Family", &["Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"]),
    (
        "Leisure",
        &[
            "Animation & Manga",
            "Automotive",
            "Aviation",
            "Crafts",
            "Games",
            "Hobbies",
            "Home & Garden",
            "Video Games",
        ],
    ),
    ("Music", &["Music Commentary", "Music History", "Music Interviews"]),
    (
        "News",
        &[
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ],
    ),
    (
        "Religion & Spirituality",
        &["Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"],
    ),
    (
        "Science",
        &[
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ],
    ),
    (
        "Society & Culture",
        &["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"],
    ),
    (
        "Sports",
        &[
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ],
    ),
    ("Technology", &[]),
    ("True Crime", &[]),
    ("TV & Film", &["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
];

/// Roles of people (<https://podcasttaxonomy.com/>), in lower case.
pub const ROLES: [&str; 63] = [
    "announcer",
    "assistant camera",
    "assistant director",
    "assistant editor",
    "associate producer",
    "audio editor",
    "audio engineer",
    "author",
    "booking coordinator",
    "camera grip",
    "camera operator",
    "co-host",
    "co-writer",
    "composer",
    "consultant",
    "content manager",
    "cover art designer",
    "creative director",
    "development producer",
    "director",
    "editor",
    "editorial director",
    "executive producer",
    "fact checker",
    "foley artist",
    "graphic designer",
    "guest",
    "guest host",
    "guest writer",
    "host",
    "intern",
    "lighting designer",
    "logger",
    "managing editor",
    "marketing manager",
    "music contributor",
    "music production",
    "narrator",
    "post production engineer",
    "producer",
    "production assistant",
    "production coordinator",
    "remote recording engineer",
    "reporter",
    "researcher",
    "sales manager",
    "sales representative",
    "script coordinator",
    "script editor",
    "senior producer",
    "social media manager",
    "songwriter",
    "sound designer",
    "story editor",
    "studio coordinator",
    "technical director",
    "technical manager",
    "theme music",
    "transcriber",
    "translater",
    "translator",
    "voice actor",
    "writer",
];

/// Groups of roles, in lower case.
pub const GROUPS: [&str; 11] = [
    "administration",
    "audio post-production",
    "audio production",
    "cast",
    "community",
    "creative direction",
    "misc.",
    "video post-production",
    "video production",
    "visuals",
    "writing",
];

/// Kinds of content of a feed (`podcast:medium`). Each but `mixed` also has a form for lists, which ends in `L`.
pub const MEDIA: [&str; 10] =
    ["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed"];

/// The namespace of the UUIDs in `podcast:guid`.
const GUIDS: uuid::Uuid = uuid::Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// The guid of a show with this lasting `name`.
pub fn guid(name: &str) -> uuid::Uuid {
    uuid::Uuid::new_v5(&GUIDS, name.as_bytes())
}

/// The guid that the standard gives to the show whose feed has this `url`: its name is the URL without scheme and
/// without slashes at its end.
pub fn guid_of_feed(url: &str) -> uuid::Uuid {
    let name = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    guid(name.trim_end_matches('/'))
}

/// True for the guid of a show: a UUID of 36 characters.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// A category with its subcategory, as directories write them.
pub type Category = (&'static str, Option<&'static str>);

/// The category `name`, with its subcategories.
pub fn category(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    CATEGORIES.into_iter().find(|(known, _)| *known == name)
}

/// The category that is probably meant by `above` and `below`.
pub fn nearest_category(above: &str, below: Option<&str>) -> Option<Category> {
    let names = || CATEGORIES.iter().map(|(name, _)| *name);
    let of =
        |name: &str| CATEGORIES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, all)| *all);
    let wanted = below.unwrap_or(above);
    if let Some(found) = nearest(above, names()) {
        return match below.map(|below| nearest(below, of(found).iter().copied())) {
            None => Some((found, None)),
            Some(Some(inner)) => Some((found, Some(inner))),
            Some(None) => elsewhere(wanted),
        };
    }
    elsewhere(wanted)
}

/// A subcategory near `name`, with its category.
fn elsewhere(name: &str) -> Option<Category> {
    let all = CATEGORIES.iter().flat_map(|(above, names)| names.iter().map(move |below| (*above, *below)));
    let found = nearest(name, all.clone().map(|(_, below)| below))?;
    all.into_iter().find(|(_, below)| *below == found).map(|(above, below)| (above, Some(below)))
}

/// The seconds in `text`: a number, or hours, minutes and seconds with `:` between them, of which the seconds have two
/// digits. A fraction of a second is dropped.
pub fn duration(text: &str) -> Option<u32> {
    let digits = |part: &str| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let below_sixty = |part: &&str| part.len() <= 2 && part.parse().is_ok_and(|number: u32| number < 60);
    let has_seconds = parts.len() == 1 || parts.last().is_some_and(|last| last.len() == 2);
    let fits = parts.len() <= 3 && has_seconds && parts.iter().skip(1).all(below_sixty);
    if !fits || !digits(fraction) || !parts.iter().copied().all(digits) {
        return None;
    }
    let mut seconds = 0_u64;
    for part in parts {
        seconds = seconds * 60 + part.parse::<u64>().ok()?;
    }
    u32::try_from(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guid_of_a_show_is_that_of_the_standards_examples() {
        for (url, expected) in [
            ("mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
            ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
            ("http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ] {
            assert_eq!(guid_of_feed(url).to_string(), expected, "{url}");
            assert!(is_guid(expected));
        }
        for no in [
            "",
            "9b024349ccf05f69a6096b82873eab3c",
            "urn:uuid:9b024349-ccf0-5f69-a609-6b82873eab3c",
            "y0ur-gu1d",
        ] {
            assert!(!is_guid(no), "{no}");
        }
    }

    #[test]
    fn a_category_that_is_nearly_right_is_suggested() {
        for (above, below, meant) in [
            ("news", None, Some(("News", None))),
            ("Society and Culture", None, Some(("Society & Culture", None))),
            ("Tech News", None, Some(("News", Some("Tech News")))),
            ("Sport", Some("football"), Some(("Sports", Some("Football")))),
            ("News", Some("Documentary"), Some(("Society & Culture", Some("Documentary")))),
            ("Ships", None, None),
        ] {
            assert_eq!(nearest_category(above, below), meant, "{above} > {below:?}");
        }
    }

    #[test]
    fn a_duration_is_seconds_or_has_colons() {
        for (text, expected) in [
            ("1800", Some(1800)),
            ("30:00", Some(1800)),
            ("1:02:03", Some(3723)),
            ("01:02:03.5", Some(3723)),
            ("90:00", Some(5400)),
            ("1:2:03", Some(3723)),
            ("1:60:00", None),
            ("1:75:90", None),
            ("1:2:3", None),
            ("1:2", None),
            (":30", None),
            ("1:00:00:00", None),
            ("-3", None),
            ("an hour", None),
            ("", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}

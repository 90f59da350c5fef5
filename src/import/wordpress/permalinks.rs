//! The addresses of posts.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::import::model::Article;
use crate::model::url::percent_decode;

/// The pattern that most posts have, for `site.toml`.
pub(super) fn found(articles: &[Article]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let posts = articles.iter().filter(|one| one.published.is_some() && !one.url.is_empty());
    let mut all = 0;
    for pattern in posts.map(pattern) {
        all += 1;
        if let Some(pattern) = pattern {
            *counts.entry(pattern).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let most = most.filter(|(pattern, count)| count * 2 > all && pattern != "/{section}/{slug}/");
    most.map(|(pattern, _)| ("posts".to_owned(), pattern)).into_iter().collect()
}

/// The pattern by which `article` has its address.
fn pattern(article: &Article) -> Option<String> {
    let day = article.published.as_ref()?.moment.local().date();
    let stem = article.target.rsplit_once('/').map_or(article.target.as_str(), |(_, name)| name);
    let stem = stem.strip_suffix(".md")?;
    let mut parts: Vec<String> = article.url.trim_matches('/').split('/').map(str::to_owned).collect();
    let last = parts.pop()?;
    let last = percent_decode(&last);
    let ending = last.strip_prefix(stem).filter(|ending| matches!(*ending, "" | ".html" | ".htm"))?;
    let dates = [
        (format!("{:04}", day.year()), "{yyyy}"),
        (format!("{:02}", day.month()), "{mm}"),
        (format!("{:02}", day.day()), "{dd}"),
    ];
    let mut next = 0;
    for part in &mut parts {
        let found = dates
            .iter()
            .enumerate()
            .skip(next)
            .find(|(at, (text, _))| text == part && (*at == next || next > 0));
        match found {
            Some((at, (_, placeholder))) => {
                (*placeholder).clone_into(part);
                next = at + 1;
            }
            // Anything else may be a category, which is not the same for all.
            None if part.contains(['{', '}', '%']) => return None,
            None => {}
        }
    }
    parts.push(format!("{{slug}}{ending}"));
    Some(format!("/{}{}", parts.join("/"), if ending.is_empty() { "/" } else { "" }))
}

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::*;
use crate::config::{CheckRules, Level};
use crate::web::{Answer, Method, NoAnswer};

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn answer(status: u16, location: &str, retry_after: &str) -> Result<Answer, NoAnswer> {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Answer { status, location: filled(location), retry_after: filled(retry_after) })
}

/// Visits `urls`; every answer takes no time, and each reading of the stopwatch a second.
fn visit(urls: &[&str], ask: Ask<'_>) -> BTreeMap<String, Outcome> {
    let time = AtomicUsize::new(0);
    let stopwatch = || Duration::from_secs(time.fetch_add(1, Ordering::SeqCst) as u64);
    let round =
        Round { ask, pause: Duration::ZERO, time: Duration::from_secs(1_000_000), stopwatch: &stopwatch };
    round.visit(urls.iter().map(|url| (*url).to_owned()), now())
}

fn outcome_of(url: &str, ask: Ask<'_>) -> Outcome {
    visit(&[url], ask).remove(url).unwrap()
}

#[test]
fn an_answer_means_what_the_standard_says() {
    let failed = |why: &str| Outcome::Failed(why.to_owned());
    for (head, get, expected) in [
        (200, 0, Outcome::Fine { moved: None }),
        (204, 0, Outcome::Fine { moved: None }),
        (404, 404, Outcome::Dead(404)),
        (404, 200, Outcome::Fine { moved: None }),
        (405, 200, Outcome::Fine { moved: None }),
        (501, 410, Outcome::Dead(410)),
        (403, 403, Outcome::Refused),
        (403, 200, Outcome::Fine { moved: None }),
        (401, 401, Outcome::Refused),
        (999, 999, Outcome::Refused),
        (500, 500, failed("its server answers 500")),
        (503, 503, failed("its server answers 503")),
        (301, 0, failed("it redirects to no address")),
        (429, 429, Outcome::NotAsked),
    ] {
        let ask = |method: Method, _: &Url| answer(if method == Method::Head { head } else { get }, "", "");
        assert_eq!(outcome_of("https://example.net/", &ask), expected, "{head} {get}");
    }
}

#[test]
fn redirects_are_followed_and_permanent_ones_told() {
    let targets: HashMap<&str, (u16, &str)> = HashMap::from([
        ("/a", (301, "/b")),
        ("/b", (308, "https://example.org/c#d")),
        ("/temporary", (302, "/a")),
        ("/mixed", (301, "/temporary")),
        ("/circle", (301, "/circle2")),
        ("/circle2", (302, "/circle#x")),
        ("/mail", (302, "mailto:a@example.net")),
        ("/private", (302, "http://10.0.0.1/")),
    ]);
    let ask = |_: Method, url: &Url| {
        if url.host_str() == Some("10.0.0.1") {
            return Err(NoAnswer::Private);
        }
        if let Some(number) = url.path().strip_prefix("/endless") {
            return answer(302, &format!("/endless{}", number.parse::<u32>().unwrap_or(0) + 1), "");
        }
        targets.get(url.path()).map_or(answer(200, "", ""), |(status, to)| answer(*status, to, ""))
    };
    let outcome = |path: &str| outcome_of(&format!("https://example.net{path}"), &ask);
    let fine = |moved: Option<&str>| Outcome::Fine { moved: moved.map(str::to_owned) };
    assert_eq!(outcome("/a"), fine(Some("https://example.org/c#d")));
    assert_eq!(outcome("/temporary"), fine(None));
    assert_eq!(outcome("/mixed"), fine(None));
    for (path, why) in [
        ("/circle", "it redirects in a circle"),
        ("/endless", "it redirects too often"),
        ("/mail", "it redirects to an address that is not of the web"),
        ("/private", "it redirects to an address of a private network"),
    ] {
        assert_eq!(outcome(path), Outcome::Failed(why.to_owned()), "{path}");
    }
    assert_eq!(outcome_of("http://10.0.0.1/", &ask), Outcome::Private);
}

#[test]
fn a_server_is_asked_for_one_url_at_a_time_with_a_pause() {
    let running: Mutex<HashMap<String, usize>> = Mutex::default();
    let asked = AtomicUsize::new(0);
    let ask = |_: Method, url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        {
            let mut running = running.lock().unwrap();
            let count = running.entry(host.clone()).or_default();
            *count += 1;
            assert_eq!(*count, 1, "{host}");
        }
        std::thread::yield_now();
        asked.fetch_add(1, Ordering::SeqCst);
        *running.lock().unwrap().get_mut(&host).unwrap() -= 1;
        answer(200, "", "")
    };
    let urls: Vec<String> = (0..10_000).map(|at| format!("https://h{}.example/{at}", at % 40)).collect();
    let outcomes = visit(&urls.iter().map(String::as_str).collect::<Vec<_>>(), &ask);
    assert_eq!((outcomes.len(), asked.into_inner()), (10_000, 10_000));
    assert!(outcomes.values().all(|outcome| *outcome == Outcome::Fine { moved: None }));
}

#[test]
fn a_server_that_asks_for_patience_gets_it_or_is_left_alone() {
    let tries = AtomicUsize::new(0);
    let soon = |_: Method, _: &Url| match tries.fetch_add(1, Ordering::SeqCst) {
        0 => answer(429, "", "1"),
        _ => answer(200, "", ""),
    };
    assert_eq!(outcome_of("https://example.net/", &soon), Outcome::Fine { moved: None });
    let late = |_: Method, _: &Url| answer(503, "", "Wed, 25 Nov 2026 12:00:00 GMT");
    let outcomes = visit(&["https://example.net/a", "https://example.net/b"], &late);
    assert!(outcomes.values().all(|outcome| *outcome == Outcome::NotAsked), "{outcomes:?}");
}

#[test]
fn a_server_that_cannot_be_reached_is_not_tried_for_each_url() {
    let asked = AtomicUsize::new(0);
    let ask = |_: Method, _: &Url| {
        asked.fetch_add(1, Ordering::SeqCst);
        Err(NoAnswer::Unreachable("gone".to_owned()))
    };
    let urls: Vec<String> = (0..100).map(|at| format!("https://example.net/{at}")).collect();
    let outcomes = visit(&urls.iter().map(String::as_str).collect::<Vec<_>>(), &ask);
    assert!(outcomes.values().all(|outcome| *outcome == Outcome::Failed("gone".to_owned())));
    assert_eq!((outcomes.len(), asked.into_inner()), (100, 2));
}

#[test]
fn what_there_is_no_time_for_is_left() {
    let stopwatch = || Duration::from_secs(60);
    let ask = |_: Method, _: &Url| answer(200, "", "");
    let round =
        Round { ask: &ask, pause: Duration::ZERO, time: Duration::from_secs(60), stopwatch: &stopwatch };
    let outcomes = round.visit(["https://example.net/".to_owned()].into_iter(), now());
    assert_eq!(outcomes.into_values().collect::<Vec<_>>(), [Outcome::NotAsked]);
}

/// The findings about one link, whose server answers with `status` after each of `hours`.
fn course(status: u16, hours: &[i64]) -> Vec<(usize, Vec<(bool, String)>)> {
    let mut links = Gathered::default();
    links.add("https://example.net/x".to_owned(), Place::file("content/a.md"));
    links.add("https://example.net/x".to_owned(), Place::file("content/b.md"));
    let mut memory = Memory::default();
    let ask = |_: Method, _: &Url| answer(status, "", "");
    let round = |at| {
        let stopwatch = || Duration::ZERO;
        let round =
            Round { ask: &ask, pause: Duration::ZERO, time: Duration::from_secs(9), stopwatch: &stopwatch };
        let rules = CheckRules::default().external;
        let judged = links.judge(&mut memory, &rules, now() + TimeDelta::hours(at), &round);
        let found = judged.problems.iter().map(|problem| (problem.is_error(), problem.message()));
        (judged.asked, found.collect())
    };
    hours.iter().copied().map(round).collect()
}

#[test]
fn a_failure_is_an_error_only_after_it_failed_on_three_days() {
    let message = |text: &str| format!("https://example.net/x answers 404{text} (also in 1 other place)");
    let found = course(404, &[0, 1, 24, 47, 48]);
    let expected = [
        (false, ", on 1 day so far; from 3 on it is an error"),
        (false, ", on 1 day so far; from 3 on it is an error"),
        (false, ", on 2 days so far; from 3 on it is an error"),
        (true, ", on 3 days"),
        (true, ", on 3 days"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(is_error, text)| (1, vec![(*is_error, message(text))])).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_good_answer_holds_for_a_week() {
    let asked: Vec<usize> =
        course(200, &[0, 1, 7 * 24 - 1, 7 * 24, 0]).into_iter().map(|(asked, _)| asked).collect();
    assert_eq!(asked, [1, 0, 0, 1, 1]);
}

#[test]
fn a_damaged_memory_is_dropped_and_a_whole_one_is_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::default();
    memory.note("https://example.net/", &Outcome::Dead(404), now());
    memory.save(folder.path()).unwrap();
    assert_eq!(Memory::load(folder.path()).unwrap(), (memory, None));
    let whole = std::fs::read(folder.path().join(FILE)).unwrap();
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(folder.path().join(FILE), &whole[..length]).unwrap();
        let (memory, why) = Memory::load(folder.path()).unwrap();
        assert!(memory == Memory::default() && why.is_some(), "{length}");
    }
}

#[test]
fn ignored_links_are_no_findings() {
    let mut links = Gathered::default();
    links.add_invalid("https://".to_owned(), "empty host".to_owned(), Place::file("content/a.md"));
    let ask = |_: Method, _: &Url| answer(404, "", "");
    let round =
        Round { ask: &ask, pause: Duration::ZERO, time: Duration::ZERO, stopwatch: &|| Duration::ZERO };
    for (level, expected) in
        [(Level::Error, vec![true]), (Level::Warning, vec![false]), (Level::Ignore, vec![])]
    {
        let rules = ExternalChecks { level, ..CheckRules::default().external };
        let judged = links.judge(&mut Memory::default(), &rules, now(), &round);
        let found: Vec<bool> = judged.problems.iter().map(Problem::is_error).collect();
        assert_eq!(found, expected, "{level:?}");
    }
}

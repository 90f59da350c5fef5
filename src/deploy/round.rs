//! A deployment to a place that takes one file after the other.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::journal::{self, Journal};
#[cfg(feature = "network")]
use super::parts::Taker;
use super::store::{Held, Load, Only, Refusal, Seen, Slice, Store};
use super::{
    CLAIM, DeployError, Deployed, LONGEST_PAUSE, Left, MANIFEST, Piece, Plan, Put, Report, Request, Turn,
    check_flood, read_manifest,
};

/// The most attempts at one request.
const ATTEMPTS: u32 = 6;
/// The age at which a claim counts as left behind, in seconds.
const STALE: i64 = 3600;

/// The claim of a deployment that is at work.
#[derive(Debug, Serialize, Deserialize)]
struct Claim {
    id: String,
    since: String,
}

/// A deployment at work.
pub(super) struct Round<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) store: &'a Store,
    reads: AtomicUsize,
    writes: AtomicUsize,
}

/// Brings the files of `request` to `store`.
pub fn deploy(request: &Request<'_>, store: &Store) -> Result<Report, DeployError> {
    let round = Round { request, store, reads: AtomicUsize::new(0), writes: AtomicUsize::new(0) };
    let held = round.get(MANIFEST)?;
    let mut there = read_manifest(request, held.as_ref().map(|held| held.bytes.as_slice()))?;
    // The files of a deployment that was stopped are at the target, and not in its manifest.
    let stopped = journal::unfinished(request.state, &request.target.name);
    let unfinished = match &stopped {
        Some(stopped) if round.has_claim(&stopped.id)? => Some(stopped),
        _ => None,
    };
    let done = unfinished.map(|unfinished| &unfinished.done);
    there.files.extend(done.into_iter().flatten().map(|(path, left)| (path.clone(), left.clone())));
    let plan = Plan::new(request.pieces, &there);
    let is_resumed =
        |piece: &&Piece| done.and_then(|done| done.get(&piece.path)).is_some_and(|left| left.is(piece));
    let report = Report { resumed: request.pieces.iter().filter(is_resumed).count(), ..Report::of(&plan) };
    if plan.is_nothing() && unfinished.is_none() {
        return Ok(round.counted(report));
    }
    check_flood(request, &plan, &there)?;
    if request.terms.is_dry {
        return Ok(round.counted(report));
    }
    #[cfg(feature = "network")]
    round.abandon_all(stopped.as_ref());
    let journal = Journal::open(request.state, &request.target.name, request.now, unfinished)?;
    if unfinished.is_none() {
        round.claim(&journal.id)?;
    }
    let mut after = there.clone();
    for turn in [Turn::New, Turn::Replaced, Turn::Feeds] {
        let puts: Vec<&Put<'_>> = plan.puts.iter().filter(|put| put.turn == turn).collect();
        round.put_all(&puts, &journal, &mut after)?;
    }
    round.remove_all(&plan, &there, &mut after)?;
    round.finish(held.as_ref(), &after)?;
    journal.end();
    Ok(round.counted(report))
}

impl Round<'_> {
    fn counted(&self, report: Report) -> Report {
        let (reads, writes) = (self.reads.load(Ordering::Relaxed), self.writes.load(Ordering::Relaxed));
        Report { reads, writes, ..report }
    }

    fn get(&self, path: &str) -> Result<Option<Held>, DeployError> {
        let got = patiently(|| {
            self.reads.fetch_add(1, Ordering::Relaxed);
            self.store.get(path)
        });
        got.map_err(|refusal| refused(path, "read", refusal))
    }

    fn put(&self, path: &str, load: Load<'_>, only: Only<'_>) -> Result<Option<String>, Refusal> {
        let only = self.usable(only);
        self.write(|| self.store.put(path, load, only))
    }

    /// `only`, if the target knows conditions.
    pub(super) fn usable<'o>(&self, only: Only<'o>) -> Only<'o> {
        if self.request.target.is_conditional { only } else { Only::Anyway }
    }

    /// Sends a request that changes something, patiently, and counts it.
    pub(super) fn write<T>(&self, work: impl Fn() -> Result<T, Refusal>) -> Result<T, Refusal> {
        patiently(|| {
            self.writes.fetch_add(1, Ordering::Relaxed);
            work()
        })
    }

    #[cfg(not(feature = "network"))]
    fn put_file(&self, file: Slice<'_>, only: Only<'_>, _: &Journal) -> Result<Option<String>, Refusal> {
        self.put(&file.piece.path, Load::File(file), only)
    }

    #[cfg(feature = "network")]
    fn put_file(
        &self,
        file: Slice<'_>,
        only: Only<'_>,
        journal: &Journal,
    ) -> Result<Option<String>, Refusal> {
        match Taker::of(self.store) {
            Some(taker) if file.size > self.request.target.part_size => {
                self.put_parts(taker, file, only, journal)
            }
            _ => self.put(&file.piece.path, Load::File(file), only),
        }
    }

    /// True if the claim of the deployment `id` is at the target.
    fn has_claim(&self, id: &str) -> Result<bool, DeployError> {
        let held = self.get(CLAIM)?;
        let claim = held.and_then(|held| serde_json::from_slice::<Claim>(&held.bytes).ok());
        Ok(claim.is_some_and(|claim| claim.id == id))
    }

    /// Claims the target for the deployment `id`, so that no other one begins before this one has ended. Takes over a claim
    /// that was left behind.
    fn claim(&self, id: &str) -> Result<(), DeployError> {
        let request = self.request;
        let since = DateTime::from_timestamp(request.now, 0).unwrap_or_default();
        let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
        let claim = Claim { id: id.to_owned(), since };
        let bytes = serde_json::to_vec(&claim).unwrap_or_default();
        let refuse = |refusal| refused(CLAIM, "written", refusal);
        let is_conditional = request.target.is_conditional;
        let put = |only| self.put(CLAIM, Load::Own(&bytes), only);
        if is_conditional {
            match put(Only::Absent) {
                Ok(_) => return Ok(()),
                Err(Refusal::Changed) => {}
                Err(refusal) => return Err(refuse(refusal)),
            }
        }
        let held = match self.get(CLAIM)? {
            Some(held) => held,
            None if !is_conditional => return put(Only::Anyway).map(|_| ()).map_err(refuse),
            None => return Err(refuse(Refusal::Later("another deployment has just ended".to_owned(), None))),
        };
        let other: Option<Claim> = serde_json::from_slice(&held.bytes).ok();
        // The answer was lost.
        if other.as_ref().is_some_and(|other| other.id == claim.id) {
            return Ok(());
        }
        let other_since = other.map(|other| other.since).unwrap_or_default();
        let age = DateTime::parse_from_rfc3339(&other_since).map(|since| request.now - since.timestamp());
        if age.is_ok_and(|age| age < STALE) && !request.terms.repairs {
            return Err(DeployError::Busy { since: other_since });
        }
        let only = held.tag.as_deref().map_or(Only::Anyway, Only::Tag);
        match put(only) {
            Ok(_) => Ok(()),
            Err(Refusal::Changed) => Err(DeployError::Busy { since: other_since }),
            Err(refusal) => Err(refuse(refusal)),
        }
    }

    /// Puts the files of one turn, several at once, and notes them in `after`.
    fn put_all(&self, puts: &[&Put<'_>], journal: &Journal, after: &mut Deployed) -> Result<(), DeployError> {
        let (next, stops) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (done, errors) = (Mutex::new(BTreeMap::new()), Mutex::new(Vec::new()));
        let work = || {
            while !stops.load(Ordering::Relaxed) {
                let Some(put) = puts.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                match self.put_one(put, journal) {
                    Ok(left) => {
                        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                        done.insert(put.piece.path.clone(), left);
                    }
                    Err(error) => {
                        // Files that somebody changed are all named; nothing else mends itself.
                        let is_change = matches!(error, DeployError::Changed { .. });
                        stops.fetch_or(!is_change, Ordering::Relaxed);
                        errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                    }
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.request.target.parallel.min(puts.len()) {
                scope.spawn(work);
            }
        });
        after.files.extend(done.into_inner().unwrap_or_else(PoisonError::into_inner));
        let (mut changed, mut others) = (Vec::new(), Vec::new());
        for error in errors.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match error {
                DeployError::Changed { paths } => changed.extend(paths),
                other => others.push(other),
            }
        }
        changed.sort();
        match others.into_iter().next() {
            Some(error) => Err(error),
            None if changed.is_empty() => Ok(()),
            None => Err(DeployError::Changed { paths: changed }),
        }
    }

    fn put_one(&self, put: &Put<'_>, journal: &Journal) -> Result<Left, DeployError> {
        let (path, piece) = (put.piece.path.as_str(), put.piece);
        let before = put.replaces.and_then(|left| left.tag.as_deref());
        let only = match (before, put.replaces) {
            _ if self.request.terms.repairs => Only::Anyway,
            (Some(tag), _) => Only::Tag(tag),
            (None, None) => Only::Absent,
            // The place gives no entity tags.
            (None, Some(_)) => Only::Anyway,
        };
        if !self.request.target.is_conditional {
            self.check_unchanged(path, put.replaces, Some(&piece.digest.to_string()))?;
        }
        let tag = match self.put_file(Slice::whole(self.request.out, piece), only, journal) {
            Ok(tag) => tag,
            Err(Refusal::Changed) => self.own_before(path, &piece.digest.to_string())?,
            Err(refusal) => return Err(refused(path, "put", refusal)),
        };
        let left = Left::of(piece, tag);
        journal.note(path, &left)?;
        Ok(left)
    }

    /// Refuses if somebody else changed the file at `path`, which is to have the digest `wanted` or to go.
    fn check_unchanged(
        &self,
        path: &str,
        left: Option<&Left>,
        wanted: Option<&str>,
    ) -> Result<(), DeployError> {
        let Some(left) = left.filter(|_| !self.request.terms.repairs) else { return Ok(()) };
        let seen = self.look(path)?;
        let is_own = match &seen {
            None => wanted.is_none(),
            Some(seen) => {
                let digest = seen.digest.as_deref();
                digest == Some(left.digest.as_str())
                    || (digest.is_some() && digest == wanted)
                    || (seen.tag.is_some() && seen.tag == left.tag)
            }
        };
        if is_own { Ok(()) } else { Err(DeployError::Changed { paths: vec![path.to_owned()] }) }
    }

    /// The state of the file at `path`.
    fn look(&self, path: &str) -> Result<Option<Seen>, DeployError> {
        self.seen(path).map_err(|refusal| refused(path, "read", refusal))
    }

    /// The same, with the refusal of the place.
    pub(super) fn seen(&self, path: &str) -> Result<Option<Seen>, Refusal> {
        patiently(|| {
            self.reads.fetch_add(1, Ordering::Relaxed);
            self.store.look(path)
        })
    }

    /// The entity tag of the file at `path`, if it has these bytes already: an answer was lost, or a deployment stopped.
    fn own_before(&self, path: &str, digest: &str) -> Result<Option<String>, DeployError> {
        match self.look(path)? {
            Some(seen) if seen.digest.as_deref() == Some(digest) => Ok(seen.tag),
            _ => Err(DeployError::Changed { paths: vec![path.to_owned()] }),
        }
    }

    fn remove_all(&self, plan: &Plan<'_>, there: &Deployed, after: &mut Deployed) -> Result<(), DeployError> {
        for path in &plan.removals {
            let left = there.files.get(*path);
            if !self.request.target.is_conditional || self.store.removes_anyway() {
                self.check_unchanged(path, left, None)?;
            }
            let only = match left.and_then(|left| left.tag.as_deref()) {
                Some(tag) if !self.request.terms.repairs => self.usable(Only::Tag(tag)),
                _ => Only::Anyway,
            };
            match self.write(|| self.store.remove(path, only)) {
                Ok(()) => {}
                Err(Refusal::Changed) if self.look(path)?.is_none() => {}
                Err(refusal) => return Err(refused(path, "removed", refusal)),
            }
            after.files.remove(*path);
        }
        Ok(())
    }

    /// Puts the new manifest in the place of the one that was `held`, and gives the claim back.
    fn finish(&self, held: Option<&Held>, after: &Deployed) -> Result<(), DeployError> {
        let bytes = after.bytes();
        let only = match held {
            _ if self.request.terms.repairs => Only::Anyway,
            None => Only::Absent,
            Some(Held { tag: Some(tag), .. }) => Only::Tag(tag),
            Some(_) => Only::Anyway,
        };
        if let (Only::Tag(tag), false) = (only, self.request.target.is_conditional)
            && self.look(MANIFEST)?.and_then(|seen| seen.tag).is_some_and(|there| there != tag)
        {
            return Err(DeployError::Changed { paths: vec![MANIFEST.to_owned()] });
        }
        match self.put(MANIFEST, Load::Own(&bytes), only) {
            Ok(_) => {}
            Err(Refusal::Changed) => {
                self.own_before(MANIFEST, &Load::Own(&bytes).digest())?;
            }
            Err(refusal) => return Err(refused(MANIFEST, "written", refusal)),
        }
        let given_back = self.write(|| self.store.remove(CLAIM, Only::Anyway));
        given_back.map_err(|refusal| refused(CLAIM, "removed", refusal))
    }
}

/// The error for a request for `path` that was refused.
pub fn refused(path: &str, done: &'static str, refusal: Refusal) -> DeployError {
    let path = path.to_owned();
    match refusal {
        Refusal::Changed => DeployError::Changed { paths: vec![path] },
        #[cfg(feature = "network")]
        Refusal::Unconditional => DeployError::Unconditional,
        Refusal::Later(reason, _) | Refusal::Never(reason) => DeployError::Refused { path, done, reason },
    }
}

/// The result of `work`, which is tried again after a pause, and a longer one each time, while the place asks for that.
pub fn patiently<T>(work: impl Fn() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let mut attempt = 1;
    loop {
        match work() {
            Err(Refusal::Later(_, wait)) if attempt < ATTEMPTS => {
                let usual = Duration::from_millis(250 << attempt);
                thread::sleep(wait.unwrap_or(usual).min(LONGEST_PAUSE));
                attempt += 1;
            }
            result => return result,
        }
    }
}

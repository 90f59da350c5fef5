//! `dateline check --external`: the links to other sites.

use dateline::model::diagnostics::Problem;
use dateline::pipeline::check::Checked;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::cli::arguments::CheckArgs;

/// Reasons why other sites can't be asked.
#[derive(Debug, Error, Diagnostic)]
enum ExternalError {
    /// This program has no network support.
    #[cfg(not(feature = "network"))]
    #[error("other sites can't be asked: this `dateline` was built without `network`")]
    #[diagnostic(
        code(check::without_network),
        help("build it with its feature `network`, or leave `--external` out")
    )]
    Without,
    /// The memory of answers could not be read or written.
    #[cfg(feature = "network")]
    #[error(transparent)]
    #[diagnostic(transparent)]
    Memory(#[from] dateline::storage::StoreError),
}

/// Numbers of links to other sites, for the report.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    /// The different URLs.
    pub links: usize,
    /// The number that were asked for in this run.
    pub asked: usize,
    /// The number that are left for the next run.
    pub left: usize,
}

/// The result of asking other sites.
#[derive(Debug, Default)]
pub struct Asked {
    /// The numbers; `None` if nobody was to be asked.
    pub counts: Option<Counts>,
    /// Findings that are only worth knowing.
    pub advice: Vec<Problem>,
}

/// Asks other sites for the links that `checked` has, and adds the findings to it.
pub fn ask(arguments: &CheckArgs, checked: &mut Checked) -> Asked {
    match imp::ask(arguments, checked) {
        Ok(asked) => asked,
        Err(error) => {
            checked.problems.push(Problem::nowhere(error));
            Asked::default()
        }
    }
}

#[cfg(not(feature = "network"))]
mod imp {
    use super::*;

    pub(super) fn ask(_: &CheckArgs, checked: &mut Checked) -> Result<Asked, ExternalError> {
        match checked.external {
            Some(_) => Err(ExternalError::Without),
            None => Ok(Asked::default()),
        }
    }
}

#[cfg(feature = "network")]
mod imp {
    use std::time::{Duration, Instant};

    use dateline::check::external::{Judged, Memory, Round};
    use dateline::model::diagnostics::{sort, sort_once};
    use dateline::web::Asker;

    use super::*;
    use crate::cli::{build as building, clock};

    /// The longest time for all links. The next run asks for the rest.
    const ROUND: Duration = Duration::from_secs(15 * 60);

    pub(super) fn ask(arguments: &CheckArgs, checked: &mut Checked) -> Result<Asked, ExternalError> {
        let Some((links, rules)) = checked.external.take() else { return Ok(Asked::default()) };
        let state = building::state(&arguments.site);
        let now = clock::now(arguments.site.now.as_deref()).unwrap_or_else(|_| clock::present());
        let (mut memory, damage) = Memory::load(&state)?;
        checked.notes.extend(damage.map(|why| format!("{why}; all links are asked for again")));
        let name = format!(
            "Dateline/{} (check of the links of {})",
            env!("CARGO_PKG_VERSION"),
            checked.base_url.as_deref().unwrap_or("a site")
        );
        let whole = Duration::from_secs(arguments.external_timeout);
        let asker = Asker::new(&name, whole, arguments.external_private);
        let started = Instant::now();
        let round = Round {
            ask: &|method, url| asker.ask(method, url),
            pause: Duration::from_millis(arguments.external_pause),
            time: ROUND,
            stopwatch: &|| started.elapsed(),
        };
        let Judged { problems, mut advice, asked, left } = links.judge(&mut memory, &rules, now, &round);
        memory.save(&state)?;
        checked.problems.extend(problems);
        sort_once(&mut checked.problems);
        sort(&mut advice);
        if left > 0 {
            let what = if left == 1 { "1 link was" } else { &format!("{left} links were") };
            checked.notes.push(format!(
                "{what} not asked for, for want of time or of a server's leave; the next run does it"
            ));
        }
        Ok(Asked { counts: Some(Counts { links: links.len(), asked, left }), advice })
    }
}

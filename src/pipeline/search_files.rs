//! Renders the files of terms of the search, some at a time, so that the terms of an archive are never all in memory.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::rendered::ByKind;
use super::rendering::{Rendering, put_unless_twice, wanted};
use super::stage::{self, stage};
use crate::model::diagnostics::Problem;
use crate::output::OutputError;
use crate::render::{Digests, Inputs};
use crate::site::plan::Planned;

impl Rendering<'_, '_> {
    /// Renders and stages the files of terms among the `stale` documents.
    pub fn search(
        &self,
        stale: &[&Planned],
        digests: &Digests,
        problems: &mut Vec<Problem>,
    ) -> Result<(), OutputError> {
        let (site, all) = (self.renderer.site(digests), ByKind::of(stale).terms);
        let number: usize = all.values().map(Vec::len).sum();
        let (done, total) = (AtomicUsize::new(stale.len() - number), stale.len());
        stage("search", |tally| {
            tally.count = number;
            for ((language, tier), mut files) in all {
                files.sort_unstable_by_key(|(shard, _)| *shard);
                let index = self.plan.search.get(language).and_then(|index| index.tiers.get(tier));
                let together = index.map_or(1, |tier| tier.together());
                for some in files.chunk_by(|a, b| a.0 / together == b.0 / together) {
                    let first = some.first().map_or(0, |(shard, _)| shard / together * together);
                    let shards = match site.shards(language, tier, first..first + together) {
                        Ok(shards) => shards,
                        Err(problem) => {
                            problems.push(problem);
                            return Ok(());
                        }
                    };
                    some.par_iter().try_for_each(|(_, planned)| {
                        if let Inputs::Shard(inputs) = site.inputs(planned) {
                            let put = self.staging.put(&wanted(planned, site), &inputs.render(&shards));
                            put_unless_twice(put)?;
                        }
                        stage::rendered(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                        Ok::<_, OutputError>(())
                    })?;
                }
            }
            Ok(())
        })
    }
}

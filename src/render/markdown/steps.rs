//! Positions in a text that was changed, and in the text that it was made from.

/// Pairs of equivalent positions: from each pair on, both texts are equal up to the next.
#[derive(Default)]
pub(super) struct Steps(Vec<(usize, usize)>);

impl Steps {
    /// Adds a pair: byte `new` of the changed text is byte `original` of the other.
    pub fn add(&mut self, new: usize, original: usize) {
        self.0.push((new, original));
    }

    /// The position in the original text of byte `at` of the changed one.
    pub fn original(&self, at: usize) -> usize {
        let before = self.0.partition_point(|(new, _)| *new <= at);
        let (new, original) =
            before.checked_sub(1).and_then(|step| self.0.get(step)).copied().unwrap_or_default();
        original + at.saturating_sub(new)
    }
}

//! A boundary for the crates that read pictures and fonts: a panic in one of them is a fault of the file.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::Fault;

thread_local! {
    /// True while this thread is inside of [`guarded`], where a panic is reported as a fault and not printed.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, which reads a file that may be damaged.
///
/// # Errors
/// The fault that `work` returns, or that the file is damaged if it panics.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                print(panic);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    // Nothing that `work` changes is used after a panic: it only reads bytes and makes a value.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(was_guarded);
    outcome.unwrap_or_else(|_| Err(Fault::new("it is damaged")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault() {
        let fault = guarded(|| -> Result<(), Fault> { panic!("the crate gave up") }).unwrap_err();
        assert_eq!(fault.reason(), "it is damaged");
        assert_eq!(guarded(|| Ok(3)).unwrap(), 3);
    }
}

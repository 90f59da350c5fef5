//! A limit on the pixels decoded at once: decoding pictures is limited by memory, not by the number of threads.

use std::sync::{Condvar, Mutex, PoisonError};

/// The most pixels in flight: with four bytes each and a copy, some 500 MB.
const MOST: u64 = 64_000_000;

static IN_FLIGHT: Mutex<u64> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

/// Permission to decode, returned when dropped.
pub(super) struct Pass(u64);

/// Waits until `pixels` more may be decoded. A single picture may always be decoded.
pub(super) fn wait(pixels: u64) -> Pass {
    let mut in_flight = IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner);
    while *in_flight > 0 && *in_flight + pixels > MOST {
        in_flight = LEFT.wait(in_flight).unwrap_or_else(PoisonError::into_inner);
    }
    *in_flight += pixels;
    Pass(pixels)
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut in_flight = IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner);
        *in_flight -= self.0;
        LEFT.notify_all();
    }
}

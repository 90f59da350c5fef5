//! Searching for bytes, many at a time.

use std::iter;

/// The positions in `bytes` of those for which `suspect` is true. They should be rare: whole blocks are checked
/// first, which processors do at once.
pub fn suspects(bytes: &[u8], suspect: impl Fn(u8) -> bool + Copy) -> impl Iterator<Item = usize> {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let found = move |block: &[u8; 64]| block.iter().fold(false, |found, byte| found | suspect(*byte));
    let odd = blocks.iter().enumerate().filter(move |(_, block)| found(block));
    let in_blocks = odd.flat_map(move |(number, block)| {
        let bits = bits(block, |byte| u8::from(suspect(byte)));
        ones(bits).map(move |at| number * 64 + at)
    });
    let behind = rest.iter().zip(bytes.len() - rest.len()..).filter(move |(byte, _)| suspect(**byte));
    in_blocks.chain(behind.map(|(_, at)| at))
}

/// The results of `flag` (0 or 1) for each byte of `block`, as bits.
pub fn bits(block: &[u8; 64], flag: impl Fn(u8) -> u8) -> u64 {
    // The multiplication moves the flag of byte `n`, and nothing else, into bit `56 + n`.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut flags = [0; 64];
    for (own, byte) in flags.iter_mut().zip(block) {
        *own = flag(*byte);
    }
    let (eights, _) = flags.as_chunks::<8>();
    let eights = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    eights.enumerate().fold(0, |bits, (number, eight)| bits | (eight << (8 * number)))
}

/// The positions of the bits that are set.
fn ones(bits: u64) -> impl Iterator<Item = usize> {
    let without_first = |bits: &u64| Some(bits & bits.wrapping_sub(1));
    iter::successors(Some(bits), without_first)
        .take_while(|bits| *bits != 0)
        .map(|bits| bits.trailing_zeros() as usize)
}

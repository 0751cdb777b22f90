//! The fuzz targets, so that they do not fall behind: their first inputs, and a few that chance makes of them. `fuzz/run`
//! runs them in earnest.

#[path = "../../fuzz/src/lib.rs"]
#[expect(clippy::disallowed_methods, reason = "it makes the files that the program reads")]
mod targets;

use fastrand::Rng;

use targets::TARGETS;

const MUTANTS: usize = 10;

/// Changes bytes, takes some away and doubles some.
fn mutated(seed: &str, random: &mut Rng) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(0..=bytes.len());
        let end = (at + random.usize(0..20)).min(bytes.len());
        match random.u8(0..4) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.insert(at, *random.choice(b"\"${}[]()\\\n#=,.<:\0\xff").unwrap_or(&b' ')),
            2 => bytes.extend_from_within(at..end),
            _ => bytes[at..end].reverse(),
        }
    }
    bytes
}

#[test]
fn no_bytes_make_a_run_panic() {
    let seed =
        std::env::var("UNROOT_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    let mut random = Rng::with_seed(seed);
    for target in TARGETS {
        for (place, text) in
            (0..target.places.len()).flat_map(|place| target.seeds.iter().map(move |seed| (place, seed)))
        {
            let place = u8::try_from(place).expect("there are few");
            target.run(&[&[place], text.as_bytes()].concat());
            for _ in 0..MUTANTS / target.places.len() {
                let bytes = [&[place][..], &mutated(text, &mut random)].concat();
                let ended = std::panic::catch_unwind(|| target.run(&bytes));
                assert!(ended.is_ok(), "UNROOT_SEED={seed}: {} of {}", bytes.escape_ascii(), target.name);
            }
        }
    }
}

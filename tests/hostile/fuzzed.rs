//! The fuzz targets, so that they do not fall behind: their first inputs, and a few that chance makes of them. `fuzz/run`
//! runs them in earnest.

#[path = "../../fuzz/src/lib.rs"]
#[expect(clippy::disallowed_methods, reason = "it makes the files that the program reads")]
mod targets;

use fastrand::Rng;

use targets::{TARGETS, Target};

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

/// The first inputs of a target, and some that chance makes of each.
fn tried(target: &'static Target, seed: u64) {
    let mut random = Rng::with_seed(seed);
    for place in 0..target.places.len() {
        for text in target.seeds {
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

#[test]
fn no_bytes_make_a_run_panic() {
    let seed =
        std::env::var("UNROOT_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..));
    std::thread::scope(|scope| {
        let started: Vec<_> = TARGETS.into_iter().map(|target| scope.spawn(move || tried(target, seed))).collect();
        for thread in started {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

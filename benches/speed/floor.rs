//! What no tool of this kind can do without: the walk, each file read once, one search. As a process of its own, with
//! the crates that `unroot` uses.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use ignore::{WalkBuilder, WalkState};
use memchr::memmem::Finder;

/// Tells the benchmark to be this program.
pub(crate) const FLAG: &str = "--floor";

/// Counts the files with the needle below a folder.
pub(crate) fn run(root: &Path) {
    let hits = AtomicUsize::new(0);
    WalkBuilder::new(root).threads(0).build_parallel().run(|| {
        let needle = Finder::new(unroot::control::NEEDLE);
        let mut buffer = vec![0; 64 * 1024];
        let hits = &hits;
        Box::new(move |entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            if entry.file_type().is_some_and(|kind| kind.is_file())
                && let Ok(mut file) = File::open(entry.path())
            {
                while let Ok(count @ 1..) = file.read(&mut buffer) {
                    if needle.find(&buffer[..count]).is_some() {
                        hits.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                }
            }
            WalkState::Continue
        })
    });
    println!("{}", hits.into_inner());
}

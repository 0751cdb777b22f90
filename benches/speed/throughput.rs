//! One file of 1 MB, parsed, judged, fixed and proved in process, as a preview does it.

use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser as _;
use unroot::cli::args::Args;
use unroot::cli::config::Config;
use unroot::cli::settings::Settings;
use unroot::terminal::Stream;

use crate::tree;

const SIZE: usize = 1_000_000;
const ROUNDS: usize = 11;

/// Measures a file with one notebook, and one with hundreds.
pub(crate) fn run(folder: &Path) {
    println!("\none file of 1 MB, in process");
    for (name, every) in [("1 notebook", usize::MAX), ("hundreds", 4)] {
        let (text, notebooks) = text(every);
        let path = folder.join(format!("one-{notebooks}.tf"));
        tree::put(&path, &text);
        let time = median(|| preview(&path));
        let size = u32::try_from(text.len()).expect("little more than 1 MB");
        let speed = f64::from(size) / 1e6 / time.as_secs_f64();
        println!("{name:16} {notebooks:>4} notebooks {:>6.0} ms {speed:>6.1} MB/s", time.as_secs_f64() * 1e3);
    }
}

/// Code with a notebook first, and in place of every `every`th resource.
fn text(every: usize) -> (String, usize) {
    let mut text = tree::notebook(0);
    let mut notebooks = 1;
    for number in 1.. {
        if text.len() >= SIZE {
            break;
        }
        if number % every == 0 {
            notebooks += 1;
            text += &tree::notebook(number);
        } else {
            text += &tree::bucket(0, number);
        }
    }
    (text, notebooks)
}

fn preview(path: &Path) {
    let path = path.to_str().expect("the target folder has a plain name");
    let args = Args::try_parse_from(["unroot", path]).expect("one path is all it takes");
    let settings = Settings::resolve(args, Config::default()).expect("they agree");
    let mut out = Stream::plain(std::io::sink());
    let mut err = Stream::plain(std::io::sink());
    unroot::run::run(&settings, &mut out, &mut err).expect("a preview");
}

fn median(run: impl Fn()) -> Duration {
    run();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

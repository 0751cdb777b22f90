//! Runs programs and notes how long they take and how much memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

/// The runs of one program.
pub(crate) struct Runs<F> {
    name: &'static str,
    command: F,
    times: Vec<Duration>,
    /// Of all threads, in user and kernel mode: what depends least on what else the machine does.
    cpu: Vec<Duration>,
    warm: bool,
    /// In bytes, the most of all runs.
    peak: u64,
}

impl<F: Fn() -> Command> Runs<F> {
    pub(crate) fn new(name: &'static str, command: F) -> Self {
        Self { name, command, times: Vec::new(), cpu: Vec::new(), warm: false, peak: 0 }
    }

    /// Runs the program once. The first run only warms up.
    pub(crate) fn run(&mut self) {
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let child = command.spawn().expect("the program starts");
        let result = child.wait4().expect("the program ends");
        let time = start.elapsed();
        assert!(matches!(result.status.code(), Some(0 | 1)), "{} ended with {}", self.name, result.status);
        if self.warm {
            self.times.push(time);
            self.cpu.push(result.rusage.utime + result.rusage.stime);
            self.peak = self.peak.max(result.rusage.maxrss);
        }
        self.warm = true;
    }

    /// Time from start to end, in seconds.
    pub(crate) fn median(&self) -> f64 {
        median(&self.times)
    }

    /// Processor time, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu)
    }
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

/// What is printed of a program's runs, whatever starts it.
pub(crate) trait Line {
    fn print(&self);
}

impl<F: Fn() -> Command> Line for Runs<F> {
    fn print(&self) {
        let millis = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
        println!(
            "{:16} {:>6.0} ms {:>6.0} ms {:>6.0} ms {:>6.0} ms {:>6} MiB",
            self.name,
            self.median() * 1e3,
            millis(self.times.iter().min()),
            millis(self.times.iter().max()),
            self.cpu() * 1e3,
            self.peak / (1 << 20)
        );
    }
}

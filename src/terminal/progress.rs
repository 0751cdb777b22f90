//! A sign of life on standard error while a run takes its time.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run may take before anything is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// Time between two pictures of the spinner.
const TICK: Duration = Duration::from_millis(100);

/// A line on the terminal that says what a run is doing and counts it: it appears after half a second, if there is a terminal
/// to show it on, and is gone when this is dropped. Drop it before anything is printed.
#[derive(Debug)]
#[must_use = "the line disappears when this is dropped"]
pub struct Progress {
    bar: ProgressBar,
    /// Waits for its time, or for the sender to go.
    patience: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts the clock. With `quiet`, or where standard error is no terminal, nothing is ever shown.
    pub fn on_stderr(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self::hidden();
        }
        Self::after(PATIENCE, ProgressDrawTarget::stderr)
    }

    /// Shows nothing, ever.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), patience: None }
    }

    /// Begins to count something else, such as `modules traced`.
    pub fn stage(&self, counted: &'static str) {
        self.bar.set_message(counted);
        self.bar.set_position(0);
    }

    /// Counts something else while some work is done, and goes on then as before.
    pub fn during<T>(&self, counted: &'static str, work: impl FnOnce() -> T) -> T {
        let (before, position) = (self.bar.message(), self.bar.position());
        self.stage(counted);
        let done = work();
        self.bar.set_message(before);
        self.bar.set_position(position);
        done
    }

    /// What counts from other threads.
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting(self.bar.clone())
    }

    /// Shows the line on `target` once `patience` has run out.
    fn after(patience: Duration, target: impl FnOnce() -> ProgressDrawTarget + Send + 'static) -> Self {
        let bar = ProgressBar::hidden();
        let shown = bar.clone();
        let (sender, receiver): (_, Receiver<()>) = channel();
        let clock = thread::spawn(move || {
            if receiver.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}");
                shown.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                shown.set_draw_target(target());
                shown.enable_steady_tick(TICK);
            }
        });
        Self { bar, patience: Some((sender, clock)) }
    }

    /// Counts more; may be called from any thread.
    pub fn add(&self, number: usize) {
        self.bar.inc(number as u64);
    }
}

/// Counts for a [`Progress`], from any thread.
#[derive(Debug, Clone)]
pub struct Counting(ProgressBar);

impl Counting {
    /// Counts more.
    pub fn add(&self, number: usize) {
        self.0.inc(number as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, clock)) = self.patience.take() {
            drop(sender);
            // The clock must be done first, lest it draw a line after it was cleared.
            let _ = clock.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// Remembers what is written to it, and when it is cleared.
    #[derive(Debug, Clone, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl Paper {
        fn text(&self) -> String {
            self.0.lock().expect("no test has panicked").clone()
        }

        fn note(&self, text: &str) {
            self.0.lock().expect("no test has panicked").push_str(text);
        }
    }

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.note(text);
            Ok(())
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.note(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            self.note("<cleared>");
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn on(paper: &Paper, patience: Duration) -> Progress {
        let paper = paper.clone();
        Progress::after(patience, move || ProgressDrawTarget::term_like(Box::new(paper)))
    }

    #[test]
    fn a_short_run_shows_nothing() {
        let paper = Paper::default();
        on(&paper, Duration::from_hours(1)).add(7);
        assert_eq!(paper.text(), "");
    }

    #[test]
    fn a_long_run_counts_and_cleans_up() {
        let paper = Paper::default();
        let progress = on(&paper, Duration::ZERO);
        progress.stage("Terraform files read");
        progress.add(1000);
        progress.add(234);
        let mut waits = 0..600;
        while !paper.text().contains("1,234 Terraform files read") {
            waits.next().expect("a minute is enough for a tick");
            thread::sleep(TICK);
        }
        progress.stage("modules traced");
        progress.add(7);
        while !paper.text().contains(" 7 modules traced") {
            waits.next().expect("a minute is enough for a tick");
            thread::sleep(TICK);
        }
        let counting = progress.counting();
        progress.during("files searched for callers", || {
            counting.add(5);
            while !paper.text().contains(" 5 files searched for callers") {
                waits.next().expect("a minute is enough for a tick");
                thread::sleep(TICK);
            }
        });
        let searched = paper.text().len();
        while !paper.text()[searched..].contains(" 7 modules traced") {
            waits.next().expect("a minute is enough for a tick");
            thread::sleep(TICK);
        }
        drop(progress);
        let text = paper.text();
        assert!(text.ends_with("<cleared>"), "{text:?}");
        thread::sleep(3 * TICK);
        assert_eq!(paper.text(), text, "nothing is drawn any more");
    }
}

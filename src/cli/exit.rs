//! How a run ended.

use std::process::ExitCode;

use crate::report::{Mode, Summary};

/// The result of a run, in order of weight: an error wins over something left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing left to do, or a preview without errors.
    Clean,
    /// `--check`: something is not compliant. `--write`, `--interactive`: something is left. All of them: a lifecycle
    /// script has an error, and these are denied.
    Left,
    /// Something could not be read, parsed, judged or written, or the command line was wrong.
    Error,
}

impl Status {
    /// The meaning of a run's counts in its mode. A suppressed finding is nothing left: someone has decided on it.
    #[must_use]
    pub const fn of(mode: Mode, summary: &Summary) -> Self {
        let scripts = if summary.in_scripts.denied { summary.in_scripts.errors } else { 0 };
        let left = summary.fixable + summary.review + scripts > 0;
        match mode {
            _ if summary.errors > 0 => Self::Error,
            Mode::Check | Mode::Write | Mode::Interactive if left => Self::Left,
            Mode::Preview | Mode::Filter | Mode::Check | Mode::Write | Mode::Interactive => Self::Clean,
        }
    }

    /// The number the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Left => 1,
            Self::Error => 2,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::InScripts;

    const MODES: [Mode; 5] = [Mode::Preview, Mode::Filter, Mode::Check, Mode::Write, Mode::Interactive];

    fn codes(summary: Summary) -> [u8; 5] {
        MODES.map(|mode| Status::of(mode, &summary).code())
    }

    #[test]
    fn what_is_left_counts_for_check_and_write() {
        assert_eq!(codes(Summary { fixable: 1, ..Summary::default() }), [0, 0, 1, 1, 1]);
        assert_eq!(codes(Summary { review: 1, ..Summary::default() }), [0, 0, 1, 1, 1]);
    }

    #[test]
    fn errors_in_scripts_count_where_they_are_denied() {
        let in_scripts = |denied| InScripts { errors: 1, denied, ..InScripts::default() };
        assert_eq!(codes(Summary { in_scripts: in_scripts(false), ..Summary::default() }), [0; 5]);
        assert_eq!(codes(Summary { in_scripts: in_scripts(true), ..Summary::default() }), [0, 0, 1, 1, 1]);
        let warned = InScripts { warnings: 1, notes: 1, suppressed: 1, denied: true, ..InScripts::default() };
        assert_eq!(codes(Summary { in_scripts: warned, ..Summary::default() }), [0; 5]);
    }

    #[test]
    fn an_error_wins() {
        assert_eq!(codes(Summary { errors: 1, review: 1, ..Summary::default() }), [2; 5]);
    }

    #[test]
    fn what_is_settled_leaves_nothing() {
        let settled = Summary { notebooks: 6, compliant: 1, fixed: 2, suppressed: 3, ..Summary::default() };
        assert_eq!(codes(settled), [0; 5]);
    }
}

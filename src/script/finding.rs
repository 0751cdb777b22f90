//! What the analysis returns.

use std::fmt::Write as _;
use std::ops::Range;

use crate::rules::{Rule, Severity};

/// Everything that was found in one script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Sorted by span, then by rule. No two share both.
    pub findings: Vec<ScriptFinding>,
}

/// One thing to say about a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFinding {
    /// The rule that speaks.
    pub rule: Rule,
    /// How much it matters here; may differ from the rule's default.
    pub severity: Severity,
    /// What happens, and as which user. One sentence without a line number, since the script may stand inside another
    /// file; see [`ScriptFinding::message_with_lines`].
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The command in question: 0-based byte offsets into the script, at character boundaries, end exclusive.
    pub span: Range<usize>,
    /// For a collapsed finding every place it stands for, as spans like [`ScriptFinding::span`]; else empty.
    pub places: Vec<Range<usize>>,
    /// How the line reads once it is moved to root's part of the script.
    pub rewrite: Option<Rewrite>,
}

/// A command moved out of the block that runs as the notebook user. A suggestion to show, not an edit to apply blindly:
/// later lines of the block may rely on variables of the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The command to take out, in bytes of the script like [`ScriptFinding::span`].
    pub cut: Range<usize>,
    /// Where the new lines go: the start of the line on which the block begins, a byte offset into the script.
    pub insert_at: usize,
    /// The new lines, without a final line feed.
    pub lines: String,
}

impl ScriptFinding {
    /// The message with the lines of a collapsed finding put in. `line_of` maps a byte offset of the script to the
    /// 1-based line to show, which may be a line of the file that holds the script.
    pub fn message_with_lines(&self, mut line_of: impl FnMut(usize) -> usize) -> String {
        if self.places.is_empty() {
            return self.message.clone();
        }
        let mut lines: Vec<usize> = self.places.iter().map(|place| line_of(place.start)).collect();
        lines.dedup();
        let mut list = String::new();
        for (index, line) in lines.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(list, "{separator}{line}");
        }
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        match self.message.split_once(':') {
            Some((start, rest)) => format!("{start}, {noun} {list}:{rest}"),
            None => format!("{} ({noun} {list})", self.message),
        }
    }
}

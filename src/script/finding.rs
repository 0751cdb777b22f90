//! The result of the analysis.

use std::fmt::Write as _;
use std::ops::Range;

use crate::rules::{Rule, Severity};

/// Everything that was found in one script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Sorted by span, then by rule. No two share both.
    pub findings: Vec<ScriptFinding>,
    /// What it has taken, in commands walked and in sixty-four bytes of text parsed or expanded.
    pub work: usize,
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
    /// The text to write instead.
    pub help: Option<String>,
    /// The command in question: 0-based byte offsets into the script, at character boundaries, end exclusive.
    pub span: Range<usize>,
    /// For a collapsed finding every place it stands for, as spans like [`ScriptFinding::span`]; else empty.
    pub places: Vec<Range<usize>>,
    /// The program or folder that the finding is about: equal findings about the same go together in a report.
    pub about: String,
    /// How the line reads once it is moved to root's part of the script, together with the lines that have to move
    /// along with it. Their own findings have none.
    pub rewrite: Option<Rewrite>,
}

/// Commands moved out of the block that runs as the notebook user. The whole script was judged with them, and nothing
/// of warning or more was found that was not there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The bytes of the script to take out: one command or more, in order.
    pub cut: Vec<Range<usize>>,
    /// Where the new lines go, relative to the block.
    pub side: Side,
    /// Where the new lines go: a byte offset into the script, outside of `cut` or at its start.
    pub insert_at: usize,
    /// The new lines, without a final line feed.
    pub lines: String,
}

impl Rewrite {
    /// The script with the rewrite applied.
    #[must_use]
    pub fn apply(&self, script: &str) -> String {
        let lines = match self.side {
            Side::Instead => self.lines.clone(),
            Side::InFront => format!("{}\n", self.lines),
            Side::Behind if script[..self.insert_at].ends_with('\n') => format!("{}\n", self.lines),
            Side::Behind => format!("\n{}\n", self.lines),
        };
        let mut edited = String::with_capacity(script.len() + lines.len());
        let mut done = 0;
        let insertion = (self.insert_at..self.insert_at, lines.as_str());
        let mut edits: Vec<(Range<usize>, &str)> = self.cut.iter().map(|cut| (cut.clone(), "")).collect();
        edits.push(insertion);
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        for (range, words) in edits {
            edited.push_str(&script[done..range.start]);
            edited.push_str(words);
            done = range.end;
        }
        edited + &script[done..]
    }
}

/// Where rewritten lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In front of the line on which the block begins.
    InFront,
    /// Behind the last line of the block.
    Behind,
    /// In place of the block, which held nothing else.
    Instead,
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

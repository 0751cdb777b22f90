//! Collects findings, once each, and sorts them.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::rules::{Rule, Severity};
use crate::script::finding::{Analysis, ScriptFinding};
use crate::script::shell::mapped::floor;

/// More findings than this about one script help nobody.
const MOST_FINDINGS: usize = 500;

/// A finding under construction.
#[derive(Debug)]
pub struct Draft {
    pub rule: Rule,
    severity: Severity,
    pub span: Range<usize>,
    message: String,
    help: String,
    about: String,
    together: bool,
}

impl Draft {
    /// A finding of the rule's usual severity.
    pub fn new(rule: Rule, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            span: span.clone(),
            message: message.into(),
            help: help.into(),
            about: String::new(),
            together: false,
        }
    }

    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The program or folder by which equal findings go together in a report.
    pub fn about(self, about: &str) -> Self {
        Self { about: about.to_owned(), ..self }
    }

    /// One of several that make one finding, whose message counts them.
    pub fn together(self) -> Self {
        Self { together: true, severity: Severity::Note, ..self }
    }
}

#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<ScriptFinding>,
    seen: BTreeSet<(usize, usize, Rule)>,
    together: Vec<Draft>,
}

impl Report {
    pub fn add(&mut self, draft: Draft) {
        if draft.together {
            let known = self.together.iter().any(|it| it.rule == draft.rule && it.span == draft.span);
            if !known && self.together.len() < 2 * MOST_FINDINGS {
                self.together.push(draft);
            }
            return;
        }
        if !self.seen.insert((draft.span.start, draft.span.end, draft.rule)) {
            // The same place judged twice, in a loop or by two callers: the worse verdict stays.
            let same = |it: &&mut ScriptFinding| it.rule == draft.rule && it.span == draft.span;
            if let Some(known) = self.findings.iter_mut().find(same)
                && known.severity < draft.severity
            {
                known.severity = draft.severity;
                known.message = draft.message;
            }
            return;
        }
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding(draft));
        }
    }

    /// Whether a finding lies within `span`.
    pub fn has_within(&self, span: &Range<usize>) -> bool {
        let within = |inner: &Range<usize>| inner.start >= span.start && inner.end <= span.end;
        self.together.iter().any(|draft| within(&draft.span)) || self.findings.iter().any(|it| within(&it.span))
    }

    /// The findings about `script`, sorted, with every span inside it and at character boundaries.
    pub fn finish(mut self, script: &str) -> Analysis {
        let mut together = std::mem::take(&mut self.together);
        together.sort_by_key(|draft| (draft.rule, draft.span.start, draft.span.end));
        while let Some(first) = together.first() {
            let (rule, count) = (first.rule, together.iter().take_while(|draft| draft.rule == first.rule).count());
            let drafts: Vec<Draft> = together.drain(..count).collect();
            let places: Vec<Range<usize>> = drafts.iter().map(|draft| draft.span.clone()).collect();
            let taken = |it: &ScriptFinding| it.rule == rule && Some(&it.span) == places.first();
            if let Some(draft) = drafts.into_iter().next().filter(|_| !self.findings.iter().any(taken)) {
                self.findings.push(ScriptFinding { message: counted(rule, count), places, ..finding(draft) });
            }
        }
        for finding in &mut self.findings {
            clamp(&mut finding.span, script);
            finding.places.iter_mut().for_each(|place| clamp(place, script));
        }
        self.findings.sort_by_key(|finding| (finding.span.start, finding.span.end, finding.rule));
        // A test of sudo and what it guards, on one line.
        self.findings.dedup_by(|next, one| {
            let expected = |it: &ScriptFinding| it.rule == Rule::SudoAsNotebookUser && it.severity == Severity::Note;
            expected(next) && expected(one) && !script[one.span.start..next.span.start].contains('\n')
        });
        Analysis { findings: self.findings, work: 0 }
    }
}

fn finding(draft: Draft) -> ScriptFinding {
    ScriptFinding {
        rule: draft.rule,
        severity: draft.severity,
        message: draft.message,
        help: Some(draft.help).filter(|help| !help.is_empty()),
        span: draft.span,
        places: Vec::new(),
        about: draft.about,
        rewrite: None,
    }
}

/// The message of a finding that stands for several commands.
fn counted(rule: Rule, count: usize) -> String {
    match (rule, count) {
        (Rule::RedundantSudo, 1) => {
            "1 sudo call as root: redundant, it keeps working with root access off, because the hook itself runs as root".to_owned()
        }
        (Rule::RedundantSudo, count) => format!(
            "{count} sudo calls as root: redundant, they keep working with root access off, because the hook itself runs as root"
        ),
        (_, 1) => "1 command: runs code that is not shell or not in the script, and was not judged".to_owned(),
        (_, count) => format!("{count} commands: run code that is not shell or not in the script, and was not judged"),
    }
}

/// Keeps a span inside the script, on character boundaries, and off the line end behind it.
fn clamp(span: &mut Range<usize>, script: &str) {
    span.start = floor(script, span.start);
    span.end = floor(script, span.end).max(span.start);
    span.end = span.start + script[span.clone()].trim_end().len();
}

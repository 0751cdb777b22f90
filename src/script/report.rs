//! Collects findings, once each, and sorts them.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::rules::{Rule, Severity};
use crate::script::finding::{Analysis, ScriptFinding};
use crate::script::shell::mapped::floor;

/// More findings than this about one script help nobody.
const MOST_FINDINGS: usize = 500;

#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<ScriptFinding>,
    seen: BTreeSet<(usize, usize, Rule)>,
    redundant: Vec<Range<usize>>,
    elsewhere: Vec<Range<usize>>,
}

/// A finding under construction.
#[derive(Debug)]
pub struct Draft {
    pub rule: Rule,
    pub severity: Severity,
    pub span: Range<usize>,
    pub message: String,
    pub help: String,
}

impl Draft {
    /// A finding of the rule's usual severity.
    pub fn new(rule: Rule, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { rule, severity: rule.severity(), span: span.clone(), message: message.into(), help: help.into() }
    }

    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

impl Report {
    pub fn add(&mut self, draft: Draft) {
        let key = (draft.span.start, draft.span.end, draft.rule);
        if !self.seen.insert(key) {
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
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        self.findings.push(ScriptFinding {
            rule: draft.rule,
            severity: draft.severity,
            message: draft.message,
            help: Some(draft.help).filter(|help| !help.is_empty()),
            span: draft.span,
            places: Vec::new(),
            rewrite: None,
        });
    }

    /// The rules that spoke so far.
    pub fn rules(&self) -> Vec<Rule> {
        self.findings.iter().map(|finding| finding.rule).collect()
    }

    /// A call of sudo by root, for the one collapsed note.
    pub fn add_redundant(&mut self, span: &Range<usize>) {
        if self.redundant.len() < MOST_FINDINGS && !self.redundant.contains(span) {
            self.redundant.push(span.clone());
        }
    }

    /// A command that runs code which the script does not hold, for the one collapsed note.
    pub fn add_elsewhere(&mut self, span: &Range<usize>) {
        if self.elsewhere.len() < MOST_FINDINGS && !self.elsewhere.contains(span) {
            self.elsewhere.push(span.clone());
        }
    }

    /// Whether a finding or a redundant call lies within `span`.
    pub fn has_within(&self, span: &Range<usize>) -> bool {
        let within = |inner: &Range<usize>| inner.start >= span.start && inner.end <= span.end;
        self.redundant.iter().any(within) || self.findings.iter().any(|finding| within(&finding.span))
    }

    /// The findings about `script`, sorted, with every span inside it and at character boundaries.
    pub fn finish(mut self, script: &str) -> Analysis {
        self.redundant.sort_by_key(|span| (span.start, span.end));
        if let Some(first) = self.redundant.first() {
            let calls = match self.redundant.len() {
                1 => "1 sudo call as root".to_owned(),
                count => format!("{count} sudo calls as root"),
            };
            self.findings.push(ScriptFinding {
                rule: Rule::RedundantSudo,
                severity: Severity::Note,
                message: format!(
                    "{calls}: redundant, {} working with root access off, because the hook itself runs as root",
                    if self.redundant.len() == 1 { "it keeps" } else { "they keep" }
                ),
                help: Some("Nothing has to change; the command does the same without `sudo`.".to_owned()),
                span: first.clone(),
                places: self.redundant,
                rewrite: None,
            });
        }
        self.elsewhere.sort_by_key(|span| (span.start, span.end));
        let taken =
            |span: &Range<usize>| self.findings.iter().any(|it| it.rule == Rule::UnanalysedScript && it.span == *span);
        if let Some(first) = self.elsewhere.first().filter(|first| !taken(first)) {
            let (calls, runs) = if self.elsewhere.len() == 1 {
                ("1 command".to_owned(), "runs")
            } else {
                (format!("{} commands", self.elsewhere.len()), "run")
            };
            self.findings.push(ScriptFinding {
                rule: Rule::UnanalysedScript,
                severity: Severity::Note,
                message: format!("{calls}: {runs} code that is not shell or not in the script, and was not judged"),
                help: Some("Read that code for calls of sudo, and for what it makes writable.".to_owned()),
                span: first.clone(),
                places: self.elsewhere.clone(),
                rewrite: None,
            });
        }
        for finding in &mut self.findings {
            clamp(&mut finding.span, script);
            finding.places.iter_mut().for_each(|place| clamp(place, script));
        }
        self.findings.sort_by_key(|finding| (finding.span.start, finding.span.end, finding.rule));
        Analysis { findings: self.findings }
    }
}

/// Keeps a span inside the script, on character boundaries, and off the line end behind it.
fn clamp(span: &mut Range<usize>, script: &str) {
    span.start = floor(script, span.start);
    span.end = floor(script, span.end).max(span.start);
    let length = script[span.clone()].trim_end().len();
    span.end = span.start + length;
}

//! Sentences as a platform shows them: the files that they name count from the top of the repository, wherever the run was
//! started.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::names::in_repository;
use super::{Options, Report};
use crate::finding::{Finding, Note, Problem};

/// What stands around the name of a file in a sentence.
const AROUND: [char; 8] = [' ', '(', ')', ',', ';', '`', '"', '\''];

/// Findings, problems and notes with such sentences.
pub(super) struct FromTop {
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Note>,
}

impl FromTop {
    /// `None` where the run was started at the top, or no repository is known.
    pub(super) fn new(report: &Report<'_>, options: &Options) -> Option<Self> {
        if options.top.is_none() || options.top == options.folder {
            return None;
        }
        let known: BTreeSet<&Utf8Path> = report.sources.iter().map(|(_, file)| file.path()).collect();
        let text = |sentence: &str| sentence_from_top(sentence, &known, options);
        let mut findings = report.findings.to_vec();
        for finding in &mut findings {
            finding.message = text(&finding.message);
            if let Some(fix) = &mut finding.fix {
                fix.title = text(&fix.title);
            }
        }
        let problem = |it: &Problem| Problem { message: text(&it.message), ..it.clone() };
        let note = |it: &Note| Note { message: text(&it.message), ..it.clone() };
        Some(Self {
            findings,
            problems: report.problems.iter().map(problem).collect(),
            notes: report.notes.iter().map(note).collect(),
        })
    }
}

fn sentence_from_top(sentence: &str, known: &BTreeSet<&Utf8Path>, options: &Options) -> String {
    let mut text = String::with_capacity(sentence.len());
    for part in sentence.split_inclusive(AROUND) {
        let word = part.trim_end_matches(AROUND);
        // `a.tf:12:3`, `a.tf:12` or `a.tf` alone, at the end of a sentence too.
        let path = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
        let path =
            [path, word, word.trim_end_matches('.')].into_iter().find(|path| known.contains(Utf8Path::new(path)));
        match path {
            Some(path) => {
                text.push_str(&in_repository(Utf8Path::new(path), options));
                text.push_str(&part[path.len()..]);
            }
            None => text.push_str(part),
        }
    }
    text
}

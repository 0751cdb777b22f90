//! Names of findings that outlive a change of lines, so that a finding is known again from run to run.

use std::collections::HashMap;

use super::Options;
use super::Report;
use super::names::in_repository;
use super::scripts;
use crate::finding::{Finding, Subject};

/// The words of a script that name a finding, in characters.
const MOST_WORDS: usize = 120;

/// One name for each finding of the report, in their order: rule, file, and address or the words in question, and a
/// number from the second finding on that would be named the same. Nothing that moves when lines are added is part of it.
pub(super) fn fingerprints(report: &Report<'_>, options: &Options) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |finding: &Finding| {
        let (file, what) = match &finding.subject {
            Subject::Notebook(notebook) => (notebook.location.file, notebook.address.clone()),
            Subject::Script(script) => {
                let words = report.sources[finding.anchor.file].slice(finding.anchor.span);
                let words: String = words.chars().take(scripts::LONGEST_READ).collect();
                let words = script.secrets.hide(&words);
                let words: String = words.chars().take(MOST_WORDS).collect();
                (finding.anchor.file, words.split_whitespace().collect::<Vec<_>>().join(" "))
            }
        };
        let path = in_repository(report.sources[file].path(), options);
        let name = format!("{}:{path}:{what}", finding.code());
        let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 { name } else { format!("{name}:{times}") }
    };
    report.findings.iter().map(name).collect()
}

//! Names of findings that outlive a change of lines, so that a finding is known again from run to run.

use std::collections::HashMap;

use super::Options;
use super::Report;
use super::names::relative;

/// One name for each finding of the report, in their order: rule, file and address, and a number from the second
/// finding on that would be named the same. Nothing that moves when lines are added is part of it.
pub(super) fn fingerprints(report: &Report<'_>, options: &Options) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |finding: &crate::finding::Finding| {
        let path = relative(report.sources[finding.location.file].path(), options.folder.as_deref());
        let rule = finding.rule.map_or("compliant", crate::rules::Rule::code);
        let name = format!("{rule}:{path}:{}", finding.address);
        let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times == 1 { name } else { format!("{name}:{times}") }
    };
    report.findings.iter().map(name).collect()
}

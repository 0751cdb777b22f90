//! What the lifecycle scripts of a notebook do without root, for whoever is asked about the notebook.

use super::super::context::RunContext;
use super::super::snapshot::Snapshot;
use super::Finding;
use crate::options::Scripts;
use crate::rules::Severity;

/// A finding on a lifecycle script.
pub(super) struct Beside {
    /// The addresses of the notebooks that run it.
    notebooks: Vec<String>,
    line: String,
}

/// The findings on lifecycle scripts that are more than notes and not suppressed.
pub(super) fn beside(code: &Snapshot<'_>, context: &RunContext<'_>) -> Vec<Beside> {
    if context.options.scripts == Scripts::Off {
        return Vec::new();
    }
    let findings = code.judge_all().findings;
    let told = findings.iter().filter(|finding| finding.suppression.is_none() && finding.severity > Severity::Note);
    let line = |finding: &Finding| {
        let script = finding.script()?;
        let file = &code.sources()[finding.anchor.file];
        let (place, line) = (file.path(), file.line_of(finding.anchor.span.start));
        let mut notebooks: Vec<String> = script.uses.iter().flat_map(|one| &one.notebooks).cloned().collect();
        notebooks.dedup();
        let line = format!("its script, {place}:{line}: {}: {}", finding.severity.name(), finding.message);
        Some((finding.severity, Beside { notebooks, line }))
    };
    let mut lines: Vec<(Severity, Beside)> = told.filter_map(line).collect();
    lines.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    lines.into_iter().map(|(_, beside)| beside).collect()
}

/// Those on the scripts of some notebooks, the worst first.
pub(super) fn of<'b>(scripts: &'b [Beside], findings: &[Finding]) -> Vec<&'b str> {
    let addresses: Vec<&str> = findings.iter().filter_map(Finding::notebook).map(|it| &*it.address).collect();
    let runs = |script: &&Beside| script.notebooks.iter().any(|notebook| addresses.contains(&&**notebook));
    scripts.iter().filter(runs).map(|script| &*script.line).collect()
}

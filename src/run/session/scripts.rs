//! The findings on a notebook's lifecycle scripts, shown when its fix is asked about.

use std::cell::OnceCell;

use super::super::context::RunContext;
use super::super::snapshot::Snapshot;
use super::Finding;
use crate::options::Scripts;
use crate::rules::Severity;

/// A finding on a lifecycle script.
pub(super) struct Beside {
    /// The addresses of the notebooks that run it.
    notebooks: Vec<String>,
    /// The path of the script.
    script: String,
    line: String,
    /// The notebook beside which it was shown first.
    shown_at: OnceCell<String>,
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
        Some((finding.severity, Beside { notebooks, script: place.to_string(), line, shown_at: OnceCell::new() }))
    };
    let mut lines: Vec<(Severity, Beside)> = told.filter_map(line).collect();
    lines.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    lines.into_iter().map(|(_, beside)| beside).collect()
}

/// Those on the scripts of some notebooks, the worst first. Those on a script of an earlier notebook are named only.
pub(super) fn of(scripts: &[Beside], findings: &[Finding]) -> Vec<String> {
    let addresses: Vec<&str> = findings.iter().filter_map(Finding::notebook).map(|it| &*it.address).collect();
    let Some(here) = addresses.first() else { return Vec::new() };
    let runs = |beside: &&Beside| beside.notebooks.iter().any(|notebook| addresses.contains(&&**notebook));
    let mut lines = Vec::new();
    for beside in scripts.iter().filter(runs) {
        let shown_at = beside.shown_at.get_or_init(|| (*here).to_owned());
        let line = if shown_at == here {
            beside.line.clone()
        } else {
            format!("its script, {}: as shown at {shown_at}", beside.script)
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

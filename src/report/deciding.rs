//! Where a finding is reported to a platform, which shows nothing but lines of a change: at the literal that decides.

use super::names::in_repository;
use super::{Options, Report, lines};
use crate::finding::{Finding, Value};
use crate::rules::Rule;
use crate::source::Location;

/// The place of the literal that turns root on, if it stands in the repository, else the finding's own.
pub(super) fn place(finding: &Finding, report: &Report<'_>, options: &Options) -> Location {
    let literal = || {
        let notebook = finding.notebook().filter(|_| finding.rule == Some(Rule::ViaReference))?;
        let bad = notebook.values.iter().find(|trace| is_bad(&trace.value))?;
        let path = in_repository(report.sources[bad.origin.file].path(), options);
        let is_shown = !path.starts_with("..") && !path.starts_with('/') && !path.contains(".terraform/");
        (!bad.hops.is_empty() && is_shown).then_some(bad.origin)
    };
    literal().unwrap_or(finding.anchor)
}

fn is_bad(value: &Value) -> bool {
    !matches!(value, Value::Unknown(_)) && !value.complies()
}

/// The whole finding in one text, with the place of its notebook where it is reported elsewhere.
pub(super) fn sentence(finding: &Finding, at: Location, report: &Report<'_>, options: &Options) -> String {
    let sentence = lines::sentence(finding);
    if at == finding.anchor {
        return sentence;
    }
    let file = &report.sources[finding.anchor.file];
    let notebook = in_repository(file.path(), options);
    format!("{sentence} (the notebook: {notebook}:{})", file.line_of(finding.anchor.span.start))
}

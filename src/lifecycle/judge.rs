//! Scripts to remarks: each script judged once, its findings at their places in the source.

use std::collections::BTreeMap;

use time::Date;

use super::comments::{Comment, cover, in_script, notes};
use super::text::Text;
use crate::finding::{Instead, Note, Remark, Use};
use crate::rules::{Rule, Severity};
use crate::script::{Analysis, ScriptFinding, analyse, analyse_template};
use crate::source::{Location, Sources, Span};

/// Everything that is said, put together.
#[derive(Default)]
pub(super) struct Remarks {
    by_place: BTreeMap<(String, Location, Rule), Remark>,
}

impl Remarks {
    /// Adds a remark. One that is made already at that place gets the uses of both.
    pub(super) fn add(&mut self, remark: Remark, sources: &Sources) {
        let path = sources[remark.location.file].path().to_string();
        match self.by_place.entry((path, remark.location, remark.rule)) {
            std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(remark),
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.severity = known.severity.max(remark.severity);
                known.uses.extend(remark.uses);
                known.uses.sort();
                known.uses.dedup();
            }
        }
    }

    /// All of them, by path and place.
    pub(super) fn into_sorted(self) -> Vec<Remark> {
        self.by_place.into_values().collect()
    }
}

/// The severity of a finding in scripts that are used so: no more than a note where no notebook does.
pub(super) fn severity(severity: Severity, uses: &[Use]) -> Severity {
    if uses.iter().all(|one| one.notebooks.is_empty()) { severity.min(Severity::Note) } else { severity }
}

/// Judges one script. Its ignore comments count from `today` on, if at all.
pub(super) fn judge(
    text: &Text,
    uses: &[Use],
    sources: &Sources,
    today: Option<Date>,
    remarks: &mut Remarks,
) -> Vec<Note> {
    let Analysis { findings } = if text.template { analyse_template(text.as_str()) } else { analyse(text.as_str()) };
    let mut comments =
        if today.is_some() { in_script(text.as_str(), |range| text.location(range)) } else { Vec::new() };
    for finding in findings {
        if let Some(remark) = remark(&finding, text, uses, sources, &mut comments, today) {
            remarks.add(remark, sources);
        }
    }
    today.map_or_else(Vec::new, |today| notes(&comments, sources, today))
}

fn remark(
    finding: &ScriptFinding,
    text: &Text,
    uses: &[Use],
    sources: &Sources,
    comments: &mut [Comment],
    today: Option<Date>,
) -> Option<Remark> {
    let location = text.location(&finding.span)?;
    let source_line =
        |at: usize| text.location(&(at..at)).map_or(1, |Location { file, span }| sources[file].line_of(span.start));
    let script_line = |at: usize| text.as_str()[..at].matches('\n').count();
    let starts = finding.places.iter().map(|place| place.start);
    let mut lines: Vec<usize> = starts.map(script_line).collect();
    if lines.is_empty() {
        lines.push(script_line(finding.span.start));
    }
    lines.dedup();
    let instead = finding.rewrite.as_ref().and_then(|rewrite| {
        Some(Instead { lines: rewrite.lines.clone(), before: text.location(&(rewrite.insert_at..rewrite.insert_at))? })
    });
    Some(Remark {
        rule: finding.rule,
        severity: severity(finding.severity, uses),
        message: finding.message_with_lines(source_line).trim_end_matches('.').to_owned(),
        help: finding.help.clone(),
        instead,
        location,
        uses: uses.to_vec(),
        suppression: today.and_then(|today| cover(comments, finding.rule, &lines, today)),
    })
}

/// The first line of a place, so that a finding on a whole heredoc does not mark all of it.
pub(super) fn first_line(location: Location, sources: &Sources) -> Location {
    let file = &sources[location.file];
    let end = file.line_span(file.line_of(location.span.start)).end.min(location.span.end);
    Location { span: Span::new(location.span.start, end.max(location.span.start)), ..location }
}

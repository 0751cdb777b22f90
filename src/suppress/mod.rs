//! Ignore comments: which findings they cover, and which of them have something wrong.
//!
//! `# unroot:ignore[RULE, …] until=YYYY-MM-DD REASON` covers a notebook on whose block it stands: on any of its lines,
//! on the comment lines directly above it, or on the line of the value where that is elsewhere. In JSON it is a
//! `"//"` member inside the block. A comment for Checkov covers the block that it stands strictly inside of, as
//! Checkov has it.
//!
//! On a module call or a Terragrunt unit either covers the instances behind that alone, and so does an exemption of
//! `unroot.toml`. If those are all that do not comply, the notebook is suppressed; else it is fixed where that does not
//! touch them.
//!
//! In a script, or at the argument that holds it, a comment covers its own line, and the next where it stands alone.
//!
//! A covered finding is [`crate::finding::Status::Suppressed`] and loses its fix, so that nothing can apply it. A fix of another
//! notebook that would change a value a suppressed one has is made on that notebook's own resource instead, or not
//! at all: who wrote the comment decided on the value. The two findings that one notebook can have are covered each by itself.

mod comments;
mod excepting;
mod notes;
mod syntax;
mod withhold;

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, OffsetDateTime};

pub use excepting::{Excepting, Exempt};
pub use syntax::Directive;

use crate::control;
use crate::finding::{Finding, Note, Subject};
use crate::rules::Rule;
use crate::source::{FileId, Location, Mapped, Role, SourceFile, Sources};
use comments::{Comments, in_code, in_script};

/// The current day in UTC, which is the same wherever a run takes place.
#[must_use]
pub fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

/// The findings of a run, and the code that they come from.
pub struct Judged<'a> {
    /// Every file that has been read. A comment in any other is not seen.
    pub sources: &'a Sources,
    /// The files whose notebooks and scripts were judged.
    pub hits: &'a [FileId],
    /// The scripts, as findings name them; `None` if scripts were not judged.
    pub scripts: Option<&'a [Mapped]>,
    /// What has told the excepted instances.
    pub exceptions: Option<&'a Excepting>,
    /// Whether all that a settings file can be about was judged.
    pub is_whole: bool,
    /// The notes on calls, beside the findings.
    pub calls: &'a [OnCall],
}

/// A note on a call, which an ignore comment there silences.
#[derive(Debug, Clone)]
pub struct OnCall {
    /// The rule.
    pub rule: Rule,
    /// The block of the call, or the whole file of a unit.
    pub block: Location,
    /// The note.
    pub note: Note,
}

/// Marks every finding that an ignore comment covers on `today`. Gives the notes on calls that none covers, and says what
/// is wrong with the comments.
pub fn suppress(judged: &Judged<'_>, findings: &mut [Finding], today: Date) -> Vec<Note> {
    let hits: BTreeSet<FileId> = judged.hits.iter().copied().collect();
    // Whatever its name, a file in which notebooks were judged is code.
    let is_code = |id: FileId, file: &SourceFile| file.kind().role != Role::Other || hits.contains(&id);
    let code = judged.sources.iter().filter(|(id, file)| is_code(*id, file));
    let mut code: BTreeMap<FileId, Comments> = code.map(|(id, file)| (id, in_code(id, file))).collect();
    let mut scripts: Vec<Comments> = judged.scripts.into_iter().flatten().map(in_script).collect();
    for finding in &mut *findings {
        finding.suppression = match &finding.subject {
            Subject::Notebook(notebook) => {
                let files = BTreeSet::from([notebook.location.file, finding.anchor.file]);
                files.into_iter().fold(None, |by, file| {
                    let comments = code.get_mut(&file);
                    let here = comments
                        .and_then(|it| it.cover_notebook(&judged.sources[file], finding, notebook.location, today));
                    by.or(here)
                })
            }
            Subject::Script(script) => {
                let comments = match script.text {
                    Some(number) => scripts.get_mut(number),
                    None => code.get_mut(&finding.anchor.file),
                };
                comments.and_then(|it| it.cover_lines(finding, &script.lines, today))
            }
        };
    }
    except(judged, findings, &mut code);
    withhold::withhold(judged.sources, findings);
    for finding in findings.iter_mut().filter(|finding| finding.suppression.is_some()) {
        finding.fix = None;
    }
    let mut is_said = |call: &&OnCall| {
        let file = call.block.file;
        let comments = code.get_mut(&file);
        !comments.is_some_and(|it| it.silence_call(&judged.sources[file], call.rule, call.block, today))
    };
    let mut notes: Vec<Note> = judged.calls.iter().filter(|call| is_said(call)).map(|call| call.note.clone()).collect();
    for (id, comments) in &code {
        // Notebooks that were not judged may be what a comment is for.
        let in_part = !hits.contains(id) && judged.sources[*id].text().contains(control::NEEDLE);
        notes.extend(notes::notes(comments, judged.scripts.is_some(), in_part, judged.sources, today));
    }
    if let Some(exceptions) = judged.exceptions {
        notes.extend(exceptions.notes(judged.sources, findings, judged.is_whole));
    }
    for comments in &scripts {
        notes.extend(notes::notes(comments, true, false, judged.sources, today));
    }
    notes
}

/// Marks the findings of which exceptions cover all that is wrong, and the comments that these are.
fn except(judged: &Judged<'_>, findings: &mut [Finding], code: &mut BTreeMap<FileId, Comments>) {
    let mut used: BTreeSet<Location> = BTreeSet::new();
    for finding in findings {
        let (Some(rule), Subject::Notebook(notebook)) = (finding.rule, &finding.subject) else { continue };
        let exceptions = notebook.values.iter().filter_map(|trace| trace.exception.as_ref());
        used.extend(exceptions.filter(|by| by.covers(rule)).map(|exception| exception.by.location));
        if let Some(exception) = notebook.excepted(rule) {
            let by = exception.by.clone();
            finding.suppression = finding.suppression.take().or(Some(by));
        }
    }
    for comment in code.values_mut().flat_map(|comments| &mut comments.all) {
        comment.on_notebook |= judged.exceptions.is_some_and(|exceptions| exceptions.stands(comment.location));
        comment.used |= used.contains(&comment.location);
    }
}

#[cfg(test)]
mod tests;

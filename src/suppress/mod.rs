//! Ignore comments: which findings they cover, and which of them have something wrong.
//!
//! `# unroot:ignore[RULE, …] until=YYYY-MM-DD REASON` covers a notebook on whose block it stands: on any of its lines,
//! on the comment lines directly above it, or on the line of the value where that is elsewhere. In JSON it is a
//! `"//"` member inside the block. A comment for Checkov covers the block that it stands strictly inside of, as
//! Checkov has it.
//!
//! A covered finding is [`Status::Suppressed`] and loses its fix, so that nothing can apply it. A fix of another
//! notebook that would change a value a suppressed one has is made on that notebook's own resource instead, or not
//! at all: who wrote the comment decided on the value. The two findings that one notebook can have are covered each by itself.

mod directive;
mod notes;
mod withhold;

use std::collections::{BTreeMap, HashSet};

use time::{Date, OffsetDateTime};

pub use directive::{Directive, Kind, Malformed, may_occur};

use crate::finding::{Finding, Note, Status, Suppression};
use crate::source::{FileId, Location, SourceFile, Sources};
use crate::syntax::{Comment, Place, comments};

/// The current day in UTC, which is the same wherever a run takes place.
#[must_use]
pub fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

/// Marks every finding that an ignore comment covers, and says what is wrong with the comments, by file and place.
///
/// Only files that have been read can be looked at: a comment in a file without notebooks is not seen. `on_resource`
/// gives the findings again with fixes on the resources themselves, for fixes that must not be made elsewhere.
pub fn suppress(
    sources: &Sources,
    findings: &mut [Finding],
    today: Date,
    on_resource: &dyn Fn() -> Vec<Finding>,
) -> Vec<Note> {
    let mut near: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        near.entry(finding.location.file).or_default().push(index);
        if finding.anchor.file != finding.location.file {
            near.entry(finding.anchor.file).or_default().push(index);
        }
    }
    let mut notes = Vec::new();
    for (id, file) in sources.iter().filter(|(_, file)| may_occur(file.text())) {
        let page = Page::new(id, file);
        let near = near.get(&id).map_or(&[][..], Vec::as_slice);
        for (directive, comment) in page.directives(&mut notes) {
            let outcome = page.apply(&directive, comment, findings, near, today);
            notes::on_directive(&page, &directive, comment, outcome, &mut notes);
        }
    }
    withhold::withhold(sources, findings, on_resource);
    for finding in findings.iter_mut().filter(|finding| finding.status == Status::Suppressed) {
        finding.fix = None;
    }
    notes
}

/// What became of an ignore comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Its day is over.
    Expired,
    /// It covers a finding.
    Used,
    /// It stands on a notebook, and covers no finding.
    Idle,
    /// It stands on no notebook.
    Astray,
}

/// A file with its comments.
struct Page<'a> {
    id: FileId,
    file: &'a SourceFile,
    comments: Vec<Comment>,
    /// Lines that hold nothing but comments.
    own_lines: HashSet<usize>,
}

impl<'a> Page<'a> {
    fn new(id: FileId, file: &'a SourceFile) -> Self {
        let comments = comments(file);
        let own = comments.iter().filter(|comment| comment.place == Place::OwnLine);
        let own_lines = own.map(|comment| file.line_of(comment.span.start)).collect();
        Self { id, file, comments, own_lines }
    }

    /// The ignore comments, our own first, so that these are the ones a finding names.
    fn directives(&self, notes: &mut Vec<Note>) -> Vec<(Directive, &Comment)> {
        let mut directives = Vec::new();
        for comment in &self.comments {
            match Directive::parse(&comment.text) {
                None => {}
                Some(Ok(directive)) => directives.push((directive, comment)),
                Some(Err(why)) => notes.push(notes::malformed(self, comment, why)),
            }
        }
        directives.sort_by_key(|(directive, _)| directive.kind);
        directives
    }

    fn apply(
        &self,
        directive: &Directive,
        comment: &Comment,
        findings: &mut [Finding],
        near: &[usize],
        today: Date,
    ) -> Outcome {
        let on: Vec<usize> =
            near.iter().copied().filter(|&index| self.is_on(directive.kind, comment, &findings[index])).collect();
        if directive.is_expired(today) {
            return Outcome::Expired;
        }
        let mut outcome = if on.is_empty() { Outcome::Astray } else { Outcome::Idle };
        for index in on {
            let finding = &mut findings[index];
            if finding.rule.is_some_and(|rule| directive.covers(rule.code())) {
                outcome = Outcome::Used;
                finding.status = Status::Suppressed;
                finding.suppression.get_or_insert_with(|| Suppression {
                    kind: directive.kind.name(),
                    reason: directive.reason.clone(),
                    location: Location { file: self.id, span: comment.span },
                });
            }
        }
        outcome
    }

    /// Whether a comment stands where it speaks of a finding.
    fn is_on(&self, kind: Kind, comment: &Comment, finding: &Finding) -> bool {
        let block = Some(finding.location).filter(|location| location.file == self.id).map(|location| location.span);
        if let Place::Member(_) = comment.place {
            return block.is_some_and(|block| block.contains(comment.span));
        }
        let line = self.file.line_of(comment.span.start);
        let lines = |span: crate::source::Span| (self.file.line_of(span.start), self.file.line_of(span.end));
        let on_block = block.map(lines).is_some_and(|(first, last)| match kind {
            Kind::Checkov => first < line && line < last,
            Kind::Unroot => line <= last && (line..first).all(|line| self.own_lines.contains(&line)),
        });
        let anchor = Some(finding.anchor).filter(|anchor| anchor.file == self.id && kind == Kind::Unroot);
        on_block || anchor.map(|anchor| lines(anchor.span)).is_some_and(|(first, last)| first <= line && line <= last)
    }
}

#[cfg(test)]
mod tests;

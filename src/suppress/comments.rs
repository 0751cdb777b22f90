//! Ignore comments where they stand, in code and in scripts, and what each of them covers.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use time::Date;

use super::directive::{Directive, Kind, Malformed, may_occur};
use crate::finding::{Finding, Suppression};
use crate::rules::Rule;
use crate::source::{FileId, Location, Mapped, SourceFile, Span};
use crate::syntax::{self, Place};

/// An ignore comment, and what has come of it so far.
pub(super) struct Comment {
    pub(super) directive: Result<Directive, Malformed>,
    pub(super) location: Location,
    place: Place,
    /// The lines it covers findings on scripts on, 0-based.
    lines: RangeInclusive<usize>,
    /// Whether it stands on a notebook.
    pub(super) on_notebook: bool,
    /// Whether it covers a finding.
    pub(super) used: bool,
}

/// The ignore comments of one file of code or of one script; in code our own first, so that these are the ones a finding
/// names.
pub(super) struct Comments<'a> {
    pub(super) all: Vec<Comment>,
    /// The file of code; `None` for a script.
    pub(super) file: Option<&'a SourceFile>,
    /// Lines that hold nothing but comments, 1-based.
    pub(super) own_lines: HashSet<usize>,
}

/// The ignore comments of Terraform code.
pub(super) fn in_code(id: FileId, file: &SourceFile) -> Comments<'_> {
    let mut found = Comments { all: Vec::new(), file: Some(file), own_lines: HashSet::new() };
    if !may_occur(file.text()) {
        return found;
    }
    for comment in syntax::comments(file) {
        let line = file.line_of(comment.span.start);
        let lines = match comment.place {
            Place::OwnLine => {
                found.own_lines.insert(line);
                line - 1..=line
            }
            Place::BesideCode => line - 1..=line - 1,
            Place::Member(object) => file.line_of(object.start) - 1..=file.line_of(object.end) - 1,
        };
        let Some(directive) = Directive::parse(&comment.text) else { continue };
        let location = Location { file: id, span: comment.span };
        found.all.push(Comment { directive, location, place: comment.place, lines, on_notebook: false, used: false });
    }
    found.all.sort_by_key(|comment| comment.directive.as_ref().map_or(Kind::Unroot, |directive| directive.kind));
    found
}

/// The ignore comments of a script. Those for Checkov do not count there.
pub(super) fn in_script(script: &Mapped) -> Comments<'static> {
    let mut all = Vec::new();
    let mut start = 0;
    for (line, words) in script.as_str().split('\n').enumerate() {
        if let Some(mark) = mark(words) {
            let directive = Directive::parse(words[mark..].trim_start_matches('#').trim());
            let location = script.location(&(start + mark..start + words.trim_end().len()));
            if let (Some(directive), Some(location)) = (directive, location) {
                let (place, lines) = match words[..mark].trim() {
                    "" => (Place::OwnLine, line..=line + 1),
                    _ => (Place::BesideCode, line..=line),
                };
                all.push(Comment { directive, location, place, lines, on_notebook: false, used: false });
            }
        }
        start += words.len() + 1;
    }
    Comments { all, file: None, own_lines: HashSet::new() }
}

/// Where the comment of a line starts, if it is one for us.
fn mark(line: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|&at| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| letter.is_whitespace() || letter == ';')
            && line[at..].trim_start_matches('#').trim_start().starts_with("unroot:")
    })
}

impl Comments<'_> {
    /// Marks the comments that cover a finding on a notebook with this block, and gives the first of them.
    pub(super) fn cover_notebook(&mut self, finding: &Finding, block: Location, today: Date) -> Option<Suppression> {
        let (file, own_lines) = (self.file?, &self.own_lines);
        let mut by = None;
        for comment in &mut self.all {
            let Ok(directive) = &comment.directive else { continue };
            if stands_on(comment, directive.kind, finding, block, (file, own_lines)) {
                comment.on_notebook = true;
                by = by.or(comment.cover(finding, today));
            }
        }
        by
    }

    /// Marks the comments on a module call or a Terragrunt unit that cover a rule there, and says whether there is one.
    pub(super) fn silence_call(&mut self, rule: Rule, call: Location, today: Date) -> bool {
        let Some(file) = self.file else { return false };
        let mut silenced = false;
        for comment in &mut self.all {
            let Ok(directive) = &comment.directive else { continue };
            let is_ours = directive.kind == Kind::Unroot;
            if is_ours && stands_on_block(comment, directive.kind, call, (file, &self.own_lines)) {
                comment.on_notebook = true;
                let covers = directive.covers(rule.code()) && !directive.is_expired(today);
                comment.used |= covers;
                silenced |= covers;
            }
        }
        silenced
    }

    /// Marks the comments that cover a finding on these lines of a script, 0-based, and gives the first of them. Each of
    /// the lines has to be covered.
    pub(super) fn cover_lines(&mut self, finding: &Finding, lines: &[usize], today: Date) -> Option<Suppression> {
        let covers = |comment: &Comment, line: &usize| {
            let is_ours = comment.directive.as_ref().is_ok_and(|directive| directive.kind == Kind::Unroot);
            is_ours && comment.lines.contains(line) && comment.covers(finding, today)
        };
        if lines.iter().any(|line| !self.all.iter().any(|comment| covers(comment, line))) {
            return None;
        }
        let mut by = None;
        for comment in &mut self.all {
            if lines.iter().any(|line| covers(comment, line)) {
                by = by.or(comment.cover(finding, today));
            }
        }
        by
    }
}

impl Comment {
    fn covers(&self, finding: &Finding, today: Date) -> bool {
        let covers = |directive: &Directive| {
            finding.rule.is_some_and(|rule| directive.covers(rule.code())) && !directive.is_expired(today)
        };
        self.directive.as_ref().is_ok_and(covers)
    }

    /// Marks the comment as used if it covers a finding where it stands.
    fn cover(&mut self, finding: &Finding, today: Date) -> Option<Suppression> {
        let directive = self.directive.as_ref().ok().filter(|_| self.covers(finding, today))?;
        self.used = true;
        Some(Suppression { kind: directive.kind.name(), reason: directive.reason.clone(), location: self.location })
    }
}

/// Whether a comment stands where it speaks of a finding on a notebook: in its file, given with the lines that hold
/// nothing but comments.
fn stands_on(
    comment: &Comment,
    kind: Kind,
    finding: &Finding,
    block: Location,
    (file, own_lines): (&SourceFile, &HashSet<usize>),
) -> bool {
    let id = comment.location.file;
    let lines = |span: Span| (file.line_of(span.start), file.line_of(span.end));
    let line = file.line_of(comment.location.span.start);
    let is_member = matches!(comment.place, Place::Member(_));
    let on_block = stands_on_block(comment, kind, block, (file, own_lines));
    let anchor = Some(finding.anchor).filter(|anchor| !is_member && anchor.file == id && kind == Kind::Unroot);
    on_block || anchor.map(|anchor| lines(anchor.span)).is_some_and(|(first, last)| first <= line && line <= last)
}

/// Whether a comment stands on a block, in a file that is given with the lines that hold nothing but comments.
pub(super) fn stands_on_block(
    comment: &Comment,
    kind: Kind,
    block: Location,
    (file, own_lines): (&SourceFile, &HashSet<usize>),
) -> bool {
    let id = comment.location.file;
    let Some(block) = Some(block).filter(|block| block.file == id).map(|block| block.span) else { return false };
    if let Place::Member(_) = comment.place {
        return block.contains(comment.location.span);
    }
    let line = file.line_of(comment.location.span.start);
    let (first, last) = (file.line_of(block.start), file.line_of(block.end));
    match kind {
        // A unit is a whole file, which has no braces to stand between.
        _ if block == Span::new(0, file.text().len()) => true,
        Kind::Checkov => first < line && line < last,
        Kind::Unroot => line <= last && (line..first).all(|line| own_lines.contains(&line)),
    }
}

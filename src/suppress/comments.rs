//! Ignore comments where they stand, in code and in scripts, and what each of them covers.

use std::collections::{BTreeSet, HashSet};
use std::ops::RangeInclusive;

use time::Date;

use super::syntax::{Directive, Kind, Malformed, may_occur};
use crate::finding::{Finding, Suppression};
use crate::rules::Rule;
use crate::source::{FileId, Location, Mapped, SourceFile, Span};
use crate::syntax::{self, Place};

/// An ignore comment, and what has come of it so far.
pub(super) struct Comment {
    pub(super) directive: Result<Directive, Malformed>,
    pub(super) location: Location,
    place: Place,
    /// The line it starts on, 1-based.
    line: usize,
    /// The lines it covers findings on scripts on, 0-based.
    lines: RangeInclusive<usize>,
    /// Whether it stands on a notebook.
    pub(super) on_notebook: bool,
    /// Whether it covers a finding.
    pub(super) used: bool,
}

/// The ignore comments of one file of code or of one script; in code our own first, so that these are the ones a finding
/// names.
pub(super) struct Comments {
    pub(super) all: Vec<Comment>,
    /// Whether they stand in a script, and not in a file of code.
    pub(super) in_script: bool,
    /// Lines that hold nothing but comments, 1-based.
    own_lines: HashSet<usize>,
    /// The lines on which comments start, each with the place of the comment among all; without members of objects.
    by_line: BTreeSet<(usize, usize)>,
    /// The bytes at which members of objects start, each with its place among all.
    members: BTreeSet<(usize, usize)>,
}

/// The ignore comments of Terraform code.
pub(super) fn in_code(id: FileId, file: &SourceFile) -> Comments {
    let (mut all, mut own_lines) = (Vec::new(), HashSet::new());
    if !may_occur(file.text()) {
        return Comments::new(all, false, own_lines);
    }
    for comment in syntax::comments(file) {
        let line = file.line_of(comment.span.start);
        let lines = match comment.place {
            Place::OwnLine => {
                own_lines.insert(line);
                line - 1..=line
            }
            Place::BesideCode => line - 1..=line - 1,
            Place::Member(object) => file.line_of(object.start) - 1..=file.line_of(object.end) - 1,
        };
        let Some(directive) = Directive::parse(&comment.text) else { continue };
        let location = Location { file: id, span: comment.span };
        all.push(Comment { directive, location, place: comment.place, line, lines, on_notebook: false, used: false });
    }
    all.sort_by_key(|comment| comment.directive.as_ref().map_or(Kind::Unroot, |directive| directive.kind));
    Comments::new(all, false, own_lines)
}

/// The ignore comments of a script. Those for Checkov do not count there.
pub(super) fn in_script(script: &Mapped) -> Comments {
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
                let line = line + 1;
                all.push(Comment { directive, location, place, line, lines, on_notebook: false, used: false });
            }
        }
        start += words.len() + 1;
    }
    Comments::new(all, true, HashSet::new())
}

/// Where the comment of a line starts, if it is one for us.
fn mark(line: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|&at| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| letter.is_whitespace() || letter == ';')
            && line[at..].trim_start_matches('#').trim_start().starts_with("unroot:")
    })
}

impl Comments {
    fn new(all: Vec<Comment>, in_script: bool, own_lines: HashSet<usize>) -> Self {
        let (mut by_line, mut members) = (BTreeSet::new(), BTreeSet::new());
        for (place, comment) in all.iter().enumerate() {
            if matches!(comment.place, Place::Member(_)) {
                members.insert((comment.location.span.start, place));
            } else {
                by_line.insert((comment.line, place));
            }
        }
        Self { all, in_script, own_lines, by_line, members }
    }

    /// The places of the comments that start on some lines, but for members. Looking at every comment for every notebook would take the square
    /// of their number.
    fn starting(&self, lines: &RangeInclusive<usize>) -> impl Iterator<Item = usize> {
        self.by_line.range((*lines.start(), 0)..=(*lines.end(), usize::MAX)).map(|(_, place)| *place)
    }

    /// The places of the comments that stand on a block, in their order; `file` is the one they stand in.
    pub(super) fn on_block(&self, file: &SourceFile, block: Location) -> BTreeSet<usize> {
        let (first, last) = (file.line_of(block.span.start), file.line_of(block.span.end));
        let is_whole = block.span == Span::new(0, file.text().len());
        let above = (1..first).rev().take_while(|line| self.own_lines.contains(line)).count();
        let near = if is_whole { 1..=usize::MAX } else { first - above..=last };
        let stands = |place: &usize| {
            let comment = &self.all[*place];
            comment.location.file == block.file
                && match (&comment.place, comment.directive.as_ref().map(|directive| directive.kind)) {
                    (_, Err(_)) => false,
                    (Place::Member(_), _) => block.span.contains(comment.location.span),
                    // A unit is a whole file, which has no braces to stand between.
                    _ if is_whole => true,
                    (_, Ok(Kind::Checkov)) => first < comment.line && comment.line < last,
                    (_, Ok(Kind::Unroot)) => true,
                }
        };
        let members = self.members.range((block.span.start, 0)..(block.span.end, 0)).map(|(_, place)| *place);
        self.starting(&near).chain(members).filter(stands).collect()
    }

    /// The places of our own comments on the lines of the value that a finding is about.
    fn on_anchor(&self, file: &SourceFile, anchor: Location) -> BTreeSet<usize> {
        let lines = file.line_of(anchor.span.start)..=file.line_of(anchor.span.end);
        let stands = |comment: &Comment| {
            let is_ours = comment.directive.as_ref().is_ok_and(|directive| directive.kind == Kind::Unroot);
            is_ours && comment.location.file == anchor.file
        };
        self.starting(&lines).filter(|&place| stands(&self.all[place])).collect()
    }

    /// Marks the comments that cover a finding on a notebook with this block, and gives the first of them.
    pub(super) fn cover_notebook(
        &mut self,
        file: &SourceFile,
        finding: &Finding,
        block: Location,
        today: Date,
    ) -> Option<Suppression> {
        let standing = &self.on_block(file, block) | &self.on_anchor(file, finding.anchor);
        let mut by = None;
        for place in standing {
            let comment = &mut self.all[place];
            comment.on_notebook = true;
            by = by.or(comment.cover(finding, today));
        }
        by
    }

    /// Marks the comments on a module call or a Terragrunt unit that cover a rule there, and says whether there is one.
    pub(super) fn silence_call(&mut self, file: &SourceFile, rule: Rule, call: Location, today: Date) -> bool {
        let mut silenced = false;
        for place in self.on_block(file, call) {
            let comment = &mut self.all[place];
            let Some(directive) = comment.directive.as_ref().ok().filter(|it| it.kind == Kind::Unroot) else {
                continue;
            };
            let covers = directive.covers(rule.code()) && !directive.is_expired(today);
            comment.on_notebook = true;
            comment.used |= covers;
            silenced |= covers;
        }
        silenced
    }

    /// Marks the comments that cover a finding on these lines of a script, 0-based, and gives the first of them. Each of
    /// the lines has to be covered.
    pub(super) fn cover_lines(&mut self, finding: &Finding, lines: &[usize], today: Date) -> Option<Suppression> {
        let covers = |comment: &Comment, line: usize| {
            let is_ours = comment.directive.as_ref().is_ok_and(|directive| directive.kind == Kind::Unroot);
            is_ours && comment.lines.contains(&line) && comment.covers(finding, today)
        };
        let mut covering = BTreeSet::new();
        for &line in lines {
            let here: Vec<usize> =
                self.reaching(line).into_iter().filter(|place| covers(&self.all[*place], line)).collect();
            if here.is_empty() {
                return None;
            }
            covering.extend(here);
        }
        covering.into_iter().fold(None, |by, place| by.or(self.all[place].cover(finding, today)))
    }

    /// The places of the comments that may reach a line, which is 0-based: those on it and on the one before, and members of
    /// objects, which reach as far as the object does.
    fn reaching(&self, line: usize) -> Vec<usize> {
        let lines = line..=line + 1;
        let near = self.starting(&lines);
        let members = self.members.iter().map(|(_, place)| *place);
        near.chain(members).collect()
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

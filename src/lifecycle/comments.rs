//! Ignore comments in scripts: `# unroot:ignore[RULE, …] until=YYYY-MM-DD REASON` on the line of a finding or on the
//! line above it, and on those of the argument for what is found about the script as a whole.

use std::ops::{Range, RangeInclusive};

use time::Date;

use crate::finding::{Note, Suppression};
use crate::rules::Rule;
use crate::source::{FileId, Location, SourceFile, Sources};
use crate::suppress::{Directive, Kind, Malformed, may_occur};
use crate::syntax::{self, Place};

/// An ignore comment, and whether it was of use.
pub(super) struct Comment {
    /// The lines it speaks of, counted in the text it was found in, from 0.
    lines: RangeInclusive<usize>,
    directive: Result<Directive, Malformed>,
    location: Location,
    used: bool,
}

/// The ignore comments of Terraform code.
pub(super) fn in_code(id: FileId, file: &SourceFile) -> Vec<Comment> {
    let own = |comment: syntax::Comment| {
        let directive = own(&comment.text)?;
        let line = |at: usize| file.line_of(at) - 1;
        let lines = match comment.place {
            Place::OwnLine => line(comment.span.start)..=line(comment.span.start) + 1,
            Place::BesideCode => line(comment.span.start)..=line(comment.span.start),
            Place::Member(object) => line(object.start)..=line(object.end),
        };
        Some(Comment { lines, directive, location: Location { file: id, span: comment.span }, used: false })
    };
    if !may_occur(file.text()) {
        return Vec::new();
    }
    syntax::comments(file).into_iter().filter_map(own).collect()
}

/// What a comment says, if it is one for us.
fn own(text: &str) -> Option<Result<Directive, Malformed>> {
    Directive::parse(text).filter(|parsed| !matches!(parsed, Ok(it) if it.kind != Kind::Unroot))
}

/// The ignore comments of a script.
pub(super) fn in_script(text: &str, place: impl Fn(&Range<usize>) -> Option<Location>) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut start = 0;
    for (line, words) in text.split('\n').enumerate() {
        if let Some(mark) = mark(words) {
            let range = start + mark..start + words.trim_end().len();
            let text = words[mark..].trim_start_matches('#').trim();
            if let (Some(directive), Some(location)) = (own(text), place(&range)) {
                let lines = if words[..mark].trim().is_empty() { line..=line + 1 } else { line..=line };
                found.push(Comment { lines, directive, location, used: false });
            }
        }
        start += words.len() + 1;
    }
    found
}

/// Where the comment of a line starts, if it is one for us.
fn mark(line: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|&at| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| letter.is_whitespace() || letter == ';')
            && line[at..].trim_start_matches('#').trim_start().starts_with("unroot:")
    })
}

/// The comment that covers a finding of a rule on all of these lines, if one does on each.
pub(super) fn cover(comments: &mut [Comment], rule: Rule, lines: &[usize], today: Date) -> Option<Suppression> {
    let covers = |comment: &Comment, line: usize| {
        comment.lines.contains(&line)
            && comment.directive.as_ref().is_ok_and(|it| it.covers(rule.code()) && !it.is_expired(today))
    };
    let of_line = |line: &usize| comments.iter().position(|comment| covers(comment, *line));
    let indices: Vec<usize> = lines.iter().map(of_line).collect::<Option<_>>()?;
    for &index in &indices {
        comments[index].used = true;
    }
    let comment = &comments[*indices.first()?];
    let directive = comment.directive.as_ref().ok()?;
    Some(Suppression { kind: Kind::Unroot.name(), reason: directive.reason.clone(), location: comment.location })
}

/// What is wrong with the ignore comments of code that name rules of scripts and no others. What else is wrong with
/// comments in code is told where notebooks are judged.
pub(super) fn notes_in_code(comments: &[Comment], sources: &Sources, today: Date) -> Vec<Note> {
    notes(
        comments.iter().filter(|comment| comment.directive.as_ref().is_ok_and(Directive::is_of_scripts)),
        sources,
        today,
    )
}

/// Where the comments stand that are of use.
pub(super) fn used(comments: &[Comment]) -> impl Iterator<Item = Location> {
    comments.iter().filter(|comment| comment.used).map(|comment| comment.location)
}

/// What is wrong with ignore comments.
pub(super) fn notes<'c>(comments: impl IntoIterator<Item = &'c Comment>, sources: &Sources, today: Date) -> Vec<Note> {
    let note = |comment: &Comment| {
        let message = match &comment.directive {
            Err(why) => why.note(),
            Ok(directive) if directive.is_expired(today) => directive.expiry_note(),
            Ok(directive) if comment.used && directive.reason.is_empty() => "unroot:ignore gives no reason".to_owned(),
            Ok(_) if comment.used => return None,
            Ok(_) => "unroot:ignore is unused: nothing it covers was found on this line or the next".to_owned(),
        };
        let file = &sources[comment.location.file];
        let position = file.position(comment.location.span.start);
        Some(Note { file: comment.location.file, position, message, unused_comment: false })
    };
    comments.into_iter().filter_map(note).collect()
}

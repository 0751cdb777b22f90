//! Ignore comments in scripts: `# unroot:ignore[RULE, …] until=YYYY-MM-DD REASON` on the line of a finding or on the
//! line above it, and on those of the argument for what is found about the script as a whole.

use std::ops::Range;

use time::Date;

use crate::finding::{Note, Suppression};
use crate::script::ScriptRule;
use crate::source::{Location, Sources};
use crate::suppress::{Directive, Kind, Malformed};

/// An ignore comment, and whether it was of use.
pub(super) struct Comment {
    /// The line it stands on, counted in the text it was found in, from 0.
    line: usize,
    /// Whether nothing else stands on the line.
    alone: bool,
    directive: Result<Directive, Malformed>,
    location: Location,
    used: bool,
}

/// The ignore comments of a text.
pub(super) fn comments(text: &str, place: impl Fn(&Range<usize>) -> Option<Location>) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut start = 0;
    for (line, words) in text.split('\n').enumerate() {
        if let Some(mark) = mark(words) {
            let range = start + mark..start + words.trim_end().len();
            let text = words[mark..].trim_start_matches('#').trim();
            let parsed = Directive::parse(text).filter(|parsed| !matches!(parsed, Ok(it) if it.kind != Kind::Unroot));
            if let (Some(directive), Some(location)) = (parsed, place(&range)) {
                let alone = words[..mark].trim().is_empty();
                found.push(Comment { line, alone, directive, location, used: false });
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
pub(super) fn cover(comments: &mut [Comment], rule: ScriptRule, lines: &[usize], today: Date) -> Option<Suppression> {
    let covers = |comment: &Comment, line: usize| {
        (comment.line == line || comment.alone && comment.line + 1 == line)
            && comment.directive.as_ref().is_ok_and(|it| it.covers(rule.code()) && !it.is_expired(today))
    };
    let of_line = |line: &usize| comments.iter().position(|comment| covers(comment, *line));
    let indices: Vec<usize> = lines.iter().map(of_line).collect::<Option<_>>()?;
    indices.iter().for_each(|&index| comments[index].used = true);
    let comment = &comments[*indices.first()?];
    let directive = comment.directive.as_ref().ok()?;
    Some(Suppression { kind: Kind::Unroot.name(), reason: directive.reason.clone(), location: comment.location })
}

/// What is wrong with ignore comments.
pub(super) fn notes(comments: &[Comment], sources: &Sources, today: Date) -> Vec<Note> {
    let note = |comment: &Comment| {
        let message = match &comment.directive {
            Err(why) => format!(
                "this comment suppresses nothing, since {why}; the form is `unroot:ignore[RULE, …] until=YYYY-MM-DD \
                 REASON`"
            ),
            Ok(directive) if directive.is_expired(today) => {
                let until = directive.until.map(|date| format!(" on {date}")).unwrap_or_default();
                format!("unroot:ignore expired{until} and suppresses nothing any more")
            }
            Ok(directive) if comment.used && directive.reason.is_empty() => "unroot:ignore gives no reason".to_owned(),
            Ok(_) if comment.used => return None,
            Ok(_) => "unroot:ignore is unused: nothing it covers was found on this line or the next".to_owned(),
        };
        let file = &sources[comment.location.file];
        Some(Note { file: comment.location.file, position: file.position(comment.location.span.start), message })
    };
    comments.iter().filter_map(note).collect()
}

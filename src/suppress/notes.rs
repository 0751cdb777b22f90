//! What is wrong with an ignore comment, in words that stay the same.

use super::{Comment, Directive, Kind, Malformed, Outcome, Page};
use crate::finding::Note;
use crate::rules::Rule;

/// A comment that is addressed to us and not understood.
pub(super) fn malformed(page: &Page<'_>, comment: &Comment, why: Malformed) -> Note {
    note(page, comment, why.note())
}

/// A comment that is understood.
pub(super) fn on_directive(
    page: &Page<'_>,
    directive: &Directive,
    comment: &Comment,
    outcome: Outcome,
    notes: &mut Vec<Note>,
) {
    let title = directive.kind.title();
    let mut tell = |message: String| notes.push(note(page, comment, message));
    let is_rule = |name: &String| Rule::from_code(name).is_some();
    let names = directive.rules.iter().flatten();
    let unknown: Vec<String> = names.filter(|name| !is_rule(name)).map(|name| format!("`{name}`")).collect();
    let all_unknown = directive.rules.as_ref().is_some_and(|rules| rules.len() == unknown.len());
    if !unknown.is_empty() {
        let (is, what) = if unknown.len() == 1 { ("is", "no rule") } else { ("are", "no rules") };
        tell(format!("{title} names {}, which {is} {what}", unknown.join(", ")));
    }
    if directive.is_of_scripts() {
        // Such a comment stands at a script's argument; it is heeded there, and told of if it is of no use.
        return;
    }
    let unused = matches!(outcome, Outcome::Idle | Outcome::Astray);
    let mut tell = |message: String| notes.push(Note { unused_comment: unused, ..note(page, comment, message) });
    match outcome {
        Outcome::Expired => tell(directive.expiry_note()),
        Outcome::Used if directive.reason.is_empty() => tell(format!("{title} gives no reason")),
        Outcome::Used => {}
        Outcome::Idle if all_unknown => {}
        Outcome::Idle => tell(format!("{title} is unused: nothing it covers was found here")),
        // Checkov checks other resources too.
        Outcome::Astray if directive.kind == Kind::Checkov => {}
        Outcome::Astray => tell(format!("{title} is unused: it stands neither on a notebook nor directly above one")),
    }
}

fn note(page: &Page<'_>, comment: &Comment, message: String) -> Note {
    Note { file: page.id, position: page.file.position(comment.span.start), message, unused_comment: false }
}

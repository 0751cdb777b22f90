//! The errors of ignore comments, in words that stay the same.

use time::Date;

use super::comments::{Comment, Comments};
use super::syntax::{Directive, Kind};
use crate::finding::Note;
use crate::rules::Rule;
use crate::source::Sources;

/// The errors in the comments of a file or a script. In a file that was judged in `part` alone no comment is unused.
pub(super) fn notes(
    comments: &Comments,
    scripts_judged: bool,
    in_part: bool,
    sources: &Sources,
    today: Date,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for comment in &comments.all {
        let position = sources[comment.location.file].position(comment.location.span.start);
        let mut tell = |message| notes.push(Note { file: comment.location.file, position, message });
        let directive = match &comment.directive {
            Ok(directive) => directive,
            Err(why) => {
                tell(why.note());
                continue;
            }
        };
        if comments.in_script && directive.kind == Kind::Checkov {
            continue;
        }
        let unknown = unknown_rules(directive);
        let all_unknown = directive.rules.as_ref().is_some_and(|rules| rules.len() == unknown.len());
        let title = directive.kind.title();
        if !unknown.is_empty() {
            let (is, what) = if unknown.len() == 1 { ("is", "no rule") } else { ("are", "no rules") };
            tell(format!("{title} names {}, which {is} {what}", unknown.join(", ")));
        }
        let of_scripts = comments.in_script || directive.is_of_scripts();
        if of_scripts && !scripts_judged {
            continue;
        }
        match comment {
            _ if directive.is_expired(today) => tell(directive.expiry_note()),
            Comment { used: true, .. } if directive.reason.is_empty() => tell(format!("{title} gives no reason")),
            Comment { used: true, .. } => {}
            _ if in_part => {}
            _ if of_scripts && all_unknown => {}
            _ if of_scripts => {
                tell(format!("{title} is unused: nothing it covers was found on this line or the next"));
            }
            Comment { on_notebook: true, .. } if all_unknown => {}
            Comment { on_notebook: true, .. } => {
                tell(format!("{title} is unused: nothing it covers was found here"));
            }
            // Checkov checks other resources too.
            _ if directive.kind == Kind::Checkov => {}
            _ => tell(format!("{title} is unused: it stands neither on a notebook nor directly above one")),
        }
    }
    notes
}

/// The names between the brackets that are no rules, quoted.
fn unknown_rules(directive: &Directive) -> Vec<String> {
    let names = directive.rules.iter().flatten();
    names.filter(|name| Rule::from_code(name).is_none()).map(|name| format!("`{name}`")).collect()
}

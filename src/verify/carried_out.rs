//! Whether the change of a file is what the fixes intend: all of it, and nothing else.

use std::collections::BTreeSet;

use super::{Change, Unproved};
use crate::fix::Intent;
use crate::model::View;
use crate::source::{FileId, SourceFile, Span, regions};
use crate::syntax::compare::difference;
use crate::syntax::{Syntax, comments, remains};

/// Compares a file before and after a change with what the change is to do.
///
/// # Errors
/// If less parses than before, or anything differs that is not intended, or something intended was not done.
pub(super) fn carried_out(change: &Change, before: &View<'_>, after: &View<'_>, file: FileId) -> Result<(), Unproved> {
    let (old, new) = (before.source(file), after.source(file));
    let (old_tree, new_tree) = (before.syntax(file), after.syntax(file));
    let messages = |syntax: &Syntax| syntax.unreadable.iter().map(|part| part.message.clone()).collect::<Vec<_>>();
    if messages(old_tree) != messages(new_tree) {
        return Err(Unproved::Syntax);
    }
    let regions = regions(&change.splices).ok_or(Unproved::Overlap)?;
    let difference = difference(&old_tree.body, &new_tree.body, &change.splices).ok_or(Unproved::Intent)?;

    let mut done = BTreeSet::new();
    // The parts of either text that differ by intention.
    let (mut gone, mut come): (Vec<Span>, Vec<Span>) = (Vec::new(), Vec::new());
    for (block, attribute) in difference.added {
        let (key, value) = (attribute.key.text.clone(), new.slice(attribute.value.span).to_owned());
        done.insert(Intent::Insert { block: block.ok_or(Unproved::Intent)?, key, value });
        come.push(attribute.span);
    }
    for (before, after) in difference.replaced {
        done.insert(Intent::Replace { expression: before.span, text: new.slice(after.span).to_owned() });
        gone.push(before.span);
        come.push(after.span);
    }
    for element in difference.removed {
        done.insert(Intent::Remove { element: element.span });
        gone.push(element.span);
    }
    let (comments, others): (Vec<_>, Vec<_>) =
        change.intents.iter().cloned().partition(|intent| matches!(intent, Intent::Comment { .. }));
    if done != others.into_iter().collect() || !same_comments(old, new, &gone, &comments) {
        return Err(Unproved::Intent);
    }
    if !comments.is_empty() {
        come.extend(regions.into_iter().map(|(_, region)| region));
    }
    if remains(old, &gone) == remains(new, &come) { Ok(()) } else { Err(Unproved::Intent) }
}

/// Whether the comments are those from before, but for what is gone with an expression, and the new ones.
fn same_comments(old: &SourceFile, new: &SourceFile, gone: &[Span], added: &[Intent]) -> bool {
    let gone: BTreeSet<Span> = gone.iter().copied().collect();
    let stays = |span: Span| {
        // What is gone is apart from each other, so that only the last that starts before may hold it.
        let before = gone.range(..=Span::new(span.start, usize::MAX)).next_back();
        !before.is_some_and(|part| part.contains(span))
    };
    let kept = comments(old).into_iter().filter(|comment| stays(comment.span)).map(|comment| comment.text);
    let added = added.iter().filter_map(|intent| match intent {
        Intent::Comment { text, .. } => Some(text.trim().to_owned()),
        _ => None,
    });
    let mut expected: Vec<String> = kept.chain(added).collect();
    let mut found: Vec<String> = comments(new).into_iter().map(|comment| comment.text).collect();
    expected.sort_unstable();
    found.sort_unstable();
    expected == found
}

#[cfg(test)]
mod tests;

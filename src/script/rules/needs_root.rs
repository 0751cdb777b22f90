//! Acts of the notebook user, without sudo, that only root may do.

use super::Draft;
use super::memory::Memory;
use crate::rules::Rule;
use crate::script::effect::{Act, Effect};
use crate::script::state::paths;

/// The notebook user changes the system while the hook runs.
pub fn system_change(effect: &Effect, _: &Memory) -> Option<Draft> {
    if !effect.by.actor.is_notebook_now() {
        return None;
    }
    if let Act::NeedsRoot { what, program } = &effect.act {
        return Some(draft(effect, &format!("ec2-user {what} with `{program}` and without root"), program));
    }
    let (verb, path) = match &effect.act {
        Act::Write(write) => ("writes", &write.path),
        Act::Remove { path } => ("removes", path),
        Act::ChangeMode { path, .. } => ("changes the mode of", path),
        Act::ChangeOwner { path, .. } => ("changes the owner of", path),
        Act::ChangeAccess { path, .. } => ("changes", path),
        _ => return None,
    };
    // After a sudo the path may be ec2-user's.
    (paths::is_system(path) && !effect.by.helped).then(|| {
        draft(effect, &format!("ec2-user {verb} {}, which only root may", paths::shown(path)), paths::parent(path))
    })
}

fn draft(effect: &Effect, what: &str, about: &str) -> Draft {
    let message = format!("{what}; already failing, not caused by this change");
    let help = "Move the line out of the notebook user's block: the hook is root already.";
    Draft::new(Rule::SystemWriteAsNotebookUser, &effect.by.span, message, help).about(about)
}

//! Programs with root's rights, and system paths that ec2-user can write.

use super::Draft;
use super::memory::{Memory, is_outside_home};
use crate::rules::Rule;
use crate::script::effect::{Act, Effect, Others};
use crate::script::state::paths;
use crate::script::state::user::User;

/// Root gives a program rights of root.
pub fn privilege(effect: &Effect, _: &Memory) -> Option<Draft> {
    let what = match &effect.act {
        Act::Privilege(what) => what,
        Act::ChangeMode { mode, .. } if mode.setuid => "root sets the setuid bit",
        _ => return None,
    };
    effect.by.actor.is_root().then(|| {
        Draft::new(
            Rule::SetuidOrCapability,
            &effect.by.span,
            format!("{what}: ec2-user gets root's rights by starting it"),
            "Remove the line; run what needs the rights from the hook or from a unit that only root controls.",
        )
    })
}

/// Root makes a system path writable for the notebook user.
pub fn opened(effect: &Effect, memory: &Memory) -> Option<Draft> {
    let (path, how) = match &effect.act {
        Act::ChangeMode { path, mode, .. } if mode.others == Others::Writes => {
            (path, "for everybody, ec2-user among them")
        }
        Act::ChangeMode { path, mode, .. } if memory.is_opened_to_group(path, *mode) => {
            (path, "for the group of ec2-user")
        }
        Act::ChangeOwner { path, owner: Some(User::Notebook), .. } => (path, "for ec2-user, its new owner"),
        Act::ChangeAccess { path, gives: true } => (path, "for ec2-user by an access rule"),
        _ => return None,
    };
    let start = paths::known_start(path);
    let trusted = paths::is_trusted(start) && (start != "/" || path == "/") && is_outside_home(path);
    (effect.by.actor.is_root() && trusted && !paths::is_docker_file(path)).then(|| {
        Draft::new(
            Rule::WorldWritableSystemPath,
            &effect.by.span,
            format!(
                "root makes {} writable {how}: what stands there runs with root's rights sooner or later",
                paths::shown(path)
            ),
            "Keep system paths root's; give ec2-user a folder under /home/ec2-user/SageMaker instead.",
        )
        .about(paths::parent(path))
    })
}

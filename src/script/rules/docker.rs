//! The system Docker, and notebook servers, in root's hands.

use super::Draft;
use super::memory::Memory;
use crate::rules::{Rule, Severity};
use crate::script::effect::{Act, Effect, Others};
use crate::script::state::paths;
use crate::script::state::user::User;

/// Root manages the system Docker, or opens its socket.
pub fn judge(effect: &Effect, _: &Memory) -> Option<Draft> {
    let (path, opens) = match &effect.act {
        Act::ManageDocker => (None, false),
        Act::Write(write) => (Some(&write.path), false),
        Act::ChangeMode { path, mode, .. } => {
            (Some(path), mode.others == Others::Writes || mode.group_writable && mode.others > Others::Nothing)
        }
        Act::ChangeOwner { path, owner, group, .. } => {
            let group = group.as_deref().is_some_and(|group| !matches!(group, "root" | "docker"));
            (Some(path), group || owner.as_ref().is_some_and(|owner| *owner != User::Root))
        }
        Act::ChangeAccess { path, gives } => (Some(path), *gives),
        _ => return None,
    };
    if !effect.by.actor.is_root() || path.is_some_and(|path| !paths::is_docker_file(path)) {
        return None;
    }
    let opens = opens && path.is_some_and(|path| path.ends_with("/docker.sock"));
    Some(if opens {
        Draft::new(
            Rule::SystemDocker,
            &effect.by.span,
            "root opens the socket of the system Docker: where that runs, whoever reaches the socket is root",
            "Remove the line: Rootless Docker has a socket of ec2-user's own once root access is off.",
        )
        .severity(Severity::Error)
    } else {
        Draft::new(
            Rule::SystemDocker,
            &effect.by.span,
            "root manages the system Docker, which Rootless Docker replaces for ec2-user once root access is off: \
             the notebook will not see this change",
            "Configure Rootless Docker instead, under /home/ec2-user/.config/docker, or leave Docker as it is.",
        )
        .about("docker")
    })
}

/// Root starts a notebook server.
pub fn server(effect: &Effect, _: &Memory) -> Option<Draft> {
    let Act::StartServer { program } = &effect.act else { return None };
    effect.by.actor.is_root().then(|| {
        Draft::new(
            Rule::RootServer,
            &effect.by.span,
            format!("root starts `{}`: whatever its user types there runs as root", paths::shown(program)),
            "Start it as the notebook user, with `sudo -u ec2-user -i`, and without `--allow-root`.",
        )
    })
}

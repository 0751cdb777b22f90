//! Files that decide who may become root, written by root.

use std::ops::Range;

use super::Draft;
use super::memory::Memory;
use super::sudoers::{self, Grant};
use crate::rules::Rule;
use crate::script::effect::{Act, Effect};
use crate::script::state::paths;
use crate::script::state::user::ROOT_GROUPS;

/// Files and folders of which every change can hand root back, and what to say of them.
const FILES: [(&str, &str); 10] = [
    ("/root/.ssh/authorized_keys", "root's authorized_keys, which lets a key log in as root"),
    ("/root/.ssh/authorized_keys2", "root's authorized_keys, which lets a key log in as root"),
    ("/etc/doas.conf", "the rules of doas, which let an account become root"),
    ("/etc/doas.d", "the rules of doas, which let an account become root"),
    ("/etc/passwd", "/etc/passwd, where uid 0 means root"),
    ("/etc/shadow", "/etc/shadow, which holds root's password"),
    ("/etc/group", "/etc/group, where groups such as wheel and docker mean root"),
    ("/etc/pam.d", "PAM, which decides who may become root"),
    ("/etc/polkit-1", POLKIT),
    ("/usr/share/polkit-1", POLKIT),
];
const POLKIT: &str = "polkit, which decides who may act as root";

/// Root writes a file that decides who may become root.
pub fn by_file(effect: &Effect, _: &Memory) -> Option<Draft> {
    let Act::Write(write) = &effect.act else { return None };
    let path = write.path.as_str();
    let known = write.content.as_ref().map(crate::script::shell::mapped::Text::as_str);
    if !effect.by.actor.is_root() || known.is_some_and(str::is_empty) {
        return None;
    }
    let span = &effect.by.span;
    if path == "/etc/sudoers" || path.starts_with("/etc/sudoers.d/") {
        return by_rule(path, &known.map_or(Grant::Root(None), sudoers::judge), span);
    }
    let (name, what) = *FILES.iter().find(|(name, _)| path == *name || paths::is_within(path, name))?;
    let harmless = known.is_some_and(|text| match name {
        "/etc/passwd" => !text.contains(":0:"),
        "/etc/group" => !ROOT_GROUPS.iter().any(|group| text.starts_with(group)),
        _ => false,
    });
    (!harmless).then(|| {
        Draft::new(
            Rule::GrantsRoot,
            span,
            format!("root writes {what}: this can hand back what the control takes away"),
            "Remove the line; do what needs root in the hook, which is root already.",
        )
    })
}

/// What a rule of sudo in a file grants.
pub fn by_rule(path: &str, grant: &Grant, span: &Range<usize>) -> Option<Draft> {
    let path = paths::shown(path);
    Some(match grant {
        Grant::None => return None,
        Grant::Root(who) => {
            let message = match who {
                Some(who) => format!(
                    "root writes a rule to {path} that lets {} do anything as root, which hands root back",
                    paths::shown(who)
                ),
                None => format!("root writes {path}, and what the rule allows is not known: it can hand root back"),
            };
            let help = "Remove the rule; do what needs root in the hook, which is root already.";
            Draft::new(Rule::GrantsRoot, span, message, help)
        }
        Grant::Scoped(who) => Draft::new(
            Rule::ScopedSudoGrant,
            span,
            format!(
                "root writes a rule to {path} that lets {} run named commands as root, even with root access off",
                paths::shown(who)
            ),
            "Make sure that none of them can start another program or write a file; better, run them in the hook.",
        ),
    })
}

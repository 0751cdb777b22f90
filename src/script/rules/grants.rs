//! Commands that give root back: groups, accounts, passwords, the API.

use super::memory::Memory;
use super::{Draft, file_grants, sudoers};
use crate::rules::{Rule, Severity};
use crate::script::effect::{Act, Effect, Grant};

const HELP: &str = "Remove the line; do what needs root in the hook, which is root already.";

/// Root gives an account root, or a password.
pub fn by_command(effect: &Effect, _: &Memory) -> Option<Draft> {
    let Act::Grant(grant) = &effect.act else { return None };
    if !effect.by.actor.is_root() {
        return None;
    }
    let draft = |message: String| Draft::new(Rule::GrantsRoot, &effect.by.span, message, HELP);
    match grant {
        Grant::Group(group) => {
            Some(draft(format!("root adds an account to the group {group}, whose members can become root")))
        }
        Grant::Uid0 => Some(draft("root gives an account uid 0, which makes it another root".to_owned())),
        Grant::Password => {
            let message =
                "root sets a password: whoever knows it can use `su`, or `sudo` where a rule asks for a password";
            let help = "Leave accounts without a password; do what needs root in the hook, which is root already.";
            Some(Draft::new(Rule::GrantsRoot, &effect.by.span, message, help).severity(Severity::Warning))
        }
        Grant::Sudoers(rule) => file_grants::by_rule("/etc/sudoers", &sudoers::judge(rule), &effect.by.span),
    }
}

/// Whoever runs it, the call turns root access on.
pub fn by_api(effect: &Effect, _: &Memory) -> Option<Draft> {
    matches!(effect.act, Act::EnableRootAccess).then(|| {
        Draft::new(
            Rule::ReEnablesRootAccess,
            &effect.by.span,
            "The script turns root access on again through the SageMaker API, whatever Terraform says",
            "Remove the call; forbid it with the IAM condition key `sagemaker:RootAccess`.",
        )
    })
}

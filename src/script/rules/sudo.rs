//! Changes of user: sudo that fails once root access is off, su that fails anyway, sudo that is not needed.

use super::memory::Memory;
use super::{Draft, spoken};
use crate::rules::{Rule, Severity};
use crate::script::effect::{Act, Become, Effect, Family};
use crate::script::state::context::Fate;
use crate::script::state::paths;
use crate::script::state::user::{Time, User};

/// The advice where a rewritten line was proved.
pub const MOVE: &str = "Move the line out of the notebook user's block and drop the `sudo`: the hook is root already.";
/// The same where other lines have to move along.
pub const MOVE_ALL: &str =
    "Move these lines out of the notebook user's block together and drop their `sudo`: the hook is root already.";
/// The advice on such another line.
pub const MOVES_ALONG: &str =
    "Move the line along with the other `sudo` lines of its block, as shown at the first of them.";
/// The advice where a line may move, unless its proof fails.
pub const DECIDE: &str = "Decide who has to run it: root can, in its own part of the hook, if folder, variables and order stay the same; \
    software for one user belongs in a virtual environment under /home/ec2-user/SageMaker.";
const DROP: &str = "Drop this line: run by root it would hand root back.";
const DROP_DOCKER: &str =
    "Drop this line: once root access is off, Rootless Docker replaces the system Docker for ec2-user.";
const OWN_FILES: &str = "Drop the `sudo`: the line touches only files of ec2-user's own.";
const DO_NOT_MOVE: &str = "Do not move this line to root's part: there root would run files that ec2-user can rewrite. \
    Install without root, for example with `--prefix` or a virtual environment under /home/ec2-user/SageMaker.";

/// The change of user that an effect is, unless it only prints something.
fn change(effect: &Effect) -> Option<&Become> {
    let Act::Become(change) = &effect.act else { return None };
    Some(change)
}

/// `sudo` by the notebook user.
pub fn as_notebook_user(effect: &Effect, memory: &Memory) -> Option<Draft> {
    let change = change(effect).filter(|it| it.family == Family::Sudo && effect.by.actor.user == User::Notebook)?;
    let (shown, span) = (&change.shown, &effect.by.span);
    if let Time::Later(through) = &effect.by.actor.time {
        let message = format!(
            "{through} runs {shown} as ec2-user after the hook; once root access is off it fails with \
             \"sudo: a password is required\""
        );
        let help = "Let root do it in the hook, or from root's crontab or a unit without `User=` that runs a file only root can write.";
        return Some(Draft::new(Rule::DeferredSudo, span, message, help).about(&change.program));
    }
    let (severity, outcome) = match effect.by.fate {
        Fate::Reaches => (Severity::Error, "and the hook fails with it, so the notebook does not start"),
        Fate::Lost => (Severity::Warning, "and the hook goes on without it"),
        Fate::Guarded => (Severity::Note, "which the script seems to expect: it tests or catches the failure"),
    };
    let message = format!(
        "{shown} runs as ec2-user and fails once root access is off (\"sudo: a password is required\"), {outcome}"
    );
    let draft = Draft::new(Rule::SudoAsNotebookUser, span, message, advice(change, memory));
    Some(draft.severity(severity).about(&change.program))
}

/// The advice on a `sudo` of the notebook user.
fn advice(change: &Become, memory: &Memory) -> &'static str {
    let Some(as_root) = &change.as_root else { return DECIDE };
    let rules = spoken(as_root, memory);
    let hands_back = |rule: &Rule| {
        matches!(
            rule,
            Rule::GrantsRoot
                | Rule::ScopedSudoGrant
                | Rule::SetuidOrCapability
                | Rule::WorldWritableSystemPath
                | Rule::ReEnablesRootAccess
        )
    };
    if rules.iter().any(hands_back) {
        DROP
    } else if rules.contains(&Rule::SystemDocker) {
        DROP_DOCKER
    } else if rules.iter().any(|rule| matches!(rule, Rule::RootRunsUserWritable | Rule::RootServer)) {
        DO_NOT_MOVE
    } else if change.own_files {
        OWN_FILES
    } else {
        DECIDE
    }
}

/// su and runuser by the notebook user.
pub fn su_as_notebook_user(effect: &Effect, _: &Memory) -> Option<Draft> {
    let change = change(effect).filter(|it| it.family == Family::Su && effect.by.actor.user == User::Notebook)?;
    let when = match &effect.by.actor.time {
        Time::Now => String::new(),
        Time::Later(through) => format!(", started by {through}"),
    };
    let message = format!(
        "ec2-user calls `{}`{when}, which asks for a password that the account does not have; \
         already failing, not caused by this change",
        change.tool
    );
    let help = "Call it from root's part of the script, or drop it: the hook is root already.";
    Some(Draft::new(Rule::SuAsNotebookUser, &effect.by.span, message, help).about(change.tool))
}

/// `sudo` by root, for root.
pub fn redundant(effect: &Effect, _: &Memory) -> Option<Draft> {
    let change = change(effect)?;
    let applies =
        effect.by.actor.is_root() && change.family == Family::Sudo && change.user == User::Root && change.runs;
    applies.then(|| {
        let help = "Nothing has to change; the command does the same without `sudo`.";
        Draft::new(Rule::RedundantSudo, &effect.by.span, "", help).together()
    })
}

/// A change to a user that is not known.
pub fn unresolved_user(effect: &Effect, _: &Memory) -> Option<Draft> {
    let change = change(effect).filter(|it| it.user == User::Unknown)?;
    if effect.by.actor.user == User::Notebook && change.family != Family::Plain {
        return None;
    }
    let message = format!(
        "The user that `{}` changes to is not known here, so what runs as that user is not judged",
        change.tool
    );
    let help = "Write the user's name out, or assign it from a literal in the script.";
    Some(Draft::new(Rule::UnresolvedUser, &effect.by.span, message, help).about(change.tool))
}

/// A string that looks like a call of sudo in the configuration of ec2-user's notebook server.
pub fn in_jupyter(effect: &Effect, _: &Memory) -> Option<Draft> {
    let Act::CallsSudo { path } = &effect.act else { return None };
    let message =
        format!("{} calls sudo as ec2-user after the hook; once root access is off it fails", paths::shown(path));
    let help = "Let root do it in the hook, or from a unit without `User=` that runs a file only root can write.";
    Some(Draft::new(Rule::DeferredSudo, &effect.by.span, message, help).about(path))
}

/// A substitution that root expands in a heredoc meant for another account.
pub fn expanded(effect: &Effect) -> Draft {
    Draft::new(
        Rule::ExpandedByRoot,
        &effect.by.span,
        "The heredoc's delimiter is not quoted, so root runs this substitution before the other account sees the text",
        "Quote the delimiter (`<<'EOF'`) or write `\\$(…)` if the other account should run it; leave it if root should.",
    )
}

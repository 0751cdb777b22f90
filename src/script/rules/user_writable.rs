//! Root runs, sources, installs or finds what the notebook user can write.

use super::Draft;
use super::memory::{Memory, foreign_source, is_exposed, is_found_by_root};
use crate::rules::{Rule, Severity};
use crate::script::effect::{Act, Effect, Use};
use crate::script::shell::mapped::UNKNOWN;
use crate::script::state::later_runners::{holds_what_root_runs, runs_as_root};
use crate::script::state::paths::{self, Writable};
use crate::script::state::user::Time;

const BECOMES_ROOT: &str = "which ec2-user can rewrite: whoever writes it becomes root";
const KEEP_OWN_COPY: &str =
    "Keep a copy that only root can write, for example under /opt, shipped with the hook itself.";
const LEAVE_TO_ROOT: &str = "Leave it and its folder to root alone; what needs no root, run with `sudo -u ec2-user`.";
const LEAVE_OUT: &str = "Leave it out where root runs: name root's programs with their paths, and run those of ec2-user with `sudo -u ec2-user`.";
const RUN_AS_USER: &str = "Keep it where only root can write, for example under /opt or /root; what needs no root, run with `sudo -u ec2-user`.";

impl Use {
    const fn verb(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Sources => "sources",
            Self::Installs => "installs from",
            Self::Makes => "runs the Makefile in",
            Self::Executes => "executes the notebook",
            Self::Pulls => "runs git, and so the hooks and settings of the repository, in",
            Self::Searches => "looks for its programs in",
            Self::Loads => "loads code from",
            Self::Builds => "runs the scripts of the project in",
        }
    }
}

/// Root trusts a path that ec2-user can write, or hands one to a program that is not known.
pub fn used(effect: &Effect, memory: &Memory) -> Option<Draft> {
    if !effect.by.actor.is_root() {
        return None;
    }
    match &effect.act {
        Act::Use { how, path, .. } => trusted(effect, *how, path, memory),
        Act::HandToUnknown { path } if matches!(paths::writable(path), Writable::Workspace | Writable::Home) => {
            let message = format!(
                "root hands {}, which ec2-user can rewrite, to a program that is not known here",
                paths::shown(path)
            );
            let draft = Draft::new(Rule::RootRunsUserWritable, &effect.by.span, message, RUN_AS_USER);
            Some(draft.severity(Severity::Warning).about(paths::parent(path)))
        }
        Act::InstallCrontab { path, known: false } if paths::is_within(path, paths::HOME) => {
            let message = format!("root's crontab is taken from {}, which ec2-user can rewrite", paths::shown(path));
            let help = "Write root's crontab in the hook itself, or use `crontab -u ec2-user`.";
            Some(Draft::new(Rule::RootRunsUserWritable, &effect.by.span, message, help))
        }
        _ => None,
    }
}

fn trusted(effect: &Effect, how: Use, path: &str, memory: &Memory) -> Option<Draft> {
    let later = !effect.by.actor.is_now();
    let (severity, why) = match paths::writable(path) {
        Writable::Workspace => (Severity::Error, BECOMES_ROOT),
        Writable::Conda | Writable::Home if later => (Severity::Error, BECOMES_ROOT),
        Writable::Conda => (
            Severity::Note,
            "which belongs to ec2-user: safe only while nothing in the hook lets ec2-user change it first",
        ),
        Writable::Home => (Severity::Warning, BECOMES_ROOT),
        Writable::Temporary => {
            (Severity::Warning, "where every user may put files: whoever puts it there becomes root")
        }
        Writable::No if memory.is_handed(path) => (
            if later { Severity::Error } else { Severity::Warning },
            "which this script makes writable for ec2-user: whoever writes it becomes root",
        ),
        Writable::No if memory.copied_from(path).is_some() => {
            (Severity::Error, "a copy of what ec2-user can rewrite: whoever writes that becomes root")
        }
        Writable::No => return None,
    };
    let severity = if how == Use::Pulls { severity.min(Severity::Warning) } else { severity };
    let starter = match &effect.by.actor.time {
        Time::Now => "root".to_owned(),
        Time::Later(through) if through.starts_with("root's ") => through.to_string(),
        Time::Later(through) => format!("{through}, as root,"),
    };
    let copied = paths::writable(path) == Writable::No && !memory.is_handed(path);
    let help = if copied {
        KEEP_OWN_COPY
    } else if memory.is_handed(path) {
        LEAVE_TO_ROOT
    } else if how == Use::Searches {
        LEAVE_OUT
    } else if later {
        "Keep the program under /opt, where only root can write; what needs no root, run as ec2-user (`crontab -u ec2-user`, `User=ec2-user`)."
    } else {
        RUN_AS_USER
    };
    let message = format!("{starter} {} {}, {why}", how.verb(), paths::shown(path));
    let about = if matches!(how, Use::Runs | Use::Sources | Use::Executes | Use::Installs) {
        paths::parent(path)
    } else {
        path
    };
    Some(Draft::new(Rule::RootRunsUserWritable, &effect.by.span, message, help).severity(severity).about(about))
}

/// Root puts what ec2-user can write where root finds it.
pub fn placed(effect: &Effect, _: &Memory) -> Option<Draft> {
    let (source, target, copied) = match &effect.act {
        Act::Link { source, target } => (source.as_str(), target, false),
        Act::Write(write) => match &write.leads_to {
            Some(source) => (source.as_str(), &write.path, false),
            None => (foreign_source(write)?, &write.path, true),
        },
        _ => return None,
    };
    // A whole folder or archive may bring anything.
    let over = target.trim_end_matches(['/', '.', UNKNOWN]);
    let is_over = copied && (over.is_empty() || holds_what_root_runs(over));
    let applies =
        if copied { is_over || runs_as_root(target) } else { is_exposed(source, target) && is_found_by_root(target) };
    (effect.by.actor.is_root() && applies).then(|| {
        let (source, target) = (paths::shown(source), paths::shown(if is_over { over } else { target }));
        if is_over {
            let target = if over.is_empty() { "/" } else { &target };
            let message = format!(
                "root puts what stands in {source}, which ec2-user can rewrite, into {target}, where root looks for what it runs"
            );
            let draft = Draft::new(Rule::RootRunsUserWritable, &effect.by.span, message, KEEP_OWN_COPY);
            return draft.severity(Severity::Warning);
        }
        let message = if copied {
            format!("root will run {target}, which it takes from {source}, and ec2-user can rewrite that")
        } else {
            format!(
                "root puts {target} where root looks for programs, and ec2-user can rewrite what stands behind it, {source}"
            )
        };
        Draft::new(Rule::RootRunsUserWritable, &effect.by.span, message, KEEP_OWN_COPY)
    })
}

/// Root starts a container with the host's files in it.
pub fn container(effect: &Effect, _: &Memory) -> Option<Draft> {
    (matches!(effect.act, Act::OpenContainer) && effect.by.actor.is_root()).then(|| {
        let draft = Draft::new(
            Rule::RootRunsUserWritable,
            &effect.by.span,
            "root starts a container that reaches the whole machine: whoever can change its image, its files or its programs becomes root",
            "Start it without `--privileged` and without mounts of the host's own files or Docker's socket.",
        );
        draft.severity(Severity::Warning).about("container")
    })
}

/// Code that the script fetched, or that is not shell.
pub fn elsewhere(effect: &Effect, memory: &Memory) -> Option<Draft> {
    let applies = match &effect.act {
        Act::RunElsewhere => true,
        Act::Use { how: Use::Runs | Use::Executes | Use::Sources, path, fetched: true } => {
            paths::writable(path) == Writable::No && memory.copied_from(path).is_none()
        }
        _ => false,
    };
    applies.then(|| {
        let help = "Read that code for calls of sudo, and for what it makes writable.";
        Draft::new(Rule::UnanalysedScript, &effect.by.span, "", help).together()
    })
}

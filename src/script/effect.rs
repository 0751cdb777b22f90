//! The effects of a script. The interpreter yields them, and the rules see nothing else.

use std::ops::Range;

use super::shell::mapped::Text;
use super::state::context::Fate;
use super::state::process::State;
use super::state::user::{Actor, User};

/// One thing that a script does.
#[derive(Debug, Clone)]
pub struct Effect {
    pub by: By,
    pub act: Act,
}

/// Who acts, when, and what becomes of a failure.
#[derive(Debug, Clone)]
pub struct By {
    pub actor: Actor,
    pub fate: Fate,
    /// `sudo` did something for the notebook user before, which the act may rely on.
    pub helped: bool,
    /// The command, in bytes of the script.
    pub span: Range<usize>,
}

impl By {
    pub fn new(state: &State, fate: Fate, span: Range<usize>) -> Self {
        Self { actor: state.actor.clone(), fate, helped: state.helped, span }
    }
}

#[derive(Debug, Clone)]
pub enum Act {
    /// Trusts what stands at a path. `fetched`: the script put it there, with a content that is not known.
    Use {
        how: Use,
        path: String,
        fetched: bool,
    },
    /// Hands a path that looks like a program to a command that is not known.
    HandToUnknown {
        path: String,
    },
    /// Runs code that the script does not hold, or that is not shell and speaks of root.
    RunElsewhere,
    /// Starts a container that reaches the whole machine.
    OpenContainer,
    Write(Write),
    /// Makes `target` show what stands at `source`.
    Link {
        source: String,
        target: String,
    },
    Remove {
        path: String,
    },
    ChangeMode {
        path: String,
        mode: Mode,
        recursive: bool,
    },
    /// A new owner, a new group, or both.
    ChangeOwner {
        path: String,
        owner: Option<User>,
        group: Option<String>,
        recursive: bool,
    },
    /// Changes the access rules of a path; `gives` is whether ec2-user may write there afterwards.
    ChangeAccess {
        path: String,
        gives: bool,
    },
    /// Gives a program rights of root, in these words.
    Privilege(&'static str),
    Become(Become),
    Grant(Grant),
    /// Does what only root may, with this program.
    NeedsRoot {
        what: &'static str,
        program: String,
    },
    StartServer {
        program: String,
    },
    ManageDocker,
    EnableRootAccess,
    /// Installs a crontab from a file; `known` is whether the script wrote it.
    InstallCrontab {
        path: String,
        known: bool,
    },
    /// A file that is not shell calls sudo by its look.
    CallsSudo {
        path: String,
    },
    /// Expands a substitution in a heredoc for another account.
    ExpandForOther,
    Limit(Limit),
}

/// How a path is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Runs,
    Sources,
    Installs,
    Makes,
    Executes,
    Pulls,
    Searches,
    Loads,
    Builds,
}

impl Use {
    /// The use that the table of programs calls by this word.
    pub fn named(word: &str) -> Option<Self> {
        let all = [
            ("runs", Self::Runs),
            ("sources", Self::Sources),
            ("installs", Self::Installs),
            ("makes", Self::Makes),
            ("executes", Self::Executes),
            ("pulls", Self::Pulls),
            ("loads", Self::Loads),
            ("builds", Self::Builds),
        ];
        all.into_iter().find(|(name, _)| *name == word).map(|(_, how)| how)
    }
}

/// One path that is written.
#[derive(Debug, Clone)]
pub struct Write {
    /// Absolute, as far as is known.
    pub path: String,
    /// The new content, or what is added; `None` if it is not known.
    pub content: Option<Text>,
    pub append: bool,
    /// Makes the file if it is not there; what only adds to a file is taken to find it there.
    pub creates: bool,
    /// Changes a file in place, which keeps its owner.
    pub in_place: bool,
    /// Whose file it becomes, where the command itself says so.
    pub owner: Option<User>,
    /// Where a link leads.
    pub leads_to: Option<String>,
    /// Where the content was copied from, and whether the script wrote that.
    pub source: Option<(String, bool)>,
}

impl Write {
    pub fn new(path: String) -> Self {
        Self {
            path,
            content: None,
            append: false,
            creates: true,
            in_place: false,
            owner: None,
            leads_to: None,
            source: None,
        }
    }

    pub fn empty(path: String) -> Self {
        Self { content: Some(Text::default()), ..Self::new(path) }
    }
}

/// The rights that a mode gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mode {
    pub setuid: bool,
    pub group_writable: bool,
    pub others: Others,
}

/// The rights that a mode gives to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Others {
    #[default]
    Nothing,
    /// Reads, or writes where a sticky bit restrains it: somebody meant to share the file.
    Shared,
    Writes,
}

/// A command that changes the user.
#[derive(Debug, Clone)]
pub struct Become {
    pub tool: &'static str,
    pub family: Family,
    pub user: User,
    /// The tool with the first words of what it runs, for a message.
    pub shown: String,
    /// The program that runs as the other user; empty for a shell.
    pub program: String,
    /// Whether anything runs as the other user.
    pub runs: bool,
    /// The effects if root did it; `None` where that is not asked for.
    pub as_root: Option<Vec<Effect>>,
    /// Whether only files of ec2-user's own are concerned.
    pub own_files: bool,
}

/// How a tool decides whether its caller may change the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// By rules: sudo, doas, pkexec.
    Sudo,
    /// By the target's password, or being root: su, runuser.
    Su,
    /// Only root can: setpriv, systemd-run and the like.
    Plain,
}

/// The grant to an account.
#[derive(Debug, Clone)]
pub enum Grant {
    Group(String),
    Uid0,
    Password,
    /// Rules for sudo, fed to visudo.
    Sudoers(String),
}

/// Where the analysis ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Nested or repeated too much.
    TooMuch,
    /// Terraform puts text in that is not known.
    Template,
    Syntax,
    CarriageReturns,
}

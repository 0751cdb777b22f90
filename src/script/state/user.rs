//! Who runs a command, and when.

use std::rc::Rc;

use crate::script::shell::mapped::UNKNOWN;
use crate::script::state::paths;

/// The account that lifecycle scripts and notebooks know as their user. Source: AWS developer guide, `nbi-root-access`.
pub const NOTEBOOK_USER: &str = "ec2-user";

/// Groups whose members can become root. `disk` reads and writes every file below the file system, `shadow` reads
/// password hashes, `docker` starts privileged containers.
pub const ROOT_GROUPS: [&str; 6] = ["wheel", "sudo", "root", "docker", "disk", "shadow"];

/// Who runs a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    Root,
    Notebook,
    Other(String),
    Unknown,
}

impl User {
    /// Reads a user name, `#uid` or bare uid, with an optional `:group`.
    pub fn named(name: &str) -> Self {
        match name.trim_start_matches('+').split([':', '.']).next().unwrap_or_default() {
            name if name.contains(UNKNOWN) => Self::Unknown,
            "root" | "#0" | "0" => Self::Root,
            NOTEBOOK_USER | "#1000" | "1000" => Self::Notebook,
            "" => Self::Unknown,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name, if it is known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Root => Some("root"),
            Self::Notebook => Some(NOTEBOOK_USER),
            Self::Other(name) => Some(name),
            Self::Unknown => None,
        }
    }

    /// The numeric id, if it is known.
    pub fn id(&self) -> Option<&'static str> {
        match self {
            Self::Root => Some("0"),
            Self::Notebook => Some("1000"),
            Self::Other(_) | Self::Unknown => None,
        }
    }

    /// The home folder, if it is known.
    pub fn home(&self) -> Option<String> {
        match self {
            Self::Root => Some("/root".to_owned()),
            Self::Notebook => Some(paths::HOME.to_owned()),
            Self::Other(name) => Some(format!("/home/{name}")),
            Self::Unknown => None,
        }
    }
}

/// As whom a command runs, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: User,
    pub time: Time,
}

impl Actor {
    pub fn is_root(&self) -> bool {
        self.user == User::Root
    }

    /// Whether it is while the hook runs.
    pub fn is_now(&self) -> bool {
        self.time == Time::Now
    }

    /// Whether it is the notebook user while the hook runs.
    pub fn is_notebook_now(&self) -> bool {
        self.user == User::Notebook && self.is_now()
    }
}

/// When a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Time {
    /// While the hook runs.
    Now,
    /// After the hook, started by what the text names ("root's crontab").
    Later(Rc<str>),
}

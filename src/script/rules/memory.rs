//! The results of earlier effects: what root made, handed over, copied and ran.

use std::ops::Range;

use crate::script::effect::{Act, Effect, Mode, Others, Write};
use crate::script::shell::mapped::UNKNOWN;
use crate::script::state::later_runners::{SEARCHED, holds_what_root_runs, runs_as_root};
use crate::script::state::paths::{self, Writable};
use crate::script::state::user::User;

/// Paths of one kind that are remembered.
const MOST_PATHS: usize = 64;

#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The files that root made in ec2-user's home and nobody handed over since, and by which command.
    pub created: Vec<(String, Range<usize>)>,
    handed: Vec<String>,
    groups: Vec<String>,
    /// The files that root copied out of ec2-user's reach, and from where.
    copied: Vec<(String, String)>,
    /// The files that root runs, sources or installs.
    run: Vec<String>,
}

impl Memory {
    pub fn learn(&mut self, effect: &Effect) {
        let by = &effect.by;
        match &effect.act {
            Act::Remove { path } => self.settle(path, true),
            _ if !by.actor.is_root() => {}
            Act::Write(write) => self.write(write, &by.span, by.actor.is_now()),
            Act::Use { path, .. } | Act::HandToUnknown { path } | Act::InstallCrontab { path, .. } => self.run(path),
            Act::Link { source, target } => self.link(source, target),
            Act::ChangeMode { path, mode, recursive } => {
                if mode.others == Others::Writes || self.is_opened_to_group(path, *mode) {
                    self.open(path);
                }
                if mode.others > Others::Nothing {
                    self.settle(path, *recursive);
                }
            }
            Act::ChangeOwner { path, owner, group, recursive } => {
                if group.as_deref().is_some_and(|group| User::named(group) == User::Notebook) {
                    push(&mut self.groups, path);
                }
                match owner {
                    Some(User::Notebook) => {
                        self.open(path);
                        self.settle(path, *recursive);
                    }
                    Some(User::Root) | None => {}
                    Some(_) => self.settle(path, *recursive),
                }
            }
            Act::ChangeAccess { path, gives: true } => self.open(path),
            _ => {}
        }
    }

    /// Whether a mode lets ec2-user's group write where the path was given to it.
    pub fn is_opened_to_group(&self, path: &str, mode: Mode) -> bool {
        mode.group_writable && holds(&self.groups, path)
    }

    /// Whether the script itself made the path writable for the notebook user.
    pub fn is_handed(&self, path: &str) -> bool {
        holds(&self.handed, path)
    }

    /// Where root took the content of `path` from, if ec2-user could write it there.
    pub fn copied_from(&self, path: &str) -> Option<&str> {
        let found = self.copied.iter().find(|(known, _)| known.len() > 1 && paths::is_within(path, known))?;
        Some(&found.1)
    }

    /// Whether root runs the path, or something in it.
    pub fn is_run(&self, path: &str) -> bool {
        let start = paths::known_start(path);
        self.run.iter().any(|run| paths::is_within(run, start) || paths::is_within(start, run))
    }

    fn write(&mut self, write: &Write, span: &Range<usize>, now: bool) {
        let path = write.path.as_str();
        if now {
            if matches!(write.owner, Some(User::Notebook | User::Unknown)) {
                self.settle(path, true);
            } else if write.creates && (!write.in_place || self.moves_created(write)) {
                self.create(path, span);
            }
        }
        if let Some(target) = &write.leads_to {
            self.link(target, path);
        }
        if let Some(source) = foreign_source(write).filter(|_| !paths::is_within(path, paths::HOME))
            && self.copied.len() < MOST_PATHS
        {
            self.copied.push((paths::known_start(path).to_owned(), source.to_owned()));
        }
    }

    /// Whether `mv` moves a file within the home that root made.
    fn moves_created(&mut self, write: &Write) -> bool {
        let Some((source, _)) = &write.source else { return false };
        let created = self.created.iter().any(|(known, _)| paths::is_within(source, known));
        if created {
            self.settle(source, true);
        }
        created
    }

    fn create(&mut self, path: &str, span: &Range<usize>) {
        let path = path.trim_end_matches('/');
        if !paths::is_within(path, paths::HOME) || paths::exists_before(path) {
            return;
        }
        if !self.created.iter().any(|(known, _)| paths::is_within(path, known)) {
            self.created.push((path.to_owned(), span.clone()));
        }
    }

    /// Notes that the files at `path` are the notebook user's now, or gone.
    fn settle(&mut self, path: &str, recursive: bool) {
        // A path that is known in part may be any that starts alike.
        let partly = path.find([UNKNOWN, '*', '?', '[']).map(|at| &path[..at]);
        self.created.retain(|(known, _)| {
            // One that was unpacked into a folder may be any in it.
            let unpacked =
                known.strip_suffix(UNKNOWN).is_some_and(|into| paths::parent(path) == into.trim_end_matches('/'));
            let covered = known == path || recursive && paths::is_within(known, path) || unpacked;
            !(covered || partly.is_some_and(|start| known.starts_with(start)))
        });
    }

    fn link(&mut self, source: &str, target: &str) {
        if is_exposed(source, target) {
            push(&mut self.handed, target);
            if is_found_by_root(target) {
                self.run(source);
            }
        }
    }

    fn run(&mut self, path: &str) {
        let path = paths::known_start(path);
        if path.len() > 1 && self.run.len() < 4 * MOST_PATHS {
            self.run.push(path.to_owned());
        }
    }

    /// A path outside the home becomes writable for the notebook user.
    fn open(&mut self, path: &str) {
        if is_outside_home(path) && !paths::is_docker_file(path) {
            push(&mut self.handed, path);
        }
    }
}

fn push(list: &mut Vec<String>, path: &str) {
    let path = paths::known_start(path);
    if path.len() > 1 && list.len() < MOST_PATHS {
        list.push(path.to_owned());
    }
}

fn holds(list: &[String], path: &str) -> bool {
    list.iter().any(|known| paths::is_within(path, known))
}

pub fn is_outside_home(path: &str) -> bool {
    let start = paths::known_start(path);
    !start.is_empty() && !paths::is_within(start, paths::HOME)
}

/// Where a copy comes from, if ec2-user could write it there and the script did not.
pub fn foreign_source(write: &Write) -> Option<&str> {
    let (source, known) = write.source.as_ref()?;
    (paths::is_within(source, paths::HOME) && !known).then_some(source.as_str())
}

/// Whether a link brings what ec2-user can write to a place outside the home.
pub fn is_exposed(source: &str, target: &str) -> bool {
    let writable = matches!(paths::writable(source), Writable::Workspace | Writable::Home | Writable::Conda);
    writable && !paths::is_within(target, paths::HOME)
}

/// Whether root finds its programs there.
pub fn is_found_by_root(path: &str) -> bool {
    SEARCHED.iter().any(|folder| paths::is_within(path, folder)) || runs_as_root(path) || holds_what_root_runs(path)
}

//! What root creates in the notebook user's home, and what becomes the notebook user's elsewhere.

use std::ops::Range;

use crate::rules::Rule;
use crate::script::report::{Draft, Report};
use crate::script::state::paths;

#[derive(Debug, Clone, Default)]
pub struct Ownership {
    created: Vec<(String, Range<usize>)>,
    handed: Vec<String>,
    groups: Vec<String>,
    /// What root copied out of ec2-user's reach, and from where.
    copied: Vec<(String, String)>,
    /// What root runs, sources or installs.
    run: Vec<String>,
}

impl Ownership {
    /// Root creates `path` while the hook runs.
    pub fn create(&mut self, path: &str, span: &Range<usize>) {
        let path = path.trim_end_matches('/');
        if !paths::is_within(path, paths::HOME) || paths::exists_before(path) {
            return;
        }
        if !self.created.iter().any(|(known, _)| paths::is_within(path, known)) {
            self.created.push((path.to_owned(), span.clone()));
        }
    }

    /// The path's group becomes that of ec2-user.
    pub fn give_group(&mut self, path: &str) {
        if self.groups.len() < 64 {
            self.groups.push(paths::known_start(path).to_owned());
        }
    }

    /// Whether the script gave the path to the group of ec2-user.
    pub fn is_group(&self, path: &str) -> bool {
        self.groups.iter().any(|known| paths::is_within(path, known))
    }

    /// Root copies something that ec2-user can write.
    pub fn copy(&mut self, source: &str, path: &str) {
        if self.copied.len() < 64 {
            self.copied.push((paths::known_start(path).to_owned(), source.to_owned()));
        }
    }

    /// Where root took the content of `path` from, if ec2-user could write it there.
    pub fn copied_from(&self, path: &str) -> Option<&str> {
        let found = self.copied.iter().find(|(known, _)| known.len() > 1 && paths::is_within(path, known))?;
        Some(&found.1)
    }

    /// Root runs `path`, or something in it.
    pub fn run_by_root(&mut self, path: &str) {
        let path = paths::known_start(path);
        if path.len() > 1 && self.run.len() < 256 {
            self.run.push(path.to_owned());
        }
    }

    /// Whether root created the path in this script.
    pub fn is_created(&self, path: &str) -> bool {
        self.created.iter().any(|(known, _)| paths::is_within(path, known))
    }

    /// What root created at `path` is the notebook user's now, or gone.
    pub fn settle(&mut self, path: &str, recursive: bool) {
        let start = paths::known_start(path);
        let partly = start.len() < path.len();
        self.created.retain(|(known, _)| {
            let below = recursive || partly;
            let covered = known == path || below && paths::is_within(known, start);
            // A path that is not known may be any of them.
            !(covered || start.is_empty())
        });
    }

    /// A path outside the home becomes writable for the notebook user.
    pub fn hand(&mut self, path: &str) {
        let path = paths::known_start(path);
        if path.len() > 1 && self.handed.len() < 64 {
            self.handed.push(path.to_owned());
        }
    }

    /// Whether the script itself made the path writable for the notebook user.
    pub fn is_handed(&self, path: &str) -> bool {
        self.handed.iter().any(|known| paths::is_within(path, known))
    }

    /// Reports what was never handed over.
    pub fn report(&mut self, report: &mut Report) {
        while let Some((_, span)) = self.created.first().cloned() {
            // One command may create several.
            let paths: Vec<String> =
                self.created.iter().filter(|(_, other)| *other == span).map(|(path, _)| path.clone()).collect();
            let together: Vec<String> = paths.iter().map(|path| paths::shown(path)).collect();
            self.created.retain(|(_, other)| *other != span);
            let shown = together.join(", ");
            let target = |path: &String| paths::quoted(paths::known_start(path));
            let is_run = |path: &String| {
                let start = paths::known_start(path);
                self.run.iter().any(|run| paths::is_within(run, start) || paths::is_within(start, run))
            };
            let help = if paths.iter().any(is_run) {
                "Keep it out of /home/ec2-user, for example under /opt: root runs it, and whoever can change it becomes root."
                    .to_owned()
            } else {
                let mut targets: Vec<String> = paths.iter().map(target).collect();
                targets.dedup();
                format!(
                    "Create it with `sudo -u ec2-user …`, or add `chown -R ec2-user:ec2-user {}` after it.",
                    targets.join(" ")
                )
            };
            report.add(Draft::new(
                Rule::RootOwnedWorkspace,
                &span,
                format!("root creates {shown}, which stays root's: without root access ec2-user cannot write to it"),
                help,
            ));
        }
    }
}

//! What root creates in the notebook user's home, and what becomes the notebook user's elsewhere.

use std::ops::Range;

use super::paths;
use super::report::{Draft, Report};
use crate::rules::Rule;

#[derive(Debug, Default)]
pub(super) struct Ownership {
    created: Vec<(String, Range<usize>)>,
    handed: Vec<String>,
}

impl Ownership {
    /// Root creates `path` while the hook runs.
    pub(super) fn create(&mut self, path: &str, span: &Range<usize>) {
        let path = path.trim_end_matches('/');
        if !paths::is_within(path, paths::HOME) || paths::exists_before(path) {
            return;
        }
        if !self.created.iter().any(|(known, _)| paths::is_within(path, known)) {
            self.created.push((path.to_owned(), span.clone()));
        }
    }

    /// Whether root created the path in this script.
    pub(super) fn is_created(&self, path: &str) -> bool {
        self.created.iter().any(|(known, _)| paths::is_within(path, known))
    }

    /// What root created at `path` is the notebook user's now, or gone.
    pub(super) fn settle(&mut self, path: &str, recursive: bool) {
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
    pub(super) fn hand(&mut self, path: &str) {
        let path = paths::known_start(path);
        if path.len() > 1 && self.handed.len() < 64 {
            self.handed.push(path.to_owned());
        }
    }

    /// Whether the script itself made the path writable for the notebook user.
    pub(super) fn is_handed(&self, path: &str) -> bool {
        self.handed.iter().any(|known| paths::is_within(path, known))
    }

    /// Reports what was never handed over.
    pub(super) fn report(&mut self, report: &mut Report) {
        while let Some((path, span)) = self.created.first().cloned() {
            // One command may create several.
            let together: Vec<String> =
                self.created.iter().filter(|(_, other)| *other == span).map(|(path, _)| paths::shown(path)).collect();
            self.created.retain(|(_, other)| *other != span);
            let shown = together.join(", ");
            let target = if path.contains(super::text::UNKNOWN) { paths::known_start(&path) } else { path.as_str() };
            report.add(Draft::new(
                Rule::RootOwnedWorkspace,
                &span,
                format!("root creates {shown}, which stays root's: without root access ec2-user cannot change it"),
                format!("Create it with `sudo -u ec2-user …`, or add `chown -R ec2-user:ec2-user {target}` after it."),
            ));
        }
    }
}

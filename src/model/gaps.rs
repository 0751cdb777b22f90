//! Gaps: whatever could influence a module and cannot be read or followed.
//!
//! A verdict that leaves such a thing out is a guess: each of them makes what hangs on it unknown, and what cannot be
//! read is an error of the run as well.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::module::Module;
use super::store::View;
use super::{Workspace, store};
use crate::finding::Problem;
use crate::source::FileId;
use crate::syntax::Unreadable;
use crate::syntax::tree::Body;

/// Something unread or not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Its description, as the object of "depends on".
    pub why: String,
    /// The error to report, where it is one.
    pub problem: Option<Problem>,
    /// The file that it stands in, if it is a place in a file.
    pub file: Option<Utf8PathBuf>,
    /// Its text, where there is one.
    text: Option<String>,
}

impl Gap {
    /// A file that cannot be read at all.
    #[must_use]
    pub fn unread(problem: Problem) -> Self {
        let (why, file) = (format!("{}, which cannot be read", problem.file), Some(problem.file.clone().into()));
        Self { why, problem: Some(problem), file, text: None }
    }

    /// Something that is read and leads to no known place.
    #[must_use]
    pub fn unfollowed(why: String, file: Option<&Utf8Path>) -> Self {
        Self { why, problem: None, file: file.map(Utf8Path::to_owned), text: None }
    }

    fn part(view: &View<'_>, file: FileId, part: &Unreadable) -> Self {
        let source = view.source(file);
        let position = source.position(part.at);
        let path = source.path().to_owned();
        let file = path.to_string();
        Self {
            file: Some(path),
            why: format!("the part of {file} from line {} on, which cannot be read", position.line),
            problem: Some(Problem { file, position: Some(position), message: part.message.clone() }),
            text: Some(source.slice(part.span).to_owned()),
        }
    }

    /// The text of the place, where it is one of a file that is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether a name may stand in it.
    #[must_use]
    pub fn may_name(&self, name: &str) -> bool {
        self.text.as_ref().is_none_or(|text| text.contains(name))
    }
}

/// The parts of a file that cannot be read.
pub fn in_file<'v>(view: &'v View<'_>, file: FileId) -> impl Iterator<Item = Gap> + 'v {
    view.syntax(file).unreadable.iter().map(move |part| Gap::part(view, file, part))
}

impl<'a> Workspace<'a> {
    /// The gaps of a value file or a Terragrunt configuration.
    #[must_use]
    pub fn gaps_of_file(&self, path: &Utf8Path) -> Vec<Gap> {
        match self.view.store().load(path) {
            Some(file) => in_file(self.view, file).collect(),
            None => self.view.store().unread(path).map(Gap::unread).into_iter().collect(),
        }
    }

    /// Whatever may call a module, or may set an argument of a call of it, and is not known for certain.
    pub fn gaps_of_callers(&self, module: &Module<'a>, needed: &BTreeSet<String>) -> Vec<Gap> {
        let mut gaps = self.broken_calls(module);
        gaps.extend(self.gaps_of_writers(module, needed));
        for folder in self.callers.unfollowed() {
            let caller = self.module(folder);
            for call in caller.calls() {
                let Some(source) = call.attribute("source") else { continue };
                if self.is_followed(caller, call) {
                    continue;
                }
                let text = self.view.source(source.file).slice(source.node.value.span);
                let matches = module.id.file_name().is_some_and(|name| ends_with_folder(text, name));
                let passes = |body: &Body| body.attributes().any(|argument| needed.contains(&argument.key.text));
                if matches || call.layers().any(|layer| passes(&layer.node.body)) {
                    let file = self.view.source(source.file);
                    let line = file.position(source.node.span.start).line;
                    let why = format!("a `source` that is not followed ({}:{line})", file.path());
                    gaps.push(Gap::unfollowed(why, Some(file.path())));
                }
            }
        }
        gaps.retain(|gap| gap.problem.as_ref().is_none_or(|problem| !is_own(module, problem)));
        gaps
    }

    /// The gaps of a module's override files, which could override anything that is read.
    #[must_use]
    pub fn gaps_of_overrides(&self, module: &Module<'a>, name: &str) -> Vec<Gap> {
        let unread = module.unread.iter().filter(|problem| is_override(&problem.file)).cloned().map(Gap::unread);
        let files = module.broken_files().iter().filter(|&&file| is_override(self.view.source(file).path().as_str()));
        let all = unread.chain(files.flat_map(|&file| in_file(self.view, file)));
        all.inspect(|gap| self.report(gap)).filter(|gap| gap.may_name(name)).collect()
    }

    /// The gaps of a module.
    #[must_use]
    pub fn gaps_of_module(&self, module: &Module<'a>) -> Vec<Gap> {
        let unread = module.unread.iter().cloned().map(Gap::unread);
        unread.chain(module.broken_files().iter().flat_map(|&file| in_file(self.view, file))).collect()
    }

    /// Notes that a verdict rests on what cannot be read.
    pub fn report(&self, gap: &Gap) {
        if self.quiet.get() {
            return;
        }
        self.problems.borrow_mut().extend(gap.problem.clone());
    }

    /// Does something that no verdict rests on: what cannot be read for it is no error.
    pub fn quietly<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.quiet.replace(true);
        let result = work();
        self.quiet.set(before);
        result
    }

    /// Whether no verdict rests on what is done.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.quiet.get()
    }

    /// Unreadable files that verdicts rest on.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.problems.borrow().iter().cloned().collect()
    }
}

/// Whether a problem is one of the module's own files, where it calls itself in a circle.
fn is_own(module: &Module<'_>, problem: &Problem) -> bool {
    let path = Utf8Path::new(&problem.file);
    let is_code = path.file_name().and_then(super::files::ConfigName::new).is_some();
    is_code && store::canonical(path.parent().unwrap_or(Utf8Path::new(""))) == module.id
}

fn is_override(path: &str) -> bool {
    let name = Utf8Path::new(path).file_name().unwrap_or_default();
    super::files::ConfigName::new(name).is_some_and(|name| name.role() == super::files::Role::Override)
}

/// Whether the text of a `source` ends like a path to a folder of a name.
fn ends_with_folder(text: &str, name: &str) -> bool {
    let text = text.trim_end_matches(['"', '/', ' ', ')', ']', '\n']);
    text.strip_suffix(name).is_some_and(|rest| !rest.ends_with(|last: char| last.is_alphanumeric() || last == '_'))
}

//! What texts and code give to programs that put names together.

use camino::Utf8PathBuf;

use super::{SetVariable, Texts};
use crate::discover::commands::Programs;
use crate::discover::threads::shared_out;
use crate::source::FileKind;

/// What calls of some programs say.
#[derive(Default)]
pub(super) struct Given {
    /// The variables that they name.
    pub(super) variables: Vec<SetVariable>,
    /// The other texts that give what stands elsewhere in them.
    pub(super) texts: Vec<Utf8PathBuf>,
    /// The files of code with a call.
    pub(super) code: Vec<Utf8PathBuf>,
    /// The files that they name, as they are written, each with the file of the call.
    pub(super) data: Vec<(Utf8PathBuf, String)>,
    /// The scripts that give a program what they are given themselves.
    handing_on: Vec<Utf8PathBuf>,
}

impl Given {
    /// What the files of a tree give to some programs, and to those that hand on to these what they are given. They are read again
    /// only where there are such programs.
    pub(super) fn to(programs: &[Utf8PathBuf], tree: &Texts, threads: usize) -> Self {
        /// Scripts that start scripts that start one are followed no further.
        const DEEPEST: usize = 3;
        let mut all = Self::default();
        let mut open = programs.to_vec();
        for _ in 0..DEEPEST {
            let Some(programs) = Programs::new(&open) else { break };
            let mut given = Self::to_these(&programs, tree, threads);
            open = std::mem::take(&mut given.handing_on);
            all.append(given);
        }
        all
    }

    fn to_these(programs: &Programs, tree: &Texts, threads: usize) -> Self {
        let look = |path: Utf8PathBuf, all: &mut Self| {
            let given = programs.given_in(path.as_std_path(), &tree.declared);
            let is_code = path.file_name().is_some_and(|name| FileKind::is_configuration(name.as_ref()));
            all.data.extend(given.data.into_iter().map(|name| (path.clone(), name)));
            all.variables.extend(given.variables.into_iter().map(|word| SetVariable::new(&path, word)));
            all.handing_on.extend(given.hands_on.then(|| path.clone()));
            let is_text = !is_code && path.extension() != Some("hcl");
            all.texts.extend((is_text && given.is_computed).then(|| path.clone()));
            all.code.extend((is_code && given.is_called).then_some(path));
        };
        let groups = tree.files.groups();
        let work = |at: usize, all: &mut Self| match at.checked_sub(groups) {
            Some(at) => tree.starting.get(at).into_iter().for_each(|code| look(code.clone(), all)),
            None => tree.files.group(at).for_each(|path| look(path, all)),
        };
        shared_out(threads, groups + tree.starting.len(), work, Self::append)
    }

    fn append(&mut self, mut other: Self) {
        self.variables.append(&mut other.variables);
        self.texts.append(&mut other.texts);
        self.code.append(&mut other.code);
        self.data.append(&mut other.data);
        self.handing_on.append(&mut other.handing_on);
    }
}

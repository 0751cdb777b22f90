//! The state of a shell process: user, time, working folder, functions, options. Its variables are in [`super::variables`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::script::shell::mapped::Text;
use crate::script::shell::tree::{Statement, Unit};
use crate::script::state::paths::CONDA;
use crate::script::state::user::{Actor, Time, User};
use crate::script::state::variable::{MOST_VARIABLES, Variable};

#[derive(Debug, Clone)]
pub struct Function {
    pub unit: Rc<Unit>,
    pub body: Rc<Statement>,
    pub place: Range<usize>,
    pub exported: bool,
}

/// The shell options that decide where a failure goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    pub errexit: bool,
    pub pipefail: bool,
}

/// The state of one shell process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct State {
    /// As whom commands run, and when.
    pub actor: Actor,
    /// The working folder, if it is known.
    pub folder: Option<String>,
    pub(super) variables: Rc<BTreeMap<String, Variable>>,
    functions: Rc<BTreeMap<String, Function>>,
    pub options: Options,
    /// Whether the script has made sure that sudo works before it came here.
    pub probed: bool,
    /// Whether sudo did something for the notebook user before, which later commands may rely on.
    pub helped: bool,
    /// Whether the script tried sudo just now and looks at its status next.
    pub asked: bool,
    /// The folder of the environment that was activated, where programs come from first.
    pub programs: Option<String>,
    /// The statement that gave up root.
    pub block: Option<Rc<Block>>,
}

/// The statement by which root hands over to the notebook user, and what held for root there.
#[derive(Debug)]
pub struct Block {
    pub unit: Rc<Unit>,
    /// In the text of `unit`: the statement, redirects included, and the end of its last word.
    pub start: usize,
    pub end: usize,
    pub words_end: usize,
    /// Where the command begins that runs as the notebook user, if the statement names one.
    pub command: Option<usize>,
    /// How many scripts within scripts the statement stands in.
    pub depth: usize,
    pub folder: Option<String>,
    pub errexit: bool,
}

impl State {
    /// A lifecycle hook at its start: root, now, in `/`. Source: AWS `notebook-lifecycle-config`.
    pub fn hook() -> Self {
        Self {
            actor: Actor { user: User::Root, time: Time::Now },
            folder: Some("/".to_owned()),
            variables: Rc::default(),
            functions: Rc::default(),
            options: Options::default(),
            probed: false,
            helped: false,
            asked: false,
            programs: None,
            block: None,
        }
    }

    /// Something started after the hook by `through`.
    pub fn later(user: User, through: &str) -> Self {
        let folder = user.home();
        let time = Time::Later(super::paths::shown(through).into());
        Self { actor: Actor { user, time }, folder, ..Self::hook() }
    }

    /// A new shell process of the same user: only exported variables and functions reach it.
    pub fn child(&self) -> Self {
        let mut child = self.clone();
        if self.variables.values().any(|variable| !variable.exported) {
            Rc::make_mut(&mut child.variables).retain(|_, variable| variable.exported);
        }
        if self.functions.values().any(|function| !function.exported) {
            Rc::make_mut(&mut child.functions).retain(|_, function| function.exported);
        }
        child.options = Options::default();
        child
    }

    /// A new process with an empty environment.
    pub fn fresh(&self) -> Self {
        Self { variables: Rc::default(), functions: Rc::default(), ..self.child() }
    }

    /// The file that `source` reads for a word: the script that activates an environment of Conda is found by its name.
    pub fn sourced(&self, word: &str) -> String {
        if matches!(word, "activate" | "deactivate") { format!("{CONDA}/bin/{word}") } else { self.resolve(word) }
    }

    /// Programs come from an environment of Conda from now on; from the base environment without a name.
    pub fn activate(&mut self, base: &str, environment: Option<&Text>) {
        let name = environment.map(Text::as_str).filter(|name| *name != "base" && !name.contains('/'));
        self.programs = Some(name.map_or_else(|| format!("{base}/bin"), |name| format!("{base}/envs/{name}/bin")));
    }

    /// Where a program of an activated environment stands; the name of any other.
    pub fn program(&self, name: &str) -> String {
        let own =
            name.starts_with("python") || name.starts_with("pip") || name.starts_with("jupyter") || name == "conda";
        match &self.programs {
            Some(folder) if own => format!("{folder}/{name}"),
            _ => name.to_owned(),
        }
    }

    /// The home folder as the shell sees it.
    pub fn home(&self) -> Option<String> {
        match self.variable("HOME").and_then(|home| home.values.first()) {
            Some(home) => Some(home.as_str().to_owned()).filter(|home| home.starts_with('/')),
            None => self.actor.user.home(),
        }
    }

    /// A path made absolute from the working folder.
    pub fn resolve(&self, path: &str) -> String {
        super::paths::resolve(path, self.folder.as_deref())
    }

    pub fn export(&mut self, name: &str, functions: bool) {
        if functions {
            if let Some(function) = Rc::make_mut(&mut self.functions).get_mut(name) {
                function.exported = true;
            }
        } else if let Some(variable) = Rc::make_mut(&mut self.variables).get_mut(name) {
            variable.exported = true;
        }
    }

    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    pub fn define(&mut self, name: &str, function: Function) {
        if self.functions.len() < MOST_VARIABLES {
            Rc::make_mut(&mut self.functions).insert(name.to_owned(), function);
        }
    }

    /// After branches that started from here and ended in `ends`: what they disagree about is not known.
    pub fn merge(&mut self, ends: Vec<Self>) {
        let mut ends = ends.into_iter();
        let Some(mut merged) = ends.next() else { return };
        for end in ends {
            if merged.folder != end.folder {
                merged.folder = None;
            }
            merged.options.errexit &= end.options.errexit;
            merged.options.pipefail &= end.options.pipefail;
            merged.probed &= end.probed;
            merged.programs = merged.programs.or(end.programs.clone());
            if !Rc::ptr_eq(&merged.functions, &end.functions) {
                for (name, function) in end.functions.iter() {
                    if merged.functions.get(name).is_none() {
                        merged.define(name, function.clone());
                    }
                }
            }
            if !Rc::ptr_eq(&merged.variables, &end.variables) {
                merged.merge_variables(&end);
            }
        }
        *self = Self { actor: self.actor.clone(), block: self.block.clone(), ..merged };
    }
}

//! Commands that run a script: shells, `source`, files, `at`.

use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::interpret::builtins::set_options;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::Time;

const SHELLS: [&str; 6] = ["bash", "sh", "dash", "zsh", "ksh", "ash"];

impl Walker<'_> {
    /// Runs the script that a command names or is fed. `None` if the command runs none.
    pub fn run_shell(&mut self, call: &Call, state: &mut State, context: &Context) -> Option<Content> {
        let name = call.name().to_owned();
        let arguments = call.arguments();
        match name.as_str() {
            name if SHELLS.contains(&name) => Some(self.shell(call, state, context)),
            "source" | "." => {
                let path = paths::resolve(arguments.first()?.as_str(), state.folder.as_deref());
                activate(&path, arguments.get(1), state);
                Some(self.run_file(&path, &arguments[1..], state, context))
            }
            "at" | "batch" => {
                let script = context.input.as_ref()?.text.clone();
                let mut later = state.child();
                later.time = Time::Later(format!("`{name}`").into());
                Some(self.script(script, &mut later, &Context::of_shell(Fate::Lost)))
            }
            _ => {
                let path = self.files.program(&call.words, state)?;
                if self.files.read(&path).is_empty() {
                    return None;
                }
                let mut child = state.child();
                Some(self.run_file(&path, arguments, &mut child, &Context::of_shell(context.fate)))
            }
        }
    }

    fn shell(&mut self, call: &Call, state: &State, context: &Context) -> Content {
        let arguments = call.arguments();
        let mut child = state.child();
        let operands = options::operands(arguments, &["-o", "-O", "+o", "+O", "--rcfile", "--init-file"]);
        let flags = flags(arguments);
        let letters = |letter: char| flags.contains(letter);
        set_options(arguments, &mut child);
        child.options.errexit = letters('e');
        let inner = Context { input: context.input.clone(), ..Context::of_shell(context.fate) };
        if letters('c') {
            let Some((script, positional)) = operands.split_first() else { return Content::default() };
            child.set_positional(positional.iter().skip(1).map(|word| (*word).clone()).collect());
            return self.script((*script).clone(), &mut child, &inner);
        }
        match operands.first() {
            Some(path) if !letters('s') && path.as_str() != "-" && path.as_str() != "/dev/stdin" => {
                let resolved = paths::resolve(path.as_str(), state.folder.as_deref());
                let positional: Vec<Text> = operands[1..].iter().map(|word| (*word).clone()).collect();
                self.run_file(&resolved, &positional, &mut child, &inner)
            }
            _ => match &context.input {
                Some(input) => {
                    let text = input.text.clone();
                    if text.is_opaque() && input.from.is_none() {
                        self.report.add_elsewhere(&call.span());
                    }
                    self.script(text, &mut child, &Context::of_shell(context.fate))
                }
                None => Content::default(),
            },
        }
    }

    /// Walks the content of a file that the script wrote itself, if it is shell.
    fn run_file(&mut self, path: &str, arguments: &[Text], state: &mut State, context: &Context) -> Content {
        let text = self.files.read(path);
        if text.is_empty() || !is_shell(text.as_str()) {
            return Content::default();
        }
        state.set_positional(arguments.to_vec());
        state.options.errexit |= shebang_errexit(text.as_str());
        self.script(text, state, context)
    }
}

/// After `source …/bin/activate ENVIRONMENT` programs are those of the environment.
fn activate(path: &str, environment: Option<&Text>, state: &mut State) {
    if let Some(bin) = path.strip_suffix("/activate").filter(|bin| bin.ends_with("/bin")) {
        let name = environment.map(Text::as_str).filter(|name| *name != "base" && !name.contains('/'));
        state.programs = Some(match name {
            Some(name) => format!("{}/envs/{name}/bin", bin.trim_end_matches("/bin")),
            None => bin.to_owned(),
        });
    }
}

/// The letters of all single-letter options before the first operand.
fn flags(arguments: &[Text]) -> String {
    let mut letters = String::new();
    let mut words = arguments.iter().map(Text::as_str);
    while let Some(word) = words.next() {
        if word == "--" || !word.starts_with(['-', '+']) {
            break;
        }
        if word.starts_with("--") {
            continue;
        }
        letters.push_str(word.strip_prefix('-').unwrap_or_default());
        if word.ends_with(['o', 'O']) {
            words.next();
        }
    }
    letters
}

/// Whether a text with this first line is a shell script: no interpreter line, or one that names a shell.
pub fn is_shell(text: &str) -> bool {
    let Some(line) = text.lines().next().and_then(|line| line.trim_start().strip_prefix("#!")) else { return true };
    let mut words = line.split_ascii_whitespace().map(paths::base);
    let interpreter = words.find(|word| !matches!(*word, "env" | "-S" | "sudo"));
    interpreter.is_none_or(|name| SHELLS.contains(&name) || name.contains(crate::script::shell::mapped::UNKNOWN))
}

/// Whether the interpreter line switches `errexit` on, as `#!/bin/bash -e` does.
pub fn shebang_errexit(text: &str) -> bool {
    text.lines().next().is_some_and(|line| {
        line.starts_with("#!")
            && line.split_ascii_whitespace().skip(1).any(|word| {
                word.strip_prefix('-').is_some_and(|letters| !letters.starts_with('-') && letters.contains('e'))
            })
    })
}

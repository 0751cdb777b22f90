//! Commands that run a script: shells, `source`, files, `at`.

use crate::script::commands::{SHELLS, known_programs};
use crate::script::effect::{Act, Use};
use crate::script::interpret::Walker;
use crate::script::interpret::builtins::set_options;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::Time;

impl Walker<'_> {
    /// Runs the script that a command names or is fed. `None` if the command runs none.
    pub fn run_shell(&mut self, call: &Call, state: &mut State, context: &Context) -> Option<Content> {
        let name = call.name().to_owned();
        let arguments = call.arguments();
        match name.as_str() {
            name if SHELLS.contains(&name) => Some(self.shell(call, state, context)),
            "source" | "." => {
                let path = state.sourced(arguments.first()?.as_str());
                if let Some(base) = path.strip_suffix("/bin/activate") {
                    state.activate(base, arguments.get(1));
                }
                Some(self.run_file(&path, &arguments[1..], state, context))
            }
            "at" | "batch" => {
                let script = context.input.as_ref()?.text.clone();
                let mut later = state.child();
                later.actor.time = Time::Later(format!("`{name}`").into());
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
        let args = known_programs::args(call);
        let mut child = state.child();
        set_options(&args, &mut child);
        child.options.errexit = args.has("-e");
        let inner = Context { input: context.input.clone(), ..Context::of_shell(context.fate) };
        let operands: Vec<Text> = args.operands().cloned().collect();
        if args.has("-c") {
            let Some((script, positional)) = operands.split_first() else { return Content::default() };
            self.evaluates(Use::Runs, call, state);
            child.set_positional(positional.get(1..).unwrap_or_default().to_vec());
            return self.script(script.clone(), &mut child, &inner);
        }
        match operands.split_first() {
            Some((path, rest)) if !args.has("-s") && !matches!(path.as_str(), "-" | "/dev/stdin") => {
                self.run_file(&state.resolve(path.as_str()), rest, &mut child, &inner)
            }
            _ => match &context.input {
                Some(input) => {
                    let text = input.text.clone();
                    if text.is_opaque() && input.from.is_none() {
                        self.yields(Act::RunElsewhere, &call.span(), state);
                    }
                    self.script(text, &mut child, &Context::of_shell(context.fate))
                }
                None => Content::default(),
            },
        }
    }

    /// Walks the content of a file that the script wrote itself, if it is shell. A file that runs itself is followed once.
    fn run_file(&mut self, path: &str, arguments: &[Text], state: &mut State, context: &Context) -> Content {
        let text = self.files.read(path);
        if text.is_empty() || !is_shell(text.as_str()) || self.open.iter().any(|open| open == path) {
            return Content::default();
        }
        state.set_positional(arguments.to_vec());
        state.options.errexit |= shebang_errexit(text.as_str());
        self.open.push(path.to_owned());
        let output = self.script(text, state, context);
        self.open.pop();
        output
    }
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

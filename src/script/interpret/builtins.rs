//! Commands that change the state of the shell itself.

use super::Walker;
use crate::script::commands::command_line::{Args, Grammar};
use crate::script::commands::{known_programs, stdout};
use crate::script::effect::Use;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths::{self, CONDA};
use crate::script::state::process::State;

impl Walker<'_> {
    /// Runs what `eval`, `trap` and `alias` hold, and answers `command -v`. `None` for any other command.
    pub(super) fn builtin(&mut self, call: &Call, state: &mut State, context: &Context) -> Option<Content> {
        let args = known_programs::args(call);
        match call.name() {
            "eval" => {
                self.evaluates(Use::Runs, call, state);
                Some(self.script(joined(call.arguments()), state, context))
            }
            "trap" => {
                if let (Some(script), Some(_)) = (args.operand(0), args.operand(1)) {
                    let on_failure = args.operands().any(|word| word.as_str() == "ERR");
                    // Leaves the shell where a command fails, as errexit does.
                    state.options.errexit |= on_failure && script.as_str().contains("exit");
                    self.script(script.clone(), &mut state.clone(), &context.with_fate(Fate::Lost));
                }
                Some(Content::default())
            }
            "command" if args.has("-v -V") => {
                let mut name = args
                    .operands()
                    .next_back()
                    .map_or_else(Text::default, |it| Text::of(&state.program(it.as_str()), it.whole_span()));
                name.push_whole("\n", call.span());
                Some(name.into())
            }
            "alias" => {
                // An alias matters where a shell of the notebook user reads it; scripts do not expand them.
                let read = !state.actor.is_now() && !state.actor.is_root();
                for word in call.arguments().iter().filter(|_| read) {
                    if let Some(at) = word.as_str().find('=') {
                        let script = word.slice(at + 1..word.as_str().len());
                        self.script(script, &mut state.clone(), &context.with_fate(Fate::Lost));
                    }
                }
                Some(Content::default())
            }
            _ => None,
        }
    }
}

/// Words as one text, as `eval` reads them.
pub(super) fn joined<'a>(words: impl IntoIterator<Item = &'a Text>) -> Text {
    let mut script = Text::default();
    for word in words {
        if !script.is_empty() {
            script.push_whole(" ", word.whole_span());
        }
        script.push(word);
    }
    script
}

/// Applies a command that changes the state of its shell.
pub fn run(call: &Call, input: Option<&Content>, state: &mut State) {
    let arguments = call.arguments();
    let args = known_programs::args(call);
    match call.words.first().map_or("", Text::as_str) {
        "cd" | "pushd" => {
            let target = args.operand(0).cloned();
            let folder = match target {
                None => state.home(),
                Some(target)
                    if target.as_str() == "-"
                        || !target.is_known() && paths::known_start(target.as_str()).is_empty() =>
                {
                    None
                }
                Some(target) => Some(paths::resolve(target.as_str(), state.folder.as_deref())),
            };
            // A `cd -` follows an earlier `cd`: what it goes back to is not tracked.
            state.folder = folder.filter(|folder| folder.starts_with('/'));
        }
        "popd" => state.folder = None,
        "conda" | "mamba" | "micromamba" if args.verb() == "activate" => state.activate(CONDA, args.operand(1)),
        "set" => {
            set_options(&Args::parse(arguments, SET), state);
            let plain = arguments.first().is_some_and(|word| !word.as_str().starts_with(['-', '+']));
            let from =
                if plain { Some(0) } else { arguments.iter().position(|word| word.as_str() == "--").map(|at| at + 1) };
            if let Some(from) = from {
                state.set_positional(arguments[from..].to_vec());
            }
        }
        "export" | "declare" | "typeset" | "readonly" => {
            let functions = args.has("-f");
            if exports(&call.words) {
                for name in args.operands() {
                    state.export(name.as_str(), functions);
                }
            }
        }
        "shift" => {
            let count = arguments.first().and_then(|count| count.as_str().parse().ok()).unwrap_or(1);
            let words = state.positional();
            state.set_positional(words.get(count..).unwrap_or_default().to_vec());
        }
        "unset" => {
            for name in args.operands() {
                state.unset(name.as_str());
            }
        }
        "printf" => {
            if let Some(name) = args.value("-v") {
                let words: Vec<Text> = args.operands().cloned().collect();
                state.set(name.as_str(), vec![stdout::printf(&words)], false, false);
            }
        }
        "read" | "mapfile" | "readarray" => {
            // One line into one variable is its value; of several lines the first is not all there is.
            let line = input.map(|input| input.text.trimmed()).filter(|line| {
                call.name() == "read" && args.operands().len() == 1 && !line.is_empty() && !line.as_str().contains('\n')
            });
            let value = line.unwrap_or_else(|| Text::unknown(call.span()));
            for name in args.operands() {
                state.set(name.as_str(), vec![value.clone()], false, false);
                state.read_from(name.as_str(), input.and_then(|input| input.from.as_deref()));
            }
        }
        _ => {}
    }
}

pub fn is_declaration(name: &str) -> bool {
    matches!(name, "export" | "local" | "declare" | "readonly" | "typeset")
}

/// Whether the words are a declaration that exports.
pub fn exports(words: &[Text]) -> bool {
    match words.first().map_or("", Text::as_str) {
        "export" => true,
        "declare" | "typeset" => Args::parse(&words[1..], Grammar::default()).has("-x"),
        _ => false,
    }
}

/// The options of `set` and of shells.
const SET: Grammar = Grammar { valued: "-o +o", leads: true, ..Grammar::PLAIN };

/// `set -e`, `set -euo pipefail`, `set +e`, `set -o errexit`.
pub fn set_options(args: &Args<'_>, state: &mut State) {
    for (name, value) in args.options() {
        let on = name.starts_with('-');
        match (&name[1..], value.map(Text::as_str)) {
            ("e", _) | ("o", Some("errexit")) => state.options.errexit = on,
            ("o", Some("pipefail")) => state.options.pipefail = on,
            _ => {}
        }
    }
}

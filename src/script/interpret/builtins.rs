//! Commands that change the state of the shell itself.

use crate::script::commands::options;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::paths;
use crate::script::state::process::State;

/// Applies a command that changes the state of its shell.
pub fn run(call: &Call, state: &mut State) {
    let arguments = call.arguments();
    match call.words.first().map_or("", Text::as_str) {
        "cd" | "pushd" => {
            let target = options::operands(arguments, &[]).first().map(|target| (*target).clone());
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
        "set" => {
            set_options(arguments, state);
            let plain = arguments.first().is_some_and(|word| !word.as_str().starts_with(['-', '+']));
            let from =
                if plain { Some(0) } else { arguments.iter().position(|word| word.as_str() == "--").map(|at| at + 1) };
            if let Some(from) = from {
                state.set_positional(arguments[from..].to_vec());
            }
        }
        "export" | "declare" | "typeset" | "readonly" => {
            let functions = options::has(arguments, 'f', "");
            if exports(&call.words) {
                for name in options::operands(arguments, &[]) {
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
            for name in options::operands(arguments, &[]) {
                state.unset(name.as_str());
            }
        }
        "read" | "mapfile" | "readarray" => {
            for name in options::operands(arguments, &["-p", "-t", "-n", "-d", "-u", "-a", "-i"]) {
                state.set(name.as_str(), vec![Text::unknown(call.span())], false, false);
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
        "declare" | "typeset" => options::has(&words[1..], 'x', ""),
        _ => false,
    }
}

/// `set -e`, `set -euo pipefail`, `set +e`, `set -o errexit`.
pub fn set_options(arguments: &[Text], state: &mut State) {
    let mut words = arguments.iter().map(Text::as_str);
    while let Some(word) = words.next() {
        let on = word.starts_with('-');
        if !on && !word.starts_with('+') || word == "--" {
            break;
        }
        for letter in word[1..].chars() {
            match letter {
                'e' => state.options.errexit = on,
                'o' => match words.next() {
                    Some("errexit") => state.options.errexit = on,
                    Some("pipefail") => state.options.pipefail = on,
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

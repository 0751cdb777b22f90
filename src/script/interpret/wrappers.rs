//! Commands that only run another command: what they run is judged in their place.

use std::rc::Rc;

use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::process::State;

/// What stands before the command that a transparent command runs.
struct Prefix {
    name: &'static str,
    /// Options that take a value as a word of their own.
    valued: &'static [&'static str],
    /// Operands before the command.
    operands: usize,
}

const PREFIXES: &[Prefix] = &[
    Prefix { name: "nohup", valued: &[], operands: 0 },
    Prefix { name: "setsid", valued: &[], operands: 0 },
    Prefix { name: "builtin", valued: &[], operands: 0 },
    Prefix { name: "command", valued: &[], operands: 0 },
    Prefix { name: "exec", valued: &["-a"], operands: 0 },
    Prefix { name: "nice", valued: &["-n", "--adjustment"], operands: 0 },
    Prefix { name: "ionice", valued: &["-c", "-n", "--class", "--classdata"], operands: 0 },
    Prefix { name: "time", valued: &["-f", "-o", "--format", "--output"], operands: 0 },
    Prefix { name: "timeout", valued: &["-s", "-k", "--signal", "--kill-after"], operands: 1 },
    Prefix { name: "stdbuf", valued: &["-i", "-o", "-e", "--input", "--output", "--error"], operands: 0 },
    Prefix { name: "unbuffer", valued: &[], operands: 0 },
    Prefix { name: "chrt", valued: &[], operands: 1 },
    Prefix { name: "taskset", valued: &[], operands: 1 },
    Prefix {
        name: "xargs",
        valued: &[
            "-I",
            "-n",
            "-P",
            "-L",
            "-d",
            "-a",
            "-E",
            "-s",
            "--max-args",
            "--max-procs",
            "--delimiter",
            "--arg-file",
        ],
        operands: 0,
    },
];

impl Walker<'_> {
    /// Runs what a transparent command runs. `None` if the command is not one.
    pub fn transparent(&mut self, call: &Call, state: &mut State, context: &Context) -> Option<Content> {
        let name = call.name();
        match name {
            "env" => return Some(self.env(call, state, context)),
            "find" => return Some(self.find(call, state, context)),
            "flock" => return Some(self.flock(call, state, context)),
            "conda" | "mamba" | "micromamba"
                if options::operands(call.arguments(), &[]).first().is_some_and(|verb| verb.as_str() == "run") =>
            {
                let prefix =
                    Prefix { name: "conda", valued: &["-n", "-p", "--name", "--prefix", "--cwd"], operands: 1 };
                let inner = call.skip(skipped(call.arguments(), &prefix) + 1);
                return Some(inner.map_or_else(Content::default, |inner| {
                    let inner = inner.skip_options(&["-n", "-p", "--name", "--prefix", "--cwd"]);
                    self.run(&inner.by_program(), state, context)
                }));
            }
            "eval" => {
                let mut script = Text::default();
                for word in call.arguments() {
                    if !script.is_empty() {
                        script.push_whole(" ", word.whole_span());
                    }
                    script.push(word);
                }
                if state.is_root() {
                    self.evaluates(call, state);
                }
                return Some(self.script(script, state, context));
            }
            "trap" => {
                if let [script, _, ..] = options::operands(call.arguments(), &[]).as_slice() {
                    let on_failure = call.arguments().last().is_some_and(|word| word.as_str() == "ERR");
                    // Leaves the shell where a command fails, as errexit does.
                    state.options.errexit |= on_failure && script.as_str().contains("exit");
                    let mut own = state.clone();
                    self.script((*script).clone(), &mut own, &context.with_fate(Fate::Lost));
                }
                return Some(Content::default());
            }
            "command" if call.arguments().first().is_some_and(|word| matches!(word.as_str(), "-v" | "-V" | "-pv")) => {
                let mut name = options::operands(call.arguments(), &[])
                    .last()
                    .map_or_else(Text::default, |it| Text::of(&state.program(it.as_str()), it.whole_span()));
                name.push_whole("\n", call.span());
                return Some(name.into());
            }
            "alias" => {
                // An alias matters where a shell of the notebook user reads it; scripts do not expand them.
                if !state.is_now() {
                    for word in call.arguments() {
                        if let Some(at) = word.as_str().find('=') {
                            let mut own = state.clone();
                            self.script(
                                word.slice(at + 1..word.as_str().len()),
                                &mut own,
                                &context.with_fate(Fate::Lost),
                            );
                        }
                    }
                }
                return Some(Content::default());
            }
            _ => {}
        }
        let prefix = PREFIXES.iter().find(|prefix| prefix.name == name)?;
        let skip = skipped(call.arguments(), prefix) + 1;
        let inner = if name == "xargs" { Context { input: None, ..context.clone() } } else { context.clone() };
        Some(match call.skip(skip) {
            Some(inner_call) => self.run(&inner_call.by_program(), state, &inner),
            None => Content::default(),
        })
    }

    fn env(&mut self, call: &Call, state: &State, context: &Context) -> Content {
        let arguments = call.arguments();
        let mut child = state.clone();
        let mut index = 0;
        while let Some(word) = arguments.get(index).map(Text::as_str) {
            if matches!(word, "-u" | "--unset" | "-C" | "--chdir" | "-S" | "--split-string") {
                if word.starts_with("-S") || word == "--split-string" {
                    let script = arguments.get(index + 1).cloned().unwrap_or_default();
                    return self.script(script, &mut child, context);
                }
                index += 2;
            } else if word.starts_with('-') {
                index += 1;
            } else if let Some((name, _)) = word.split_once('=') {
                let value = arguments[index].slice(name.len() + 1..word.len());
                child.set(name, vec![value], false, true);
                index += 1;
            } else {
                break;
            }
        }
        match call.skip(index + 1) {
            Some(inner) => self.run(&inner.by_program(), &mut child, context),
            None => Content::from(Text::unknown(call.span())),
        }
    }

    fn find(&mut self, call: &Call, state: &mut State, context: &Context) -> Content {
        let mut index = 1;
        while index < call.words.len() {
            if matches!(call.words[index].as_str(), "-exec" | "-execdir" | "-ok" | "-okdir") {
                let ends = |word: &Text| matches!(word.as_str(), ";" | "+");
                let end =
                    call.words[index + 1..].iter().position(ends).map_or(call.words.len(), |offset| index + 1 + offset);
                if let Some(inner) = call.part(index + 1, end) {
                    // `{}` stands for what is found below the starting point.
                    let start = call.words.get(1).filter(|word| !word.as_str().starts_with('-')).cloned();
                    let words = inner.words.iter().map(|word| match (&start, word.as_str()) {
                        (Some(start), "{}") => {
                            let mut found = start.clone();
                            found.push_whole("/*", word.whole_span());
                            found
                        }
                        _ => word.clone(),
                    });
                    let inner = inner.replaced(words.collect());
                    self.run(&inner.by_program(), state, &Context { input: None, ..context.with_fate(Fate::Lost) });
                }
                index = end;
            }
            index += 1;
        }
        Content::from(Text::unknown(call.span()))
    }

    fn flock(&mut self, call: &Call, state: &mut State, context: &Context) -> Content {
        let arguments = call.arguments();
        if let Some(script) = options::value(arguments, Some('c'), "command") {
            let mut child = state.child();
            return self.script(script, &mut child, &Context::of_shell(context.fate));
        }
        let prefix = Prefix { name: "flock", valued: &["-w", "-E", "--timeout", "--conflict-exit-code"], operands: 1 };
        match call.skip(skipped(arguments, &prefix) + 1) {
            Some(inner) => self.run(&inner.by_program(), state, context),
            None => Content::default(),
        }
    }

    /// Notes command substitutions that root expands in a heredoc meant for another account.
    pub fn check_expanded_by_root(
        &mut self,
        unit: &Rc<crate::script::shell::tree::Unit>,
        statement: &crate::script::shell::tree::Statement,
        call: &Call,
        state: &State,
    ) {
        use crate::rules::Rule;
        use crate::script::report::Draft;
        use crate::script::shell::tree::{Part, RedirectKind};
        let drops = crate::script::commands::user_change::change(&call.words)
            .is_some_and(|change| change.user != crate::script::state::user::User::Root);
        if !state.is_root() || !state.is_now() || !drops {
            return;
        }
        for redirect in &statement.redirects {
            if redirect.kind != (RedirectKind::HereDoc { expanded: true }) {
                continue;
            }
            for part in &redirect.word.parts {
                let Part::Commands { place, .. } = part else { continue };
                let span = unit.text.span(place.range());
                // What root runs there is already reported for itself.
                if self.report.has_within(&span) {
                    continue;
                }
                self.report.add(Draft::new(
                    Rule::ExpandedByRoot,
                    &span,
                    "The heredoc's delimiter is not quoted, so root runs this substitution before the other account sees the text",
                    "Quote the delimiter (`<<'EOF'`) or write `\\$(…)` if the other account should run it; leave it if root should.",
                ));
                return;
            }
        }
    }
}

/// How many words stand before the inner command.
fn skipped(arguments: &[Text], prefix: &Prefix) -> usize {
    let mut index = 0;
    let mut operands = prefix.operands;
    while let Some(word) = arguments.get(index).map(Text::as_str) {
        if word == "--" {
            index += 1;
            if operands == 0 {
                break;
            }
        } else if word.starts_with('-') && word.len() > 1 {
            index += if prefix.valued.contains(&word) { 2 } else { 1 };
        } else if operands > 0 {
            operands -= 1;
            index += 1;
        } else {
            break;
        }
    }
    index
}

//! Commands that only run another command: that one is judged in their place.

use super::Walker;
use super::builtins::joined;
use crate::script::commands::command_line::{Args, Grammar};
use crate::script::commands::known_programs::{self, Does, fits};
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::process::State;

impl Walker<'_> {
    /// Runs the command inside one of these, such as `env` or `xargs`. `None` for any other command.
    pub fn transparent(&mut self, call: &Call, state: &mut State, context: &Context) -> Option<Content> {
        let name = call.name();
        let args = known_programs::args(call);
        match name {
            "env" => return Some(self.env(call, &args, state, context)),
            "find" => return Some(self.find(call, state, context)),
            "flock" if args.operand(1).is_some_and(|word| matches!(word.as_str(), "-c" | "--command")) => {
                let script = args.operand(2)?.clone();
                return Some(self.script(script, &mut state.child(), &Context::of_shell(context.fate)));
            }
            "conda" | "mamba" | "micromamba" if args.verb() == "run" => {
                let rest = call.arguments().get(args.at(0)? + 1..)?;
                // The command's own options stand behind its name.
                let grammar = Grammar { leads: true, ..known_programs::find("conda")?.grammar };
                let inner = Args::parse(rest, grammar).at(0).and_then(|at| call.skip(args.at(0)? + 2 + at));
                return Some(inner.map_or_else(Content::default, |it| self.run(&it.by_program(), state, context)));
            }
            _ => {}
        }
        let mut starts = None;
        for does in &known_programs::find(name)?.does {
            match *does {
                Does::Starts(operands) => starts = Some(operands),
                Does::Evaluates { verbs, at } if fits(verbs, args.verb()) => {
                    // `parallel` has its values behind `:::`.
                    let words = at.words(&args).into_iter().take_while(|word| !word.as_str().starts_with(":::"));
                    return Some(self.script(joined(words), &mut state.child(), &Context::of_shell(context.fate)));
                }
                _ => {}
            }
        }
        let starts = starts?;
        let mut inner = args.at(starts).and_then(|at| call.skip(at + 1));
        let mut context = context.clone();
        let fed = context.input.clone().filter(|_| name == "xargs");
        if name == "xargs" {
            // The first word of the input stands for all of them.
            let input = context.input.take().map(|input| input.text.fields()).unwrap_or_default();
            let mark = args.value("-I --replace").map_or("{}", Text::as_str);
            let whole = args.has("-I --replace");
            if let (Some(it), [fed, ..]) = (&inner, input.as_slice())
                && fed.is_known()
            {
                let words = it.words.iter().map(|word| if whole && word.as_str() == mark { fed } else { word });
                inner = Some(it.with_words(words.chain((!whole).then_some(fed)).cloned().collect()));
            }
        }
        // Without a command xargs prints its input.
        let printed = || fed.map(|input| Content::clone(&input)).unwrap_or_default();
        Some(inner.map_or_else(printed, |inner| self.run(&inner.by_program(), state, &context)))
    }

    fn env(&mut self, call: &Call, args: &Args<'_>, state: &State, context: &Context) -> Content {
        let mut child = if args.has("-i --ignore-environment -") { state.fresh() } else { state.clone() };
        if let Some(folder) = args.value("-C --chdir") {
            child.folder = Some(child.resolve(folder.as_str())).filter(|_| folder.is_known());
        }
        for name in args.values("-u --unset") {
            child.unset(name.as_str());
        }
        if let Some(script) = args.value("-S --split-string") {
            return self.script(script.clone(), &mut child, context);
        }
        for (name, value) in &args.assigned {
            child.set(name, vec![value.clone()], false, true);
        }
        match args.at(0).and_then(|at| call.skip(at + 1)) {
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
        // The paths found lie below the starting point.
        let mut found = call.words.get(1).filter(|word| word.as_str().starts_with('/')).cloned().unwrap_or_default();
        found.push_whole(if found.is_empty() { "\u{1a}\n" } else { "/*\n" }, call.span());
        found.into()
    }
}

//! Walks statements in the order in which a shell would run them.

mod act;
mod builtins;
mod compound;
mod conditions;
mod deferred;
mod expand;
mod parameter;
pub mod rewrite_candidates;
mod simple;
pub mod subshell;
mod user_change;
mod wrappers;

use std::ops::Range;
use std::rc::Rc;

use crate::script::effect::{Effect, Limit};
use crate::script::interpret::compound::guarded;
use crate::script::shell::mapped::Text;
use crate::script::shell::parse;
use crate::script::shell::tree::{Command, Place, Redirect, RedirectKind as Kind, Statement, Unit};
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::files::Files;
use crate::script::state::process::{Function, State};
use rewrite_candidates::Candidate;

/// Nesting of statements, calls and scripts within scripts that is followed. Bounds the stack.
const DEEPEST: usize = 72;

/// Scripts within scripts that are followed: each is parsed anew.
const MOST_SCRIPTS: usize = 12;

/// Parsing so many bytes of a script within a script takes as much as a command: its tree is many times as large.
const PARSED: usize = 16;

/// Work allowed for one script, in commands and in sixty-four bytes of text parsed or expanded. Bounds the time where
/// functions call functions.
const MOST_WORK: usize = 20_000;

pub struct Walker<'a> {
    /// The script as its author wrote it, before masking; same offsets.
    pub shown: &'a str,
    /// The effects of the script, in order.
    pub effects: Vec<Effect>,
    pub files: Files,
    /// Whether to work out what root could do in the notebook user's place.
    pub relocates: bool,
    /// The lines that may read better elsewhere.
    pub candidates: Vec<Candidate>,
    /// Whether a command is walked again with another value of its variables.
    pub also: bool,
    /// The substitutions that stand for a file's content, by their places.
    pub read_from: Vec<(Rc<Unit>, Range<usize>, String)>,
    /// The functions being called.
    pub active: Vec<Rc<Statement>>,
    /// The files being run.
    pub open: Vec<String>,
    work: usize,
    depth: usize,
    pub scripts: usize,
    exhausted: Option<Range<usize>>,
}

impl<'a> Walker<'a> {
    pub fn new(shown: &'a str, relocates: bool) -> Self {
        Self {
            shown,
            effects: Vec::new(),
            files: Files::default(),
            relocates,
            candidates: Vec::new(),
            also: false,
            read_from: Vec::new(),
            active: Vec::new(),
            open: Vec::new(),
            work: MOST_WORK,
            depth: 0,
            scripts: 0,
            exhausted: None,
        }
    }

    /// Goes one level deeper, unless depth or work is used up. Each success needs a [`Self::leave`].
    pub fn enter(&mut self, work: usize, span: impl FnOnce() -> Range<usize>) -> bool {
        if self.depth >= DEEPEST || self.work < work {
            if self.exhausted.is_none() {
                self.exhausted = Some(span());
            }
            return false;
        }
        self.work -= work;
        self.depth += 1;
        true
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The work done so far.
    pub fn spent(&self) -> usize {
        MOST_WORK - self.work
    }

    /// Walks a hook, and what it leaves behind for later.
    pub fn hook(&mut self, unit: &Rc<Unit>, state: &mut State) {
        self.statements(unit, &unit.body, state, &Context::of_shell(Fate::Reaches));
        self.run_deferred();
        if let Some(span) = self.exhausted.take() {
            self.limit(Limit::TooMuch, &span);
        }
    }

    /// Parses and walks a script within the script. `state` is that of the shell that runs it.
    pub fn script(&mut self, text: Text, state: &mut State, context: &Context) -> Content {
        let span = text.whole_span();
        if text.as_str().trim().is_empty() || !self.enter(1 + text.as_str().len() / PARSED, || span.clone()) {
            return Content::default();
        }
        if self.scripts >= MOST_SCRIPTS {
            self.exhausted.get_or_insert(span);
            self.leave();
            return Content::default();
        }
        self.scripts += 1;
        let unit = Rc::new(parse::parse(text));
        if let Some(place) = unit.problem
            && unit.text.is_known()
            && state.actor.is_now()
        {
            let span = unit.text.span(place.range());
            self.limit(Limit::Syntax, &span);
        }
        let output = self.statements(&unit, &unit.body, state, context);
        self.scripts -= 1;
        self.leave();
        output
    }

    /// A template expression stands where a command does, or is a line by itself.
    pub fn template_command(&mut self, span: &Range<usize>) {
        if self.shown.get(span.clone()).is_some_and(|source| source.starts_with("${")) {
            self.limit(Limit::Template, span);
        }
    }

    /// Walks a list of statements; `context.fate` is that of the list as a whole.
    pub fn statements(&mut self, unit: &Rc<Unit>, list: &[Statement], state: &mut State, context: &Context) -> Content {
        let mut output = Text::default();
        let mut from = None;
        for (index, statement) in list.iter().enumerate() {
            let tail = if index + 1 == list.len() { context.tail } else { Fate::Lost };
            // `sudo -n true`, and then a look at `$?`.
            let probe = conditions::probes_sudo(statement)
                && list.get(index + 1).is_some_and(|next| conditions::asks_status(&unit.text, next));
            if probe {
                let guarded = Context { suppressed: true, ..context.with_fate(Fate::Guarded) };
                output.push(&self.statement(unit, statement, state, &guarded).text);
                state.asked = true;
                continue;
            }
            let fate = if state.options.errexit && !context.suppressed { context.shell } else { tail };
            let printed = self.statement(unit, statement, state, &Context { fate, tail, ..context.clone() });
            output.push(&printed.text);
            from = from.or(printed.from);
        }
        Content { text: output, from }
    }

    pub fn statement(
        &mut self,
        unit: &Rc<Unit>,
        statement: &Statement,
        state: &mut State,
        context: &Context,
    ) -> Content {
        if !self.enter(1, || unit.text.span(statement.place.range())) {
            return Content::default();
        }
        let output = if statement.background {
            let mut own = state.clone();
            self.foreground(unit, statement, &mut own, &context.with_fate(Fate::Lost))
        } else if statement.negated {
            let guarded = Context { suppressed: true, ..context.with_fate(Fate::Guarded) };
            self.foreground(unit, statement, state, &guarded)
        } else {
            self.foreground(unit, statement, state, context)
        };
        self.leave();
        output
    }

    fn foreground(&mut self, unit: &Rc<Unit>, statement: &Statement, state: &mut State, context: &Context) -> Content {
        if let Command::Simple { assignments, words } = &statement.command {
            return self.simple(unit, statement, (assignments, words), state, context);
        }
        let input = self.input(unit, &statement.redirects, state, context);
        let context = Context { input, ..context.clone() };
        let output = self.compound(unit, &statement.command, statement.place, state, &context);
        self.write_redirects(unit, &statement.redirects, None, &output, state, &context)
    }

    fn compound(
        &mut self,
        unit: &Rc<Unit>,
        command: &Command,
        place: Place,
        state: &mut State,
        context: &Context,
    ) -> Content {
        match command {
            Command::Chain(links) => self.chain(unit, links, state, context),
            Command::Pipeline(parts) => self.pipeline(unit, parts, place, state, context),
            Command::Group(body) => self.statements(unit, body, state, context),
            Command::Subshell(body) => {
                let mut own = state.clone();
                let shell = Context { shell: context.fate, tail: context.fate, ..context.clone() };
                self.statements(unit, body, &mut own, &shell)
            }
            Command::If { branches, otherwise } => self.branches(unit, branches, otherwise.as_deref(), state, context),
            Command::Loop { condition, body } => {
                let mut output = Text::default();
                self.statements(unit, condition, state, &guarded(context));
                let mut ends = vec![state.clone()];
                let mut inside = state.clone();
                output.push(&self.statements(unit, body, &mut inside, context).text);
                ends.push(inside);
                state.merge(ends);
                output.into()
            }
            Command::For { name, words, body } => {
                self.for_loop(unit, (name.as_deref(), words.as_deref(), body), state, context)
            }
            Command::Case { word, arms } => {
                self.joined(unit, word, state, context);
                let mut ends = vec![state.clone()];
                let mut output = Text::default();
                for arm in arms {
                    let mut inside = state.clone();
                    output.push(&self.statements(unit, arm, &mut inside, context).text);
                    ends.push(inside);
                }
                state.merge(ends);
                output.into()
            }
            Command::Function { names, body } => {
                for name in names {
                    let function = Function {
                        unit: Rc::clone(unit),
                        body: Rc::clone(body),
                        place: place.range(),
                        exported: false,
                    };
                    state.define(name, function);
                }
                if !state.actor.is_now() && !state.actor.is_root() {
                    // The notebook user's start-up files define functions for people to call.
                    let mut own = state.clone();
                    self.statement(unit, body, &mut own, context);
                }
                Content::default()
            }
            Command::Test(words) => {
                for word in words {
                    self.joined(unit, word, state, context);
                }
                Content::default()
            }
            Command::Simple { .. } | Command::Nothing => Content::default(),
        }
    }

    /// The input of a command: from its redirects, or else from its surroundings.
    pub fn input(
        &mut self,
        unit: &Rc<Unit>,
        redirects: &[Redirect],
        state: &mut State,
        context: &Context,
    ) -> Option<Rc<Content>> {
        let mut input = context.input.clone();
        for redirect in redirects {
            match redirect.kind {
                Kind::HereDoc { .. } | Kind::HereString => {
                    let mut text = self.joined(unit, &redirect.word, state, context);
                    if redirect.kind == Kind::HereString {
                        text.push_whole("\n", text.whole_span());
                    }
                    input = Some(Rc::new(text.into()));
                }
                Kind::Input if redirect.descriptor.unwrap_or(0) == 0 => {
                    let text = self.joined(unit, &redirect.word, state, context);
                    let path = crate::script::state::paths::resolve(text.as_str(), state.folder.as_deref());
                    input = Some(Rc::new(Content { text: self.files.read(&path), from: Some(path) }));
                }
                _ => {}
            }
        }
        input
    }
}

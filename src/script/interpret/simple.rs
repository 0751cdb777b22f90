//! Simple commands: expansion, assignments, redirects, and the way to what really runs.

use std::rc::Rc;

use crate::script::commands::user_change;
use crate::script::commands::{stdout, uses};
use crate::script::effect::{Use, Write};
use crate::script::interpret::Walker;
use crate::script::interpret::builtins;
use crate::script::shell::mapped::Text;
use crate::script::shell::tree::{
    AssignedValue, Assignment, Operation, Part, Redirect, RedirectKind, Statement, Unit, Word,
};
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::{Function, State};

impl Walker<'_> {
    /// Runs a command once for each value that its variables can hold, where branches set them differently.
    pub fn simple(
        &mut self,
        unit: &Rc<Unit>,
        statement: &Statement,
        parts: (&[Assignment], &[Word]),
        state: &mut State,
        context: &Context,
    ) -> Content {
        let open = alternatives(statement, parts, state);
        let rounds = open.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
        if rounds < 2 || self.also {
            return self.simple_once(unit, statement, parts, state, context);
        }
        let mut output = Content::default();
        let mut ends = Vec::new();
        for round in 0..rounds {
            let mut own = state.clone();
            for (name, values) in &open {
                own.set(name, vec![values[round % values.len()].clone()], false, false);
            }
            // A file written under one value stays written whatever the command does under the other.
            self.also = round > 0;
            let printed = self.simple_once(unit, statement, parts, &mut own, context);
            output.text.push(&printed.text);
            output.from = output.from.or(printed.from);
            for (name, _) in &open {
                let assigned = parts.0.iter().any(|assignment| assignment.name == *name);
                if !assigned && let Some(variable) = state.variable(name) {
                    own.put(name, variable.clone());
                }
            }
            ends.push(own);
        }
        self.also = false;
        state.merge(ends);
        output
    }

    fn simple_once(
        &mut self,
        unit: &Rc<Unit>,
        statement: &Statement,
        (assignments, words): (&[Assignment], &[Word]),
        state: &mut State,
        context: &Context,
    ) -> Content {
        if let Some([Part::Literal { text, place, .. }]) = words.first().map(|word| word.parts.as_slice())
            && !text.is_empty()
            && text.chars().all(|letter| letter == crate::script::shell::mapped::UNKNOWN)
        {
            self.template_command(&unit.text.span(place.range()));
        }
        let lost = context.with_fate(Fate::Lost);
        let mut fields = Vec::new();
        let mut places = Vec::new();
        for word in words {
            for field in self.fields(unit, word, state, &lost) {
                fields.push(field);
                places.push(word.place);
            }
        }
        let declares = fields.first().is_some_and(|name| builtins::is_declaration(name.as_str()));
        let keeps = fields.is_empty() || declares;
        let before = (!keeps && !assignments.is_empty()).then(|| state.clone());
        let exported = before.is_some() || builtins::exports(&fields);
        for assignment in assignments {
            let context = if fields.is_empty() { context } else { &lost };
            self.assign(unit, assignment, exported, state, context);
            let value =
                state.variable(&assignment.name).and_then(|it| it.values.first()).filter(|_| state.actor.is_root());
            if let (Some(value), AssignedValue::Scalar(word)) = (value.cloned(), &assignment.value) {
                let span = unit.text.span(word.place.range());
                for act in uses::searched(&assignment.name, value.as_str()) {
                    self.yields(act, &span, state);
                }
            }
        }
        let input = self.input(unit, &statement.redirects, state, &lost);
        let has_heredoc =
            statement.redirects.iter().any(|redirect| matches!(redirect.kind, RedirectKind::HereDoc { .. }));
        let call = Call {
            words: fields,
            places,
            unit: Rc::clone(unit),
            end: statement.place.end,
            has_heredoc,
            external: false,
        };
        let inner = Context { input, ..context.clone() };
        let output = if call.words.is_empty() { Content::default() } else { self.run(&call, state, &inner) };
        if has_heredoc && !call.words.is_empty() {
            self.note_expanded_by_root(unit, statement, &call, state);
        }
        if let Some(before) = before {
            for assignment in assignments {
                match before.variable(&assignment.name) {
                    Some(old) => state.set(&assignment.name, old.values.to_vec(), old.list, old.exported),
                    None => state.unset(&assignment.name),
                }
            }
        }
        self.write_redirects(unit, &statement.redirects, Some(&call), &output, state, context)
    }

    fn assign(
        &mut self,
        unit: &Rc<Unit>,
        assignment: &Assignment,
        exported: bool,
        state: &mut State,
        context: &Context,
    ) {
        let (mut values, list) = match &assignment.value {
            AssignedValue::Scalar(word) => (vec![self.joined(unit, word, state, context)], false),
            AssignedValue::List(words) => {
                (words.iter().flat_map(|word| self.fields(unit, word, state, context)).collect(), true)
            }
        };
        if list && !assignment.append {
            state.unset_elements(&assignment.name);
        }
        if assignment.append {
            let old = state.variable(&assignment.name).map(|variable| variable.values.to_vec());
            values = match (old, list) {
                (Some(mut old), true) => {
                    old.extend(values);
                    old
                }
                (Some(old), false) => {
                    let mut joined = old.first().cloned().unwrap_or_default();
                    for value in &values {
                        joined.push(value);
                    }
                    vec![joined]
                }
                (None, true) => values,
                (None, false) => vec![Text::unknown(0..0)],
            };
        }
        state.set(&assignment.name, values, list, exported);
        let from = match &assignment.value {
            AssignedValue::Scalar(word) => self.file_in(unit, &word.place.range()),
            AssignedValue::List(words) => words.iter().find_map(|word| self.file_in(unit, &word.place.range())),
        };
        state.read_from(&assignment.name, from.as_deref());
    }

    /// Runs a command line: looks through functions and transparent commands, and judges what is left.
    pub fn run(&mut self, call: &Call, state: &mut State, context: &Context) -> Content {
        if !self.enter(1, || call.span()) {
            return Content::default();
        }
        let output = self.run_entered(call, state, context);
        self.leave();
        output
    }

    fn run_entered(&mut self, call: &Call, state: &mut State, context: &Context) -> Content {
        let Some(first) = call.words.first() else { return Content::default() };
        if let Some(function) = state.function(first.as_str()).filter(|_| !call.external).cloned() {
            return self.call_function(&function, call, state, context);
        }
        if let Some(output) = self.builtin(call, state, context) {
            return output;
        }
        if let Some(output) = self.transparent(call, state, context) {
            return output;
        }
        if let Some(change) = user_change::change(&call.words) {
            return self.change_user(call, &change, state, context);
        }
        if first.is_opaque()
            && let Some(word) = call.part(0, 1)
        {
            self.evaluates(Use::Runs, &word, state);
        }
        let unnamed = |word: &Text| word.as_str().starts_with(crate::script::shell::mapped::UNKNOWN);
        if first.as_str() == "export" && call.arguments().iter().any(unnamed) {
            self.evaluates(Use::Sources, call, state);
        }
        self.act(call, state, context);
        if let Some(output) = self.run_shell(call, state, context) {
            return output;
        }
        builtins::run(call, context.input.as_deref(), state);
        let mut output = stdout::of(call, state, context, &self.files);
        if matches!(call.name(), "echo" | "printf") {
            output.from = self.file_in(&call.unit, &call.range());
        }
        output
    }

    /// The body is judged at the call, as the caller's user. A function that calls itself is followed once.
    fn call_function(&mut self, function: &Function, call: &Call, state: &mut State, context: &Context) -> Content {
        if self.active.iter().any(|active| Rc::ptr_eq(active, &function.body)) {
            return Content::from(Text::unknown(call.span()));
        }
        self.active.push(Rc::clone(&function.body));
        let before = state.positional();
        state.set_positional(call.arguments().to_vec());
        let output = self.statement(&function.unit, &function.body, state, context);
        state.set_positional(before);
        self.active.pop();
        output
    }

    /// Records what the output redirects write; returns the output that is left on the stream.
    pub fn write_redirects(
        &mut self,
        unit: &Rc<Unit>,
        redirects: &[Redirect],
        call: Option<&Call>,
        output: &Content,
        state: &mut State,
        context: &Context,
    ) -> Content {
        let mut left = None;
        for redirect in redirects {
            let append = redirect.kind == RedirectKind::Append;
            if !append && redirect.kind != RedirectKind::Output {
                continue;
            }
            let target = self.joined(unit, &redirect.word, state, &context.with_fate(Fate::Lost));
            if target.is_empty() || target.as_str().starts_with('&') || target.as_str().starts_with("/dev/") {
                if redirect.descriptor.unwrap_or(1) == 1 && target.as_str() == "/dev/null" {
                    left = Some(Content::default());
                }
                continue;
            }
            let path = paths::resolve(target.as_str(), state.folder.as_deref());
            let own = unit.text.span(redirect.word.place.range());
            let span = call.filter(|call| !call.words.is_empty()).map_or(own, Call::span);
            let printed = (redirect.descriptor.unwrap_or(1) == 1).then(|| output.text.clone());
            if printed.is_some() {
                left = Some(Content::default());
            }
            self.write(Write { content: printed, append, creates: !append, ..Write::new(path) }, &span, state);
        }
        left.unwrap_or_else(|| output.clone())
    }
}

/// The variables in a command that branches set differently, with their values.
fn alternatives(
    statement: &Statement,
    (assignments, words): (&[Assignment], &[Word]),
    state: &State,
) -> Vec<(String, Rc<Vec<Text>>)> {
    let assigned = assignments.iter().flat_map(|assignment| match &assignment.value {
        AssignedValue::Scalar(word) => std::slice::from_ref(word),
        AssignedValue::List(words) => words.as_slice(),
    });
    let redirected = statement.redirects.iter().map(|redirect| &redirect.word);
    let mut found: Vec<(String, Rc<Vec<Text>>)> = Vec::new();
    for part in words.iter().chain(assigned).chain(redirected).flat_map(|word| &word.parts) {
        let Part::Parameter { name, operation, .. } = part else { continue };
        if matches!(operation, Operation::Other(_)) {
            continue;
        }
        let values = state.variable(name).map(|variable| Rc::clone(&variable.alternatives));
        if let Some(values) = values.filter(|values| !values.is_empty())
            && !found.iter().any(|(known, _)| known == name)
        {
            found.push((name.clone(), values));
        }
    }
    found
}

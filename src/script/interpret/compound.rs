//! Lists, pipelines, conditions and loops: both sides of every condition are taken.

use std::rc::Rc;

use crate::script::interpret::Walker;
use crate::script::interpret::conditions;
use crate::script::shell::mapped::Text;
use crate::script::shell::tree::{Link, Place, Statement, Unit, Word};
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::process::State;

/// Literal items of a `for` loop that are walked one by one.
const MOST_ITEMS: usize = 8;

impl Walker<'_> {
    pub fn chain(
        &mut self,
        unit: &Rc<Unit>,
        links: &[(Link, Statement)],
        state: &mut State,
        context: &Context,
    ) -> Content {
        let mut output = Text::default();
        let probed = state.probed;
        let mut status = None;
        for (index, (link, statement)) in links.iter().enumerate() {
            // Who the user is decides whether the rest of a list runs.
            if index > 0 && matches!((link, status), (Link::Or, Some(true)) | (Link::And, Some(false))) {
                continue;
            }
            let guards = links[index + 1..].iter().any(|(link, _)| *link == Link::Or);
            let last = index + 1 == links.len();
            let inner = if guards {
                guarded(context)
            } else if last {
                context.clone()
            } else {
                // `a && b`: errexit ignores a failing `a`; the list fails only as the last command of its list.
                Context { suppressed: true, ..context.with_fate(context.tail) }
            };
            output.push(&self.statement(unit, statement, state, &inner).text);
            status = self.identity_test(unit, std::slice::from_ref(statement), state, context);
            let next = links.get(index + 1).map(|(link, next)| (*link, next));
            match next {
                Some((Link::And, _)) if conditions::probes_sudo(statement) => state.probed = true,
                Some((Link::Or, next)) if conditions::probes_sudo(statement) && conditions::gives_up(next) => {
                    state.probed = true;
                    return output.into();
                }
                _ => {}
            }
        }
        state.probed = probed;
        output.into()
    }

    pub fn pipeline(
        &mut self,
        unit: &Rc<Unit>,
        parts: &[Statement],
        place: Place,
        state: &mut State,
        context: &Context,
    ) -> Content {
        let mut input = context.input.clone();
        let mut output = Content::default();
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            let fate = match context.fate {
                Fate::Reaches if !last && !state.options.pipefail => Fate::Lost,
                fate => fate,
            };
            let mut own = state.clone();
            let inner = Context {
                fate,
                tail: fate,
                shell: fate,
                input: input.take(),
                pipeline: Some((place.start, place.end)),
                ..context.clone()
            };
            output = self.statement(unit, part, &mut own, &inner);
            if !last {
                input = Some(Rc::new(std::mem::take(&mut output)));
            }
        }
        output
    }

    pub fn branches(
        &mut self,
        unit: &Rc<Unit>,
        branches: &[(Vec<Statement>, Vec<Statement>)],
        otherwise: Option<&[Statement]>,
        state: &mut State,
        context: &Context,
    ) -> Content {
        let mut output = Text::default();
        let mut ends = Vec::new();
        let mut open = true;
        let asked = std::mem::take(&mut state.asked);
        for (condition, body) in branches {
            self.statements(unit, condition, state, &guarded(context));
            let verdict = self.identity_test(unit, condition, state, context);
            if verdict == Some(false) {
                continue;
            }
            let mut inside = state.clone();
            let probe = condition.iter().any(conditions::probes_sudo);
            // Branches of a test of the status are not told apart.
            inside.probed |= asked;
            inside.probed |= probe && !condition.iter().any(|statement| statement.negated);
            output.push(&self.statements(unit, body, &mut inside, context).text);
            inside.probed = state.probed;
            if probe
                && condition.iter().any(|statement| statement.negated)
                && body.last().is_some_and(conditions::gives_up)
            {
                state.probed = true;
            } else if !body.last().is_some_and(conditions::gives_up) {
                ends.push(inside);
            }
            if verdict == Some(true) {
                open = false;
                break;
            }
        }
        if open {
            let mut inside = state.clone();
            inside.probed |= asked;
            if let Some(body) = otherwise {
                output.push(&self.statements(unit, body, &mut inside, context).text);
            }
            inside.probed = state.probed;
            ends.push(inside);
        }
        state.merge(ends);
        output.into()
    }

    pub fn for_loop(
        &mut self,
        unit: &Rc<Unit>,
        (name, words, body): (Option<&str>, Option<&[Word]>, &[Statement]),
        state: &mut State,
        context: &Context,
    ) -> Content {
        let mut items = Vec::new();
        for word in words.unwrap_or_default() {
            items.extend(self.fields(unit, word, state, context));
        }
        let ends = words.and_then(|words| words.first().zip(words.last()));
        let from = ends.and_then(|(first, last)| self.file_in(unit, &(first.place.start..last.place.end)));
        let mut output = Text::default();
        let rounds: Vec<Text> = if items.is_empty() {
            vec![Text::unknown(unit.text.span(words.and_then(<[Word]>::first).map_or(0..0, |word| word.place.range())))]
        } else {
            items.into_iter().take(MOST_ITEMS).collect()
        };
        let mut ends = Vec::new();
        for item in rounds {
            let mut inside = ends.last().cloned().unwrap_or_else(|| state.clone());
            if let Some(name) = name {
                inside.set(name, vec![item], false, false);
                inside.read_from(name, from.as_deref());
            }
            output.push(&self.statements(unit, body, &mut inside, context).text);
            ends.push(inside);
        }
        // A loop may run zero times, but is written to run.
        if let Some(end) = ends.pop() {
            state.merge(vec![end]);
        }
        output.into()
    }
}

/// The surroundings of a condition.
pub fn guarded(context: &Context) -> Context {
    Context { suppressed: true, ..context.with_fate(Fate::Guarded) }
}

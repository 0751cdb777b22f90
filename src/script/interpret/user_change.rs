//! Changes of user: which commands run as whom from there on.

use std::rc::Rc;

use super::Walker;
use super::rewrite_candidates::touches_own_files;
use crate::script::commands::user_change::{Change, Runs, Timing, change};
use crate::script::effect::{Act, Become, By, Effect, Family};
use crate::script::shell::mapped::{Text, floor};
use crate::script::shell::tree::{Part, Redirect, RedirectKind, Statement, Unit};
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::later_runners::runs_as_root;
use crate::script::state::paths;
use crate::script::state::process::{Block, State};
use crate::script::state::user::{Time, User};

/// Programs by which a `sudo` of the notebook user helps the commands behind it.
const HELPERS: [&str; 9] = ["mkdir", "chown", "chmod", "chgrp", "mount", "setfacl", "install", "bash", "sh"];

impl Walker<'_> {
    pub fn change_user(&mut self, call: &Call, change: &Change, state: &mut State, context: &Context) -> Content {
        let span = call.span();
        let unknown = || Content::from(Text::unknown(span.clone()));
        if matches!(change.runs, Runs::Nothing { asks: false }) {
            return unknown();
        }
        let inner = match change.runs {
            Runs::Command(index) => call.skip(index),
            _ => None,
        };
        // The notebook user cannot become anybody; only root's part goes on.
        let fails = state.actor.user == User::Notebook && change.family != Family::Plain;
        let by_sudo = fails && change.family == Family::Sudo;
        let movable =
            inner.as_ref().filter(|_| by_sudo && state.actor.is_now() && self.relocates && change.user == User::Root);
        let as_root = movable.map(|inner| self.as_root(inner, state, context));
        let fate = if state.probed { Fate::Guarded } else { context.fate };
        let become_other = Become {
            tool: change.tool,
            family: change.family,
            user: change.user.clone(),
            shown: shown(call, change),
            program: inner.as_ref().map_or("", |inner| inner.name()).to_owned(),
            runs: !matches!(change.runs, Runs::Nothing { .. }),
            as_root,
            own_files: movable.is_some_and(|inner| touches_own_files(inner, state)),
        };
        self.effects.push(Effect { by: By::new(state, fate, call.span()), act: Act::Become(become_other) });
        if fails {
            if let Some(inner) = movable {
                let candidate = self.candidate(call, inner, change, state, context, fate);
                self.candidates.extend(candidate);
            }
            state.helped |= by_sudo && inner.is_some_and(|inner| HELPERS.contains(&inner.name()));
            return unknown();
        }
        let mut child = self.process_of(call, change, state);
        let fate = if change.timing == Timing::Waits { context.fate } else { Fate::Lost };
        let shell = Context { input: context.input.clone(), ..Context::of_shell(fate) };
        match &change.runs {
            Runs::Nothing { .. } => unknown(),
            Runs::Command(_) => match inner {
                Some(inner) => {
                    self.run(&inner.by_program(), &mut child, &Context { pipeline: context.pipeline, ..shell })
                }
                None => unknown(),
            },
            Runs::Shell => match &context.input {
                Some(input) => self.script(input.text.clone(), &mut child, &Context::of_shell(fate)),
                None => unknown(),
            },
            Runs::Script(text) => self.script(text.clone(), &mut child, &shell),
            Runs::ShellWith(index) => match call.part(*index, call.words.len()) {
                Some(inner) => {
                    let mut words = vec![Text::of("bash", span.clone())];
                    words.extend(inner.words.iter().cloned());
                    self.run(&call.with_words(words), &mut child, &shell)
                }
                None => unknown(),
            },
        }
    }

    /// The process of the other user.
    fn process_of(&self, call: &Call, change: &Change, state: &State) -> State {
        let mut child = if change.keeps_environment { state.child() } else { state.fresh() };
        child.actor.user = change.user.clone();
        child.unset("HOME");
        for (name, value) in &change.variables {
            child.set(name, vec![value.clone()], false, true);
        }
        if change.login {
            child.folder = child.actor.user.home();
        }
        // A command that runs beside the hook cannot be moved into it.
        if state.actor.is_root() && !child.actor.is_root() && change.timing == Timing::Waits {
            let command = if let Runs::Command(index) = change.runs { call.places.get(index) } else { None };
            child.block = Some(Rc::new(Block {
                unit: Rc::clone(&call.unit),
                start: call.places.first().copied().unwrap_or_default().start,
                end: call.end,
                words_end: call.places.last().map_or(call.end, |place| place.end),
                command: command.map(|place| place.start),
                depth: self.scripts,
                folder: state.folder.clone(),
                errexit: state.options.errexit,
            }));
        }
        if change.timing == Timing::Later && state.actor.is_now() {
            child.actor.time = Time::Later(format!("a timer of {}", change.tool).into());
        }
        child
    }

    /// Notes command substitutions that root expands in a heredoc meant for another account.
    pub fn note_expanded_by_root(&mut self, unit: &Rc<Unit>, statement: &Statement, call: &Call, state: &State) {
        let drops = change(&call.words).is_some_and(|change| change.user != User::Root);
        if !state.actor.is_root() || !state.actor.is_now() || !drops {
            return;
        }
        let expanded = |redirect: &&Redirect| redirect.kind == RedirectKind::HereDoc { expanded: true };
        for part in statement.redirects.iter().filter(expanded).flat_map(|redirect| &redirect.word.parts) {
            if let Part::Commands { place, .. } = part {
                self.yields(Act::ExpandForOther, &unit.text.span(place.range()), state);
            }
        }
    }

    /// The effects of the command if root ran it. Leaves no trace.
    fn as_root(&mut self, inner: &Call, state: &State, context: &Context) -> Vec<Effect> {
        let effects = std::mem::take(&mut self.effects);
        let files = self.files.clone();
        let relocates = std::mem::replace(&mut self.relocates, false);
        let mut root = state.clone();
        root.actor.user = User::Root;
        self.run(&inner.clone().by_program(), &mut root, context);
        // Content that the command writes to a file that root runs later is judged with that file.
        let written: Vec<String> = self.files.all().map(|(path, _)| path.to_owned()).collect();
        let is_new = |path: &String| self.files.read(path).as_str() != files.read(path).as_str();
        if written.iter().any(|path| runs_as_root(path) && is_new(path)) {
            self.run_deferred();
        }
        (self.files, self.relocates) = (files, relocates);
        std::mem::replace(&mut self.effects, effects)
    }
}

/// The tool with the first words of what it runs, for a message.
fn shown(call: &Call, change: &Change) -> String {
    let Runs::Command(index) = change.runs else { return format!("`{}`", change.tool) };
    let words: Vec<String> = call.words[index..].iter().take(3).map(|word| paths::shown(word.as_str())).collect();
    let mut text = words.join(" ").replace(['\n', '\r', '`'], " ");
    if text.len() > 48 {
        text.truncate(floor(&text, 45));
        text.push('…');
    } else if call.words.len() > index + 3 {
        text.push_str(" …");
    }
    format!("`{} {text}`", change.tool)
}

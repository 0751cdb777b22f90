//! What a change of user means: whether it works, what it runs, and what to say about it.

use std::ops::Range;
use std::rc::Rc;

use crate::rules::{Rule, Severity};
use crate::script::commands::user_change::{Change, Family, Runs, Timing};
use crate::script::interpret::Walker;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::{Block, State};
use crate::script::state::user::{Time, User};

impl Walker<'_> {
    pub fn change_user(&mut self, call: &Call, change: &Change, state: &mut State, context: &Context) -> Content {
        let span = call.span();
        let unknown = || Content::from(Text::unknown(span.clone()));
        let silent = matches!(change.runs, Runs::Nothing { asks: false });
        match (&state.user, change.family) {
            _ if silent => return unknown(),
            (User::Notebook, Family::Sudo) => {
                self.sudo_as_notebook_user(call, change, state, context);
                let names = matches!(change.runs, Runs::Command(index) if call.skip(index).is_some_and(|it| {
                    matches!(it.name(), "mkdir" | "chown" | "chmod" | "chgrp" | "mount" | "setfacl" | "install" | "bash" | "sh")
                }));
                state.helped |= names;
                return unknown();
            }
            (User::Notebook, Family::Su) => {
                self.su_as_notebook_user(&span, change, state);
                return unknown();
            }
            (User::Root, Family::Sudo) if change.user == User::Root && !matches!(change.runs, Runs::Nothing { .. }) => {
                self.report.add_redundant(&span);
            }
            _ => {}
        }
        if change.user == User::Unknown {
            self.report.add(Draft::new(
                Rule::UnresolvedUser,
                &span,
                format!(
                    "The user that `{}` changes to is not known here, so what runs as that user is not judged",
                    change.tool
                ),
                "Write the user's name out, or assign it from a literal in the script.",
            ));
        }
        let mut child = if change.keeps_environment { state.child() } else { state.fresh() };
        child.user = change.user.clone();
        child.unset("HOME");
        for (name, value) in &change.variables {
            child.set(name, vec![value.clone()], false, true);
        }
        if change.login {
            child.folder = child.user.home();
        }
        if state.is_root() && !child.is_root() {
            child.block = Some(Rc::new(Block {
                unit: Rc::clone(&call.unit),
                start: call.places.first().copied().unwrap_or_default().start,
                end: call.end,
                words_end: call.places.last().map_or(call.end, |place| place.end),
                depth: self.scripts,
                folder: state.folder.clone(),
                errexit: state.options.errexit,
            }));
        }
        if change.timing == Timing::Later && state.is_now() {
            child.time = Time::Later(format!("a timer of {}", change.tool).into());
        }
        let fate = if change.timing == Timing::Waits { context.fate } else { Fate::Lost };
        let shell = Context { input: context.input.clone(), ..Context::of_shell(fate) };
        match &change.runs {
            Runs::Nothing { .. } => unknown(),
            Runs::Command(index) => match call.skip(*index) {
                Some(inner) => {
                    self.run(&inner.by_program(), &mut child, &Context { pipeline: context.pipeline, ..shell })
                }
                None => unknown(),
            },
            Runs::Shell => match &context.input {
                Some(input) => {
                    let input = input.text.clone();
                    self.script(input, &mut child, &Context::of_shell(fate))
                }
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

    fn su_as_notebook_user(&mut self, span: &Range<usize>, change: &Change, state: &State) {
        let when = when(state);
        self.report.add(Draft::new(
            Rule::SuAsNotebookUser,
            span,
            format!(
                "ec2-user calls `{}`{when}, which asks for a password that the account does not have; \
                already failing, not caused by this change",
                change.tool
            ),
            "Call it from root's part of the script, or drop it: the hook is root already.",
        ));
    }

    fn sudo_as_notebook_user(&mut self, call: &Call, change: &Change, state: &State, context: &Context) {
        let span = call.span();
        let what = match &change.runs {
            Runs::Command(index) => format!("`{} {}`", change.tool, first_words(call, *index)),
            _ => format!("`{}`", change.tool),
        };
        if let Time::Later(through) = &state.time {
            self.report.add(Draft::new(
                Rule::DeferredSudo,
                &span,
                format!("{through} runs {what} as ec2-user after the hook; once root access is off it fails with \
                    \"sudo: a password is required\""),
                "Let root do it in the hook, or from root's crontab or a unit without `User=` that runs a file only root can write.",
            ));
            return;
        }
        let fate = if state.probed { Fate::Guarded } else { context.fate };
        let (severity, effect) = match fate {
            Fate::Reaches => (Severity::Error, "and the hook fails with it, so the notebook does not start"),
            Fate::Lost => (Severity::Warning, "and the hook goes on without it"),
            Fate::Guarded => (Severity::Note, "which the script seems to expect: it tests or catches the failure"),
        };
        let help = if self.rewrites { self.advice(call, change, state, context, fate) } else { String::new() };
        let draft = Draft::new(
            Rule::SudoAsNotebookUser,
            &span,
            format!(
                "{what} runs as ec2-user and fails once root access is off (\"sudo: a password is required\"), {effect}"
            ),
            help,
        );
        self.report.add(draft.severity(severity));
    }
}

fn when(state: &State) -> String {
    match &state.time {
        Time::Now => String::new(),
        Time::Later(through) => format!(", started by {through}"),
    }
}

/// The first words of the inner command, for a message.
fn first_words(call: &Call, index: usize) -> String {
    let words: Vec<String> = call.words[index..].iter().take(3).map(|word| paths::shown(word.as_str())).collect();
    let mut text = words.join(" ").replace(['\n', '\r', '`'], " ");
    if text.len() > 48 {
        text.truncate(crate::script::shell::mapped::floor(&text, 45));
        text.push('…');
    } else if call.words.len() > index + 3 {
        text.push_str(" …");
    }
    text
}

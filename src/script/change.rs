//! What a change of user means: whether it works, what it runs, and what to say about it.

use std::ops::Range;

use super::call::Call;
use super::context::{Content, Context, Fate};
use super::finding::Rewrite;
use super::paths;
use super::report::Draft;
use super::state::State;
use super::text::Text;
use super::user::{Time, User};
use super::users::{Change, Family, Runs, Timing};
use super::walk::Walker;
use crate::rules::{Rule, Severity};

const SUDO_HELP: &str = "Move the line out of the notebook user's block and drop the `sudo`: the hook is root already. \
    Software for one user belongs in a virtual environment under /home/ec2-user/SageMaker.";

impl Walker<'_> {
    pub(super) fn change_user(
        &mut self,
        call: &Call,
        change: &Change,
        state: &mut State,
        context: &Context,
    ) -> Content {
        let span = call.span();
        let unknown = || Content::from(Text::unknown(span.clone()));
        let silent = matches!(change.runs, Runs::Nothing { asks: false });
        match (&state.user, change.family) {
            _ if silent => return unknown(),
            (User::Notebook, Family::Sudo) => {
                self.sudo_as_notebook_user(call, change, state, context);
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
        for (name, value) in &change.variables {
            child.set(name, vec![value.clone()], false, true);
        }
        if change.login {
            child.folder = child.user.home();
        }
        if state.is_root() && !child.is_root() {
            child.block = Some(span.clone());
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
        let rewrite = if self.rewrites { self.rewritten(call, change, state, context) } else { None };
        let help = match &rewrite {
            Some(Moved::Unsafe) => format!(
                "Do not move this line to root's part: there root would run files that ec2-user can rewrite. \
                 Install without root, for example with `--prefix` or a virtual environment under {}.",
                paths::WORKSPACE
            ),
            Some(Moved::Safe(_)) | None => SUDO_HELP.to_owned(),
        };
        let draft = Draft::new(
            Rule::SudoAsNotebookUser,
            &span,
            format!(
                "{what} runs as ec2-user and fails once root access is off (\"sudo: a password is required\"), {effect}"
            ),
            help,
        );
        let rewrite = rewrite.and_then(|moved| match moved {
            Moved::Safe(rewrite) => Some(rewrite),
            Moved::Unsafe => None,
        });
        self.report.add(Draft { rewrite, ..draft.severity(severity) });
    }

    /// The command as root's part of the script would have it: without `sudo`, with the notebook user's `~` written out.
    fn rewritten(&self, call: &Call, change: &Change, state: &State, context: &Context) -> Option<Moved> {
        let Runs::Command(index) = change.runs else { return None };
        let block = state.block.clone()?;
        if call.has_heredoc || change.user != User::Root {
            return None;
        }
        let (text, sudo, end) = call.source(0);
        let (_, command, _) = call.source(index);
        if command <= sudo {
            return None;
        }
        let (start, end) = context.pipeline.map_or((sudo, end), |(start, stop)| (start.min(sudo), stop.max(end)));
        let before = text.display(start..sudo, self.shown);
        let after = text.display(command..end, self.shown);
        let mut lines = with_home(&format!("{before}{after}"));
        lines.truncate(lines.trim_end_matches([' ', '\n', ';', '&']).len());
        if lines.trim().is_empty() || lines.contains('\n') {
            return None;
        }
        if state.moved
            && let Some(folder) = &state.folder
        {
            lines = format!("(cd {folder} && {lines})");
        }
        let judged = super::analyse_moved(&lines);
        let unsafe_rule = |rule| matches!(rule, Rule::RootRunsUserWritable | Rule::RootServer);
        if judged.findings.iter().any(|finding| unsafe_rule(finding.rule)) {
            return Some(Moved::Unsafe);
        }
        let insert_at = self.shown.get(..block.start).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        Some(Moved::Safe(Rewrite { cut: text.span(start..end), insert_at, lines }))
    }
}

enum Moved {
    Safe(Rewrite),
    /// Run by root, the line would hand root back.
    Unsafe,
}

/// `~` and `$HOME` mean another folder for root.
fn with_home(line: &str) -> String {
    let mut result = line.replace("${HOME}", paths::HOME).replace("$HOME", paths::HOME);
    for before in [" ", "=", ":"] {
        result = result.replace(&format!("{before}~/"), &format!("{before}{}/", paths::HOME));
    }
    result
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
        text.truncate(super::text::floor(&text, 45));
        text.push('…');
    } else if call.words.len() > index + 3 {
        text.push_str(" …");
    }
    text
}

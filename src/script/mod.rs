//! Judges SageMaker lifecycle scripts: which lines stop working once root access is off, and which hand root back.
//!
//! A hook runs as root whatever `root_access` says (AWS developer guide, `notebook-lifecycle-config`), so a line breaks
//! only where it calls `sudo` while the effective user is the notebook user. The script is therefore parsed, and walked
//! with the effective user, the time (now or later), the working folder and the values of variables.
//!
//! The way through the modules:
//!
//! ```text
//! shell (template, mapped text, parse, words, tree) → interpret (statements, commands, users) → judge and the rules
//!     → report → finding; state knows one moment, commands knows what programs do
//! ```
//!
//! Limits: both sides of every condition are taken, loops are walked once, and what a program does that the script
//! starts is known only for the programs named here.

mod advice;
mod change;
mod commands;
mod finding;
mod grants;
mod interpret;
mod judge;
mod later;
mod modes;
mod ownership;
mod report;
mod runs;
mod shell;
mod state;
mod sudoers;
mod system;
mod writes;

use std::rc::Rc;

use crate::rules::Rule;
use advice::Candidate;
use interpret::Walker;
use report::{Draft, Report};
use state::context::{Context, Fate};
use state::process::State;

pub use finding::{Analysis, ScriptFinding, Side};
pub use shell::template::{end_of_template, mask_template};

/// Scripts longer than this, in bytes, are not analysed. The API takes about 12 KiB.
pub const LONGEST_SCRIPT: usize = 256 * 1024;

/// Stack for one analysis. The parser may use 1.5 MiB of it, more than a worker thread can spare; walk and adapter stay
/// far below the rest, since their depth is capped.
const STACK: usize = 16 * 1024 * 1024;

/// Judges one lifecycle script.
///
/// Never panics, and ends quickly whatever the text: depth and work are capped, and a script that reaches a cap gets an
/// `unanalysed-script` note. Syntax errors become a `script-parse-failure` note beside what could still be judged.
#[must_use]
pub fn analyse(script: &str) -> Analysis {
    on_own_stack(script, false)
}

/// Judges a lifecycle script that is still a Terraform template.
///
/// `${…}` counts as an unknown value. All spans are bytes of `template`, and messages and rewritten lines quote it as it
/// stands there.
#[must_use]
pub fn analyse_template(template: &str) -> Analysis {
    on_own_stack(template, true)
}

fn on_own_stack(script: &str, template: bool) -> Analysis {
    if script.len() > LONGEST_SCRIPT {
        return not_analysed(script, "The script is too long to be a lifecycle script, and was not judged");
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || judge(script, template));
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(analysis)) => analysis,
            _ => not_analysed(script, "The script could not be judged, which is a fault of this tool"),
        }
    })
}

fn judge(shown: &str, template: bool) -> Analysis {
    let walk = |text: &str, rewrites: bool| {
        if template { walk_hook(&mask_template(text), text, rewrites) } else { walk_hook(text, text, rewrites) }
    };
    let (mut analysis, candidates) = walk(shown, true);
    advice::prove(&mut analysis, &candidates, shown, |edited| walk(edited, false).0);
    analysis
}

fn not_analysed(script: &str, message: &str) -> Analysis {
    let mut report = Report::default();
    let first_line = 0..script.find('\n').unwrap_or(script.len());
    report.add(Draft::new(Rule::UnanalysedScript, &first_line, message, "Review the script by hand."));
    report.finish(script)
}

fn walk_hook(script: &str, shown: &str, rewrites: bool) -> (Analysis, Vec<Candidate>) {
    if !interpret::subshell::is_shell(script) {
        let why = "The script's first line names another interpreter than a shell, so it was not judged";
        return (not_analysed(script, why), Vec::new());
    }
    let mut walker = Walker::new(shown, rewrites);
    if let Some(at) = script.find("\r\n") {
        walker.report.add(Draft::new(
            Rule::CrlfScript,
            &(script[..at].rfind('\n').map_or(0, |line| line + 1)..at + 1),
            "The script has Windows line ends: the shell takes the carriage return for part of every line and the hook fails",
            "Convert it to Unix line ends, for example with `replace(…, \"\\r\\n\", \"\\n\")` or a `.gitattributes` entry `*.sh eol=lf`.",
        ));
    }
    let mut start = 0;
    for line in script.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && trimmed.chars().all(|letter| letter == shell::mapped::UNKNOWN) {
            let at = start + line.len() - line.trim_start().len();
            walker.template_command(&(at..at + trimmed.len()));
        }
        start += line.len();
    }
    let unit = Rc::new(shell::parse::parse(shell::mapped::Text::of_script(script)));
    if let Some(place) = unit.problem {
        let span = unit.text.span(place.range());
        walker.parse_failure(&span);
    }
    let mut state = State::hook();
    state.options.errexit = interpret::subshell::shebang_errexit(script);
    walker.statements(&unit, &unit.body, &mut state, &Context::of_shell(Fate::Reaches));
    walker.judge_later();
    walker.report_limits();
    let Walker { mut report, mut ownership, candidates, .. } = walker;
    ownership.report(&mut report);
    (report.finish(script), candidates)
}

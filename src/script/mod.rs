//! Judges SageMaker lifecycle scripts: which lines stop working once root access is off, and which hand root back.
//!
//! A hook runs as root whatever `root_access` says (AWS developer guide, `notebook-lifecycle-config`), so a line breaks
//! only where it calls `sudo` while the effective user is the notebook user. The script is therefore parsed, and walked
//! with the effective user, the time (now or later), the working folder and the values of variables.
//!
//! The way through the modules:
//!
//! ```text
//! shell (template, mapped text, parse, words → tree) → interpret (with state and commands) → effects → rules → findings
//! ```
//!
//! The interpreter knows no rule, and the rules see nothing but effects: who does what, when, and where it stands. Where
//! a behaviour is decided:
//!
//! | decision | file |
//! |---|---|
//! | whether a text is a shell script | `interpret/subshell` |
//! | what of a Terraform template, or of letters outside ASCII, the parser is shown | `shell/template`, `shell/mask` |
//! | statements, words, quotes, `${…}` | `shell/parse`, `shell/words`, `shell/quoting`, `shell/parameters` |
//! | which branches, loops and lists run; conditions on the user, `exit` | `interpret/compound`; `interpret/conditions` |
//! | the values of words, variables and `${…}` | `interpret/expand`, `state/variables`, `interpret/parameter` |
//! | `cd`, `export`, `set`, `read`; what `eval`, `trap` and `alias` run | `interpret/builtins` |
//! | `env`, `timeout`, `xargs`, `find -exec` and others that run a command they are given | `interpret/wrappers` |
//! | `sudo`, `su`, `runuser`: their options, and who the user is behind them | `commands/user_change`, `interpret/user_change` |
//! | the options of all other programs, and what they start, trust and write | the table `commands/known_programs/programs.txt` |
//! | what a program writes, grants, trusts or prints where the table cannot say it | the other files of `commands/` |
//! | crontabs, units and start-up files that run after the hook | `state/later_runners` (which), `interpret/deferred` (how) |
//! | which effect is a finding, and its words | `rules/`, one file a family |
//! | the line to write instead | `interpret/rewrite_candidates` proposes it, `rewrites` proves it |
//!
//! Limits: both sides of every condition are taken, loops are walked once, and what a program does that the script
//! starts is known only for the programs named here.

mod commands;
mod effect;
mod finding;
mod interpret;
mod rewrites;
mod rules;
mod shell;
mod state;

use std::rc::Rc;

use crate::rules::Rule;
use effect::Limit;
use interpret::Walker;
use interpret::rewrite_candidates::Candidate;
use rules::{Draft, Report};
use state::process::State;

pub use finding::{Analysis, ScriptFinding, Side};
pub use shell::template::{end_of_template, mask_template};

/// Scripts longer than this, in bytes, are not analysed, and no text that a script puts together grows beyond it. The API
/// takes about 12 KiB.
pub const LONGEST_SCRIPT: usize = 128 * 1024;

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
    let walk = |text: &str, relocates: bool| {
        if template { walk_hook(&mask_template(text), text, relocates) } else { walk_hook(text, text, relocates) }
    };
    let (mut analysis, candidates) = walk(shown, true);
    rewrites::prove(&mut analysis, &candidates, shown, |edited| walk(edited, false).0);
    analysis
}

fn not_analysed(script: &str, message: &str) -> Analysis {
    let mut report = Report::default();
    let first_line = 0..script.find('\n').unwrap_or(script.len());
    report.add(Draft::new(Rule::UnanalysedScript, &first_line, message, "Review the script by hand."));
    report.finish(script)
}

fn walk_hook(script: &str, shown: &str, relocates: bool) -> (Analysis, Vec<Candidate>) {
    if !interpret::subshell::is_shell(script) {
        let why = "The script's first line names another interpreter than a shell, so it was not judged";
        return (not_analysed(script, why), Vec::new());
    }
    let mut walker = Walker::new(shown, relocates);
    if let Some(at) = script.find("\r\n") {
        walker.limit(Limit::CarriageReturns, &(script[..at].rfind('\n').map_or(0, |line| line + 1)..at + 1));
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
        walker.limit(Limit::Syntax, &unit.text.span(place.range()));
    }
    let mut state = State::hook();
    state.options.errexit = interpret::subshell::shebang_errexit(script);
    walker.hook(&unit, &mut state);
    let work = walker.spent() + script.len() / 64;
    (Analysis { work, ..rules::judge(&walker.effects, script) }, walker.candidates)
}

//! What to write instead of a `sudo` that breaks.
//!
//! A line to write is shown only where it was proved: it stands alone in the notebook user's block, moves past nothing
//! that could matter to it, means the same files and values there, and the whole script judged with the line in its new
//! place raises nothing new. Everything else gets one sentence that says what to decide.

use std::ops::Range;
use std::rc::Rc;

use crate::rules::{Rule, Severity};
use crate::script::commands::options;
use crate::script::commands::user_change::{Change, Runs};
use crate::script::finding::{Analysis, Rewrite, Side};
use crate::script::interpret::Walker;
use crate::script::shell::mapped::UNKNOWN;
use crate::script::shell::tree::{Assignment, Command, Part, Statement, Unit, Word};
use crate::script::state::call::Call;
use crate::script::state::context::{Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::{Block, State};
use crate::script::state::user::User;

const MOVE: &str = "Move the line out of the notebook user's block and drop the `sudo`: the hook is root already.";
const DECIDE: &str = "Decide who has to run it: root can, in its own part of the hook, if folder, variables and order stay the same; \
    software for one user belongs in a virtual environment under /home/ec2-user/SageMaker.";
const DROP: &str = "Drop this line: run by root it would hand root back.";
const DROP_DOCKER: &str =
    "Drop this line: once root access is off, Rootless Docker replaces the system Docker for ec2-user.";
const OWN_FILES: &str = "Drop the `sudo`: the line touches only files of ec2-user's own.";
const DO_NOT_MOVE: &str = "Do not move this line to root's part: there root would run files that ec2-user can rewrite. \
    Install without root, for example with `--prefix` or a virtual environment under /home/ec2-user/SageMaker.";

/// Rewrites that are proved for one script: each takes another walk.
const MOST_PROOFS: usize = 16;

/// Programs that care about files only where they are handed a path.
const FOLDER_FREE: [&str; 22] = [
    "yum",
    "dnf",
    "apt",
    "apt-get",
    "amazon-linux-extras",
    "snap",
    "systemctl",
    "service",
    "chkconfig",
    "sysctl",
    "swapon",
    "swapoff",
    "mount",
    "umount",
    "modprobe",
    "groupadd",
    "useradd",
    "ldconfig",
    "hostnamectl",
    "timedatectl",
    "reboot",
    "initctl",
];

/// Programs that only handle files, and what to skip before the paths.
const FILE_PROGRAMS: [(&str, usize); 9] =
    [("mkdir", 0), ("rm", 0), ("touch", 0), ("cp", 0), ("mv", 0), ("ln", 0), ("chown", 1), ("chmod", 1), ("rmdir", 0)];

/// A line of the notebook user's block that may read better in root's part.
#[derive(Debug)]
pub struct Candidate {
    /// The finding it belongs to, in bytes of the script.
    finding: Range<usize>,
    block: Rc<Block>,
    unit: Rc<Unit>,
    /// Which statement of the unit it is; `None` where the block consists of the command alone.
    statement: Option<usize>,
    cut: Range<usize>,
    line: String,
    /// Its failure does not stop the hook.
    lost: bool,
    errexit: bool,
}

impl Walker<'_> {
    /// What to do about a `sudo` of the notebook user. Remembers the line where it may move.
    pub fn advice(&mut self, call: &Call, change: &Change, state: &State, context: &Context, fate: Fate) -> String {
        let Runs::Command(index) = change.runs else { return DECIDE.to_owned() };
        let Some(inner) = call.skip(index).filter(|_| change.user == User::Root) else { return DECIDE.to_owned() };
        let rules = self.as_root(&inner, state, context);
        let hands_back = |rule: &Rule| {
            matches!(
                rule,
                Rule::GrantsRoot
                    | Rule::ScopedSudoGrant
                    | Rule::SetuidOrCapability
                    | Rule::WorldWritableSystemPath
                    | Rule::ReEnablesRootAccess
            )
        };
        if rules.iter().any(hands_back) {
            return DROP.to_owned();
        }
        if rules.contains(&Rule::SystemDocker) {
            return DROP_DOCKER.to_owned();
        }
        if rules.iter().any(|rule| matches!(rule, Rule::RootRunsUserWritable | Rule::RootServer)) {
            return DO_NOT_MOVE.to_owned();
        }
        if touches_own_files(&inner, state) {
            return OWN_FILES.to_owned();
        }
        if let Some(candidate) = self.candidate(call, (&inner, index), change, state, context, fate) {
            self.candidates.push(candidate);
        }
        DECIDE.to_owned()
    }

    /// The rules that speak where root runs the command instead.
    fn as_root(&mut self, inner: &Call, state: &State, context: &Context) -> Vec<Rule> {
        let report = std::mem::take(&mut self.report);
        let files = self.files.clone();
        let ownership = self.ownership.clone();
        let rewrites = std::mem::replace(&mut self.rewrites, false);
        let mut root = state.clone();
        root.user = User::Root;
        self.run(&inner.clone().by_program(), &mut root, context);
        // What the command writes to a file that something runs later is judged with that file.
        let mut found = std::mem::replace(&mut self.report, report).rules();
        let written: Vec<String> = self.files.all().map(|(path, _)| path.to_owned()).collect();
        let is_new = |path: &String| self.files.read(path).as_str() != files.read(path).as_str();
        if written.iter().any(|path| crate::script::later::runs_as_root(path) && is_new(path)) {
            let kept = std::mem::take(&mut self.report);
            self.judge_later();
            found.extend(std::mem::replace(&mut self.report, kept).rules());
        }
        (self.files, self.ownership, self.rewrites) = (files, ownership, rewrites);
        found
    }

    /// The line as root's part would have it, if it is plain enough to move.
    fn candidate(
        &self,
        call: &Call,
        (inner, index): (&Call, usize),
        change: &Change,
        state: &State,
        context: &Context,
        fate: Fate,
    ) -> Option<Candidate> {
        let block = state.block.clone()?;
        let plain = |word: &str| matches!(word, "-E" | "-H" | "-n" | "-u" | "root" | "--");
        let options = call.words.get(1..index)?;
        let keeps = options.iter().all(|word| plain(word.as_str())) && change.variables.is_empty();
        if !keeps || call.has_heredoc || state.function(inner.name()).is_some() || block.depth > 0 {
            return None;
        }
        let (text, sudo, end) = call.source(0);
        let (_, command, _) = call.source(index);
        let direct = Rc::ptr_eq(&call.unit, &block.unit) && self.scripts == block.depth;
        let (statement, start, end) = if direct {
            let end = call.places.last()?.end;
            (None, block.start, end)
        } else {
            if self.scripts != block.depth + 1 || !self.active.is_empty() {
                return None;
            }
            let at = call.unit.body.iter().position(|it| it.place.range().contains(&sudo))?;
            let statement = &call.unit.body[at];
            if !is_plain_line(statement) {
                return None;
            }
            let (start, end) = context.pipeline.map_or((sudo, end), |(start, stop)| (start.min(sudo), stop.max(end)));
            let end = start + text.as_str().get(start..end)?.trim_end().len();
            (Some(at), start, end)
        };
        if command <= sudo {
            return None;
        }
        let before = if direct { String::new() } else { text.display(start..sudo, self.shown) };
        let after = text.display(command..end, self.shown);
        let source = format!("{}{}", text.as_str().get(start.min(sudo)..sudo)?, text.as_str().get(command..end)?);
        let source = if direct { text.as_str().get(command..end)?.to_owned() } else { source };
        let home = source.contains('~') || source.contains("$HOME") || source.contains("${HOME}");
        // Variables and substitutions may be worth something else for root.
        if home || source.contains(['$', '`', '\n', '\\']) {
            return None;
        }
        let mut line = format!("{before}{after}");
        line.truncate(line.trim_end_matches([' ', '\n', ';', '&']).len());
        if line.trim().is_empty() || line.contains('\n') {
            return None;
        }
        let within = |word: &str| {
            let path = paths::resolve(word.trim_start_matches(['>', '<']), state.folder.as_deref());
            paths::writable(&path) != paths::Writable::No
        };
        let mut cares = false;
        for word in source.split_ascii_whitespace().skip(usize::from(before.is_empty())) {
            let path = word.trim_matches(['"', '\'']);
            // Root would follow what ec2-user puts there.
            if word.contains('/') && (within(path) || path.split('=').next_back().is_some_and(within)) {
                return None;
            }
            let relative = path.starts_with('.')
                || path.contains(['*', '?', '['])
                || path.contains('/') && !path.starts_with(['/', '-']);
            cares |= relative && !path.contains(UNKNOWN);
        }
        let operands = options::operands(inner.arguments(), &[]);
        cares |= !FOLDER_FREE.contains(&inner.name()) && operands.iter().any(|word| !word.as_str().starts_with('/'))
            || !FOLDER_FREE.contains(&inner.name()) && operands.is_empty()
            || source.contains(['>', '<'])
                && source.split(['>', '<']).skip(1).any(|to| !to.trim_start().starts_with('/') && !to.starts_with('&'));
        if cares && state.folder != block.folder {
            let folder = state.folder.as_deref().filter(|folder| !folder.contains(UNKNOWN) && !within(folder))?;
            line = format!("(cd {} && {line})", paths::quoted(folder));
        }
        Some(Candidate {
            finding: call.span(),
            cut: text.span(start..end),
            unit: Rc::clone(&call.unit),
            block,
            statement,
            line,
            lost: fate != Fate::Reaches,
            errexit: state.options.errexit,
        })
    }
}

/// Whether only the notebook user's own files are concerned.
fn touches_own_files(inner: &Call, state: &State) -> bool {
    let Some((name, skip)) = FILE_PROGRAMS.iter().find(|(name, _)| *name == inner.name()) else { return false };
    let operands = options::operands(inner.arguments(), &["-m", "--mode", "-t", "--target-directory"]);
    let own_owner =
        *name != "chown" || operands.first().is_some_and(|owner| User::named(owner.as_str()) == User::Notebook);
    let paths = operands.get(*skip..).unwrap_or_default();
    let own = |word: &str| paths::is_within(&paths::resolve(word, state.folder.as_deref()), paths::HOME);
    own_owner && !paths.is_empty() && paths.iter().all(|word| own(word.as_str()))
}

/// Whether a statement is one command, or a pipeline that feeds literal text to one.
fn is_plain_line(statement: &Statement) -> bool {
    let simple = |it: &Statement| matches!(&it.command, Command::Simple { assignments, .. } if assignments.is_empty());
    !statement.negated
        && !statement.background
        && match &statement.command {
            Command::Pipeline(parts) => {
                let prints = |it: &Statement| matches!(program(it), Some("echo" | "printf" | "yes" | "sudo" | "cat"));
                parts.iter().all(|part| simple(part) && prints(part))
            }
            _ => simple(statement),
        }
}

fn literal(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [Part::Literal { text, .. }] => Some(text),
        _ => None,
    }
}

fn program(statement: &Statement) -> Option<&str> {
    match &statement.command {
        Command::Simple { words, .. } => words.first().and_then(literal),
        _ => None,
    }
}

/// Whether a statement changes nothing but its own shell.
fn is_pure(statement: &Statement) -> bool {
    let Command::Simple { assignments, words } = &statement.command else { return false };
    let runs =
        |word: &Word| word.parts.iter().any(|part| !matches!(part, Part::Literal { .. } | Part::Parameter { .. }));
    let assigns = |it: &Assignment| match &it.value {
        crate::script::shell::tree::AssignedValue::Scalar(word) => !runs(word),
        crate::script::shell::tree::AssignedValue::List(words) => !words.iter().any(runs),
    };
    statement.redirects.is_empty()
        && !words.iter().any(runs)
        && assignments.iter().all(assigns)
        && (words.is_empty() || matches!(program(statement), Some("cd" | "set" | "echo" | "export" | "true" | ":")))
}

/// Whether a statement may end its shell before the next one.
fn may_leave(unit: &Unit, statement: &Statement) -> bool {
    let text = unit.text.as_str().get(statement.place.range()).unwrap_or_default();
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| matches!(word, "exit" | "exec" | "return"))
}

/// Puts the rewrites into `analysis` that hold. `walk` judges a whole script.
pub fn prove(analysis: &mut Analysis, candidates: &[Candidate], script: &str, walk: impl Fn(&str) -> Analysis) {
    let before = serious(analysis, script);
    let placed: Vec<(Range<usize>, Rewrite)> =
        candidates.iter().filter_map(|it| Some((it.finding.clone(), placed(it, candidates, script)?))).collect();
    for (finding, rewrite) in placed.into_iter().take(MOST_PROOFS) {
        let edited = rewrite.apply(script);
        let mut known = before.clone();
        let is_new = |found: (Rule, String)| match known.iter().position(|it| *it == found) {
            Some(at) => {
                known.swap_remove(at);
                false
            }
            None => true,
        };
        if serious(&walk(&edited), &edited).into_iter().any(is_new) {
            continue;
        }
        let same = |it: &&mut crate::script::ScriptFinding| {
            it.rule == Rule::SudoAsNotebookUser && it.span.start == finding.start
        };
        if let Some(found) = analysis.findings.iter_mut().find(same) {
            found.rewrite = Some(rewrite);
            found.help = Some(MOVE.to_owned());
        }
    }
}

/// What a rewrite must not add, each with the text it is about.
fn serious(analysis: &Analysis, script: &str) -> Vec<(Rule, String)> {
    let counts = |it: &&crate::script::ScriptFinding| {
        it.severity >= Severity::Warning
            || matches!(it.rule, Rule::RootOwnedWorkspace | Rule::ScriptParseFailure | Rule::UnanalysedScript)
    };
    let key = |it: &crate::script::ScriptFinding| (it.rule, script.get(it.span.clone()).unwrap_or_default().to_owned());
    analysis.findings.iter().filter(counts).map(key).collect()
}

/// Where a line goes so that its order among what matters stays; `None` if there is no such place.
fn placed(candidate: &Candidate, all: &[Candidate], script: &str) -> Option<Rewrite> {
    let Candidate { block, unit, cut, .. } = candidate;
    let in_script = |at: usize| block.unit.text.span(at..at + 1).start;
    let start = in_script(block.start);
    let alone = candidate.statement.is_none_or(|_| unit.body.len() == 1);
    let heredoc = script.get(start..block.unit.text.span(block.start..block.end).end)?.contains("<<");
    if alone && !heredoc {
        let cut = start..block.unit.text.span(block.start..block.words_end).end;
        return Some(Rewrite { insert_at: start, cut, side: Side::Instead, lines: candidate.line.clone() });
    }
    let at = candidate.statement?;
    let moves = |index: usize| all.iter().any(|it| Rc::ptr_eq(&it.unit, unit) && it.statement == Some(index));
    let free = |range: Range<usize>| range.into_iter().all(|index| is_pure(&unit.body[index]) || moves(index));
    let line_start = script[..start].rfind('\n').map_or(0, |at| at + 1);
    let continues = |line: &str| line.trim_end().ends_with(['\\', '|', '&']);
    if !script[line_start..start].trim().is_empty() || script[..line_start].lines().next_back().is_some_and(continues) {
        return None;
    }
    let block_end = block.unit.text.span(block.start..block.end).end;
    let line_end = |from: usize| script[from..].find('\n').map_or(script.len(), |at| from + at + 1);
    if !script[block_end..line_end(block_end)].trim().is_empty() {
        return None;
    }
    // A failure that the hook survives must not start to stop it.
    let suffix = if candidate.lost && block.errexit { " || true" } else { "" };
    let lines = format!("{}{suffix}", candidate.line);
    if free(0..at) {
        return Some(Rewrite { cut: cut.clone(), side: Side::InFront, insert_at: line_start, lines });
    }
    let leaves = unit.body[..at].iter().any(|statement| may_leave(unit, statement));
    if !free(at + 1..unit.body.len()) || leaves || candidate.errexit && !block.errexit {
        return None;
    }
    let insert_at = if heredoc { line_end(unit.text.whole_span().end) } else { line_end(block_end) };
    (insert_at >= cut.end).then(|| Rewrite { cut: cut.clone(), side: Side::Behind, insert_at, lines })
}

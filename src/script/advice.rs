//! Rewritten lines: where they go, and the proof that they do no harm.
//!
//! A line to write is shown only where it was proved: it stands alone in the notebook user's block, moves past nothing
//! that could matter to it, means the same files and values there, and the whole script judged with the line in its new
//! place raises nothing new. Everything else gets one sentence that says what to decide.

use std::ops::Range;
use std::rc::Rc;

use super::finding::{Analysis, Rewrite, ScriptFinding, Side};
use super::interpret::relocation::Candidate;
use super::rules::sudo::{DECIDE, MOVE};
use super::shell::tree::{AssignedValue, Assignment, Command, Part, Statement, Unit, Word};
use crate::rules::{Rule, Severity};

/// Rewrites that are proved for one script: each takes another walk.
const MOST_PROOFS: usize = 16;

/// Puts the rewrites into `analysis` that hold. `walk` judges a whole script.
pub fn prove(analysis: &mut Analysis, candidates: &[Candidate], script: &str, walk: impl Fn(&str) -> Analysis) {
    let before = serious(analysis, script);
    let open = |it: &ScriptFinding, at: usize| {
        it.rule == Rule::SudoAsNotebookUser && it.span.start == at && it.help.as_deref() == Some(DECIDE)
    };
    let movable: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| analysis.findings.iter().any(|it| open(it, candidate.finding.start)))
        .collect();
    let placed: Vec<(Range<usize>, Rewrite)> =
        movable.iter().filter_map(|it| Some((it.finding.clone(), placed(it, &movable, script)?))).collect();
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
        if let Some(found) = analysis.findings.iter_mut().find(|it| open(it, finding.start)) {
            found.rewrite = Some(rewrite);
            found.help = Some(MOVE.to_owned());
        }
    }
}

/// What a rewrite must not add, each with the text it is about.
fn serious(analysis: &Analysis, script: &str) -> Vec<(Rule, String)> {
    let counts = |it: &&ScriptFinding| {
        it.severity >= Severity::Warning
            || matches!(it.rule, Rule::RootOwnedWorkspace | Rule::ScriptParseFailure | Rule::UnanalysedScript)
    };
    let key = |it: &ScriptFinding| (it.rule, script.get(it.span.clone()).unwrap_or_default().to_owned());
    analysis.findings.iter().filter(counts).map(key).collect()
}

/// Where a line goes so that its order among what matters stays; `None` if there is no such place.
fn placed(candidate: &Candidate, all: &[&Candidate], script: &str) -> Option<Rewrite> {
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

/// Whether a statement changes nothing but its own shell.
fn is_pure(statement: &Statement) -> bool {
    let Command::Simple { assignments, words } = &statement.command else { return false };
    let runs =
        |word: &Word| word.parts.iter().any(|part| !matches!(part, Part::Literal { .. } | Part::Parameter { .. }));
    let assigns = |it: &Assignment| match &it.value {
        AssignedValue::Scalar(word) => !runs(word),
        AssignedValue::List(words) => !words.iter().any(runs),
    };
    statement.redirects.is_empty()
        && !words.iter().any(runs)
        && assignments.iter().all(assigns)
        && (words.is_empty() || matches!(statement.program(), Some("cd" | "set" | "echo" | "export" | "true" | ":")))
}

/// Whether a statement may end its shell before the next one.
fn may_leave(unit: &Unit, statement: &Statement) -> bool {
    let text = unit.text.as_str().get(statement.place.range()).unwrap_or_default();
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| matches!(word, "exit" | "exec" | "return"))
}

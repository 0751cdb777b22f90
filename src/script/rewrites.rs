//! Rewritten lines: where they go, and the proof that they do no harm.
//!
//! A line to write is shown only where it was proved: it is a line of its own in the notebook user's block, moves past
//! nothing that could matter to it, means the same files and values there, and the whole script judged with the line in
//! its new place raises nothing new. Lines that move to the same place are shown and proved together. Everything else
//! gets one sentence that says what to decide.

use std::ops::Range;
use std::rc::Rc;

use super::finding::{Analysis, Rewrite, ScriptFinding, Side};
use super::interpret::rewrite_candidates::Candidate;
use super::rules::sudo::{DECIDE, MOVE, MOVE_ALL, MOVES_ALONG};
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
    let mut movable: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| analysis.findings.iter().any(|it| open(it, candidate.finding.start)))
        .collect();
    movable.dedup_by_key(|candidate| candidate.finding.clone());
    let mut proofs = 0;
    for mut group in groups(&movable, script) {
        while let (Some(rewrite), true) = (group.rewrite(script), proofs < MOST_PROOFS) {
            proofs += 1;
            let edited = rewrite.apply(script);
            let after = walk(&edited);
            analysis.work += after.work;
            if adds_nothing(&before, serious(&after, &edited)) {
                accept(analysis, &group, rewrite, open);
                break;
            }
            group.shrink();
        }
    }
}

/// Puts one rewrite at the first of its findings.
fn accept(analysis: &mut Analysis, group: &Group<'_>, rewrite: Rewrite, open: impl Fn(&ScriptFinding, usize) -> bool) {
    let mut rewrite = Some(rewrite);
    let alone = group.candidates.len() == 1;
    for candidate in &group.candidates {
        if let Some(found) = analysis.findings.iter_mut().find(|it| open(it, candidate.finding.start)) {
            let help = match &rewrite {
                Some(_) if alone => MOVE,
                Some(_) => MOVE_ALL,
                None => MOVES_ALONG,
            };
            found.help = Some(help.to_owned());
            found.rewrite = rewrite.take();
        }
    }
}

/// Whether everything in `after` was there before.
fn adds_nothing(before: &[(Rule, String)], after: Vec<(Rule, String)>) -> bool {
    let mut known = before.to_vec();
    after.into_iter().all(|found| {
        let at = known.iter().position(|it| *it == found);
        at.is_some_and(|at| {
            known.swap_remove(at);
            true
        })
    })
}

/// The findings that a rewrite must not add, each with the text it is about.
fn serious(analysis: &Analysis, script: &str) -> Vec<(Rule, String)> {
    let counts = |it: &&ScriptFinding| {
        it.severity >= Severity::Warning
            || matches!(it.rule, Rule::RootOwnedWorkspace | Rule::ScriptParseFailure | Rule::UnanalysedScript)
    };
    let key = |it: &ScriptFinding| (it.rule, script.get(it.span.clone()).unwrap_or_default().to_owned());
    analysis.findings.iter().filter(counts).map(key).collect()
}

/// Lines of one block that move to one place. Each passes only lines that could not matter to it, so they move together
/// or, from the far end of the block on, one less.
struct Group<'c> {
    /// In the order of the script; never empty when made.
    candidates: Vec<&'c Candidate>,
    side: Side,
    insert_at: usize,
    /// The block itself, where the lines replace it.
    replaces: Option<Range<usize>>,
}

impl Group<'_> {
    /// Leaves out the line that is farthest from the place where the lines go.
    fn shrink(&mut self) {
        if self.replaces.is_some() {
            self.candidates.clear();
        } else if self.side == Side::Behind && !self.candidates.is_empty() {
            self.candidates.remove(0);
        } else {
            self.candidates.pop();
        }
    }

    /// `None` if nothing is left to move.
    fn rewrite(&self, script: &str) -> Option<Rewrite> {
        self.candidates.first()?;
        // A failure that the hook survives must not start to stop it; the status of a command that alone takes its block's
        // place goes where the block's went.
        let stays = |it: &Candidate| self.replaces.is_some() && self.candidates.len() == 1 && !it.line.contains('|');
        let line = |it: &&Candidate| {
            let suffix = if it.lost && it.block.errexit && !stays(it) { " || true" } else { "" };
            format!("{}{suffix}", it.line)
        };
        let lines: Vec<String> = self.candidates.iter().map(line).collect();
        let cut = match &self.replaces {
            Some(block) => vec![script.get(block.clone()).map(|_| block.clone())?],
            None => self.candidates.iter().map(|it| it.cut.clone()).collect(),
        };
        Some(Rewrite { cut, side: self.side, insert_at: self.insert_at, lines: lines.join("\n") })
    }
}

/// The lines that can move so that their order among what matters stays, by block and place.
fn groups<'c>(all: &[&'c Candidate], script: &str) -> Vec<Group<'c>> {
    let mut groups = Vec::new();
    let mut rest = all;
    while let Some(first) = rest.first() {
        let same = |it: &&Candidate| Rc::ptr_eq(&it.unit, &first.unit) && Rc::ptr_eq(&it.block, &first.block);
        let (block, others) = rest.split_at(rest.iter().take_while(|it| same(it)).count());
        rest = others;
        groups.extend(of_block(block, script).unwrap_or_default());
    }
    groups
}

/// The groups of one block; `None` if the block stands where nothing can be put around it.
fn of_block<'c>(all: &[&'c Candidate], script: &str) -> Option<Vec<Group<'c>>> {
    let first = *all.first()?;
    let Candidate { block, unit, .. } = first;
    let start = block.unit.text.span(block.start..block.start + 1).start;
    let block_end = block.unit.text.span(block.start..block.end).end;
    let words_end = block.unit.text.span(block.start..block.words_end).end;
    let heredoc = script.get(start..block_end)?.contains("<<");
    let group = |candidates, side, insert_at| Group { candidates, side, insert_at, replaces: None };
    if !heredoc && first.statement.is_none_or(|_| unit.body.len() == 1) {
        return Some(vec![Group { replaces: Some(start..words_end), ..group(vec![first], Side::Instead, start) }]);
    }
    let line_start = script[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = |from: usize| script[from..].find('\n').map_or(script.len(), |at| from + at + 1);
    let continues = |line: &str| line.trim_end().ends_with(['\\', '|', '&']);
    let own_line = script[line_start..start].trim().is_empty()
        && !script[..line_start].lines().next_back().is_some_and(continues)
        && script[block_end..line_end(block_end)].trim().is_empty();
    if !own_line {
        return None;
    }
    let candidate = |index: usize| all.iter().copied().find(|it| it.statement == Some(index));
    let after_block = if heredoc { line_end(unit.text.whole_span().end) } else { line_end(block_end) };
    // A failure stops the rest of a block under errexit. It has to stop the hook then, too.
    let stops_alike = |it: &Candidate| !it.errexit || block.errexit && !it.lost;
    let sets_up = |at: usize| is_pure(&unit.body[at]) && unit.body[at].program() != Some("echo");
    let only_redirect = script.get(words_end..block_end).is_some_and(|it| it.matches(['<', '>']).count() == 2);
    if heredoc
        && only_redirect
        && all.iter().all(|it| stops_alike(it) || all.len() == 1)
        && (0..unit.body.len()).all(|at| candidate(at).is_some() || sets_up(at))
    {
        let block = start..script[..after_block].trim_end_matches('\n').len();
        return Some(vec![Group { replaces: Some(block), ..group(all.to_vec(), Side::Instead, start) }]);
    }
    // What is passed moves as well, or does nothing that matters.
    let last = unit.body.len() - 1;
    let in_front: Vec<&Candidate> = (0..=last)
        .take_while(|&at| candidate(at).is_some_and(stops_alike) || is_pure(&unit.body[at]))
        // The block's status is that of its last line.
        .take_while(|&at| at < last || candidate(at).is_none_or(|it| it.lost))
        .filter_map(candidate)
        .collect();
    let may_follow = |it: &&Candidate| {
        let before = it.statement.map_or(&[][..], |at| &unit.body[..at]);
        let left = !in_front.iter().any(|other| other.statement == it.statement);
        let keeps_status = it.errexit || !block.errexit || it.statement != Some(last);
        let leaves = before.iter().any(|statement| may_leave(unit, statement));
        left && stops_alike(it) && keeps_status && !leaves
    };
    let follows = |at: usize| candidate(at).filter(may_follow);
    let mut behind: Vec<&Candidate> = (0..=last)
        .rev()
        .take_while(|&at| follows(at).is_some() || is_pure(&unit.body[at]))
        .filter_map(follows)
        .collect();
    behind.reverse();
    behind.retain(|it| it.cut.end <= after_block);
    let groups = [group(in_front, Side::InFront, line_start), group(behind, Side::Behind, after_block)];
    Some(groups.into_iter().filter(|group| !group.candidates.is_empty()).collect())
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

//! Findings on lifecycle scripts for people: one block a script, the worst first, equal findings together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Options, Report, lines};
use crate::finding::{Finding, Script, Subject};
use crate::rules::Severity;
use crate::secrets;

/// Characters of a script's line that are shown.
const LONGEST_LINE: usize = 120;

/// Characters of a script's line in which secrets are looked for: what is behind them is not shown.
pub(super) const LONGEST_READ: usize = 4_000;

/// What there is to say about one script.
pub(super) struct Block<'r> {
    /// Who runs it: hooks, configurations and notebooks, once for all findings.
    pub(super) users: String,
    /// The worst first; suppressed ones last. Never empty.
    pub(super) groups: Vec<Group<'r>>,
}

/// Equal findings: of one rule and severity, about one program or folder.
pub(super) struct Group<'r> {
    /// In order; never empty.
    findings: Vec<(&'r Finding, &'r Script)>,
}

/// Lines to write, and where.
pub(super) struct Rewritten {
    /// `in front of line 12`.
    place: String,
    /// In the order in which they are to stand.
    pub(super) lines: Vec<String>,
}

impl Rewritten {
    /// Where to write the lines, and as whom.
    pub(super) fn heading(&self) -> String {
        let hides = self.lines.iter().any(|line| line.contains(secrets::HIDDEN));
        let note = if hides { ", with the secrets that are hidden here" } else { "" };
        format!("{}, as root{note}:", self.place)
    }
}

impl<'r> Group<'r> {
    /// The finding that stands for all of them.
    pub(super) fn first(&self) -> &'r Finding {
        self.findings[0].0
    }

    /// The text to write instead.
    pub(super) fn help(&self) -> Option<&'r str> {
        self.findings[0].1.help.as_deref()
    }

    /// What happens, with the lines on which it happens again.
    pub(super) fn message(&self, report: &Report<'r>) -> String {
        let [(first, script), rest @ ..] = self.findings.as_slice() else { return String::new() };
        if rest.is_empty() {
            return first.message.clone();
        }
        let line = |finding: &Finding| report.sources[finding.anchor.file].line_of(finding.anchor.span.start);
        let mut all: Vec<usize> = self.findings.iter().map(|(finding, _)| line(finding)).collect();
        all.sort_unstable();
        all.dedup();
        let alike = rest.iter().all(|(finding, _)| finding.message == first.message);
        let more = if alike { String::new() } else { format!("; {} more about {}", rest.len(), script.about) };
        format!("{}{more} (lines {})", first.message, ranges(&all))
    }
}

/// `3, 5-7`.
fn ranges(lines: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for &line in lines {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == line => *end = line,
            _ => parts.push((line, line)),
        }
    }
    let shown = |(start, end): &(usize, usize)| if start == end { start.to_string() } else { format!("{start}-{end}") };
    parts.iter().map(shown).collect::<Vec<_>>().join(", ")
}

impl Block<'_> {
    /// The rewritten lines, those of one place together.
    pub(super) fn rewritten(&self, report: &Report<'_>) -> Vec<Rewritten> {
        let mut findings: Vec<(&Finding, &Script)> =
            self.groups.iter().flat_map(|group| group.findings.iter().copied()).collect();
        findings.retain(|(finding, _)| finding.suppression.is_none());
        findings.sort_by_key(|(finding, _)| finding.anchor.span.start);
        let mut places: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
        for instead in findings.iter().filter_map(|(_, script)| script.instead.as_ref()) {
            let line = report.sources[instead.at.file].line_of(instead.at.span.start);
            let lines = places.entry((line, instead.side.words())).or_default();
            lines.extend(instead.lines.lines().map(str::to_owned));
        }
        let rewritten =
            |((line, side), lines): ((usize, &str), _)| Rewritten { place: format!("{side} line {line}"), lines };
        places.into_iter().map(rewritten).collect()
    }

    fn worst(&self) -> Severity {
        let open = self.groups.iter().map(Group::first).filter(|finding| finding.suppression.is_none());
        open.map(|finding| finding.severity).max().unwrap_or(Severity::Note)
    }
}

/// The scripts with findings that are told, the worst first.
pub(super) fn blocks<'r>(report: &Report<'r>, options: &Options) -> Vec<Block<'r>> {
    // A finding on the argument that holds a script stands alone.
    let mut scripts: BTreeMap<_, Vec<(&Finding, &Script)>> = BTreeMap::new();
    for finding in lines::shown(report, options) {
        let Subject::Script(script) = &finding.subject else { continue };
        let alone = script.text.is_none().then_some(finding.anchor.span.start);
        let path = report.sources[finding.anchor.file].path().as_str();
        scripts.entry((script.text.map_or(path, |_| ""), script.text, alone)).or_default().push((finding, script));
    }
    let mut blocks: Vec<Block<'r>> = scripts.into_values().filter_map(block).collect();
    let path = |block: &Block<'r>| report.sources[block.groups[0].first().anchor.file].path();
    blocks.sort_by_key(|block| (Reverse(block.worst()), path(block)));
    blocks
}

fn block<'r>(findings: Vec<(&'r Finding, &'r Script)>) -> Option<Block<'r>> {
    let users = lines::users(findings.first()?.1);
    let mut groups: Vec<Group<'r>> = Vec::new();
    for (finding, script) in findings {
        let equal = |group: &&mut Group<'r>| {
            let (first, other) = group.findings[0];
            let open = first.suppression.is_none() && finding.suppression.is_none();
            let key = |finding: &Finding| (finding.rule, finding.severity);
            open && !script.about.is_empty()
                && key(first) == key(finding)
                && other.about == script.about
                && other.help == script.help
        };
        match groups.iter_mut().find(equal) {
            Some(group) => group.findings.push((finding, script)),
            None => groups.push(Group { findings: vec![(finding, script)] }),
        }
    }
    groups.sort_by_key(|group| (group.first().suppression.is_some(), Reverse(group.first().severity)));
    Some(Block { users, groups })
}

/// The line of the script that a finding is on, without its indent and its secrets.
pub(super) fn line(finding: &Finding, report: &Report<'_>) -> (usize, String) {
    let file = &report.sources[finding.anchor.file];
    let number = file.line_of(finding.anchor.span.start);
    let text: String = file.slice(file.line_span(number)).trim().chars().take(LONGEST_READ).collect();
    let text = finding.script().map_or_else(|| secrets::hide(&text), |script| script.secrets.hide(&text));
    let mut shown: String = text.chars().take(LONGEST_LINE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    (number, shown)
}

/// The scripts with errors by name: `on-start.sh: 2 errors, lines 12, 43`.
pub(super) fn errors(report: &Report<'_>) -> Vec<String> {
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|it| it.script().is_some() && it.suppression.is_none()) {
        if finding.severity == Severity::Error {
            let file = &report.sources[finding.anchor.file];
            files.entry(file.path().as_str()).or_default().push(file.line_of(finding.anchor.span.start));
        }
    }
    let named = |(path, mut lines): (&str, Vec<usize>)| {
        let noun = if lines.len() == 1 { "error" } else { "errors" };
        let count = lines.len();
        lines.sort_unstable();
        lines.dedup();
        let place = if lines.len() == 1 { "line" } else { "lines" };
        format!("{path}: {count} {noun}, {place} {}", ranges(&lines))
    };
    files.into_iter().map(named).collect()
}

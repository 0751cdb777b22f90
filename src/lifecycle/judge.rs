//! Scripts to findings: each script judged once, what is found at its place in the source.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::finding::{Finding, FixState, Instead, Script, Side, Subject, Use};
use crate::rules::{Rule, Severity};
use crate::script::{self, Analysis, ScriptFinding, analyse, analyse_template};
use crate::secrets::Secrets;
use crate::source::{Location, Mapped, Sources, Span};

/// Findings on scripts, each place and rule once.
#[derive(Default)]
pub(super) struct Findings {
    by_place: BTreeMap<(String, Location, Option<Rule>), Finding>,
    /// The work that judging scripts has taken so far.
    work: usize,
}

/// All scripts of a run together take no more work than some twenty that each take as much as one may, or a thousand that
/// people write.
const MOST_IN_ALL: usize = 400_000;

impl Findings {
    /// Adds a finding. One that is known at that place gets the uses of both.
    fn add(&mut self, finding: Finding, sources: &Sources) {
        let path = sources[finding.anchor.file].path().to_string();
        match self.by_place.entry((path, finding.anchor, finding.rule)) {
            Entry::Vacant(entry) => _ = entry.insert(finding),
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.severity = known.severity.max(finding.severity);
                if let (Subject::Script(known), Subject::Script(more)) = (&mut known.subject, finding.subject) {
                    known.uses.extend(more.uses);
                    known.uses.sort();
                    known.uses.dedup();
                }
            }
        }
    }

    /// Adds a finding on the argument of a configuration as a whole.
    pub(super) fn add_whole(
        &mut self,
        rule: Rule,
        message: String,
        help: &str,
        (used, location): (&Use, Location),
        sources: &Sources,
    ) {
        let anchor = first_line(location, sources);
        let script = Script {
            uses: vec![used.clone()],
            help: Some(help.to_owned()),
            about: String::new(),
            instead: None,
            secrets: Arc::default(),
            text: None,
            lines: vec![sources[anchor.file].line_of(anchor.span.start) - 1],
        };
        self.add(finding(rule, rule.severity(), message, anchor, script), sources);
    }

    /// Judges one script, which is the one with this `number`, and adds what is found.
    pub(super) fn add_script(&mut self, number: usize, text: &Mapped, uses: &[Use], sources: &Sources) {
        if self.work > MOST_IN_ALL {
            let message = "the script was not judged: those before it took all the work that a run may take".to_owned();
            let help = "Review the script by hand, or check its folder by itself.";
            if let (Some(used), Some(place)) = (uses.first(), text.location(&(0..text.as_str().len().min(1)))) {
                self.add_whole(Rule::UnanalysedScript, message, help, (used, place), sources);
            }
            return;
        }
        let Analysis { findings, work } =
            if text.template { analyse_template(text.as_str()) } else { analyse(text.as_str()) };
        self.work += work;
        if findings.is_empty() {
            return;
        }
        let secrets = Arc::new(Secrets::of(text.as_str()));
        for found in findings {
            let Some(anchor) = text.location(&found.span) else { continue };
            let script = script(&found, number, text, uses, &secrets);
            let source_line =
                |at: usize| text.location(&(at..at)).map_or(1, |place| sources[place.file].line_of(place.span.start));
            let message = found.message_with_lines(source_line).trim_end_matches('.').to_owned();
            let message = secrets.hide(&message).into_owned();
            self.add(finding(found.rule, found.severity, message, anchor, script), sources);
        }
    }

    /// All of them, by path and place.
    pub(super) fn into_sorted(self) -> Vec<Finding> {
        self.by_place.into_values().collect()
    }
}

/// A finding that is no more than a note where no notebook uses the script.
fn finding(rule: Rule, severity: Severity, message: String, anchor: Location, script: Script) -> Finding {
    let is_used = script.uses.iter().any(|one| !one.notebooks.is_empty());
    Finding {
        rule: Some(rule),
        severity: if is_used { severity } else { severity.min(Severity::Note) },
        message,
        anchor,
        subject: Subject::Script(script),
        fix: None,
        fix_state: FixState::Left,
        suppression: None,
    }
}

fn script(found: &ScriptFinding, number: usize, text: &Mapped, uses: &[Use], secrets: &Arc<Secrets>) -> Script {
    let script_line = |at: usize| text.as_str()[..at].matches('\n').count();
    let mut lines: Vec<usize> = found.places.iter().map(|place| script_line(place.start)).collect();
    if lines.is_empty() {
        lines.push(script_line(found.span.start));
    }
    lines.dedup();
    let instead = found.rewrite.as_ref().and_then(|rewrite| {
        let (side, at) = match rewrite.side {
            script::Side::InFront => (Side::InFront, rewrite.insert_at),
            script::Side::Behind => (Side::Behind, rewrite.insert_at.saturating_sub(1)),
            script::Side::Instead => (Side::Instead, rewrite.insert_at),
        };
        Some(Instead { lines: secrets.hide(&rewrite.lines).into_owned(), side, at: text.location(&(at..at))? })
    });
    Script {
        uses: uses.to_vec(),
        help: found.help.as_deref().map(|help| secrets.hide(help).into_owned()),
        about: secrets.hide(&found.about).into_owned(),
        instead,
        secrets: Arc::clone(secrets),
        text: Some(number),
        lines,
    }
}

/// The first line of a place, so that a finding on a whole heredoc does not mark all of it.
fn first_line(location: Location, sources: &Sources) -> Location {
    let file = &sources[location.file];
    let end = file.line_span(file.line_of(location.span.start)).end.min(location.span.end);
    Location { span: Span::new(location.span.start, end.max(location.span.start)), ..location }
}

//! The `junit` format: one case an instance, one suite a program.
//!
//! The format has no standard; this keeps to the schema of Jenkins' xUnit plugin (jenkinsci/xunit-plugin,
//! `types/model/xsd/junit-10.xsd`), which GitLab, Azure and GitHub's actions read as well.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::instances::{Row, folder, place, rows};
use super::names::in_repository;
use super::{Options, Report, left_out, lines};
use crate::finding::{Finding, Status};
use crate::rules::Severity;
use crate::terminal::{Stream, escape};

/// The outcome of a test case.
enum Outcome {
    Passed,
    Failed { kind: &'static str, message: String, text: String },
    Broken { message: String },
    Skipped { message: String },
}

struct Case {
    name: String,
    outcome: Outcome,
}

/// Prints the document.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    let suites = suites(report, options);
    let count = |is: fn(&Outcome) -> bool| {
        let in_suite = |cases: &Vec<Case>| cases.iter().filter(|case| is(&case.outcome)).count();
        suites.values().map(in_suite).sum()
    };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let cases: usize = count(|_| true);
    writeln!(out, "<testsuites name=\"unroot\"{}>", counts(cases, &count))?;
    for (name, cases) in &suites {
        let count = |is: fn(&Outcome) -> bool| cases.iter().filter(|case| is(&case.outcome)).count();
        let skipped = count(|outcome| matches!(outcome, Outcome::Skipped { .. }));
        let counted = counts(cases.len(), &count);
        writeln!(out, "  <testsuite name=\"{}\"{counted} skipped=\"{skipped}\">", xml(name))?;
        for case in cases {
            print_case(name, case, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The numbers that both a document and a suite have.
fn counts(cases: usize, count: &dyn Fn(fn(&Outcome) -> bool) -> usize) -> String {
    let failed = count(|outcome| matches!(outcome, Outcome::Failed { .. }));
    let broken = count(|outcome| matches!(outcome, Outcome::Broken { .. }));
    format!(" tests=\"{cases}\" failures=\"{failed}\" errors=\"{broken}\"")
}

/// The cases by suite: those of a program, those of lifecycle scripts, and what was not judged.
fn suites(report: &Report<'_>, options: &Options) -> BTreeMap<String, Vec<Case>> {
    let mut suites: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for row in rows(report) {
        let program = row.instance.map(|instance| &*instance.program);
        let suite = program.map_or_else(|| "not told apart".to_owned(), |program| folder(program, options));
        suites.entry(suite).or_default().push(case(&row, report, options));
    }
    let denied = report.summary.in_scripts.denied;
    for finding in report.findings {
        let Some(script) = finding.script() else { continue };
        let place = place(finding.anchor, report, options);
        let message = format!("{} ({})", lines::with_help(finding, script), lines::users(script));
        let outcome = match &finding.suppression {
            Some(by) => Outcome::Skipped { message: format!("{message}; {}", lines::suppressed(by)) },
            None if denied && finding.severity == Severity::Error => {
                Outcome::Failed { kind: finding.code(), message, text: place.clone() }
            }
            None => Outcome::Skipped { message: format!("{}: {message}", finding.severity) },
        };
        let name = format!("{}: {place}", finding.code());
        suites.entry("lifecycle scripts".to_owned()).or_default().push(Case { name, outcome });
    }
    let not_judged = report.problems.iter().map(|problem| {
        let file = in_repository(problem.file.as_str().into(), options);
        let name = problem.position.map_or_else(|| file.clone(), |at| format!("{file}:{}:{}", at.line, at.column));
        Case { name, outcome: Outcome::Broken { message: problem.message.clone() } }
    });
    let left_out = left_out::sentence(report, options)
        .map(|message| Case { name: "left out".to_owned(), outcome: Outcome::Skipped { message } });
    let besides: Vec<Case> = not_judged.chain(left_out).collect();
    if !besides.is_empty() {
        suites.entry("not judged".to_owned()).or_default().extend(besides);
    }
    suites
}

fn case(row: &Row<'_>, report: &Report<'_>, options: &Options) -> Case {
    let files = row.instance.map_or(&[][..], |instance| &instance.program.value_files);
    let files: Vec<String> = files.iter().map(|file| in_repository(file, options)).collect();
    let with = if files.is_empty() { String::new() } else { format!(" with {}", files.join(" ")) };
    let deployment = row.instance.and_then(|instance| instance.program.deployment.as_deref());
    let deployment = deployment.map_or_else(String::new, |name| format!(" in {name}"));
    let said = |tell: &dyn Fn(&Finding) -> String| row.open().map(tell).collect::<Vec<_>>().join("; ");
    let outcome = match row.status() {
        Status::Compliant | Status::Fixed => Outcome::Passed,
        Status::Suppressed => Outcome::Skipped {
            message: said(&|finding| finding.suppression.as_ref().map_or_else(String::new, lines::suppressed)),
        },
        Status::Fixable | Status::Review => {
            let kind = row.open().next().map_or("", Finding::code);
            let owners = row.owners(report, options).join(" ");
            let owners = if owners.is_empty() { owners } else { format!("\nowner: {owners}") };
            let text = |finding: &Finding| {
                let fix = finding.fix.as_ref().map_or_else(String::new, |fix| format!("\nfix: {}", fix.title));
                let (place, message) = (place(finding.anchor, report, options), row.message(finding, report, options));
                format!("{place}: {}: {message}{fix}", finding.code())
            };
            let text = format!("{}{owners}", row.open().map(text).collect::<Vec<_>>().join("\n"));
            Outcome::Failed { kind, message: said(&|finding| row.message(finding, report, options)), text }
        }
    };
    Case { name: format!("{}{with}{deployment}", row.address()), outcome }
}

fn print_case(suite: &str, Case { name, outcome }: &Case, out: &mut Stream<'_>) -> io::Result<()> {
    write!(out, "    <testcase classname=\"{}\" name=\"{}\"", xml(suite), xml(name))?;
    match outcome {
        Outcome::Passed => return writeln!(out, "/>"),
        Outcome::Failed { kind, message, text } => {
            let lines: Vec<String> = text.lines().map(xml).collect();
            let text = lines.join("\n");
            write!(out, ">\n      <failure type=\"{kind}\" message=\"{}\">{text}</failure>\n", xml(message))?;
        }
        Outcome::Broken { message } => {
            write!(out, ">\n      <error type=\"not-judged\" message=\"{}\"/>\n", xml(message))?;
        }
        Outcome::Skipped { message } => write!(out, ">\n      <skipped message=\"{}\"/>\n", xml(message))?,
    }
    writeln!(out, "    </testcase>")
}

/// Text as XML holds it, active characters spelled out.
fn xml(text: &str) -> String {
    let mut shown = String::new();
    for c in escape(text).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            // No document can hold them (XML 1.0, production 2).
            '\u{fffe}' | '\u{ffff}' => shown.push(char::REPLACEMENT_CHARACTER),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn text_stays_text() {
        assert_eq!(xml("a<b> & \"c\"\n\u{ffff}"), "a&lt;b&gt; &amp; &quot;c&quot;\\n\u{fffd}");
    }
}

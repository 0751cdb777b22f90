//! The `sarif` format: SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format", errata 01).
//!
//! Lines and columns are 1-based; columns count characters (`columnKind` `unicodeCodePoints`), as everywhere here. A
//! region ends in front of its `endColumn`.

mod rules;

use std::cell::Cell;
use std::io;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::names::in_repository;
use super::{Options, Report, deciding, left_out, spelled};
use crate::finding::{Finding, Problem, Status, Subject, Use, ValueTrace};
use crate::fix::{Applicability, Fix};
use crate::rules::{Rule, Severity};
use crate::source::{FileId, Location, Span};
use crate::terminal::Stream;

/// The characters that are percent-encoded in paths of URIs: all but the unreserved ones and the slash (RFC 3986,
/// section 2.3).
const PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Prints the document.
pub(super) fn print(report: &Report<'_>, options: &Options, out: &mut Stream<'_>) -> io::Result<()> {
    spelled::write(out, &Sarif::new(report, options).document())
}

/// Code flows of one result at most, and locations in all code flows of a run: GitHub refuses a file with more than 10,000
/// thread flow locations (GitHub documentation, "SARIF support for code scanning").
const MOST_FLOWS: usize = 100;
const MOST_LOCATIONS: usize = 10_000;

struct Sarif<'r> {
    report: &'r Report<'r>,
    options: &'r Options,
    /// How many locations of code flows there is room for.
    locations_left: Cell<usize>,
}

impl<'r> Sarif<'r> {
    fn new(report: &'r Report<'r>, options: &'r Options) -> Self {
        Self { report, options, locations_left: Cell::new(MOST_LOCATIONS) }
    }

    fn document(&self) -> Value {
        let fingerprints = fingerprints(self.report, self.options);
        let results: Vec<Value> = self
            .report
            .findings
            .iter()
            .zip(&fingerprints)
            // A result is something that is wrong with the files as they are. What an ignore comment covers is left out:
            // code scanning opens an alert for every result, whatever its `suppressions` say.
            .filter(|(finding, _)| matches!(finding.status(), Status::Fixable | Status::Review))
            .filter_map(|(finding, fingerprint)| Some(self.result(finding, finding.rule?, fingerprint)))
            .collect();
        json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": rules::driver() },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": { BASE: { "description": { "text": "The top of the repository." } } },
                "invocations": [{
                    "executionSuccessful": self.report.problems.is_empty(),
                    "toolExecutionNotifications": self.notifications(),
                }],
                "results": results,
            }],
        })
    }

    fn result(&self, finding: &Finding, rule: Rule, fingerprint: &str) -> Value {
        let (fingerprint_name, logical) = match &finding.subject {
            Subject::Notebook(notebook) => {
                ("notebookRule/v1", vec![json!({ "fullyQualifiedName": notebook.address, "kind": "resource" })])
            }
            Subject::Script(script) => {
                let name = |one: &Use| format!("{}.{}", one.configuration, one.hook.name());
                let member = |one| json!({ "fullyQualifiedName": name(one), "kind": "member" });
                ("scriptRule/v1", script.uses.iter().map(member).collect())
            }
        };
        let at = deciding::place(finding, self.report, self.options);
        let mut result = json!({
            "ruleId": rule.code(),
            "ruleIndex": rules::index(rule),
            "level": finding.severity.name(),
            "message": { "text": deciding::sentence(finding, at, self.report, self.options) },
            "locations": [{ "physicalLocation": self.place(at), "logicalLocations": logical }],
            "partialFingerprints": { fingerprint_name: fingerprint },
        });
        if at != finding.anchor {
            let notebook =
                json!({ "physicalLocation": self.place(finding.anchor), "message": { "text": "The notebook." } });
            result["relatedLocations"] = json!([notebook]);
        }
        let flows: Vec<Value> = finding.notebook().map_or_else(Vec::new, |notebook| {
            // A way of a value that complies would be read as a cause.
            let ways = notebook.values.iter().filter(|trace| !trace.hops.is_empty() && !trace.value.complies());
            let ways = ways.take(MOST_FLOWS).filter(|trace| self.takes(trace.hops.len() + 2));
            ways.map(|trace| self.flow(finding.anchor, &notebook.address, trace)).collect()
        });
        if !flows.is_empty() {
            result["codeFlows"] = flows.into();
        }
        // Whoever takes a fix from here takes it unasked, so only those that may be are here.
        let threshold = if self.options.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.applicability >= threshold)
            && finding.status() == Status::Fixable
        {
            result["fixes"] = json!([self.fix(fix)]);
        }
        result
    }

    /// Whether there is room for this many more locations of code flows.
    fn takes(&self, locations: usize) -> bool {
        let left = self.locations_left.get().checked_sub(locations);
        self.locations_left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// The way of a value from the literal it stems from to the argument.
    fn flow(&self, anchor: Location, address: &str, trace: &ValueTrace) -> Value {
        let step = |location, text: &str| json!({ "location": { "physicalLocation": self.place(location), "message": { "text": text } } });
        let mut steps = vec![step(trace.origin, &format!("The value is {}.", trace.value))];
        steps.extend(trace.hops.iter().rev().map(|hop| step(hop.location, &hop.text)));
        steps.push(step(anchor, address));
        let path = if trace.path.is_empty() { "the root module" } else { &trace.path };
        json!({ "message": { "text": format!("For {path}.") }, "threadFlows": [{ "locations": steps }] })
    }

    fn fix(&self, fix: &Fix) -> Value {
        let mut changes: Vec<(FileId, Vec<Value>)> = Vec::new();
        for edit in &fix.edits {
            let replacement = json!({
                "deletedRegion": self.region(Location { file: edit.file, span: edit.splice.span }),
                "insertedContent": { "text": edit.splice.replacement },
            });
            match changes.last_mut() {
                Some((file, replacements)) if *file == edit.file => replacements.push(replacement),
                _ => changes.push((edit.file, vec![replacement])),
            }
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(
                |(file, replacements)| json!({ "artifactLocation": self.artifact(file), "replacements": replacements }),
            )
            .collect();
        json!({ "description": { "text": fix.title }, "artifactChanges": changes })
    }

    /// Problems, what is not judged, and notes unless the run is quiet.
    fn notifications(&self) -> Vec<Value> {
        let notes = self.report.notes.iter().filter(|_| self.options.tells()).map(|note| {
            let region = json!({ "startLine": note.position.line, "startColumn": note.position.column });
            let place = json!({ "artifactLocation": self.artifact(note.file), "region": region });
            json!({ "level": "note", "message": { "text": note.message }, "locations": [{ "physicalLocation": place }] })
        });
        let left_out = left_out::sentence(self.report, self.options).map(|sentence| {
            let places = left_out::named(self.report).0.iter();
            let places = places.map(|one| json!({ "physicalLocation": { "artifactLocation": self.named(&one.file) } }));
            json!({ "level": "warning", "message": { "text": sentence }, "locations": places.collect::<Vec<_>>() })
        });
        let problems = self.report.problems.iter().map(|problem| self.notification(problem));
        problems.chain(left_out).chain(notes).collect()
    }

    fn notification(&self, problem: &Problem) -> Value {
        let mut place = json!({ "artifactLocation": self.named(problem.file.as_str().into()) });
        if let Some(at) = problem.position {
            place["region"] = json!({ "startLine": at.line, "startColumn": at.column });
        }
        let message = json!({ "text": problem.message });
        json!({ "level": Severity::Error.name(), "message": message, "locations": [{ "physicalLocation": place }] })
    }

    fn place(&self, location: Location) -> Value {
        json!({ "artifactLocation": self.artifact(location.file), "region": self.region(location) })
    }

    fn region(&self, Location { file, span: Span { start, end } }: Location) -> Value {
        let file = &self.report.sources[file];
        let (start, end) = (file.position(start), file.position(end));
        json!({
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        })
    }

    fn artifact(&self, file: FileId) -> Value {
        self.named(self.report.sources[file].path())
    }

    /// A relative URI, or an absolute one for a file outside of the working folder that was named so.
    fn named(&self, path: &camino::Utf8Path) -> Value {
        let path = in_repository(path, self.options);
        let uri = utf8_percent_encode(&path, &PATH).to_string();
        if path.starts_with('/') {
            json!({ "uri": format!("file://{uri}") })
        } else {
            json!({ "uri": uri, "uriBaseId": BASE })
        }
    }
}

/// The base of relative URIs; code scanning takes this name for the top of the repository.
const BASE: &str = "%SRCROOT%";

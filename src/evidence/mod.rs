//! Evidence from elsewhere: plans and states of Terraform, and findings of other tools.

mod address;
mod configuration;
mod fitting;
mod kept;
mod matched;
mod moves;
mod owner;
mod plan;
mod reported;
mod settle;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufReader};

use camino::{Utf8Path, Utf8PathBuf};
use encoding_rs_io::DecodeReaderBytesBuilder;

pub use plan::Plan;
pub use settle::{Held, Memory, settle, settle_changed, tell_suppressed};

use crate::finding::{Evidence, Finding, Instance, Match, Reported, ReportedFile};
use crate::fix::{Applicability, Edit};
use crate::os_error;
use crate::source::{self, FileId, Location, Sources};

/// A plan or state that the command line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The folder of the root module that it was made in, where that is given.
    pub folder: Option<Utf8PathBuf>,
    /// The file; `-` is standard input.
    pub path: Utf8PathBuf,
}

impl fmt::Display for PlanFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.folder {
            Some(folder) => write!(f, "{folder}={}", self.path),
            None => write!(f, "{}", self.path),
        }
    }
}

impl PlanFile {
    /// Reads the file.
    ///
    /// # Errors
    /// In one sentence: why it cannot be read, or serve as evidence.
    pub fn read(&self) -> Result<Plan, String> {
        Plan::read(BufReader::new(opened(&self.path)?)).map_err(|error| error.to_string())
    }
}

/// Reads the findings of another tool, on this control alone; `-` is standard input.
///
/// # Errors
/// In one sentence: why it cannot be read, or what it is not.
pub fn read_findings(path: &Utf8Path) -> Result<Vec<Reported>, String> {
    let bytes = source::rest_of(opened(path)?).map_err(|refusal| refusal.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "is not valid UTF-8".to_owned())?;
    reported::read(&text)
}

/// Opens a file, or standard input for `-`, as UTF-8: `>` of Windows PowerShell writes UTF-16 with a byte order mark.
fn opened(path: &Utf8Path) -> Result<impl io::Read, String> {
    let from: Box<dyn io::Read> = if path == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).map_err(|error| format!("cannot be read: {}", os_error::plain(&error)))?;
        Box::new(file)
    };
    Ok(DecodeReaderBytesBuilder::new().utf8_passthru(true).strip_bom(true).build(from))
}

/// Finds out where findings of other tools live in the code (`None` for a file that could not be read), and limits the run to those: the fixes of other notebooks are
/// only shown, and where one would change a literal that another notebook hangs on, that on the resource takes its place.
#[must_use]
pub fn matched(
    files: &[(Utf8PathBuf, Option<Vec<Reported>>)],
    findings: &mut [Finding],
    evidence: &[Evidence],
    sources: &Sources,
) -> Vec<ReportedFile> {
    let all: Vec<ReportedFile> = files
        .iter()
        .map(|(file, reported)| {
            let with = |one: &Reported| (one.clone(), matched::matched(one, findings, evidence, sources));
            let findings = reported.iter().flatten().map(with).collect();
            ReportedFile { file: file.clone(), is_read: reported.is_some(), findings }
        })
        .collect();
    if !files.is_empty() {
        for finding in findings.iter_mut().filter(|finding| !is_meant(finding, &all, Match::is)) {
            if let Some(fix) = &mut finding.fix {
                fix.applicability = Applicability::DisplayOnly;
            }
            if let Some(notebook) = finding.notebook_mut() {
                notebook.fallback = None;
            }
        }
        spare_other_instances(findings, &all);
        spare_others(findings, &all);
    }
    all
}

/// Keeps the fix of a notebook, of which only some instances are meant, from files whose literals reach none of those.
fn spare_other_instances(findings: &mut [Finding], all: &[ReportedFile]) {
    for finding in findings {
        let Some(notebook) = finding.notebook() else { continue };
        let found = all.iter().flat_map(|file| &file.findings).filter_map(|(_, found)| match found {
            Match::Found(found) if found.notebook == notebook.location && !found.complies => Some(&found.instances),
            _ => None,
        });
        let found: Vec<&Vec<(Utf8PathBuf, String)>> = found.collect();
        if found.is_empty() || found.iter().any(|instances| instances.is_empty()) {
            continue;
        }
        let is_meant = |instance: &&Instance| {
            let mut known = found.iter().copied().flatten();
            known.any(|(folder, address)| *folder == instance.program.folder && *address == instance.address)
        };
        let places = notebook.instances.listed.iter().filter(is_meant).flat_map(|instance| &instance.values);
        let traces = places.map(|&place| &notebook.values[place]);
        let files: BTreeSet<FileId> = traces
            .flat_map(|trace| trace.hops.iter().map(|hop| hop.location.file).chain([trace.origin.file]))
            .collect();
        // One on the resource lies in none of them, and is for all instances.
        let Some(part) = finding.fix.as_ref().and_then(|fix| fix.within(|file| files.contains(&file))) else {
            continue;
        };
        let is_partial = part.is_partial;
        finding.fix = Some(part);
        // What takes its place where it cannot be proved would reach the others as well.
        if let Some(notebook) = finding.notebook_mut().filter(|_| is_partial) {
            notebook.fallback = None;
        }
    }
}

/// Keeps the fixes of the notebooks that are meant from the literals that others hang on.
fn spare_others(findings: &mut [Finding], all: &[ReportedFile]) {
    let others = findings.iter().filter(|finding| !is_meant(finding, all, Match::is)).filter_map(Finding::notebook);
    let places: BTreeSet<Location> = others
        .flat_map(|notebook| &notebook.values)
        .flat_map(|trace| trace.hops.iter().map(|hop| hop.location).chain([trace.origin]))
        .collect();
    let is_shared = |edit: &Edit| {
        let meets = |place: &&Location| {
            place.file == edit.file
                && place.span.start <= edit.splice.span.end
                && edit.splice.span.start <= place.span.end
        };
        places.iter().any(|place| meets(&place))
    };
    for finding in findings.iter_mut().filter(|finding| is_meant(finding, all, Match::is)) {
        let Some(fix) = &finding.fix else { continue };
        if !fix.edits.iter().any(is_shared) {
            continue;
        }
        let fallback = finding.notebook_mut().and_then(|notebook| notebook.fallback.take());
        match (fallback, &mut finding.fix) {
            (Some(fallback), fix) => *fix = Some(fallback),
            (None, Some(fix)) => fix.applicability = Applicability::DisplayOnly,
            (None, None) => {}
        }
    }
}

/// Drops the findings on notebooks that no finding of another tool can be about.
pub fn limit(findings: &mut Vec<Finding>, all: &[ReportedFile]) {
    if !all.is_empty() {
        // Other instances of a notebook whose instance complies are not what was asked for.
        let is_left = |found: &Match, notebook| match found {
            Match::Found(_) => found.is(notebook),
            found => found.may_be(notebook),
        };
        findings.retain(|finding| {
            is_meant(finding, all, is_left) || finding.rule.is_none() && is_meant(finding, all, Match::may_be)
        });
    }
}

/// Whether a finding is on a notebook that another tool has reported.
fn is_meant(finding: &Finding, all: &[ReportedFile], is: fn(&Match, Location) -> bool) -> bool {
    let meant = |location| all.iter().flat_map(|file| &file.findings).any(|(_, found)| is(found, location));
    finding.notebook().is_some_and(|notebook| meant(notebook.location))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files that are read")]
mod tests;

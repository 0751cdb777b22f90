//! Findings of other tools, matched to notebooks: by file and line or address, by ARN in a plan or state, by name.

use camino::{Utf8Path, Utf8PathBuf};

use super::address::fits;
use crate::finding::{Evidence, Finding, Found, Instance, Live, Match, Notebook, Reported, Status};
use crate::source::{Location, Sources};

/// The instances of a notebook that a finding is about, as places in its list; none where it is about all of them.
type Meant = Option<Vec<usize>>;

/// Finds the notebook that a finding of another tool is about.
pub(super) fn matched(reported: &Reported, findings: &[Finding], evidence: &[Evidence], sources: &Sources) -> Match {
    if reported.accepted {
        return Match::Accepted;
    }
    let notebooks = || findings.iter().filter_map(Finding::notebook);
    let all = |meant: &dyn Fn(&Notebook) -> Meant| -> Vec<Found> {
        let found = findings.iter().filter_map(|finding| {
            let notebook = finding.notebook()?;
            Some(found(finding, notebook, &meant(notebook)?))
        });
        let mut found: Vec<Found> = found.collect();
        // A notebook with several findings has several rules against it.
        found.sort_by_key(|found| (found.notebook, found.complies));
        found.dedup_by_key(|found| found.notebook);
        found
    };
    let found = match (&reported.file, reported.instance_name()) {
        (Some(file), _) => {
            let path = |notebook: &Notebook| sources[notebook.location.file].path();
            let is_exact = notebooks().any(|notebook| is_same(path(notebook), file));
            let here = |notebook: &Notebook| {
                if is_exact { is_same(path(notebook), file) } else { is_file(path(notebook), file) }
            };
            let by_address = all(&|notebook| by_address(notebook, reported).filter(|_| here(notebook)));
            if by_address.is_empty() {
                all(&|notebook| (here(notebook) && covers(notebook, reported, sources)).then(Vec::new))
            } else {
                by_address
            }
        }
        (None, name) => {
            let by_arn =
                reported.arn.as_deref().map(|arn| all(&|notebook| with_arn(notebook, arn))).unwrap_or_default();
            let by_address = || {
                let exact = all(&|notebook| Some(addressed(notebook, reported)).filter(|places| !places.is_empty()));
                if exact.is_empty() { all(&|notebook| by_address(notebook, reported)) } else { exact }
            };
            match name {
                _ if !by_arn.is_empty() => by_arn,
                // A plan or state that knows the instance under this ARN, and no code that creates it.
                _ if reported.arn.as_deref().is_some_and(|arn| is_known_elsewhere(arn, evidence)) => Vec::new(),
                Some(name) => all(&|notebook| named(notebook, name)),
                None => by_address(),
            }
        }
    };
    match found.as_slice() {
        [] => Match::Nowhere { unnamed: notebooks().filter(|notebook| notebook.names.is_open).count() },
        [only] => Match::Found(only.clone()),
        _ => Match::Candidates(found.into_iter().map(|found| found.notebook).collect()),
    }
}

fn found(finding: &Finding, notebook: &Notebook, meant: &[usize]) -> Found {
    let meant: Vec<&Instance> = meant.iter().map(|&place| &notebook.instances.listed[place]).collect();
    let mut instances: Vec<(Utf8PathBuf, String)> =
        meant.iter().map(|instance| (instance.program.folder.clone(), instance.address.clone())).collect();
    // The same instance is listed once for each way to give files of values.
    instances.dedup();
    let standing = finding.standing();
    Found {
        notebook: notebook.location,
        complies: !meant.is_empty() && meant.iter().all(|instance| standing.of(instance) == Status::Compliant),
        instances,
    }
}

/// Whether a path of a tool names a file from the working folder.
fn is_same(path: &Utf8Path, said: &str) -> bool {
    path.as_str().trim_start_matches("./") == said.trim_start_matches("./").trim_start_matches('/')
}

/// Whether a path of a tool, which may be absolute or start at the folder that it scanned, is that of a file.
fn is_file(path: &Utf8Path, said: &str) -> bool {
    let said = said.strip_prefix("file://").unwrap_or(said);
    let said = said.trim_start_matches("./").trim_start_matches('/');
    let real = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    real.ends_with(said)
}

/// The places of the instances for which something holds.
fn places(notebook: &Notebook, is: impl Fn(&Instance) -> bool) -> Vec<usize> {
    (0..notebook.instances.listed.len()).filter(|&place| is(&notebook.instances.listed[place])).collect()
}

/// The instances that have the reported address.
fn addressed(notebook: &Notebook, reported: &Reported) -> Vec<usize> {
    let Some(address) = reported.address.as_deref() else { return Vec::new() };
    places(notebook, |instance| fits(&instance.address, address))
}

/// A notebook that has the reported address: of its block, which may be that of many instances, or of one of them.
fn by_address(notebook: &Notebook, reported: &Reported) -> Meant {
    let address = reported.address.as_deref()?;
    let instances = addressed(notebook, reported);
    let is_block = |address: &str| {
        address.strip_suffix(&notebook.address).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let is_indexed = || address.rsplit_once('[').is_some_and(|(before, _)| is_block(before));
    (!instances.is_empty() || is_block(address) || is_indexed()).then_some(instances)
}

/// A notebook of which an instance has this name.
fn named(notebook: &Notebook, name: &str) -> Meant {
    let (_, instances) = notebook.names.known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(places(notebook, |instance| {
        instances.iter().any(|(folder, address)| instance.program.folder == *folder && instance.address == *address)
    }))
}

/// Whether the reported lines meet the notebook's block.
fn covers(notebook: &Notebook, reported: &Reported, sources: &Sources) -> bool {
    let Location { file, span } = notebook.location;
    let (first, last) = (sources[file].line_of(span.start), sources[file].line_of(span.end));
    reported.lines.is_some_and(|(from, to)| from <= last && first <= to)
}

/// A notebook of which a plan or state knows an instance under an ARN.
fn with_arn(notebook: &Notebook, arn: &str) -> Meant {
    let has = |live: &Live| live.arn.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(arn));
    Some(places(notebook, |instance| instance.live.iter().any(has))).filter(|places| !places.is_empty())
}

fn is_known_elsewhere(arn: &str, evidence: &[Evidence]) -> bool {
    let instances = evidence.iter().flat_map(|evidence| &evidence.instances);
    instances.into_iter().any(|(live, found)| !found && live.arn.as_deref() == Some(arn))
}

//! Findings of other tools, matched to notebooks: by file and line or address, by ARN in a plan or state, by name.

use camino::Utf8Path;

use super::address::fits;
use crate::finding::{Evidence, Finding, Match, Notebook, Reported};
use crate::source::{Location, Sources};

/// Finds the notebook that a finding of another tool is about.
pub(super) fn matched(reported: &Reported, findings: &[Finding], evidence: &[Evidence], sources: &Sources) -> Match {
    if reported.accepted {
        return Match::Accepted;
    }
    let notebooks = || findings.iter().filter_map(Finding::notebook);
    let all = |is_meant: &dyn Fn(&Notebook) -> bool| -> Vec<Location> {
        let mut found: Vec<Location> = notebooks().filter(|it| is_meant(it)).map(|it| it.location).collect();
        found.sort();
        found.dedup();
        found
    };
    let found = match (&reported.file, reported.instance_name()) {
        (Some(file), _) => {
            let path = |notebook: &Notebook| sources[notebook.location.file].path();
            let is_exact = notebooks().any(|notebook| is_same(path(notebook), file));
            let here = |notebook: &Notebook| {
                if is_exact { is_same(path(notebook), file) } else { is_file(path(notebook), file) }
            };
            let by_address = all(&|notebook| here(notebook) && is_address(notebook, reported));
            if by_address.is_empty() {
                all(&|notebook| here(notebook) && covers(notebook, reported, sources))
            } else {
                by_address
            }
        }
        (None, name) => {
            let by_arn = reported.arn.as_deref().map(|arn| all(&|notebook| has_arn(notebook, arn))).unwrap_or_default();
            let by_address = || {
                let exact = all(&|notebook| is_instance(notebook, reported));
                if exact.is_empty() { all(&|notebook| is_address(notebook, reported)) } else { exact }
            };
            match name {
                _ if !by_arn.is_empty() => by_arn,
                // A plan or state that knows the instance under this ARN, and no code that creates it.
                _ if reported.arn.as_deref().is_some_and(|arn| is_known_elsewhere(arn, evidence)) => Vec::new(),
                Some(name) => {
                    all(&|notebook| notebook.names.known.iter().any(|known| known.eq_ignore_ascii_case(name)))
                }
                None => by_address(),
            }
        }
    };
    match found.as_slice() {
        [] => Match::Nowhere { unnamed: all(&|notebook| notebook.names.is_open).len() },
        [only] => Match::Found(*only),
        _ => Match::Candidates(found),
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

/// Whether the reported address is one of the notebook's instances.
fn is_instance(notebook: &Notebook, reported: &Reported) -> bool {
    let fits = |address| notebook.instances.listed.iter().any(|instance| fits(&instance.address, address));
    reported.address.as_deref().is_some_and(fits)
}

/// Whether the reported address is one of the notebook's block or of one of its instances.
fn is_address(notebook: &Notebook, reported: &Reported) -> bool {
    let Some(address) = reported.address.as_deref() else { return false };
    let block =
        address.strip_suffix(&notebook.address).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    block
        || is_instance(notebook, reported)
        // With an index behind it.
        || address.rsplit_once('[').is_some_and(|(before, _)| before.ends_with(&format!(".{}", notebook.address)) || before == notebook.address)
}

/// Whether the reported lines meet the notebook's block.
fn covers(notebook: &Notebook, reported: &Reported, sources: &Sources) -> bool {
    let Location { file, span } = notebook.location;
    let (first, last) = (sources[file].line_of(span.start), sources[file].line_of(span.end));
    reported.lines.is_some_and(|(from, to)| from <= last && first <= to)
}

/// Whether a plan or state knows an instance of the notebook under an ARN.
fn has_arn(notebook: &Notebook, arn: &str) -> bool {
    let known = notebook.instances.listed.iter().flat_map(|instance| &instance.live);
    known.into_iter().any(|live| live.arn.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(arn)))
}

fn is_known_elsewhere(arn: &str, evidence: &[Evidence]) -> bool {
    let instances = evidence.iter().flat_map(|evidence| &evidence.instances);
    instances.into_iter().any(|(live, found)| !found && live.arn.as_deref() == Some(arn))
}

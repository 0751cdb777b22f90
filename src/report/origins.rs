//! Where the values of a notebook come from: by the folders of its instances, and way by way.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::counts::counted;
use super::instances::Row;
use super::{Options, Report};
use crate::control;
use crate::finding::{Finding, Notebook, Standing, Status, ValueTrace};
use crate::source::Location;

/// More ways of a value than this are counted, not shown.
const MOST_WAYS: usize = 6;

/// More folders than this are counted, not named.
const MOST_FOLDERS: usize = 24;

/// More places of the values in a folder than this are counted.
const MOST_PLACES: usize = 2;

/// The instances that a finding is about, where there are several: by the folders of their programs, which are what people
/// call environments, each with its values and where they come from.
pub(super) fn hit(finding: &Finding, notebook: &Notebook, report: &Report<'_>, options: &Options) -> Vec<String> {
    let rows = rows_of(finding, notebook);
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut areas: BTreeMap<String, Vec<&Row<'_>>> = BTreeMap::new();
    for row in &rows {
        areas.entry(row.area(options)).or_default().push(row);
    }
    let place = |trace: &ValueTrace| {
        let file = &report.sources[trace.origin.file];
        format!("{}:{}", file.path(), file.line_of(trace.origin.span.start))
    };
    let mut lines = vec![format!("{} in {}:", counted(rows.len(), "instance"), counted(areas.len(), "folder"))];
    for (area, rows) in areas.iter().take(MOST_FOLDERS) {
        let traces: Vec<&ValueTrace> = rows.iter().filter_map(|row| row.value()).collect();
        let values: BTreeSet<String> = traces.iter().map(|trace| trace.value.to_string()).collect();
        let places: BTreeSet<String> = traces.iter().map(|trace| place(trace)).collect();
        let more = places.len().saturating_sub(MOST_PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let places: Vec<&str> = places.iter().take(MOST_PLACES).map(String::as_str).collect();
        let values = values.into_iter().collect::<Vec<_>>().join(", ");
        lines.push(format!("  {area}: {}, {values} from {}{more}", rows.len(), places.join(", ")));
    }
    let rest: usize = areas.values().skip(MOST_FOLDERS).map(Vec::len).sum();
    if rest > 0 {
        let folders = counted(areas.len() - MOST_FOLDERS, "more folder");
        lines.push(format!("  … and {} in {folders}, all of them with --format csv", counted(rest, "instance")));
    }
    lines
}

/// The instances that the code creates and a finding is about.
pub(super) fn rows_of<'r>(finding: &'r Finding, notebook: &'r Notebook) -> Vec<Row<'r>> {
    let created = notebook.instances.listed.iter().filter(|instance| instance.exists);
    let findings: Rc<[Standing<'r>]> = Rc::from([finding.standing()]);
    let left = created.filter(|instance| !matches!(findings[0].of(instance), Status::Compliant | Status::Suppressed));
    left.map(|instance| Row { findings: Rc::clone(&findings), notebook, instance: Some(instance) }).collect()
}

/// The ways of the values that arrive from elsewhere. Of very many those that give root come first, and the last line
/// says how many more there are.
pub(super) fn ways(notebook: &Notebook, at: &dyn Fn(Location) -> String) -> Vec<String> {
    let mut traces: Vec<&ValueTrace> = notebook.values.iter().filter(|trace| !trace.hops.is_empty()).collect();
    let more = traces.len().saturating_sub(MOST_WAYS);
    if more > 0 {
        traces.sort_by_key(|trace| trace.value.complies());
    }
    let mut ways: Vec<String> = traces.iter().take(MOST_WAYS).map(|trace| way(trace, at)).collect();
    if more > 0 {
        ways.push(format!("… and {more} more, all of them with --format json"));
    }
    ways
}

/// The way of a value, from the argument outwards: `root_access ← var.root (variables.tf:12) ← "Enabled" (a.tfvars:3)`.
fn way(trace: &ValueTrace, at: &dyn Fn(Location) -> String) -> String {
    let mut way = control::ATTRIBUTE.to_owned();
    for hop in &trace.hops {
        way = format!("{way} ← {} ({})", hop.text, at(hop.location));
    }
    let path = if trace.path.is_empty() { String::new() } else { format!(", in {}", trace.path) };
    format!("{way} ← {} ({}){path}", trace.value, at(trace.origin))
}

//! Checkov: its own JSON, and SARIF.

use camino::Utf8Path;
use serde_json::Value as Json;

use super::{CHECKOV, CONFIG, PROWLER, SECURITY_HUB, line, list, text};
use crate::finding::Reported;

pub(super) fn json(report: &Json) -> Vec<Reported> {
    // Of a plan it names the file of the plan, which is no code.
    let is_plan = text(report, "/check_type").as_deref() == Some("terraform_plan");
    let failed = list(report, "/results/failed_checks").filter(|it| text(it, "/check_id").as_deref() == Some(CHECKOV));
    let reported = failed.map(|check| Reported {
        tool: "Checkov",
        id: CHECKOV.to_owned(),
        // What it scanned may have lain elsewhere.
        file: text(check, "/file_abs_path")
            .filter(|path| Utf8Path::new(path).exists())
            .or_else(|| text(check, "/repo_file_path"))
            .or_else(|| text(check, "/file_path"))
            .filter(|_| !is_plan),
        lines: line(check, "/file_line_range/0").zip(line(check, "/file_line_range/1")),
        address: text(check, "/resource"),
        ..Reported::default()
    });
    reported.collect()
}

/// Findings of a run in SARIF, which Prowler's have come in as well.
pub(super) fn sarif(run: &Json) -> Vec<Reported> {
    let tool = text(run, "/tool/driver/name").unwrap_or_default();
    let tool = if tool.eq_ignore_ascii_case("prowler") { "Prowler" } else { "Checkov" };
    let is_ours =
        |id: &str| [CHECKOV, PROWLER, SECURITY_HUB, CONFIG].iter().any(|known| id.eq_ignore_ascii_case(known));
    let results = list(run, "/results").filter_map(|result| {
        let id = text(result, "/ruleId").filter(|id| is_ours(id))?;
        let place = result.pointer("/locations/0/physicalLocation")?;
        let start = line(place, "/region/startLine");
        Some(Reported {
            tool,
            id,
            file: text(place, "/artifactLocation/uri"),
            lines: start.map(|start| (start, line(place, "/region/endLine").unwrap_or(start))),
            ..Reported::default()
        })
    });
    results.collect()
}

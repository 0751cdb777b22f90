//! Findings of other tools on this control, read from their own formats and recognised by what is in them.
//!
//! | format | source |
//! |---|---|
//! | Checkov JSON | what `checkov --output json` writes, an object or a list of them (Checkov 3, tried) |
//! | SARIF | OASIS SARIF 2.1.0; the rule's identifier is the control's in the tool |
//! | Prowler OCSF, CSV and JSON | `examples/output` in its repository; `metadata.event_code`, `CHECK_ID` and `CheckID` name the check |
//! | Security Hub ASFF | AWS Security Hub user guide, "AWS Security Finding Format"; a list, under `Findings`, or under `detail.findings` in events |
//! | Security Hub OCSF | AWS Security Hub user guide, "OCSF findings"; OCSF schema, `objects/compliance.json`: `control`, and `status_id` 3 for "Fail" |
//! | AWS Config | AWS Config API reference, `GetComplianceDetailsByConfigRule`, its aggregate form and that of conformance packs |

mod aws;
mod checkov;
mod prowler;

use serde_json::{Deserializer, Value as Json};

use crate::finding::Reported;

/// The control's identifier in Checkov.
const CHECKOV: &str = "CKV_AWS_307";
/// ... in Prowler.
const PROWLER: &str = "sagemaker_notebook_instance_root_access_disabled";
/// ... in Security Hub.
const SECURITY_HUB: &str = "SageMaker.3";
/// ... in AWS Config; rules that another service has made carry it inside a longer name.
const CONFIG: &str = "sagemaker-notebook-instance-root-access-check";

/// Reads the findings on this control that a tool reports as failed: one JSON value, several one behind the other (a
/// value a line is what streams of findings hold), or CSV.
///
/// # Errors
/// In one sentence, where the format is none of those known.
pub(super) fn read(text: &str) -> Result<Vec<Reported>, String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return prowler::csv(text).ok_or_else(unknown);
    }
    let mut all = Vec::new();
    for json in Deserializer::from_str(text).into_iter::<Json>() {
        let json = json.map_err(|error| format!("is no valid JSON: {error}"))?;
        all.extend(from_json(&json).ok_or_else(unknown)?);
    }
    Ok(all)
}

fn unknown() -> String {
    "holds no findings in a format that is known: JSON or SARIF of Checkov, OCSF JSON or CSV of Prowler, ASFF or OCSF of \
     Security Hub, compliance details of AWS Config"
        .to_owned()
}

fn from_json(json: &Json) -> Option<Vec<Reported>> {
    if let Some(runs) = json.get("runs").and_then(Json::as_array) {
        return Some(runs.iter().flat_map(checkov::sarif).collect());
    }
    for key in ["EvaluationResults", "AggregateEvaluationResults", "ConformancePackRuleEvaluationResults"] {
        if let Some(results) = json.get(key).and_then(Json::as_array) {
            return Some(results.iter().filter_map(aws::config).collect());
        }
    }
    let many = ["/Findings", "/detail/findings", ""].iter().find_map(|path| json.pointer(path)?.as_array());
    let items = many.map_or_else(|| std::slice::from_ref(json), Vec::as_slice);
    // Services gather the findings of several tools in one list, and each may have a format of its own.
    let known: Vec<Vec<Reported>> = items.iter().filter_map(item).collect();
    (items.is_empty() || !known.is_empty()).then(|| known.concat())
}

/// The findings of one item of a list, if its format is known.
fn item(item: &Json) -> Option<Vec<Reported>> {
    let has = |path: &str| item.pointer(path).is_some();
    match () {
        () if has("/check_type") || has("/results/failed_checks") => Some(checkov::json(item)),
        () if has("/metadata/event_code") => Some(prowler::ocsf(item)),
        () if has("/class_uid") => Some(aws::ocsf(item)),
        () if has("/CheckID") => Some(prowler::json(item).into_iter().collect()),
        () if has("/Resources") && has("/GeneratorId") => Some(aws::asff(item)),
        // A run of Checkov that found nothing to scan.
        () if has("/passed") && has("/failed") => Some(Vec::new()),
        () => None,
    }
}

fn text(json: &Json, path: &str) -> Option<String> {
    json.pointer(path)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn list<'j>(json: &'j Json, path: &str) -> impl Iterator<Item = &'j Json> {
    json.pointer(path).and_then(Json::as_array).into_iter().flatten()
}

fn line(json: &Json, path: &str) -> Option<usize> {
    json.pointer(path)?.as_u64().and_then(|line| usize::try_from(line).ok())
}

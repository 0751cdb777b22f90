//! Findings of other tools on this control, read from their own formats and recognised by what is in them.
//!
//! | format | source |
//! |---|---|
//! | Checkov JSON | what `checkov --output json` writes, an object or a list of them (Checkov 3, tried) |
//! | SARIF | OASIS SARIF 2.1.0; the rule's identifier is the control's in the tool |
//! | Prowler OCSF and CSV | `examples/output` in its repository; `metadata.event_code` and `CHECK_ID` name the check |
//! | Security Hub ASFF | AWS Security Hub user guide, "AWS Security Finding Format"; a list, or under `Findings` |
//! | AWS Config | AWS Config API reference, `GetComplianceDetailsByConfigRule`, its aggregate form and that of conformance packs |

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde_json::Value as Json;

use crate::finding::Reported;

/// The control's identifier in Checkov.
const CHECKOV: &str = "CKV_AWS_307";
/// ... in Prowler.
const PROWLER: &str = "sagemaker_notebook_instance_root_access_disabled";
/// ... in Security Hub.
const SECURITY_HUB: &str = "SageMaker.3";
/// ... in AWS Config; rules that another service has made carry it inside a longer name.
const CONFIG: &str = "sagemaker-notebook-instance-root-access-check";

/// Reads the findings on this control that a tool reports as failed.
///
/// # Errors
/// In one sentence, where the format is none of those known.
pub(super) fn read(text: &str) -> Result<Vec<Reported>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        let json: Json = serde_json::from_str(text).map_err(|error| format!("is no valid JSON: {error}"))?;
        return from_json(&json).ok_or_else(unknown);
    }
    from_csv(text).ok_or_else(unknown)
}

fn unknown() -> String {
    "holds no findings in a format that is known: JSON or SARIF of Checkov, OCSF JSON or CSV of Prowler, ASFF of Security Hub, \
     compliance details of AWS Config"
        .to_owned()
}

fn from_json(json: &Json) -> Option<Vec<Reported>> {
    if let Some(runs) = json.get("runs").and_then(Json::as_array) {
        return Some(runs.iter().flat_map(sarif).collect());
    }
    for key in ["EvaluationResults", "AggregateEvaluationResults", "ConformancePackRuleEvaluationResults"] {
        if let Some(results) = json.get(key).and_then(Json::as_array) {
            return Some(results.iter().filter_map(config).collect());
        }
    }
    let many = json.get("Findings").or(Some(json)).and_then(Json::as_array);
    let items: Vec<&Json> = many.map_or_else(|| vec![json], |items| items.iter().collect());
    let has = |path: &str| items.first().is_some_and(|item| item.pointer(path).is_some());
    match () {
        () if items.is_empty() => Some(Vec::new()),
        () if has("/check_type") || has("/results/failed_checks") => {
            Some(items.into_iter().flat_map(checkov).collect())
        }
        () if has("/metadata/event_code") => Some(items.into_iter().flat_map(ocsf).collect()),
        () if has("/Resources") && has("/GeneratorId") => Some(items.into_iter().flat_map(asff).collect()),
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

fn checkov(report: &Json) -> Vec<Reported> {
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

fn sarif(run: &Json) -> Vec<Reported> {
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

fn ocsf(finding: &Json) -> Vec<Reported> {
    let fails = text(finding, "/status_code").as_deref() == Some("FAIL");
    if !fails || text(finding, "/metadata/event_code").as_deref() != Some(PROWLER) {
        return Vec::new();
    }
    let resources = list(finding, "/resources").map(|resource| Reported {
        tool: "Prowler",
        id: PROWLER.to_owned(),
        arn: text(resource, "/uid"),
        name: text(resource, "/name"),
        region: text(resource, "/region"),
        account: text(finding, "/cloud/account/uid"),
        accepted: text(finding, "/status").as_deref() == Some("Suppressed"),
        ..Reported::default()
    });
    resources.collect()
}

fn asff(finding: &Json) -> Vec<Reported> {
    let fails = text(finding, "/Compliance/Status").as_deref() == Some("FAILED")
        && text(finding, "/RecordState").as_deref() != Some("ARCHIVED");
    let ids = ["/Compliance/SecurityControlId", "/ProductFields/ControlId", "/GeneratorId"];
    let is_ours = |id: &str| {
        id == SECURITY_HUB || id.rsplit('/').next() == Some(SECURITY_HUB) || id.contains(CONFIG) || id.contains(PROWLER)
    };
    if !fails || !ids.iter().filter_map(|path| text(finding, path)).any(|id| is_ours(&id)) {
        return Vec::new();
    }
    let resources = list(finding, "/Resources").filter(|resource| {
        text(resource, "/Type").is_none_or(|kind| kind == "AwsSageMakerNotebookInstance" || kind == "Other")
    });
    let reported = resources.map(|resource| Reported {
        tool: "Security Hub",
        id: SECURITY_HUB.to_owned(),
        arn: text(resource, "/Id"),
        name: text(resource, "/Details/AwsSageMakerNotebookInstance/NotebookInstanceName"),
        region: text(resource, "/Region").or_else(|| text(finding, "/Region")),
        account: text(finding, "/AwsAccountId"),
        accepted: text(finding, "/Workflow/Status").as_deref() == Some("SUPPRESSED"),
        ..Reported::default()
    });
    reported.collect()
}

fn config(result: &Json) -> Option<Reported> {
    let of = |name: &str| text(result, &format!("/EvaluationResultIdentifier/EvaluationResultQualifier/{name}"));
    let rule = of("ConfigRuleName").filter(|rule| rule.to_lowercase().replace('_', "-").contains(CONFIG))?;
    let fails = text(result, "/ComplianceType").as_deref() == Some("NON_COMPLIANT");
    let id = of("ResourceId").filter(|_| fails)?;
    let is_arn = id.starts_with("arn:");
    Some(Reported {
        tool: "AWS Config",
        id: rule,
        arn: is_arn.then(|| id.clone()),
        name: (!is_arn).then_some(id),
        region: text(result, "/AwsRegion"),
        account: text(result, "/AccountId"),
        ..Reported::default()
    })
}

/// Prowler's CSV, whose fields are separated by semicolons.
fn from_csv(text: &str) -> Option<Vec<Reported>> {
    let mut rows = rows(text).into_iter();
    let header = rows.next()?;
    let places: BTreeMap<&str, usize> = header.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let (check, status) = (*places.get("CHECK_ID")?, *places.get("STATUS")?);
    let ours = rows.filter(|row| {
        row.get(check).is_some_and(|id| id == PROWLER) && row.get(status).is_some_and(|status| status == "FAIL")
    });
    let reported = ours.map(|row| {
        let field = |name: &str| row.get(*places.get(name)?).filter(|text| !text.is_empty()).cloned();
        Reported {
            tool: "Prowler",
            id: PROWLER.to_owned(),
            arn: field("RESOURCE_UID"),
            name: field("RESOURCE_NAME"),
            region: field("REGION"),
            account: field("ACCOUNT_UID"),
            accepted: field("MUTED").as_deref() == Some("True"),
            ..Reported::default()
        }
    });
    Some(reported.collect())
}

/// The fields of each row, with quotes taken off.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(row) = rows.last_mut() else { break };
        let Some(field) = row.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ';' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            letter => field.push(letter),
        }
    }
    rows
}

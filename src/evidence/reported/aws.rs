//! AWS's own services: Security Hub and AWS Config.

use serde_json::Value as Json;

use super::{CONFIG, PROWLER, SECURITY_HUB, list, text};
use crate::finding::Reported;

pub(super) fn asff(finding: &Json) -> Vec<Reported> {
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

/// A finding as Security Hub gives it in OCSF.
pub(super) fn ocsf(finding: &Json) -> Vec<Reported> {
    let fails = finding.pointer("/compliance/status_id").and_then(Json::as_u64) == Some(3)
        || text(finding, "/compliance/status").is_some_and(|status| status.to_uppercase().starts_with("FAIL"));
    let is_closed = text(finding, "/activity_name").as_deref() == Some("Close");
    if !fails || is_closed || text(finding, "/compliance/control").as_deref() != Some(SECURITY_HUB) {
        return Vec::new();
    }
    let account =
        |resource: &Json| text(resource, "/owner/account/uid").or_else(|| text(finding, "/cloud/account/uid"));
    let resources = list(finding, "/resources").map(|resource| {
        let ids = [text(resource, "/uid"), text(resource, "/uid_alt")];
        let (arns, names): (Vec<_>, Vec<_>) = ids.into_iter().flatten().partition(|id| id.starts_with("arn:"));
        Reported {
            tool: "Security Hub",
            id: SECURITY_HUB.to_owned(),
            arn: arns.into_iter().next(),
            name: names.into_iter().next(),
            region: text(resource, "/region").or_else(|| text(finding, "/cloud/region")),
            account: account(resource),
            accepted: text(finding, "/status").as_deref() == Some("Suppressed"),
            ..Reported::default()
        }
    });
    resources.collect()
}

pub(super) fn config(result: &Json) -> Option<Reported> {
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

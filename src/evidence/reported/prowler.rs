//! Prowler: OCSF, CSV, and the JSON of its third version.

use serde_json::Value as Json;

use super::{PROWLER, list, text};
use crate::finding::Reported;

pub(super) fn ocsf(finding: &Json) -> Vec<Reported> {
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

/// A finding as Prowler 3 writes it in `json`.
pub(super) fn json(finding: &Json) -> Option<Reported> {
    let is = |path: &str, said: &str| text(finding, path).as_deref() == Some(said);
    (is("/CheckID", PROWLER) && is("/Status", "FAIL")).then(|| Reported {
        tool: "Prowler",
        id: PROWLER.to_owned(),
        arn: text(finding, "/ResourceArn"),
        name: text(finding, "/ResourceId"),
        region: text(finding, "/Region"),
        account: text(finding, "/AccountId"),
        ..Reported::default()
    })
}

/// Rows of its CSV, whose fields are separated by semicolons, or by commas once a spreadsheet has saved it again.
pub(super) fn csv(text: &str) -> Option<Vec<Reported>> {
    let first = text.lines().next()?;
    let delimiter = if first.contains(';') { b';' } else { b',' };
    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = rows.headers().ok()?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let (check, status) = (place("CHECK_ID")?, place("STATUS")?);
    let mut all = Vec::new();
    for row in rows.records() {
        let row = row.ok()?;
        if row.get(check) != Some(PROWLER) || row.get(status) != Some("FAIL") {
            continue;
        }
        let field = |name: &str| row.get(place(name)?).filter(|text| !text.is_empty()).map(str::to_owned);
        all.push(Reported {
            tool: "Prowler",
            id: PROWLER.to_owned(),
            // The later names of the columns, then those of Prowler 3.
            arn: field("RESOURCE_UID").or_else(|| field("RESOURCE_ARN")),
            name: field("RESOURCE_NAME").or_else(|| field("RESOURCE_ID")),
            region: field("REGION"),
            account: field("ACCOUNT_UID").or_else(|| field("ACCOUNT_ID")),
            accepted: field("MUTED").is_some_and(|muted| muted.eq_ignore_ascii_case("true")),
            ..Reported::default()
        });
    }
    Some(all)
}

//! What a SARIF consumer relies on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unroot::finding::ValueTrace;
use unroot::report::{Format, Mode};
use unroot::rules::Rule;

use crate::inputs::{self, Run, options};
use crate::script_inputs;

fn sarif(run: &Run) -> Value {
    let (out, _) = run.print(Format::Sarif, &options(Mode::Preview));
    let document: Value = serde_json::from_str(&out).expect("SARIF is JSON");
    document["runs"][0].clone()
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The byte at a 1-based line and column, the column in characters.
fn byte(text: &str, region: &Value, which: &str) -> usize {
    let number = |name: String| region[name].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number");
    let (line, column) = (number(format!("{which}Line")), number(format!("{which}Column")));
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text[start..].strip_prefix('\u{feff}').unwrap_or(&text[start..]);
    text.len() - rest.len() + rest.chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}

#[test]
fn applying_the_fixes_gives_the_patched_text() {
    for run in [inputs::findings(), inputs::awkward()] {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let document = sarif(&run);
        // Results are sorted by place; from the last one on, no edit moves another.
        for result in list(&document, "/results").iter().rev() {
            for change in list(result, "/fixes/0/artifactChanges") {
                let uri = change["artifactLocation"]["uri"].as_str().expect("a URI");
                let path = percent_encoding::percent_decode_str(uri).decode_utf8().expect("UTF-8").into_owned();
                let file = run.sources.find(path.as_str().into()).expect("the file was read");
                let text = texts.entry(path).or_insert_with(|| run.sources[file].text().to_owned());
                for replacement in list(change, "/replacements").iter().rev() {
                    let region = &replacement["deletedRegion"];
                    let range = byte(text, region, "start")..byte(text, region, "end");
                    text.replace_range(range, replacement["insertedContent"]["text"].as_str().expect("a text"));
                }
            }
        }
        let patched: BTreeMap<String, String> =
            run.patches.iter().map(|patch| (run.sources[patch.file].path().to_string(), patch.after.clone())).collect();
        assert!(!patched.is_empty());
        assert_eq!(texts, patched);
    }
}

#[test]
fn every_rule_is_described_and_results_point_at_theirs() {
    let document = sarif(&script_inputs::scripts());
    let rules = list(&document, "/tool/driver/rules");
    let codes: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(codes, Rule::ALL.iter().map(|rule| rule.code()).collect::<Vec<_>>());
    for result in list(&document, "/results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
        assert_eq!(result["ruleId"], rules[index]["id"]);
    }
}

#[test]
fn fingerprints_are_told_apart_and_do_not_move_with_the_lines() {
    let fingerprints = |run: &Run| -> Vec<String> {
        let document = sarif(run);
        let of = |result: &Value| result["partialFingerprints"]["notebookRule/v1"].as_str().map(str::to_owned);
        list(&document, "/results").iter().filter_map(of).collect()
    };
    let mut run = inputs::findings();
    let before = fingerprints(&run);
    assert_eq!(before.len(), 3);
    for finding in &mut run.findings {
        inputs::notebook(finding).location.span.start += 1;
        finding.anchor.span.start += 1;
    }
    assert_eq!(fingerprints(&run), before);
    let again = run.findings[0].clone();
    run.findings.push(again);
    let all = fingerprints(&run);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn paths_are_relative_uris() {
    let document = sarif(&inputs::awkward());
    let uri = &list(&document, "/results")[1]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(uri["uri"], "infra/odd%20%22%E2%80%AEname%22.tf");
    assert_eq!(uri["uriBaseId"], "%SRCROOT%");
}

#[test]
fn what_is_settled_or_suppressed_is_no_result() {
    assert!(list(&sarif(&inputs::clean()), "/results").is_empty());
    assert!(list(&sarif(&inputs::suppressed()), "/results").is_empty());
    let scripts = sarif(&script_inputs::scripts());
    assert!(list(&scripts, "/results").iter().all(|result| result["ruleId"] != "setuid-or-capability"));
    let failed = sarif(&inputs::errors());
    assert_eq!(failed["invocations"][0]["executionSuccessful"], false);
    assert_eq!(list(&failed, "/invocations/0/toolExecutionNotifications").len(), 3);
}

#[test]
fn code_flows_show_bad_ways_alone_and_stay_within_what_is_taken() {
    let mut run = inputs::findings();
    let notebook = inputs::notebook(&mut run.findings[2]);
    let way = notebook.values[0].clone();
    let good = ValueTrace { value: unroot::Value::Known("Disabled".to_owned()), ..way.clone() };
    notebook.values = vec![good, way.clone()];
    let document = sarif(&run);
    assert_eq!(list(&document, "/results")[2]["codeFlows"].as_array().map(Vec::len), Some(1));

    inputs::notebook(&mut run.findings[2]).values = vec![way; 3000];
    run.findings = vec![run.findings[2].clone(); 60];
    let document = sarif(&run);
    let results = list(&document, "/results");
    let flows = |result: &Value| result["codeFlows"].as_array().map_or(0, Vec::len);
    assert_eq!(results.iter().map(flows).max(), Some(100));
    let locations = |flow: &Value| flow["threadFlows"][0]["locations"].as_array().map_or(0, Vec::len);
    let all =
        results.iter().filter_map(|result| result["codeFlows"].as_array()).flatten().map(locations).sum::<usize>();
    assert!((9_990..=10_000).contains(&all), "{all}");
}

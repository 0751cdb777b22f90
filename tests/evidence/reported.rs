//! Findings of other tools, in the formats that the tools write.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::folder;
use crate::support::program::{Ended, run, run_with, unroot};

/// A notebook without the argument.
fn notebook(label: &str, name: &str) -> String {
    format!("resource \"aws_sagemaker_notebook_instance\" \"{label}\" {{\n  name = {name}\n}}\n")
}

/// Notebooks of five names: one in a module, one beside another of its kind, two of a `count`, one known to a plan alone.
fn tree() -> TempDir {
    let module = format!("variable \"name\" {{\n  type = string\n}}\n\n{}", notebook("n", "var.name"));
    let call = "module \"nb\" {\n  source = \"../../modules/nb\"\n  name = \"team-a\"\n}\n";
    let counted = notebook("m", "\"team-c-${count.index}\"").replace("{\n", "{\n  count = 2\n");
    folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", &module),
        ("envs/dev/main.tf", call),
        ("other/main.tf", &format!("{}{counted}", notebook("n", "\"team-b\""))),
        ("last/main.tf", &notebook("n", "data.aws_ssm_parameter.name.value")),
    ])
}

/// What is said with findings in a file.
fn ended(tree: &TempDir, findings: &str, arguments: &[&str]) -> Ended {
    folder::put(&tree.path().join("findings"), findings.as_bytes());
    run(unroot(tree.path()).args(["--from", "findings"]).args(arguments))
}

fn checkov(file: &str, lines: [usize; 2], resource: &str) -> Value {
    json!({
        "check_id": "CKV_AWS_307", "file_path": file, "repo_file_path": file, "file_abs_path": format!("/elsewhere{file}"),
        "file_line_range": lines, "resource": resource,
    })
}

/// A report as `checkov --output json` writes it, which also has findings of other checks.
fn of_checkov(failed: &[Value]) -> Value {
    let other =
        json!({ "check_id": "CKV_AWS_22", "file_path": "/last/main.tf", "file_line_range": [1, 3], "resource": "x.y" });
    let failed: Vec<Value> = failed.iter().cloned().chain([other]).collect();
    json!({ "check_type": "terraform", "results": { "passed_checks": [], "failed_checks": failed }, "summary": {} })
}

fn of_security_hub(arn: &str, status: &str) -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "GeneratorId": "security-control/SageMaker.3", "AwsAccountId": "123456789012",
        "Region": "eu-west-1", "RecordState": "ACTIVE", "Workflow": { "Status": "NEW" },
        "Compliance": { "Status": status, "SecurityControlId": "SageMaker.3" },
        "Resources": [{ "Type": "AwsSageMakerNotebookInstance", "Id": arn, "Region": "eu-west-1" }],
    })
}

fn arn(name: &str) -> String {
    format!("arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/{name}")
}

#[test]
fn findings_of_checkov_lead_to_their_blocks_and_no_others() {
    let report = of_checkov(&[
        checkov("/modules/nb/main.tf", [5, 7], "module.nb.aws_sagemaker_notebook_instance.n"),
        checkov("/other/main.tf", [4, 7], "aws_sagemaker_notebook_instance.m[1]"),
    ]);
    // Checkov writes a list where it has run several frameworks.
    for report in [report.to_string(), json!([report]).to_string()] {
        let tree = tree();
        let said = ended(&tree, &report, &["--check"]);
        assert_eq!(said.code, Some(1), "{}{}", said.text(), said.err);
        for part in [
            "2 findings of Checkov in findings: 2 in code here",
            "module.nb.aws_sagemaker_notebook_instance.n: modules/nb/main.tf:5:1: fixable: insert",
            "aws_sagemaker_notebook_instance.m[1]: other/main.tf:4:1: fixable: insert",
            "2 notebooks in",
        ] {
            assert!(said.text().contains(part), "{part}\n{}", said.text());
        }
        let before = folder::files(tree.path());
        assert_eq!(ended(&tree, &report, &["--write"]).code, Some(0));
        let after = folder::files(tree.path());
        let changed: Vec<_> =
            before.iter().filter(|(path, bytes)| after[*path] != **bytes).map(|(path, _)| path).collect();
        assert_eq!(changed, [std::path::Path::new("modules/nb/main.tf"), std::path::Path::new("other/main.tf")]);
        let other = String::from_utf8(after[changed[1]].clone()).expect("text");
        assert_eq!(other.matches("root_access").count(), 1, "{other}");
    }
}

#[test]
fn lines_lead_to_a_block_where_there_is_no_address() {
    let result = |uri: &str, line: usize| {
        json!({ "ruleId": "CKV_AWS_307", "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri }, "region": { "startLine": line, "endLine": line + 1 } } }] })
    };
    let other = json!({ "ruleId": "CKV_AWS_22", "locations": [] });
    let driver = json!({ "driver": { "name": "Checkov" } });
    let sarif =
        json!({ "version": "2.1.0", "runs": [{ "tool": driver, "results": [result("other/main.tf", 5), other] }] });
    let said = ended(&tree(), &sarif.to_string(), &["--check"]);
    assert!(said.text().contains("CKV_AWS_307 other/main.tf:5: other/main.tf:4:1: fixable"), "{}", said.text());
    assert!(said.text().contains("1 notebook in"), "{}", said.text());
}

#[test]
fn names_lead_to_instances_and_what_no_code_creates_is_said() {
    let findings = json!({ "Findings": [
        of_security_hub(&arn("team-a"), "FAILED"),
        of_security_hub(&arn("team-c-1"), "FAILED"),
        of_security_hub(&arn("by-hand"), "FAILED"),
        of_security_hub(&arn("team-b"), "PASSED"),
    ] });
    let tree = tree();
    let said = ended(&tree, &findings.to_string(), &["--check"]);
    for part in [
        "3 findings of Security Hub in findings: 2 in code here, 1 that no code here creates",
        "notebook-instance/team-a: modules/nb/main.tf:5:1 (module.nb.aws_sagemaker_notebook_instance.n of envs/dev): fixable",
        "notebook-instance/team-c-1: other/main.tf:4:1 (aws_sagemaker_notebook_instance.m[1] of other): fixable",
        "notebook-instance/by-hand: no code here creates it, unless it is one of 1 notebook, whose name is not known",
        "aws sagemaker update-notebook-instance --notebook-instance-name by-hand --root-access Disabled --region eu-west-1",
    ] {
        assert!(said.text().contains(part), "{part}\n{}", said.text());
    }
    assert!(!said.text().contains("team-b"), "{}", said.text());

    let said = ended(&tree, &findings.to_string(), &["--format", "markdown"]);
    for part in ["## 3 findings of Security Hub in findings", "by-hand: no code here creates it", "of other): fixable"]
    {
        assert!(said.text().contains(part), "{part}\n{}", said.text());
    }
}

#[test]
fn prowler_and_aws_config_are_understood() {
    let prowler = "sagemaker_notebook_instance_root_access_disabled";
    let ocsf = |code: &str, status: &str, name: &str| {
        json!({
            "metadata": { "event_code": code, "product": { "name": "Prowler" } }, "status_code": status,
            "cloud": { "account": { "uid": "123456789012" } },
            "resources": [{ "uid": arn(name), "name": name, "region": "eu-west-1", "type": "AwsSageMakerNotebookInstance" }],
        })
    };
    let json =
        json!([ocsf(prowler, "FAIL", "team-b"), ocsf(prowler, "PASS", "team-a"), ocsf("iam_x", "FAIL", "team-a")]);
    let csv = format!(
        "AUTH_METHOD;ACCOUNT_UID;CHECK_ID;STATUS;STATUS_EXTENDED;RESOURCE_UID;RESOURCE_NAME;REGION\r\n\
         p;1;{prowler};FAIL;\"has; \"\"root\"\"\nenabled\";{};team-b;eu-west-1\r\np;1;{prowler};PASS;;{};team-a;eu-west-1\r\n",
        arn("team-b"),
        arn("team-a")
    );
    let result = |rule: &str, kind: &str| {
        json!({
            "EvaluationResultIdentifier": { "EvaluationResultQualifier": {
                "ConfigRuleName": rule, "ResourceType": "AWS::SageMaker::NotebookInstance", "ResourceId": "team-b" } },
            "ComplianceType": kind,
        })
    };
    let rule = "securityhub-sagemaker-notebook-instance-root-access-check-1a2b";
    let config = json!({ "EvaluationResults": [result(rule, "NON_COMPLIANT"), result("other", "NON_COMPLIANT"), result(rule, "COMPLIANT")] });
    let pack =
        json!({ "ConformancePackName": "p", "ConformancePackRuleEvaluationResults": config["EvaluationResults"] });
    let reports = [(json.to_string(), "Prowler"), (csv, "Prowler"), (config.to_string(), "AWS Config")];
    for (findings, tool) in reports.into_iter().chain([(pack.to_string(), "AWS Config")]) {
        let said = ended(&tree(), &findings, &["--check"]);
        let heading = format!("1 finding of {tool} in findings: 1 in code here");
        assert!(said.text().contains(&heading), "{findings}\n{}{}", said.text(), said.err);
        assert!(
            said.text().contains(": other/main.tf:1:1 (aws_sagemaker_notebook_instance.n of other): fixable"),
            "{}",
            said.text()
        );
    }
}

#[test]
fn forms_in_which_findings_are_handed_on_are_understood() {
    let asff = of_security_hub(&arn("team-b"), "FAILED");
    let of_another_product = json!({ "GeneratorId": "x", "Resources": [], "Compliance": { "Status": "FAILED" } });
    let event = json!({ "detail-type": "Security Hub Findings - Imported", "detail": { "findings": [asff] } });
    let a_line_each = format!("{asff}\n{of_another_product}\n");
    let ocsf = |status: &str, number: u8| {
        json!({
            "class_uid": 2003, "activity_name": "Update", "status": "New",
            "compliance": { "control": "SageMaker.3", "status": status, "status_id": number },
            "resources": [{ "uid": "team-b", "uid_alt": arn("team-b"), "type": "AWS::SageMaker::NotebookInstance" }],
        })
    };
    let ocsf = json!({ "Findings": [ocsf("Fail", 3), ocsf("Pass", 1), { "class_uid": 2004 }] });
    let prowler = "sagemaker_notebook_instance_root_access_disabled";
    let old_json =
        json!([{ "CheckID": prowler, "Status": "FAIL", "ResourceArn": arn("team-b"), "ResourceId": "team-b" }]);
    let old_csv =
        format!("PROVIDER;CHECK_ID;STATUS;RESOURCE_ID;RESOURCE_ARN\naws;{prowler};FAIL;team-b;{}\n", arn("team-b"));
    let saved_again = old_csv.replace(';', ",");
    for (findings, tool) in [
        (event.to_string(), "Security Hub"),
        (a_line_each, "Security Hub"),
        (json!([of_another_product, asff]).to_string(), "Security Hub"),
        (ocsf.to_string(), "Security Hub"),
        (old_json.to_string(), "Prowler"),
        (old_csv, "Prowler"),
        (saved_again, "Prowler"),
    ] {
        let said = ended(&tree(), &findings, &["--check"]);
        let heading = format!("1 finding of {tool} in findings: 1 in code here");
        assert!(said.text().contains(&heading), "{findings}\n{}{}", said.text(), said.err);
        assert!(
            said.text().contains(": other/main.tf:1:1 (aws_sagemaker_notebook_instance.n of other): fixable"),
            "{}",
            said.text()
        );
    }
}

#[test]
fn utf_16_is_read_and_a_file_that_is_not_read_is_not_said_to_hold_no_finding() {
    let findings = of_security_hub(&arn("team-b"), "FAILED").to_string();
    let units = [0xfeff].into_iter().chain(findings.encode_utf16());
    let little_endian: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let from = |bytes: &[u8]| run_with(unroot(tree().path()).args(["--check", "--from", "-"]), bytes);
    let said = from(&little_endian);
    assert!(
        said.text().contains("1 finding of Security Hub in standard input: 1 in code"),
        "{}{}",
        said.text(),
        said.err
    );
    for unreadable in [&b"hello"[..], b"{\"a\": \xff}", b"[{}"] {
        let said = from(unreadable);
        assert_eq!(said.code, Some(2), "{}", said.text());
        assert!(said.text().contains("standard input: not read"), "{}", said.text());
        assert!(!said.text().contains("no failed finding"), "{}", said.text());
    }
}

#[test]
fn several_of_a_name_are_candidates_and_none_is_changed() {
    let tree = tree();
    folder::put(&tree.path().join("twin/main.tf"), notebook("n", "\"team-b\"").as_bytes());
    let finding = of_security_hub(&arn("team-b"), "FAILED").to_string();
    let said = ended(&tree, &finding, &["--write"]);
    assert_eq!(said.code, Some(1), "{}", said.text());
    assert!(said.text().contains("one of other/main.tf:1:1, twin/main.tf:1:1"), "{}", said.text());
    assert!(!folder::files(tree.path()).values().any(|bytes| bytes.windows(8).any(|part| part == b"Disabled")));
}

#[test]
fn what_other_notebooks_hang_on_is_left_as_it_is() {
    let shared = "locals {\n  ra = \"Enabled\"\n}\n\n";
    let with = |label: &str, name: &str| notebook(label, name).replace("\n}", "\n  root_access = local.ra\n}");
    let code = [shared, &with("a", "\"team-a\""), &with("b", "\"team-b\"")].concat();
    let tree = folder::with(&[(".git/HEAD", ""), ("main.tf", &code)]);
    let said = ended(&tree, &of_security_hub(&arn("team-a"), "FAILED").to_string(), &["--write"]);
    assert_eq!(said.code, Some(0), "{}{}", said.text(), said.err);
    let after = std::fs::read_to_string(tree.path().join("main.tf")).expect("a readable file");
    assert_eq!(after, code.replacen("= local.ra", "= \"Disabled\"", 1));
    // Both of them are meant, so that the literal that they share is.
    let both =
        json!([of_security_hub(&arn("team-a"), "FAILED"), of_security_hub(&arn("team-b"), "FAILED")]).to_string();
    let tree = folder::with(&[(".git/HEAD", ""), ("main.tf", &code)]);
    assert_eq!(ended(&tree, &both, &["--write"]).code, Some(0));
    let after = std::fs::read_to_string(tree.path().join("main.tf")).expect("a readable file");
    assert_eq!(after, code.replace("Enabled", "Disabled"));
}

#[test]
fn what_no_code_creates_is_left_and_standard_input_is_read_once() {
    let finding = of_security_hub(&arn("by-hand"), "FAILED").to_string();
    for mode in ["--check", "--write"] {
        let said = ended(&tree(), &finding, &[mode]);
        assert_eq!(said.code, Some(1), "{}", said.text());
        assert!(said.text().contains("No SageMaker notebook here is among the findings given."), "{}", said.text());
    }
    let said = run_with(unroot(tree().path()).args(["--plan", "-", "--from", "-"]), finding.as_bytes());
    assert_eq!(said.code, Some(2), "{}", said.text());
    assert!(said.err.contains("`-` is standard input, which can be read once"), "{}", said.err);
}

#[test]
fn an_arn_in_a_state_comes_before_a_name() {
    let tree = tree();
    let resource = json!({
        "address": "aws_sagemaker_notebook_instance.n", "mode": "managed", "type": "aws_sagemaker_notebook_instance",
        "values": { "arn": arn("odd"), "name": "Odd", "root_access": "Enabled" },
    });
    let state = json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": { "root_module": { "resources": [resource] } } });
    folder::put(&tree.path().join("state.json"), state.to_string().as_bytes());
    let finding = of_security_hub(&arn("odd"), "FAILED").to_string();
    let said = ended(&tree, &finding, &["--check", "--plan", "last=state.json"]);
    assert!(
        said.text()
            .contains("notebook-instance/odd: last/main.tf:1:1 (aws_sagemaker_notebook_instance.n of last): fixable"),
        "{}{}",
        said.text(),
        said.err
    );
}

/// One module, called for each of two teams, in two accounts of which one keeps root.
fn accounts() -> tempfile::TempDir {
    let module = "variable \"team\" {}\n\nvariable \"root\" {\n  default = true\n}\n\n".to_owned()
        + &notebook("n", "\"nb-${var.team}\"")
            .replace("\n}", "\n  root_access = var.root ? \"Enabled\" : \"Disabled\"\n}");
    let call = |root: &str, team: &str| {
        format!(
            "module \"nb\" {{\n  for_each = toset([{team}])\n  source = \"../../modules/nb\"\n  team = each.key\n  root = {root}\n}}\n"
        )
    };
    let [dev, prod] = [call("true", "\"a\", \"b\""), call("false", "\"a\", \"c\"")];
    let tree = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", &module),
        ("envs/dev/main.tf", &dev),
        ("envs/prod/main.tf", &prod),
    ]);
    for (account, root_access) in [("dev", "Enabled"), ("prod", "Enabled")] {
        let resource = json!({
            "address": "module.nb[\"a\"].aws_sagemaker_notebook_instance.n", "mode": "managed",
            "type": "aws_sagemaker_notebook_instance",
            "values": { "arn": arn("nb-a").replace("123456789012", account), "name": "nb-a", "root_access": root_access },
        });
        let module = json!({ "address": "module.nb[\"a\"]", "resources": [resource] });
        let state = json!({ "format_version": "1.0", "values": { "root_module": { "child_modules": [module] } } });
        folder::put(&tree.path().join(format!("{account}.json")), state.to_string().as_bytes());
    }
    tree
}

#[test]
fn a_finding_is_on_the_instance_of_its_account_and_not_on_the_others() {
    let found = |account: &str| of_security_hub(&arn("nb-a").replace("123456789012", account), "FAILED");
    let states = ["--plan", "envs/dev=dev.json", "--plan", "envs/prod=prod.json"];
    let tree = accounts();
    let said = ended(&tree, &json!([found("dev"), found("prod")]).to_string(), &[&["--check"], &states[..]].concat());
    for part in [
        "modules/nb/main.tf:7:1 (module.nb[\"a\"].aws_sagemaker_notebook_instance.n of envs/dev): fixable: turn true into false at envs/dev/main.tf:5",
        "modules/nb/main.tf:7:1 (module.nb[\"a\"].aws_sagemaker_notebook_instance.n of envs/prod): compliant in code: the instance changes",
    ] {
        assert!(said.text().contains(part), "{part}\n{}{}", said.text(), said.err);
    }
    // What is found in one account changes nothing in the other.
    let before = folder::files(tree.path());
    let said = ended(&tree, &found("prod").to_string(), &[&["--write"], &states[..]].concat());
    assert_eq!(said.code, Some(0), "{}{}", said.text(), said.err);
    assert!(
        said.text().contains("The instances here that are among the findings given comply in code."),
        "{}",
        said.text()
    );
    let mut after = folder::files(tree.path());
    after.insert("findings".into(), before[std::path::Path::new("findings")].clone());
    assert_eq!(after, before);
    let said = ended(&tree, &found("dev").to_string(), &[&["--write"], &states[..]].concat());
    assert_eq!(said.code, Some(0), "{}{}", said.text(), said.err);
    assert!(said.text().contains("of envs/dev): fixed: turn true into false"), "{}", said.text());
}

#[test]
fn what_is_found_in_one_account_is_fixed_there_alone() {
    let tree = accounts();
    let prod = tree.path().join("envs/prod/main.tf");
    let code = std::fs::read_to_string(&prod).expect("a readable file").replace("root = false", "root = true");
    folder::put(&prod, code.as_bytes());
    let finding = of_security_hub(&arn("nb-a").replace("123456789012", "dev"), "FAILED").to_string();
    let states = ["--plan", "envs/dev=dev.json", "--plan", "envs/prod=prod.json"];
    let said = ended(&tree, &finding, &[&["--write"], &states[..]].concat());
    assert_eq!(said.code, Some(1), "prod still has root: {}{}", said.text(), said.err);
    assert!(
        said.text().contains("of envs/dev): fixed in part: turn true into false at envs/dev/main.tf:5"),
        "{}",
        said.text()
    );
    assert!(!said.text().contains("at envs/prod/main.tf"), "{}", said.text());
    assert_eq!(std::fs::read_to_string(&prod).expect("a readable file"), code);
    let dev = std::fs::read_to_string(tree.path().join("envs/dev/main.tf")).expect("a readable file");
    assert!(dev.contains("root = false"), "{dev}");
}

#[test]
fn a_name_that_one_instance_has_leads_to_it() {
    let tree = accounts();
    let of = |name: &str| of_security_hub(&arn(name), "FAILED");
    let said = ended(&tree, &json!([of("nb-a"), of("nb-b"), of("nb-c")]).to_string(), &["--check"]);
    for part in [
        // Either account has one.
        "notebook-instance/nb-a: modules/nb/main.tf:7:1: fixable",
        "notebook-instance/nb-b: modules/nb/main.tf:7:1 (module.nb[\"b\"].aws_sagemaker_notebook_instance.n of envs/dev): fixable",
        "notebook-instance/nb-c: modules/nb/main.tf:7:1 (module.nb[\"c\"].aws_sagemaker_notebook_instance.n of envs/prod): compliant in code",
    ] {
        assert!(said.text().contains(part), "{part}\n{}{}", said.text(), said.err);
    }
}

#[test]
fn what_is_no_report_of_a_tool_is_an_error_and_changes_nothing() {
    for text in ["", "hello", "{}", "{\"a\": 1}", "[1]", "a,b\n1,2\n", "{\"format_version\": \"1.2\"}"] {
        let tree = tree();
        let said = ended(&tree, text, &["--write"]);
        assert_eq!(said.code, Some(2), "{text}: {}", said.text());
        assert!(said.err.contains("findings: "), "{text}: {}", said.err);
        assert!(
            !folder::files(tree.path()).values().any(|bytes| bytes.windows(8).any(|part| part == b"Disabled")),
            "{text}"
        );
    }
    // No failed finding at all is good news.
    let said = run_with(unroot(tree().path()).args(["--check", "--from", "-"]), of_checkov(&[]).to_string().as_bytes());
    assert_eq!(said.code, Some(0), "{}{}", said.text(), said.err);
    assert!(said.text().contains("standard input: no failed finding on root access"), "{}", said.text());
}

#[test]
fn what_is_accepted_in_the_tool_is_left_as_it_is() {
    let mut suppressed = of_security_hub(&arn("team-a"), "FAILED");
    suppressed["Workflow"]["Status"] = json!("SUPPRESSED");
    let csv = format!(
        "CHECK_ID;STATUS;MUTED;RESOURCE_UID;RESOURCE_NAME\nsagemaker_notebook_instance_root_access_disabled;FAIL;True;{};team-a\n",
        arn("team-a")
    );
    for (findings, tool) in [(suppressed.to_string(), "Security Hub"), (csv, "Prowler")] {
        let tree = tree();
        let before = folder::files(tree.path());
        let said = ended(&tree, &findings, &["--write"]);
        assert_eq!(said.code, Some(0), "{}{}", said.text(), said.err);
        assert!(said.text().contains("1 accepted there"), "{}", said.text());
        assert!(
            said.text().contains(&format!("muted or suppressed in {tool}, and so left as it is")),
            "{}",
            said.text()
        );
        let mut after = folder::files(tree.path());
        after.remove(std::path::Path::new("findings"));
        assert_eq!(after, before);
    }
}

#[test]
fn findings_of_checkov_on_a_plan_lead_to_the_code_by_address() {
    let failed = |resource: &str| checkov("/tfplan.json", [0, 0], resource);
    let mut report = of_checkov(&[failed("module.nb.aws_sagemaker_notebook_instance.n")]);
    report["check_type"] = json!("terraform_plan");
    let said = ended(&tree(), &report.to_string(), &["--check"]);
    assert!(said.text().contains("n: modules/nb/main.tf:5:1: fixable"), "{}{}", said.text(), said.err);
    // SARIF has no addresses: that is not to say that no code creates it.
    let location = json!({ "physicalLocation": {
        "artifactLocation": { "uri": "tfplan.json" }, "region": { "startLine": 1, "endLine": 1 } } });
    let result = json!({ "ruleId": "CKV_AWS_307", "locations": [location] });
    let run = json!({ "tool": { "driver": { "name": "Checkov" } }, "results": [result] });
    let said = ended(&tree(), &json!({ "version": "2.1.0", "runs": [run] }).to_string(), &["--check"]);
    assert_eq!(said.code, Some(1), "{}", said.text());
    assert!(said.text().contains("tfplan.json:1: no notebook of this run stands there"), "{}", said.text());
}

//! The sessions in docs/evidence.md are what the program prints. `UNROOT_README=write` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use crate::plans::{FIXTURES, tree};
use crate::support::folder;
use crate::support::program::{run, unroot};

#[test]
fn the_sessions_in_the_document_are_real() {
    let tree = tree();
    let fixture = |name: &str| FIXTURES.iter().find(|(known, _)| *known == name).expect("a fixture").1;
    folder::put(&tree.path().join("plan.json"), fixture("create.json").as_bytes());
    folder::put(&tree.path().join("update.json"), fixture("update.json").as_bytes());
    let finding = |name: &str| {
        json!({
            "GeneratorId": "security-control/SageMaker.3", "AwsAccountId": "123456789012", "RecordState": "ACTIVE",
            "Compliance": { "Status": "FAILED", "SecurityControlId": "SageMaker.3" },
            "Resources": [{
                "Type": "AwsSageMakerNotebookInstance", "Region": "eu-west-1",
                "Id": format!("arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/{name}"),
            }],
        })
    };
    let findings = json!({ "Findings": [finding("a"), finding("scratch")] });
    folder::put(&tree.path().join("findings.json"), findings.to_string().as_bytes());

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/evidence.md");
    let text = std::fs::read_to_string(&path).expect("the document is there");
    let mut real = String::new();
    let mut sessions = 0;
    let mut in_session = false;
    for line in text.lines() {
        in_session &= line != "```";
        if let Some(arguments) = line.strip_prefix("$ unroot ").filter(|_| !in_session) {
            let ended = run(unroot(tree.path()).args(arguments.split(' ')));
            _ = write!(real, "{line}\n{}{}", ended.text(), ended.err);
            (in_session, sessions) = (true, sessions + 1);
        } else if !in_session {
            _ = writeln!(real, "{line}");
        }
    }
    assert_eq!(sessions, 3);
    if std::env::var("UNROOT_README").is_ok_and(|value| value == "write") {
        folder::put(&path, real.as_bytes());
    } else {
        assert_eq!(text, real, "UNROOT_README=write cargo test --test evidence writes the sessions anew");
    }
}

//! `-`: a filter from standard input to standard output.

use crate::support::folder;
use crate::support::program::{Ended, run_with, unroot};
use crate::{BROKEN, FIXED, MISSING, REFERENCE};

fn filter(arguments: &[&str], input: &str) -> Ended {
    run_with(unroot(folder::empty().path()).arg("-").args(arguments), input.as_bytes())
}

#[test]
fn the_fixed_text_comes_out_and_nothing_else() {
    for (input, output) in [(MISSING, FIXED), (FIXED, FIXED), ("", ""), ("locals {\r\n}", "locals {\r\n}")] {
        let ended = filter(&[], input);
        assert_eq!((ended.code, ended.text()), (Some(0), output));
        let quiet = filter(&["--quiet"], input);
        assert_eq!((quiet.text(), quiet.err.as_str()), (output, ""));
    }
}

#[test]
fn what_cannot_be_fixed_comes_out_as_it_went_in() {
    for (input, code) in [(REFERENCE, 0), (BROKEN, 2)] {
        let ended = filter(&["--stdin-filename", "modules/nb/main.tf"], input);
        assert_eq!((ended.code, ended.text()), (Some(code), input));
        assert!(ended.err.contains("modules/nb/main.tf:2:"), "{}", ended.err);
    }
}

#[test]
fn what_is_no_terraform_code_is_an_error() {
    let document = format!("An example:\n\n```hcl\n{MISSING}```\n");
    let plan = "{\"format_version\": \"1.2\", \"planned_values\": {}}";
    for (name, input, what) in
        [("README.md", MISSING, "a document"), ("x", document.as_str(), "a document"), ("p.json", plan, "a plan")]
    {
        for arguments in [vec!["--stdin-filename", name], vec!["--stdin-filename", name, "--check"]] {
            let ended = filter(&arguments, input);
            assert_eq!(ended.code, Some(2), "{}", ended.err);
            assert!(ended.err.contains(&format!("error: {name}: {what}")), "{}", ended.err);
        }
    }
}

#[test]
fn text_that_is_no_utf8_never_comes_out_changed() {
    let folder = folder::empty();
    let input = [MISSING.as_bytes(), b"# \xff\n"].concat();
    let ended = run_with(unroot(folder.path()).arg("-"), &input);
    assert_eq!(ended.code, Some(2));
    assert!(ended.out.is_empty() || ended.out == input, "{}", ended.out.escape_ascii());
    assert!(ended.err.contains("<stdin>:5:3"), "{}", ended.err);
}

#[test]
fn modes_and_formats_work_on_it_too() {
    let check = filter(&["--check", "--stdin-filename", "x/y.tf"], MISSING);
    assert_eq!(check.code, Some(1));
    assert!(check.text().starts_with("x/y.tf:1:1: root-access-missing: "), "{}", check.text());
    let diff = filter(&["--format", "diff", "--stdin-filename", "x/y.tf"], MISSING);
    assert!(diff.text().starts_with("--- a/x/y.tf\n+++ b/x/y.tf\n@@ -1,4 +1,5 @@\n"), "{}", diff.text());
    let json = filter(&["--format", "json"], MISSING);
    let report: serde_json::Value = serde_json::from_str(json.text()).expect("the report is JSON");
    assert_eq!(report["notebooks"][0]["file"], "<stdin>");
    let unsafe_fix = filter(&["--unsafe-fixes"], REFERENCE);
    assert_eq!(unsafe_fix.text(), REFERENCE.replace("var.root_access", "\"Disabled\""));
}

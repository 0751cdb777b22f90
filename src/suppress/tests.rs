use time::Month;

use super::*;
use crate::check::{Scope, check};
use crate::finding::{Status, ValueTrace};
use crate::fix::{Applicability, Edit, Fix};
use crate::model::{Callers, Programs, Store, View};
use crate::options::FixAt;
use crate::source::{Location, Span, Splice};

fn day() -> Date {
    Date::from_calendar_date(2026, Month::November, 21).expect("a date")
}

fn checked(store: &Store, hits: &[FileId]) -> Vec<Finding> {
    let callers = Callers::default();
    let scope = Scope {
        editing: &|_| crate::check::Editing::Allowed,
        fix_at: FixAt::Origin,
        unsafe_fixes: false,
        listing: crate::check::Listing::Nothing,
        judged: &|| (),
    };
    check(&Programs::new(&View::new(store, &[]), &callers, hits), &scope).findings
}

/// The findings of some files as `name rule status reason`, the prefix of the rule left out, and the notes.
fn judged(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let store = Store::default();
    let hits: Vec<FileId> = files.iter().map(|(path, text)| store.insert(SourceFile::new(*path, *text))).collect();
    let mut findings = checked(&store, &hits);
    let judged =
        Judged { sources: store.sources(), hits: &hits, scripts: None, exceptions: None, is_whole: true, calls: &[] };
    let mut notes = suppress(&judged, &mut findings, day());
    notes.sort_by_key(|note| (note.file, note.position));
    let told = notes.iter().map(|note| format!("{} {}", note.position.line, note.message)).collect();
    let shown = |finding: &Finding| {
        assert!(finding.fix.is_none() || finding.status() != Status::Suppressed, "a suppressed finding has no fix");
        let name = finding.notebook().expect("a notebook").address.rsplit('.').next().unwrap_or_default();
        let rule = finding.rule.map_or("-", |rule| rule.code().trim_start_matches("root-access-"));
        let by = finding.suppression.as_ref().map(|by| format!(" {}: {}", by.kind, by.reason)).unwrap_or_default();
        format!("{name} {rule} {}{by}", finding.status().name())
    };
    (findings.iter().map(shown).collect(), told)
}

fn findings(text: &str) -> Vec<String> {
    let (findings, notes) = judged(&[("main.tf", text)]);
    assert_eq!(notes, [""; 0], "{text}");
    findings
}

fn notes(text: &str) -> Vec<String> {
    judged(&[("main.tf", text)]).1
}

const HEAD: &str = "resource \"aws_sagemaker_notebook_instance\"";

#[test]
fn a_comment_counts_on_every_line_of_the_block_and_directly_above() {
    for text in [
        format!("# unroot:ignore why\n{HEAD} \"n\" {{\n}}\n"),
        format!("a = 1\n\n// unroot:ignore why\n# more words\n/* and\n more */\n{HEAD} \"n\" {{\n}}\n"),
        format!("{HEAD} \"n\" {{ # unroot:ignore why\r\n}}\r\n"),
        format!("{HEAD} \"n\" {{\n  name = \"n\" /* unroot:ignore why */\n}}\n"),
        format!("{HEAD} \"n\" {{\n  /*\n   * unroot:ignore why\n   */\n  tags = {{}}\n}}\n"),
        format!("{HEAD} \"n\" {{\n  tags = {{\n    # unroot:ignore why\n  }}\n}}\n"),
        format!("{HEAD} \"n\" {{\n}} # unroot:ignore why"),
        format!("{HEAD} \"n\" {{}} // unroot:ignore why"),
    ] {
        assert_eq!(findings(&text), ["n missing suppressed unroot: why"], "{text}");
    }
}

#[test]
fn a_comment_elsewhere_covers_nothing_and_is_told() {
    let astray = |line: usize| {
        [format!("{line} unroot:ignore is unused: it stands neither on a notebook nor directly above one")]
    };
    for (line, text) in [
        (1, format!("# unroot:ignore why\n\n{HEAD} \"n\" {{\n}}\n")),
        (1, format!("a = 1 # unroot:ignore why\n{HEAD} \"n\" {{\n}}\n")),
        (3, format!("{HEAD} \"n\" {{\n}}\n# unroot:ignore why\n")),
        (2, format!("resource \"aws_iam_role\" \"n\" {{\n  # unroot:ignore why\n}}\n\n{HEAD} \"n\" {{\n}}\n")),
    ] {
        let (findings, notes) = judged(&[("main.tf", &text)]);
        assert_eq!(findings, ["n missing review"], "{text}");
        assert_eq!(notes, astray(line), "{text}");
    }
    let string = format!("{HEAD} \"n\" {{\n  name = \"# unroot:ignore why\"\n  a = <<E\n# unroot:ignore why\nE\n}}\n");
    assert_eq!(findings(&string), ["n missing review"]);
}

#[test]
fn it_covers_its_own_notebook_alone() {
    let text = format!("{HEAD} \"a\" {{\n}}\n# unroot:ignore why\n{HEAD} \"b\" {{\n}}\n{HEAD} \"c\" {{\n}}\n");
    assert_eq!(findings(&text), ["a missing review", "b missing suppressed unroot: why", "c missing review"]);
}

/// A notebook with a finding on the value and one on `ignore_changes`.
fn two_findings(comment: &str) -> String {
    format!(
        "{comment}\n{HEAD} \"n\" {{\n  root_access = \"Enabled\"\n\n  lifecycle {{\n    ignore_changes = [root_access]\n  }}\n}}\n"
    )
}

#[test]
fn rules_between_brackets_are_the_only_ones_covered() {
    assert_eq!(
        findings(&two_findings("# unroot:ignore[root-access-change-ignored] why")),
        ["n enabled review", "n change-ignored suppressed unroot: why"]
    );
    assert_eq!(
        findings(&two_findings("# unroot:ignore[root-access-enabled] why")),
        ["n enabled suppressed unroot: why", "n change-ignored review"]
    );
    let both = ["n enabled suppressed unroot: why", "n change-ignored suppressed unroot: why"];
    assert_eq!(findings(&two_findings("# unroot:ignore[root-access-enabled,root-access-change-ignored] why")), both);
    assert_eq!(findings(&two_findings("# unroot:ignore why")), both);
    let separate = "# unroot:ignore[root-access-enabled] one\n# unroot:ignore[root-access-change-ignored] two";
    let expected = ["n enabled suppressed unroot: one", "n change-ignored suppressed unroot: two"];
    assert_eq!(findings(&two_findings(separate)), expected);
}

#[test]
fn what_is_wrong_with_a_comment_is_told() {
    let with = |comment: &str| notes(&format!("{HEAD} \"n\" {{\n  # {comment}\n}}\n"));
    assert_eq!(with("unroot:ignore"), ["2 unroot:ignore gives no reason"]);
    assert_eq!(with("checkov:skip=CKV_AWS_307"), ["2 checkov:skip gives no reason"]);
    assert_eq!(
        with("unroot:ignore[root-access-null] why"),
        ["2 unroot:ignore is unused: nothing it covers was found here"]
    );
    assert_eq!(with("unroot:ignore[root-acces] why"), ["2 unroot:ignore names `root-acces`, which is no rule"]);
    assert_eq!(
        with("unroot:ignore[a, root-access-missing, b]"),
        ["2 unroot:ignore names `a`, `b`, which are no rules", "2 unroot:ignore gives no reason"]
    );
    assert_eq!(
        with("unroot:ignore until=2026-11-20 why"),
        ["2 unroot:ignore expired on 2026-11-20 and suppresses nothing any more"]
    );
    assert_eq!(
        with("unroot:ignore[x why"),
        ["2 this comment suppresses nothing, since its bracket is not closed; the form is \
          `unroot:ignore[RULE, …] until=YYYY-MM-DD REASON`"]
    );
}

#[test]
fn only_what_counts_suppresses() {
    let with = |comment: &str| judged(&[("main.tf", &format!("# {comment}\n{HEAD} \"n\" {{\n}}\n"))]).0;
    for comment in ["unroot:ignore until=2026-11-20 x", "unroot:ignore[nonsense] x", "unroot:ignore until=soon x"] {
        assert_eq!(with(comment), ["n missing review"], "{comment}");
    }
    assert_eq!(with("unroot:ignore until=2026-11-21 x"), ["n missing suppressed unroot: x"]);
}

#[test]
fn a_notebook_that_complies_needs_no_comment() {
    let text = format!(
        "{HEAD} \"n\" {{\n  root_access = \"Disabled\" # unroot:ignore why\n  # checkov:skip=CKV_AWS_307:x\n}}\n"
    );
    let (findings, notes) = judged(&[("main.tf", &text)]);
    assert_eq!(findings, ["n - compliant"]);
    let unused = |line, title| format!("{line} {title} is unused: nothing it covers was found here");
    assert_eq!(notes, [unused(2, "unroot:ignore"), unused(3, "checkov:skip")]);
}

#[test]
fn comments_for_checkov_count_strictly_inside_the_block() {
    let skip = "# checkov:skip=CKV_AWS_307:why";
    assert_eq!(findings(&format!("{HEAD} \"n\" {{\n  {skip}\n}}\n")), ["n missing suppressed checkov: why"]);
    for text in [
        format!("{skip}\n{HEAD} \"n\" {{\n}}\n"),
        format!("{HEAD} \"n\" {{ {skip}\n}}\n"),
        format!("{HEAD} \"n\" {{\n}} {skip}\n"),
        format!("{HEAD} \"n\" {{\n  # checkov:skip=CKV_AWS_1:why\n}}\n"),
    ] {
        assert_eq!(findings(&text), ["n missing review"], "{text}");
    }
    // With both, the finding names ours.
    let both = format!("{HEAD} \"n\" {{\n  {skip}\n  # unroot:ignore ours\n}}\n");
    assert_eq!(findings(&both), ["n missing suppressed unroot: ours"]);
}

#[test]
fn in_json_a_comment_inside_the_block_counts() {
    let text = |comment: &str| {
        format!(r#"{{"resource": {{"aws_sagemaker_notebook_instance": {{"a": {{"//": {comment}}}, "b": {{}}}}}}}}"#)
    };
    let json = |comment: &str| judged(&[("main.tf.json", &text(comment))]);
    for comment in [r#""unroot:ignore why""#, r#"["words", "unroot:ignore[root-access-missing] why"]"#] {
        let expected = ["a missing suppressed unroot: why", "b missing review"].map(str::to_owned).to_vec();
        assert_eq!(json(comment), (expected, Vec::new()), "{comment}");
    }
    assert_eq!(json(r#""checkov:skip=CKV_AWS_307:why""#).0[0], "a missing suppressed checkov: why");
    let astray = format!(r#"{{"//": "unroot:ignore why", {}"#, &text(r#""""#)[1..]);
    assert_eq!(judged(&[("main.tf.json", &astray)]).1.len(), 1);
}

#[test]
fn a_fix_that_would_change_a_suppressed_notebook_moves_or_is_only_shown() {
    let store = Store::default();
    let text = format!(
        "# unroot:ignore why\n{HEAD} \"kept\" {{\n  root_access = var.x\n}}\n{HEAD} \"fixed\" {{\n  root_access = var.x\n}}\n"
    );
    let main = store.insert(SourceFile::new("main.tf", text));
    let variables = store.insert(SourceFile::new("variables.tf", "variable \"x\" {\n  default = \"Enabled\"\n}\n"));
    let origin = Location { file: variables, span: Span::new(27, 36) };
    let sources = store.sources();
    assert_eq!(sources[variables].slice(origin.span), "\"Enabled\"");
    let mut findings = checked(&store, &[main]);
    let fix = |title: &str, at: Location| {
        let edits = vec![Edit { file: at.file, splice: Splice::new(at.span, "\"Disabled\"") }];
        Some(Fix::new(title, Applicability::Safe, Vec::new(), edits))
    };
    for finding in &mut findings {
        finding.fix = fix("flip", origin);
        let Subject::Notebook(notebook) = &mut finding.subject else { panic!("a finding on a notebook") };
        notebook.values = vec![ValueTrace { origin, ..notebook.values[0].clone() }];
        notebook.fallback = fix("set", finding.anchor);
    }
    let judged = Judged { sources, hits: &[main], scripts: None, exceptions: None, is_whole: true, calls: &[] };
    let mut moved = findings.clone();
    suppress(&judged, &mut moved, day());
    assert_eq!(moved[0].fix, None);
    assert_eq!((&moved[1].fix, &moved[1].message), (&fix("set", findings[1].anchor), &findings[1].message));

    for finding in &mut findings {
        let Subject::Notebook(notebook) = &mut finding.subject else { panic!("a finding on a notebook") };
        notebook.fallback = None;
    }
    let mut without = findings.clone();
    without.remove(0);
    suppress(&judged, &mut findings, day());
    assert_eq!(findings[0].status(), Status::Suppressed);
    assert_eq!(findings[1].status(), Status::Review);
    assert_eq!(findings[1].fix.as_ref().map(|fix| fix.applicability), Some(Applicability::DisplayOnly));
    let why = "; its fix would also change aws_sagemaker_notebook_instance.kept, suppressed at main.tf:1";
    assert!(findings[1].message.ends_with(why), "{}", findings[1].message);

    suppress(&judged, &mut without, day());
    assert_eq!(without[0].fix.as_ref().map(|fix| fix.applicability), Some(Applicability::Safe));
}

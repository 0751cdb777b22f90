use std::sync::Arc;

use super::*;
use crate::finding::{Found, Program, ProgramKind};

/// A finding of another tool on an instance of a notebook.
fn reported(notebook: Location, instances: &[&str]) -> ReportedFile {
    let reported = Reported {
        tool: "a tool",
        id: String::new(),
        file: None,
        lines: None,
        address: None,
        arn: None,
        name: None,
        region: None,
        account: None,
        accepted: false,
    };
    let instances = instances.iter().map(|address| (Utf8PathBuf::from("."), (*address).to_owned())).collect();
    let found = Match::Found(Found { notebook, instances, complies: false });
    ReportedFile { file: "report.json".into(), is_read: true, findings: vec![(reported, found)] }
}

#[test]
fn the_part_of_a_fix_for_one_instance_gives_way_to_none_that_reaches_the_others() {
    let tree = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| {
        let path = tree.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    };
    put(".git/HEAD", "");
    put(
        "m/main.tf",
        "variable \"ra\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.ra\n}\n",
    );
    for name in ["a", "b"] {
        put(&format!("{name}.tf"), &format!("module \"{name}\" {{\n  source = \"./m\"\n  ra     = \"Enabled\"\n}}\n"));
    }
    let path = Utf8PathBuf::try_from(tree.path().to_owned()).expect("a temporary path is UTF-8");
    let outcome = crate::analyse([path], &crate::Options::default()).expect("no glob is malformed");
    let [mut finding] = <[Finding; 1]>::try_from(outcome.findings).expect("one notebook");
    let notebook = finding.notebook_mut().expect("a notebook");
    let program = Program { folder: ".".into(), kind: ProgramKind::Root, deployment: None, value_files: Vec::new() };
    let program = Arc::new(program);
    let listed = notebook.values.iter().enumerate().map(|(place, trace)| Instance {
        address: format!("{}.n", trace.path),
        program: Arc::clone(&program),
        values: vec![place],
        exists: true,
        live: Vec::new(),
    });
    notebook.instances.listed = listed.collect();
    let location = notebook.location;
    let spared = |instances: &[&str]| {
        let mut findings = [finding.clone()];
        spare_other_instances(&mut findings, &[reported(location, instances)]);
        let [finding] = findings;
        let has_fallback = finding.notebook().is_some_and(|notebook| notebook.fallback.is_some());
        let fix = finding.fix.expect("a fix");
        let files: BTreeSet<&str> =
            fix.edits.iter().map(|edit| outcome.sources[edit.file].path().file_name().unwrap_or_default()).collect();
        (files.into_iter().map(str::to_owned).collect::<Vec<_>>(), fix.is_partial, has_fallback)
    };
    let both = ["a.tf".to_owned(), "b.tf".to_owned()];
    assert_eq!(spared(&["module.a.n", "module.b.n"]), (both.to_vec(), false, true), "all of it is meant");
    assert_eq!(spared(&[]), (both.to_vec(), false, true), "which instances are meant is not known");
    assert_eq!(spared(&["module.a.n"]), (both[..1].to_vec(), true, false), "one of two");
}

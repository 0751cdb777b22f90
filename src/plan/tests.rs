use std::sync::Arc;

use super::*;
use crate::check::{Editing, Listing, Scope, check};
use crate::finding::{Exception, Suppression, ValueTrace};
use crate::model::{Callers, Programs, Store};
use crate::options::FixAt;
use crate::source::SourceFile;

const SCOPE: Scope<'static> = Scope {
    editing: &|_| Editing::Allowed,
    fix_at: FixAt::Origin,
    unsafe_fixes: false,
    listing: Listing::Nothing,
    judged: &|| (),
};

const TEXT: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.x\n}\n\nvariable \"x\" {\n  default = \"Enabled\"\n}\n";

/// The text that is written at the origin, and on the resource.
const PLACES: [&str; 2] = ["default = \"Disabled\"", "root_access = \"Disabled\""];

/// Plans the fix of a notebook on a variable, where the judge is content with no text that holds one of `refused`.
fn planned(refused: &[&str]) -> (Vec<Finding>, Plan, Vec<&'static str>) {
    let store = Store::default();
    let main = store.insert(SourceFile::new("main.tf", TEXT));
    let callers = Callers::default();
    let before = check(&Programs::new(&View::new(&store, &[]), &callers, &[main]), &SCOPE).findings;
    let judge = |view: &View<'_>| {
        let text = view.source(main).text();
        if refused.iter().any(|part| text.contains(part)) {
            before.clone()
        } else {
            check(&Programs::new(view, &callers, &[main]), &SCOPE).findings
        }
    };
    let plan = plan(
        &Prover { store: &store, judge: &judge, others: &|_, _, _| None, is_spent: &|| false },
        &before,
        Applicability::Safe,
    );
    let is_done = |place: &&str| plan.patches.iter().any(|patch| patch.after.contains(place));
    let done = PLACES.into_iter().filter(is_done).collect();
    (before.clone(), plan, done)
}

#[test]
fn a_fix_that_is_not_proved_gives_way_to_the_one_on_the_resource() {
    let (_, plan, done) = planned(&[]);
    assert_eq!((done, plan.problems), (vec![PLACES[0]], Vec::new()));

    let (mut findings, plan, done) = planned(&PLACES[..1]);
    assert_eq!((&done, &plan.problems), (&vec![PLACES[1]], &Vec::new()));
    plan.settle(&mut findings, |_| true);
    assert_eq!(findings[0].status(), Status::Fixed);
    assert_eq!(findings[0].fix.as_ref().map(|fix| &*fix.title), Some("set root_access = \"Disabled\""));

    let (mut findings, plan, done) = planned(&PLACES);
    assert_eq!((done, plan.problems.len()), (Vec::new(), 1));
    plan.settle(&mut findings, |_| true);
    assert_eq!(findings[0].status(), Status::Review);
}

/// Whether nothing stands in the way of a change that resolves some findings and leaves others, judged again as given.
fn holds(resolved: &[&Finding], others: &[&Finding], after: &[Finding]) -> bool {
    let (store, judge) = (Store::default(), |_: &View<'_>| after.to_vec());
    let prover = Prover { store: &store, judge: &judge, others: &|_, _, _| None, is_spent: &|| false };
    prover.prove(&Edits::new(), resolved, others).is_ok()
}

#[test]
fn a_verdict_that_comes_up_more_often_than_before_is_refused() {
    let (findings, ..) = planned(&[]);
    let finding = &findings[0];
    for before in 1..3 {
        for after in 0..4 {
            let is_same = after > 0 && after <= before;
            let others = vec![finding; before];
            assert_eq!(holds(&[], &others, &vec![finding.clone(); after]), is_same, "{before} before, {after} after");
        }
    }
}

#[test]
fn a_part_of_a_fix_leaves_less_that_is_wrong_and_nothing_new() {
    let (findings, ..) = planned(&[]);
    let with = |paths: &[&str]| {
        let mut finding = findings[0].clone();
        let notebook = finding.notebook_mut().expect("a notebook");
        let value = notebook.values[0].clone();
        let on = |path: &&str| ValueTrace { path: (*path).to_owned(), ..value.clone() };
        notebook.values = paths.iter().map(on).collect();
        finding
    };
    let mut before = with(&["module.a", "module.b"]);
    before.fix.as_mut().expect("a fix").is_partial = true;
    for (left, is_less) in [
        (&["module.a"][..], true),
        (&["module.b"], true),
        (&["module.c"], false),
        (&["module.a", "module.b"], false),
        (&["module.a", "module.a"], false),
        (&["module.a", "module.c"], false),
    ] {
        assert_eq!(holds(&[&before], &[], &[with(left)]), is_less, "{left:?}");
    }
}

/// Plans the fixes of five notebooks, whose findings are first changed by `mark`, and once the one at `faulty` is fixed by `fail`;
/// the indices of those that are fixed.
fn batch(faulty: usize, mark: &dyn Fn(&mut [Finding]), fail: &dyn Fn(&mut Vec<Finding>)) -> (Plan, Vec<usize>) {
    let store = Store::default();
    let block = |at: usize| {
        format!(
            "resource \"aws_sagemaker_notebook_instance\" \"n{at}\" {{\n  root_access = \"Enabled\"\n  name = \"{at}\"\n}}\n\n"
        )
    };
    let main = store.insert(SourceFile::new("main.tf", (0..5).map(block).collect::<String>()));
    let callers = Callers::default();
    let is_fixed = |text: &str, at: usize| text.contains(&block(at).replace("Enabled", "Disabled"));
    let judge = |view: &View<'_>| {
        let mut findings = check(&Programs::new(view, &callers, &[main]), &SCOPE).findings;
        mark(&mut findings);
        if is_fixed(view.source(main).text(), faulty) {
            fail(&mut findings);
        }
        findings
    };
    let before = judge(&View::new(&store, &[]));
    let prover = Prover { store: &store, judge: &judge, others: &|_, _, _| None, is_spent: &|| false };
    let plan = plan(&prover, &before, Applicability::Safe);
    let text = plan.patches.first().map_or("", |patch| patch.after.as_str());
    let fixed = (0..5).filter(|at| is_fixed(text, *at)).collect();
    (plan, fixed)
}

#[test]
fn only_the_fix_at_fault_is_left_out() {
    let (plan, fixed) = batch(0, &|_| (), &|_| ());
    assert_eq!((fixed, plan.problems.len()), ((0..5).collect(), 0));
    for faulty in 0..5 {
        let others: Vec<usize> = (0..5).filter(|at| *at != faulty).collect();
        let (plan, fixed) = batch(faulty, &|_| (), &Vec::clear);
        assert_eq!((fixed, plan.problems.len(), plan.withheld.len()), (others.clone(), 1, 0), "{faulty}");
        assert!(plan.problems[0].message.contains(&format!("n{faulty}")), "{:?}", plan.problems);
        // A part of a fix that is no gain is for review without further ado.
        let is_part = |findings: &mut [Finding]| {
            if let Some(fix) = findings[faulty].fix.as_mut() {
                fix.is_partial = true;
            }
        };
        let (plan, fixed) = batch(faulty, &is_part, &Vec::clear);
        assert_eq!((fixed, plan.problems.len(), plan.withheld.len()), (others, 0, 0), "{faulty}");
    }
}

#[test]
fn what_is_suppressed_or_excepted_keeps_its_values() {
    let by = |finding: &Finding| Suppression {
        kind: "unroot",
        reason: String::new(),
        location: finding.notebook().expect("a notebook").location,
    };
    let suppressed = |findings: &mut [Finding]| {
        let by = by(&findings[4]);
        findings[4].suppression = Some(by);
    };
    let excepted = |findings: &mut [Finding]| {
        let exception = Arc::new(Exception { by: by(&findings[4]), rules: None });
        let notebook = findings[4].notebook_mut().expect("a notebook");
        notebook.values[0].exception = Some(exception);
        findings[4].fix = None;
    };
    let moved = |findings: &mut Vec<Finding>| {
        findings[4].notebook_mut().expect("a notebook").values[0].path = "module.other".to_owned();
    };
    for (mark, how) in [(&suppressed as &dyn Fn(&mut [Finding]), "suppressed"), (&excepted, "excepted")] {
        let (plan, fixed) = batch(4, mark, &|_| ());
        assert_eq!((fixed, plan.withheld.len()), ((0..4).collect(), 0), "{how}");
        let (plan, fixed) = batch(1, mark, &moved);
        let withheld: Vec<(&usize, &String)> = plan.withheld.iter().collect();
        assert_eq!((fixed, plan.problems.len()), (vec![0, 2, 3], 0), "{how}");
        assert_eq!(withheld, [(&1, &"aws_sagemaker_notebook_instance.n4".to_owned())], "{how}");
    }
}

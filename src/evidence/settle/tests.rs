use super::*;
use crate::finding::{Action, FixState, Instances, Names, Notebook, Program, ProgramKind, Subject};
use crate::model::{Callers, Store, View};
use crate::source::{Location, SourceFile, Sources, Span};

/// A notebook with one instance of unknown value, of code that is followed or not.
fn notebook(kind: ProgramKind) -> Finding {
    let location = Location { file: Sources::default().add(SourceFile::new("m/main.tf", "x")), span: Span::new(0, 1) };
    let value = Value::Unknown("a value".to_owned());
    let value = ValueTrace { value, origin: location, hops: Vec::new(), path: String::new(), exception: None };
    let program = Program { folder: "root".into(), kind, deployment: None, value_files: Vec::new() };
    let address = "aws_sagemaker_notebook_instance.n".to_owned();
    let instance =
        Instance { address: address.clone(), program: program.into(), values: vec![0], exists: true, live: Vec::new() };
    Finding {
        rule: Some(Rule::Undetermined),
        severity: Rule::Undetermined.severity(),
        message: String::new(),
        anchor: location,
        subject: Subject::Notebook(Notebook {
            address,
            location,
            values: vec![value],
            instances: Instances { listed: vec![instance], more: 0 },
            names: Names::default(),
            fallback: None,
        }),
        fix: None,
        fix_state: FixState::Left,
        suppression: None,
    }
}

/// A plan after which the notebook has no root.
fn plans() -> [(PlanFile, Plan); 1] {
    let live = Live {
        address: "aws_sagemaker_notebook_instance.n".to_owned(),
        previous: None,
        source: None,
        action: Action::Create,
        after: Some(Value::Known("Disabled".to_owned())),
        before: None,
        others: Vec::new(),
        arn: None,
        name: None,
        status: None,
    };
    let plan = Plan { tells_after: true, instances: vec![live], inputs: 0, code: None };
    [(PlanFile { folder: None, path: "plan.json".into() }, plan)]
}

/// The verdicts with plans, and no code on the disk.
fn settled_by(plans: &[(PlanFile, Plan)], findings: &mut [Finding]) -> Held {
    let (store, callers) = (Store::default(), Callers::default());
    let view = View::new(&store, &[]);
    settle(plans, findings, &Programs::new(&view, &callers, &[]))
}

#[test]
fn a_plan_made_before_a_change_settles_only_what_it_did_before() {
    let plans = plans();
    let before = settled_by(&plans, &mut [notebook(ProgramKind::Root)]).memory;
    let rule = |mut finding: Finding| {
        settle_changed(&plans, std::slice::from_mut(&mut finding), &before);
        finding.rule
    };
    assert_eq!(rule(notebook(ProgramKind::Root)), None);
    // The change has made it hang on something else.
    let mut other = notebook(ProgramKind::Root);
    if let Some(notebook) = other.notebook_mut() {
        notebook.values[0].value = Value::Unknown("another value".to_owned());
    }
    assert_eq!(rule(other), Some(Rule::Undetermined));
}

#[test]
fn a_plan_settles_nothing_of_code_that_is_not_followed_or_not_listed() {
    let plans = plans();
    let rule = |mut finding: Finding| {
        // Another notebook of the root module, by which its folder is known.
        let mut findings = [notebook(ProgramKind::Root), finding.clone()];
        _ = settled_by(&plans, &mut findings);
        finding = findings[1].clone();
        finding.rule
    };
    assert_eq!(rule(notebook(ProgramKind::Root)), None);
    assert_eq!(rule(notebook(ProgramKind::Unknown)), Some(Rule::Undetermined));
    let with = |change: &dyn Fn(&mut Notebook)| {
        let mut finding = notebook(ProgramKind::Root);
        finding.notebook_mut().into_iter().for_each(change);
        finding
    };
    assert_eq!(rule(with(&|notebook| notebook.instances.more = 1)), Some(Rule::Undetermined));
    let unlisted = with(&|notebook| {
        let value = ValueTrace { value: Value::Unknown("a gap".to_owned()), ..notebook.values[0].clone() };
        notebook.values.push(value);
    });
    assert_eq!(rule(unlisted), Some(Rule::Undetermined));
}

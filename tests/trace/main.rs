//! Where values come from and where they are fixed, judged by Terraform itself.
//!
//! `tests/trace/cases/<case>/input` is a tree with notebooks, `expected` what `--write` makes of it (no folder means:
//! nothing), and `case.toml` says which roots to plan and what is planned, see [`case::Case`].

mod case;
mod dialects;
mod expressions;
mod instances;
mod judged;
mod kinds;
mod random;
mod reported;
#[path = "../support/mod.rs"]
mod support;
mod traced;
#[path = "../twin/mod.rs"]
mod twin;

use libtest_mimic::{Arguments, Trial};

use case::Case;

/// An empty folder of cases must not pass.
const AT_LEAST: usize = 100;

fn main() -> std::process::ExitCode {
    let names = Case::names();
    let count = names.len();
    let mut trials = vec![Trial::test("there_are_enough_cases", move || {
        if count < AT_LEAST { Err(format!("{count} cases, not {AT_LEAST}").into()) } else { Ok(()) }
    })];
    let (mut plans, mut traces) = (Vec::new(), Vec::new());
    for name in names {
        let is_pending = Case::load(&name).is_ok_and(|case| case.pending.is_some());
        let (first, second) = (name.clone(), name.clone());
        plans.push(Trial::test(format!("planned::{name}"), move || Ok(judged::planned(&Case::load(&first)?)?)));
        let trial = Trial::test(format!("traced::{name}"), move || Ok(traced::traced(&Case::load(&second)?)?));
        traces.push(trial.with_ignored_flag(is_pending));
    }
    // Both need a case's plan, which is kept: side by side, two threads would make it twice.
    trials.append(&mut plans);
    trials.append(&mut traces);
    trials.push(Trial::test("fixtures_of_other_dialects", || Ok(dialects::planned()?)));
    trials.push(Trial::test("typed_expressions", || Ok(expressions::typed()?)));
    trials.push(Trial::test("each_kind_has_its_test", || Ok(kinds::listed()?)));
    trials.push(Trial::test("refined_expressions", || Ok(expressions::refined()?)));
    trials.push(Trial::test("random_unknown_expressions", || Ok(expressions::unknown_judged()?)));
    trials.push(Trial::test("functions", || Ok(expressions::functions()?)));
    trials.push(Trial::test("random_expressions", || Ok(expressions::judged()?)));
    trials.push(Trial::test("random_mixed_expressions", || Ok(expressions::mixed_judged()?)));
    trials.push(Trial::test("random_trees", || Ok(random::judged()?)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

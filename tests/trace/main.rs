//! Where values come from and where they are fixed, judged by Terraform itself.
//!
//! `tests/trace/cases/<case>/input` is a tree with notebooks, `expected` what `--write` makes of it (no folder means:
//! nothing), and `case.toml` says which roots to plan and what is planned, see [`case::Case`].

#![expect(clippy::disallowed_methods, reason = "the tests make the trees that are read and replaced")]

mod case;
mod dialects;
mod expressions;
mod judged;
mod random;
mod reported;
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
    for name in names {
        let is_pending = Case::load(&name).is_ok_and(|case| case.pending.is_some());
        let (planned, traced) = (name.clone(), name.clone());
        trials.push(Trial::test(format!("planned::{name}"), move || Ok(judged::planned(&Case::load(&planned)?)?)));
        let trial = Trial::test(format!("traced::{name}"), move || Ok(traced::traced(&Case::load(&traced)?)?));
        trials.push(trial.with_ignored_flag(is_pending));
    }
    trials.push(Trial::test("fixtures_of_other_dialects", || Ok(dialects::planned()?)));
    trials.push(Trial::test("random_expressions", || Ok(expressions::judged()?)));
    trials.push(Trial::test("random_trees", || Ok(random::judged()?)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

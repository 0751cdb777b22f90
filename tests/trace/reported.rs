//! Runs unroot and reads what it prints with `--format json`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::support::program::{Ended, run, unroot};
use crate::twin::UNKNOWN;

/// The document, as far as it matters here.
#[derive(Deserialize)]
pub(crate) struct Report {
    pub(crate) notebooks: Vec<Reported>,
    pub(crate) errors: Vec<serde_json::Value>,
    #[serde(skip)]
    pub(crate) code: Option<i32>,
}

/// A notebook.
#[derive(Deserialize)]
pub(crate) struct Reported {
    pub(crate) address: String,
    pub(crate) file: String,
    pub(crate) status: String,
    pub(crate) rule: Option<String>,
    pub(crate) message: String,
    pub(crate) values: Vec<Trace>,
    pub(crate) instances: Vec<Instance>,
}

/// A value.
#[derive(Deserialize)]
pub(crate) struct Trace {
    value: Option<Value>,
    hops: Vec<Hop>,
}

/// A notebook as one program creates it.
#[derive(Deserialize)]
pub(crate) struct Instance {
    pub(crate) address: String,
    pub(crate) program: Program,
    value: Option<usize>,
    #[serde(default)]
    possible: Vec<usize>,
    #[serde(default)]
    pub(crate) absent: bool,
}

/// What creates it.
#[derive(Deserialize)]
pub(crate) struct Program {
    pub(crate) folder: String,
    pub(crate) kind: String,
    pub(crate) value_files: Vec<String>,
}

impl Instance {
    /// The places of the values that it can have.
    pub(crate) fn values(&self) -> impl Iterator<Item = usize> {
        self.value.into_iter().chain(self.possible.iter().copied())
    }
}

impl Trace {
    /// The value in the words of a plan.
    pub(crate) fn shown(&self) -> String {
        match &self.value {
            Some(Value::Known(value)) => value.clone(),
            Some(Value::Unknown { .. }) => UNKNOWN.to_owned(),
            None => "Enabled".to_owned(),
        }
    }
}

#[derive(Deserialize)]
struct Hop {
    text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Known(String),
    Unknown { unknown: String },
}

impl Reported {
    /// The values, in the words of a plan.
    pub(crate) fn values(&self) -> BTreeSet<String> {
        self.values.iter().map(Trace::shown).collect()
    }

    /// The hops of each value.
    pub(crate) fn hops(&self) -> Vec<Vec<&str>> {
        self.values.iter().map(|trace| trace.hops.iter().map(|hop| hop.text.as_str()).collect()).collect()
    }

    /// Whether a value has just these hops.
    pub(crate) fn comes_through(&self, hops: &[String]) -> bool {
        self.hops().iter().any(|found| found == hops)
    }

    /// Whether the message or the reason of an unknown value says this.
    pub(crate) fn says(&self, text: &str) -> bool {
        let reasons = self.values.iter().filter_map(|trace| match &trace.value {
            Some(Value::Unknown { unknown }) => Some(unknown),
            _ => None,
        });
        reasons.chain([&self.message]).any(|said| said.contains(text))
    }
}

/// A run of the program in a tree, which is its working folder.
pub(crate) struct Run {
    command: Command,
    tree: PathBuf,
}

impl Run {
    pub(crate) fn new(tree: &Path) -> Self {
        let mut command = unroot(tree);
        command.args(["--format", "json"]);
        Self { command, tree: tree.to_owned() }
    }

    pub(crate) fn mode(mut self, mode: &str) -> Self {
        self.command.arg(mode);
        self
    }

    pub(crate) fn args(mut self, args: &[String]) -> Self {
        self.command.args(args);
        self
    }

    /// # Errors
    /// What was printed, if it is no report.
    pub(crate) fn report(mut self) -> Result<Report, String> {
        let Ended { code, out, err } = run(&mut self.command);
        let out = String::from_utf8(out).expect("the output is UTF-8");
        if self.tree.to_str().is_some_and(|tree| out.contains(tree)) {
            return Err(format!("a path in the report is absolute: {out}"));
        }
        let report: Report = serde_json::from_str(&out).map_err(|error| format!("{error}: {out}\n{err}"))?;
        Ok(Report { code, ..report })
    }
}

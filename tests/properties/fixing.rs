//! What a fix changes, and what it leaves.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use unroot::terminal::Stream;

use crate::generate::{Code, Crlf, Form, code};
use crate::holds;
use crate::support::folder;

/// A file after `--write`, with the report on what was to be done.
struct Fixed {
    before: String,
    after: String,
    report: Value,
}

impl Fixed {
    fn new(before: String) -> Self {
        let folder = folder::with(&[("main.tf", &before)]);
        let path = folder.path().join("main.tf");
        let path = path.to_str().expect("temporary folders have plain names");
        let report = serde_json::from_slice(&run(&["--format", "json", path])).expect("the report is JSON");
        run(&["--write", path]);
        let after = std::fs::read_to_string(path).expect("the file is there");
        Self { before, after, report }
    }

    /// The edits of every fix: the text before, the text after. They are checked to give the result.
    fn edits(&self) -> Result<Vec<(&str, &str)>, TestCaseError> {
        let notebooks = self.report["notebooks"].as_array().expect("a list");
        let fixes =
            notebooks.iter().filter(|notebook| notebook["status"] == "fixable").map(|notebook| &notebook["fix"]);
        let all = fixes.flat_map(|fix| fix["edits"].as_array().expect("a list"));
        let at =
            |edit: &Value, end: &str| usize::try_from(edit[end]["byte"].as_u64().expect("a number")).expect("a place");
        let mut edits: Vec<(usize, usize, &str)> = all
            .map(|edit| (at(edit, "start"), at(edit, "end"), edit["replacement"].as_str().expect("a text")))
            .collect();
        edits.sort_unstable();
        // Fixes that move the same column share its padding.
        edits.dedup();
        let mut spliced = self.before.clone();
        for (start, end, replacement) in edits.iter().rev() {
            spliced.replace_range(*start..*end, replacement);
        }
        prop_assert_eq!(&spliced, &self.after);
        Ok(edits.into_iter().map(|(start, end, replacement)| (&self.before[start..end], replacement)).collect())
    }

    /// Number of lines added and removed.
    fn lines(&self) -> (usize, usize) {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
        (count(ChangeTag::Insert), count(ChangeTag::Delete))
    }
}

/// Runs the pipeline in this process and returns what it prints.
fn run(arguments: &[&str]) -> Vec<u8> {
    let words = ["unroot", "-j1"].iter().chain(arguments).map(std::ffi::OsString::from);
    let Ok(unroot::cli::Command::Run(settings)) = unroot::cli::parse(words) else {
        panic!("the arguments are right, and ask for a run");
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let result = unroot::run::run(&settings, &mut Stream::plain(&mut out), &mut Stream::plain(&mut err));
    result.expect("the run takes place");
    out
}

#[test]
fn every_notebook_complies_afterwards_and_stays_as_it_is() {
    holds(80, code(), |code| {
        let fixed = Fixed::new(code.on_disk());
        prop_assert_eq!(&fixed.report["errors"], &Value::Array(Vec::new()));
        let again = Fixed::new(fixed.after.clone());
        prop_assert_eq!(&again.after, &fixed.after, "running it again changes something");
        let summary = &again.report["summary"];
        for name in ["notebooks", "compliant"] {
            prop_assert_eq!(&summary[name], &Value::from(code.notebooks), "{} after:\n{}", name, fixed.after);
        }
        Ok(())
    });
}

#[test]
fn no_byte_changes_but_the_value_the_line_and_the_space_around() {
    holds(80, code(), |code| {
        let fixed = Fixed::new(code.on_disk());
        for (before, after) in fixed.edits()? {
            let space = |text: &str| text.chars().all(char::is_whitespace);
            let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().concat() == "root_access=\"Disabled\"";
            let is_insertion = space(before) && line(after);
            let is_padding = space(before) && space(after);
            let is_rewrite =
                after == "\"Disabled\"" && crate::generate::ROOT_ACCESS.contains(&&*before.replace('\r', ""));
            let is_flip = (before, after) == ("true", "false");
            prop_assert!(is_insertion || is_padding || is_rewrite || is_flip, "{:?} became {:?}", before, after);
        }
        Ok(())
    });
}

#[test]
fn no_more_lines_change_than_need_to() {
    holds(80, code(), |code| {
        let fixed = Fixed::new(code.on_disk());
        let (added, removed) = fixed.lines();
        let mut most = (0, 0);
        for notebook in fixed.report["notebooks"].as_array().expect("a list") {
            let lines = |edge: &str| notebook[edge]["line"].as_u64().expect("a line");
            let opened_up = lines("start") == lines("end");
            // Each edit beside the value straightens a neighbour that was straight before.
            let straightened = notebook["fix"]["edits"].as_array().map_or(0, |edits| edits.len() - 1);
            most = match notebook["rule"].as_str() {
                None => most,
                Some("root-access-missing") if opened_up => (most.0 + 5, most.1 + 1),
                Some("root-access-missing") => (most.0 + 2, most.1),
                Some(_) => (most.0 + 1 + straightened, most.1 + 3 + straightened),
            };
        }
        prop_assert!(added <= most.0 && removed <= most.1, "+{} -{}:\n{}", added, removed, fixed.after);
        Ok(())
    });
}

#[test]
fn line_ends_make_no_difference() {
    holds(60, code(), |Code { text, form, .. }| {
        let with = |crlf| Fixed::new(Form { crlf, ..form }.apply(&text));
        let lf = with(Crlf::Nowhere);
        // A file of one line without an end says nothing about line ends.
        if lf.before.contains('\n') {
            prop_assert_eq!(lf.after.replace('\n', "\r\n"), with(Crlf::Everywhere).after);
        }
        Ok(())
    });
}

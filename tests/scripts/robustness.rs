//! Whatever a script holds and however it stands in the code, what is found in it is found at its place there.
//!
//! `PROPTEST_CASES` sets how many cases are tried.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use tempfile::TempDir;
use unroot::script;

use crate::run::{NOTEBOOK, configuration, tree, unroot_in};
use crate::support::folder;

/// Every form below, and how a place of the script is found again in it.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// A file, byte for byte.
    File,
    /// A heredoc; each line stands on a line of its own, this many columns further right.
    Heredoc { indent: usize },
    /// A quoted string on one line.
    Quoted,
    /// Base64: everything stands at the argument.
    Base64,
}

/// Line and column of `on_start`'s value in `main.tf`, 1-based.
const VALUE: (usize, usize) = (7, 14);

impl Form {
    /// The value of `on_start`.
    fn value(self, script: &str) -> String {
        match self {
            Self::File => "filebase64(\"${path.module}/s.sh\")".to_owned(),
            Self::Heredoc { indent } => {
                let marker = if indent == 0 { "<<" } else { "<<-" };
                let line = |line: &str| if line.is_empty() { String::new() } else { " ".repeat(indent) + line };
                let lines: Vec<String> = template(script).lines().map(line).collect();
                format!("base64encode({marker}UNROOT_END\n{}\nUNROOT_END\n)", lines.join("\n"))
            }
            Self::Quoted => format!("base64encode(\"{}\")", quoted(script)),
            Self::Base64 => format!("\"{}\"", BASE64_STANDARD.encode(script)),
        }
    }

    /// File, line and column of a byte of the script.
    fn place(self, script: &str, at: usize) -> (&'static str, usize, usize) {
        let before = &script[..at];
        let line = before.matches('\n').count();
        let column = template(before.rsplit('\n').next().unwrap_or("")).chars().count();
        match self {
            Self::File => ("s.sh", line + 1, before.rsplit('\n').next().unwrap_or("").chars().count() + 1),
            Self::Heredoc { indent } => ("main.tf", VALUE.0 + 1 + line, indent + column + 1),
            Self::Quoted => {
                let start = VALUE.1 + "base64encode(\"".len();
                ("main.tf", VALUE.0, start + quoted(before).chars().count())
            }
            Self::Base64 => ("main.tf", VALUE.0, VALUE.1),
        }
    }
}

/// The text as a heredoc holds it.
fn template(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// The text as a quoted string holds it.
fn quoted(text: &str) -> String {
    template(&text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r"))
}

fn forms() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::File),
        (0..5usize).prop_map(|indent| Form::Heredoc { indent }),
        Just(Form::Quoted),
        Just(Form::Base64)
    ]
}

fn fragments() -> Vec<String> {
    [include_str!("../script/expectations.txt"), include_str!("../script/fragments.txt")]
        .iter()
        .flat_map(|table| table.split("\n## ").skip(1))
        .filter_map(|part| part.splitn(3, '\n').nth(2).map(str::to_owned))
        .collect()
}

/// Two fragments, cut and spliced: scripts that are nearly right.
fn scripts() -> impl Strategy<Value = String> {
    let cuts = prop::collection::vec((any::<Index>(), any::<Index>()), 0..5);
    let fragments = fragments();
    (any::<Index>(), any::<Index>(), cuts).prop_map(move |(index, other, cuts)| {
        mutated(index.get(&fragments).as_str(), other.get(&fragments).as_str(), &cuts)
    })
}

/// The text with pieces of another one put in at some places.
fn mutated(text: &str, donor: &str, cuts: &[(Index, Index)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let donor: Vec<char> = donor.chars().collect();
    for (from, to) in cuts {
        let at = from.index(text.len() + 1);
        let end = (at + to.index(12)).min(text.len());
        let piece: Vec<char> = donor.iter().copied().skip(to.index(donor.len() + 1)).take(9).collect();
        text.splice(at..end, piece);
    }
    text.into_iter().collect()
}

fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases, ..config } }
}

/// The report of a run that ended as it should.
fn report(tree: &TempDir) -> Result<Value, TestCaseError> {
    let ended = unroot_in(tree, &["--format", "json"]);
    prop_assert!(matches!(ended.code, Some(0 | 2)), "{ended:?}");
    prop_assert!(!ended.err.contains("panicked"), "{}", ended.err);
    serde_json::from_slice(&ended.out).map_err(|error| TestCaseError::fail(format!("no JSON: {error}, {}", ended.err)))
}

/// What the report says of scripts: rule, file, line and column.
fn said(report: &Value) -> Vec<(String, String, u64, u64)> {
    let text = |it: &Value, key: &str| it[key].as_str().expect("a text").to_owned();
    let number = |it: &Value, key: &str| it[key].as_u64().expect("a number");
    let scripts = report["scripts"].as_array().expect("a list");
    let line = |it: &Value| (text(it, "rule"), text(it, "file"), number(it, "line"), number(it, "column"));
    let mut said: Vec<_> = scripts.iter().map(line).collect();
    said.sort();
    said
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn every_form_tells_what_the_script_alone_tells(script in scripts(), form in forms()) {
        // A heredoc ends in a line end, and hides no carriage return.
        let script = match form {
            Form::Heredoc { .. } => script.replace('\r', "").trim_end_matches('\n').to_owned() + "\n",
            _ => script,
        };
        // All that stands indented in a heredoc counts as indentation.
        let indented = script.lines().filter(|line| !line.is_empty()).all(|line| line.starts_with([' ', '\t']));
        prop_assume!(!matches!(form, Form::Heredoc { indent: 1.. }) || !indented && !script.contains('\t'));

        let mut expected: Vec<_> = script::analyse(&script)
            .findings
            .iter()
            .map(|finding| {
                let (file, line, column) = form.place(&script, finding.span.start);
                (finding.rule.to_string(), file.to_owned(), number(line), number(column))
            })
            .collect();
        expected.sort();
        // In base64 all of a rule's findings stand at one place, and are one.
        expected.dedup();
        let tree = tree(&form.value(&script), &[("s.sh", &script)]);
        prop_assert_eq!(said(&report(&tree)?), expected);
    }

    #[test]
    fn broken_code_around_a_script_is_survived(
        script in scripts(),
        form in forms(),
        donor in any::<Index>(),
        cuts in prop::collection::vec((any::<Index>(), any::<Index>()), 1..5),
    ) {
        let text = format!("{NOTEBOOK}{}", configuration(&form.value(&script)));
        let broken = mutated(&text, donor.get(&fragments()).as_str(), &cuts);
        let tree = folder::with(&[("main.tf", &broken), ("s.sh", &script)]);
        for (rule, file, line, column) in said(&report(&tree)?) {
            let text = if file == "s.sh" { &script } else { &broken };
            let at = usize::try_from(line).ok().and_then(|line| text.split('\n').nth(line - 1));
            let columns = at.map_or(0, |line| line.chars().count() + 1);
            prop_assert!(column >= 1 && column <= number(columns), "{} at {}:{}:{}", rule, file, line, column);
        }
    }
}

fn number(value: usize) -> u64 {
    u64::try_from(value).expect("a small number")
}

//! Results of runs, made by hand: the same few for every format.

use unroot::finding::{
    Finding, FixState, Hop, Instance, Instances, LeftOut, Names, Note, Notebook, Problem, Program, ProgramKind,
    Subject, Suppression, Value, ValueTrace, Why,
};
use unroot::fix::{Applicability, Edit, Fix, Patch};
use unroot::owners::Owners;
use unroot::report::{ExcludedBy, Format, Mode, Options, Report, Summary, Verbosity};
use unroot::rules::{Rule, Severity};
use unroot::source::{FileId, Location, SourceFile, Sources, Span, Splice};
use unroot::terminal::Stream;

/// The options of a preview of `infra`.
pub(crate) fn options(mode: Mode) -> Options {
    Options {
        mode,
        diff: false,
        context: 3,
        verbosity: Verbosity::Normal,
        unsafe_fixes: false,
        flags: String::new(),
        paths: " infra".to_owned(),
        leaves_out: true,
        excluded_by: ExcludedBy::Settings,
        folder: Some("/srv".into()),
        top: None,
    }
}

/// The results of one run.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) sources: Sources,
    pub(crate) findings: Vec<Finding>,
    pub(crate) patches: Vec<Patch>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<Note>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) owners: Owners,
}

impl Run {
    pub(crate) fn file(&mut self, path: &str, text: &str) -> FileId {
        self.sources.add(SourceFile::new(path, text))
    }

    /// The place of the first occurrence of some text.
    pub(crate) fn at(&self, file: FileId, text: &str) -> Location {
        let start = self.sources[file].text().find(text).expect("the text occurs in the file");
        Location { file, span: Span::new(start, start + text.len()) }
    }

    /// A finding on the block whose header starts with `header`, up to the next `}` at the start of a line.
    pub(crate) fn finding(&self, file: FileId, header: &str, rule: impl Into<Option<Rule>>) -> Finding {
        let anchor = self.at(file, header);
        let text = self.sources[file].text();
        let end = text[anchor.span.start..].find("\n}").expect("the block ends") + anchor.span.start + 2;
        let location = Location { file, span: Span::new(anchor.span.start, end) };
        let labels: Vec<&str> = header.split('"').skip(1).step_by(2).collect();
        let (hops, path) = (Vec::new(), String::new());
        let value = ValueTrace { value: Value::Null, origin: location, hops, path, exception: None };
        let program = Program {
            folder: String::new().into(),
            kind: ProgramKind::Root,
            deployment: None,
            value_files: Vec::new(),
        };
        let created = Instance {
            address: labels.join("."),
            program: program.into(),
            values: vec![0],
            exists: true,
            live: Vec::new(),
        };
        let rule = rule.into();
        Finding {
            rule,
            severity: rule.map_or(Severity::Note, Rule::severity),
            message: rule.map_or("`root_access` is `\"Disabled\"`.", Rule::summary).to_owned(),
            anchor,
            subject: Subject::Notebook(Notebook {
                address: labels.join("."),
                location,
                values: vec![value],
                instances: Instances { listed: vec![created], more: 0 },
                names: Names::default(),
                fallback: None,
            }),
            fix: None,
            fix_state: FixState::Left,
            suppression: None,
        }
    }

    /// A fix of one edit.
    pub(crate) fn fix(title: &str, applicability: Applicability, at: Location, replacement: &str) -> Fix {
        let edit = Edit { file: at.file, splice: Splice::new(at.span, replacement) };
        Fix::new(title, applicability, Vec::new(), vec![edit])
    }

    /// Makes the patches of all fixes with one of the two statuses that have one.
    pub(crate) fn patch(&mut self) {
        let mut patches: Vec<Patch> = Vec::new();
        let fixes = self.findings.iter().filter(|finding| finding.fix_state != FixState::Left);
        let mut edits: Vec<&Edit> =
            fixes.filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
        edits.sort();
        for edit in edits.into_iter().rev() {
            let index = patches.iter().position(|patch| patch.file == edit.file).unwrap_or_else(|| {
                patches.push(Patch::new(edit.file, self.sources[edit.file].text().to_owned()));
                patches.len() - 1
            });
            patches[index].after.replace_range(edit.splice.span.range(), &edit.splice.replacement);
        }
        patches.sort_by_key(|patch| self.sources[patch.file].path().to_owned());
        self.patches = patches;
    }

    pub(crate) fn report(&self) -> Report<'_> {
        let files = self.sources.iter().count();
        Report {
            sources: &self.sources,
            findings: &self.findings,
            patches: &self.patches,
            problems: &self.problems,
            notes: &self.notes,
            left_out: &self.left_out,
            evidence: &[],
            reported: &[],
            owners: &self.owners,
            commit: None,
            summary: Summary::count(files, &self.findings, &self.problems)
                .with_scripts(usize::from(self.findings.iter().any(|finding| finding.script().is_some())), false),
        }
    }

    /// What goes to standard output and standard error, for programs.
    pub(crate) fn print(&self, format: Format, options: &Options) -> (String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let (mut stdout, mut stderr) = (Stream::plain(&mut out), Stream::plain(&mut err));
        unroot::report::print(&self.report(), format, options, &mut stdout, &mut stderr)
            .expect("memory can be written");
        drop((stdout, stderr));
        (String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
    }
}

/// What a finding on a notebook is about.
pub(crate) fn notebook(finding: &mut Finding) -> &mut Notebook {
    match &mut finding.subject {
        Subject::Notebook(notebook) => notebook,
        Subject::Script(_) => panic!("a finding on a notebook"),
    }
}

const MISSING: &str = r#"# Notebooks of the data team
resource "aws_sagemaker_notebook_instance" "main" {
  name          = "main"
  role_arn      = aws_iam_role.notebook.arn
  instance_type = "ml.t3.medium"
  tags = {
    Team = "data"
  }
}
"#;

const OTHERS: &str = r#"resource "aws_sagemaker_notebook_instance" "enabled" {
  name        = "enabled"
  root_access = "Enabled"
}

resource "aws_sagemaker_notebook_instance" "traced" {
  name        = "traced"
  root_access = var.notebook_root
}

resource "aws_sagemaker_notebook_instance" "fine" {
  name        = "fine"
  root_access = "Disabled"
}
"#;

const VARIABLES: &str = "variable \"notebook_root\" {}\n";

/// Fixable, for review with an unsafe fix and hops, and compliant findings, and a note.
pub(crate) fn findings() -> Run {
    let mut run = Run { owners: Owners::parse("* @org/data @ops\n"), ..Run::default() };
    let main = run.file("infra/main.tf", MISSING);
    let others = run.file("infra/others.tf", OTHERS);
    let variables = run.file("infra/variables.tf", VARIABLES);

    let mut missing = run.finding(main, r#"resource "aws_sagemaker_notebook_instance" "main""#, Rule::Missing);
    let mut at = run.at(main, "  tags = {");
    at.span = Span::empty(at.span.start);
    missing.fix_state = FixState::Chosen;
    missing.fix = Some(Run::fix(
        "insert root_access = \"Disabled\"",
        Applicability::Safe,
        at,
        "  root_access   = \"Disabled\"\n",
    ));

    let mut enabled = run.finding(others, r#"resource "aws_sagemaker_notebook_instance" "enabled""#, Rule::Enabled);
    enabled.anchor = run.at(others, "\"Enabled\"");
    notebook(&mut enabled).values[0].value = Value::Known("Enabled".to_owned());
    notebook(&mut enabled).values[0].origin = enabled.anchor;
    enabled.fix_state = FixState::Chosen;
    enabled.fix =
        Some(Run::fix("set root_access to \"Disabled\"", Applicability::Safe, enabled.anchor, "\"Disabled\""));

    let mut traced = run.finding(others, r#"resource "aws_sagemaker_notebook_instance" "traced""#, Rule::Undetermined);
    traced.anchor = run.at(others, "var.notebook_root");
    traced.message = String::from("`root_access` is `var.notebook_root`, which has no known value.");
    traced.fix = Some(Run::fix(
        "replace var.notebook_root by \"Disabled\"",
        Applicability::Unsafe,
        traced.anchor,
        "\"Disabled\"",
    ));
    notebook(&mut traced).values = vec![ValueTrace {
        value: Value::Unknown("the variable has no default".to_owned()),
        origin: run.at(variables, "variable \"notebook_root\""),
        hops: vec![Hop { location: traced.anchor, text: "var.notebook_root".to_owned() }],
        path: "module.data.module.notebooks".to_owned(),
        exception: None,
    }];

    let mut fine = run.finding(others, r#"resource "aws_sagemaker_notebook_instance" "fine""#, None);
    notebook(&mut fine).values[0].value = Value::Known("Disabled".to_owned());

    let position = run.sources[variables].position(0);
    let message = "The variable has no description.".to_owned();
    run.notes.push(Note { file: variables, position, message });
    run.findings = vec![missing, enabled, traced, fine];
    run.patch();
    run
}

/// The same, written.
pub(crate) fn fixed() -> Run {
    let mut run = findings();
    for finding in run.findings.iter_mut().filter(|finding| finding.fix_state == FixState::Chosen) {
        finding.fix_state = FixState::Written;
    }
    run
}

/// Nothing but notebooks that comply.
pub(crate) fn clean() -> Run {
    let mut run = findings();
    run.findings.retain(|finding| finding.rule.is_none());
    run.notes.clear();
    run.patch();
    run
}

/// No notebook at all.
pub(crate) fn none() -> Run {
    let mut run = Run::default();
    run.file("infra/network.tf", "resource \"aws_vpc\" \"main\" {}\n");
    run
}

/// No file at all.
pub(crate) fn nothing() -> Run {
    Run::default()
}

/// A file that cannot be parsed and one that cannot be read, beside a good one.
pub(crate) fn errors() -> Run {
    let mut run = findings();
    run.findings.truncate(1);
    let broken = run.file("infra/broken.tf", "resource \"x\" {\n  a = \n}\n");
    let position = run.sources[broken].position(19);
    let message = "expected an expression".to_owned();
    run.problems.push(Problem { file: "infra/broken.tf".to_owned(), position: Some(position), message });
    let message = "Permission denied".to_owned();
    run.problems.push(Problem { file: "infra/locked.tf".to_owned(), position: None, message });
    run.left_out =
        [("infra/vendor/a|b.tf", Why::Excluded), ("infra/vendor/c.tf", Why::Excluded), (".ci/main.tf", Why::Hidden)]
            .map(|(file, why)| LeftOut { file: file.into(), why })
            .to_vec();
    run.notes.clear();
    run.patch();
    run
}

/// One finding that is suppressed with a reason, one without.
pub(crate) fn suppressed() -> Run {
    let mut run = Run::default();
    let text = r#"resource "aws_sagemaker_notebook_instance" "a" {
  #checkov:skip=CKV_AWS_307:builds kernel modules
  name = "a"
}

# unroot:ignore
resource "aws_sagemaker_notebook_instance" "b" {
  name = "b"
}
"#;
    let file = run.file("infra/main.tf", text);
    for (label, kind, comment, reason) in
        [("a", "checkov", "#checkov:skip", "builds kernel modules"), ("b", "unroot", "# unroot:ignore", "")]
    {
        let header = format!(r#"resource "aws_sagemaker_notebook_instance" "{label}""#);
        let mut finding = run.finding(file, &header, Rule::Missing);
        let location = run.at(file, comment);
        finding.suppression = Some(Suppression { kind, reason: reason.to_owned(), location });
        run.findings.push(finding);
    }
    run
}

/// Every awkward text at once: a byte order mark, characters of several bytes, `\r\n`, no line end at the end of the
/// file, an odd file name, and characters that a terminal would act on.
pub(crate) fn awkward() -> Run {
    let mut run = Run::default();
    let crlf = run
        .file("infra/crlf.tf", &format!("\u{feff}{}", MISSING.replace('\n', "\r\n").replace("data", "dät\u{e4} 日本")));
    let bidi = "# \u{202e}reversed\u{1b}[31m\tred\nresource \"aws_sagemaker_notebook_instance\" \"b\" {\n}";
    let odd = run.file("infra/odd \"\u{202e}name\".tf", bidi);

    let mut missing = run.finding(crlf, r#"resource "aws_sagemaker_notebook_instance" "main""#, Rule::Missing);
    let mut at = run.at(crlf, "  tags = {");
    at.span = Span::empty(at.span.start);
    missing.fix_state = FixState::Chosen;
    missing.fix = Some(Run::fix(
        "insert root_access = \"Disabled\"",
        Applicability::Safe,
        at,
        "  root_access   = \"Disabled\"\r\n",
    ));

    let mut empty = run.finding(odd, r#"resource "aws_sagemaker_notebook_instance" "b""#, Rule::Missing);
    let mut at = run.at(odd, "\n}");
    at.span = Span::empty(at.span.start + 1);
    empty.fix_state = FixState::Chosen;
    empty.fix =
        Some(Run::fix("insert root_access = \"Disabled\"", Applicability::Safe, at, "  root_access = \"Disabled\"\n"));
    empty.message = String::from("A message with \u{202e} and \u{1b}[31m in it.");
    run.findings = vec![missing, empty];
    run.patch();
    run
}

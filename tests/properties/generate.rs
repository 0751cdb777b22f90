//! Terraform code of all shapes: valid, and formatted well, badly, or half.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use unroot::source::BOM;

/// A file with what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// The text with LF line ends and no byte order mark.
    pub(crate) text: String,
    /// How many notebooks it declares.
    pub(crate) notebooks: usize,
    /// How it lies on disk.
    pub(crate) form: Form,
}

/// What does not show in an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) crlf: Crlf,
    pub(crate) bom: bool,
    pub(crate) last_newline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crlf {
    Nowhere,
    Everywhere,
    /// On each line but every `n`th.
    Mixed(usize),
}

impl Code {
    /// The bytes of the file.
    pub(crate) fn on_disk(&self) -> String {
        self.form.apply(&self.text)
    }
}

impl Form {
    pub(crate) fn apply(self, text: &str) -> String {
        let text = if self.last_newline { text } else { text.trim_end_matches('\n') };
        let ended = |(index, line): (usize, &str)| match (self.crlf, line.strip_suffix('\n')) {
            (Crlf::Everywhere, Some(line)) => format!("{line}\r\n"),
            (Crlf::Mixed(n), Some(line)) if index % n != 0 => format!("{line}\r\n"),
            _ => line.to_owned(),
        };
        let lines: String = text.split_inclusive('\n').enumerate().map(ended).collect();
        if self.bom { format!("{BOM}{lines}") } else { lines }
    }
}

/// A file with some notebooks among other things.
pub(crate) fn code() -> impl Strategy<Value = Code> {
    let item = prop_oneof![
        4 => notebook().prop_map(|text| (text, 1)),
        1 => origins(),
        3 => select(OTHERS).prop_map(|text| (text.to_owned(), 0)),
    ];
    let apart = select(&["\n", "\n", "\n", "", "\n\n", "# between\n", "\n// c\n/* d\n e */\n"][..]);
    (prop::collection::vec((item, apart), 1..6), form()).prop_map(|(items, form)| {
        let mut code = Code { text: String::new(), notebooks: 0, form };
        for (number, ((text, notebooks), apart)) in items.into_iter().enumerate() {
            // Terraform wants each name once.
            code.text += &text.replace("NUMBER", &number.to_string());
            code.text += apart;
            code.notebooks += notebooks;
        }
        code
    })
}

fn form() -> impl Strategy<Value = Form> {
    let crlf = prop_oneof![
        4 => Just(Crlf::Nowhere),
        2 => Just(Crlf::Everywhere),
        1 => (2usize..5).prop_map(Crlf::Mixed)
    ];
    (crlf, prop::bool::weighted(0.1), prop::bool::weighted(0.8)).prop_map(|(crlf, bom, last_newline)| Form {
        crlf,
        bom,
        last_newline,
    })
}

const OTHERS: &[&str] = &[
    "locals {\n  aNUMBER = { b = 1 }\n  text = <<-EOT\n    root_access = \"Enabled\"\n  EOT\n}\n",
    "resource \"aws_iam_role\" \"rNUMBER\" {\n    name = \"r\"\n}\n",
    "data \"aws_sagemaker_notebook_instance\" \"dNUMBER\" {\n  name = \"d\"\n}\n",
    "# resource \"aws_sagemaker_notebook_instance\" \"c\" {\n# }\n",
    "variable \"vNUMBER\" {}\n",
    "variable \"wNUMBER\" {}                                       # wide\n",
    "locals { sNUMBER = \"${\"}\"} # { \\\" ${lookup({ a = \"{\" }, \"a\")}\" } # one line\n",
    "locals {\n  eNUMBER = <<EOT\nEOTNOT\n${jsonencode({\n  a = \"}\"\n})}\nEOT\n}\n",
];

/// One resource block, its line end included.
fn notebook() -> impl Strategy<Value = String> {
    let header = select(
        &[
            "resource \"aws_sagemaker_notebook_instance\" \"nNUMBER\" {",
            "resource \"aws_sagemaker_notebook_instance\" \"nNUMBER\" {",
            "resource \"awscc_sagemaker_notebook_instance\" \"nNUMBER\" {",
            "resource aws_sagemaker_notebook_instance nNUMBER {",
            "resource   \"aws_sagemaker_notebook_instance\" nNUMBER{",
        ][..],
    );
    let open = prop_oneof![6 => Just(""), 1 => select(&[" # opened", "   // opened"][..])];
    let close = prop_oneof![6 => Just(""), 1 => select(&[" # closed", "                   # closed", "/* c */"][..])];
    let one_line = prop_oneof![
        Just(String::new()),
        Just(" ".to_owned()),
        Just(" /* c */ ".to_owned()),
        (select(KEYS), select(SHORT_VALUES)).prop_map(|(key, value)| format!(" {key} = {value} ")),
        (select(KEYS), select(SHORT_VALUES)).prop_map(|(key, value)| format!("{key}={value}")),
        select(ROOT_ACCESS)
            .prop_filter("fits on a line", |v| !v.contains('\n'))
            .prop_map(|v| format!(" root_access = {v} ")),
    ];
    let body = prop_oneof![1 => one_line, 7 => (open, body()).prop_map(|(open, body)| format!("{open}\n{body}"))];
    (header, body, close).prop_map(|(header, body, close)| format!("{header}{body}}}{close}\n"))
}

/// Locals that notebooks get their values from, in lines that may be aligned, and how many notebooks there are.
fn origins() -> impl Strategy<Value = (String, usize)> {
    let values = select(&[("", "\"Enabled\""), (".a", "{ a = \"Enabled\" }"), (" ? null : \"Disabled\"", "true")][..]);
    let line = (values, prop::option::weighted(0.7, select(COMMENTS)), select(&["", "x", "xyz"][..]));
    let lines = prop::collection::vec(line, 1..5);
    (lines, select(&["\n", ""][..])).prop_map(|(lines, apart)| {
        let mut text = "locals {\n".to_owned();
        let mut notebooks = String::new();
        for (index, ((way, value), comment, suffix)) in lines.iter().enumerate() {
            let name = format!("o{index}_NUMBER{suffix}");
            _ = writeln!(text, "  {name} = {value}{}", comment.unwrap_or(""));
            _ = write!(
                notebooks,
                "{apart}resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  root_access = local.{name}{way}\n}}\n"
            );
        }
        (format!("{text}}}\n{notebooks}"), lines.len())
    })
}

const KEYS: &[&str] = &[
    "a",
    "name",
    "größe",
    "role_arn",
    "kms_key_id",
    "volume_size",
    "instance_type",
    "lifecycle_config_name",
    "default_code_repository",
];

const SHORT_VALUES: &[&str] = &["1", "\"ml.t3.medium\"", "var.x", "[1, 2]", "{ a = 1 }", "x == y ? \"#\" : \"//\""];

const LONG_VALUES: &[&str] = &[
    "[\n    1, # one\n    2,\n  ]",
    "{\n    a   = 1\n    bcd = \"${x[\"}\"]}\"\n  }",
    "merge(local.a, {\n    b = 1\n  })",
    "merge(\n    local.a,\n    {\n      b = 1\n    }\n  )",
    "<<EOT\nroot_access = \"Enabled\" # ${var.x}\n}\nEOT",
    "<<-EOT\n    text\n\n  EOT",
    "(\n    1 # c\n  )",
    "/* c */ 1",
    "\"größe-日本\"",
];

/// Literals and expressions of literals.
pub(crate) const ROOT_ACCESS: &[&str] = &[
    "\"Enabled\"",
    "\"Enabled\"",
    "\"Disabled\"",
    "null",
    "\"\"",
    "false",
    "12",
    "\"disabled\"",
    "\"${\"Disabled\"}\"",
    "(\"Enabled\")",
    "true ? \"Disabled\" : \"Enabled\"",
    "1 == 1 ? \"Enabled\" : \"Disabled, and so on\"",
    "(\n    true ? \"Enabled\" : null\n  )",
    "<<EOT\nEnabled\nEOT",
];

const COMMENTS: &[&str] =
    &[" # c", " // c", "  # c", "                    # c", " /* c */", "# c", "\t# c", " /* c\n  d */", " # \"{ größe"];

const LINES: &[&str] = &[
    "",
    "  # root_access = \"Disabled\"",
    "    // c",
    "  /* c */",
    "  /*\n  root_access = \"Disabled\"\n  */",
    "  lifecycle {\n    prevent_destroy = true\n  }",
    "  timeouts { create = \"1h\" }",
    "  dynamic \"x\" {\n    for_each = []\n    content {}\n  }",
    "  empty {}",
];

/// Where the `=` of a body's arguments stand.
#[derive(Debug, Clone, Copy)]
enum Style {
    /// One space before each.
    Ragged,
    /// In one column, this many spaces after the longest name.
    Straight(usize),
    /// This white space before each.
    Same(&'static str),
}

/// The lines of a block.
fn body() -> impl Strategy<Value = String> {
    let value = prop_oneof![4 => select(SHORT_VALUES), 1 => select(LONG_VALUES)];
    let keys = subsequence(KEYS, 0..=6).prop_shuffle();
    let comment = || prop_oneof![5 => Just(""), 1 => select(COMMENTS)];
    let arguments = (keys, prop::collection::vec((value, comment()), 6));
    let root_access = prop::option::weighted(0.4, (0usize..7, select(ROOT_ACCESS), comment()));
    let depends_on = prop::option::weighted(0.2, (0usize..8, Just("[aws_iam_role.r]"), Just("")));
    let lines = prop::collection::vec((0usize..8, select(LINES)), 0..4);
    let style = prop_oneof![
        4 => (1usize..3).prop_map(Style::Straight),
        2 => Just(Style::Ragged),
        1 => select(&["", "\t", "  "][..]).prop_map(Style::Same),
    ];
    let indent = select(&["  ", "  ", "  ", "    ", "\t", ""][..]);
    (arguments, root_access, depends_on, lines, style, indent).prop_map(
        |((keys, values), root_access, depends_on, lines, style, indent)| {
            let mut arguments: Vec<(&str, &str, &str)> =
                keys.into_iter().zip(values).map(|(key, (value, comment))| (key, value, comment)).collect();
            for (key, argument) in [("root_access", root_access), ("depends_on", depends_on)] {
                if let Some((at, value, comment)) = argument {
                    arguments.insert(at.min(arguments.len()), (key, value, comment));
                }
            }
            render(&arguments, &lines, style, indent)
        },
    )
}

fn render(arguments: &[(&str, &str, &str)], lines: &[(usize, &str)], style: Style, indent: &str) -> String {
    let width = |key: &str| key.chars().count();
    let widest = arguments.iter().map(|(key, ..)| width(key)).max().unwrap_or(0);
    let mut rendered: Vec<String> = arguments
        .iter()
        .map(|(key, value, comment)| {
            let gap = match style {
                Style::Ragged => " ".to_owned(),
                Style::Straight(more) => " ".repeat(widest - width(key) + more),
                Style::Same(gap) => gap.to_owned(),
            };
            // A marker ends a heredoc only alone on its line.
            let comment = if value.starts_with("<<") { "" } else { comment };
            format!("{indent}{key}{gap}= {value}{comment}\n")
        })
        .collect();
    for (at, line) in lines {
        rendered.insert((*at).min(rendered.len()), format!("{line}\n"));
    }
    rendered.concat()
}

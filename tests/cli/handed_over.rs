//! What Terragrunt units, their stacks and Terraform Stacks hand to a notebook: known, or for review, and never passed over.
//!
//! The expectations were read from gruntwork-io/terragrunt (`pkg/config`, `internal/runner/run`) and hashicorp/terraform
//! (`internal/stacks`).

use crate::support::folder;
use crate::support::program::{run, unroot};

/// The module of all cases, unless a case has its own.
const MODULE: &str = r#"variable "ra" {
  default = "Disabled"
}
variable "lock" {
  default = false
}
variable "conf" {
  type    = any
  default = {}
}
variable "typed" {
  type = object({
    ra = optional(string, "Disabled")
    l  = optional(list(string), [])
  })
  default = {}
}
resource "aws_sagemaker_notebook_instance" "n" {
  name        = "x"
  root_access = VALUE
}
"#;

/// The least number of cases, so that none is lost unnoticed.
const FEWEST: usize = 100;

struct Case<'t> {
    name: &'t str,
    expected: &'t str,
    files: Vec<(&'t str, String)>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let case = |part| {
        let part: &str = part;
        let (head, files) = part.split_once('\n').expect("a case has files");
        let (name, expected) = head.split_once(": ").expect("a case has an expectation");
        let (expected, value) = expected.split_once(" when ").unwrap_or((expected, "var.ra"));
        let own = [(".git/HEAD", String::new()), ("modules/nb/main.tf", MODULE.replace("VALUE", value))];
        let files = files.split("--- ").skip(1).map(|file| file.split_once('\n').expect("a file has a name"));
        let files = own.into_iter().chain(files.map(|(path, text)| (path, text.to_owned()))).collect();
        Case { name, expected, files }
    };
    text.split("\n=== ").skip(1).map(case).collect()
}

/// The files of a case; one whose text is `LINK` and a path is a link to there.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder::empty();
    for (path, text) in files {
        let path = folder.path().join(path);
        match text.strip_prefix("LINK ") {
            #[cfg(unix)]
            Some(target) => {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
                std::os::unix::fs::symlink(target.trim(), path).expect("a link can be made");
            }
            #[cfg(not(unix))]
            Some(_) => {}
            None => folder::put(&path, text.as_bytes()),
        }
    }
    folder
}

#[test]
fn each_case_is_judged_as_it_runs() {
    judge(include_str!("handed_over.txt"));
}

/// Whatever sets a variable by ways of its own is named. The expectations were read from the documents of the tools.
#[test]
fn what_is_set_elsewhere_is_seen() {
    judge(include_str!("set_elsewhere.txt"));
}

fn judge(table: &str) {
    let cases = cases(table);
    assert!(cases.len() >= FEWEST, "only {}", cases.len());
    let mut wrong = Vec::new();
    for Case { name, expected, files } in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = repository(&files);
        let ended = run(unroot(folder.path()).arg("--check"));
        let text = ended.text().to_string();
        let found = if ended.code == Some(2) && expected == "error" {
            "error"
        } else if text.contains("root-access-via-reference") && text.contains("\"Enabled\"") {
            "Enabled"
        } else if text.contains("root-access-undetermined") {
            "review"
        } else if ended.code == Some(0) && text.contains(" compliant.") {
            "compliant"
        } else {
            "something else"
        };
        let is_right = match expected {
            "any" => matches!(found, "Enabled" | "review"),
            expected => found == expected,
        };
        if !is_right {
            wrong.push(format!("{name}: {found}, not {expected}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many repositories are broken in each run.
const BROKEN: usize = 60;

/// A file with something in it that no reader of its language accepts.
fn broken(text: &str, mut random: impl FnMut(usize) -> usize) -> Vec<u8> {
    let bytes = text.as_bytes();
    match random(3) {
        0 => {
            let mut lines: Vec<&str> = text.lines().collect();
            let junk = ["= = {", "@", "}", "a = [", "\"x"];
            lines.insert(random(lines.len() + 1), junk[random(junk.len())]);
            lines.join("\n").into_bytes()
        }
        1 => {
            let is_open = |end: &usize| {
                let count = |brace| text.char_indices().filter(|&(at, letter)| at < *end && letter == brace).count();
                count('{') > count('}')
            };
            let start = random(bytes.len());
            let end = (start..bytes.len()).chain(0..start).find(is_open);
            end.map_or_else(|| b"a = [".to_vec(), |end| bytes[..end].to_vec())
        }
        _ => {
            let at = random(bytes.len());
            [&bytes[..at], b"\xff", &bytes[at..]].concat()
        }
    }
}

/// Terragrunt and Terraform refuse such a file, so that nothing is known of what it says.
#[test]
fn a_repository_with_a_broken_file_never_complies() {
    let seed = u64::from(std::time::UNIX_EPOCH.elapsed().expect("a clock").subsec_nanos()) + 1;
    let mut state = seed;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state).expect("64 bits") % below
    };
    let mut cases = cases(include_str!("handed_over.txt"));
    cases.retain(|case| case.expected == "Enabled");
    for _ in 0..BROKEN {
        let Case { name, files, .. } = &cases[random(cases.len())];
        let feeding: Vec<usize> = (0..files.len())
            .filter(|&at| [".hcl", ".tf", "Makefile", ".github"].iter().any(|part| files[at].0.contains(part)))
            .filter(|&at| !files[at].0.starts_with("modules/"))
            .filter(|&at| !files[at].1.trim().is_empty() && !files[at].1.contains("aws_sagemaker_notebook"))
            .filter(|&at| !files[at].1.starts_with("LINK "))
            .collect();
        if feeding.is_empty() {
            continue;
        }
        let at = feeding[random(feeding.len())];
        let bytes = broken(&files[at].1, &mut random);
        let folder = repository(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>());
        folder::put(&folder.path().join(files[at].0), &bytes);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert!(
            matches!(ended.code, Some(1 | 2)),
            "seed {seed}: {name}, {}:\n{}\n{}",
            files[at].0,
            bytes.escape_ascii(),
            ended.text()
        );
    }
}

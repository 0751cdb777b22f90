//! The README cannot lie: what it shows is run, and what it tells people to type is read by the real command line.
//!
//! A fenced `console` block is a session in a new git repository with a fresh, committed copy of `examples`.
//! Lines after `$ ` are given to a shell, one by one; what they print, on either stream, is what stands below them.
//! With `UNROOT_README=write` the README takes over what was printed.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use clap::Parser as _;
use unroot::cli::args::Args;

const README: &str = include_str!("../README.md");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// How a newcomer starts the program from a clone; here it is built already.
const FROM_A_CLONE: &str = "cargo run --quiet --";

#[test]
fn sessions_print_what_the_readme_shows() {
    let mut actual = String::new();
    let mut session: Option<Session> = None;
    let mut commands = 0;
    for line in README.lines() {
        match (&session, line) {
            (None, "```console") => session = Some(Session::start()),
            (Some(_), "```") => session = None,
            (Some(session), line) => {
                let Some(command) = line.strip_prefix("$ ") else { continue };
                commands += 1;
                actual.extend([line, "\n", &session.run(command)]);
                continue;
            }
            (None, _) => {}
        }
        actual += line;
        actual += "\n";
    }
    assert!(commands >= 5, "only {commands} commands were found in the README");
    if std::env::var_os("UNROOT_README").is_some_and(|what| what == "write") {
        replace_readme(&actual);
    } else if actual != README {
        let diff = similar::TextDiff::from_lines(README, &actual).unified_diff().to_string();
        panic!("the README shows what is not so; UNROOT_README=write corrects it\n{diff}");
    }
}

#[test]
fn every_command_in_the_readme_exists() {
    let mut commands = 0;
    let mut fenced = false;
    for line in README.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced && let Some(command) = command(line) {
            let words = shlex::split(command).unwrap_or_else(|| panic!("the quotes do not match: {line}"));
            if let Err(error) = Args::try_parse_from(words) {
                panic!("{line}\n{error}");
            }
            commands += 1;
        }
    }
    assert!(commands >= 10, "only {commands} commands were found in the README");
}

#[test]
fn every_configuration_in_the_readme_is_read() {
    let session = Session::start();
    let blocks = README.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    for block in blocks.chain(["nonsense = true\n"]) {
        session.run(&format!("cat > unroot.toml <<'END'\n{block}END"));
        let code = session.run("unroot --quiet > /dev/null 2>&1; echo $?");
        assert_eq!(code == "2\n", block.starts_with("nonsense"), "exit code {code}{block}");
    }
}

#[test]
fn every_link_in_the_readme_leads_somewhere() {
    for (_, rest) in README.match_indices("](").map(|(at, found)| README.split_at(at + found.len())) {
        let target = rest.split(')').next().unwrap_or_default();
        if !target.contains("://") && !target.starts_with('#') {
            assert!(Path::new(ROOT).join(target).exists(), "{target}");
        }
    }
}

/// The part of a line that starts the program, up to what the shell or a configuration file makes of the rest.
fn command(line: &str) -> Option<&str> {
    let starts = line.match_indices("unroot -").map(|(at, _)| at);
    let start = starts.into_iter().find(|&at| matches!(line[..at].chars().next_back(), None | Some(' ' | '\'')))?;
    let quoted = line[..start].ends_with('\'');
    let end = |c: char| matches!(c, '|' | '>' | '<' | ';' | '&' | '#') || quoted && c == '\'';
    line[start..].split(end).next()
}

/// A folder that holds a copy of the examples.
struct Session {
    folder: tempfile::TempDir,
}

impl Session {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let session = Self { folder };
        let commit = "git -c user.name=a -c user.email=a@example.org commit --quiet --message examples";
        let set_up = format!("cp -R '{ROOT}/examples' . && git init --quiet && git add . && {commit}");
        assert_eq!(session.run(&set_up), "");
        session
    }

    /// What a command prints.
    fn run(&self, command: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_unroot"));
        let command = command.replace(FROM_A_CLONE, "unroot");
        let mut path = vec![binary.parent().expect("a file has a folder").to_owned()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(path).expect("no colon in the target folder's name"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("sh runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

#[expect(clippy::disallowed_methods, reason = "the README is under version control")]
fn replace_readme(text: &str) {
    std::fs::write(Path::new(ROOT).join("README.md"), text).expect("the README can be written");
}

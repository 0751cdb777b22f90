//! Options have a grammar: what an option takes as its value means nothing else.

use super::{Program, args_of, programs};
use crate::script::shell::mapped::Text;

/// Values that look like an option, a verb, a path or a command.
const VALUES: [&str; 9] =
    ["pull", "install", "run", "-O", "--privileged", "sudo", "docker", "/:/host", "/home/ec2-user/SageMaker/x.sh"];

fn names(program: &Program) -> impl Iterator<Item = &'static str> {
    program.names.split_ascii_whitespace()
}

fn valued(program: &Program) -> impl Iterator<Item = &'static str> {
    program.grammar.valued.split_ascii_whitespace().filter(|option| !option.starts_with('+'))
}

#[test]
fn the_value_of_an_option_is_neither_operand_nor_option() {
    for program in programs() {
        for (name, option) in names(program).flat_map(|name| valued(program).map(move |option| (name, option))) {
            for value in VALUES {
                let mut lines = vec![(vec![option.to_owned(), value.to_owned()], value)];
                match option {
                    long if long.starts_with("--") => lines.push((vec![format!("{long}={value}")], value)),
                    short if short.len() == 2 => lines.push((vec![format!("{short}{value}")], value)),
                    _ => {}
                }
                for (words, value) in lines {
                    let words: Vec<Text> = words.iter().map(|word| Text::of(word, 0..0)).collect();
                    let args = args_of(name, &words);
                    let found: Vec<(&str, Option<&str>)> =
                        args.options().map(|(option, value)| (option, value.map(Text::as_str))).collect();
                    assert_eq!(found, [(option, Some(value))], "{name} {words:?}");
                    assert_eq!(args.operands().len(), 0, "{name} {words:?}");
                }
            }
        }
    }
}

/// Options whose value the program does run, read, write, or take for a verb or a user.
const READ: &[(&str, &str)] = &[
    ("useradd usermod adduser", "-g -G --gid --groups --ingroup"),
    ("at batch php ssh-keygen", "-f"),
    ("make gmake", "-C -f --directory --file --makefile"),
    ("cp mv install", "-t --target-directory"),
    ("curl", "-o --output"),
    ("wget", "-O -P --output-document --directory-prefix"),
    ("env", "-S --split-string"),
    ("java", "-jar"),
    ("unzip", "-d"),
    ("script", "-c --command"),
    ("awk gawk mawk R", "-f --file"),
    ("mvn gradle rake tox nox invoke snakemake", "-f -p --file --project-dir --rakefile --snakefile"),
    ("cmake ninja", "-S -C -P -f --build --install"),
    ("supervisord", "-c --configuration"),
];

fn is_read(name: &str, option: &str) -> bool {
    READ.iter().any(|(names, options)| super::lists(names, name) && super::lists(options, option))
}

#[test]
fn a_value_that_looks_like_something_else_raises_nothing() {
    let mut tried = 0;
    for program in programs() {
        for (name, option) in names(program).flat_map(|name| valued(program).map(move |option| (name, option))) {
            if is_read(name, option) {
                continue;
            }
            // What the command raises anyway is not the value's fault. All values in one script: it is judged faster.
            let rules = |values: [&str; VALUES.len()]| -> Vec<_> {
                let lines = values.map(|value| format!("{name} {option} '{value}' x y\n")).concat();
                crate::script::analyse(&format!("cd /opt\n{lines}")).findings.into_iter().map(|it| it.rule).collect()
            };
            assert_eq!(rules(VALUES), rules(["plain"; VALUES.len()]), "{name} {option}");
            tried += VALUES.len();
        }
    }
    assert!(tried > 2000, "only {tried} values were tried");
}

#[test]
fn every_row_has_fragments() {
    let fragments = include_str!("../../../../tests/script/programs.txt");
    let words: std::collections::BTreeSet<&str> =
        fragments.split(|letter: char| letter.is_whitespace() || "\"'/$()".contains(letter)).collect();
    for program in programs() {
        let missing: Vec<&str> = names(program).filter(|name| !words.contains(name)).collect();
        assert_eq!(missing, [] as [&str; 0], "no fragment in tests/script/programs.txt");
    }
}

//! Options have a grammar: what an option takes as its value means nothing else.

use super::{Program, ROWS, TABLE, args_of, rows};
use crate::script::shell::mapped::Text;

/// Values that look like an option, a verb, a path or a command.
const VALUES: [&str; 9] =
    ["pull", "install", "run", "-O", "--privileged", "sudo", "docker", "/:/host", "/home/ec2-user/SageMaker/x.sh"];

/// Every program with each of its options that take a value.
fn valued() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().flat_map(|(name, program)| {
        let options = program.grammar.valued.split_ascii_whitespace();
        options.filter(|option| !option.starts_with('+')).map(move |option| (*name, option))
    })
}

#[test]
fn every_field_is_understood() {
    let mut count = 0;
    for (names, fields) in rows(ROWS) {
        for field in fields {
            assert!(Program::default().read(field).is_some(), "{names}: {field}");
        }
        count += names.split_ascii_whitespace().count();
    }
    assert_eq!(TABLE.len(), count, "a name stands in two rows");
    assert!(count > 180, "only {count} programs were read");
}

#[test]
fn the_value_of_an_option_is_neither_operand_nor_option() {
    for (name, option) in valued() {
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
    ("sed", "-f --file"),
    ("tar", "-I --to-command --use-compress-program"),
    ("rsync", "-e --rsh"),
    ("uvicorn gunicorn celery waitress-serve hypercorn daphne uwsgi pytest", "--app-dir --chdir"),
];

fn is_read(name: &str, option: &str) -> bool {
    READ.iter().any(|(names, options)| super::lists(names, name) && super::lists(options, option))
}

#[test]
fn a_value_that_looks_like_something_else_raises_nothing() {
    let mut tried = 0;
    for (name, option) in valued() {
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
    assert!(tried > 2000, "only {tried} values were tried");
}

#[test]
fn every_row_has_fragments() {
    let fragments = include_str!("../../../../tests/script/programs.txt");
    let words: std::collections::BTreeSet<&str> =
        fragments.split(|letter: char| letter.is_whitespace() || "\"'/$()".contains(letter)).collect();
    let missing: Vec<&&str> = TABLE.keys().filter(|name| !words.contains(**name)).collect();
    assert!(missing.is_empty(), "no fragment in tests/script/programs.txt: {missing:?}");
}

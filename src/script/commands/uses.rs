//! Files that a command trusts: programs it runs, files it sources or installs, projects it builds.

use super::command_line::{Args, lists};
use super::known_programs::{self, At, Does, args_of, fits};
use super::{Moment, SHELLS};
use crate::script::effect::{Act, Use};
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::later_runners::SEARCHED;
use crate::script::state::paths;

/// The extensions of programs and scripts.
const PROGRAMS: [&str; 11] = ["py", "sh", "bash", "pl", "rb", "js", "jl", "jar", "ipynb", "R", "r"];

/// Modules of Python that are installed, so that the working folder does not matter.
const INSTALLED: &str = "venv virtualenv ipykernel json.tool ensurepip jupyter http.server site nbconvert conda pipx zipfile \
    compileall jupyterlab notebook bash_kernel.install pip._internal awscli pip";

/// Settings of git whose value it runs or reads more settings from.
const GIT_PROGRAMS: &str =
    "core.hooksPath core.sshCommand core.fsmonitor core.editor core.pager credential.helper include.path";

pub fn acts(moment: Moment<'_>, acts: &mut Vec<Act>) {
    let trusted = trusted(moment);
    let fetched = |path: &str| path.contains("://") || moment.files.read(path).is_opaque();
    acts.extend(trusted.into_iter().map(|(how, path)| Act::Use { how, fetched: fetched(&path), path }));
    if speaks_of_root(moment) {
        acts.push(Act::RunElsewhere);
    }
    let unknown = |word: &Text| word.as_str().contains(UNKNOWN) && !word.as_str().contains('/');
    if moment.call.words.first().is_some_and(unknown) {
        let paths = moment.call.arguments().iter().map(|word| moment.resolve(word.as_str()));
        acts.extend(paths.filter(|path| is_program(path)).map(|path| Act::HandToUnknown { path }));
    }
}

/// Whether a path looks like that of a program or script.
fn is_program(path: &str) -> bool {
    paths::extension(path).is_some_and(|it| PROGRAMS.contains(&it)) || paths::base(paths::parent(path)) == "bin"
}

/// Whether code of another language in the script is about what grants root, or the system Docker.
fn speaks_of_root(Moment { call, args, context, .. }: Moment<'_>) -> bool {
    const WORDS: [&str; 13] = [
        "sudoers",
        "NOPASSWD",
        "update_notebook_instance",
        "authorized_keys",
        "RootAccess",
        "/etc/docker",
        "/etc/group",
        "/etc/shadow",
        "/etc/pam.d",
        "polkit",
        "doas.conf",
        "/etc/cron",
        "/etc/systemd/system",
    ];
    let input = context.input.as_ref().map(|input| input.text.as_str());
    let mut inline = call.arguments().iter().map(Text::as_str).chain(input);
    let other = call.name().starts_with("python") || matches!(call.name(), "perl" | "ruby" | "node" | "php");
    // A file that is changed in place is known by its path.
    let runs = other && !args.has("-i");
    runs && inline.any(|text| WORDS.iter().any(|word| text.contains(word)))
}

/// The paths whose content a command line trusts.
fn trusted(moment: Moment<'_>) -> Vec<(Use, String)> {
    let Moment { call, args, state, context, files } = moment;
    let resolve = |path: &Text| moment.resolve(path.as_str());
    let mut found: Vec<(Use, String)> = Vec::new();
    found.extend(files.program(&call.words, state).map(|path| (Use::Runs, path)));
    let fed = || context.input.as_ref().and_then(|it| it.from.clone()).map(|path| (Use::Runs, path));
    match call.name() {
        name if SHELLS.contains(&name) => {
            let script = args.operand(0).filter(|_| !args.has("-c -s"));
            match script.filter(|path| path.as_str() != "-") {
                Some(path) => found.push((Use::Runs, resolve(path))),
                None if args.has("-c") => {}
                None => found.extend(fed()),
            }
        }
        name if name.starts_with("python") => {
            let rest = &call.arguments()[args.at(0).unwrap_or(call.arguments().len())..];
            match args.value("-m").map(Text::as_str) {
                _ if args.has("-c") => {}
                Some("pip") => {
                    found.extend(installed(&args_of("pip", rest)).map(|path| (Use::Installs, moment.resolve(&path))));
                }
                // Python looks for a module in the working folder first.
                Some(module) if !fits(INSTALLED, module) => found.push((Use::Runs, moment.here())),
                Some(_) => {}
                None => match args.operand(0).filter(|it| it.as_str() != "-") {
                    Some(path) => found.push((Use::Runs, resolve(path))),
                    None => found.extend(fed()),
                },
            }
        }
        "source" | "." => found.extend(args.operand(0).map(|path| (Use::Sources, state.sourced(path.as_str())))),
        name if name.starts_with("pip") && name != "pipenv" => {
            found.extend(installed(args).map(|path| (Use::Installs, moment.resolve(&path))));
        }
        "jupyter" => {
            let rest = args.at(0).map_or(&[][..], |at| &call.arguments()[at + 1..]);
            let name = format!("jupyter-{}", args.verb());
            found.extend(executed(&name, &args_of(&name, rest)).map(|path| (Use::Executes, resolve(path))));
        }
        "jupyter-nbconvert" | "jupyter-execute" => {
            found.extend(executed(call.name(), args).map(|path| (Use::Executes, resolve(path))));
        }
        "flask" => found.extend(args.values("-A --app").map(|path| (Use::Runs, resolve(path)))),
        "docker" if args.verb() == "compose" => {
            let rest = &call.arguments()[args.at(0).map_or(0, |at| at + 1)..];
            found.extend(by_table("docker-compose", &args_of("docker-compose", rest), moment));
        }
        // A setting that names a program, or a folder with programs.
        "git" if args.verb() == "config" && args.operand(1).is_some_and(|key| lists(GIT_PROGRAMS, key.as_str())) => {
            found.extend(args.operand(2).map(|path| (Use::Loads, resolve(path))));
        }
        "npm" | "yarn" | "pnpm" if args.has("-g --global") || args.verb() == "global" => {}
        name => found.extend(by_table(name, args, moment)),
    }
    found
}

/// The files that a program trusts, by the table.
fn by_table(name: &str, args: &Args<'_>, moment: Moment<'_>) -> Vec<(Use, String)> {
    let mut found = Vec::new();
    for does in known_programs::find(name).map_or(&[][..], |program| &program.does) {
        match *does {
            Does::Interprets { unless } if !args.has(unless) => {
                found.extend(args.operand(0).map(|path| (Use::Runs, moment.resolve(path.as_str()))));
            }
            Does::Trusts { how, verbs, at } if fits(verbs, args.verb()) => {
                let mut words = at.words(args);
                if matches!(how, Use::Sources | Use::Executes) && matches!(at, At::From(_)) {
                    words.truncate(1);
                }
                if let At::OptionOrHere(_) = at
                    && words.is_empty()
                {
                    found.push((how, moment.here()));
                }
                // Packages, channels and units are named, or stand in a file.
                let local = |word: &&Text| match (how, at) {
                    (Use::Loads, _) => ["/", ".", "file://"].iter().any(|start| word.as_str().starts_with(start)),
                    (Use::Installs, At::From(_) | At::Last) => word.as_str().contains('/'),
                    _ => true,
                };
                let is_path = |word: &&Text| {
                    let path = word.as_str().strip_prefix("file://").unwrap_or(word.as_str());
                    !path.contains("://") && path != "-"
                };
                found.extend(
                    words
                        .into_iter()
                        .filter(is_path)
                        .filter(local)
                        .map(|it| (how, moment.resolve(it.as_str().trim_start_matches("file://")))),
                );
            }
            _ => {}
        }
    }
    found
}

/// Requirement files and local projects that pip installs; building a project runs its code.
fn installed<'a>(args: &'a Args<'_>) -> impl Iterator<Item = String> + use<'a> {
    let installs = matches!(args.verb(), "install" | "wheel" | "download");
    let is_local =
        |text: &str| matches!(text, "." | "..") || ["./", "/", "../"].iter().any(|start| text.starts_with(start));
    let named = args.values("-r --requirement -e --editable").map(Text::as_str);
    let local = args.operands().skip(1).map(Text::as_str).filter(move |text| is_local(text));
    // Extras stand behind the path: `-e .[dev]`.
    let path = |text: &str| text.split_once('[').map_or(text, |(path, _)| path).to_owned();
    let found = args.values("-f --find-links").map(Text::as_str).filter(move |text| is_local(text));
    named.chain(local).chain(found).filter(move |text| installs && !text.contains("://")).map(path)
}

/// The notebook that `jupyter nbconvert --execute` or `jupyter execute` runs.
fn executed<'a>(name: &str, args: &Args<'a>) -> Option<&'a Text> {
    let executes = name == "jupyter-execute" || name == "jupyter-nbconvert" && args.has("--execute");
    args.operand(0).filter(|_| executes)
}

/// Where a variable makes programs look for code, but for the system's own folders.
pub fn searched(name: &str, value: &str) -> Vec<Act> {
    let how = match name {
        "PATH" => Use::Searches,
        "LD_PRELOAD" | "LD_LIBRARY_PATH" | "PYTHONPATH" | "PERL5LIB" | "BASH_ENV" | "PYTHONSTARTUP" => Use::Loads,
        "SHELL" => Use::Runs,
        _ => return Vec::new(),
    };
    let entries = value.split([':', ' ']).filter(|entry| entry.starts_with('/'));
    let path = |entry: &str| {
        // With a slash at its end a folder of Conda's programs counts as such.
        let path = paths::resolve(entry, None);
        if paths::base(&path) == "bin" { format!("{path}/") } else { path }
    };
    let foreign = entries.map(path).filter(|path| !SEARCHED.contains(&path.trim_end_matches('/')));
    foreign.map(|path| Act::Use { how, path, fetched: false }).collect()
}

//! What root runs, sources, installs or executes, and whether the notebook user could have written it.

use std::ops::Range;

use super::call::Call;
use super::context::Context;
use super::files::Files;
use super::options;
use super::paths::{self, Writable};
use super::report::Draft;
use super::state::State;
use super::text::Text;
use super::user::Time;
use super::walk::Walker;
use crate::rules::{Rule, Severity};

/// How root uses a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Runs,
    Sources,
    Installs,
    Makes,
    Executes,
    Pulls,
}

impl Use {
    fn verb(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Sources => "sources",
            Self::Installs => "installs from",
            Self::Makes => "runs the Makefile in",
            Self::Executes => "executes the notebook",
            Self::Pulls => "pulls, and runs the hooks of, the repository",
        }
    }
}

impl Walker<'_> {
    pub(super) fn runs_user_writable(&mut self, call: &Call, state: &State, context: &Context) {
        let span = call.span();
        for (used, path) in uses(call, state, context, &self.files) {
            self.used_by_root(used, &path, &span, state);
        }
    }

    fn used_by_root(&mut self, used: Use, path: &str, span: &Range<usize>, state: &State) {
        let later = !state.is_now();
        self.ownership.run_by_root(path);
        let handed = self.ownership.is_handed(path);
        let (severity, why) = match paths::writable(path) {
            Writable::Workspace => (Severity::Error, "which ec2-user can rewrite: whoever writes it becomes root"),
            Writable::Conda | Writable::Home if later => {
                (Severity::Error, "which ec2-user can rewrite: whoever writes it becomes root")
            }
            Writable::Conda => (
                Severity::Note,
                "which belongs to ec2-user: safe only while nothing in the hook lets ec2-user change it first",
            ),
            Writable::Home => (Severity::Warning, "which ec2-user can rewrite: whoever writes it becomes root"),
            Writable::Temporary => {
                (Severity::Warning, "where every user may put files: whoever puts it there becomes root")
            }
            Writable::No if handed && later => {
                (Severity::Error, "which this script makes writable for ec2-user: whoever writes it becomes root")
            }
            Writable::No if handed => {
                (Severity::Warning, "which this script makes writable for ec2-user: whoever writes it becomes root")
            }
            Writable::No => return,
        };
        let severity = if used == Use::Pulls { severity.min(Severity::Warning) } else { severity };
        let starter = match &state.time {
            Time::Now => "root".to_owned(),
            Time::Later(through) => format!("{through}, as root,"),
        };
        let draft = Draft::new(
            Rule::RootRunsUserWritable,
            span,
            format!("{starter} {} {}, {why}", used.verb(), paths::shown(path)),
            if later {
                "Run it as ec2-user (`crontab -u ec2-user`, `User=ec2-user`), or keep the program under /opt where only root can write."
            } else {
                "Run it with `sudo -u ec2-user`, or keep it where only root can write, for example under /opt or /root."
            },
        );
        self.report.add(draft.severity(severity));
    }
}

/// The paths whose content a command line trusts.
fn uses(call: &Call, state: &State, context: &Context, files: &Files) -> Vec<(Use, String)> {
    let mut found = Vec::new();
    let words = call.arguments();
    let resolve = |text: &str| paths::resolve(text, state.folder.as_deref());
    let here = || state.folder.clone().unwrap_or_default();
    found.extend(files.program(&call.words, state).map(|path| (Use::Runs, path)));
    let name = call.name();
    match name {
        "bash" | "sh" | "dash" | "zsh" | "ksh" | "ash" => {
            match interpreted(words, "c", &["-o", "-O", "+o", "+O", "--rcfile"]) {
                Some(path) => found.push((Use::Runs, resolve(path.as_str()))),
                None => found
                    .extend(context.input.as_ref().and_then(|input| input.from.clone()).map(|path| (Use::Runs, path))),
            }
        }
        "source" | "." => found.extend(words.first().map(|path| (Use::Sources, resolve(path.as_str())))),
        "perl" | "ruby" | "node" | "Rscript" | "php" | "papermill" => {
            let used = if name == "papermill" { Use::Executes } else { Use::Runs };
            found.extend(interpreted(words, "e", &[]).map(|path| (used, resolve(path.as_str()))));
        }
        "make" | "gmake" => {
            let folder =
                options::value(words, Some('C'), "directory").map_or_else(here, |folder| resolve(folder.as_str()));
            let folder = match options::value(words, Some('f'), "file") {
                Some(file) => resolve(file.as_str()),
                None => folder,
            };
            found.push((Use::Makes, folder));
        }
        "git" if options::says(words, "pull") => {
            found.push((
                Use::Pulls,
                options::value(words, Some('C'), "").map_or_else(here, |folder| resolve(folder.as_str())),
            ));
        }
        "jupyter" | "jupyter-nbconvert" | "jupyter-execute" => {
            found.extend(executed_notebook(name, words).map(|path| (Use::Executes, resolve(path))));
        }
        "conda" | "mamba" if options::says(words, "env") => {
            let file = options::value(words, Some('f'), "file");
            found.extend(file.map(|path| (Use::Installs, resolve(path.as_str()))));
        }
        "yum" | "dnf" | "rpm" | "dpkg" | "apt" | "apt-get" => {
            let local = options::operands(words, &["-c"]).into_iter().filter(|word| word.as_str().contains('/'));
            found.extend(
                local.filter(|word| !word.as_str().contains("://")).map(|word| (Use::Installs, resolve(word.as_str()))),
            );
        }
        name if name.starts_with("pip") => {
            found.extend(installed(words).into_iter().map(|path| (Use::Installs, resolve(&path))));
        }
        name if name.starts_with("python") => match options::value(words, Some('m'), "").filter(|_| !inline(words)) {
            Some(module) if module.as_str() == "pip" => {
                found.extend(installed(words).into_iter().map(|path| (Use::Installs, resolve(&path))));
            }
            Some(_) => {}
            None => {
                let path = interpreted(words, "c", &["-W", "-X"]);
                found.extend(path.map(|path| (Use::Runs, resolve(path.as_str()))));
            }
        },
        _ => {}
    }
    found
}

fn inline(words: &[Text]) -> bool {
    words.first().is_some_and(|word| word.as_str() == "-c")
}

/// The script that an interpreter runs: its first operand, unless `inline` letters give it code instead.
fn interpreted(words: &[Text], inline: &str, valued: &[&str]) -> Option<Text> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.as_str();
        if text == "-" {
            return None;
        }
        if !text.starts_with(['-', '+']) {
            return Some(word.clone());
        }
        if !text.starts_with("--") && text.contains(|letter| inline.contains(letter)) {
            return None;
        }
        if valued.contains(&text)
            || text.len() > 2 && text.ends_with('o') && valued.contains(&"-o") && !text.starts_with("--")
        {
            words.next();
        }
    }
    None
}

/// Requirement files and local projects that pip installs; building a project runs its code.
fn installed(words: &[Text]) -> Vec<String> {
    if !options::says(words, "install") {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let text = word.as_str();
        let next = words.get(index + 1).map(|next| next.as_str().to_owned());
        match text {
            "-r" | "--requirement" | "-e" | "--editable" | "-c" | "--constraint" => {
                found.extend(next.filter(|_| !text.contains("-c")));
            }
            _ => {
                let attached =
                    ["--requirement=", "--editable=", "-r", "-e"].iter().find_map(|prefix| text.strip_prefix(prefix));
                found.extend(attached.filter(|rest| rest.contains(['/', '.'])).map(str::to_owned));
            }
        }
    }
    let valued = [
        "-r",
        "-e",
        "-c",
        "-t",
        "-i",
        "-f",
        "-d",
        "--target",
        "--prefix",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--requirement",
        "--editable",
        "--constraint",
        "--trusted-host",
        "--cache-dir",
        "--root",
        "--proxy",
        "--timeout",
        "-m",
        "--cert",
    ];
    for operand in options::operands(words, &valued) {
        let text = operand.as_str();
        let local = text == "." || text.starts_with("./") || text.starts_with('/') || text.starts_with("../");
        if local && !text.contains("://") {
            found.push(text.to_owned());
        }
    }
    found.retain(|path| !path.contains("://"));
    found
}

/// The notebook that `jupyter nbconvert --execute` or `jupyter execute` runs.
fn executed_notebook<'a>(name: &str, words: &'a [Text]) -> Option<&'a str> {
    let converts =
        (name == "jupyter-nbconvert" || options::says(words, "nbconvert")) && options::says(words, "--execute");
    let executes = name == "jupyter-execute" || words.first().is_some_and(|verb| verb.as_str() == "execute");
    if !converts && !executes {
        return None;
    }
    let operands = options::operands(words, &["--to", "--output", "--output-dir", "--config", "--template"]);
    operands.into_iter().map(Text::as_str).find(|text| !matches!(*text, "nbconvert" | "execute"))
}

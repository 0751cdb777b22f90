//! What root runs, sources, installs or executes, and whether the notebook user could have written it.

use std::ops::Range;

use crate::rules::{Rule, Severity};
use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::Context;
use crate::script::state::files::Files;
use crate::script::state::paths::{self, Writable};
use crate::script::state::process::State;
use crate::script::state::user::Time;

/// What the names of programs and scripts end in.
const PROGRAMS: [&str; 11] = ["py", "sh", "bash", "pl", "rb", "js", "jl", "jar", "ipynb", "R", "r"];

/// How root uses a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Runs,
    Sources,
    Installs,
    Makes,
    Executes,
    Pulls,
    Searches,
    Loads,
    Builds,
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
            Self::Searches => "looks for its programs in",
            Self::Loads => "loads code from",
            Self::Builds => "runs the scripts of the project in",
        }
    }
}

impl Walker<'_> {
    pub fn runs_user_writable(&mut self, call: &Call, state: &State, context: &Context) {
        let span = call.span();
        for (used, path) in uses(call, state, context, &self.files) {
            self.used_by_root(used, &path, &span, state);
        }
        self.by_unknown_program(call, state);
        self.bind_mount(call, state);
        self.container(call);
    }

    /// Code that the script fetched, or that is not shell and speaks of root.
    pub fn elsewhere(&mut self, call: &Call, state: &State, context: &Context) {
        const SPEAKS: [&str; 5] = ["sudoers", "NOPASSWD", "update_notebook_instance", "authorized_keys", "RootAccess"];
        let fetched = uses(call, state, context, &self.files).into_iter().any(|(used, path)| {
            matches!(used, Use::Runs | Use::Executes | Use::Sources)
                && paths::writable(&path) == Writable::No
                && self.files.read(&path).is_opaque()
                && self.ownership.copied_from(&path).is_none()
        });
        let input = context.input.as_ref().map(|input| input.text.as_str());
        let is_python = call.name().starts_with("python");
        let inline = call.arguments().iter().map(Text::as_str).chain(input);
        let speaks = is_python && inline.into_iter().any(|text| SPEAKS.iter().any(|word| text.contains(word)));
        if fetched || speaks {
            self.report.add_elsewhere(&call.span());
        }
    }

    /// `eval "$(cat FILE)"`.
    pub fn evaluates(&mut self, call: &Call, state: &State) {
        let span = call.span();
        let within = |at: &Range<usize>| at.start >= span.start && at.end <= span.end;
        let read: Vec<String> =
            self.printed_from.iter().filter(|(at, _)| within(at)).map(|(_, path)| path.clone()).collect();
        for path in read {
            self.used_by_root(Use::Runs, &path, &span, state);
        }
    }

    /// Variables that say where root's programs find their code.
    pub fn searched(&mut self, name: &str, value: &str, span: &Range<usize>, state: &State) {
        let used = match name {
            "PATH" => Use::Searches,
            "LD_PRELOAD" | "LD_LIBRARY_PATH" | "PYTHONPATH" | "PERL5LIB" | "BASH_ENV" | "PYTHONSTARTUP" => Use::Loads,
            _ => return,
        };
        for entry in value.split([':', ' ']).filter(|entry| entry.starts_with('/')) {
            // With a slash at its end a folder of Conda's programs counts as such.
            let path = paths::resolve(entry, None);
            let path = if paths::base(&path) == "bin" { format!("{path}/") } else { path };
            if paths::writable(&path) != Writable::No {
                self.used_by_root(used, &path, span, state);
            }
        }
    }

    /// A program that is not known is handed something of ec2-user's that looks like a program.
    fn by_unknown_program(&mut self, call: &Call, state: &State) {
        let is_unknown = call.words.first().is_some_and(|word| {
            word.as_str().contains(crate::script::shell::mapped::UNKNOWN) && !word.as_str().contains('/')
        });
        if !is_unknown {
            return;
        }
        for word in call.arguments() {
            let path = paths::resolve(word.as_str(), state.folder.as_deref());
            let program = paths::extension(&path).is_some_and(|it| PROGRAMS.contains(&it))
                || paths::base(paths::parent(&path)) == "bin";
            if program && matches!(paths::writable(&path), Writable::Workspace | Writable::Home) {
                let draft = Draft::new(
                    Rule::RootRunsUserWritable,
                    &call.span(),
                    format!(
                        "root hands {}, which ec2-user can rewrite, to a program that is not known here",
                        paths::shown(&path)
                    ),
                    "Run it with `sudo -u ec2-user`, or keep it where only root can write, for example under /opt or /root.",
                );
                self.ownership.run_by_root(&path);
                self.report.add(draft.severity(Severity::Warning));
            }
        }
    }

    /// `mount --bind FOLDER TARGET` makes what ec2-user writes appear elsewhere.
    fn bind_mount(&mut self, call: &Call, state: &State) {
        let words = call.arguments();
        let binds = options::has(words, 'B', "bind")
            || options::says(words, "--rbind")
            || options::value(words, Some('o'), "options")
                .is_some_and(|it| it.as_str().split(',').any(|it| it == "bind" || it == "rbind"));
        if call.name() != "mount" || !binds {
            return;
        }
        if let [source, target] = options::operands(words, &["-t", "-o", "--types", "--options"]).as_slice() {
            let source = paths::resolve(source.as_str(), state.folder.as_deref());
            let target = paths::resolve(target.as_str(), state.folder.as_deref());
            self.linked(&source, &target, &call.span());
        }
    }

    /// Something of ec2-user's stands at `target` from now on.
    pub fn linked(&mut self, source: &str, target: &str, span: &Range<usize>) {
        let user_writable = matches!(paths::writable(source), Writable::Workspace | Writable::Home | Writable::Conda);
        if !user_writable || paths::is_within(target, paths::HOME) {
            return;
        }
        self.ownership.hand(target);
        let searched = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
            .iter()
            .any(|folder| paths::is_within(target, folder));
        if searched || crate::script::later::runs_as_root(target) {
            self.ownership.run_by_root(source);
            self.report.add(Draft::new(
                Rule::RootRunsUserWritable,
                span,
                format!(
                    "root puts {} where root looks for programs, and ec2-user can rewrite what stands behind it, {}",
                    paths::shown(target),
                    paths::shown(source)
                ),
                "Keep a copy that only root can write, for example under /opt, shipped with the hook itself.",
            ));
        }
    }

    /// A container that root starts with the host's files in it.
    fn container(&mut self, call: &Call) {
        let words = call.arguments();
        if !matches!(call.name(), "docker" | "podman" | "nerdctl")
            || !(options::says(words, "run") || options::says(words, "create"))
        {
            return;
        }
        let text = |word: &Text| word.as_str().trim_start_matches("--volume=").trim_start_matches("-v").to_owned();
        let host = |word: &Text| {
            let text = text(word);
            text.starts_with("/:")
                || text.starts_with("/var/run/docker.sock")
                || text.starts_with("/etc:")
                || text.starts_with("/root:")
                || text.contains("source=/,")
                || text.contains("src=/,")
        };
        if options::says(words, "--privileged") || words.iter().any(host) {
            let draft = Draft::new(
                Rule::RootRunsUserWritable,
                &call.span(),
                "root starts a container that reaches the whole machine: whoever can change its image, its files or its programs becomes root",
                "Start it without `--privileged` and without mounts of the host's own files or Docker's socket.",
            );
            self.report.add(draft.severity(Severity::Warning));
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
            Writable::No if !handed && self.ownership.copied_from(path).is_some() => {
                (Severity::Error, "a copy of what ec2-user can rewrite: whoever writes that becomes root")
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
        "git"
            if options::operands(words, &["-C", "-c", "--git-dir", "--work-tree"])
                .first()
                .is_some_and(|verb| verb.as_str() == "pull") =>
        {
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
            Some(module) => {
                const INSTALLED: [&str; 18] = [
                    "venv",
                    "virtualenv",
                    "ipykernel",
                    "json.tool",
                    "ensurepip",
                    "jupyter",
                    "http.server",
                    "site",
                    "nbconvert",
                    "conda",
                    "pipx",
                    "zipfile",
                    "compileall",
                    "jupyterlab",
                    "notebook",
                    "bash_kernel.install",
                    "pip._internal",
                    "awscli",
                ];
                // Python looks for a module in the working folder first.
                if !INSTALLED.contains(&module.as_str()) {
                    found.push((Use::Runs, here()));
                }
            }
            None => {
                let path = interpreted(words, "c", &["-W", "-X"]);
                found.extend(path.map(|path| (Use::Runs, resolve(path.as_str()))));
            }
        },
        _ => found.extend(launched(name, words, &resolve, here)),
    }
    found
}

/// What programs run that start others, or build a project.
fn launched(
    name: &str,
    words: &[Text],
    resolve: &dyn Fn(&str) -> String,
    here: impl FnOnce() -> String,
) -> Vec<(Use, String)> {
    let mut found = Vec::new();
    match name {
        "java" => found.extend(
            options::value(words, None, "jar")
                .or_else(|| {
                    let at = words.iter().position(|word| word.as_str() == "-jar")?;
                    words.get(at + 1).cloned()
                })
                .map(|path| (Use::Runs, resolve(path.as_str()))),
        ),
        "julia" | "lua" | "tclsh" | "expect" | "groovy" | "deno" | "bun" => {
            found.extend(
                interpreted(words, "e", &["-t", "-p", "-L"])
                    .filter(|path| path.as_str() != "run")
                    .map(|path| (Use::Runs, resolve(path.as_str()))),
            );
        }
        "streamlit" | "voila" | "flask" | "uvicorn" | "gunicorn" | "ansible-playbook" | "run-parts" => {
            let valued = ["-i", "-e", "-l", "-u", "--inventory", "--extra-vars", "-b", "-w"];
            let operands = options::operands(words, &valued);
            found.extend(
                operands
                    .into_iter()
                    .filter(|word| word.as_str() != "run" || name != "streamlit")
                    .map(|path| (Use::Runs, resolve(path.as_str()))),
            );
        }
        "at" | "batch" => {
            found.extend(options::value(words, Some('f'), "").map(|path| (Use::Runs, resolve(path.as_str()))));
        }
        "npm" | "yarn" | "pnpm" | "poetry" | "pipenv" | "uv" | "composer" | "bundle" | "cargo" | "mvn" | "gradle" => {
            const BUILDS: [&str; 12] =
                ["install", "ci", "i", "run", "build", "start", "test", "exec", "sync", "update", "package", "add"];
            let global = options::has(words, 'g', "global");
            let verb = words.iter().find(|word| !word.as_str().starts_with('-'));
            if !global
                && (verb.is_none() && name != "uv" && name != "cargo"
                    || verb.is_some_and(|verb| BUILDS.contains(&verb.as_str())))
            {
                let folder =
                    options::value(words, Some('C'), "prefix").or_else(|| options::value(words, None, "directory"));
                found.push((Use::Builds, folder.map_or_else(here, |folder| resolve(folder.as_str()))));
            }
        }
        "docker-compose" | "docker" if name == "docker-compose" || options::says(words, "compose") => {
            let starts = ["up", "run", "build", "start", "exec"].iter().any(|verb| options::says(words, verb));
            let file = options::value(words, Some('f'), "file").map_or_else(here, |path| resolve(path.as_str()));
            found.extend(starts.then_some((Use::Runs, file)));
        }
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

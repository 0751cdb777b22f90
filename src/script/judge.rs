//! Judges one command that really runs: hands it to the rules that concern its user.

use std::ops::Range;

use crate::rules::Rule;
use crate::script::commands::options;
use crate::script::commands::writes;
use crate::script::interpret::Walker;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::Context;
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

impl Walker<'_> {
    pub fn judge(&mut self, call: &Call, state: &State, context: &Context) {
        self.re_enables_root_access(call);
        self.elsewhere(call, state, context);
        match state.user {
            User::Root => {
                self.grants_by_command(call, state, context);
                self.system_docker(call);
                self.root_server(call);
                self.runs_user_writable(call, state, context);
            }
            User::Notebook => self.system_change(call, state),
            User::Other(_) | User::Unknown => {}
        }
        self.modes(call, state);
        let span = call.span();
        for write in writes::by_command(call, state, context, &self.files) {
            self.write_one(&write, &span, state);
        }
        self.crontab(call, state, context);
        if call.name() == "rm" {
            for path in options::operands(call.arguments(), &[]) {
                let path = paths::resolve(path.as_str(), state.folder.as_deref());
                self.files.remove(&path);
                self.ownership.settle(&path, true);
                self.system_path(&path, &span, state, "removes");
            }
        }
    }

    fn re_enables_root_access(&mut self, call: &Call) {
        let words = call.arguments();
        if call.name() != "aws" || !options::says(words, "update-notebook-instance") {
            return;
        }
        let compact = |text: &Text| text.as_str().split_whitespace().collect::<String>();
        let in_json = options::value(words, None, "cli-input-json").is_some_and(|json| {
            let path = json.as_str().strip_prefix("file://").map(|path| paths::resolve(path, None));
            let text = path.map_or(json, |path| self.files.read(&path));
            compact(&text).contains("\"RootAccess\":\"Enabled\"")
        });
        if in_json || options::value(words, None, "root-access").is_some_and(|value| value.as_str() == "Enabled") {
            self.report.add(Draft::new(
                Rule::ReEnablesRootAccess,
                &call.span(),
                "The script turns root access on again through the SageMaker API, whatever Terraform says",
                "Remove the call; forbid it with the IAM condition key `sagemaker:RootAccess`.",
            ));
        }
    }

    fn root_server(&mut self, call: &Call) {
        if !starts_server(&call.words) {
            return;
        }
        self.report.add(Draft::new(
            Rule::RootServer,
            &call.span(),
            format!("root starts `{}`: whatever its user types there runs as root", paths::shown(call.name())),
            "Start it as the notebook user, with `sudo -u ec2-user -i`, and without `--allow-root`.",
        ));
    }

    fn system_docker(&mut self, call: &Call) {
        const READS: [&str; 7] = ["status", "is-active", "is-enabled", "show", "cat", "list-units", "is-failed"];
        const UNITS: [&str; 5] = ["docker", "docker.service", "docker.socket", "containerd", "containerd.service"];
        let words = call.arguments();
        let names_docker = words.iter().any(|word| UNITS.contains(&word.as_str()));
        let reads = words.iter().any(|word| READS.contains(&word.as_str()));
        let manages = match call.name() {
            "systemctl" | "service" | "chkconfig" | "initctl" => names_docker && !reads,
            "dockerd" => true,
            "chmod" | "chown" | "chgrp" | "setfacl" => words.iter().any(|word| is_docker_file(word.as_str())),
            _ => false,
        };
        let opens = matches!(call.name(), "chmod" | "setfacl" | "chown" | "chgrp")
            && words.iter().any(|word| word.as_str().ends_with("/docker.sock"))
            && !words.iter().any(|word| matches!(word.as_str(), "660" | "0660" | "600" | "root" | "root:root"));
        if opens {
            let draft = Draft::new(
                Rule::SystemDocker,
                &call.span(),
                "root opens the socket of the system Docker: where that runs, whoever reaches the socket is root",
                "Remove the line: Rootless Docker has a socket of ec2-user's own once root access is off.",
            );
            self.report.add(draft.severity(crate::rules::Severity::Error));
        } else if manages {
            self.docker_finding(&call.span());
        }
    }

    pub fn docker_finding(&mut self, span: &Range<usize>) {
        self.report.add(Draft::new(
            Rule::SystemDocker,
            span,
            "root manages the system Docker, which Rootless Docker replaces for ec2-user once root access is off: \
             the notebook will not see this change",
            "Configure Rootless Docker instead, under /home/ec2-user/.config/docker, or leave Docker as it is.",
        ));
    }
}

/// Whether the path belongs to the system Docker.
pub fn is_docker_file(path: &str) -> bool {
    matches!(path, "/etc/docker/daemon.json" | "/var/run/docker.sock" | "/run/docker.sock" | "/etc/sysconfig/docker")
}

/// Whether the command line starts a notebook server, rather than asking one or installing something for it.
fn starts_server(words: &[Text]) -> bool {
    const QUIET: [&str; 12] = [
        "--version",
        "-V",
        "--help",
        "-h",
        "--help-all",
        "--generate-config",
        "--paths",
        "--show-config",
        "--install-extension",
        "--list-extensions",
        "--uninstall-extension",
        "--show-config-json",
    ];
    const QUIET_VERBS: [&str; 13] = [
        "list",
        "stop",
        "password",
        "labextension",
        "build",
        "clean",
        "path",
        "paths",
        "workspaces",
        "licenses",
        "extension",
        "install",
        "uninstall",
    ];
    let Some(name) = words.first().map(|word| paths::base(word.as_str())) else { return false };
    let arguments = &words[1..];
    if name.starts_with("python") {
        let module = options::value(arguments, Some('m'), "module");
        return module.is_some_and(|module| {
            let at = arguments.iter().position(|word| word.as_str() == module.as_str()).map_or(0, |at| at + 1);
            matches!(module.as_str(), "jupyter" | "jupyterlab" | "notebook" | "jupyter_server") && {
                let name = if module.as_str() == "jupyterlab" { "jupyter-lab" } else { module.as_str() };
                let name = if matches!(name, "notebook" | "jupyter_server") { "jupyter-notebook" } else { name };
                let mut inner = vec![Text::of(name, 0..0)];
                inner.extend(arguments[at.min(arguments.len())..].iter().cloned());
                starts_server(&inner)
            }
        });
    }
    let quiet = |words: &[Text]| words.iter().any(|word| QUIET.contains(&word.as_str()));
    if quiet(arguments) {
        return false;
    }
    let rest = match name {
        "jupyter" => {
            let verb = arguments.iter().position(|word| !word.as_str().starts_with('-'));
            match verb.map(|at| (arguments[at].as_str(), &arguments[at + 1..])) {
                Some(("lab" | "notebook" | "server" | "nbclassic", rest)) => rest,
                _ => return false,
            }
        }
        // The program also manages extensions, by options that may come from a variable.
        "code-server"
            if arguments.iter().any(|word| word.as_str().starts_with(crate::script::shell::mapped::UNKNOWN)) =>
        {
            return false;
        }
        "jupyter-lab" | "jupyter-notebook" | "jupyter-server" | "jupyterhub" | "code-server" => arguments,
        _ => return false,
    };
    !rest.first().is_some_and(|verb| QUIET_VERBS.contains(&verb.as_str()))
}

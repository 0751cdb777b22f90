//! Services, servers, containers, and what only root may do.

use super::Moment;
use super::command_line::Args;
use super::known_programs::{self, Does, args_of, fits};
use crate::script::effect::Act;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::paths;

pub fn acts(moment: Moment<'_>, acts: &mut Vec<Act>) {
    let Moment { call, args, .. } = moment;
    let name = call.name();
    if name == "aws" && enables_root_access(moment) {
        acts.push(Act::EnableRootAccess);
    }
    if manages_docker(name, args) {
        acts.push(Act::ManageDocker);
    }
    if let Some(program) = server(name, call.arguments()) {
        acts.push(Act::StartServer { program });
    }
    if matches!(name, "docker" | "podman" | "nerdctl") && opens_machine(args) {
        acts.push(Act::OpenContainer);
    }
    if name == "mount" && binds(args) {
        let path = |at: usize| args.operand(at).map(|path| moment.resolve(path.as_str()));
        if let (Some(source), Some(target)) = (path(0), path(1)) {
            acts.push(Act::Link { source, target });
        }
    }
    acts.extend(needs_root(name, args).map(|what| Act::NeedsRoot { what, program: name.to_owned() }));
}

/// The act of a call that only root may do, by the table.
fn needs_root(name: &str, args: &Args<'_>) -> Option<&'static str> {
    // The last is what a program says by `-h`, but for those that mean to halt.
    let asks = args.has("--help --version --user -V")
        || args.has("-h") && !matches!(name, "shutdown" | "halt" | "poweroff" | "reboot");
    let queries =
        name == "rpm" && args.has("-q --query") || name == "update-alternatives" && args.has("--display --list");
    known_programs::find(name)?.does.iter().find_map(|does| {
        let Does::NeedsRoot { place, verbs, options, what } = *does else { return None };
        let verb = args.operand(place).map_or("", Text::as_str);
        let fitting = match verbs {
            "" => options.is_empty(),
            "*" => !verb.is_empty(),
            verbs => !verb.is_empty() && fits(verbs, verb),
        };
        ((fitting || args.has(options)) && !asks && !queries).then_some(what)
    })
}

fn enables_root_access(Moment { args, files, .. }: Moment<'_>) -> bool {
    let called = args.operands().any(|word| word.as_str() == "update-notebook-instance");
    let compact = |text: &Text| text.as_str().split_whitespace().collect::<String>();
    let in_json = args.value("--cli-input-json").is_some_and(|json| {
        let path = json.as_str().strip_prefix("file://").map(|path| paths::resolve(path, None));
        let text = path.map_or_else(|| json.clone(), |path| files.read(&path));
        compact(&text).contains("\"RootAccess\":\"Enabled\"")
    });
    called && (in_json || args.value("--root-access").is_some_and(|value| value.as_str() == "Enabled"))
}

fn manages_docker(name: &str, args: &Args<'_>) -> bool {
    const READS: &str = "status is-active is-enabled show cat list-units is-failed list-unit-files list-dependencies";
    const UNITS: [&str; 5] = ["docker", "docker.service", "docker.socket", "containerd", "containerd.service"];
    let names_docker = || args.operands().any(|word| UNITS.contains(&word.as_str()));
    match name {
        "systemctl" => names_docker() && !fits(READS, args.verb()),
        "initctl" => names_docker() && args.verb() != "status",
        "service" | "chkconfig" => {
            UNITS.contains(&args.verb()) && args.operand(1).is_none_or(|verb| verb.as_str() != "status")
        }
        "dockerd" => true,
        _ => false,
    }
}

/// Whether a container reaches the host's own files.
fn opens_machine(args: &Args<'_>) -> bool {
    const HOST: [&str; 6] = ["/:", "/var/run/docker.sock", "/run/docker.sock", "/etc:", "/root:", "/usr:"];
    let is_host = |volume: &Text| HOST.iter().any(|start| volume.as_str().starts_with(start));
    let mounts = |mount: &Text| {
        mount.as_str().split(',').any(|part| matches!(part, "source=/" | "src=/" | "source=/etc" | "src=/etc"))
            || mount.as_str().contains("docker.sock")
    };
    let starts = args.operands().take(2).any(|verb| matches!(verb.as_str(), "run" | "create"));
    starts
        && (args.has("--privileged") || args.values("-v --volume").any(is_host) || args.values("--mount").any(mounts))
}

fn binds(args: &Args<'_>) -> bool {
    let option = |it: &str| matches!(it, "bind" | "rbind");
    args.has("-B --bind --rbind -R") || args.values("-o --options").any(|it| it.as_str().split(',').any(option))
}

/// The notebook server that a command line starts, rather than asking one or installing something for it.
fn server(name: &str, words: &[Text]) -> Option<String> {
    const QUIET: &str = "--version -V --help -h --help-all --generate-config --paths --show-config --show-config-json \
        --install-extension --list-extensions --uninstall-extension";
    const QUIET_VERBS: &str = "list stop password labextension build clean path paths workspaces licenses extension install \
        uninstall";
    let args = args_of(name, words);
    if name.starts_with("python") {
        let rest = &words[args.at(0).unwrap_or(words.len())..];
        return match args.value("-m")?.as_str() {
            "jupyter" => server("jupyter", rest),
            "jupyterlab" => server("jupyter-lab", rest),
            "notebook" | "jupyter_server" => server("jupyter-notebook", rest),
            _ => None,
        };
    }
    match name {
        "jupyter" => {
            let at = args.at(0).filter(|_| matches!(args.verb(), "lab" | "notebook" | "server" | "nbclassic"))?;
            let quiet = args.has(QUIET);
            let inner = if args.verb() == "nbclassic" { "notebook" } else { args.verb() };
            return server(&format!("jupyter-{inner}"), &words[at + 1..])
                .filter(|_| !quiet)
                .map(|_| "jupyter".to_owned());
        }
        // The program also manages extensions, by options that may come from a variable.
        "code-server" if words.iter().any(|word| word.as_str().starts_with(UNKNOWN)) => return None,
        "jupyter-lab" | "jupyter-notebook" | "jupyter-server" | "jupyterhub" | "code-server" => {}
        _ => return None,
    }
    let quiet_verb = !args.verb().is_empty() && fits(QUIET_VERBS, args.verb());
    (!args.has(QUIET) && !quiet_verb).then(|| name.to_owned())
}

//! Rewritten lines, run by a real bash: with the advice followed, the same commands run in the same order, folder and
//! for the same user as before, whether the moved command succeeds or fails.
//!
//! Every program is a stub that writes down who calls it, where, and with which arguments. Stubs for sudo, su and runuser
//! change that user. Nothing else can be reached: the search path holds the stubs alone.

#![allow(clippy::disallowed_methods, reason = "scratch files")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use unroot::script;

const PROGRAMS: [&str; 12] = [
    "yum",
    "systemctl",
    "pip",
    "mount",
    "git",
    "amazon-linux-extras",
    "sysctl",
    "modprobe",
    "tee",
    "conda",
    "aws",
    "swapon",
];

const STUB: &str = r#"#!/bin/bash
name=${0##*/}
{
  case $name in
    yum | systemctl | amazon-linux-extras | modprobe) folder=any ;;
    mount | swapon) folder=$PWD; [ "$*" != -a ] || folder=any ;;
    sysctl) folder=any ;;
    tee) folder=any; for path in "$@"; do case $path in /* | -*) ;; *) folder=$PWD ;; esac; done ;;
    *) folder=$PWD ;;
  esac
  printf '%s %s %s' "$SANDBOX_USER" "$folder" "$name"
  printf ' [%s]' "$@"
  echo
} >> "$SANDBOX_LOG"
case $name in tee) while read -r line; do echo "fed $line" >> "$SANDBOX_LOG"; done ;; esac
[ "$name" != "$SANDBOX_FAILS" ]
"#;

const CHANGE: &str = r#"#!/bin/bash
name=${0##*/}
user=root login= script= words=()
while [ $# -gt 0 ]; do
  case $name,$1 in
    sudo,-u) user=$2; shift ;;
    sudo,-iu) login=1; user=$2; shift ;;
    sudo,-i | su,- | runuser,- | runuser,-l | su,-l) login=1 ;;
    sudo,-*) ;;
    runuser,-u) user=$2; shift ;;
    su,-c | runuser,-c) script=$2; shift ;;
    *,--) shift; words=("$@"); break ;;
    sudo,*) words=("$@"); break ;;
    *) user=$1 ;;
  esac
  shift
done
export SANDBOX_USER=$user
[ -z "$login" ] || cd "$SANDBOX_HOMES/$user"
if [ -n "$script" ]; then
  exec bash -c "$script"
elif [ ${#words[@]} -gt 0 ]; then
  exec "${words[@]}"
fi
exec bash
"#;

struct Sandbox(TempDir);

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(TempDir::new().expect("a temporary folder"));
        let bin = sandbox.path("bin");
        fs::create_dir_all(&bin).expect("it can be made");
        for user in ["root", "ec2-user"] {
            fs::create_dir_all(sandbox.path("homes").join(user)).expect("it can be made");
        }
        let program = |name: &str, text: &str| {
            let path = bin.join(name);
            fs::write(&path, text).expect("it can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode can be set");
        };
        for name in PROGRAMS {
            program(name, STUB);
        }
        for name in ["sudo", "su", "runuser"] {
            program(name, CHANGE);
        }
        symlink("/bin/bash", bin.join("bash")).expect("a link can be made");
        sandbox
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// What the stubs wrote down, and the status of the hook.
    ///
    /// What handles packages and services, or is given absolute paths alone, does the same in any folder, so for it the
    /// folder is left out.
    fn run(&self, script: &str, fails: &str) -> (String, Option<i32>) {
        let log = self.path("log");
        fs::write(&log, "").expect("it can be written");
        let hook = self.path("hook");
        fs::write(&hook, script).expect("it can be written");
        let status = Command::new("/bin/bash")
            .arg(&hook)
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("SANDBOX_USER", "root")
            .env("SANDBOX_LOG", &log)
            .env("SANDBOX_HOMES", self.path("homes"))
            .env("SANDBOX_FAILS", fails)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("bash runs");
        (fs::read_to_string(&log).expect("the log is text"), status.code())
    }
}

/// Hooks with one block of the notebook user, in every spelling of such a block.
fn hooks() -> Vec<String> {
    let heredoc = |start: &str| (format!("{start} <<'EOF'\n"), "\nEOF\n".to_owned());
    let quoted = |start: &str, quote: &str| (format!("{start} {quote}"), format!("{quote}\n"));
    let blocks = [
        heredoc("sudo -u ec2-user -i"),
        heredoc("sudo -iu ec2-user"),
        heredoc("sudo -u ec2-user bash"),
        heredoc("su - ec2-user"),
        heredoc("runuser -l ec2-user"),
        quoted("sudo -u ec2-user bash -c", "'"),
        quoted("su - ec2-user -c", "\""),
        quoted("runuser -l ec2-user -c", "'"),
    ];
    let bodies = [
        "sudo yum install -y jq",
        "sudo -E yum install -y jq",
        "sudo systemctl restart jupyter-server\npip install x",
        "pip install x\nsudo systemctl restart jupyter-server",
        "pip install x\nsudo yum install -y jq\nsudo systemctl restart x",
        "sudo yum install -y jq\nsudo yum install -y htop\npip install x",
        "cd /usr/share\nsudo yum install -y jq\npip install x",
        "cd /usr/share\nsudo mount -a\npip install x",
        "set -e\nsudo mount -a\npip install x",
        "pip install x\nset -e\nsudo sysctl -w vm.swappiness=1",
        "echo 10 | sudo tee /proc/sys/vm/swappiness\npip install x",
        "pip install x\necho 10 | sudo tee /proc/sys/vm/swappiness > /dev/null",
        "git clone https://example.com/r.git\nsudo modprobe fuse",
        "sudo amazon-linux-extras install -y epel\nconda install -y x\naws s3 ls",
    ];
    let heads = ["", "set -e\n", "set -euo pipefail\ncd /var\n"];
    let tails = ["", "systemctl daemon-reload\n"];
    let mut hooks = Vec::new();
    for (start, end) in &blocks {
        for body in bodies {
            for head in heads {
                hooks.extend(tails.map(|tail| format!("#!/bin/bash\n{head}{start}{body}{end}{tail}")));
            }
        }
    }
    hooks
}

#[test]
fn the_same_commands_run_when_the_advice_is_followed() {
    if !Path::new("/bin/bash").exists() {
        return;
    }
    let sandbox = Sandbox::new();
    let mut followed = 0;
    // Running all of them would take minutes; the step shares no factor with the number of bodies, heads or tails.
    for hook in hooks().into_iter().step_by(5) {
        for finding in script::analyse(&hook).findings {
            let Some(rewrite) = finding.rewrite else { continue };
            followed += 1;
            let edited = rewrite.apply(&hook);
            let called = PROGRAMS.into_iter().filter(|name| hook.contains(&format!("{name} ")));
            for fails in std::iter::once("").chain(called) {
                let (before, after) = (sandbox.run(&hook, fails), sandbox.run(&edited, fails));
                assert!(!before.0.is_empty(), "nothing ran:\n{hook}");
                assert_eq!(before, after, "with `{fails}` failing\n{hook}\nbecame\n{edited}");
            }
        }
    }
    assert!(followed >= 100, "only {followed} lines were written out");
}

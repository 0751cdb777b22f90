//! The programs that are known, as data: their options, and what they start, trust and write.
//!
//! Source of the options: the manual page of each program.

use super::options::{Args, Grammar, lists};
use crate::script::effect::Use;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;

/// What is known of a program, or of several alike.
#[derive(Debug)]
pub struct Program {
    /// Separated by blanks.
    pub names: &'static str,
    pub grammar: Grammar,
    pub does: &'static [Does],
}

/// What a program does with its words. `verbs` are those of which the first operand has to be one; `-` stands for none,
/// and an empty list for any or none.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// Starts the command that stands after so many operands.
    Starts(usize),
    /// Trusts what stands there.
    Trusts { how: Use, verbs: &'static str, at: At },
    /// Runs the program text in its first operand, unless one of these options gives it text or makes it only talk.
    Interprets { how: Use, unless: &'static str },
    /// Writes there what is not known.
    Writes(At),
    /// Makes there what is empty: files (`true`), which are left alone where they exist, or folders.
    Creates { files: bool, at: At },
    /// Does what only root may: with one of the verbs as operand `place`, or with one of the options.
    NeedsRoot { place: usize, verbs: &'static str, options: &'static str, what: &'static str },
}

/// Where a path stands on a command line.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// In all operands from this one on.
    From(usize),
    Last,
    /// In the value of an option.
    Option(&'static str),
    /// The same, or else the working folder.
    OptionOrHere(&'static str),
}

const fn program(names: &'static str, valued: &'static str, does: &'static [Does]) -> Program {
    Program { names, grammar: Grammar { valued, leads: false, last: "", assigns: false, attached: "" }, does }
}

/// A program whose options end where the command or script begins that it starts.
const fn starter(names: &'static str, valued: &'static str, does: &'static [Does]) -> Program {
    Program { names, grammar: Grammar { valued, leads: true, last: "", assigns: false, attached: "" }, does }
}

const fn needs_root(verbs: &'static str, options: &'static str, what: &'static str) -> Does {
    Does::NeedsRoot { place: 0, verbs, options, what }
}

const fn trusts(how: Use, verbs: &'static str, at: At) -> Does {
    Does::Trusts { how, verbs, at }
}

const INSTALLS: &str = "install update upgrade remove erase localinstall reinstall groupinstall enable makecache purge \
    autoremove dist-upgrade refresh";
const SERVICES: &str = "start stop restart reload enable disable mask unmask daemon-reload try-restart reload-or-restart kill \
    edit set-default";
const BUILDS: &str = "- install ci i run build start test exec sync update package add";
const PIP: &str = "-r -e -c -t -i -f -d -b -m --target --prefix --root --src --index-url --extra-index-url --find-links \
    --requirement --editable --constraint --trusted-host --cache-dir --proxy --timeout --retries --cert --client-cert --log \
    --python-version --platform --implementation --abi --no-binary --only-binary --upgrade-strategy --progress-bar \
    --global-option --install-option --config-settings --exists-action --report --python";
const YUM: &str = "-c -d -e -R -x --config --enablerepo --disablerepo --installroot --exclude --disableexcludes --setopt \
    --releasever --repo --repoid --repofrompath --downloaddir --advisory --color --comment --forcearch";

pub static PROGRAMS: &[Program] = &[
    // Programs that change the user.
    Program {
        names: "sudo",
        grammar: Grammar {
            valued: "-u -g -p -h -C -r -t -T -U -D -R --user --group --prompt --host --close-from --role --type \
                --command-timeout --other-user --chdir --chroot",
            leads: true,
            last: "",
            assigns: true,
            attached: "",
        },
        does: &[],
    },
    starter("doas", "-u -C", &[]),
    starter("pkexec", "--user", &[]),
    program(
        "su",
        "-c -s -g -G -w -T --command --session-command --shell --group --supp-group --whitelist-environment",
        &[],
    ),
    starter("runuser", "-u -g -G -c -s -w -T --user --group --supp-group --command --shell --session-command", &[]),
    starter(
        "setpriv",
        "--reuid --euid --ruid --regid --egid --rgid --groups --inh-caps --ambient-caps --bounding-set --securebits \
            --pdeathsig --selinux-label --apparmor-profile",
        &[],
    ),
    starter(
        "systemd-run",
        "-u -p -E -M -H -d --unit --property --description --slice --setenv --working-directory --nice --uid --gid \
            --on-active --on-boot --on-startup --on-unit-active --on-unit-inactive --on-calendar --timer-property \
            --path-property --socket-property --machine --host --service-type",
        &[],
    ),
    starter("gosu su-exec", "", &[]),
    // Programs that start the command behind their options.
    starter("nohup setsid builtin command unbuffer", "", &[Does::Starts(0)]),
    starter("exec", "-a", &[Does::Starts(0)]),
    starter("nice", "-n --adjustment", &[Does::Starts(0)]),
    starter("ionice", "-c -n -p --class --classdata --pid", &[Does::Starts(0)]),
    starter("time", "-f -o --format --output", &[Does::Starts(0)]),
    starter("timeout", "-s -k --signal --kill-after", &[Does::Starts(1)]),
    starter("stdbuf", "-i -o -e --input --output --error", &[Does::Starts(0)]),
    starter("chrt", "-T -P -D", &[Does::Starts(1)]),
    starter("taskset", "", &[Does::Starts(1)]),
    starter(
        "xargs",
        "-I -n -P -L -d -a -E -s --max-args --max-procs --max-lines --max-chars --delimiter --arg-file --replace",
        &[Does::Starts(0)],
    ),
    starter("flock", "-w -E -c --timeout --wait --conflict-exit-code --command", &[Does::Starts(1)]),
    Program {
        names: "env",
        grammar: Grammar {
            valued: "-u -C -S --unset --chdir --split-string",
            leads: true,
            last: "",
            assigns: true,
            attached: "",
        },
        does: &[],
    },
    starter("watch", "-n --interval", &[Does::Starts(0)]),
    // Shells and interpreters.
    starter("bash sh dash zsh ksh ash", "-o -O +o +O --rcfile --init-file", &[]),
    Program {
        names: "python",
        grammar: Grammar {
            valued: "-c -m -W -X --check-hash-based-pycs",
            leads: true,
            last: "-c -m",
            assigns: false,
            attached: "",
        },
        does: &[],
    },
    starter("perl", "-e -E -I -M -m", &[Does::Interprets { how: Use::Runs, unless: "-e -E -v -V" }]),
    starter("ruby", "-e -I -r -E -C", &[Does::Interprets { how: Use::Runs, unless: "-e -v --version" }]),
    starter(
        "node",
        "-e -p -r --eval --print --require --import --loader",
        &[Does::Interprets { how: Use::Runs, unless: "-e -p --eval --print -v --version" }],
    ),
    starter("Rscript", "-e", &[Does::Interprets { how: Use::Runs, unless: "-e --version" }]),
    starter(
        "php",
        "-r -d -c -f -S -t",
        &[Does::Interprets { how: Use::Runs, unless: "-r -v" }, trusts(Use::Runs, "", At::Option("-f"))],
    ),
    starter(
        "julia lua tclsh expect groovy",
        "-e -E -t -p -L -l -c -C -J --project --eval --threads",
        &[Does::Interprets { how: Use::Runs, unless: "-e -E -c --eval --version -v" }],
    ),
    starter("deno bun", "", &[trusts(Use::Runs, "run", At::From(1))]),
    starter(
        "java",
        "-jar -cp -classpath --class-path --module-path -p -m",
        &[trusts(Use::Runs, "", At::Option("-jar"))],
    ),
    starter("source .", "", &[trusts(Use::Sources, "", At::From(0))]),
    // What runs or builds a project.
    program(
        "papermill",
        "-k -p -r -f -y -b --kernel --parameters --parameters_raw --parameters_file --parameters_yaml --cwd --engine",
        &[trusts(Use::Executes, "", At::From(0))],
    ),
    program(
        "make gmake",
        "-C -f -I -j -l -o -W --directory --file --makefile --jobs --eval",
        &[trusts(Use::Makes, "", At::OptionOrHere("-C --directory -f --file --makefile"))],
    ),
    program(
        "npm yarn pnpm",
        "-C --prefix --cwd --dir --registry --cache --userconfig --loglevel --tag -w --workspace --network-timeout",
        &[trusts(Use::Builds, BUILDS, At::OptionOrHere("-C --prefix --cwd --dir"))],
    ),
    program(
        "poetry pipenv composer bundle mvn gradle",
        "-C -P -f -p -D --directory --working-dir --file --project-dir --gemfile --path --jobs --without --with",
        &[trusts(Use::Builds, BUILDS, At::OptionOrHere("-C --directory --working-dir --project-dir"))],
    ),
    program(
        "uv cargo",
        "-p --directory --project --python --index-url --extra-index-url --manifest-path --target-dir --features --bin \
            --cache-dir --with",
        &[trusts(Use::Builds, "install run build test sync add", At::OptionOrHere("--directory --project"))],
    ),
    program(
        "streamlit",
        "--server.port --server.address --server.baseUrlPath --logger.level",
        &[trusts(Use::Runs, "run", At::From(1))],
    ),
    program("voila", "--port --template --strip_sources --base_url", &[trusts(Use::Runs, "", At::From(0))]),
    program(
        "ansible-playbook",
        "-i -e -l -u -t -f -c -b --inventory --extra-vars --limit --user --tags --skip-tags --forks --connection \
            --private-key --vault-password-file --vault-id --start-at-task --become-user --become-method --timeout",
        &[trusts(Use::Runs, "", At::From(0))],
    ),
    program("run-parts", "-a -u --arg --umask --regex", &[trusts(Use::Runs, "", At::From(0))]),
    program("at batch", "-f -q -t", &[trusts(Use::Runs, "", At::Option("-f"))]),
    program(
        "docker-compose",
        "-f -p --file --project-name --profile --env-file --project-directory --ansi -t --timeout --scale",
        &[trusts(Use::Runs, "up run build start exec create", At::OptionOrHere("-f --file"))],
    ),
    program(
        "docker podman nerdctl",
        "-H -c -l -D -v -e -p -u -w -h -m -a -f -t --host --context --config --log-level --volume --mount --env --env-file \
            --publish --user --workdir --hostname --memory --cpus --name --network --net --entrypoint --restart --label \
            --gpus --runtime --shm-size --ulimit --cap-add --cap-drop --device --security-opt --ipc --pid --tag --file \
            --build-arg --format --filter --username --password --platform --pull --tmpfs --add-host --dns --log-driver \
            --log-opt --volumes-from --project-name --profile",
        &[],
    ),
    program("pip pipx", PIP, &[]),
    starter("jupyter", "", &[]),
    program(
        "jupyter-nbconvert jupyter-execute",
        "--to --output --output-dir --config --template --port --ip --kernel --ExecutePreprocessor.timeout --timeout",
        &[],
    ),
    program(
        "jupyter-lab jupyter-notebook jupyter-server jupyterhub code-server",
        "--port --ip --config -f --notebook-dir --bind-addr --auth --user-data-dir --extensions-dir --log --cert --app-name \
            --NotebookApp.token --ServerApp.token",
        &[],
    ),
    program(
        "conda mamba micromamba",
        "-n -p -f -c --name --prefix --file --channel --cwd --solver --revision --repodata-fn --clone --subdir --set --append \
            --prepend --add --remove-key",
        &[
            trusts(Use::Installs, "env", At::Option("-f --file")),
            trusts(Use::Installs, "create install update", At::Option("-f --file")),
        ],
    ),
    // What writes files.
    program("tee", "--output-error", &[]),
    program("cp", "-t -S --target-directory --suffix", &[]),
    program("mv ln", "-t -S --target-directory --suffix", &[]),
    program("install", "-m -o -g -t -S --mode --owner --group --target-directory --suffix", &[]),
    program(
        "rsync",
        "-e -f -B -M -T --exclude --include --rsh --filter --exclude-from --include-from --files-from --chown --chmod \
            --temp-dir --compare-dest --copy-dest --link-dest --bwlimit --timeout --log-file --password-file --rsync-path \
            --partial-dir --max-size --min-size --out-format --backup-dir --suffix",
        &[],
    ),
    program("mkdir", "-m --mode", &[Does::Creates { files: false, at: At::From(0) }]),
    program("touch", "-d -r -t --date --reference --time", &[Does::Creates { files: true, at: At::From(0) }]),
    program("dd", "", &[]),
    program(
        "curl",
        "-A -b -c -C -d -D -e -E -F -h -H -K -m -o -P -Q -r -t -T -u -U -w -x -X -y -Y -z --output --output-dir --user \
            --header --data --data-raw --data-binary --data-urlencode --form --request --url --user-agent --referer --proxy \
            --proxy-user --cookie --cookie-jar --config --connect-timeout --max-time --retry --retry-delay --retry-max-time \
            --cacert --cert --key --upload-file --write-out --range --resolve --interface --limit-rate --json --oauth2-bearer \
            --stderr --dump-header --max-redirs --noproxy --continue-at --aws-sigv4 --unix-socket --variable",
        &[],
    ),
    program(
        "wget",
        "-a -A -B -D -e -G -i -I -l -o -O -P -Q -R -t -T -U -w -X --output-document --directory-prefix --output-file \
            --append-output --header --tries --timeout --user --password --user-agent --post-data --post-file --input-file \
            --execute --level --accept --reject --domains --quota --wait --referer --load-cookies --save-cookies \
            --ca-certificate --certificate --private-key --body-data --method --limit-rate --http-user --http-password",
        &[],
    ),
    program(
        "git",
        "-C -c -m -b -B -o -j -F -t -s -X -S --git-dir --work-tree --namespace --exec-path --branch --depth --origin --reference \
            --jobs --config --filter --template --separate-git-dir --shallow-since --shallow-exclude --server-option \
            --message --file --author --date --strategy --strategy-option --upload-pack --push-option --onto --format \
            --pretty --grep --since --until --unset --get --fixup --squash --cleanup --trailer --pathspec-from-file",
        &[trusts(Use::Pulls, "pull", At::OptionOrHere("-C"))],
    ),
    program(
        "aws",
        "--region --profile --exclude --include --endpoint-url --sse --sse-kms-key-id --output --query --storage-class --acl \
            --content-type --metadata --notebook-instance-name --root-access --cli-input-json --instance-type --role-arn \
            --lifecycle-config-name --volume-size-in-gb --name --names --value --type --secret-id --parameter-name --key \
            --bucket --tags --resources --message --subject --topic-arn --expires-in --page-size --ca-bundle",
        &[],
    ),
    program(
        "tar",
        "-C -f -T -X -I -b --directory --file --files-from --exclude --exclude-from --strip-components --transform",
        &[],
    ),
    program("unzip", "-d -x -P -O -I", &[]),
    program("gunzip gzip bunzip2 xz unxz", "-S --suffix", &[]),
    program("virtualenv", "-p --python --prompt --seeder --app-data --pip --setuptools", &[Does::Writes(At::Last)]),
    program("ssh-keygen", "-f -t -b -C -N -P -m -F -R -I -n -s -V -D -a -E -Y -z", &[]),
    Program {
        names: "sed",
        grammar: Grammar {
            valued: "-e -f -l --expression --file --line-length",
            leads: false,
            last: "",
            assigns: false,
            attached: "-i",
        },
        does: &[],
    },
    program("crontab", "-u -x -s", &[]),
    program("rm rmdir unlink", "", &[]),
    // Modes, owners, accounts.
    program("chown", "--from --reference", &[]),
    program("chgrp", "--reference", &[]),
    program("chmod", "--reference", &[]),
    program("setfacl", "-m -x -M -X --modify --remove --set --modify-file --remove-file --restore", &[]),
    program("setcap", "-n", &[needs_root("", "", SYSTEM)]),
    program(
        "usermod useradd",
        "-b -c -d -e -f -g -G -k -K -l -p -R -s -u -Z --base-dir --comment --home --home-dir --expiredate --inactive --gid \
            --groups --skel --key --login --password --root --shell --uid --selinux-user",
        &[needs_root("", "", SYSTEM)],
    ),
    program(
        "adduser",
        "-G -g -u -d -s -c --home --shell --gecos --uid --gid --ingroup --firstuid --lastuid --conf",
        &[needs_root("", "", SYSTEM)],
    ),
    program(
        "gpasswd",
        "-a -d -M -A -Q --add --delete --members --administrators --root",
        &[needs_root("", "", SYSTEM)],
    ),
    program("groupmems", "-a -d -g -R --add --delete --group --root", &[]),
    program(
        "groupadd groupmod",
        "-g -n -p -K -R --gid --new-name --password --key --root",
        &[needs_root("", "", SYSTEM)],
    ),
    program("groupdel userdel", "-R -P --root --prefix", &[needs_root("", "", SYSTEM)]),
    program("chpasswd", "-c -R -s --crypt-method --root --sha-rounds", &[needs_root("", "", SYSTEM)]),
    program("passwd", "-n -x -w -i -R --minimum --maximum --warning --inactive --root", &[]),
    program("visudo", "-f -x --file", &[needs_root("", "", SYSTEM)]),
    // What only root may do.
    program("yum dnf zypper", YUM, &[needs_root(INSTALLS, "", SOFTWARE), trusts(Use::Installs, "", At::From(1))]),
    program("snap amazon-linux-extras", "--channel --revision", &[needs_root(INSTALLS, "", SOFTWARE)]),
    program(
        "apt apt-get",
        "-c -o -t -a --config-file --option --target-release --host-architecture",
        &[needs_root(INSTALLS, "", SOFTWARE), trusts(Use::Installs, "", At::From(1))],
    ),
    program(
        "rpm",
        "-D -E -r -f --root --dbpath --define --eval --prefix --relocate --excludepath --queryformat --qf --import",
        &[
            needs_root("", "-i -U -e -F --install --upgrade --erase --freshen", SOFTWARE),
            trusts(Use::Installs, "", At::From(0)),
        ],
    ),
    program(
        "dpkg",
        "--root --admindir --instdir -D --debug",
        &[needs_root("", "-i --install -r --remove -P --purge", SOFTWARE), trusts(Use::Installs, "", At::From(0))],
    ),
    program(
        "mount",
        "-t -o -L -U -O -N --types --options --label --uuid --source --target",
        &[needs_root("*", "-a --all", "mounts a file system")],
    ),
    program("umount", "-t -O --types", &[needs_root("", "", "unmounts a file system")]),
    program(
        "systemctl",
        "-t -p -s -H -M -n -o --type --state --property --signal --kill-who --host --machine --lines --output --root \
            --job-mode --what",
        &[needs_root(SERVICES, "", "manages a service")],
    ),
    program(
        "service",
        "",
        &[Does::NeedsRoot { place: 1, verbs: "start stop restart reload", options: "", what: "manages a service" }],
    ),
    program("initctl", "", &[needs_root("start stop restart reload", "", "manages a service")]),
    program(
        "sysctl",
        "-r --pattern",
        &[needs_root("", "-w -p --write --load --system", "changes the kernel's settings")],
    ),
    program("chkconfig", "--level", &[needs_root("", "", SYSTEM)]),
    program(
        "modprobe insmod swapon swapoff reboot shutdown halt poweroff mkfs losetup chroot",
        "-C -d -p -o -L -U -t -n --dirname --priority --options --offset --sizelimit --userspec --groups",
        &[needs_root("", "", SYSTEM)],
    ),
    program(
        "iptables",
        "-t -A -D -I -R -P -N -X -p -s -d -i -o -j -m --dport --sport --to-ports --comment --table --append --jump",
        &[needs_root("", "", SYSTEM)],
    ),
    program("update-alternatives alternatives", "--altdir --admindir --log", &[needs_root("", "", SYSTEM)]),
    // What the shell does itself, and what only prints.
    program("cd pushd", "", &[]),
    program("read mapfile readarray", "-p -t -n -N -d -u -a -i -O -s -C -c", &[]),
    program("trap", "", &[]),
    program("basename", "-s --suffix", &[]),
];

const SYSTEM: &str = "changes the system";
const SOFTWARE: &str = "installs software";

/// What is known of a program by its name, without its folder.
pub fn find(name: &str) -> Option<&'static Program> {
    let versioned = |base: &str| {
        name.strip_prefix(base).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    };
    let name = if versioned("python") {
        "python"
    } else if versioned("pip") {
        "pip"
    } else {
        name
    };
    PROGRAMS.iter().find(|program| lists(program.names, name))
}

/// The words of a call, taken apart by the grammar of its program.
pub fn args(call: &Call) -> Args<'_> {
    args_of(call.name(), call.arguments())
}

/// The same for the words behind a program's name.
pub fn args_of<'a>(name: &str, words: &'a [Text]) -> Args<'a> {
    Args::parse(words, find(name).map(|program| program.grammar).unwrap_or_default())
}

/// Whether the verbs of a row fit.
pub fn fits(verbs: &str, verb: &str) -> bool {
    verbs.is_empty() || if verb.is_empty() { lists(verbs, "-") } else { lists(verbs, verb) }
}

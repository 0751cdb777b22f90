//! Programs that run other programs: changes of user, wrappers, interpreters, builds, containers, notebooks.

use super::{At, Does, Program, evaluates, program, starter, trusts};
use crate::script::commands::options::Grammar;
use crate::script::effect::Use;

const BUILDS: &str = "- install ci i run build start test exec sync update package add";
const PIP: &str = "-r -e -c -t -i -f -d -b -m --target --prefix --root --src --index-url --extra-index-url --find-links \
    --requirement --editable --constraint --trusted-host --cache-dir --proxy --timeout --retries --cert --client-cert --log \
    --python-version --platform --implementation --abi --no-binary --only-binary --upgrade-strategy --progress-bar \
    --global-option --install-option --config-settings --exists-action --report --python";

pub static RUNNING: &[Program] = &[
    // Programs that change the user.
    Program {
        names: "sudo",
        grammar: Grammar {
            valued: "-u -g -p -h -C -r -t -T -U -D -R --user --group --prompt --host --close-from --role --type \
                --command-timeout --other-user --chdir --chroot",
            leads: true,
            assigns: true,
            ..Grammar::PLAIN
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
    starter("flock", "-w -E --timeout --wait --conflict-exit-code", &[Does::Starts(1)]),
    Program {
        names: "env",
        grammar: Grammar {
            valued: "-u -C -S --unset --chdir --split-string",
            leads: true,
            assigns: true,
            ..Grammar::PLAIN
        },
        does: &[],
    },
    starter("watch", "-n --interval", &[evaluates("", At::From(0))]),
    starter("strace ltrace", "-e -o -p -s -u -P -E -a -b -I -O -S -X -A -F -n", &[Does::Starts(0)]),
    starter(
        "unshare dbus-run-session ssh-agent catchsegv",
        "-a -t -R -w -S -G -l --root --wd --setuid --setgid",
        &[Does::Starts(0)],
    ),
    starter(
        "xvfb-run",
        "-e -f -n -p -s -w --error-file --auth-file --server-num --server-args --wait",
        &[Does::Starts(0)],
    ),
    starter("screen", "-S -t -c -e -h -p -r -R -s -T -X -L", &[Does::Starts(0)]),
    program(
        "tmux",
        "-L -S -f -c -e -n -s -t -x -y -F -T",
        &[evaluates(
            "new new-session neww new-window splitw split-window respawn-pane respawn-window run run-shell send send-keys",
            At::From(1),
        )],
    ),
    starter(
        "parallel",
        "-j -a -I -L -n -N -S --jobs --arg-file --delay --joblog --results --retries",
        &[evaluates("", At::From(0))],
    ),
    program(
        "script",
        "-c -t -B -I -O -T -m -o --command --log-in --log-out --log-io",
        &[evaluates("", At::Option("-c --command"))],
    ),
    // Shells and interpreters.
    starter("bash sh dash zsh ksh ash", "-o -O +o +O --rcfile --init-file", &[]),
    Program {
        names: "python",
        grammar: Grammar {
            valued: "-c -m -W -X --check-hash-based-pycs",
            leads: true,
            last: "-c -m",
            ..Grammar::PLAIN
        },
        does: &[],
    },
    Program {
        names: "perl",
        grammar: Grammar { valued: "-e -E -I -M -m", attached: "-i", leads: true, ..Grammar::PLAIN },
        does: &[Does::Interprets { how: Use::Runs, unless: "-e -E -v -V" }],
    },
    Program {
        names: "ruby",
        grammar: Grammar { valued: "-e -I -r -E -C", attached: "-i", leads: true, ..Grammar::PLAIN },
        does: &[Does::Interprets { how: Use::Runs, unless: "-e -v --version" }],
    },
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
    starter(
        "awk gawk mawk",
        "-f -F -v -e -i --file --source --include",
        &[trusts(Use::Runs, "", At::Option("-f --file"))],
    ),
    program(
        "R",
        "-f -e -g --file",
        &[trusts(Use::Runs, "", At::Option("-f --file")), trusts(Use::Installs, "CMD", At::From(2))],
    ),
    starter(
        "ipython",
        "-c -m --profile --ipython-dir",
        &[Does::Interprets { how: Use::Runs, unless: "-c -m --version" }],
    ),
    starter(
        "torchrun",
        "--nproc_per_node --nnodes --node_rank --master_addr --master_port --rdzv_backend --rdzv_endpoint --rdzv_id -m \
            --nproc-per-node --node-rank --master-addr --master-port --max_restarts",
        &[Does::Interprets { how: Use::Runs, unless: "-m" }],
    ),
    program("go", "-o -C -p -tags -ldflags", &[trusts(Use::Builds, "run generate test", At::From(1))]),
    starter("source .", "", &[]),
    // What runs or builds a project.
    Program {
        names: "papermill",
        grammar: Grammar {
            valued: "-k -f -y -b --kernel --parameters_file --parameters_yaml --parameters_base64 --cwd --engine --language \
                --start-timeout --start_timeout --execution-timeout --execution_timeout --autosave-cell-every",
            pairs: "-p -r --parameters --parameters_raw",
            ..Grammar::PLAIN
        },
        does: &[trusts(Use::Executes, "", At::From(0))],
    },
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
        "poetry pipenv",
        "-C -P --directory --project --without --with --only --python",
        &[trusts(Use::Builds, BUILDS, At::OptionOrHere("-C -P --directory --project"))],
    ),
    program("composer", "-d --working-dir", &[trusts(Use::Builds, BUILDS, At::OptionOrHere("-d --working-dir"))]),
    program(
        "bundle",
        "-j --jobs --gemfile --path --without --with",
        &[trusts(Use::Builds, BUILDS, At::OptionOrHere("--gemfile"))],
    ),
    program(
        "mvn gradle rake tox nox invoke snakemake",
        "-f -p -b -c -s -P -D -pl -T -e -j --file --project-dir --rakefile --snakefile --cores --jobs --conf --settings-file",
        &[trusts(Use::Builds, "", At::OptionOrHere("-f -p --file --project-dir --rakefile --snakefile"))],
    ),
    program(
        "cmake ninja",
        "-S -B -C -G -D -P -f -j --build --install --target --config --preset",
        &[trusts(Use::Makes, "", At::OptionOrHere("-S -C -P -f --build --install"))],
    ),
    program(
        "uv cargo",
        "-p --directory --project --python --index-url --extra-index-url --manifest-path --target-dir --features --bin \
            --cache-dir --with",
        &[trusts(
            Use::Builds,
            "install run build test sync add",
            At::OptionOrHere("--directory --project --manifest-path"),
        )],
    ),
    program(
        "streamlit",
        "--server.port --server.address --server.baseUrlPath --logger.level",
        &[trusts(Use::Runs, "run", At::From(1))],
    ),
    program(
        "uvicorn gunicorn celery waitress-serve hypercorn daphne uwsgi pytest",
        "-A -b -c -k -n -m -p -t -w --app --app-dir --bind --chdir --config --host --listen --port --reload-dir --workers",
        &[trusts(Use::Runs, "", At::OptionOrHere("--app-dir --chdir"))],
    ),
    program(
        "terraform tofu",
        "-chdir -var -var-file -backend-config -target -state -out -parallelism",
        &[trusts(Use::Builds, "init plan apply destroy refresh import test", At::OptionOrHere("-chdir"))],
    ),
    program("voila", "--port --template --strip_sources --base_url", &[trusts(Use::Runs, "", At::From(0))]),
    program(
        "ansible-playbook",
        "-i -e -l -u -t -f -c -b --inventory --extra-vars --limit --user --tags --skip-tags --forks --connection \
            --private-key --vault-password-file --vault-id --start-at-task --become-user --become-method --timeout",
        &[trusts(Use::Runs, "", At::From(0))],
    ),
    program(
        "supervisord",
        "-c -u -d -l -j --configuration",
        &[trusts(Use::Runs, "", At::Option("-c --configuration"))],
    ),
    program("pm2", "-n -i --name --instances --interpreter", &[trusts(Use::Runs, "start", At::From(1))]),
    program("logrotate", "-s -m -l --state --mail --log", &[trusts(Use::Runs, "", At::From(0))]),
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
            trusts(Use::Loads, "create install update", At::Option("-c --channel")),
        ],
    ),
];

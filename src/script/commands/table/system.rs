//! Programs that change files, accounts, software and services, and those of the shell itself.

use super::{At, Does, Program, needs_root, program, starter, trusts};
use crate::script::commands::options::Grammar;
use crate::script::effect::Use;

const SYSTEM: &str = "changes the system";
const SOFTWARE: &str = "installs software";
const INSTALLS: &str = "install update upgrade remove erase localinstall reinstall groupinstall enable makecache purge \
    autoremove dist-upgrade refresh";
const SERVICES: &str = "start stop restart reload enable disable mask unmask daemon-reload try-restart reload-or-restart kill \
    edit set-default";
/// The verbs of git that bring other work into a repository: its hooks run, and the programs that its settings name.
const HOOKED: &str =
    "pull fetch checkout switch merge rebase reset am cherry-pick revert submodule worktree push gc lfs";
const YUM: &str = "-c -d -e -R -x --config --enablerepo --disablerepo --installroot --exclude --disableexcludes --setopt \
    --releasever --repo --repoid --repofrompath --downloaddir --advisory --color --comment --forcearch";

pub static SYSTEM_PROGRAMS: &[Program] = &[
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
        &[trusts(Use::Pulls, HOOKED, At::OptionOrHere("-C"))],
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
        grammar: Grammar { valued: "-e -f -l --expression --file --line-length", attached: "-i", ..Grammar::PLAIN },
        does: &[],
    },
    program("ed ex vi vim", "-p -c -S -u -i -T -w -W --cmd", &[Does::Edits(At::From(0))]),
    program("patch", "-i -p -d -o -r -B -z -F --input --strip --directory --output", &[Does::Edits(At::Last)]),
    program("truncate", "-s -r --size --reference", &[Does::Edits(At::From(0))]),
    program("sponge", "", &[Does::Edits(At::From(0))]),
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
        &[needs_root(SERVICES, "", "manages a service"), trusts(Use::Loads, "link enable reenable", At::From(1))],
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
    program("read", "-p -t -n -N -d -u -a -i", &[]),
    program("mapfile readarray", "-n -O -s -u -C -c -d", &[]),
    program("trap", "", &[]),
    starter("printf", "-v", &[]),
    program("basename", "-s --suffix", &[]),
];

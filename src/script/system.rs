//! Commands that only root may run, called by the notebook user without sudo.

use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::state::call::Call;
use crate::script::state::process::State;

const INSTALLS: [&str; 14] = [
    "install",
    "update",
    "upgrade",
    "remove",
    "erase",
    "localinstall",
    "reinstall",
    "groupinstall",
    "enable",
    "makecache",
    "purge",
    "autoremove",
    "dist-upgrade",
    "refresh",
];

const ALWAYS: [&str; 26] = [
    "useradd",
    "userdel",
    "usermod",
    "groupadd",
    "groupdel",
    "groupmod",
    "adduser",
    "gpasswd",
    "visudo",
    "modprobe",
    "insmod",
    "swapon",
    "swapoff",
    "iptables",
    "reboot",
    "shutdown",
    "halt",
    "poweroff",
    "chkconfig",
    "update-alternatives",
    "alternatives",
    "chpasswd",
    "setcap",
    "mkfs",
    "losetup",
    "chroot",
];

impl Walker<'_> {
    /// Reports a command of the notebook user that needs root.
    pub fn system_change(&mut self, call: &Call, state: &State) {
        if !state.is_notebook_now() {
            return;
        }
        let words = call.arguments();
        let verb =
            options::operands(words, &["-c", "--enablerepo", "--disablerepo"]).first().map_or("", |verb| verb.as_str());
        let asks = words.iter().any(|word| matches!(word.as_str(), "--help" | "--version" | "-h" | "--user"));
        let name = call.name();
        let what = match name {
            "yum" | "dnf" | "apt" | "apt-get" | "snap" | "zypper" | "amazon-linux-extras"
                if INSTALLS.contains(&verb) =>
            {
                "installs software"
            }
            "rpm"
                if words.iter().any(|word| {
                    let text = word.as_str();
                    text.starts_with('-')
                        && !text.starts_with("--")
                        && text.contains(['i', 'U', 'e', 'F'])
                        && !text.contains('q')
                }) =>
            {
                "installs software"
            }
            "dpkg" if options::has(words, 'i', "install") => "installs software",
            "mount"
                if !options::operands(words, &["-t", "-o", "--types", "--options"]).is_empty()
                    || options::has(words, 'a', "all") =>
            {
                "mounts a file system"
            }
            "umount" => "unmounts a file system",
            "systemctl"
                if matches!(
                    verb,
                    "start"
                        | "stop"
                        | "restart"
                        | "reload"
                        | "enable"
                        | "disable"
                        | "mask"
                        | "unmask"
                        | "daemon-reload"
                        | "try-restart"
                        | "reload-or-restart"
                        | "kill"
                        | "edit"
                        | "set-default"
                ) =>
            {
                "manages a service"
            }
            "service" | "initctl"
                if words.iter().any(|word| matches!(word.as_str(), "start" | "stop" | "restart" | "reload")) =>
            {
                "manages a service"
            }
            "sysctl" if options::has(words, 'w', "write") || options::has(words, 'p', "load") => {
                "changes the kernel's settings"
            }
            _ if ALWAYS.contains(&name) => "changes the system",
            _ => return,
        };
        if asks {
            return;
        }
        self.system_finding(&call.span(), &format!("ec2-user {what} with `{name}` and without root"));
    }
}

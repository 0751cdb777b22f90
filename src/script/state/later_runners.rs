//! Who runs a file after the hook, by its path.

use super::paths;
use super::user::User;

/// The name under which a crontab that was installed with `crontab` is kept.
pub const CRONTAB: &str = "crontab:";

/// Who runs a file after the hook, and how it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runner {
    /// As a shell script.
    Script(User),
    /// Line by line, with five fields before the command.
    Crontab(User),
    /// The same with a user as sixth field.
    SystemCrontab,
    /// Line by line, with a period, a delay and a name before the command.
    Anacrontab,
    /// Rules of udev: the programs in `RUN+=`.
    Udev,
    /// logrotate: the scripts between `postrotate` and `endscript`.
    Logrotate,
    /// Paths of libraries, or of folders with them, that every program loads.
    Libraries,
    /// A job of Upstart, as on Amazon Linux 1: what follows `exec`, and the lines between `script` and `end script`.
    Upstart,
    /// A systemd unit; the user where it names none.
    Unit(User),
    /// Python or JSON that the notebook server of ec2-user reads.
    Jupyter,
}

/// Folders whose files root's shell finds as programs.
pub const SEARCHED: [&str; 6] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

const UNITS: [&str; 4] =
    ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/system"];

const BY_ROOT: [&str; 13] = [
    "/etc/cron.hourly",
    "/etc/cron.daily",
    "/etc/cron.weekly",
    "/etc/cron.monthly",
    "/etc/init.d",
    "/etc/rc.d/init.d",
    "/var/lib/cloud/scripts/per-boot",
    "/var/lib/cloud/scripts/per-instance",
    "/var/lib/cloud/scripts/per-once",
    "/etc/rcS.d",
    "/etc/update-motd.d",
    "/etc/NetworkManager/dispatcher.d",
    "/etc/dhcp/dhclient-exit-hooks.d",
];

const JUPYTER: [&str; 5] =
    ["/home/ec2-user/.jupyter", "/home/ec2-user/.ipython", "/etc/jupyter", "/etc/ipython", "/usr/local/etc/jupyter"];

pub fn runner(path: &str) -> Option<Runner> {
    let below = |folder: &str| path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let within = |folders: &[&str]| folders.iter().any(|folder| below(folder).is_some());
    if let Some(name) =
        path.strip_prefix(CRONTAB).or_else(|| below("/var/spool/cron/crontabs")).or_else(|| below("/var/spool/cron"))
    {
        return Some(Runner::Crontab(User::named(name)));
    }
    let found = match path {
        "/etc/crontab" => Runner::SystemCrontab,
        "/etc/anacrontab" => Runner::Anacrontab,
        "/etc/logrotate.conf" => Runner::Logrotate,
        "/etc/ld.so.preload" | "/etc/ld.so.conf" => Runner::Libraries,
        "/etc/rc.local" | "/etc/rc.d/rc.local" | "/root/.bashrc" | "/root/.bash_profile" | "/root/.profile" => {
            Runner::Script(User::Root)
        }
        _ if within(&["/etc/cron.d"]) => Runner::SystemCrontab,
        _ if within(&["/etc/udev/rules.d", "/usr/lib/udev/rules.d"]) => Runner::Udev,
        _ if within(&["/etc/logrotate.d"]) => Runner::Logrotate,
        _ if within(&["/etc/init"]) && paths::extension(path) == Some("conf") => Runner::Upstart,
        _ if within(&["/etc/ld.so.conf.d"]) => Runner::Libraries,
        _ if within(&BY_ROOT) || is_of_runlevel(path) => Runner::Script(User::Root),
        _ if is_path_of_python(path) => Runner::Libraries,
        _ if paths::is_start_up_file(path) => Runner::Script(User::Notebook),
        _ if within(&UNITS) => match paths::extension(path) {
            Some("service") => Runner::Unit(User::Root),
            // A drop-in that names no user leaves that of its unit, which is not known here.
            Some("conf") => Runner::Unit(User::Unknown),
            _ => return None,
        },
        _ if within(&["/home/ec2-user/.config/systemd/user"]) && path.ends_with(".service") => {
            Runner::Unit(User::Notebook)
        }
        _ if within(&JUPYTER) || path.ends_with("/kernel.json") => Runner::Jupyter,
        _ => return None,
    };
    Some(found)
}

/// Whether init starts the file in a runlevel: `/etc/rc3.d/S99x`, or the same below `/etc/rc.d`.
fn is_of_runlevel(path: &str) -> bool {
    let rest = path.strip_prefix("/etc/rc.d/rc").or_else(|| path.strip_prefix("/etc/rc")).unwrap_or_default();
    rest.get(1..).is_some_and(|rest| rest.starts_with(".d/")) && rest.starts_with(|level: char| level.is_ascii_digit())
}

/// Whether root's Python reads the file for folders to load code from.
fn is_path_of_python(path: &str) -> bool {
    paths::extension(path) == Some("pth") && path.contains("/python") && paths::is_within(path, "/usr")
}

/// Whether a path is a folder with others in it of which root runs the files, or such a folder itself.
pub fn holds_what_root_runs(path: &str) -> bool {
    let folders = SEARCHED.iter().chain(&UNITS).chain(&BY_ROOT).chain(&["/etc/cron.d"]);
    folders.into_iter().any(|folder| paths::is_within(folder, path))
}

/// Whether root runs what is written at `path` after the hook.
pub fn runs_as_root(path: &str) -> bool {
    let by_root = [
        Runner::Script(User::Root),
        Runner::Crontab(User::Root),
        Runner::SystemCrontab,
        Runner::Unit(User::Root),
        Runner::Anacrontab,
        Runner::Udev,
        Runner::Upstart,
    ];
    runner(path).is_some_and(|runner| by_root.contains(&runner))
}

//! Commands that change the user: whom they become, and what they run.

use super::command_line::Args;
use super::known_programs::args_of;
use crate::script::effect::Family;
use crate::script::shell::mapped::Text;
use crate::script::state::paths;
use crate::script::state::user::User;

/// The command that runs as the new user.
#[derive(Debug, Clone)]
pub enum Runs {
    /// Nothing; the flag says whether the tool still asks whether its caller may use it.
    Nothing { asks: bool },
    /// The words from this index on.
    Command(usize),
    /// A shell that reads standard input.
    Shell,
    /// A shell that runs this text.
    Script(Text),
    /// A shell with the words from this index on as its arguments.
    ShellWith(usize),
}

/// When the command of a change of user runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// At once; its status is the tool's.
    Waits,
    /// At once, while the script goes on.
    Background,
    /// After the hook.
    Later,
}

/// A change of user.
#[derive(Debug, Clone)]
pub struct Change {
    pub tool: &'static str,
    pub family: Family,
    pub user: User,
    pub runs: Runs,
    /// Starts in the target's home.
    pub login: bool,
    /// Variables and functions that were exported reach the command.
    pub keeps_environment: bool,
    /// When the command runs, and whether the tool waits for it.
    pub timing: Timing,
    /// `VAR=value` words before the command.
    pub variables: Vec<(String, Text)>,
}

impl Change {
    fn new(tool: &'static str, family: Family) -> Self {
        Self {
            tool,
            family,
            user: User::Root,
            runs: Runs::Nothing { asks: false },
            login: false,
            keeps_environment: family != Family::Sudo,
            timing: Timing::Waits,
            variables: Vec::new(),
        }
    }
}

/// Reads a command line that changes the user. `None` for every other command.
pub fn change(words: &[Text]) -> Option<Change> {
    let (name, rest) = words.split_first()?;
    let name = paths::base(name.as_str());
    let args = args_of(name, rest);
    match name {
        "sudo" => Some(sudo(args)),
        "sudoedit" => Some(Change { runs: Runs::Nothing { asks: true }, ..Change::new("sudoedit", Family::Sudo) }),
        "doas" => Some(by_rule("doas", &args)),
        "pkexec" => Some(by_rule("pkexec", &args)),
        "su" => Some(su("su", &args)),
        "runuser" => Some(match args.value("-u --user") {
            Some(user) => {
                Change { user: named(Some(user)), runs: command(&args), ..Change::new("runuser", Family::Su) }
            }
            None => su("runuser", &args_of("su", rest)),
        }),
        "setpriv" => {
            let user = named(Some(args.value("--reuid").or_else(|| args.value("--euid"))?));
            Some(Change { user, runs: command(&args), ..Change::new("setpriv", Family::Plain) })
        }
        "systemd-run" => systemd_run(&args),
        "gosu" | "su-exec" => {
            let user = named(Some(args.operand(0)?));
            Some(Change { user, runs: Runs::Command(2), ..Change::new("gosu", Family::Plain) })
        }
        _ => None,
    }
}

fn named(name: Option<&Text>) -> User {
    User::named(name.map_or("", Text::as_str))
}

/// The operands as a command, if there are any.
fn command(args: &Args<'_>) -> Runs {
    args.at(0).map_or(Runs::Nothing { asks: false }, |at| Runs::Command(at + 1))
}

/// Source: sudo(8).
fn sudo(args: Args<'_>) -> Change {
    let mut change = Change::new("sudo", Family::Sudo);
    let asks = args.has("-l -v -e --list --validate --edit");
    change.login = args.has("-i --login");
    if args.has("-u --user") {
        change.user = named(args.value("-u --user"));
    }
    if args.has("-b --background") {
        change.timing = Timing::Background;
    }
    change.keeps_environment = args.has("-E --preserve-env");
    change.runs = match command(&args) {
        _ if asks || args.has("-V --version --help") => Runs::Nothing { asks },
        Runs::Nothing { .. } if change.login || args.has("-s --shell") => Runs::Shell,
        // `-k` and `-K` alone only forget earlier permission.
        runs => runs,
    };
    change.variables = args.assigned;
    change
}

/// doas and pkexec: options, then the command.
fn by_rule(tool: &'static str, args: &Args<'_>) -> Change {
    let mut change = Change::new(tool, Family::Sudo);
    if args.has("-u --user") {
        change.user = named(args.value("-u --user"));
    }
    change.runs = match command(args) {
        Runs::Nothing { .. } if args.has("-s") => Runs::Shell,
        runs => runs,
    };
    change
}

/// su, and runuser without `-u`; options may follow the user. Source: su(1) of util-linux.
fn su(tool: &'static str, args: &Args<'_>) -> Change {
    let mut change = Change::new(tool, Family::Su);
    let dash = args.operand(0).is_some_and(|word| word.as_str() == "-");
    let user = usize::from(dash);
    change.login = dash || args.has("-l --login");
    if let Some(name) = args.operand(user) {
        change.user = named(Some(name));
    }
    change.keeps_environment = !change.login;
    change.runs = match (args.value("-c --command --session-command"), args.at(user + 1)) {
        (Some(script), _) => Runs::Script(script.clone()),
        (None, Some(at)) => Runs::ShellWith(at + 1),
        (None, None) => Runs::Shell,
    };
    change
}

fn systemd_run(args: &Args<'_>) -> Option<Change> {
    if args.has("--user") {
        return None;
    }
    let mut change = Change::new("systemd-run", Family::Plain);
    change.keeps_environment = false;
    if !args.has("--wait --scope -t --pty -P --pipe") {
        change.timing = Timing::Background;
    }
    for (name, value) in args.options() {
        if name.starts_with("--on-") || name == "--timer-property" {
            change.timing = Timing::Later;
        }
        let property = value.and_then(|value| value.as_str().strip_prefix("User="));
        match (name, property) {
            ("--uid", _) => change.user = named(value),
            ("-p" | "--property", Some(user)) => change.user = User::named(user),
            _ => {}
        }
    }
    change.runs = Runs::Command(args.at(0)? + 1);
    Some(change)
}

#[cfg(test)]
mod tests {
    use super::{Runs, User, change};
    use crate::script::shell::mapped::Text;

    fn read(line: &str) -> (User, String) {
        let words = Text::of_script(line).fields();
        let change = change(&words).unwrap_or_else(|| panic!("{line} changes no user"));
        let rest =
            |index: usize| words[index..].iter().map(|word| word.as_str().to_owned()).collect::<Vec<_>>().join(" ");
        let runs = match change.runs {
            Runs::Nothing { .. } => "nothing".to_owned(),
            Runs::Command(index) => rest(index),
            Runs::Shell => "shell".to_owned(),
            Runs::Script(text) => format!("script {}", text.as_str()),
            Runs::ShellWith(index) => format!("shell {}", rest(index)),
        };
        (change.user, runs)
    }

    #[test]
    fn every_spelling_names_the_user_and_the_command() {
        let notebook = [
            ("sudo -u ec2-user id", "id"),
            ("sudo -uec2-user id", "id"),
            ("sudo --user=ec2-user -- id -u", "id -u"),
            ("sudo --user ec2-user -E A=1 id", "id"),
            ("sudo -iu ec2-user", "shell"),
            ("sudo -Hiu ec2-user id", "id"),
            ("sudo -u #1000 -g users -n id", "id"),
            ("/usr/bin/sudo -n -H -u ec2-user -s", "shell"),
            ("su - ec2-user", "shell"),
            ("su ec2-user -c id", "script id"),
            ("su -lc id ec2-user", "script id"),
            ("su -s /bin/sh -c id ec2-user", "script id"),
            ("su --command=id ec2-user", "script id"),
            ("su - ec2-user run.sh a", "shell run.sh a"),
            ("runuser -u ec2-user -- id", "id"),
            ("runuser -l ec2-user -c id", "script id"),
            ("runuser - ec2-user", "shell"),
            ("setpriv --reuid=1000 --init-groups id", "id"),
            ("setpriv --reuid ec2-user --regid 1000 --clear-groups id", "id"),
            ("systemd-run --uid=ec2-user --unit x id", "id"),
            ("systemd-run -p User=ec2-user id", "id"),
            ("doas -u ec2-user id", "id"),
            ("pkexec --user ec2-user id", "id"),
        ];
        for (line, runs) in notebook {
            assert_eq!(read(line), (User::Notebook, runs.to_owned()), "{line}");
        }
        let root = [
            ("sudo id", "id"),
            ("sudo -p prompt id", "id"),
            ("sudo -k", "nothing"),
            ("sudo -k id", "id"),
            ("sudo -l", "nothing"),
            ("sudo -v", "nothing"),
            ("sudo -V", "nothing"),
            ("sudo -K", "nothing"),
            ("su", "shell"),
            ("su -c id", "script id"),
            ("doas id", "id"),
            ("systemd-run --on-active=30 id", "id"),
        ];
        for (line, runs) in root {
            assert_eq!(read(line), (User::Root, runs.to_owned()), "{line}");
        }
        assert_eq!(read("sudo -u postgres psql").0, User::Other("postgres".to_owned()));
        assert_eq!(read("sudo -u \u{1a} id").0, User::Unknown);
    }
}

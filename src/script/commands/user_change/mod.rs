//! Commands that change the user: whom they become, and what they run. Knows option syntax only, judges nothing.

mod other;
mod su;
mod sudo;

use crate::script::shell::mapped::Text;
use crate::script::state::paths;
use crate::script::state::user::User;

/// How a tool decides whether its caller may change the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// By rules: sudo, doas, pkexec.
    Sudo,
    /// By the target's password, or being root: su, runuser.
    Su,
    /// Only root can: setpriv, systemd-run and the like.
    Plain,
}

/// What runs as the new user.
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
    match paths::base(words.first()?.as_str()) {
        "sudo" => Some(sudo::sudo(words)),
        "sudoedit" => Some(Change { runs: Runs::Nothing { asks: true }, ..Change::new("sudoedit", Family::Sudo) }),
        "doas" => Some(sudo::prefixed(words, "doas", "uC", &[])),
        "pkexec" => Some(sudo::prefixed(words, "pkexec", "", &["--user"])),
        "su" => Some(su::su(words, "su")),
        "runuser" => Some(su::runuser(words)),
        "setpriv" => other::setpriv(words),
        "systemd-run" => other::systemd_run(words),
        "gosu" | "su-exec" => {
            let user = User::named(words.get(1)?.as_str());
            Some(Change { user, runs: Runs::Command(2), ..Change::new("gosu", Family::Plain) })
        }
        _ => None,
    }
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

//! Commands that run after the hook: from crontabs, units, start-up files, Jupyter's configuration.

use super::Walker;
use super::subshell::is_shell;
use crate::script::commands::{crontab, uses};
use crate::script::effect::{Act, Use};
use crate::script::shell::mapped::Text;
use crate::script::state::context::{Context, Fate};
use crate::script::state::later_runners::{Runner, runner};
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

impl Walker<'_> {
    /// Walks the files that something runs later, with their whole content.
    pub fn run_deferred(&mut self) {
        let mut walked: Vec<(String, usize)> = Vec::new();
        // A file that runs later may itself write others that run later.
        for _ in 0..3 {
            let open: Vec<(String, Text)> = self
                .files
                .all()
                .map(|(path, file)| (path.to_owned(), file.text.clone()))
                .filter(|(path, text)| !walked.contains(&(path.clone(), text.as_str().len())))
                .collect();
            for (path, text) in open {
                walked.push((path.clone(), text.as_str().len()));
                if let Some(runner) = runner(&path) {
                    self.open.push(path.clone());
                    self.run_file_later(&path, text, runner);
                    self.open.pop();
                }
            }
        }
    }

    fn run_file_later(&mut self, path: &str, text: Text, runner: Runner) {
        let lines = || text.lines();
        match runner {
            Runner::Script(user) => {
                if is_shell(text.as_str()) {
                    self.run_later(text, user, path);
                }
            }
            Runner::Crontab(user) => {
                let through = user.name().map_or_else(|| "a crontab".to_owned(), |name| format!("{name}'s crontab"));
                self.set_later(&text, &State::later(user.clone(), &through));
                for (_, command) in lines().iter().filter_map(|line| crontab::command(line, false)) {
                    self.run_later(command, user.clone(), &through);
                }
            }
            Runner::SystemCrontab => {
                let users = text.lines().into_iter().filter_map(|line| crontab::command(&line, true)?.0);
                if users.map(|user| User::named(&user)).any(|user| user == User::Root) {
                    self.set_later(&text, &State::later(User::Root, path));
                }
                for (user, command) in lines().iter().filter_map(|line| crontab::command(line, true)) {
                    self.run_later(command, user.map_or(User::Unknown, |user| User::named(&user)), path);
                }
            }
            Runner::Anacrontab => {
                for line in lines().iter().map(Text::trimmed) {
                    let words = line.fields();
                    if let [period, _, _, first, ..] = words.as_slice()
                        && period.as_str().starts_with(|it: char| it.is_ascii_digit() || it == '@')
                    {
                        let at = line.as_str().find(first.as_str()).unwrap_or_default();
                        self.run_later(line.slice(at..line.as_str().len()), User::Root, path);
                    }
                }
            }
            Runner::Udev => {
                for line in lines().iter().filter(|line| !line.as_str().trim_start().starts_with('#')) {
                    let text = line.as_str();
                    let Some(at) = text.find("RUN") else { continue };
                    let Some(open) = text[at..].find('"').map(|open| at + open + 1) else { continue };
                    let close = text[open..].find('"').map_or(text.len(), |close| open + close);
                    self.run_later(line.slice(open..close), User::Root, path);
                }
            }
            Runner::Logrotate => {
                let mut inside = false;
                for line in lines().iter().map(Text::trimmed) {
                    match line.as_str() {
                        "postrotate" | "prerotate" | "firstaction" | "lastaction" | "preremove" => inside = true,
                        "endscript" => inside = false,
                        _ if inside => self.run_later(line, User::Root, path),
                        _ => {}
                    }
                }
            }
            Runner::Upstart => self.run_job(path, &text),
            Runner::Libraries => {
                let state = State::later(User::Root, path);
                for line in lines().iter().map(Text::trimmed) {
                    for act in uses::searched("LD_PRELOAD", line.as_str()) {
                        self.yields(act, &line.whole_span(), &state);
                    }
                }
            }
            Runner::Unit(default) => self.run_unit(path, &text, default),
            // Python and JSON are not parsed; a string that starts with sudo looks like a call of it.
            Runner::Jupyter => {
                let state = State::later(User::Notebook, path);
                for line in lines().iter().filter(|line| calls_sudo(line.as_str())) {
                    self.yields(Act::CallsSudo { path: path.to_owned() }, &line.trimmed().whole_span(), &state);
                }
            }
        }
    }

    /// Variables that a crontab sets, a line each.
    fn set_later(&mut self, text: &Text, state: &State) {
        for line in text.lines().iter().map(Text::trimmed) {
            self.assigned_later(&line, state);
        }
    }

    /// `NAME=value`, with or without quotes around one or the other.
    fn assigned_later(&mut self, setting: &Text, state: &State) {
        let quotes = ['"', '\''];
        let Some((name, value)) = setting.as_str().trim_matches(quotes).split_once('=') else { return };
        for act in uses::searched(name.trim(), value.trim().trim_matches(quotes)) {
            self.yields(act, &setting.whole_span(), state);
        }
    }

    fn run_later(&mut self, text: Text, user: User, through: &str) {
        let mut state = State::later(user, through);
        self.script(text, &mut state, &Context::of_shell(Fate::Lost));
    }

    fn run_job(&mut self, path: &str, text: &Text) {
        let lines: Vec<Text> = text.lines().iter().map(Text::trimmed).collect();
        let user = lines.iter().find_map(|line| line.as_str().strip_prefix("setuid ")).map_or(User::Root, User::named);
        let mut inside = false;
        for line in lines {
            let words = line.as_str();
            let exec = words.split_ascii_whitespace().take(2).any(|word| word == "exec");
            match words {
                _ if words.ends_with("end script") => inside = false,
                _ if inside => self.run_later(line, user.clone(), path),
                _ if words == "script" || words.ends_with("-start script") || words.ends_with("-stop script") => {
                    inside = true;
                }
                _ if exec => {
                    let at = words.find("exec").map_or(0, |at| at + "exec".len());
                    self.run_later(line.slice(at..words.len()), user.clone(), path);
                }
                _ => {}
            }
        }
    }

    fn run_unit(&mut self, unit: &str, text: &Text, default: User) {
        let joined = join_continuations(text);
        let mut user = default;
        let mut folder = Some("/".to_owned());
        let (mut commands, mut environments, mut settings) = (Vec::new(), Vec::new(), Vec::new());
        for line in joined.lines() {
            let line = line.trimmed();
            let Some((key, value)) = line.as_str().split_once('=') else { continue };
            let command = line.slice(key.len() + 1..line.as_str().len()).trimmed();
            let value = value.trim();
            match key.trim() {
                "User" if value.is_empty() => user = User::Root,
                "User" => user = User::named(value),
                "DynamicUser" if matches!(value, "yes" | "true" | "1") => {
                    user = User::Other("a dynamic user".to_owned());
                }
                "WorkingDirectory" => folder = Some(paths::resolve(value.trim_start_matches('-'), Some("/"))),
                key if key.starts_with("Exec") => commands.push(command),
                // The program of the unit loads what its variables name.
                "EnvironmentFile" => environments.push(command),
                "Environment" => settings.extend(command.fields()),
                _ => {}
            }
        }
        for setting in settings {
            self.assigned_later(&setting, &State::later(user.clone(), unit));
        }
        for file in environments {
            let path = paths::resolve(file.as_str().trim_start_matches('-'), Some("/"));
            let act = Act::Use { how: Use::Loads, path, fetched: false };
            self.yields(act, &file.whole_span(), &State::later(user.clone(), unit));
        }
        for command in commands {
            let prefix = command.as_str().bytes().take_while(|byte| b"@-:+!".contains(byte)).count();
            let full = command.as_str()[..prefix].contains(['+', '!']);
            let mut state = State::later(if full { User::Root } else { user.clone() }, unit);
            state.folder.clone_from(&folder);
            let length = command.as_str().len();
            self.script(command.slice(prefix..length), &mut state, &Context::of_shell(Fate::Lost));
        }
    }
}

fn calls_sudo(line: &str) -> bool {
    let quoted = ["\"sudo ", "'sudo ", "\"sudo\"", "'sudo'", "\"/usr/bin/sudo", "'/usr/bin/sudo"];
    !line.trim_start().starts_with('#') && quoted.iter().any(|start| line.contains(start))
}

/// Joins lines that end in a backslash, as systemd does.
fn join_continuations(text: &Text) -> Text {
    let content = text.as_str();
    let mut result = Text::default();
    let mut start = 0;
    while let Some(at) = content[start..].find("\\\n").map(|offset| start + offset) {
        result.push(&text.slice(start..at));
        result.push_whole("  ", text.span(at..at + 2));
        start = at + 2;
    }
    result.push(&text.slice(start..content.len()));
    result
}

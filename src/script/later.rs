//! What runs after the hook: crontabs, units, start-up files, Jupyter's configuration.

use crate::rules::{Rule, Severity};
use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::interpret::subshell::is_shell;
use crate::script::report::Draft;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::call::Call;
use crate::script::state::context::{Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// The name under which a crontab that was installed with `crontab` is kept.
const CRONTAB: &str = "crontab:";

/// Who runs a file after the hook, and how it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Runner {
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
    /// A systemd unit; the user where it names none.
    Unit(User),
    /// Python or JSON that the notebook server of ec2-user reads.
    Jupyter,
}

fn runner(path: &str) -> Option<Runner> {
    let user_of = |name: &str| User::named(name);
    let unit_folders = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/system"];
    let within = |folder: &str| path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    if let Some(name) = path.strip_prefix(CRONTAB) {
        return Some(Runner::Crontab(user_of(name)));
    }
    if let Some(name) = within("/var/spool/cron/crontabs").or_else(|| within("/var/spool/cron")) {
        return Some(Runner::Crontab(user_of(name)));
    }
    if path == "/etc/crontab" || within("/etc/cron.d").is_some() {
        return Some(Runner::SystemCrontab);
    }
    if path == "/etc/anacrontab" {
        return Some(Runner::Anacrontab);
    }
    if within("/etc/udev/rules.d").is_some() || within("/usr/lib/udev/rules.d").is_some() {
        return Some(Runner::Udev);
    }
    if within("/etc/logrotate.d").is_some() || path == "/etc/logrotate.conf" {
        return Some(Runner::Logrotate);
    }
    if path == "/etc/ld.so.preload" || path == "/etc/ld.so.conf" || within("/etc/ld.so.conf.d").is_some() {
        return Some(Runner::Libraries);
    }
    let by_root = [
        "/etc/cron.hourly",
        "/etc/cron.daily",
        "/etc/cron.weekly",
        "/etc/cron.monthly",
        "/etc/init.d",
        "/etc/rc.d/init.d",
        "/var/lib/cloud/scripts/per-boot",
        "/var/lib/cloud/scripts/per-instance",
    ];
    if by_root.iter().any(|folder| within(folder).is_some())
        || ["/etc/rc.local", "/etc/rc.d/rc.local", "/root/.bashrc", "/root/.bash_profile", "/root/.profile"]
            .contains(&path)
    {
        return Some(Runner::Script(User::Root));
    }
    if paths::is_start_up_file(path) {
        return Some(Runner::Script(User::Notebook));
    }
    if unit_folders.iter().any(|folder| within(folder).is_some()) {
        // A drop-in that names no user leaves that of its unit, which is not known here.
        let user = if path.ends_with(".service") { User::Root } else { User::Unknown };
        return matches!(paths::extension(path), Some("service" | "conf")).then_some(Runner::Unit(user));
    }
    if within("/home/ec2-user/.config/systemd/user").is_some() && path.ends_with(".service") {
        return Some(Runner::Unit(User::Notebook));
    }
    let jupyter = [
        "/home/ec2-user/.jupyter",
        "/home/ec2-user/.ipython",
        "/etc/jupyter",
        "/etc/ipython",
        "/usr/local/etc/jupyter",
    ]
    .iter()
    .any(|folder| within(folder).is_some())
        || path.ends_with("/kernel.json");
    jupyter.then_some(Runner::Jupyter)
}

/// The name under which the crontab is kept that a call of `crontab` is about.
pub fn crontab_key(words: &[Text], state: &State) -> Option<String> {
    let user = match options::value(words, Some('u'), "") {
        Some(name) => User::named(name.as_str()),
        None => state.user.clone(),
    };
    user.name().map(|name| format!("{CRONTAB}{name}"))
}

/// Whether root runs what is written at `path` after the hook.
pub fn runs_as_root(path: &str) -> bool {
    matches!(
        runner(path),
        Some(
            Runner::Script(User::Root) | Runner::Crontab(User::Root) | Runner::SystemCrontab | Runner::Unit(User::Root)
        )
    )
}

impl Walker<'_> {
    /// The `crontab` command: installs a file or standard input.
    pub fn crontab(&mut self, call: &Call, state: &State, context: &Context) {
        if call.name() != "crontab" {
            return;
        }
        let words = call.arguments();
        let Some(key) = crontab_key(words, state) else { return };
        let user = User::named(&key[CRONTAB.len()..]);
        if options::has(words, 'r', "") && options::operands(words, &["-u"]).is_empty() {
            self.files.remove(&key);
            return;
        }
        if options::has(words, 'l', "") || options::has(words, 'e', "") {
            return;
        }
        let span = call.span();
        let text = match options::operands(words, &["-u"]).first() {
            Some(file) if file.as_str() != "-" => {
                let path = paths::resolve(file.as_str(), state.folder.as_deref());
                let text = self.files.read(&path);
                if user == User::Root {
                    self.ownership.run_by_root(&path);
                }
                if user == User::Root && text.is_empty() && paths::is_within(&path, paths::HOME) {
                    self.report.add(Draft::new(
                        Rule::RootRunsUserWritable,
                        &span,
                        format!("root's crontab is taken from {}, which ec2-user can rewrite", paths::shown(&path)),
                        "Write root's crontab in the hook itself, or use `crontab -u ec2-user`.",
                    ));
                }
                text
            }
            _ => context.input.as_ref().map(|input| input.text.clone()).unwrap_or_default(),
        };
        self.files.write(&key, &text, self.also, &span);
    }

    /// Judges the files that something runs later, with their whole content.
    pub fn judge_later(&mut self) {
        let mut judged: Vec<(String, usize)> = Vec::new();
        // What runs later may itself write what runs later.
        for _ in 0..3 {
            let open: Vec<(String, Text)> = self
                .files
                .all()
                .map(|(path, file)| (path.to_owned(), file.text.clone()))
                .filter(|(path, text)| !judged.contains(&(path.clone(), text.as_str().len())))
                .collect();
            for (path, text) in open {
                judged.push((path.clone(), text.as_str().len()));
                if let Some(runner) = runner(&path) {
                    self.judge_file(&path, text, runner);
                }
            }
        }
    }

    fn judge_file(&mut self, path: &str, text: Text, runner: Runner) {
        match runner {
            Runner::Script(user) => {
                if is_shell(text.as_str()) {
                    self.run_later(text, user, path);
                }
            }
            Runner::Crontab(user) => {
                let through = match user.name() {
                    Some(name) => format!("{name}'s crontab"),
                    None => "a crontab".to_owned(),
                };
                for line in text.lines() {
                    if let Some(command) = cron_command(&line, false) {
                        self.run_later(command.1, user.clone(), &through);
                    }
                }
            }
            Runner::SystemCrontab => {
                for line in text.lines() {
                    if let Some((user, command)) = cron_command(&line, true) {
                        let user = user.map_or(User::Unknown, |user| User::named(&user));
                        self.run_later(command, user, path);
                    }
                }
            }
            Runner::Anacrontab => {
                for line in text.lines().iter().map(Text::trimmed) {
                    let words = line.fields();
                    if let [period, _, _, first, ..] = words.as_slice()
                        && period.as_str().starts_with(|it: char| it.is_ascii_digit() || it == '@')
                    {
                        let at = first.as_str();
                        let at = line.as_str().find(at).unwrap_or_default();
                        self.run_later(line.slice(at..line.as_str().len()), User::Root, path);
                    }
                }
            }
            Runner::Udev => {
                for line in text.lines() {
                    let Some(at) = line.as_str().find("RUN").filter(|_| !line.as_str().trim_start().starts_with('#'))
                    else {
                        continue;
                    };
                    let Some(open) = line.as_str()[at..].find('"').map(|open| at + open + 1) else { continue };
                    let close = line.as_str()[open..].find('"').map_or(line.as_str().len(), |close| open + close);
                    self.run_later(line.slice(open..close), User::Root, path);
                }
            }
            Runner::Logrotate => {
                let mut inside = false;
                for line in text.lines().iter().map(Text::trimmed) {
                    match line.as_str() {
                        "postrotate" | "prerotate" | "firstaction" | "lastaction" | "preremove" => inside = true,
                        "endscript" => inside = false,
                        _ if inside => self.run_later(line, User::Root, path),
                        _ => {}
                    }
                }
            }
            Runner::Libraries => {
                let state = State::later(User::Root, path);
                for line in text.lines().iter().map(Text::trimmed) {
                    self.searched("LD_PRELOAD", line.as_str(), &line.whole_span(), &state);
                }
            }
            Runner::Unit(default) => self.judge_unit(path, &text, default),
            Runner::Jupyter => self.judge_jupyter(path, &text),
        }
    }

    fn run_later(&mut self, text: Text, user: User, through: &str) {
        let mut state = State::later(user, through);
        self.script(text, &mut state, &Context::of_shell(Fate::Lost));
    }

    fn judge_unit(&mut self, path: &str, text: &Text, default: User) {
        let joined = join_continuations(text);
        let mut user = default;
        let mut folder = Some("/".to_owned());
        let mut commands = Vec::new();
        for line in joined.lines() {
            let line = line.trimmed();
            let Some((key, value)) = line.as_str().split_once('=') else { continue };
            let value_text = line.slice(key.len() + 1..line.as_str().len()).trimmed();
            match key.trim() {
                "User" if value.trim().is_empty() => user = User::Root,
                "User" => user = User::named(value.trim()),
                "DynamicUser" if matches!(value.trim(), "yes" | "true" | "1") => {
                    user = User::Other("a dynamic user".to_owned());
                }
                "WorkingDirectory" => folder = Some(paths::resolve(value.trim().trim_start_matches('-'), Some("/"))),
                key if key.starts_with("Exec") => commands.push(value_text),
                _ => {}
            }
        }
        for command in commands {
            let prefix = command.as_str().bytes().take_while(|byte| b"@-:+!".contains(byte)).count();
            let full = command.as_str()[..prefix].contains(['+', '!']);
            let user = if full { User::Root } else { user.clone() };
            let mut state = State::later(user, path);
            state.folder.clone_from(&folder);
            let length = command.as_str().len();
            self.script(command.slice(prefix..length), &mut state, &Context::of_shell(Fate::Lost));
        }
    }

    /// Python and JSON are not parsed; a string that starts with sudo is what a call of it looks like.
    fn judge_jupyter(&mut self, path: &str, text: &Text) {
        for line in text.lines() {
            let content = line.as_str();
            let quoted = ["\"sudo ", "'sudo ", "\"sudo\"", "'sudo'", "\"/usr/bin/sudo", "'/usr/bin/sudo"];
            if content.trim_start().starts_with('#') || !quoted.iter().any(|start| content.contains(start)) {
                continue;
            }
            let draft = Draft::new(
                Rule::DeferredSudo,
                &line.trimmed().whole_span(),
                format!(
                    "{} calls sudo as ec2-user after the hook; once root access is off it fails",
                    paths::shown(path)
                ),
                "Let root do it in the hook, or from a unit without `User=` that runs a file only root can write.",
            );
            self.report.add(draft.severity(Severity::Warning));
        }
    }
}

/// The user, where the line has one, and the command of a crontab line. Source: crontab(5).
fn cron_command(line: &Text, with_user: bool) -> Option<(Option<String>, Text)> {
    let line = line.trimmed();
    let text = line.as_str();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let first = words.first()?;
    let is_schedule = |word: &&str| {
        word.chars().all(|letter| letter.is_ascii_digit() || "*/,-?".contains(letter) || letter == UNKNOWN)
    };
    let schedule = if first.starts_with('@') {
        1
    } else if words
        .iter()
        .take(5)
        .filter(|word| {
            is_schedule(word)
                || word.len() <= 9 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || b",-".contains(&byte))
        })
        .count()
        == 5
    {
        5
    } else if first.contains(UNKNOWN) && first.chars().all(|letter| letter == UNKNOWN) {
        // A variable that holds the whole schedule.
        1
    } else {
        // NAME=value, or no crontab line at all.
        return None;
    };
    let skipped = schedule + usize::from(with_user);
    let user = with_user.then(|| words.get(schedule).map(|word| (*word).to_owned())).flatten();
    let command = words.get(skipped)?;
    let at = command.as_ptr() as usize - text.as_ptr() as usize;
    Some((user, line.slice(at..text.len())))
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

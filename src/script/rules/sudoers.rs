//! Reads sudoers rules. Source: sudoers(5).

use crate::script::shell::mapped::UNKNOWN;
use crate::script::state::paths;

/// The most that a sudoers text allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// Nothing new: comments, `Defaults`, rules about root itself.
    None,
    /// Named commands, to this account or group.
    Scoped(String),
    /// Everything, to this account or group if it is known.
    Root(Option<String>),
}

/// Programs that start any other program, or write any file: allowing them allows everything.
const OPEN_ENDED: &str = "bash sh dash zsh ksh su sudo env python python2 python3 perl ruby node vi vim nano emacs less visudo \
    docker podman tee cp mv dd chmod chown find awk gawk tar xargs crontab nsenter chroot";

pub fn judge(text: &str) -> Grant {
    let mut worst = Grant::None;
    let joined = text.replace("\\\n", " ");
    let mut aliases: Vec<(&str, &str)> = Vec::new();
    for line in joined.lines().map(str::trim) {
        if let Some((name, commands)) = line.strip_prefix("Cmnd_Alias").and_then(|rest| rest.split_once('=')) {
            aliases.push((name.trim(), commands.trim()));
        }
    }
    for line in joined.lines().map(str::trim) {
        match rule(line, &aliases) {
            root @ Grant::Root(_) => return root,
            scoped @ Grant::Scoped(_) => worst = scoped,
            Grant::None => {}
        }
    }
    worst
}

fn rule(line: &str, aliases: &[(&str, &str)]) -> Grant {
    let uid = line.starts_with('#') && line[1..].starts_with(|letter: char| letter.is_ascii_digit());
    let silent = line.is_empty() || line.starts_with('#') && !uid || line.starts_with('@');
    if silent || ["User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias"].iter().any(|word| line.starts_with(word)) {
        return Grant::None;
    }
    if line.starts_with("Defaults") {
        return if line.contains("!authenticate") { Grant::Root(None) } else { Grant::None };
    }
    let Some((left, right)) = line.split_once('=') else {
        return if line.contains(UNKNOWN) { Grant::Root(None) } else { Grant::None };
    };
    let who = left.split_whitespace().next().unwrap_or_default().to_owned();
    if who == "root" {
        return Grant::None;
    }
    let mut commands = right.trim();
    if let Some(rest) = commands.strip_prefix('(')
        && let Some((runas, rest)) = rest.split_once(')')
    {
        let users = runas.split(':').next().unwrap_or_default();
        let as_root = users.trim().is_empty()
            || users.contains(UNKNOWN)
            || users.split(',').any(|user| matches!(user.trim(), "ALL" | "root" | "#0"));
        if !as_root {
            return Grant::Scoped(who);
        }
        commands = rest.trim();
    }
    while let Some((tag, rest)) = commands.split_once(':') {
        if tag.is_empty() || !tag.trim().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
            break;
        }
        commands = rest.trim();
    }
    let mut named = commands.split(',').map(str::trim).filter(|command| !command.is_empty());
    if named.clone().next().is_some() && named.all(|command| command.starts_with('!')) {
        return Grant::None;
    }
    let everything = commands.split(',').map(str::trim).any(|command| is_open_ended(command, aliases));
    if everything { Grant::Root(Some(who)) } else { Grant::Scoped(who) }
}

fn is_open_ended(command: &str, aliases: &[(&str, &str)]) -> bool {
    let mut words = command.split_whitespace().filter(|word| !(word.ends_with(':') && word.to_uppercase() == *word));
    let program = words.next().unwrap_or_default();
    if let Some((_, commands)) = aliases.iter().find(|(name, _)| *name == program) {
        return commands.split(',').map(str::trim).any(|command| is_open_ended(command, &[]));
    }
    let base = paths::base(program);
    program == "ALL"
        || paths::is_within(program, paths::HOME)
        || paths::is_within(program, "/tmp")
        || (OPEN_ENDED.split_ascii_whitespace().any(|it| it == base) || base.starts_with("python3."))
            && words.next().is_none_or(|word| word.starts_with('*'))
}

#[cfg(test)]
mod tests {
    use super::{Grant, judge};

    #[test]
    fn everything_as_root_is_told_from_named_commands_and_from_nothing() {
        let root = [
            "ec2-user ALL=(ALL) NOPASSWD:ALL",
            "%users ALL=(ALL:ALL) ALL",
            "ec2-user ALL = NOPASSWD: SETENV: ALL",
            "#1000 ALL=(root) ALL",
            "ec2-user ALL=(ALL) NOPASSWD: /bin/ls, /bin/bash",
            "ec2-user ALL=NOPASSWD: /home/ec2-user/SageMaker/x.sh",
            "# comment\nec2-user ALL=(ALL) \\\n  NOPASSWD: ALL",
            "Cmnd_Alias X = /bin/ls, ALL\nec2-user ALL=X",
            "Defaults !authenticate",
            "ALL ALL=(ALL) ALL",
        ];
        for text in root {
            assert!(matches!(judge(text), Grant::Root(_)), "{text}");
        }
        let scoped = [
            "ec2-user ALL=(ALL) NOPASSWD: /bin/systemctl restart jupyter-server",
            "ec2-user ALL=(postgres) NOPASSWD: ALL",
            "Cmnd_Alias X = /bin/ls\nec2-user ALL=NOPASSWD: X",
            "ec2-user ALL=/usr/bin/python3 /opt/fixed.py",
        ];
        for text in scoped {
            assert!(matches!(judge(text), Grant::Scoped(_)), "{text}");
        }
        for text in [
            "",
            "# ec2-user ALL=(ALL) ALL",
            "Defaults:ec2-user !requiretty",
            "root ALL=(ALL) ALL",
            "@includedir /etc/sudoers.d",
        ] {
            assert_eq!(judge(text), Grant::None, "{text}");
        }
    }
}

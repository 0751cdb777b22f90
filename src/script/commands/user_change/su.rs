//! su and runuser.

use super::{Change, Family, Runs};
use crate::script::shell::mapped::Text;
use crate::script::state::user::User;

/// Source: su(1) of util-linux; options may follow the user.
pub fn su(words: &[Text], tool: &'static str) -> Change {
    let mut change = Change::new(tool, Family::Su);
    let mut script = None;
    let mut operands = Vec::new();
    let mut index = 1;
    while let Some(word) = words.get(index) {
        let text = word.as_str();
        let next = words.get(index + 1).cloned();
        if text == "--" {
            operands.extend(index + 1..words.len());
            break;
        } else if let Some(long) = text.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, _)) => (name, Some(word.slice(name.len() + 3..text.len()))),
                None => (long, next),
            };
            match name {
                "command" | "session-command" => script = value,
                "login" => change.login = true,
                _ => {}
            }
            let valued = matches!(
                name,
                "command" | "session-command" | "shell" | "group" | "supp-group" | "whitelist-environment"
            );
            if valued && !long.contains('=') {
                index += 1;
            }
        } else if text == "-" {
            change.login = true;
        } else if text.starts_with('-') {
            for (at, letter) in text.char_indices().skip(1) {
                change.login |= letter == 'l';
                if "csgGwT".contains(letter) {
                    let after = at + letter.len_utf8();
                    let value = if after < text.len() { Some(word.slice(after..text.len())) } else { next.clone() };
                    index += usize::from(after >= text.len());
                    if letter == 'c' {
                        script = value;
                    }
                    break;
                }
            }
        } else {
            operands.push(index);
        }
        index += 1;
    }
    if let Some(first) = operands.first() {
        change.user = User::named(words[*first].as_str());
    }
    change.keeps_environment = !change.login;
    change.runs = match (script, operands.get(1)) {
        (Some(script), _) => Runs::Script(script),
        (None, Some(index)) => Runs::ShellWith(*index),
        (None, None) => Runs::Shell,
    };
    change
}

/// `runuser -u USER COMMAND…` runs a command; in every other form it is `su` without questions.
pub fn runuser(words: &[Text]) -> Change {
    let mut index = 1;
    let mut user = None;
    while let Some(text) = words.get(index).map(Text::as_str) {
        match text {
            "-u" | "--user" => {
                user = words.get(index + 1).map(|name| User::named(name.as_str()));
                index += 2;
            }
            "-g" | "-G" | "--group" | "--supp-group" => index += 2,
            "--" => {
                index += 1;
                break;
            }
            _ if text.starts_with("--user=") => {
                user = Some(User::named(&text["--user=".len()..]));
                index += 1;
            }
            _ if text.starts_with('-') && user.is_some() => index += 1,
            _ => break,
        }
    }
    match user {
        Some(user) => {
            let runs = if index < words.len() { Runs::Command(index) } else { Runs::Nothing { asks: false } };
            Change { user, runs, ..Change::new("runuser", Family::Su) }
        }
        None => su(words, "runuser"),
    }
}

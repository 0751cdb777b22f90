//! sudo, doas and pkexec.

use super::{Change, Family, Runs, Timing};
use crate::script::shell::mapped::Text;
use crate::script::state::user::User;

/// Options of `sudo` that take a value. Source: sudo(8).
const SUDO_VALUES: &str = "ugphCrtTUDR";
const SUDO_LONG_VALUES: [&str; 11] = [
    "user",
    "group",
    "prompt",
    "host",
    "close-from",
    "role",
    "type",
    "command-timeout",
    "other-user",
    "chdir",
    "chroot",
];

pub fn sudo(words: &[Text]) -> Change {
    let mut change = Change::new("sudo", Family::Sudo);
    let (mut shell, mut asks, mut helps) = (false, false, false);
    let mut index = 1;
    while let Some(word) = words.get(index) {
        let text = word.as_str();
        if text == "--" {
            index += 1;
            break;
        } else if let Some(long) = text.strip_prefix("--") {
            let (name, mut value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            if value.is_none() && SUDO_LONG_VALUES.contains(&name) {
                index += 1;
                value = words.get(index).map(Text::as_str);
            }
            match name {
                "user" => change.user = User::named(value.unwrap_or_default()),
                "login" => change.login = true,
                "shell" => shell = true,
                "list" | "validate" | "edit" => asks = true,
                "version" | "help" => helps = true,
                "background" => change.timing = Timing::Background,
                "preserve-env" => change.keeps_environment = true,
                _ => {}
            }
        } else if text.len() > 1 && text.starts_with('-') {
            for (at, letter) in text.char_indices().skip(1) {
                match letter {
                    'i' => change.login = true,
                    's' => shell = true,
                    'l' | 'v' | 'e' => asks = true,
                    'V' => helps = true,
                    'b' => change.timing = Timing::Background,
                    'E' => change.keeps_environment = true,
                    _ => {}
                }
                if SUDO_VALUES.contains(letter) {
                    let rest = &text[at + letter.len_utf8()..];
                    let value = if rest.is_empty() {
                        index += 1;
                        words.get(index).map_or("", Text::as_str)
                    } else {
                        rest
                    };
                    if letter == 'u' {
                        change.user = User::named(value);
                    }
                    break;
                }
            }
        } else if let Some((name, _)) = text.split_once('=').filter(|(name, _)| is_variable(name)) {
            change.variables.push((name.to_owned(), word.slice(name.len() + 1..text.len())));
        } else {
            break;
        }
        index += 1;
    }
    change.runs = if asks || helps {
        Runs::Nothing { asks }
    } else if index < words.len() {
        Runs::Command(index)
    } else if change.login || shell {
        Runs::Shell
    } else {
        // `-k` and `-K` alone only forget earlier permission.
        Runs::Nothing { asks: false }
    };
    change
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// doas and pkexec: options, then the command.
pub fn prefixed(words: &[Text], tool: &'static str, valued: &str, long_user: &[&str]) -> Change {
    let mut change = Change::new(tool, Family::Sudo);
    let mut index = 1;
    while let Some(text) = words.get(index).map(Text::as_str) {
        if !text.starts_with('-') {
            break;
        }
        let takes = text.len() == 2 && valued.contains(&text[1..]) || long_user.contains(&text);
        if takes {
            index += 1;
            if text == "-u" || long_user.contains(&text) {
                change.user = User::named(words.get(index).map_or("", Text::as_str));
            }
        } else if let Some(name) = text.strip_prefix("--user=") {
            change.user = User::named(name);
        }
        change.login |= text == "-s";
        index += 1;
    }
    change.runs = if index < words.len() {
        Runs::Command(index)
    } else if change.login {
        Runs::Shell
    } else {
        Runs::Nothing { asks: false }
    };
    change.login = false;
    change
}

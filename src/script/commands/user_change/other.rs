//! Tools that only root can change the user with.

use super::{Change, Family, Runs, Timing};
use crate::script::commands::options;
use crate::script::shell::mapped::Text;
use crate::script::state::user::User;

pub fn setpriv(words: &[Text]) -> Option<Change> {
    let arguments = &words[1..];
    let name = options::value(arguments, None, "reuid").or_else(|| options::value(arguments, None, "euid"))?;
    let mut index = 1;
    while let Some(text) = words.get(index).map(Text::as_str) {
        if text == "--" {
            index += 1;
            break;
        }
        if !text.starts_with('-') {
            break;
        }
        let flag = text.contains('=')
            || ["--init-groups", "--clear-groups", "--keep-groups", "--no-new-privs", "--nnp", "--reset-env"]
                .contains(&text);
        index += if flag { 1 } else { 2 };
    }
    let runs = if index < words.len() { Runs::Command(index) } else { Runs::Nothing { asks: false } };
    Some(Change { user: User::named(name.as_str()), runs, ..Change::new("setpriv", Family::Plain) })
}

pub fn systemd_run(words: &[Text]) -> Option<Change> {
    const VALUED: [&str; 14] = [
        "-u",
        "--unit",
        "-p",
        "--property",
        "--description",
        "--slice",
        "-E",
        "--setenv",
        "--working-directory",
        "--nice",
        "--uid",
        "--gid",
        "-M",
        "-H",
    ];
    let mut change = Change::new("systemd-run", Family::Plain);
    change.keeps_environment = false;
    let mut index = 1;
    while let Some(text) = words.get(index).map(Text::as_str) {
        if text == "--" {
            index += 1;
            break;
        }
        if !text.starts_with('-') {
            break;
        }
        let on = text.starts_with("--on-") || text.starts_with("--timer-property");
        if on {
            change.timing = Timing::Later;
        }
        let value = match text.split_once('=') {
            Some((_, value)) if text.starts_with("--") => Some(value),
            _ if VALUED.contains(&text) || on => {
                index += 1;
                words.get(index).map(Text::as_str)
            }
            _ => None,
        };
        let value = value.unwrap_or_default();
        if text.starts_with("--uid") {
            change.user = User::named(value);
        } else if let Some(name) = value.strip_prefix("User=") {
            change.user = User::named(name);
        } else if text == "--user" {
            return None;
        }
        index += 1;
    }
    change.runs = if index < words.len() { Runs::Command(index) } else { return None };
    Some(change)
}

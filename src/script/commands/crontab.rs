//! Crontabs: whose crontab a call of `crontab` reads or changes, and the commands in one.

use super::command_line::Args;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::later_runners::CRONTAB;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// The user whose crontab a call of `crontab` is about, and the name under which it is kept.
pub fn owner(args: &Args<'_>, state: &State) -> Option<(User, String)> {
    let user = args.value("-u").map_or_else(|| state.actor.user.clone(), |name| User::named(name.as_str()));
    let name = format!("{CRONTAB}{}", user.name()?);
    Some((user, name))
}

/// The user, where the line has one, and the command of a crontab line. Source: crontab(5).
pub fn command(line: &Text, with_user: bool) -> Option<(Option<String>, Text)> {
    let line = line.trimmed();
    let text = line.as_str();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let first = words.first()?;
    let is_field = |word: &&&str| {
        let by_number = |letter: char| letter.is_ascii_digit() || "*/,-?".contains(letter) || letter == UNKNOWN;
        let by_name = |byte: u8| byte.is_ascii_alphabetic() || b",-".contains(&byte);
        word.chars().all(by_number) || word.len() <= 9 && word.bytes().all(by_name)
    };
    let schedule = if first.starts_with('@') {
        1
    } else if words.iter().take(5).filter(is_field).count() == 5 {
        5
    } else if first.chars().all(|letter| letter == UNKNOWN) {
        // A variable that holds the whole schedule.
        1
    } else {
        // NAME=value, or no crontab line at all.
        return None;
    };
    let user = with_user.then(|| words.get(schedule).map(|word| (*word).to_owned())).flatten();
    let command = words.get(schedule + usize::from(with_user))?;
    let at = command.as_ptr() as usize - text.as_ptr() as usize;
    Some((user, line.slice(at..text.len())))
}

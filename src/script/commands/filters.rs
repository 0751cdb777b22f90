//! The output of a filter for a known line, where that is plain: `cut`, `awk '{print $2}'`, `sed s/a/b/`, `tr`.

use super::command_line::Args;
use crate::script::shell::mapped::Text;
use crate::script::shell::pattern::replaced;
use crate::script::state::user::User;

/// The output of a filter for a known input, line by line. `None` if the input or the program is not that plain.
pub fn filtered(name: &str, args: &Args<'_>, input: &Text) -> Option<Text> {
    if !input.is_known() {
        return None;
    }
    let mut output = Text::default();
    for line in input.as_str().lines() {
        let line = match name {
            "cut" => cut(args, line)?,
            "awk" | "gawk" | "mawk" => printed_field(args, line)?,
            "sed" => substituted(args, line)?,
            "tr" => translated(args, line)?,
            _ => return None,
        };
        output.push_whole(&format!("{line}\n"), input.whole_span());
    }
    Some(output)
}

/// The output of `getent passwd NAME`.
pub fn account(args: &Args<'_>) -> Option<String> {
    let [database, name] = [args.operand(0)?, args.operand(1)?];
    let user = User::named(name.as_str());
    let (id, home) = (user.id()?, user.home()?);
    (database.as_str() == "passwd").then(|| format!("{}:x:{id}:{id}::{home}:/bin/bash", name.as_str()))
}

/// One field, counted from one.
fn field<'a>(mut fields: impl Iterator<Item = &'a str>, number: &str) -> Option<&'a str> {
    let number: usize = number.parse().ok()?;
    Some(fields.nth(number.checked_sub(1)?).unwrap_or_default())
}

fn cut(args: &Args<'_>, line: &str) -> Option<String> {
    let separator = args.value("-d --delimiter").map_or("\t", Text::as_str);
    let number = args.value("-f --fields")?.as_str();
    if !line.contains(separator) || separator.is_empty() {
        return Some(line.to_owned());
    }
    field(line.split(separator), number).map(str::to_owned)
}

/// `{print $N}`.
fn printed_field(args: &Args<'_>, line: &str) -> Option<String> {
    let program = args.operand(0)?.as_str().replace(' ', "");
    let number = program.strip_prefix("{print$")?.strip_suffix('}')?;
    let found = match args.value("-F").map(Text::as_str) {
        Some(separator) if separator.chars().count() == 1 && separator != " " => field(line.split(separator), number),
        None | Some(" ") => field(line.split_ascii_whitespace(), number),
        Some(_) => None,
    };
    found.map(str::to_owned)
}

/// `s/a/b/` and `s/a/b/g`.
fn substituted(args: &Args<'_>, line: &str) -> Option<String> {
    let script = args.value("-e --expression").or_else(|| args.operand(0))?.as_str();
    let body = script.strip_prefix('s')?;
    let separator = body.chars().next()?;
    let parts: Vec<&str> = body[separator.len_utf8()..].split(separator).collect();
    let [pattern, with, flags @ ("" | "g")] = parts.as_slice() else { return None };
    let anchored = match (pattern.strip_prefix('^'), pattern.strip_suffix('$')) {
        (Some(start), None) => format!("#{start}"),
        (None, Some(end)) => format!("%{end}"),
        _ => (*pattern).to_owned(),
    };
    let is_all = *flags == "g" && anchored == *pattern;
    let is_plain = !pattern.contains(['.', '(', '+', '#', '%', '|', '{']) && !with.contains(['&', '\\']);
    replaced(line, &anchored, with, is_all).filter(|_| is_plain)
}

/// One character for another, one class of letters for the other, or `-d` of some.
fn translated(args: &Args<'_>, line: &str) -> Option<String> {
    let from = args.operand(0)?.as_str();
    if args.has("-d --delete") {
        return (!from.contains(['[', '-', '\\'])).then(|| line.replace(|letter| from.contains(letter), ""));
    }
    let with = args.operand(1)?.as_str();
    match (from, with) {
        ("A-Z" | "[A-Z]" | "[:upper:]", "a-z" | "[a-z]" | "[:lower:]") => Some(line.to_ascii_lowercase()),
        ("a-z" | "[a-z]" | "[:lower:]", "A-Z" | "[A-Z]" | "[:upper:]") => Some(line.to_ascii_uppercase()),
        _ if from.chars().count() == 1 && with.chars().count() == 1 => Some(line.replace(from, with)),
        _ => None,
    }
}

//! Patterns of `${…}`, where they are plain: what they match, take off and replace.

use crate::script::shell::mapped::UNKNOWN;

/// Whether a pattern stands for itself alone.
fn is_plain(pattern: &str) -> bool {
    !pattern.is_empty() && !pattern.contains([UNKNOWN, '*', '?', '[', '\\'])
}

/// A value without the text that a pattern takes off one end. `None` if either is not known, or the pattern has more than
/// one star, at its inner side.
pub fn trimmed(value: &str, pattern: &str, end: bool, longest: bool) -> Option<String> {
    let star = if end { pattern.strip_suffix('*') } else { pattern.strip_prefix('*') };
    let plain = star.unwrap_or(pattern);
    if end && !longest && value.contains(UNKNOWN) {
        return Some(value.to_owned());
    }
    if value.contains(UNKNOWN) || !is_plain(plain) {
        return None;
    }
    let rest = match (end, star.is_some()) {
        (true, false) => value.strip_suffix(plain),
        (false, false) => value.strip_prefix(plain),
        (true, true) => (if longest { value.find(plain) } else { value.rfind(plain) }).map(|at| &value[..at]),
        (false, true) => {
            (if longest { value.rfind(plain) } else { value.find(plain) }).map(|at| &value[at + plain.len()..])
        }
    };
    Some(rest.unwrap_or(value).to_owned())
}

/// A value with the first match of a pattern, or all of them, replaced. `None` if the value or the pattern is not plain.
pub fn replaced(value: &str, pattern: &str, with: &str, all: bool) -> Option<String> {
    let (anchor, plain) = match pattern.chars().next() {
        Some(anchor @ ('#' | '%')) if !all => (Some(anchor), &pattern[1..]),
        _ => (None, pattern),
    };
    if value.contains(UNKNOWN) || !is_plain(plain) {
        return None;
    }
    let changed = match anchor {
        Some('#') => value.strip_prefix(plain).map(|rest| format!("{with}{rest}")),
        Some(_) => value.strip_suffix(plain).map(|start| format!("{start}{with}")),
        None if all => Some(value.replace(plain, with)),
        None => Some(value.replacen(plain, with, 1)),
    };
    Some(changed.unwrap_or_else(|| value.to_owned()))
}

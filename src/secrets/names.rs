//! Values that stand behind a name which says that they are secret.

use std::ops::Range;

use super::{Found, is_reference, skip_blanks, value};

/// A name that holds one of these, with `_`, `-` and `.` taken out, names a secret.
const WORDS: [&str; 21] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pgpass",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "authkey",
    "encryptionkey",
    "licensekey",
    "privatekey",
    "sharedkey",
    "signingkey",
    "credential",
    "connectionstring",
    "signature",
    "sessionid",
    "webhook",
];

/// A name whose last part is one of these names a secret.
const PARTS: [&str; 12] =
    ["pass", "pwd", "pw", "pat", "psk", "sig", "auth", "authorization", "cookie", "bearer", "creds", "cred"];

/// A name that ends in one of these says something else about a secret: where it is, or what it is called.
const ABOUT: [&str; 24] = [
    "id", "ids", "name", "names", "arn", "arns", "file", "files", "path", "dir", "folder", "url", "uri", "host",
    "type", "ttl", "length", "version", "count", "policy", "enabled", "stdin", "expiry", "minutes",
];

/// Names of which the value may stand behind a blank, as in `.netrc` and `aws configure set`.
const BEFORE_BLANK: [&str; 8] =
    ["password", "secretaccesskey", "secretkey", "authtoken", "accesstoken", "sessiontoken", "apikey", "accesskeyid"];

/// Words of a sentence about a password.
const PROSE: [&str; 13] = ["is", "are", "was", "for", "of", "to", "in", "and", "or", "from", "with", "by", "prompt"];

/// Words in front of the secret itself in a header.
const SCHEMES: [&str; 6] = ["bearer", "basic", "token", "digest", "apikey", "negotiate"];

/// Finds the values behind names.
pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let bytes = text.as_bytes();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut at = 0;
    while at < bytes.len() {
        if !is_part(bytes[at]) {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
        let start = is_secret(&text[at..end]).then(|| start_of_value(text, at, end)).flatten();
        // What a secret holds is not looked at again.
        at = end;
        if let Some(span) = start.and_then(|start| secret(text, start)) {
            if !is_reference(&text[span.clone()]) {
                at = at.max(span.end);
            }
            found.add(span);
        }
    }
}

/// Finds the strings that Terraform code itself marks, by the function `sensitive`.
pub(super) fn find_marked(found: &mut Found<'_>) {
    let text = found.text;
    for (at, call) in text.match_indices("sensitive(") {
        let start = skip_blanks(text, at + call.len());
        let is_other = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if !is_other && text[start..].trim_start_matches('\\').starts_with('"') {
            found.add(value(text, start));
        }
    }
}

/// The secret that starts at `start`, without the scheme of a header.
fn secret(text: &str, start: usize) -> Option<Range<usize>> {
    if text[start..].starts_with("$(") || text[start..].starts_with('`') {
        return None;
    }
    let span = value(text, start);
    let word = &text[span.clone()];
    if word.len() < 10 && SCHEMES.contains(&word.to_ascii_lowercase().as_str()) {
        return Some(value(text, skip_blanks(text, span.end)));
    }
    Some(scheme(word).map_or_else(|| span.clone(), |rest| span.end - rest.len()..span.end))
}

/// Finds what is given to variables that are used as secrets.
pub(super) fn find_variables(found: &mut Found<'_>) {
    let text = found.text;
    if found.variables.is_empty() {
        return;
    }
    let mut done = 0;
    for (end, _) in text.match_indices('=') {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = text[done..end].rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        let start = end - name.len();
        // A line end in a string of Terraform or JSON stands before the name of the next line.
        let name = if text[..start].ends_with('\\') { name.strip_prefix(['n', 't']).unwrap_or(name) } else { name };
        done = end + 1;
        if found.variables.contains(name) {
            let span = value(text, done);
            if !is_reference(&text[span.clone()]) && !text[done..].starts_with("$(") {
                found.spans.push(span);
            }
        }
    }
}

/// What stands behind the scheme of a header in quotes.
fn scheme(value: &str) -> Option<&str> {
    let (first, rest) = value.split_once(' ')?;
    SCHEMES.contains(&first.to_ascii_lowercase().as_str()).then_some(rest)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let (mut parts, all) =
        (name.split(['_', '-', '.']).filter(|part| !part.is_empty()), name.replace(['_', '-', '.'], ""));
    let Some(last) = parts.next_back() else { return false };
    if all.ends_with("accesskeyid") {
        return true;
    }
    if ABOUT.contains(&last) || matches!(name.as_str(), "pwd" | "oldpwd" | "nopasswd") {
        return false;
    }
    WORDS.iter().any(|word| all.contains(word)) || PARTS.contains(&last) || last == "key" && parts.next().is_some()
}

/// Where the value of a name starts, if it has one.
fn start_of_value(text: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let name = &text[start..end];
    // The quote that closes the name of a JSON property, or that of a variable in `["name"]`.
    let quote = bytes[end..].iter().take_while(|byte| matches!(byte, b'\\' | b'"' | b'\'' | b']')).count();
    let closed = end + if bytes.get(end + quote) == Some(&b'\n') { 0 } else { quote };
    let separator = skip_blanks(text, closed);
    match bytes.get(separator) {
        Some(b'=') if bytes.get(separator + 1) != Some(&b'=') => {
            let behind = separator + 1 + usize::from(bytes.get(separator + 1) == Some(&b'>'));
            // `PASSWORD= command` sets an empty value.
            let may_skip = separator > closed || quote > 0;
            Some(if may_skip { skip_blanks(text, behind) } else { behind })
        }
        Some(b':') => {
            let behind = separator + 1 + usize::from(matches!(bytes.get(separator + 1), Some(b'=' | b'-')));
            Some(skip_blanks(text, behind))
        }
        Some(_) if separator > end => {
            let all = name.to_ascii_lowercase().replace(['_', '-', '.'], "");
            let takes = name.starts_with('-') || BEFORE_BLANK.iter().any(|it| all.ends_with(it)) && !is_upper(name);
            let is_prose = PROSE.iter().any(|word| text[separator..].starts_with(&format!("{word} ")));
            (takes && !is_prose && bytes[separator] != b'-').then_some(separator)
        }
        _ => None,
    }
}

/// A variable, whose name alone is no more than that.
fn is_upper(name: &str) -> bool {
    name.chars().all(|c| !c.is_ascii_lowercase())
}

//! Text that looks like a key by itself: credentials in an address, known beginnings of tokens, private keys, and what is
//! too random for a name.

use std::ops::Range;

use super::{Found, ceil};

/// How tokens begin, by the documentation of those who give them out, and JSON Web Tokens.
const BEGINNINGS: [&str; 34] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "glrt-",
    "gldt-",
    "glcbt-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxs-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "hf_",
    "npm_",
    "pypi-",
    "dckr_pat_",
    "dapi",
    "dop_v1_",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "sk-",
    "SG.",
    "shpat_",
    "ATATT",
    "eyJ",
    "hvs.",
];

/// Fewer characters behind a beginning make no token.
const FEWEST_BEHIND: usize = 8;

/// No more of an address is looked at, in bytes.
const LONGEST_ADDRESS: usize = 500;

/// An address names these without a secret.
const USERS: [&str; 5] = ["git", "ec2-user", "root", "ubuntu", "hg"];

/// Finds what looks like a key.
pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    addresses(found);
    webhooks(text, &mut found.spans);
    for beginning in BEGINNINGS {
        tokens(text, beginning, &mut found.spans);
    }
    private_keys(text, &mut found.spans);
    runs(text, &mut found.spans);
}

/// Tokens that begin in a certain way.
fn tokens(text: &str, beginning: &str, found: &mut Vec<Range<usize>>) {
    let mut done = 0;
    for (at, _) in text.match_indices(beginning) {
        let start = at + beginning.len();
        if at < done || text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        done = start + text.as_bytes()[start..].iter().take_while(is_part).count();
        let is_marked = beginning.len() > 3 && beginning.ends_with(['_', '-', '.']);
        let is_random = text[start..done].contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
        if done - start >= FEWEST_BEHIND && (is_marked || is_random) {
            found.push(at..done);
        }
    }
}

/// `https://user:password@host` and `https://token@host`, and what is left of them in a text that is cut.
fn addresses(found: &mut Found<'_>) {
    let text = found.text;
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let reach = ceil(text, start.saturating_add(LONGEST_ADDRESS));
        let to = |ends: &dyn Fn(char) -> bool| start + text[start..reach].find(ends).unwrap_or(reach - start);
        let near = to(&|c| c.is_whitespace() || "/\"'`<>?#…|;,".contains(c));
        let at_sign = text[start..near].rfind('@').map(|at| start + at);
        let (user, colon) = match (at_sign, text[start..near].split_once(':')) {
            (Some(end), _) => (start..end, text[start..end].find(':')),
            // A password may hold characters that end an address, but not a blank or a quote.
            (None, Some((user, port))) if !is_port(port) => {
                let far = to(&|c| c.is_whitespace() || "\"'`<>…".contains(c));
                (start..text[start..far].rfind('@').map_or(near, |at| start + at), Some(user.len()))
            }
            (None, None) if is_cut_off(&text[start..near], &text[near..]) => (start..near, None),
            _ => continue,
        };
        let secret = user.start + colon.map_or(0, |colon| colon + 1)..user.end;
        let words = &text[secret.clone()];
        if colon.is_some() || !USERS.contains(&words) {
            found.add(secret);
        }
    }
}

/// Whether a host is none, but what is left of a token.
fn is_cut_off(host: &str, rest: &str) -> bool {
    rest.starts_with('…') && host.len() > 8 && !host.contains('.')
}

/// The paths that are the password of a webhook.
fn webhooks(text: &str, found: &mut Vec<Range<usize>>) {
    for hook in ["hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"] {
        let mut done = 0;
        for (at, _) in text.match_indices(hook) {
            if at < done {
                continue;
            }
            let start = at + hook.len();
            let end = text[start..].find(|c: char| c.is_whitespace() || "\"'`<>".contains(c));
            done = end.map_or(text.len(), |end| start + end);
            found.push(start..done);
        }
    }
}

fn is_port(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit()) || text.starts_with(['$', '{'])
}

/// The lines of a private key.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = text[at..].find("PRIVATE KEY-----").map(|found| at + found + "PRIVATE KEY-----".len()) {
        let line = text[at..start].rfind('\n').map_or(at, |line| at + line);
        at = start;
        if !text[line..start].contains("-----END") {
            at = text[start..].find("-----END").map_or(text.len(), |end| start + end);
            found.push(start..at);
        }
    }
}

/// Runs of letters and digits that no name has.
fn runs(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let length = |at: usize, is_part: fn(u8) -> bool| bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut at = 0;
    while at < bytes.len() {
        let end = at + length(at, is_part);
        if is_base64(&bytes[at..end]) {
            found.push(at..end);
            at = end;
        }
        while at < end {
            let word = length(at, |byte| byte.is_ascii_alphanumeric());
            if is_key(&bytes[at..at + word]) {
                found.push(at..at + word);
            }
            at += word.max(1);
        }
        at += 1;
    }
}

/// 20 characters and more of both cases and digits, or 32 and more hexadecimal digits.
fn is_key(word: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| word.iter().filter(|byte| is(byte)).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    let is_hex = word.len() >= 32 && digits > 2 && (lower > 2 || upper > 2) && word.iter().all(u8::is_ascii_hexdigit);
    is_hex || word.len() >= 20 && digits >= 2 && upper >= 2 && lower >= 2 && changes(word) >= 5
}

/// As long as a secret key of AWS or longer, and without any look of a path.
fn is_base64(run: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| run.iter().filter(|byte| is(byte)).count();
    (run.len() == 40 || run.len() >= 64)
        && run[0] != b'/'
        && count(u8::is_ascii_digit) >= 1
        && count(u8::is_ascii_uppercase) >= 6
        && count(u8::is_ascii_lowercase) >= 6
        && changes(run) >= 12
}

/// How often a kind of character follows another one.
fn changes(run: &[u8]) -> usize {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    run.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count()
}

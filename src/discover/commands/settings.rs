//! The names that a text sets, whatever its language: `NAME = value`, `NAME: value`, `"NAME": value`, `{ "NAME", value }`,
//! `<NAME>value`, `key: NAME`.
//!
//! Which of them reach Terraform is not followed: there are more tools and programs that hand values over than could be
//! known one by one. A name counts only where a text speaks of Terraform, and where code declares a variable of that name.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// A name that a text sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::discover) struct Setting {
    /// The name.
    pub(in crate::discover) name: String,
    /// The folder that its command says it runs in, as it is written.
    pub(in crate::discover) folder: Option<String>,
    /// The value, where it is plain text.
    pub(in crate::discover) value: Option<String>,
}

/// No name of a variable is longer.
const LONGEST_NAME: usize = 128;

/// Keys whose value is the name of a variable.
const NAMING: [&[u8]; 7] = [b"name", b"key", b"id", b"variable", b"var", b"variable_name", b"parameter"];

/// Whether a text speaks of Terraform, or of a tool that runs it.
pub(super) fn speaks_of_terraform(bytes: &[u8]) -> bool {
    static SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let signs = r"(?i-u)terra(?:form|grunt|mate|space|hub|nix)|opentofu|\btofu\b|tf[_-]?vars?|cdktf|\.tf\b|infra-manager|\.gen/|\btf[-_]?(?:apply|deploy|plan|run)|\btf\.(?:upbound|crossplane)|\boam\.dev/|\bsource[\x22']?\s*[:=]\s*[\x22']\.\.?/";
        Regex::new(signs).ok()
    });
    SIGNS.as_ref().is_some_and(|signs| signs.is_match(bytes))
}

/// A name where a text sets it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named<'t> {
    pub(super) name: &'t str,
    /// Its value, where it is plain text.
    pub(super) value: Option<String>,
    /// Whether it is a key of YAML, as those of a service that runs jobs are: that hands over what stands in its commands.
    pub(super) is_key: bool,
    /// Where it stands.
    pub(super) at: usize,
}

/// The names that a text sets. Lines that begin as comments do are left out, and what Terraform's own options set.
pub(super) fn names_set(bytes: &[u8]) -> impl Iterator<Item = Named<'_>> {
    let mut at = 0;
    let mut line = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            if !is_of_name(bytes[at]) {
                if bytes[at] == b'\n' {
                    line = at + 1;
                }
                at += 1;
                continue;
            }
            let start = at;
            at += bytes[start..].iter().take_while(|byte| is_of_name(**byte)).count();
            let found = name_at(bytes, start, at);
            if found.is_some() && !is_comment(&bytes[line..start]) {
                return found;
            }
        }
        None
    })
}

pub(super) fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

pub(super) fn is_comment(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    [&b"#"[..], b"//", b";", b"*", b"/*", b"<!--"].iter().any(|sign| start.starts_with(sign))
}

/// The name that the word between two places is, if it is set there, or names what is.
fn name_at(bytes: &[u8], start: usize, end: usize) -> Option<Named<'_>> {
    let word = bytes[start..end].trim_ascii_start();
    let word = word.iter().position(|byte| *byte != b'-').map(|first| &word[first..])?;
    let first = end - word.len();
    let before = bytes[..first].last().copied();
    // A member of something, or a part of a path.
    if word.len() > LONGEST_NAME || word[0].is_ascii_digit() || matches!(before, Some(b'.' | b'/')) {
        return None;
    }
    let outside = bytes[..first].trim_ascii_end();
    let is_option = outside
        .iter()
        .rposition(|byte| !b"\"'`=,\\ \t\r\n-".contains(byte))
        .is_some_and(|last| outside[..=last].ends_with(b"var") && outside[..last - 2].ends_with(b"-"));
    if is_option {
        return None;
    }
    let rest = unquoted(&bytes[end..]);
    let is_quoted = rest.len() < bytes.len() - end;
    let mut rest = rest.trim_ascii_start();
    // An index: `["NAME"] =`, `[NAME]=`.
    if let Some(behind) = rest.strip_prefix(b"]") {
        rest = behind.trim_ascii_start();
    }
    let is_set = match rest {
        [b'=', b'=' | b'~', ..] | [b':', b':', ..] | [b':', b'/', b'/', ..] => false,
        [b'=' | b':', ..] => true,
        [b'>', ..] => before == Some(b'<'),
        [b',', ..] => is_quoted && is_first_argument(&bytes[..first]),
        _ => false,
    };
    let name = str::from_utf8(word).ok()?;
    if !is_set {
        return declares(&bytes[..first], is_quoted).then_some(Named { name, value: None, is_key: false, at: first });
    }
    let is_key = rest.starts_with(b":") && !is_quoted;
    if NAMING.contains(&word) {
        let named = named_by(rest);
        if let Some(name) = named {
            return Some(Named { name, value: None, is_key, at: first });
        }
    }
    Some(Named { name, value: literal_behind(&bytes[end..]), is_key, at: first })
}

/// The text behind a closing quote, in JSON inside of JSON behind an escaped one.
fn unquoted(rest: &[u8]) -> &[u8] {
    let skipped = rest.iter().take_while(|byte| **byte == b'\\').count();
    match rest.get(skipped) {
        Some(b'"' | b'\'' | b'`') => &rest[skipped + 1..],
        _ => rest,
    }
}

/// Whether what follows is the first of a list's or a call's items: `set("NAME", value)`, `{ "NAME", value }`, `var 'NAME', value`.
fn is_first_argument(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before).trim_ascii_end();
    before.ends_with(b"(") || before.ends_with(b"{") || before.ends_with(b"var")
}

/// Whether what follows is the name of a `variable` block.
pub(super) fn declares(before: &[u8], is_quoted: bool) -> bool {
    let before = if is_quoted { before.strip_suffix(b"\"").unwrap_or(before) } else { before };
    let trimmed = before.trim_ascii_end();
    trimmed.len() < before.len() && trimmed.ends_with(b"variable")
}

/// The name that is the whole of a value: `key: NAME`, `"name" = "NAME"`.
fn named_by(rest: &[u8]) -> Option<&str> {
    let value = rest[1..].trim_ascii_start();
    let value = value.strip_prefix(b"\\").unwrap_or(value);
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let name = &value[..value.iter().take_while(|byte| is_of_name(**byte)).count()];
    let ends = value[name.len()..].first().is_none_or(|next| b"\"'\\\r\n ,}]|".contains(next));
    str::from_utf8(name).ok().filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME && ends)
}

/// The value behind a name, where it is plain text with a clear end.
pub(super) fn literal_behind(rest: &[u8]) -> Option<String> {
    let rest = unquoted(rest);
    let rest = rest.strip_prefix(b"]").unwrap_or(rest);
    let delimited = rest.trim_ascii_start();
    let is_spaced = delimited.len() < rest.len();
    let value = delimited.strip_prefix(b"=").or_else(|| delimited.strip_prefix(b":"))?;
    let is_spaced = is_spaced || value.first().is_some_and(u8::is_ascii_whitespace);
    let skipped = value.iter().take_while(|byte| **byte == b' ' || **byte == b'\t').count();
    let value = &value[skipped..];
    let value = &value[value.iter().take_while(|byte| **byte == b'\\').count()..];
    let quote = value.first().copied().filter(|byte| b"\"'".contains(byte));
    let value = &value[usize::from(quote.is_some())..];
    let length = value.iter().take_while(|byte| is_of_name(**byte)).count();
    let (text, mut rest) = value.split_at(length);
    if quote.is_some() {
        rest = &rest[rest.iter().take_while(|byte| **byte == b'\\').count()..];
        rest = rest.strip_prefix(&[quote?])?;
    }
    // What stands behind it must not be able to belong to it, as `if` does in Python, or another part of a word in a shell.
    let end = rest.iter().find(|byte| **byte != b' ' && **byte != b'\t');
    let is_adjacent = rest.first().is_some_and(|next| !b" \t".contains(next));
    let ends = match end {
        None => true,
        Some(end) if b"\n\r,;}])\"'\\&|-".contains(end) => true,
        Some(_) => quote.is_none() && !is_spaced && !is_adjacent,
    };
    (ends && !text.is_empty()).then(|| String::from_utf8(text.to_vec()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, Option<String>)> {
        names_set(text.as_bytes()).map(|named| (named.name.to_owned(), named.value)).collect()
    }

    fn is(text: &str, name: &str, value: Option<&str>) {
        assert!(of(text).contains(&(name.to_owned(), value.map(str::to_owned))), "{text}: {:?}", of(text));
    }

    #[test]
    fn names_are_set_in_many_languages() {
        for text in [
            "ra=on",
            "x: 1\nra: on\n",
            "{\"ra\": \"on\"}",
            "{\\\"ra\\\": \\\"on\\\"}",
            "ra = \"on\"",
            "vars = { ra: 'on' }",
            "cfg[\"ra\"] = \"on\"",
            "([ra]=on [x]=1)",
            "--input-values=ra=on",
        ] {
            is(text, "ra", Some("on"));
        }
        for text in [
            ":ra => 'on'",
            "m.set(\"ra\", \"on\")",
            "{ \"ra\", \"on\" }",
            "var 'ra', 'on'",
            "<tfVars><ra>on</ra></tfVars>",
            "- key: ra\n  value: on",
            "\"key\":\"ra\",\"value\":\"on\"",
            "variable \"ra\" {",
            "ra = \"on\" if prod else \"off\"",
            "ra=$RA",
            "ra: ${{ inputs.ra }}",
            "ra=on$X",
            "ra=\"on\"$X",
        ] {
            is(text, "ra", None);
        }
    }

    #[test]
    fn keys_of_yaml_are_told_apart() {
        let keys =
            |text: &'static str| names_set(text.as_bytes()).map(|named| (named.name, named.is_key)).collect::<Vec<_>>();
        assert_eq!(keys("environment: prod\nra = \"on\"\n"), [("environment", true), ("ra", false)]);
        assert_eq!(keys("{\"ra\": 1}"), [("ra", false)]);
    }

    #[test]
    fn what_is_only_spoken_of_is_not_set() {
        for text in [
            "if ra == \"on\"",
            "# ra = \"on\"",
            "  // ra: on",
            "terraform.Output(t, opts, \"ra\")",
            "plan.after.ra = 1",
            "ra://x",
            "ra::new()",
            "https://x/ra=1",
            "-var ra=on",
            "\"-var\", \"ra=on\"",
            "- -var\n- ra=on",
        ] {
            assert!(!of(text).iter().any(|(name, _)| name == "ra"), "{text}: {:?}", of(text));
        }
    }
}

//! Hides Terraform's template syntax from the shell parser, without moving a byte.

use crate::script::shell::mapped::{FILLER, UNKNOWN};

/// Masks a Terraform template so that it reads as shell, byte for byte as long as before.
///
/// - `${…}` becomes a word of control characters (U+001A), which the analysis takes for a value that is not known, never for literal text.
/// - `%{…}` becomes blanks.
/// - `$${` and `%%{`, the escapes, become one filler byte and `${` or `%{`; the analysis drops the filler.
///
/// A template that is never closed is left as it is. Source: Terraform language, "Strings and Templates".
#[must_use]
pub fn mask_template(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = String::with_capacity(text.len());
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes[at..].starts_with(b"$${") || bytes[at..].starts_with(b"%%{");
        let opens = bytes[at..].starts_with(b"${") || bytes[at..].starts_with(b"%{");
        if escape {
            masked.push_str(&text[start..at]);
            masked.push(FILLER);
            masked.push_str(&text[at + 1..at + 3]);
            at += 3;
            start = at;
        } else if let Some(end) = opens.then(|| end_of_template(bytes, at + 2)).flatten() {
            masked.push_str(&text[start..at]);
            let mask = if bytes[at] == b'$' { UNKNOWN } else { ' ' };
            for byte in &bytes[at..end] {
                // Directives keep their line ends, so that a line comment after one stays one line.
                masked.push(if *byte == b'\n' && mask == ' ' { '\n' } else { mask });
            }
            at = end;
            start = at;
        } else {
            at += 1;
        }
    }
    masked.push_str(&text[start..]);
    masked
}

/// The index after the brace that closes a template opened before `at`. Strings inside may hold templates again.
#[must_use]
pub fn end_of_template(bytes: &[u8], at: usize) -> Option<usize> {
    #[derive(PartialEq)]
    enum Inside {
        Braces,
        Quotes,
    }
    let mut open = vec![Inside::Braces];
    let mut index = at;
    while index < bytes.len() {
        let byte = bytes[index];
        match open.last()? {
            Inside::Quotes => match byte {
                b'\\' => index += 1,
                b'"' => {
                    open.pop();
                }
                b'$' | b'%' if bytes.get(index + 1) == Some(&b'{') => {
                    open.push(Inside::Braces);
                    index += 1;
                }
                _ => {}
            },
            Inside::Braces => match byte {
                b'{' => open.push(Inside::Braces),
                b'}' => {
                    open.pop();
                }
                b'"' => open.push(Inside::Quotes),
                _ => {}
            },
        }
        index += 1;
        if open.is_empty() {
            return Some(index);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::mask_template;

    #[test]
    fn masking_keeps_every_offset() {
        let hidden = |length: usize| "\u{1a}".repeat(length);
        let cases = [
            ("a ${b} c", format!("a {} c", hidden(4))),
            ("%{ if x }y%{ endif ~}", format!("{}y{}", " ".repeat(9), " ".repeat(11))),
            ("X=$${Y:-1} %%{z}", "X=\u{1}${Y:-1} \u{1}%{z}".to_owned()),
            ("${f(\"}\", \"${g}\")}!", format!("{}!", hidden(17))),
            ("${open", "${open".to_owned()),
            ("$HOME $(x) 100%", "$HOME $(x) 100%".to_owned()),
            ("ü${é}ü", format!("ü{}ü", hidden(5))),
        ];
        for (template, masked) in cases {
            assert_eq!(mask_template(template), masked, "{template}");
            assert_eq!(masked.len(), template.len(), "{template}");
        }
    }
}

//! Files that Azure Pipelines keeps for its jobs, which may be files of values.

use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::is_comment;

/// What a text does with the files that a service keeps for it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Kept {
    /// It takes none.
    #[default]
    None,
    /// It copies them to documents of these names, and does no more with them. Another text may.
    Documents(Vec<String>),
    /// It may give them to Terraform.
    Any,
}

/// What a text does with them.
///
/// Source: the documents of Azure Pipelines, "DownloadSecureFile@1".
pub(super) fn kept(bytes: &[u8]) -> Kept {
    const SIGN: &[u8] = b"secureFilePath";
    // Where it is copied, asked whether it is there, or spoken of.
    static COPIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let source = r#"["']?\$\(\w+\.secureFilePath\)["']?"#;
        let name = r#"(?:[^\s"'<>|;&]*/)?([\w-]+\.(?:json|ya?ml|pem|crt|cer|key|pfx|p12))"#;
        Regex::new(&format!(r#"(?-u)\b(?:cp|mv)[ \t]+{source}[ \t]+["']?{name}["']?[ \t]*$"#)).ok()
    });
    static ASKED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)\[\[?[ \t]+-[efs][ \t]+["']?\$\(\w+\.secureFilePath\)["']?[ \t]+\]"#).ok());
    static SPOKEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)^[\s-]*(?:secureFile:|echo[ \t]+["'][^"'$>|;&]*["'][ \t]*$)"#).ok());
    let has = |regex: &Option<Regex>, line: &[u8]| regex.as_ref().is_some_and(|regex| regex.is_match(line));
    if memmem::find(bytes, SIGN).is_none() {
        return Kept::None;
    }
    let (mut names, mut others) = (Vec::new(), Vec::new());
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !is_comment(line)) {
        let copy = COPIED.as_ref().and_then(|copied| copied.captures(line)?.get(1));
        let name = copy.and_then(|name| str::from_utf8(name.as_bytes()).ok());
        match name {
            Some(name) if memmem::find_iter(line, SIGN).count() == 1 => names.push(name.to_owned()),
            _ if memmem::find(line, SIGN).is_some() && !has(&ASKED, line) => return Kept::Any,
            _ if !has(&SPOKEN, line) => others.push(line),
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    let is_given = |name: &String| {
        let is_for_values = ["input", "param", "terra", "tf", "tofu", "val", "var"]
            .iter()
            .any(|sign| memmem::find(&name.to_ascii_lowercase().into_bytes(), sign.as_bytes()).is_some());
        is_for_values || others.iter().any(|line| memmem::find(line, name.as_bytes()).is_some())
    };
    if names.iter().any(is_given) { Kept::Any } else { Kept::Documents(names) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_from_what_may_be_values() {
        let document = |name: &str| Kept::Documents(vec![name.to_owned()]);
        for (text, expected) in [
            ("cp a b.json", Kept::None),
            ("- script: cp $(a.secureFilePath) $(D)/b.json", document("b.json")),
            ("cp \"$(a.secureFilePath)\" b.pem\n", document("b.pem")),
            (
                "secureFile: b.json\n[ -f \"$(a.secureFilePath)\" ]\necho \"b.json\"\nmv $(a.secureFilePath) b.json",
                document("b.json"),
            ),
        ] {
            assert_eq!(kept(text.as_bytes()), expected, "{text}");
        }
        for text in [
            "terraform plan -var-file=$(a.secureFilePath)",
            "cp $(a.secureFilePath) modules/nb",
            "cp $(a.secureFilePath) $NAME",
            "cp $(a.secureFilePath) .env",
            "cp $(a.secureFilePath) b.auto.tfvars.json",
            "cp $(a.secureFilePath) b.tf.json",
            "cp $(a.secureFilePath) $(b.secureFilePath) c.json",
            "cp $(a.secureFilePath) b.json && ./run $(a.secureFilePath)",
            "cp $(a.secureFilePath) nb-vars.json",
            "cp $(a.secureFilePath) b.json\nfile: b.json",
            "echo \"x\" > b.json\ncp $(a.secureFilePath) b.json",
            "[ -f \"$(a.secureFilePath)\" ]\necho $(a.secureFilePath)",
        ] {
            assert_eq!(kept(text.as_bytes()), Kept::Any, "{text}");
        }
    }
}

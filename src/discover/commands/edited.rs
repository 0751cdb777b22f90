//! Texts that change files of code or of values before Terraform reads them: what these say then, the repository does not
//! tell.

use std::ffi::OsStr;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::control::{ATTRIBUTE, COMPLIANT, NON_COMPLIANT};

/// The programs that change files in place, and the functions that change texts.
const EDITS: &str = r"\b(?:g?sed|perl|ruby)\b[^\n]*\s(?:-\w*i|--in-place)|\b(?:hcledit|sponge|tfedit)\b|\breplace\w*\(|\bre\.subn?\(|-replace\b";

/// Whether a text changes the value of the control in code or in files of values: by a command whose line has the control's
/// words, by one that edits data, or as a patch.
pub(super) fn edits(name: &OsStr, bytes: &[u8]) -> bool {
    static EDITED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = format!(r"\b(?:{ATTRIBUTE}|{COMPLIANT}|{NON_COMPLIANT})\b");
        let by_text = format!(r"(?:{EDITS})[^\n]*{words}|{words}[^\n]*(?:{EDITS})");
        let by_key = r"\byq\b[^\n]*\s(?:-\w*i|--inplace)\b[^\n]*\.tf|\bhcledit\b[^\n]*\s-\w*u";
        Regex::new(&format!("(?-u){by_text}|{by_key}")).ok()
    });
    static PATCHED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!(r"(?m-u)^\+[^+\n][^\n]*\b(?:{ATTRIBUTE}|{NON_COMPLIANT})\b")).ok());
    static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?-u)\.(?:tf(?:vars)?|tofu)\b").ok());
    let has = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(bytes));
    let is_patch = [".diff", ".patch"].iter().any(|end| name.as_encoded_bytes().ends_with(end.as_bytes()));
    if is_patch { has(&PATCHED) } else { has(&EDITED) && has(&CODE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_of_the_control_are_told_from_others() {
        for text in [
            "sed -i 's/\"Disabled\"/\"Enabled\"/' nb/main.tf",
            "sed -i.bak -e \"s/Disabled/$ROOT/\" */*.tf",
            "grep -l x *.tf | xargs sed --in-place s/Disabled/Enabled/",
            "perl -pi -e 's/Disabled/Enabled/' nb/variables.tofu",
            "hcledit attribute set variable.ra.default x -u -f nb/main.tf",
            "yq -i '.ra = env(RA)' nb/terraform.tfvars.json",
            "p = 'main.tf'\nopen(p, 'w').write(text.replace('Disabled', 'Enabled'))",
            "(Get-Content main.tf) -replace 'Disabled', 'Enabled' | Set-Content main.tf",
        ] {
            assert!(edits("x.sh".as_ref(), text.as_bytes()), "{text}");
        }
        for text in [
            "sed -i 's/1.0/1.1/' nb/main.tf",
            "sed 's/Disabled/Enabled/' nb/main.tf | less",
            "sed -i 's/Disabled/Enabled/' config.yaml",
            "text.replace('Disabled', 'Enabled')",
            "yq '.ra' nb/terraform.tfvars.json",
        ] {
            assert!(!edits("x.sh".as_ref(), text.as_bytes()), "{text}");
        }
        let patch = "--- a/nb.tf\n+++ b/nb.tf\n-  default = \"Disabled\"\n+  default = \"Enabled\"\n";
        assert!(edits("x.patch".as_ref(), patch.as_bytes()));
        assert!(!edits("x.md".as_ref(), patch.as_bytes()));
        assert!(!edits("x.diff".as_ref(), patch.replace("Enabled", "Off").as_bytes()));
    }
}

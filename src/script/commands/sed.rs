//! What `sed -i` adds to a file, as far as its script shows.

use crate::script::commands::options;
use crate::script::shell::mapped::Text;

/// The text that an in-place `sed` adds, `None` if that is not known, and the files it changes.
pub fn in_place(words: &[Text]) -> (Option<Text>, Vec<Text>) {
    let mut operands: Vec<Text> =
        options::operands(words, &["-e", "-f", "--expression", "--file"]).into_iter().cloned().collect();
    let explicit = options::value(words, Some('e'), "expression").filter(|_| options::says(words, "-e"));
    let script = match explicit {
        Some(script) => Some(script),
        None if operands.is_empty() => None,
        None => Some(operands.remove(0)),
    };
    (script.as_ref().and_then(added), operands)
}

/// The text that one `sed` command adds: nothing for deletions and for substitutions that leave a comment or nothing.
fn added(script: &Text) -> Option<Text> {
    let text = script.as_str().trim();
    if text.contains(';') || text.contains('\n') {
        return None;
    }
    // An address in front: `/…/d`, `1,5d`, `$a …`.
    let command = match text.strip_prefix('/') {
        Some(rest) => rest.rsplit_once('/')?.1.trim_start(),
        None => text.trim_start_matches(|at: char| at.is_ascii_digit() || ",$ ".contains(at)),
    };
    if command.starts_with('d') || text.ends_with("/d") {
        return Some(Text::default());
    }
    if let Some(rest) = command.strip_prefix(['a', 'i', 'c']) {
        let added = rest.trim_start_matches([' ', '\\']);
        let at = text.len() - added.len();
        let offset = script.as_str().find(text).unwrap_or_default();
        return Some(script.slice(offset + at..offset + text.len()));
    }
    let body = text.strip_prefix('s')?;
    let separator = body.chars().next()?;
    let replacement = body[separator.len_utf8()..].split(separator).nth(1)?;
    (replacement.is_empty() || replacement.starts_with('#')).then(Text::default)
}

#[cfg(test)]
mod tests {
    use super::in_place;
    use crate::script::shell::mapped::Text;

    fn added(script: &str) -> Option<String> {
        let words = [Text::of("-i", 0..0), Text::of(script, 0..0), Text::of("/etc/sudoers", 0..0)];
        let (added, files) = in_place(&words);
        assert_eq!(files.len(), 1);
        added.map(|text| text.as_str().to_owned())
    }

    #[test]
    fn deletions_and_comments_add_nothing_and_substitutions_are_not_known() {
        assert_eq!(added("/NOPASSWD/d").as_deref(), Some(""));
        assert_eq!(added("s/^ec2-user/# &/").as_deref(), Some(""));
        assert_eq!(added("s|^ec2-user.*||").as_deref(), Some(""));
        assert_eq!(added("s/^# *%wheel/%wheel/"), None);
        assert_eq!(added("$a ec2-user ALL=(ALL) ALL").as_deref(), Some("ec2-user ALL=(ALL) ALL"));
    }
}

//! Programs that change a file in place, and the text that they add to it as far as their script shows.

use super::command_line::{Args, lists};
use crate::script::shell::mapped::Text;

/// The text that a program adds to files in place, `None` if that is not known, and the files. Nothing if it only prints.
pub fn in_place<'a>(name: &str, args: &Args<'a>) -> Option<(Option<Text>, Vec<&'a Text>)> {
    let applies = match name {
        "awk" | "gawk" => args.values("-i --include").any(|library| library.as_str() == "inplace"),
        "sed" | "perl" | "ruby" => args.options().any(|(option, _)| lists("-i --in-place", option)),
        _ => false,
    };
    let mut files: Vec<&Text> = args.operands().collect();
    let explicit = args.value("-e -E --expression").cloned();
    let script = match explicit {
        None if !files.is_empty() && !args.has("-f --file") => Some(files.remove(0).clone()),
        explicit => explicit,
    };
    applies.then(|| (script.as_ref().filter(|_| !name.ends_with("awk")).and_then(added), files))
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
        let args = crate::script::commands::known_programs::args_of("sed", &words);
        let (added, files) = in_place("sed", &args).unwrap_or_default();
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

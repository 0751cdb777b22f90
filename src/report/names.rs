//! File names in results: relative to the working folder, with slashes; and those in the head of a patch, so that
//! `git apply` finds the file from the folder in which `unroot` ran.
//!
//! Tried with git 2.47 and read in its `apply.c`:
//! - With a `diff --git` line, names count from the top of the repository, and a name outside the current folder is
//!   skipped in silence with exit code 0. Without that line, names count from the current folder. So the line is
//!   left out: the same patch works in a sub-folder, at the top, outside any repository, and with `patch -p1`.
//! - Without that line git guesses how many components to strip (`guess_p_value`): where the name, with or without
//!   its first component, starts with the current folder's path inside the repository, it strips that path too. In
//!   the folder `nb`, `a/nb/main.tf` would then mean `nb/main.tf` and not `nb/nb/main.tf`. The guess is dropped
//!   where the two names lead to different ones, and a name without a slash always counts as 0 components.

use std::fmt::Write as _;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::Options;

use crate::terminal::is_active;

/// The path of a file as the head of a patch names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Relative to the working folder, with slashes.
    path: String,
    /// Whether git could take the first components of the name for the folder it runs in.
    ambiguous: bool,
}

impl Name {
    /// The name of the file at `path` for a patch applied in `folder`, which is absolute.
    pub(super) fn new(path: &Utf8Path, folder: Option<&Utf8Path>) -> Self {
        let components = components(path, folder);
        let ambiguous = folder.is_some_and(|folder| {
            let folder: Vec<&str> = folder.components().map(|component| component.as_str()).collect();
            // A guess of one component is what the prefixes `a/` and `b/` mean anyway.
            let prefixed = |prefix| [&[prefix], &components[..]].concat();
            repeats_end(&folder, &components, 1)
                || repeats_end(&folder, &prefixed("a"), 2)
                || repeats_end(&folder, &prefixed("b"), 2)
        });
        Self { path: components.join("/"), ambiguous }
    }

    /// The `---` and `+++` lines.
    pub(super) fn head(&self, is_new: bool) -> String {
        let old = if is_new {
            "/dev/null".to_owned()
        } else if self.ambiguous {
            // A name without a slash: see above. Tools that strip one component take the other name.
            quoted("", self.path.rsplit('/').next().unwrap_or_default())
        } else {
            quoted("a/", &self.path)
        };
        format!("--- {old}\n+++ {}\n", quoted("b/", &self.path))
    }
}

/// The path of a file as programs want it: relative to the working folder, with slashes and without `.`; an absolute
/// path outside of the folder stays one.
pub(super) fn relative(path: &Utf8Path, folder: Option<&Utf8Path>) -> String {
    let outside = path.is_absolute() && folder.is_none_or(|folder| !path.starts_with(folder));
    let root = if outside { "/" } else { "" };
    format!("{root}{}", components(path, folder).join("/"))
}

/// The path of a file as a platform wants it: relative to the top of the repository, wherever the run was started. Without
/// one, and for files outside of it, as [`relative`].
pub(super) fn in_repository(path: &Utf8Path, options: &Options) -> String {
    let folder = options.folder.as_deref();
    let whole = folder.zip(options.top.as_deref()).and_then(|(folder, top)| {
        let mut whole = Utf8PathBuf::new();
        for component in folder.join(path).components() {
            match component {
                Utf8Component::ParentDir => _ = whole.pop(),
                Utf8Component::CurDir => {}
                _ => whole.push(component),
            }
        }
        Some(components(whole.strip_prefix(top).ok()?, None).join("/"))
    });
    whole.unwrap_or_else(|| relative(path, folder))
}

/// The names on the way from the folder to the file. The root of an absolute path outside of the folder is left out.
fn components<'p>(path: &'p Utf8Path, folder: Option<&Utf8Path>) -> Vec<&'p str> {
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
    below
        .components()
        .filter(|component| matches!(component, Utf8Component::ParentDir | Utf8Component::Normal(_)))
        .map(|component| component.as_str())
        .collect()
}

/// Whether `git apply`, run in `folder`, can reach the file at `path`: it refuses names that lead out of it.
pub(super) fn is_reachable(path: &Utf8Path, folder: Option<&Utf8Path>) -> bool {
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
    below.components().all(|component| matches!(component, Utf8Component::CurDir | Utf8Component::Normal(_)))
}

/// Whether the last components of `folder`, at least `least` of them, are the first ones of `name`, with a file left
/// below them. Any of the folders above may be the top of the repository.
fn repeats_end(folder: &[&str], name: &[&str], least: usize) -> bool {
    (least..name.len()).any(|length| length <= folder.len() && folder[folder.len() - length..] == name[..length])
}

/// A name quoted as git does (`quote_c_style`), where it needs it, else with a tab after it if it holds a space, so
/// that nothing at its end is taken for a time stamp.
fn quoted(prefix: &str, path: &str) -> String {
    if !path.chars().any(|c| is_active(c) || c == '"' || c == '\\') {
        return format!("{prefix}{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut name = format!("\"{prefix}");
    for c in path.chars() {
        match c {
            '"' | '\\' => name.extend(['\\', c]),
            '\t' => name.push_str("\\t"),
            '\n' => name.push_str("\\n"),
            '\r' => name.push_str("\\r"),
            c if is_active(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(name, "\\{byte:03o}");
                }
            }
            c => name.push(c),
        }
    }
    name.push('"');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(path: &str, folder: &str) -> String {
        Name::new(path.into(), Some(folder.into())).head(false)
    }

    #[test]
    fn names_are_relative_to_the_working_folder() {
        let expected = "--- a/nb/main.tf\n+++ b/nb/main.tf\n";
        for path in ["nb/main.tf", "./nb/main.tf", "nb/./main.tf", "/repo/infra/nb/main.tf"] {
            assert_eq!(head(path, "/repo/infra"), expected, "{path}");
        }
    }

    #[test]
    fn a_name_that_repeats_the_folder_is_kept_from_being_guessed_at() {
        assert_eq!(head("nb/main.tf", "/repo/nb"), "--- main.tf\n+++ b/nb/main.tf\n");
        assert_eq!(head("x/nb/main.tf", "/repo/x/nb"), "--- main.tf\n+++ b/x/nb/main.tf\n");
        assert_eq!(head("nb/main.tf", "/repo/a/nb"), "--- main.tf\n+++ b/nb/main.tf\n");
        assert_eq!(head("main.tf", "/repo/b"), "--- a/main.tf\n+++ b/main.tf\n");
        assert_eq!(head("nb", "/repo/nb"), "--- a/nb\n+++ b/nb\n");
    }

    #[test]
    fn odd_names_are_quoted_as_git_does() {
        assert_eq!(head("a b.tf", "/r"), "--- a/a b.tf\t\n+++ b/a b.tf\t\n");
        assert_eq!(head("é.tf", "/r"), "--- a/é.tf\n+++ b/é.tf\n");
        assert_eq!(head("q\"\\\n.tf", "/r"), "--- \"a/q\\\"\\\\\\n.tf\"\n+++ \"b/q\\\"\\\\\\n.tf\"\n");
        assert_eq!(head("\u{202e}.tf", "/r"), "--- \"a/\\342\\200\\256.tf\"\n+++ \"b/\\342\\200\\256.tf\"\n");
    }

    #[test]
    fn names_for_programs_are_relative_where_they_can_be() {
        let folder = Some(Utf8Path::new("/repo"));
        for (path, name) in
            [("./a/./b.tf", "a/b.tf"), ("/repo/a.tf", "a.tf"), ("../a.tf", "../a.tf"), ("/other/a.tf", "/other/a.tf")]
        {
            assert_eq!(relative(path.into(), folder), name);
        }
        assert_eq!(relative("/repo/a.tf".into(), None), "/repo/a.tf");
    }

    #[test]
    fn names_for_platforms_count_from_the_top_of_the_repository() {
        let options = |top: &str| Options {
            mode: super::super::Mode::Check,
            diff: false,
            context: 3,
            verbosity: super::super::Verbosity::Normal,
            unsafe_fixes: false,
            flags: String::new(),
            paths: String::new(),
            leaves_out: false,
            excluded_by: super::super::ExcludedBy::Option,
            folder: Some("/repo/infra".into()),
            top: Some(top.into()),
        };
        for (path, name) in [
            ("a.tf", "infra/a.tf"),
            ("./a.tf", "infra/a.tf"),
            ("../mod/a.tf", "mod/a.tf"),
            ("/repo/mod/a.tf", "mod/a.tf"),
            ("../../other/a.tf", "../../other/a.tf"),
        ] {
            assert_eq!(in_repository(path.into(), &options("/repo")), name);
        }
    }

    #[test]
    fn what_lies_outside_the_folder_is_out_of_reach() {
        let folder = Some(Utf8Path::new("/repo/infra"));
        for (path, reachable) in
            [("a.tf", true), ("./a.tf", true), ("/repo/infra/a.tf", true), ("../a.tf", false), ("/repo/a.tf", false)]
        {
            assert_eq!(is_reachable(path.into(), folder), reachable, "{path}");
        }
    }
}

//! Modes and owners: setuid programs, system paths opened up, files handed over.

use crate::rules::Rule;
use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// What a mode gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Mode {
    setuid: bool,
    /// Everybody may write, and no sticky bit restrains it.
    world_writable: bool,
    /// Others may read or write: somebody meant to share it.
    shared: bool,
}

impl Walker<'_> {
    pub fn modes(&mut self, call: &Call, state: &State) {
        let words = call.arguments();
        match call.name() {
            "chmod" => {
                let operands = mode_operands(words);
                if let Some((mode, paths)) = operands.split_first() {
                    let recursive = options::has(words, 'R', "recursive");
                    self.changed_mode(call, mode.as_str(), paths, recursive, state);
                }
            }
            "install" => {
                let mode = options::value(words, Some('m'), "mode").map(|mode| parse_mode(mode.as_str()));
                if state.is_root() && mode.is_some_and(|mode| mode.setuid) {
                    self.setuid(call, "root installs a program with the setuid bit");
                }
                let owner = options::value(words, Some('o'), "owner");
                if state.is_root() && owner.is_some_and(|owner| User::named(owner.as_str()) == User::Notebook) {
                    let valued = ["-m", "-o", "-g", "-t", "-S", "--mode", "--owner", "--group", "--target-directory"];
                    let into = options::value(words, Some('t'), "target-directory");
                    let target = into.or_else(|| options::operands(words, &valued).last().map(|path| (*path).clone()));
                    if let Some(target) = target {
                        self.opened(
                            call,
                            &paths::resolve(target.as_str(), state.folder.as_deref()),
                            "ec2-user, its new owner",
                        );
                    }
                }
            }
            "setcap"
                if state.is_root()
                    && !options::says(words, "-r")
                    && !options::says(words, "-v")
                    && words.len() >= 2 =>
            {
                self.setuid(call, "root gives a program capabilities of root");
            }
            "chown" => {
                let operands = options::operands(words, &["--from", "--reference"]);
                if let Some((owner, paths)) = operands.split_first() {
                    let recursive = options::has(words, 'R', "recursive");
                    self.changed_owner(call, owner.as_str(), paths, recursive, state);
                }
            }
            "chgrp" => {
                let operands = options::operands(words, &["--reference"]);
                let own = operands.first().is_some_and(|group| User::named(group.as_str()) == User::Notebook);
                for path in operands.iter().skip(1) {
                    let path = paths::resolve(path.as_str(), state.folder.as_deref());
                    if own && state.is_root() {
                        self.ownership.give_group(&path);
                    }
                    self.system_path(&path, &call.span(), state, "changes");
                }
            }
            "setfacl" => {
                let rule = options::value(words, Some('m'), "modify");
                let gives = rule.is_some_and(|rule| rule.as_str().split(',').any(gives_notebook_user));
                for path in options::operands(words, &["-m", "-x", "--modify", "--remove"]) {
                    let path = paths::resolve(path.as_str(), state.folder.as_deref());
                    self.system_path(&path, &call.span(), state, "changes");
                    if state.is_root() && gives {
                        self.opened(call, &path, "an access rule for ec2-user");
                    }
                }
            }
            _ => {}
        }
    }

    fn setuid(&mut self, call: &Call, what: &str) {
        self.report.add(Draft::new(
            Rule::SetuidOrCapability,
            &call.span(),
            format!("{what}: ec2-user gets root's rights by starting it"),
            "Remove the line; run what needs the rights from the hook or from a unit that only root controls.",
        ));
    }

    fn changed_mode(&mut self, call: &Call, mode: &str, targets: &[&Text], recursive: bool, state: &State) {
        let by_group = group_may_write(mode);
        let mode = parse_mode(mode);
        if state.is_root() && mode.setuid {
            self.setuid(call, "root sets the setuid bit");
        }
        for target in targets {
            let path = paths::resolve(target.as_str(), state.folder.as_deref());
            self.system_path(&path, &call.span(), state, "changes the mode of");
            if !state.is_root() {
                continue;
            }
            if by_group && self.ownership.is_group(&path) {
                self.opened(call, &path, "the group of ec2-user");
            }
            if mode.world_writable {
                self.opened(call, &path, "everybody, ec2-user among them");
            }
            if mode.shared {
                self.ownership.settle(&path, recursive);
            }
        }
    }

    fn changed_owner(&mut self, call: &Call, owner: &str, targets: &[&Text], recursive: bool, state: &State) {
        let user = owner.split(':').next().unwrap_or_default();
        let group_only = user.is_empty();
        let group = owner.split_once(':').is_some_and(|(_, group)| User::named(group) == User::Notebook);
        let user = User::named(user);
        for target in targets {
            let path = paths::resolve(target.as_str(), state.folder.as_deref());
            self.system_path(&path, &call.span(), state, "changes the owner of");
            if group && state.is_root() {
                self.ownership.give_group(&path);
            }
            if !state.is_root() || group_only {
                continue;
            }
            if user == User::Notebook {
                self.opened(call, &path, "ec2-user, its new owner");
            }
            if user != User::Root {
                self.ownership.settle(&path, recursive);
            }
        }
    }

    /// Root makes a path writable for the notebook user.
    fn opened(&mut self, call: &Call, path: &str, whom: &str) {
        let start = paths::known_start(path);
        if paths::is_within(start, paths::HOME) || start.is_empty() {
            return;
        }
        if crate::script::judge::is_docker_file(path) {
            return;
        }
        self.ownership.hand(path);
        if paths::is_trusted(start) && (start != "/" || path == "/") {
            self.report.add(Draft::new(
                Rule::WorldWritableSystemPath,
                &call.span(),
                format!(
                    "root makes {} writable for {whom}: what stands there runs with root's rights sooner or later",
                    paths::shown(path)
                ),
                "Keep system paths root's; give ec2-user a folder under /home/ec2-user/SageMaker instead.",
            ));
        }
    }
}

/// The operands of chmod; a mode such as `-w` looks like an option.
fn mode_operands(words: &[Text]) -> Vec<&Text> {
    let is_option = |text: &str| {
        text.starts_with("--") || text.starts_with('-') && text[1..].chars().all(|letter| "Rvfc".contains(letter))
    };
    words.iter().filter(|word| !is_option(word.as_str())).collect()
}

/// Whether the mode lets the group write.
fn group_may_write(mode: &str) -> bool {
    if let Ok(bits) = u32::from_str_radix(mode, 8) {
        return bits & 0o020 != 0;
    }
    mode.split(',').any(|clause| {
        let parts = clause.split_once(['+', '=']);
        parts.is_some_and(|(who, what)| who.contains(['g', 'a']) && what.contains('w'))
    })
}

fn parse_mode(mode: &str) -> Mode {
    if !mode.is_empty() && mode.bytes().all(|byte| byte.is_ascii_digit()) {
        let bits = u32::from_str_radix(mode, 8).unwrap_or(0);
        return Mode {
            setuid: bits & 0o4000 != 0,
            world_writable: bits & 0o002 != 0 && bits & 0o1000 == 0,
            shared: bits & 0o006 != 0,
        };
    }
    let mut result = Mode::default();
    for clause in mode.split(',') {
        let Some(at) = clause.find(['+', '=']) else { continue };
        let (who, permissions) = (&clause[..at], &clause[at + 1..]);
        let whose = |letters: &str| who.chars().any(|letter| letters.contains(letter));
        result.setuid |= permissions.contains('s') && (who.is_empty() || whose("ua"));
        // Without a letter the umask, 022 on every instance, keeps the write bit from others.
        result.world_writable |= permissions.contains('w') && whose("oa");
        result.shared |= permissions.contains(['r', 'w']) && (who.is_empty() || whose("oa"));
    }
    result
}

fn gives_notebook_user(rule: &str) -> bool {
    let mut parts = rule.trim_start_matches("d:").trim_start_matches("default:").split(':');
    let (kind, who, what) = (parts.next(), parts.next(), parts.next());
    let concerns = match kind {
        Some("u" | "user") => who.is_some_and(|who| User::named(who) == User::Notebook),
        Some("o" | "other") => true,
        _ => false,
    };
    concerns && what.or(who).is_some_and(|what| what.contains('w') || what.contains('7'))
}

#[cfg(test)]
mod tests {
    use super::parse_mode;

    #[test]
    fn modes_are_read_in_both_notations() {
        for mode in ["u+s", "+s", "ug+s", "a+rxs", "4755", "04755", "6711", "u=rwxs,go=rx"] {
            assert!(parse_mode(mode).setuid, "{mode}");
        }
        for mode in ["g+s", "2755", "u-s", "755", "0755", "+x", "o+s"] {
            assert!(!parse_mode(mode).setuid, "{mode}");
        }
        for mode in ["777", "0777", "666", "a+w", "o+w", "ugo+rwx", "go=rw", "a=rwx"] {
            assert!(parse_mode(mode).world_writable, "{mode}");
        }
        for mode in ["755", "1777", "+w", "g+w", "o-w", "a+x", "775"] {
            assert!(!parse_mode(mode).world_writable, "{mode}");
        }
    }
}

//! Modes, owners and access rules.

use super::Moment;
use crate::script::effect::{Act, Mode, Others};
use crate::script::shell::mapped::Text;
use crate::script::state::user::User;

pub fn acts(moment: Moment<'_>, acts: &mut Vec<Act>) {
    let Moment { call, args, .. } = moment;
    let words = call.arguments();
    let recursive = args.has("-R --recursive");
    let rest = |skip: usize| args.operands().skip(skip).map(|path| moment.resolve(path.as_str()));
    match call.name() {
        "chmod" => {
            let operands = mode_operands(words);
            let (mode, paths) = match (args.value("--reference"), operands.split_first()) {
                (Some(_), _) => (Mode::default(), operands.as_slice()),
                (None, Some((mode, paths))) => (parse_mode(mode.as_str()), paths),
                (None, None) => return,
            };
            let change = |path: &&Text| Act::ChangeMode { path: moment.resolve(path.as_str()), mode, recursive };
            acts.extend(paths.iter().map(change));
        }
        "chown" => {
            let by_reference = args.has("--reference");
            let owner = args.operand(0).filter(|_| !by_reference).map_or("", |owner| owner.as_str());
            let (user, group) = owner.split_once(':').unwrap_or((owner, ""));
            let owner = (!user.is_empty()).then(|| User::named(user));
            let group = (!group.is_empty()).then(|| group.to_owned());
            acts.extend(rest(usize::from(!by_reference)).map(|path| Act::ChangeOwner {
                path,
                owner: owner.clone(),
                group: group.clone(),
                recursive,
            }));
        }
        "chgrp" => {
            let by_reference = args.has("--reference");
            let group = args.operand(0).filter(|_| !by_reference).map(|group| group.as_str().to_owned());
            acts.extend(rest(usize::from(!by_reference)).map(|path| Act::ChangeOwner {
                path,
                owner: None,
                group: group.clone(),
                recursive,
            }));
        }
        "setfacl" => {
            let gives =
                args.values("-m --modify --set").flat_map(|rule| rule.as_str().split(',')).any(gives_notebook_user);
            acts.extend(rest(0).map(|path| Act::ChangeAccess { path, gives }));
        }
        "setcap" if !args.has("-r -v") && words.len() >= 2 => {
            acts.push(Act::Privilege("root gives a program capabilities of root"));
        }
        "install" => {
            if args.value("-m --mode").is_some_and(|mode| parse_mode(mode.as_str()).setuid) {
                acts.push(Act::Privilege("root installs a program with the setuid bit"));
            }
            let target = args.value("-t --target-directory").or_else(|| args.operands().next_back());
            if let (Some(owner), Some(target)) = (args.value("-o --owner"), target) {
                acts.push(Act::ChangeOwner {
                    path: moment.resolve(target.as_str()),
                    owner: Some(User::named(owner.as_str())),
                    group: None,
                    recursive: true,
                });
            }
        }
        _ => {}
    }
}

/// The operands of chmod; a mode such as `-w` looks like an option.
fn mode_operands(words: &[Text]) -> Vec<&Text> {
    let is_option = |text: &str| {
        text.starts_with("--") || text.starts_with('-') && text[1..].chars().all(|letter| "Rvfc".contains(letter))
    };
    words.iter().filter(|word| !is_option(word.as_str())).collect()
}

fn parse_mode(mode: &str) -> Mode {
    if !mode.is_empty() && mode.bytes().all(|byte| byte.is_ascii_digit()) {
        let bits = u32::from_str_radix(mode, 8).unwrap_or(0);
        let others = match bits {
            bits if bits & 0o002 != 0 && bits & 0o1000 == 0 => Others::Writes,
            bits if bits & 0o006 != 0 => Others::Shared,
            _ => Others::Nothing,
        };
        return Mode { setuid: bits & 0o4000 != 0, group_writable: bits & 0o020 != 0, others };
    }
    let mut result = Mode::default();
    for clause in mode.split(',') {
        let Some(at) = clause.find(['+', '=']) else { continue };
        let (who, permissions) = (&clause[..at], &clause[at + 1..]);
        let whose = |letters: &str| who.chars().any(|letter| letters.contains(letter));
        result.setuid |= permissions.contains('s') && (who.is_empty() || whose("ua"));
        // Without a letter the umask, 022 on every instance, keeps the write bit from others.
        result.group_writable |= permissions.contains('w') && whose("ga");
        if permissions.contains('w') && whose("oa") {
            result.others = Others::Writes;
        } else if permissions.contains(['r', 'w']) && (who.is_empty() || whose("oa")) {
            result.others = result.others.max(Others::Shared);
        }
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
    use super::{Others, parse_mode};

    #[test]
    fn modes_are_read_in_both_notations() {
        for mode in ["u+s", "+s", "ug+s", "a+rxs", "4755", "04755", "6711", "u=rwxs,go=rx"] {
            assert!(parse_mode(mode).setuid, "{mode}");
        }
        for mode in ["g+s", "2755", "u-s", "755", "0755", "+x", "o+s"] {
            assert!(!parse_mode(mode).setuid, "{mode}");
        }
        for mode in ["777", "0777", "666", "a+w", "o+w", "ugo+rwx", "go=rw", "a=rwx"] {
            assert_eq!(parse_mode(mode).others, Others::Writes, "{mode}");
        }
        for mode in ["755", "1777", "+w", "g+w", "o-w", "a+x", "775"] {
            assert_ne!(parse_mode(mode).others, Others::Writes, "{mode}");
        }
    }
}

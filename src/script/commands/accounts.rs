//! Commands that give an account root, or a password.

use super::Moment;
use crate::script::effect::Grant;
use crate::script::shell::mapped::Text;
use crate::script::state::user::ROOT_GROUPS;

pub fn grant(Moment { call, args, context, .. }: Moment<'_>) -> Option<Grant> {
    let name = call.name();
    match name {
        "usermod" | "useradd" | "adduser" | "gpasswd" | "groupmems" => {
            // Without its group `gpasswd -a USER GROUP` has one operand.
            let groups: Vec<&Text> = match name {
                "usermod" | "useradd" => args.values("-G --groups -g --gid").collect(),
                "adduser" => args.operand(1).into_iter().chain(args.values("-G --ingroup")).collect(),
                "gpasswd" if args.has("-a --add -M --members") => args.operands().next_back().into_iter().collect(),
                "groupmems" if args.has("-a --add") => args.values("-g --group").collect(),
                _ => Vec::new(),
            };
            let group = groups.iter().flat_map(|list| list.as_str().split(',')).find(|it| ROOT_GROUPS.contains(it));
            if let Some(group) = group {
                return Some(Grant::Group(group.to_owned()));
            }
            if args.value("-u --uid").is_some_and(|uid| uid.as_str() == "0") {
                return Some(Grant::Uid0);
            }
            (name == "usermod" && args.value("-p --password").is_some()).then_some(Grant::Password)
        }
        "passwd" => {
            let harmless = "-l --lock -S --status -e --expire -u --unlock";
            (!args.has(harmless)).then_some(Grant::Password)
        }
        "chpasswd" => Some(Grant::Password),
        // `echo RULE | EDITOR='tee -a' visudo` writes the rule.
        "visudo" if !args.has("-c --check") => {
            let rule = context.input.as_ref()?.text.as_str().to_owned();
            (!rule.trim().is_empty()).then_some(Grant::Sudoers(rule))
        }
        _ => None,
    }
}

//! Commands by which root gives an account root, or a password.

use crate::rules::{Rule, Severity};
use crate::script::commands::options;
use crate::script::interpret::Walker;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::Context;
use crate::script::state::process::State;
use crate::script::sudoers::{self, Grant};

/// Groups whose members can become root. `disk` reads and writes every file below the file system, `shadow` reads
/// password hashes, `docker` starts privileged containers.
pub const GROUPS: [&str; 6] = ["wheel", "sudo", "root", "docker", "disk", "shadow"];

const HELP: &str = "Remove the line; do what needs root in the hook, which is root already.";

impl Walker<'_> {
    pub fn grants_by_command(&mut self, call: &Call, _state: &State, context: &Context) {
        let words = call.arguments();
        let span = call.span();
        match call.name() {
            "usermod" | "useradd" | "adduser" | "gpasswd" | "groupmems" => {
                if let Some(group) = joined_group(call.name(), words) {
                    self.report.add(Draft::new(
                        Rule::GrantsRoot,
                        &span,
                        format!("root adds an account to the group {group}, whose members can become root"),
                        HELP,
                    ));
                } else if options::value(words, Some('u'), "uid").is_some_and(|uid| uid.as_str() == "0") {
                    self.report.add(Draft::new(
                        Rule::GrantsRoot,
                        &span,
                        "root gives an account uid 0, which makes it another root",
                        HELP,
                    ));
                } else if call.name() == "usermod" && options::value(words, Some('p'), "password").is_some() {
                    self.password(&span);
                }
            }
            "passwd" => {
                const HARMLESS: [(char, &str); 4] = [('l', "lock"), ('S', "status"), ('e', "expire"), ('u', "unlock")];
                if !HARMLESS.iter().any(|(short, long)| options::has(words, *short, long)) {
                    self.password(&span);
                }
            }
            "chpasswd" => self.password(&span),
            // `echo RULE | EDITOR='tee -a' visudo` writes the rule.
            "visudo" if !options::has(words, 'c', "check") => {
                let rule = context.input.as_ref().map(|input| input.text.as_str().to_owned()).unwrap_or_default();
                if !rule.trim().is_empty() && sudoers::judge(&rule) != Grant::None {
                    self.report.add(Draft::new(
                        Rule::GrantsRoot,
                        &span,
                        "root feeds a rule to visudo, which writes it to /etc/sudoers and hands root back",
                        HELP,
                    ));
                }
            }
            _ => {}
        }
    }

    fn password(&mut self, span: &std::ops::Range<usize>) {
        let draft = Draft::new(
            Rule::GrantsRoot,
            span,
            "root sets a password: whoever knows it can use `su`, or `sudo` where a rule asks for a password",
            "Leave accounts without a password; do what needs root in the hook, which is root already.",
        );
        self.report.add(draft.severity(Severity::Warning));
    }
}

/// The dangerous group that a command adds an account to.
fn joined_group(name: &str, words: &[Text]) -> Option<String> {
    let lists: Vec<Text> = match name {
        "usermod" | "useradd" => [(Some('G'), "groups"), (Some('g'), "gid")]
            .iter()
            .filter_map(|(short, long)| options::value(words, *short, long))
            .collect(),
        // adduser USER GROUP
        "adduser" => match options::operands(words, &["--home", "--shell", "--gecos", "--uid", "--ingroup"]).as_slice()
        {
            [_, group] => vec![(*group).clone()],
            _ => options::value(words, Some('G'), "ingroup").into_iter().collect(),
        },
        // gpasswd -a USER GROUP
        "gpasswd" => {
            let adds = options::has(words, 'a', "add") || options::has(words, 'M', "members");
            let group =
                options::operands(words, &["-a", "-M", "--add", "--members"]).last().map(|group| (*group).clone());
            group.into_iter().filter(|_| adds).collect()
        }
        "groupmems" if options::has(words, 'a', "add") => {
            options::value(words, Some('g'), "group").into_iter().collect()
        }
        _ => Vec::new(),
    };
    let found = lists.iter().flat_map(|list| list.as_str().split(',')).find(|group| GROUPS.contains(group))?;
    Some(found.to_owned())
}

//! Files that root makes in the notebook user's home and never hands over.

use super::Draft;
use super::memory::Memory;
use crate::rules::Rule;
use crate::script::state::paths;

pub fn never_handed_over(memory: &Memory) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (_, span) in &memory.created {
        if drafts.iter().any(|draft| draft.span == *span) {
            continue;
        }
        // One command may make several.
        let made: Vec<&str> =
            memory.created.iter().filter(|(_, other)| other == span).map(|(path, _)| path.as_str()).collect();
        let shown: Vec<String> = made.iter().map(|path| paths::shown(path)).collect();
        let help = if made.iter().any(|path| memory.is_run(path)) {
            "Keep it out of /home/ec2-user, for example under /opt: root runs it, and whoever can change it becomes root."
                .to_owned()
        } else {
            let mut targets: Vec<String> = made.iter().map(|path| paths::quoted(paths::known_start(path))).collect();
            targets.dedup();
            format!(
                "Create it with `sudo -u ec2-user …`, or add `chown -R ec2-user:ec2-user {}` after it.",
                targets.join(" ")
            )
        };
        let message = format!(
            "root creates {}, which stays root's: without root access ec2-user cannot write to it",
            shown.join(", ")
        );
        let about = paths::parent(made.first().copied().unwrap_or_default());
        drafts.push(Draft::new(Rule::RootOwnedWorkspace, span, message, help).about(about));
    }
    drafts
}

//! The rules: each a pure function of one effect and of what came before it, one file a family.

mod docker;
mod file_grants;
mod grants;
mod limits;
mod memory;
mod needs_root;
mod ownership;
mod permissions;
mod report;
pub mod sudo;
mod sudoers;
mod user_writable;

use crate::rules::Rule;
use crate::script::effect::{Act, Effect};
use crate::script::finding::Analysis;
use memory::Memory;
pub use report::{Draft, Report};

/// One rule, or one face of it.
type Judge = fn(&Effect, &Memory) -> Option<Draft>;

const JUDGES: [Judge; 17] = [
    sudo::as_notebook_user,
    sudo::su_as_notebook_user,
    sudo::redundant,
    sudo::unresolved_user,
    sudo::in_jupyter,
    grants::by_command,
    grants::by_api,
    file_grants::by_file,
    permissions::privilege,
    permissions::opened,
    user_writable::used,
    user_writable::placed,
    user_writable::container,
    user_writable::elsewhere,
    needs_root::system_change,
    docker::judge,
    docker::server,
];

/// Judges what a script does.
pub fn judge(effects: &[Effect], script: &str) -> Analysis {
    let mut report = Report::default();
    let mut memory = Memory::default();
    for effect in effects {
        drafts(effect, &memory).for_each(|draft| report.add(draft));
        memory.learn(effect);
    }
    for draft in ownership::never_handed_over(&memory) {
        report.add(draft);
    }
    let expands = |effect: &Effect| matches!(effect.act, Act::ExpandForOther);
    for of_one_heredoc in effects.chunk_by(|one, next| expands(one) && expands(next)) {
        // What root runs in a substitution is reported for itself; one note a heredoc is enough.
        let silent = |effect: &&Effect| expands(effect) && !report.has_within(&effect.by.span);
        if let Some(effect) = of_one_heredoc.iter().find(silent) {
            report.add(sudo::expanded(effect));
        }
    }
    report.finish(script)
}

fn drafts<'a>(effect: &'a Effect, memory: &'a Memory) -> impl Iterator<Item = Draft> + use<'a> {
    let limit = limits::limit(effect);
    JUDGES.iter().filter_map(|judge| judge(effect, memory)).chain(limit)
}

/// The rules that speak of effects, after what is remembered.
fn spoken(effects: &[Effect], memory: &Memory) -> Vec<Rule> {
    let mut memory = memory.clone();
    let mut found = Vec::new();
    for effect in effects {
        found.extend(drafts(effect, &memory).map(|draft| draft.rule));
        memory.learn(effect);
    }
    found
}

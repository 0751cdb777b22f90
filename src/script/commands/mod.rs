//! The effects of programs by their command lines: what they write, trust and grant, and whom they become.

mod accounts;
pub mod command_line;
pub mod crontab;
mod filters;
pub mod known_programs;
mod permissions;
mod sed;
mod services;
pub mod stdout;
pub mod user_change;
pub mod uses;
mod writes;

use crate::script::effect::Act;
use crate::script::state::call::Call;
use crate::script::state::context::Context;
use crate::script::state::files::Files;
use crate::script::state::process::State;
use command_line::Args;

pub const SHELLS: [&str; 6] = ["bash", "sh", "dash", "zsh", "ksh", "ash"];

/// A command line with what is known at its moment.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub call: &'a Call,
    pub args: &'a Args<'a>,
    pub state: &'a State,
    pub context: &'a Context,
    pub files: &'a Files,
}

impl Moment<'_> {
    /// A path of the command line, made absolute.
    fn resolve(&self, path: &str) -> String {
        self.state.resolve(path)
    }

    /// The working folder; empty if it is not known.
    fn here(&self) -> String {
        self.state.folder.clone().unwrap_or_default()
    }
}

/// The acts of a command, besides what its redirects write and what the scripts that it starts do.
pub fn acts(call: &Call, state: &State, context: &Context, files: &Files) -> Vec<Act> {
    let args = known_programs::args(call);
    let moment = Moment { call, args: &args, state, context, files };
    let mut acts = Vec::new();
    services::acts(moment, &mut acts);
    uses::acts(moment, &mut acts);
    acts.extend(accounts::grant(moment).map(Act::Grant));
    permissions::acts(moment, &mut acts);
    acts.extend(writes::writes(moment).into_iter().map(Act::Write));
    if matches!(call.name(), "rm" | "unlink" | "rmdir") {
        acts.extend(args.operands().map(|path| Act::Remove { path: moment.resolve(path.as_str()) }));
    }
    acts
}

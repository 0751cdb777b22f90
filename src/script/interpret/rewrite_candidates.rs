//! Lines of the notebook user's block that root's part of the hook may do instead.

use std::ops::Range;
use std::rc::Rc;

use super::Walker;
use crate::script::commands::command_line::lists;
use crate::script::commands::known_programs;
use crate::script::commands::user_change::{self, Change, Runs};
use crate::script::shell::mapped::UNKNOWN;
use crate::script::shell::tree::{Command, Statement, Unit};
use crate::script::state::call::Call;
use crate::script::state::context::{Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::{Block, State};
use crate::script::state::user::User;

/// Programs that take no paths, or take for a path only what has a slash in it or is named like a package.
const FOLDER_FREE: &str = "yum dnf apt apt-get amazon-linux-extras systemctl service chkconfig modprobe groupadd useradd \
    hostnamectl timedatectl reboot initctl";

/// The extensions of packages.
const PACKAGES: [&str; 2] = [".rpm", ".deb"];

/// Programs that only handle files, and what to skip before the paths.
const FILE_PROGRAMS: [(&str, usize); 9] =
    [("mkdir", 0), ("rm", 0), ("touch", 0), ("cp", 0), ("mv", 0), ("ln", 0), ("chown", 1), ("chmod", 1), ("rmdir", 0)];

/// A line of the notebook user's block that may read better in root's part.
#[derive(Debug)]
pub struct Candidate {
    /// The finding it belongs to, in bytes of the script.
    pub finding: Range<usize>,
    pub block: Rc<Block>,
    pub unit: Rc<Unit>,
    /// Which statement of the unit it is; `None` where the block consists of the command alone.
    pub statement: Option<usize>,
    pub cut: Range<usize>,
    pub line: String,
    /// Its failure does not stop the hook.
    pub lost: bool,
    pub errexit: bool,
}

impl Walker<'_> {
    /// The line as root's part would have it, if it is plain enough to move.
    pub fn candidate(
        &self,
        call: &Call,
        inner: &Call,
        change: &Change,
        state: &State,
        context: &Context,
        fate: Fate,
    ) -> Option<Candidate> {
        let Runs::Command(index) = change.runs else { return None };
        let block = state.block.clone()?;
        let plain = |word: &str| matches!(word, "-E" | "-H" | "-n" | "-u" | "root" | "--");
        let options = call.words.get(1..index)?;
        let keeps = options.iter().all(|word| plain(word.as_str())) && change.variables.is_empty();
        // In the block other variables may be set than in root's part.
        let takes_variables = options.iter().any(|word| word.as_str() == "-E") && state.exports();
        if !keeps || takes_variables || call.has_heredoc || state.function(inner.name()).is_some() || block.depth > 0 {
            return None;
        }
        let (text, sudo, end) = call.source(0);
        let (_, command, _) = call.source(index);
        let direct = Rc::ptr_eq(&call.unit, &block.unit) && self.scripts == block.depth;
        // Another program in between may change what happens, and a shell would read the hook's input.
        let between = direct && block.command != Some(sudo);
        if between || user_change::change(&inner.words).is_some() {
            return None;
        }
        let (statement, start, end) = if direct {
            let end = call.places.last()?.end;
            (None, block.start, end)
        } else {
            if self.scripts != block.depth + 1 || !self.active.is_empty() {
                return None;
            }
            let at = call.unit.body.iter().position(|it| it.place.range().contains(&sudo))?;
            let statement = &call.unit.body[at];
            if !is_plain_line(statement) {
                return None;
            }
            let (start, end) = context.pipeline.map_or((sudo, end), |(start, stop)| (start.min(sudo), stop.max(end)));
            let end = start + text.as_str().get(start..end)?.trim_end().len();
            (Some(at), start, end)
        };
        if command <= sudo {
            return None;
        }
        let before = if direct { String::new() } else { text.display(start..sudo, self.shown) };
        let after = text.display(command..end, self.shown);
        let source = format!("{}{}", text.as_str().get(start.min(sudo)..sudo)?, text.as_str().get(command..end)?);
        let source = if direct { text.as_str().get(command..end)?.to_owned() } else { source };
        let home = source.contains('~') || source.contains("$HOME") || source.contains("${HOME}");
        // Variables and substitutions may have other values for root.
        if home || source.contains(['$', '`', '\n', '\\']) {
            return None;
        }
        let mut line = format!("{before}{after}");
        line.truncate(line.trim_end_matches([' ', '\n', ';', '&']).len());
        if line.trim().is_empty() || line.contains('\n') {
            return None;
        }
        let within = |word: &str| {
            let path = paths::resolve(word.trim_start_matches(['>', '<']), state.folder.as_deref());
            paths::writable(&path) != paths::Writable::No
        };
        let mut cares = false;
        for word in source.split_ascii_whitespace().skip(usize::from(before.is_empty())) {
            let path = word.trim_matches(['"', '\'']);
            // Root would follow a link that ec2-user puts there.
            if word.contains('/') && (within(path) || path.split('=').next_back().is_some_and(within)) {
                return None;
            }
            let relative = path.starts_with('.')
                || path.contains(['*', '?', '['])
                || path.contains('/') && !path.starts_with(['/', '-']);
            cares |= relative && !path.contains(UNKNOWN);
        }
        let args = known_programs::args(inner);
        let free = lists(FOLDER_FREE, inner.name()) && !args.operands().any(|word| named_like_a_package(word.as_str()))
            || matches!(inner.name(), "mount" | "umount" | "swapon" | "swapoff") && args.at(0).is_none()
            || inner.name() == "sysctl" && args.operands().all(|word| word.as_str().contains('='));
        cares |= !free && (args.at(0).is_none() || args.operands().any(|word| !word.as_str().starts_with('/')))
            || source.contains(['>', '<'])
                && source.split(['>', '<']).skip(1).any(|to| !to.trim_start().starts_with('/') && !to.starts_with('&'));
        if cares && state.folder != block.folder {
            let folder = state.folder.as_deref().filter(|folder| !folder.contains(UNKNOWN) && !within(folder))?;
            line = format!("(cd {} && {line})", paths::quoted(folder));
        }
        Some(Candidate {
            finding: call.span(),
            cut: text.span(start..end),
            unit: Rc::clone(&call.unit),
            block,
            statement,
            line,
            lost: fate != Fate::Reaches,
            errexit: state.options.errexit,
        })
    }
}

fn named_like_a_package(word: &str) -> bool {
    PACKAGES.iter().any(|end| word.ends_with(end))
}

/// Whether a command touches only the notebook user's own files.
pub fn touches_own_files(inner: &Call, state: &State) -> bool {
    let Some((name, skip)) = FILE_PROGRAMS.iter().find(|(name, _)| *name == inner.name()) else { return false };
    let args = known_programs::args(inner);
    let owner = || args.operand(0).is_some_and(|owner| User::named(owner.as_str()) == User::Notebook);
    let mut paths = args.operands().skip(*skip).map(|word| state.resolve(word.as_str())).peekable();
    (*name != "chown" || owner()) && paths.peek().is_some() && paths.all(|path| paths::is_within(&path, paths::HOME))
}

/// Whether a statement is one command, or a pipeline that feeds literal text to one.
fn is_plain_line(statement: &Statement) -> bool {
    let simple = |it: &Statement| matches!(&it.command, Command::Simple { assignments, .. } if assignments.is_empty());
    !statement.negated
        && !statement.background
        && match &statement.command {
            Command::Pipeline(parts) => {
                let prints = |it: &Statement| matches!(it.program(), Some("echo" | "printf" | "yes" | "sudo" | "cat"));
                parts.iter().all(|part| simple(part) && prints(part))
            }
            _ => simple(statement),
        }
}

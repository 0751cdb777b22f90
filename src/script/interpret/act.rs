//! From commands to effects, and to what they leave behind in the files of the script.

use std::ops::Range;
use std::rc::Rc;

use super::Walker;
use crate::script::commands::{self, crontab};
use crate::script::effect::{Act, By, Effect, Limit, Use, Write};
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::shell::tree::{Place, Unit};
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context, Fate};
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// Places with a file's content that are remembered.
const MOST_READ: usize = 256;

impl Walker<'_> {
    /// Yields the effects of a command that really runs.
    pub fn act(&mut self, call: &Call, state: &State, context: &Context) {
        let span = call.span();
        for act in commands::acts(call, state, context, &self.files) {
            match act {
                Act::Write(write) => self.write(write, &span, state),
                Act::Remove { ref path } => {
                    self.files.remove(path);
                    self.yields(act, &span, state);
                }
                act => self.yields(act, &span, state),
            }
        }
        if call.name() == "crontab" {
            self.crontab(call, state, context);
        }
    }

    /// An effect without a failure of its own.
    pub fn yields(&mut self, act: Act, span: &Range<usize>, state: &State) {
        self.effects.push(Effect { by: By::new(state, Fate::Lost, span.clone()), act });
    }

    pub fn limit(&mut self, limit: Limit, span: &Range<usize>) {
        self.yields(Act::Limit(limit), span, &State::hook());
    }

    pub fn write(&mut self, mut write: Write, span: &Range<usize>, state: &State) {
        // A text of unknown parts alone tells no more than no content at all.
        let says = |text: &Text| {
            text.is_empty() || text.as_str().chars().any(|letter| letter != UNKNOWN && !letter.is_whitespace())
        };
        write.content = write.content.filter(says);
        let refused = state.actor.is_notebook_now() && paths::is_system(&write.path);
        if let Some(target) = &write.leads_to {
            let shown = self.files.read(target);
            self.files.write(&write.path, &shown, false, span);
        } else if !refused {
            let unknown = Text::of("\u{1a}\n", span.clone());
            let content = write.content.as_ref().unwrap_or(&unknown);
            self.files.write(&write.path, content, write.append || self.also, span);
        }
        self.yields(Act::Write(write), span, state);
    }

    /// The `crontab` command: installs a file or standard input.
    fn crontab(&mut self, call: &Call, state: &State, context: &Context) {
        let args = commands::known_programs::args(call);
        let Some((user, name)) = crontab::owner(&args, state) else { return };
        let file = args.operand(0).filter(|file| file.as_str() != "-");
        if args.has("-r") && file.is_none() {
            self.files.remove(&name);
        }
        if args.has("-r -l -e") {
            return;
        }
        let span = call.span();
        let Content { text, from } = match file.map(|file| state.resolve(file.as_str())) {
            Some(path) => Content { text: self.files.read(&path), from: Some(path) },
            None => context.input.as_deref().cloned().unwrap_or_default(),
        };
        if let Some(path) = from.filter(|_| user == User::Root) {
            let known = !self.files.read(&path).is_empty();
            self.yields(Act::InstallCrontab { path, known }, &span, state);
        }
        self.files.write(&name, &text, self.also, &span);
    }

    /// `eval "$(cat FILE)"` runs the file, and `export $(cat FILE)` takes its variables.
    pub fn evaluates(&mut self, how: Use, call: &Call, state: &State) {
        if let Some(path) = self.file_in(&call.unit, &call.range()) {
            // A value that was fetched is mostly data, unless it is all there is.
            let fetched = path.contains("://");
            if !fetched || call.words.iter().any(Text::is_opaque) {
                self.yields(Act::Use { how, path, fetched }, &call.span(), state);
            }
        }
    }

    /// Records that the text at a place is a file's content.
    pub fn comes_from(&mut self, unit: &Rc<Unit>, place: Place, path: Option<&str>) {
        let Some(path) = path.filter(|_| self.read_from.len() < MOST_READ) else { return };
        if self.file_in(unit, &place.range()).is_none() {
            self.read_from.push((Rc::clone(unit), place.range(), path.to_owned()));
        }
    }

    /// The file whose content stands within a range of a unit.
    pub fn file_in(&self, unit: &Rc<Unit>, range: &Range<usize>) -> Option<String> {
        let within = |at: &Range<usize>| at.start >= range.start && at.end <= range.end;
        let mut found = self.read_from.iter().filter(|(known, at, _)| Rc::ptr_eq(known, unit) && within(at));
        found.next().map(|(_, _, path)| path.clone())
    }
}

//! Instantiations of a module: what its variables hold on each way that leads to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::data::{Traced, Values};
use super::eval::Evaluator;
use super::needs::ROOT;
use super::repetitions::Iteration;
use super::ways::{MOST_LISTED, Ways};
use super::work::Kept;
use crate::model::Module;
use crate::model::module::call_name;
use crate::model::terragrunt::Config;
use crate::source::Location;

/// More instantiations of a module are not told apart, unless it has nearly as many calls: modules that call the next one
/// twice make as many as there are ways.
const MOST_WAYS: usize = 2048;

/// More instantiations by Terragrunt units and by deployments of stacks, each repetition counted, are not told apart.
const MOST_RUN: usize = 20_000;

/// Modules that call each other in a row are followed no further. Each has an address as long as the row.
const DEEPEST: usize = 500;

/// Searches of modules that were searched before, as they are in circles, are not repeated more often.
const MOST_REPEATED: usize = 200;

/// An instantiation, as far as some variables tell it apart from others.
#[derive(Debug, Clone)]
pub struct Frame<'w, 'a> {
    /// The module.
    pub module: &'w Module<'a>,
    /// The values of the variables that were asked for.
    pub bindings: BTreeMap<String, Values>,
    /// The names of the calls that lead here, such as `module.a.module.b`; empty for a root.
    pub path: Path,
    /// Whether a `count` of 0 or an empty `for_each` on the way leaves it out.
    pub idle: bool,
    /// The Terragrunt configuration that it stands for, if it is no module of Terraform.
    pub(crate) config: Option<Rc<Config>>,
    /// The programs that it is part of, each with its address there.
    pub ways: Ways,
    /// The local values and outputs that were evaluated in it.
    pub(super) kept: Kept,
}

/// The calls that lead from a root to an instantiation. Instantiations share the way that they have in common.
#[derive(Debug, Clone, Default)]
pub struct Path(Option<Rc<(Path, String)>>);

impl Path {
    /// The way on to a call, or a component.
    pub(super) fn to(&self, name: String) -> Self {
        Self(Some(Rc::new((self.clone(), name))))
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names = Vec::new();
        let mut at = self;
        while let Some(step) = &at.0 {
            names.push(step.1.as_str());
            at = &step.0;
        }
        names.reverse();
        f.write_str(&names.join("."))
    }
}

impl<'w, 'a> Frame<'w, 'a> {
    /// An instantiation in which these variables are bound.
    pub(crate) fn bound(module: &'w Module<'a>, bindings: BTreeMap<String, Values>) -> Self {
        Self { bindings, ..Self::anywhere(module) }
    }

    /// The module wherever it is used, where no variable matters.
    pub(crate) fn anywhere(module: &'w Module<'a>) -> Self {
        Self {
            module,
            bindings: BTreeMap::new(),
            path: Path::default(),
            idle: false,
            config: None,
            ways: Ways::default(),
            kept: Kept::default(),
        }
    }
}

/// The instantiations found so far, by module and by the variables that were asked for.
#[derive(Default)]
pub(crate) struct Frames<'w, 'a> {
    known: HashMap<(Utf8PathBuf, BTreeSet<String>), Rc<Vec<Frame<'w, 'a>>>>,
    /// The modules of which no variable matters.
    anywhere: HashMap<Utf8PathBuf, Rc<Vec<Frame<'w, 'a>>>>,
    /// Modules whose instantiations are being looked for, each by how many are around it: a call among them leads in a circle.
    entered: HashMap<Utf8PathBuf, usize>,
    /// The outermost of them, by its place, that a circle has led back to.
    circle: Option<usize>,
    /// The searches since the outermost one was entered, and how often one was repeated.
    searched: BTreeSet<(Utf8PathBuf, BTreeSet<String>)>,
    repeated: usize,
}

impl Frames<'_, '_> {
    /// Notes that a search begins; `false` if there have been too many.
    fn enter(&mut self, key: &(Utf8PathBuf, BTreeSet<String>)) -> bool {
        if self.entered.is_empty() {
            self.searched.clear();
            self.repeated = 0;
        }
        self.repeated += usize::from(!self.searched.insert(key.clone()));
        let goes_on = self.repeated <= MOST_REPEATED;
        if goes_on {
            self.entered.insert(key.0.clone(), self.entered.len());
        }
        goes_on
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The instantiations of a module, told apart by what the `needed` variables hold.
    pub(crate) fn frames(&self, module: &'w Module<'a>, needed: &BTreeSet<String>) -> Rc<Vec<Frame<'w, 'a>>> {
        let key = (module.id.clone(), needed.clone());
        if let Some(known) = self.frames.borrow().known.get(&key) {
            return Rc::clone(known);
        }
        let own = self.frames.borrow().entered.len();
        let met = self.frames.borrow().entered.get(&module.id).copied();
        if met.is_some() {
            let mut memo = self.frames.borrow_mut();
            memo.circle = memo.circle.into_iter().chain(met).min();
            return Rc::default();
        }
        if own >= DEEPEST || !self.frames.borrow_mut().enter(&key) {
            return Rc::new(vec![self.too_many_ways(module, needed)]);
        }
        let before = self.frames.borrow_mut().circle.take();
        let mut frames = self.called(module, needed);
        let called = frames.len();
        for unit in self.units().of(&module.id) {
            frames.extend(self.run_by(module, unit, needed));
            if frames.len() > MOST_RUN {
                frames.push(self.too_many_ways(module, needed));
                break;
            }
        }
        let is_called =
            || self.workspace.is_called_from_outside(module) || self.units().of(&module.id).next().is_some();
        // Nothing calls it, or nothing but what lies in its own folder, or it is known as a root all the same.
        if frames.is_empty() || self.workspace.is_marked_as_root(module) || !is_called() {
            frames.extend(self.root(module, needed));
        }
        frames.extend(self.set_by_commands(module, needed, &frames[called..]));
        // What is left out counts only where there is nothing else: a change of that number must not bring root back.
        if frames.iter().any(|frame| !frame.idle) {
            frames.retain(|frame| !frame.idle);
        }
        // No verdict hangs on a mere list of instances, and who else calls it is no matter where no variable is.
        if !self.workspace.is_quiet() && !needed.is_empty() {
            let units = self.gaps_of_units(module, needed);
            let gaps = self.workspace.gaps_of_callers(module, needed).into_iter().chain(units);
            frames.extend(self.gaps(module, needed, &gaps.collect::<Vec<_>>()));
        }
        let frames = Rc::new(distinct(frames));
        let mut memo = self.frames.borrow_mut();
        memo.entered.remove(&module.id);
        // Inside a circle the result depends on where it was entered, so it is not kept.
        let open = memo.circle.filter(|outermost| *outermost < own);
        if open.is_none() {
            memo.known.insert(key, Rc::clone(&frames));
        }
        memo.circle = open.into_iter().chain(before).min();
        frames
    }

    /// A module of which no variable matters, as its only instantiation.
    pub(super) fn anywhere(&self, module: &'w Module<'a>) -> Rc<Vec<Frame<'w, 'a>>> {
        let mut memo = self.frames.borrow_mut();
        let frames = memo.anywhere.entry(module.id.clone()).or_insert_with(|| Rc::new(vec![Frame::anywhere(module)]));
        Rc::clone(frames)
    }

    /// The unknown values of a declaration that an unreadable override file may replace.
    pub(super) fn overriding(&self, module: &'w Module<'a>, name: &str, location: Location) -> Values {
        let gaps = self.workspace.gaps_of_overrides(module, name);
        gaps.iter().map(|gap| Traced::unknown(gap.why.clone(), location)).collect()
    }

    /// The instantiations by calls.
    fn called(&self, module: &'w Module<'a>, needed: &BTreeSet<String>) -> Vec<Frame<'w, 'a>> {
        let mut frames = Vec::new();
        let mut room = MOST_LISTED;
        let callers = self.workspace.callers_of(module);
        for &(caller, call) in &callers {
            let arguments = needed.iter().filter_map(|name| call.attribute(name));
            let repeats = ["for_each", "count"].into_iter().filter_map(|name| call.attribute(name));
            let expressions: Vec<_> = arguments.chain(repeats).map(|argument| &argument.node.value).collect();
            let mut wanted = self.needs(caller, &expressions);
            wanted.extend(needed.get(ROOT).cloned());
            let block = Location { file: call.base.file, span: call.base.node.span };
            let exception = if self.lists_ways() { self.exception_on(block) } else { None };
            for outer in self.frames(caller, &wanted).iter() {
                let mut iterations = self.iterations(call, outer);
                let idle = outer.idle || iterations.is_empty();
                if iterations.is_empty() {
                    iterations.push(Iteration::default());
                }
                let instance = |iteration| {
                    let key = Self::instance_key(call, iteration);
                    let ways = if self.lists_ways() {
                        let ways = outer.ways.through(&format!("module.{}{key}", call_name(call)), room);
                        room -= ways.listed.len();
                        ways.excepted(exception.as_ref())
                    } else {
                        Ways::default()
                    };
                    Frame { idle, ways, ..self.instantiate(module, call, needed, outer, iteration) }
                };
                frames.extend(iterations.iter().map(instance));
                if frames.len() > MOST_WAYS.max(4 * callers.len()) {
                    frames.push(self.too_many_ways(module, needed));
                    return frames;
                }
            }
        }
        frames
    }
}

/// Instantiations that no variable tells apart are one, with the ways of all.
fn distinct<'w, 'a>(frames: Vec<Frame<'w, 'a>>) -> Vec<Frame<'w, 'a>> {
    let mut seen: BTreeMap<BTreeMap<String, Values>, usize> = BTreeMap::new();
    let mut result: Vec<Frame<'w, 'a>> = Vec::new();
    for frame in frames {
        if let Some(&known) = seen.get(&frame.bindings) {
            result[known].absorb(frame);
        } else {
            seen.insert(frame.bindings.clone(), result.len());
            result.push(frame);
        }
    }
    result
}

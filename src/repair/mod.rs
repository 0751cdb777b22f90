//! Which literals to change so that nothing but the compliant value arrives.
//!
//! Candidates come from the traces of the bad values; each is tried by evaluating again with other literals supposed
//! in their place. What proves wins; nothing is changed that also feeds something else.

mod changes;
mod uses;

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::value::Arrival;
use crate::value::needs;
use crate::value::{Data, OriginKind, Traced};
use crate::value::{Evaluator, Scope};
use changes::Candidate;
pub use changes::{ChangeKind, Changes};
use uses::{first_use, lies_in, other_use};

use crate::control;
use crate::model::overrides::{Layered, Placed};
use crate::model::{Module, Workspace};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Body, Expr, ExprKind, Item};

/// More values than this are settled together if that holds: one by one, each of them costs a search of its own.
const MANY: usize = 8;

/// What can be done at the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// These changes, and nothing else is touched by them.
    ///
    /// With the reason why another place was not taken, if one was thought of.
    Origin(Changes, Option<String>),
    /// The literal on the resource, and why not at the origin.
    Resource(String),
    /// These files, which the run may not edit, would have to change.
    OutOfScope(BTreeSet<FileId>),
    /// These changes for some of the values, without touching the others.
    Part {
        /// What to change.
        changes: Changes,
        /// The values that do not comply after that, or are not known.
        left: Vec<Arrival>,
        /// What the run may not edit and would have to change for them.
        out_of_scope: BTreeSet<FileId>,
    },
    /// Some values are not known, and nothing can be done for the others alone.
    Nothing,
}

/// How far the search for changes has come.
#[derive(Default)]
struct Search {
    changes: Changes,
    /// The values that the changes do not settle yet.
    left: Vec<Arrival>,
    /// Those that have to be as they are after every change.
    stays: Vec<Arrival>,
    /// Why a place was not taken.
    why: Option<String>,
}

/// A notebook whose attribute gets values from elsewhere.
pub struct Patient<'w, 'a> {
    /// The modules.
    pub workspace: &'w Workspace<'a>,
    /// The notebook's module.
    pub module: &'w Module<'a>,
    /// The notebook.
    pub resource: &'w Layered<'a>,
    /// The attribute that decides.
    pub attribute: Placed<'a, Attribute>,
    /// Whether a file may be edited.
    pub editable: &'w dyn Fn(FileId) -> bool,
    /// Whether git ignores a file: what is changed there reaches no commit, so that the fix belongs elsewhere.
    pub is_git_ignored: &'w dyn Fn(FileId) -> bool,
}

impl<'w, 'a> Patient<'w, 'a> {
    /// Finds the changes that make all known values comply. Those that are not known stay as they are; where there are
    /// any, the literal on the resource is no way out.
    #[must_use]
    pub fn repair(&self, arrivals: &[Arrival]) -> Repair {
        let (known, unknown): (Vec<_>, Vec<_>) = arrivals
            .iter()
            .filter(|arrival| !complies(arrival))
            .cloned()
            .partition(|arrival| arrival.known().is_some());
        let mut search = Search { left: known, stays: unknown, ..Search::default() };
        if search.left.len() > MANY
            && let Some(settled) = self.all_at_once(&search)
        {
            (search.changes, search.left) = (settled, Vec::new());
        }
        // Each round settles at least one value, or sets it aside, so there are no more rounds than values.
        while let Some(first) = search.left.first().cloned() {
            if !self.settle(&first, &mut search) {
                if search.stays.is_empty() {
                    let why = search.why.unwrap_or_else(|| "no single literal decides the value".to_owned());
                    return Repair::Resource(why);
                }
                search.left.retain(|arrival| *arrival != first);
                search.stays.push(first);
            }
        }
        let out_of_scope: BTreeSet<FileId> = search.changes.files().filter(|&file| !(self.editable)(file)).collect();
        if out_of_scope.is_empty() && search.stays.is_empty() {
            return Repair::Origin(search.changes, search.why);
        }
        let bad: Vec<Arrival> = arrivals.iter().filter(|arrival| !complies(arrival)).cloned().collect();
        match self.part(&search.changes, &bad) {
            Some((changes, left)) => Repair::Part { changes, left, out_of_scope },
            None if out_of_scope.is_empty() => Repair::Nothing,
            None => Repair::OutOfScope(out_of_scope),
        }
    }

    /// Finds a change that settles a value, and what others it settles besides; whether there is one.
    fn settle(&self, first: &Arrival, search: &mut Search) -> bool {
        for candidate in self.candidates(&first.value) {
            let file = candidate.location().file;
            if (self.is_git_ignored)(file) {
                let path = self.workspace.view().source(file).path();
                search.why = Some(format!("git ignores {path}, so that a change there would reach no commit"));
                continue;
            }
            let tried = search.changes.with(&candidate);
            let after = self.bad(&tried);
            let Some(after) = remaining(&after, &search.left, &search.stays) else { continue };
            if after.len() >= search.left.len() || after.contains(first) {
                continue;
            }
            if let Some(reason) = self.objection(&[&candidate], &tried, &[first]) {
                search.why = Some(reason);
                continue;
            }
            (search.changes, search.left) = (tried, after);
            return true;
        }
        false
    }

    /// The best candidate of every value, if together they hold.
    fn all_at_once(&self, search: &Search) -> Option<Changes> {
        let candidates: Vec<Candidate> = search
            .left
            .iter()
            .map(|arrival| self.candidates(&arrival.value).into_iter().next())
            .collect::<Option<_>>()?;
        if candidates.iter().any(|candidate| (self.is_git_ignored)(candidate.location().file)) {
            return None;
        }
        let mut changes = Changes::default();
        for candidate in &candidates {
            changes.add(candidate);
        }
        let arrivals: Vec<&Arrival> = search.left.iter().collect();
        // A rule about several variables may refuse what lies between two files, so that the order matters.
        if changes.steps.len() > 1 && self.validated_on_the_way(&arrivals).iter().any(|it| self.compares_variables(it))
        {
            return None;
        }
        let holds = remaining(&self.bad(&changes), &search.left, &search.stays)?.is_empty()
            && self.objection(&candidates.iter().collect::<Vec<_>>(), &changes, &arrivals).is_none();
        holds.then_some(changes)
    }

    /// What of some changes may be made in this run, if that does good and no harm by itself, with the values that do not
    /// comply then; `bad` are those of now.
    fn part(&self, changes: &Changes, bad: &[Arrival]) -> Option<(Changes, Vec<Arrival>)> {
        let own = changes.within(self.editable);
        if own.is_empty() {
            return None;
        }
        let after = self.bad(&own);
        let is_among = |arrival: &Arrival| bad.iter().any(|known| is_same(known, arrival));
        if after.len() >= bad.len() || !after.iter().all(is_among) {
            return None;
        }
        let candidates = own.candidates();
        let settled: Vec<&Arrival> = bad.iter().filter(|arrival| !after.contains(arrival)).collect();
        let objection = self.objection(&candidates.iter().collect::<Vec<_>>(), &own, &settled);
        objection.is_none().then_some((own, after))
    }

    /// Whether a validation of a variable, given with its module's folder, reads another one.
    fn compares_variables(&self, (folder, name): &(Utf8PathBuf, String)) -> bool {
        let module = self.workspace.module(folder);
        let conditions = conditions(module, name);
        let expressions: Vec<&Expr> = conditions.iter().map(|(_, condition)| *condition).collect();
        needs(module, &expressions).iter().any(|needed| needed != name)
    }

    /// The variables that values come through, each with the folder of its module.
    fn validated_on_the_way(&self, arrivals: &[&Arrival]) -> BTreeSet<(Utf8PathBuf, String)> {
        let hops = arrivals.iter().flat_map(|arrival| &arrival.value.hops);
        let on_the_way = hops.filter_map(|hop| {
            let name = hop.text.strip_prefix("var.")?.to_owned();
            let folders = self.workspace.folders_holding(hop.location.file);
            Some(folders.into_iter().map(move |folder| (folder, name.clone())))
        });
        on_the_way.flatten().collect()
    }

    /// What could change a value, best first.
    fn candidates(&self, value: &Traced) -> Vec<Candidate> {
        let origin = value.origin.location;
        let literal = match value.origin.kind {
            OriginKind::Literal => Some(Candidate::Change(origin, ChangeKind::Literal)),
            OriginKind::OptionalWithoutDefault => Some(Candidate::Change(origin, ChangeKind::OptionalDefault)),
            OriginKind::Computed | OriginKind::Outside | OriginKind::AtRunTime => None,
        };
        let flips = value.chosen_by.iter().filter(|location| !self.is_own(**location));
        let flips = flips.map(|location| Candidate::Change(*location, ChangeKind::Flip));
        // Turning a branch would leave a conditional that decides nothing.
        let flips_first = is_branch(&self.workspace.view().syntax(origin.file).body, origin.span);
        let mut candidates: Vec<Candidate> =
            if flips_first { flips.chain(literal).collect() } else { literal.into_iter().chain(flips).collect() };
        // The default of a module that cannot be edited gives way to an argument of the call.
        if let Some((call, variable)) = value.unset.clone().filter(|_| !(self.editable)(origin.file)) {
            candidates.insert(0, Candidate::Argument(call, variable));
        }
        // The attribute itself comes last: what is in it is not where the value comes from.
        candidates.sort_by_key(|candidate| {
            let location = candidate.location();
            (self.is_own(location), !(self.editable)(location.file))
        });
        candidates
    }

    /// Whether something stands in the attribute itself.
    fn is_own(&self, location: Location) -> bool {
        lies_in(location, self.attribute.file, self.attribute.node.value.span)
    }

    /// The values that do not comply after some changes, or are not known.
    fn bad(&self, changes: &Changes) -> Vec<Arrival> {
        let arrivals = self.supposing(changes).arrivals(self.module, self.resource, self.attribute);
        arrivals.into_iter().filter(|arrival| !complies(arrival)).collect()
    }

    fn supposing(&self, changes: &Changes) -> Evaluator<'w, 'a> {
        let mut evaluator = Evaluator::new(self.workspace);
        let compliant = || Data::String(control::COMPLIANT.to_owned());
        for (&location, kind) in &changes.literals {
            let data = match kind {
                ChangeKind::Literal | ChangeKind::OptionalDefault => compliant(),
                ChangeKind::Flip => match self.literal_text(location) {
                    text if text.contains("true") => Data::Bool(false),
                    _ => Data::Bool(true),
                },
            };
            evaluator.substitutes.insert(location, data);
        }
        evaluator.arguments = changes.arguments.iter().map(|argument| (argument.clone(), compliant())).collect();
        evaluator.followed = changes.literals.keys().copied().collect();
        evaluator
    }

    fn literal_text(&self, location: Location) -> &str {
        self.workspace.view().source(location.file).slice(location.span)
    }

    /// Why changes that would do for some arrivals are not made all the same; `tried` holds them and earlier ones.
    fn objection(&self, candidates: &[&Candidate], tried: &Changes, arrivals: &[&Arrival]) -> Option<String> {
        let Placed { file, node } = self.resource.base;
        let mut evaluator = self.supposing(tried);
        evaluator.patient = Some(Location { file, span: node.span });
        for candidate in candidates {
            let Candidate::Change(location, _) = **candidate else { continue };
            let elsewhere = if self.is_own(location) { None } else { other_use(self.workspace, location) };
            if let Some(other) = elsewhere.or_else(|| first_use(&evaluator, location)) {
                return Some(format!("what it comes from also feeds {other}"));
            }
        }
        let mut variables = evaluator.validating.take();
        variables.extend(self.validated_on_the_way(arrivals));
        self.refused_by_validation(tried, &variables)
    }

    /// The variable whose `validation` does not accept the changed values; each is given with its module's folder.
    fn refused_by_validation(&self, tried: &Changes, variables: &BTreeSet<(Utf8PathBuf, String)>) -> Option<String> {
        let evaluator = self.supposing(tried);
        for (folder, name) in variables {
            let module = self.workspace.module(folder);
            let conditions = conditions(module, name);
            if conditions.is_empty() {
                continue;
            }
            let expressions: Vec<&Expr> = conditions.iter().map(|(_, condition)| *condition).collect();
            for frame in evaluator.frames(module, &needs(module, &expressions)).iter() {
                for (file, condition) in &conditions {
                    let results = evaluator.eval(condition, *file, &Scope::new(frame));
                    let refuses = |result: &Traced| match result.as_bool() {
                        Some(accepted) => !accepted,
                        None => result.is_followed(),
                    };
                    if results.iter().any(refuses) {
                        return Some(format!("the validation of var.{name} may not accept it"));
                    }
                }
            }
        }
        None
    }
}

/// What of the values in `left` is there after a change, given by the values that do not comply then; `None` if one that
/// has to stay is not there any more, or one has come that was not there.
fn remaining(after: &[Arrival], left: &[Arrival], stays: &[Arrival]) -> Option<Vec<Arrival>> {
    let find = |among: &[Arrival], arrival: &Arrival| among.iter().any(|known| is_same(known, arrival));
    let (kept, others): (Vec<&Arrival>, Vec<&Arrival>) = after.iter().partition(|arrival| find(stays, arrival));
    let holds = stays.iter().all(|arrival| kept.iter().any(|known| is_same(known, arrival)))
        && (stays.is_empty() || others.iter().all(|arrival| find(left, arrival)))
        && others.iter().all(|arrival| arrival.known().is_some());
    holds.then(|| others.into_iter().cloned().collect())
}

/// Whether two values are the same but for what decides on them.
fn is_same(one: &Arrival, other: &Arrival) -> bool {
    let key = |arrival: &Arrival| (arrival.path.clone(), arrival.value.data.clone(), arrival.value.origin);
    key(one) == key(other)
}

/// What a module's variable has to fulfil.
fn conditions<'a>(module: &Module<'a>, variable: &str) -> Vec<(FileId, &'a Expr)> {
    let blocks = module.variables.get(variable).into_iter().flat_map(|variable| variable.blocks("validation"));
    blocks.filter_map(|block| Some((block.file, &block.node.body.attribute("condition")?.value))).collect()
}

/// Whether a value is the compliant one.
#[must_use]
pub fn complies(arrival: &Arrival) -> bool {
    arrival.known().flatten().as_deref() == Some(control::COMPLIANT)
}

/// Whether a literal is one branch of a conditional that has a literal as its other branch too.
fn is_branch(body: &Body, literal: Span) -> bool {
    fn in_expression(expr: &Expr, literal: Span) -> bool {
        if !expr.span.contains(literal) {
            return false;
        }
        let branches = match &expr.kind {
            ExprKind::Conditional(_, yes, no) => [yes.unparenthesised(), no.unparenthesised()],
            _ => return expr.children().into_iter().any(|child| in_expression(child, literal)),
        };
        let are_literals = branches.iter().all(|branch| matches!(branch.kind, ExprKind::String(_) | ExprKind::Null));
        are_literals && branches.iter().any(|branch| branch.span == literal)
            || expr.children().into_iter().any(|child| in_expression(child, literal))
    }
    body.items.iter().any(|item| match item {
        Item::Attribute(attribute) => in_expression(&attribute.value, literal),
        Item::Block(block) => is_branch(&block.body, literal),
    })
}

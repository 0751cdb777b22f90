//! Evaluates expressions as Terraform does, over every value that can arrive.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::behind::Behind;
use super::data::{
    Data, ListKind, MapKind, Origin, OriginKind, Traced, Values, collected, computed, error_in, normalised, shortened,
};
use super::followed::Followed;
use super::frame::Frames;
use super::functions::Documents;
use super::needs::References;
use super::number;
use super::operators::{binary, lift_with, operands, unary};
use super::planned::Planned;
use super::refinement;
use super::scope::Scope;
use super::terragrunt::{READS_CONFIGURATION, Reading};
use super::types::Type;
use super::work::Work;
use crate::model::Workspace;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Expr, ExprKind, Step};

/// Evaluates expressions in the modules of a workspace.
pub struct Evaluator<'w, 'a> {
    pub(crate) workspace: &'w Workspace<'a>,
    /// Literals taken to have another value than the one that stands there.
    pub(crate) substitutes: HashMap<Location, Data>,
    /// Arguments taken to be given: in calls that leave them out, and in resources whatever these are given. The block and
    /// the name.
    pub(crate) arguments: HashMap<(Location, String), Data>,
    /// The attribute of a provider that is planned as it is written, if one is known.
    pub(crate) planned: Option<Planned>,
    /// Whether all that is not read or not followed of a module counts as one instantiation, by no name.
    pub(super) sums_up_gaps: bool,
    /// Literals whose influence is followed.
    pub(crate) followed: BTreeSet<Location>,
    /// The numbers by which those are told apart; without any they are not.
    pub(crate) numbers: HashMap<Location, u32>,
    pub(super) frames: RefCell<Frames<'w, 'a>>,
    /// Those found only to list instances.
    pub(super) listing: RefCell<Frames<'w, 'a>>,
    /// The local values being evaluated, innermost last; one that needs itself has no value.
    pub(super) active: RefCell<Vec<Location>>,
    /// Nesting of evaluation, to end before the stack does.
    depth: Cell<usize>,
    pub(super) work: Work<'w>,
    /// The Terragrunt configurations that have been read.
    pub(super) reading: Reading,
    /// What definitions refer to.
    pub(super) referred: RefCell<HashMap<Location, Rc<References>>>,
    /// The documents that were decoded, by file and function, each with what its text came through.
    pub(super) documents: RefCell<Documents>,
    /// The files that were read for functions, or looked for, and the folders in which some were; by canonical path.
    pub(super) looked_for: RefCell<BTreeSet<Utf8PathBuf>>,
    /// The variables behind definitions, by module.
    pub(super) behind: RefCell<HashMap<Utf8PathBuf, HashMap<Location, Behind>>>,
    /// The evaluator without suppositions that finds out which files units read, once one is asked for.
    pub(super) asking: OnceCell<Box<Self>>,
    /// The objects of which one element alone has been evaluated.
    pub(super) narrowed: RefCell<BTreeSet<Location>>,
}

/// Deeper nesting of references and expressions is not followed.
pub(super) const DEEPEST: usize = 200;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// An evaluator of the code as it stands.
    #[must_use]
    pub fn new(workspace: &'w Workspace<'a>) -> Self {
        Self {
            workspace,
            substitutes: HashMap::new(),
            arguments: HashMap::new(),
            planned: None,
            sums_up_gaps: false,
            followed: BTreeSet::new(),
            numbers: HashMap::new(),
            frames: RefCell::default(),
            listing: RefCell::default(),
            active: RefCell::default(),
            depth: Cell::new(0),
            work: Work::new(workspace.view().store().work()),
            reading: Reading::default(),
            referred: RefCell::default(),
            documents: RefCell::default(),
            looked_for: RefCell::default(),
            behind: RefCell::default(),
            asking: OnceCell::new(),
            narrowed: RefCell::default(),
        }
    }

    /// The same evaluator, which knows one more attribute that is planned as it is written.
    #[must_use]
    pub fn knowing(self, planned: Planned) -> Self {
        Self { planned: Some(planned), ..self }
    }

    /// The same evaluator, for values that are only compared: what is not known there is not told apart by why.
    #[must_use]
    pub fn summing_up_gaps(self) -> Self {
        Self { sums_up_gaps: true, ..self }
    }

    /// The modules.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace<'a> {
        self.workspace
    }

    /// The files that have been read for functions, or looked for, and the folders in which some were; by canonical path.
    #[must_use]
    pub fn looked_for(&self) -> BTreeSet<Utf8PathBuf> {
        self.looked_for.borrow().clone()
    }

    /// A value that stands in the code as it is, or what is supposed in its place.
    pub(super) fn literal(&self, data: Data, origin: Origin) -> Values {
        let data = normalised(data);
        let data = self.substitutes.get(&origin.location).cloned().unwrap_or(data);
        let number = || self.numbers.get(&origin.location).copied().unwrap_or_default();
        let followed =
            if self.followed.contains(&origin.location) { Followed::One(number()) } else { Followed::Nothing };
        vec![Traced { followed, ..Traced::new(data, origin) }]
    }

    /// How deep the evaluation is at present.
    pub(super) fn depth(&self) -> usize {
        self.depth.get()
    }

    /// Whatever is followed.
    pub(super) fn anything(&self) -> Followed {
        if self.followed.is_empty() { Followed::Nothing } else { Followed::Anything }
    }

    /// The values of an expression.
    pub fn eval(&self, expr: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Values {
        let location = Location { file, span: expr.span };
        if self.depth.get() > DEEPEST {
            self.work.too_deep();
            return self.given_up("nesting too deep to follow", location);
        }
        if self.depth.get() == 0 {
            self.work.reset();
        }
        if let Some(nothing) = self.exhausted(location) {
            return nothing;
        }
        self.depth.set(self.depth.get() + 1);
        let values = typed_by_form(expr, self.eval_kind(expr, location, scope));
        self.depth.set(self.depth.get() - 1);
        self.bounded(values, is_passed_on(expr), location)
    }

    fn eval_kind(&self, expr: &Expr, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let file = location.file;
        let literal = |data| self.literal(data, Origin { location, kind: OriginKind::Literal });
        match &expr.kind {
            ExprKind::Null => literal(Data::Null(Type::Dynamic)),
            ExprKind::Bool(value) => literal(Data::Bool(*value)),
            ExprKind::Number(text) => match number::canonical(text) {
                Some(number) => literal(Data::Number(number)),
                // What is made of it may be an error.
                None => {
                    vec![Traced::unknown(
                        format!("the number {}, which is not computed with", shortened(text)),
                        location,
                    )]
                }
            },
            ExprKind::String(text) => literal(Data::String(text.clone())),
            ExprKind::Paren(inner) => self.eval(inner, file, scope),
            ExprKind::Template(parts) | ExprKind::Heredoc(parts) => self.template(parts, location, scope),
            ExprKind::Array(items) => {
                let items: Vec<Values> = items.iter().map(|item| self.eval(item, file, scope)).collect();
                vec![collected(error_in(&items), Data::List(ListKind::Tuple, items.into()), location)]
            }
            ExprKind::Object(items) => {
                let mut object = BTreeMap::new();
                // Of a key that stands twice the last value counts, and an error in any.
                let mut replaced = Vec::new();
                let mut sensitive = false;
                for item in items {
                    if item.key.is_plain_reference() {
                        let error = "a reference as a key, which wants parentheses";
                        return vec![computed(Data::Error(error.to_owned()), location)];
                    }
                    let keys = self.eval(&item.key, file, scope);
                    let [key] = keys.as_slice() else { return vec![unknown_key(&keys, location)] };
                    let Some(name) = key.as_text() else {
                        return vec![match &key.data {
                            Data::Unknown(_) => unknown_key(&keys, location),
                            Data::Error(_) => key.clone(),
                            _ => {
                                computed(Data::Error("a key that is not a string".to_owned()), location).because_of(key)
                            }
                        }];
                    };
                    sensitive |= key.sensitive;
                    replaced.extend(object.insert(name, self.eval(&item.value, file, scope)));
                }
                let error = error_in(replaced.iter().chain(object.values()));
                let fallible = replaced.iter().flatten().any(Traced::may_fail);
                let object = collected(error, Data::Object(MapKind::Object, object.into()), location);
                // A key has no mark of its own: of one that is not to be shown the whole object is not.
                vec![Traced {
                    fallible: object.fallible || fallible,
                    sensitive: object.sensitive || sensitive,
                    ..object
                }]
            }
            ExprKind::Variable(name) => match scope.names.iter().rev().find(|(other, _)| other == name) {
                Some((_, values)) => values.to_vec(),
                None => match self.config_reference(name, &[], location, scope) {
                    Some((values, _)) => values,
                    None => vec![Traced::unknown(format!("`{name}`"), location)],
                },
            },
            ExprKind::Traversal(root, steps) => self.traversal(root, steps, location, scope),
            ExprKind::Call { name, args, expand } => self.call(name, args, *expand, location, scope),
            ExprKind::Conditional(condition, yes, no) => self.conditional(condition, yes, no, file, scope),
            ExprKind::Unary(operator, inner) => {
                let inner =
                    operands(if *operator == "-" { "*" } else { operator }, self.eval(inner, file, scope), location);
                let wanted = if *operator == "-" { Type::Number } else { Type::Bool };
                let apply = |values: &[&Traced]| unary(operator, values[0]);
                lift_with(
                    &[inner],
                    location,
                    |_| None,
                    apply,
                    |result, values| result.or_refused(values, Some(&wanted)),
                )
            }
            ExprKind::Binary(left, operator, right) => {
                let sides = [left, right].map(|side| operands(operator, self.eval(side, file, scope), location));
                self.compared(&sides);
                let decide = |values: &[&Traced]| refinement::binary(values[0], operator, values[1]);
                let apply = |values: &[&Traced]| binary(values[0], operator, values[1]);
                lift_with(&sides, location, decide, apply, |result, values| match *operator {
                    "==" | "!=" => result,
                    "&&" | "||" => result.or_refused(values, Some(&Type::Bool)),
                    _ => result.or_refused(values, Some(&Type::Number)),
                })
            }
            ExprKind::For(expr) => self.for_expr(expr, location, scope),
            ExprKind::Unread(why) => vec![Traced::unknown(why.clone(), location)],
        }
    }
}

/// Whether an expression gives a value, or an element of one, as it stands elsewhere.
fn is_passed_on(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Variable(_) | ExprKind::Paren(_) => true,
        ExprKind::Call { name, .. } => name == READS_CONFIGURATION,
        ExprKind::Traversal(_, steps) => steps.iter().all(|step| matches!(step, Step::Attr(_) | Step::Index(_))),
        _ => false,
    }
}

/// The values of an expression; those that are not known have the type that the form of the expression gives them. What
/// other expressions pass on may be of another type than what it was taken from, so that nothing is known of it.
fn typed_by_form(expr: &Expr, values: Values) -> Values {
    if !values.iter().any(|value| matches!(value.data, Data::Unknown(_))) {
        return values;
    }
    let own = match &expr.kind {
        ExprKind::Traversal(root, steps) => {
            let is_whole = match &root.kind {
                ExprKind::Variable(name) => match name.as_str() {
                    "var" | "local" | "each" => steps.len() == 1,
                    "module" => steps.len() == 2,
                    _ => false,
                },
                _ => false,
            };
            if is_whole {
                return values;
            }
            None
        }
        // These have said it themselves.
        ExprKind::Template(_)
        | ExprKind::Heredoc(_)
        | ExprKind::Paren(_)
        | ExprKind::Conditional(..)
        | ExprKind::For(_)
        | ExprKind::Variable(_)
        | ExprKind::Call { .. } => return values,
        ExprKind::Unary("-", _) => Some(Type::Number),
        ExprKind::Unary(..) => Some(Type::Bool),
        ExprKind::Binary(_, operator, _) => {
            let is_number = matches!(*operator, "+" | "-" | "*" | "/" | "%");
            Some(if is_number { Type::Number } else { Type::Bool })
        }
        _ => None,
    };
    // What an operator makes is never `null`.
    let not_null = own.is_some();
    values.into_iter().map(|value| value.of_type(own.as_ref()).refined(|known| known.not_null = not_null)).collect()
}

fn unknown_key(keys: &Values, location: Location) -> Traced {
    let unknown = Traced::unknown("an object with a key that is not known", location);
    keys.iter().fold(unknown, super::data::Traced::because_of)
}

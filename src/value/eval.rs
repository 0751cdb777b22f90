//! Evaluates expressions as Terraform does, over every value that can arrive.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::data::{Data, Origin, OriginKind, Traced, Values, alternatives, combinations};
use super::frame::{Frame, Frames, Iteration};
use super::needs::needs;
use crate::finding::Hop;
use crate::model::Workspace;
use crate::model::overrides::Placed;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Expr, ExprKind, ForExpr, Step, TemplatePart};

/// Evaluates expressions in the modules of a workspace.
pub struct Evaluator<'w, 'a> {
    pub(super) workspace: &'w Workspace<'a>,
    /// Literals taken to have another value than the one that stands there.
    pub(super) substitutes: HashMap<Location, Data>,
    /// Arguments taken to be given in calls that leave them out: the call's block and the variable.
    pub(super) arguments: HashMap<(Location, String), Data>,
    /// Literals whose influence is followed.
    pub(super) followed: BTreeSet<Location>,
    /// The notebook for which literals have been changed, by its block: to leave root on in any other notebook then
    /// counts as a use of what is followed.
    pub(super) patient: Option<Location>,
    pub(super) frames: RefCell<Frames<'w, 'a>>,
    /// The local values being evaluated, innermost last; one that needs itself has no value.
    active: RefCell<Vec<Location>>,
    /// Nesting of evaluation, to end before the stack does.
    depth: Cell<usize>,
}

/// Deeper nesting of references and expressions is not followed.
const DEEPEST: usize = 200;

/// What names mean where an expression stands.
#[derive(Clone, Copy)]
pub struct Scope<'s, 'w, 'a> {
    /// The module instance.
    pub frame: &'s Frame<'w, 'a>,
    /// `each.key` and `each.value`, inside a block with `for_each`.
    pub each: Option<(&'s Values, &'s Values)>,
    /// `count.index`, inside a block with `count`.
    pub index: Option<&'s Values>,
    /// The variables of `for` expressions around, innermost last.
    pub(super) names: &'s [(String, Values)],
}

impl<'s, 'w, 'a> Scope<'s, 'w, 'a> {
    /// The scope of a block of a module without repetition.
    #[must_use]
    pub fn new(frame: &'s Frame<'w, 'a>) -> Self {
        Self { frame, each: None, index: None, names: &[] }
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// An evaluator of the code as it stands.
    #[must_use]
    pub fn new(workspace: &'w Workspace<'a>) -> Self {
        Self {
            workspace,
            substitutes: HashMap::new(),
            arguments: HashMap::new(),
            followed: BTreeSet::new(),
            patient: None,
            frames: RefCell::default(),
            active: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    /// The modules.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace<'a> {
        self.workspace
    }

    /// An evaluator that marks every value that depends on one of these literals.
    #[must_use]
    pub fn following(workspace: &'w Workspace<'a>, followed: BTreeSet<Location>) -> Self {
        Self { followed, ..Self::new(workspace) }
    }

    /// A value that stands in the code as it is, or what is supposed in its place.
    pub(super) fn literal(&self, data: Data, origin: Origin) -> Values {
        let data = self.substitutes.get(&origin.location).cloned().unwrap_or(data);
        let followed = self.followed.contains(&origin.location);
        vec![Traced { followed, ..Traced::new(data, origin) }]
    }

    /// The values of an expression.
    pub fn eval(&self, expr: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Values {
        let location = Location { file, span: expr.span };
        if self.depth.get() > DEEPEST {
            return vec![Traced::unknown("nesting too deep to follow", location)];
        }
        self.depth.set(self.depth.get() + 1);
        let values = self.eval_kind(expr, location, scope);
        self.depth.set(self.depth.get() - 1);
        values
    }

    fn eval_kind(&self, expr: &Expr, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let file = location.file;
        let literal = |data| self.literal(data, Origin { location, kind: OriginKind::Literal });
        match &expr.kind {
            ExprKind::Null => literal(Data::Null),
            ExprKind::Bool(value) => literal(Data::Bool(*value)),
            ExprKind::Number(text) => literal(Data::Number(text.clone())),
            ExprKind::String(text) => literal(Data::String(text.clone())),
            ExprKind::Paren(inner) => self.eval(inner, file, scope),
            ExprKind::Template(parts) | ExprKind::Heredoc(parts) => self.template(parts, location, scope),
            ExprKind::Array(items) => {
                let items = items.iter().map(|item| self.eval(item, file, scope)).collect();
                vec![computed(Data::List(items), location)]
            }
            ExprKind::Object(items) => {
                let mut object = BTreeMap::new();
                for item in items {
                    let keys = self.eval(&item.key, file, scope);
                    let [key] = keys.as_slice() else { return vec![unknown_key(&keys, location)] };
                    let Some(name) = key.as_text() else { return vec![unknown_key(&keys, location)] };
                    object.insert(name, self.eval(&item.value, file, scope));
                }
                vec![computed(Data::Object(object), location)]
            }
            ExprKind::Variable(name) => match scope.names.iter().rev().find(|(other, _)| other == name) {
                Some((_, values)) => values.clone(),
                None => vec![Traced::unknown(format!("`{name}`"), location)],
            },
            ExprKind::Traversal(root, steps) => self.traversal(root, steps, location, scope),
            ExprKind::Call { name, args, expand } => self.call(name, args, *expand, location, scope),
            ExprKind::Conditional(condition, yes, no) => self.conditional(condition, yes, no, file, scope),
            ExprKind::Unary(operator, inner) => {
                let inner = self.eval(inner, file, scope);
                lift(&[inner], location, |values| match (*operator, values[0].as_bool()) {
                    ("!", Some(value)) => Ok(Data::Bool(!value)),
                    ("!", None) => Err("an operand that is no boolean".to_owned()),
                    _ => match &values[0].data {
                        Data::Number(text) => Ok(Data::Number(format!("-{text}"))),
                        _ => Err("arithmetic".to_owned()),
                    },
                })
            }
            ExprKind::Binary(left, operator, right) => {
                let sides = [self.eval(left, file, scope), self.eval(right, file, scope)];
                lift(&sides, location, |values| binary(values[0], operator, values[1]))
            }
            ExprKind::For(expr) => self.for_expr(expr, location, scope),
        }
    }

    fn template(&self, parts: &[TemplatePart], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        if let [TemplatePart::Interpolation(inner)] = parts {
            return self.eval(inner, location.file, scope);
        }
        let mut sets = Vec::new();
        for part in parts {
            sets.push(match part {
                TemplatePart::Literal(text, span) => {
                    let location = Location { span: *span, ..location };
                    vec![computed(Data::String(text.clone()), location)]
                }
                TemplatePart::Interpolation(inner) => self.eval(inner, location.file, scope),
                TemplatePart::Directive(exprs, span) => {
                    let location = Location { span: *span, ..location };
                    let mut unknown = Traced::unknown("a template directive", location);
                    let inner = exprs.iter().flat_map(|expr| self.eval(expr, location.file, scope));
                    unknown.followed = inner.into_iter().any(|value| value.is_followed());
                    vec![unknown]
                }
            });
        }
        lift(&sets, location, |values| {
            let texts: Option<String> = values.iter().map(|value| value.as_text()).collect();
            texts.map(Data::String).ok_or_else(|| "a template with a part that is no text".to_owned())
        })
    }

    fn conditional(&self, condition: &Expr, yes: &Expr, no: &Expr, file: FileId, scope: &Scope<'_, 'w, 'a>) -> Values {
        let conditions = self.eval(condition, file, scope);
        let branch = |expr: &Expr, condition: &Traced| -> Values {
            self.eval(expr, file, scope).into_iter().map(|value| value.because_of(condition)).collect()
        };
        alternatives(conditions.iter().flat_map(|condition| match condition.as_bool() {
            Some(true) => branch(yes, condition),
            Some(false) => branch(no, condition),
            // Whatever the condition turns out to be, it is one of the two.
            None => branch(yes, condition).into_iter().chain(branch(no, condition)).collect(),
        }))
    }

    fn for_expr(&self, expr: &ForExpr, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let file = location.file;
        let collections = self.eval(&expr.collection, file, scope);
        alternatives(collections.into_iter().map(|collection| {
            let unknown = |why: &str| Traced::unknown(why, location).because_of(&collection);
            let Some(elements) = elements(&collection) else {
                return Traced {
                    origin: collection.origin,
                    hops: collection.hops.clone(),
                    ..match &collection.data {
                        Data::Unknown(why) | Data::Error(why) => unknown(why),
                        _ => unknown("a collection that cannot be iterated over"),
                    }
                };
            };
            let (mut list, mut object) = (Vec::new(), BTreeMap::<String, Values>::new());
            for (key, value) in elements {
                let mut names = scope.names.to_vec();
                names.extend(expr.key_var.iter().map(|name| (name.clone(), key.clone())));
                names.push((expr.value_var.clone(), value));
                let inner = Scope { names: &names, ..*scope };
                match expr.cond.as_ref().map(|cond| self.eval(cond, file, &inner)).as_deref() {
                    Some([condition]) if condition.as_bool() == Some(false) => continue,
                    Some([condition]) if condition.as_bool() == Some(true) => {}
                    None => {}
                    Some(_) => return unknown("a filter that is not known"),
                }
                let value = self.eval(&expr.value, file, &inner);
                let Some(key) = &expr.key else {
                    list.push(value);
                    continue;
                };
                let keys = self.eval(key, file, &inner);
                match (keys.as_slice(), expr.grouping) {
                    ([key], false) if key.as_text().is_some() => {
                        object.insert(key.as_text().unwrap_or_default(), value);
                    }
                    _ => return unknown("keys that are not known"),
                }
            }
            let data = if expr.key.is_some() { Data::Object(object) } else { Data::List(list) };
            Traced { hops: collection.hops.clone(), ..computed(data, location) }
        }))
    }

    fn traversal(&self, root: &Expr, steps: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let ExprKind::Variable(name) = &root.kind else {
            return self.steps(self.eval(root, location.file, scope), steps, location, scope);
        };
        if scope.names.iter().any(|(other, _)| other == name) {
            return self.steps(self.eval(root, location.file, scope), steps, location, scope);
        }
        let attribute = match steps.first() {
            Some(Step::Attr(attribute)) => attribute.as_str(),
            _ => "",
        };
        let repeated = |values: Option<&Values>| {
            values.cloned().unwrap_or_else(|| vec![Traced::unknown(format!("`{name}.{attribute}`"), location)])
        };
        let values = match (name.as_str(), attribute) {
            ("var", variable) => self.variable(variable, location, scope),
            ("local", local) => self.local(local, location, scope),
            ("each", "key") => repeated(scope.each.map(|(key, _)| key)),
            ("each", "value") => repeated(scope.each.map(|(_, value)| value)),
            ("count", "index") => repeated(scope.index),
            ("module", call) => {
                return self.output(call, steps.get(1..).unwrap_or_default(), location, scope);
            }
            _ => {
                let text = self.workspace.view().source(location.file).slice(location.span);
                vec![Traced::unknown(format!("`{text}`, which is known only when Terraform runs"), location)]
            }
        };
        self.steps(values, steps.get(1..).unwrap_or_default(), location, scope)
    }

    /// An output of a module that is called once.
    fn output(&self, name: &str, steps: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let unknown = |why: String| vec![Traced::unknown(why, location)];
        let Some((Step::Attr(output), rest)) = steps.split_first() else {
            return unknown(format!("`module.{name}`, which is repeated"));
        };
        let Some(call) = scope.frame.module.call(name) else {
            return unknown(format!("`module.{name}`, which is not declared"));
        };
        let repeated = call.attribute("count").is_some() || call.attribute("for_each").is_some();
        let callee = self.workspace.callee(scope.frame.module, call).filter(|_| !repeated);
        let Some(callee) = callee else { return unknown(format!("`module.{name}.{output}`")) };
        let value = callee.outputs.get(output.as_str()).and_then(|output| output.attribute("value"));
        let Some(Placed { file, node }) = value else {
            return unknown(format!("`module.{name}.{output}`, which is not declared"));
        };
        let needed = needs(callee, &[&node.value]);
        let inner = self.instantiate(callee, call, &needed, scope.frame, &Iteration::default());
        let hop = Hop { location: Location { file, span: node.span }, text: format!("module.{name}.{output}") };
        let values = self.eval(&node.value, file, &Scope::new(&inner));
        let values = values.into_iter().map(|value| value.through(&hop)).collect();
        self.steps(values, rest, location, scope)
    }

    fn variable(&self, name: &str, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let Some(declaration) = scope.frame.module.variables.get(name) else {
            let why = match scope.frame.module.unreadable {
                Some(file) => {
                    let path = self.workspace.view().source(file).path();
                    format!("`var.{name}`, whose declaration may stand in the part of {path} that cannot be read")
                }
                None => format!("`var.{name}`, which is not declared"),
            };
            return vec![Traced::outside(why, location)];
        };
        let place = Location { file: declaration.base.file, span: declaration.base.node.span };
        let hop = Hop { location: place, text: format!("var.{name}") };
        let bound = scope.frame.bindings.get(name).cloned();
        let values = bound.unwrap_or_else(|| vec![Traced::unknown(format!("`var.{name}`"), place)]);
        values.into_iter().map(|value| value.through(&hop)).collect()
    }

    fn local(&self, name: &str, location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let Some(definition) = scope.frame.module.locals.get(name) else {
            return vec![Traced::unknown(format!("`local.{name}`, which is not defined"), location)];
        };
        let place = Location { file: definition.file, span: definition.node.span };
        if self.active.borrow().contains(&place) {
            return vec![Traced::unknown(format!("`local.{name}`, which needs itself"), place)];
        }
        self.active.borrow_mut().push(place);
        let values = self.eval(&definition.node.value, definition.file, &Scope::new(scope.frame));
        self.active.borrow_mut().pop();
        let hop = Hop { location: place, text: format!("local.{name}") };
        values.into_iter().map(|value| value.through(&hop)).collect()
    }

    /// Goes into values step by step.
    pub(super) fn steps(
        &self,
        values: Values,
        steps: &[Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let Some((step, rest)) = steps.split_first() else { return values };
        if let Step::Splat = step {
            return alternatives(values.into_iter().map(|value| self.splat(value, rest, location, scope)));
        }
        let next = match step {
            Step::Attr(name) => {
                let name = vec![computed(Data::String(name.clone()), location)];
                alternatives(values.into_iter().flat_map(|value| select(&value, &name, location)))
            }
            Step::Index(index) => {
                let index = self.eval(index, location.file, scope);
                alternatives(values.into_iter().flat_map(|value| select(&value, &index, location)))
            }
            Step::Splat => values,
        };
        self.steps(next, rest, location, scope)
    }

    fn splat(&self, value: Traced, rest: &[Step], location: Location, scope: &Scope<'_, 'w, 'a>) -> Traced {
        let items = match &value.data {
            Data::List(items) => items.clone(),
            Data::Null => Vec::new(),
            Data::Unknown(_) | Data::Error(_) => return value,
            _ => vec![vec![value.clone()]],
        };
        let items = items.into_iter().map(|item| self.steps(item, rest, location, scope)).collect();
        Traced { hops: value.hops.clone(), ..computed(Data::List(items), location) }.because_of(&value)
    }
}

/// Applies a function to every combination of known arguments. An unknown argument makes the result unknown.
pub(super) fn lift(
    arguments: &[Values],
    location: Location,
    apply: impl Fn(&[&Traced]) -> Result<Data, String>,
) -> Values {
    let Some(combinations) = combinations(arguments) else {
        let mut many = Traced::unknown("more possible values than can be told apart", location);
        many.followed = arguments.iter().flatten().any(Traced::is_followed);
        return vec![many];
    };
    let apply_one = |values: Vec<&Traced>| {
        let unknown = values.iter().find(|value| matches!(value.data, Data::Unknown(_) | Data::Error(_)));
        let result = match unknown {
            Some(unknown) => Traced { hops: unknown.hops.clone(), ..Traced::new(unknown.data.clone(), unknown.origin) },
            None => match apply(&values) {
                Ok(data) => computed(data, location),
                Err(why) => Traced::unknown(why, location),
            },
        };
        let hops = values.iter().find(|value| !value.hops.is_empty()).map(|value| value.hops.clone());
        let result = values.iter().fold(result, |result, value| result.because_of(value));
        Traced { hops: hops.unwrap_or_default(), ..result }
    };
    alternatives(combinations.into_iter().map(apply_one))
}

/// A value that is made where it stands.
pub(super) fn computed(data: Data, location: Location) -> Traced {
    Traced::new(data, Origin { location, kind: OriginKind::Computed })
}

fn unknown_key(keys: &Values, location: Location) -> Traced {
    let unknown = Traced::unknown("an object with a key that is not known", location);
    keys.iter().fold(unknown, super::data::Traced::because_of)
}

/// The elements of a collection with their keys; `None` if it is none, or not known.
pub(super) fn elements(collection: &Traced) -> Option<Vec<(Values, Values)>> {
    let location = collection.origin.location;
    let mark = |values: &Values| values.iter().map(|value| pass_on(value, collection)).collect::<Values>();
    match &collection.data {
        Data::List(items) => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (vec![computed(Data::Number(index.to_string()), location)], mark(item)))
                .collect(),
        ),
        Data::Object(items) => Some(
            items.iter().map(|(key, item)| (vec![computed(Data::String(key.clone()), location)], mark(item))).collect(),
        ),
        _ => None,
    }
}

/// An element seen through the references its collection came through.
fn pass_on(value: &Traced, collection: &Traced) -> Traced {
    let mut value = value.clone();
    value.hops.extend(collection.hops.iter().cloned());
    value.chosen_by.extend(&collection.chosen_by);
    value.followed |= collection.followed;
    value
}

/// The elements of a value that an index can mean: all of them if it is not known.
pub(super) fn select(value: &Traced, index: &Values, location: Location) -> Values {
    let missing = |what: &str| {
        computed(Data::Error(format!("an element that does not exist ({what})")), location).because_of(value)
    };
    let found = index.iter().flat_map(|index| -> Values {
        if let (Data::Unknown(_), Data::List(_) | Data::Object(_)) = (&index.data, &value.data) {
            let all: Values = elements(value)
                .into_iter()
                .flatten()
                .flat_map(|(_, element)| element)
                .map(|e| e.because_of(index))
                .collect();
            return if all.is_empty() { vec![missing("the collection is empty")] } else { all };
        }
        let element = match (&value.data, &index.data) {
            (Data::Object(items), _) => index.as_text().and_then(|key| items.get(&key)),
            (Data::List(items), Data::Number(text)) => text.parse::<usize>().ok().and_then(|at| items.get(at)),
            (Data::Unknown(_) | Data::Error(_), _) => return vec![value.clone().because_of(index)],
            _ => None,
        };
        match element {
            Some(values) => values.iter().map(|found| pass_on(found, value).because_of_index(index)).collect(),
            None => vec![missing(&index.as_text().unwrap_or_default())],
        }
    });
    alternatives(found.collect::<Vec<_>>())
}

impl Traced {
    fn because_of_index(self, index: &Self) -> Self {
        if index.origin.kind == OriginKind::Literal || index.followed { self.because_of(index) } else { self }
    }
}

fn binary(left: &Traced, operator: &str, right: &Traced) -> Result<Data, String> {
    let numbers = || match (&left.data, &right.data) {
        (Data::Number(left), Data::Number(right)) => Some((left.parse::<f64>().ok()?, right.parse::<f64>().ok()?)),
        _ => None,
    };
    let logic = |apply: fn(bool, bool) -> bool| match (left.as_bool(), right.as_bool()) {
        (Some(left), Some(right)) => Ok(Data::Bool(apply(left, right))),
        _ => Err("an operand that is no boolean".to_owned()),
    };
    let compare = |apply: fn(f64, f64) -> bool| match numbers() {
        Some((left, right)) => Ok(Data::Bool(apply(left, right))),
        None => Err("a comparison of what is no number".to_owned()),
    };
    let equal = || match numbers() {
        #[expect(clippy::float_cmp, reason = "Terraform compares numbers exactly")]
        Some((left, right)) => Some(left == right),
        None => plain(left).zip(plain(right)).map(|(left, right)| left == right),
    };
    match operator {
        "==" => equal().map(Data::Bool).ok_or_else(|| "a comparison of values that are not known".to_owned()),
        "!=" => {
            equal().map(|same| Data::Bool(!same)).ok_or_else(|| "a comparison of values that are not known".to_owned())
        }
        "&&" => logic(|left, right| left && right),
        "||" => logic(|left, right| left || right),
        "<" => compare(|left, right| left < right),
        "<=" => compare(|left, right| left <= right),
        ">" => compare(|left, right| left > right),
        ">=" => compare(|left, right| left >= right),
        _ => Err("arithmetic".to_owned()),
    }
}

/// A value without its origins, for comparing; `None` if any of it is not known.
#[derive(PartialEq)]
pub(super) enum Plain {
    Primitive(Data),
    List(Vec<Plain>),
    Object(Vec<(String, Plain)>),
}

pub(super) fn plain(value: &Traced) -> Option<Plain> {
    let single = |values: &Values| match values.as_slice() {
        [value] => plain(value),
        _ => None,
    };
    match &value.data {
        Data::Unknown(_) | Data::Error(_) => None,
        Data::List(items) => items.iter().map(single).collect::<Option<_>>().map(Plain::List),
        Data::Object(items) => {
            let items = items.iter().map(|(key, item)| Some((key.clone(), single(item)?)));
            items.collect::<Option<_>>().map(Plain::Object)
        }
        data => Some(Plain::Primitive(data.clone())),
    }
}

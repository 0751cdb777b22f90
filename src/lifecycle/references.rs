//! Follows references to the expressions that stand behind them.
//!
//! Scripts are followed as expressions, not as values: a value has lost the places of its bytes, and a script with one
//! unknown word in it would be unknown as a whole. Every way is taken, whatever a condition says.

use std::cell::Cell;

use crate::model::overrides::{Layered, Placed};
use crate::model::tfvars::ValueFiles;
use crate::model::{Module, Workspace};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Block, Expr, ExprKind, Step, TemplatePart};

/// Longer chains of references are not followed.
const DEEPEST: usize = 24;

/// More steps are not taken for one expression.
const MOST_STEPS: usize = 2000;

/// More alternatives are not told apart.
const MOST: usize = 64;

/// An expression, and what the names in it refer to.
#[derive(Clone, Copy)]
pub(super) struct Here<'w, 'a> {
    pub(super) expr: &'a Expr,
    pub(super) file: FileId,
    pub(super) module: &'w Module<'a>,
    /// The `for_each` around, for `each`.
    pub(super) repeat: Option<Placed<'a, Attribute>>,
}

impl<'w, 'a> Here<'w, 'a> {
    /// An argument of a block of a module.
    pub(super) fn argument(module: &'w Module<'a>, block: &Layered<'a>, name: &str) -> Option<Self> {
        let Placed { file, node } = block.attribute(name)?;
        Some(Self { expr: &node.value, file, module, repeat: block.attribute("for_each") })
    }

    /// Another expression at the same place.
    pub(super) fn with(self, expr: &'a Expr) -> Self {
        Self { expr, ..self }
    }

    pub(super) fn location(self) -> Location {
        Location { file: self.file, span: self.expr.span }
    }
}

/// How much further references may be followed.
#[derive(Clone, Copy)]
struct Walk<'b> {
    depth: usize,
    /// Steps left for all ways together: code that refers to itself would have no end of them.
    left: &'b Cell<usize>,
}

impl Walk<'_> {
    /// One step deeper, if there is one.
    fn deeper(self) -> Option<Self> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        (self.depth < DEEPEST).then_some(Self { depth: self.depth + 1, ..self })
    }
}

/// The expressions that an expression leads to: literals, calls, and references that lead no further.
pub(super) fn ends<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>) -> Vec<Here<'w, 'a>> {
    ends_in(workspace, here, Walk { depth: 0, left: &Cell::new(MOST_STEPS) })
}

fn ends_in<'w, 'a>(workspace: &'w Workspace<'a>, here: Here<'w, 'a>, walk: Walk<'_>) -> Vec<Here<'w, 'a>> {
    let mut found = Vec::new();
    follow(workspace, here, &[], walk, &mut found);
    found.truncate(MOST);
    found
}

/// The target of an expression, one step further; `None` where it leads no further by name.
///
/// The second part are the steps still to take into it.
pub(super) fn targets<'w, 'a>(
    workspace: &'w Workspace<'a>,
    here: Here<'w, 'a>,
) -> Option<(Vec<Here<'w, 'a>>, &'a [Step])> {
    targets_in(workspace, here, Walk { depth: 0, left: &Cell::new(MOST_STEPS) })
}

fn targets_in<'w, 'a>(
    workspace: &'w Workspace<'a>,
    here: Here<'w, 'a>,
    walk: Walk<'_>,
) -> Option<(Vec<Here<'w, 'a>>, &'a [Step])> {
    let ExprKind::Traversal(root, steps) = &here.expr.kind else { return None };
    let (ExprKind::Variable(kind), Some(Step::Attr(name))) = (&root.kind, steps.first()) else { return None };
    let rest = &steps[1..];
    let found = match (kind.as_str(), rest.first()) {
        // What Terraform would not show is not put into a script that is quoted.
        ("var", _) if is_sensitive(here.module, name) => return None,
        ("var", _) => variable(workspace, here.module, name),
        ("local", _) => {
            let local = here.module.locals().get(name.as_str())?;
            vec![Here { expr: &local.node.value, file: local.file, repeat: None, ..here }]
        }
        ("each", _) => {
            let Placed { file, node } = here.repeat?;
            let collection = Here { expr: &node.value, file, repeat: None, ..here };
            let collections = ends_in(workspace, collection, walk);
            elements(workspace, &collections, name == "key", walk)
        }
        ("module", _) => {
            let call = here.module.call(name)?;
            let at = rest.iter().position(|step| matches!(step, Step::Attr(_)))?;
            let Step::Attr(output) = &rest[at] else { return None };
            let outputs = workspace.callees(here.module, call).into_iter().map(|callee| {
                let output = callee.outputs().get(output.as_str())?;
                Here::argument(callee, output, "value")
            });
            let outputs = outputs.collect::<Option<Vec<_>>>().filter(|outputs| !outputs.is_empty())?;
            return Some((outputs, &rest[at + 1..]));
        }
        _ => return None,
    };
    (!found.is_empty()).then_some((found, rest))
}

fn follow<'w, 'a>(
    workspace: &'w Workspace<'a>,
    here: Here<'w, 'a>,
    steps: &[&'a Step],
    walk: Walk<'_>,
    found: &mut Vec<Here<'w, 'a>>,
) {
    let Some(walk) = walk.deeper() else { return add(here, found) };
    let mut into = |expr: &'a Expr, steps: &[&'a Step]| follow(workspace, here.with(expr), steps, walk, found);
    match &here.expr.kind {
        ExprKind::Paren(inner) => into(inner, steps),
        ExprKind::Conditional(_, yes, no) => {
            into(yes, steps);
            into(no, steps);
        }
        ExprKind::Template(parts) if matches!(parts.as_slice(), [TemplatePart::Interpolation(_)]) => {
            if let [TemplatePart::Interpolation(inner)] = parts.as_slice() {
                into(inner, steps);
            }
        }
        ExprKind::Call { name, args, .. } => match (name.as_str(), args.as_slice()) {
            ("try" | "coalesce" | "merge", args) => args.iter().for_each(|arg| into(arg, steps)),
            ("nonsensitive" | "tostring" | "tomap" | "one", [arg]) => into(arg, steps),
            ("lookup", [map, key, default @ ..]) => {
                let maps = ends_in(workspace, here.with(map), walk);
                if maps.iter().any(|map| !matches!(map.expr.kind, ExprKind::Object(_) | ExprKind::Array(_))) {
                    add(here, found);
                }
                let picked = pick(workspace, &maps, here.with(key), walk);
                for item in picked.into_iter().chain(default.iter().map(|default| here.with(default))) {
                    follow(workspace, item, steps, walk, found);
                }
            }
            _ => add(here, found),
        },
        ExprKind::Traversal(root, own) => {
            let (bases, rest) = match targets_in(workspace, here, walk) {
                Some((bases, rest)) => (bases, rest),
                None if !matches!(root.kind, ExprKind::Variable(_)) => (vec![here.with(root)], own.as_slice()),
                None => return add(here, found),
            };
            let all: Vec<&'a Step> = rest.iter().chain(steps.iter().copied()).collect();
            for base in bases {
                follow(workspace, base, &all, walk, found);
            }
        }
        ExprKind::Object(_) | ExprKind::Array(_) if !steps.is_empty() => {
            let items = match steps[0] {
                Step::Attr(name) => named(here, Some(name)),
                Step::Index(index) => pick(workspace, &[here], here.with(index), walk),
                Step::Splat | Step::ListOf(_) => named(here, None),
            };
            for item in items {
                follow(workspace, item, &steps[1..], walk, found);
            }
        }
        _ => add(here, found),
    }
}

/// Adds an expression unless it is there already.
fn add<'w, 'a>(here: Here<'w, 'a>, found: &mut Vec<Here<'w, 'a>>) {
    let known = found.iter().any(|other| other.file == here.file && other.expr.span == here.expr.span);
    if !known && found.len() <= MOST {
        found.push(here);
    }
}

/// The elements of collections that a key means: all of them where it is not known.
fn pick<'w, 'a>(
    workspace: &'w Workspace<'a>,
    maps: &[Here<'w, 'a>],
    key: Here<'w, 'a>,
    walk: Walk<'_>,
) -> Vec<Here<'w, 'a>> {
    let keys = ends_in(workspace, key, walk);
    let wanted = match keys.as_slice() {
        [key] => match &key.expr.kind {
            ExprKind::String(text) | ExprKind::Number(text) => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    };
    maps.iter().flat_map(|map| named(*map, wanted)).collect()
}

/// The elements of a literal collection, or the one of that name.
fn named<'w, 'a>(map: Here<'w, 'a>, wanted: Option<&str>) -> Vec<Here<'w, 'a>> {
    match &map.expr.kind {
        ExprKind::Object(items) => items
            .iter()
            .filter(|item| wanted.is_none_or(|wanted| matches!(&item.key.kind, ExprKind::String(key) if key == wanted)))
            .map(|item| map.with(&item.value))
            .collect(),
        ExprKind::Array(items) => {
            let at = wanted.and_then(|wanted| wanted.parse::<usize>().ok());
            let wanted = items.iter().enumerate().filter(|(index, _)| at.is_none_or(|at| at == *index));
            wanted.map(|(_, item)| map.with(item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The keys or values of literal collections, also through `{ for x in y : x.key => x }`; those of a set are its elements.
fn elements<'w, 'a>(
    workspace: &'w Workspace<'a>,
    collections: &[Here<'w, 'a>],
    keys: bool,
    walk: Walk<'_>,
) -> Vec<Here<'w, 'a>> {
    let of = |here: &Here<'w, 'a>| match &here.expr.kind {
        ExprKind::Object(items) => {
            items.iter().map(|item| here.with(if keys { &item.key } else { &item.value })).collect::<Vec<_>>()
        }
        ExprKind::Array(items) => items.iter().map(|item| here.with(item)).collect(),
        ExprKind::Call { name, args, .. } if name == "toset" => args
            .iter()
            .flat_map(|arg| match &arg.kind {
                ExprKind::Array(items) => items.iter().collect::<Vec<_>>(),
                _ => Vec::new(),
            })
            .map(|item| here.with(item))
            .collect(),
        ExprKind::For(each) if !keys && each.value.kind == ExprKind::Variable(each.value_var.clone()) => {
            let Some(walk) = walk.deeper() else { return Vec::new() };
            elements(workspace, &ends_in(workspace, here.with(&each.collection), walk), false, walk)
        }
        _ => Vec::new(),
    };
    collections.iter().flat_map(of).collect()
}

/// Whether a variable says that its value is not to be shown.
fn is_sensitive(module: &Module<'_>, name: &str) -> bool {
    let declaration = module.variables().get(name);
    let said = declaration.and_then(|declaration| declaration.attribute("sensitive"));
    said.is_some_and(|said| said.node.value.kind != ExprKind::Bool(false))
}

/// Everything a variable is given: by callers, by files of values, by its default.
fn variable<'w, 'a>(workspace: &'w Workspace<'a>, module: &'w Module<'a>, name: &str) -> Vec<Here<'w, 'a>> {
    let Some(declaration) = module.variables().get(name) else { return Vec::new() };
    let default = || Here::argument(module, declaration, "default");
    let callers = workspace.callers_of(module);
    let mut found = Vec::new();
    for (caller, call) in &callers {
        found.extend(Here::argument(caller, call, name).or_else(default));
    }
    let view = workspace.view();
    let values = ValueFiles::of(view.store(), &module.folder);
    if callers.is_empty() || module.is_set_up() || values != ValueFiles::default() {
        let load = |paths: &[camino::Utf8PathBuf]| -> Vec<Here<'w, 'a>> {
            let files = paths.iter().filter_map(|path| view.store().load(path));
            let set = files.filter_map(|file| Some((file, view.syntax(file).body.attribute(name)?)));
            set.map(|(file, node)| Here { expr: &node.value, file, module, repeat: None }).collect()
        };
        let automatic = load(&values.automatic).pop();
        found.extend(load(&values.alternatives));
        found.extend(automatic.or_else(default));
    }
    found
}

/// The `data` block of that type and name.
pub(super) fn data<'w, 'a>(
    workspace: &'w Workspace<'a>,
    module: &'w Module<'a>,
    kind: &str,
    name: &str,
) -> Option<Placed<'a, Block>> {
    let view = workspace.view();
    module.files.iter().find_map(|&file| {
        let mut blocks = view.syntax(file).body.blocks_of("data");
        let node = blocks.find(|block| matches!(&block.labels[..], [k, n] if k.text == kind && n.text == name))?;
        Some(Placed { file, node })
    })
}

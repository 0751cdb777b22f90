//! Where the `source` of a module call leads, as far as that is known before anything is run.
//!
//! `OpenTofu` takes local values, variables and the keys of a repetition in it: a variable has what files of values give it, or its default, as long as
//! nobody else sets it.
//!
//! Source: `OpenTofu`'s documentation, "Early evaluation"; Terraform's `internal/addrs/module_source.go`: in a path that
//! starts with dots a backslash separates folders on every system.

use std::cell::Cell;

use camino::Utf8PathBuf;

use super::Workspace;
use super::module::Module;
use super::overrides::Layered;
use crate::syntax::tree::{Expr, ExprKind, ObjectItem, Step, TemplatePart};

/// References to references of references go no deeper.
const DEEPEST: usize = 20;

/// A text is put together from no more parts: local values that each name the one before twice would make millions.
const MOST_PARTS: usize = 200;

/// A source that may be more texts is not followed.
const MOST_TEXTS: usize = 100;

/// The texts of a variable, if they are known.
type OfVariable<'v> = &'v dyn Fn(&str) -> Option<Vec<String>>;

/// The `source` of a module call, if it hangs on no variable.
#[must_use]
pub fn call_source<'a>(caller: &Module<'a>, call: &Layered<'a>) -> Option<String> {
    let texts = sources(caller, call, &|_| None)?;
    texts.into_iter().next()
}

fn sources<'a>(caller: &Module<'a>, call: &Layered<'a>, of_variable: OfVariable<'_>) -> Option<Vec<String>> {
    let seen = Seen { module: caller, repeats: call.attribute("for_each").map(|all| &all.node.value), of_variable };
    let texts = texts(seen, &call.attribute("source")?.node.value, 0, &Cell::new(MOST_PARTS))?;
    let spelled = |text: String| {
        let is_local = ["./", "../", ".\\", "..\\"].iter().any(|start| text.starts_with(start));
        if is_local { text.replace('\\', "/") } else { text }
    };
    Some(texts.into_iter().map(spelled).collect())
}

/// What the expression of a source sees.
#[derive(Clone, Copy)]
struct Seen<'s, 'a> {
    module: &'s Module<'a>,
    /// What the call is repeated over.
    repeats: Option<&'a Expr>,
    of_variable: OfVariable<'s>,
}

/// The texts that an expression of literals, local values, variables and the keys of a repetition may be, of which so many
/// parts are `left`.
fn texts(seen: Seen<'_, '_>, expr: &Expr, depth: usize, left: &Cell<usize>) -> Option<Vec<String>> {
    left.set(left.get().checked_sub(1)?);
    if depth > DEEPEST {
        return None;
    }
    let inner = |expr: &Expr| texts(seen, expr, depth + 1, left);
    let all_of = |exprs: &mut dyn Iterator<Item = &Expr>| {
        let all: Option<Vec<_>> = exprs.map(inner).collect();
        all.map(|all| all.concat()).filter(|all| !all.is_empty() && all.len() <= MOST_TEXTS)
    };
    let one = |mut texts: Vec<String>| texts.pop().filter(|_| texts.is_empty());
    match &expr.kind {
        ExprKind::String(text) => Some(vec![text.clone()]),
        ExprKind::Paren(expr) => inner(expr),
        ExprKind::Conditional(_, yes, no) => all_of(&mut [&**yes, &**no].into_iter()),
        ExprKind::Template(parts) => parts.iter().try_fold(vec![String::new()], |starts, part| {
            let ends = match part {
                TemplatePart::Literal(text, _) => vec![text.clone()],
                TemplatePart::Interpolation(expr) => inner(expr)?,
                _ => return None,
            };
            let all = starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            (starts.len() * ends.len() <= MOST_TEXTS).then(|| all.collect())
        }),
        ExprKind::Call { name, args, expand: false } if name == "join" => {
            let [separator, list] = args.as_slice() else { return None };
            let ExprKind::Array(items) = &list.unparenthesised().kind else { return None };
            let items: Option<Vec<String>> = items.iter().map(|item| one(inner(item)?)).collect();
            Some(vec![items?.join(&one(inner(separator)?)?)])
        }
        ExprKind::Traversal(root, steps) => match (&root.kind, steps.as_slice()) {
            (ExprKind::Variable(kind), [Step::Attr(name), rest @ ..]) if kind == "local" => {
                let value = &seen.module.locals().get(name.as_str())?.node.value;
                if rest.is_empty() { inner(value) } else { all_of(&mut members(value, rest)?.into_iter()) }
            }
            (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "var" => (seen.of_variable)(name),
            (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "path" && name == "module" => {
                Some(vec![".".into()])
            }
            (ExprKind::Variable(kind), [Step::Attr(name), rest @ ..]) if kind == "each" => {
                let items = repetitions(seen, depth)?;
                match (name.as_str(), rest) {
                    ("key", []) => all_of(&mut items.iter().map(|(key, _)| *key)),
                    ("value", []) => all_of(&mut items.iter().map(|(_, value)| *value)),
                    ("value", rest) => {
                        let each: Option<Vec<Vec<&Expr>>> =
                            items.iter().map(|(_, value)| members(value, rest)).collect();
                        all_of(&mut each?.concat().into_iter())
                    }
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    }
}

/// The expressions that steps into a literal collection may lead to: where an index is not known, any of its items.
fn members<'e>(value: &'e Expr, steps: &[Step]) -> Option<Vec<&'e Expr>> {
    let Some((step, rest)) = steps.split_first() else { return Some(vec![value]) };
    let value = value.unparenthesised();
    let key = match step {
        Step::Attr(name) => Some(name.as_str()),
        Step::Index(index) => match &index.kind {
            ExprKind::String(text) | ExprKind::Number(text) => Some(text.as_str()),
            _ => None,
        },
        _ => return None,
    };
    let items: Vec<&Expr> = match &value.kind {
        ExprKind::Object(items) => {
            let is_it = |item: &&ObjectItem| match (&item.key.kind, key) {
                (ExprKind::String(text), Some(key)) => text == key,
                _ => true,
            };
            items.iter().filter(is_it).map(|item| &item.value).collect()
        }
        ExprKind::Array(items) => match key {
            Some(key) => items.get(key.parse::<usize>().ok()?).into_iter().collect(),
            None => items.iter().collect(),
        },
        _ => return None,
    };
    let all: Option<Vec<Vec<&Expr>>> = items.into_iter().map(|item| members(item, rest)).collect();
    all.map(|all| all.concat())
}

/// The keys and values that a call is repeated over, if they are literals or a local value of literals.
fn repetitions<'a>(seen: Seen<'_, 'a>, depth: usize) -> Option<Vec<(&'a Expr, &'a Expr)>> {
    let mut all = seen.repeats?;
    for _ in depth..=DEEPEST {
        match &all.unparenthesised().kind {
            ExprKind::Object(items) => return Some(items.iter().map(|item| (&item.key, &item.value)).collect()),
            ExprKind::Array(items) => return Some(items.iter().map(|item| (item, item)).collect()),
            ExprKind::Call { name, args, .. } if name == "toset" => all = args.first()?,
            ExprKind::Traversal(root, steps) => match (&root.kind, steps.as_slice()) {
                (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "local" => {
                    all = &seen.module.locals().get(name.as_str())?.node.value;
                }
                _ => return None,
            },
            _ => return None,
        }
    }
    None
}

/// The path of a source that is copied or cloned from the file system: `file:///folder//module`, `git::file:///folder//module`,
/// `git::/folder//module`.
#[must_use]
pub fn of_file_system(source: &str) -> Option<String> {
    let address = source.rsplit_once("::").map_or(source, |(_, rest)| rest);
    let path = address.strip_prefix("file://").unwrap_or(address);
    let path = if path.starts_with("//") { path.trim_start_matches('/').to_owned() } else { path.to_owned() };
    match () {
        () if path.len() < address.len() && !path.starts_with(['/', '.']) => Some(format!("/{path}")),
        () => path.starts_with(['/', '.']).then_some(path),
    }
}

/// Whether the text of a `source` starts like the address of something to fetch, whatever its rest says.
fn is_address(text: &str) -> bool {
    let start = text.trim_start_matches('"').split("${").next().unwrap_or_default();
    start.contains("::") || start.contains("://") || ["git@", "github.com/"].iter().any(|host| start.starts_with(host))
}

impl<'a> Workspace<'a> {
    /// Whether it is known where a call leads, or that it leads out of the tree.
    pub(super) fn is_followed(&self, caller: &Module<'a>, call: &Layered<'a>) -> bool {
        self.call_sources(caller, call).is_some() || self.is_fetched(call)
    }

    /// The folders that a call leads to, as far as they are known; they need not be there.
    #[must_use]
    pub fn callee_folders(&self, caller: &Module<'a>, call: &Layered<'a>) -> Vec<Utf8PathBuf> {
        match self.call_sources(caller, call) {
            Some(sources) => sources.iter().flat_map(|source| self.callers.folders_of(caller, call, source)).collect(),
            None if self.is_fetched(call) => self.callers.installed(caller, call),
            None => Vec::new(),
        }
    }

    /// A root that may run other code for a call than is installed: it leads to the call, has not installed it, and no revision is
    /// said that all have in common.
    #[must_use]
    pub fn root_without(&self, caller: &Module<'a>, call: &Layered<'a>) -> Option<Utf8PathBuf> {
        let text = |name: &str| match &call.attribute(name)?.node.value.kind {
            ExprKind::String(text) => Some(text.as_str()),
            _ => None,
        };
        let is_exact = |version: &str| {
            let version = version.trim().trim_start_matches('=').trim_start();
            version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains([',', ' ', '<', '>', '~'])
        };
        let is_pinned =
            text("version").is_some_and(is_exact) || text("source").is_some_and(|source| source.contains("ref="));
        let root = || self.callers.root_without(caller, call);
        if is_pinned { None } else { root() }
    }

    fn call_sources(&self, caller: &Module<'a>, call: &Layered<'a>) -> Option<Vec<String>> {
        sources(caller, call, &|name| self.variable_texts(caller, name))
    }

    fn is_fetched(&self, call: &Layered<'a>) -> bool {
        let text = |source: super::overrides::Placed<'a, crate::syntax::tree::Attribute>| {
            self.view.source(source.file).slice(source.node.value.span)
        };
        call.attribute("source").is_some_and(|source| is_address(text(source)))
    }

    /// The texts that a variable of a root module may have; `None` if somebody else may set it.
    fn variable_texts(&self, module: &Module<'a>, name: &str) -> Option<Vec<String>> {
        if !self.callers.folders_naming(&module.id).is_empty() || self.callers.runs_modules() {
            return None;
        }
        let assigned = self.assigned(module);
        let usual = match assigned.automatic.values.get(name) {
            Some(value) => Some(&value.node.value),
            None => module.variables().get(name)?.attribute("default").map(|default| &default.node.value),
        };
        let others = assigned.alternatives.iter().chain([&assigned.given]).filter_map(|file| file.values.get(name));
        let all = usual.into_iter().chain(others.map(|value| &value.node.value));
        let seen = Seen { module, repeats: None, of_variable: &|_| None };
        let texts: Option<Vec<String>> =
            all.map(|expr| texts(seen, expr, DEEPEST, &Cell::new(MOST_PARTS))?.pop()).collect();
        let is_set_elsewhere = || self.callers.settings_of(name).next().is_some();
        texts.filter(|texts| !texts.is_empty() && !is_set_elsewhere())
    }
}

//! Where the `source` of a module call leads, as far as that is known before anything is run.
//!
//! `OpenTofu` takes local values and variables in it: a variable has what files of values give it, or its default, as long as
//! nobody else sets it.
//!
//! Source: `OpenTofu`'s documentation, "Early evaluation"; Terraform's `internal/addrs/module_source.go`: a backslash after the
//! first dots separates folders on every system.

use std::cell::Cell;

use camino::Utf8PathBuf;

use super::Workspace;
use super::module::Module;
use super::overrides::Layered;
use crate::syntax::tree::{Expr, ExprKind, Step, TemplatePart};

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
pub fn call_source(caller: &Module<'_>, call: &Layered<'_>) -> Option<String> {
    let texts = sources(caller, call, &|_| None)?;
    texts.into_iter().next()
}

fn sources(caller: &Module<'_>, call: &Layered<'_>, of_variable: OfVariable<'_>) -> Option<Vec<String>> {
    let texts = texts(caller, &call.attribute("source")?.node.value, of_variable, 0, &Cell::new(MOST_PARTS))?;
    let spelled = |text: String| {
        let is_local = text.starts_with(".\\") || text.starts_with("..\\");
        if is_local { text.replace('\\', "/") } else { text }
    };
    Some(texts.into_iter().map(spelled).collect())
}

/// The texts that an expression of literals, local values and variables may be, of which so many parts are `left`.
fn texts(
    module: &Module<'_>,
    expr: &Expr,
    of_variable: OfVariable<'_>,
    depth: usize,
    left: &Cell<usize>,
) -> Option<Vec<String>> {
    left.set(left.get().checked_sub(1)?);
    if depth > DEEPEST {
        return None;
    }
    let inner = |expr: &Expr| texts(module, expr, of_variable, depth + 1, left);
    match &expr.kind {
        ExprKind::String(text) => Some(vec![text.clone()]),
        ExprKind::Paren(expr) => inner(expr),
        ExprKind::Template(parts) => parts.iter().try_fold(vec![String::new()], |starts, part| {
            let ends = match part {
                TemplatePart::Literal(text, _) => vec![text.clone()],
                TemplatePart::Interpolation(expr) => inner(expr)?,
                _ => return None,
            };
            let all = starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            (starts.len() * ends.len() <= MOST_TEXTS).then(|| all.collect())
        }),
        ExprKind::Traversal(root, steps) => match (&root.kind, steps.as_slice()) {
            (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "local" => {
                inner(&module.locals.get(name.as_str())?.node.value)
            }
            (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "var" => of_variable(name),
            (ExprKind::Variable(kind), [Step::Attr(name)]) if kind == "path" && name == "module" => {
                Some(vec![".".into()])
            }
            _ => None,
        },
        _ => None,
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
        let is_set_elsewhere = !self.callers.folders_naming(&module.id).is_empty()
            || !self.callers.terragrunt().is_empty()
            || self.callers.settings_of(name).next().is_some();
        if is_set_elsewhere {
            return None;
        }
        let assigned = self.assigned(module);
        let usual = match assigned.automatic.values.get(name) {
            Some(value) => Some(&value.node.value),
            None => module.variables.get(name)?.attribute("default").map(|default| &default.node.value),
        };
        let others = assigned.alternatives.iter().chain([&assigned.given]).filter_map(|file| file.values.get(name));
        let all = usual.into_iter().chain(others.map(|value| &value.node.value));
        let texts: Option<Vec<String>> =
            all.map(|expr| texts(module, expr, &|_| None, DEEPEST, &Cell::new(MOST_PARTS))?.pop()).collect();
        texts.filter(|texts| !texts.is_empty())
    }
}

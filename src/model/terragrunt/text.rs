//! Texts in a Terragrunt configuration: the paths in `source` and `include`, as far as they are static.
//!
//! Source: Terragrunt's documentation, "Built-in functions" and "Blocks and attributes" (`include`, `locals`).

use std::cell::Cell;

use camino::{Utf8Path, Utf8PathBuf};

use super::{FILE, above, join_any};
use crate::model::store::{View, canonical, relative_to};
use crate::source::FileId;
use crate::syntax::tree::{Expr, ExprKind, Step, TemplatePart};

/// Deeper references are not followed; two local values may need each other.
pub(super) const DEEPEST: usize = 24;

/// How much work one configuration is worth, in expressions and bytes: local values that each hold several others would
/// else take for ever.
pub(super) const MOST_WORK: usize = 100_000;

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'p, 'a> {
    pub(super) view: &'p View<'a>,
    /// The folder of the unit.
    pub(super) folder: &'p Utf8Path,
    /// The unit's own file.
    pub(super) own: FileId,
    /// The file that is looked at: the unit's own, one that it includes, or one that it reads.
    pub(super) file: FileId,
    /// What the unit includes, by label.
    pub(super) includes: &'p [(String, FileId)],
    pub(super) depth: usize,
    /// What is left of the work that the configuration is worth.
    pub(super) work: &'p Cell<usize>,
}

impl Place<'_, '_> {
    /// The text of an expression; `None` if it is not static.
    pub(super) fn text(&self, expr: &Expr) -> Option<String> {
        self.walk(expr, &[])
    }

    /// The text at the end of some steps into an expression.
    fn walk(&self, expr: &Expr, steps: &[Step]) -> Option<String> {
        let text = self.walk_on(expr, steps)?;
        self.work.set(self.work.get().checked_sub(text.len())?);
        Some(text)
    }

    fn walk_on(&self, expr: &Expr, steps: &[Step]) -> Option<String> {
        self.work.set(self.work.get().checked_sub(1)?);
        let inner = Place { depth: self.depth.checked_sub(1)?, ..*self };
        match (&expr.kind, steps.split_first()) {
            (ExprKind::Paren(value), _) => inner.walk(value, steps),
            (ExprKind::Conditional(condition, yes, no), _) => {
                inner.walk(if inner.holds(condition)? { yes } else { no }, steps)
            }
            (ExprKind::Traversal(root, own), _) => {
                let all: Vec<Step> = own.iter().chain(steps).cloned().collect();
                inner.reference(root, &all)
            }
            (ExprKind::Object(items), Some((Step::Attr(name), rest))) => {
                let is_named = |key: &Expr| matches!(&key.kind, ExprKind::String(key) if key == name);
                let item = items.iter().rev().find(|item| is_named(&item.key))?;
                inner.walk(&item.value, rest)
            }
            (ExprKind::Call { name, args, .. }, Some(_)) if name == "read_terragrunt_config" => {
                inner.read_config(args.first()?, steps)
            }
            (ExprKind::String(text) | ExprKind::Number(text), None) => Some(text.clone()),
            (ExprKind::Bool(value), None) => Some(value.to_string()),
            (ExprKind::Template(parts) | ExprKind::Heredoc(parts), None) => parts
                .iter()
                .map(|part| match part {
                    TemplatePart::Literal(text, _) => Some(text.clone()),
                    TemplatePart::Interpolation(value) => inner.text(value),
                    TemplatePart::If { .. } | TemplatePart::For(_) => None,
                })
                .collect(),
            (ExprKind::Call { name, args, .. }, None) => inner.call(name, args),
            _ => None,
        }
    }

    /// Whether a condition holds.
    fn holds(&self, expr: &Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.holds(inner),
            ExprKind::Unary("!", inner) => Some(!self.holds(inner)?),
            ExprKind::Binary(one, "==", two) => Some(self.text(one)? == self.text(two)?),
            ExprKind::Binary(one, "!=", two) => Some(self.text(one)? != self.text(two)?),
            _ => self.text(expr)?.parse().ok(),
        }
    }

    fn reference(&self, root: &Expr, steps: &[Step]) -> Option<String> {
        match (&root.kind, steps) {
            (ExprKind::Variable(root), [Step::Attr(name), rest @ ..]) if root == "local" => self.local(name, rest),
            (ExprKind::Variable(root), [Step::Attr(label), Step::Attr(kind), Step::Attr(name), rest @ ..])
                if root == "include" && kind == "locals" =>
            {
                let (_, file) = self.includes.iter().find(|(other, _)| other == label)?;
                Place { file: *file, ..*self }.local(name, rest)
            }
            (ExprKind::Call { .. } | ExprKind::Object(_) | ExprKind::Paren(_), _) => self.walk(root, steps),
            _ => None,
        }
    }

    fn local(&self, name: &str, rest: &[Step]) -> Option<String> {
        let body = &self.view.syntax(self.file).body;
        let local = body.blocks_of("locals").find_map(|block| block.body.attribute(name))?;
        self.walk(&local.value, rest)
    }

    /// A local value of another configuration, which is evaluated where it lies.
    fn read_config(&self, path: &Expr, steps: &[Step]) -> Option<String> {
        let [Step::Attr(kind), Step::Attr(name), rest @ ..] = steps else { return None };
        let path = join_any(self.folder, &self.text(path)?);
        let file = self.view.store().load(&path).filter(|_| kind == "locals")?;
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        Place { folder, own: file, file, includes: &[], ..*self }.local(name, rest)
    }

    /// The folder of a file that is included: the one named, the one that is looked at, or the only one.
    fn parent(&self, label: Option<&str>) -> Option<Utf8PathBuf> {
        let included = match label {
            Some(label) => self.includes.iter().find(|(other, _)| other == label).map(|(_, file)| *file)?,
            None if self.file != self.own => self.file,
            None => match self.includes {
                [(_, file)] => *file,
                [] => self.own,
                _ => return None,
            },
        };
        let path = self.view.source(included).path();
        Some(canonical(path.parent().unwrap_or(Utf8Path::new(""))))
    }

    fn call(&self, name: &str, args: &[Expr]) -> Option<String> {
        let here = canonical(self.folder);
        let top = || here.ancestors().find(|above| above.join(".git").exists());
        if name == "join" {
            let [separator, list] = args else { return None };
            let ExprKind::Array(items) = &list.unparenthesised().kind else { return None };
            let texts: Vec<String> = items.iter().map(|item| self.text(item)).collect::<Option<_>>()?;
            return Some(texts.join(&self.text(separator)?));
        }
        if name == "try" {
            return args.iter().find_map(|arg| self.text(arg));
        }
        let args: Vec<String> = args.iter().map(|arg| self.text(arg)).collect::<Option<_>>()?;
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match (name, args.as_slice()) {
            ("get_terragrunt_dir" | "get_original_terragrunt_dir" | "get_working_dir", []) => Some(here.into_string()),
            ("get_parent_terragrunt_dir", []) => Some(self.parent(None)?.into_string()),
            ("get_parent_terragrunt_dir", [label]) => Some(self.parent(Some(label))?.into_string()),
            ("path_relative_to_include", label) => {
                Some(relative_to(&self.parent(label.first().copied())?, &here).into_string())
            }
            ("path_relative_from_include", label) => {
                Some(relative_to(&here, &self.parent(label.first().copied())?).into_string())
            }
            ("get_repo_root" | "get_path_to_repo_root", []) => top().map(ToString::to_string),
            ("get_path_from_repo_root", []) => Some(relative_to(top()?, &here).into_string()),
            ("find_in_parent_folders", []) => above(&here, FILE),
            ("find_in_parent_folders", [name]) => above(&here, name),
            ("find_in_parent_folders", [name, fallback]) => above(&here, name).or_else(|| Some((*fallback).to_owned())),
            // The environment may say otherwise; in the tree, there is the default alone.
            ("get_env", [_, fallback]) => Some((*fallback).to_owned()),
            ("dirname", [path]) => Utf8Path::new(path).parent().map(ToString::to_string),
            ("basename", [path]) => Utf8Path::new(path).file_name().map(str::to_owned),
            ("abspath", [path]) => Some(canonical(&join_any(&here, path)).into_string()),
            ("lower", [text]) => Some(text.to_lowercase()),
            ("upper", [text]) => Some(text.to_uppercase()),
            ("tostring", [text]) => Some((*text).to_owned()),
            ("replace", [text, from, to])
                if !from.is_empty() && !from.starts_with('/') && text.len().saturating_mul(to.len()) < MOST_WORK =>
            {
                Some(text.replace(from, to))
            }
            ("trimsuffix", [text, end]) => Some(text.strip_suffix(end).unwrap_or(text).to_owned()),
            ("trimprefix", [text, start]) => Some(text.strip_prefix(start).unwrap_or(text).to_owned()),
            ("format", [format, rest @ ..]) if format.matches('%').count() == rest.len() => {
                let mut parts = format.split("%s");
                let first = parts.next()?.to_owned();
                let filled = parts.zip(rest).fold(first, |text, (part, arg)| text + arg + part);
                (format.matches("%s").count() == rest.len()).then_some(filled)
            }
            _ => None,
        }
    }
}

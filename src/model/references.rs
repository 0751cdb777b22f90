//! Who refers to what in a module, found once: to look through all of the module for each notebook in it would take the
//! square of their number.

use std::collections::{BTreeSet, HashMap};

use super::store::View;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block, Body, Expr, ExprKind, Item, Step};

/// The target of a reference: its first word, such as `var` or the type of a resource, and the next.
pub type Target<'a> = (&'a str, &'a str);

/// A reference such as `var.a` in a module.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The expression.
    pub location: Location,
    /// The innermost argument that the reference is part of the value of.
    pub attribute: &'a Attribute,
    /// The top-level block around it; `None` where it stands in an argument of the file itself.
    pub block: Option<&'a Block>,
}

impl Reference<'_> {
    /// Whether it stands in the declaration of the variable of a name.
    #[must_use]
    pub fn is_in_variable(&self, name: &str) -> bool {
        self.block.is_some_and(|block| {
            block.kind.text == "variable" && block.labels.first().is_some_and(|label| label.text == name)
        })
    }
}

/// The references of a module.
#[derive(Debug, Default)]
pub struct References<'a> {
    by_target: HashMap<&'a str, HashMap<&'a str, Vec<Reference<'a>>>>,
    /// By place.
    all: Vec<(FileId, Span, Target<'a>)>,
}

impl<'a> References<'a> {
    /// Those in the files of a module.
    pub(super) fn of(view: &'a View<'a>, files: &[FileId]) -> Self {
        let mut found = Self::default();
        for &file in files {
            found.body(file, &view.syntax(file).body, None);
        }
        found.all.sort_unstable();
        found
    }

    fn body(&mut self, file: FileId, body: &'a Body, around: Option<&'a Block>) {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => self.expression(file, &attribute.value, attribute, around),
                Item::Block(block) => self.body(file, &block.body, around.or(Some(block))),
            }
        }
    }

    fn expression(&mut self, file: FileId, expr: &'a Expr, attribute: &'a Attribute, block: Option<&'a Block>) {
        if let Some(target) = target(expr) {
            let reference = Reference { location: Location { file, span: expr.span }, attribute, block };
            self.by_target.entry(target.0).or_default().entry(target.1).or_default().push(reference);
            self.all.push((file, expr.span, target));
        }
        expr.children().into_iter().for_each(|child| self.expression(file, child, attribute, block));
    }

    /// The references to something.
    #[must_use]
    pub fn to(&self, (root, name): Target<'_>) -> &[Reference<'a>] {
        let names = self.by_target.get(root);
        names.and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The targets of the references inside a place.
    #[must_use]
    pub fn within(&self, place: Location) -> BTreeSet<Target<'a>> {
        let first = self.all.partition_point(|(file, span, _)| (*file, span.start) < (place.file, place.span.start));
        let from_there = self.all[first..].iter();
        let inside = from_there.take_while(|(file, span, _)| *file == place.file && span.start < place.span.end);
        inside.filter(|(_, span, _)| place.span.contains(*span)).map(|(.., target)| *target).collect()
    }
}

/// The target of an expression, if it is a reference.
#[must_use]
pub fn target(expr: &Expr) -> Option<Target<'_>> {
    let ExprKind::Traversal(root, steps) = &expr.kind else { return None };
    match (&root.kind, steps.first()) {
        (ExprKind::Variable(root), Some(Step::Attr(name))) => Some((root, name)),
        _ => None,
    }
}

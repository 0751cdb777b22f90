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

/// The references of a module that begin with one word.
#[derive(Debug, Default)]
pub struct References<'a> {
    /// By the next word.
    by_name: HashMap<&'a str, Vec<Reference<'a>>>,
    /// The next word of each, by its place.
    all: Vec<(FileId, Span, &'a str)>,
}

impl<'a> References<'a> {
    /// Those in some files that begin with a word.
    pub(super) fn of(view: &'a View<'a>, files: impl Iterator<Item = FileId>, word: &str) -> Self {
        let mut found = Self::default();
        for file in files {
            found.body(file, &view.syntax(file).body, None, word);
        }
        found.all.sort_unstable();
        found
    }

    fn body(&mut self, file: FileId, body: &'a Body, around: Option<&'a Block>, word: &str) {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    self.expression(
                        &attribute.value,
                        &|span| Reference { location: Location { file, span }, attribute, block: around },
                        word,
                    );
                }
                Item::Block(block) => self.body(file, &block.body, around.or(Some(block)), word),
            }
        }
    }

    fn expression(&mut self, expr: &'a Expr, reference: &dyn Fn(Span) -> Reference<'a>, word: &str) {
        if let Some((_, name)) = target(expr).filter(|(root, _)| *root == word) {
            let reference = reference(expr.span);
            self.by_name.entry(name).or_default().push(reference);
            self.all.push((reference.location.file, expr.span, name));
        }
        expr.children().into_iter().for_each(|child| self.expression(child, reference, word));
    }

    /// The references to something of a name.
    #[must_use]
    pub fn to(&self, name: &str) -> &[Reference<'a>] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names that the references inside a place go on with.
    #[must_use]
    pub fn within(&self, place: Location) -> BTreeSet<&'a str> {
        let first = self.all.partition_point(|(file, span, _)| (*file, span.start) < (place.file, place.span.start));
        let from_there = self.all[first..].iter();
        let inside = from_there.take_while(|(file, span, _)| *file == place.file && span.start < place.span.end);
        inside.filter(|(_, span, _)| place.span.contains(*span)).map(|(.., name)| *name).collect()
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

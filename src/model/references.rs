//! Who refers to what in a module, found once: to look through all of the module for each notebook in it would take the
//! square of their number.

use std::collections::{BTreeSet, HashMap};

use super::Workspace;
use super::module::Module;
use super::overrides::Placed;
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

/// The parts of a module that may depend on something: on values of variables, or on literals in its files.
#[derive(Debug, Default)]
pub struct Dependents<'a> {
    /// Resources, by their place among those of the module.
    pub resources: BTreeSet<usize>,
    /// Module calls, by their place among those of the module.
    pub calls: BTreeSet<usize>,
    /// Variables, by name, with a validation that does.
    pub validations: BTreeSet<&'a str>,
    /// All other blocks, in source order.
    pub others: Vec<Placed<'a, Block>>,
}

impl<'a> Workspace<'a> {
    /// The parts of a module that may depend on `variables`, or on the text at `places`.
    #[must_use]
    pub fn dependents<'m, 'n>(
        &'m self,
        module: &'m Module<'a>,
        variables: impl IntoIterator<Item = &'n str>,
        places: &BTreeSet<Location>,
    ) -> Dependents<'a> {
        let mut search = Search { module, found: Dependents::default(), seen: BTreeSet::new(), open: Vec::new() };
        let declared = variables.into_iter().filter_map(|name| module.variables.get_key_value(name));
        search.open.extend(declared.map(|(name, _)| ("var", *name)));
        let in_file = |&file: &FileId| {
            let at = |start| Location { file, span: Span::empty(start) };
            places.range(at(0)..=at(usize::MAX))
        };
        for place in module.files.iter().flat_map(in_file) {
            let body = &self.view.syntax(place.file).body;
            for block in body.around(place.span).filter_map(Item::as_block) {
                search.block(place.file, block, block.body.around(place.span).filter_map(Item::as_attribute));
            }
        }
        while let Some(target) = search.open.pop() {
            if !search.seen.insert(target) {
                continue;
            }
            for reference in self.references(module).to(target) {
                if let Some(block) = reference.block {
                    search.block(reference.location.file, block, std::iter::once(reference.attribute));
                }
            }
        }
        let mut found = search.found;
        found.others.sort_by_key(|block| (block.file, block.node.span));
        found.others.dedup();
        found
    }

    /// The references in a module's files.
    pub fn references<'m>(&self, module: &'m Module<'a>) -> &'m References<'a> {
        module.references.get_or_init(|| References::of(self.view, &module.files))
    }
}

struct Search<'m, 'a> {
    module: &'m Module<'a>,
    found: Dependents<'a>,
    seen: BTreeSet<Target<'a>>,
    open: Vec<Target<'a>>,
}

impl<'a> Search<'_, 'a> {
    /// Takes in a top-level block in which some arguments depend on what is looked for.
    fn block(&mut self, file: FileId, block: &'a Block, arguments: impl Iterator<Item = &'a Attribute>) {
        let label = block.labels.first().map_or("", |label| label.text.as_str());
        match block.kind.text.as_str() {
            // An argument of the block itself is a local value, or the default or type of the variable.
            "locals" => self.open.extend(arguments.map(|argument| ("local", argument.key.text.as_str()))),
            "variable" => {
                let is_own = |argument: &Attribute| matches!(argument.key.text.as_str(), "default" | "type");
                let mut arguments = arguments.peekable();
                if arguments.peek().is_none_or(|argument| is_own(argument)) {
                    self.open.push(("var", label));
                } else {
                    self.found.validations.insert(label);
                }
            }
            "resource" => self.found.resources.extend(self.module.place_among(file, block)),
            "module" => self.found.calls.extend(self.module.place_among(file, block)),
            _ => self.found.others.push(Placed { file, node: block }),
        }
    }
}

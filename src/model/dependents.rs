//! What in a module depends on some of its variables or literals.

use std::collections::BTreeSet;

use super::Workspace;
use super::module::Module;
use super::overrides::Placed;
use super::references::Target;
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block, Item};

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
        let declared = variables.into_iter().filter_map(|name| module.variables().get_key_value(name));
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
            for reference in module.references_to(target.0).to(target.1) {
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
            "resource" => self.found.resources.extend(self.module.place_of_resource(file, block)),
            "module" => self.found.calls.extend(self.module.place_of_call(file, block)),
            _ => self.found.others.push(Placed { file, node: block }),
        }
    }
}

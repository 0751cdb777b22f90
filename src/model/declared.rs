//! The resources or module calls of a module, and how to find one of them.

use std::collections::HashMap;

use super::overrides::{Layered, Merged, Placed};
use crate::source::FileId;
use crate::syntax::tree::Block;

/// Blocks of one kind.
pub(super) struct Declared<'a> {
    pub(super) blocks: Vec<Layered<'a>>,
    /// Overrides of what the module does not declare.
    pub(super) orphans: Vec<Placed<'a, Block>>,
    /// The place of each among the blocks, by its labels.
    by_labels: HashMap<Vec<&'a str>, usize>,
    /// The same by the start of each of its declarations.
    by_start: HashMap<(FileId, usize), usize>,
}

impl<'a> Declared<'a> {
    pub(super) fn of(Merged { blocks, orphans }: Merged<'a>) -> Self {
        let labels = |block: &Layered<'a>| block.base.node.labels.iter().map(|label| label.text.as_str()).collect();
        // Of two with the same labels the first counts.
        let by_labels = blocks.iter().enumerate().rev().map(|(at, block)| (labels(block), at)).collect();
        let starts = |(at, block): (usize, &Layered<'a>)| {
            block.layers().map(|layer| ((layer.file, layer.node.span.start), at)).collect::<Vec<_>>()
        };
        let by_start = blocks.iter().enumerate().flat_map(starts).collect();
        Self { blocks, orphans, by_labels, by_start }
    }

    /// The block with some labels.
    pub(super) fn with(&self, labels: &[&str]) -> Option<&Layered<'a>> {
        self.by_labels.get(labels).map(|&at| &self.blocks[at])
    }

    /// The place among the blocks of one of them, given by any of its declarations.
    pub(super) fn place_of(&self, file: FileId, block: &Block) -> Option<usize> {
        self.by_start.get(&(file, block.span.start)).copied()
    }
}

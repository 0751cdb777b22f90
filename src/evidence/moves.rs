//! `moved` blocks: the address that an instance of a state has in the code.

use std::collections::VecDeque;

use camino::Utf8Path;

use super::address::Step;
use crate::model::{Module, Programs, Workspace};
use crate::syntax::tree::Block;

/// More module calls than this are not followed.
const MOST_CALLS: usize = 10_000;

/// A `moved` block of a module.
#[derive(Debug)]
struct Move {
    /// The module calls that lead to the module, without keys.
    within: Vec<String>,
    from: Vec<Step>,
    to: Vec<Step>,
}

/// The `moved` blocks of the modules of a program.
#[derive(Debug, Default)]
pub(super) struct Moves(Vec<Move>);

impl Moves {
    /// Those of the root module in a folder and of the modules that it calls.
    pub(super) fn of(folder: &Utf8Path, programs: &Programs<'_>) -> Self {
        let workspace = &programs.terraform;
        let mut moves = Self::default();
        // Modules that call each other in a circle are refused by Terraform, not here.
        let mut open = VecDeque::from([(workspace.module(folder), Vec::new())]);
        for _ in 0..MOST_CALLS {
            let Some((module, within)) = open.pop_front() else { break };
            moves.collect(workspace, module, &within);
            for call in module.calls() {
                let Some(name) = call.base.node.labels.first() else { continue };
                if let [callee] = workspace.callees(module, call).as_slice() {
                    open.push_back((callee, [&within[..], &[format!("module.{}", name.text)]].concat()));
                }
            }
        }
        moves
    }

    fn collect(&mut self, workspace: &Workspace<'_>, module: &Module<'_>, within: &[String]) {
        let view = workspace.view();
        for &file in &module.files {
            let steps = |block: &Block, name: &str| {
                let text = view.source(file).slice(block.body.attribute(name)?.value.span);
                Step::all(text.trim())
            };
            let own = view.syntax(file).body.blocks_of("moved").filter_map(|block| {
                Some(Move { within: within.to_vec(), from: steps(block, "from")?, to: steps(block, "to")? })
            });
            self.0.extend(own);
        }
    }

    /// The address that the code gives to what has had one; `None` where that is the same.
    pub(super) fn current(&self, address: &str) -> Option<String> {
        let mut steps = Step::all(address)?;
        // Moves follow each other, and each is needed once at most.
        for _ in 0..self.0.len() {
            let Some(moved) = self.0.iter().find_map(|it| it.apply(&steps)) else { break };
            steps = moved;
        }
        let current = Step::address(&steps);
        (current != address).then_some(current)
    }
}

impl Move {
    /// The steps after the move, where it is about them.
    fn apply(&self, steps: &[Step]) -> Option<Vec<Step>> {
        let (module, rest) = steps.split_at_checked(self.within.len())?;
        let (moved, behind) = rest.split_at_checked(self.from.len())?;
        let is_here = module.iter().zip(&self.within).all(|(step, name)| step.name == *name);
        let fits = |(at, (step, from)): (usize, (&Step, &Step))| {
            // The last step without a key is about all instances, unless the new address has one.
            let is_any = at + 1 == self.from.len() && from.key.is_none() && self.to.last()?.key.is_none();
            (step.name == from.name && (is_any || step.key == from.key)).then_some(())
        };
        if !is_here || !moved.iter().zip(&self.from).enumerate().all(|it| fits(it).is_some()) {
            return None;
        }
        let mut to = self.to.clone();
        if let (Some(last), Some(step), Some(from)) = (to.last_mut(), moved.last(), self.from.last())
            && last.key.is_none()
            && from.key.is_none()
        {
            last.key.clone_from(&step.key);
        }
        Some([module, &to, behind].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_blocks_lead_to_the_address_in_code() {
        let block = |within: &[&str], from: &str, to: &str| Move {
            within: within.iter().map(|&name| name.to_owned()).collect(),
            from: Step::all(from).expect("an address"),
            to: Step::all(to).expect("an address"),
        };
        let moves = Moves(vec![
            block(&[], "aws_n.a", "aws_n.b"),
            block(&[], "aws_n.b", "module.m.aws_n.c"),
            block(&[], "aws_n.one", "aws_n.many[\"x\"]"),
            block(&[], "module.old", "module.new"),
            block(&["module.new"], "aws_n.d[0]", "aws_n.e"),
        ]);
        for (before, after) in [
            ("aws_n.a", Some("module.m.aws_n.c")),
            ("aws_n.a[1]", Some("module.m.aws_n.c[1]")),
            ("aws_n.one", Some("aws_n.many[\"x\"]")),
            ("aws_n.one[0]", None),
            ("module.old[\"k.l\"].aws_n.d[0]", Some("module.new[\"k.l\"].aws_n.e")),
            ("module.old.aws_n.d[1]", Some("module.new.aws_n.d[1]")),
            ("module.other.aws_n.a", None),
        ] {
            assert_eq!(moves.current(before).as_deref(), after, "{before}");
        }
    }
}

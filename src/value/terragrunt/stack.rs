//! Stacks of Terragrunt units: `terragrunt.stack.hcl`.
//!
//! Each `unit` and `stack` block is copied from its `source` into `.terragrunt-stack` below the stack's folder, with its
//! `values` beside it. Here the copies are evaluated without being made.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config/stack.go` (`generateComponent`, `fetchComponentSource`: a `source` is seen from
//! the stack's folder) and `internal/hclparse/stack.go` (`GeneratedComponentPath`).

use std::rc::Rc;

use super::config::{absolute, certain_text};
use super::sources::certain_address;
use super::{Search, Target, place};
use crate::model::overrides::Placed;
use crate::model::terragrunt::{Config, GENERATED_FOLDER, Open, STACK_FILE, Supply, UNIT_FILES, Unfollowed};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, ExprKind, ObjectItem};
use crate::value::eval::Evaluator;
use crate::value::frame::Frame;
use crate::value::repetitions::Iteration;

/// Stacks of stacks are followed no deeper.
const DEEPEST: usize = 12;

/// No more units and stacks are generated in a run: stacks of stacks of stacks may be more than anybody could run.
const MOST_GENERATED: usize = 3_000;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The repetitions of a `unit` or `stack` block by its `expansion` block.
    pub(super) fn expansions(&self, block: &'a Block, stack: &Config, frame: &Frame<'w, 'a>) -> Vec<Iteration> {
        let Some(expansion) = block.body.blocks_of("expansion").next() else { return vec![Iteration::default()] };
        let attribute = |name| Some(Placed { file: stack.file, node: expansion.body.attribute(name)? });
        self.repetitions(attribute("for_each"), attribute("count"), frame)
    }
}

impl<'a> Search<'_, '_, 'a> {
    /// Adds the modules that a stack runs. `within` are the files of the stacks that it is part of.
    pub(super) fn stack(&mut self, config: &Rc<Config>, within: &mut Vec<FileId>) {
        if within.contains(&config.file) {
            return;
        }
        if within.len() > DEEPEST || self.expanded >= MOST_GENERATED {
            return self.given_up(config);
        }
        within.push(config.file);
        let includes = config.includes.iter().filter_map(|include| Some(include.config.as_ref()?.file));
        let files: Vec<FileId> = std::iter::once(config.file).chain(includes).collect();
        if self.is_broken(&files) {
            let path = self.evaluator.workspace.view().source(config.file).path();
            self.is_open = true;
            let what = format!("the Terragrunt stack {path}, which cannot be read whole");
            let source = Location { file: config.file, span: Span::empty(0) };
            self.found.unfollowed.push(Unfollowed { what, files, source, is_broken: true, calls: None });
        }
        let mut stacks = vec![Rc::clone(config)];
        stacks.extend(config.includes.iter().filter_map(|include| include.config.clone()));
        for stack in stacks {
            for block in self.evaluator.config_body(stack.file).blocks() {
                if matches!(block.kind.text.as_str(), "unit" | "stack") {
                    self.generate(&stack, block, within);
                }
            }
        }
        within.pop();
    }

    /// Adds the modules that a `unit` or `stack` block runs, in each of its repetitions.
    fn generate(&mut self, stack: &Rc<Config>, block: &'a Block, within: &mut Vec<FileId>) {
        let evaluator = self.evaluator;
        let iterations = evaluator.expansions(block, stack, &evaluator.config_frame(stack));
        for (repetition, iteration) in iterations.iter().enumerate() {
            if self.expanded >= MOST_GENERATED {
                return self.given_up(stack);
            }
            self.expanded += 1;
            let eval = |name: &str| {
                let attribute = block.body.attribute(name)?;
                Some(evaluator.eval_in(stack, &attribute.value, iteration))
            };
            let is = |name: &str, wanted: bool| {
                let values = eval(name).unwrap_or_default();
                matches!(values.as_slice(), [value] if value.uncertain.is_none() && value.as_bool() == Some(wanted))
            };
            if is("enabled", false) {
                continue;
            }
            let text = |name: &str| certain_text(&eval(name)?);
            let source = eval("source").as_ref().and_then(certain_address);
            let folder = source.as_deref().map(|source| match evaluator.target(&stack.folder, source) {
                Target::Unknown => evaluator.target(&evaluator.file_folder(stack.file), source),
                target => target,
            });
            let template = match folder {
                // Fetched code may run a module of this tree with the values.
                Some(Target::Elsewhere) if block.body.attribute("values").is_none() => continue,
                Some(Target::Folder(folder)) => evaluator.workspace.view().store().canonical(&folder),
                _ => {
                    self.not_followed(stack, block);
                    continue;
                }
            };
            let is_unit = block.kind.text == "unit";
            let names: &[&str] = if is_unit { &UNIT_FILES } else { &[STACK_FILE] };
            let file = names.iter().find_map(|name| evaluator.load(&template.join(name)));
            let (Some(file), Some(path)) = (file, text("path")) else {
                self.not_followed(stack, block);
                continue;
            };
            let below = if is("no_dot_terragrunt_stack", true) { "" } else { GENERATED_FOLDER };
            let folder = absolute(&stack.folder.join(below), &path);
            let supply = Supply::Block { stack: Rc::clone(stack), block: place(stack.file, block), repetition };
            let config = evaluator.config(file, folder.clone(), Some(supply));
            self.templates.insert(template);
            if !is_unit {
                self.stack(&config, within);
                continue;
            }
            let before = (self.found.followed.len(), self.found.unfollowed.len());
            let shown = evaluator.workspace.view().source(stack.file).path().to_owned();
            self.unit(&config, &shown);
            for unit in &mut self.found.followed[before.0..] {
                unit.files.extend(within.iter().chain([&stack.file]));
                unit.open.extend(block.body.blocks_of("autoinclude").flat_map(|block| merged_over(stack.file, block)));
            }
            for unit in &mut self.found.unfollowed[before.1..] {
                unit.files.extend(within.iter().chain([&stack.file]));
            }
            // One that is not followed counts where it has been generated.
            if self.found.unfollowed.len() == before.1 {
                self.generated.insert(folder);
            }
        }
    }

    /// Notes once that a stack is followed no further, so that it may run anything.
    fn given_up(&mut self, stack: &Config) {
        let source = Location { file: stack.file, span: Span::empty(0) };
        if self.found.unfollowed.iter().any(|known| known.source == source) {
            return;
        }
        self.is_open = true;
        let path = self.evaluator.workspace.view().source(stack.file).path();
        let what = format!("the Terragrunt stack {path}, which has too many units to follow");
        self.found.unfollowed.push(Unfollowed { what, files: vec![stack.file], source, is_broken: true, calls: None });
    }

    fn not_followed(&mut self, stack: &Config, block: &Block) {
        self.is_open = true;
        let source = self.evaluator.workspace.view().source(stack.file);
        let name = block.labels.first().map_or("", |label| label.text.as_str());
        let line = source.position(block.span.start).line;
        let what = format!(
            "the Terragrunt {} \"{name}\" ({}:{line}), whose source is not followed",
            block.kind.text,
            source.path()
        );
        let span = block.body.attribute("source").map_or(block.span, |source| source.value.span);
        let source_place = Location { file: stack.file, span };
        self.found.unfollowed.push(Unfollowed {
            what,
            files: vec![stack.file],
            source: source_place,
            is_broken: false,
            calls: None,
        });
    }
}

/// The settings of an `autoinclude` block. It can refer to other units, so it is not followed.
fn merged_over(file: FileId, block: &Block) -> Vec<Open> {
    let open = |variable| Open { location: place(file, block), what: "this autoinclude", variable };
    let Some(inputs) = block.body.attribute("inputs") else { return Vec::new() };
    let ExprKind::Object(items) = &inputs.value.unparenthesised().kind else { return vec![open(None)] };
    let name = |item: &ObjectItem| match &item.key.kind {
        ExprKind::String(name) => Some(name.clone()),
        _ => None,
    };
    items.iter().map(|item| open(name(item))).collect()
}

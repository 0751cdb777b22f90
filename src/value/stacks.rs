//! Terraform Stacks: the components of each deployment.
//!
//! | fact | source |
//! |---|---|
//! | The files of a folder that end in `.tfcomponent.hcl`, or `.json`, declare components; `.tfstack.hcl` is the older name | hashicorp/terraform, `internal/stacks/stackconfig/file.go`; Terraform language, "Stacks" |
//! | `component` has `source`, a literal, `inputs`, an object of the module's variables, and `for_each` | `component.go` there |
//! | `stack` embeds another configuration in the same way | `embedded_stack.go` there |
//! | `.tfdeploy.hcl` files in the same folder hold `deployment` blocks, whose `inputs` are the variables of the stack, and `locals` of their own | Terraform language, "Deployment configuration" |

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::data::{Data, Traced, Values, alternatives};
use super::eval::Evaluator;
use super::frame::Frame;
use super::needs::ROOT;
use super::repetitions::Iteration;
use super::terragrunt::{Search, Target};
use super::ways::MOST_LISTED;
use crate::finding::Hop;
use crate::model::Module;
use crate::model::overrides::Placed;
use crate::model::terragrunt::{Runner, Stack, StackInputs, Unfollowed, Unit};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Block, ExprKind};

/// How the names of files end that declare components, and deployments.
const COMPONENTS: [&str; 4] = [".tfcomponent.hcl", ".tfcomponent.json", ".tfstack.hcl", ".tfstack.json"];
const DEPLOYMENTS: [&str; 2] = [".tfdeploy.hcl", ".tfdeploy.json"];

/// Whether a file is part of a configuration of Terraform Stacks, by its name.
pub(super) fn is_of_stacks(path: &Utf8Path) -> bool {
    COMPONENTS.iter().chain(&DEPLOYMENTS).any(|end| path.as_str().ends_with(end))
}

/// Stacks are embedded in each other no deeper.
const DEEPEST: usize = 8;

impl Search<'_, '_, '_> {
    /// Adds the components of the stacks in some folders.
    pub(super) fn stacks(&mut self, folders: &BTreeSet<Utf8PathBuf>) {
        let mut embedded = BTreeSet::new();
        let mut found = Vec::new();
        for folder in folders {
            let deployments = self.files(folder, &DEPLOYMENTS);
            let files: Vec<FileId> = self.files(folder, &COMPONENTS).into_iter().chain(deployments.clone()).collect();
            if self.is_broken(&files) {
                let what = format!("the stack in {folder}, which cannot be read whole");
                let source = Location { file: files[0], span: Span::empty(0) };
                self.found.unfollowed.push(Unfollowed { what, files, source, is_broken: true, calls: None });
            }
            let blocks: Vec<Location> = deployments
                .iter()
                .flat_map(|&file| {
                    let blocks = self.evaluator.workspace.view().syntax(file).body.blocks_of("deployment");
                    blocks.map(move |block| Location { file, span: block.span })
                })
                .collect();
            let mut inputs: Vec<StackInputs> =
                blocks.iter().map(|&block| StackInputs::Deployment { files: deployments.clone(), block }).collect();
            let is_deployed = !inputs.is_empty();
            if !is_deployed {
                inputs.push(StackInputs::Nobody);
            }
            for inputs in inputs {
                let before = std::mem::take(&mut self.found);
                let stack = Stack { folder: folder.clone(), files: self.files(folder, &COMPONENTS), inputs };
                self.components(&Rc::new(stack), 0, &mut embedded);
                found.push((folder, is_deployed, std::mem::replace(&mut self.found, before)));
            }
        }
        for (folder, is_deployed, found) in found {
            // A stack that others embed and nobody deploys is none by itself.
            let id = self.evaluator.workspace.view().store().canonical(folder);
            if is_deployed || !embedded.contains(&id) {
                self.found.followed.extend(found.followed);
                self.found.unfollowed.extend(found.unfollowed);
                self.found.elsewhere.extend(found.elsewhere);
            }
        }
    }

    /// The files of a folder whose names end in one of these ways.
    fn files(&self, folder: &Utf8Path, ends: &[&str]) -> Vec<FileId> {
        let store = self.evaluator.workspace.view().store();
        let names = store.names(folder).iter().filter(|name| ends.iter().any(|end| name.ends_with(end)));
        names.filter_map(|name| store.load(&folder.join(name))).collect()
    }

    fn components(&mut self, stack: &Rc<Stack>, depth: usize, embedded: &mut BTreeSet<Utf8PathBuf>) {
        let view = self.evaluator.workspace.view();
        for &file in &stack.files {
            for block in view.syntax(file).body.blocks() {
                let kind = block.kind.text.as_str();
                if !matches!(kind, "component" | "stack") {
                    continue;
                }
                let place = Location { file, span: block.span };
                let name = block.labels.first().map_or_else(String::new, |label| label.text.clone());
                let folder = match self.component_folder(stack, block) {
                    Target::Elsewhere => {
                        let what = format!("the {kind} \"{name}\", whose code lies elsewhere");
                        let files = stack.files.iter().chain(deployments(stack));
                        self.found.elsewhere.extend(files.map(|&file| (file, what.clone())));
                        continue;
                    }
                    Target::Folder(folder) => Some(folder),
                    Target::Unknown => None,
                };
                let module = folder.as_deref().filter(|folder| kind == "stack" || self.evaluator.has_code(folder));
                let inner = |folder: &Utf8Path| Stack {
                    folder: folder.to_owned(),
                    files: self.files(folder, &COMPONENTS),
                    inputs: StackInputs::Embedded { outer: Rc::clone(stack), block: place },
                };
                let files = [file].into_iter().chain(stack.files.iter().copied().filter(|other| *other != file));
                let files: Vec<FileId> = files.chain(deployments(stack).iter().copied()).collect();
                match module {
                    Some(folder) if kind == "stack" && depth < DEEPEST => {
                        embedded.insert(view.store().canonical(folder));
                        let inner = Rc::new(inner(folder));
                        self.components(&inner, depth + 1, embedded);
                    }
                    Some(folder) if kind == "component" => self.found.followed.push(Unit {
                        runner: Runner::Component { stack: Rc::clone(stack), block: place, name },
                        files,
                        values: Vec::new(),
                        open: Vec::new(),
                        generated: Vec::new(),
                        module: view.store().canonical(folder),
                        folder: folder.to_owned(),
                        read: OnceCell::new(),
                    }),
                    _ => {
                        let source = view.source(file);
                        let line = source.position(block.span.start).line;
                        let path = source.path();
                        let what = format!("the {kind} \"{name}\" ({path}:{line}), whose source is not followed");
                        let span = block.body.attribute("source").map_or(block.span, |source| source.value.span);
                        self.found.unfollowed.push(Unfollowed {
                            what,
                            files,
                            source: Location { file, span },
                            is_broken: false,
                            calls: None,
                        });
                    }
                }
            }
        }
    }

    /// Where the `source` of a block leads. It is a literal.
    fn component_folder(&self, stack: &Stack, block: &Block) -> Target {
        let Some(source) = block.body.attribute("source") else { return Target::Unknown };
        let ExprKind::String(text) = &source.value.unparenthesised().kind else { return Target::Unknown };
        if !text.starts_with('.') {
            return self.evaluator.workspace.callers().own_folder(text).map_or(Target::Elsewhere, Target::Folder);
        }
        let folder = self.evaluator.workspace.view().store().canonical(&stack.folder);
        self.evaluator.target(&folder, text)
    }
}

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The instantiations of a module by a component.
    pub(super) fn run_by_component(
        &self,
        module: &'w Module<'a>,
        stack: &Rc<Stack>,
        block: Location,
        name: &str,
        needed: &BTreeSet<String>,
    ) -> Vec<Frame<'w, 'a>> {
        let Some(node) = self.block_at(block) else { return Vec::new() };
        self.stack_frames(stack)
            .iter()
            .flat_map(|outer| {
                let path = crate::value::frame::Path::default().to(format!("component.{name}"));
                let frames = self.handed_over(module, outer, Placed { file: block.file, node }, needed);
                frames.into_iter().map(move |frame| Frame { path: path.clone(), ..frame })
            })
            .collect()
    }

    /// The files around a component, each with what its expressions see.
    pub(super) fn around_component(&self, stack: &Rc<Stack>) -> Vec<(Frame<'w, 'a>, FileId)> {
        let frames = self.stack_frames(stack).into_iter();
        let own = frames.flat_map(|frame| stack.files.iter().map(move |&file| (frame.clone(), file)));
        match &stack.inputs {
            StackInputs::Nobody => own.collect(),
            StackInputs::Deployment { files, .. } => {
                let deployments = Frame::anywhere(self.workspace.assembled(&stack.folder, "deployments", files));
                own.chain(files.iter().map(|&file| (deployments.clone(), file))).collect()
            }
            StackInputs::Embedded { outer, .. } => own.chain(self.around_component(outer)).collect(),
        }
    }

    /// The instantiations of a stack, with the values of all its variables.
    fn stack_frames(&self, stack: &Rc<Stack>) -> Vec<Frame<'w, 'a>> {
        let module = self.workspace.assembled(&stack.folder, "stack", &stack.files);
        let all: BTreeSet<String> = module.variables().keys().map(|name| (*name).to_owned()).collect();
        match &stack.inputs {
            StackInputs::Nobody => {
                vec![Frame { ways: Self::way_of_stack(stack, None), ..self.root_with(module, &all, &[]) }]
            }
            StackInputs::Deployment { files, block } => {
                let deployments = self.workspace.assembled(&stack.folder, "deployments", files);
                let Some(node) = self.block_at(*block) else { return Vec::new() };
                let name = node.labels.first().map(|label| label.text.as_str());
                let ways = Self::way_of_stack(stack, name);
                let outer = Frame::anywhere(deployments);
                let frames = self.handed_over(module, &outer, Placed { file: block.file, node }, &all);
                frames.into_iter().map(|frame| Frame { ways: ways.clone(), ..frame }).collect()
            }
            StackInputs::Embedded { outer, block } => {
                let Some(node) = self.block_at(*block) else { return Vec::new() };
                let outer = self.stack_frames(outer);
                let placed = Placed { file: block.file, node };
                outer.iter().flat_map(|outer| self.handed_over(module, outer, placed, &all)).collect()
            }
        }
    }

    /// The instantiations of a module by a block with `inputs`, one for each of its repetitions.
    fn handed_over(
        &self,
        module: &'w Module<'a>,
        outer: &Frame<'w, 'a>,
        block: Placed<'a, Block>,
        needed: &BTreeSet<String>,
    ) -> Vec<Frame<'w, 'a>> {
        let attribute = |name: &str| Some(Placed { file: block.file, node: block.node.body.attribute(name)? });
        let inputs = attribute("inputs");
        let name = block.node.labels.first().map_or("", |label| label.text.as_str());
        let mut iterations = self.repetitions(attribute("for_each"), None, outer);
        let idle = iterations.is_empty();
        if idle {
            iterations.push(Iteration::default());
        }
        let instance = |iteration: &Iteration| {
            let mut bindings = BTreeMap::new();
            let given: Values = inputs
                .map(|inputs| self.eval(&inputs.node.value, inputs.file, &iteration.scope(outer)))
                .unwrap_or_default();
            let place = inputs.map_or(block.node.span, |inputs| inputs.node.span);
            let hop = Hop {
                location: Location { file: block.file, span: place },
                text: format!("{}.{name}", block.node.kind.text),
            };
            if needed.contains(ROOT) {
                bindings.insert(ROOT.to_owned(), Self::root_of(module));
            }
            for variable in needed.iter().filter(|name| *name != ROOT) {
                let mut values = Vec::new();
                let mut absent = given.is_empty();
                for whole in &given {
                    match &whole.data {
                        Data::Object(_, items) => match items.get(variable) {
                            Some(found) => {
                                let found = found.iter().map(|value| value.clone().within(whole).through(&hop));
                                values.extend(found);
                            }
                            None => absent = true,
                        },
                        Data::Null(_) => absent = true,
                        _ => values.push(Traced { followed: whole.following(), ..whole.clone() }.through(&hop)),
                    }
                }
                let mut values = self.assigned(module, variable, values);
                if absent {
                    let location = module.place_of(variable);
                    let why = format!("`var.{variable}`, which has no default and which nothing sets");
                    let default = self.default(module, variable);
                    values.extend(default.unwrap_or_else(|| vec![Traced::outside(why, location)]));
                }
                bindings.insert(variable.clone(), alternatives(values));
            }
            let key = attribute("for_each").map_or_else(String::new, |_| Self::key_of(iteration));
            let exception = self.exception_on(Location { file: block.file, span: block.node.span });
            let ways = outer
                .ways
                .through(&format!("{}.{name}{key}", block.node.kind.text), MOST_LISTED)
                .excepted(exception.as_ref());
            Frame { bindings, idle, ways, ..Frame::anywhere(module) }
        };
        iterations.iter().map(instance).collect()
    }
}

/// The files that deploy a stack, or the one around it.
fn deployments(stack: &Stack) -> &[FileId] {
    match &stack.inputs {
        StackInputs::Nobody => &[],
        StackInputs::Deployment { files, .. } => files,
        StackInputs::Embedded { outer, .. } => deployments(outer),
    }
}

//! Random trees of modules: notebooks at the bottom, up to two modules in between, roots with tfvars at the top.

use fastrand::Rng;

use super::block::Block;
use super::expression::{Repeated, Writer};
use super::module::{Kind, Module};
use super::supply::{File, Root, by_terragrunt, by_tfvars};

/// A tree.
pub(super) struct Tree {
    pub(super) files: Vec<File>,
    pub(super) roots: Vec<Root>,
}

/// How deep expressions nest.
const DEPTH: usize = 2;

/// The tree of a seed.
pub(super) fn tree(seed: u64) -> Tree {
    let rng = &mut Rng::with_seed(seed);
    let mut level = vec![];
    for number in 0..=rng.usize(..2) {
        level.push(notebooks(rng, number));
    }
    let mut all = Vec::new();
    let middle = rng.usize(..3);
    for height in 0..middle {
        let wrappers = (0..=rng.usize(..2)).map(|number| format!("modules/wrap{height}_{number}")).collect();
        let above = callers(rng, wrappers, &level);
        all.append(&mut level);
        level = above;
    }
    let folders = (0..=rng.usize(..2)).map(|number| format!("envs/root{number}")).collect();
    let mut roots = callers(rng, folders, &level);
    all.append(&mut level);
    let mut tree = Tree { files: Vec::new(), roots: Vec::new() };
    for (number, module) in roots.iter_mut().enumerate() {
        let is_unit = rng.u8(..5) == 0;
        let (root, files) = if is_unit { by_terragrunt(rng, module, number) } else { by_tfvars(rng, module) };
        tree.roots.push(root);
        tree.files.extend(files);
    }
    all.append(&mut roots);
    tree.files.extend(all.iter().flat_map(Module::files));
    tree
}

/// A module with one notebook or two.
fn notebooks(rng: &mut Rng, number: usize) -> Module {
    let mut module = Module::new(rng, format!("modules/notebook{number}"));
    for name in ["first", "second"].into_iter().take(1 + usize::from(rng.u8(..4) == 0)) {
        let (repeated, meta) = repetition(rng, &mut module);
        let mut writer = Writer { rng, module: &mut module, repeated };
        let value = writer.expression(Kind::Text, DEPTH);
        let mut block = Block::new(&["resource", "aws_sagemaker_notebook_instance", name]).with_all(meta);
        block = block.with("name", format!("\"{name}\""));
        if writer.rng.u8(..12) > 0 {
            block = block.with("root_access", value);
        }
        module.blocks.push(block);
    }
    if rng.u8(..4) == 0 {
        let mut writer = Writer { rng, module: &mut module, repeated: Repeated::No };
        let value = writer.expression(Kind::Text, 1);
        module.blocks.push(Block::new(&["output", "state"]).with("value", value));
        module.has_output = true;
    }
    other_use(rng, &mut module);
    module
}

/// Modules in these folders that call those below; each of those is called at least once.
fn callers(rng: &mut Rng, folders: Vec<String>, below: &[Module]) -> Vec<Module> {
    let mut callers: Vec<_> = folders.into_iter().map(|folder| Module::new(rng, folder)).collect();
    for (at, target) in below.iter().enumerate() {
        let sure = rng.usize(..callers.len());
        for (number, caller) in callers.iter_mut().enumerate() {
            if number == sure || rng.bool() {
                call(rng, caller, target, &format!("child_{at}"));
                if rng.u8(..4) == 0 {
                    call(rng, caller, target, &format!("again_{at}"));
                }
            }
        }
    }
    // A module that calls nothing would be no use to anyone.
    for caller in &mut callers {
        if caller.blocks.is_empty() {
            call(rng, caller, &below[0], "child_0");
        }
        other_use(rng, caller);
    }
    callers
}

fn call(rng: &mut Rng, caller: &mut Module, target: &Module, name: &str) {
    let (repeated, meta) = repetition(rng, caller);
    let up = "../".repeat(caller.folder.matches('/').count() + 1);
    let once = meta.is_empty();
    let source = format!("\"{up}{}\"", target.folder);
    let mut block = Block::new(&["module", name]).with("source", source).with_all(meta);
    for variable in &target.variables {
        if variable.is_optional() && rng.u8(..5) < 2 {
            continue;
        }
        let mut writer = Writer { rng, module: caller, repeated };
        let value = writer.expression(variable.kind, DEPTH - 1);
        block = block.with(&variable.name, value);
    }
    caller.blocks.push(block);
    if target.has_output && once {
        caller.outputs.push(format!("module.{name}.state"));
    }
}

/// Now and then a `count` or `for_each`.
fn repetition(rng: &mut Rng, module: &mut Module) -> (Repeated, Vec<(String, String)>) {
    let repeated = match rng.u8(..12) {
        0..=1 => Repeated::Entries,
        2 => Repeated::Strings,
        3 => Repeated::Keys,
        4 => Repeated::Count,
        5 if rng.bool() => Repeated::No,
        _ => return (Repeated::No, Vec::new()),
    };
    let mut writer = Writer { rng, module, repeated: Repeated::No };
    let (name, value) = match repeated {
        Repeated::Entries => ("for_each", entries(&mut writer)),
        Repeated::Strings => {
            ("for_each", format!("{{ ads = {}, risk = \"Disabled\" }}", writer.expression(Kind::Plain, 0)))
        }
        Repeated::No => ("count", format!("{} ? 1 : 0", writer.expression(Kind::Switch, 1))),
        Repeated::Keys => ("for_each", "toset([\"ads\", \"risk\"])".to_owned()),
        Repeated::Count => ("count", "2".to_owned()),
    };
    (repeated, vec![(name.to_owned(), value)])
}

fn entries(writer: &mut Writer<'_>) -> String {
    match writer.rng.u8(..4) {
        0 => {
            let [entries, keep] = [writer.variable(Kind::Entries), writer.expression(Kind::Switch, 1)];
            format!("{{ for name, entry in {entries} : name => entry if name == \"ads\" || {keep} }}")
        }
        1 => format!("{{ for row in {} : row.name => row }}", writer.variable(Kind::Rows)),
        _ => writer.variable(Kind::Entries),
    }
}

/// Now and then something that is no notebook takes one of the variables.
fn other_use(rng: &mut Rng, module: &mut Module) {
    let strings: Vec<_> = module.variables.iter().filter(|variable| variable.kind == Kind::Plain).collect();
    if strings.is_empty() || rng.u8(..4) > 0 {
        return;
    }
    let name = &strings[rng.usize(..strings.len())].name;
    let input = format!("\"data-${{lower(var.{name})}}\"");
    module.blocks.push(Block::new(&["resource", "terraform_data", "other"]).with("input", input));
}

//! Calls of modules that are not in the tree, to which they pass `root_access` on: what those make of it is not judged.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::control;
use crate::finding::Problem;
use crate::model::call_source;
use crate::model::files::ConfigName;
use crate::model::module::call_name;
use crate::model::overrides::Layered;
use crate::model::terragrunt::Runner;
use crate::model::{Module, Workspace, join};
use crate::source::{FileId, Location, Role, Span};
use crate::syntax::tree::{Attribute, Block, Expr, ExprKind};
use crate::value::units;

/// A call of a module that is not in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The argument that hands the control on; the `source` where none does.
    pub location: Location,
    /// The call, or the whole file of a unit.
    pub block: Location,
    /// One sentence.
    pub message: String,
}

/// The target of a `source`.
enum Target {
    Code,
    /// Code that is not read, and why not.
    Nothing(&'static str),
    /// A folder outside of the repository.
    Outside,
}

const NOT_JUDGED: &str = "so what becomes of it is not judged";

/// The calls in a file that lead to no code of the tree, and hand the control on or lead out of the repository.
fn absent_from(workspace: &Workspace<'_>, file: FileId) -> Vec<Absent> {
    let source = workspace.view().source(file);
    if source.kind().role == Role::Terragrunt {
        return absent_from_runner(workspace, file);
    }
    let folder = source.path().parent().unwrap_or(Utf8Path::new("")).to_owned();
    let module = workspace.module(&folder);
    let module = if module.files.contains(&file) { module } else { workspace.single(&folder, file) };
    let calls = module.calls().iter().filter(|call| call.layers().any(|layer| layer.file == file));
    calls.filter_map(|call| absent_call(workspace, module, call)).collect()
}

fn absent_call<'a>(workspace: &Workspace<'a>, module: &Module<'a>, call: &Layered<'a>) -> Option<Absent> {
    let block = Location { file: call.base.file, span: call.base.node.span };
    let name = call_name(call);
    let source = call.attribute("source")?;
    let place = Location { file: source.file, span: source.node.span };
    let text = call_source(module, call);
    let shown = || match &text {
        Some(text) => text.clone(),
        None => workspace.view().source(source.file).slice(source.node.value.span).to_owned(),
    };
    let handed = call.layers().find_map(|layer| {
        let argument = handing(layer.node)?;
        Some((Location { file: layer.file, span: argument.key.span }, argument.key.text.as_str()))
    });
    match (target(workspace, module, call, text.as_deref()), handed) {
        (Target::Code, _) | (Target::Nothing(_), None) => None,
        (Target::Outside, handed) => {
            let message = format!(
                "module.{name} leads out of the repository ({}), where nothing is read: what it runs is not judged",
                shown()
            );
            Some(Absent { location: handed.map_or(place, |(location, _)| location), block, message })
        }
        (Target::Nothing(why), Some((location, argument))) => {
            let message = format!("module.{name} hands {argument} to {}, {why}", shown());
            Some(Absent { location, block, message })
        }
    }
}

fn target<'a>(workspace: &Workspace<'a>, module: &Module<'a>, call: &Layered<'a>, source: Option<&str>) -> Target {
    let Some(source) = source else {
        return Target::Nothing("which is known only when the call is made, so what becomes of it is not judged");
    };
    let is_local = source.starts_with('.');
    let folders = if is_local { vec![join(&module.folder, source)] } else { workspace.callee_folders(module, call) };
    let Some(folder) = folders.first() else {
        return Target::Nothing(
            "which is not in the tree, so what becomes of it is not judged; `terraform init` would bring it",
        );
    };
    target_folder(workspace, folder)
}

fn target_folder(workspace: &Workspace<'_>, folder: &Utf8Path) -> Target {
    let store = workspace.view().store();
    let is_here = folder.as_str().is_empty() || folder.is_dir();
    if is_here && !store.admits(folder) {
        Target::Outside
    } else if !is_here {
        Target::Nothing("which is not there, so what becomes of it is not judged")
    } else if store.names(folder).iter().any(|name| ConfigName::new(name).is_some()) {
        Target::Code
    } else {
        Target::Nothing("where no Terraform code is, so what becomes of it is not judged")
    }
}

/// The units and components of a file that lead to no code of the tree and hand the control on.
fn absent_from_runner(workspace: &Workspace<'_>, file: FileId) -> Vec<Absent> {
    let source = workspace.view().source(file);
    let body = &workspace.view().syntax(file).body;
    let mut found = Vec::new();
    let is_followed = |component: Option<&str>| {
        let mut own = units(workspace).followed.iter().filter(|unit| unit.files.contains(&file));
        own.any(|unit| match (&unit.runner, component) {
            (Runner::Component { name, .. }, Some(component)) => name == component,
            (Runner::Unit(_), Some(_)) => false,
            (_, None) => true,
        })
    };
    let to = |block: Option<&Block>| {
        let source = block?.body.attribute("source")?;
        Some(workspace.view().source(file).slice(source.value.span).trim_matches('"').to_owned())
    };
    let message = |who: &str, argument: &str, to: Option<String>| {
        let to = to.unwrap_or_else(|| "a module".to_owned());
        format!("{who} hands {argument} to {to}, which is not in the tree or not followed, {NOT_JUDGED}")
    };
    let inputs = body.attribute("inputs").filter(|inputs| names_control(&inputs.value));
    if let Some(inputs) = inputs.filter(|_| !is_followed(None)) {
        let block = Location { file, span: Span::new(0, source.text().len()) };
        let location = Location { file, span: inputs.key.span };
        let message = message("this unit", control::ATTRIBUTE, to(body.blocks_of("terraform").next()));
        found.push(Absent { location, block, message });
    }
    for kind in ["component", "unit", "stack"] {
        for block in body.blocks_of(kind) {
            let label = block.labels.first().map_or("", |label| label.text.as_str());
            let Some(argument) = handing(block) else { continue };
            if is_followed((kind == "component").then_some(label)) {
                continue;
            }
            let location = Location { file, span: argument.key.span };
            let message = message(&format!("{kind}.{label}"), control::ATTRIBUTE, to(Some(block)));
            found.push(Absent { location, block: Location { file, span: block.span }, message });
        }
    }
    found
}

/// The calls in some files that lead to no code of the tree, and hand the control on or lead out of the repository; sorted.
pub fn absent(workspace: &Workspace<'_>, paths: &[Utf8PathBuf]) -> Vec<Absent> {
    let files = paths.iter().filter_map(|path| workspace.view().store().load(path));
    let mut found: Vec<Absent> = files.flat_map(|file| absent_from(workspace, file)).collect();
    found.sort_by_key(|absent| (absent.location, absent.block));
    found.dedup();
    found
}

/// The notebooks, and the changes to notebooks, that some Terragrunt configurations generate: no file of the tree shows what
/// becomes of them. The text stands in a `generate` block, or in a file that one reads.
pub fn generated(workspace: &Workspace<'_>, paths: &[Utf8PathBuf]) -> Vec<Problem> {
    let view = workspace.view();
    let files = paths.iter().filter_map(|path| view.store().load(path));
    let files: Vec<FileId> = files.filter(|&file| view.source(file).kind().role == Role::Terragrunt).collect();
    let blocks = files.iter().flat_map(|&file| {
        let blocks = view.syntax(file).body.blocks_of("generate");
        blocks.map(move |block| Location { file, span: block.span })
    });
    let (plain, reading): (Vec<Location>, Vec<Location>) =
        blocks.partition(|block| view.source(block.file).slice(block.span).contains(control::NEEDLE));
    let mut found: BTreeSet<Location> = plain.into_iter().collect();
    if reading.iter().any(|block| view.source(block.file).slice(block.span).contains("file(")) {
        let generated = units(workspace).followed.iter().flat_map(|unit| &unit.generated);
        let writes = |contents: &Option<String>| contents.as_ref().is_some_and(|text| text.contains(control::NEEDLE));
        found.extend(generated.filter(|block| writes(&block.contents)).map(|block| block.location));
        // Code beside a unit is a file of the tree.
        found.retain(|place| files.contains(&place.file));
    }
    let problem = |place: Location| {
        let source = view.source(place.file);
        let message = "this generate block writes code with a SageMaker notebook, which is not judged: \
                       move the notebook into a file of the module";
        let position = Some(source.position(place.span.start));
        Problem { file: source.path().to_string(), position, message: message.to_owned() }
    };
    found.into_iter().map(problem).collect()
}

/// The first argument of a block that hands the control on, by its own name or that of a member.
fn handing(block: &Block) -> Option<&Attribute> {
    block.body.attributes().find(|argument| {
        argument.key.text.contains(control::ATTRIBUTE)
            || argument.key.text != "source" && names_control(&argument.value)
    })
}

/// Whether a member of an object names the control.
fn names_control(expr: &Expr) -> bool {
    let is_named = |key: &Expr| match &key.kind {
        ExprKind::String(name) | ExprKind::Variable(name) => name.contains(control::ATTRIBUTE),
        _ => false,
    };
    match &expr.kind {
        ExprKind::Object(items) => items.iter().any(|item| is_named(&item.key) || names_control(&item.value)),
        _ => expr.children().into_iter().any(names_control),
    }
}

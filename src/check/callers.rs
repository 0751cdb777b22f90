//! The ways that lead to a module: what is said about a call is said about the instances behind it.

use crate::finding::Caller;
use crate::model::{Module, Workspace};
use crate::source::{Location, Span};

/// Longer ways are cut, so that calls in a circle come to an end.
const LONGEST: usize = 16;

/// More ways are not told apart.
const MOST: usize = 256;

/// Each way that leads to a module, from its own call outwards; none for a root module.
pub(super) fn ways<'a>(workspace: &Workspace<'a>, module: &Module<'a>) -> Vec<Vec<Caller>> {
    let mut found = Vec::new();
    go(workspace, module, &mut Vec::new(), &mut found);
    found.retain(|way| !way.is_empty());
    found
}

fn go<'a>(workspace: &Workspace<'a>, module: &Module<'a>, way: &mut Vec<Caller>, found: &mut Vec<Vec<Caller>>) {
    let view = workspace.view();
    let units = workspace.units_of(module);
    let calls = workspace.callers_of(module);
    if calls.is_empty() && units.is_empty() {
        found.push(way.clone());
    }
    for unit in units {
        let Some(&file) = unit.files.first() else { continue };
        let source = view.source(file);
        let block = Location { file, span: Span::new(0, source.text().len()) };
        let own = Caller { name: source.path().to_string(), block };
        found.push(way.iter().cloned().chain([own]).collect());
    }
    for (caller, call) in calls {
        if way.len() >= LONGEST || found.len() >= MOST {
            continue;
        }
        let block = Location { file: call.base.file, span: call.base.node.span };
        let name = call.base.node.labels.first().map_or_else(String::new, |label| format!("module.{}", label.text));
        way.push(Caller { name, block });
        go(workspace, caller, way, found);
        way.pop();
    }
}

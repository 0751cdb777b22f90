//! The ways that lead to a module: what is said about a call is said about the instances behind it.

use crate::finding::Caller;
use crate::model::terragrunt::Runner;
use crate::model::{Module, Workspace};
use crate::source::{Location, Span};
use crate::value::units;

/// Longer ways are cut, so that calls in a circle come to an end.
const LONGEST: usize = 16;

/// More ways are not told apart.
const MOST: usize = 256;

/// More calls are not looked at: modules that all call each other have more ways between them than can be walked.
const MOST_STEPS: usize = 4096;

/// Each way that leads to a module, from its own call outwards; none for a root module.
pub(super) fn ways<'a>(workspace: &Workspace<'a>, module: &Module<'a>) -> Vec<Vec<Caller>> {
    let mut search = Search { found: Vec::new(), steps: 0 };
    search.go(workspace, module, &mut Vec::new());
    let Search { mut found, steps } = search;
    found.retain(|way| !way.is_empty());
    if (found.len() >= MOST || steps >= MOST_STEPS)
        && let Some(&file) = module.files.first()
    {
        // What is left out is covered by no comment.
        let block = Location { file, span: Span::empty(0) };
        found.push(vec![Caller { name: "more calls than are told apart".to_owned(), block }]);
    }
    found
}

struct Search {
    found: Vec<Vec<Caller>>,
    steps: usize,
}

impl Search {
    fn go<'a>(&mut self, workspace: &Workspace<'a>, module: &Module<'a>, way: &mut Vec<Caller>) {
        let view = workspace.view();
        let units: Vec<_> = units(workspace).of(&module.id).collect();
        let calls = workspace.callers_of(module);
        if calls.is_empty() && units.is_empty() {
            self.found.push(way.clone());
        }
        for unit in units {
            let Some(&file) = unit.files.first() else { continue };
            let source = view.source(file);
            let own = match &unit.runner {
                Runner::Unit(_) => {
                    let block = Location { file, span: Span::new(0, source.text().len()) };
                    Caller { name: source.path().to_string(), block }
                }
                Runner::Component { block, name, .. } => Caller { name: format!("component.{name}"), block: *block },
            };
            self.found.push(way.iter().cloned().chain([own]).collect());
        }
        for (caller, call) in calls {
            self.steps += 1;
            if way.len() >= LONGEST || self.found.len() >= MOST || self.steps >= MOST_STEPS {
                continue;
            }
            let block = Location { file: call.base.file, span: call.base.node.span };
            let name = call.base.node.labels.first().map_or_else(String::new, |label| format!("module.{}", label.text));
            way.push(Caller { name, block });
            self.go(workspace, caller, way);
            way.pop();
        }
    }
}

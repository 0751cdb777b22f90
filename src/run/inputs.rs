//! What a run reads before its first stage, besides the code that the walk finds: standard input, plans, findings of other
//! tools, and who owns which files.

use std::io::Read as _;

use anyhow::Context as _;
use camino::Utf8Path;

use super::context::RunContext;
use crate::cli::settings::{Input, Settings};
use crate::discover::{Discovery, Found, discover, recognise_text};
use crate::evidence::read_findings;
use crate::finding::Problem;
use crate::owners::{self, Owners};
use crate::terminal::Progress;

/// Reads the plans, states and findings of other tools that are given.
pub(super) fn read_evidence(settings: &Settings, context: &mut RunContext<'_>, problems: &mut Vec<Problem>) {
    for file in &settings.plans {
        match file.read() {
            Ok(plan) => context.plans.push((file.clone(), plan)),
            Err(message) => {
                problems.push(Problem { file: file.path.to_string(), position: None, message });
            }
        }
    }
    for path in &settings.from {
        let reported = read_findings(path).map_err(|message| {
            problems.push(Problem { file: path.to_string(), position: None, message });
        });
        // Where it cannot be read, the run stays limited to what was asked for, which is nothing.
        context.reported.push((path.clone(), reported.ok()));
    }
}

/// Who owns the files of a repository; nobody where nothing says so.
pub(super) fn owners(top: &Utf8Path, context: &RunContext<'_>) -> Owners {
    let mut texts = owners::PLACES.iter().filter_map(|place| {
        let bytes = context.scope.fence.read_up_to(&top.join(place), owners::LONGEST).ok()?;
        String::from_utf8(bytes).ok()
    });
    texts.next().as_deref().map_or_else(Owners::default, Owners::parse)
}

/// The files that can hold a notebook.
pub(super) fn input(settings: &Settings, progress: &Progress) -> anyhow::Result<Discovery> {
    match &settings.input {
        Input::Paths(paths) => Ok(discover(paths, &settings.options.walk, &|files| progress.add(files))?),
        Input::Stdin(path) => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            if let Some(message) = recognise_text(path.file_name().unwrap_or_default().as_ref(), &bytes) {
                let problem = Problem { file: path.to_string(), position: None, message: message.to_owned() };
                return Ok(Discovery { problems: vec![problem], ..Discovery::default() });
            }
            let calls = vec![path.clone()];
            Ok(Discovery { hits: vec![Found { path: path.clone(), bytes }], files: 1, calls, ..Discovery::default() })
        }
    }
}

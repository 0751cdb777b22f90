//! From notebooks to their lifecycle scripts: finds the configurations, reads the scripts, judges them, and says
//! everything at its place in the source.
//!
//! ```text
//! attachments (notebook → configuration) → script_text (argument → text; references, script_files, literal)
//!     → judge (analysis → findings)
//! ```
//!
//! This part knows modules and files; the analysis itself, [`crate::script`], knows text alone.

mod attachments;
mod data_sources;
mod judge;
mod literal;
mod references;
mod script_files;
mod script_text;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::control;
use crate::finding::{Finding, Hook, Use};
use crate::model::{Module, Programs, Workspace};
use crate::rules::Rule;
use crate::source::{FileId, Location, Mapped, Sources};
use crate::syntax::tree::ExprKind;
use attachments::{Known, Users, address, configurations, link, place};
use judge::Findings;
use references::{Here, ends};
use script_text::{Content, Contents, MOST_BYTES, Reader};

/// The most characters that the API takes of a script, base64-encoded. Source: AWS API reference,
/// `NotebookInstanceLifecycleHook`.
const LONGEST: usize = 16_384;

/// The scripts of a run, and what there is to say about them.
#[derive(Debug, Default)]
pub struct Scripts {
    /// By path and place.
    pub findings: Vec<Finding>,
    /// The different scripts, as the findings name them.
    pub texts: Vec<Mapped>,
}

/// Judges the scripts of every lifecycle configuration in the files of the programs, and of those that notebooks there use.
/// `judged` is called for each script.
#[must_use]
pub fn scripts(programs: &Programs<'_>, judged: &dyn Fn()) -> Scripts {
    let mut gathering = Gathering { hits: &programs.hits, arguments: BTreeMap::new() };
    let modules = programs.modules(&control::LIFECYCLE_TYPES, attachments::hangs);
    for workspace in [&programs.terraform, &programs.open_tofu] {
        let own = modules.iter().filter(|(other, _)| other.tool() == workspace.tool());
        gathering.add(workspace, &own.map(|(_, module)| *module).collect::<Vec<_>>());
    }
    gathering.judged(programs.terraform.view().store().sources(), judged)
}

/// One hook of one configuration, with what its argument can be.
struct Argument {
    used: Use,
    contents: Contents,
    /// Where the argument's value stands.
    location: Location,
}

struct Gathering<'h> {
    hits: &'h BTreeSet<FileId>,
    /// By the configuration's block and the hook.
    arguments: BTreeMap<(Location, Hook), Argument>,
}

impl Gathering<'_> {
    fn add<'w, 'a>(&mut self, workspace: &'w Workspace<'a>, modules: &[&'w Module<'a>]) {
        let mut known = Known::default();
        for configuration in modules.iter().flat_map(|module| configurations(module)) {
            if configuration.resource.layers().any(|layer| self.hits.contains(&layer.file)) {
                known.add(workspace, configuration);
            }
        }
        let mut users = Users::new();
        for module in modules {
            for configuration in link(workspace, module, &known, &mut users) {
                known.add(workspace, configuration);
            }
        }
        for configuration in known.all {
            let at = place(configuration.resource);
            let notebooks: Vec<String> = users.get(&at).into_iter().flatten().cloned().collect();
            for hook in Hook::ALL {
                let Some(here) = Here::argument(configuration.module, configuration.resource, hook.name()) else {
                    continue;
                };
                let used = Use { hook, configuration: address(configuration.resource), notebooks: notebooks.clone() };
                let contents = contents(workspace, here);
                self.arguments.entry((at, hook)).or_insert(Argument { used, contents, location: here.location() });
            }
        }
    }

    fn judged(self, sources: &Sources, judged: &dyn Fn()) -> Scripts {
        let mut findings = Findings::default();
        let mut texts: Vec<(Mapped, Vec<Use>)> = Vec::new();
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for Argument { used, contents, location } in self.arguments.into_values() {
            let hook = used.hook.name();
            let mut whole =
                |rule, message, help: &str| findings.add_whole(rule, message, help, (&used, location), sources);
            if let Some((why, _)) = contents.unknown.first() {
                let message = format!("the {hook} script, or one that it can be, was not judged: {why}");
                whole(Rule::UnanalysedScript, message, "Review the script by hand.");
            }
            for Content { text, encoded, length } in contents.scripts {
                if !encoded {
                    let message = format!("the {hook} script is not base64-encoded, which the API requires");
                    whole(Rule::ScriptNotBase64, message, "Put `base64encode(…)` around it, or use `filebase64(…)`.");
                }
                if let Some(length) = length.filter(|length| *length > LONGEST) {
                    let message =
                        format!("the {hook} script has {length} characters once encoded, and the API takes {LONGEST}");
                    whole(Rule::ScriptTooLong, message, "Move part of it to S3, and fetch it from the hook.");
                }
                let alike: &mut Vec<usize> = by_text.entry(text.as_str().to_owned()).or_default();
                if let Some(&at) = alike.iter().find(|&&at| texts[at].0 == text) {
                    texts[at].1.push(used.clone());
                } else {
                    alike.push(texts.len());
                    texts.push((text, vec![used.clone()]));
                }
            }
        }
        for (number, (text, uses)) in texts.iter_mut().enumerate() {
            uses.sort();
            uses.dedup();
            findings.add_script(number, text, uses, sources);
            judged();
        }
        Scripts { findings: findings.into_sorted(), texts: texts.into_iter().map(|(text, _)| text).collect() }
    }
}

/// The scripts of an argument: a text, or with the awscc provider a list of objects with `content`.
fn contents<'w, 'a>(workspace: &'w Workspace<'a>, argument: Here<'w, 'a>) -> Contents {
    let left = Cell::new(MOST_BYTES);
    let reader = Reader(workspace, &left);
    let mut all = Contents::default();
    for end in ends(reader.0, argument) {
        let ExprKind::Array(items) = &end.expr.kind else {
            let Contents { scripts, unknown } = reader.contents(&[end]);
            all.scripts.extend(scripts);
            all.unknown.extend(unknown);
            continue;
        };
        let objects = items.iter().flat_map(|item| ends(reader.0, end.with(item)));
        for object in objects {
            let ExprKind::Object(members) = &object.expr.kind else { continue };
            let named = |key: &ExprKind| matches!(key, ExprKind::String(name) if name == "content");
            for member in members.iter().filter(|member| named(&member.key.kind)) {
                let Contents { scripts, unknown } = reader.contents(&ends(reader.0, object.with(&member.value)));
                all.scripts.extend(scripts);
                all.unknown.extend(unknown);
            }
        }
    }
    all
}

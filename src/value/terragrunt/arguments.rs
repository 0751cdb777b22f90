//! What sets the variables of a unit's module besides `inputs`: files of values and arguments of the command line.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config/include.go` (`mergeExtraArgs`: the block of the same label wins, others are
//! added behind) and `internal/runner/run/run.go` (`FilterTerraformExtraArgs`); its documentation, "`extra_arguments`" and
//! "`generate`".

use std::rc::Rc;

use super::config::{absolute, certain_text};
use crate::model::terragrunt::{Config, Open};
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Block};
use crate::value::data::{Data, Traced};
use crate::value::eval::Evaluator;
use crate::value::repetitions::Iteration;

/// The effect of `extra_arguments`.
#[derive(Default)]
pub(super) struct Arguments {
    /// The files of values, the later winning.
    pub(super) values: Vec<FileId>,
    /// Settings of variables that are not followed.
    pub(super) open: Vec<Open>,
}

/// How messages call the places in [`Open`].
const EXTRA_ARGUMENTS: &str = "these extra_arguments";

/// The commands for which the values of variables matter.
const DECISIVE: [&str; 2] = ["plan", "apply"];

/// The options that set variables.
const SETTING: [&str; 2] = ["var", "var-file"];

impl<'a> Evaluator<'_, 'a> {
    /// The effect of a unit's `extra_arguments`, after the value files in its own folder.
    pub(super) fn arguments(&self, config: &Rc<Config>, copied: Vec<FileId>) -> Arguments {
        let mut blocks: Vec<(String, Rc<Config>, &'a Block)> = Vec::new();
        for (layer, _) in self.layers(config).into_iter().rev() {
            let terraform = self.config_body(layer.file).blocks_of("terraform");
            for block in terraform.flat_map(|terraform| terraform.body.blocks_of("extra_arguments")) {
                let label = block.labels.first().map_or_else(String::new, |label| label.text.clone());
                match blocks.iter_mut().find(|(known, ..)| *known == label) {
                    Some(known) => *known = (label, Rc::clone(&layer), block),
                    None => blocks.push((label, Rc::clone(&layer), block)),
                }
            }
        }
        let mut arguments = Arguments { values: copied, open: Vec::new() };
        for (_, layer, block) in blocks {
            let commands = block.body.attribute("commands").and_then(|commands| self.texts(&layer, commands));
            if commands.is_some_and(|commands| !commands.iter().any(|command| DECISIVE.contains(&command.as_str()))) {
                continue;
            }
            // Whatever the order in which they stand: a file of values wins over the environment.
            for name in ["env_vars", "arguments", "required_var_files", "optional_var_files"] {
                let Some(attribute) = block.body.attribute(name) else { continue };
                let location = Location { file: layer.file, span: attribute.key.span };
                let understood = match name {
                    "env_vars" => self.environment(&layer, attribute, location, &mut arguments),
                    "arguments" => self.command_line(&layer, attribute, location, &mut arguments),
                    _ => self.texts(&layer, attribute).is_some_and(|paths| {
                        let may_miss = name == "optional_var_files";
                        paths.iter().all(|path| self.add_values(&layer, path, may_miss, &mut arguments))
                    }),
                };
                if !understood {
                    arguments.open.push(Open { location, what: EXTRA_ARGUMENTS, variable: None });
                }
            }
        }
        arguments.open.extend(self.hooks(config));
        arguments
    }

    /// The hooks that may bring values: they speak of files of values, or of variables.
    fn hooks(&self, config: &Rc<Config>) -> Vec<Open> {
        let mut open = Vec::new();
        for (layer, _) in self.layers(config) {
            let view = self.workspace.view();
            let terraform = self.config_body(layer.file).blocks_of("terraform");
            let hooks = terraform.flat_map(|terraform| terraform.body.blocks());
            for hook in hooks.filter(|block| matches!(block.kind.text.as_str(), "before_hook" | "after_hook")) {
                let text = view.source(layer.file).slice(hook.span);
                if ["tfvars", "TF_VAR_", ".tf\"", ".tf.json"].iter().any(|sign| text.contains(sign)) {
                    let location = Location { file: layer.file, span: hook.span };
                    open.push(Open { location, what: "this hook", variable: None });
                }
            }
        }
        open
    }

    /// Adds a file of values; `false` if it is there and cannot be read, or has to be there and is not: then something brings
    /// it, or the run fails.
    fn add_values(&self, config: &Rc<Config>, path: &str, may_miss: bool, arguments: &mut Arguments) -> bool {
        let path = absolute(&config.folder, path);
        let file = self.load(&path);
        arguments.values.extend(file);
        file.is_some() || may_miss && path.symlink_metadata().is_err()
    }

    fn environment(&self, config: &Rc<Config>, attribute: &Attribute, at: Location, found: &mut Arguments) -> bool {
        let values = self.eval_in(config, &attribute.value, &Iteration::default());
        let [Traced { data: Data::Object(_, members), uncertain: None, .. }] = values.as_slice() else { return false };
        let set = members.keys().filter_map(|name| name.strip_prefix("TF_VAR_"));
        found.open.extend(set.map(|name| Open {
            location: at,
            what: EXTRA_ARGUMENTS,
            variable: Some(name.to_owned()),
        }));
        !members.keys().any(|name| name.starts_with("TF_CLI_ARGS"))
    }

    fn command_line(&self, config: &Rc<Config>, attribute: &Attribute, at: Location, found: &mut Arguments) -> bool {
        let Some(texts) = self.texts(config, attribute) else {
            let values = self.eval_in(config, &attribute.value, &Iteration::default());
            return values.iter().all(|value| match &value.data {
                Data::List(_, items) => items.iter().flatten().all(is_another_argument),
                _ => false,
            });
        };
        let mut texts = texts.iter().map(String::as_str);
        while let Some(text) = texts.next() {
            let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let name = name.trim_start_matches('-');
            if !SETTING.contains(&name) {
                continue;
            }
            let Some(value) = value.or_else(|| texts.next()) else { return false };
            if name == "var-file" {
                if !self.add_values(config, value, false, found) {
                    return false;
                }
            } else {
                let variable = Some(value.split('=').next().unwrap_or(value).trim().to_owned());
                found.open.push(Open { location: at, what: EXTRA_ARGUMENTS, variable });
            }
        }
        true
    }

    /// The texts in a list, if they are known.
    fn texts(&self, config: &Rc<Config>, attribute: &Attribute) -> Option<Vec<String>> {
        let values = self.eval_in(config, &attribute.value, &Iteration::default());
        let [Traced { data: Data::List(_, items), uncertain: None, .. }] = values.as_slice() else { return None };
        items.iter().map(certain_text).collect()
    }
}

/// Whether an argument, of which only the start may be known, is none of those that set variables.
fn is_another_argument(argument: &Traced) -> bool {
    if let Some(text) = argument.as_text() {
        let name = text.split('=').next().unwrap_or(&text).trim_start_matches('-');
        return !SETTING.contains(&name);
    }
    let start = match &argument.data {
        Data::Unknown(_) => argument.refinement.as_ref().map_or("", |known| known.prefix.as_str()),
        _ => "",
    };
    let start = start.trim_start_matches('-');
    !SETTING.iter().any(|name| name.starts_with(start) || start.starts_with(name))
}

//! What else than `inputs` sets the variables of a unit's module: files of values, arguments of the command line, and files
//! that Terragrunt writes.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config/include.go` (`mergeExtraArgs`: the block of the same label wins, others are
//! added behind) and `internal/runner/run/run.go` (`FilterTerraformExtraArgs`); its documentation, "`extra_arguments`" and
//! "`generate`".

use std::rc::Rc;

use super::config::{absolute, certain_text};
use crate::model::Module;
use crate::model::files::{ConfigName, Role};
use crate::model::module::join;
use crate::model::terragrunt::{Config, Generate, Merge, Open, Unit, names};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block};
use crate::value::data::{Data, Traced, Values};
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

/// The description of the places in [`Open`].
const EXTRA_ARGUMENTS: &str = "these extra_arguments";

/// The commands for which the values of variables matter.
const DECISIVE: [&str; 2] = ["plan", "apply"];

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
                    _ => self
                        .texts(&layer, attribute)
                        .is_some_and(|paths| paths.iter().all(|path| self.add_values(&layer, path, &mut arguments))),
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

    /// The Terraform code beside a unit, which Terragrunt copies over that of its source.
    pub(super) fn copied_code(&self, config: &Config) -> Vec<Generate> {
        let store = self.workspace.view().store();
        let folder = self.shown(&config.folder);
        let names = store.names(&folder).iter().filter(|name| ConfigName::new(name).is_some());
        let copied = names.filter_map(|name| {
            let file = store.load(&join(&folder, name))?;
            let source = self.workspace.view().source(file);
            let location = Location { file, span: Span::new(source.content_start(), source.text().len()) };
            let (path, contents) = (Some(name.clone()), Some(source.text().to_owned()));
            Some(Generate { location, what: "this file, which is copied over it,", path, contents, spares: false })
        });
        copied.collect()
    }

    /// Adds a file of values; `false` if it is there and cannot be read. One that is not there is passed over, or the run
    /// fails.
    fn add_values(&self, config: &Rc<Config>, path: &str, arguments: &mut Arguments) -> bool {
        let path = absolute(&config.folder, path);
        let file = self.load(&path);
        arguments.values.extend(file);
        file.is_some() || !path.exists()
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
        let Some(texts) = self.texts(config, attribute) else { return false };
        let mut texts = texts.iter().map(String::as_str);
        while let Some(text) = texts.next() {
            let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let name = name.trim_start_matches('-');
            if !matches!(name, "var" | "var-file") {
                continue;
            }
            let Some(value) = value.or_else(|| texts.next()) else { return false };
            if name == "var-file" {
                if !self.add_values(config, value, found) {
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

    /// What a unit generates: of the blocks and members of `generate` with the same label the one that wins.
    pub(super) fn generated(&self, config: &Rc<Config>) -> Vec<Generate> {
        let mut labels: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (layer, merge) in self.layers(config) {
            let mut generated = Vec::new();
            for block in self.config_body(layer.file).blocks_of("generate") {
                let label = block.labels.first().map_or_else(String::new, |label| label.text.clone());
                let text = |name: &str| {
                    let attribute = block.body.attribute(name)?;
                    Some(certain_text(&self.eval_in(&layer, &attribute.value, &Iteration::default())))
                };
                let location = Location { file: layer.file, span: block.span };
                generated.push((label, generate(location, text)));
            }
            if let Some(attribute) = self.config_body(layer.file).attribute("generate") {
                let location = Location { file: layer.file, span: attribute.span };
                let values = self.eval_in(&layer, &attribute.value, &Iteration::default());
                generated.extend(generated_by(&values, location));
            }
            for (label, generate) in generated {
                if !labels.contains(&label) || merge == Merge::Unknown {
                    labels.push(label);
                    found.extend(generate);
                }
            }
        }
        found
    }

    /// Whether what a block generates may say something else of a name than the module does.
    pub(super) fn may_say(&self, generate: &Generate, module: &Module<'_>, is_declared: bool, name: &str) -> bool {
        let view = self.workspace.view();
        let source = || view.source(generate.location.file).slice(generate.location.span);
        let is_named = names(generate.contents.as_deref().unwrap_or_else(source), name);
        let file = generate.path.as_deref().map(|path| path.rsplit('/').next().unwrap_or(path));
        let is_there = |file: &str| view.store().names(&module.folder).iter().any(|name| name == file);
        if generate.spares && file.is_some_and(is_there) {
            return false;
        }
        let speaks = |&own: &FileId| names(view.source(own).text(), name);
        let values = file.filter(|file| is_there(file) && file.contains(".tfvars"));
        let values = values.and_then(|file| view.store().load(&join(&module.folder, file)));
        if module.files.iter().filter(|&&own| self.replaces(generate, own)).chain(&values).any(speaks) {
            return true;
        }
        // A file of its own adds to the module, and cannot declare again what is declared there.
        let adds = file.is_some_and(|file| {
            !is_there(file) && ConfigName::new(file).is_some_and(|name| name.role() == Role::Primary)
        });
        match (adds, &generate.contents) {
            (true, _) => is_named && !is_declared,
            (false, Some(_)) => is_named,
            // Only Terraform code and files of values have a say.
            (false, None) => file.is_none_or(|file| ConfigName::new(file).is_some() || file.contains(".tfvars")),
        }
    }

    /// Whether a block writes another file in a file's place, or takes it away.
    fn replaces(&self, generate: &Generate, file: FileId) -> bool {
        let own = self.workspace.view().source(file).path().file_name();
        let path = generate.path.as_deref().map(|path| path.rsplit('/').next().unwrap_or(path));
        !generate.spares && path.is_none_or(|path| own == Some(path))
    }

    /// What units may do to an override file of their module, which is what an attribute comes from.
    pub(in crate::value) fn generated_instead(&self, module: &Module<'_>, file: FileId) -> Vec<Traced> {
        let blocks = self.units().of(&module.id).flat_map(|unit| &unit.generated);
        let replacing = blocks.filter(|block| self.replaces(block, file));
        let path = self.workspace.view().source(file).path();
        let outside =
            |block: &Generate| Traced::outside(format!("{path}, which {} may replace", block.what), block.location);
        replacing.map(outside).collect()
    }

    /// The values that units may generate in place of a local value of their module.
    pub(in crate::value) fn generated_over(&self, module: &Module<'_>, local: &str) -> Vec<Traced> {
        let blocks = self.units().of(&module.id).flat_map(|unit| &unit.generated);
        let replacing = blocks.filter(|block| self.may_say(block, module, true, local));
        let outside = |block: &Generate| {
            Traced::outside(format!("`local.{local}`, which {} may set", block.what), block.location)
        };
        replacing.map(outside).collect()
    }

    /// The values that a unit may give a variable of its module by ways that are not followed.
    pub(super) fn open_values(&self, unit: &Unit, module: &Module<'_>, variable: &str) -> Vec<Traced> {
        let outside =
            |what: &str, location| Traced::outside(format!("`var.{variable}`, which {what} may set"), location);
        let open = unit.open.iter().filter(|open| open.variable.as_deref().is_none_or(|name| name == variable));
        let is_declared = module.variables.contains_key(variable);
        let generated = unit.generated.iter().filter(|block| self.may_say(block, module, is_declared, variable));
        let open = open.map(|open| outside(open.what, open.location));
        open.chain(generated.map(|block| outside(block.what, block.location))).collect()
    }
}

/// What a `generate` block or member says, by the texts of its attributes: `None` where it writes nothing.
fn generate(location: Location, text: impl Fn(&str) -> Option<Option<String>>) -> Option<Generate> {
    let is = |name: &str, value: &str| text(name).flatten().is_some_and(|text| text == value);
    // What is switched off may still take away what is there.
    let removes = text("if_disabled").is_some_and(|what| what.as_deref() != Some("skip"));
    if is("disable", "true") && !removes {
        return None;
    }
    let (path, contents) = (text("path").flatten(), text("contents").flatten());
    let what = "this generate block";
    Some(Generate { location, what, path, contents, spares: is("if_exists", "skip") })
}

/// What the members of a `generate` attribute say, by their labels. One that is not known may write anything.
fn generated_by(values: &Values, location: Location) -> Vec<(String, Option<Generate>)> {
    let [Traced { data: Data::Object(_, members), uncertain: None, .. }] = values.as_slice() else {
        return vec![(String::new(), generate(location, |_| None))];
    };
    let each = members.iter().map(|(label, member)| {
        let text = |name: &str| match member.as_slice() {
            [Traced { data: Data::Object(_, items), uncertain: None, .. }] => items.get(name).map(certain_text),
            _ => None,
        };
        (label.clone(), generate(location, text))
    });
    each.collect()
}

//! The files that Terragrunt writes beside those of a unit's module: the contents of `generate`, and the code beside the unit.
//!
//! A literal that such a file gives a variable is known, as a value in a file of values or as the default in an override file;
//! any other meaning that it may give a name is not.
//!
//! Source: gruntwork-io/terragrunt, `internal/codegen`; its documentation, "`generate`".

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Target;
use super::config::certain_text;
use super::contents::Contents;
use crate::model::Module;
use crate::model::files::{ConfigName, Role};
use crate::model::store::join;
use crate::model::terragrunt::{Config, Generate, GeneratedCall, Merge, Unit, names};
use crate::source::{FileId, Location, SourceFile, Span};
use crate::syntax;
use crate::syntax::tree::{Block, Expr, ExprKind};
use crate::value::data::{Data, Traced, Values, computed, normalised};
use crate::value::eval::Evaluator;
use crate::value::repetitions::Iteration;

/// The meaning that a unit's generated files give a variable.
pub(super) enum Said<'u> {
    /// Its value, as a file of values does that Terraform reads by itself.
    Values(Traced),
    /// Its default.
    Default(Traced),
    /// Not known: these may do anything with it.
    Unknown(Vec<&'u Generate>),
}

impl<'a> Evaluator<'_, 'a> {
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
            Some(Generate {
                location,
                what: "this file, which is copied over it,",
                path,
                contents,
                is_certain: true,
                spares: false,
            })
        });
        copied.collect()
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
                let contents = block.body.attribute("contents");
                let contents = contents.map_or_else(Vec::new, |contents| self.contents(&layer, &contents.value));
                generated.push((label, generate(location, text, contents)));
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
            // Only Terraform code and files of values count.
            (false, None) => file.is_none_or(|file| ConfigName::new(file).is_some() || file.contains(".tfvars")),
        }
    }

    /// Whether a block writes another file in a file's place, or takes it away.
    fn replaces(&self, generate: &Generate, file: FileId) -> bool {
        let own = self.workspace.view().source(file).path().file_name();
        let path = generate.path.as_deref().map(|path| path.rsplit('/').next().unwrap_or(path));
        !generate.spares && path.is_none_or(|path| own == Some(path))
    }

    /// The changes that units may make to an override file of their module from which an attribute comes.
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

    /// The meaning that a unit's generated files give a variable of its module.
    pub(super) fn said_by_generated<'u>(&self, unit: &'u Unit, module: &Module<'a>, variable: &str) -> Said<'u> {
        let is_declared = module.variables().contains_key(variable);
        let saying = unit.generated.iter().filter(|block| self.may_say(block, module, is_declared, variable));
        let saying: Vec<&Generate> = saying.collect();
        let known = match saying.as_slice() {
            [block] => self.known(block, unit, module, variable),
            _ => None,
        };
        known.unwrap_or(Said::Unknown(saying))
    }

    /// The meaning that a single file gives a variable, where no other of its kind counts.
    fn known<'u>(&self, block: &Generate, unit: &Unit, module: &Module<'a>, variable: &str) -> Option<Said<'u>> {
        let (name, contents) = (block.path.as_deref()?, block.contents.as_ref().filter(|_| block.is_certain)?);
        let name = name.strip_prefix("./").unwrap_or(name);
        let is_there = self.workspace.view().store().names(&module.folder).iter().any(|own| own == name);
        if name.contains('/') || is_there {
            return None;
        }
        let view = self.workspace.view();
        let file = SourceFile::new(Utf8PathBuf::from(name), contents.clone());
        let is_values = ["terraform.tfvars", "terraform.tfvars.json"].contains(&name)
            || [".auto.tfvars", ".auto.tfvars.json"].iter().any(|end| name.ends_with(end));
        let said = if is_values { syntax::parse_values(&file) } else { syntax::parse(&file) };
        if !said.unreadable.is_empty() {
            return None;
        }
        let literal = |expr: &Expr| {
            let data = match &expr.kind {
                ExprKind::String(text) => normalised(Data::String(text.clone())),
                ExprKind::Bool(value) => Data::Bool(*value),
                _ => return None,
            };
            Some(computed(data, block.location))
        };
        if is_values {
            let is_set = |file: &FileId| view.syntax(*file).body.attribute(variable).is_some();
            let is_set =
                unit.values.iter().any(is_set) || self.workspace.assigned(module).automatic.contains_key(variable);
            let value = said.body.attribute(variable).filter(|_| !is_set)?;
            return literal(&value.value).map(Said::Values);
        }
        if ConfigName::new(name)?.role() != Role::Override {
            return None;
        }
        let mut blocks = said.body.blocks();
        let (only, None) = (blocks.next()?, blocks.next()) else { return None };
        let is_it = only.kind.text == "variable" && only.labels.iter().map(|label| &label.text).eq([variable]);
        let keys: Vec<&str> = only.body.attributes().map(|attribute| attribute.key.text.as_str()).collect();
        if !is_it || keys != ["default"] || only.body.blocks().next().is_some() {
            return None;
        }
        literal(&only.body.attribute("default")?.value).map(Said::Default)
    }

    /// The module calls in code that is generated into a folder; `None` where it is not known what they call.
    pub(super) fn calls_in(&self, block: &Generate, folder: &Utf8Path) -> Option<Vec<GeneratedCall>> {
        let (name, contents) = (block.path.as_deref()?, block.contents.as_ref()?);
        ConfigName::new(name).filter(|_| !name.contains('/'))?;
        let store = self.workspace.view().store();
        let folder = store.canonical(folder);
        let file = SourceFile::new(Utf8PathBuf::from(name), contents.clone());
        let code = syntax::parse(&file);
        let literal = |expr: &Expr| match &expr.unparenthesised().kind {
            ExprKind::String(text) => Some(text.clone()),
            ExprKind::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        let call = |call: &Block| {
            let source = literal(&call.body.attribute("source")?.value)?;
            // Any other source is fetched; one of the file system may still lead into the tree.
            let is_path = ["./", "../", "/"].iter().any(|start| source.starts_with(start));
            let target = if is_path {
                self.target(&folder, &source)
            } else if source.contains("file:") {
                Target::Unknown
            } else {
                self.workspace.callers().own_folder(&source).map_or(Target::Elsewhere, Target::Folder)
            };
            let module = match target {
                Target::Folder(folder) => store.canonical(&folder),
                Target::Elsewhere => Utf8PathBuf::new(),
                Target::Unknown => return None,
            };
            let arguments =
                call.body.attributes().map(|argument| (argument.key.text.clone(), literal(&argument.value)));
            Some(GeneratedCall { module, arguments: arguments.collect() })
        };
        // Code that is not read may call anything, and an override file changes calls that stand elsewhere.
        let is_plain = code.unreadable.is_empty() && ConfigName::new(name)?.role() == Role::Primary;
        code.body.blocks_of("module").map(call).collect::<Option<_>>().filter(|_| is_plain)
    }

    /// The values that a unit may give a variable of its module by ways that are not followed.
    pub(super) fn open_values(&self, unit: &Unit, module: &Module<'a>, variable: &str) -> Vec<Traced> {
        let outside =
            |what: &str, location| Traced::outside(format!("`var.{variable}`, which {what} may set"), location);
        let open = unit.open.iter().filter(|open| open.variable.as_deref().is_none_or(|name| name == variable));
        let open = open.map(|open| outside(open.what, open.location));
        let generated = match self.said_by_generated(unit, module, variable) {
            Said::Unknown(blocks) => blocks,
            Said::Values(_) | Said::Default(_) => Vec::new(),
        };
        open.chain(generated.into_iter().map(|block| outside(block.what, block.location))).collect()
    }
}

/// A `generate` block or member, by the texts of its attributes, once for each of the texts that it may write: none where it writes
/// nothing.
fn generate(
    location: Location,
    text: impl Fn(&str) -> Option<Option<String>>,
    contents: Vec<Contents>,
) -> Vec<Generate> {
    let is = |name: &str, value: &str| text(name).flatten().is_some_and(|text| text == value);
    // A block that is switched off may still remove an existing file.
    let removes = text("if_disabled").is_some_and(|what| what.as_deref() != Some("skip"));
    if is("disable", "true") && !removes {
        return Vec::new();
    }
    let (path, spares) = (text("path").flatten(), is("if_exists", "skip"));
    let what = "this generate block";
    let one = |contents, is_certain| Generate { location, what, path: path.clone(), contents, is_certain, spares };
    if contents.is_empty() {
        return vec![one(None, false)];
    }
    contents.into_iter().map(|(text, is_certain)| one(Some(text), is_certain)).collect()
}

/// The members of a `generate` attribute, by their labels. One that is not known may write anything.
fn generated_by(values: &Values, location: Location) -> Vec<(String, Vec<Generate>)> {
    let [Traced { data: Data::Object(_, members), uncertain: None, .. }] = values.as_slice() else {
        return vec![(String::new(), generate(location, |_| None, Vec::new()))];
    };
    let each = members.iter().map(|(label, member)| {
        let text = |name: &str| match member.as_slice() {
            [Traced { data: Data::Object(_, items), uncertain: None, .. }] => items.get(name).map(certain_text),
            _ => None,
        };
        let contents = text("contents").flatten().map(|contents| (contents, true));
        (label.clone(), generate(location, text, contents.into_iter().collect()))
    });
    each.collect()
}

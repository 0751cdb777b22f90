//! The names that expressions of a Terragrunt configuration refer to: its includes, the values passed to it, and its own
//! attributes as other configurations see them.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config`: `config_helpers.go` (what an expression sees), `config_as_cty.go` (what
//! others see of a configuration), `stack.go` (`values`), `config.go` (`ParseConfig`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::model::store::join;
use crate::model::store::relative_to;
use crate::model::terragrunt::{Config, Merge, STACK_FILE};
use crate::source::{FileId, Location, Span};
use crate::syntax::tree::{Attribute, Block, Body, Expr, Step};
use crate::value::data::{Data, MapKind, Traced, Values, computed};
use crate::value::eval::Evaluator;
use crate::value::frame::Frame;
use crate::value::needs::ROOT;
use crate::value::repetitions::Iteration;
use crate::value::scope::Scope;

/// Configurations that read each other are followed no further.
const MOST_READ: usize = 12;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The contents of a configuration.
    pub(super) fn config_body(&self, file: FileId) -> &'a Body {
        &self.workspace.view().syntax(file).body
    }

    /// The frame of a configuration's expressions.
    pub(in crate::value) fn config_frame(&self, config: &Rc<Config>) -> Frame<'w, 'a> {
        self.reading.note(config.file);
        let folder = self.workspace.view().source(config.file).path().parent().unwrap_or(Utf8Path::new(""));
        let module = self.workspace.single(folder, config.file);
        // Relative paths of files count from where the configuration stands.
        let root = vec![computed(Data::String(folder.as_str().to_owned()), start_of(config.file))];
        let bindings = [(ROOT.to_owned(), root)].into();
        Frame { config: Some(Rc::clone(config)), bindings, ..Frame::anywhere(module) }
    }

    /// The values of an expression of a configuration.
    pub(super) fn eval_in(&self, config: &Rc<Config>, expr: &Expr, iteration: &Iteration) -> Values {
        {
            let frame = self.config_frame(config);
            self.eval(expr, config.file, &iteration.scope(&frame))
        }
    }

    /// The value of a name in a configuration, and the steps that remain to be taken; `None` for a name of the language.
    pub(in crate::value) fn config_reference<'s>(
        &self,
        name: &str,
        steps: &'s [Step],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Option<(Values, &'s [Step])> {
        let config = scope.frame.config.as_ref()?;
        let text = || self.workspace.view().source(location.file).slice(location.span).to_owned();
        let whole = match name {
            "local" if steps.is_empty() => self.locals_of(scope.frame),
            "include" => return Some(self.included(config, steps, location)),
            "values" => self.supplied(config, location),
            "dependency" => {
                let why = format!("`{}`, which another unit puts out", text());
                return Some((vec![Traced::at_run_time(why, location)], &[]));
            }
            "feature" => {
                let [Step::Attr(flag), Step::Attr(_), rest @ ..] = steps else { return None };
                return Some((self.feature(config, flag, location), rest));
            }
            "unit" | "stack" => {
                return Some((vec![Traced::unknown(format!("`{}`, which is not followed", text()), location)], &[]));
            }
            _ => return None,
        };
        Some((whole, steps))
    }

    /// An included configuration: that of a label, or the only one without.
    fn included<'s>(&self, config: &Rc<Config>, steps: &'s [Step], location: Location) -> (Values, &'s [Step]) {
        let unknown = |why: &str| vec![Traced::unknown(why, location)];
        let (include, rest) = match (config.includes.as_slice(), steps) {
            ([include], _) if include.label.is_empty() => (Some(include), steps),
            (includes, [Step::Attr(label), rest @ ..]) => {
                (includes.iter().find(|include| include.label == *label), rest)
            }
            _ => (None, steps),
        };
        match include.map(|include| &include.config) {
            Some(Some(config)) => (self.described(config), rest),
            Some(None) => (unknown("an `include` that is not followed"), rest),
            None => (unknown("an `include` that is not there"), &[]),
        }
    }

    /// The value of a feature flag: its default, or what a command line or the environment sets.
    fn feature(&self, config: &Rc<Config>, flag: &str, location: Location) -> Values {
        let declared = self.layers(config).into_iter().find_map(|(layer, _)| {
            let mut blocks = self.config_body(layer.file).blocks_of("feature");
            let block = blocks.find(|block| block.labels.iter().any(|label| label.text == flag))?;
            Some((layer, block.body.attribute("default")?))
        });
        match declared {
            Some((layer, default)) => {
                let default = self.eval_in(&layer, &default.value, &Iteration::default());
                self.or_as_set(flag, &format!("`feature.{flag}`"), default, location)
            }
            None => vec![Traced::unknown(format!("`feature.{flag}`, which is not declared"), location)],
        }
    }

    /// The attributes of a file as one object.
    pub(super) fn attributes_of(&self, config: &Rc<Config>) -> Traced {
        let location = start_of(config.file);
        let members = self.config_body(config.file).attributes().map(|attribute| {
            (attribute.key.text.clone(), self.eval_in(config, &attribute.value, &Iteration::default()))
        });
        computed(Data::Object(MapKind::Object, members.collect()), location)
    }

    /// The block at a place.
    pub(in crate::value) fn block_at(&self, place: Location) -> Option<&'a Block> {
        let mut blocks = self.config_body(place.file).blocks();
        blocks.find(|block| block.span == place.span)
    }

    /// The local values of a file as one object.
    fn locals_of(&self, frame: &Frame<'w, 'a>) -> Values {
        let file = frame.module.files.first().copied();
        let Some(location) = file.map(start_of) else { return Vec::new() };
        let members = frame.module.locals().keys().map(|name| {
            let values = self.local(name, &[], location, &Scope::new(frame));
            ((*name).to_owned(), values)
        });
        vec![computed(Data::Object(MapKind::Object, members.collect()), location)]
    }

    /// A configuration as others see it.
    pub(super) fn described(&self, config: &Rc<Config>) -> Values {
        let location = start_of(config.file);
        if let Some(known) = self.reading.known(config) {
            return known;
        }
        if config.depth > MOST_READ || !self.reading.enter(config.file) {
            return vec![Traced::unknown("configurations that read each other", location)];
        }
        let (values, files, asks_for_unit) = self.reading.recorded(|| self.describe(config, location));
        self.reading.leave();
        if self.exhausted(location).is_none() {
            self.reading.keep(config, &values, files, asks_for_unit);
        }
        values
    }

    fn describe(&self, config: &Rc<Config>, location: Location) -> Values {
        let syntax = self.workspace.view().syntax(config.file);
        if !syntax.unreadable.is_empty() {
            let path = self.workspace.view().source(config.file).path();
            return vec![Traced::unknown(format!("the part of {path} that cannot be read"), location)];
        }
        let object = |members| vec![computed(Data::Object(MapKind::Object, members), location)];
        let mut members = BTreeMap::new();
        {
            let frame = self.config_frame(config);
            if !frame.module.locals().is_empty() {
                // A stack's values are seen under another name.
                let file = self.workspace.view().source(config.file).path().file_name();
                let name = if file == Some(STACK_FILE) { "local" } else { "locals" };
                members.insert(name.to_owned(), self.locals_of(&frame));
            }
        };
        if let Some(inputs) = self.all_inputs(config, location) {
            members.insert("inputs".to_owned(), inputs);
        }
        if let Some((_, source)) = self.config_source(config) {
            members.insert("terraform".to_owned(), object([("source".to_owned(), source)].into_iter().collect()));
        }
        for (layer, _) in self.layers(config) {
            let body = self.config_body(layer.file);
            let keys = body.attributes().map(|attribute| &attribute.key.text);
            for key in keys.chain(body.blocks().map(|block| &block.kind.text)) {
                let unknown = || vec![Traced::unknown(format!("`{key}` of a configuration"), location)];
                members.entry(key.clone()).or_insert_with(unknown);
            }
        }
        object(members.into())
    }

    /// The configurations that make up one, each with how it is merged under those before it.
    pub(super) fn layers(&self, config: &Rc<Config>) -> Vec<(Rc<Config>, Merge)> {
        let autoinclude = self.autoinclude(config).map(|over| (over, Merge::Shallow));
        let own = (Rc::clone(config), Merge::Shallow);
        let included = config.includes.iter().rev().filter(|include| include.merge != Merge::None);
        let included = included.filter_map(|include| Some((Rc::clone(include.config.as_ref()?), include.merge)));
        autoinclude.into_iter().chain([own]).chain(included).collect()
    }

    /// The `source` of a configuration's module, and where it stands.
    pub(super) fn config_source(&self, config: &Rc<Config>) -> Option<(Location, Values)> {
        self.layers(config).into_iter().find_map(|(layer, _)| {
            let source = source_in(self.config_body(layer.file))?;
            let location = Location { file: layer.file, span: source.value.span };
            Some((location, self.eval_in(&layer, &source.value, &Iteration::default())))
        })
    }

    /// An absolute path as the run shows it.
    pub(in crate::value) fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        let is_absolute = self.workspace.callers().terragrunt().first().is_some_and(|path| path.is_absolute());
        if is_absolute {
            path.to_owned()
        } else {
            relative_to(&self.workspace.view().store().canonical(Utf8Path::new(".")), path)
        }
    }

    /// The folder that a file lies in, by its canonical path.
    pub(super) fn file_folder(&self, file: FileId) -> Utf8PathBuf {
        let path = self.workspace.view().source(file).path();
        self.workspace.view().store().canonical(path.parent().unwrap_or(Utf8Path::new("")))
    }

    /// The files that a unit's configuration reads for its inputs, its own among them.
    #[must_use]
    pub(crate) fn files_read_by(&self, config: &Rc<Config>) -> BTreeSet<FileId> {
        let location = start_of(config.file);
        let (_, files, _) = self.reading.recorded(|| self.all_inputs(config, location));
        files
    }
}

/// `source` in the `terraform` block of a configuration.
pub(super) fn source_in(body: &Body) -> Option<&Attribute> {
    body.blocks_of("terraform").find_map(|block| block.body.attribute("source"))
}

/// The text of a value that is known for certain.
pub(super) fn certain_text(values: &Values) -> Option<String> {
    match values.as_slice() {
        [value] if value.uncertain.is_none() => value.as_text(),
        _ => None,
    }
}

/// A path seen from a folder, without `.` and `..`.
pub(super) fn absolute(folder: &Utf8Path, path: &str) -> Utf8PathBuf {
    let folder = if path.starts_with('/') { Utf8Path::new("/") } else { folder };
    join(folder, path)
}

/// A file as a place.
pub(super) fn start_of(file: FileId) -> Location {
    Location { file, span: Span::empty(0) }
}

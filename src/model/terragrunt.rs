//! Terragrunt units: a configuration that runs a module with `inputs`, as far as it is static.
//!
//! Source: Terragrunt's documentation, "Blocks and attributes" and "Built-in functions": a unit's `inputs` are merged
//! over those of what it includes, key by key unless `merge_strategy` says otherwise; they are handed on as `TF_VAR_`
//! variables, so that files of values win over them; `find_in_parent_folders()` looks for `terragrunt.hcl` from the folder above on; a double slash in
//! `source` only says where copying starts; the files of the unit's folder are copied beside the module's code;
//! `extra_arguments` can hand on files of values, variables and `TF_VAR_` variables of the environment.

use camino::{Utf8Path, Utf8PathBuf};

use super::Workspace;
use super::files::ConfigName;
use super::module::{Module, join};
use super::store::{canonical, relative_to};
use super::tfvars::ValueFiles;
use crate::source::{FileId, Location};
use crate::syntax::tree::{Attribute, Body, Expr, ExprKind, Step, TemplatePart};

/// The file that makes a folder a unit.
const FILE: &str = "terragrunt.hcl";

/// A unit.
#[derive(Debug)]
pub struct Unit {
    /// The unit's own file, then what it includes: the later of two includes first, since it wins.
    pub files: Vec<FileId>,
    /// Whether what it includes may be merged in another way than key by key.
    pub deep: bool,
    /// The files of values that win over the inputs, the later over the earlier.
    pub values: Vec<FileId>,
    /// The place of `extra_arguments` that may set any variable.
    pub open: Option<Location>,
    /// The folder of the module it runs, canonical.
    pub module: Utf8PathBuf,
    /// The same folder as it is shown.
    pub folder: Utf8PathBuf,
}

impl Unit {
    /// Whether a file has a say in what the unit hands to its module.
    #[must_use]
    pub fn reads(&self, file: FileId) -> bool {
        self.files.contains(&file) || self.values.contains(&file)
    }
}

impl<'a> Workspace<'a> {
    /// The units that run a module.
    pub fn units_of(&self, module: &Module<'a>) -> Vec<&Unit> {
        self.units().iter().filter(|unit| unit.module == module.id).collect()
    }

    /// Every unit of the tree, by path.
    pub fn units(&self) -> &[Unit] {
        self.units.get_or_init(|| {
            let paths = self.callers.terragrunt();
            paths.iter().filter_map(|path| self.unit(path)).collect()
        })
    }

    fn unit(&self, path: &Utf8Path) -> Option<Unit> {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let own = self.view().store().load(path)?;
        let body = &self.view().syntax(own).body;
        let mut deep = false;
        let included = body.blocks_of("include").filter_map(|include| {
            let paths = Paths { folder, parent: None, body };
            let file =
                self.view().store().load(&join_any(folder, &paths.text(&include.body.attribute("path")?.value)?))?;
            let strategy = include.body.attribute("merge_strategy").map(|strategy| paths.text(&strategy.value));
            let strategy = strategy.as_ref().map(Option::as_deref);
            let is_merged = strategy != Some(Some("no_merge"));
            deep |= is_merged && strategy.is_some_and(|strategy| strategy != Some("shallow"));
            is_merged.then_some(file)
        });
        let mut files: Vec<FileId> = included.collect();
        files.push(own);
        files.reverse();

        let source = files.iter().find_map(|&file| {
            let parent = self.view().source(file).path().parent().filter(|_| file != own);
            let body = &self.view().syntax(file).body;
            let source = body.blocks_of("terraform").find_map(|block| block.body.attribute("source"))?;
            Some(Paths { folder, parent, body }.text(&source.value))
        });
        let target = if let Some(source) = source {
            // A source that cannot be followed leads nowhere known.
            join_any(folder, &source?.replace("//", "/"))
        } else {
            let has_code = self.view().store().names(folder).iter().any(|name| ConfigName::new(name).is_some());
            has_code.then(|| folder.to_owned())?
        };
        let exists = target.as_str().is_empty() || target.is_dir();
        let copied = ValueFiles::of(self.view().store(), folder).automatic;
        let mut values: Vec<FileId> = copied.iter().filter_map(|path| self.view().store().load(path)).collect();
        let mut open = None;
        for &file in files.iter().rev() {
            let parent = self.view().source(file).path().parent().filter(|_| file != own);
            let body = &self.view().syntax(file).body;
            let paths = Paths { folder, parent, body };
            let arguments = body.blocks_of("terraform").flat_map(|block| block.body.blocks_of("extra_arguments"));
            for attribute in arguments.flat_map(|block| block.body.attributes()) {
                match self.var_files(attribute, &paths) {
                    Some(found) => values.extend(found),
                    None => open = Some(Location { file, span: attribute.key.span }),
                }
            }
        }
        exists.then(|| Unit { files, deep, values, open, module: canonical(&target), folder: target })
    }

    /// The files of values that an attribute of `extra_arguments` hands on; `None` if it may set variables otherwise.
    fn var_files(&self, attribute: &Attribute, paths: &Paths<'_>) -> Option<Vec<FileId>> {
        let value = attribute.value.unparenthesised();
        match (attribute.key.text.as_str(), &value.kind) {
            ("required_var_files" | "optional_var_files", ExprKind::Array(items)) => {
                let found: Vec<Utf8PathBuf> =
                    items.iter().map(|item| Some(join_any(paths.folder, &paths.text(item)?))).collect::<Option<_>>()?;
                // One that is not there is passed over, or the run fails.
                Some(found.iter().filter_map(|path| self.view().store().load(path)).collect())
            }
            ("arguments", ExprKind::Array(items)) => {
                let sets_no_variable =
                    |item: &Expr| paths.text(item).is_some_and(|text| !text.trim_start_matches('-').starts_with("var"));
                items.iter().all(sets_no_variable).then(Vec::new)
            }
            ("env_vars", ExprKind::Object(items)) => {
                let sets_no_variable = |key: &Expr| paths.text(key).is_some_and(|name| !name.starts_with("TF_"));
                items.iter().all(|item| sets_no_variable(&item.key)).then(Vec::new)
            }
            ("required_var_files" | "optional_var_files" | "arguments" | "env_vars", _) => None,
            _ => Some(Vec::new()),
        }
    }
}

/// Like [`join`], for paths that may be absolute. The result is relative if the folder is.
fn join_any(folder: &Utf8Path, path: &str) -> Utf8PathBuf {
    if !path.starts_with('/') {
        return join(folder, path);
    }
    let path = join(Utf8Path::new("/"), path);
    if folder.is_absolute() { path } else { relative_to(&canonical(Utf8Path::new(".")), &path) }
}

/// Paths in a configuration.
struct Paths<'p> {
    /// The unit's folder.
    folder: &'p Utf8Path,
    /// The folder of the included file that is looked at, if it is one.
    parent: Option<&'p Utf8Path>,
    /// The file's contents.
    body: &'p Body,
}

impl Paths<'_> {
    /// The text of an expression that is static.
    fn text(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::String(text) => Some(text.clone()),
            ExprKind::Paren(inner) => self.text(inner),
            ExprKind::Template(parts) => parts
                .iter()
                .map(|part| match part {
                    TemplatePart::Literal(text, _) => Some(text.clone()),
                    TemplatePart::Interpolation(inner) => self.text(inner),
                    TemplatePart::If { .. } | TemplatePart::For(_) => None,
                })
                .collect(),
            ExprKind::Traversal(root, steps) => match (&root.kind, steps.as_slice()) {
                (ExprKind::Variable(root), [Step::Attr(name)]) if root == "local" => {
                    let local = self.body.blocks_of("locals").find_map(|block| block.body.attribute(name))?;
                    // One step only: a local that needs itself must not be followed for ever.
                    matches!(local.value.kind, ExprKind::String(_) | ExprKind::Template(_))
                        .then(|| Paths { body: &Body::default(), ..*self }.text(&local.value))?
                }
                _ => None,
            },
            ExprKind::Call { name, args, .. } => {
                let args: Vec<String> = args.iter().map(|arg| self.text(arg)).collect::<Option<_>>()?;
                self.call(name, &args)
            }
            _ => None,
        }
    }

    fn call(&self, name: &str, args: &[String]) -> Option<String> {
        let here = canonical(self.folder);
        match (name, args) {
            ("get_terragrunt_dir" | "get_original_terragrunt_dir", []) => Some(here.into_string()),
            ("get_parent_terragrunt_dir", _) => Some(canonical(self.parent.unwrap_or(self.folder)).into_string()),
            ("get_repo_root" | "get_path_to_repo_root", []) => {
                here.ancestors().find(|above| above.join(".git").exists()).map(ToString::to_string)
            }
            ("find_in_parent_folders", []) => above(&here, FILE),
            ("find_in_parent_folders", [name]) => above(&here, name),
            ("find_in_parent_folders", [name, fallback]) => above(&here, name).or_else(|| Some(fallback.clone())),
            ("dirname", [path]) => Utf8Path::new(path).parent().map(ToString::to_string),
            _ => None,
        }
    }
}

/// The nearest file of a name in the folders above one.
fn above(folder: &Utf8Path, name: &str) -> Option<String> {
    folder.ancestors().skip(1).map(|above| above.join(name)).find(|path| path.exists()).map(Utf8PathBuf::into_string)
}

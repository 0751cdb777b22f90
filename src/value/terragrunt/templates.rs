//! Configurations that are there to be copied: those that stacks take elsewhere, and templates of boilerplate.

use std::rc::Rc;

use camino::Utf8Path;

use super::config::{absolute, certain_text};
use super::is_fetched;
use super::search::Search;
use super::sources::certain_address;
use crate::model::terragrunt::{Config, Supply, VALUES_FILE};
use crate::source::FileId;
use crate::syntax::tree::Attribute;
use crate::value::data::{Data, Values};
use crate::value::repetitions::Iteration;

/// The file that says what a template of boilerplate asks for, and the folder with that of `terragrunt scaffold`.
///
/// Sources: gruntwork-io/boilerplate, README; Terragrunt's documentation, "Scaffold".
const BOILERPLATE_FILE: &str = "boilerplate.yml";
const SCAFFOLD_FOLDER: &str = ".boilerplate";

impl Search<'_, '_, '_> {
    /// Whether a configuration is there for stacks to take, since where it lies Terragrunt would refuse it: it needs `values` and
    /// has none, or what it leads to is found only from where it is copied to.
    pub(super) fn is_template(&self, config: &Rc<Config>) -> bool {
        let text = self.evaluator.workspace.view().source(config.file).text();
        let is_taken = matches!(config.values, None | Some(Supply::Nobody)) && self.templates.contains(&config.folder);
        is_taken && (speaks_of_values(text) || self.leads_nowhere(config))
    }

    /// Whether it is certain that a file which a configuration includes, or code that it runs, is not there.
    fn leads_nowhere(&self, config: &Rc<Config>) -> bool {
        let evaluator = self.evaluator;
        let body = evaluator.config_body(config.file);
        let mut includes = body.blocks_of("include").filter_map(|block| block.body.attribute("path"));
        let runs = |name: &str| matches!(name, "terraform" | "unit" | "stack");
        let sources = body.blocks().filter(|block| runs(&block.kind.text));
        let mut sources = sources.filter_map(|block| block.body.attribute("source"));
        let fails = |attribute: &Attribute, path_of: fn(&Values) -> Option<String>| {
            let values = evaluator.eval_in(config, &attribute.value, &Iteration::default());
            match values.as_slice() {
                [value] if matches!(value.data, Data::Error(_)) => true,
                _ => path_of(&values).is_some_and(|path| self.is_missing(&absolute(&config.folder, &path))),
            }
        };
        let local = |source: &Values| {
            let path = certain_address(source).filter(|source| !is_fetched(source))?;
            Some(path.replace("//", "/"))
        };
        includes.any(|path| fails(path, certain_text)) || sources.any(|source| fails(source, local))
    }

    /// Whether a configuration refers to `values` and has none beside it, nor where git ignores them or a text writes them.
    pub(super) fn lacks_values(&self, config: &Config) -> bool {
        let workspace = self.evaluator.workspace;
        let file = config.folder.join(VALUES_FILE);
        let has_none = || self.is_missing(&file) && workspace.callers().writer_of(&file).is_none();
        speaks_of_values(workspace.view().source(config.file).text()) && has_none()
    }

    /// Whether nothing is at a path here, nor where git ignores it.
    fn is_missing(&self, path: &Utf8Path) -> bool {
        path.symlink_metadata().is_err() && !self.evaluator.workspace.callers().is_git_ignored(path)
    }

    /// Whether a file is a template of boilerplate, which Terragrunt refuses as it stands: an action of the template is where no
    /// HCL can be read. What is made from it is judged where that lies.
    pub(super) fn is_of_boilerplate(&self, file: FileId) -> bool {
        let view = self.evaluator.workspace.view();
        let has_action = |text: &str| text.contains("{{") && text.contains("}}");
        let mut unreadable = view.syntax(file).unreadable.iter();
        if !unreadable.any(|part| has_action(view.source(file).slice(part.span))) {
            return false;
        }
        let folder = self.evaluator.file_folder(file);
        let is_top = |folder: &Utf8Path| folder.join(".git").exists();
        let mut above: Vec<&Utf8Path> = folder.ancestors().take_while(|folder| !is_top(folder)).collect();
        above.extend(folder.ancestors().find(|folder| is_top(folder)));
        above
            .iter()
            .any(|folder| folder.file_name() == Some(SCAFFOLD_FOLDER) || folder.join(BOILERPLATE_FILE).is_file())
    }
}

/// Whether a configuration refers to its `values`; the function of that name is none.
fn speaks_of_values(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = text.match_indices("values");
    found.any(|(at, name)| {
        !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(|c| is_part(c) || c == '(')
    })
}

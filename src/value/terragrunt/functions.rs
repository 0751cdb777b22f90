//! The functions that Terragrunt adds to the language.
//!
//! Source: gruntwork-io/terragrunt, `pkg/config/config_helpers.go`.

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Reading;
use super::config::{absolute, certain_text};
use super::inputs::merged_deeply;
use super::loading::READS_CONFIGURATION;
use crate::model::store::relative_to;
use crate::model::terragrunt::{Config, GENERATED_FOLDER, UNIT_FILES};
use crate::source::Location;
use crate::value::data::{Data, ListKind, MapKind, Traced, Values, alternatives, computed};
use crate::value::eval::Evaluator;
use crate::value::functions::json_of;
use crate::value::operators::lift;
use crate::value::types::Type;

/// A path that a function gives; `None` if it gives an error.
type PathOf = fn(&Site<'_>, &[&str]) -> Option<String>;

/// The functions of paths, which know where a configuration lies.
const PATHS: [(&str, PathOf); 11] = [
    ("get_terragrunt_dir", |site, _| Some(site.config.folder.to_string())),
    ("get_original_terragrunt_dir", |site, _| Some(site.reading.unit_folder(site.config).into_string())),
    ("get_parent_terragrunt_dir", |site, label| Some(site.included_folder(label)?.to_string())),
    ("path_relative_to_include", |site, label| Some(way(&site.included_folder(label)?, &site.config.folder))),
    ("path_relative_from_include", |site, label| Some(way(&site.config.folder, &site.included_folder(label)?))),
    ("get_repo_root", |site, _| site.repository().map(Utf8Path::to_string)),
    ("get_path_from_repo_root", |site, _| Some(way(site.repository()?, &site.config.folder))),
    ("get_path_to_repo_root", |site, _| Some(way(&site.config.folder, site.repository()?))),
    ("find_in_parent_folders", |site, args| site.in_parent_folders(args)),
    ("abspath", |site, args| Some(absolute(&site.config.folder, args.first()?).into_string())),
    ("mark_as_read", |_, args| args.first().map(|path| (*path).to_owned())),
];

/// The commands that take some kind of argument.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("get_terraform_commands_that_need_vars", &["apply", "console", "destroy", "import", "plan", "push", "refresh"]),
    (
        "get_terraform_commands_that_need_locking",
        &["apply", "destroy", "import", "plan", "refresh", "taint", "untaint"],
    ),
    ("get_terraform_commands_that_need_input", &["apply", "import", "init", "plan", "refresh"]),
    ("get_terraform_commands_that_need_parallelism", &["apply", "plan", "destroy"]),
];

/// Functions whose result is known only when Terragrunt runs.
const AT_RUN_TIME: [&str; 5] = [
    "get_aws_account_id",
    "get_aws_account_alias",
    "get_aws_caller_identity_arn",
    "get_aws_caller_identity_user_id",
    "get_terraform_command",
];

/// Functions whose result is not computed here.
const NOT_FOLLOWED: [(&str, &str); 9] = [
    ("run_cmd", "the output of a command"),
    ("sops_decrypt_file", "the contents of an encrypted file"),
    ("get_platform", "the operating system"),
    ("get_working_dir", "the folder that Terraform is run in"),
    ("get_terraform_cli_args", "the arguments of the command line"),
    ("get_terragrunt_source_cli_flag", "an argument of the command line"),
    ("get_default_retryable_errors", "a list of Terragrunt's own"),
    ("constraint_check", "a check of versions"),
    ("mark_glob_as_read", "a list of files"),
];

/// Where a function is called.
struct Site<'s> {
    config: &'s Config,
    reading: &'s Reading,
}

impl<'s> Site<'s> {
    /// The folder of the configuration that is included: the one looked at, the only one, or that of a label.
    fn included_folder(&self, label: &[&str]) -> Option<Utf8PathBuf> {
        if let Some(folder) = &self.config.included_from {
            return Some(folder.clone());
        }
        let folder = |at: usize| self.config.includes.get(at)?.config.as_ref()?.included_from.clone();
        match (self.config.includes.len(), label) {
            (0, _) => Some(self.config.folder.clone()),
            (1, _) => folder(0),
            (_, [label]) => folder(self.config.includes.iter().position(|include| include.label == *label)?),
            _ => None,
        }
    }

    fn repository(&self) -> Option<&'s Utf8Path> {
        self.config.folder.ancestors().find(|above| above.join(".git").exists())
    }

    /// The nearest file of a name in the folders above; that of a unit, if there is no name.
    fn in_parent_folders(&self, args: &[&str]) -> Option<String> {
        let names: Vec<&str> = match args.first() {
            Some(name) if !name.is_empty() => vec![name],
            _ => UNIT_FILES.to_vec(),
        };
        let above = self.config.folder.ancestors().skip(1);
        let mut asked = above.flat_map(|above| names.iter().map(|name| above.join(name)));
        // Elsewhere a link that leads nowhere may lead to something.
        let found = asked.find(|path| path.symlink_metadata().is_ok());
        found.map(Utf8PathBuf::into_string).or_else(|| args.get(1).map(|fallback| (*fallback).to_owned()))
    }
}

impl Evaluator<'_, '_> {
    /// The values of a function that Terragrunt adds or sees otherwise; `None` for any other.
    pub(in crate::value) fn config_function(
        &self,
        config: &Rc<Config>,
        name: &str,
        arguments: &[Values],
        location: Location,
    ) -> Option<Values> {
        let site = Site { config, reading: &self.reading };
        if let Some((_, path)) = PATHS.iter().find(|(own, _)| *own == name) {
            return Some(lift(arguments, location, |arguments| {
                let Some(texts) = arguments.iter().map(|value| value.as_text()).collect::<Option<Vec<String>>>() else {
                    return Ok(Data::Error(format!("an argument of {name} that is no text")));
                };
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                if let (&"find_in_parent_folders", Some(asked)) = (&name, texts.first()) {
                    if let Some(path) = self.copied_above(config, asked) {
                        return Err(format!("{}, which a stack copies", self.shown(&path)));
                    }
                    if let Some(path) = self.ignored_above(config, asked) {
                        return Err(self.ignored(&path));
                    }
                }
                let missing = || Data::Error(format!("the result of {name}, which finds nothing"));
                Ok(path(&site, &texts).map_or_else(missing, Data::String))
            }));
        }
        if let Some((_, commands)) = COMMANDS.iter().find(|(own, _)| *own == name) {
            let command = |command: &&str| vec![computed(Data::String((*command).to_owned()), location)];
            let commands = commands.iter().map(command).collect();
            return Some(vec![computed(Data::List(ListKind::List(Type::String), commands), location)]);
        }
        if AT_RUN_TIME.contains(&name) {
            let why = format!("`{name}()`, which is known only when Terragrunt runs");
            return Some(vec![Traced::at_run_time(why, location)]);
        }
        if let Some((_, what)) = NOT_FOLLOWED.iter().find(|(own, _)| *own == name) {
            return Some(vec![Traced::unknown(format!("{what} (`{name}`)"), location)]);
        }
        Some(match (name, arguments) {
            ("get_env", [variable, default]) => {
                let name = certain_text(variable).unwrap_or_default();
                self.or_as_set(&name, &format!("`get_env(\"{name}\")`"), default.clone(), location)
            }
            ("get_env", [variable]) => {
                let variable = certain_text(variable).unwrap_or_default();
                vec![Traced::outside(format!("`get_env(\"{variable}\")`, which the environment sets"), location)]
            }
            (READS_CONFIGURATION, [path, default @ ..]) => self.read_configs(config, path, default.first(), location),
            ("read_tfvars_file", [path]) => self.read_values(config, path, location),
            ("deep_merge", maps) => {
                let nothing = vec![computed(Data::Object(MapKind::Object, [].into_iter().collect()), location)];
                maps.iter().fold(nothing, |under, over| {
                    let pairs = under.iter().flat_map(|under| over.iter().map(move |over| (under, over)));
                    alternatives(pairs.map(|(under, over)| match over.data {
                        Data::Null(_) => under.clone(),
                        _ => merged_deeply(under, over, location),
                    }))
                })
            }
            _ => return None,
        })
    }

    /// A file beside one of the stacks that generate a configuration: it is copied along with the stack, to above the configuration.
    fn copied_above(&self, config: &Config, name: &str) -> Option<Utf8PathBuf> {
        let stacks = std::iter::successors(config.generated_by.as_ref(), |stack| stack.generated_by.as_ref());
        let copied = stacks.map(|stack| (self.file_folder(stack.file), stack.folder.clone()));
        let mut copied = copied.filter(|(from, to)| from != to).map(|(from, _)| from.join(name));
        copied.find(|path| path.symlink_metadata().is_ok() || self.workspace.callers().is_git_ignored(path))
    }

    /// A file that git ignores and that is not here, nearer than any other of its name in the folders above. What stacks generate
    /// is ignored as a whole, and known.
    fn ignored_above(&self, config: &Config, name: &str) -> Option<Utf8PathBuf> {
        let is_known = config.generated_by.is_some();
        let is_generated =
            |folder: &&Utf8Path| is_known && folder.components().any(|part| part.as_str() == GENERATED_FOLDER);
        let asked = config.folder.ancestors().skip(1).skip_while(is_generated).map(|above| above.join(name));
        let mut missing = asked.take_while(|path| path.symlink_metadata().is_err());
        missing.find(|path| self.workspace.callers().is_git_ignored(path))
    }

    /// What a file that git ignores and that is not here is called.
    pub(super) fn ignored(&self, path: &Utf8Path) -> String {
        format!("{}, which git ignores and which is not here", self.shown(path))
    }

    /// The values that a name can have in the environment or on the command line, as far as the tree shows: its default, or a
    /// value that some text sets. Setting the default again changes nothing.
    pub(super) fn or_as_set(&self, name: &str, what: &str, default: Values, location: Location) -> Values {
        let is_default = |value: &String| default.iter().all(|own| own.as_text().as_ref() == Some(value));
        let set = self.workspace.callers().settings_of(name).find(|set| !set.value.as_ref().is_some_and(is_default));
        let outside = set.map(|set| Traced::outside(format!("{what}, which {} sets", set.file), location));
        default.into_iter().chain(outside).collect()
    }

    /// The result of `read_tfvars_file`: a file of values in JSON.
    fn read_values(&self, config: &Config, path: &Values, location: Location) -> Values {
        lift(std::slice::from_ref(path), location, |path| {
            let Some(text) = path[0].as_text() else { return Ok(Data::Error("a path that is no text".to_owned())) };
            let path = absolute(&config.folder, &text);
            let Some(file) = self.load(&path) else {
                let unread = self.workspace.view().store().unread(&self.shown(&path));
                return match unread {
                    Some(unread) => Err(format!("{}, which cannot be read", unread.file)),
                    None if self.workspace.callers().is_git_ignored(&path) => Err(self.ignored(&path)),
                    None => Ok(Data::Error(format!("the file {text}, which is not there"))),
                };
            };
            if !self.workspace.view().syntax(file).unreadable.is_empty() {
                return Err(format!("the part of {} that cannot be read", self.workspace.view().source(file).path()));
            }
            let values = Rc::new(Config { file, includes: Vec::new(), values: None, ..config.clone() });
            let json = json_of(&self.attributes_of(&values));
            json.map(Data::String).ok_or_else(|| format!("the values in {text}, which are not all known"))
        })
    }

    /// The result of `read_terragrunt_config`.
    fn read_configs(&self, config: &Config, path: &Values, default: Option<&Values>, location: Location) -> Values {
        alternatives(path.iter().flat_map(|path| {
            let Some(text) = path.as_text() else {
                let unknown = Traced::unknown("a configuration whose path is not known", location);
                return match path.data {
                    Data::Error(_) => vec![path.clone()],
                    _ => vec![unknown.because_of(path)],
                };
            };
            let missing = || {
                let error = Data::Error(format!("the configuration {text}, which is not there"));
                default.cloned().unwrap_or_else(|| vec![computed(error, location)])
            };
            let read = self.read_config(config, &text, location).unwrap_or_else(missing);
            read.into_iter().map(|value| value.because_of(path)).collect()
        }))
    }
}

/// The way from one folder to another.
fn way(from: &Utf8Path, to: &Utf8Path) -> String {
    let way = relative_to(from, to);
    if way.as_str().is_empty() { ".".to_owned() } else { way.into_string() }
}

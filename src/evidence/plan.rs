//! The JSON of `terraform show -json`: of a plan or of a state, as Terraform and `OpenTofu` write it.
//!
//! Only what is about notebook instances is kept while reading, so that memory does not follow the size of the plan.
//! Source of the format: Terraform documentation, "JSON Output Format" (format version 1; `after_unknown` and
//! `after_sensitive` mirror `after` with `true` where a value is not known or not to be shown).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::configuration::{Configuration, Contents};
use super::kept::{Entry, Kept, creates_notebook};
use crate::control;
use crate::finding::{Action, Live, Value};

/// A plan or a state.
#[derive(Debug, Default)]
pub struct Plan {
    /// Whether it is a plan; a state has nothing to say about what will be.
    pub tells_after: bool,
    /// The notebook instances, in the order of the file.
    pub instances: Vec<Live>,
    /// Differs where plans were made with other values of the root module's variables.
    pub inputs: u64,
    /// The root module that it was made from; a state has none.
    pub code: Option<Contents>,
}

/// Why a file cannot serve as evidence.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("is no JSON of a plan or state: {0}; `terraform show -json PLAN` prints it")]
    Syntax(#[from] serde_json::Error),
    #[error("is no JSON of a plan or state; `terraform show -json PLAN` prints it")]
    Foreign,
    #[error("has format version {0}, and this version of unroot knows format version 1")]
    Version(String),
    #[error("is the plan of a run that failed, so that it does not say what an apply does")]
    Errored,
    #[error(
        "is an incomplete plan: some changes are deferred or were left out, so that it cannot speak for all instances"
    )]
    Incomplete,
}

impl Plan {
    /// Reads the JSON.
    ///
    /// # Errors
    /// [`Unusable`], where it is something else, or where what it says cannot be relied on.
    pub fn read(from: impl Read) -> Result<Self, Unusable> {
        let file: File = serde_json::from_reader(from)?;
        let version = file.format_version.ok_or(Unusable::Foreign)?;
        // Before 1.0 it was 0.1 and 0.2, which have the same parts.
        if !matches!(version.split('.').next(), Some("0" | "1")) {
            return Err(Unusable::Version(version));
        }
        let is_plan = file.resource_changes.is_some() || file.planned_values.is_some();
        // Other commands print a format version too; a state without resources has nothing else.
        if [&file.valid, &file.provider_schemas, &file.function_signatures].into_iter().any(Option::is_some) {
            return Err(Unusable::Foreign);
        }
        if file.errored {
            return Err(Unusable::Errored);
        }
        if file.complete == Some(false) {
            return Err(Unusable::Incomplete);
        }
        let code = file.configuration.map(|configuration| configuration.root_module);
        let mut instances = match (is_plan, file.values) {
            (true, _) => file.resource_changes.unwrap_or_default().0,
            (false, Some(values)) => values.root_module.instances(),
            (false, None) => Vec::new(),
        };
        let mut inputs = DefaultHasher::new();
        file.variables.map(|variables| variables.get().to_owned()).hash(&mut inputs);
        for live in &mut instances {
            live.source = code.as_ref().and_then(|code| code.source_elsewhere(&live.address));
        }
        Ok(Self { tells_after: is_plan, instances, inputs: inputs.finish(), code })
    }
}

#[derive(Deserialize)]
struct File {
    format_version: Option<String>,
    planned_values: Option<IgnoredAny>,
    values: Option<StateValues>,
    resource_changes: Option<Kept<Change>>,
    variables: Option<Box<RawValue>>,
    #[serde(default)]
    errored: bool,
    complete: Option<bool>,
    configuration: Option<Configuration>,
    valid: Option<IgnoredAny>,
    provider_schemas: Option<IgnoredAny>,
    function_signatures: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct StateValues {
    #[serde(default)]
    root_module: StateModule,
}

#[derive(Deserialize, Default)]
struct StateModule {
    #[serde(default)]
    resources: Kept<StateResource>,
    #[serde(default)]
    child_modules: Vec<StateModule>,
}

impl StateModule {
    fn instances(self) -> Vec<Live> {
        let mut all = self.resources.0;
        all.extend(self.child_modules.into_iter().flat_map(Self::instances));
        all
    }
}

#[derive(Deserialize)]
struct Change {
    address: String,
    previous_address: Option<String>,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(rename = "change")]
    detail: Box<RawValue>,
}

#[derive(Deserialize)]
struct Changed {
    #[serde(default)]
    actions: Vec<String>,
    before: Option<Map<String, Json>>,
    after: Option<Map<String, Json>>,
    #[serde(default)]
    after_unknown: Json,
    #[serde(default)]
    before_sensitive: Json,
    #[serde(default)]
    after_sensitive: Json,
}

impl Entry for Change {
    type Kept = Live;

    fn kept(self) -> Result<Option<Live>, serde_json::Error> {
        if !creates_notebook(&self.mode, &self.kind) {
            return Ok(None);
        }
        let change: Changed = serde_json::from_str(self.detail.get())?;
        let action = Action::of(&change.actions);
        let is_unknown = is_marked(&change.after_unknown, control::ATTRIBUTE);
        let after = change.after.as_ref().map(|after| {
            if is_unknown {
                return Value::Unknown("known after the apply".to_owned());
            }
            value(after, &change.after_sensitive)
        });
        let before = change.before.as_ref().map(|before| value(before, &change.before_sensitive));
        let others = match (&change.before, &change.after) {
            (Some(before), Some(after)) => differing(before, after, &change.after_unknown),
            _ => Vec::new(),
        };
        let text = |key: &str| {
            let states = [&change.before, &change.after];
            states.into_iter().flatten().find_map(|state| Some(state.get(key)?.as_str()?.to_owned()))
        };
        Ok(Some(Live {
            address: self.address,
            previous: self.previous_address,
            source: None,
            action,
            after,
            before,
            others,
            arn: text("arn").or_else(|| text("notebook_instance_arn")),
            name: text("name").or_else(|| text("notebook_instance_name")),
            status: text("notebook_instance_status"),
        }))
    }
}

#[derive(Deserialize)]
struct StateResource {
    address: String,
    #[serde(default)]
    mode: String,
    #[serde(rename = "type", default)]
    kind: String,
    values: Option<Box<RawValue>>,
    #[serde(default)]
    sensitive_values: Json,
}

impl Entry for StateResource {
    type Kept = Live;

    fn kept(self) -> Result<Option<Live>, serde_json::Error> {
        if !creates_notebook(&self.mode, &self.kind) {
            return Ok(None);
        }
        let values: Map<String, Json> =
            self.values.map_or(Ok(Map::new()), |values| serde_json::from_str(values.get()))?;
        let text = |key: &str| Some(values.get(key)?.as_str()?.to_owned());
        Ok(Some(Live {
            before: Some(value(&values, &self.sensitive_values)),
            after: None,
            action: Action::Nothing,
            others: Vec::new(),
            arn: text("arn").or_else(|| text("notebook_instance_arn")),
            name: text("name").or_else(|| text("notebook_instance_name")),
            status: text("notebook_instance_status"),
            previous: None,
            source: None,
            address: self.address,
        }))
    }
}

/// The `root_access` among attributes.
fn value(attributes: &Map<String, Json>, sensitive: &Json) -> Value {
    match attributes.get(control::ATTRIBUTE) {
        Some(Json::String(text)) if is_marked(sensitive, control::ATTRIBUTE) => {
            Value::Sensitive(text == control::COMPLIANT)
        }
        Some(Json::String(text)) => Value::Known(text.clone()),
        Some(Json::Null) | None => Value::Null,
        Some(other) => Value::Known(other.to_string()),
    }
}

/// Whether a mirror of attributes, or of all of them at once, says `true`.
fn is_marked(mirror: &Json, attribute: &str) -> bool {
    *mirror == Json::Bool(true) || mirror.get(attribute) == Some(&Json::Bool(true))
}

/// The arguments besides `root_access` that differ. What is not known before the apply, and was something before it, may
/// stay as it is, as computed attributes do.
fn differing(before: &Map<String, Json>, after: &Map<String, Json>, unknown: &Json) -> Vec<String> {
    let keys = before.keys().chain(after.keys());
    let differs = |key: &&String| {
        key.as_str() != control::ATTRIBUTE && !is_marked(unknown, key) && before.get(*key) != after.get(*key)
    };
    let mut keys: Vec<String> = keys.filter(differs).cloned().collect();
    keys.sort();
    keys.dedup();
    keys
}

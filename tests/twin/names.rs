//! The resources of a module, and how the twin calls them.

use std::fmt;

use serde::{Deserialize, Serialize};

const NOTEBOOKS: [&str; 2] = ["aws_sagemaker_notebook_instance", "awscc_sagemaker_notebook_instance"];

/// A resource or data source that the twin replaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) is_data: bool,
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl Resource {
    /// `None` for what Terraform has built in: it stays as it is.
    pub(super) fn new(is_data: bool, kind: &str, name: &str) -> Option<Self> {
        (kind != "terraform_data").then(|| Self { is_data, kind: kind.to_owned(), name: name.to_owned() })
    }

    pub(super) fn is_notebook(&self) -> bool {
        !self.is_data && NOTEBOOKS.contains(&self.kind.as_str())
    }

    /// The name of the `terraform_data` in its place.
    pub(super) fn twin(&self) -> String {
        format!("{}{}_{}", if self.is_data { "data_" } else { "" }, self.kind, self.name)
    }

    /// The notebook that a `terraform_data` stands for.
    pub(super) fn of_twin(name: &str) -> Option<Self> {
        let parts = NOTEBOOKS.iter().find_map(|kind| Some((kind, name.strip_prefix(kind)?.strip_prefix('_')?)));
        parts.and_then(|(kind, name)| Self::new(false, kind, name))
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.{}", if self.is_data { "data." } else { "" }, self.kind, self.name)
    }
}

/// The resources of one module.
#[derive(Default)]
pub(super) struct Names {
    /// Longest address first, so that `a.bc` is found before `a.b`, and `data.a.b` before `a.b`.
    resources: Vec<Resource>,
}

impl Names {
    pub(super) fn add(&mut self, resources: Vec<Resource>) {
        self.resources.extend(resources);
        self.resources.sort_by_key(|resource| std::cmp::Reverse(resource.to_string().len()));
        self.resources.dedup();
    }

    /// The text with every reference to a resource pointing to its twin: `root_access` of a notebook to the input, any
    /// other attribute of it to the id, which is not known before apply. What other resources have is not known
    /// either, nor, other than of an id, whether it is `null`: that is the output.
    pub(super) fn rewrite(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            let starts_word = !out.ends_with(|char: char| is_word(char) || char == '.');
            let found = self.resources.iter().filter(|_| starts_word).find_map(|resource| {
                let behind = rest.strip_prefix(&resource.to_string())?;
                (!behind.starts_with(is_word)).then_some((resource, behind))
            });
            if let Some((resource, behind)) = found {
                let (steps, behind) = steps(behind);
                out.push_str("terraform_data.");
                out.push_str(&resource.twin());
                out.push_str(&translated(steps, resource.is_notebook()));
                rest = behind;
            } else {
                out.push(char);
                rest = &rest[char.len_utf8()..];
            }
        }
        out
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

/// Splits off the steps of a traversal: `[0].name` from `[0].name == "x"`.
fn steps(text: &str) -> (&str, &str) {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let len = if rest.starts_with('[') {
            rest.find(']').map_or(0, |end| end + 1)
        } else if let Some(name) = rest.strip_prefix('.') {
            let len = name.find(|char: char| !is_word(char) && char != '*').unwrap_or(name.len());
            if len == 0 { 0 } else { len + 1 }
        } else {
            0
        };
        if len == 0 {
            return text.split_at(at);
        }
        at += len;
    }
}

/// The steps on a resource as steps on its twin: indices and splats are kept, what is behind the attribute is dropped.
fn translated(steps: &str, is_notebook: bool) -> String {
    let attribute = steps.match_indices('.').map(|(at, _)| at).find(|at| !steps[*at..].starts_with(".*"));
    let Some(at) = attribute else { return steps.to_owned() };
    let (instance, attribute) = steps.split_at(at);
    let name = attribute[1..].split(['.', '[']).next();
    let twin = match name {
        Some("root_access") if is_notebook => "input",
        _ if is_notebook => "id",
        _ => "output",
    };
    format!("{instance}.{twin}")
}

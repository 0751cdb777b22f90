//! Addresses of instances, as code and as plans have them.

/// Whether an address in a plan is one that an address in code stands for, whose unknown keys are `[*]`.
pub(super) fn fits(code: &str, planned: &str) -> bool {
    let Some((before, after)) = code.split_once("[*]") else { return code == planned };
    let Some(rest) = planned.strip_prefix(before).filter(|rest| rest.starts_with('[')) else { return false };
    key_end(rest).is_some_and(|end| fits(after, &rest[end..]))
}

/// Where the key at the start of a text ends: behind its bracket.
fn key_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// One part of an address: a module call or a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// `module.NAME` or `TYPE.LABEL`.
    pub(super) name: String,
    /// The key of the instance with its brackets, where it has one.
    pub(super) key: Option<String>,
}

impl Step {
    /// The steps of an address; `None` where it is none.
    pub(super) fn all(address: &str) -> Option<Vec<Self>> {
        let mut steps = Vec::new();
        let mut rest = address;
        loop {
            let label = rest.find('.')? + 1;
            let end = rest[label..].find(['.', '[']).map_or(rest.len(), |at| label + at);
            let (name, behind) = rest.split_at(end);
            let (key, behind) = match behind.starts_with('[').then(|| key_end(behind)) {
                Some(end) => behind.split_at_checked(end?).map(|(key, behind)| (Some(key.to_owned()), behind))?,
                None => (None, behind),
            };
            steps.push(Self { name: name.to_owned(), key });
            if behind.is_empty() {
                return Some(steps);
            }
            rest = behind.strip_prefix('.')?;
        }
    }

    /// The address that steps make.
    pub(super) fn address(steps: &[Self]) -> String {
        let parts: Vec<String> =
            steps.iter().map(|step| format!("{}{}", step.name, step.key.as_deref().unwrap_or_default())).collect();
        parts.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_falls_into_steps() {
        let address = "module.a[\"x.y\"].module.b.aws_sagemaker_notebook_instance.n[0]";
        let steps = Step::all(address).expect("an address");
        let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["module.a", "module.b", "aws_sagemaker_notebook_instance.n"]);
        assert_eq!(Step::address(&steps), address);
        assert_eq!(Step::all("aws_sagemaker_notebook_instance"), None);
        assert_eq!(Step::all("a.b[\"c"), None);
    }

    #[test]
    fn an_address_with_unknown_keys_stands_for_any() {
        let code = "module.team[*].aws_sagemaker_notebook_instance.n[*]";
        assert!(fits(code, "module.team[\"a]b\\\"\"].aws_sagemaker_notebook_instance.n[0]"));
        for other in [
            "module.team.aws_sagemaker_notebook_instance.n[0]",
            "module.team[0].aws_sagemaker_notebook_instance.n",
            "module.other[0].aws_sagemaker_notebook_instance.n[0]",
            "module.team[\"a.aws_sagemaker_notebook_instance.n[0]",
        ] {
            assert!(!fits(code, other), "{other}");
        }
    }
}

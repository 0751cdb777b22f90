//! Addresses of instances, as code and as plans have them.

use std::collections::{BTreeMap, HashMap, HashSet};

/// Whether an address in a plan is one that an address in code stands for, whose unknown keys are `[*]`.
pub(super) fn fits(code: &str, planned: &str) -> bool {
    let Some((before, after)) = code.split_once("[*]") else { return code == planned };
    let Some(rest) = planned.strip_prefix(before).filter(|rest| rest.starts_with('[')) else { return false };
    key_end(rest).is_some_and(|end| fits(after, &rest[end..]))
}

/// Things by the addresses that a plan has for them, to be found by those that code has.
#[derive(Debug)]
pub(super) struct Planned<T>(BTreeMap<String, Vec<T>>);

impl<T: Copy + Ord> Planned<T> {
    /// Things with their addresses.
    pub(super) fn new<'p>(all: impl IntoIterator<Item = (&'p str, T)>) -> Self {
        let mut planned: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for (address, thing) in all {
            planned.entry(address.to_owned()).or_default().push(thing);
        }
        Self(planned)
    }

    /// Those that an address in code stands for, in their order. As long as that address has all its keys, it takes no longer
    /// for more of them.
    pub(super) fn fitting(&self, code: &str) -> Vec<T> {
        let Some((before, _)) = code.split_once("[*]") else { return self.0.get(code).cloned().unwrap_or_default() };
        let start = format!("{before}[");
        let near = self.0.range(start.clone()..).take_while(|(planned, _)| planned.starts_with(&start));
        let mut found: Vec<T> =
            near.filter(|(planned, _)| fits(code, planned)).flat_map(|(_, things)| things).copied().collect();
        found.sort_unstable();
        found
    }
}

/// Addresses that code has, to be asked whether one of them stands for what a plan has.
#[derive(Debug, Default)]
pub(super) struct Coded<'c> {
    /// Those with all their keys.
    whole: HashSet<&'c str>,
    /// The others, by what stands before the first key that is not known.
    open: HashMap<&'c str, Vec<&'c str>>,
}

impl<'c> Coded<'c> {
    pub(super) fn new(all: impl IntoIterator<Item = &'c str>) -> Self {
        let mut coded = Self::default();
        let mut seen = HashSet::new();
        for address in all {
            match address.split_once("[*]") {
                None => _ = coded.whole.insert(address),
                Some((before, _)) if seen.insert(address) => coded.open.entry(before).or_default().push(address),
                Some(_) => {}
            }
        }
        coded
    }

    pub(super) fn stand_for(&self, planned: &str) -> bool {
        let mut starts = planned.match_indices('[').map(|(at, _)| &planned[..at]);
        self.whole.contains(planned)
            || !self.open.is_empty()
                && starts
                    .any(|start| self.open.get(start).is_some_and(|all| all.iter().any(|code| fits(code, planned))))
    }
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

    #[test]
    fn addresses_are_found_from_both_sides_as_they_fit() {
        let planned = ["a.n", "a.n[0]", "a.n[\"x\"]", "a.nn[0]", "module.m[0].a.n", "module.m[1].a.n", "a.n[0]"];
        let coded = ["a.n", "a.n[0]", "a.n[*]", "module.m[*].a.n", "module.m[1].a.n", "module.m[*].a.n[*]", "b.n"];
        let index = Planned::new(planned.into_iter().zip(0_usize..));
        for code in coded {
            let by_one: Vec<usize> = (0..planned.len()).filter(|&at| fits(code, planned[at])).collect();
            assert_eq!(index.fitting(code), by_one, "{code}");
            let own = Coded::new([code]);
            for address in planned {
                assert_eq!(own.stand_for(address), fits(code, address), "{code}, {address}");
            }
        }
    }
}

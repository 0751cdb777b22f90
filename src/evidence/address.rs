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

#[cfg(test)]
mod tests {
    use super::*;

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

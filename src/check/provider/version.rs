//! Version constraints, as far as they say how new a version may be.
//!
//! Source: tried with Terraform 1.11.4 against a mirror of seven versions (`~> 2` is below 3.0.0, `3.9` is 3.9.0; `v3.9.0`,
//! `2.x`, `3.9,` and `==` are refused).

/// A released version: major, minor, patch.
pub(super) type Version = [u64; 3];

/// The end of the range that a constraint allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bound {
    version: Version,
    /// Whether the version itself is allowed.
    inclusive: bool,
}

impl Bound {
    /// That of a constraint without an end.
    const NONE: Self = Self { version: [u64::MAX; 3], inclusive: true };

    /// The end of the range of a constraint, whose parts are joined by commas. `None` for what Terraform refuses.
    pub(super) fn of(constraint: &str) -> Option<Self> {
        let parts: Option<Vec<Self>> = constraint.split(',').map(Self::of_part).collect();
        parts?.into_iter().min()
    }

    /// Whether a version as new as this one, or newer, is in the range, as far as its end is concerned.
    pub(super) fn allows(self, version: Version) -> bool {
        self.version > version || self.inclusive && self.version == version
    }

    fn of_part(part: &str) -> Option<Self> {
        const OPERATORS: [&str; 7] = ["~>", "!=", ">=", "<=", ">", "<", "="];
        let part = part.trim();
        let operator = OPERATORS.into_iter().find(|operator| part.starts_with(operator)).unwrap_or("");
        let operand = part[operator.len()..].trim_start();
        let (written, is_release) =
            operand.split_once(['-', '+']).map_or((operand, true), |(version, _)| (version, false));
        let numbers: Vec<u64> = written.split('.').map(number).collect::<Option<_>>()?;
        let version = padded(&numbers)?;
        Some(match operator {
            "!=" | ">=" | ">" => Self::NONE,
            "<" => Self { version, inclusive: false },
            "~>" => {
                let place = numbers.len().saturating_sub(2);
                let mut next = numbers[..=place].to_vec();
                next[place] = next[place].checked_add(1)?;
                Self { version: padded(&next)?, inclusive: false }
            }
            _ => Self { version, inclusive: is_release },
        })
    }
}

/// Digits alone: Rust would take a sign as well.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn padded(numbers: &[u64]) -> Option<Version> {
    match *numbers {
        [major] => Some([major, 0, 0]),
        [major, minor] => Some([major, minor, 0]),
        [major, minor, patch] => Some([major, minor, patch]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(version: Version, inclusive: bool) -> Bound {
        Bound { version, inclusive }
    }

    #[test]
    fn each_operator_has_its_end() {
        for (constraint, expected) in [
            ("2.23.0", bound([2, 23, 0], true)),
            ("= 2.23", bound([2, 23, 0], true)),
            ("=2", bound([2, 0, 0], true)),
            ("<= 3.8", bound([3, 8, 0], true)),
            ("< 3.9", bound([3, 9, 0], false)),
            ("<3.9.0-beta", bound([3, 9, 0], false)),
            ("<= 3.9.0-beta", bound([3, 9, 0], false)),
            ("~> 2", bound([3, 0, 0], false)),
            ("~> 2.23", bound([3, 0, 0], false)),
            ("~>3.8.0", bound([3, 9, 0], false)),
            ("\t~>  3.8.1 ", bound([3, 9, 0], false)),
            ("!= 2.23.0", Bound::NONE),
            ("> 2.0", Bound::NONE),
            (">= 2.0", Bound::NONE),
        ] {
            assert_eq!(Bound::of(constraint), Some(expected), "{constraint}");
        }
    }

    #[test]
    fn of_several_parts_the_lowest_end_counts() {
        assert_eq!(Bound::of(">= 2.0, < 4.0,<3.9 , != 3.1.0"), Some(bound([3, 9, 0], false)));
        assert_eq!(Bound::of("<= 3.9, < 3.9"), Some(bound([3, 9, 0], false)));
        assert_eq!(Bound::of(">= 2.0, != 3.0.0"), Some(Bound::NONE));
    }

    #[test]
    fn what_terraform_refuses_says_nothing() {
        for text in [
            "",
            " ",
            "2.x",
            "< 3.*",
            "v2.0",
            "3.8,",
            ",3.8",
            "== 2.0",
            "=> 2",
            "~> 2.0.0.0",
            "+2",
            "~>",
            "é",
            "2..3",
            "99999999999999999999",
            "~> 18446744073709551615",
        ] {
            assert_eq!(Bound::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_allows_what_lies_before_its_end() {
        let allows = |constraint, version| Bound::of(constraint).expect(constraint).allows(version);
        for (constraint, expected) in [
            ("< 3.9", false),
            ("< 3.9.1", true),
            ("<= 3.8", false),
            ("3.9", true),
            ("~> 3.8", true),
            ("~> 3.8.0", false),
        ] {
            assert_eq!(allows(constraint, [3, 9, 0]), expected, "{constraint}");
        }
    }
}

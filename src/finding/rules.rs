//! What each rule is about, as data: the text of `--explain`, of the documentation and of SARIF's rule metadata.

use super::Rule;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The notebook may keep root; a person has to look.
    Warning,
    /// The notebook keeps root.
    Error,
}

impl Level {
    /// The name in SARIF and in GitHub's workflow commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The long form of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What is found.
    pub what: &'static str,
    /// Why it matters, and what the fix does about it.
    pub why: &'static str,
    /// Terraform code that the rule fires on.
    pub before: &'static str,
    /// The same code once it complies.
    pub after: &'static str,
}

impl Rule {
    /// The rule of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// How serious a finding of this rule is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Missing | Self::Enabled | Self::Null | Self::Invalid | Self::ViaReference => Level::Error,
            Self::Undetermined | Self::ChangeIgnored => Level::Warning,
        }
    }

    /// The comment that suppresses the rule, to stand inside or directly above the resource block.
    #[must_use]
    pub fn suppression(self) -> String {
        format!("# unroot:ignore[{}] until=2027-06-30 the reason", self.code())
    }

    /// What the rule is about.
    #[must_use]
    pub const fn explanation(self) -> Explanation {
        match self {
            Self::Missing => MISSING,
            Self::Enabled => ENABLED,
            Self::Null => NULL,
            Self::Invalid => INVALID,
            Self::ViaReference => VIA_REFERENCE,
            Self::Undetermined => UNDETERMINED,
            Self::ChangeIgnored => CHANGE_IGNORED,
        }
    }
}

const MISSING: Explanation = Explanation {
    what: "The resource does not set `root_access`.",
    why: "The provider then asks for its default, \"Enabled\", and the notebook user is root. The fix adds the \
argument among the block's own.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
}
"#,
    after: LAB_DISABLED,
};

const ENABLED: Explanation = Explanation {
    what: "The resource sets `root_access` to \"Enabled\".",
    why: "The notebook user is root. The fix changes the one word.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
  root_access   = "Enabled"
}
"#,
    after: LAB_DISABLED,
};

const NULL: Explanation = Explanation {
    what: "The resource sets `root_access` to `null`.",
    why: "Terraform treats `null` as if the argument were not there, so the provider's default, \"Enabled\", \
holds. The fix puts \"Disabled\" in its place.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
  root_access   = null
}
"#,
    after: LAB_DISABLED,
};

const INVALID: Explanation = Explanation {
    what: "The resource sets `root_access` to something that is neither \"Enabled\" nor \"Disabled\".",
    why: "The provider accepts exactly these two words, in this case of letters; anything else fails at plan \
time, or, with the awscc provider, at apply time. The fix puts \"Disabled\" in its place.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
  root_access   = "disabled"
}
"#,
    after: LAB_DISABLED,
};

const VIA_REFERENCE: Explanation = Explanation {
    what: "`root_access` gets its value from a variable, a local or a module argument, and the value is known \
not to be \"Disabled\".",
    why: "What counts is the value that arrives. The fix changes the literal that it stems from if that feeds \
nothing else, and the argument itself otherwise.",
    before: r#"variable "notebook_root" {
  default = "Enabled"
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = var.notebook_root
}
"#,
    after: r#"variable "notebook_root" {
  default = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = var.notebook_root
}
"#,
};

const UNDETERMINED: Explanation = Explanation {
    what: "The value of `root_access` cannot be determined from the code: a variable without a known value, a \
data source, a function of something unknown.",
    why: "It may be \"Enabled\". Nobody but the author can tell, so the fix, the literal in place of the \
expression, is applied with `--unsafe-fixes` only.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = data.aws_ssm_parameter.notebook_root.value
}
"#,
    after: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = "Disabled"
}
"#,
};

const CHANGE_IGNORED: Explanation = Explanation {
    what: "`lifecycle.ignore_changes` names `root_access`, or is `all`.",
    why: "Terraform then leaves the value of instances that exist already as it is, whatever the code says. Why \
it was ignored is for the author to know, so the fix, taking it out of the list, is applied with `--unsafe-fixes` only.",
    before: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = "Disabled"

  lifecycle {
    ignore_changes = [tags, root_access]
  }
}
"#,
    after: r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = "Disabled"

  lifecycle {
    ignore_changes = [tags]
  }
}
"#,
};

/// The example of several rules once it complies.
const LAB_DISABLED: &str = r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
  root_access   = "Disabled"
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart_and_found_again() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(rule));
        }
        assert_eq!(Rule::from_code("root-access"), None);
    }

    #[test]
    fn examples_change_and_explanations_are_sentences() {
        for rule in Rule::ALL {
            let Explanation { what, why, before, after } = rule.explanation();
            assert_ne!(before, after, "{}", rule.code());
            assert!(what.ends_with('.') && why.ends_with('.'), "{}", rule.code());
        }
    }
}

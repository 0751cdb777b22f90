//! The rules on the value of `root_access`.

use super::{Entry, Help, Severity};

pub(super) const MISSING: Entry = Entry {
    code: "root-access-missing",
    severity: Severity::Error,
    summary: "`root_access` is not set, and the provider's default is `\"Enabled\"`.",
    help: Help::Notebook {
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
    },
};

pub(super) const ENABLED: Entry = Entry {
    code: "root-access-enabled",
    severity: Severity::Error,
    summary: "`root_access` is set to `\"Enabled\"`.",
    help: Help::Notebook {
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
    },
};

pub(super) const NULL: Entry = Entry {
    code: "root-access-null",
    severity: Severity::Error,
    summary: "`root_access` is `null`, which means the provider's default, `\"Enabled\"`.",
    help: Help::Notebook {
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
    },
};

pub(super) const INVALID: Entry = Entry {
    code: "root-access-invalid",
    severity: Severity::Error,
    summary: "`root_access` is neither `\"Enabled\"` nor `\"Disabled\"`.",
    help: Help::Notebook {
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
    },
};

pub(super) const VIA_REFERENCE: Entry = Entry {
    code: "root-access-via-reference",
    severity: Severity::Error,
    summary: "`root_access` gets a value other than `\"Disabled\"` from elsewhere.",
    help: Help::Notebook {
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
    },
};

pub(super) const UNDETERMINED: Entry = Entry {
    code: "root-access-undetermined",
    severity: Severity::Warning,
    summary: "The value of `root_access` cannot be determined from the code.",
    help: Help::Notebook {
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
    },
};

pub(super) const CHANGE_IGNORED: Entry = Entry {
    code: "root-access-change-ignored",
    severity: Severity::Warning,
    summary: "`lifecycle.ignore_changes` covers `root_access`, so a fix does not reach existing instances.",
    help: Help::Notebook {
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
    },
};

pub(super) const PROVIDER_TOO_OLD: Entry = Entry {
    code: "provider-too-old",
    severity: Severity::Warning,
    summary: "The code allows no version of hashicorp/aws that has `root_access` and updates it in place.",
    help: Help::Notebook {
        what: "A version constraint or `.terraform.lock.hcl` keeps hashicorp/aws below 3.12.0.",
        why: "Before 3.9.0 the provider does not have `root_access`, and `terraform plan` fails; before 3.12.0 it \
replaces an instance to change it, and its files are lost. The fix of `root_access` is then only shown. Raise the \
constraint, run `terraform init -upgrade`, and run this again.",
        before: r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 2.23"
    }
  }
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = "Disabled"
}
"#,
        after: r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 3.12"
    }
  }
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name        = "lab"
  root_access = "Disabled"
}
"#,
    },
};

pub(super) const MODULE_NOT_IN_TREE: Entry = Entry {
    code: "module-not-in-tree",
    severity: Severity::Note,
    summary: "A call hands `root_access` to a module that is not in the tree.",
    help: Help::Notebook {
        what: "A module call, a Terragrunt unit or a component hands on an argument whose name holds `root_access`, and the \
module is not here: its folder is missing or out of the repository, or it has not been installed.",
        why: "What the module makes of the argument is not seen, so no notebook of it is judged, and the run says nothing \
else about it. `terraform init` brings what is fetched; the list that it leaves (`.terraform/modules/modules.json`) leads \
the next run there. There is no fix, and the exit code stays as it is.",
        before: r#"module "lab" {
  source      = "acme/notebook/aws"
  root_access = "Enabled"
}
"#,
        after: r#"module "lab" {
  source      = "./modules/notebook"
  root_access = "Disabled"
}
"#,
    },
};

/// The example of several rules once it complies.
const LAB_DISABLED: &str = r#"resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = aws_iam_role.lab.arn
  instance_type = "ml.t3.medium"
  root_access   = "Disabled"
}
"#;

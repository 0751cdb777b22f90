//! The control as data: which resources it is about, which argument, which values.
//!
//! Source for the values and the default: terraform-provider-aws,
//! `internal/service/sagemaker/notebook_instance.go` (optional string, default `"Enabled"`, exactly `Enabled` or
//! `Disabled`, case-sensitive, not `ForceNew`). `awscc_sagemaker_notebook_instance` has the same attribute without a
//! check of its value (terraform-provider-awscc, `internal/aws/sagemaker/`).

/// Resource types that create a notebook instance.
pub const RESOURCE_TYPES: [&str; 2] = ["aws_sagemaker_notebook_instance", "awscc_sagemaker_notebook_instance"];

/// Resource types that create a lifecycle configuration.
pub const LIFECYCLE_TYPES: [&str; 2] =
    ["aws_sagemaker_notebook_instance_lifecycle_configuration", "awscc_sagemaker_notebook_instance_lifecycle_config"];

/// The arguments by which a notebook names its lifecycle configuration; the awscc provider's configuration names itself
/// by the second.
pub const LIFECYCLE_ATTRIBUTES: [&str; 2] = ["lifecycle_config_name", "notebook_instance_lifecycle_config_name"];

/// The arguments by which a notebook instance is named.
pub const NAME_ATTRIBUTES: [&str; 2] = ["name", "notebook_instance_name"];

/// Bytes that every file with such a resource contains; a file without them is not parsed.
pub const NEEDLE: &str = "sagemaker_notebook_instance";

/// The type of a notebook instance in CloudFormation, whose templates and their values are not judged.
pub const CLOUD_FORMATION_TYPE: &str = "AWS::SageMaker::NotebookInstance";

/// Resource types that create whatever a CloudFormation template or a document of Cloud Control says.
pub const TEMPLATE_TYPES: [&str; 4] = [
    "aws_cloudformation_stack",
    "aws_cloudformation_stack_set",
    "aws_cloudcontrolapi_resource",
    "awscc_cloudformation_stack",
];

/// The argument that decides.
pub const ATTRIBUTE: &str = "root_access";

/// The one value that complies.
pub const COMPLIANT: &str = "Disabled";

/// The value that gives root, and the provider's default.
pub const NON_COMPLIANT: &str = "Enabled";

/// The compliant value as Terraform writes it, in the native and in the JSON syntax.
pub const COMPLIANT_LITERAL: &str = "\"Disabled\"";

/// The identifier of the control in Checkov, which its ignore comments name.
pub const CHECKOV_ID: &str = "CKV_AWS_307";

/// The start of our own ignore comments.
pub const MARK: &str = "unroot:";

/// Whether a resource type creates a notebook instance.
#[must_use]
pub fn is_notebook(resource_type: &str) -> bool {
    RESOURCE_TYPES.contains(&resource_type)
}
/// The control as a title.
pub const TITLE: &str = "SageMaker notebook instances do not give root access";

/// The control in a few sentences.
pub const WHAT: &str = "Every SageMaker notebook instance has `root_access = \"Disabled\"`. Missing and `null` mean the \
provider's default, `\"Enabled\"`, so the argument has to be there.";

/// Why. Source: AWS SageMaker developer guide, `nbi-root-access`.
pub const WHY: &str = "With root access, whoever works in a notebook administers the machine it runs on: they can read and \
change every file, stop monitoring, install anything, and use whatever the instance's role and network allow from \
below the tools that are meant to limit it. Least privilege asks that notebook users do not need, and so do not have, \
administrator rights.";

/// The effect of the next apply, in one sentence. Sources: terraform-provider-aws,
/// `internal/service/sagemaker/notebook_instance.go` (update in place; stopped first, started again only if it was in
/// service), and the AWS developer guide, `howitworks-create-ws` and `nbi-update` (what a restart loses).
pub const NEXT_APPLY: &str = "The next `terraform apply` updates the instances in place: a running one is stopped and \
started again, and loses its kernels and all files outside /home/ec2-user/SageMaker.";

/// More on what an apply does. Sources: as for [`NEXT_APPLY`].
pub const APPLY_DETAILS: [&str; 4] = [
    "A stopped instance is updated and stays stopped.",
    "The lifecycle hook `on_start` runs again, `on_create` does not. A failing `on_start` fails the apply and leaves the \
notebook down.",
    "With `lifecycle { ignore_changes = [root_access] }`, or `all`, nothing reaches instances that exist already.",
    "Outside Terraform the instance has to be stopped first; the Systems Manager runbook \
`AWS-DisableSageMakerNotebookRootAccess` does it all.",
];

/// The effect on lifecycle scripts. Sources: AWS developer guide, `nbi-root-access` and `notebook-lifecycle-config`;
/// aws/amazon-sagemaker-examples, issue 625.
pub const SCRIPTS: &str = "Lifecycle scripts run as root whatever `root_access` says, so `sudo` and writes to `/usr/local` in \
the hook itself keep working, although some descriptions of this control say otherwise. What stops working is `sudo` as \
`ec2-user`, and Rootless Docker takes the place of the system's Docker.";

/// More on lifecycle scripts, and where other descriptions of the control are wrong about them. Sources: as for
/// [`SCRIPTS`].
pub const SCRIPTS_DETAILS: [&str; 3] = [
    "The widespread advice that scripts with sudo or with writes to /usr/local \"will throw permission errors\" is wrong \
about the hook itself. AWS says on the page on root access: lifecycle configurations need root access to set up an \
instance, and so they always run with it. Do not rewrite every `sudo`.",
    "What does fail is `sudo` after a change to `ec2-user` (`sudo -u ec2-user`, `su - ec2-user`), and in what that user \
runs later (`.bashrc`, a crontab, a unit with `User=ec2-user`). Such lines move to root's part of the hook.",
    "A script can also hand root back: by a sudoers rule, or by having root run a file that the notebook user can write. \
The control then holds in name only.",
];

/// The control under the name of another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identifier {
    /// The system.
    pub system: &'static str,
    /// The system's identifier of the control.
    pub id: &'static str,
    /// Older names, and those that other parts of the system use.
    pub also: &'static [&'static str],
    /// How it judges; empty where that is not known.
    pub judges: &'static str,
}

impl Identifier {
    const fn new(system: &'static str, id: &'static str, judges: &'static str) -> Self {
        Self { system, id, also: &[], judges }
    }

    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// Whether a word is one of the names, however it is spelled: in capitals or not, with dashes or underscores, behind the
    /// name of the standard as in `security-control/SageMaker.3`.
    fn is_named(&self, word: &str) -> bool {
        let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
        let word = plain(word.rsplit('/').next().unwrap_or(word));
        std::iter::once(&self.id).chain(self.also).any(|name| plain(name) == word)
    }
}

/// The systems that call the control so.
#[must_use]
pub fn identifiers(word: &str) -> Vec<&'static Identifier> {
    IDENTIFIERS.iter().filter(|one| one.is_named(word)).collect()
}

/// The control in other systems, as their documents and rules had it on 2026-11-21. Sources besides those: for Prowler's
/// older name prowler-cloud/prowler, the table from its version 2 to 3; for Prancer prancer-io/prancer-compliance-test,
/// `aws/terraform/sagemaker.rego` and `aws/iac/sagemaker.rego`.
pub const IDENTIFIERS: [Identifier; 10] = [
    Identifier::new("AWS Security Hub", "SageMaker.3", "severity High; by the AWS Config rule")
        .also(&["SH.SageMaker.3"]),
    Identifier::new(
        "AWS Config",
        "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK",
        "on configuration change, NON_COMPLIANT if Enabled",
    ),
    Identifier::new("AWS Control Tower", "CT.SAGEMAKER.PR.3", "before creation"),
    Identifier::new(
        "Compliance.tf, Powerpipe",
        "sagemaker_notebook_instance_root_access_disabled",
        "the live value must be Disabled; in Terraform code the text must be, so a variable alarms",
    ),
    Identifier::new("Checkov", "CKV_AWS_307", "exactly \"Disabled\" passes; an unresolved reference is not shown"),
    Identifier::new(
        "Prowler",
        "sagemaker_notebook_instance_root_access_disabled",
        "severity medium; fails if Enabled was read",
    )
    .also(&["extra7103"]),
    Identifier::new(
        "HashiCorp Sentinel (FSBP)",
        "sagemaker-notebook-instance-root-access-check",
        "the planned value; missing counts as Enabled",
    ),
    Identifier::new("Prancer", "PR-AWS-0248-TRF", "the value must not be Enabled, nor missing")
        .also(&["PR-AWS-0248-CFR"]),
    Identifier::new(
        "NIST 800-53 r5",
        "AC-2(1), AC-3(15), AC-3(7), AC-6, AC-6(10), AC-6(2)",
        "as Security Hub maps SageMaker.3",
    )
    .also(&["AC-2(1)", "AC-3(15)", "AC-3(7)", "AC-6", "AC-6(10)", "AC-6(2)"]),
    Identifier::new("PCI DSS v4.0", "Requirement 7", "Prowler maps 7.2.1 to 7.2.3; Security Hub lists no entry"),
];

/// Tools in whose rules none on this control was found, on 2026-11-21.
pub const WITHOUT_A_RULE: &str =
    "tflint's rules for AWS, Trivy, tfsec, KICS, Terrascan and semgrep's registry have no rule on it.";

/// A command that shows an auditor that the control holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// What it shows.
    pub shows: &'static str,
    /// The command line; words in capitals are to be replaced.
    pub command: &'static str,
}

/// Evidence that auditors ask for: the current value, the Config rule's compliance, who changed the value when.
pub const EVIDENCE: [Evidence; 3] = [
    Evidence {
        shows: "the value in force",
        command: "aws sagemaker describe-notebook-instance --notebook-instance-name NAME --query RootAccess",
    },
    Evidence {
        shows: "what the AWS Config rule found",
        command: "aws configservice get-compliance-details-by-config-rule --config-rule-name \
sagemaker-notebook-instance-root-access-check",
    },
    Evidence {
        shows: "changes, in `requestParameters.rootAccess` of each event",
        command: "aws cloudtrail lookup-events --lookup-attributes \
AttributeKey=EventName,AttributeValue=UpdateNotebookInstance",
    },
];

/// AWS's own page on root access.
pub const REFERENCE: &str = "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html";

/// GitHub's `security-severity`, a number from 0.0 to 10.0 as text: the lowest that counts as high, which is what
/// Security Hub says of SageMaker.3.
pub const SECURITY_SEVERITY: &str = "7.0";

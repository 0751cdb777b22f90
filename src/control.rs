//! The control as data: which resources it is about, which argument, which values.
//!
//! Source for the values and the default: terraform-provider-aws,
//! `internal/service/sagemaker/notebook_instance.go` (optional string, default `"Enabled"`, exactly `Enabled` or
//! `Disabled`, case-sensitive, not `ForceNew`). `awscc_sagemaker_notebook_instance` has the same attribute without a
//! check of its value (terraform-provider-awscc, `internal/aws/sagemaker/`).

/// Resource types that create a notebook instance.
pub const RESOURCE_TYPES: [&str; 2] = ["aws_sagemaker_notebook_instance", "awscc_sagemaker_notebook_instance"];

/// What every file that declares such a resource contains; a file without these bytes is not parsed.
pub const NEEDLE: &str = "sagemaker_notebook_instance";

/// The argument that decides.
pub const ATTRIBUTE: &str = "root_access";

/// The one value that complies.
pub const COMPLIANT: &str = "Disabled";

/// The value that gives root, and the provider's default.
pub const NON_COMPLIANT: &str = "Enabled";

/// The compliant value as Terraform writes it, in the native and in the JSON syntax.
pub const COMPLIANT_LITERAL: &str = "\"Disabled\"";

/// Whether a resource type creates a notebook instance.
#[must_use]
pub fn is_notebook(resource_type: &str) -> bool {
    RESOURCE_TYPES.contains(&resource_type)
}

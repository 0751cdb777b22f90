//! Which keys of Terraform's JSON syntax are blocks, how many labels they take, and how their strings are read.
//!
//! JSON has nothing that tells a block from an argument: Terraform decides by its own schema, and for the arguments
//! of a resource by the provider's. Only Terraform's own is known here, so a nested block of a provider is read as an
//! attribute with an object or an array. Source: hashicorp/terraform, `internal/configs` (`configFileSchema`,
//! `terraformBlockSchema`, `variableBlockSchema`, `moduleBlockSchema`, `ResourceBlockSchema`,
//! `resourceLifecycleBlockSchema`, …), as of August 2026, and `OpenTofu`'s counterparts, which differ in no key that
//! matters here.

/// The meaning of the keys of a body.
pub(super) struct BodySchema {
    /// The keys that are blocks.
    pub(super) blocks: &'static [BlockSchema],
    /// Arguments whose strings are taken as they stand, `${` and all: Terraform decodes them without a context.
    pub(super) literals: &'static [&'static str],
    /// Arguments whose strings hold an expression (not a template): type constraints.
    pub(super) types: &'static [&'static str],
    /// Whether a provider's schema has a part in it, so that an attribute may really be a nested block.
    pub(super) open: bool,
}

/// A block type.
pub(super) struct BlockSchema {
    /// The key.
    pub(super) kind: &'static str,
    /// Number of labels, each a level of object keys.
    pub(super) labels: usize,
    /// The schema of the block's content.
    pub(super) body: &'static BodySchema,
}

impl BodySchema {
    const fn closed(blocks: &'static [BlockSchema]) -> Self {
        Self { blocks, literals: &[], types: &[], open: false }
    }

    const fn open(blocks: &'static [BlockSchema]) -> Self {
        Self { blocks, literals: &[], types: &[], open: true }
    }

    /// The block type a key stands for.
    pub(super) fn block(&self, key: &str) -> Option<&'static BlockSchema> {
        self.blocks.iter().find(|block| block.kind == key)
    }
}

const fn block(kind: &'static str, labels: usize, body: &'static BodySchema) -> BlockSchema {
    BlockSchema { kind, labels, body }
}

/// A configuration file. Unknown keys are errors to Terraform; here they are attributes, so that a block type of a
/// later version stops nothing.
pub(super) static FILE: BodySchema = BodySchema::closed(&[
    block("terraform", 0, &TERRAFORM),
    block("provider", 1, &PROVIDER),
    block("variable", 1, &VARIABLE),
    block("locals", 0, &ATTRIBUTES),
    block("output", 1, &OUTPUT),
    block("module", 1, &MODULE),
    block("resource", 2, &RESOURCE),
    block("data", 2, &RESOURCE),
    block("ephemeral", 2, &RESOURCE),
    block("action", 2, &ACTION),
    block("moved", 0, &ATTRIBUTES),
    block("removed", 0, &REMOVED),
    block("import", 0, &ATTRIBUTES),
    block("check", 1, &CHECK),
    // Terragrunt's, which Terraform refuses.
    block("include", 1, &ATTRIBUTES),
    block("generate", 1, &ATTRIBUTES),
    block("feature", 1, &ATTRIBUTES),
    block("dependency", 1, &ATTRIBUTES),
    block("unit", 1, &ATTRIBUTES),
    // Of Terraform Stacks, and of Terragrunt's.
    block("stack", 1, &ATTRIBUTES),
    block("component", 1, &ATTRIBUTES),
    block("deployment", 1, &ATTRIBUTES),
]);

/// A body of attributes alone, such as `locals` or a file of variable values.
pub(super) static ATTRIBUTES: BodySchema = BodySchema::closed(&[]);

static OPEN: BodySchema = BodySchema::open(&[]);
static PROVIDER: BodySchema = BodySchema::open(&[block("_", 0, &OPEN)]);

static TERRAFORM: BodySchema = BodySchema::open(&[
    block("extra_arguments", 1, &ATTRIBUTES),
    block("backend", 1, &OPEN),
    block("cloud", 0, &CLOUD),
    block("required_providers", 0, &ATTRIBUTES),
    block("provider_meta", 1, &OPEN),
    block("state_store", 1, &OPEN),
]);
static CLOUD: BodySchema = BodySchema::closed(&[block("workspaces", 0, &ATTRIBUTES)]);

static VARIABLE: BodySchema = BodySchema {
    blocks: &[block("validation", 0, &ATTRIBUTES)],
    literals: &["default", "description", "deprecated"],
    types: &["type"],
    open: false,
};
static OUTPUT: BodySchema = BodySchema {
    blocks: &[block("precondition", 0, &ATTRIBUTES), block("postcondition", 0, &ATTRIBUTES)],
    literals: &["description", "deprecated"],
    types: &["type"],
    open: false,
};

static MODULE: BodySchema = BodySchema {
    blocks: &[block("_", 0, &ATTRIBUTES), block("lifecycle", 0, &LIFECYCLE)],
    literals: &["version"],
    types: &[],
    open: false,
};

/// `"_"` escapes meta-arguments: its members count as the resource's own.
static RESOURCE: BodySchema = BodySchema::open(&[
    block("lifecycle", 0, &LIFECYCLE),
    block("connection", 0, &OPEN),
    block("provisioner", 1, &PROVISIONER),
    block("dynamic", 1, &DYNAMIC),
    block("_", 0, &ESCAPED),
]);
static ESCAPED: BodySchema = BodySchema::open(&[block("dynamic", 1, &DYNAMIC)]);
static DYNAMIC: BodySchema = BodySchema::closed(&[block("content", 0, &ESCAPED)]);
static PROVISIONER: BodySchema = BodySchema::open(&[block("connection", 0, &OPEN), block("_", 0, &OPEN)]);
static LIFECYCLE: BodySchema = BodySchema::closed(&[
    block("precondition", 0, &ATTRIBUTES),
    block("postcondition", 0, &ATTRIBUTES),
    block("action_trigger", 0, &ATTRIBUTES),
]);
static REMOVED: BodySchema = BodySchema::closed(&[
    block("lifecycle", 0, &LIFECYCLE),
    block("connection", 0, &OPEN),
    block("provisioner", 1, &PROVISIONER),
]);
static CHECK: BodySchema = BodySchema::closed(&[block("data", 2, &RESOURCE), block("assert", 0, &ATTRIBUTES)]);
static ACTION: BodySchema = BodySchema::closed(&[block("config", 0, &ESCAPED)]);

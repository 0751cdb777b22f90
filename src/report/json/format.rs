//! The format itself: these structs and their fields are what programs read.

use serde::Serialize;

use crate::source::Position;

#[derive(Serialize)]
pub(super) struct JsonReport<'r> {
    pub(super) version: u32,
    pub(super) tool: JsonTool,
    /// The top of the repository, from the working folder.
    pub(super) root: Option<String>,
    pub(super) commit: Option<&'r str>,
    pub(super) summary: JsonSummary,
    pub(super) notebooks: Vec<JsonNotebook<'r>>,
    pub(super) scripts: Vec<JsonScript<'r>>,
    pub(super) notes: Vec<JsonError<'r>>,
    pub(super) errors: Vec<JsonError<'r>>,
    pub(super) left_out: Vec<JsonLeftOut<'r>>,
}

#[derive(Serialize)]
pub(super) struct JsonTool {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

/// A Terraform file that can hold a notebook and is not judged.
#[derive(Serialize)]
pub(super) struct JsonLeftOut<'r> {
    pub(super) file: &'r str,
    pub(super) reason: &'static str,
}

#[derive(Serialize)]
pub(super) struct JsonSummary {
    pub(super) files: usize,
    pub(super) notebooks: usize,
    pub(super) instances: usize,
    pub(super) compliant: usize,
    pub(super) fixable: usize,
    pub(super) fixed: usize,
    pub(super) review: usize,
    pub(super) suppressed: usize,
    pub(super) scripts: usize,
    pub(super) errors: usize,
    pub(super) left_out: usize,
}

/// A place: `line` and `column` 1-based, the column in characters; `byte` 0-based, a byte order mark included.
#[derive(Serialize)]
pub(super) struct JsonPosition {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) byte: usize,
}

#[derive(Serialize)]
pub(super) struct JsonNotebook<'r> {
    pub(super) address: &'r str,
    pub(super) file: &'r str,
    pub(super) start: JsonPosition,
    pub(super) end: JsonPosition,
    pub(super) status: &'r str,
    pub(super) rule: Option<&'r str>,
    pub(super) message: &'r str,
    pub(super) values: Vec<JsonTrace<'r>>,
    pub(super) instances: Vec<JsonInstance<'r>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) instances_left_out: usize,
    pub(super) fix: Option<JsonFix<'r>>,
    pub(super) suppression: Option<JsonSuppression<'r>>,
}

#[derive(Serialize)]
pub(super) struct JsonTrace<'r> {
    pub(super) value: JsonValue<'r>,
    pub(super) origin: JsonPlace<'r>,
    pub(super) hops: Vec<JsonHop<'r>>,
    pub(super) path: &'r str,
}

/// One notebook as one program creates it.
#[derive(Serialize)]
pub(super) struct JsonInstance<'r> {
    pub(super) address: &'r str,
    pub(super) program: JsonProgram<'r>,
    /// The value that decides, the worst of those it can have: its place in the notebook's `values`.
    pub(super) value: Option<usize>,
    /// All that it can have, where there are several.
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    pub(super) possible: &'r [usize],
    pub(super) status: &'r str,
    /// Whether a `count` of 0 or an empty `for_each` leaves it out, so that it is judged as if it were there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) absent: bool,
    pub(super) owner: Vec<&'r str>,
    /// The instance in a plan or state; the worst of several.
    pub(super) live: Option<JsonLive<'r>>,
}

/// An instance in a plan or state.
#[derive(Serialize)]
pub(super) struct JsonLive<'r> {
    pub(super) arn: Option<&'r str>,
    pub(super) status: Option<&'r str>,
    pub(super) root_access: Option<JsonValue<'r>>,
    pub(super) after: Option<JsonValue<'r>>,
    pub(super) action: &'r str,
}

#[derive(Serialize)]
pub(super) struct JsonProgram<'r> {
    pub(super) folder: &'r str,
    pub(super) kind: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deployment: Option<&'r str>,
    pub(super) value_files: Vec<&'r str>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum JsonValue<'r> {
    Known(&'r str),
    Null(()),
    Unknown { unknown: &'r str },
}

#[derive(Serialize)]
pub(super) struct JsonPlace<'r> {
    pub(super) file: &'r str,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Serialize)]
pub(super) struct JsonHop<'r> {
    pub(super) file: &'r str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) text: &'r str,
}

#[derive(Serialize)]
pub(super) struct JsonFix<'r> {
    pub(super) title: &'r str,
    pub(super) applicability: &'r str,
    pub(super) edits: Vec<JsonEdit<'r>>,
}

#[derive(Serialize)]
pub(super) struct JsonEdit<'r> {
    pub(super) file: &'r str,
    pub(super) start: JsonPosition,
    pub(super) end: JsonPosition,
    pub(super) replacement: &'r str,
}

#[derive(Serialize)]
pub(super) struct JsonSuppression<'r> {
    pub(super) kind: &'r str,
    pub(super) reason: &'r str,
    pub(super) file: &'r str,
    pub(super) line: usize,
}

/// A finding in a lifecycle script.
#[derive(Serialize)]
pub(super) struct JsonScript<'r> {
    pub(super) rule: &'r str,
    pub(super) severity: &'r str,
    pub(super) message: String,
    pub(super) file: &'r str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) notebooks: Vec<&'r str>,
    pub(super) hook: &'r str,
    pub(super) suppression: Option<JsonSuppression<'r>>,
}

/// Something to tell of a file, or of a place in it.
#[derive(Serialize)]
pub(super) struct JsonError<'r> {
    pub(super) file: &'r str,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) message: &'r str,
}

impl From<Position> for JsonPosition {
    fn from(Position { line, column, byte }: Position) -> Self {
        Self { line, column, byte }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

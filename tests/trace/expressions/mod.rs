//! Random expressions, held against Terraform: among the values unroot reports is the one that Terraform plans, unless
//! it says that it does not know.
//!
//! `UNROOT_TRACE_EXPRESSIONS` says how many are made, `UNROOT_TRACE_SEED` from which seed on, `UNROOT_TRACE_WRONG` to
//! which file all that are wrong are written.

mod calls;
mod functions;
mod mixed;

pub(crate) use functions::functions;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use fastrand::Rng;

use crate::reported::Run;
use crate::support::folder;
use crate::twin::{self, Terraform, UNKNOWN};

/// As many as take a few seconds.
const DEFAULT: usize = 200;

/// Expressions in one plan.
const BATCH: usize = 400;

/// As [`KNOWN`], of the expressions of mixed types.
const MIXED_KNOWN: usize = 50;

/// As [`KNOWN`], of the expressions of variables that nothing sets.
const UNKNOWN_KNOWN: usize = 30;

/// Fewer than this share of them, in percent, must not be all that is known.
const KNOWN: usize = 60;

const LOCALS: &str = r#"locals {
  on    = "Enabled"
  off   = "Disabled"
  yes   = true
  no    = false
  three = 3
  list  = ["Disabled", "Enabled", "a"]
  map   = { key = "Disabled", Enabled = "x" }
  deep  = { map = { key = "ok", Disabled = "Disabled" } }
}
"#;

/// The variables of the expressions that hang on types.
const TYPED: &str = r#"variable "null_list" {
  type    = list(string)
  default = null
}
variable "null_text" {
  type    = string
  default = null
}
variable "left_out" {
  type    = object({ list = optional(list(string)), object = optional(object({ d = string })) })
  default = {}
}
variable "no_users" {
  type    = list(string)
  default = []
}
variable "list" {
  type    = list(string)
  default = ["x"]
}
variable "nested" {
  type    = list(list(string))
  default = [["a"]]
}
variable "map" {
  type    = map(string)
  default = { a = "x" }
}
variable "none" {
  type    = map(string)
  default = {}
}
variable "set" {
  type    = set(string)
  default = []
}
variable "teams" {
  type    = set(string)
  default = ["research", "ops"]
}
variable "doubled" {
  type    = set(string)
  default = ["a", "a"]
}
variable "object" {
  type    = object({ l = list(string) })
  default = { l = [] }
}
variable "object_of_more" {
  type    = object({ a = string })
  default = { a = "x", b = "y" }
}
variable "any" {
  type    = map(any)
  default = { enable_root = false, instance_type = "ml.t3.medium" }
}
variable "any_bools" {
  type    = map(any)
  default = { a = true, b = false }
}
variable "any_list" {
  type    = list(any)
  default = [{ a = true }, { a = "x" }]
}
variable "bare" {
  type    = map
  default = { a = true, b = "x" }
}
variable "bare_list" {
  type    = list
  default = [true, "x"]
}
variable "pair" {
  type    = tuple([string, string])
  default = ["a", true]
}
variable "optional" {
  type    = object({ tags = optional(map(any), { a = true, b = "x" }) })
  default = {}
}
variable "missing" {
  type    = object({ a = string })
  default = null
}
variable "yes" {
  default = true
}
"#;

/// Variables that nothing sets.
const REFINED: &str = r#"variable "text" {
  type = string
}
variable "there" {
  type     = string
  nullable = false
}
variable "list" {
  type = list(string)
}
variable "map" {
  type = map(string)
}
variable "set" {
  type = set(string)
}
variable "flag" {
  type = bool
}
variable "number" {
  type = number
}
variable "any" {}
"#;

/// Values for them, as far apart as can be.
const GIVEN: [&str; 3] = [
    "text = \"\"\nthere = \"\"\nlist = []\nmap = {}\nset = []\nflag = false\nnumber = -1.5\nany = \"\"\n",
    "text = \"\\u0301b\"\nthere = \"x\"\nlist = [\"a\", null]\nmap = { a = \"z\", b = null }\nset = [\"a\"]\nflag = true\n\
     number = 0\nany = [\"a\"]\n",
    "text = \"a\"\nthere = \"a,b\"\nlist = [\"a\", \"a\", \"b\"]\nmap = { root = \"Enabled\", c = \"\" }\nset = [\"b\", \"c\"]\n\
     flag = false\nnumber = 7\nany = { a = 1 }\n",
];

/// Judges the expressions of `typed.txt`, which hang on types, sets, errors and conversions.
///
/// # Errors
/// The first of them that are told wrongly.
pub(crate) fn typed() -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    let world = World { values: &format!("{LOCALS}{TYPED}"), files: &[], given: "" };
    world.listed(&terraform, include_str!("../typed.txt"))
}

/// Judges the expressions of `refined.txt`, which hang on what is known of variables that nothing sets.
///
/// # Errors
/// The first of them that are told wrongly.
pub(crate) fn refined() -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    let mut wrong = Vec::new();
    for given in GIVEN {
        let world = World { values: REFINED, files: &[], given };
        wrong.extend(world.listed(&terraform, include_str!("../refined.txt")).err());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// What stands beside expressions.
struct World<'w> {
    /// Declarations of what they refer to.
    values: &'w str,
    /// Files that they read.
    files: &'w [(&'w str, &'w [u8])],
    /// Values of variables that Terraform is given and unroot is not.
    given: &'w str,
}

impl World<'_> {
    /// Judges a list of expressions, one a line. Each has to be known but for those behind a question mark.
    fn listed(&self, terraform: &Terraform, list: &str) -> Result<(), String> {
        let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (open, known): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("? "));
        let mut wrong = Vec::new();
        let open: Vec<String> = open.into_iter().map(|line| line["? ".len()..].to_owned()).collect();
        self.judge(terraform, &open, false, &mut wrong)?;
        let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
        self.judge(terraform, &known, true, &mut wrong)?;
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }
}

/// Makes the expressions and judges them.
///
/// # Errors
/// The first of them that are told wrongly.
pub(crate) fn judged() -> Result<(), String> {
    all_judged(&format!("{LOCALS}{TYPED}"), "", KNOWN, |rng| {
        let mut writer = Writer(rng);
        Box::new(move || writer.expression())
    })
}

/// Makes expressions that need not fit, and judges them.
///
/// # Errors
/// As [`judged`].
pub(crate) fn mixed_judged() -> Result<(), String> {
    all_judged(mixed::VALUES, "", MIXED_KNOWN, |rng| {
        let mut writer = mixed::Mixed(rng);
        Box::new(move || writer.text())
    })
}

/// Makes expressions of variables that only Terraform knows the values of, and judges them: what is told has to hold for
/// any value.
///
/// # Errors
/// As [`judged`].
pub(crate) fn unknown_judged() -> Result<(), String> {
    let is_default = |line: &&str| line.starts_with("  default = ");
    let declared: Vec<&str> = mixed::VALUES.lines().filter(|line| !is_default(line)).collect();
    let names = mixed::VALUES.lines().filter_map(|line| line.strip_prefix("variable \"")?.strip_suffix("\" {"));
    let defaults = mixed::VALUES.lines().filter(is_default).map(|line| line.trim_start_matches("  default"));
    let given: Vec<String> = names.zip(defaults).map(|(name, value)| format!("{name}{value}\n")).collect();
    all_judged(&(declared.join("\n") + "\n"), &given.concat(), UNKNOWN_KNOWN, |rng| {
        let mut writer = mixed::Mixed(rng);
        Box::new(move || writer.text())
    })
}

type Write = Box<dyn FnMut() -> String>;

/// Holds what a writer writes against Terraform, where the names in it mean what `values` says.
fn all_judged(values: &str, given: &str, least_known: usize, writer: impl FnOnce(Rng) -> Write) -> Result<(), String> {
    let Some(terraform) = Terraform::find() else { return Ok(()) };
    let number = |name: &str, default: usize| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|error| format!("{name}: {error}")),
        Err(_) => Ok(default),
    };
    let count = number("UNROOT_TRACE_EXPRESSIONS", DEFAULT)?;
    let seed = number("UNROOT_TRACE_SEED", 1)?;
    let mut write = writer(Rng::with_seed(seed as u64));
    let mut wrong = Vec::new();
    let mut known = 0;
    for start in (0..count).step_by(BATCH) {
        let expressions: Vec<String> = (start..count.min(start + BATCH)).map(|_| write()).collect();
        known += World { values, files: &[], given }.judge(&terraform, &expressions, false, &mut wrong)?;
    }
    let told = format!("{} of {count} from seed {seed} are wrong, {known} are known", wrong.len());
    if count > DEFAULT {
        #[expect(clippy::print_stderr, reason = "a long run has to say what it did")]
        {
            eprintln!("{told}");
        }
    }
    if let Some(file) = std::env::var_os("UNROOT_TRACE_WRONG") {
        folder::put(Path::new(&file), (wrong.join("\n") + "\n").as_bytes());
    }
    wrong.truncate(10);
    if wrong.is_empty() && known * 100 >= count * least_known {
        Ok(())
    } else {
        Err(format!("{told}\n{}", wrong.join("\n")))
    }
}

impl World<'_> {
    /// Plans some expressions and adds what is told wrongly, and what is not known where all have to be; returns how many
    /// are known.
    fn judge(
        &self,
        terraform: &Terraform,
        expressions: &[String],
        all_known: bool,
        wrong: &mut Vec<String>,
    ) -> Result<usize, String> {
        let root = tempfile::tempdir().expect("a temporary folder");
        let (tree, planned) = (root.path().join("tree"), root.path().join("twin"));
        let (mut text, mut locals) = (String::new(), format!("{}locals {{\n", self.values));
        for (index, expression) in expressions.iter().enumerate() {
            // What Terraform refuses at run time is a value like any other.
            let value = format!("nonsensitive(try(tostring({expression}), \"refused\"))");
            _ = writeln!(locals, "  e{index} = {value}");
            let block = "resource \"aws_sagemaker_notebook_instance\"";
            _ = write!(text, "{block} \"n{index}\" {{\n  root_access = local.e{index}\n}}\n");
        }
        twin::put(&tree.join("main.tf"), text.as_bytes());
        // In a file without resources may stand what hcl-edit, which makes the twin, does not read.
        twin::put(&tree.join("locals.tf"), (locals + "}\n").as_bytes());
        for (path, bytes) in self.files {
            twin::put(&tree.join(path), bytes);
        }
        twin::put(&tree.join(".git/HEAD"), b"ref: refs/heads/main\n");
        twin::make(&tree, &planned);
        twin::put(&planned.join("terraform.tfvars"), self.given.as_bytes());
        let planned = terraform.plan(&planned, "", &[])?.notebooks;
        let report = Run::new(&tree).mode("--check").args(&["--fix-at".to_owned(), "resource".to_owned()]).report()?;
        let reported: BTreeMap<_, _> = report.notebooks.iter().map(|found| (found.address.as_str(), found)).collect();
        let mut known = 0;
        for notebook in planned {
            let address = notebook.resource.to_string();
            let values = reported.get(address.as_str()).ok_or_else(|| format!("{address} is not reported"))?.values();
            let index: usize =
                address.rsplit('n').next().and_then(|index| index.parse().ok()).expect("it has a number");
            if notebook.value == UNKNOWN {
                continue;
            }
            if values.contains(UNKNOWN) {
                if all_known {
                    wrong.push(format!("{} is not known", expressions[index]));
                }
                continue;
            }
            known += 1;
            // Reports cut what is long.
            let is_told = |told: &String| match told.strip_suffix('…') {
                Some(start) => notebook.value.starts_with(start),
                None => *told == notebook.value,
            };
            if !values.iter().any(is_told) {
                wrong.push(format!("{} is {:?}, not one of {values:?}", expressions[index], notebook.value));
            }
        }
        Ok(known)
    }
}

/// Writes expressions, each of a type and nested at most `depth` deep.
struct Writer(Rng);

impl Writer {
    fn expression(&mut self) -> String {
        let depth = self.0.usize(1..5);
        if self.0.u8(..4) == 0 { self.switch(depth) } else { self.text(depth) }
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.0.usize(..of.len())]
    }

    fn text(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self
                .pick(&[
                    "\"Enabled\"",
                    "\"Disabled\"",
                    "\"enabled\"",
                    "\"a\"",
                    "\"ab c\"",
                    "\"\"",
                    "\"é\"",
                    "\"1\"",
                    "\"true\"",
                    "\" pad \"",
                    "\"1.0\"",
                    "\"x-y\"",
                    "local.on",
                    "local.off",
                    "local.map.key",
                    "local.list[0]",
                    "local.deep.map.Disabled",
                ])
                .to_owned();
        };
        match self.0.u8(..26) {
            0 => format!(
                "{}({})",
                self.pick(&["lower", "upper", "title", "trimspace", "nonsensitive"]),
                self.text(depth)
            ),
            1 => format!("trim({}, \"{}\")", self.text(depth), self.pick(&["a", " ", "Dd", "x-"])),
            2 => format!("trimprefix({}, \"{}\")", self.text(depth), self.pick(&["Dis", "a", "En"])),
            3 => format!("trimsuffix({}, \"{}\")", self.text(depth), self.pick(&["abled", "a", "c"])),
            4 => {
                let (from, to) = (self.pick(&["a", "En", "Dis", "", " "]), self.pick(&["", "Dis", "x", "$1"]));
                format!("replace({}, \"{from}\", \"{to}\")", self.text(depth))
            }
            5 => format!("join(\"{}\", {})", self.pick(&["", ",", "-"]), self.list(depth)),
            6 => format!("format(\"{}\", {})", self.pick(&["%s", "%sabled", "x%s%%", "%v-y"]), self.text(depth)),
            7..=9 => format!("({} ? {} : {})", self.switch(depth), self.text(depth), self.text(depth)),
            10 => format!("coalesce({}, {}, \"z\")", self.text(depth), self.text(depth)),
            11 => format!("try({}, {})", self.text(depth), self.text(depth)),
            12..=13 => format!("lookup({}, {}, {})", self.map(depth), self.text(depth), self.text(depth)),
            14 => format!("element({}, {})", self.list(depth), self.number(depth)),
            15 => {
                format!("\"{}${{{}}}{}\"", self.pick(&["", "Dis", "x "]), self.text(depth), self.pick(&["", "abled"]))
            }
            16 => format!("try({}[{}], {})", self.list(depth), self.0.u8(..3), self.text(depth)),
            17 => format!("try({}[{}], {})", self.map(depth), self.text(depth), self.text(depth)),
            18 => format!("tostring({})", self.switch(depth)),
            19 => format!("tostring({})", self.number(depth)),
            20 => format!("try(one({}), {})", self.list(depth), self.text(depth)),
            21 => format!("[for k, v in {} : {}][0]", self.map(depth), self.pick(&["k", "v", "upper(v)"])),
            22 => format!("{{ for v in {} : v => lower(v)... }}[{}][0]", self.list(depth), self.text(depth)),
            23 => format!("split(\"{}\", {})[{}]", self.pick(&[",", "a"]), self.text(depth), self.0.u8(..2)),
            24 => format!("{}.key", self.map(depth)),
            _ => format!("values({})[0]", self.map(depth)),
        }
    }

    fn switch(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.pick(&["true", "false", "local.yes", "local.no"]).to_owned();
        };
        match self.0.u8(..12) {
            0..=1 => format!("{} {} {}", self.text(depth), self.pick(&["==", "!="]), self.text(depth)),
            2 => format!("!({})", self.switch(depth)),
            3..=4 => format!("({}) {} ({})", self.switch(depth), self.pick(&["&&", "||"]), self.switch(depth)),
            5 => format!("contains({}, {})", self.list(depth), self.text(depth)),
            6 => {
                let operator = self.pick(&["<", ">", "<=", ">=", "==", "!="]);
                format!("{} {operator} {}", self.number(depth), self.number(depth))
            }
            7 => {
                let name = self.pick(&["startswith", "endswith", "strcontains"]);
                format!("{name}({}, \"{}\")", self.text(depth), self.pick(&["D", "", "abled"]))
            }
            8 => format!("can({})", self.text(depth)),
            9 => format!("{}([{}, {}])", self.pick(&["alltrue", "anytrue"]), self.switch(depth), self.switch(depth)),
            10 => format!("{} == null", self.text(depth)),
            _ => format!("{} == {}", self.text(depth), self.number(depth)),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.pick(&["0", "1", "2", "-1", "1.5", "10", "local.three"]).to_owned();
        };
        match self.0.u8(..6) {
            0 => format!("length({})", self.list(depth)),
            1 => format!("length({})", self.map(depth)),
            2 => format!("length({})", self.text(depth)),
            3 => format!("({} ? {} : {})", self.switch(depth), self.number(depth), self.number(depth)),
            4 => format!("-({})", self.number(depth)),
            _ => self.pick(&["0", "1", "2"]).to_owned(),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.pick(&["local.list", "[\"Disabled\"]", "[local.on, \"a\"]", "[]"]).to_owned();
        };
        match self.0.u8(..9) {
            0..=1 => format!("[{}, {}]", self.text(depth), self.text(depth)),
            2 => format!("concat({}, {})", self.list(depth), self.list(depth)),
            3 => format!("{}({})", self.pick(&["keys", "values"]), self.map(depth)),
            4 => {
                let filter = self.pick(&["v != \"a\"", "true", "length(v) > 2"]);
                format!("[for v in {} : v if {filter}]", self.list(depth))
            }
            5 => format!("[for i, v in {} : \"${{i}}${{v}}\"]", self.list(depth)),
            6 => format!("{}({})", self.pick(&["distinct", "compact", "tolist"]), self.list(depth)),
            7 => format!("split(\",\", {})", self.text(depth)),
            _ => "local.list".to_owned(),
        }
    }

    fn map(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.pick(&["local.map", "{ key = \"Enabled\" }", "{ key = \"Disabled\", a = \"b\" }"]).to_owned();
        };
        match self.0.u8(..5) {
            0 => format!("{{ key = {}, (local.off) = {} }}", self.text(depth), self.text(depth)),
            1 => format!("merge({}, {})", self.map(depth), self.map(depth)),
            2 => format!("{{ for k, v in {} : k => upper(v) }}", self.map(depth)),
            3 => format!("{{ key = {} }}", self.text(depth)),
            _ => "local.deep.map".to_owned(),
        }
    }
}

//! Random expressions of mixed types: every operator, function and conversion, over values that often fit and
//! sometimes do not, so that what Terraform converts, unifies and refuses is met too.

use fastrand::Rng;

use super::calls::{self, FUNCTIONS};

/// What the expressions refer to. The types of variables make values that no literal has: sets, lists of one type,
/// objects with attributes that are filled in.
pub(super) const VALUES: &str = r#"variable "texts" {
  type    = list(string)
  default = ["Disabled", "Enabled", "a"]
}
variable "set" {
  type    = set(string)
  default = ["b", "Enabled", "b", "a"]
}
variable "numbers" {
  type    = set(number)
  default = [10, 9, 1.5]
}
variable "map" {
  type    = map(any)
  default = { a = 1, key = "Enabled", t = true }
}
variable "any" {
  type    = any
  default = { a = 1, key = "Enabled", list = [1, "x", null] }
}
variable "object" {
  type    = object({ a = optional(number, 3), key = string, l = optional(list(string)), m = optional(map(bool), {}) })
  default = { key = "Disabled", extra = 1 }
}
variable "one" {
  default = "1"
}
locals {
  on     = "Enabled"
  yes    = true
  three  = 3
  none   = null
  tuple  = ["Disabled", 2, true, null]
  object = { key = "Enabled", a = 1, n = { key = ["x"] } }
  list   = tolist(["x", "y"])
  bools  = tolist([true, false])
  nested = [{ key = "a" }, { key = "b", z = 1 }]
  empty  = []
  text   = <<-EOT
    one
      ${"two"}
  EOT
}
"#;

/// Writes expressions.
pub(super) struct Mixed(pub(super) Rng);

impl Mixed {
    /// An expression whose value is text, or which Terraform refuses.
    pub(super) fn text(&mut self) -> String {
        let depth = self.0.usize(1..4);
        match self.0.u8(..8) {
            0..=2 => self.shown(depth),
            3 => format!("{} == {} ? \"same\" : \"not\"", self.any(depth), self.any(depth)),
            4 => format!("can({})", self.any(depth)),
            5 => format!("[for x in [{}] : \"${{x}}\"][0]", self.any(depth)),
            _ => self.any(depth),
        }
    }

    /// A collection as text, two levels deep.
    fn shown(&mut self, depth: usize) -> String {
        let value = self.any(depth);
        let inner = "try(tostring(v), join(\",\", [for x, y in v : \"${x}=${try(tostring(y), length(y), 7)}\"]), 8)";
        format!("try(tostring({value}), join(\"|\", [for k, v in {value} : \"${{k}}=${{{inner}}}\"]))")
    }

    fn pick(&mut self, of: &[&str]) -> String {
        of[self.0.usize(..of.len())].to_owned()
    }

    /// An expression of a kind, most of the time.
    fn kind(&mut self, kind: u8, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.0.u8(..8) == 0 {
            return self.any(depth);
        }
        match (kind, self.0.u8(..6)) {
            (b's', 0) => format!("\"{}${{{}}}\"", self.pick(&["", "a ", "Dis"]), self.any(depth)),
            (b's', 1) => format!(
                "\"x %{{{} if {} }} y %{{ else {}}} n %{{ endif }}z\"",
                self.pick(&["", "~"]),
                self.kind(b'b', depth),
                self.pick(&["", "~"])
            ),
            (b's', 2) => {
                let list = self.pick(&["l", "t", "m"]).as_bytes()[0];
                format!("\"%{{ for k, v in {} }}${{k}}=${{v}};%{{ endfor }}\"", self.kind(list, depth))
            }
            (b'n', 0..=2) => {
                let operator = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {operator} {})", self.kind(b'n', depth), self.kind(b'n', depth))
            }
            (b'n', 3) => format!("-{}", self.kind(b'n', depth)),
            (b'b', 0) => {
                let operator = self.pick(&["<", "<=", ">", ">="]);
                format!("({} {operator} {})", self.kind(b'n', depth), self.kind(b'n', depth))
            }
            (b'b', 1..=2) => format!("({} {} {})", self.any(depth), self.pick(&["==", "!="]), self.any(depth)),
            (b'b', 3) => {
                format!("({} {} {})", self.kind(b'b', depth), self.pick(&["&&", "||"]), self.kind(b'b', depth))
            }
            (b'b', 4) => format!("!{}", self.kind(b'b', depth)),
            (b'l', 0..=1) => format!("[{}, {}]", self.any(depth), self.any(depth)),
            (b'l', 2) => {
                let (of, filter) =
                    (self.pick(&["l", "m", "t"]).as_bytes()[0], self.pick(&["", " if v != \"a\"", " if k != 0"]));
                let value = self.pick(&["v", "k", "[k, v]", "\"${k}${v}\"", "v == null"]);
                format!("[for k, v in {} : {value}{filter}]", self.kind(of, depth))
            }
            (b'l', 3) => {
                let list = self.kind(b'l', depth);
                // Terraform refuses an attribute-only splat inside another, for all expressions of the file.
                let is_plain = !list.contains(['*', '[']);
                let splats =
                    if is_plain { &[".*.key", "[*]", "[*].key", "[*][0]"][..] } else { &["[*]", "[*].key", "[*][0]"] };
                format!("{list}{}", self.pick(splats))
            }
            (b'm', 0..=1) => {
                let key = self.pick(&["a", "key", "\"b\"", "(var.one)", "1", "(local.on)"]);
                format!("{{ {key} = {}, key = {} }}", self.any(depth), self.any(depth))
            }
            (b'm', 2) => {
                let (of, end) = (self.pick(&["l", "m", "t"]).as_bytes()[0], self.pick(&["", "..."]));
                let (key, value) = (self.pick(&["k", "v", "\"${k}\"", "\"x\""]), self.pick(&["v", "k", "[v]"]));
                format!("{{ for k, v in {} : {key} => {value}{end} }}", self.kind(of, depth))
            }
            (b't', 0..=2) => format!("toset({})", self.kind(b'l', depth)),
            _ if self.0.bool() => self.leaf(kind),
            _ => self.any(depth),
        }
    }

    fn any(&mut self, depth: usize) -> String {
        let Some(below) = depth.checked_sub(1) else {
            let kind = self.pick(&["s", "n", "b", "l", "m", "t"]).as_bytes()[0];
            return self.leaf(kind);
        };
        match self.0.u8(..10) {
            0..=3 => self.call(below),
            4 => format!("({} ? {} : {})", self.kind(b'b', below), self.any(below), self.any(below)),
            5 => {
                let index = if self.0.bool() { b'n' } else { b's' };
                let of = if index == b'n' { b'l' } else { b'm' };
                format!("{}[{}]", self.kind(of, below), self.kind(index, below))
            }
            6 => format!("{}.{}", self.kind(b'm', below), self.pick(&["key", "a"])),
            _ => {
                let kind = self.pick(&["s", "n", "b", "l", "m", "t"]).as_bytes()[0];
                self.kind(kind, depth)
            }
        }
    }

    fn call(&mut self, depth: usize) -> String {
        let (name, kinds) = FUNCTIONS[self.0.usize(..FUNCTIONS.len())];
        let mut arguments = Vec::new();
        let mut last = b'a';
        for kind in kinds.bytes() {
            if kind == b'*' {
                for _ in 0..self.0.usize(..2) {
                    arguments.push(self.kind(last, depth));
                }
            } else {
                arguments.push(self.kind(kind, depth));
                last = kind;
            }
        }
        let expand =
            if kinds.ends_with('*') && self.0.u8(..8) == 0 { self.kind(b'l', depth) + "..." } else { String::new() };
        if !expand.is_empty() {
            arguments.pop();
            arguments.push(expand);
        }
        format!("{name}({})", arguments.join(", "))
    }

    fn leaf(&mut self, kind: u8) -> String {
        if self.0.u8(..25) == 0 {
            return self.pick(&["null", "local.none", "local.tuple[3]"]);
        }
        match kind {
            b's' => self.pick(
                &[
                    "\"Enabled\"",
                    "\"a\"",
                    "\"\"",
                    "\"1\"",
                    "\"true\"",
                    "\" b \"",
                    "\"é\"",
                    "\"x,y\"",
                    "\"1.0\"",
                    "\"key\"",
                    "\"a.b/c\"",
                    "\"ǅ\"",
                    "\"e\u{301}\"",
                    "local.on",
                    "var.one",
                    "local.text",
                    "var.object.key",
                    "local.n",
                    "\"0x1\"",
                    "\"1e2\"",
                ]
                .map(|leaf| if leaf == "local.n" { "local.object.n.key[0]" } else { leaf }),
            ),
            b'n' => self.pick(&[
                "0",
                "1",
                "2",
                "-1",
                "1.5",
                "10",
                "local.three",
                "1e3",
                "\"2\"",
                "0.1",
                "9007199254740993",
                "var.object.a",
            ]),
            b'b' => {
                self.pick(&["true", "false", "local.yes", "\"true\"", "\"1\"", "local.bools[1]", "var.one == \"1\""])
            }
            b'l' => self.pick(&[
                "var.texts",
                "local.tuple",
                "local.list",
                "local.bools",
                "local.nested",
                "local.empty",
                "[]",
                "[1, 2, 2]",
                "[\"b\", \"a\", \"b\"]",
                "[null, \"a\"]",
                "tolist([])",
                "[[1], [\"x\", []]]",
                "[true, \"x\"]",
                "var.object.l",
            ]),
            b'm' => self.pick(&[
                "var.map",
                "var.any",
                "var.object",
                "local.object",
                "{}",
                "{ a = \"x\" }",
                "{ key = true, a = 1 }",
                "tomap({ a = \"b\" })",
                "{ a = [\"x\", \"y\"], key = [\"x\"] }",
                "local.nested[1]",
            ]),
            b't' => self.pick(&["var.set", "var.numbers", "toset([])", "toset([\"a\", 1])", "toset([true])"]),
            b'f' | b'r' | b'j' | b'g' | b'd' | b'u' | b'c' => self.pick(calls::leaves(kind)),
            _ => {
                let kind = self.pick(&["s", "n", "b", "l", "m", "t"]).as_bytes()[0];
                self.leaf(kind)
            }
        }
    }
}

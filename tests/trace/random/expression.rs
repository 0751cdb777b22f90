//! Random expressions, with the variables and locals they need.

use fastrand::Rng;

use super::module::{Kind, Module, Variable};

/// What `each` and `count` stand for where an expression is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeated {
    No,
    /// `for_each` over a map of entries.
    Entries,
    /// `for_each` over a map of strings.
    Strings,
    /// `for_each` over the set of `ads` and `risk`.
    Keys,
    /// `count` of two.
    Count,
}

/// Makes expressions for one module.
pub(super) struct Writer<'w> {
    pub(super) rng: &'w mut Rng,
    pub(super) module: &'w mut Module,
    pub(super) repeated: Repeated,
}

impl Writer<'_> {
    /// An expression of a kind, nested at most `depth` deep.
    pub(super) fn expression(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 {
            return if self.rng.u8(..3) == 0 { literal(self.rng, kind) } else { self.variable(kind) };
        }
        let depth = depth - 1;
        match (kind, self.rng.u8(..10)) {
            (_, 0..=2) => self.variable(kind),
            (_, 3) => self.local(kind, depth),
            (Kind::Text | Kind::Plain, 4) if self.repeated != Repeated::No => self.repeated(kind, depth),
            (Kind::Text, _) => self.text(depth),
            (Kind::Plain, _) => self.plain(depth),
            (Kind::Flag, _) => self.flag(depth),
            (Kind::Entry, 4..=6) => self.entry(depth),
            (Kind::Map, 4..=5) => format!("{{ root_access = {} }}", self.expression(Kind::Plain, depth)),
            (Kind::Map, 6) => {
                let [under, over] = [(); 2].map(|()| self.expression(Kind::Map, depth));
                format!("merge({under}, {over})")
            }
            (Kind::List, 4..=6) => {
                let [first, second] = [(); 2].map(|()| self.expression(Kind::Plain, depth));
                format!("[{first}, {second}]")
            }
            (Kind::Entries, 4..=8) => {
                let [ads, risk] = [(); 2].map(|()| self.entry(depth));
                format!("{{ ads = {ads}, risk = {risk} }}")
            }
            _ => literal(self.rng, kind),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.rng.u8(..12) {
            0..=2 => format!("{}.root_access", self.reference(Kind::Entry, depth)),
            3 => format!("try({}.level, {})", self.reference(Kind::Entry, depth), self.expression(Kind::Text, depth)),
            4 if self.rng.u8(..3) == 0 => {
                self.module.has_parameter = true;
                "data.aws_ssm_parameter.root.value".to_owned()
            }
            5..=6 => self.conditional(Kind::Text, depth),
            7 => literal(self.rng, Kind::Text),
            _ => self.plain(depth),
        }
    }

    fn plain(&mut self, depth: usize) -> String {
        let map = |writer: &mut Self| writer.reference(Kind::Map, depth);
        match self.rng.u8(..14) {
            0..=2 => self.conditional(Kind::Plain, depth),
            3 => format!("\"${{{}}}\"", self.expression(Kind::Plain, depth)),
            4 => format!("coalesce({}, {})", self.expression(Kind::Text, depth), self.expression(Kind::Plain, depth)),
            5 => format!("lookup({}, \"root_access\", {})", map(self), self.expression(Kind::Plain, depth)),
            6 => format!("try({}[\"root_access\"], {})", map(self), self.expression(Kind::Plain, depth)),
            7 => format!("{}[{}]", self.reference(Kind::List, depth), self.rng.u8(..2)),
            8 => format!("element({}, {})", self.reference(Kind::List, depth), self.rng.u8(..4)),
            9 => format!("title(lower({}))", self.expression(Kind::Plain, depth)),
            10 => format!("{{ on = {}, off = \"Disabled\" }}[\"on\"]", self.expression(Kind::Plain, depth)),
            11 => {
                format!("merge({}, {{ root_access = {} }}).root_access", map(self), self.expression(Kind::Plain, depth))
            }
            _ => literal(self.rng, Kind::Plain),
        }
    }

    fn conditional(&mut self, kind: Kind, depth: usize) -> String {
        let condition = self.expression(Kind::Flag, depth);
        let (yes, no) = match self.rng.u8(..4) {
            0 => (self.expression(kind, depth), self.expression(kind, depth)),
            1 => ("\"Disabled\"".to_owned(), "\"Enabled\"".to_owned()),
            _ => ("\"Enabled\"".to_owned(), "\"Disabled\"".to_owned()),
        };
        format!("({condition} ? {yes} : {no})")
    }

    fn flag(&mut self, depth: usize) -> String {
        match self.rng.u8(..8) {
            0 => format!("!{}", self.reference(Kind::Flag, depth)),
            1 => format!("({} && {})", self.expression(Kind::Flag, depth), self.expression(Kind::Flag, depth)),
            2 => format!("({} || {})", self.expression(Kind::Flag, depth), self.expression(Kind::Flag, depth)),
            3 => format!("({} == \"Enabled\")", self.expression(Kind::Text, depth)),
            4 => format!("({} != null)", self.reference(Kind::Text, depth)),
            5 => format!("contains({}, \"Enabled\")", self.expression(Kind::List, depth)),
            _ => self.variable(Kind::Flag),
        }
    }

    fn entry(&mut self, depth: usize) -> String {
        match self.rng.u8(..4) {
            0 => "{ size = 50 }".to_owned(),
            1 => "{}".to_owned(),
            _ => format!("{{ root_access = {}, size = 20 }}", self.expression(Kind::Text, depth)),
        }
    }

    /// What the repetition gives each instance.
    fn repeated(&mut self, kind: Kind, depth: usize) -> String {
        match (self.repeated, kind) {
            (Repeated::Entries, Kind::Text) => "each.value.root_access".to_owned(),
            (Repeated::Entries, _) => "coalesce(each.value.root_access, \"Enabled\")".to_owned(),
            (Repeated::Strings, _) => "each.value".to_owned(),
            (Repeated::Keys, _) => {
                let [yes, no] = [(); 2].map(|()| self.expression(kind, depth));
                format!("(each.key == \"ads\" ? {yes} : {no})")
            }
            (Repeated::Count, _) => format!("{}[count.index]", self.reference(Kind::List, depth)),
            (Repeated::No, _) => self.variable(kind),
        }
    }

    /// A reference: what can be indexed without parentheses.
    fn reference(&mut self, kind: Kind, depth: usize) -> String {
        if self.rng.u8(..3) == 0 { self.local(kind, depth) } else { self.variable(kind) }
    }

    fn local(&mut self, kind: Kind, depth: usize) -> String {
        // An entry that is a local has no type, and so no defaults.
        if matches!(kind, Kind::Entry | Kind::Entries) {
            return self.variable(kind);
        }
        let known: Vec<_> = self.module.locals.iter().filter(|local| local.1 == kind).collect();
        if !known.is_empty() && self.rng.bool() {
            return format!("local.{}", known[self.rng.usize(..known.len())].0);
        }
        let repeated = std::mem::replace(&mut self.repeated, Repeated::No);
        let value = self.expression(kind, depth);
        self.repeated = repeated;
        let name = self.module.name(self.rng);
        self.module.locals.push((name.clone(), kind, value));
        format!("local.{name}")
    }

    pub(super) fn variable(&mut self, kind: Kind) -> String {
        let known: Vec<_> = self.module.variables.iter().filter(|variable| variable.kind == kind).collect();
        if !known.is_empty() && self.rng.u8(..3) > 0 {
            return format!("var.{}", known[self.rng.usize(..known.len())].name);
        }
        let name = self.module.name(self.rng);
        let variable = declaration(self.rng, name.clone(), kind);
        self.module.variables.push(variable);
        format!("var.{name}")
    }
}

fn declaration(rng: &mut Rng, name: String, kind: Kind) -> Variable {
    let ty = match kind {
        Kind::Text | Kind::Plain => "string".to_owned(),
        Kind::Flag => "bool".to_owned(),
        Kind::Entry => entry_type(rng),
        Kind::Map => "map(string)".to_owned(),
        Kind::List => "list(string)".to_owned(),
        Kind::Entries => format!("map({})", entry_type(rng)),
    };
    let default = rng.bool().then(|| literal(rng, kind));
    // A null argument takes a default that must not be null itself.
    let nullable = default.is_none() || kind != Kind::Text || default.as_deref() == Some("null") || rng.u8(..4) > 0;
    let override_default = (nullable && rng.u8(..12) == 0).then(|| literal(rng, kind));
    Variable { name, kind, ty, default, nullable, override_default }
}

fn entry_type(rng: &mut Rng) -> String {
    let default = if rng.u8(..4) > 0 { format!(", {}", literal(rng, Kind::Plain)) } else { String::new() };
    format!("object({{ root_access = optional(string{default}), size = optional(number, 20) }})")
}

/// A value without references, as a default or a tfvars file has it.
pub(super) fn literal(rng: &mut Rng, kind: Kind) -> String {
    let empty = rng.u8(..3) == 0;
    match kind {
        Kind::Text if rng.u8(..8) == 0 => "null".to_owned(),
        Kind::Text | Kind::Plain => match rng.u8(..20) {
            0 => "\"enabled\"".to_owned(),
            1..=9 => "\"Enabled\"".to_owned(),
            _ => "\"Disabled\"".to_owned(),
        },
        Kind::Flag => ["true", "false", "true", "false", "\"true\"", "\"false\""][rng.usize(..6)].to_owned(),
        Kind::Entry | Kind::Map if empty => "{}".to_owned(),
        Kind::Entry => format!("{{ root_access = {} }}", literal(rng, Kind::Text)),
        Kind::Map => format!("{{ root_access = {} }}", literal(rng, Kind::Plain)),
        Kind::List => format!("[{}, {}]", literal(rng, Kind::Plain), literal(rng, Kind::Plain)),
        Kind::Entries => format!("{{ ads = {}, risk = {} }}", literal(rng, Kind::Entry), literal(rng, Kind::Entry)),
    }
}

//! Random expressions, with the variables and locals they need.

use fastrand::Rng;

use super::module::{Kind, Module};
use super::values::{declaration, literal};

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
            // A number of instances must be known, whatever else is not.
            (Kind::Switch, 0..=4) => format!("!{}", self.variable(kind)),
            (Kind::Switch, _) | (_, 0..=2) => self.variable(kind),
            (_, 3) => self.local(kind, depth),
            (Kind::Text | Kind::Plain, 4) if self.repeated != Repeated::No => self.repeated(kind, depth),
            (Kind::Text, _) => self.text(depth),
            (Kind::Plain, _) => self.plain(depth),
            (Kind::Flag, _) => self.flag(depth),
            (Kind::Entry, 4..=6) => self.entry(depth),
            (Kind::Any, 4..=6) => format!("{{ root_access = {} }}", self.expression(Kind::Text, depth)),
            (Kind::Config, 4..=6) => format!("{{ security = {} }}", self.expression(Kind::Entry, depth)),
            (Kind::Map, 4..=5) => format!("{{ root_access = {} }}", self.expression(Kind::Plain, depth)),
            (Kind::Map, 6) => {
                let [under, over] = [(); 2].map(|()| self.expression(Kind::Map, depth));
                format!("merge({under}, {over})")
            }
            (Kind::List, 4..=6) => {
                let [first, second] = [(); 2].map(|()| self.expression(Kind::Plain, depth));
                format!("[{first}, {second}]")
            }
            (Kind::Entries, 4..=6) => {
                let [ads, risk] = [(); 2].map(|()| self.entry(depth));
                format!("{{ ads = {ads}, risk = {risk} }}")
            }
            (Kind::Entries, 7..=8) => format!("{{ for row in {} : row.name => row }}", self.variable(Kind::Rows)),
            (Kind::Rows, 4..=8) => {
                let [ads, risk] = [(); 2].map(|()| self.expression(Kind::Text, depth));
                format!("[{{ name = \"ads\", root_access = {ads} }}, {{ name = \"risk\", root_access = {risk} }}]")
            }
            _ => literal(self.rng, kind),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.rng.u8(..15) {
            13 => {
                format!("try({}.root_access, {})", self.reference(Kind::Any, depth), self.expression(Kind::Text, depth))
            }
            14 => format!("{}.security.root_access", self.variable(Kind::Config)),
            12 if !self.module.outputs.is_empty() => {
                self.module.outputs[self.rng.usize(..self.module.outputs.len())].clone()
            }
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
        match self.rng.u8(..16) {
            14 => {
                let value = self.reference(Kind::Text, depth);
                format!("({value} != null ? {value} : {})", self.expression(Kind::Plain, depth))
            }
            15 => format!("[for name in {} : title(name)][0]", self.expression(Kind::List, depth)),
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
        // An object that is a local has no type, and so no defaults.
        if matches!(kind, Kind::Entry | Kind::Entries | Kind::Config | Kind::Rows) {
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

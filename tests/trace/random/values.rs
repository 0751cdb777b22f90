//! Literals of each kind, and the variables that take them.

use fastrand::Rng;

use super::module::{Kind, Variable};

/// A variable block of a kind.
pub(super) fn declaration(rng: &mut Rng, name: String, kind: Kind) -> Variable {
    let ty = match kind {
        Kind::Text | Kind::Plain => "string".to_owned(),
        Kind::Flag | Kind::Switch => "bool".to_owned(),
        Kind::Entry => entry_type(rng, ""),
        Kind::Config => {
            format!("object({{ security = optional({}, {{}}), name = optional(string) }})", entry_type(rng, ""))
        }
        Kind::Any => "any".to_owned(),
        Kind::Map => "map(string)".to_owned(),
        Kind::List => "list(string)".to_owned(),
        Kind::Entries => format!("map({})", entry_type(rng, "")),
        Kind::Rows => format!("list({})", entry_type(rng, "name = string, ")),
    };
    let default = rng.bool().then(|| literal(rng, kind));
    // A null argument takes a default that must not be null itself.
    let nullable = default.is_none() || kind != Kind::Text || default.as_deref() == Some("null") || rng.u8(..4) > 0;
    let override_default = (nullable && rng.u8(..12) == 0).then(|| literal(rng, kind));
    let is_validated = kind == Kind::Plain && rng.u8(..6) == 0;
    Variable { name, kind, ty, default, nullable, override_default, is_validated }
}

fn entry_type(rng: &mut Rng, more: &str) -> String {
    let default = if rng.u8(..4) > 0 { format!(", {}", literal(rng, Kind::Plain)) } else { String::new() };
    format!("object({{ {more}root_access = optional(string{default}), size = optional(number, 20) }})")
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
        Kind::Switch => ["true", "true", "false"][rng.usize(..3)].to_owned(),
        Kind::Entry | Kind::Map | Kind::Any | Kind::Config if empty => "{}".to_owned(),
        Kind::Entry | Kind::Any => format!("{{ root_access = {} }}", literal(rng, Kind::Text)),
        Kind::Config => format!("{{ security = {} }}", literal(rng, Kind::Entry)),
        Kind::Map => format!("{{ root_access = {} }}", literal(rng, Kind::Plain)),
        Kind::List => format!("[{}, {}]", literal(rng, Kind::Plain), literal(rng, Kind::Plain)),
        Kind::Entries => format!("{{ ads = {}, risk = {} }}", literal(rng, Kind::Entry), literal(rng, Kind::Entry)),
        Kind::Rows => {
            let [ads, risk] = [(); 2].map(|()| literal(rng, Kind::Text));
            format!("[{{ name = \"ads\", root_access = {ads} }}, {{ name = \"risk\", root_access = {risk} }}]")
        }
    }
}

/// The same literal as JSON.
pub(super) fn json(literal: &str) -> String {
    let keys = ["root_access", "security", "size", "name", "ads", "risk"];
    keys.iter().fold(literal.to_owned(), |text, key| text.replace(&format!("{key} ="), &format!("\"{key}\":")))
}

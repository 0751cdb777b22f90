//! The functions of Terraform's own provider: values as code, and code as values.
//!
//! Source: Terraform, `internal/builtin/providers/terraform/functions.go`; hcl, `hclwrite/generate.go`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::collections::is_in_order;
use super::super::data::{Data, ListKind, MapKind, Traced, Values, normalised};
use super::super::work::MOST_BYTES;
use super::document::Origins;
use super::json::scalar;
use super::outcome::{Call, Outcome, Stop, error, known, string, too_large, unknown};
use crate::model::Module;
use crate::source::SourceFile;
use crate::syntax::parse;
use crate::syntax::tree::{Expr, ExprKind, Item, TemplatePart};

/// How the names of the functions begin.
pub(super) const PROVIDER: &str = "provider::terraform::";

/// The source of the provider.
const SOURCE: &str = "terraform.io/builtin/terraform";

/// Whether a module requires the provider under the name that its functions are called by here.
pub(super) fn is_required(module: &Module<'_>) -> bool {
    let blocks = module.blocks_of("terraform").iter().flat_map(|block| block.node.body.blocks_of("required_providers"));
    let mut required = blocks.filter_map(|block| block.body.attribute("terraform"));
    required.any(|provider| {
        let ExprKind::Object(items) = &provider.value.kind else { return false };
        items.iter().any(|item| matches!(&item.value.kind, ExprKind::String(source) if source == SOURCE))
    })
}

pub(super) fn encode_tfvars(call: &Call<'_, '_>) -> Outcome {
    let Data::Object(_, items) = &call.argument(0)?.data else {
        return error("values of variables that are no object");
    };
    let names = items.keys().map(|name| is_identifier(name)).collect::<Result<Vec<bool>, Stop>>()?;
    if names.contains(&false) {
        return error("the name of a variable that is no identifier");
    }
    string(assignments(items, "")?)
}

pub(super) fn encode_expr(call: &Call<'_, '_>) -> Outcome {
    string(match &call.argument(0)?.data {
        Data::Object(_, items) if !items.is_empty() => format!("{{\n{}}}", assignments(items, "  ")?),
        _ => on_one_line(call.argument(0)?)?,
    })
}

/// Assignments, one a line, with their signs one below the other.
fn assignments(items: &BTreeMap<String, Values>, indent: &str) -> Result<String, Stop> {
    let name = |key: &String| Ok(if is_identifier(key)? { key.clone() } else { quoted(key)? });
    let names = items.keys().map(name).collect::<Result<Vec<String>, Stop>>()?;
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, item) in names.into_iter().zip(items.values()) {
        _ = writeln!(text, "{indent}{name:width$} = {}", on_one_line(known(item)?)?);
        if text.len() > MOST_BYTES {
            return too_large();
        }
    }
    Ok(text)
}

fn on_one_line(value: &Traced) -> Result<String, Stop> {
    Ok(match &value.data {
        Data::Null(_) => "null".to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::Number(number) => number.clone(),
        Data::String(text) => quoted(text)?,
        Data::List(..) if !is_in_order(value) => return unknown("the order of a set"),
        Data::List(_, items) => {
            let items = items.iter().map(|item| on_one_line(known(item)?)).collect::<Result<Vec<_>, Stop>>()?;
            format!("[{}]", items.join(", "))
        }
        Data::Object(_, items) if items.is_empty() => "{}".to_owned(),
        Data::Object(..) => return unknown("the layout of an object within another value"),
        Data::Unknown(why) => return unknown(why),
        Data::Error(why) => return error(why),
    })
}

/// Whether a text can be a name; beyond ASCII that is not known here.
fn is_identifier(text: &str) -> Result<bool, Stop> {
    if !text.is_ascii() || text.starts_with('_') {
        return unknown("whether a text is an identifier");
    }
    let continues = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    Ok(text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && text.chars().all(continues))
}

fn quoted(text: &str) -> Result<String, Stop> {
    let mut result = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '"' | '\\' => result.extend(['\\', letter]),
            '$' | '%' if letters.peek() == Some(&'{') => result.extend([letter, letter]),
            letter if letter.is_ascii_control() => _ = write!(result, "\\u{:04x}", u32::from(letter)),
            letter if letter.is_ascii() || letter.is_alphanumeric() => result.push(letter),
            _ => return unknown("which characters are written as they are"),
        }
    }
    result.push('"');
    Ok(result)
}

pub(super) fn decode_tfvars(call: &Call<'_, '_>, origins: &Origins) -> Outcome {
    let text = call.text(0)?;
    if text.len() > MOST_BYTES {
        return too_large();
    }
    let syntax = parse(&SourceFile::new("data.tfvars", text));
    if !syntax.unreadable.is_empty() {
        return unknown("values of variables that cannot be read");
    }
    let mut values = BTreeMap::new();
    for item in &syntax.body.items {
        let Item::Attribute(attribute) = item else { return error("a block among values of variables") };
        let value = origins.traced(constant(&attribute.value, origins)?, attribute.value.span);
        if values.insert(attribute.key.text.clone(), vec![value]).is_some() {
            return error("a variable that is set twice");
        }
    }
    Ok(Data::Object(MapKind::Object, values.into()))
}

/// A value that is written out.
fn constant(expr: &Expr, origins: &Origins) -> Outcome {
    if let Some(scalar) = scalar(expr) {
        return Ok(scalar);
    }
    Ok(match &expr.kind {
        ExprKind::Template(parts) | ExprKind::Heredoc(parts) => match parts.as_slice() {
            [TemplatePart::Literal(text, _)] => normalised(Data::String(text.clone())),
            _ => return unknown("a template among values of variables"),
        },
        ExprKind::Paren(inner) => constant(inner, origins)?,
        ExprKind::Array(items) => {
            let item = |item: &Expr| Ok(vec![origins.traced(constant(item, origins)?, item.span)]);
            Data::List(ListKind::Tuple, items.iter().map(item).collect::<Result<_, Stop>>()?)
        }
        ExprKind::Object(items) => {
            let mut result = BTreeMap::new();
            for item in items {
                let ExprKind::String(key) = &item.key.kind else {
                    return unknown("a key among values of variables that is no plain name");
                };
                let value = origins.traced(constant(&item.value, origins)?, item.value.span);
                result.insert(key.clone(), vec![value]);
            }
            Data::Object(MapKind::Object, result.into())
        }
        ExprKind::Variable(_) | ExprKind::Traversal(..) | ExprKind::Call { .. } => {
            return error("a reference or a function among values of variables");
        }
        _ => return unknown("an expression among values of variables"),
    })
}

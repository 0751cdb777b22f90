//! Evaluates expressions that hold nothing but literals, as Terraform does.

use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};

/// A value of a primitive type, or `null`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number in decimal notation.
    Number(String),
    /// A string.
    String(String),
}

impl Literal {
    /// The string Terraform converts the value to where a string is wanted; `None` for `null`.
    #[must_use]
    pub fn into_string(self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(text) | Self::String(text) => Some(text),
        }
    }

    /// The boolean Terraform converts the value to where a condition is wanted.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::String(text) => text.parse().ok(),
            Self::Null | Self::Number(_) => None,
        }
    }
}

/// The part of an expression that keeps its value from being known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where it stands.
    pub span: Span,
    /// What it is, as the object of "depends on".
    pub what: &'static str,
}

/// The value of an expression of literals.
///
/// # Errors
/// The first part whose value has to come from elsewhere, or that has no meaning in Terraform.
pub fn literal(expr: &Expr) -> Result<Literal, Unknown> {
    let unknown = |what| Err(Unknown { span: expr.span, what });
    match &expr.kind {
        ExprKind::Null => Ok(Literal::Null),
        ExprKind::Bool(value) => Ok(Literal::Bool(*value)),
        ExprKind::Number(text) => Ok(Literal::Number(text.clone())),
        ExprKind::String(text) => Ok(Literal::String(text.clone())),
        ExprKind::Paren(inner) => literal(inner),
        ExprKind::Template(parts) => template(expr, parts),
        ExprKind::Heredoc(parts) => template(expr, parts),
        ExprKind::Conditional(condition, yes, no) => match literal(condition)?.as_bool() {
            Some(true) => literal(yes),
            Some(false) => literal(no),
            None => Err(Unknown { span: condition.span, what: "a condition that is not a boolean" }),
        },
        ExprKind::Unary("!", inner) => match literal(inner)?.as_bool() {
            Some(value) => Ok(Literal::Bool(!value)),
            None => unknown("an operand that is not a boolean"),
        },
        ExprKind::Binary(left, operator, right) => binary(expr, left, operator, right),
        ExprKind::Variable(_) | ExprKind::Traversal(..) => unknown("a reference"),
        ExprKind::Call { .. } => unknown("a function call"),
        ExprKind::Unary(..) => unknown("arithmetic"),
        ExprKind::Array(_) | ExprKind::Object(_) | ExprKind::For(_) => unknown("a collection"),
    }
}

fn template(expr: &Expr, parts: &[TemplatePart]) -> Result<Literal, Unknown> {
    // A template of a single interpolation is the value itself, whatever its type.
    if let [TemplatePart::Interpolation(inner)] = parts {
        return literal(inner);
    }
    let mut text = String::new();
    for part in parts {
        match part {
            TemplatePart::Literal(part, _) => text.push_str(part),
            TemplatePart::Interpolation(inner) => match literal(inner)?.into_string() {
                Some(part) => text.push_str(&part),
                None => return Err(Unknown { span: inner.span, what: "`null` in a template" }),
            },
            TemplatePart::Directive(_, span) => return Err(Unknown { span: *span, what: "a template directive" }),
        }
    }
    if matches!(expr.kind, ExprKind::Heredoc(_)) && !parts.iter().all(|part| matches!(part, TemplatePart::Literal(..)))
    {
        return Err(Unknown { span: expr.span, what: "a heredoc with interpolation" });
    }
    Ok(Literal::String(text))
}

fn binary(expr: &Expr, left: &Expr, operator: &str, right: &Expr) -> Result<Literal, Unknown> {
    let unknown = |what| Err(Unknown { span: expr.span, what });
    let (left, right) = (literal(left)?, literal(right)?);
    let logic = |apply: fn(bool, bool) -> bool| match (left.as_bool(), right.as_bool()) {
        (Some(left), Some(right)) => Ok(Literal::Bool(apply(left, right))),
        _ => unknown("an operand that is not a boolean"),
    };
    match operator {
        "==" | "!=" if same_type(&left, &right) => Ok(Literal::Bool((left == right) == (operator == "=="))),
        // Values of different types are never equal: Terraform does not convert them here.
        "==" | "!=" => Ok(Literal::Bool(operator == "!=")),
        "&&" => logic(|left, right| left && right),
        "||" => logic(|left, right| left || right),
        _ => unknown("arithmetic"),
    }
}

fn same_type(left: &Literal, right: &Literal) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn value(text: &str) -> Result<Literal, &'static str> {
        let file = SourceFile::new("a.tf", format!("a = {text}\n"));
        let syntax = crate::syntax::parse(&file);
        let attribute = syntax.body.attribute("a").expect("the file has the attribute");
        literal(&attribute.value).map_err(|unknown| unknown.what)
    }

    #[test]
    fn expressions_of_literals_have_their_value() {
        for text in [
            r#""Disabled""#,
            r#"("Disabled")"#,
            r#""${"Disabled"}""#,
            r#""Dis${"abled"}""#,
            r#"true ? "Disabled" : "Enabled""#,
            r#"1 == 2 ? "Enabled" : "Disabled""#,
            r#"!(true && "false") ? "Disabled" : null"#,
            r#""1" == 1 ? "Enabled" : "Disabled""#,
        ] {
            assert_eq!(value(text), Ok(Literal::String("Disabled".to_owned())), "{text}");
        }
        assert_eq!(value("null"), Ok(Literal::Null));
        assert_eq!(value(r#""${true}""#), Ok(Literal::Bool(true)));
        assert_eq!(value("<<E\nDisabled\nE"), Ok(Literal::String("Disabled\n".to_owned())));
    }

    #[test]
    fn anything_else_is_unknown_and_says_why() {
        assert_eq!(value("var.x"), Err("a reference"));
        assert_eq!(value(r#"var.x ? "Disabled" : "Disabled""#), Err("a reference"));
        assert_eq!(value(r#"title("disabled")"#), Err("a function call"));
        assert_eq!(value(r#""x" ? "Disabled" : "Disabled""#), Err("a condition that is not a boolean"));
    }
}

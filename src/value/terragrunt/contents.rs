//! The texts that a `generate` block writes.

use std::rc::Rc;

use super::config::certain_text;
use crate::model::terragrunt::Config;
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};
use crate::value::data::{Data, Traced};
use crate::value::eval::Evaluator;
use crate::value::repetitions::Iteration;

/// What stands for a part that is not known.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// A text that is written, and whether it is certain that it is this one.
pub(super) type Contents = (String, bool);

impl Evaluator<'_, '_> {
    /// The texts that an expression may be written as; none if they are not known. Of one that is not known the text is given with
    /// a sign in place of what is not, where that stands in the strings of plain arguments: whatever they turn out to be, they give no
    /// name a meaning that the rest does not give it.
    pub(super) fn contents(&self, config: &Rc<Config>, expr: &Expr) -> Vec<Contents> {
        let values = self.eval_in(config, expr, &Iteration::default());
        if let Some(text) = certain_text(&values) {
            return vec![(text, true)];
        }
        let texts: Option<Vec<Contents>> = values.iter().map(|value| Some((value.as_text()?, false))).collect();
        texts.unwrap_or_else(|| self.form(config, expr).into_iter().map(|text| (text, false)).collect())
    }

    /// The text of a template with signs in place of what is not known.
    fn form(&self, config: &Rc<Config>, expr: &Expr) -> Option<String> {
        let (ExprKind::Template(parts) | ExprKind::Heredoc(parts)) = &expr.unparenthesised().kind else { return None };
        let stays_inside = |value: &Traced| match &value.data {
            Data::Unknown(_) => true,
            _ => value.as_text().is_some_and(|text| !text.contains(['"', '\n', '\\', '{'])),
        };
        let mut form = String::new();
        for part in parts {
            match part {
                TemplatePart::Literal(text, _) => form.push_str(text),
                TemplatePart::Interpolation(inner) => {
                    let values = self.eval_in(config, inner, &Iteration::default());
                    match certain_text(&values) {
                        Some(text) => form.push_str(&text),
                        None if values.iter().all(stays_inside) => form.push(UNKNOWN),
                        None => return None,
                    }
                }
                _ => return None,
            }
        }
        // What calls a module is looked at word for word.
        let is_plain = form.lines().filter(|line| line.contains(UNKNOWN)).all(is_argument);
        (is_plain && !form.contains("module")).then_some(form)
    }
}

/// Whether a line is an argument with a string of no other parts.
fn is_argument(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else { return false };
    let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
    let text = value.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    is_name(name.trim()) && text.is_some_and(|text| !text.contains(['"', '\\', '{']))
}

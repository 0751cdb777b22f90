//! Templates: texts with interpolations and directives in them.

use super::data::{Data, Traced, Values, computed, normalised};
use super::eval::Evaluator;
use super::functions::joined;
use super::operators::lift_with;
use super::refinement::{Bounds, safe_prefix};
use super::scope::Scope;
use super::types::Type;
use super::work::{BYTES_OF_WORK, MOST_BYTES};
use crate::source::Location;
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a template: every combination of what its parts can be, put together.
    pub(super) fn template(&self, parts: &[TemplatePart], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        if let [TemplatePart::Interpolation(inner)] = parts {
            return self.eval(inner, location.file, scope);
        }
        let mut sets = Vec::new();
        for part in parts {
            sets.push(match part {
                TemplatePart::Literal(text, span) => {
                    let location = Location { span: *span, ..location };
                    vec![computed(normalised(Data::String(text.clone())), location)]
                }
                TemplatePart::Interpolation(inner) => self.eval(inner, location.file, scope),
                TemplatePart::If { condition, yes, no: Some(no), .. } => {
                    self.conditional(condition, yes, no, location.file, scope)
                }
                TemplatePart::If { condition, yes, no: None, span } => {
                    let nothing = Expr { kind: ExprKind::String(String::new()), span: *span };
                    self.conditional(condition, yes, &nothing, location.file, scope)
                }
                TemplatePart::For(each) => {
                    let location = Location { span: each.span, ..location };
                    let joined = joined(&self.for_expr(&each.each, location, scope), location);
                    let bytes = joined.iter().filter_map(Traced::as_text).map(|text| text.len()).sum::<usize>();
                    self.work.spend(bytes / BYTES_OF_WORK);
                    joined
                }
            });
        }
        let joined = |values: &[&Traced]| {
            if values.iter().any(|value| value.data.is_null()) {
                return Ok(Data::Error("`null` in a template".to_owned()));
            }
            let texts: Option<Vec<String>> = values.iter().map(|value| value.as_text()).collect();
            if texts.iter().flatten().map(String::len).sum::<usize>() > MOST_BYTES {
                return Err("a text that is too long to follow".to_owned());
            }
            Ok(match texts.map(|texts| texts.concat()) {
                Some(text) => {
                    self.work.spend(text.len() / BYTES_OF_WORK);
                    Data::String(text)
                }
                None => Data::Error("a template with a part that is not a string".to_owned()),
            })
        };
        lift_with(
            &sets,
            location,
            |_| None,
            joined,
            |result, values| {
                result.or_refused(values, Some(&Type::String)).of_type(Some(&Type::String)).refined(|known| {
                    known.not_null = true;
                    let texts: Vec<Option<String>> = values.iter().map(|value| value.as_text()).collect();
                    if texts.iter().flatten().any(|text| !text.is_empty()) {
                        known.length = Bounds::at_least(1);
                    }
                    let start: String = texts.iter().map_while(Option::as_deref).collect();
                    known.prefix = safe_prefix(&start);
                })
            },
        )
    }
}

//! Templates that stand in files and strings.
//!
//! Source: Terraform, `internal/lang/funcs/string.go` (`makeRenderTemplateFunc`) and `filesystem.go`: a template sees
//! nothing but the variables that it is given, and calls no other template.

use std::rc::Rc;

use super::super::convert::convert;
use super::super::data::{Data, OriginKind, Traced, Values, alternatives, combinations, computed};
use super::super::eval::Evaluator;
use super::super::scope::{InTemplate, Scope};
use super::super::types::Type;
use super::super::work::MOST_BYTES;
use super::files::resolved;
use super::outcome::{Stop, error, too_large};
use crate::source::{Location, Span};
use crate::syntax::parse_template;
use crate::syntax::tree::{Expr, ExprKind, TemplatePart};

/// Reading so many bytes of a template is work as making one value is.
const PARSED: usize = 8;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// `templatefile`.
    pub(super) fn template_file(&self, arguments: &[Values], location: Location, scope: &Scope<'_, 'w, 'a>) -> Values {
        let roots = Self::root_folders(scope, location);
        let sets = [&[roots], arguments].concat();
        rendered(&sets, location, |given| {
            let root = given[0].as_text().unwrap_or_default();
            let path = resolved(&root, &given[1].as_text().unwrap_or_default())?;
            let file = self.text_file(&path)?;
            let text = self.workspace.view().source(file).text();
            if text.len() > MOST_BYTES {
                return too_large();
            }
            self.work.spend(text.len() / PARSED);
            let parts = parse_template(text, &|at| at).or_else(|_| error("a template that cannot be read"))?;
            let whole = Location { file, span: Span::new(0, text.len()) };
            let scope = Scope { each: None, index: None, template: InTemplate::File, ..*scope };
            let values = self.filled(&parts, given[2], whole, &scope)?;
            Ok(values.into_iter().map(|value| detached(value, &|place| place.file == file)).collect())
        })
    }

    /// `templatestring`, which takes a reference and nothing else for its template.
    pub(super) fn template_string(
        &self,
        template: &Expr,
        arguments: &[Values],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        if !is_reference(template) {
            return vec![computed(Data::Error("a template that is not a reference".to_owned()), location)];
        }
        rendered(arguments, location, |given| {
            let Data::String(text) = &given[0].data else { return error("a template that is not a string") };
            if text.len() > MOST_BYTES {
                return too_large();
            }
            self.work.spend(text.len() / PARSED);
            // Its parts stand nowhere that could be named.
            let nowhere = Location { span: Span::empty(location.span.start), ..location };
            let place = |_| nowhere.span.start;
            let parts = parse_template(text, &place).or_else(|_| error("a template that cannot be read"))?;
            let scope = Scope { each: None, index: None, template: InTemplate::String, ..*scope };
            let values = self.filled(&parts, given[1], nowhere, &scope)?;
            let values = values.into_iter().map(|value| convert(value, &Type::String));
            Ok(values.map(|value| detached(value, &|place| *place == nowhere)).collect())
        })
    }

    fn filled(
        &self,
        parts: &[TemplatePart],
        variables: &Traced,
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Result<Values, Stop> {
        let Data::Object(_, items) = &variables.data else {
            return error("variables of a template that are not a map");
        };
        let inside = |values: &Values| Rc::new(values.iter().map(|value| value.clone().within(variables)).collect());
        let names: Vec<(&str, Rc<Values>)> =
            items.iter().map(|(name, values)| (name.as_str(), inside(values))).collect();
        let bound: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        if !parts.iter().all(|part| part_is_closed(part, &bound)) {
            return error("a template that refers to a variable that it is not given");
        }
        let values = self.template(parts, location, &Scope { names: &names, ..*scope });
        if values.iter().all(|value| value.data.is_null()) { error("a template that is `null`") } else { Ok(values) }
    }
}

/// Renders a template for every combination of arguments.
fn rendered(arguments: &[Values], location: Location, render: impl Fn(&[&Traced]) -> Result<Values, Stop>) -> Values {
    let Some(combinations) = combinations(arguments) else {
        let many = Traced::unknown("more possible values than can be told apart", location);
        return vec![arguments.iter().flatten().fold(many, Traced::because_of)];
    };
    alternatives(combinations.into_iter().flat_map(|given| {
        let is = |known: fn(&Data) -> bool| given.iter().find(|value| known(&value.data)).map(|value| (*value).clone());
        let stopped = is(|data| matches!(data, Data::Error(_))).or_else(|| is(|data| matches!(data, Data::Unknown(_))));
        let results = match stopped {
            Some(value) => vec![value],
            None => render(&given).unwrap_or_else(|stop| match stop {
                Stop::Error(why) => vec![computed(Data::Error(why), location)],
                Stop::Unknown(why) => vec![Traced::unknown(why, location)],
            }),
        };
        let influenced = move |result: Traced| given.iter().fold(result, |result, value| result.because_of(value));
        results.into_iter().map(influenced).collect::<Values>()
    }))
}

/// A value that cannot be changed where it stands: nothing is edited in templates.
fn detached(mut value: Traced, is_here: &dyn Fn(&Location) -> bool) -> Traced {
    if is_here(&value.origin.location) {
        value.origin.kind = match value.origin.kind {
            OriginKind::Literal => OriginKind::Computed,
            kind => kind,
        };
    }
    value.chosen_by.retain(|place| !is_here(place));
    let all = |values: Values| values.into_iter().map(|value| detached(value, is_here)).collect();
    value.data = match value.data {
        Data::List(kind, items) => Data::List(kind, items.into_iter().map(all).collect()),
        Data::Object(kind, items) => {
            Data::Object(kind, items.into_iter().map(|(key, item)| (key, all(item))).collect())
        }
        data => data,
    };
    value
}

/// Whether an expression leads to a value by names and indexes alone.
fn is_reference(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Variable(_) => true,
        ExprKind::Traversal(root, _) => is_reference(root),
        _ => false,
    }
}

/// Whether a part of a template refers to nothing but these names.
fn part_is_closed(part: &TemplatePart, names: &[&str]) -> bool {
    match part {
        TemplatePart::Literal(..) => true,
        TemplatePart::Interpolation(expr) => is_closed(expr, names),
        TemplatePart::If { condition, yes, no, .. } => {
            [Some(condition), Some(yes), no.as_ref()].into_iter().flatten().all(|expr| is_closed(expr, names))
        }
        TemplatePart::For(part) => {
            let each = &part.each;
            let inner = [names, &[each.value_var.as_str()], each.key_var.as_deref().as_slice()].concat();
            is_closed(&each.collection, names) && is_closed(&each.value, &inner)
        }
    }
}

fn is_closed(expr: &Expr, names: &[&str]) -> bool {
    match &expr.kind {
        ExprKind::Variable(name) => names.contains(&name.as_str()),
        ExprKind::Template(parts) | ExprKind::Heredoc(parts) => parts.iter().all(|part| part_is_closed(part, names)),
        ExprKind::For(each) => {
            let inner = [names, &[each.value_var.as_str()], each.key_var.as_deref().as_slice()].concat();
            let within = [each.key.as_ref(), Some(&each.value), each.cond.as_ref()];
            is_closed(&each.collection, names) && within.into_iter().flatten().all(|expr| is_closed(expr, &inner))
        }
        _ => expr.children().into_iter().all(|child| is_closed(child, names)),
    }
}

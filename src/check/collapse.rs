//! Expressions that would say the compliant value whatever they decide on: `x ? "Disabled" : "Disabled"` is never
//! written, the literal takes the place of all of it.

use std::collections::BTreeSet;

use crate::control;
use crate::source::Span;
use crate::syntax::tree::{Body, Expr, ExprKind, Item, Step, TemplatePart};

/// What to replace by the compliant literal in a file, where `changed` expressions are to become that: the widest
/// expressions around them that would then be nothing else.
pub(super) fn collapsed(body: &Body, changed: &BTreeSet<Span>) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    in_body(body, Span::new(0, usize::MAX), changed, &mut found);
    // A place that is no expression of the tree stays as it is.
    let is_found = |span: &&Span| {
        // The places found do not overlap, so only the last one that starts before can hold it.
        let before = found.range(..=Span::new(span.start, usize::MAX)).next_back();
        before.is_some_and(|wider: &Span| wider.contains(**span))
    };
    let left = changed.iter().filter(|span| !is_found(span));
    let left: Vec<Span> = left.copied().collect();
    found.extend(left);
    found
}

fn in_body(body: &Body, place: Span, changed: &BTreeSet<Span>, found: &mut BTreeSet<Span>) {
    let mut last = None;
    for item in inside(place, changed).flat_map(|span| body.around(*span)) {
        if last.replace(item.span()) == Some(item.span()) {
            continue;
        }
        match item {
            Item::Attribute(attribute) => in_expression(&attribute.value, changed, found),
            Item::Block(block) => in_body(&block.body, block.span, changed, found),
        }
    }
}

/// The changed expressions inside a place.
fn inside(place: Span, changed: &BTreeSet<Span>) -> impl Iterator<Item = &Span> {
    let from_there = changed.range(Span::new(place.start, 0)..);
    from_there.take_while(move |span| span.start <= place.end).filter(move |span| place.contains(**span))
}

fn in_expression(expr: &Expr, changed: &BTreeSet<Span>, found: &mut BTreeSet<Span>) {
    let mut within = inside(expr.span, changed);
    let Some(first) = within.next() else { return };
    if says_compliant(expr, changed) {
        found.insert(expr.span);
        return;
    }
    // Of a large collection few elements may change.
    let last = within.last().unwrap_or(first);
    let may_change = |child: &&Expr| child.span.start <= last.end && first.start <= child.span.end;
    expr.children().into_iter().filter(may_change).for_each(|child| in_expression(child, changed, found));
}

/// Whether an expression can only be the compliant value, once the changed ones are.
fn says_compliant(expr: &Expr, changed: &BTreeSet<Span>) -> bool {
    let says = |part: &Expr| says_compliant(part, changed);
    if changed.contains(&expr.span) {
        return true;
    }
    match &expr.kind {
        ExprKind::String(text) => text == control::COMPLIANT,
        ExprKind::Paren(inner) => says(inner),
        ExprKind::Conditional(_, yes, no) => says(yes) && says(no),
        ExprKind::Template(parts) => matches!(parts.as_slice(), [TemplatePart::Interpolation(inner)] if says(inner)),
        // An element, where all of them are the same.
        ExprKind::Traversal(root, steps) => {
            matches!(steps.as_slice(), [Step::Index(_)]) && elements(root).is_some_and(|all| all.into_iter().all(says))
        }
        ExprKind::Call { name, args, expand: false } => match (name.as_str(), args.as_slice()) {
            ("lookup", [map, _, rest @ ..]) => {
                elements(map).is_some_and(|all| all.into_iter().all(says)) && rest.iter().all(says)
            }
            ("element" | "one", [list, ..]) => elements(list).is_some_and(|all| all.into_iter().all(says)),
            ("coalesce" | "try", all) => all.iter().all(says),
            _ => false,
        },
        _ => false,
    }
}

/// The elements of a collection that is written out, if there are any; of those that `for` makes, the one they come from.
fn elements(expr: &Expr) -> Option<Vec<&Expr>> {
    let elements: Vec<&Expr> = match &expr.unparenthesised().kind {
        ExprKind::Array(items) => items.iter().collect(),
        ExprKind::Object(items) => items.iter().map(|item| &item.value).collect(),
        ExprKind::For(each) if !each.grouping => vec![&each.value],
        _ => return None,
    };
    (!elements.is_empty()).then_some(elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;
    use crate::syntax::parse;

    #[test]
    fn the_literal_takes_the_place_of_what_decides_nothing_any_more() {
        for (text, rest) in [
            ("x ? \"Enabled\" : \"Disabled\"", "@"),
            ("x ? \"Enabled\" : var.y", "x ? @ : var.y"),
            ("x ? (y ? \"Enabled\" : \"Enabled\") : \"Disabled\"", "@"),
            ("x ? (y ? \"Enabled\" : \"Disabled\") : var.z", "x ? @ : var.z"),
            ("\"${x ? \"Enabled\" : \"Disabled\"}\"", "@"),
            ("lookup({ a = \"Enabled\", b = \"Disabled\" }, x, \"Disabled\")", "@"),
            ("lookup({ a = \"Enabled\" }, x, y)", "lookup({ a = @ }, x, y)"),
            ("{ a = \"Enabled\", b = \"Disabled\" }[x]", "@"),
            ("[\"Enabled\", \"Disabled\"][x]", "@"),
            ("{ a = \"Enabled\", b = \"Disabled\" }", "{ a = @, b = \"Disabled\" }"),
            ("f(\"Enabled\")", "f(@)"),
            ("[for y in x : y ? \"Enabled\" : \"Disabled\"][0]", "@"),
            ("[for y in x : y ? \"Enabled\" : z][0]", "[for y in x : y ? @ : z][0]"),
            ("element([\"Enabled\", \"Disabled\"], x)", "@"),
            ("one([for y in x : \"Enabled\"])", "@"),
            ("try(x ? \"Enabled\" : \"Disabled\", \"Disabled\")", "@"),
            ("coalesce(x, \"Enabled\")", "coalesce(x, @)"),
        ] {
            let file = SourceFile::new("a.tf", format!("a = {text}\nb = \"Disabled\"\n"));
            let literals = file.text().match_indices("\"Enabled\"").map(|(at, part)| Span::new(at, at + part.len()));
            let mut shown = file.text().to_owned();
            for span in collapsed(&parse(&file).body, &literals.collect()).into_iter().rev() {
                shown.replace_range(span.range(), "@");
            }
            assert_eq!(shown, format!("a = {rest}\nb = \"Disabled\"\n"));
        }
    }
}

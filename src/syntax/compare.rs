//! Compares the tree before a change with the tree after it: nothing may differ but what the change is about.

use super::tree::{Attribute, Block, Body, Expr, ExprKind, Item, Name, Step, TemplatePart};
use crate::source::{Span, Splice, regions};

/// The differences between the trees before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference<'a> {
    /// Attributes that are new, each with the block that gets it, as that was before; `None` for the file itself.
    pub added: Vec<(Option<Span>, &'a Attribute)>,
    /// Expressions that have replaced others, as before and after.
    pub replaced: Vec<(&'a Expr, &'a Expr)>,
    /// Elements that are gone from lists.
    pub removed: Vec<&'a Expr>,
}

/// How two trees differ, where the text of the second came from that of the first by `splices`, sorted by place.
///
/// `None` if they differ in anything else than whole attributes that a splice inserted, whole expressions that a
/// splice replaced, and whole list elements that a splice removed.
#[must_use]
pub fn difference<'a>(before: &'a Body, after: &'a Body, splices: &[Splice]) -> Option<Difference<'a>> {
    let mut comparison = Comparison { regions: regions(splices)?, difference: Difference::default() };
    comparison.body(None, before, after).then_some(comparison.difference)
}

struct Comparison<'a> {
    /// The bytes of each splice, before and after.
    regions: Vec<(Span, Span)>,
    difference: Difference<'a>,
}

impl<'a> Comparison<'a> {
    fn body(&mut self, block: Option<Span>, before: &'a Body, after: &'a Body) -> bool {
        let mut kept = Vec::new();
        for item in &after.items {
            match item {
                Item::Attribute(new) if self.is_inserted(new.span) => {
                    self.difference.added.push((block, new));
                }
                item => kept.push(item),
            }
        }
        before.items.len() == kept.len()
            && before.items.iter().zip(kept).all(|items| match items {
                (Item::Attribute(before), Item::Attribute(after)) => {
                    before.key.text == after.key.text && self.expr(&before.value, &after.value)
                }
                (Item::Block(before), Item::Block(after)) => self.block(before, after),
                _ => false,
            })
    }

    /// Whether a splice wrote all of something in the text after.
    fn is_inserted(&self, span: Span) -> bool {
        // Of several splices at one place the last can be more than nothing.
        let first = self.regions.partition_point(|(_, region)| region.end < span.end);
        let mut near = self.regions[first..].iter().take_while(|(_, region)| region.start <= span.start);
        near.any(|(_, region)| region.contains(span))
    }

    /// Whether a splice took out an element. One whose very bytes got another expression is replaced.
    fn is_cut_out(&self, span: Span) -> bool {
        let first = self.regions.partition_point(|(region, _)| region.end < span.end);
        let mut near = self.regions[first..].iter().take_while(|(region, _)| region.start <= span.start);
        near.any(|(old, new)| old.contains(span) && (*old != span || new.is_empty()))
    }

    fn block(&mut self, before: &'a Block, after: &'a Block) -> bool {
        let texts = |names: &'a [Name]| names.iter().map(|name| name.text.as_str());
        before.kind.text == after.kind.text
            && texts(&before.labels).eq(texts(&after.labels))
            && self.body(Some(before.span), &before.body, &after.body)
    }

    fn expr(&mut self, before: &'a Expr, after: &'a Expr) -> bool {
        if self.regions.binary_search(&(before.span, after.span)).is_ok() && !before.span.is_empty() {
            self.difference.replaced.push((before, after));
            return true;
        }
        if !same_node(&before.kind, &after.kind) {
            return false;
        }
        let mut old = before.children();
        if let ExprKind::Array(_) = before.kind {
            let (removed, kept) = old.into_iter().partition(|child| self.is_cut_out(child.span));
            self.difference.removed.extend::<Vec<&Expr>>(removed);
            old = kept;
        }
        let new = after.children();
        old.len() == new.len() && old.into_iter().zip(new).all(|(before, after)| self.expr(before, after))
    }
}

/// Whether two expressions are equal but for their places and the expressions in them.
fn same_node(before: &ExprKind, after: &ExprKind) -> bool {
    use ExprKind as K;
    match (before, after) {
        (K::Null, K::Null)
        | (K::Array(_), K::Array(_))
        | (K::Paren(_), K::Paren(_))
        | (K::Conditional(..), K::Conditional(..)) => true,
        (K::Object(a), K::Object(b)) => a.len() == b.len(),
        (K::Bool(a), K::Bool(b)) => a == b,
        (K::Number(a), K::Number(b))
        | (K::String(a), K::String(b))
        | (K::Variable(a), K::Variable(b))
        | (K::Unread(a), K::Unread(b)) => a == b,
        (K::Template(a), K::Template(b)) | (K::Heredoc(a), K::Heredoc(b)) => {
            a.iter().map(template_text).eq(b.iter().map(template_text))
        }
        (K::Traversal(_, a), K::Traversal(_, b)) => step_names(a) == step_names(b),
        (K::Call { name: a, expand: x, .. }, K::Call { name: b, expand: y, .. }) => a == b && x == y,
        (K::Unary(a, _), K::Unary(b, _)) | (K::Binary(_, a, _), K::Binary(_, b, _)) => a == b,
        (K::For(a), K::For(b)) => {
            a.key_var == b.key_var
                && a.value_var == b.value_var
                && a.grouping == b.grouping
                && a.key.is_some() == b.key.is_some()
                && a.cond.is_some() == b.cond.is_some()
        }
        _ => false,
    }
}

/// The content of a part besides its expressions: texts and a number for its form.
fn template_text(part: &TemplatePart) -> (&str, &str, usize) {
    match part {
        TemplatePart::Literal(text, _) => (text, "", 0),
        TemplatePart::Interpolation(_) => ("", "", 1),
        TemplatePart::If { no, .. } => ("", "", 2 + usize::from(no.is_some())),
        TemplatePart::For(part) => (&part.each.value_var, part.each.key_var.as_deref().unwrap_or_default(), 4),
    }
}

fn step_names<'a>(steps: &'a [Step]) -> Vec<(&'a str, usize)> {
    let names = |step: &'a Step| match step {
        Step::Attr(name) => vec![(name.as_str(), 0)],
        Step::Index(_) => vec![("", 1)],
        Step::Splat => vec![("", 2)],
        Step::ListOf(own) => [vec![("", 3 + own.len())], step_names(own)].concat(),
    };
    steps.iter().flat_map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, splice};
    use crate::syntax::parse;

    /// Counts of added, replaced and removed nodes; `None` if the trees differ in more.
    fn counts(text: &str, splices: &[Splice]) -> Option<(usize, usize, usize)> {
        let before = parse(&SourceFile::new("a", text)).body;
        let after = parse(&SourceFile::new("a", splice(text, splices)?)).body;
        let found = difference(&before, &after, splices)?;
        Some((found.added.len(), found.replaced.len(), found.removed.len()))
    }

    #[test]
    fn whole_nodes_may_come_change_and_go() {
        let text = "a = [x, y]\nb = 1\n";
        let at = |from: &str, to: &str| {
            let start = text.find(from).expect("part of the text");
            Splice::new(Span::new(start, start + from.len()), to)
        };
        assert_eq!(counts(text, &[]), Some((0, 0, 0)));
        assert_eq!(counts(text, &[at("1", "2")]), Some((0, 1, 0)));
        assert_eq!(counts(text, &[at("y", "2")]), Some((0, 1, 0)));
        assert_eq!(counts(text, &[at(", y", "")]), Some((0, 0, 1)));
        assert_eq!(counts(text, &[Splice::new(Span::empty(text.len()), "c = 1\n")]), Some((1, 0, 0)));
    }

    #[test]
    fn anything_else_is_refused() {
        let text = "a = [x, y]\nb = 1\nc = \"v\"\n";
        let at = |from: &str, to: &str| {
            let start = text.find(from).expect("part of the text");
            Splice::new(Span::new(start, start + from.len()), to)
        };
        for change in [at("b", "d"), at("x", "x, z"), at("v", "w"), at("b = 1\n", ""), at("= 1", "= 1 + 1")] {
            assert_eq!(counts(text, std::slice::from_ref(&change)), None, "{change:?}");
        }
    }
}

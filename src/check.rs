//! The verdict of each notebook: a [`Finding`] with its fix.

mod change_ignored;

use crate::control;
use crate::finding::{Finding, Problem, Rule, Status, Value, ValueTrace};
use crate::fix::{Applicability, Edit, Fix};
use crate::model::overrides::own_attribute;
use crate::source::{FileId, Location, SourceFile, Span, Splice};
use crate::syntax::layout::{insert_attribute, replace_expression};
use crate::syntax::tree::{Attribute, Block, Body};
use crate::value::{Literal, Unknown, literal};

/// Judges every notebook of a file, in source order.
///
/// A finding's status is [`Status::Compliant`] or [`Status::Review`]; whether its fix is applied is decided later.
/// Resource blocks of the right type that are no proper Terraform come back as problems.
#[must_use]
pub fn check(id: FileId, file: &SourceFile, body: &Body) -> (Vec<Finding>, Vec<Problem>) {
    let mut findings = Vec::new();
    let mut problems = Vec::new();
    for block in body.blocks_of("resource").filter(|block| is_notebook(block)) {
        if let [_, name] = block.labels.as_slice() {
            let checker = Checker { id, file, body, block, name: &name.text };
            findings.extend(checker.findings());
        } else {
            problems.push(Problem {
                file: file.path().to_string(),
                position: Some(file.position(block.span.start)),
                message: "a resource block takes two labels, its type and its name; this one is not judged".to_owned(),
            });
        }
    }
    (findings, problems)
}

/// Whether a resource block creates a notebook instance.
#[must_use]
pub fn is_notebook(block: &Block) -> bool {
    block.labels.first().is_some_and(|label| control::RESOURCE_TYPES.contains(&label.text.as_str()))
}

struct Checker<'a> {
    id: FileId,
    file: &'a SourceFile,
    body: &'a Body,
    block: &'a Block,
    name: &'a str,
}

/// A verdict before it is made a finding.
struct Verdict {
    rule: Option<Rule>,
    message: String,
    fix: Option<Fix>,
    anchor: Span,
}

impl Checker<'_> {
    /// One finding on the value, and one on `ignore_changes` where it covers the argument. The second stands alone if
    /// the value complies.
    fn findings(&self) -> Vec<Finding> {
        let (verdict, value) = match own_attribute(self.block, control::ATTRIBUTE) {
            None => self.missing(),
            Some(attribute) => match literal(&attribute.value) {
                Ok(value) => self.known(attribute, value),
                Err(unknown) => self.undetermined(attribute, &unknown),
            },
        };
        let ignored = self.change_ignored();
        let mut findings = Vec::new();
        if verdict.rule.is_some() || ignored.is_none() {
            findings.push(self.finding(verdict, value.clone()));
        }
        findings.extend(ignored.map(|verdict| self.finding(verdict, value)));
        findings
    }

    fn finding(&self, verdict: Verdict, value: ValueTrace) -> Finding {
        Finding {
            address: format!("{}.{}", self.block.labels[0].text, self.name),
            location: self.location(self.block.span),
            anchor: self.location(verdict.anchor),
            status: if verdict.rule.is_none() { Status::Compliant } else { Status::Review },
            rule: verdict.rule,
            message: verdict.message,
            values: vec![value],
            fix: verdict.fix,
            suppression: None,
        }
    }

    fn location(&self, span: Span) -> Location {
        Location { file: self.id, span }
    }

    fn trace(&self, value: Value, origin: Span) -> ValueTrace {
        ValueTrace { value, origin: self.location(origin), hops: Vec::new(), path: String::new() }
    }

    /// From the block type to the end of the last label.
    fn header(&self) -> Span {
        let end = self.block.labels.last().map_or(self.block.kind.span.end, |label| label.span.end);
        // In JSON, several blocks may stand behind one name.
        if end > self.block.span.start { Span::new(self.block.span.start, end) } else { self.block.span }
    }

    fn missing(&self) -> (Verdict, ValueTrace) {
        let splices =
            insert_attribute(self.file, self.body, self.block, control::ATTRIBUTE, control::COMPLIANT_LITERAL);
        let verdict = Verdict {
            rule: Some(Rule::Missing),
            message: format!(
                "{} is not set, and the provider's default is {:?}",
                control::ATTRIBUTE,
                control::NON_COMPLIANT
            ),
            fix: (!splices.is_empty()).then(|| {
                let title = format!("insert {} = {}", control::ATTRIBUTE, control::COMPLIANT_LITERAL);
                self.fix(title, Applicability::Safe, splices)
            }),
            anchor: self.header(),
        };
        (verdict, self.trace(Value::Null, self.block.span))
    }

    fn known(&self, attribute: &Attribute, value: Literal) -> (Verdict, ValueTrace) {
        let origin = attribute.value.span;
        let (value, rule) = match value.into_string() {
            None => (Value::Null, Some(Rule::Null)),
            Some(text) if text == control::COMPLIANT => (Value::Known(text), None),
            Some(text) if text == control::NON_COMPLIANT => (Value::Known(text), Some(Rule::Enabled)),
            Some(text) => (Value::Known(text), Some(Rule::Invalid)),
        };
        let message = match (&value, rule) {
            (_, None) => format!("{} is {:?}", control::ATTRIBUTE, control::COMPLIANT),
            (Value::Known(text), Some(Rule::Invalid)) => format!(
                "{} is {text:?}, which is neither {:?} nor {:?}",
                control::ATTRIBUTE,
                control::COMPLIANT,
                control::NON_COMPLIANT
            ),
            (Value::Known(text), _) => format!("{} is {text:?}", control::ATTRIBUTE),
            _ => format!(
                "{} is null, which means the provider's default, {:?}",
                control::ATTRIBUTE,
                control::NON_COMPLIANT
            ),
        };
        let fix = rule.map(|_| self.replace(attribute, Applicability::Safe));
        (Verdict { rule, message, fix, anchor: origin }, self.trace(value, origin))
    }

    fn undetermined(&self, attribute: &Attribute, unknown: &Unknown) -> (Verdict, ValueTrace) {
        let origin = attribute.value.span;
        let expression = one_line(self.file.slice(origin));
        let part = one_line(self.file.slice(unknown.span));
        let reason = if part == expression {
            format!("its value, {expression}, is {}", unknown.what)
        } else {
            format!("its value, {expression}, depends on {} ({part})", unknown.what)
        };
        let verdict = Verdict {
            rule: Some(Rule::Undetermined),
            message: format!("{} cannot be determined: {reason}", control::ATTRIBUTE),
            fix: Some(self.replace(attribute, Applicability::Unsafe)),
            anchor: origin,
        };
        (verdict, self.trace(Value::Unknown(reason), origin))
    }

    fn replace(&self, attribute: &Attribute, applicability: Applicability) -> Fix {
        let splices =
            replace_expression(self.file, self.body, self.block, &attribute.value, control::COMPLIANT_LITERAL);
        let title = format!("set {} = {}", control::ATTRIBUTE, control::COMPLIANT_LITERAL);
        self.fix(title, applicability, splices)
    }

    fn fix(&self, title: String, applicability: Applicability, splices: Vec<Splice>) -> Fix {
        let edits = splices.into_iter().map(|splice| Edit { file: self.id, splice }).collect();
        Fix { title, applicability, edits }
    }
}

/// Source text as it fits into a sentence: white space folded, and cut after 60 characters.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= LONGEST {
        return folded;
    }
    let cut: String = folded.chars().take(LONGEST).collect();
    format!("{cut}…")
}

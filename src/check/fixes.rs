//! The fixes of a notebook, and what keeps them from being made.

use std::collections::BTreeSet;

use super::Editing;
use super::notebook::Notebook;
use super::verdict::{Judged, Verdict};
use crate::control;
use crate::finding::Exception;
use crate::fix::{Applicability, Edit, Fix, Intent};
use crate::model::overrides::Placed;
use crate::repair::{Patient, Repair, complies};
use crate::source::{FileId, Location, Splice};
use crate::syntax::layout::{replace_expressions, replaceable, written};
use crate::syntax::tree::{Attribute, Block};

impl<'a> Notebook<'_, '_, 'a> {
    /// Makes the fix of a verdict one that is only ever shown, because of a pinned version of the provider.
    pub(super) fn only_show(&self, verdict: &mut Verdict, pin: Location) {
        let Some(fix) = &mut verdict.fix else { return };
        fix.applicability = Applicability::DisplayOnly;
        verdict.fallback = None;
        let source = self.source(pin.file);
        let line = source.line_of(pin.span.start);
        verdict.message =
            format!("{}; the provider is too old for the fix ({}:{line})", verdict.message, source.path());
    }

    /// Why files that would have to change are left alone, to be added to a message.
    pub(super) fn hindered(&self, files: &BTreeSet<FileId>) -> String {
        let view = self.evaluator.workspace().view();
        let kept_from = |why: Editing| {
            let file = files.iter().find(|&&file| (self.scope.editing)(file) == why)?;
            Some(view.source(*file).path())
        };
        if let Some(path) = kept_from(Editing::Generated) {
            return format!("; {path} is generated (CDK for Terraform), so fix its source instead");
        }
        if let Some(path) = kept_from(Editing::GitIgnored) {
            return format!("; git ignores {path}, so that a fix there would reach no commit");
        }
        if let Some(path) = kept_from(Editing::NotUtf8) {
            return format!("; {path} has bytes that are not UTF-8, so it is not edited: convert it first");
        }
        let mut paths: Vec<&str> = files.iter().map(|&file| view.source(file).path().as_str()).collect();
        paths.sort_unstable();
        let paths = paths.join(" and ");
        format!("; the fix would have to change {paths}, which this run may not edit")
    }

    /// A fix of all instances at once in the notebook's own file, if that may be edited and none of them keeps what it
    /// has; else the reason, to be added to a message.
    pub(super) fn for_all(
        &self,
        judged: &Judged<'_>,
        file: FileId,
        fix: impl FnOnce() -> Option<Fix>,
    ) -> (String, Option<Fix>) {
        match judged.kept.iter().find(|arrival| !complies(arrival)).and_then(|arrival| arrival.exception.as_ref()) {
            Some(exception) => (self.withheld(exception), None),
            None if !self.scope.may_edit(file) => (self.hindered(&[file].into()), None),
            None => (String::new(), fix()),
        }
    }

    /// The reason why a fix is not made.
    fn withheld(&self, exception: &Exception) -> String {
        let Location { file, span } = exception.by.location;
        let line = self.source(file).line_of(span.start);
        format!("; a fix here would also change instances that are suppressed at {}:{line}", self.source(file).path())
    }

    /// The repair of values that come from elsewhere.
    pub(super) fn repair(&self, attribute: Placed<'a, Attribute>, judged: &Judged<'_>) -> Repair {
        let patient = Patient {
            memory: self.memory,
            workspace: self.evaluator.workspace(),
            module: self.module,
            resource: self.resource,
            attribute,
            editable: &|file| self.scope.may_edit(file),
            is_git_ignored: &|file| (self.scope.editing)(file) == Editing::GitIgnored,
        };
        patient.repair(&judged.open, &judged.kept)
    }

    /// The literal in the place of the attribute's value, if its file may be edited.
    pub(super) fn editable_fix(&self, attribute: Placed<'a, Attribute>, applicability: Applicability) -> Option<Fix> {
        let Placed { file, node } = attribute;
        self.scope.may_edit(file).then(|| {
            let place = replaceable(self.source(file), &node.value);
            let change = (place.span, control::COMPLIANT_LITERAL.to_owned());
            let splices = replace_expressions(self.source(file), self.body(file), &[change]);
            let title = format!("set {} = {}", control::ATTRIBUTE, control::COMPLIANT_LITERAL);
            let text = written(self.source(file), place.span, control::COMPLIANT_LITERAL);
            fix(title, applicability, file, Intent::Replace { expression: place.span, text }, splices)
        })
    }

    pub(super) fn literal_on_resource(&self, applicability: Applicability) -> Option<Fix> {
        self.editable_fix(self.resource.attribute(control::ATTRIBUTE)?, applicability)
    }
}

/// A fix that does one thing in one file.
pub(super) fn fix(
    title: String,
    applicability: Applicability,
    file: FileId,
    intent: Intent,
    splices: Vec<Splice>,
) -> Fix {
    let edits = splices.into_iter().map(|splice| Edit { file, splice }).collect();
    Fix::new(title, applicability, vec![(file, intent)], edits)
}

/// One more argument with the compliant value.
pub(super) fn insertion(block: &Block, key: &str) -> Intent {
    Intent::Insert { block: block.span, key: key.to_owned(), value: control::COMPLIANT_LITERAL.to_owned() }
}

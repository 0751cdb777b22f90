//! The verdict of one notebook.

use std::collections::BTreeSet;

use super::verdict::{Judged, Verdict};
use super::wording::{own_literal, quoted};
use super::{Editing, Listing, Scope};
use crate::control;
use crate::finding::{self, Exception, Finding, FixState, Names, Subject, Value, ValueTrace};
use crate::fix::{Applicability, Edit, Fix, Intent};
use crate::model::overrides::{Layered, Placed};
use crate::model::{Exceptions, Module};
use crate::options::FixAt;
use crate::repair::{Memory, Patient, Repair, complies, demand};
use crate::rules::{Rule, Severity};
use crate::source::{FileId, Location, SourceFile, Span, Splice};
use crate::syntax::layout::{insert_attribute, replace_expressions, replaceable, written};
use crate::syntax::tree::{Attribute, Block, Body, Expr};
use crate::value::{Arrival, Arrived, Data, Evaluator, needs};

/// A rule on a notebook, given the verdict on its value.
type Judge = fn(&Notebook<'_, '_, '_>, &Verdict) -> Option<Verdict>;

/// The rules on a notebook besides those on its value.
const FURTHER: [Judge; 2] =
    [|notebook, on_value| notebook.change_ignored(on_value), |notebook, on_value| notebook.provider_too_old(on_value)];

/// A notebook as one program loads it.
pub(super) struct Notebook<'s, 'w, 'a> {
    pub(super) evaluator: &'s Evaluator<'w, 'a>,
    pub(super) module: &'w Module<'a>,
    pub(super) resource: &'w Layered<'a>,
    pub(super) scope: &'s Scope<'s>,
    pub(super) memory: &'s Memory,
}

/// The findings on a notebook, given as each program that loads it sees it: one on the value, and those of
/// [`FURTHER`] rules, which stand alone if the value complies.
pub(super) fn findings(programs: &[Notebook<'_, '_, '_>]) -> Vec<Finding> {
    let Some(notebook) = programs.first() else { return Vec::new() };
    let mut verdicts: Vec<Verdict> =
        programs.iter().map(|program| program.unless_demanded(program.verdict())).collect();
    let is_bad = |verdict: &Verdict| verdict.rule.is_some();
    // What is known to be bad comes before what is not known, and else what is seen first.
    let severity = |place: &usize| verdicts[*place].rule.map(Rule::severity);
    let worst = (0..verdicts.len()).rev().max_by_key(severity).unwrap_or(0);
    let differ = verdicts.iter().filter(|verdict| is_bad(verdict)).any(|other| other.values != verdicts[worst].values);
    // Two programs, two origins: only the resource itself decides, where each of them looks.
    let on_resource = differ.then(|| {
        let bad = programs.iter().zip(&verdicts).filter(|(_, verdict)| is_bad(verdict));
        let fixes = bad.map(|(program, verdict)| {
            let fix = verdict.fix.clone()?;
            Some(program.literal_on_resource(fix.applicability).unwrap_or(fix))
        });
        fixes.collect::<Option<Vec<Fix>>>()?.into_iter().reduce(Fix::and)
    });
    let mut verdict = verdicts.swap_remove(worst);
    if let Some(fix) = on_resource {
        (verdict.fix, verdict.fallback) = (fix, None);
    }
    for other in verdicts {
        verdict.include(other);
    }
    let mut further: Vec<Verdict> = FURTHER.iter().filter_map(|judge| judge(notebook, &verdict)).collect();
    let too_old = further.iter().find(|verdict| verdict.rule == Some(Rule::ProviderTooOld));
    if let Some(pin) = too_old.map(|verdict| verdict.anchor) {
        std::iter::once(&mut verdict).chain(&mut further).for_each(|verdict| notebook.only_show(verdict, pin));
    }
    let mut findings = Vec::new();
    if verdict.rule.is_some() || further.is_empty() {
        findings.push(notebook.finding(verdict));
    }
    findings.extend(further.into_iter().map(|verdict| notebook.finding(verdict)));
    if notebook.scope.listing >= Listing::Names {
        let mut names = Names::default();
        for program in programs {
            program.add_names(&mut names);
        }
        for told in findings.iter_mut().filter_map(Finding::notebook_mut) {
            told.names = names.clone();
        }
    }
    findings
}

impl<'a> Notebook<'_, '_, 'a> {
    /// Adds the names that the instances have in this program.
    fn add_names(&self, names: &mut Names) {
        let attribute = control::NAME_ATTRIBUTES.iter().find_map(|name| self.resource.attribute(name));
        let Some(attribute) = attribute else {
            names.is_open = true;
            return;
        };
        let Arrived { arrivals, instances } = self.evaluator.arrived(self.module, self.resource, Some(attribute));
        for (place, arrival) in arrivals.iter().enumerate() {
            let Some(Some(name)) = arrival.known().filter(|_| !arrival.value.sensitive) else {
                names.is_open = true;
                continue;
            };
            let with_name = instances.listed.iter().filter(|instance| instance.values.as_slice() == [place]);
            let with_name = with_name.map(|instance| (instance.program.folder.clone(), instance.address.clone()));
            names.known.entry(name.clone()).or_default().extend(with_name);
        }
    }

    fn finding(&self, verdict: Verdict) -> Finding {
        let labels = &self.resource.base.node.labels;
        Finding {
            rule: verdict.rule,
            severity: verdict.rule.map_or(Severity::Note, Rule::severity),
            message: verdict.message,
            anchor: verdict.anchor,
            subject: Subject::Notebook(finding::Notebook {
                address: format!("{}.{}", labels[0].text, labels[1].text),
                location: super::base(self.resource),
                values: verdict.values,
                instances: verdict.instances,
                names: Names::default(),
                fallback: verdict.fallback,
            }),
            fix: verdict.fix,
            fix_state: FixState::Left,
            suppression: None,
        }
    }

    /// Makes the fix of a verdict one that is only ever shown, because of a pinned version of the provider.
    fn only_show(&self, verdict: &mut Verdict, pin: Location) {
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

    pub(super) fn source(&self, file: FileId) -> &SourceFile {
        self.evaluator.workspace().view().source(file)
    }

    pub(super) fn body(&self, file: FileId) -> &Body {
        &self.evaluator.workspace().view().syntax(file).body
    }

    fn verdict(&self) -> Verdict {
        let attribute = self.resource.attribute(control::ATTRIBUTE);
        let mut arrived = self.arrived(attribute);
        let judge = |judged: &Judged<'_>| match attribute {
            Some(attribute) => self.verdict_on(attribute, judged),
            None => self.missing(judged),
        };
        let all = |arrived: &Arrived| judge(&Judged { arrived, open: arrived.arrivals.clone(), kept: Vec::new() });
        let mut whole = all(&arrived);
        // A value that complies may still have something else wrong, which exceptions cover as well.
        let further = || {
            let is_concerned = self.has_exceptions() || self.resource.ignore_changes().is_some();
            let mut judges = FURTHER.iter().filter(|_| is_concerned);
            judges.find_map(|judge| judge(self, &whole)?.rule)
        };
        let Some(rule) = whole.rule.or_else(further) else { return whole };
        // A comment on a call is found on the way to the instances, which nobody may have asked for yet.
        if !self.has_exceptions() && self.scope.listing != Listing::Nothing && self.evaluator.excepts(self.module) {
            arrived = self.arrived(attribute);
            whole = all(&arrived);
        }
        let covers = |arrival: &Arrival| arrival.exception.as_ref().is_some_and(|exception| exception.covers(rule));
        let (kept, open): (Vec<&Arrival>, Vec<&Arrival>) = arrived.arrivals.iter().partition(|arrival| covers(arrival));
        let [kept, open] = [kept, open].map(|part| part.into_iter().cloned().collect::<Vec<Arrival>>());
        if kept.is_empty() {
            return whole;
        }
        let mut verdict = if whole.rule.is_none() || open.iter().all(complies) {
            Verdict { fix: None, fallback: None, ..whole }
        } else {
            judge(&Judged { arrived: &arrived, open, kept })
        };
        for (trace, arrival) in verdict.values.iter_mut().zip(&arrived.arrivals) {
            trace.exception = arrival.exception.clone().filter(|_| covers(arrival));
        }
        verdict
    }

    /// The verdict on the values that no exception covers.
    fn verdict_on(&self, attribute: Placed<'a, Attribute>, judged: &Judged<'_>) -> Verdict {
        let Judged { arrived: Arrived { arrivals: all, instances }, open: arrivals, .. } = judged;
        let values: Vec<ValueTrace> = all.iter().map(trace).collect();
        let anchor = Location { file: attribute.file, span: attribute.node.value.span };
        let (known_values, known_instances) = (&values, instances);
        let verdict = |rule, message, fix| Verdict {
            rule,
            message,
            fix,
            fallback: None,
            anchor,
            values: known_values.clone(),
            instances: known_instances.clone(),
        };

        if let Some(unknown) = arrivals.iter().find(|arrival| arrival.known().is_none()) {
            let (why_not, fix) =
                self.for_all(judged, attribute.file, || self.editable_fix(attribute, Applicability::Unsafe));
            // What is known to be wrong is not hidden by what is not known.
            let known = arrivals.iter().find(|arrival| is_certain(arrival) && attribute.node.value.refers());
            return match known {
                Some(bad) => {
                    let message = self.counted(arrivals, &values, instances, bad, unknown);
                    match self.known_part(attribute, judged) {
                        Some((what, part)) => {
                            Verdict { fallback: fix, ..verdict(Some(Rule::ViaReference), message + &what, Some(part)) }
                        }
                        None => verdict(Some(Rule::ViaReference), message + &why_not, fix),
                    }
                }
                None => verdict(Some(Rule::Undetermined), self.undetermined(unknown) + &why_not, fix),
            };
        }
        let Some(bad) = arrivals.iter().find(|arrival| !complies(arrival)) else {
            return verdict(None, format!("{} is {:?}", control::ATTRIBUTE, control::COMPLIANT), None);
        };
        let certain = arrivals.iter().any(is_certain);
        if !certain {
            let (why_not, fix) =
                self.for_all(judged, attribute.file, || self.editable_fix(attribute, Applicability::Unsafe));
            return verdict(Some(Rule::Undetermined), self.undetermined(bad) + &why_not, fix);
        }
        if !attribute.node.value.refers() {
            let (rule, message) = own_literal(bad);
            let (why_not, fix) =
                self.for_all(judged, attribute.file, || self.editable_fix(attribute, Applicability::Safe));
            return verdict(Some(rule), message + &why_not, fix);
        }
        let (message, fix, fallback) = self.by_reference(attribute, judged, bad);
        Verdict { fallback, ..verdict(Some(Rule::ViaReference), message, fix) }
    }

    /// A fix of all instances at once in the notebook's own file, if that may be edited and none of them keeps what it
    /// has; else the reason, to be added to a message.
    fn for_all(&self, judged: &Judged<'_>, file: FileId, fix: impl FnOnce() -> Option<Fix>) -> (String, Option<Fix>) {
        match judged.kept.iter().find(|arrival| !complies(arrival)).and_then(|arrival| arrival.exception.as_ref()) {
            Some(exception) => (self.withheld(exception), None),
            None if !self.scope.may_edit(file) => (self.hindered(&[file].into()), None),
            None => (String::new(), fix()),
        }
    }

    /// Why a fix is not made.
    fn withheld(&self, exception: &Exception) -> String {
        let Location { file, span } = exception.by.location;
        let line = self.source(file).line_of(span.start);
        format!("; a fix here would also change instances that are suppressed at {}:{line}", self.source(file).path())
    }

    /// The values that arrive at the attribute, if there is one, with the instances where they are asked for.
    fn arrived(&self, attribute: Option<Placed<'a, Attribute>>) -> Arrived {
        let is_followed = attribute.is_some_and(|attribute| attribute.node.value.refers());
        let lists = match self.scope.listing {
            Listing::Nothing => false,
            Listing::Followed => is_followed,
            Listing::Instances | Listing::Names => true,
        };
        match attribute {
            attribute if lists || attribute.is_none() && self.has_exceptions() => {
                self.evaluator.arrived(self.module, self.resource, attribute)
            }
            Some(attribute) => {
                let arrivals = self.evaluator.arrivals(self.module, self.resource, attribute);
                Arrived { arrivals, ..Arrived::default() }
            }
            None => Arrived::default(),
        }
    }

    /// Whether some instances may be excepted.
    fn has_exceptions(&self) -> bool {
        self.evaluator.workspace().exceptions().is_some_and(Exceptions::are_there)
    }

    /// Loads every module that has a say in the value.
    pub(super) fn look_around(&self) {
        if let Some(attribute) = self.resource.attribute(control::ATTRIBUTE).filter(|_| hangs(self.resource)) {
            self.evaluator.arrivals(self.module, self.resource, attribute);
        }
    }

    /// Whether the value hangs on a variable of the module, which calls set.
    pub(super) fn is_fed_by_callers(&self) -> bool {
        let names = [control::ATTRIBUTE, "for_each", "count"];
        let deciding = names.into_iter().filter_map(|name| self.resource.attribute(name));
        let expressions: Vec<&Expr> = deciding.map(|attribute| &attribute.node.value).collect();
        self.resource.attribute(control::ATTRIBUTE).is_some() && !needs(self.module, &expressions).is_empty()
    }

    /// A verdict without its fix, if code that needs root would fail with it.
    fn unless_demanded(&self, verdict: Verdict) -> Verdict {
        let demanded = || demand(self.evaluator, self.module, self.resource);
        let Some(Location { file, span }) = verdict.fix.as_ref().and_then(|_| demanded()) else { return verdict };
        let source = self.source(file);
        let place = format!("{}:{}", source.path(), source.position(span.start).line);
        let message = format!("{}; {place} depends on it, so that a fix needs a change there too", verdict.message);
        Verdict { fix: None, message, ..verdict }
    }

    /// From the block type to the end of the last label.
    fn header(&self) -> Location {
        let Placed { file, node } = self.resource.base;
        let end = node.labels.last().map_or(node.kind.span.end, |label| label.span.end);
        // In JSON, several blocks may stand behind one name.
        let span = if end > node.span.start { Span::new(node.span.start, end) } else { node.span };
        Location { file, span }
    }

    fn missing(&self, judged: &Judged<'_>) -> Verdict {
        let Placed { file, node } = self.resource.base;
        let splices =
            insert_attribute(self.source(file), self.body(file), node, control::ATTRIBUTE, control::COMPLIANT_LITERAL);
        let title = format!("insert {} = {}", control::ATTRIBUTE, control::COMPLIANT_LITERAL);
        let possible = !splices.is_empty();
        let default = control::NON_COMPLIANT;
        let origin = super::base(self.resource);
        let inserted =
            || possible.then(|| fix(title, Applicability::Safe, file, insertion(node, control::ATTRIBUTE), splices));
        let (why_not, fix) = self.for_all(judged, file, inserted);
        let mut values: Vec<ValueTrace> = judged.arrived.arrivals.iter().map(trace).collect();
        if values.is_empty() {
            let (hops, path) = (Vec::new(), String::new());
            values.push(ValueTrace { value: Value::Null, origin, hops, path, exception: None });
        }
        Verdict {
            rule: Some(Rule::Missing),
            message: format!("{} is not set, and the provider's default is {default:?}{why_not}", control::ATTRIBUTE),
            fix,
            fallback: None,
            anchor: self.header(),
            values,
            instances: judged.arrived.instances.clone(),
        }
    }

    /// The message, the fix and its fallback for a known bad value that arrives from elsewhere.
    fn by_reference(
        &self,
        attribute: Placed<'a, Attribute>,
        judged: &Judged<'_>,
        bad: &Arrival,
    ) -> (String, Option<Fix>, Option<Fix>) {
        let arrivals = &judged.open;
        let value = quoted(bad).unwrap_or_else(|| format!("null, which means {:?},", control::NON_COMPLIANT));
        let message = format!("{} gets {value} from {}", control::ATTRIBUTE, self.origins(arrivals, bad));
        let (why_not, is_possible) =
            self.for_all(judged, attribute.file, || self.editable_fix(attribute, Applicability::Safe));
        let on_resource = || is_possible.clone();
        if self.scope.fix_at == FixAt::Resource {
            return (message + &why_not, on_resource(), None);
        }
        let own = Location { file: attribute.file, span: attribute.node.value.span };
        let repair = match self.repair(attribute, judged) {
            Repair::Origin(changes, why) => {
                let changes = self.collapsed(changes);
                if changes.literals.contains_key(&own) {
                    Repair::Resource(why.unwrap_or_else(|| "the value is an expression of literals".to_owned()))
                } else {
                    Repair::Origin(changes, why)
                }
            }
            repair => repair,
        };
        match repair {
            Repair::Origin(changes, _) => {
                let unused = self.unused_without(&changes.literals.keys().copied().collect::<Vec<_>>());
                (message + &unused, Some(self.at_origin(&changes)), on_resource())
            }
            Repair::Resource(why) => match on_resource() {
                Some(fix) => {
                    let unused = self.unused_without(&[own]);
                    let message = format!("{message}; it is set here, not where it comes from, because {why}{unused}");
                    (message, Some(fix), None)
                }
                None => (message + &why_not, None, None),
            },
            // Of all reasons, that the paths leave a file out is the one to give where it is the only one: a run over
            // more paths makes the fix.
            Repair::OutOfScope(files) => match (self.scope.editing)(attribute.file) {
                Editing::Allowed | Editing::OutOfScope => (message + &self.hindered(&files), None, None),
                _ => (message + &why_not, None, None),
            },
            Repair::Part { changes, left, .. } if left.iter().all(|arrival| judged.kept.contains(arrival)) => {
                (message, Some(self.at_origin(&self.collapsed(changes))), None)
            }
            Repair::Part { changes, left, out_of_scope } => {
                let message = message + &self.divided(&changes, &left);
                let message = if out_of_scope.is_empty() { message } else { message + &self.hindered(&out_of_scope) };
                (message, Some(self.at_origin(&self.collapsed(changes)).in_part()), None)
            }
            Repair::Nothing => (message + &why_not, None, None),
        }
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
    fn editable_fix(&self, attribute: Placed<'a, Attribute>, applicability: Applicability) -> Option<Fix> {
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

    fn literal_on_resource(&self, applicability: Applicability) -> Option<Fix> {
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

/// Whether a value is known not to comply.
fn is_certain(arrival: &Arrival) -> bool {
    arrival.known().is_some() && !complies(arrival) && arrival.value.uncertain.is_none()
}

/// Whether a resource is a notebook whose `root_access` other code decides.
pub(super) fn hangs(resource: &Layered<'_>) -> bool {
    super::is_notebook(resource.base.node)
        && resource.attribute(control::ATTRIBUTE).is_some_and(|attribute| attribute.node.value.refers())
}

fn trace(arrival: &Arrival) -> ValueTrace {
    let value = match (&arrival.value.data, arrival.known()) {
        (_, Some(Some(_))) if arrival.value.sensitive => Value::Sensitive(complies(arrival)),
        (_, Some(Some(_))) => Value::Known(arrival.value.shown().unwrap_or_default()),
        (_, Some(None)) => Value::Null,
        (Data::Unknown(why) | Data::Error(why), _) => Value::Unknown(why.clone()),
        _ => Value::Unknown("a collection".to_owned()),
    };
    let hops = arrival.value.hops.iter().rev().cloned().collect();
    let origin = arrival.value.origin.location;
    ValueTrace { value, origin, hops, path: arrival.path.clone(), exception: None }
}

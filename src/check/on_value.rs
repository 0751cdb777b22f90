//! The verdict on a notebook's value.

use super::fixes::{fix, insertion};
use super::notebook::{FURTHER, Notebook};
use super::verdict::{Judged, Verdict};
use super::wording::{own_literal, quoted};
use super::{Editing, Listing};
use crate::control;
use crate::finding::{Value, ValueTrace};
use crate::fix::{Applicability, Fix};
use crate::model::overrides::Placed;
use crate::options::FixAt;
use crate::repair::{Repair, complies, demand};
use crate::rules::Rule;
use crate::source::{Location, Span};
use crate::syntax::layout::insert_attribute;
use crate::syntax::tree::Attribute;
use crate::value::{Arrival, Arrived, Data};

impl<'a> Notebook<'_, '_, 'a> {
    /// The verdict on the value; what exceptions cover is left as it is.
    pub(super) fn verdict(&self) -> Verdict {
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

    /// A verdict without its fix, if an override file that cannot be read may say something else: no edit decides then.
    pub(super) fn unless_overridden(&self, verdict: Verdict) -> Verdict {
        let Some(name) = self.resource.base.node.labels.last().filter(|_| verdict.fix.is_some()) else {
            return verdict;
        };
        let gaps = self.evaluator.workspace().gaps_of_overrides(self.module, &name.text);
        let Some(gap) = gaps.first() else { return verdict };
        let message = match verdict.rule {
            Some(Rule::Missing) => format!("{}; it may be set in {}", verdict.message, gap.why),
            _ => verdict.message,
        };
        Verdict { fix: None, fallback: None, message, ..verdict }
    }

    /// A verdict without its fix, if code that needs root would fail with it.
    pub(super) fn unless_demanded(&self, verdict: Verdict) -> Verdict {
        let demanded = || demand(self.evaluator.workspace(), self.module, self.resource);
        let Some(Location { file, span }) = verdict.fix.as_ref().and_then(|_| demanded()) else { return verdict };
        let source = self.source(file);
        let place = format!("{}:{}", source.path(), source.position(span.start).line);
        let message = format!("{}; {place} depends on it, so that a fix needs a change there too", verdict.message);
        Verdict { fix: None, message, ..verdict }
    }

    /// From the block type to the end of the last label.
    pub(super) fn header(&self) -> Location {
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
}

/// Whether a value is known not to comply.
fn is_certain(arrival: &Arrival) -> bool {
    arrival.known().is_some() && !complies(arrival) && arrival.value.uncertain.is_none()
}

fn trace(arrival: &Arrival) -> ValueTrace {
    let value = match (&arrival.value.data, arrival.known()) {
        (_, Some(Some(_))) if arrival.value.sensitive => Value::Sensitive(complies(arrival)),
        (_, Some(Some(_))) => Value::Known(arrival.value.shown().unwrap_or_default()),
        (_, Some(None)) => Value::Null,
        (Data::Unknown(why) | Data::Error(why), _) => Value::Unknown(why.clone()),
        _ => Value::Unknown("a collection".to_owned()),
    };
    let hops = arrival.value.hops.iter().cloned().collect();
    let origin = arrival.value.origin.location;
    ValueTrace { value, origin, hops, path: arrival.path.clone(), exception: None }
}

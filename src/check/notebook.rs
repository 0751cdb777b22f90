//! The verdict of one notebook.

use super::verdict::Verdict;
use super::{Listing, Scope};
use crate::control;
use crate::finding::{self, Finding, FixState, Names, Subject};
use crate::fix::Fix;
use crate::model::overrides::{Layered, Placed};
use crate::model::{Exceptions, Module};
use crate::repair::{Memory, complies};
use crate::rules::{Rule, Severity};
use crate::source::{FileId, SourceFile};
use crate::syntax::tree::{Attribute, Body, Expr};
use crate::value::{Arrived, Evaluator};

/// A rule on a notebook, given the verdict on its value.
pub(super) type Judge = fn(&Notebook<'_, '_, '_>, &Verdict) -> Option<Verdict>;

/// The rules on a notebook besides those on its value.
pub(super) const FURTHER: [Judge; 2] =
    [|notebook, on_value| notebook.change_ignored(on_value), |notebook, on_value| notebook.provider_too_old(on_value)];

/// A notebook as one program loads it.
pub(super) struct Notebook<'s, 'w, 'a> {
    pub(super) evaluator: &'s Evaluator<'w, 'a>,
    pub(super) module: &'w Module<'a>,
    pub(super) resource: &'w Layered<'a>,
    pub(super) scope: &'s Scope<'s>,
    pub(super) memory: &'s Memory<'w, 'a>,
}

/// The findings on a notebook, given as each program that loads it sees it: one on the value, and those of
/// [`FURTHER`] rules, which stand alone if the value complies.
pub(super) fn findings(programs: &[Notebook<'_, '_, '_>]) -> Vec<Finding> {
    let Some(notebook) = programs.first() else { return Vec::new() };
    let mut verdicts: Vec<Verdict> =
        programs.iter().map(|program| program.unless_demanded(program.unless_overridden(program.verdict()))).collect();
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

    pub(super) fn source(&self, file: FileId) -> &SourceFile {
        self.evaluator.workspace().view().source(file)
    }

    pub(super) fn body(&self, file: FileId) -> &Body {
        &self.evaluator.workspace().view().syntax(file).body
    }

    /// The values that arrive at the attribute, if there is one, with the instances where they are asked for.
    pub(super) fn arrived(&self, attribute: Option<Placed<'a, Attribute>>) -> Arrived {
        let is_followed = attribute.is_some_and(|attribute| attribute.node.value.refers());
        let lists = match self.scope.listing {
            Listing::Nothing => false,
            Listing::Followed => is_followed,
            Listing::Instances | Listing::Names => true,
        };
        match attribute {
            attribute if lists || attribute.is_none() && self.has_exceptions() => {
                worst_first(self.evaluator.arrived(self.module, self.resource, attribute))
            }
            Some(attribute) => {
                let arrivals = self.evaluator.arrivals(self.module, self.resource, attribute);
                Arrived { arrivals, ..Arrived::default() }
            }
            None => Arrived::default(),
        }
    }

    /// Whether some instances may be excepted.
    pub(super) fn has_exceptions(&self) -> bool {
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
        self.resource.attribute(control::ATTRIBUTE).is_some()
            && !self.evaluator.needs(self.module, &expressions).is_empty()
    }
}

/// What arrives, for each instance the known values that do not comply first, then those that are not known.
fn worst_first(mut arrived: Arrived) -> Arrived {
    let rank = |place: usize| match arrived.arrivals.get(place) {
        Some(arrival) if arrival.known().is_none() => 1,
        Some(arrival) if complies(arrival) => 2,
        _ => 0,
    };
    for instance in &mut arrived.instances.listed {
        instance.values.sort_by_key(|&place| (rank(place), place));
    }
    arrived
}

/// Whether other code decides the `root_access` of a notebook.
pub(super) fn hangs(resource: &Layered<'_>) -> bool {
    resource.attribute(control::ATTRIBUTE).is_some_and(|attribute| attribute.node.value.refers())
}

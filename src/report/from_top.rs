//! Sentences as a platform shows them: the files that they name count from the top of the repository, wherever the run was
//! started.

use std::collections::BTreeSet;
use std::ops::Bound;

use camino::Utf8Path;

use super::names::in_repository;
use super::{Options, Report};
use crate::finding::{Finding, Note, Problem};

/// What stands around the name of a file in a sentence.
const AROUND: [char; 8] = [' ', '(', ')', ',', ';', '`', '"', '\''];

/// Findings, problems and notes with such sentences.
pub(super) struct FromTop {
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Note>,
}

impl FromTop {
    /// `None` where the run was started at the top, or no repository is known.
    pub(super) fn new(report: &Report<'_>, options: &Options) -> Option<Self> {
        if options.top.is_none() || options.top == options.folder {
            return None;
        }
        let known: BTreeSet<&str> = report.sources.iter().map(|(_, file)| file.path().as_str()).collect();
        let text = |sentence: &str| sentence_from_top(sentence, &known, options);
        let mut findings = report.findings.to_vec();
        for finding in &mut findings {
            finding.message = text(&finding.message);
            if let Some(fix) = &mut finding.fix {
                fix.title = text(&fix.title);
            }
        }
        let problem = |it: &Problem| Problem { message: text(&it.message), ..it.clone() };
        let note = |it: &Note| Note { message: text(&it.message), ..it.clone() };
        Some(Self {
            findings,
            problems: report.problems.iter().map(problem).collect(),
            notes: report.notes.iter().map(note).collect(),
        })
    }
}

fn sentence_from_top(sentence: &str, known: &BTreeSet<&str>, options: &Options) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(first) = rest.chars().next() {
        let starts_word = text.is_empty() || text.ends_with(AROUND);
        if let Some(path) = starts_word.then(|| longest_at_start(rest, known)).flatten() {
            text.push_str(&in_repository(Utf8Path::new(path), options));
            rest = &rest[path.len()..];
            continue;
        }
        text.push(first);
        rest = &rest[first.len_utf8()..];
    }
    text
}

/// The longest of the files that a text starts with. Names may hold what also stands around names.
fn longest_at_start<'k>(text: &str, known: &BTreeSet<&'k str>) -> Option<&'k str> {
    let mut start = text;
    loop {
        let before = known.range::<str, _>((Bound::Unbounded, Bound::Included(start))).next_back().copied()?;
        let common = before.char_indices().zip(start.chars()).find(|((_, one), other)| one != other);
        let common = common.map_or_else(|| before.len().min(start.len()), |((at, _), _)| at);
        let after = &text[common..];
        // `a.tf:12:3`, `a.tf:12` or `a.tf` alone, at the end of a sentence too.
        let ends = after.is_empty() || after.starts_with(AROUND) || after.starts_with([':', '.']);
        if common == before.len() && ends && !before.is_empty() {
            return Some(before);
        }
        // Whatever else the text starts with is shorter than what it has in common with this one.
        let shorter = if common == before.len() { start[..common].char_indices().next_back()?.0 } else { common };
        start = &start[..shorter];
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::longest_at_start;

    #[test]
    fn names_hold_what_also_stands_around_them() {
        let known = BTreeSet::from(["a", "a b.tf", "a (copy).tf", "it's.tf", "x/é \"q\".tfvars", "a.tf", "ab.tf"]);
        for (text, name) in [
            ("a b.tf:3 and more", Some("a b.tf")),
            ("a (copy).tf)", Some("a (copy).tf")),
            ("a and b", Some("a")),
            ("a.tf.", Some("a.tf")),
            ("it's.tf", Some("it's.tf")),
            ("x/é \"q\".tfvars:12", Some("x/é \"q\".tfvars")),
            ("ab.tfx", None),
            ("abc", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(longest_at_start(text, &known), name, "{text}");
        }
    }
}

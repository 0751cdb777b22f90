//! The syntax of ignore comments. Nothing here depends on where one stands, so that comments in scripts are read alike.

use time::Date;

use crate::control::{CHECKOV_ID, MARK};
use crate::options::date;
use crate::rules::Rule;

/// The start of a skip comment of Checkov.
///
/// Source: bridgecrewio/checkov, `checkov/common/comment/enum.py`: one of these anywhere in a line, white space, one
/// or more identifiers with commas and without white space between, then `:` and the reason, which may be missing.
const CHECKOV_MARKS: [&str; 3] = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="];

/// The word behind our mark.
const WORD: &str = "ignore";

/// Cheap test whether a text can hold an ignore comment at all.
pub(super) fn may_occur(text: &str) -> bool {
    [MARK, ":skip="].iter().any(|needle| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some())
}

/// Whose comment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `unroot:ignore`.
    Unroot,
    /// `checkov:skip=CKV_AWS_307`.
    Checkov,
}

impl Kind {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unroot => "unroot",
            Self::Checkov => "checkov",
        }
    }

    /// How the comment is called in a sentence.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Unroot => "unroot:ignore",
            Self::Checkov => "checkov:skip",
        }
    }
}

/// An ignore comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Whose it is.
    pub kind: Kind,
    /// The names between the brackets, known or not; `None` covers every rule.
    pub rules: Option<Vec<String>>,
    /// The last day it counts.
    pub until: Option<Date>,
    /// The rest of the line, which may be empty.
    pub reason: String,
}

/// Why a comment that is addressed to us is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not followed by `ignore`.
    #[error("`ignore` is the only word that can follow `unroot:`")]
    Word,
    /// A bracket without its other half.
    #[error("its bracket is not closed")]
    Bracket,
    /// `[]`, or an empty name in it.
    #[error("a rule's name is missing between its brackets")]
    Name,
    /// Not a date of the calendar as `YYYY-MM-DD`.
    #[error("`until=` takes a date as YYYY-MM-DD")]
    Date,
    /// More than one date.
    #[error("it has two dates")]
    TwoDates,
}

impl Malformed {
    /// The note on such a comment.
    #[must_use]
    pub fn note(self) -> String {
        format!(
            "this comment suppresses nothing, since {self}; the form is `unroot:ignore[RULE, …] until=YYYY-MM-DD REASON`"
        )
    }
}

impl Directive {
    /// The note on a comment whose last day is over.
    #[must_use]
    pub fn expiry_note(&self) -> String {
        let until = self.until.map(|date| format!(" on {date}")).unwrap_or_default();
        format!("{} expired{until} and suppresses nothing any more", self.kind.title())
    }

    /// Whether it names rules of scripts and no others.
    #[must_use]
    pub fn is_of_scripts(&self) -> bool {
        let of_scripts = |name: &String| Rule::from_code(name).is_some_and(Rule::is_on_scripts);
        self.rules.as_ref().is_some_and(|rules| rules.iter().all(of_scripts))
    }

    /// Whether a rule of that name is covered.
    #[must_use]
    pub fn covers(&self, rule: &str) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.iter().any(|name| name == rule))
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Reads the text of a comment, without the marks of a comment. `None` if it is no ignore comment.
    ///
    /// # Errors
    /// Where the comment is addressed to us and not understood.
    pub fn parse(text: &str) -> Option<Result<Self, Malformed>> {
        match text.trim_start().strip_prefix(MARK) {
            Some(rest) => Some(own(rest.trim_start())),
            None => checkov(text).map(Ok),
        }
    }
}

/// `ignore[RULE, …] until=YYYY-MM-DD REASON`.
fn own(text: &str) -> Result<Directive, Malformed> {
    let rest = text.strip_prefix(WORD).ok_or(Malformed::Word)?;
    if rest.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '-') {
        return Err(Malformed::Word);
    }
    let rest = rest.trim_start();
    let (rules, rest) = match rest.strip_prefix('[') {
        None => (None, rest),
        Some(inside) => {
            let (names, rest) = inside.split_once(']').ok_or(Malformed::Bracket)?;
            let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
            if names.iter().any(String::is_empty) {
                return Err(Malformed::Name);
            }
            (Some(names), rest)
        }
    };
    // The date is taken wherever it stands: behind the reason it would else be read as part of it, and the comment
    // would never expire.
    let mut until = None;
    let mut words = Vec::new();
    for word in rest.split_whitespace() {
        let Some(day) = word.strip_prefix("until=") else {
            words.push(word);
            continue;
        };
        if until.replace(date(day).ok_or(Malformed::Date)?).is_some() {
            return Err(Malformed::TwoDates);
        }
    }
    let reason = words.join(" ").trim_start_matches([':', '-', '–', '—', ' ']).to_owned();
    Ok(Directive { kind: Kind::Unroot, rules, until, reason })
}

/// `checkov:skip=CKV_AWS_307:REASON`, if our control is among the identifiers.
fn checkov(text: &str) -> Option<Directive> {
    let start = CHECKOV_MARKS.iter().filter_map(|mark| Some(text.find(mark)? + mark.len())).min()?;
    let rest = text[start..].trim_start_matches(' ');
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ',')).unwrap_or(rest.len());
    let (ids, rest) = rest.split_at(end);
    ids.split(',').any(|id| id == CHECKOV_ID).then(|| Directive {
        kind: Kind::Checkov,
        rules: None,
        until: None,
        reason: rest.strip_prefix(':').unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Directive {
        Directive::parse(text).expect("an ignore comment").expect("one that is understood")
    }

    fn wrong(text: &str) -> Malformed {
        Directive::parse(text).expect("addressed to us").expect_err("and not understood")
    }

    #[test]
    fn brackets_and_date_are_optional() {
        let plain = parsed("unroot:ignore shared with finance");
        assert_eq!((plain.kind, plain.rules.clone(), plain.until), (Kind::Unroot, None, None));
        assert_eq!(plain.reason, "shared with finance");
        assert!(plain.covers("anything"));

        let full = parsed("unroot:ignore[root-access-missing, root-access-null] until=2027-02-28 ticket 7");
        assert!(full.covers("root-access-null") && !full.covers("root-access-enabled"));
        assert_eq!((full.until, full.reason.as_str()), (date("2027-02-28"), "ticket 7"));
        assert_eq!(parsed("unroot:ignore").reason, "");
    }

    #[test]
    fn what_people_write_instead_is_understood() {
        assert_eq!(
            parsed("unroot: ignore [root-access-null]: - later").rules,
            Some(vec!["root-access-null".to_owned()])
        );
        assert_eq!(parsed("unroot:ignore -- why  not").reason, "why not");
        let behind = parsed("unroot:ignore why not until=2027-01-01");
        assert_eq!((behind.until, behind.reason.as_str()), (date("2027-01-01"), "why not"));
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        assert_eq!(wrong("unroot:ignored x"), Malformed::Word);
        assert_eq!(wrong("unroot:disable"), Malformed::Word);
        assert_eq!(wrong("unroot:ignore[root-access-null x"), Malformed::Bracket);
        assert_eq!(wrong("unroot:ignore[] x"), Malformed::Name);
        assert_eq!(wrong("unroot:ignore[a,,b] x"), Malformed::Name);
        for date in ["2027-02-29", "2027-2-1", "2027/02/01", "27-02-01", "", "2027-13-01", "+027-01-01", "2027-01-1é"]
        {
            assert_eq!(wrong(&format!("unroot:ignore until={date} x")), Malformed::Date, "{date}");
        }
        assert_eq!(wrong("unroot:ignore until=2027-01-01 until=2028-01-01"), Malformed::TwoDates);
    }

    #[test]
    fn the_last_day_still_counts() {
        let directive = parsed("unroot:ignore until=2026-12-31 x");
        assert!(!directive.is_expired(date("2026-12-31").expect("a date")));
        assert!(directive.is_expired(date("2027-01-01").expect("a date")));
    }

    #[test]
    fn comments_of_checkov_are_read_as_checkov_reads_them() {
        for (text, reason) in [
            ("checkov:skip=CKV_AWS_307", ""),
            ("checkov:skip=CKV_AWS_307:shared box", "shared box"),
            ("bridgecrew:skip= CKV_AWS_307: x", "x"),
            ("see cortex:skip=CKV_AWS_1,CKV_AWS_307:both", "both"),
            ("checkov:skip=CKV_AWS_307 no colon", ""),
        ] {
            let directive = parsed(text);
            assert_eq!((directive.kind, directive.reason.as_str()), (Kind::Checkov, reason), "{text}");
        }
        for text in ["checkov:skip=CKV_AWS_30", "checkov:skip=CKV_AWS_3071:x", "checkov:skip=", "skip=CKV_AWS_307", ""]
        {
            assert_eq!(Directive::parse(text), None, "{text}");
        }
    }

    #[test]
    fn prose_is_no_ignore_comment() {
        for text in ["see unroot:ignore in the manual", "unroot is a tool", "ignore"] {
            assert_eq!(Directive::parse(text), None, "{text}");
        }
    }
}

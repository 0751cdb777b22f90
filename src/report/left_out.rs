//! One sentence on the files that can hold a notebook and are not judged: a repository can hide code by its settings.

use super::{ExcludedBy, Options, Report};
use crate::finding::{LeftOut, Why};

/// More files than this are counted, not named.
const MOST_NAMED: usize = 20;

/// How many files are left out, and why; `None` where there are none.
pub(super) fn sentence(report: &Report<'_>, options: &Options) -> Option<String> {
    let of = |why| report.left_out.iter().filter(|one| one.why == why).count();
    let parts: Vec<String> =
        [(of(Why::Excluded), reason(Why::Excluded, options)), (of(Why::Hidden), reason(Why::Hidden, options))]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, why)| format!("{number} {why}"))
            .collect();
    let files = match report.left_out.len() {
        0 => return None,
        1 => "1 Terraform file that mentions a notebook is not judged".to_owned(),
        files => format!("{files} Terraform files that mention a notebook are not judged"),
    };
    Some(format!("{files}: {}.", parts.join(", ")))
}

/// Why a file is left out.
pub(super) fn reason(why: Why, options: &Options) -> &'static str {
    match why {
        Why::Excluded if options.excluded_by == ExcludedBy::Settings => "left out by `exclude` in the settings file",
        Why::Excluded => "left out by --exclude",
        Why::Hidden => "in hidden folders",
    }
}

/// The first of the files, and how many more there are.
pub(super) fn named<'r>(report: &Report<'r>) -> (&'r [LeftOut], usize) {
    let (named, more) = report.left_out.split_at(report.left_out.len().min(MOST_NAMED));
    (named, more.len())
}

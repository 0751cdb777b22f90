//! The reports that are written to files.

use camino::Utf8Path;

use super::split::Part;
use crate::cli::settings::ReportFile;
use crate::finding::Problem;
use crate::report::{self, Mode, Options, Report, Summary};

/// Writes a report, or one for each part; what could not be written.
pub(super) fn save(file: &ReportFile, report: &Report<'_>, parts: &[Part], options: &Options) -> Vec<Problem> {
    let failed = |path: &Utf8Path, error: report::SaveError| {
        let message = format!("the report is not written: {error}");
        Problem { file: path.to_string(), position: None, message }
    };
    if !file.is_folder() {
        return report::save(report, file.format, options, &file.path)
            .err()
            .map(|it| failed(&file.path, it))
            .into_iter()
            .collect();
    }
    // A part is told as it stands once its patch is applied.
    let options = Options { mode: Mode::Write, ..options.clone() };
    let written = parts.iter().filter_map(|part| {
        let report = Report {
            findings: &part.findings,
            patches: &part.patches,
            problems: &[],
            notes: &[],
            left_out: &[],
            evidence: &[],
            reported: &[],
            summary: Summary::count(report.summary.files, &part.findings, &[]),
            ..*report
        };
        let path = file.path.join(format!("{}.{}", part.name, file.format.extension()));
        report::save_in(&file.path, &report, file.format, &options, &path).err().map(|error| failed(&path, error))
    });
    written.collect()
}

//! Findings of other tools on this control, and where they live in the code.

use camino::Utf8PathBuf;

use crate::source::Location;

/// A finding of another tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reported {
    /// The tool.
    pub tool: &'static str,
    /// The tool's identifier of the control.
    pub id: String,
    /// The file, as the tool names it.
    pub file: Option<String>,
    /// The first and last line there, 1-based.
    pub lines: Option<(usize, usize)>,
    /// The address of the resource.
    pub address: Option<String>,
    /// The ARN of the instance.
    pub arn: Option<String>,
    /// The name of the instance.
    pub name: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// Whether the tool's users have accepted it: it is muted or suppressed there.
    pub accepted: bool,
}

impl Reported {
    /// Its subject, as the tool names it.
    #[must_use]
    pub fn subject(&self) -> String {
        let place = || Some(format!("{}:{}", self.file.as_ref()?, self.lines?.0));
        let known = [self.arn.clone(), self.name.clone(), self.address.clone(), place()];
        known.into_iter().flatten().next().unwrap_or_else(|| "a notebook instance".to_owned())
    }

    /// The name of the instance, also where the ARN alone has it. An ARN holds it in lower case.
    #[must_use]
    pub fn instance_name(&self) -> Option<&str> {
        let in_arn = || self.arn.as_deref()?.rsplit_once("notebook-instance/").map(|(_, name)| name);
        self.name.as_deref().filter(|name| !name.starts_with("arn:")).or_else(in_arn)
    }
}

/// Where a reported instance lives in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// One notebook, the only one that it can be.
    Found(Found),
    /// Several notebooks that it can be.
    Candidates(Vec<Location>),
    /// No notebook of the run creates it, as far as names are known; and how many notebooks have names that are not.
    Nowhere {
        /// Notebooks whose name is not known.
        unnamed: usize,
    },
    /// It is accepted in the tool, so that nothing is done about it.
    Accepted,
}

/// The notebook that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The notebook.
    pub notebook: Location,
    /// The instances that it can be, each with the folder of its program and its address; none where they cannot be told
    /// from others.
    pub instances: Vec<(Utf8PathBuf, String)>,
    /// Whether the code has every instance comply that it can be, whatever the notebook's others do.
    pub complies: bool,
}

impl Match {
    /// Whether it is this notebook, with an instance to fix.
    #[must_use]
    pub fn is(&self, notebook: Location) -> bool {
        matches!(self, Self::Found(found) if found.notebook == notebook && !found.complies)
    }

    /// Whether it can be this notebook.
    #[must_use]
    pub fn may_be(&self, notebook: Location) -> bool {
        match self {
            Self::Found(found) => found.notebook == notebook,
            Self::Candidates(all) => all.contains(&notebook),
            Self::Nowhere { .. } | Self::Accepted => false,
        }
    }
}

/// The findings of a file, each with where it lives in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFile {
    /// The file.
    pub file: Utf8PathBuf,
    /// Whether it could be read; what could not has no findings, which does not say that there are none.
    pub is_read: bool,
    /// Its findings on this control.
    pub findings: Vec<(Reported, Match)>,
}

impl ReportedFile {
    /// Whether a finding is about an instance that no code here creates, which no fix here can reach.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.findings.iter().any(|(_, found)| matches!(found, Match::Nowhere { .. }))
    }
}

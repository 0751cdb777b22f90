//! The script rules as data: codes, severities, one sentence each.

use std::fmt;

/// How much a finding matters. Ordered, so that `max` picks the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Note,
    /// Something will not do what it says, or weakens the control.
    Warning,
    /// The hook fails, or the control is defeated.
    Error,
}

impl Severity {
    /// The lower-case word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! rules {
    ($($variant:ident, $code:literal, $severity:ident, $description:literal;)+) => {
        /// A rule about a lifecycle script. Declared in the order in which reports explain them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ScriptRule {
            $(#[doc = $description] $variant,)+
        }

        impl ScriptRule {
            /// Every rule, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable kebab-case code used in reports and suppressions.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The usual severity; a finding may carry a milder or a stricter one.
            #[must_use]
            pub const fn default_severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// What the rule is about, in one sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $description,)+ }
            }
        }
    };
}

rules! {
    SudoAsNotebookUser, "sudo-as-notebook-user", Error,
        "The notebook user calls sudo while the hook runs, which fails once root access is off.";
    DeferredSudo, "deferred-sudo", Warning,
        "Content that the notebook user runs later calls sudo, which fails once root access is off.";
    SystemDocker, "system-docker", Warning,
        "Root manages the system Docker, which Rootless Docker replaces once root access is off.";
    RootOwnedWorkspace, "root-owned-workspace", Note,
        "Root creates files in the notebook user's home and does not hand them over.";
    SystemWriteAsNotebookUser, "system-write-as-notebook-user", Note,
        "The notebook user changes the system without sudo, which fails with or without root access.";
    SuAsNotebookUser, "su-as-notebook-user", Note,
        "The notebook user calls su or runuser, which fails with or without root access.";
    RedundantSudo, "redundant-sudo", Note,
        "Root calls sudo to become root, which keeps working and is not needed.";
    GrantsRoot, "grants-root", Error,
        "Root gives an account full root, which hands back what the control takes away.";
    ScopedSudoGrant, "scoped-sudo-grant", Warning,
        "Root allows an account to run named commands through sudo.";
    SetuidOrCapability, "setuid-or-capability", Error,
        "Root makes a program run with root's rights for whoever starts it.";
    RootRunsUserWritable, "root-runs-user-writable", Error,
        "Root runs something that the notebook user can rewrite.";
    RootServer, "root-server", Error,
        "A notebook server is started as root, and everything its user types runs as root.";
    WorldWritableSystemPath, "world-writable-system-path", Error,
        "A system path becomes writable for the notebook user.";
    ReEnablesRootAccess, "re-enables-root-access", Error,
        "The script turns root access on again through the SageMaker API.";
    UnresolvedUser, "unresolved-user", Note,
        "The account that part of the script runs as is not known, so that part is not judged.";
    UnanalysedScript, "unanalysed-script", Note,
        "The script, or part of it, could not be read or judged.";
    ScriptParseFailure, "script-parse-failure", Note,
        "The script is not valid shell at some place; what could be read around it is judged.";
    ExpandedByRoot, "expanded-by-root", Note,
        "A command substitution in an unquoted heredoc runs as root before the other account sees the text.";
    CrlfScript, "crlf-script", Warning,
        "The script has Windows line ends, which break it on the notebook instance.";
    ScriptNotBase64, "script-not-base64", Warning,
        "The script is not base64-encoded, which the SageMaker API requires.";
    ScriptTooLong, "script-too-long", Warning,
        "The script is over 16,384 characters once base64-encoded, which the SageMaker API refuses.";
}

impl fmt::Display for ScriptRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

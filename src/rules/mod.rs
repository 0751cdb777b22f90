//! The rules: codes, severities and texts, as data. What a rule finds is decided elsewhere, those on `root_access` in
//! [`crate::check`] and those on lifecycle scripts in [`crate::script`].
//!
//! The codes are part of the contract: reports and ignore comments name them.

mod notebook;
mod script;

use std::fmt;

/// How much a finding matters. Ordered, so that `max` picks the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Note,
    /// Someone has to look: root may be on, something will not do what it says, or the control is weakened.
    Warning,
    /// Root is on, the hook fails, or the control is defeated.
    Error,
}

impl Severity {
    /// The lower-case name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The long form of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// Of a rule on the value of `root_access`.
    Notebook {
        /// The problem that is found.
        what: &'static str,
        /// Why it matters, and what the fix does about it.
        why: &'static str,
        /// Terraform code that the rule fires on.
        before: &'static str,
        /// The same code once it complies.
        after: &'static str,
    },
    /// Of a rule on lifecycle scripts.
    Script {
        /// Why it matters, and what to write instead.
        advice: &'static str,
    },
}

/// A row of the registry.
struct Entry {
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    help: Help,
}

/// Declares [`Rule`] with one variant a row. Adding a rule is a row here and its [`Entry`].
macro_rules! registry {
    ($($(#[doc = $doc:literal])+ $rule:ident = $entry:path;)+) => {
        /// A rule, declared in the order of the documentation: those on the notebook itself, then those on its scripts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            const fn entry(self) -> &'static Entry {
                match self { $(Self::$rule => &$entry,)+ }
            }
        }
    };
}

registry! {
    /// No `root_access` at all.
    Missing = notebook::MISSING;
    /// The literal `"Enabled"`.
    Enabled = notebook::ENABLED;
    /// `null`, or no argument: the provider's default.
    Null = notebook::NULL;
    /// A literal that is neither of the two values.
    Invalid = notebook::INVALID;
    /// A known bad value arrives from elsewhere.
    ViaReference = notebook::VIA_REFERENCE;
    /// The value cannot be known.
    Undetermined = notebook::UNDETERMINED;
    /// `lifecycle.ignore_changes` keeps a change of the argument from existing instances.
    ChangeIgnored = notebook::CHANGE_IGNORED;
    /// The code allows no version of the provider that has the argument and updates it in place.
    ProviderTooOld = notebook::PROVIDER_TOO_OLD;
    /// A call hands `root_access` to a module that is not in the tree, so that its notebooks are not judged.
    ModuleNotInTree = notebook::MODULE_NOT_IN_TREE;
    /// The notebook user calls sudo while the hook runs, which fails once root access is off.
    SudoAsNotebookUser = script::SUDO_AS_NOTEBOOK_USER;
    /// Content that the notebook user runs later calls sudo, which fails once root access is off.
    DeferredSudo = script::DEFERRED_SUDO;
    /// Root manages the system Docker, which Rootless Docker replaces once root access is off.
    SystemDocker = script::SYSTEM_DOCKER;
    /// Root creates files in the notebook user's home and does not hand them over.
    RootOwnedWorkspace = script::ROOT_OWNED_WORKSPACE;
    /// The notebook user changes the system without sudo, which fails with or without root access.
    SystemWriteAsNotebookUser = script::SYSTEM_WRITE_AS_NOTEBOOK_USER;
    /// The notebook user calls su or runuser, which fails with or without root access.
    SuAsNotebookUser = script::SU_AS_NOTEBOOK_USER;
    /// Root calls sudo to become root, which keeps working and is not needed.
    RedundantSudo = script::REDUNDANT_SUDO;
    /// Root gives an account full root, which hands back what the control takes away.
    GrantsRoot = script::GRANTS_ROOT;
    /// Root allows an account to run named commands through sudo.
    ScopedSudoGrant = script::SCOPED_SUDO_GRANT;
    /// Root makes a program run with root's rights for whoever starts it.
    SetuidOrCapability = script::SETUID_OR_CAPABILITY;
    /// Root runs something that the notebook user can rewrite.
    RootRunsUserWritable = script::ROOT_RUNS_USER_WRITABLE;
    /// A notebook server is started as root, and everything its user types runs as root.
    RootServer = script::ROOT_SERVER;
    /// A system path becomes writable for the notebook user.
    WorldWritableSystemPath = script::WORLD_WRITABLE_SYSTEM_PATH;
    /// The script turns root access on again through the SageMaker API.
    ReEnablesRootAccess = script::RE_ENABLES_ROOT_ACCESS;
    /// The account that part of the script runs as is not known, so that part is not judged.
    UnresolvedUser = script::UNRESOLVED_USER;
    /// The script, or part of it, could not be read or judged.
    UnanalysedScript = script::UNANALYSED_SCRIPT;
    /// The script is not valid shell at some place; what could be read around it is judged.
    ScriptParseFailure = script::SCRIPT_PARSE_FAILURE;
    /// A command substitution in an unquoted heredoc runs as root before the other account sees the text.
    ExpandedByRoot = script::EXPANDED_BY_ROOT;
    /// The script has Windows line ends, which break it on the notebook instance.
    CrlfScript = script::CRLF_SCRIPT;
    /// The script is not base64-encoded, which the SageMaker API requires.
    ScriptNotBase64 = script::SCRIPT_NOT_BASE64;
    /// The script is over 16,384 characters once base64-encoded, which the SageMaker API refuses.
    ScriptTooLong = script::SCRIPT_TOO_LONG;
}

impl Rule {
    /// The rule of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.code() == code)
    }

    /// The stable kebab-case name in reports and ignore comments.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.entry().code
    }

    /// The usual severity; a finding may carry another one.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.entry().severity
    }

    /// One sentence that says when the rule fires.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.entry().summary
    }

    /// The long form.
    #[must_use]
    pub const fn help(self) -> Help {
        self.entry().help
    }

    /// Whether the rule is about lifecycle scripts, and not about the notebook itself.
    #[must_use]
    pub const fn is_on_scripts(self) -> bool {
        matches!(self.help(), Help::Script { .. })
    }

    /// Whether the rule is about the value that a notebook's argument has.
    #[must_use]
    pub const fn is_on_the_value(self) -> bool {
        matches!(
            self,
            Self::Missing | Self::Enabled | Self::Null | Self::Invalid | Self::ViaReference | Self::Undetermined
        )
    }

    /// An ignore comment that suppresses the rule.
    #[must_use]
    pub fn suppression(self) -> String {
        format!("# unroot:ignore[{self}] until=2027-06-30 the reason")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_belongs_to_one_rule() {
        for &rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(rule));
        }
        assert_eq!(Rule::from_code("root-access"), None);
    }

    #[test]
    fn texts_are_sentences_and_examples_change() {
        for rule in Rule::ALL {
            let texts = match rule.help() {
                Help::Notebook { what, why, before, after } => {
                    assert_ne!(before, after, "{rule}");
                    vec![rule.summary(), what, why]
                }
                Help::Script { advice } => vec![rule.summary(), advice],
            };
            assert!(texts.iter().all(|text| text.ends_with('.')), "{rule}");
        }
    }
}

//! The rules on lifecycle scripts.

use super::{Entry, Help, Severity};

pub(super) const SUDO_AS_NOTEBOOK_USER: Entry = Entry {
    code: "sudo-as-notebook-user",
    severity: Severity::Error,
    summary: "The notebook user calls sudo while the hook runs, which fails once root access is off.",
    help: Help::Script {
        advice: "With root access off, sudo asks the notebook user for a password that does not exist. The hook itself is \
root, so move the line out of the part that runs as the notebook user and drop the sudo. Software for one user belongs in \
a virtual environment under /home/ec2-user/SageMaker.",
    },
};

pub(super) const DEFERRED_SUDO: Entry = Entry {
    code: "deferred-sudo",
    severity: Severity::Warning,
    summary: "Content that the notebook user runs later calls sudo, which fails once root access is off.",
    help: Help::Script {
        advice: "Start-up files, aliases, the user's crontab and units with User=ec2-user run without root. Do the work \
in the hook, which is root, or in a root-owned unit that the notebook user cannot change.",
    },
};

pub(super) const SYSTEM_DOCKER: Entry = Entry {
    code: "system-docker",
    severity: Severity::Warning,
    summary: "Root manages the system Docker, which Rootless Docker replaces once root access is off.",
    help: Help::Script {
        advice: "With root access off the notebook user gets Rootless Docker, which reads other files and runs as a \
service of the user. Configure that, or leave Docker alone.",
    },
};

pub(super) const ROOT_OWNED_WORKSPACE: Entry = Entry {
    code: "root-owned-workspace",
    severity: Severity::Note,
    summary: "Root creates files in the notebook user's home and does not hand them over.",
    help: Help::Script {
        advice: "Without sudo the notebook user cannot change or delete what root made there. Make it as the notebook \
user, or hand it over with chown.",
    },
};

pub(super) const SYSTEM_WRITE_AS_NOTEBOOK_USER: Entry = Entry {
    code: "system-write-as-notebook-user",
    severity: Severity::Note,
    summary: "The notebook user changes the system without sudo, which fails with or without root access.",
    help: Help::Script {
        advice: "The line fails already, and root access does not change that. Move it to root's part of the hook.",
    },
};

pub(super) const SU_AS_NOTEBOOK_USER: Entry = Entry {
    code: "su-as-notebook-user",
    severity: Severity::Note,
    summary: "The notebook user calls su or runuser, which fails with or without root access.",
    help: Help::Script {
        advice: "su and runuser ask for a password unless root calls them. Move the line to root's part of the hook.",
    },
};

pub(super) const REDUNDANT_SUDO: Entry = Entry {
    code: "redundant-sudo",
    severity: Severity::Note,
    summary: "Root calls sudo to become root, which keeps working and is not needed.",
    help: Help::Script {
        advice: "Hooks run as root whatever root_access says, so sudo at the top level keeps working. Descriptions of \
this control that say otherwise are wrong about the hook. Nothing has to change.",
    },
};

pub(super) const GRANTS_ROOT: Entry = Entry {
    code: "grants-root",
    severity: Severity::Error,
    summary: "Root gives an account full root, which hands back what the control takes away.",
    help: Help::Script {
        advice: "The control would be met in name only: whoever works in the notebook gets root at the next start. \
Remove the grant.",
    },
};

pub(super) const SCOPED_SUDO_GRANT: Entry = Entry {
    code: "scoped-sudo-grant",
    severity: Severity::Warning,
    summary: "Root allows an account to run named commands through sudo.",
    help: Help::Script {
        advice: "A named command is still root, and many commands lead to a shell. Check that the arguments are fixed \
and that the program cannot start others.",
    },
};

pub(super) const SETUID_OR_CAPABILITY: Entry = Entry {
    code: "setuid-or-capability",
    severity: Severity::Error,
    summary: "Root makes a program run with root's rights for whoever starts it.",
    help: Help::Script {
        advice: "Whoever starts the program has root's rights, or part of them. Remove the bit or capability.",
    },
};

pub(super) const ROOT_RUNS_USER_WRITABLE: Entry = Entry {
    code: "root-runs-user-writable",
    severity: Severity::Error,
    summary: "Root runs something that the notebook user can rewrite.",
    help: Help::Script {
        advice: "The notebook user writes the file, root runs it: that is root. Keep the file in a place that only root \
can write, fetch it from S3 there, or run it as the notebook user with sudo -u ec2-user.",
    },
};

pub(super) const ROOT_SERVER: Entry = Entry {
    code: "root-server",
    severity: Severity::Error,
    summary: "A notebook server is started as root, and everything its user types runs as root.",
    help: Help::Script {
        advice: "Every cell and terminal of that server is root. Start it with sudo -u ec2-user, or as a unit with \
User=ec2-user.",
    },
};

pub(super) const WORLD_WRITABLE_SYSTEM_PATH: Entry = Entry {
    code: "world-writable-system-path",
    severity: Severity::Error,
    summary: "A system path becomes writable for the notebook user.",
    help: Help::Script {
        advice: "Root runs what lies there, so whoever can write it is root. Give the files to root, and the notebook \
user a folder of its own.",
    },
};

pub(super) const RE_ENABLES_ROOT_ACCESS: Entry = Entry {
    code: "re-enables-root-access",
    severity: Severity::Error,
    summary: "The script turns root access on again through the SageMaker API.",
    help: Help::Script {
        advice: "The instance turns its own control off. Remove the call, and deny it with the IAM condition key \
sagemaker:RootAccess.",
    },
};

pub(super) const UNRESOLVED_USER: Entry = Entry {
    code: "unresolved-user",
    severity: Severity::Note,
    summary: "The account that part of the script runs as is not known, so that part is not judged.",
    help: Help::Script {
        advice: "Write the account as a literal, so that the part can be judged, or review it by hand.",
    },
};

pub(super) const UNANALYSED_SCRIPT: Entry = Entry {
    code: "unanalysed-script",
    severity: Severity::Note,
    summary: "The script, or part of it, could not be read or judged.",
    help: Help::Script {
        advice: "Scripts are found through references, files, templates and base64 in the code. What only a plan knows, \
what lies outside the tree, and other interpreters than shells are for review by hand.",
    },
};

pub(super) const SCRIPT_PARSE_FAILURE: Entry = Entry {
    code: "script-parse-failure",
    severity: Severity::Note,
    summary: "The script is not valid shell at some place; what could be read around it is judged.",
    help: Help::Script { advice: "Check the place with `bash -n`; what stands around it was judged." },
};

pub(super) const EXPANDED_BY_ROOT: Entry = Entry {
    code: "expanded-by-root",
    severity: Severity::Note,
    summary: "A command substitution in an unquoted heredoc runs as root before the other account sees the text.",
    help: Help::Script {
        advice: "Quote the marker of the heredoc (<<'EOF') where the account that reads the text should expand it.",
    },
};

pub(super) const CRLF_SCRIPT: Entry = Entry {
    code: "crlf-script",
    severity: Severity::Warning,
    summary: "The script has Windows line ends, which break it on the notebook instance.",
    help: Help::Script {
        advice: "The shell takes the carriage return for part of each line. Convert the file, or use \
replace(…, \"\\r\\n\", \"\\n\").",
    },
};

pub(super) const SCRIPT_NOT_BASE64: Entry = Entry {
    code: "script-not-base64",
    severity: Severity::Warning,
    summary: "The script is not base64-encoded, which the SageMaker API requires.",
    help: Help::Script {
        advice: "The API refuses the script, or decodes it to something else. Use base64encode or filebase64.",
    },
};

pub(super) const SCRIPT_TOO_LONG: Entry = Entry {
    code: "script-too-long",
    severity: Severity::Warning,
    summary: "The script is over 16,384 characters once base64-encoded, which the SageMaker API refuses.",
    help: Help::Script { advice: "Move part of the script to S3, and have the hook fetch it to a folder of root's." },
};

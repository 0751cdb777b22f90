//! What to do about each rule, and why it is one.

use super::rule::ScriptRule;

impl ScriptRule {
    /// Why the rule matters and what to write instead, in a few sentences.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::SudoAsNotebookUser => {
                "With root access off, sudo asks the notebook user for a password that does not exist. The hook itself is \
root, so move the line out of the part that runs as the notebook user and drop the sudo. Software for one user belongs in \
a virtual environment under /home/ec2-user/SageMaker."
            }
            Self::DeferredSudo => {
                "Start-up files, aliases, the user's crontab and units with User=ec2-user run without root. Do the work \
in the hook, which is root, or in a root-owned unit that the notebook user cannot change."
            }
            Self::SystemDocker => {
                "With root access off the notebook user gets Rootless Docker, which reads other files and runs as a \
service of the user. Configure that, or leave Docker alone."
            }
            Self::RootOwnedWorkspace => {
                "Without sudo the notebook user cannot change or delete what root made there. Make it as the notebook \
user, or hand it over with chown."
            }
            Self::SystemWriteAsNotebookUser => {
                "The line fails already, and root access does not change that. Move it to root's part of the hook."
            }
            Self::SuAsNotebookUser => {
                "su and runuser ask for a password unless root calls them. Move the line to root's part of the hook."
            }
            Self::RedundantSudo => {
                "Hooks run as root whatever root_access says, so sudo at the top level keeps working. Descriptions of \
this control that say otherwise are wrong about the hook. Nothing has to change."
            }
            Self::GrantsRoot => {
                "The control would be met in name only: whoever works in the notebook gets root at the next start. \
Remove the grant."
            }
            Self::ScopedSudoGrant => {
                "A named command is still root, and many commands lead to a shell. Check that the arguments are fixed \
and that the program cannot start others."
            }
            Self::SetuidOrCapability => {
                "Whoever starts the program has root's rights, or part of them. Remove the bit or capability."
            }
            Self::RootRunsUserWritable => {
                "The notebook user writes the file, root runs it: that is root. Keep the file in a place that only root \
can write, fetch it from S3 there, or run it as the notebook user with sudo -u ec2-user."
            }
            Self::RootServer => {
                "Every cell and terminal of that server is root. Start it with sudo -u ec2-user, or as a unit with \
User=ec2-user."
            }
            Self::WorldWritableSystemPath => {
                "Root runs what lies there, so whoever can write it is root. Give the files to root, and the notebook \
user a folder of its own."
            }
            Self::ReEnablesRootAccess => {
                "The instance turns its own control off. Remove the call, and deny it with the IAM condition key \
sagemaker:RootAccess."
            }
            Self::UnresolvedUser => {
                "Write the account as a literal, so that the part can be judged, or review it by hand."
            }
            Self::UnanalysedScript => {
                "Scripts are found through references, files, templates and base64 in the code. What only a plan knows, \
what lies outside the tree, and other interpreters than shells are for review by hand."
            }
            Self::ScriptParseFailure => "Check the place with `bash -n`; what stands around it was judged.",
            Self::ExpandedByRoot => {
                "Quote the marker of the heredoc (<<'EOF') where the account that reads the text should expand it."
            }
            Self::CrlfScript => {
                "The shell takes the carriage return for part of each line. Convert the file, or use \
replace(…, \"\\r\\n\", \"\\n\")."
            }
            Self::ScriptNotBase64 => {
                "The API refuses the script, or decodes it to something else. Use base64encode or filebase64."
            }
            Self::ScriptTooLong => "Move part of the script to S3, and have the hook fetch it to a folder of root's.",
        }
    }
}

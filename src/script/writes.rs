//! What it means that a path is written, by its writer and its place.

use std::ops::Range;

use crate::rules::{Rule, Severity};
use crate::script::commands::writes::Write;
use crate::script::interpret::Walker;
use crate::script::judge::is_docker_file;
use crate::script::report::Draft;
use crate::script::shell::mapped::Text;
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;
use crate::script::sudoers::{self, Grant};

impl Walker<'_> {
    /// A redirect writes `path`; `content` is `None` if it is not known.
    pub fn write(&mut self, path: &str, content: Option<&Text>, append: bool, span: &Range<usize>, state: &State) {
        let write = Write { content: content.cloned(), append, creates: !append, ..Write::new(path.to_owned()) };
        self.write_one(&write, span, state);
    }

    pub fn write_one(&mut self, write: &Write, span: &Range<usize>, state: &State) {
        let path = write.path.as_str();
        // Only unknown parts say no more than no content.
        let content = write.content.as_ref().filter(|text| {
            text.is_empty()
                || text
                    .as_str()
                    .chars()
                    .any(|letter| letter != crate::script::shell::mapped::UNKNOWN && !letter.is_whitespace())
        });
        match state.user {
            User::Notebook if state.is_now() && paths::is_system(path) => {
                self.system_path(path, span, state, "writes");
                return;
            }
            User::Root => {
                self.grants_by_file(path, content, write.in_place, span);
                if is_docker_file(path) {
                    self.docker_finding(span);
                }
                if state.is_now() {
                    let handed = matches!(write.owner, Some(User::Notebook | User::Unknown));
                    if handed {
                        self.ownership.settle(path, true);
                    } else if write.creates && (!write.in_place || self.moves_created(write)) {
                        self.ownership.create(path, span);
                    }
                }
                self.copied_to_root(write, span);
            }
            _ => {}
        }
        let unknown = Text::of("\u{1a}\n", span.clone());
        self.files.write(path, content.unwrap_or(&unknown), write.append || self.also, span);
    }

    /// Whether `mv` moves a file within the home that root created.
    fn moves_created(&mut self, write: &Write) -> bool {
        let Some(source) = write.source.as_deref() else { return false };
        let created = self.ownership.is_created(source);
        if created {
            self.ownership.settle(source, true);
        }
        created
    }

    /// Root makes one of the notebook user's files something that root runs later.
    fn copied_to_root(&mut self, write: &Write, span: &Range<usize>) {
        if let Some(target) = &write.leads_to {
            self.linked(target, &write.path, span);
        }
        let Some(source) = write.source.as_deref() else { return };
        let user_writable = paths::is_within(source, paths::HOME) && self.files.read(source).is_empty();
        if user_writable && !paths::is_within(&write.path, paths::HOME) {
            self.ownership.copy(source, &write.path);
        }
        if user_writable && crate::script::later::runs_as_root(&write.path) {
            self.report.add(Draft::new(
                Rule::RootRunsUserWritable,
                span,
                format!(
                    "root will run {}, which it takes from {}, and ec2-user can rewrite that",
                    paths::shown(&write.path),
                    paths::shown(source)
                ),
                "Keep a copy that only root can write, for example under /opt, shipped with the hook itself.",
            ));
        }
    }

    fn grants_by_file(&mut self, path: &str, content: Option<&Text>, in_place: bool, span: &Range<usize>) {
        if content.is_some_and(Text::is_empty) {
            return;
        }
        let known = content.map(Text::as_str).filter(|_| !in_place || content.is_some());
        if path == "/etc/sudoers" || path.starts_with("/etc/sudoers.d/") {
            let grant = known.map_or(Grant::Root(None), sudoers::judge);
            self.sudoers_finding(path, &grant, span);
            return;
        }
        let what = match path {
            "/root/.ssh/authorized_keys" | "/root/.ssh/authorized_keys2" => {
                "root's authorized_keys, which lets a key log in as root"
            }
            "/etc/doas.conf" => "the rules of doas, which let an account become root",
            "/etc/passwd" if known.is_none_or(|text| text.contains(":0:")) => "/etc/passwd, where uid 0 means root",
            "/etc/shadow" => "/etc/shadow, which holds root's password",
            "/etc/group"
                if known
                    .is_none_or(|text| crate::script::grants::GROUPS.iter().any(|group| text.starts_with(group))) =>
            {
                "/etc/group, where groups such as wheel and docker mean root"
            }
            _ if paths::is_within(path, "/etc/doas.d") => "the rules of doas, which let an account become root",
            _ if paths::is_within(path, "/etc/pam.d") => "PAM, which decides who may become root",
            _ if ["/etc/polkit-1", "/usr/share/polkit-1", "/var/lib/polkit-1"]
                .iter()
                .any(|folder| paths::is_within(path, folder)) =>
            {
                "polkit, which decides who may act as root"
            }
            _ => return,
        };
        self.report.add(Draft::new(
            Rule::GrantsRoot,
            span,
            format!("root writes {what}: this can hand back what the control takes away"),
            "Remove the line; do what needs root in the hook, which is root already.",
        ));
    }

    fn sudoers_finding(&mut self, path: &str, grant: &Grant, span: &Range<usize>) {
        let path = paths::shown(path);
        let draft = match grant {
            Grant::None => return,
            Grant::Root(who) => {
                let message = match who {
                    Some(who) => format!(
                        "root writes a rule to {path} that lets {} do anything as root, which hands root back",
                        paths::shown(who)
                    ),
                    None => format!("root writes {path}, and what the rule allows is not known: it can hand root back"),
                };
                Draft::new(
                    Rule::GrantsRoot,
                    span,
                    message,
                    "Remove the rule; do what needs root in the hook, which is root already.",
                )
            }
            Grant::Scoped(who) => Draft::new(
                Rule::ScopedSudoGrant,
                span,
                format!(
                    "root writes a rule to {path} that lets {} run named commands as root, even with root access off",
                    paths::shown(who)
                ),
                "Make sure that none of them can start another program or write a file; better, run them in the hook.",
            ),
        };
        self.report.add(draft);
    }

    /// The notebook user changes something at a system path.
    pub fn system_path(&mut self, path: &str, span: &Range<usize>, state: &State, verb: &str) {
        if !state.is_notebook_now() || !paths::is_system(path) || state.helped {
            return;
        }
        self.system_finding(span, &format!("ec2-user {verb} {}, which only root may", paths::shown(path)));
    }

    pub fn system_finding(&mut self, span: &Range<usize>, what: &str) {
        let draft = Draft::new(
            Rule::SystemWriteAsNotebookUser,
            span,
            format!("{what}; already failing, not caused by this change"),
            "Move the line out of the notebook user's block: the hook is root already.",
        );
        self.report.add(draft.severity(Severity::Note));
    }
}

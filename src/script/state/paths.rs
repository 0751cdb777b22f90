//! Paths on a notebook instance, and who can write there.

use crate::script::shell::mapped::UNKNOWN;

/// The notebook user's home. Everything in it but [`WORKSPACE`] is new after every start.
/// Source: AWS developer guide, `howitworks-create-ws`.
pub const HOME: &str = "/home/ec2-user";

/// The only folder that survives a stop of the instance.
pub const WORKSPACE: &str = "/home/ec2-user/SageMaker";

/// The Conda installation of the notebook user.
pub const CONDA: &str = "/home/ec2-user/anaconda3";

/// Folders in the home that are there before any hook runs.
const EXISTING: [&str; 8] = [
    HOME,
    WORKSPACE,
    "/home/ec2-user/.ssh",
    "/home/ec2-user/.jupyter",
    "/home/ec2-user/.sparkmagic",
    "/home/ec2-user/.ipython",
    CONDA,
    "/home/ec2-user/sample-notebooks",
];

/// Folders whose files decide what root does.
const SYSTEM: [&str; 7] = ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/root"];

/// Who can write to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writable {
    /// The notebook user, and what is there survives a stop.
    Workspace,
    /// The notebook user: programs of the Conda installation, and the scripts that make them known to a shell.
    Conda,
    /// The notebook user: elsewhere in the home.
    Home,
    /// Every user may create files there.
    Temporary,
    /// Root alone, as far as is known.
    No,
}

/// Whether `path` is `folder` or below it.
pub fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
}

pub fn writable(path: &str) -> Writable {
    if is_within(path, WORKSPACE) {
        Writable::Workspace
    } else if is_within(path, CONDA)
        && ["/bin/", "/condabin/", "/etc/profile.d/"].iter().any(|part| path.contains(part))
    {
        Writable::Conda
    } else if is_within(path, HOME) {
        Writable::Home
    } else if ["/tmp", "/var/tmp", "/dev/shm"].iter().any(|folder| is_within(path, folder)) {
        Writable::Temporary
    } else {
        Writable::No
    }
}

/// Whether the path is there before any hook runs.
pub fn exists_before(path: &str) -> bool {
    EXISTING.contains(&path) || is_start_up_file(path)
}

/// Whether only root may write to the path on an instance as AWS ships it.
pub fn is_system(path: &str) -> bool {
    SYSTEM.iter().chain(&["/opt", "/boot", "/var", "/srv"]).any(|folder| is_within(path, folder))
        && !["/var/tmp", "/var/lock", "/var/run/user"].iter().any(|folder| is_within(path, folder))
}

/// Whether the path belongs to the system Docker.
pub fn is_docker_file(path: &str) -> bool {
    matches!(path, "/etc/docker/daemon.json" | "/var/run/docker.sock" | "/run/docker.sock" | "/etc/sysconfig/docker")
        || path.contains("/systemd/system/docker.service")
}

/// Whether root's own work depends on the path.
pub fn is_trusted(path: &str) -> bool {
    path == "/" || SYSTEM.iter().any(|folder| is_within(path, folder))
}

/// Whether a shell of the notebook user reads the file at its start.
pub fn is_start_up_file(path: &str) -> bool {
    const NAMES: [&str; 9] = [
        ".bashrc",
        ".bash_profile",
        ".bash_login",
        ".bash_logout",
        ".bash_aliases",
        ".profile",
        ".zshrc",
        ".zprofile",
        ".zshenv",
    ];
    path.strip_prefix("/home/ec2-user/").is_some_and(|name| NAMES.contains(&name))
        || is_within(path, "/etc/profile.d") && path != "/etc/profile.d"
        || ["/etc/profile", "/etc/bashrc", "/etc/bash.bashrc"].contains(&path)
}

/// Makes `path` absolute from `folder` and resolves `.` and `..`. Without a known folder a relative path starts with
/// the unknown.
pub fn resolve(path: &str, folder: Option<&str>) -> String {
    let joined = if path.starts_with('/') {
        path.to_owned()
    } else if path.starts_with(UNKNOWN) {
        return path.to_owned();
    } else {
        match folder {
            Some(folder) => format!("{folder}/{path}"),
            None => format!("{UNKNOWN}/{path}"),
        }
    };
    let rooted = joined.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| !last.contains(UNKNOWN)) => {
                parts.pop();
            }
            // Above the root, or above a folder that is not known.
            ".." if parts.is_empty() => {}
            part => parts.push(part),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, parts.join("/"))
}

/// The last component.
pub fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The extension: the text behind the last dot of the last component.
pub fn extension(path: &str) -> Option<&str> {
    base(path).rsplit_once('.').map(|(_, extension)| extension)
}

/// Everything before the last component.
pub fn parent(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    match path.rfind('/') {
        Some(0) => "/",
        Some(at) => &path[..at],
        None => ".",
    }
}

/// The path as far as it is known, for prefix comparisons: up to the first unknown or glob, and without the partial
/// component before it.
pub fn known_start(path: &str) -> &str {
    match path.find([UNKNOWN, '*', '?', '[']) {
        Some(at) => {
            let start = &path[..at];
            &start[..start.rfind('/').map_or(0, |slash| slash.max(1).min(start.len()))]
        }
        None => path,
    }
}

/// The path as a person would write it.
pub fn shown(path: &str) -> String {
    let mut result = String::new();
    let mut unknown = false;
    for character in path.chars() {
        if character == UNKNOWN {
            if !unknown {
                result.push('…');
            }
            unknown = true;
        } else {
            result.push(character);
            unknown = false;
        }
    }
    result
}

/// The path as one word of a shell.
pub fn quoted(path: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+,:@%".contains(letter);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_at_the_folder_and_dots_are_resolved() {
        assert_eq!(resolve("a/../b/./c", Some("/home/ec2-user")), "/home/ec2-user/b/c");
        assert_eq!(resolve("../../../x", Some("/home")), "/x");
        assert_eq!(resolve("x", None), "\u{1a}/x");
        assert_eq!(resolve("x", Some("/")), "/x");
    }

    #[test]
    fn the_workspace_is_told_from_names_that_only_start_like_it() {
        assert_eq!(writable("/home/ec2-user/SageMaker/a"), Writable::Workspace);
        assert_eq!(writable("/home/ec2-user/SageMakerX"), Writable::Home);
        assert_eq!(writable("/home/ec2-user2/x"), Writable::No);
        assert_eq!(writable("/home/ec2-user/anaconda3/envs/a/bin/python"), Writable::Conda);
        assert_eq!(writable("/home/ec2-user/SageMaker/\u{1a}"), Writable::Workspace);
    }

    #[test]
    fn a_partly_known_path_keeps_only_whole_folders() {
        assert_eq!(known_start("/home/ec2-user/SageMaker/a*"), "/home/ec2-user/SageMaker");
        assert_eq!(known_start("/\u{1a}"), "/");
        assert_eq!(known_start("\u{1a}"), "");
    }
}

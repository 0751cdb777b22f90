//! A repository's own addresses: code that fetches a module by one of them means a folder of this very tree.

use camino::{Utf8Path, Utf8PathBuf};

use super::tracked::GitFolder;
use crate::source::{Fence, canonical};

/// A repository of the tree, with the addresses that it is fetched from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Own {
    /// Its top.
    pub top: Utf8PathBuf,
    /// The same from the root of the file system on.
    pub real: Utf8PathBuf,
    /// Its addresses, as [`address`] spells them.
    pub addresses: Vec<String>,
}

/// The repository whose top is a folder, with what its `.git/config` says of remotes.
fn of(top: &Utf8Path) -> Own {
    let fence = Fence::around(&[top.to_owned()]);
    let config = GitFolder::of(top, &fence).and_then(|git| git.read("config", &fence).ok()).unwrap_or_default();
    let config = String::from_utf8(config).unwrap_or_default();
    let urls = config.lines().filter_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='));
    let addresses = urls.map(|url| address(url.trim()).0).filter(|address| address.contains('/')).collect();
    Own { top: top.to_owned(), real: canonical(top), addresses }
}

/// The repositories whose tops some folders are.
pub(super) fn of_folders(folders: &[Utf8PathBuf]) -> Vec<Own> {
    folders.iter().map(|folder| of(folder)).collect()
}

impl Own {
    /// The folder of the repository that a source means, if it is fetched from one of the repository's addresses, or from where
    /// the repository lies.
    #[must_use]
    pub fn folder(&self, source: &str) -> Option<Utf8PathBuf> {
        if let Some(path) = absolute(source) {
            return path.strip_prefix(&self.real).ok().map(|below| self.top.join(below));
        }
        let (address, below) = address(source);
        self.addresses.contains(&address).then(|| self.top.join(below))
    }

    /// What stands in every source that means a folder of the repository, in one of several spellings.
    pub(super) fn signs(&self) -> impl Iterator<Item = &str> {
        let names = self.addresses.iter().filter_map(|address| address.rsplit('/').next());
        names.chain(Some(self.real.as_str()).filter(|real| real.len() > 1))
    }
}

/// The path of a source that begins at the root of the file system: `/folder`, `file:///folder`, `git::file:///folder//module`.
fn absolute(source: &str) -> Option<Utf8PathBuf> {
    let source = source.split('?').next().unwrap_or(source);
    let source = source.rsplit_once("::").map_or(source, |(_, rest)| rest);
    let path = source.strip_prefix("file://").unwrap_or(source);
    // A path tells no slash from two.
    path.starts_with('/').then(|| Utf8Path::new(path).components().collect())
}

/// An address without what differs between its spellings (scheme, user, `.git`, case), and the folder below it.
///
/// Sources: Terraform, "Module Sources": `//` stands in front of the folder, `?` in front of the revision; git, "git-clone":
/// `host:path` is `ssh://host/path`.
fn address(source: &str) -> (String, String) {
    let source = source.split('?').next().unwrap_or(source);
    let source = source.rsplit_once("::").map_or(source, |(_, rest)| rest);
    let source = source.split_once("://").map_or(source, |(_, rest)| rest);
    let (address, below) = source.split_once("//").unwrap_or((source, ""));
    let address = address.split_once('@').map_or(address, |(_, rest)| rest).replace(':', "/");
    let address = address.trim_end_matches('/');
    (address.strip_suffix(".git").unwrap_or(address).to_lowercase(), below.trim_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_many_spellings() {
        for source in [
            "git::https://github.com/acme/infra.git//modules/nb?ref=v1",
            "git@github.com:Acme/infra.git//modules/nb",
            "github.com/acme/infra//modules/nb",
            "git::ssh://git@github.com/acme/infra.git//modules/nb?ref=x",
            "git::https://user:token@github.com/acme/infra//modules/nb",
        ] {
            assert_eq!(address(source), ("github.com/acme/infra".to_owned(), "modules/nb".to_owned()), "{source}");
        }
        let own = Own { top: "..".into(), real: "/home/me/infra".into(), addresses: Vec::new() };
        for source in ["/home/me/infra/nb", "file:///home/me/infra/nb", "git::file:///home/me/infra//nb?ref=v1"] {
            assert_eq!(own.folder(source).as_deref(), Some(Utf8Path::new("../nb")), "{source}");
        }
        assert_eq!(own.folder("/home/me/infrastructure"), None);
        assert_eq!(address("git@github.com:acme/infra.git"), ("github.com/acme/infra".to_owned(), String::new()));
    }
}

//! A repository's own addresses: code that fetches a module by one of them means a folder of this very tree.

use camino::{Utf8Path, Utf8PathBuf};

use super::tracked::GitFolder;
use crate::source::Fence;

/// A repository of the tree, with the addresses that it is fetched from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Own {
    /// Its top.
    pub top: Utf8PathBuf,
    /// Its addresses, as [`address`] spells them.
    pub addresses: Vec<String>,
}

/// The repository whose top is a folder, by what its `.git/config` says of remotes; `None` where it has no address.
fn of(top: &Utf8Path) -> Option<Own> {
    let fence = Fence::around(&[top.to_owned()]);
    let config = GitFolder::of(top, &fence)?.read("config", &fence).ok()?;
    let config = String::from_utf8(config).ok()?;
    let urls = config.lines().filter_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='));
    let addresses: Vec<String> =
        urls.map(|url| address(url.trim()).0).filter(|address| address.contains('/')).collect();
    (!addresses.is_empty()).then(|| Own { top: top.to_owned(), addresses })
}

/// The repositories whose tops some folders are, where they have addresses.
pub(super) fn of_folders(folders: &[Utf8PathBuf]) -> Vec<Own> {
    folders.iter().filter_map(|folder| of(folder)).collect()
}

impl Own {
    /// The folder of the repository that a source means, if it is fetched from one of the repository's addresses.
    #[must_use]
    pub fn folder(&self, source: &str) -> Option<Utf8PathBuf> {
        let (address, below) = address(source);
        self.addresses.contains(&address).then(|| self.top.join(below))
    }
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
        assert_eq!(address("git@github.com:acme/infra.git"), ("github.com/acme/infra".to_owned(), String::new()));
    }
}

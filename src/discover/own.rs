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
    let addresses = urls(&config).map(|url| address(&url).0).filter(|address| address.contains('/'));
    let mut addresses: Vec<String> = addresses.collect();
    addresses.sort_unstable();
    addresses.dedup();
    Own { top: top.to_owned(), real: canonical(top), addresses }
}

/// The addresses of remotes in a configuration of git, as they are written and as git writes them anew.
///
/// Source: git's documentation, "git-config", `url.<base>.insteadOf`.
fn urls(config: &str) -> impl Iterator<Item = String> {
    let value = |line: &'_ str, key: &str| {
        let (own, value) = line.split_once('=')?;
        own.trim().eq_ignore_ascii_case(key).then(|| value.trim().trim_matches('"').to_owned())
    };
    let (mut base, mut rules) = (None, Vec::new());
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            base = line.strip_prefix("[url \"").and_then(|rest| rest.strip_suffix("\"]"));
        }
        rules.extend(base.and_then(|base| Some((base.to_owned(), value(line, "insteadOf")?))));
    }
    let urls: Vec<String> = config.lines().filter_map(|line| value(line, "url")).collect();
    let aliases = |url: &String| {
        let other = |from: &str, to: &str| url.strip_prefix(from).map(|rest| format!("{to}{rest}"));
        let both = |(base, short): &(String, String)| [other(base, short), other(short, base)];
        rules.iter().flat_map(both).flatten().collect::<Vec<_>>()
    };
    let aliases: Vec<String> = urls.iter().flat_map(aliases).collect();
    urls.into_iter().chain(aliases)
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
        if self.addresses.contains(&address) || self.modules().any(|module| module.is(&address)) {
            return Some(self.top.join(below));
        }
        // An archive holds one folder around all.
        let is_archive = self.addresses.iter().any(|own| archive_of(&address).is_some_and(|archived| archived == *own));
        is_archive.then(|| self.top.join(below.split_once('/').map_or("", |(_, below)| below)))
    }

    /// The modules that a registry has of the repository.
    fn modules(&self) -> impl Iterator<Item = Registered<'_>> {
        self.addresses.iter().filter_map(|address| {
            let (before, name) = address.rsplit_once('/')?;
            let (provider, name) = name.strip_prefix("terraform-")?.split_once('-')?;
            Some(Registered { namespace: before.rsplit('/').next()?, name, provider })
        })
    }

    /// What stands in every source that means a folder of the repository, in one of several spellings.
    pub(super) fn signs(&self) -> impl Iterator<Item = String> {
        let names = self.addresses.iter().filter_map(|address| address.rsplit('/').next()).map(str::to_owned);
        let registered = self.modules().map(|module| format!("{}/{}", module.name, module.provider));
        names.chain(registered).chain(Some(self.real.to_string()).filter(|real| real.len() > 1))
    }
}

/// A module of a registry.
///
/// Source: Terraform's documentation, "Publishing modules": the repository is called `terraform-<PROVIDER>-<NAME>`; the public
/// registry has its owner for a namespace, others their own organization.
#[derive(Debug)]
struct Registered<'a> {
    namespace: &'a str,
    name: &'a str,
    provider: &'a str,
}

impl Registered<'_> {
    /// Whether an address is that of the module: `namespace/name/provider`, behind the host of another registry than the public one.
    fn is(&self, address: &str) -> bool {
        let mut parts = address.trim_start_matches('/').rsplit('/');
        let is_named = parts.next() == Some(self.provider) && parts.next() == Some(self.name);
        let namespace = parts.next();
        is_named
            && match (parts.next(), parts.next()) {
                (None, _) | (Some("registry.terraform.io" | "registry.opentofu.org"), None) => {
                    namespace == Some(self.namespace)
                }
                (Some(host), None) => namespace.is_some() && host.contains('.'),
                _ => false,
            }
    }
}

/// The address of the repository that an archive is one of.
///
/// Sources: the documentation of GitHub ("Downloading source code archives") and of GitLab ("Repositories API").
fn archive_of(address: &str) -> Option<String> {
    let in_front = |sign: &str| address.split_once(sign).map(|(own, _)| own);
    let by_host = || {
        let mut parts = address.strip_prefix("codeload.github.com/")?.splitn(3, '/');
        Some(format!("github.com/{}/{}", parts.next()?, parts.next()?))
    };
    in_front("/-/archive/").or_else(|| in_front("/archive/")).map(str::to_owned).or_else(by_host)
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
        let own = Own { addresses: vec!["github.com/acme/terraform-aws-nb".to_owned()], ..own };
        for source in [
            "acme/nb/aws//m",
            "registry.terraform.io/acme/nb/aws//m",
            "app.terraform.io/any/nb/aws//m",
            "tfr:///acme/nb/aws//m?version=1.0.0",
            "https://github.com/acme/terraform-aws-nb/archive/refs/tags/v1.zip//terraform-aws-nb-1/m",
            "https://codeload.github.com/acme/terraform-aws-nb/zip/refs/tags/v1//*/m?archive=zip",
        ] {
            assert_eq!(own.folder(source).as_deref(), Some(Utf8Path::new("../m")), "{source}");
        }
        for source in ["other/nb/aws//m", "acme/bucket/aws//m", "acme/nb/google//m", "a/b/any/nb/aws//m", "nb/aws//m"] {
            assert_eq!(own.folder(source), None, "{source}");
        }
    }

    #[test]
    fn git_may_write_an_address_anew() {
        let config =
            "[remote \"origin\"]\n\turl = corp:infra\n[url \"https://github.com/acme/\"]\n\tinsteadOf = corp:\n";
        assert_eq!(urls(config).collect::<Vec<_>>(), ["corp:infra", "https://github.com/acme/infra"]);
        let config = config.replace("corp:infra", "https://github.com/acme/infra.git");
        assert!(urls(&config).any(|url| url == "corp:infra.git"));
    }

    #[test]
    fn spellings_of_hosts_do_not_matter() {
        assert_eq!(address("git@github.com:acme/infra.git"), ("github.com/acme/infra".to_owned(), String::new()));
    }
}

//! Functions that read files: of the repository alone, regular ones, and of bounded size.
//!
//! Source: Terraform, `internal/lang/funcs/filesystem.go`. A relative path counts from the folder of the root module.

use camino::{Utf8Path, Utf8PathBuf};
use regex::Regex;

use super::super::convert::set;
use super::super::data::{Data, Origin, OriginKind, Traced, Values, alternatives, computed, normalised};
use super::super::eval::Evaluator;
use super::super::needs::ROOT;
use super::super::operators::lift;
use super::super::scope::Scope;
use super::super::types::Type;
use super::super::work::{BYTES_OF_WORK, MOST_BYTES};
use super::digest::{Kind, base64_of};
use super::outcome::{Outcome, Stop, error, string, too_large, unknown};
use super::text::cleaned;
use crate::finding::Hop;
use crate::source::{FileId, Location, Span};

/// The content to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    Text,
    Base64,
    Digest(Kind),
    Exists,
    Set,
}

/// Patterns of paths with more bytes, or more parts between slashes, are not used: each part goes one call deeper.
const MOST_PATTERN: usize = 4096;
const MOST_PARTS: usize = 64;

/// A set of files looks at no more names than this.
const MOST_NAMES: usize = 10_000;

/// Asking the system about one is as much work as making so many values.
const LOOKING_AT_A_NAME: usize = 25;

impl<'w, 'a> Evaluator<'w, 'a> {
    /// The values of a function that reads files.
    pub(super) fn read_files(
        &self,
        read: Read,
        arguments: &[Values],
        location: Location,
        scope: &Scope<'_, 'w, 'a>,
    ) -> Values {
        let roots = Self::root_folders(scope, location);
        self.look_below(&roots, &arguments[0]);
        let sets: Vec<Values> = std::iter::once(roots).chain(arguments.iter().cloned()).collect();
        let results = lift(&sets, location, |values| {
            let texts: Vec<String> = values.iter().map(|value| value.as_text().unwrap_or_default()).collect();
            super::settled(self.read_file(read, &texts[0], &texts[1..], location))
        });
        if !matches!(read, Read::Text) {
            return results;
        }
        let named = sets[1].iter().zip(&sets[0]).map(|(path, root)| (path.as_text(), root.as_text()));
        let file = match (named.collect::<Vec<_>>().as_slice(), sets[0].len() * sets[1].len()) {
            ([(Some(path), Some(root))], 1) => resolved(root, path).ok().and_then(|path| self.text_file(&path).ok()),
            _ => None,
        };
        alternatives(results.into_iter().map(|result| match file {
            Some(file) => self.in_file(result, file),
            None => result,
        }))
    }

    /// The text of a file, whose place is that of the whole file.
    fn in_file(&self, value: Traced, file: FileId) -> Traced {
        if !matches!(value.data, Data::String(_)) {
            return value;
        }
        let source = self.workspace.view().source(file);
        let location = Location { file, span: Span::new(0, source.text().len()) };
        let hop =
            Hop { location: Location { span: Span::empty(0), ..location }, text: format!("file {}", source.path()) };
        Traced { origin: Origin { location, kind: OriginKind::Computed }, ..value }.through(&hop)
    }

    /// The folders of the root modules that a value is evaluated for.
    pub(super) fn root_folders(scope: &Scope<'_, 'w, 'a>, location: Location) -> Values {
        let unknown = || vec![Traced::unknown("the folder that Terraform runs in", location)];
        scope.frame.bindings.get(ROOT).cloned().unwrap_or_else(unknown)
    }

    fn read_file(&self, read: Read, root: &str, arguments: &[String], location: Location) -> Outcome {
        let path = resolved(root, arguments.first().map_or("", String::as_str))?;
        match read {
            Read::Set => {
                let pattern = arguments.get(1).map_or("", String::as_str);
                let found = self.files_like(&path, pattern)?;
                let items = found.into_iter().map(|name| vec![computed(Data::String(name), location)]);
                Ok(set(items.collect(), &Type::String))
            }
            Read::Exists => match self.kind_of(&path)? {
                None => Ok(Data::Bool(false)),
                Some(true) => Ok(Data::Bool(true)),
                Some(false) => error("a path to something that is not a regular file"),
            },
            Read::Text => {
                let text = self.workspace.view().source(self.text_file(&path)?).text();
                self.work.spend(text.len() / BYTES_OF_WORK);
                if text.len() > MOST_BYTES { too_large() } else { Ok(normalised(Data::String(text.to_owned()))) }
            }
            Read::Base64 => string(base64_of(&self.bytes(&path)?)),
            Read::Digest(kind) => string(kind.of(&self.bytes(&path)?)),
        }
    }

    /// Whether a path leads to a regular file; `None` if it leads nowhere.
    fn kind_of(&self, path: &Utf8Path) -> Result<Option<bool>, Stop> {
        let store = self.workspace.view().store();
        // The path of what is not there is not made real.
        let real = match store.canonical(path) {
            real if real.is_absolute() => real,
            _ => cleaned(&format!("{}/{path}", store.canonical(Utf8Path::new(".")))).into(),
        };
        if !store.admits(&real) {
            return unknown("a file outside the repository");
        }
        self.looked_for.borrow_mut().insert(real.clone());
        match path.metadata() {
            Ok(metadata) => Ok(Some(metadata.is_file())),
            // A link that leads nowhere here may lead somewhere where Terraform runs.
            Err(_) if path.symlink_metadata().is_ok() => unknown("a link that leads nowhere"),
            Err(_) => match self.kept_elsewhere(path, &real) {
                Some(why) => unknown(format!("{path}, {why}")),
                None => Ok(None),
            },
        }
    }

    /// A file that can be read as text.
    pub(super) fn text_file(&self, path: &Utf8Path) -> Result<FileId, Stop> {
        self.regular(path)?;
        let view = self.workspace.view();
        match view.store().load(path) {
            Some(file) if view.source(file).foreign_bytes().is_empty() => Ok(file),
            Some(_) => self.not_as_text(path),
            None => match view.store().unread(path) {
                Some(problem) if problem.position.is_some() => self.not_as_text(path),
                _ => unknown("a file that cannot be read"),
            },
        }
    }

    /// A file that is not UTF-8. One with a NUL byte may be a text where Terraform runs: git-crypt locks files so.
    fn not_as_text(&self, path: &Utf8Path) -> Result<FileId, Stop> {
        let bytes = self.workspace.view().store().bytes(path).unwrap_or_default();
        if bytes.contains(&0) {
            unknown("a file that is locked, or no text")
        } else {
            error("a file that is not UTF-8")
        }
    }

    fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, Stop> {
        self.regular(path)?;
        let bytes = self.workspace.view().store().bytes(path).or_else(|_| unknown("a file that cannot be read"))?;
        self.work.spend(bytes.len() / BYTES_OF_WORK);
        if bytes.len() > MOST_BYTES { too_large() } else { Ok(bytes) }
    }

    fn regular(&self, path: &Utf8Path) -> Result<(), Stop> {
        match self.kind_of(path)? {
            Some(true) => Ok(()),
            Some(false) => error("a path to something that is not a regular file"),
            None => error("a file that does not exist"),
        }
    }

    /// The paths of the regular files in a folder that a pattern names, from that folder.
    fn files_like(&self, folder: &Utf8Path, pattern: &str) -> Result<Vec<String>, Stop> {
        let pattern = cleaned(pattern);
        if pattern.starts_with('/') || pattern.starts_with("..") || pattern.contains('\\') {
            return unknown("a pattern that leads elsewhere");
        }
        if pattern.len() > MOST_PATTERN || pattern.split('/').count() > MOST_PARTS {
            return unknown("a pattern that is too long to follow");
        }
        let parts: Vec<Part> = pattern.split('/').map(Part::new).collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        let mut names = 0;
        self.collect_files(folder, "", &parts, &mut found, &mut names)?;
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn collect_files(
        &self,
        folder: &Utf8Path,
        way: &str,
        parts: &[Part],
        found: &mut Vec<String>,
        names: &mut usize,
    ) -> Result<(), Stop> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        if self.kind_of(folder)? != Some(false) {
            return Ok(());
        }
        if matches!(part, Part::AnyDepth) && !rest.is_empty() {
            self.collect_files(folder, way, rest, found, names)?;
        }
        for name in self.workspace.view().store().names(folder) {
            *names += 1;
            self.work.spend(LOOKING_AT_A_NAME);
            if *names > MOST_NAMES {
                return unknown("more files than are looked at");
            }
            let path = folder.join(name);
            let way = format!("{way}{name}");
            let is_match = match part {
                Part::AnyDepth if path.is_symlink() && path.is_dir() => return unknown("a link to a folder"),
                Part::AnyDepth => true,
                Part::Like(pattern) => pattern.is_match(name),
            };
            if !is_match {
                continue;
            }
            let is_last = rest.is_empty();
            if is_last && self.kind_of(&path)? == Some(true) {
                found.push(way.clone());
            }
            let rest = if matches!(part, Part::AnyDepth) { parts } else { rest };
            if path.is_dir() {
                self.collect_files(&path, &format!("{way}/"), rest, found, names)?;
            }
        }
        Ok(())
    }
}

/// The path that an argument means.
pub(super) fn resolved(root: &str, path: &str) -> Result<Utf8PathBuf, Stop> {
    match path {
        path if path.starts_with('~') => unknown("a path from the home folder of whoever runs Terraform"),
        path if path.starts_with('/') => Ok(cleaned(path).into()),
        path if root.is_empty() => Ok(cleaned(path).into()),
        path => Ok(cleaned(&format!("{root}/{path}")).into()),
    }
}

/// One part of a pattern of paths.
enum Part {
    /// `**`: any folders, or none.
    AnyDepth,
    Like(Regex),
}

impl Part {
    fn new(pattern: &str) -> Result<Self, Stop> {
        if pattern == "**" {
            return Ok(Self::AnyDepth);
        }
        let mut text = String::from("^(?s:");
        let (mut in_class, mut braces) = (false, 0);
        for letter in pattern.chars() {
            match letter {
                ']' if in_class => {
                    in_class = false;
                    text.push(']');
                }
                '-' | '^' if in_class => text.push(letter),
                '[' if !in_class => {
                    in_class = true;
                    text.push('[');
                }
                '*' if !in_class => text.push_str(".*"),
                '?' if !in_class => text.push('.'),
                '{' if !in_class => {
                    braces += 1;
                    text.push_str("(?:");
                }
                '}' if braces > 0 => {
                    braces -= 1;
                    text.push(')');
                }
                ',' if braces > 0 => text.push('|'),
                letter => text.push_str(&regex::escape(&letter.to_string())),
            }
        }
        text.push_str(")$");
        Regex::new(&text).map_or_else(|_| unknown("a pattern that is not read here"), |regex| Ok(Self::Like(regex)))
    }
}

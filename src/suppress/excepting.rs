//! What excepts single instances: ignore comments on module calls and units, and the exemptions of a settings file.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use time::Date;

use super::comments::{Comments, in_code};
use crate::discover::{BadGlob, Exclusion};
use crate::finding::{Exception, Finding, Note, Program, Suppression};
use crate::model::{Exceptions, View};
use crate::options::{Exemption, Exemptions};
use crate::source::{FileId, Location, Sources, Span};

/// How an exemption is called in reports.
const KIND: &str = "unroot.toml";

/// More notebooks than this are counted in a note.
const MOST_NAMED: usize = 4;

/// The exemptions of a settings file, ready to be matched.
#[derive(Debug, Default)]
pub struct Exempt {
    file: Utf8PathBuf,
    text: String,
    listed: Vec<(Exclusion, Exemption)>,
    /// The folder that their paths count from, by its real path.
    pub folder: Utf8PathBuf,
    /// The exemptions by what their paths start with before the first wildcard: a list made of what has root today can be as
    /// long as the list of notebooks.
    by_start: HashMap<Utf8PathBuf, Vec<usize>>,
}

impl Exempt {
    /// # Errors
    /// If a glob is malformed.
    pub fn new(exemptions: &Exemptions) -> Result<Self, BadGlob> {
        let Exemptions { file, folder, text, listed } = exemptions.clone();
        let mut by_start: HashMap<Utf8PathBuf, Vec<usize>> = HashMap::new();
        for (at, exemption) in listed.iter().enumerate() {
            let starts: BTreeSet<Utf8PathBuf> = exemption.paths.iter().map(|glob| start(glob)).collect();
            let anywhere = if starts.is_empty() { Some(Utf8PathBuf::new()) } else { None };
            for start in starts.into_iter().chain(anywhere) {
                by_start.entry(start).or_default().push(at);
            }
        }
        let ready = listed
            .into_iter()
            .map(|exemption| Ok((Exclusion::below(folder.as_std_path(), &exemption.paths)?, exemption)))
            .collect::<Result<_, BadGlob>>()?;
        Ok(Self { file, text, listed: ready, folder, by_start })
    }

    /// The exemptions that may be about one of some real paths, in their order.
    fn near<'p>(&self, paths: impl IntoIterator<Item = &'p Utf8Path>) -> impl Iterator<Item = &(Exclusion, Exemption)> {
        let mut numbers = BTreeSet::new();
        for path in paths {
            let Ok(path) = path.strip_prefix(&self.folder) else {
                numbers.extend(0..self.listed.len());
                continue;
            };
            numbers.extend(path.ancestors().filter_map(|part| self.by_start.get(part)).flatten());
        }
        numbers.into_iter().map(|at| &self.listed[at])
    }

    /// The settings file, where it is needed to say where an exemption stands.
    #[must_use]
    pub fn source(&self) -> Option<(&Utf8Path, &str)> {
        (!self.listed.is_empty()).then_some((&self.file, &self.text))
    }
}

/// What a glob in `.gitignore` syntax has before the first part with a wildcard; nothing if it matches in any folder.
fn start(glob: &str) -> Utf8PathBuf {
    let glob = glob.trim_end().trim_end_matches('/');
    let is_plain =
        |part: &&str| !part.contains(['*', '?', '[', '{', '\\', '!', '#']) && !matches!(*part, "" | "." | "..");
    if !glob.contains('/') {
        return Utf8PathBuf::new();
    }
    glob.strip_prefix('/').unwrap_or(glob).split('/').take_while(is_plain).collect()
}

/// Tells the instances that are excepted, in one view of the files.
pub struct Excepting {
    today: Date,
    exempt: Rc<Exempt>,
    /// Whether a comment on a call or a unit has been found so far in the whole run.
    found: Rc<Cell<bool>>,
    comments: RefCell<HashMap<FileId, Rc<Comments>>>,
    /// The comments that stand where they can except something.
    standing: RefCell<BTreeSet<Location>>,
}

impl Excepting {
    /// Takes `found` from view to view.
    #[must_use]
    pub fn new(today: Date, exempt: Rc<Exempt>, found: Rc<Cell<bool>>) -> Self {
        Self { today, exempt, found, comments: RefCell::default(), standing: RefCell::default() }
    }

    /// Whether a comment stands where it can except something.
    pub(super) fn stands(&self, comment: Location) -> bool {
        self.standing.borrow().contains(&comment)
    }

    fn comments(&self, view: &View<'_>, file: FileId) -> Rc<Comments> {
        let read = || Rc::new(in_code(file, view.source(file)));
        Rc::clone(self.comments.borrow_mut().entry(file).or_insert_with(read))
    }

    /// The first exemption for which something holds that hangs on some real paths.
    fn exemption(
        &self,
        view: &View<'_>,
        paths: &[&Utf8Path],
        holds: impl Fn(&Exclusion, &Exemption) -> bool,
    ) -> Option<Arc<Exception>> {
        let current = |exemption: &Exemption| exemption.until >= self.today;
        let (_, exemption) =
            self.exempt.near(paths.iter().copied()).find(|(globs, it)| current(it) && holds(globs, it))?;
        let file = view.store().load(&self.exempt.file)?;
        let location = Location { file, span: Span::new(exemption.at.start, exemption.at.end) };
        let by = Suppression { kind: KIND, reason: exemption.reason.clone(), location };
        Some(Arc::new(Exception { by, rules: None }))
    }

    /// What there is to say of the exemptions: which notebooks each covers, and which are of no use. That one covers
    /// nothing is told only if all that it could cover was judged.
    pub(super) fn notes(&self, sources: &Sources, findings: &[Finding], is_whole: bool) -> Vec<Note> {
        let Some(file) = sources.find(&self.exempt.file) else { return Vec::new() };
        let mut covered: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for notebook in findings.iter().filter_map(Finding::notebook) {
            for exception in notebook.values.iter().filter_map(|trace| trace.exception.as_ref()) {
                if exception.by.location.file == file {
                    covered.entry(exception.by.location.span.start).or_default().insert(&notebook.address);
                }
            }
        }
        let note = |(_, exemption): &(Exclusion, Exemption)| {
            let Exemption { reason, until, at, .. } = exemption;
            let message = match covered.get(&at.start) {
                _ if *until < self.today => format!("this exemption expired on {until} and covers nothing any more"),
                Some(addresses) => {
                    let more = addresses.len().saturating_sub(MOST_NAMED);
                    let mut named: Vec<&str> = addresses.iter().copied().take(MOST_NAMED).collect();
                    let others = format!("{more} more notebooks");
                    named.extend((more > 0).then_some(others.as_str()));
                    format!("this exemption lets {} keep root until {until}: {reason}", named.join(" and "))
                }
                None if is_whole => "this exemption is unused: no notebook that it covers has root".to_owned(),
                None => return None,
            };
            Some(Note { file, position: sources[file].position(at.start), message })
        };
        self.exempt.listed.iter().filter_map(note).collect()
    }
}

impl Exceptions for Excepting {
    fn on_block(&self, view: &View<'_>, block: Location) -> Option<Arc<Exception>> {
        let source = view.source(block.file);
        let known = self.comments(view, block.file);
        for comment in known.on_block(source, block).into_iter().map(|place| &known.all[place]) {
            let Ok(directive) = &comment.directive else { continue };
            self.standing.borrow_mut().insert(comment.location);
            if !directive.is_expired(self.today) {
                self.found.set(true);
                let reason = directive.reason.clone();
                let by = Suppression { kind: directive.kind.name(), reason, location: comment.location };
                return Some(Arc::new(Exception { by, rules: directive.rules.clone() }));
            }
        }
        if self.exempt.listed.is_empty() {
            return None;
        }
        let path = view.store().canonical(source.path());
        self.exemption(view, &[&path], |globs, exemption| exemption.instances.is_empty() && globs.excludes(&path))
    }

    fn on_instance(&self, view: &View<'_>, file: FileId, program: &Program, address: &str) -> Option<Arc<Exception>> {
        if self.exempt.listed.is_empty() {
            return None;
        }
        let store = view.store();
        let folder = store.canonical(&program.folder);
        let files = std::iter::once(view.source(file).path());
        let files: Vec<Utf8PathBuf> = files
            .chain(program.value_files.iter().map(Utf8PathBuf::as_path))
            .map(|path| store.canonical(path))
            .collect();
        let paths: Vec<&Utf8Path> = files.iter().chain([&folder]).map(Utf8PathBuf::as_path).collect();
        self.exemption(view, &paths, |globs, exemption| {
            let is_below = || globs.excludes_folder(&folder) || files.iter().any(|path| globs.excludes(path));
            (exemption.paths.is_empty() || is_below())
                && (exemption.instances.is_empty() || exemption.instances.iter().any(|it| is_at(address, it)))
        })
    }

    fn are_there(&self) -> bool {
        self.found.get() || !self.exempt.listed.is_empty()
    }
}

/// Whether an address is another one, or lies in the module that it names.
fn is_at(address: &str, other: &str) -> bool {
    let rest = address.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::{is_at, start};

    #[test]
    fn a_glob_starts_with_the_folders_before_its_wildcards() {
        for (glob, folders) in [
            ("a/b/**", "a/b"),
            ("/a/b.tf", "a/b.tf"),
            ("a/", ""),
            ("a", ""),
            ("/a", "a"),
            ("a/b/", "a/b"),
            ("*/b", ""),
            ("a/x*/c", "a"),
            ("!a/b", ""),
            ("a/\\*", "a"),
            ("**/a", ""),
        ] {
            assert_eq!(start(glob), folders, "{glob}");
        }
    }

    #[test]
    fn an_address_covers_what_lies_in_it() {
        let address = "module.team[\"a\"].aws_sagemaker_notebook_instance.this[0]";
        for other in
            [address, "module.team", "module.team[\"a\"]", "module.team[\"a\"].aws_sagemaker_notebook_instance.this"]
        {
            assert!(is_at(address, other), "{other}");
        }
        for other in ["module.tea", "module.team[\"b\"]", "aws_sagemaker_notebook_instance.this", "module.team[\"a"] {
            assert!(!is_at(address, other), "{other}");
        }
    }
}

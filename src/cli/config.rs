//! `unroot.toml`: settings for a whole tree, under the names of the options.

mod exempt;

use std::num::NonZeroUsize;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::discover::Exclusion;
use crate::options::{Exemptions, FixAt, Scripts};
use crate::report::Format;
use crate::source::{self, SourceFile, World, real_folder};
use crate::terminal::{Colour, escape};

/// The name of the file that is looked for.
pub const FILE_NAME: &str = "unroot.toml";

/// A longer file is not read: as settings it would take many times its size.
const LONGEST: u64 = 1 << 20;

/// Options that the file cannot set, since they write files or read them from elsewhere.
const COMMAND_LINE_ONLY: [&str; 6] = ["report", "output", "plan", "from", "var-file", "write"];

/// What the file sets: what is judged, and how it is shown. Nothing in it writes a file or reads one elsewhere, for the
/// file belongs to the code under scan, which may be a stranger's.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a key on its own, named like its option")]
pub struct Config {
    /// Whether unsafe fixes are applicable.
    pub unsafe_fixes: bool,
    /// Where values that arrive from elsewhere are fixed.
    pub fix_at: Option<FixAt>,
    /// Whether ignore comments are passed over.
    pub no_suppressions: bool,
    /// What becomes of lifecycle scripts.
    pub scripts: Option<Scripts>,
    /// How the result is printed.
    pub format: Option<Format>,
    /// Whether `text` shows the diff in every mode.
    pub diff: bool,
    /// Unchanged lines shown around a change.
    pub context: Option<usize>,
    /// When colour is used.
    pub color: Option<Colour>,
    /// As `--quiet`.
    pub quiet: bool,
    /// As `--verbose`.
    pub verbose: bool,
    /// Globs of what is left out.
    pub exclude: Vec<String>,
    /// Whether hidden files and folders are walked too.
    pub hidden: bool,
    /// Whether `.gitignore` and its like are passed over.
    pub no_ignore: bool,
    /// Number of threads.
    pub threads: Option<NonZeroUsize>,
    /// Instances that keep root.
    #[serde(rename = "exempt", deserialize_with = "exempt::listed")]
    pub exemptions: Exemptions,
}

/// The files that lie above the paths of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The one that counts: the nearest above all paths.
    pub file: Option<Utf8PathBuf>,
    /// Those above some of the paths only.
    pub passed_over: Vec<Utf8PathBuf>,
}

/// Looks for the nearest file above all of the paths. No file counts that lies outside the repository of one of them,
/// nor one that a link leads out to: somebody else may have put it there.
///
/// # Errors
/// The file is a link that leads out of the repository.
pub fn find(paths: &[Utf8PathBuf]) -> Result<Found, ConfigError> {
    let folders: Vec<(Utf8PathBuf, Utf8PathBuf)> =
        paths.iter().filter_map(|path| Some((real_folder(path)?, World::of(path)?.top))).collect();
    let mut found = Found::default();
    for (folder, top) in &folders {
        let mut files =
            folder.ancestors().take_while(|above| above.starts_with(top)).map(|above| above.join(FILE_NAME));
        let Some(nearest) = files.by_ref().find(|file| file.symlink_metadata().is_ok()) else { continue };
        let is_above = |file: &Utf8PathBuf| {
            let above = file.parent().unwrap_or(file);
            folders.iter().all(|(folder, top)| folder.starts_with(above) && above.starts_with(top))
        };
        if is_above(&nearest) {
            found.file = Some(nearest);
        } else {
            found.file = found.file.or_else(|| files.filter(|file| file.symlink_metadata().is_ok()).find(is_above));
            found.passed_over.push(nearest);
        }
    }
    found.passed_over.sort();
    found.passed_over.dedup();
    if let Some((file, (_, top))) = found.file.as_ref().zip(folders.first())
        && !file.canonicalize_utf8().is_ok_and(|real| real.starts_with(top))
    {
        let error = "a link that leads out of the repository, so it was not read".to_owned();
        return Err(ConfigError::Read { path: file.to_string(), error });
    }
    Ok(found)
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        error: String,
    },
    /// It does not say what it may say.
    #[error("{path}:{line}:{column}: {message}")]
    Content {
        /// The file.
        path: String,
        /// Line, 1-based.
        line: usize,
        /// Column, 1-based, in characters.
        column: usize,
        /// What is wrong there.
        message: String,
    },
}

impl Config {
    /// Reads one file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        let text = source::read_up_to(path, LONGEST)
            .map_err(|refusal| refusal.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "not valid UTF-8".to_owned()));
        let text = text.map_err(|error| ConfigError::Read { path: shown.clone(), error })?;
        let mut config = Self::parse(&text, &shown)?;
        if !config.exemptions.listed.is_empty() {
            let file = Utf8PathBuf::from(shown);
            let folder = file.parent().and_then(real_folder).unwrap_or_default();
            config.exemptions = Exemptions { file, folder, text, ..config.exemptions };
        }
        Ok(config)
    }

    /// The exemptions in the text of a file that is shown as `file` and lies in `folder`, or will.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn exemptions(file: &Utf8Path, folder: &Utf8Path, text: &str) -> Result<Exemptions, ConfigError> {
        let read = Self::parse(text, file.as_str())?;
        Ok(Exemptions { file: file.to_owned(), folder: folder.to_owned(), text: text.to_owned(), ..read.exemptions })
    }

    /// Reads the text of a file that is shown as `path`.
    fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        let wrong = |at: usize, message: &str| {
            let position = SourceFile::new(Utf8PathBuf::from(path), text).position(at);
            // TOML speaks of keys, the deserializer of fields.
            let message = match COMMAND_LINE_ONLY
                .into_iter()
                .find(|key| message.starts_with(&format!("unknown field `{key}`")))
            {
                Some(key) => format!("`{key}` names files to write or read, which only the command line may do"),
                None => {
                    message.replacen("unknown field", "unknown key", 1).replacen("unknown variant", "unknown value", 1)
                }
            };
            // The text belongs to the code under scan, and a key can hold any character.
            let message = escape(&message).into_owned();
            ConfigError::Content { path: path.to_owned(), line: position.line, column: position.column, message }
        };
        let config: Self = toml::from_str(text)
            .map_err(|error| wrong(error.span().map_or(0, |span| span.start.min(text.len())), error.message()))?;
        for exemption in &config.exemptions.listed {
            Exclusion::below(Path::new(""), &exemption.paths)
                .map_err(|error| wrong(exemption.at.start, &error.to_string()))?;
        }
        if config.quiet && config.verbose {
            return Err(wrong(text.find("verbose").unwrap_or(0), "`quiet` and `verbose` exclude each other"));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Config::parse(text, "unroot.toml").expect_err("the text is wrong").to_string()
    }

    #[test]
    fn every_key_is_read() {
        let text = "unsafe-fixes = true\nfix-at = \"resource\"\nno-suppressions = true\nscripts = \"deny\"\nformat = \"sarif\"\n\
                    diff = true\ncontext = 0\n\
                    color = \"never\"\nquiet = true\nexclude = [\"a\", \"b/\"]\nhidden = true\nno-ignore = true\nthreads = 2\n";
        let expected = Config {
            unsafe_fixes: true,
            fix_at: Some(FixAt::Resource),
            no_suppressions: true,
            scripts: Some(Scripts::Deny),
            format: Some(Format::Sarif),
            diff: true,
            context: Some(0),
            color: Some(Colour::Never),
            quiet: true,
            verbose: false,
            exclude: vec!["a".to_owned(), "b/".to_owned()],
            hidden: true,
            no_ignore: true,
            threads: NonZeroUsize::new(2),
            exemptions: Exemptions::default(),
        };
        assert_eq!(Config::parse(text, "unroot.toml").expect("the text is right"), expected);
        assert_eq!(Config::parse("", "unroot.toml").expect("nothing has to be set"), Config::default());
    }

    #[test]
    fn exemptions_are_read_with_their_places() {
        let text = "hidden = true\n\n[[exempt]]\npaths = [\"a/\"]\nreason = \"x\"\nuntil = 2027-06-30\n\n[[exempt]]\ninstances = [\"module.a\"]\nreason = \"y\"\nuntil = 2028-01-01\n";
        let listed = Config::parse(text, "unroot.toml").expect("the text is right").exemptions.listed;
        assert_eq!(
            (listed[0].paths.as_slice(), listed[0].until.to_string()),
            (&["a/".to_owned()][..], "2027-06-30".to_owned())
        );
        assert_eq!((listed[1].instances.as_slice(), &*listed[1].reason), (&["module.a".to_owned()][..], "y"));
        assert!(listed.iter().all(|it| text[it.at.start..].starts_with("[[exempt]]")), "{listed:?}");
    }

    #[test]
    fn what_is_wrong_is_told_at_its_line() {
        for (text, message) in [
            ("hidden = true\nhiden = true\n", "unroot.toml:2:1: unknown key `hiden`, expected one of `unsafe-fixes`"),
            (
                "\n\nwrite = true\n",
                "unroot.toml:3:1: `write` names files to write or read, which only the command line",
            ),
            ("report = [\"json=../x\"]\n", "unroot.toml:1:1: `report` names files to write or read, which only"),
            (
                "plan = \"plan.json\"\n",
                "unroot.toml:1:1: `plan` names files to write or read, which only the command line",
            ),
            ("hidden = \"yes\"\n", "unroot.toml:1:10: invalid type: string \"yes\", expected a boolean"),
            ("# é\ncontext = -1", "unroot.toml:2:11: invalid value: integer `-1`"),
            ("threads = 0", "unroot.toml:1:11: invalid value: integer `0`"),
            ("diff = true\nformat = \"xml\"\n", "unroot.toml:2:10: unknown value `xml`, expected one of `text`,"),
            (
                "color = \"sometimes\"\n",
                "unroot.toml:1:9: unknown value `sometimes`, expected one of `auto`, `always`, `never`",
            ),
            ("scripts = \"no\"\n", "unroot.toml:1:11: unknown value `no`, expected one of `off`, `warn`, `deny`"),
            ("exclude = \"a\"\n", "unroot.toml:1:11: invalid type: string \"a\", expected a sequence"),
            ("quiet = true\nverbose = true\n", "unroot.toml:2:1: `quiet` and `verbose` exclude each other"),
            ("hidden = \n", "unroot.toml:1:10: "),
            ("[table]\nhidden = true\n", "unroot.toml:1:2: unknown key `table`"),
            ("[[exempt]]\npaths = [\"a\"]\nuntil = 2027-01-01\n", "unroot.toml:1:1: missing field `reason`"),
            ("[[exempt]]\npaths = [\"a\"]\nreason = \"x\"\n", "unroot.toml:1:1: missing field `until`"),
            (
                "[[exempt]]\npaths = [\"a\"]\nreason = \" \"\nuntil = 2027-01-01\n",
                "unroot.toml:1:1: an exemption needs a reason",
            ),
            (
                "[[exempt]]\nreason = \"x\"\nuntil = 2027-01-01\n",
                "unroot.toml:1:1: an exemption needs `paths` or `instances`",
            ),
            (
                "[[exempt]]\npaths = [\"a\"]\nreason = \"x\"\nuntil = \"soon\"\n",
                "unroot.toml:4:9: `until` takes a date, as 2027-06-30 without quotes",
            ),
            (
                "[[exempt]]\npaths = [\"a\"]\nreason = \"x\"\nuntil = 10:00:00\n",
                "unroot.toml:4:9: `until` takes a date, as 2027-06-30 without quotes",
            ),
            (
                "[[exempt]]\npath = [\"a\"]\nreason = \"x\"\nuntil = 2027-01-01\n",
                "unroot.toml:2:1: unknown key `path`, expected one of `paths`, `instances`, `reason`, `until`",
            ),
            ("[[exempt]]\npaths = [\"[a\"]\nreason = \"x\"\nuntil = 2027-01-01\n", "unroot.toml:1:1: "),
        ] {
            let found = refused(text);
            assert!(found.starts_with(message), "{text:?}: {found}");
        }
    }
}

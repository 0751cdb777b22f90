//! The files a script writes, by path, so that what runs later can be judged with its whole content.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::script::shell::mapped::Text;
use crate::script::state::later_runners::SEARCHED;
use crate::script::state::paths;
use crate::script::state::process::State;

/// Files beyond this number are not remembered.
const MOST_FILES: usize = 256;

#[derive(Debug, Clone, Default)]
pub struct File {
    /// The text that was written, as far as is known.
    pub text: Text,
    /// The last command that wrote it, in bytes of the script.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, Default)]
pub struct Files {
    files: BTreeMap<String, File>,
}

impl Files {
    pub fn write(&mut self, path: &str, text: &Text, append: bool, span: &Range<usize>) {
        if self.files.len() >= MOST_FILES && !self.files.contains_key(path) {
            return;
        }
        let file = self.files.entry(path.to_owned()).or_default();
        if !append {
            file.text = Text::default();
        }
        file.text.push(text);
        file.span = span.clone();
    }

    /// The known content of a file; empty if the script did not write it.
    pub fn read(&self, path: &str) -> Text {
        self.files.get(path).map(|file| file.text.clone()).unwrap_or_default()
    }

    /// The path of the program that a command line starts, where it is named by a path or was written by the script to
    /// a folder that shells search.
    pub fn program(&self, words: &[Text], state: &State) -> Option<String> {
        let name = words.first()?.as_str();
        if name.contains('/') {
            return Some(paths::resolve(name, state.folder.as_deref()));
        }
        let is_program = |path: &&String| paths::base(path) == name && SEARCHED.contains(&paths::parent(path));
        self.files.keys().find(is_program).cloned()
    }

    pub fn remove(&mut self, path: &str) {
        self.files.retain(|known, _| !paths::is_within(known, path));
    }

    /// All files, in the order of their paths.
    pub fn all(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }
}

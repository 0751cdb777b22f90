//! A command line after expansion.

use std::ops::Range;
use std::rc::Rc;

use crate::script::shell::mapped::Text;
use crate::script::shell::tree::{Place, Unit};
use crate::script::state::paths;

/// A command line about to run: its words after expansion.
#[derive(Debug, Clone)]
pub struct Call {
    /// Never empty. The first is the command.
    pub words: Vec<Text>,
    /// For each word its place in `unit`.
    pub places: Vec<Place>,
    pub unit: Rc<Unit>,
    /// The end of the statement in `unit`, redirects included, and whether it has a heredoc.
    pub end: usize,
    pub has_heredoc: bool,
    /// Another program starts it, which knows no functions of the shell.
    pub external: bool,
}

impl Call {
    /// The command in bytes of the script, redirects included.
    pub fn span(&self) -> Range<usize> {
        let start = self.places.first().map_or(0, |place| place.start);
        self.unit.text.span(start..self.end.max(start))
    }

    /// The words in the text of `unit`.
    pub fn range(&self) -> Range<usize> {
        let ends = self.places.first().zip(self.places.last());
        ends.map_or(0..0, |(first, last)| first.start..last.end)
    }

    /// The name of the command without its folder.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", |word| paths::base(word.as_str()))
    }

    pub fn arguments(&self) -> &[Text] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The same command line without its first `count` words, if any are left.
    pub fn skip(&self, count: usize) -> Option<Self> {
        self.part(count, self.words.len())
    }

    /// The words from `from` to before `to` as a command line, as `find -exec` and `xargs` run them.
    pub fn part(&self, from: usize, to: usize) -> Option<Self> {
        let to = to.min(self.words.len());
        (from < to).then(|| self.with(self.words[from..to].to_vec(), self.places[from..to].to_vec()))
    }

    /// The same command line as another program starts it.
    pub fn by_program(self) -> Self {
        Self { external: true, ..self }
    }

    /// The same command line with each word replaced in place.
    pub fn replaced(&self, words: Vec<Text>) -> Self {
        self.with(words, self.places.clone())
    }

    /// The same place with other words, for a command that another one stands for.
    pub fn with_words(&self, words: Vec<Text>) -> Self {
        let places = vec![self.places.first().copied().unwrap_or_default(); words.len()];
        self.with(words, places)
    }

    fn with(&self, words: Vec<Text>, places: Vec<Place>) -> Self {
        Self {
            words,
            places,
            unit: Rc::clone(&self.unit),
            end: self.end,
            has_heredoc: self.has_heredoc,
            external: self.external,
        }
    }

    /// Where the word at `index` starts in its unit, and the unit's text.
    pub fn source(&self, index: usize) -> (&Text, usize, usize) {
        (&self.unit.text, self.places.get(index).map_or(self.end, |place| place.start), self.end)
    }
}

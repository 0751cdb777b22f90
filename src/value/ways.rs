//! The ways that lead to a module: the programs that create it, each with the module's address there.

use std::fmt::Write as _;
use std::sync::Arc;

use super::data::Values;
use super::eval::Evaluator;
use super::frame::Frame;
use super::repetitions::Iteration;
use crate::finding::{Exception, Program, ProgramKind};
use crate::model::overrides::Layered;
use crate::model::terragrunt::{Config, Stack, Unit};
use crate::model::{Exceptions, Gap, Module};
use crate::source::{FileId, Location, Span};

/// More ways to one module are counted, not listed: modules that call the next one twice have as many as they like.
pub(super) const MOST_LISTED: usize = 10_000;

/// A program, and the address of a module in it.
#[derive(Debug, Clone)]
pub struct Way {
    /// The program.
    pub program: Arc<Program>,
    /// Such as `module.a["x"].module.b`; empty for the root module.
    pub path: String,
    /// What lets the instances behind it keep what they have.
    pub exception: Option<Arc<Exception>>,
}

/// The ways to a module that no variable tells apart.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// The first of them.
    pub listed: Vec<Way>,
    /// How many more there are.
    pub more: usize,
}

impl Ways {
    /// The one way of a root module.
    pub(super) fn of(program: Program) -> Self {
        Self { listed: vec![Way { program: Arc::new(program), path: String::new(), exception: None }], more: 0 }
    }

    /// The ways of what is called there, by a step such as `module.a["x"]`; those behind the first `room` are counted.
    pub(super) fn through(&self, step: &str, room: usize) -> Self {
        let listed = self.listed.iter().take(room).map(|Way { program, path, exception }| {
            let dot = if path.is_empty() { "" } else { "." };
            let (program, exception) = (Arc::clone(program), exception.clone());
            Way { program, path: format!("{path}{dot}{step}"), exception }
        });
        Self { listed: listed.collect(), more: self.more.saturating_add(self.listed.len().saturating_sub(room)) }
    }

    /// The same ways, which an exception covers. One for every rule weighs more than one for some.
    pub(super) fn excepted(mut self, exception: Option<&Arc<Exception>>) -> Self {
        let Some(exception) = exception else { return self };
        for way in &mut self.listed {
            if way.exception.as_ref().is_none_or(|known| known.rules.is_some() && exception.rules.is_none()) {
                way.exception = Some(Arc::clone(exception));
            }
        }
        self
    }

    /// Adds others.
    pub(super) fn append(&mut self, other: Self) {
        let room = MOST_LISTED.saturating_sub(self.listed.len());
        self.more = self.more.saturating_add(other.more).saturating_add(other.listed.len().saturating_sub(room));
        self.listed.extend(other.listed.into_iter().take(room));
    }
}

impl Evaluator<'_, '_> {
    /// Whether ways are told apart: of code as it is supposed to be nobody asks for them, unless some are excepted.
    pub(super) fn lists_ways(&self) -> bool {
        self.substitutes.is_empty() && self.arguments.is_empty() && self.followed.is_empty() || self.has_exceptions()
    }

    /// Whether some instances may be excepted.
    pub(super) fn has_exceptions(&self) -> bool {
        self.workspace.exceptions().is_some_and(Exceptions::are_there)
    }

    /// The exception for everything behind a block.
    pub(super) fn exception_on(&self, block: Location) -> Option<Arc<Exception>> {
        self.workspace.exceptions()?.on_block(self.workspace.view(), block)
    }

    /// The way of a Terragrunt unit.
    pub(super) fn way_of_unit(&self, unit: &Unit, config: &Config) -> Ways {
        let view = self.workspace.view();
        let value_files = unit.values.iter().map(|&file| view.source(file).path().to_owned()).collect();
        let (folder, kind) = (self.shown(&config.folder), ProgramKind::Terragrunt);
        let whole = |&file: &FileId| Location { file, span: Span::new(0, view.source(file).text().len()) };
        let exception = unit.files.first().map(whole).and_then(|file| self.exception_on(file));
        Ways::of(Program { folder, kind, deployment: None, value_files }).excepted(exception.as_ref())
    }

    /// The way of a configuration of Terraform Stacks, by a deployment if there is one.
    pub(super) fn way_of_stack(stack: &Stack, deployment: Option<&str>) -> Ways {
        let (folder, deployment) = (stack.folder.clone(), deployment.map(str::to_owned));
        Ways::of(Program { folder, kind: ProgramKind::Stack, deployment, value_files: Vec::new() })
    }

    /// The ways to a module that are not followed.
    pub(super) fn way_of_gap(module: &Module<'_>, gap: &Gap) -> Ways {
        let folder = gap.file.as_ref().and_then(|file| file.parent()).unwrap_or(&module.folder).to_owned();
        Ways::of(Program { folder, kind: ProgramKind::Unknown, deployment: None, value_files: Vec::new() })
    }

    /// The instance key of a repetition of a block, in brackets; empty where the block has no `count` and no `for_each`.
    pub(super) fn instance_key(block: &Layered<'_>, iteration: &Iteration) -> String {
        let repeats = block.attribute("for_each").is_some() || block.attribute("count").is_some();
        if repeats { Self::key_of(iteration) } else { String::new() }
    }

    /// The key of a repetition, in brackets.
    pub(super) fn key_of(iteration: &Iteration) -> String {
        let known = |values: &Values| match values.as_slice() {
            // Terraform refuses a key that is not to be shown.
            [value] if !value.sensitive => value.as_text(),
            _ => None,
        };
        match iteration {
            Iteration { each: Some((key, _)), .. } => known(key).map(|key| format!("[{}]", quoted(&key))),
            Iteration { index: Some(index), .. } => known(index).map(|index| format!("[{index}]")),
            Iteration { each: None, index: None } => None,
        }
        .unwrap_or_else(|| "[*]".to_owned())
    }
}

impl<'w, 'a> Frame<'w, 'a> {
    /// The same with the ways of others that hold the same.
    pub(super) fn absorb(&mut self, other: Frame<'w, 'a>) {
        self.ways.append(other.ways);
    }
}

/// A key as Terraform writes it in an address.
///
/// Source: hashicorp/terraform, `internal/addrs/instance_key.go`, `toHCLQuotedString`.
fn quoted(key: &str) -> String {
    let mut quoted = String::from("\"");
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', letter]),
            '$' | '%' if letters.peek() == Some(&'{') => quoted.extend([letter, letter]),
            _ if is_printed(letter) => quoted.push(letter),
            _ if u32::from(letter) < 0x1_0000 => _ = write!(quoted, "\\u{:04x}", u32::from(letter)),
            _ => _ = write!(quoted, "\\U{:08x}", u32::from(letter)),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character stands for itself in an address: neither a control nor a format character, and no space but the
/// plain one.
fn is_printed(letter: char) -> bool {
    let is_format = matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !letter.is_control() && !is_format && (letter == ' ' || !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn keys_are_written_as_terraform_writes_them() {
        for (key, written) in [
            ("a", r#""a""#),
            ("", r#""""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("a\nb\tc", r#""a\nb\tc""#),
            ("${x} $ %{y} $$", r#""$${x} $ %%{y} $$""#),
            ("ü \u{a0}\u{200b}", r#""ü \u00a0\u200b""#),
            ("\u{e0001}", r#""\U000e0001""#),
        ] {
            assert_eq!(quoted(key), written);
        }
    }
}

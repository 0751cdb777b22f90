//! Asks for each fix whether to apply it. What there is to ask, and what an answer does, is a [`Work`]'s; keys and
//! text come and go through [`Keys`] and [`Stream`], so that the dialogue needs no terminal.
//!
//! Nothing that was accepted waits for the end: an answer has taken effect when the next question is asked.

mod line;

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use crate::terminal::{Key, Keys, Stream, escape, fold};

const TITLE: Style = Style::new().bold();
const UNSAFE: Style = AnsiColor::Red.on_default().bold();

/// At most 40 columns, so that it fits where little does.
const PROMPT: &str = "Apply? [y n a q e s p ?]: ";

/// The text of `?`, each line indented; at most 40 columns with that.
const HELP: [&str; 8] = [
    "y  apply this fix now",
    "n  leave it as it is",
    "a  apply this and all later safe fixes",
    "q  stop here; what was applied stays",
    "e  explain the rule",
    "s  suppress it with an ignore comment",
    "p  print the diff again",
    "?  show this",
];

/// The warning of an unsafe fix.
const WARNING: &str = "This fix may change what the author meant. `a` leaves it out.";

/// The prompt for the reason of an ignore comment.
const REASON: &str = "Reason: ";

/// The explanation before the prompt for a reason.
const REASON_HELP: &str = "The comment's reason; until=YYYY-MM-DD in it sets the last day it counts. \
Enter alone goes back.";

/// A fix to be decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// One line that says what the fix does.
    pub title: String,
    /// Whether it may be applied with all others.
    pub is_safe: bool,
    /// How many fixes are left to be decided on, this one included.
    pub left: usize,
    /// How many files it writes.
    pub files: usize,
    /// How many folders they lie in.
    pub folders: usize,
}

/// The result of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The question is settled. The text, which may be empty, says how.
    Settled(String),
    /// It is not, for the reason given, and is to be asked again.
    Again(String),
}

/// The fixes, and what can be done with them.
pub trait Work {
    /// The fix to ask about now: the first one that nobody has decided on.
    fn next(&mut self) -> Option<Question>;

    /// Prints the reason and the diff of the current fix.
    fn show(&self, width: usize, out: &mut Stream<'_>) -> io::Result<()>;

    /// The explanation of the rules of the current fix.
    fn explain(&self) -> String;

    /// Writes the current fix.
    fn accept(&mut self) -> Outcome;

    /// Writes the current fix if it is safe, and all safe ones that are left.
    fn accept_all(&mut self) -> Outcome;

    /// Writes an ignore comment with this reason in place of the current fix.
    fn suppress(&mut self, reason: &str) -> Outcome;

    /// Leaves the current fix.
    fn skip(&mut self);
}

/// The meaning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    All,
    Quit,
    Explain,
    Suppress,
    Print,
    Help,
}

/// The answer that a key stands for. Whatever takes the terminal away stops the dialogue.
fn answer(key: Key) -> Option<Answer> {
    Some(match key {
        Key::Char('y' | 'Y') => Answer::Yes,
        Key::Char('n' | 'N') => Answer::No,
        Key::Char('a' | 'A') => Answer::All,
        Key::Char('q' | 'Q') | Key::Interrupt | Key::Closed => Answer::Quit,
        Key::Char('e' | 'E') => Answer::Explain,
        Key::Char('s' | 'S') => Answer::Suppress,
        Key::Char('p' | 'P') => Answer::Print,
        Key::Char('?' | 'h' | 'H') => Answer::Help,
        Key::Char(_) | Key::Enter | Key::Backspace | Key::Escape | Key::Other => return None,
    })
}

/// Asks until nothing is left or someone has had enough.
///
/// # Errors
/// Errors of the terminal.
pub fn converse(work: &mut dyn Work, keys: &mut dyn Keys, out: &mut Stream<'_>) -> io::Result<()> {
    let mut total = 0;
    while let Some(question) = work.next() {
        total = total.max(question.left);
        head(&question, total, keys.width(), out)?;
        work.show(keys.width(), out)?;
        writeln!(out)?;
        // An answer is given to what can be seen: keys that were pressed before do not count.
        out.flush()?;
        keys.forget();
        let Some(Outcome::Settled(said) | Outcome::Again(said)) = decide(&question, total, work, keys, out)? else {
            break;
        };
        if !said.is_empty() {
            write!(out, "{}", fold(&escape(&said), keys.width()))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// Puts one question until it has an outcome; `None` to stop.
fn decide(
    question: &Question,
    total: usize,
    work: &mut dyn Work,
    keys: &mut dyn Keys,
    out: &mut Stream<'_>,
) -> io::Result<Option<Outcome>> {
    loop {
        let title = out.style(TITLE);
        if question.files > 1 {
            write!(out, "{}", fold(&scope(question), keys.width()))?;
        }
        write!(out, "{title}{PROMPT}{title:#}")?;
        out.flush()?;
        let key = keys.next()?;
        if key == Key::Enter {
            writeln!(out)?;
            head(question, total, keys.width(), out)?;
            continue;
        }
        let Some(answer) = answer(key) else {
            writeln!(out, "? for help")?;
            continue;
        };
        let width = keys.width();
        writeln!(out, "{}", echo(answer))?;
        return Ok(match answer {
            Answer::Yes => Some(work.accept()),
            Answer::No => {
                work.skip();
                Some(Outcome::Settled(String::new()))
            }
            Answer::All => Some(work.accept_all()),
            Answer::Quit => {
                writeln!(out)?;
                None
            }
            Answer::Explain => {
                write!(out, "\n{}\n", fold(&work.explain(), width))?;
                continue;
            }
            Answer::Print => {
                work.show(width, out)?;
                writeln!(out)?;
                continue;
            }
            Answer::Help => {
                for line in HELP {
                    writeln!(out, "  {line}")?;
                }
                continue;
            }
            Answer::Suppress => {
                write!(out, "{}", fold(REASON_HELP, width))?;
                match line::read(REASON, keys, out)? {
                    Some(reason) => Some(work.suppress(&reason)),
                    None => continue,
                }
            }
        });
    }
}

/// The effect on the disk of a fix that changes several files.
fn scope(question: &Question) -> String {
    let folders = if question.folders == 1 { "1 folder".to_owned() } else { format!("{} folders", question.folders) };
    format!("This writes {} files in {folders}.", question.files)
}

fn head(question: &Question, total: usize, width: usize, out: &mut Stream<'_>) -> io::Result<()> {
    let number = total - question.left + 1;
    let style = out.style(if question.is_safe { TITLE } else { UNSAFE });
    let mark = if question.is_safe { "" } else { "unsafe: " };
    let head = fold(&format!("[{number}/{total}] {mark}{}", escape(&question.title)), width);
    writeln!(out, "{style}{}{style:#}", head.trim_end())?;
    if !question.is_safe {
        write!(out, "{}", fold(WARNING, width))?;
    }
    Ok(())
}

/// The letter of an answer, however it was given.
const fn echo(answer: Answer) -> char {
    match answer {
        Answer::Yes => 'y',
        Answer::No => 'n',
        Answer::All => 'a',
        Answer::Quit => 'q',
        Answer::Explain => 'e',
        Answer::Suppress => 's',
        Answer::Print => 'p',
        Answer::Help => '?',
    }
}

#[cfg(test)]
mod tests;

//! Asks for each fix whether to apply it. What there is to ask, and what an answer does, is a [`Work`]'s; keys and
//! text come and go through [`Keys`] and [`Stream`], so that the dialogue needs no terminal.
//!
//! Nothing that was accepted waits for the end: an answer has taken effect when the next question is asked.

mod line;
mod pages;

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use crate::terminal::{Key, Keys, Stream, escape, fold};

const TITLE: Style = Style::new().bold();
const UNSAFE: Style = AnsiColor::Red.on_default().bold();

/// At most 40 columns, so that it fits where little does.
const PROMPT: &str = "Apply? [y n d a u q e s p ?]: ";

/// The same for an unsafe fix.
const UNSAFE_PROMPT: &str = "Apply? [! n d a u q e s p ?]: ";

/// The text of `?`, each line indented; at most 40 columns with that.
const HELP: [&str; 11] = [
    "y  apply this fix now",
    "!  apply it though it is unsafe",
    "n  leave it as it is",
    "d  apply this and the later safe fixes\n     in this folder",
    "a  apply this and all later safe fixes",
    "u  undo the last answer",
    "q  stop here; what was applied stays",
    "e  explain the rule",
    "s  suppress it with an ignore comment",
    "p  print the diff again, by pages",
    "?  show this",
];

/// The warning of an unsafe fix.
const WARNING: &str = "This may change what the author meant. `!` applies it; `a` and `d` do not.";

/// The answer to `y` where it would apply an unsafe fix.
const UNSAFE_HINT: &str = "This fix is unsafe: `!` applies it.";

/// The prompt once every question is settled; at most 40 columns.
const DONE: &str = "That was the last. Undo it? [u Enter]: ";

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

    /// Writes the current fix if it is safe, and all safe ones that are left and change files of its folder alone.
    fn accept_folder(&mut self) -> Outcome;

    /// Takes the last answer back, with all that it wrote.
    fn undo(&mut self) -> Outcome;

    /// Writes an ignore comment with this reason in place of the current fix.
    fn suppress(&mut self, reason: &str) -> Outcome;

    /// Leaves the current fix.
    fn skip(&mut self);
}

/// The meaning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    Unsafe,
    No,
    Folder,
    All,
    Undo,
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
        Key::Char('!') => Answer::Unsafe,
        Key::Char('n' | 'N') => Answer::No,
        Key::Char('d' | 'D') => Answer::Folder,
        Key::Char('u' | 'U') => Answer::Undo,
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
    let mut last = String::new();
    loop {
        let Some(question) = work.next() else {
            if total == 0 || !takes_back(work, keys, out)? {
                break;
            }
            continue;
        };
        total = total.max(question.left);
        head(&question, total, keys.width(), out)?;
        let text = shown(work, keys.width(), out)?;
        write!(out, "{text}")?;
        writeln!(out)?;
        if pages::is_long(&format!("{last}{text}"), keys) {
            // What was said of the last answer has scrolled away, and so has the question.
            write!(out, "{last}")?;
            head(&question, total, keys.width(), out)?;
        }
        // An answer is given to what can be seen: keys that were pressed before do not count.
        out.flush()?;
        keys.forget();
        let Some(Outcome::Settled(said) | Outcome::Again(said)) = decide(&question, total, work, keys, out)? else {
            break;
        };
        last = if said.is_empty() { said } else { fold(&escape(&said), keys.width()) };
        write!(out, "{last}")?;
        writeln!(out)?;
    }
    out.flush()
}

/// Lets the last answer be undone where no question is left; whether it was.
fn takes_back(work: &mut dyn Work, keys: &mut dyn Keys, out: &mut Stream<'_>) -> io::Result<bool> {
    let title = out.style(TITLE);
    write!(out, "{title}{DONE}{title:#}")?;
    out.flush()?;
    keys.forget();
    if answer(keys.next()?) != Some(Answer::Undo) {
        writeln!(out)?;
        return Ok(false);
    }
    writeln!(out, "{}", echo(Answer::Undo))?;
    let (Outcome::Settled(said) | Outcome::Again(said)) = work.undo();
    writeln!(out, "{}", fold(&escape(&said), keys.width()))?;
    Ok(true)
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
        if question.files > 0 {
            write!(out, "{}", fold(&scope(question), keys.width()))?;
        }
        let prompt = if question.is_safe { PROMPT } else { UNSAFE_PROMPT };
        write!(out, "{title}{prompt}{title:#}")?;
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
            Answer::Yes if !question.is_safe => {
                writeln!(out, "{UNSAFE_HINT}")?;
                continue;
            }
            Answer::Unsafe if question.is_safe => {
                writeln!(out, "This fix is safe: `y` applies it.")?;
                continue;
            }
            Answer::Yes | Answer::Unsafe => Some(work.accept()),
            Answer::Folder => Some(work.accept_folder()),
            Answer::Undo => Some(work.undo()),
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
                writeln!(out)?;
                let text = format!("{}\n", fold(&work.explain(), width));
                print(&text, question, total, keys, out)?;
                continue;
            }
            Answer::Print => {
                let text = format!("{}\n", shown(work, width, out)?);
                print(&text, question, total, keys, out)?;
                continue;
            }
            Answer::Help => {
                let text: Vec<String> = HELP.iter().map(|line| format!("  {line}\n")).collect();
                print(&text.concat(), question, total, keys, out)?;
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

/// Prints a text by pages, and the question again where the text takes it out of sight.
fn print(text: &str, question: &Question, total: usize, keys: &mut dyn Keys, out: &mut Stream<'_>) -> io::Result<()> {
    pages::print(text, keys, out)?;
    if pages::is_long(text, keys) { head(question, total, keys.width(), out) } else { Ok(()) }
}

/// The reason and the diff of the current fix.
fn shown(work: &dyn Work, width: usize, out: &Stream<'_>) -> io::Result<String> {
    let mut text = Vec::new();
    work.show(width, &mut out.kept(&mut text))?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// The effect on the disk of a fix.
fn scope(question: &Question) -> String {
    let folders = if question.folders == 1 { "1 folder".to_owned() } else { format!("{} folders", question.folders) };
    match question.files {
        1 => "Writes 1 file.".to_owned(),
        files => format!("Writes {files} files in {folders}."),
    }
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
        Answer::Unsafe => '!',
        Answer::No => 'n',
        Answer::Folder => 'd',
        Answer::Undo => 'u',
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

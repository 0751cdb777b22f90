//! Asks for each fix whether to apply it. What there is to ask, and what an answer does, is a [`Work`]'s; keys and
//! text come and go through [`Keys`] and [`Stream`], so that the dialogue needs no terminal.
//!
//! Nothing that was accepted waits for the end: an answer has taken effect when the next question is asked.

mod answer;
mod line;
mod pages;
mod work;

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use crate::terminal::{Key, Keys, Stream, escape, fold};
use answer::{Answer, HELP, answer, echo};
pub use work::{Outcome, Question, Work};

const TITLE: Style = Style::new().bold();
const UNSAFE: Style = AnsiColor::Red.on_default().bold();

/// At most 40 columns, so that it fits where little does.
const PROMPT: &str = "Apply? [y n d a u q e s p ?]: ";

/// The same for an unsafe fix.
const UNSAFE_PROMPT: &str = "Apply? [! n d a u q e s p ?]: ";

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
    // As before a question: keys that were pressed before it could be seen do not count, those that answer it do.
    out.flush()?;
    keys.forget();
    let title = out.style(TITLE);
    write!(out, "{title}{DONE}{title:#}")?;
    out.flush()?;
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

#[cfg(test)]
mod tests;

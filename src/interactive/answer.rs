//! The keys that answer a question.

use crate::terminal::Key;

/// The text of `?`, each line indented; at most 40 columns with that.
pub(super) const HELP: [&str; 11] = [
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

/// The meaning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
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
pub(super) fn answer(key: Key) -> Option<Answer> {
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

/// The letter of an answer, however it was given.
pub(super) const fn echo(answer: Answer) -> char {
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

//! Single keys from the terminal.
//!
//! `console` reads them, as it does for cargo-insta: it is in the tree through indicatif anyway, asks the terminal for
//! nothing that a slow line could answer late, takes a key at a time, and gives Ctrl-C as a key. crossterm would do
//! as well, at the price of an event loop, signal handlers and output whose line ends need carriage returns.

use std::io::{self, IsTerminal};

use console::Term;

/// The width where the terminal does not tell.
const DEFAULT_WIDTH: usize = 80;

/// The height where the terminal does not tell.
const DEFAULT_HEIGHT: usize = 24;

/// A key that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Return.
    Enter,
    /// Erases the character before.
    Backspace,
    /// Escape.
    Escape,
    /// Ctrl-C.
    Interrupt,
    /// There will be no more keys: Ctrl-D, or the terminal has gone.
    Closed,
    /// Any other key.
    Other,
}

/// Where keys come from.
pub trait Keys {
    /// Waits for the next key.
    fn next(&mut self) -> io::Result<Key>;

    /// Drops the keys that were pressed and not yet read.
    fn forget(&mut self);

    /// Columns of the terminal now; it may be resized at any time.
    fn width(&self) -> usize;

    /// Its rows.
    fn height(&self) -> usize;
}

/// The keyboard of the terminal that standard input and output are connected to.
///
/// While it exists, typed characters are not shown and Ctrl-C is a key. Dropping it gives the terminal back as it was,
/// also when a panic unwinds.
#[derive(Debug)]
pub struct Keyboard {
    terminal: Term,
    _quiet: Option<quiet::Quiet>,
}

impl Keyboard {
    /// Whether there is a terminal to read keys from and to show what they are about.
    #[must_use]
    pub fn exists() -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Takes the keyboard over.
    pub fn open() -> io::Result<Self> {
        Ok(Self { terminal: Term::stdout(), _quiet: quiet::Quiet::new()? })
    }
}

impl Keys for Keyboard {
    fn next(&mut self) -> io::Result<Key> {
        match self.terminal.read_key_raw() {
            Ok(key) => Ok(plain(&key)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Key::Closed),
            Err(error) => Err(error),
        }
    }

    fn forget(&mut self) {
        quiet::forget();
    }

    fn width(&self) -> usize {
        self.terminal.size_checked().map_or(DEFAULT_WIDTH, |(_, columns)| columns.into())
    }

    fn height(&self) -> usize {
        self.terminal.size_checked().map_or(DEFAULT_HEIGHT, |(rows, _)| rows.into())
    }
}

/// Gives the terminal back as it was, if a [`Keyboard`] has it.
pub fn restore() {
    quiet::restore();
}

fn plain(key: &console::Key) -> Key {
    match key {
        console::Key::Char('\u{4}') => Key::Closed,
        console::Key::Char('\u{3}') | console::Key::CtrlC => Key::Interrupt,
        console::Key::Char(c) => Key::Char(*c),
        console::Key::Enter => Key::Enter,
        console::Key::Backspace => Key::Backspace,
        console::Key::Escape => Key::Escape,
        _ => Key::Other,
    }
}

/// Keeps the terminal from showing keys, and from making signals of them, between two reads too: `console` sets its
/// mode for each key and resets it to what it was.
#[cfg(unix)]
mod quiet {
    use std::io;
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// How the terminal was, as long as it is otherwise.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    #[derive(Debug)]
    pub(super) struct Quiet;

    impl Quiet {
        pub(super) fn new() -> io::Result<Option<Self>> {
            let before = tcgetattr(io::stdin())?;
            let mut quiet = before.clone();
            quiet.local_modes &= !(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN);
            quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
            quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
            tcsetattr(io::stdin(), OptionalActions::Drain, &quiet)?;
            Ok(Some(Self))
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            restore();
        }
    }

    pub(super) fn forget() {
        // A terminal that has gone holds no keys.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }

    pub(super) fn restore() {
        if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A terminal that has gone needs no mode.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
        }
    }
}

#[cfg(not(unix))]
mod quiet {
    use std::io;

    #[derive(Debug)]
    pub(super) struct Quiet;

    pub(super) fn restore() {}

    pub(super) fn forget() {}

    impl Quiet {
        #[expect(clippy::unnecessary_wraps, reason = "the signature is that of the other systems")]
        pub(super) fn new() -> io::Result<Option<Self>> {
            Ok(None)
        }
    }
}

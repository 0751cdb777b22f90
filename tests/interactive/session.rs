//! The program on a pseudo-terminal, with a tree to work on.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use tempfile::TempDir;

use crate::support::folder;
use crate::support::program::unroot_heeding_signals;

/// Rows enough for a whole dialogue, so that nothing scrolls away.
const ROWS: u16 = 400;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What stands at the end where every question is settled.
const DONE: &str = "Undo it? [u Enter]:";

/// What every question ends with.
pub(crate) const PROMPT: &str = "n d a u q e s p ?]:";

/// A folder with Terraform code.
pub(crate) struct Tree(TempDir);

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(folder::with(files))
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        folder::put(&self.0.path().join(name), text.as_bytes());
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).expect("the file")
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// The program in this folder, without a terminal.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = unroot_heeding_signals(self.0.path());
        command.args(arguments).env("TERM", "xterm-256color");
        command
    }

    /// `--interactive` on a terminal that is `columns` wide.
    pub(crate) fn ask(&self, columns: u16, arguments: &[&str]) -> Session {
        self.ask_in(columns, ROWS, arguments)
    }

    /// The program on a terminal of a size.
    pub(crate) fn watch(&self, columns: u16, rows: u16, arguments: &[&str]) -> Session {
        Session::start(self.command(arguments), columns, rows)
    }

    /// As [`Tree::ask`], with some rows.
    pub(crate) fn ask_in(&self, columns: u16, rows: u16, arguments: &[&str]) -> Session {
        Session::start(self.command(&[&["--interactive"], arguments].concat()), columns, rows)
    }
}

/// A program that runs on a terminal.
pub(crate) struct Session {
    child: Child,
    /// The end that a person sits at.
    near: File,
    /// The end the program has, kept open to ask for its modes.
    far: OwnedFd,
    before: Termios,
    screen: Arc<Mutex<vt100::Parser>>,
    /// All that the program has printed.
    printed: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Session {
    fn start(mut command: Command, columns: u16, rows: u16) -> Self {
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&near).and_then(|()| unlockpt(&near)).expect("it is ours");
        let name = ptsname(&near, Vec::new()).expect("it has a name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let far = rustix::fs::open(name.as_c_str(), flags, Mode::empty()).expect("its other end");
        tcsetwinsize(&near, size(columns, rows)).expect("it has a size");
        let before = tcgetattr(&far).expect("it has modes");
        let end = || Stdio::from(far.try_clone().expect("another handle"));
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().expect("the program starts");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)));
        let near = File::from(near);
        let (mut output, seen) = (near.try_clone().expect("another handle"), Arc::clone(&screen));
        let printed = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&printed);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails once nobody has the other end.
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                // Whoever counts the prompts that were printed must find them on the screen.
                seen.lock().expect("nobody has panicked").process(&bytes[..read]);
                kept.lock().expect("nobody has panicked").extend_from_slice(&bytes[..read]);
            }
        });
        Self { child, near, far, before, screen, printed, reader: Some(reader) }
    }

    /// What the screen shows.
    pub(crate) fn text(&self) -> String {
        self.screen.lock().expect("nobody has panicked").screen().contents()
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.near.write_all(keys.as_bytes()).expect("keys can be pressed");
    }

    /// How often the program has asked for a key.
    fn prompts(&self) -> usize {
        let printed = self.printed.lock().expect("nobody has panicked");
        printed.windows(PROMPT.len()).filter(|bytes| *bytes == PROMPT.as_bytes()).count()
    }

    /// Presses keys and waits until the program asks again; what the screen shows then.
    pub(crate) fn answer(&mut self, keys: &str) -> String {
        let before = self.prompts();
        self.press(keys);
        self.wait(keys, |_| self.prompts() > before);
        self.wait(PROMPT, |shown| shown.trim_end().ends_with(PROMPT))
    }

    /// Waits until what the screen shows is as wanted.
    fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let text = self.text();
            if wanted(&text) {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "the screen never showed {what:?}:\n{text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the screen shows some text.
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait(text, |shown| shown.contains(text));
    }

    /// Waits until the screen ends with some text.
    pub(crate) fn wait_for_end(&self, end: &str) {
        self.wait(end, |shown| shown.trim_end().ends_with(end));
    }

    /// Waits until the question with this number, such as `[2/3]`, is the last on the screen and waits for a key.
    pub(crate) fn question(&self, number: &str) -> String {
        self.wait(number, |shown| {
            let asked = shown.trim_end().strip_suffix(PROMPT);
            asked.and_then(|asked| asked.rsplit(PROMPT).next()).is_some_and(|last| last.contains(number))
        })
    }

    /// Makes the window wider or narrower.
    pub(crate) fn resize(&self, columns: u16) {
        tcsetwinsize(&self.near, size(columns, ROWS)).expect("it has a size");
        self.screen.lock().expect("nobody has panicked").screen_mut().set_size(cells(ROWS), cells(columns));
    }

    /// Ends the program by force.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let sent = kill.args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|sent| sent.success()), "it runs");
    }

    /// As [`Session::end`], with a look at all that the program has printed meanwhile.
    pub(crate) fn end_with(self, look: impl FnOnce(&str)) -> (Option<i32>, String) {
        let printed = Arc::clone(&self.printed);
        let ended = self.end();
        let printed = printed.lock().expect("nobody has panicked");
        look(str::from_utf8(&printed).expect("UTF-8"));
        ended
    }

    /// Waits for the end; gives the exit code and all that was shown. The terminal has to be as it was.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let start = Instant::now();
        let mut is_asked = false;
        let status = loop {
            // The last answer could be undone; nobody wants to.
            if !is_asked && self.text().trim_end().ends_with(DONE) {
                is_asked = true;
                self.press("\r");
            }
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "the program never ended:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        };
        let after = tcgetattr(self.far.as_fd()).expect("the terminal has modes");
        assert_eq!(after.local_modes, self.before.local_modes, "keys are shown again");
        assert_eq!((after.input_modes, after.output_modes), (self.before.input_modes, self.before.output_modes));
        drop(self.far);
        self.reader.take().expect("it was started").join().expect("it has not panicked");
        let screen = self.screen.lock().expect("nobody has panicked");
        assert!(!screen.screen().hide_cursor(), "the cursor is on");
        assert!(!screen.screen().alternate_screen(), "what was shown stays");
        (status.code(), screen.screen().contents())
    }
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a screen has cells")
}

const fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

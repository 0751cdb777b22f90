//! The dialogue, without a terminal and without fixes.

use std::collections::VecDeque;

use super::*;

/// Keys that are pressed one after the other; then the terminal is gone.
struct Script {
    keys: VecDeque<Key>,
    width: usize,
}

impl Script {
    /// `\n` stands for Enter, `<` for Backspace, `^` for Ctrl-C, `~` for Escape.
    fn new(keys: &str, width: usize) -> Self {
        let key = |c| match c {
            '\n' => Key::Enter,
            '<' => Key::Backspace,
            '^' => Key::Interrupt,
            '~' => Key::Escape,
            c => Key::Char(c),
        };
        Self { keys: keys.chars().map(key).collect(), width }
    }
}

impl Keys for Script {
    fn next(&mut self) -> io::Result<Key> {
        Ok(self.keys.pop_front().unwrap_or(Key::Closed))
    }

    fn forget(&mut self) {}

    fn width(&self) -> usize {
        self.width
    }

    fn height(&self) -> usize {
        24
    }
}

/// Fixes that are safe or not, and what was done with them.
struct Fixes {
    open: Vec<(usize, bool)>,
    /// Whether the next acceptance finds a changed file.
    changed: bool,
    log: Vec<String>,
}

impl Fixes {
    fn settle(&mut self, what: &str) -> Outcome {
        let (number, _) = self.open.remove(0);
        self.log.push(format!("{what} {number}"));
        Outcome::Settled(format!("{what} {number}"))
    }
}

impl Work for Fixes {
    fn next(&mut self) -> Option<Question> {
        let &(number, is_safe) = self.open.first()?;
        Some(Question { title: format!("fix {number}"), is_safe, left: self.open.len(), files: number, folders: 1 })
    }

    fn show(&self, width: usize, out: &mut Stream<'_>) -> io::Result<()> {
        writeln!(out, "shown in {width} columns")
    }

    fn explain(&self) -> String {
        "about the rule".to_owned()
    }

    fn accept(&mut self) -> Outcome {
        if std::mem::take(&mut self.changed) {
            self.log.push("again".to_owned());
            return Outcome::Again("it has changed".to_owned());
        }
        self.settle("accept")
    }

    fn accept_all(&mut self) -> Outcome {
        let (safe, rest) = self.open.iter().partition(|(_, is_safe)| *is_safe);
        self.open = rest;
        let safe: Vec<(usize, bool)> = safe;
        self.log.push(format!("all {}", safe.len()));
        Outcome::Settled(String::new())
    }

    fn accept_folder(&mut self) -> Outcome {
        self.settle("folder")
    }

    fn undo(&mut self) -> Outcome {
        self.log.push("undo".to_owned());
        // What was skipped last is open again.
        if self.open.is_empty() {
            self.open.push((4, true));
        }
        Outcome::Again("undone".to_owned())
    }

    fn suppress(&mut self, reason: &str) -> Outcome {
        self.settle(&format!("suppress ({reason})"))
    }

    fn skip(&mut self) {
        self.settle("skip");
    }
}

/// Everything that is done and shown when these keys are pressed, with the third of four fixes unsafe.
fn dialogue(keys: &str) -> (Vec<String>, String) {
    let open = (1..=4).map(|number| (number, number != 3)).collect();
    converse_about(Fixes { open, changed: false, log: Vec::new() }, keys, 80)
}

fn converse_about(mut fixes: Fixes, keys: &str, width: usize) -> (Vec<String>, String) {
    let mut out = Vec::new();
    converse(&mut fixes, &mut Script::new(keys, width), &mut Stream::plain(&mut out)).expect("memory can be written");
    (fixes.log, String::from_utf8(out).expect("UTF-8"))
}

#[test]
fn every_key_does_what_help_says() {
    assert_eq!(dialogue("ynny").0, ["accept 1", "skip 2", "skip 3", "accept 4"]);
    assert_eq!(dialogue("duq").0, ["folder 1", "undo"]);
    assert_eq!(dialogue("!q").0, [""; 0], "a safe fix is applied by y");
    let (log, shown) = dialogue("nny!q");
    assert_eq!(log, ["skip 1", "skip 2", "accept 3"], "an unsafe fix has a key of its own");
    assert!(shown.contains(UNSAFE_HINT), "{shown}");
    assert_eq!(dialogue("Yq").0, ["accept 1"]);
    assert_eq!(dialogue("swhy\nq").0, ["suppress (why) 1"]);
    let (log, shown) = dialogue("e?xy^");
    assert_eq!(log, ["accept 1"]);
    assert!(
        shown.contains("\nabout the rule\n")
            && HELP.iter().all(|line| shown.contains(line))
            && shown.contains("? for help\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("shown in").count(), 2, "help and explanation do not show the fix again: {shown}");
}

#[test]
fn the_very_last_answer_can_be_undone() {
    let (log, shown) = dialogue("nnnyuy\n");
    assert_eq!(log, ["skip 1", "skip 2", "skip 3", "accept 4", "undo", "accept 4"]);
    assert_eq!((shown.matches(DONE).count(), shown.matches("[4/4] fix 4\n").count()), (2, 2), "{shown}");
    for keys in ["nnnn\nu", "nnnnq", "nnnn", "nnnnx"] {
        assert_eq!(dialogue(keys).0.len(), 4, "{keys:?}: any other key ends it");
    }
    let nothing = Fixes { open: Vec::new(), changed: false, log: Vec::new() };
    assert_eq!(
        converse_about(nothing, "u", 80),
        (Vec::new(), String::new()),
        "without a question there is nothing to undo"
    );
}

#[test]
fn enter_shows_the_question_again_and_decides_nothing() {
    let (log, shown) = dialogue("\n\ny\nq");
    assert_eq!(log, ["accept 1"]);
    assert_eq!((shown.matches("[1/4] fix 1\n").count(), shown.matches("[2/4] fix 2\n").count()), (3, 2), "{shown}");
}

#[test]
fn the_diff_can_be_printed_again_and_its_scope_is_named() {
    let (log, shown) = dialogue("ypq");
    assert_eq!((log, shown.matches("shown in").count()), (vec!["accept 1".to_owned()], 3), "{shown}");
    assert_eq!(shown.matches("Writes 2 files in 1 folder.\nApply?").count(), 2, "{shown}");
}

#[test]
fn all_leaves_out_what_is_unsafe() {
    let (log, shown) = dialogue("yan");
    assert_eq!(log, ["accept 1", "all 2", "skip 3"]);
    assert!(shown.contains("[4/4] unsafe: fix 3\n") && shown.contains(WARNING), "{shown}");
    assert_eq!(dialogue("nna!").0, ["skip 1", "skip 2", "all 1", "accept 3"], "nor is the one being asked about");
}

#[test]
fn whatever_ends_the_keys_ends_the_dialogue() {
    for keys in ["q", "^", "", "s^^", "swhy", "Q"] {
        assert_eq!(dialogue(keys).0, [""; 0], "{keys:?}");
    }
}

#[test]
fn questions_are_counted() {
    let (_, shown) = dialogue("nnnn");
    for head in ["[1/4] fix 1\n", "[2/4] fix 2\n", "[3/4] unsafe: fix 3\n", "[4/4] fix 4\n"] {
        assert!(shown.contains(head), "{head}: {shown}");
    }
}

#[test]
fn what_has_changed_is_asked_again() {
    let fixes = Fixes { open: vec![(1, true), (2, true)], changed: true, log: Vec::new() };
    let (log, shown) = converse_about(fixes, "yyn", 80);
    assert_eq!(log, ["again", "accept 1", "skip 2"]);
    assert_eq!(shown.matches("[1/2] fix 1\n").count(), 2, "{shown}");
    assert!(shown.contains("it has changed\n"), "{shown}");
}

#[test]
fn a_reason_can_be_corrected_or_given_up() {
    assert_eq!(dialogue("sx<<wyh<<hy ~q").0, [""; 0], "escape goes back");
    assert_eq!(dialogue("sx<<wyh<<hy é\nq").0, ["suppress (why é) 1"]);
    assert_eq!(dialogue("sabc\u{15}d\u{7}\nq").0, ["suppress (d) 1"], "Ctrl-U forgets, a bell is no text");
    assert_eq!(dialogue("s  \ny^").0, ["accept 1"], "an empty line goes back");
}

#[test]
fn forty_columns_are_enough() {
    for (keys, width) in [("?e\nswhy", 40), ("s0123456789 0123456789 0123456789 0123456789 01\nq", 40)] {
        let fixes = Fixes { open: vec![(1, false)], changed: false, log: Vec::new() };
        let (_, shown) = converse_about(fixes, keys, width);
        for line in shown.lines().flat_map(|line| line.split(line::ERASE)) {
            assert!(crate::terminal::display_width(line) <= 40, "{line}");
        }
    }
}

#[test]
fn a_long_diff_is_shown_a_screen_at_a_time() {
    let text: String = (0..60).map(|line| format!("line {line}\n")).collect::<Vec<_>>().concat();
    let shown = |keys: &str| {
        let mut out = Vec::new();
        pages::print(&text, &mut Script::new(keys, 80), &mut Stream::plain(&mut out)).expect("memory can be written");
        String::from_utf8(out).expect("UTF-8")
    };
    assert!(pages::is_long(&text, &Script::new("", 80)) && !pages::is_long("one\ntwo\n", &Script::new("", 80)));
    let (all, first) = (shown("   "), shown("q"));
    assert!(all.ends_with("line 59\n") && all.matches("-- more").count() == 2, "{all}");
    assert!(first.contains("line 22\n") && !first.contains("line 23\n"), "{first}");
}

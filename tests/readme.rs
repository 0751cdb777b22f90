//! The documents cannot lie: what they show is run, what they tell people to type is read by the real command line, and
//! their links lead somewhere.
//!
//! A fenced `console` block is a session in a new git repository with a fresh, committed copy of `examples`.
//! Lines after `$ ` are given to a shell, one by one; what they print, on either stream, is what stands below them.
//! With `UNROOT_README=write` the documents take over what was printed, and the picture is drawn anew.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;

use clap::Parser as _;
use unroot::cli::args::Args;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// How a newcomer starts the program from a clone; here it is built already.
const FROM_A_CLONE: &str = "cargo run --quiet --";

/// Its sessions need files of their own; `tests/evidence/documented.rs` runs them.
const RUN_ELSEWHERE: &str = "docs/evidence.md";

/// The picture in the README, and the command whose output it shows.
const PICTURE: (&str, &str) = ("docs/preview.svg", "unroot --color always examples/legacy");

/// Every document, by its path from the top of the repository, with its text.
fn documents() -> Vec<(String, String)> {
    let pages = std::fs::read_dir(Path::new(ROOT).join("docs")).expect("docs is there");
    let pages = pages.map(|entry| format!("docs/{}", entry.expect("docs is readable").file_name().display()));
    let mut names: Vec<String> =
        pages.filter(|name| Path::new(name).extension().is_some_and(|it| it == "md")).collect();
    names.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned));
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(&name)).expect("a document is UTF-8");
        (name, text)
    };
    names.into_iter().map(read).collect()
}

#[test]
fn sessions_print_what_the_documents_show() {
    let mut commands = 0;
    for (name, text) in documents().iter().filter(|(name, _)| name != RUN_ELSEWHERE) {
        let mut actual = String::new();
        let mut session: Option<Session> = None;
        for line in text.lines() {
            match (&session, line) {
                (None, "```console") => session = Some(Session::start()),
                (Some(_), "```") => session = None,
                (Some(session), line) => {
                    let Some(command) = line.strip_prefix("$ ") else { continue };
                    commands += 1;
                    actual.extend([line, "\n", &session.run(command)]);
                    continue;
                }
                (None, _) => {}
            }
            actual += line;
            actual += "\n";
        }
        hold(name, text, &actual);
    }
    assert!(commands >= 5, "only {commands} commands were found");
}

#[test]
fn every_command_in_the_documents_exists() {
    let mut commands = 0;
    for (name, text) in documents() {
        let mut fenced = false;
        for line in text.lines() {
            if line.starts_with("```") {
                fenced = !fenced;
            } else if fenced && let Some(command) = command(line) {
                let words = shlex::split(command).unwrap_or_else(|| panic!("{name}: the quotes do not match: {line}"));
                if let Err(error) = Args::try_parse_from(words) {
                    panic!("{name}: {line}\n{error}");
                }
                commands += 1;
            }
        }
    }
    assert!(commands >= 15, "only {commands} commands were found");
}

#[test]
fn every_configuration_in_the_documents_is_read() {
    let session = Session::start();
    let mut blocks: Vec<String> = vec!["nonsense = true\n".to_owned()];
    for (_, text) in documents() {
        let found = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
        blocks.extend(found.map(str::to_owned));
    }
    assert!(blocks.len() >= 2, "no configuration was found");
    for block in blocks {
        session.run(&format!("cat > unroot.toml <<'END'\n{block}END"));
        let code = session.run("unroot --quiet > /dev/null 2>&1; echo $?");
        assert_eq!(code == "2\n", block.starts_with("nonsense"), "exit code {code}{block}");
    }
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut links = 0;
    for (name, text) in documents() {
        let folder = Path::new(ROOT).join(&name);
        let folder = folder.parent().expect("a document lies in a folder");
        for target in targets(&text) {
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { Path::new(ROOT).join(&name) } else { folder.join(path) };
            assert!(file.exists(), "{name}: {target}");
            // A page of the book leads to pages of the book, and to files beside them.
            let in_book = file.canonicalize().expect("the file is there").starts_with(Path::new(ROOT).join("docs"));
            assert!(in_book || !name.starts_with("docs/"), "{name}: {target} leads out of the book");
            if !anchor.is_empty() {
                let there = anchors(&std::fs::read_to_string(&file).expect("a document is UTF-8"));
                assert!(there.contains(anchor), "{name}: {target}: there is {there:?}");
            }
            links += 1;
        }
    }
    assert!(links >= 40, "only {links} links were found");
}

#[test]
fn the_book_has_every_page() {
    let documents = documents();
    let summary = &documents.iter().find(|(name, _)| name == "docs/SUMMARY.md").expect("the book has a summary").1;
    let listed: BTreeSet<String> = targets(summary).map(|target| format!("docs/{target}")).collect();
    let pages = documents.iter().map(|(name, _)| name.clone());
    let pages: BTreeSet<String> = pages.filter(|name| name.starts_with("docs/") && name != "docs/SUMMARY.md").collect();
    assert_eq!(listed, pages);
}

#[test]
fn the_picture_shows_a_real_run() {
    let (name, command) = PICTURE;
    let output = Session::start().run(command);
    let shown = command.replace(" --color always", "");
    let drawn = picture(&format!("$ {shown}\n{output}"));
    assert!(drawn.contains("root_access") && drawn.contains("fill="), "{drawn}");
    let there = std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap_or_default();
    hold(name, &there, &drawn);
}

/// Where the links of a text lead.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices("](").map(|(at, found)| at + found.len());
    ends.map(|at| text[at..].split(')').next().unwrap_or_default())
}

/// The anchors of a document's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    headings.map(|it| it.to_lowercase().replace(' ', "-").chars().filter(|&c| kept(c)).collect()).collect()
}

/// The part of a line that starts the program, up to what the shell or a configuration file makes of the rest.
fn command(line: &str) -> Option<&str> {
    let starts = line.match_indices("unroot -").map(|(at, _)| at);
    let start =
        starts.into_iter().find(|&at| matches!(line[..at].chars().next_back(), None | Some(' ' | '\'' | '"')))?;
    let quote = line[..start].chars().next_back().filter(|&c| matches!(c, '\'' | '"'));
    let end = |c: char| matches!(c, '|' | '>' | '<' | ';' | '&' | '#') || quote == Some(c);
    line[start..].split(end).next()
}

/// What a terminal shows of an output, as a picture.
fn picture(output: &str) -> String {
    const COLUMNS: u16 = 110;
    const LINE: usize = 18;
    let size = |cells: u16| NonZero::new(cells).expect("a terminal has a size");
    let mut terminal = vt100::Parser::new(size(200), size(COLUMNS), 0);
    terminal.process(output.replace('\n', "\r\n").as_bytes());
    let screen = terminal.screen();
    let lines: Vec<String> = screen.rows(0, COLUMNS).collect();
    let used = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let (width, height) = (usize::from(COLUMNS) * 8 + 32, used * LINE + 28);
    let mut drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" \
         font-size=\"13\" fill=\"#d0d7de\" xml:space=\"preserve\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\" \
         fill=\"#0d1117\"/>\n"
    );
    for row in 0..u16::try_from(used).expect("a terminal has few lines") {
        // Cells of one look that stand side by side are one piece of text.
        let mut pieces: Vec<(&str, bool, u16, String)> = Vec::new();
        for column in 0..COLUMNS {
            let Some(cell) = screen.cell(row, column) else { continue };
            let shown = if cell.has_contents() { cell.contents() } else { " " };
            let (colour, bold) = (colour(cell.fgcolor()), cell.bold());
            match pieces.last_mut() {
                Some((last, was_bold, _, text)) if (*last, *was_bold) == (colour, bold) => text.push_str(shown),
                _ => pieces.push((colour, bold, column, shown.to_owned())),
            }
        }
        let y = usize::from(row) * LINE + 26;
        for (colour, bold, column, text) in pieces.iter().filter(|piece| !piece.3.trim().is_empty()) {
            let text = text.trim_end().replace('&', "&amp;").replace('<', "&lt;");
            let x = usize::from(*column) * 8 + 16;
            let length = text.replace("&amp;", "&").replace("&lt;", "<").chars().count() * 8;
            let bold = if *bold { " font-weight=\"bold\"" } else { "" };
            _ = writeln!(
                drawn,
                "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" fill=\"{colour}\"{bold}>{text}</text>"
            );
        }
    }
    drawn + "</svg>\n"
}

/// The colours of a dark terminal.
fn colour(of: vt100::Color) -> &'static str {
    match of {
        vt100::Color::Idx(1 | 9) => "#ff7b72",
        vt100::Color::Idx(2 | 10) => "#7ee787",
        vt100::Color::Idx(3 | 11) => "#e3b341",
        vt100::Color::Idx(4 | 12) => "#79c0ff",
        vt100::Color::Idx(5 | 13) => "#d2a8ff",
        vt100::Color::Idx(6 | 14) => "#a5d6ff",
        _ => "#d0d7de",
    }
}

/// A folder that holds a copy of the examples.
struct Session {
    folder: tempfile::TempDir,
}

impl Session {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let session = Self { folder };
        let commit = "git -c user.name=a -c user.email=a@example.org commit --quiet --message examples";
        let set_up = format!("cp -R '{ROOT}/examples' . && git init --quiet && git add . && {commit}");
        assert_eq!(session.run(&set_up), "");
        session
    }

    /// What a command prints.
    fn run(&self, command: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_unroot"));
        let command = command.replace(FROM_A_CLONE, "unroot");
        let mut path = vec![binary.parent().expect("a file has a folder").to_owned()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(path).expect("no colon in the target folder's name"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("sh runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// Holds what is written against what is so, or writes it anew.
#[expect(clippy::disallowed_methods, reason = "the documents are under version control")]
fn hold(name: &str, written: &str, actual: &str) {
    if std::env::var_os("UNROOT_README").is_some_and(|what| what == "write") {
        std::fs::write(Path::new(ROOT).join(name), actual).expect("a document can be written");
    } else if written != actual {
        let diff = similar::TextDiff::from_lines(written, actual).unified_diff().to_string();
        panic!("{name} shows what is not so; UNROOT_README=write corrects it\n{diff}");
    }
}

//! The modules depend on each other in one direction only, and each outside thing has one place.
//!
//! Read from the source text: the names that follow `crate::`, and the names of libraries. Unit tests may use what
//! they like.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each module may know. A module stands after all that it knows, so there is no way round.
///
/// A new module gets a line here; what it may know is a decision, not an afterthought.
const LAYERS: &[(&str, &[&str])] = &[
    ("control", &[]),
    ("os_error", &[]),
    ("terminal", &[]),
    ("temporary", &[]),
    ("signals", &["temporary", "terminal"]),
    ("source", &["os_error"]),
    ("fix", &["source"]),
    ("owners", &[]),
    ("secrets", &[]),
    ("rules", &[]),
    ("script", &["rules", "source"]),
    ("finding", &["control", "fix", "rules", "secrets", "source"]),
    ("syntax", &["source"]),
    ("discover", &["control", "finding", "os_error", "source"]),
    ("model", &["discover", "finding", "fix", "source", "syntax"]),
    ("value", &["finding", "model", "source", "syntax"]),
    ("repair", &["control", "model", "source", "syntax", "value"]),
    ("lifecycle", &["control", "finding", "model", "rules", "script", "secrets", "source", "syntax"]),
    ("options", &["discover"]),
    ("suppress", &["control", "discover", "finding", "fix", "model", "options", "rules", "source", "syntax"]),
    ("check", &["control", "finding", "fix", "model", "options", "repair", "rules", "source", "syntax", "value"]),
    ("verify", &["finding", "fix", "model", "rules", "source", "syntax"]),
    ("plan", &["finding", "fix", "model", "source", "syntax", "verify"]),
    (
        "report",
        &["control", "finding", "fix", "os_error", "owners", "rules", "secrets", "source", "temporary", "terminal"],
    ),
    ("write", &["os_error", "source", "temporary"]),
    ("interactive", &["terminal"]),
    ("evidence", &["control", "finding", "fix", "model", "os_error", "rules", "source", "syntax"]),
    ("cli", &["control", "discover", "evidence", "options", "report", "rules", "source", "terminal"]),
    ("run", EVERYTHING),
    ("main", EVERYTHING),
];

/// The same for the parts of `script`: what a script says, what one moment knows, what it does, and only then the rules,
/// which know neither commands nor the interpreter.
const SCRIPT_LAYERS: &[(&str, &[&str])] = &[
    ("shell", &[]),
    ("finding", &[]),
    ("state", &["shell"]),
    ("effect", &["shell", "state"]),
    ("commands", &["effect", "shell", "state"]),
    ("interpret", &["commands", "effect", "shell", "state"]),
    ("rules", &["effect", "finding", "shell", "state"]),
    ("rewrites", &["finding", "interpret", "rules", "shell"]),
    ("mod", EVERYTHING),
];

/// Stands for whatever there is: only the pipeline may know it all.
const EVERYTHING: &[&str] = &["*"];

/// Libraries that have one place, by module, or by file where a module has a second use for it.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("hcl_edit", &["syntax"]),
    ("jsonc_parser", &["syntax/json"]),
    ("unicode_normalization", &["value"]),
    ("unicode_segmentation", &["syntax/layout", "value/functions"]),
    ("shuck_ast", &["script"]),
    ("shuck_parser", &["script"]),
    ("base64", &["lifecycle", "value/functions"]),
    ("md5", &["value/functions"]),
    ("regex", &["value/functions", "discover/commands"]),
    ("saphyr_parser", &["value/functions"]),
    ("sha1", &["value/functions"]),
    ("sha2", &["value/functions"]),
    ("globset", &["owners.rs"]),
    ("ignore", &["discover"]),
    ("similar", &["report"]),
    ("clap", &["cli", "options.rs", "terminal/stream.rs"]),
    ("toml", &["cli"]),
    ("strsim", &["cli"]),
    ("shlex", &["cli", "report/reported.rs", "report/summary.rs"]),
    ("anstream", &["terminal"]),
    ("indicatif", &["terminal"]),
    ("console", &["terminal"]),
    ("rustix", &["source", "terminal"]),
    ("textwrap", &["terminal"]),
    ("anyhow", &["run", "main.rs"]),
    ("tempfile", &["temporary"]),
    ("signal_hook", &["signals"]),
];

/// What changes files, and who does it: users' files `write` alone, the files of `--report` their own module, both through
/// `temporary`.
const WRITING: [&str; 14] = [
    "fs::write",
    "fs::rename",
    "fs::copy",
    "fs::remove",
    "fs::create_dir",
    "fs::hard_link",
    "set_permissions",
    "set_len",
    "File::create",
    "File::options",
    "OpenOptions",
    "NamedTempFile",
    ".persist",
    "put_in_place",
];
/// `source/open.rs` opens files for reading alone, which its unit test holds.
const WRITERS: [&str; 4] = ["write", "report/save.rs", "source/open.rs", "temporary"];

/// The text of each source file without its unit tests and comments, by its path below `src`.
fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.expect("src can be read").into_path());
    let code = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let paths = code.map(|path| path.strip_prefix(&root).expect("it lies there").to_owned());
    paths
        .filter(|path| !path.iter().any(|part| part == "tests" || part == "tests.rs"))
        .map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).expect("source is text");
            let text = text.split("\nmod tests {").next().unwrap_or_default();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            (path, code)
        })
        .collect()
}

/// The module at the top of the crate that a file belongs to.
fn module(path: &Path) -> &str {
    let first = path.iter().next().and_then(|name| name.to_str()).expect("a plain name");
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The names that follow a prefix, those of `prefix{a, b::{c, d}}` too.
fn names_after<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let starts = text.match_indices(prefix).map(|(at, _)| (at, &text[at + prefix.len()..]));
    let own = starts.filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    own.flat_map(|(_, rest)| first_names(rest)).filter(|name| !name.is_empty()).collect()
}

/// The first name of each path in a `use`, which is one path or a list in braces.
fn first_names(tree: &str) -> Vec<&str> {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let Some(list) = tree.strip_prefix('{') else { return vec![&tree[..word(tree)]] };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = list[start..at].trim_start();
                names.push(&item[..word(item)]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

/// The modules at the top of the crate that a file names by `super::super` and the like.
fn names_above<'t>(path: &Path, text: &'t str) -> BTreeSet<&'t str> {
    // `a/b/c.rs` is the module `a::b::c`, `a/b/mod.rs` is `a::b`.
    let depth = path.components().count() - usize::from(path.ends_with("mod.rs"));
    names_after(text, &"super::".repeat(depth)).into_iter().filter(|name| *name != "super").collect()
}

#[test]
fn nested_lists_and_paths_upwards_are_read() {
    let text =
        "use crate::{a::{b, c::{d}}, e as f,\n  g};\nuse my_crate::h;\nuse crate::i::{j, k};\nfn l() { crate::m() }";
    assert_eq!(names_after(text, "crate::"), BTreeSet::from(["a", "e", "g", "i", "m"]));
    let text = "use super::super::{value::Data, check};\nuse super::near;";
    assert_eq!(names_above(Path::new("syntax/json/mod.rs"), text), BTreeSet::from(["value", "check"]));
    assert_eq!(names_above(Path::new("syntax/json.rs"), text), BTreeSet::from(["value", "check"]));
    assert_eq!(names_above(Path::new("syntax/json/value.rs"), text), BTreeSet::new());
}

#[test]
fn each_module_knows_only_what_it_may() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let name = module(&path);
        if name == "lib" {
            continue;
        }
        let Some(allowed) = layers.get(name) else {
            wrong.push(format!("{name} has no line in LAYERS"));
            continue;
        };
        let from_top = names_after(&text, "crate::").into_iter().chain(names_after(&text, "unroot::"));
        let known = from_top.chain(names_above(&path, &text));
        let known = known.filter(|other| *other != name && !allowed.contains(other) && *allowed != EVERYTHING);
        wrong.extend(known.map(|other| format!("{}: knows {other}", path.display())));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_evaluator_knows_nothing_of_the_control() {
    let words = ["root_access", "notebook", "sagemaker", "\"Disabled\"", "\"Enabled\""];
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("value")) {
        let named = words.iter().find(|word| text.contains(**word));
        assert_eq!(named, None, "{}", path.display());
    }
}

#[test]
fn each_part_of_the_script_analysis_knows_only_what_it_may() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let Ok(inner) = path.strip_prefix("script") else { continue };
        let name = module(inner);
        let Some((name, allowed)) = SCRIPT_LAYERS.iter().find(|(layer, _)| *layer == name) else {
            wrong.push(format!("{name} has no line in SCRIPT_LAYERS"));
            continue;
        };
        seen.insert(*name);
        let from_top = names_after(&text, "crate::script::");
        let known = from_top.into_iter().chain(names_above(inner, &text)).filter(|other| other != name);
        let layers = SCRIPT_LAYERS.iter().map(|(layer, _)| *layer).collect::<Vec<_>>();
        let known = known.filter(|other| layers.contains(other) && !allowed.contains(other) && *allowed != EVERYTHING);
        wrong.extend(known.map(|other| format!("{}: knows {other}", path.display())));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(seen.len(), SCRIPT_LAYERS.len(), "a layer is no more");
}

#[test]
fn no_way_leads_round() {
    for (index, (name, known)) in LAYERS.iter().enumerate() {
        for other in known.iter().filter(|_| *known != EVERYTHING) {
            let place = LAYERS.iter().position(|(layer, _)| layer == other);
            assert!(place.is_some_and(|place| place < index), "{name} knows {other}, which does not stand before it");
        }
    }
    for (index, (name, known)) in SCRIPT_LAYERS.iter().enumerate() {
        for other in known.iter().filter(|_| *known != EVERYTHING) {
            let place = SCRIPT_LAYERS.iter().position(|(layer, _)| layer == other);
            assert!(place.is_some_and(|place| place < index), "{name} knows {other}, which does not stand before it");
        }
    }
}

#[test]
fn each_library_has_its_place() {
    for (path, text) in sources() {
        for (library, places) in LIBRARIES {
            let used = !names_after(&text, &format!("{library}::")).is_empty();
            let allowed = places.iter().any(|place| path.starts_with(place)) || places.contains(&module(&path));
            assert!(!used || allowed, "{} uses {library}, whose place is {places:?}", path.display());
        }
    }
}

#[test]
fn nothing_else_writes() {
    let mut writers = BTreeSet::new();
    for (path, text) in sources() {
        if WRITING.iter().any(|call| text.contains(call)) {
            writers.insert(path);
        }
    }
    assert!(!writers.is_empty(), "the words that tell a writer are out of date");
    for path in writers {
        let allowed = WRITERS.iter().any(|writer| path.starts_with(writer)) || WRITERS.contains(&module(&path));
        assert!(allowed, "{} changes files", path.display());
    }
}

#[test]
fn nothing_runs_programs_or_talks_to_others() {
    for (path, text) in sources() {
        for call in ["process::Command", "Command::new", "std::net", "TcpStream", "UdpSocket", "UnixStream"] {
            assert!(!text.contains(call), "{}: {call}", path.display());
        }
    }
}

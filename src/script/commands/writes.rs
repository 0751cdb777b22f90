//! Which files a command writes, and with which content where that is known.

use crate::script::commands::options;
use crate::script::commands::sed;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::call::Call;
use crate::script::state::context::Context;
use crate::script::state::files::Files;
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// One path a command writes.
#[derive(Debug, Clone)]
pub struct Write {
    /// Absolute, as far as is known.
    pub path: String,
    /// The new content, or what is added; `None` if it is not known.
    pub content: Option<Text>,
    pub append: bool,
    /// Makes the file if it is not there; what only adds to a file is taken to find it there.
    pub creates: bool,
    /// Changes a file in place, which keeps its owner.
    pub in_place: bool,
    /// Whose file it becomes, where the command itself says so.
    pub owner: Option<User>,
    /// Where a link leads.
    pub leads_to: Option<String>,
    /// Where the content was copied from.
    pub source: Option<String>,
}

impl Write {
    pub fn new(path: String) -> Self {
        Self {
            path,
            content: None,
            append: false,
            creates: true,
            in_place: false,
            owner: None,
            leads_to: None,
            source: None,
        }
    }

    fn empty(path: String) -> Self {
        Self { content: Some(Text::default()), ..Self::new(path) }
    }
}

/// Folders that are there on every instance, so that copying to them keeps the file's name.
const FOLDERS: [&str; 22] = [
    "/etc",
    "/etc/sudoers.d",
    "/etc/cron.d",
    "/etc/cron.hourly",
    "/etc/cron.daily",
    "/etc/cron.weekly",
    "/etc/cron.monthly",
    "/etc/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/etc/profile.d",
    "/etc/polkit-1/rules.d",
    "/etc/pam.d",
    "/etc/init.d",
    "/usr/local/bin",
    "/usr/bin",
    "/root",
    "/root/.ssh",
    "/tmp",
    "/opt",
    paths::HOME,
    paths::WORKSPACE,
];

/// The files that a command line writes besides its redirects.
pub fn by_command(call: &Call, state: &State, context: &Context, files: &Files) -> Vec<Write> {
    let words = call.arguments();
    let resolve = |text: &str| paths::resolve(text, state.folder.as_deref());
    let here = || state.folder.clone().unwrap_or_else(|| UNKNOWN.to_string());
    let operands = |valued: &[&str]| options::operands(words, valued);
    match call.name() {
        "tee" => {
            let fed = context.input.as_ref().map(|input| input.text.clone());
            let append = options::has(words, 'a', "append");
            let write = |path: &&Text| Write {
                content: fed.clone(),
                append,
                creates: !append,
                ..Write::new(resolve(path.as_str()))
            };
            operands(&[]).iter().filter(|path| !path.as_str().starts_with("/dev/")).map(write).collect()
        }
        "cp" | "mv" | "ln" | "install" | "rsync" => copies(call, state, context, files),
        "mkdir" => operands(&["-m", "--mode"]).iter().map(|path| Write::empty(resolve(path.as_str()))).collect(),
        "touch" => operands(&["-d", "-r", "-t"])
            .iter()
            .map(|path| Write { append: true, ..Write::empty(resolve(path.as_str())) })
            .collect(),
        "dd" => words
            .iter()
            .filter_map(|word| word.as_str().strip_prefix("of="))
            .map(|path| Write::new(resolve(path)))
            .collect(),
        "curl" => downloads_by_curl(words, state),
        "wget" => downloads_by_wget(words, state),
        "git" => git(words, state),
        "aws" => {
            match operands(&["--region", "--profile", "--exclude", "--include", "--endpoint-url", "--sse"]).as_slice() {
                [s3, verb, _, target, ..]
                    if s3.as_str() == "s3"
                        && matches!(verb.as_str(), "cp" | "sync" | "mv")
                        && !is_remote(target.as_str()) =>
                {
                    let path = resolve(target.as_str());
                    let inside =
                        paths::exists_before(&path) || target.as_str().ends_with(['.', '/']) && verb.as_str() == "cp";
                    vec![Write::new(if inside { format!("{path}/{UNKNOWN}") } else { path })]
                }
                _ => Vec::new(),
            }
        }
        "tar" if extracts(words) => {
            let folder =
                options::value(words, Some('C'), "directory").map_or_else(here, |folder| resolve(folder.as_str()));
            vec![Write::new(format!("{folder}/{UNKNOWN}"))]
        }
        "unzip" if !options::has(words, 'l', "") && !options::has(words, 'p', "") => {
            let folder = options::value(words, Some('d'), "").map_or_else(here, |folder| resolve(folder.as_str()));
            vec![Write::new(format!("{folder}/{UNKNOWN}"))]
        }
        "virtualenv" => {
            operands(&["-p", "--python"]).last().map(|path| Write::new(resolve(path.as_str()))).into_iter().collect()
        }
        "conda" | "mamba" if options::says(words, "create") => {
            let prefix = options::value(words, Some('p'), "prefix");
            prefix.map(|path| Write::new(resolve(path.as_str()))).into_iter().collect()
        }
        "ssh-keygen" => {
            let file = options::value(words, Some('f'), "")
                .filter(|_| !options::has(words, 'R', "") && !options::has(words, 'l', ""));
            file.map(|path| Write::new(resolve(path.as_str()))).into_iter().collect()
        }
        "sed"
            if words.iter().any(|word| word.as_str().starts_with("-i") || word.as_str().starts_with("--in-place")) =>
        {
            let (added, files) = sed::in_place(words);
            let write = |path: &Text| Write {
                content: added.clone(),
                append: true,
                creates: false,
                in_place: true,
                ..Write::new(resolve(path.as_str()))
            };
            files.iter().map(write).collect()
        }
        name if name.starts_with("python")
            && options::value(words, Some('m'), "").is_some_and(|it| it.as_str() == "venv") =>
        {
            let target = options::operands(words, &["-m", "--prompt"]).last().map(|path| resolve(path.as_str()));
            target.map(Write::new).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn is_remote(path: &str) -> bool {
    path.contains("://") || path == "-"
}

fn extracts(words: &[Text]) -> bool {
    words.first().is_some_and(|word| {
        let letters = word.as_str().trim_start_matches('-');
        !word.as_str().starts_with("--") && letters.contains('x') && !letters.contains(['/', '.'])
    }) || options::has(words, 'x', "extract")
}

/// Whether the path is a folder, so that what is copied there keeps its own name.
fn is_folder(written: &str, path: &str) -> bool {
    written.ends_with(['/', '.']) && (written.ends_with('/') || written == "." || written == "..")
        || FOLDERS.contains(&path)
}

fn copies(call: &Call, state: &State, context: &Context, files: &Files) -> Vec<Write> {
    let words = call.arguments();
    let name = call.name();
    let resolve = |text: &str| paths::resolve(text, state.folder.as_deref());
    let valued: &[&str] = match name {
        "install" => &["-m", "-o", "-g", "-t", "-S", "--mode", "--owner", "--group", "--target-directory"],
        "rsync" => &["-e", "--exclude", "--include", "--rsh"],
        _ => &["-t", "-S", "--target-directory"],
    };
    let owner = options::value(words, Some('o'), "owner")
        .filter(|_| name == "install")
        .map(|owner| User::named(owner.as_str()));
    let operands = options::operands(words, valued);
    if name == "install" && options::has(words, 'd', "directory") {
        return operands
            .iter()
            .map(|path| Write { owner: owner.clone(), ..Write::empty(resolve(path.as_str())) })
            .collect();
    }
    let target = options::value(words, Some('t'), "target-directory").filter(|_| name != "rsync");
    let into = target.is_some();
    let (sources, target) = match (target, operands.split_last()) {
        (Some(target), _) => (operands.as_slice(), target),
        (None, Some((last, rest))) if !rest.is_empty() => (rest, (*last).clone()),
        // `ln -s TARGET` links into the working folder.
        (None, Some((only, _))) if name == "ln" => {
            let leads_to = Some(resolve(only.as_str()));
            return vec![Write { creates: false, leads_to, ..Write::new(resolve(paths::base(only.as_str()))) }];
        }
        _ => return Vec::new(),
    };
    if target.as_str().contains(':') {
        return Vec::new();
    }
    let folder = resolve(target.as_str());
    let keeps_owner = name == "mv"
        || name == "rsync" && (options::has(words, 'a', "archive") || options::has(words, 'o', "owner"))
        || name == "cp" && (options::has(words, 'a', "archive") || options::has(words, 'p', ""));
    sources
        .iter()
        .map(|source| {
            let from = if source.as_str() == "/dev/stdin" { String::new() } else { resolve(source.as_str()) };
            let path = if into || sources.len() > 1 || is_folder(target.as_str(), &folder) {
                format!("{}/{}", folder.trim_end_matches('/'), paths::base(source.as_str()))
            } else {
                folder.clone()
            };
            let known = if from.is_empty() {
                context.input.as_ref().map(|input| input.text.clone())
            } else {
                Some(files.read(&from)).filter(|text| !text.is_empty())
            };
            let in_place = keeps_owner && paths::is_within(&from, paths::HOME);
            // Nobody asks who owns a link.
            let creates = name != "ln";
            let (leads_to, source) = if creates { (None, Some(from)) } else { (Some(from), None) };
            Write { content: known, creates, leads_to, owner: owner.clone(), in_place, source, ..Write::new(path) }
        })
        .collect()
}

/// Options of curl that take a value. Source: curl(1).
const CURL_VALUES: &str = "AbcCdDeEFHhKmoPQrtTuUwxXyYz";

/// Options of wget that take a value. Source: wget(1).
const WGET_VALUES: &str = "aABDeGIilOoPQRtTUwX";

fn downloads_by_curl(words: &[Text], state: &State) -> Vec<Write> {
    let folder = state.folder.as_deref();
    let letters = options::letters(words, CURL_VALUES);
    let output = letters.iter().find(|(letter, _)| *letter == 'o').and_then(|(_, value)| value.clone());
    if let Some(file) = output.or_else(|| options::value(words, None, "output")) {
        if file.as_str() == "-" || file.as_str().starts_with("/dev/") {
            return Vec::new();
        }
        return vec![Write::new(paths::resolve(file.as_str(), folder))];
    }
    if !letters.iter().any(|(letter, _)| *letter == 'O') && !options::says(words, "--remote-name") {
        return Vec::new();
    }
    let url = words.iter().find(|word| word.as_str().contains("://")).or(words.last());
    url.map(|url| Write::new(paths::resolve(paths::base(url.as_str()), folder))).into_iter().collect()
}

fn downloads_by_wget(words: &[Text], state: &State) -> Vec<Write> {
    let folder = state.folder.as_deref();
    let letters = options::letters(words, WGET_VALUES);
    let document = letters.iter().find(|(letter, _)| *letter == 'O').and_then(|(_, value)| value.clone());
    if let Some(file) = document.or_else(|| options::value(words, None, "output-document")) {
        if file.as_str() == "-" || file.as_str().starts_with("/dev/") {
            return Vec::new();
        }
        return vec![Write::new(paths::resolve(file.as_str(), folder))];
    }
    let folder = match options::value(words, Some('P'), "directory-prefix") {
        Some(prefix) => Some(paths::resolve(prefix.as_str(), folder)),
        None => state.folder.clone(),
    };
    let urls =
        options::operands(words, &["-o", "-a", "-P", "-e", "-t", "-T", "-U", "--header", "--tries", "--timeout"]);
    urls.iter().map(|url| Write::new(paths::resolve(paths::base(url.as_str()), folder.as_deref()))).collect()
}

fn git(words: &[Text], state: &State) -> Vec<Write> {
    let folder = match options::value(words, Some('C'), "") {
        Some(folder) => Some(paths::resolve(folder.as_str(), state.folder.as_deref())),
        None => state.folder.clone(),
    };
    let operands = options::operands(
        words,
        &["-C", "-c", "-b", "--branch", "--depth", "-o", "--origin", "--reference", "-j", "--config", "--filter"],
    );
    match operands.as_slice() {
        [verb, _, target, ..] if verb.as_str() == "clone" => {
            vec![Write::new(paths::resolve(target.as_str(), folder.as_deref()))]
        }
        [verb, url] if verb.as_str() == "clone" => {
            let name = paths::base(url.as_str()).trim_end_matches(".git");
            vec![Write::new(paths::resolve(name, folder.as_deref()))]
        }
        _ => Vec::new(),
    }
}
